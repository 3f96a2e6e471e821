/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TUI_VIEW_CELLS_H
#define TUI_VIEW_CELLS_H

/* What cells of several views are made of: all in display form, appended. */
#include "tui/ui.h"

/* "nginx[2011]" */
void cell_process(const struct ui *ui, const struct process *process, struct buf *out);

/* The first few: "nginx[2011], worker[2044], +12"; of nobody nothing. */
void cell_processes(const struct ui *ui, const struct process *const *processes, size_t n, unsigned most,
                    struct buf *out);

/* "app"; the user of a process, "?" if that is not known. */
void cell_user(const struct ui *ui, const struct process *process, struct buf *out);
void cell_bytes(const struct ui *ui, uint64_t bytes, struct buf *out);

/* How a process has an object, the first few: "fd 9 rw, 2 maps r, +1". */
enum { HOLDS_SHOWN = 4 };               /* in a row */
void cell_holds(const struct object *object, const struct process *process, unsigned most, struct buf *out);

/* How long ago, at the moment of the snapshot: "3m"; not known: nothing. */
void cell_since(const struct ui *ui, int64_t since, struct buf *out);

/* "semop sem:3 for 3m; waits for app[1999]"; ref: with the object, too. */
void cell_wait(const struct ui *ui, const struct wait *wait, bool ref, struct buf *out);

/* "[|||||     ]", `width` columns with its brackets, at least 3. permille: less than 0 is an empty one. */
void cell_bar(int permille, unsigned width, struct buf *out);

/* Blanks, until what was appended from `from` on takes that many columns. */
void cell_pad(struct buf *out, size_t from, unsigned columns);

/* Takes away what is beyond that many columns from `from` on, with a sign that something is missing. */
void cell_cut(const struct ui *ui, struct buf *out, size_t from, unsigned columns);

/* A paragraph of display form as lines of at most `width` columns, each behind `indent` blanks. */
void cell_wrap(struct text text, unsigned width, unsigned indent, struct buf *out);

/* "!!", "!" or "-": beside the colour; and the word, translated; and the colour. */
const char *severity_sign(enum severity severity);
const char *severity_name(enum severity severity);
enum style severity_style(enum severity severity);

/* "shm:7", "nginx[2011]", "shmmni": what a finding is about. */
void cell_finding_subject(const struct ui *ui, const struct finding *finding, struct buf *out);

/* Subjects that stay the same from scene to scene. */
struct subject subject_of_limit(const struct limit_row *row);
struct subject subject_of_finding(const struct finding *finding);

/* Where Enter on them leads. */
void view_open_limit(struct ui *ui, const struct limit_row *row);
void view_open_finding(struct ui *ui, const struct finding *finding);

/* The panes below them. */
void view_limit_detail(const struct ui *ui, const struct limit_row *row, unsigned width, struct buf *out);
void view_finding_detail(const struct ui *ui, const struct finding *finding, unsigned width, struct buf *out);

#endif
