/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef OUTPUT_REMOVAL_H
#define OUTPUT_REMOVAL_H

/* Removals as people read them: the plan before, each result after. */
#include "admin/deed.h"
#include "base/table.h"
#include "output/format.h"

/*
 * The plan: a row for each object, the totals, and what the removal does to
 * those who use the objects. References are never cut.
 */
void removal_put_plan(const struct plan *plan, const struct format *format, const struct table_look *look,
                      struct buf *out);

/* Parts of it, for who lays it out otherwise: how a verdict catches the eye, a reason, the size that counts. */
enum style removal_style(enum verdict verdict);
void removal_put_reason(const struct verdict_reason *reason, bool utf8, struct buf *out);
void removal_put_size(const struct object *object, const struct format *format, struct buf *out);

/* "2 objects are to be removed, memory set free: 72M.": a line. */
void removal_put_sum(const struct plan *plan, const struct format *format, struct buf *out);

/* What the removal does to those who use the objects: a line for each kind. */
void removal_put_consequences(const struct plan *plan, struct buf *out);

/* Why a deed was not done, behind "shm:7: ": one line without its newline, display form. */
void removal_put_failure(const struct plan_row *row, const struct deed *deed, const struct format *format,
                         struct buf *out);

/* "shm:7 removed", with its copy: a line. */
void removal_put_success(const struct plan_row *row, const struct deed *deed, bool utf8, struct buf *out);

/* How many ended how: "3 removed, 1 changed": a line. */
void removal_put_total(const size_t counts[DEED_RESULT_COUNT], struct buf *out);

#endif
