/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How an order goes. It goes on when the box is closed; the log has all of it. */
#include "base/escape.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "tui/dialog-private.h"

#include <stdlib.h>

enum { RESULTS_MOST = 200, BAR_MOST = 40 };

struct result {
        char *text;                     /* display form */
        enum style style;
};

struct progress_box {
        struct box_dialog shown;
        unsigned number;                /* of the order */
        size_t all, done, failed;
        uint64_t bytes_done, bytes_all;
        struct buf current;             /* display form */
        struct result results[RESULTS_MOST];    /* the latest, and what was not done */
        size_t nresults;
        bool over;
};

/* "[#####-----]" */
static void put_bar(uint64_t done, uint64_t all, unsigned room, struct buf *out)
{
        unsigned columns = room < BAR_MOST ? room : BAR_MOST, full;

        full = all ? (unsigned)((double)columns * (double)(done < all ? done : all) / (double)all) : 0;
        buf_byte(out, '[');
        for (unsigned i = 0; i < columns; i++)
                buf_byte(out, i < full ? '#' : '-');
        buf_byte(out, ']');
}

static void add_current(const struct ui *ui, const struct progress_box *progress, struct box_text *text)
{
        const struct format format = ui_format(ui);
        const struct value done = { .field = FIELD_SIZE_BYTES, .type = VALUE_UINT, .u = progress->bytes_done },
                           all = { .field = FIELD_SIZE_BYTES, .type = VALUE_UINT, .u = progress->bytes_all };
        struct buf line = { 0 };

        buf_add(&line, buf_text(&progress->current));
        if (progress->bytes_done || progress->bytes_all) {
                buf_string(&line, "  ");
                format_value(&line, &done, &format);
        }
        if (progress->bytes_all) {
                buf_string(&line, " / ");
                format_value(&line, &all, &format);
        }
        box_add(text, 0, 2, buf_text(&line));
        buf_done(&line);
}

static void fill(const struct ui *ui, const struct dialog *dialog, struct box_text *text)
{
        const struct progress_box *progress = (const struct progress_box *)dialog;
        unsigned room = text->width > 22 ? text->width - 22 : 4;
        struct buf line = { 0 };

        for (size_t i = 0; i < progress->nresults; i++)
                box_add(text, (unsigned)progress->results[i].style, 2, text_of(progress->results[i].text));
        /* Of a copy that is being made, as long as it is. */
        if (progress->bytes_all && !progress->over)
                put_bar(progress->bytes_done, progress->bytes_all, room, &line);
        else
                put_bar(progress->done + progress->failed, progress->all, room, &line);
        /* TRANSLATORS: objects: "3 of 7" */
        buf_printf(&line, _(" %zu of %zu"), progress->done + progress->failed, progress->all);
        if (progress->failed)
                buf_printf(&line, _(", %zu not done"), progress->failed);
        box_add(text, progress->failed ? STYLE_WARN : 0, 0, buf_text(&line));
        if (!progress->over)
                add_current(ui, progress, text);
        buf_done(&line);
}

/* Makes room: what went well is forgotten before what did not. */
static void drop_result(struct progress_box *progress)
{
        size_t at = 0;

        while (at < progress->nresults && progress->results[at].style != STYLE_GOOD)
                at++;
        if (at == progress->nresults)
                at = 0;
        free(progress->results[at].text);
        progress->nresults--;
        memmove(&progress->results[at], &progress->results[at + 1],
                (progress->nresults - at) * sizeof(*progress->results));
}

static void add_result(const struct ui *ui, struct progress_box *progress, const struct outcome *outcome)
{
        struct buf text = { 0 };

        if (progress->nresults == RESULTS_MOST)
                drop_result(progress);
        escape_display(&text, buf_text(&outcome->result), ui->options.utf8);
        buf_byte(&text, 0);
        progress->results[progress->nresults++] = (struct result){ text.data, outcome->style };
}

static void outcome(struct ui *ui, struct dialog *dialog, const struct outcome *outcome)
{
        struct progress_box *progress = (struct progress_box *)dialog;
        struct box *box = &progress->shown.box;

        if (outcome->number != progress->number)
                return;
        progress->done = outcome->done;
        progress->failed = outcome->failed;
        progress->bytes_done = outcome->bytes_done;
        progress->bytes_all = outcome->bytes_all;
        if (outcome->only_progress) {
                buf_clear(&progress->current);
                escape_display(&progress->current, buf_text(&outcome->command), ui->options.utf8);
        } else if (outcome->result.len) {
                add_result(ui, progress, outcome);
        }
        progress->over = outcome->last;
        /* All went well: nothing to read, the message tells. */
        if (outcome->last && outcome->failed == 0) {
                dialog_close(ui);
                return;
        }
        box->top = SIZE_MAX;            /* to the newest */
        box_outdated(box);
}

static bool key(struct ui *ui, struct dialog *dialog, const struct input *input)
{
        struct progress_box *progress = (struct progress_box *)dialog;
        enum box_event event;
        unsigned control;

        event = box_key(ui, dialog, &progress->shown.box, input, &control);
        if (event != BOX_CANCEL && event != BOX_PRESS)
                return true;
        if (!progress->over)
                ui_message(ui, STYLE_NONE, _("it goes on: the log (:log) tells how"));
        return false;
}

static void progress_free(struct dialog *dialog)
{
        struct progress_box *progress = (struct progress_box *)dialog;

        for (size_t i = 0; i < progress->nresults; i++)
                free(progress->results[i].text);
        buf_done(&progress->current);
        box_done(&progress->shown.box);
        free(progress);
}

static const struct dialog_class progress_class = {
        .name = "progress", .key = key, .draw = dialog_draw_box, .outcome = outcome, .free = progress_free,
};

struct dialog *progress_new(const struct ui *ui, const struct order *order)
{
        struct progress_box *progress = memory_new(sizeof(*progress));
        struct box *box = &progress->shown.box;
        struct buf title = { 0 };

        progress->shown.dialog.class = &progress_class;
        progress->number = order->number;
        progress->all = order_count(order);
        box->want = 76;
        box->at = NO_LINE;
        box->fill = fill;
        box_control(box, CONTROL_BUTTON, _("Close"));
        order_command(order, NULL, NULL, &title);
        dialog_title(ui, box, buf_text(&title));
        buf_done(&title);
        box_refill(ui, &progress->shown.dialog, box);
        return &progress->shown.dialog;
}
