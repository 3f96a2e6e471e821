/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The overview: findings, who is held up, what is nearly used up. */
#include "base/i18n.h"
#include "output/limits.h"
#include "tui/overview.h"

#include <stdlib.h>

enum { WIDE_ENOUGH = 60 };            /* for words beside the signs */

/* --- findings ------------------------------------------------------------------ */

/* The list is sorted by severity, then by rule. */
void overview_find_groups(struct overview *overview)
{
        const struct findings *findings = &overview->ui->scene->findings;
        size_t n = 0;

        for (size_t i = 0; i < findings->n; i++) {
                const struct finding *finding = &findings->list[i];

                if (n == 0 || overview->groups[n - 1].first->id != finding->id ||
                    overview->groups[n - 1].first->severity != finding->severity) {
                        if (n == sizeof(overview->groups) / sizeof(overview->groups[0]))
                                break;
                        overview->groups[n++].first = finding;
                }
                overview->groups[n - 1].n++;
                overview->groups[n - 1].bytes += finding->bytes;
        }
        overview->n[SECTION_FINDINGS] = n;
}

static void put_severity_count(struct buf *out, enum severity severity, size_t n)
{
        switch (severity) {
        case SEVERITY_CRITICAL:
                buf_printf(out, P_("%zu critical", "%zu critical", n), n);
                break;
        case SEVERITY_WARNING:
                buf_printf(out, P_("%zu warning", "%zu warnings", n), n);
                break;
        case SEVERITY_NOTICE:
        case SEVERITY_COUNT:
                buf_printf(out, P_("%zu notice", "%zu notices", n), n);
                break;
        }
}

static void count_findings(struct overview *overview)
{
        const struct findings *findings = &overview->ui->scene->findings;
        struct buf *text = &overview->text;
        unsigned told = 0, hampered = (unsigned)__builtin_popcountll(findings->hampered);

        buf_string(text, _("What is wrong"));
        for (unsigned i = SEVERITY_COUNT; i-- > 0;)
                if (findings->by_severity[i]) {
                        buf_string(text, told++ ? ", " : ": ");
                        put_severity_count(text, (enum severity)i, findings->by_severity[i]);
                }
        if (hampered)
                buf_printf(text, P_("; %u rule could not see all", "; %u rules could not see all", hampered), hampered);
}

static void put_one(struct overview *overview, const struct finding *finding)
{
        size_t from = overview->text.len;

        cell_finding_subject(overview->ui, finding, &overview->text);
        overview_end_piece(overview, from, overview_name_width(overview));
        if (overview->width >= WIDE_ENOUGH)
                buf_printf(&overview->text, "%s: ", _(finding->rule->title));
        buf_add(&overview->text, finding->evidence);
}

static void put_many(struct overview *overview, const struct finding_group *group)
{
        struct buf *text = &overview->text;
        size_t from = text->len;

        buf_printf(text, "%zu %s %s", group->n, overview->ui->options.utf8 ? "×" : "x", group->first->rule->name);
        /* The number and the rule are all that is left of it on a narrow screen. */
        if (overview->width >= WIDE_ENOUGH)
                overview_end_piece(overview, from, overview_name_width(overview));
        else
                buf_string(text, ": ");
        if (group->bytes) {
                cell_bytes(overview->ui, group->bytes, text);
                buf_string(text, ": ");
        }
        buf_string(text, _(group->first->rule->title));
        buf_string(text, _("; the first: "));
        cell_finding_subject(overview->ui, group->first, text);
}

/* The cursor stays on a rule, however many it finds. */
static struct subject subject_of_group(const struct finding_group *group)
{
        return group->n == 1 ? subject_of_finding(group->first) :
                               subject_of(SUBJECT_NONE, group->first->id, group->first->severity);
}

static void add_group(struct overview *overview, const struct finding_group *group)
{
        const struct finding *finding = group->first;
        bool alone = group->n == 1;
        struct buf *text = &overview->text;

        buf_printf(text, "%-2s ", severity_sign(finding->severity));
        if (overview->width >= WIDE_ENOUGH) {
                size_t from = text->len;

                buf_string(text, severity_name(finding->severity));
                overview_end_piece(overview, from, 8);
        }
        if (alone)
                put_one(overview, finding);
        else
                put_many(overview, group);
        overview_line(overview, SECTION_FINDINGS, subject_of_group(group), (struct overview_line){
                .about = { alone ? finding->object : NULL, alone ? finding->process : NULL },
                .finding = finding, .limit = finding->limit, .style = severity_style(finding->severity),
                .to = alone ? NULL : &view_findings,
        });
}

void overview_findings(struct overview *overview)
{
        size_t shown = overview->shown[SECTION_FINDINGS], n = overview->n[SECTION_FINDINGS];

        count_findings(overview);
        overview_heading(overview);
        for (size_t i = 0; i < shown; i++)
                add_group(overview, &overview->groups[i]);
        if (n == 0) {
                buf_string(&overview->text, _("   nothing that the rules know of"));
                overview_line(overview, SECTION_FINDINGS, subject_of(SUBJECT_NONE, 0, 0),
                              (struct overview_line){ .style = STYLE_GOOD, .to = &view_findings });
        } else if (n > shown) {
                buf_printf(&overview->text, P_("   and %zu more rule", "   and %zu more rules", n - shown), n - shown);
                overview_line(overview, SECTION_FINDINGS, subject_of(SUBJECT_NONE, 1, 0),
                              (struct overview_line){ .style = STYLE_DIM, .to = &view_findings });
        }
}

/* --- who is held up -------------------------------------------------------------- */

/* A thread that waits for several has a line for each. */
static struct subject subject_of_wait(const struct wait *wait)
{
        return subject_of(SUBJECT_NONE, (uint64_t)wait->tid,
                          subject_hash(subject_hash(0, subject_of_process(wait->process)),
                                       subject_of_object(wait->object)));
}

static void add_blocked(struct overview *overview, const struct wait *wait)
{
        struct buf *text = &overview->text;
        size_t from;

        buf_string(text, "   ");
        from = text->len;
        cell_process(overview->ui, wait->process, text);
        overview_end_piece(overview, from, overview_name_width(overview));
        cell_wait(overview->ui, wait, true, text);
        overview_line(overview, SECTION_BLOCKED, subject_of_wait(wait),
                      (struct overview_line){ .about = { NULL, wait->process }, .to = &view_relations,
                                              .style = STYLE_WARN });
}

void overview_blocked(struct overview *overview)
{
        const struct scene *scene = overview->ui->scene;

        if (overview->n[SECTION_BLOCKED] == 0)
                return;
        buf_printf(&overview->text, P_("Held up: %zu thread", "Held up: %zu threads", scene->nheld_up),
                   scene->nheld_up);
        if (scene->nidle)
                buf_printf(&overview->text, P_("; %zu waits for work", "; %zu wait for work", scene->nidle),
                           scene->nidle);
        overview_heading(overview);
        for (size_t i = 0; i < overview->shown[SECTION_BLOCKED]; i++)
                add_blocked(overview, scene->blocked[i]);
}

/* --- limits ---------------------------------------------------------------- */

static int compare_limits(const void *a, const void *b)
{
        const struct limit_row *x = *(const struct limit_row *const *)a, *y = *(const struct limit_row *const *)b;

        if (x->permille != y->permille)
                return x->permille > y->permille ? -1 : 1;
        return x < y ? -1 : x > y;
}

/* Those of which something is used: each by its fullest, which comes first. */
void overview_find_limits(struct overview *overview)
{
        const struct limit_report *report = &overview->ui->scene->findings.limits;
        size_t n = 0;

        for (size_t i = 0; i < report->n; i++)
                if ((i == 0 || report->rows[i].reading->limit != report->rows[i - 1].reading->limit) &&
                    report->rows[i].permille > 0 && n < LIMIT_COUNT)
                        overview->limits[n++] = &report->rows[i];
        if (n)
                qsort(overview->limits, n, sizeof(overview->limits[0]), compare_limits);
        overview->n[SECTION_LIMITS] = n;
}

static unsigned bar_width(const struct overview *overview)
{
        return overview->width < WIDE_ENOUGH ? 12 : overview->width < 100 ? 20 : overview->width < 160 ? 40 : 60;
}

static void add_limit(struct overview *overview, const struct limit_row *row)
{
        const struct limit *limit = limit_get(row->reading->limit);
        struct format format = ui_format(overview->ui);
        struct buf *text = &overview->text;
        enum style style = limits_style(row);
        size_t from;

        buf_string(text, style == STYLE_BAD ? "!! " : style == STYLE_WARN ? "!  " : "   ");
        from = text->len;
        buf_string(text, limit->name);
        overview_end_piece(overview, from, overview_name_width(overview));
        from = text->len;
        limits_format_permille(text, row->permille);
        overview_right(overview, from, 5);
        buf_byte(text, ' ');
        cell_bar(row->permille, bar_width(overview), text);
        buf_byte(text, ' ');
        limits_format_amount(text, limit, row->used, &format);
        buf_string(text, _(" of "));
        limits_format_amount(text, limit, row->reading->value, &format);
        if (row->ntop) {
                buf_string(text, _("; most: "));
                limits_format_top(text, row, &format);
        }
        overview_line(overview, SECTION_LIMITS, subject_of_limit(row),
                 (struct overview_line){ .about = { row->reading->object, row->reading->process }, .limit = row,
                                .to = &view_limits, .style = style });
}

void overview_limits(struct overview *overview)
{
        if (overview->n[SECTION_LIMITS] == 0)
                return;
        buf_string(&overview->text, _("Limits, the fullest"));
        overview_heading(overview);
        for (size_t i = 0; i < overview->shown[SECTION_LIMITS]; i++)
                add_limit(overview, overview->limits[i]);
}
