/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/limits.h"

#include "base/array.h"
#include "base/number.h"
#include "sys/file.h"

#include <errno.h>

enum { LIMITS_MOST = 16 * 1024, NUMBERS_MOST = 4096 };

static int parse_number(struct text word, uint64_t *ret)
{
        if (text_equal(word, TEXT("unlimited")) || text_equal(word, TEXT("max"))) {
                *ret = LIMIT_NONE;
                return 0;
        }
        if (number_parse(word, UINT64_MAX, ret) < 0)
                return -EBADMSG;
        if (*ret >= (uint64_t)INT64_MAX)
                *ret = LIMIT_NONE;
        return 0;
}

/* "Max open files            1024                 524288               files" (fs/proc/base.c, lnames) */
int limits_parse_process(struct text text, struct process_limits *ret)
{
        static const struct text names[PROCESS_LIMITS] = {
                [PROCESS_LIMIT_NPROC] = { "Max processes ", 14 },
                [PROCESS_LIMIT_NOFILE] = { "Max open files ", 15 },
                [PROCESS_LIMIT_MEMLOCK] = { "Max locked memory ", 18 },
                [PROCESS_LIMIT_SIGPENDING] = { "Max pending signals ", 20 },
                [PROCESS_LIMIT_MSGQUEUE] = { "Max msgqueue size ", 18 },
        };
        struct process_limits limits = { 0 };
        struct text line, word;

        if (!text_split(&text, '\n', &line) || !text_starts(line, TEXT("Limit ")))
                return -EBADMSG;
        while (text_split(&text, '\n', &line))
                for (unsigned i = 0; i < PROCESS_LIMITS; i++) {
                        struct text rest;

                        if (!text_starts(line, names[i]))
                                continue;
                        rest = text_from(line, names[i].len);
                        if (!text_word(&rest, &word) || parse_number(word, &limits.soft[i]) < 0)
                                return -EBADMSG;
                        limits.there[i] = true;
                }
        *ret = limits;
        return 0;
}

int limits_read_process(int dir, struct process_limits *ret)
{
        struct buf text = { 0 };
        int r = file_read_at(dir, "limits", LIMITS_MOST, &text);

        if (r == 0)
                r = limits_parse_process(buf_text(&text), ret);
        buf_done(&text);
        return r;
}

int limits_parse_numbers(struct text text, uint64_t *ret, unsigned most, unsigned *ret_n)
{
        uint64_t numbers[16];
        struct text line, word;
        unsigned n = 0;

        if (!text_split(&text, '\n', &line))
                return -EBADMSG;
        while (n < most && n < COUNT(numbers) && text_word(&line, &word)) {
                if (parse_number(word, &numbers[n]) < 0)
                        return -EBADMSG;
                n++;
        }
        if (n == 0)
                return -EBADMSG;
        memcpy(ret, numbers, n * sizeof(*ret));
        *ret_n = n;
        return 0;
}

int limits_read_numbers(const struct host *host, const char *path, uint64_t *ret, unsigned most, unsigned *ret_n)
{
        struct buf text = { 0 };
        int r = host_read(host, path, NUMBERS_MOST, &text);

        if (r == 0)
                r = limits_parse_numbers(buf_text(&text), ret, most, ret_n);
        buf_done(&text);
        return r;
}

int limits_parse_keyed(struct text text, const char *key, uint64_t *ret)
{
        struct text line, word;

        while (text_split(&text, '\n', &line)) {
                if (!text_word(&line, &word) || !text_equal(word, text_of(key)))
                        continue;
                return text_word(&line, &word) ? parse_number(word, ret) : -EBADMSG;
        }
        return -ENOENT;
}

int limits_parse_netstat(struct text text, const char *group, const char *name, uint64_t *ret)
{
        struct text names, numbers, left, right, word, number;

        while (text_split(&text, '\n', &names) && text_split(&text, '\n', &numbers)) {
                if (!text_split(&names, ':', &left) || !text_split(&numbers, ':', &right) ||
                    !text_equal(left, text_of(group)) || !text_equal(right, left))
                        continue;
                while (text_word(&names, &word) && text_word(&numbers, &number))
                        if (text_equal(word, text_of(name)))
                                return number_parse(number, UINT64_MAX, ret) < 0 ? -EBADMSG : 0;
        }
        return -ENOENT;
}

/* "0.00 0.01 0.05 1/345 20011": runnable of all, and the last pid */
int limits_parse_threads(struct text text, uint64_t *ret)
{
        struct text word, runnable;

        for (unsigned i = 0; i < 4; i++)
                if (!text_word(&text, &word))
                        return -EBADMSG;
        if (!text_split(&word, '/', &runnable) || number_parse(word, UINT32_MAX, ret) < 0)
                return -EBADMSG;
        return 0;
}
