/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The overview: what there is, where the memory is, what grows, what could not be seen. */
#include "base/i18n.h"
#include "tui/overview.h"

/* --- families ----------------------------------------------------------------------- */

static void add_family(struct overview *overview, enum family family)
{
        const struct family_sum *sum = &overview->ui->scene->families[family];
        const struct view *view = view_of_family(family);
        struct buf *text = &overview->text;
        size_t from;

        buf_string(text, "   ");
        from = text->len;
        buf_string(text, overview->width < 60 ? _(view->tab) : _(view->title));
        overview_end_piece(overview, from, overview->width < 60 ? 8 : 34);
        from = text->len;
        buf_uint(text, sum->totals.objects);
        overview_right(overview, from, 7);
        if (sum->totals.memory)
                overview_bytes(overview, sum->totals.memory, 6);
        else
                cell_pad(text, from, 13);
        if (sum->totals.orphans)
                buf_printf(text, P_("  %zu orphan", "  %zu orphans", sum->totals.orphans), sum->totals.orphans);
        if (sum->totals.nameless)
                buf_printf(text, P_("  %zu without a name", "  %zu without a name", sum->totals.nameless),
                           sum->totals.nameless);
        if (sum->findings)
                buf_printf(text, P_("  %u finding", "  %u findings", sum->findings), sum->findings);
        overview_line(overview, SECTION_FAMILIES, subject_of(SUBJECT_NONE, family, 0),
                 (struct overview_line){ .to = view, .style = sum->totals.orphans ? STYLE_WARN : STYLE_NONE });
}

void overview_families(struct overview *overview)
{
        const struct scene *scene = overview->ui->scene;
        uint64_t memory = 0;

        for (unsigned i = 0; i < FAMILY_COUNT; i++)
                memory += scene->families[i].totals.memory;
        buf_printf(&overview->text, P_("%zu object", "%zu objects", scene->snapshot->nobjects),
                   scene->snapshot->nobjects);
        buf_printf(&overview->text, P_(", %zu process", ", %zu processes", scene->snapshot->nprocesses),
                   scene->snapshot->nprocesses);
        buf_string(&overview->text, ", ");
        cell_bytes(overview->ui, memory, &overview->text);
        overview_heading(overview);
        for (unsigned i = 0; i < FAMILY_COUNT; i++)
                if (scene->families[i].totals.objects)
                        add_family(overview, (enum family)i);
}

/* --- memory, growth ------------------------------------------------------------------- */

static void put_object(struct overview *overview, const struct object *object)
{
        struct format format = ui_format(overview->ui);

        format.most = overview->ui->width;
        format_holders(&overview->text, object, &format);
        buf_string(&overview->text, "  ");
        format_summary(&overview->text, object, &format);
}

void overview_biggest(struct overview *overview)
{
        const struct scene *scene = overview->ui->scene;

        if (overview->n[SECTION_BIGGEST] == 0)
                return;
        buf_string(&overview->text, _("Memory, the most"));
        overview_heading(overview);
        for (size_t i = 0; i < overview->shown[SECTION_BIGGEST]; i++) {
                const struct object *object = scene->biggest[i];
                size_t from;
                uint64_t bytes = 0;

                buf_string(&overview->text, "   ");
                from = overview->text.len;
                buf_add(&overview->text, object->ref);
                overview_end_piece(overview, from, overview_name_width(overview));
                (void)totals_memory(object, &bytes);
                overview_bytes(overview, bytes, 6);
                buf_string(&overview->text, "  ");
                put_object(overview, object);
                overview_line(overview, SECTION_BIGGEST, subject_of_object(object),
                         (struct overview_line){ .about.object = object });
        }
}

static void add_grower(struct overview *overview, const struct grower *grower)
{
        struct buf *text = &overview->text;
        uint16_t field = FIELD_SIZE_BYTES;
        size_t from;

        (void)track_measure(grower->object->key.kind, &field);
        buf_string(text, "   ");
        from = text->len;
        buf_add(text, grower->object->ref);
        overview_end_piece(overview, from, overview_name_width(overview));
        from = text->len;
        buf_byte(text, '+');
        if (field_get(field)->unit == UNIT_BYTES)
                cell_bytes(overview->ui, grower->by, text);
        else
                buf_uint(text, grower->by);
        overview_right(overview, from, 6);
        buf_printf(text, " %s ", field_get(field)->name);
        /* TRANSLATORS: a time span follows: "+480 queued_messages in 3m" */
        buf_string(text, _("in "));
        cell_since(overview->ui, grower->since, text);
        buf_string(text, "  ");
        track_sparkline(scene_track(overview->ui->scene, grower->object), TRACK_SAMPLES, overview->ui->options.utf8,
                        text);
        overview_line(overview, SECTION_GROWERS, subject_of_object(grower->object),
                 (struct overview_line){ .about.object = grower->object });
}

void overview_growers(struct overview *overview)
{
        if (overview->n[SECTION_GROWERS] == 0)
                return;
        buf_string(&overview->text, _("Growing, since first seen"));
        overview_heading(overview);
        for (size_t i = 0; i < overview->shown[SECTION_GROWERS]; i++)
                add_grower(overview, &overview->ui->scene->growers[i]);
}

/* --- what was not seen ------------------------------------------------------------------ */

static void add_gap(struct overview *overview, const struct gap *gap)
{
        struct buf *text = &overview->text;

        buf_string(text, "   ");
        if (gap->kind)
                buf_printf(text, "%s: ", gap->kind->name);
        buf_printf(text, "%s: %s", gap->where, strerrordesc_np(gap->err) ? strerrordesc_np(gap->err) : "?");
        if (gap->times > 1)
                buf_printf(text, P_(", %u time", ", %u times", gap->times), gap->times);
        if (gap->reason)
                buf_printf(text, " (%s)", _(gap->reason));
        overview_line(overview, SECTION_GAPS, subject_of(SUBJECT_NONE, (uint64_t)gap->err, (uintptr_t)gap->where),
                 (struct overview_line){ .style = STYLE_DIM });
}

void overview_gaps(struct overview *overview)
{
        const struct snapshot *snapshot = overview->ui->scene->snapshot;

        if (snapshot->ngaps == 0)
                return;
        buf_string(&overview->text, _("What could not be seen"));
        overview_heading(overview);
        for (size_t i = 0; i < overview->shown[SECTION_GAPS]; i++)
                add_gap(overview, &snapshot->gaps[i]);
}
