/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the keys do: one function for each action that is more than movement. */
#include "base/array.h"
#include "base/escape.h"
#include "base/i18n.h"
#include "tui/dialog.h"
#include "tui/prompt.h"
#include "tui/ui-private.h"

#include <stdlib.h>

/* --- what there is --------------------------------------------------------- */

static bool changes(enum action action)
{
        return action == ACTION_REMOVE || action == ACTION_SAVE || action == ACTION_SET || action == ACTION_SIGNAL;
}

static bool is_live_only(enum action action)
{
        return action == ACTION_PAUSE || action == ACTION_REFRESH || action == ACTION_SLOWER || action == ACTION_FASTER;
}

bool ui_allows(const struct ui *ui, enum action action)
{
        if (changes(action))
                return !ui->options.readonly && !ui->options.recorded;
        return !(is_live_only(action) && ui->options.recorded);
}

static void tell_not_allowed(struct ui *ui)
{
        if (ui->options.recorded)
                ui_message(ui, STYLE_WARN, _("this is recorded: nothing can be done to it"));
        else
                ui_message(ui, STYLE_WARN, _("started with --readonly: nothing is changed"));
}

/* --- going somewhere ------------------------------------------------------- */

/*
 * "shm:7", "nginx[2011]": what it is about. Behind what is about the same already, what
 * a view shows of it tells more.
 */
static void add_title(const struct ui *ui, const struct view *view, struct subject subject, struct buf *out)
{
        const struct object *object = scene_object(ui->scene, subject);
        const struct process *process = scene_process(ui->scene, subject);

        if (ui_level(ui)->view->flags & VIEW_ABOUT && subject_equal(ui_level(ui)->about, subject))
                return;
        if (view != &view_page && view != &view_contents)
                buf_printf(out, "%s ", _(view->title));
        if (object)
                escape_display(out, object->ref, ui->options.utf8);
        else if (process) {
                escape_display(out, process->comm, ui->options.utf8);
                buf_printf(out, "[%d]", (int)process->pid);
        }
}

void ui_open_about(struct ui *ui, const struct view *view, struct subject subject)
{
        enum subject_type type = subject_type(subject);
        struct buf title = { 0 };

        if (type == SUBJECT_NONE) {
                ui_message(ui, STYLE_WARN, _("there is nothing under the cursor"));
                return;
        }
        if ((type == SUBJECT_OBJECT || type == SUBJECT_PROCESS) && ui->scene && !scene_object(ui->scene, subject) &&
            !scene_process(ui->scene, subject)) {
                ui_message(ui, STYLE_WARN, _("it is gone"));
                return;
        }
        if (!ui->scene)
                return;
        add_title(ui, view, subject, &title);
        ui_open(ui, view, subject, title.len > 0 ? title.data : NULL);
        buf_done(&title);
}

static void open_row(struct ui *ui)
{
        const struct view *view = ui_level(ui)->view;
        const struct row_item *item = ui_row(ui);

        if (!item)
                return;
        if (view->open && item->type != ROW_GHOST)
                view->open(ui, item);
        else
                ui_open_about(ui, &view_page, ui_subject(ui));
}

/* What is asked of an object or process, and of nothing else. */
static const struct object *subject_object(struct ui *ui, struct subject subject)
{
        return ui->scene ? scene_object(ui->scene, subject) : NULL;
}

static void open_owner(struct ui *ui)
{
        struct subject subject = ui_subject(ui);
        const struct object *object = subject_object(ui, subject);
        unsigned holders = object ? object_count_holders(object) : 0;

        if (!object) {
                ui_open_about(ui, &view_contents, subject);
                return;
        }
        if (holders == 0) {
                ui_message(ui, STYLE_WARN, _("no process that could be seen has it"));
                return;
        }
        ui_open_about(ui, &view_contents, subject_of_process(object->holds[0].process));
        if (holders > 1)
                ui_message(ui, STYLE_NONE, _("the first of %u processes that have it: x shows all"), holders);
}

static void open_peer(struct ui *ui)
{
        const struct object *object = subject_object(ui, ui_subject(ui));

        if (!object || object->npeers == 0) {
                ui_message(ui, STYLE_WARN, _("no other end of it is known"));
                return;
        }
        ui_open_about(ui, &view_page, subject_of_object(object->peers[0]));
        if (object->npeers > 1)
                ui_message(ui, STYLE_NONE, _("the first of %u other ends: x shows all"), object->npeers);
}

static void open_json(struct ui *ui)
{
        struct subject subject = ui_subject(ui);

        if (subject_object(ui, subject))
                ui_open_about(ui, &view_json, subject);
        else
                ui_message(ui, STYLE_WARN, _("only objects have JSON"));
}

static void open_relations(struct ui *ui)
{
        struct subject subject = ui_subject(ui);
        enum subject_type type = subject_type(subject);

        if (type == SUBJECT_OBJECT || type == SUBJECT_PROCESS)
                ui_open_about(ui, &view_relations, subject);
        else
                ui_message(ui, STYLE_WARN, _("only objects and processes have relations"));
}

static void switch_tree(struct ui *ui)
{
        const struct row_item *item = ui_row(ui);

        if (ui_unfold_all(ui))
                return;
        if (!item || item->type != ROW_PROCESS) {
                ui_message(ui, STYLE_WARN, _("only processes and relations are a tree"));
                return;
        }
        ui_level(ui)->tree = !ui_level(ui)->tree;
        ui->stale = true;
}

/* To the tab that is `step` further; views without one are not among them. */
static void next_tab(struct ui *ui, unsigned step)
{
        unsigned at = view_index(ui->levels[0].view);

        for (unsigned i = 0; i < all_views_count; i++) {
                at = (at + step) % all_views_count;
                if (all_views[at]->tab) {
                        ui_go(ui, all_views[at]);
                        return;
                }
        }
}

static void go_back(struct ui *ui)
{
        if (ui->search.len > 0)
                buf_clear(&ui->search);
        else
                ui_back(ui);
}

/* --- refreshing ------------------------------------------------------------ */

static void set_interval(struct ui *ui, bool slower)
{
        static const unsigned steps[] = { INTERVAL_LEAST_MS, 500, 1000, INTERVAL_USUAL_MS, 3000, 5000, 10000, 15000,
                                          30000, 60000, 300000, INTERVAL_MOST_MS };
        unsigned i;

        if (slower) {
                for (i = 0; i < COUNT(steps) - 1 && steps[i] <= ui->interval_ms; i++)
                        ;
        } else {
                for (i = COUNT(steps) - 1; i > 0 && steps[i] >= ui->interval_ms; i--)
                        ;
        }
        ui_interval(ui, steps[i]);
}

void ui_interval(struct ui *ui, unsigned ms)
{
        ui->interval_ms = ms;
        ui->paced_ms = ui_pace(ui);
        if (ui->paced_ms > ms)
                ui_message(ui, STYLE_NONE, _("every %g s; as looking takes so long, every %g s"), ms / 1000.0,
                           ui->paced_ms / 1000.0);
        else
                ui_message(ui, STYLE_NONE, _("every %g s"), ms / 1000.0);
}

/* --- what others carry out ------------------------------------------------- */

static void copy(struct ui *ui)
{
        const struct object **objects;
        struct subject subject = ui_subject(ui);
        size_t n = ui_chosen(ui, &objects);
        struct buf text = { 0 };

        for (size_t i = 0; i < n; i++) {
                if (i > 0)
                        buf_byte(&text, ' ');
                buf_add(&text, objects[i]->ref);
        }
        if (n == 0 && subject_type(subject) == SUBJECT_PROCESS)
                buf_printf(&text, "pid:%llu", (unsigned long long)subject.b);
        if (text.len == 0)
                ui_message(ui, STYLE_WARN, _("there is no reference to copy"));
        else {
                ui_request(ui, REQUEST_COPY, buf_text(&text), TEXT(""));
                if (n > 1)
                        ui_message(ui, STYLE_GOOD, _("%zu references copied"), n);
                else
                        ui_message(ui, STYLE_GOOD, _("copied: %s"), text.data);
        }
        free(objects);
        buf_done(&text);
}

static void open_filter(struct ui *ui)
{
        const struct view *view = ui_level(ui)->view;
        const char *filter = ui_settings(ui, view)->filter;

        if (view->flags & VIEW_OBJECTS)
                prompt_open(ui, PROMPT_FILTER, text_of(filter ? filter : ""));
        else
                ui_message(ui, STYLE_WARN, _("only lists of objects have a filter: / finds"));
}

static void open_columns(struct ui *ui)
{
        if (ui_level(ui)->view->flags & VIEW_OBJECTS)
                dialog_columns(ui);
        else
                ui_message(ui, STYLE_WARN, _("the columns of this view can't be chosen"));
}

static void plain_request(struct ui *ui, enum request_type type)
{
        ui_request(ui, type, TEXT(""), TEXT(""));
}

/* --- the table ------------------------------------------------------------- */

static void act_go(struct ui *ui, enum action action)
{
        switch (action) {
        case ACTION_OPEN:         open_row(ui); break;
        case ACTION_BACK:         go_back(ui); break;
        case ACTION_CLOSE:        ui_back(ui); break;
        case ACTION_RELATIONS:    open_relations(ui); break;
        case ACTION_OWNER:        open_owner(ui); break;
        case ACTION_PEER:         open_peer(ui); break;
        case ACTION_TREE:         switch_tree(ui); break;
        case ACTION_JSON:         open_json(ui); break;
        case ACTION_NEXT_TAB:     next_tab(ui, 1); break;
        case ACTION_PREVIOUS_TAB: next_tab(ui, all_views_count - 1); break;
        case ACTION_HELP:         ui_open(ui, &view_help, subject_of(SUBJECT_NONE, 0, 0), NULL); break;
        default:                  ui_move(ui, action); break;
        }
}

static void act_find(struct ui *ui, enum action action)
{
        switch (action) {
        case ACTION_COMMAND:         prompt_open(ui, PROMPT_COMMAND, TEXT("")); break;
        case ACTION_SEARCH:          prompt_open(ui, PROMPT_SEARCH, TEXT("")); break;
        case ACTION_SEARCH_NEXT:
        case ACTION_SEARCH_PREVIOUS: ui_search_step(ui, action); break;
        case ACTION_FILTER:          open_filter(ui); break;
        case ACTION_WRITE:           prompt_open(ui, PROMPT_WRITE, TEXT("")); break;
        case ACTION_SORT_LEFT:       ui_sort_step(ui, -1); break;
        case ACTION_SORT_RIGHT:      ui_sort_step(ui, 1); break;
        case ACTION_SORT_TURN:       ui_sort_turn(ui); break;
        case ACTION_COLUMNS:         open_columns(ui); break;
        case ACTION_DETAIL:          ui->detail = !ui->detail; break;
        case ACTION_PAUSE:           ui->paused = !ui->paused; break;
        case ACTION_REFRESH:         plain_request(ui, REQUEST_REFRESH); break;
        case ACTION_SLOWER:
        case ACTION_FASTER:          set_interval(ui, action == ACTION_SLOWER); break;
        case ACTION_REDRAW:          plain_request(ui, REQUEST_REDRAW); break;
        case ACTION_SUSPEND:         plain_request(ui, REQUEST_SUSPEND); break;
        case ACTION_EXIT:
        case ACTION_QUIT:
                if (dialog_leave(ui))
                        plain_request(ui, REQUEST_QUIT);
                break;
        default:                     act_go(ui, action); break;
        }
}

void ui_act(struct ui *ui, enum action action)
{
        if (!ui_allows(ui, action)) {
                tell_not_allowed(ui);
                return;
        }
        if (action != ui->searching)
                ui->searched = 0;
        switch (action) {
        case ACTION_MARK:      ui_mark(ui); break;
        case ACTION_MARK_ALL:  ui_mark_all(ui); break;
        case ACTION_MARK_NONE: ui_mark_none(ui); break;
        case ACTION_REMOVE:    dialog_remove(ui); break;
        case ACTION_SAVE:      dialog_save(ui); break;
        case ACTION_SET:       dialog_set(ui); break;
        case ACTION_SIGNAL:    dialog_signal(ui); break;
        case ACTION_COPY:      copy(ui); break;
        default:               act_find(ui, action); break;
        }
        ui_settle(ui);
}
