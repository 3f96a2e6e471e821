/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TUI_OVERVIEW_H
#define TUI_OVERVIEW_H

/* The parts of the overview. Private to view-overview.c and overview-*.c. */
#include "tui/view-cells.h"

/* In the order of the screen, which is that of what is most pressing. */
enum section {
        SECTION_FINDINGS, SECTION_BLOCKED, SECTION_LIMITS, SECTION_FAMILIES, SECTION_BIGGEST, SECTION_GROWERS,
        SECTION_GAPS, SECTION_COUNT,
};

/* A line, and what it is about. */
struct overview_line {
        struct row_node about;
        struct text text;
        enum style style;
        const struct finding *finding;
        const struct limit_row *limit;
        const struct view *to;          /* where Enter leads; NULL: to the page of what it is about */
};

/* Findings of one rule and severity are one line: thirty leaks of a kind shall not hide what else is wrong. */
struct finding_group {
        const struct finding *first;
        size_t n;
        uint64_t bytes;
};

struct overview {
        const struct ui *ui;
        struct rows *rows;
        unsigned width;
        struct buf text;                /* of the line that is being made */
        struct finding_group groups[FINDING_COUNT * SEVERITY_COUNT];
        const struct limit_row *limits[LIMIT_COUNT];    /* the fullest of each limit, the fullest first */
        size_t n[SECTION_COUNT];        /* so many lines there could be */
        size_t shown[SECTION_COUNT];    /* so many there are */
};

/* --- view-overview.c: lines are made of what was gathered in overview->text */
void overview_heading(struct overview *overview);
void overview_line(struct overview *overview, enum section section, struct subject subject,
                   struct overview_line line);

/* Ends a piece of a line: cut or filled to that many columns, and a blank. */
void overview_end_piece(struct overview *overview, size_t from, unsigned columns);

/* Sets a piece, which is ASCII, to the right end of that many columns. */
void overview_right(struct overview *overview, size_t from, unsigned columns);
void overview_bytes(struct overview *overview, uint64_t bytes, unsigned columns);

/* Of what a line begins with. */
unsigned overview_name_width(const struct overview *overview);

/* --- overview-trouble.c */
void overview_find_groups(struct overview *overview);
void overview_find_limits(struct overview *overview);
void overview_findings(struct overview *overview);
void overview_blocked(struct overview *overview);
void overview_limits(struct overview *overview);

/* --- overview-stock.c */
void overview_families(struct overview *overview);
void overview_biggest(struct overview *overview);
void overview_growers(struct overview *overview);
void overview_gaps(struct overview *overview);

#endif
