/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Relations: a tree that is walked from an object or a process to whoever has it, what else they
 * have, who is at the other end, who waits, and for whom. Nodes are made as they are unfolded; one
 * that is above itself is named and not followed. relations.c makes the tree.
 */
#include "base/array.h"
#include "base/escape.h"
#include "base/i18n.h"
#include "tui/relations.h"
#include "tui/view-cells.h"

enum { COLUMN_TREE = COLUMN_OWN, COLUMN_DETAIL, INDENT = 2, INDENT_MOST = 24 };

static void fill(const struct ui *ui, const struct level *level, struct rows *rows)
{
        const struct object *object = scene_object(ui->scene, level->about);
        const struct process *process = scene_process(ui->scene, level->about);

        if (object || process) {
                relations_fill(object, process, &level->unfolded, rows);
                rows->all = rows->n;
                return;
        }
        rows_add_lines(rows, text_of(_("It is not there any more.")));
}

static unsigned columns(const struct ui *ui, const struct level *level, struct view_column ret[COLUMNS_MOST])
{
        (void)level;
        ret[0] = (struct view_column){ { _("RELATION"), ALIGN_LEFT, ui->width / 2 }, .id = COLUMN_TREE };
        ret[1] = (struct view_column){ { _("HOW"), ALIGN_LEFT, 12 }, .id = COLUMN_DETAIL };
        return 2;
}

/* --- the tree itself --------------------------------------------------------- */

static const char *words_of(const struct relation *relation)
{
        switch (relation->type) {
        case RELATION_ROOT:
                return NULL;
        case RELATION_HOLDER:
                return _("held by");
        case RELATION_PEER:
                return _("at the other end");
        case RELATION_WAITER:
                return _("waited for by");
        case RELATION_AWAITED:
                return _("waits for");
        case RELATION_WAKER:
                return _("could end the wait");
        case RELATION_CONTENT:
                return _("also has");
        case RELATION_MORE:
                break;
        }
        return NULL;
}

static const char *sign_of(const struct ui *ui, const struct relation *relation)
{
        if (relation->cycle)
                return ui->options.utf8 ? "↑ " : "^ ";
        if (relation->leaf)
                return "  ";
        return relation->open ? "- " : "+ ";
}

static enum style put_tree(const struct ui *ui, const struct relation *relation, struct buf *out)
{
        unsigned indent = relation->depth * INDENT;
        const char *words = words_of(relation);

        for (unsigned i = 0; i < indent && i < INDENT_MOST; i++)
                buf_byte(out, ' ');
        if (relation->type == RELATION_MORE) {
                buf_printf(out, "  %s ", ui->options.utf8 ? "…" : "...");
                buf_printf(out, P_("%u more", "%u more", relation->more), relation->more);
                return STYLE_DIM;
        }
        buf_string(out, sign_of(ui, relation));
        if (words)
                buf_printf(out, "%s ", words);
        if (relation->about.object)
                buf_add(out, relation->about.object->ref);
        else
                cell_process(ui, relation->about.process, out);
        if (relation->type == RELATION_ROOT)
                return STYLE_TITLE;
        if (relation->cycle)
                return STYLE_DIM;
        return relation->wait && !wait_is_idle(relation->wait) ? STYLE_WARN : STYLE_NONE;
}

/* --- how --------------------------------------------------------------------- */

static void put_separator(struct buf *out, size_t from)
{
        if (out->len > from)
                buf_string(out, "; ");
}

static void put_object(const struct ui *ui, const struct object *object, struct buf *out)
{
        struct format format = ui_format(ui);
        uint64_t bytes;
        size_t from;

        buf_string(out, _(object->key.kind->title));
        if (totals_memory(object, &bytes) && bytes) {
                buf_byte(out, ' ');
                cell_bytes(ui, bytes, out);
        }
        from = out->len;
        buf_byte(out, ' ');
        format_summary(out, object, &format);
        /* Nothing that would be telling. */
        if (text_equal(text_from(buf_text(out), from), TEXT(" -")))
                out->len = from;
}

static void put_process(const struct ui *ui, const struct process *process, struct buf *out)
{
        const struct value *command = row_get(process_row(process), FIELD_COMMAND);
        struct format format = ui_format(ui);

        cell_user(ui, process, out);
        if (command && command->type == VALUE_TEXT && command->len) {
                buf_string(out, ": ");
                format_value(out, command, &format);
        }
}

static enum style put_detail(const struct ui *ui, const struct relation *relation, struct buf *out)
{
        size_t from = out->len;

        if (relation->cycle)
                buf_string(out, _("see above"));
        if (relation->wait) {
                put_separator(out, from);
                cell_wait(ui, relation->wait, false, out);
        }
        if (relation->held_by && relation->held) {
                put_separator(out, from);
                cell_holds(relation->held, relation->held_by, HOLDS_SHOWN, out);
        }
        if (relation->about.object && !relation->cycle) {
                put_separator(out, from);
                put_object(ui, relation->about.object, out);
        } else if (relation->about.process && !relation->cycle) {
                put_separator(out, from);
                put_process(ui, relation->about.process, out);
        }
        return relation->wait && !wait_is_idle(relation->wait) ? STYLE_WARN : STYLE_DIM;
}

static enum style cell(const struct ui *ui, const struct level *level, const struct row_item *item,
                       const struct view_column *column, struct buf *out)
{
        (void)level;
        if (item->type != ROW_NODE) {
                if (column->id == COLUMN_TREE)
                        buf_add(out, *(const struct text *)item->thing);
                return STYLE_WARN;
        }
        return column->id == COLUMN_TREE ? put_tree(ui, item->thing, out) : put_detail(ui, item->thing, out);
}

/* --- Enter -------------------------------------------------------------------- */

/* To it; what is at the root already has a page; what did not fit is listed elsewhere. */
static void open_row(struct ui *ui, const struct row_item *item)
{
        const struct relation *relation = item->thing;
        struct subject subject;

        if (item->type != ROW_NODE)
                return;
        subject = relation->about.object ? subject_of_object(relation->about.object) :
                                           subject_of_process(relation->about.process);
        if (relation->type == RELATION_MORE)
                ui_open_about(ui, relation->about.process ? &view_contents : &view_page, subject);
        else if (subject_equal(subject, ui_level(ui)->about))
                ui_open_about(ui, &view_page, subject);
        else
                ui_open_about(ui, &view_relations, subject);
}

const struct view view_relations = {
        .name = "relations", .title = N_("Relations"), .flags = VIEW_ABOUT, .family = FAMILY_COUNT,
        .fill = fill, .columns = columns, .cell = cell, .open = open_row,
};
