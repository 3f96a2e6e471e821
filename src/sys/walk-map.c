/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/walk.h"

#include <errno.h>

/*
 * A reader of one line, byte by byte: a walk sees tens of thousands of them.
 * Each step returns false at anything that does not belong there.
 */
struct cursor {
        const char *at, *end;
};

static int digit_value(char c)
{
        if (c >= '0' && c <= '9')
                return c - '0';
        return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool take_hex(struct cursor *cursor, uint64_t max, uint64_t *ret)
{
        const char *begin = cursor->at;
        uint64_t number = 0;
        int digit;

        while (cursor->at < cursor->end && (digit = digit_value(*cursor->at)) >= 0) {
                if (number >> 60)
                        return false;
                number = number << 4 | (uint64_t)digit;
                cursor->at++;
        }
        *ret = number;
        return cursor->at > begin && number <= max;
}

static bool take_decimal(struct cursor *cursor, uint64_t *ret)
{
        const char *begin = cursor->at;
        uint64_t number = 0;

        while (cursor->at < cursor->end && *cursor->at >= '0' && *cursor->at <= '9') {
                unsigned digit = (unsigned)(*cursor->at++ - '0');

                if (__builtin_mul_overflow(number, 10, &number) ||
                    __builtin_add_overflow(number, digit, &number))
                        return false;
        }
        *ret = number;
        return cursor->at > begin;
}

static bool take_byte(struct cursor *cursor, char byte)
{
        return cursor->at < cursor->end && *cursor->at++ == byte;
}

/* "rwxp", with - for what is not allowed; s for shared. */
static bool take_permissions(struct cursor *cursor, struct entry *entry)
{
        static const char letters[] = "rwx";
        static const unsigned bits[] = { ENTRY_READ, ENTRY_WRITE, ENTRY_EXECUTE };

        if (cursor->end - cursor->at < 4)
                return false;
        entry->access = 0;
        for (unsigned i = 0; i < 3; i++) {
                char c = *cursor->at++;

                if (c == letters[i])
                        entry->access |= bits[i];
                else if (c != '-')
                        return false;
        }
        entry->shared = *cursor->at == 's';
        if (!entry->shared && *cursor->at != 'p')
                return false;
        cursor->at++;
        return true;
}

/*
 * START-END PERMISSIONS OFFSET MAJOR:MINOR INODE [blanks NAME], all
 * hexadecimal but the inode (proc_pid_maps(5)).
 */
int walk_parse_map(struct text line, struct entry *ret)
{
        struct cursor cursor = { line.data, line.data + line.len };
        struct entry entry = { .type = ENTRY_MAP, .fd = -1 };
        uint64_t major, minor;

        if (!take_hex(&cursor, UINT64_MAX, &entry.start) || !take_byte(&cursor, '-') ||
            !take_hex(&cursor, UINT64_MAX, &entry.end) || !take_byte(&cursor, ' ') ||
            !take_permissions(&cursor, &entry) || !take_byte(&cursor, ' ') ||
            !take_hex(&cursor, UINT64_MAX, &entry.offset) || !take_byte(&cursor, ' ') ||
            !take_hex(&cursor, UINT32_MAX, &major) || !take_byte(&cursor, ':') ||
            !take_hex(&cursor, UINT32_MAX, &minor) || !take_byte(&cursor, ' ') ||
            !take_decimal(&cursor, &entry.inode) || entry.start > entry.end)
                return -EBADMSG;
        if (cursor.at < cursor.end && *cursor.at != ' ')
                return -EBADMSG;
        while (cursor.at < cursor.end && *cursor.at == ' ')
                cursor.at++;
        entry.dev = major << 32 | minor;
        entry.link = (struct text){ cursor.at, (size_t)(cursor.end - cursor.at) };
        *ret = entry;
        return 0;
}
