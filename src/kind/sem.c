/* SPDX-License-Identifier: GPL-2.0-or-later */
/* System V semaphore sets: semget(2), semop(2), semctl(2). */
#include "base/array.h"
#include "base/i18n.h"
#include "kind/kinds.h"
#include "kind/sysv-acts.h"
#include "kind/sysv-table.h"
#include "model/limit.h"
#include "sys/sysv.h"

#include <errno.h>

/* Sets of a recorded or unreadable machine may claim any size: what semctl(2) allows at most (SEMMSL). */
enum { SEMAPHORES_MOST = 32000, ROW = 6 };

static struct value member(uint16_t field, uint64_t number)
{
        return (struct value){ .field = field, .type = field_get(field)->type, .u = number };
}

static const struct row *make_rows(struct arena *arena, const struct sysv_semaphore *semaphores, unsigned n)
{
        struct row *rows = ARENA_ARRAY(arena, struct row, n);
        struct value *values = ARENA_ARRAY(arena, struct value, n * ROW);

        for (unsigned i = 0; i < n; i++, values += ROW) {
                rows[i] = (struct row){ values, ROW };
                values[0] = member(FIELD_NUMBER, i);
                values[1] = member(FIELD_VALUE, semaphores[i].value);
                values[2] = member(FIELD_WAITING_INCREASE, semaphores[i].waiting_increase);
                values[3] = member(FIELD_WAITING_ZERO, semaphores[i].waiting_zero);
                values[4] = member(FIELD_LAST_PID, (uint64_t)semaphores[i].last_pid);
                values[5] = member(FIELD_LAST_LIFE, semaphores[i].last_pid ? LIFE_UNKNOWN : LIFE_NONE);
        }
        return rows;
}

static void unknown_semaphores(const struct host *host, struct builder *builder, struct object *object, int err)
{
        builder_unknown(builder, object, FIELD_WAITING);
        builder_unknown(builder, object, FIELD_SEMAPHORES);
        /* EIDRM, EINVAL: the set was removed since the table was read. */
        if (err != -EIDRM && err != -EINVAL)
                builder_gap(builder, &kind_sem, "semctl(GETVAL)", -err,
                            host_live(host) ? NULL : N_("a recorded machine can't be asked"));
}

static void complete(const struct host *host, struct builder *builder, struct object *object)
{
        const struct want *want = builder_want(builder);
        const struct value *count = row_get(object_row(object), FIELD_SEMAPHORE_COUNT);
        struct sysv_semaphore *semaphores;
        uint64_t waiting = 0;
        unsigned n;
        int err;

        if (!field_set_has(&want->fields, FIELD_SEMAPHORES) && !field_set_has(&want->fields, FIELD_WAITING))
                return;
        n = count->type == VALUE_UINT && count->u <= SEMAPHORES_MOST ? (unsigned)count->u : 0;
        semaphores = ARENA_ARRAY(builder_arena(builder), struct sysv_semaphore, n);
        err = n ? sysv_semaphores(host, (int)object->key.id, n, semaphores) : -ERANGE;
        if (err < 0) {
                unknown_semaphores(host, builder, object, err);
                return;
        }
        for (unsigned i = 0; i < n; i++)
                waiting += semaphores[i].waiting_increase + semaphores[i].waiting_zero;
        builder_uint(builder, object, FIELD_WAITING, waiting);
        builder_value(builder, object, (struct value){ .field = FIELD_SEMAPHORES, .type = VALUE_ROWS, .len = n,
                                                       .rows = make_rows(builder_arena(builder), semaphores, n) });
        if (waiting)
                builder_state(builder, object, WORD_BIT(STATE_WAITERS), false);
}

static const struct sysv_column columns[] = {
        { "nsems", FIELD_SEMAPHORE_COUNT },
        { "otime", FIELD_OPERATED_AT },
};

static const struct sysv_source source = {
        .kind = &kind_sem, .path = "/proc/sysvipc/sem", .id = "semid",
        .columns = columns, .ncolumns = COUNT(columns), .complete = complete,
};

static void scan(const struct host *host, const struct want *want, struct builder *builder)
{
        (void)want;
        sysv_scan(&source, host, builder);
}

static struct object *waited(struct waiting *waiting)
{
        return sysv_waited(&source, waiting, WAIT_SEM);
}

static const uint16_t fields[] = {
        FIELD_ID, FIELD_KEY, FIELD_OWNER, FIELD_GROUP, FIELD_CREATOR, FIELD_CREATOR_GROUP, FIELD_MODE, FIELD_STATE,
        FIELD_SEMAPHORE_COUNT, FIELD_WAITING, FIELD_OPERATED_AT, FIELD_CHANGED_AT, FIELD_SEMAPHORES,
};

static const uint16_t table[] = {
        FIELD_REF, FIELD_KEY, FIELD_SEMAPHORE_COUNT, FIELD_WAITING, FIELD_OWNER, FIELD_MODE, FIELD_STATE,
        FIELD_AGE_SECONDS, FIELD_HOLDERS,
};

static const uint16_t summary[] = { FIELD_SEMAPHORE_COUNT, FIELD_WAITING };

static const struct kind_history history[] = {
        { FIELD_SEMAPHORES, FIELD_LAST_PID, FIELD_LAST_LIFE, { FIELD_OPERATED_AT, FIELD_CHANGED_AT }, 2, WAY_LAST,
          N_("last operated on by") },
};

static const struct kind_charge charges[] = {
        { .limit = LIMIT_SEMMNI, .how = CHARGE_ONE, .exact = true },
        { .limit = LIMIT_SEMMNS, .how = CHARGE_FIELD, .field = FIELD_SEMAPHORE_COUNT, .exact = true },
};

const struct kind kind_sem = {
        .name = "sem",
        .title = N_("System V semaphore set"),
        .scope = NAMESPACE_IPC,
        .address = ADDRESS_ID,
        .family = FAMILY_SEM,
        .fields = fields, .nfields = COUNT(fields),
        .columns = table, .ncolumns = COUNT(table),
        .summary = summary, .nsummary = COUNT(summary),
        .charges = charges, .ncharges = COUNT(charges),
        .consequence = N_("threads that wait on it wake up with EIDRM; later calls fail with EINVAL"),
        .acts = &sem_acts,
        .uncounted = true,
        .scan = scan,
        .wake = WAKE_LAST,
        .waited = waited,
        .history = history, .nhistory = COUNT(history),
};
