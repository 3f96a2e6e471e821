/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "command/browse-order.h"

#include "admin/carry.h"
#include "base/i18n.h"
#include "command/deeds.h"
#include "output/change.h"
#include "output/removal.h"
#include "sys/copy.h"
#include "sys/host.h"
#include "sys/interrupt.h"
#include "sys/state.h"

#include <errno.h>
#include <string.h>
#include <time.h>

enum { PROGRESS_NS = 100 * 1000 * 1000 };       /* no more often than eyes follow */

/* An order while it is carried out. */
struct run {
        const struct carrier *carrier;
        const struct order *order;
        struct format format;
        struct journal *journal;
        int journal_err;                /* the first line that could not be written: positive errno */
        size_t done, failed;
        struct buf first;               /* the first failure, else the latest success, or a matter of the order */
        struct buf current;             /* reference of what is being worked on */
        int64_t told;                   /* progress, ns */
        enum style style;               /* of a matter of the order as a whole */
        size_t untouched;
};

/* --- telling ------------------------------------------------------------------ */

static struct outcome new_outcome(const struct run *run, bool only_progress)
{
        return (struct outcome){ .number = run->order->number, .done = run->done, .failed = run->failed,
                                 .only_progress = only_progress };
}

/* Takes the text. */
static void tell_one(struct run *run, const struct plan_row *row, const struct object *object, bool good,
                     struct buf *text)
{
        struct outcome outcome;

        /* The results of removal are lines. */
        while (text->len && text->data[text->len - 1] == '\n')
                text->data[--text->len] = 0;
        if (run->failed == 0) {
                buf_clear(&run->first);
                buf_add(&run->first, buf_text(text));
        }
        run->done += good;
        run->failed += !good;
        outcome = new_outcome(run, false);
        outcome.style = good ? STYLE_GOOD : STYLE_BAD;
        outcome.result = *text;
        order_command(run->order, row, object, &outcome.command);
        run->carrier->tell(run->carrier->data, &outcome);
        *text = (struct buf){ 0 };
}

static int64_t now(void)
{
        struct timespec time;

        clock_gettime(CLOCK_MONOTONIC, &time);
        return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void tell_progress(void *data, uint64_t done, uint64_t all)
{
        struct run *run = data;
        struct outcome outcome = new_outcome(run, true);
        int64_t time = now();

        if (done && time - run->told < PROGRESS_NS)
                return;
        run->told = time;
        outcome.bytes_done = done;
        outcome.bytes_all = all;
        buf_add(&outcome.command, buf_text(&run->current));
        run->carrier->tell(run->carrier->data, &outcome);
}

static void begin_object(struct run *run, const struct object *object)
{
        buf_clear(&run->current);
        buf_add(&run->current, object->ref);
        tell_progress(run, 0, 0);
}

/* A matter of the order, not of one object. */
static void tell_order(struct run *run, enum style style, const char *subject, const char *text)
{
        struct outcome outcome = new_outcome(run, false);

        outcome.style = style;
        buf_printf(&outcome.result, "%s: %s", subject, text);
        order_command(run->order, NULL, NULL, &outcome.command);
        buf_clear(&run->first);
        buf_add(&run->first, buf_text(&outcome.result));
        run->style = style;
        run->carrier->tell(run->carrier->data, &outcome);
}

/* "3 removed", of an order on several. */
static void put_sum(const struct run *run, struct buf *out)
{
        const size_t done = run->done;

        switch (run->order->type) {
        case ORDER_REMOVE:
                buf_printf(out, P_("%zu object removed", "%zu objects removed", done), done);
                break;
        case ORDER_SAVE:
                buf_printf(out, P_("%zu object saved", "%zu objects saved", done), done);
                break;
        case ORDER_SET:
        case ORDER_SIGNAL:
                buf_printf(out, P_("%zu object changed", "%zu objects changed", done), done);
                break;
        }
        if (run->failed)
                buf_printf(out, P_(", %zu not: the log (:log) tells why", ", %zu not: the log (:log) tells why",
                                   run->failed), run->failed);
}

/* What the message at the bottom says when it is over. */
static void tell_last(struct run *run)
{
        struct outcome outcome = new_outcome(run, true);

        outcome.last = true;
        outcome.style = run->style != STYLE_NONE ? run->style : run->failed ? STYLE_BAD : STYLE_GOOD;
        if (run->style != STYLE_NONE || run->done + run->failed <= 1)
                buf_add(&outcome.result, buf_text(&run->first));
        else
                put_sum(run, &outcome.result);
        run->carrier->tell(run->carrier->data, &outcome);
}

void order_outcome_waits(const struct order *order, bool full, struct outcome *ret)
{
        *ret = (struct outcome){ .number = order->number, .only_progress = !full, .last = full,
                                 .failed = full ? order_count(order) : 0, .style = full ? STYLE_BAD : STYLE_NONE };
        if (full)
                order_command(order, NULL, NULL, &ret->command);
        buf_string(full ? &ret->result : &ret->command,
                   full ? _("not taken: too much that was asked for before is still waiting")
                        : _("waits until what was asked for before is done"));
}

/* --- the journal ----------------------------------------------------------------- */

static void complain_journal(struct run *run, int err)
{
        struct buf path = { 0 }, text = { 0 };

        if (journal_path(&path) < 0)
                buf_string(&path, _("journal"));
        buf_printf(&text, _("what is done is not noted: %s"),
                   err == EPERM ? _("others can write it, so it is not trusted") : strerror(err));
        tell_order(run, STYLE_WARN, path.data, text.data);
        buf_done(&path);
        buf_done(&text);
}

static void open_journal(struct run *run)
{
        int r = journal_open(&run->journal);

        if (r < 0) {
                run->journal = NULL;
                complain_journal(run, -r);
        }
}

static void close_journal(struct run *run)
{
        int r = run->journal ? journal_close(run->journal) : 0;

        if (run->journal && (run->journal_err || r < 0))
                complain_journal(run, run->journal_err ? run->journal_err : -r);
        run->journal = NULL;
}

/* --- copies ------------------------------------------------------------------------ */

/* False: there is no place for them, and it is told. */
static bool prepare_copies(struct run *run)
{
        const char *why = NULL;
        struct buf text = { 0 };
        int r = copy_prepare(run->order->save_to, &why);

        if (r == 0)
                return true;
        buf_string(&text, strerror(-r));
        if (why)
                buf_printf(&text, ": %s", _(why));
        run->failed += order_count(run->order);
        tell_order(run, STYLE_BAD, run->order->save_to, text.data);
        buf_done(&text);
        return false;
}

/* --- removal ------------------------------------------------------------------------ */

static void begin_saving(void *data, const struct plan_row *row)
{
        begin_object(data, row->object);
}

static void tell_removed(void *data, const struct plan_row *row, const struct deed *deed)
{
        struct run *run = data;
        struct buf text = { 0 };
        bool good = deed->result == DEED_DONE;

        /* What people were told is kept needs no second telling. */
        if (!row->chosen)
                return;
        if (good) {
                removal_put_success(row, deed, run->format.utf8, &text);
        } else {
                buf_add(&text, row->object->ref);
                buf_string(&text, ": ");
                removal_put_failure(row, deed, &run->format, &text);
        }
        tell_one(run, row, NULL, good, &text);
}

static bool stops(void *data)
{
        const struct run *run = data;

        return run->carrier->stop(run->carrier->data);
}

static void remove_all(struct run *run)
{
        const struct order *order = run->order;
        struct carry carry = {
                .host = run->carrier->host, .snapshot = order->scene->snapshot, .plan = &order->plan,
                .save_to = order->save_to, .drain = order->drain, .data = run, .saving = begin_saving,
                .progress = tell_progress, .tell = tell_removed, .stop = stops,
        };

        if (order->save_to && !prepare_copies(run))
                return;
        carry_begin(&carry);
        if (carry_save(&carry)) {
                open_journal(run);
                carry.journal = run->journal;
                carry_remove(&carry);
                run->journal_err = carry.journal_err;
                run->untouched = carry.untouched;
                close_journal(run);
        } else {
                carry_cancel(&carry);
        }
        carry_done(&carry);
}

/* --- the others ----------------------------------------------------------------------- */

static struct deed new_deed(struct run *run, const char *action)
{
        return (struct deed){ .host = run->carrier->host, .snapshot = run->order->scene->snapshot, .action = action,
                              .journal = run->journal };
}

static void note(struct run *run, const struct deed *deed)
{
        if (!run->journal_err)
                run->journal_err = deed->journal_err;
}

static void save_one(struct run *run, const struct object *object)
{
        struct deed deed = new_deed(run, "save");
        struct buf text = { 0 };

        begin_object(run, object);
        deed.save_to = run->order->save_to;
        deed.drain = run->order->drain;
        deed.progress = tell_progress;
        deed.progress_data = run;
        deed_save(&deed, object);
        note(run, &deed);
        buf_add(&text, object->ref);
        buf_string(&text, ": ");
        if (deed.result == DEED_DONE) {
                /* TRANSLATORS: behind it stands a path */
                buf_string(&text, _("saved as "));
                buf_add(&text, buf_text(&deed.copy));
        } else {
                deeds_put_failure(&deed, object, &run->format, &text);
        }
        tell_one(run, NULL, object, deed.result == DEED_DONE, &text);
        deed_done(&deed);
}

/* "mode 0644 -> 0600, owner ..." */
static void put_changes(const struct run *run, const struct object *object, struct buf *out)
{
        const struct order *order = run->order;

        for (unsigned i = 0; i < order->nassignments; i++) {
                buf_printf(out, "%s%.*s ", i ? ", " : "", (int)strcspn(order->typed[i], "="), order->typed[i]);
                change_put(object, &order->assignments[i], NULL, &run->format, out);
        }
}

static void set_one(struct run *run, const struct object *object)
{
        struct deed deed = new_deed(run, "set");
        struct buf text = { 0 };

        begin_object(run, object);
        deed_set(&deed, object, run->order->assignments, run->order->nassignments);
        note(run, &deed);
        buf_add(&text, object->ref);
        buf_string(&text, ": ");
        if (deed.result == DEED_DONE)
                put_changes(run, object, &text);
        else
                deeds_put_failure(&deed, object, &run->format, &text);
        tell_one(run, NULL, object, deed.result == DEED_DONE, &text);
        deed_done(&deed);
}

static void do_objects(struct run *run)
{
        const struct order *order = run->order;
        size_t i;

        if (order->type == ORDER_SAVE && !prepare_copies(run))
                return;
        open_journal(run);
        for (i = 0; i < order->n && !stops(run) && !interrupt_waits(); i++) {
                if (order->type == ORDER_SAVE)
                        save_one(run, order->objects[i]);
                else
                        set_one(run, order->objects[i]);
        }
        run->untouched = order->n - i;
        close_journal(run);
}

static void send_signal(struct run *run)
{
        const struct process *process = run->order->process;
        struct buf text = { 0 };
        struct deed deed;

        open_journal(run);
        deed = new_deed(run, "signal");
        deed_signal(&deed, process, run->order->signal);
        note(run, &deed);
        buf_printf(&text, "pid %d (", (int)process->pid);
        buf_add(&text, process->comm);
        buf_string(&text, "): ");
        switch (deed.result) {
        case DEED_DONE:
                buf_string(&text, _("the signal was sent"));
                break;
        case DEED_GONE:
                buf_string(&text, _("it has ended already"));
                break;
        case DEED_CHANGED:
                buf_string(&text, _("the pid is another process's now: no signal was sent"));
                break;
        default:
                buf_string(&text, deed.act.reason ? _(deed.act.reason) : strerror(deed.err));
        }
        tell_one(run, NULL, NULL, deed.result == DEED_DONE, &text);
        deed_done(&deed);
        close_journal(run);
}

static void carry_out(struct run *run)
{
        switch (run->order->type) {
        case ORDER_REMOVE:
                remove_all(run);
                break;
        case ORDER_SAVE:
        case ORDER_SET:
                do_objects(run);
                break;
        case ORDER_SIGNAL:
                send_signal(run);
                break;
        }
        if (run->untouched)
                tell_order(run, STYLE_WARN, "ipcview", _("stopped: the rest was not touched"));
}

bool order_carry_out(const struct carrier *carrier, const struct order *order)
{
        const struct snapshot *snapshot = order->scene->snapshot;
        struct run run = { .carrier = carrier, .order = order };

        run.format = (struct format){ .time = TIME_SHORT, .utf8 = true, .snapshot = snapshot };
        if (host_live(carrier->host) && !snapshot->origin.recorded) {
                carry_out(&run);
        } else {
                /* Neither dialogs nor keys let it come here; it would be another machine that is changed. */
                run.failed += order_count(order);
                tell_order(&run, STYLE_BAD, "ipcview", _("a recorded machine can't be changed"));
        }
        tell_last(&run);
        buf_done(&run.first);
        buf_done(&run.current);
        return run.untouched == 0;
}
