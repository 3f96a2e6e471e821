/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an action is about: the row, or what is marked. */
#include "base/i18n.h"
#include "base/memory.h"
#include "tui/ui-private.h"

#include <stdlib.h>

/* --- of a row -------------------------------------------------------------- */

/* The object of a row, or NULL: it has none, or it is gone. */
static const struct object *ui_row_object(const struct row_item *item)
{
        switch (item ? item->type : ROW_TEXT) {
        case ROW_OBJECT:  return item->thing;
        case ROW_FINDING: return ((const struct finding *)item->thing)->object;
        case ROW_LIMIT:   return ((const struct limit_row *)item->thing)->reading->object;
        case ROW_NODE:    return ((const struct row_node *)item->thing)->object;
        default:          return NULL;
        }
}

static const struct process *ui_row_process(const struct row_item *item)
{
        switch (item ? item->type : ROW_TEXT) {
        case ROW_PROCESS: return item->thing;
        case ROW_FINDING: return ((const struct finding *)item->thing)->process;
        case ROW_LIMIT:   return ((const struct limit_row *)item->thing)->reading->process;
        case ROW_NODE:    return ((const struct row_node *)item->thing)->process;
        default:          return NULL;
        }
}

struct subject ui_subject(const struct ui *ui)
{
        const struct level *level = ui_level(ui);
        const struct row_item *item = ui_row(ui);
        const struct object *object = ui_row_object(item);
        const struct process *process = ui_row_process(item);

        if (object)
                return subject_of_object(object);
        if (process)
                return subject_of_process(process);
        if (item && (item->type == ROW_GHOST || item->type == ROW_LIMIT || item->type == ROW_FINDING))
                return item->subject;
        return level->view->flags & VIEW_ABOUT ? level->about : subject_of(SUBJECT_NONE, 0, 0);
}

/* --- marks ----------------------------------------------------------------- */

bool ui_marked(const struct ui *ui, struct subject subject)
{
        return map_get(&ui->marks, subject.a, subject.b);
}

static void add_mark(struct ui *ui, struct map *marks, struct subject subject)
{
        *map_place(marks, subject.a, subject.b) = ui;
}

/* As in htop, the cursor goes on: so that a run of rows is marked by one key. */
void ui_mark(struct ui *ui)
{
        const struct row_item *item = ui_row(ui);

        if (!(ui_level(ui)->view->flags & VIEW_OBJECTS)) {
                ui_message(ui, STYLE_WARN, _("only lists of objects have marks"));
                return;
        }
        if (item && item->type == ROW_OBJECT) {
                struct subject subject = subject_of_object(item->thing);

                if (!map_remove(&ui->marks, subject.a, subject.b))
                        add_mark(ui, &ui->marks, subject);
        }
        ui_move(ui, ACTION_DOWN);
}

void ui_mark_all(struct ui *ui)
{
        if (ui_level(ui)->view->flags & VIEW_OBJECTS && ui->rows.n > ui->marks.used)
                map_expect(&ui->marks, ui->rows.n - ui->marks.used);
        for (size_t i = 0; ui_level(ui)->view->flags & VIEW_OBJECTS && i < ui->rows.n; i++)
                if (ui->rows.items[i].type == ROW_OBJECT)
                        add_mark(ui, &ui->marks, ui->rows.items[i].subject);
}

void ui_mark_none(struct ui *ui)
{
        map_done(&ui->marks);
}

void ui_marks_renew(struct ui *ui)
{
        const struct snapshot *snapshot = ui->scene ? ui->scene->snapshot : NULL;
        const size_t nobjects = snapshot ? snapshot->nobjects : 0, nmarks = ui->marks.used;
        struct map marks = { 0 };
        size_t there = 0;

        if (nmarks == 0)
                return;
        for (size_t i = 0; i < nobjects && there < nmarks; i++)
                there += ui_marked(ui, ui->scene->subjects[i]);
        if (there == nmarks)
                return;
        map_expect(&marks, there);
        for (size_t i = 0; i < nobjects && marks.used < there; i++) {
                struct subject subject = ui->scene->subjects[i];

                if (ui_marked(ui, subject))
                        add_mark(ui, &marks, subject);
        }
        map_done(&ui->marks);
        ui->marks = marks;
}

static size_t marked_objects(const struct ui *ui, const struct object ***ret)
{
        const struct snapshot *snapshot = ui->scene->snapshot;
        const struct object **objects = memory_new(ui->marks.used * sizeof(*objects));
        size_t n = 0;

        for (size_t i = 0; i < snapshot->nobjects && n < ui->marks.used; i++)
                if (ui_marked(ui, ui->scene->subjects[i]))
                        objects[n++] = &snapshot->objects[i];
        *ret = objects;
        return n;
}

size_t ui_chosen(const struct ui *ui, const struct object ***ret)
{
        const struct object *object;

        *ret = NULL;
        if (!ui->scene)
                return 0;
        if (ui->marks.used > 0 && ui_level(ui)->view->flags & VIEW_OBJECTS)
                return marked_objects(ui, ret);
        object = scene_object(ui->scene, ui_subject(ui));
        if (!object)
                return 0;
        *ret = memory_new(sizeof(**ret));
        **ret = object;
        return 1;
}
