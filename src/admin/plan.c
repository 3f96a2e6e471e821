/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "admin/plan.h"

#include "base/memory.h"
#include "report/totals.h"

#include <stdlib.h>

/* What people must force: there may be somebody who will miss it. */
static bool in_use(const struct verdict_report *verdict)
{
        return verdict->otherwise == VERDICT_IN_USE || verdict->otherwise == VERDICT_UNKNOWN;
}

static bool is_chosen(const struct plan_row *row, const struct plan_options *options)
{
        if (row->verdict.verdict == VERDICT_IMPOSSIBLE || row->verdict.verdict == VERDICT_FOREIGN)
                return false;
        if (row->verdict.verdict == VERDICT_PROTECTED && !options->protected)
                return false;
        return !row->used || options->force;
}

/* Removing it frees nothing as long as somebody has it. */
static uint64_t memory_freed(const struct object *object)
{
        const struct value *attached = object_get(object, FIELD_ATTACHED);
        uint64_t memory;

        if (attached && (attached->type == VALUE_UNKNOWN || attached->u > 0))
                return 0;
        for (unsigned i = 0; i < object->nholds; i++)
                if (object->holds[i].way == WAY_MAP || object->holds[i].way == WAY_FD)
                        return 0;
        return totals_memory(object, &memory) ? memory : 0;
}

static void count(struct plan *plan, const struct plan_row *row)
{
        const struct value *messages = object_get(row->object, FIELD_QUEUED_MESSAGES);

        plan->by_verdict[row->verdict.verdict]++;
        if (!row->chosen) {
                plan->nrefused++;
                return;
        }
        plan->nchosen++;
        plan->nforced += row->forced;
        plan->nothers += row->others;
        plan->bytes += memory_freed(row->object);
        if (messages && messages->type == VALUE_UINT)
                plan->messages += messages->u;
}

void plan_make(const struct snapshot *snapshot, const struct object *const *objects, size_t n,
               const struct plan_options *options, struct plan *ret)
{
        bool *seen = memory_new(snapshot->nobjects + 1);
        struct judge judge;

        *ret = (struct plan){ .rows = memory_large_new((n + 1) * sizeof(*ret->rows)), .room = n + 1 };
        judge_init(&judge, snapshot, options->protections);
        for (size_t i = 0; i < n; i++) {
                struct plan_row *row = &ret->rows[ret->n];
                bool *seen_before = &seen[objects[i] - snapshot->objects];

                if (*seen_before)
                        continue;
                *seen_before = true;
                ret->n++;
                row->object = objects[i];
                verdict_read(&judge, objects[i], &row->verdict);
                row->used = in_use(&row->verdict);
                row->others = verdict_others(snapshot, objects[i]);
                row->chosen = is_chosen(row, options);
                row->forced = row->chosen && (row->used || row->verdict.verdict == VERDICT_PROTECTED);
                count(ret, row);
        }
        judge_done(&judge);
        free(seen);
}

bool plan_needs_number(const struct plan *plan)
{
        return plan->nothers > 0 || plan->nforced > 1;
}

void plan_done(struct plan *plan)
{
        if (plan->rows)
                memory_large_free(plan->rows, plan->room * sizeof(*plan->rows));
        *plan = (struct plan){ 0 };
}
