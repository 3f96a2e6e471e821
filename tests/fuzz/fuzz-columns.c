/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/columns.h"

#include <errno.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define UNTOUCHED UINT64_C(0x5eed5eed5eed5eed)

static void check(bool truth)
{
        if (!truth)
                abort();
}

static void read_cells(const struct columns *columns)
{
        for (int i = -1; i <= (int)columns->ncolumns; i++) {
                uint64_t number = UNTOUCHED, octal = UNTOUCHED;
                uint32_t key = 42;
                int r = columns_number(columns, i, 10, INT32_MAX, &number);

                check(r == 0 || (r == -EBADMSG && number == UNTOUCHED));
                check(r < 0 || number <= INT32_MAX);
                /* What is a number is the same number as a key. */
                check(r < 0 || (columns_key(columns, i, &key) == 0 && key == number));
                r = columns_number(columns, i, 8, UINT64_MAX, &octal);
                check(r == 0 || (r == -EBADMSG && octal == UNTOUCHED));
                check((i >= 0 && i < (int)columns->ncells) || columns_key(columns, i, &key) == -EBADMSG);
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct columns columns;
        size_t rows = 0;
        int r;

        r = columns_init(&columns, (struct text){ (const char *)data, size });
        check(r == 0 || r == -EBADMSG || (r == -ENODATA && size == 0));
        check(r < 0 || (columns.ncolumns > 0 && columns.ncolumns <= COLUMNS_MOST));
        while ((r = columns_next(&columns)) != 0) {
                check(r == 1 ? columns.ncells == columns.ncolumns : r == -EBADMSG && columns.ncells == 0);
                /* Each row takes a byte at least: this ends. */
                check(++rows <= size);
                read_cells(&columns);
        }
        check(columns_next(&columns) == 0);
        return 0;
}
