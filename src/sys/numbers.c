/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/numbers.h"

#include "base/memory.h"

#include <stdlib.h>
#include <unistd.h>

/* Only as the kernel would write it: no sign, no leading zero. */
static bool parse_name(const char *name, uint32_t *ret)
{
        uint64_t number = 0;

        if (name[0] == '0' && name[1])
                return false;
        for (const char *p = name; *p; p++) {
                if (*p < '0' || *p > '9')
                        return false;
                number = number * 10 + (uint64_t)(*p - '0');
                if (number > INT32_MAX)
                        return false;
        }
        *ret = (uint32_t)number;
        return *name;
}

static bool next_in_directory(struct numbers *numbers, uint32_t *ret, const char **ret_name)
{
        struct directory_entry entry;

        while (directory_next(&numbers->directory, &entry))
                if (parse_name(entry.name, ret)) {
                        *ret_name = entry.name;
                        return true;
                }
        return false;
}

static int compare(const void *a, const void *b)
{
        const uint32_t *left = a, *right = b;

        return *left < *right ? -1 : *left > *right;
}

static void read_all(struct numbers *numbers)
{
        bool ascending = true;
        uint32_t number;
        const char *name;

        while (next_in_directory(numbers, &number, &name)) {
                ascending &= numbers->n == 0 || number > numbers->list[numbers->n - 1];
                if (numbers->n == numbers->size) {
                        numbers->size = numbers->size ? numbers->size * 2 : 64;
                        numbers->list = memory_resize(numbers->list, numbers->size, sizeof(*numbers->list));
                }
                numbers->list[numbers->n++] = number;
        }
        if (!ascending)
                qsort(numbers->list, numbers->n, sizeof(*numbers->list), compare);
}

void numbers_init(struct numbers *numbers, bool sorted, int fd, char *buffer, size_t size)
{
        directory_init(&numbers->directory, fd, buffer, size);
        numbers->sorted = sorted;
        numbers->at = numbers->n = 0;
        if (sorted)
                read_all(numbers);
}

void numbers_of(struct numbers *numbers, uint32_t *list, size_t n)
{
        *numbers = (struct numbers){ .sorted = true, .list = list, .n = n, .size = n };
}

void numbers_done(struct numbers *numbers)
{
        free(numbers->list);
        *numbers = (struct numbers){ 0 };
}

bool numbers_next(struct numbers *numbers, uint32_t *ret, const char **ret_name)
{
        if (!numbers->sorted)
                return next_in_directory(numbers, ret, ret_name);
        if (numbers->at == numbers->n)
                return false;
        *ret = numbers->list[numbers->at++];
        *ret_name = numbers_text(*ret, numbers->text);
        return true;
}

const char *numbers_text(uint32_t number, char text[NUMBERS_TEXT])
{
        char digits[NUMBERS_TEXT];
        size_t n = 0, at = 0;

        do {
                digits[n++] = (char)('0' + number % 10);
                number /= 10;
        } while (number);
        while (n)
                text[at++] = digits[--n];
        text[at] = 0;
        return text;
}

void numbers_skip_fds(int fds, uint32_t first)
{
        (void)lseek(fds, (off_t)first + 2, SEEK_SET);
}

int numbers_error(const struct numbers *numbers)
{
        return numbers->directory.err;
}
