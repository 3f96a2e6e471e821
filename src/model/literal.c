/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/literal.h"

#include "base/i18n.h"
#include "base/number.h"

#include <errno.h>
#include <time.h>

#define SECOND UINT64_C(1000000000)

/* The first byte that cannot be part of a number in that base; 0 if it is another thing that is wrong. */
static size_t bad_digit(struct text text, unsigned base)
{
        static const char digits[] = "0123456789abcdefABCDEF";

        for (size_t i = 0; i < text.len; i++)
                if (!text.data[i] || !memchr(digits, text.data[i], base == 16 ? 22 : base))
                        return i;
        return 0;
}

int literal_number(struct text text, size_t at, uint64_t max, uint64_t *ret, struct parse_error *ret_error)
{
        int r = number_parse(text, max, ret);

        if (r == -ERANGE)
                return parse_fail(ret_error, r, N_("number too large"), at);
        if (r < 0)
                return parse_fail(ret_error, r, N_("not a number"), at + bad_digit(text, 10));
        return 0;
}

static int hex_key(struct text digits, size_t at, uint64_t *ret, struct parse_error *ret_error)
{
        int r = number_parse_base(digits, 16, UINT32_MAX, ret);

        if (r == -ERANGE)
                return parse_fail(ret_error, r, N_("number too large"), at);
        if (r < 0)
                return parse_fail(ret_error, r, N_("0x needs hex digits"), at + bad_digit(digits, 16));
        return 0;
}

int literal_key(struct text text, size_t at, uint64_t *ret, struct parse_error *ret_error)
{
        int64_t number;
        int r;

        if (text_equal(text, TEXT("private"))) {
                *ret = 0;
                return 0;
        }
        if (text_starts(text, TEXT("0x")) || text_starts(text, TEXT("0X")))
                return hex_key(text_from(text, 2), at + 2, ret, ret_error);

        r = number_parse_int(text, INT32_MIN, UINT32_MAX, &number);
        if (r == -ERANGE)
                return parse_fail(ret_error, r, N_("number too large"), at);
        if (r < 0)
                return parse_fail(ret_error, r, N_("not a key: 0x and hex digits, or decimal"), at);
        *ret = (uint32_t)number;
        return 0;
}

int literal_dev(struct text text, size_t at, uint64_t *ret, struct parse_error *ret_error)
{
        const char *colon = text.len > 0 ? memchr(text.data, ':', text.len) : NULL;
        uint64_t dev_major, dev_minor;
        size_t len;
        int r;

        if (!colon)
                return parse_fail(ret_error, -EINVAL, N_("a device number is MAJOR:MINOR"), at);
        len = (size_t)(colon - text.data);

        r = literal_number((struct text){ text.data, len }, at, UINT32_MAX, &dev_major, ret_error);
        if (r < 0)
                return r;
        r = literal_number(text_from(text, len + 1), at + len + 1, UINT32_MAX, &dev_minor, ret_error);
        if (r < 0)
                return r;
        *ret = value_dev((uint32_t)dev_major, (uint32_t)dev_minor);
        return 0;
}

/* Cuts exactly n digits off *rest. */
static bool take_digits(struct text *rest, unsigned n, int *ret)
{
        int number = 0;

        if (rest->len < n)
                return false;
        for (unsigned i = 0; i < n; i++) {
                if (rest->data[i] < '0' || rest->data[i] > '9')
                        return false;
                number = number * 10 + (rest->data[i] - '0');
        }
        *rest = text_from(*rest, n);
        *ret = number;
        return true;
}

static bool take_byte(struct text *rest, char byte)
{
        if (rest->len == 0 || rest->data[0] != byte)
                return false;
        *rest = text_from(*rest, 1);
        return true;
}

struct date {
        struct tm tm;
        uint64_t fraction;              /* ns */
        uint64_t precision;             /* ns; 0: a day, which may have 23 or 25 hours */
        bool zoned;
        long offset;                    /* seconds east of Greenwich */
};

static bool day_exists(int year, int month, int day)
{
        static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
        bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

        if (year < 1970 || year > 2500 || month < 1 || month > 12)
                return false;
        return day >= 1 && day <= days[month - 1] + (month == 2 && leap);
}

static bool take_day(struct text *rest, struct tm *tm)
{
        int year, month, day;

        if (!take_digits(rest, 4, &year) || !take_byte(rest, '-') ||
            !take_digits(rest, 2, &month) || !take_byte(rest, '-') ||
            !take_digits(rest, 2, &day) || !day_exists(year, month, day))
                return false;
        tm->tm_year = year - 1900;
        tm->tm_mon = month - 1;
        tm->tm_mday = day;
        return true;
}

static bool take_fraction(struct text *rest, struct date *date)
{
        int digit;

        while (date->precision > 1 && take_digits(rest, 1, &digit)) {
                date->precision /= 10;
                date->fraction += (uint64_t)digit * date->precision;
        }
        return date->precision < SECOND;
}

static bool take_clock(struct text *rest, struct date *date)
{
        struct tm *tm = &date->tm;

        if (!take_digits(rest, 2, &tm->tm_hour) || !take_byte(rest, ':') ||
            !take_digits(rest, 2, &tm->tm_min) || tm->tm_hour > 23 || tm->tm_min > 59)
                return false;
        date->precision = 60 * SECOND;

        if (take_byte(rest, ':')) {
                if (!take_digits(rest, 2, &tm->tm_sec) || tm->tm_sec > 60)
                        return false;
                date->precision = SECOND;
                if (take_byte(rest, '.') && !take_fraction(rest, date))
                        return false;
        }
        return true;
}

/* Nothing, Z, +HH, +HHMM or +HH:MM */
static bool take_zone(struct text *rest, struct date *date)
{
        int hours, minutes = 0;
        bool west;

        if (rest->len == 0)
                return true;
        date->zoned = true;
        if (take_byte(rest, 'Z') || take_byte(rest, 'z'))
                return true;

        west = take_byte(rest, '-');
        if ((!west && !take_byte(rest, '+')) || !take_digits(rest, 2, &hours))
                return false;
        if (rest->len > 0) {
                take_byte(rest, ':');
                if (!take_digits(rest, 2, &minutes))
                        return false;
        }
        if (hours > 23 || minutes > 59)
                return false;
        date->offset = (hours * 60L + minutes) * 60 * (west ? -1 : 1);
        return true;
}

static bool parse_date(struct text text, struct date *ret)
{
        struct date date = { .tm.tm_isdst = -1 };

        if (!take_day(&text, &date.tm))
                return false;
        if (take_byte(&text, 'T') || take_byte(&text, 't') || take_byte(&text, ' '))
                if (!take_clock(&text, &date) || !take_zone(&text, &date))
                        return false;
        if (text.len > 0)
                return false;
        *ret = date;
        return true;
}

/* The date as seconds, `days` later. Negative: before the epoch, or no such time. */
static int64_t date_seconds(const struct date *date, int days)
{
        struct tm tm = date->tm;

        tm.tm_mday += days;
        return date->zoned ? (int64_t)timegm(&tm) - date->offset : (int64_t)mktime(&tm);
}

static bool date_moment(const struct date *date, struct moment *ret)
{
        int64_t seconds = date_seconds(date, 0), next = date->precision ? seconds : date_seconds(date, 1);

        if (seconds < 0 || next < seconds)
                return false;
        ret->from = (uint64_t)seconds * SECOND + date->fraction;
        ret->end = date->precision ? ret->from + date->precision : (uint64_t)next * SECOND;
        if (ret->from == 0)
                ret->from = 1;          /* the first moment is not "never" */
        return true;
}

int literal_time(struct text text, size_t at, int64_t now, struct moment *ret, struct parse_error *ret_error)
{
        uint64_t seconds, present = now > 0 ? (uint64_t)now : 0;
        struct date date;
        int r;

        if (text_equal(text, TEXT("never"))) {
                *ret = (struct moment){ 0, 1 };
                return 0;
        }
        if (text.len > 4 && text.data[4] == '-') {
                if (parse_date(text, &date) && date_moment(&date, ret))
                        return 0;
                return parse_fail(ret_error, -EINVAL,
                                  N_("no such date: write 2026-11-21 or 2026-11-21T19:04:12Z"), at);
        }

        r = number_parse_span(text, &seconds);
        if (r == -ERANGE)
                return parse_fail(ret_error, r, N_("number too large"), at);
        if (r < 0)
                return parse_fail(ret_error, r,
                                  N_("not a time: a date, a span like 2d for that long ago, or never"), at);
        ret->from = seconds < present / SECOND ? present - seconds * SECOND : 1;
        ret->end = ret->from + 1;
        return 0;
}
