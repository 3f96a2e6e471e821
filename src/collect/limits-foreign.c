/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Limits of other IPC namespaces than the reader's, and what is used of them:
 * a thread enters the namespace and reads the same files in there.
 */
#include "base/array.h"
#include "collect/limits.h"
#include "sys/columns.h"
#include "sys/limits.h"
#include "sys/sysv.h"

#include <errno.h>

static const struct foreign {
        const char *sysctl;
        const char *table;
        struct {
                uint16_t limit;
                uint8_t index;          /* which number of the sysctl */
                const char *column;     /* of the table; NULL: a row counts one */
                bool pages;             /* the column has bytes, and the limit pages */
        } counts[2];
        unsigned n;
} files[] = {
        { "/proc/sys/kernel/shmmni", "/proc/sysvipc/shm", { { LIMIT_SHMMNI, 0, NULL, false } }, 1 },
        { "/proc/sys/kernel/shmall", "/proc/sysvipc/shm", { { LIMIT_SHMALL, 0, "size", true } }, 1 },
        { "/proc/sys/kernel/msgmni", "/proc/sysvipc/msg", { { LIMIT_MSGMNI, 0, NULL, false } }, 1 },
        { "/proc/sys/kernel/sem", "/proc/sysvipc/sem",
          { { LIMIT_SEMMNS, 1, "nsems", false }, { LIMIT_SEMMNI, 3, NULL, false } }, 2 },
};

/* The sum over the rows of a table; false: it is no such table. */
static bool sum_up(struct text table, const char *name, unsigned page_bytes, uint64_t *ret)
{
        struct columns columns;
        uint64_t sum = 0, number;
        int column, r;

        if (columns_init(&columns, table) < 0)
                return false;
        column = name ? columns_find(&columns, name) : 0;
        if (column < 0)
                return false;
        while ((r = columns_next(&columns)) != 0) {
                number = 1;
                if (r < 0 || (name && columns_number(&columns, column, 10, UINT64_MAX, &number) < 0))
                        continue;
                if (page_bytes)
                        number = number / page_bytes + (number % page_bytes != 0);
                if (__builtin_add_overflow(sum, number, &sum))
                        sum = UINT64_MAX;
        }
        *ret = sum;
        return true;
}

static void read_file(struct builder *builder, const struct foreign *file, uint64_t ns, struct text sysctl,
                      struct text table)
{
        uint64_t numbers[4];
        unsigned n = 0;

        if (limits_parse_numbers(sysctl, numbers, COUNT(numbers), &n) < 0)
                return;
        for (unsigned i = 0; i < file->n; i++) {
                unsigned page = file->counts[i].pages ? builder_origin(builder)->page_bytes : 0;
                struct limit_reading reading = { .limit = file->counts[i].limit, .subject = ns };

                if (file->counts[i].index >= n)
                        continue;
                reading.value = numbers[file->counts[i].index];
                reading.unlimited = reading.value == LIMIT_NONE;
                reading.counted = sum_up(table, file->counts[i].column, page, &reading.used);
                builder_reading(builder, &reading);
        }
}

void collect_foreign_limits(const struct host *host, struct builder *builder, int dir, uint64_t ns)
{
        struct buf sysctl = { 0 }, table = { 0 };

        for (unsigned i = 0; i < COUNT(files); i++) {
                int err;

                buf_clear(&sysctl);
                buf_clear(&table);
                err = sysv_read_foreign(host, dir, files[i].sysctl, &sysctl);
                if (err == 0)
                        err = sysv_read_foreign(host, dir, files[i].table, &table);
                if (err == 0) {
                        read_file(builder, &files[i], ns, buf_text(&sysctl), buf_text(&table));
                        continue;
                }
                if (err != -ENOENT && err != -ESRCH && err != -EOPNOTSUPP)
                        builder_gap(builder, NULL, "/proc/PID/ns/ipc", -err, NULL);
                break;
        }
        buf_done(&sysctl);
        buf_done(&table);
}
