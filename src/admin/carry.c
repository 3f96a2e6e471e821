/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "admin/carry-private.h"

#include "base/memory.h"
#include "sys/interrupt.h"

#include <errno.h>
#include <stdlib.h>

void carry_begin(struct carry *carry)
{
        carry->deeds = memory_large_new((carry->plan->n + 1) * sizeof(*carry->deeds));
}

/* Each is filled in when it is its turn, by the thread whose it is. */
static struct deed *deed_of(struct carry *carry, size_t number)
{
        struct deed *deed = &carry->deeds[number];

        if (!deed->action)
                *deed = (struct deed){ .host = carry->host, .snapshot = carry->snapshot, .action = "remove",
                                       .save_to = carry->save_to, .drain = carry->drain };
        return deed;
}

static bool save_one(struct carry *carry, size_t i)
{
        const struct plan_row *row = &carry->plan->rows[i];
        struct deed *deed = deed_of(carry, i);

        if (carry->saving)
                carry->saving(carry->data, row);
        deed->action = "save";
        deed->strict = !(row->forced && row->used);
        deed->progress = carry->progress;
        deed->progress_data = carry->data;
        deed_save(deed, row->object);
        deed->progress = NULL;
        deed->action = "remove";
        if (carry->saved)
                carry->saved(carry->data, row);
        /* Gone or changed is for the removal to find out. */
        if (deed->result == DEED_DONE || deed->result == DEED_GONE || deed->result == DEED_CHANGED)
                return true;
        deed->result = DEED_UNSAVED;
        return false;
}

bool carry_save(struct carry *carry)
{
        bool saved = true;

        for (size_t i = 0; i < carry->plan->n && carry->save_to && saved; i++)
                if (carry->plan->rows[i].chosen)
                        saved = save_one(carry, i);
        return saved;
}

void carry_row(struct carry *carry, size_t number, struct journal_block *block)
{
        struct deed *deed = deed_of(carry, number);

        deed->block = block;
        deed->journal = carry->journal;
        deed_remove(deed, &carry->plan->rows[number]);
}

void carry_tell(struct carry *carry, size_t number)
{
        const struct deed *deed = &carry->deeds[number];

        if (!carry->journal_err)
                carry->journal_err = deed->journal_err;
        carry->tell(carry->data, &carry->plan->rows[number], deed);
}

static size_t remove_by_one(struct carry *carry)
{
        size_t i;

        for (i = 0; i < carry->plan->n && !interrupt_waits() && !(carry->stop && carry->stop(carry->data)); i++) {
                carry_row(carry, i, NULL);
                carry_tell(carry, i);
        }
        return i;
}

void carry_remove(struct carry *carry)
{
        size_t done = carry_by_two(carry) ? carry_remove_by_two(carry) : remove_by_one(carry);

        carry->untouched = carry->plan->n - done;
}

void carry_cancel(struct carry *carry)
{
        carry->cancelled = true;
        for (size_t i = 0; i < carry->plan->n; i++) {
                const struct plan_row *row = &carry->plan->rows[i];
                struct deed *deed = deed_of(carry, i);

                if (!row->chosen) {
                        deed_remove(deed, row);
                } else if (deed->result != DEED_UNSAVED) {
                        deed->result = DEED_REFUSED;
                        deed->err = ECANCELED;
                }
                carry->tell(carry->data, row, deed);
        }
}

void carry_done(struct carry *carry)
{
        for (size_t i = 0; i < carry->plan->n; i++)
                deed_done(&carry->deeds[i]);
        memory_large_free(carry->deeds, (carry->plan->n + 1) * sizeof(*carry->deeds));
        carry->deeds = NULL;
}
