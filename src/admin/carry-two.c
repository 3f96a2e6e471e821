/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rows of a plan by two threads. The kernel frees most of what belongs to a
 * System V object behind the call, outside of all locks: two that remove take
 * little more than half the time.
 */
#include "admin/carry-private.h"

#include "admin/journal-block.h"
#include "admin/journal-line.h"
#include "base/memory.h"
#include "base/thread.h"
#include "sys/host.h"
#include "sys/interrupt.h"

#include <stdatomic.h>
#include <stdlib.h>

enum {
        STRETCH = JOURNAL_BLOCK_MOST,   /* rows that a thread takes at a time */
        ROWS_LEAST = 8 * STRETCH,       /* with fewer it is done before the other one has begun */
        PATIENCE_NS = 1000 * 1000,      /* a row takes microseconds, or long: to ask before each costs too much */
};

/* What the two share. A row and its deed are of whoever took their stretch, until that is finished. */
struct work {
        struct carry *carry;
        size_t nstretches;
        atomic_size_t taken;            /* stretches that were, in the order of the plan */
        atomic_bool stopped;
        atomic_size_t *finished;        /* of each stretch: so many rows are done, and one; 0: not finished */
        size_t told;                    /* stretches, by the caller's thread */
        size_t done;                    /* rows in them */
};

bool carry_by_two(const struct carry *carry)
{
        if (carry->plan->n < ROWS_LEAST || carry->save_to)
                return false;
        for (size_t i = 0; i < carry->plan->n; i++) {
                const struct plan_row *row = &carry->plan->rows[i];

                if (row->chosen && !row->object->key.kind->acts->concurrent)
                        return false;
        }
        return true;
}

/* Asks whether a signal waits, unless that was just done. */
static void look_for_signals(struct work *work, int64_t *looked_at)
{
        int64_t now = host_time(work->carry->host);

        if (now >= *looked_at && now - *looked_at < PATIENCE_NS)
                return;
        *looked_at = now;
        if (interrupt_waits())
                atomic_store(&work->stopped, true);
}

/* The rows from first on, up to end, as far as it goes; returns where it ended. */
static size_t remove_rows(struct work *work, size_t first, size_t end, struct journal_block *block)
{
        const struct plan_row *rows = work->carry->plan->rows;
        int64_t looked_at = 0;
        size_t i, done = 0;
        int err, more;

        if (atomic_load(&work->stopped))
                return first;
        for (i = first; i < end; i++)
                if (rows[i].chosen)
                        block->refs[block->n++] = rows[i].object->ref;
        err = -journal_block_begin(block);
        for (i = first; i < end; i++) {
                look_for_signals(work, &looked_at);
                if (atomic_load(&work->stopped))
                        break;
                carry_row(work->carry, i, block);
                done += rows[i].chosen;
        }
        more = -journal_block_end(block, done);
        if (i > first)
                work->carry->deeds[first].journal_err = err ? err : more;
        return i;
}

/* False when there is no further stretch, or it is time to stop. */
static bool remove_stretch(struct work *work, struct journal_block *block)
{
        size_t stretch = atomic_fetch_add(&work->taken, 1), first = stretch * STRETCH;
        size_t end = first + STRETCH < work->carry->plan->n ? first + STRETCH : work->carry->plan->n;

        if (stretch >= work->nstretches)
                return false;
        end = remove_rows(work, first, end, block);
        atomic_store(&work->finished[stretch], end - first + 1);
        return !atomic_load(&work->stopped);
}

static void *help(void *data)
{
        struct work *work = data;
        struct journal_block block = { .journal = work->carry->journal, .host = work->carry->host };

        while (remove_stretch(work, &block))
                ;
        journal_block_done(&block);
        return NULL;
}

/* What is finished, as far as nothing before it is missing. */
static void tell_finished(struct work *work)
{
        size_t rows;

        for (; work->told < work->nstretches && (rows = atomic_load(&work->finished[work->told])) > 0; work->told++) {
                for (size_t i = 0; i < rows - 1; i++)
                        carry_tell(work->carry, work->told * STRETCH + i);
                work->done += rows - 1;
        }
}

size_t carry_remove_by_two(struct carry *carry)
{
        struct work work = { .carry = carry, .nstretches = (carry->plan->n + STRETCH - 1) / STRETCH };
        struct journal_block block = { .journal = carry->journal, .host = carry->host };
        pthread_t other;
        bool helped;

        work.finished = memory_new(work.nstretches * sizeof(*work.finished));
        journal_note_begin(carry->journal);
        helped = thread_start(&other, help, &work);
        do {
                tell_finished(&work);
                if (carry->stop && carry->stop(carry->data))
                        atomic_store(&work.stopped, true);
        } while (remove_stretch(&work, &block));
        if (helped)
                pthread_join(other, NULL);
        tell_finished(&work);
        journal_block_done(&block);
        free(work.finished);
        return work.done;
}
