/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "collect/history.h"

#include "collect/processes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

enum { NS_PER_SECOND = 1000000000 };

/* What became of a pid. */
struct fate {
        int err;                        /* 0: there is a process of that pid */
        uint64_t start;                 /* its start, ns; 0: unknown */
        bool zombie;                    /* ended, but not waited for */
        struct process *process;        /* when holders are wanted */
        const struct object *tied[way_word_count];      /* the last object that it was tied to, by way */
};

struct lookup {
        const struct host *host;
        struct builder *builder;
        struct map fates;               /* pid, 0 -> struct fate */
        uint64_t last_pid;              /* who was asked for last, as makers mostly made many; 0: nobody */
        struct fate *last;
        bool hidden;                    /* /proc does not show everybody (hidepid): absence proves nothing */
};

static int open_process(const struct host *host, uint64_t pid)
{
        char path[32];

        snprintf(path, sizeof(path), "/proc/%llu", (unsigned long long)pid);
        return host_openat(host, path, O_PATH | O_DIRECTORY);
}

static void look(struct lookup *lookup, uint64_t pid, struct fate *fate)
{
        struct process_stat stat;
        struct buf buf = { 0 };
        int dir = open_process(lookup->host, pid);

        fate->err = dir < 0 ? dir : process_read_stat(dir, &buf, &stat);
        if (fate->err == 0) {
                fate->start = (uint64_t)process_start_time(lookup->host, stat.start);
                fate->zombie = (stat.state == 'Z' || stat.state == 'X') && stat.nthreads <= 1;
                if (builder_want(lookup->builder)->holders && !fate->zombie)
                        fate->process = process_meet(lookup->host, dir, (pid_t)pid, lookup->builder);
        }
        if (dir >= 0)
                close(dir);
        buf_done(&buf);
}

static struct fate *fate_of(struct lookup *lookup, uint64_t pid)
{
        void **place;

        if (pid == lookup->last_pid)
                return lookup->last;
        place = map_place(&lookup->fates, pid, 0);
        if (!*place) {
                struct fate *fate = ARENA_NEW(builder_arena(lookup->builder), struct fate);

                *place = fate;
                look(lookup, pid, fate);
        }
        lookup->last_pid = pid;
        lookup->last = *place;
        return *place;
}

/*
 * The kernel notes whole seconds and the start counts from a boot time in
 * whole seconds: only a start in a later second proves another process.
 */
static enum life_word judge(const struct lookup *lookup, const struct fate *fate, uint64_t moment)
{
        if (fate->err == -ENOENT || fate->err == -ESRCH)
                return lookup->hidden ? LIFE_UNKNOWN : LIFE_DEAD;
        if (fate->err < 0)
                return LIFE_UNKNOWN;
        if (moment && fate->start >= moment + NS_PER_SECOND)
                return LIFE_REUSED;
        return fate->zombie ? LIFE_DEAD : LIFE_ALIVE;
}

/* Once, however often the object names it: all that one object names comes in a row. */
static void tie(struct lookup *lookup, struct object *object, struct fate *fate, enum way_word way)
{
        if (fate->tied[way] == object)
                return;
        fate->tied[way] = object;
        builder_hold(lookup->builder, (struct hold){ .object = object, .process = fate->process, .way = way,
                                                     .fd = -1 });
}

/* The latest of the moments at which the pid was current; 0: none is known. */
static uint64_t latest(const struct object *object, const struct kind_history *history)
{
        uint64_t moment = 0;

        for (unsigned i = 0; i < history->nmoments; i++) {
                const struct value *value = object_get(object, history->moments[i]);

                if (value && value->type == VALUE_UINT && value->u > moment)
                        moment = value->u;
        }
        return moment;
}

static enum life_word trace(struct lookup *lookup, struct object *object, const struct kind_history *history,
                            const struct value *pid)
{
        struct fate *fate;
        enum life_word life;

        if (!pid || pid->type != VALUE_UINT || pid->u > INT32_MAX)
                return LIFE_UNKNOWN;
        if (pid->u == 0)
                return LIFE_NONE;
        fate = fate_of(lookup, pid->u);
        life = judge(lookup, fate, latest(object, history));
        if (life == LIFE_ALIVE && fate->process)
                tie(lookup, object, fate, history->way);
        return life;
}

static struct value life_value(uint16_t field, enum life_word life)
{
        return (struct value){ .field = field, .type = VALUE_WORD, .u = life,
                               .inferred = life == LIFE_ALIVE || life == LIFE_REUSED };
}

/* Rows are in the builder's arena and not yet sealed: their life members may be filled in. */
static void trace_rows(struct lookup *lookup, struct object *object, const struct kind_history *history)
{
        const struct value *rows = object_get(object, history->rows);

        for (uint32_t i = 0; rows && rows->type == VALUE_ROWS && i < rows->len; i++) {
                const struct value *pid = row_get(rows->rows[i], history->pid);
                struct value *life = (struct value *)row_get(rows->rows[i], history->life);

                *life = life_value(history->life, trace(lookup, object, history, pid));
        }
}

static void trace_object(struct lookup *lookup, struct object *object)
{
        const struct kind *kind = object->key.kind;

        for (unsigned i = 0; i < kind->nhistory; i++) {
                const struct kind_history *history = &kind->history[i];
                const struct value *pid;

                if (history->rows != NO_ROWS) {
                        trace_rows(lookup, object, history);
                        continue;
                }
                pid = object_get(object, history->pid);
                if (pid)
                        builder_value(lookup->builder, object,
                                      life_value(history->life, trace(lookup, object, history, pid)));
        }
}

static bool needed(const struct want *want)
{
        return want->holders || field_set_has(&want->fields, FIELD_STATE) ||
               field_set_has(&want->fields, FIELD_CREATOR_LIFE) || field_set_has(&want->fields, FIELD_LAST_LIFE) ||
               field_set_has(&want->fields, FIELD_LAST_SEND_LIFE) ||
               field_set_has(&want->fields, FIELD_LAST_RECEIVE_LIFE);
}

void collect_history(const struct host *host, struct builder *builder)
{
        struct lookup lookup = { .host = host, .builder = builder };
        const struct kind_set *kinds = builder_kinds(builder);
        struct object *object;

        if (!needed(builder_want(builder)))
                return;
        lookup.hidden = process_hidden(host);
        for (unsigned i = 0; i < kinds->nkinds; i++) {
                if (!kinds->kinds[i]->nhistory)
                        continue;
                for (size_t j = 0; (object = builder_each(builder, kinds->kinds[i], j)); j++)
                        trace_object(&lookup, object);
        }
        map_done(&lookup.fates);
}
