/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/ui.h"

#include "base/escape.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "tui/dialog.h"
#include "tui/prompt.h"
#include "tui/ui-private.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NS_PER_MS = 1000 * 1000, COST_SHARE = 10, WORK_SHARE = 125 };

/* --- beginning and end ----------------------------------------------------- */

void ui_init(struct ui *ui, const struct ui_options *options, unsigned width, unsigned height)
{
        *ui = (struct ui){ .options = *options, .width = width, .height = height };
        ui->interval_ms = ui->paced_ms = INTERVAL_USUAL_MS;
        ui->settings = memory_new(all_views_count * sizeof(*ui->settings));
        for (unsigned i = 0; i < all_views_count; i++)
                ui->settings[i].sort = NO_SORT;
        ui->prompt.fault = SIZE_MAX;
        ui_go(ui, all_views[0]);
}

void ui_done(struct ui *ui)
{
        struct request request;

        dialog_close(ui);
        while (ui_next_request(ui, &request))
                request_done(&request);
        while (ui->nlevels > 0)
                level_done(&ui->levels[--ui->nlevels]);
        for (unsigned i = 0; i < all_views_count; i++)
                settings_done(&ui->settings[i]);
        free(ui->settings);
        for (size_t i = 0; i < ui->nlog; i++) {
                free(ui->log[i].command);
                free(ui->log[i].result);
        }
        free(ui->log);
        map_done(&ui->marks);
        arena_done(&ui->rows.arena);
        free(ui->rows.items);
        buf_done(&ui->search);
        buf_done(&ui->message);
        prompt_done(&ui->prompt);
        scene_drop(ui->scene);
        *ui = (struct ui){ 0 };
}

/* --- what happens ---------------------------------------------------------- */

/* Rows point into the scene: they must not outlive it. */
static void forget_rows(struct ui *ui)
{
        arena_done(&ui->rows.arena);
        ui->rows.n = ui->rows.all = 0;
        ui->stale = true;
}

unsigned ui_pace(const struct ui *ui)
{
        uint64_t least = ui->interval_ms, cost, work;

        if (ui->options.fixed || !ui->scene)
                return ui->interval_ms;
        cost = (uint64_t)ui->scene->cost / NS_PER_MS * COST_SHARE;
        if (least < cost)
                least = cost;
        work = (uint64_t)ui->scene->work / NS_PER_MS * WORK_SHARE;
        if (work > INTERVAL_ALONE_MS)
                work = INTERVAL_ALONE_MS;
        if (ui->now - ui->key_at >= (int64_t)ALONE_AFTER_MS * NS_PER_MS && least < work)
                least = work;
        return least < INTERVAL_MOST_MS ? (unsigned)least : INTERVAL_MOST_MS;
}

void ui_scene(struct ui *ui, struct scene *scene)
{
        struct scene *before = ui->scene;

        ui->scene = scene;
        ui->scene_at = ui->now;
        ui->paced_ms = ui_pace(ui);
        ui->searched = 0;
        forget_rows(ui);
        ui_marks_renew(ui);
        ui_filters_renew(ui);
        dialog_scene(ui);
        scene_drop(before);
}

static bool is_shown(const struct ghost *ghost, int64_t now)
{
        return now - ghost->gone_at < GHOST_NS;
}

void ui_time(struct ui *ui, int64_t now)
{
        int64_t before = ui->now;

        ui->now = now;
        if (now < ui->scene_at)
                ui->scene_at = now;     /* the clock was set back */
        if (now < ui->key_at || ui->key_at == 0)
                ui->key_at = now;
        ui->paced_ms = ui_pace(ui);
        for (size_t i = 0; ui->scene && i < ui->scene->nghosts && !ui->stale; i++)
                ui->stale = is_shown(&ui->scene->ghosts[i], before) != is_shown(&ui->scene->ghosts[i], now);
}

void ui_size(struct ui *ui, unsigned width, unsigned height)
{
        if (width == ui->width && height == ui->height)
                return;
        ui->width = width;
        ui->height = height;
        ui->stale = true;               /* pages are made for a width */
}

void ui_settle(struct ui *ui)
{
        struct level *level = ui_level(ui);

        if (ui->stale) {
                forget_rows(ui);
                ui->stale = false;
                if (ui->scene || level->view->flags & VIEW_STATIC || level->text)
                        level->view->fill(ui, level, &ui->rows);
        }
        ui_bind_cursor(ui);
        ui_scroll(ui);
}

static void key_in_view(struct ui *ui, uint32_t key, bool had_message)
{
        unsigned where = ui_level(ui)->view->flags & VIEW_SCROLLS ? IN_PAGE : IN_TABLE;
        enum action action = action_of_key(key, where);

        if (action == ACTION_BACK && had_message)
                return;
        if (action != ACTION_NONE) {
                ui_act(ui, action);
                return;
        }
        for (unsigned i = 0; i < all_views_count; i++)
                if (all_views[i]->digit && (uint32_t)all_views[i]->digit == key) {
                        ui_go(ui, all_views[i]);
                        return;
                }
}

/* Somebody is there. */
static void take_notice(struct ui *ui)
{
        ui->key_at = ui->now;
        ui->paced_ms = ui_pace(ui);
}

void ui_key(struct ui *ui, const struct input *input)
{
        enum action action = action_of_key(input->key, IN_VIEW);
        bool had_message = ui->message.len > 0;

        take_notice(ui);
        if (action == ACTION_REDRAW || action == ACTION_SUSPEND) {
                ui_act(ui, action);
                return;
        }
        ui_settle(ui);
        buf_clear(&ui->message);
        if (ui->dialog)
                dialog_key(ui, input);
        else if (input->key == UI_KEY_MOUSE)
                ui_mouse(ui, input);
        else if (ui->prompt.type != PROMPT_NONE)
                prompt_key(ui, input);
        else
                key_in_view(ui, input->key, had_message);
}

void ui_paste(struct ui *ui, struct text text)
{
        take_notice(ui);
        ui_settle(ui);
        buf_clear(&ui->message);
        if (ui->dialog ? dialog_paste(ui, text) : prompt_paste(ui, text))
                return;
        ui_message(ui, STYLE_WARN, _("ignored: what is pasted goes only where one types, as behind : and /"));
}

int ui_due_ms(const struct ui *ui)
{
        int64_t age = (ui->now - ui->scene_at) / NS_PER_MS;

        if (ui->options.recorded || ui->paused)
                return -1;
        return !ui->scene || age >= ui->paced_ms ? 0 : (int)(ui->paced_ms - age);
}

/* --- requests -------------------------------------------------------------- */

static struct request *new_request(struct ui *ui, enum request_type type)
{
        if (ui->nrequests == REQUESTS_MOST)
                return NULL;
        ui->requests[ui->nrequests] = (struct request){ .type = type };
        return &ui->requests[ui->nrequests++];
}

void ui_request(struct ui *ui, enum request_type type, struct text text, struct text path)
{
        struct request *request = new_request(ui, type);

        if (!request)
                return;
        buf_add(&request->text, text);
        buf_add(&request->path, path);
}

void ui_request_order(struct ui *ui, struct order *order)
{
        struct request *request = new_request(ui, REQUEST_ORDER);

        if (request)
                request->order = order;
        else
                order_free(order);
}

bool ui_next_request(struct ui *ui, struct request *ret)
{
        if (ui->nrequests == 0)
                return false;
        *ret = ui->requests[0];
        ui->nrequests--;
        memmove(ui->requests, ui->requests + 1, ui->nrequests * sizeof(*ui->requests));
        return true;
}

void request_done(struct request *request)
{
        buf_done(&request->text);
        buf_done(&request->path);
        order_free(request->order);
        request->order = NULL;
}

/* --- what is told ---------------------------------------------------------- */

void ui_message(struct ui *ui, enum style style, const char *format, ...)
{
        struct buf raw = { 0 };
        va_list list;
        int len;

        va_start(list, format);
        len = vsnprintf(NULL, 0, format, list);
        va_end(list);
        buf_clear(&ui->message);
        ui->message_style = style;
        if (len <= 0)
                return;
        buf_reserve(&raw, (size_t)len);
        va_start(list, format);
        vsnprintf(raw.data, (size_t)len + 1, format, list);
        va_end(list);
        raw.len = (size_t)len;
        escape_display(&ui->message, buf_text(&raw), ui->options.utf8);
        buf_done(&raw);
}

static char *escaped(const struct ui *ui, struct text text)
{
        struct buf out = { 0 };

        escape_display(&out, text, ui->options.utf8);
        buf_byte(&out, 0);
        return out.data;
}

void ui_log(struct ui *ui, enum style style, struct text command, struct text result)
{
        if (ui->nlog == LOG_MOST) {
                free(ui->log[0].command);
                free(ui->log[0].result);
                memmove(ui->log, ui->log + 1, --ui->nlog * sizeof(*ui->log));
        }
        if (!ui->log)
                ui->log = memory_new(LOG_MOST * sizeof(*ui->log));
        ui->log[ui->nlog++] = (struct log_entry){ ui->now, escaped(ui, command), escaped(ui, result), style };
        if (text_equal(text_of(ui_level(ui)->view->name), TEXT("log")))
                ui->stale = true;
}

struct format ui_format(const struct ui *ui)
{
        struct format format = ui->options.format;

        format.utf8 = ui->options.utf8;
        format.snapshot = ui->scene ? ui->scene->snapshot : NULL;
        return format;
}
