/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a ui asks for, and what it is told. */
#include "tui/loop-private.h"

#include "base/escape.h"
#include "base/i18n.h"
#include "tui/dialog.h"
#include "tui/layout.h"
#include "tui/prompt.h"

#include <errno.h>
#include <time.h>

int64_t loop_now(void)
{
        struct timespec time;

        clock_gettime(CLOCK_MONOTONIC, &time);
        return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

void loop_refresh(struct loop *loop, bool anew)
{
        if (loop->asked && !anew)
                return;
        loop->asked = true;
        loop->services->refresh(loop->services->data, anew);
}

/* Where people wanted to begin: it may need to know which objects there are. */
static void begin(struct loop *loop)
{
        struct parse_error error;

        if (!loop->services->begin_with || loop->begun)
                return;
        loop->begun = true;
        ui_settle(loop->ui);
        if (prompt_command(loop->ui, text_of(loop->services->begin_with), &error) < 0)
                ui_message(loop->ui, STYLE_BAD, "%s: %s", loop->services->begin_with, _(error.message));
}

/* The scene before goes where taking it apart delays no key. */
static void put_scene(struct loop *loop, struct scene *scene)
{
        struct scene *before = loop->ui->scene ? scene_take(loop->ui->scene) : NULL;
        int64_t now = loop->services->now(loop->services->data);

        loop->asked = false;
        /* The clock of a recorded machine may be ahead of the script's, never behind. */
        if (loop->paint || now > loop->ui->now)
                ui_time(loop->ui, now);
        ui_scene(loop->ui, scene);
        begin(loop);
        if (before)
                loop->services->drop(loop->services->data, before);
}

static void put_outcome(struct loop *loop, struct outcome *outcome)
{
        ui_outcome(loop->ui, outcome);
        if (outcome->last && !outcome->only_progress) {
                loop->norders -= loop->norders > 0;
                loop_refresh(loop, false);
        }
        outcome_done(outcome);
}

bool loop_events(struct loop *loop)
{
        bool scene = false;

        for (;;) {
                struct event event = loop->services->next(loop->services->data);

                if (event.type == EVENT_NONE)
                        return scene;
                loop->changed = true;
                if (event.type == EVENT_SCENE) {
                        put_scene(loop, event.scene);
                        scene = true;
                } else {
                        put_outcome(loop, &event.outcome);
                }
        }
}

void loop_draw(struct loop *loop)
{
        if (loop->changed || !layout_draw_time(loop->ui, &loop->grid)) {
                ui_settle(loop->ui);
                layout_draw(loop->ui, &loop->grid);
        }
        loop->changed = loop->ticked = false;
}

/* --- requests ------------------------------------------------------------------ */

/* In a script: a line of what would have been done. */
static void tell(struct loop *loop, const char *what, struct text text)
{
        buf_printf(loop->out, "=== %s", what);
        if (text.len > 0) {
                buf_byte(loop->out, ' ');
                escape_display(loop->out, text, loop->ui->options.utf8);
        }
        buf_byte(loop->out, '\n');
}

static void copy(struct loop *loop, struct text text)
{
        int err;

        if (!loop->paint) {
                tell(loop, "copy", text);
                return;
        }
        err = paint_copy(loop->paint, text);
        if (err == -ENOTSUP)
                ui_message(loop->ui, STYLE_WARN, _("this terminal has no clipboard: %.*s"),
                           (int)(text.len < 500 ? text.len : 500), text.data);
        else if (err < 0)
                ui_message(loop->ui, STYLE_WARN, _("too long for the clipboard, or not plain text"));
}

static void write_file(struct loop *loop, const char *path, struct text text)
{
        int err = loop->services->write(loop->services->data, path, text);

        if (err < 0)
                ui_message(loop->ui, STYLE_BAD, "%s: %s", path, strerror(-err));
        else
                ui_message(loop->ui, STYLE_GOOD, _("written: %s"), path);
}

static void run(struct loop *loop, const char *line)
{
        if (!loop->paint) {
                tell(loop, "run", text_of(line));
                return;
        }
        paint_leave(loop->paint);
        loop->services->run(loop->services->data, line);
        paint_enter(loop->paint);
        loop_refresh(loop, true);
}

static void carry_out(struct loop *loop, struct request *request)
{
        struct ui *ui = loop->ui;

        switch (request->type) {
        case REQUEST_QUIT:
                loop->leaving = true;
                break;
        case REQUEST_REFRESH:
                loop_refresh(loop, true);
                break;
        case REQUEST_REDRAW:
                if (loop->paint)
                        paint_all(loop->paint);
                break;
        case REQUEST_SUSPEND:
                if (loop->paint)
                        loop_suspend(loop);
                else
                        tell(loop, "suspend", TEXT(""));
                break;
        case REQUEST_COPY:
                copy(loop, buf_text(&request->text));
                break;
        case REQUEST_WRITE:
                write_file(loop, buf_text(&request->path).data, buf_text(&request->text));
                break;
        case REQUEST_RUN:
                run(loop, buf_text(&request->path).data);
                break;
        case REQUEST_ORDER:
                loop->norders++;
                loop->services->perform(loop->services->data, request->order);
                request->order = NULL;
                break;
        }
        if (loop->paint) {
                unsigned width, height;

                paint_size(loop->paint, &width, &height);
                if (width != ui->width || height != ui->height)
                        ui_size(ui, width, height);
        }
}

void loop_requests(struct loop *loop)
{
        struct request request;

        while (ui_next_request(loop->ui, &request)) {
                loop->changed = true;
                carry_out(loop, &request);
                request_done(&request);
        }
}

/* What a key is about is what stands there when it comes, however many come at once. */
static void settle(struct loop *loop)
{
        loop->changed = true;
        ui_settle(loop->ui);
        loop_requests(loop);
}

void loop_input(struct loop *loop, const struct input *input)
{
        ui_key(loop->ui, input);
        settle(loop);
}

void loop_paste(struct loop *loop, struct text text)
{
        ui_paste(loop->ui, text);
        settle(loop);
}
