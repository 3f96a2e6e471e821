/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Limits that are hit, or nearly. */
#include "base/escape.h"
#include "report/findings-private.h"

enum { PERMILLE_WHOLE = 1000 };

/*
 * Some are meant to be used up: a pool of huge pages is made for a database
 * that takes all of it; the memory of a control group fills with the cache of
 * files, which is given back; beyond the soft limit of pipes they get smaller.
 */
static bool is_harmless(uint16_t limit)
{
        return limit == LIMIT_HUGETLB || limit == LIMIT_CGROUP_MEMORY || limit == LIMIT_PIPE_USER_PAGES_SOFT;
}

/* A full queue is how senders are slowed down: what is wrong with one, its own rules tell. */
static bool is_judged(const struct limit_row *row)
{
        const struct limit *limit = limit_get(row->reading->limit);

        if (row->permille < 0 || limit->binds == BINDS_OBJECT)
                return false;
        /* Nothing of it is there, or it was set below what was in use: sandboxes do that to themselves. */
        if (row->reading->process && (row->reading->value == 0 || row->used > row->reading->value))
                return false;
        return row->used > 0 || row->reading->value > 0;
}

static void say_whom(struct judging *judging, const struct limit_reading *reading)
{
        switch (limit_get(reading->limit)->binds) {
        case BINDS_USER:
                say(judging, N_(" of user "));
                say_user(judging, (uid_t)reading->subject);
                break;
        case BINDS_PROCESS:
                say(judging, N_(" of "));
                say_process(judging, reading->process);
                break;
        case BINDS_NAMESPACE:
                say(judging, N_(" of namespace %llu"), (unsigned long long)reading->subject);
                break;
        case BINDS_MOUNT:
        case BINDS_CGROUP:
        case BINDS_POOL:
                say(judging, N_(" of "));
                escape_display(&judging->text, reading->name, judging->options->utf8);
                break;
        case BINDS_OBJECT:
        case BINDS_SYSTEM:
        case BINDS_COUNT:
                break;
        }
}

static void say_amount(struct judging *judging, const struct limit *limit, uint64_t amount)
{
        if (limit->unit == LIMIT_UNIT_BYTES)
                say_bytes(judging, amount);
        else
                buf_uint(&judging->text, amount);
}

static void say_top(struct judging *judging, const struct limit_row *row)
{
        for (unsigned i = 0; i < row->ntop; i++) {
                const struct limit_share *share = &row->top[i];

                say(judging, i ? ", " : N_("; most: "));
                if (share->is_user)
                        say_user(judging, share->uid);
                else if (share->process)
                        say_process(judging, share->process);
                else
                        buf_add(&judging->text, share->object->ref);
                say(judging, " ");
                say_amount(judging, limit_get(row->reading->limit), share->used);
        }
}

static void report(struct judging *judging, const struct limit_row *row, uint16_t id)
{
        const struct limit_reading *reading = row->reading;
        const struct limit *limit = limit_get(reading->limit);
        struct finding *draft = finding_begin(judging, id, NULL,
                                              limit->binds == BINDS_PROCESS ? reading->process : NULL);

        draft->limit = row;
        draft->inferred = row->inferred || row->partial;
        if (is_harmless(reading->limit))
                draft->severity = SEVERITY_NOTICE;
        say(judging, "%s", limit->name);
        say_whom(judging, reading);
        say(judging, N_(": "));
        say_amount(judging, limit, row->used);
        say(judging, N_(" of "));
        say_amount(judging, limit, reading->value);
        if (limit->unit == LIMIT_UNIT_PAGES)
                say(judging, N_(" pages"));
        if (row->permille <= 10 * PERMILLE_WHOLE)
                buf_printf(&judging->text, " (%d%%)", row->permille / 10);
        say_top(judging, row);
        finding_remedy(judging, "%s", judging->options->translate ? gettext(limit->raise) : limit->raise);
        finding_end(judging);
}

void findings_limits(struct judging *judging)
{
        struct findings *findings = judging->findings;
        const int *levels = judging->options->levels;

        if (!judging_wants(judging, FINDING_LIMIT_HIT) && !judging_wants(judging, FINDING_LIMIT_NEAR))
                return;
        limits_report(judging->snapshot, true, &findings->limits);
        for (size_t i = 0; i < findings->limits.n; i++) {
                const struct limit_row *row = &findings->limits.rows[i];
                int level = levels ? levels[row->reading->limit] : LEVEL_UNSET;

                if (!is_judged(row))
                        continue;
                if (level == LEVEL_UNSET)
                        level = PERMILLE_NEAR;
                if (row->hit && row->permille >= PERMILLE_NEAR) {
                        if (judging_wants(judging, FINDING_LIMIT_HIT))
                                report(judging, row, FINDING_LIMIT_HIT);
                } else if (row->permille >= level && judging_wants(judging, FINDING_LIMIT_NEAR)) {
                        report(judging, row, FINDING_LIMIT_NEAR);
                }
        }
}
