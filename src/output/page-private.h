/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef OUTPUT_PAGE_PRIVATE_H
#define OUTPUT_PAGE_PRIVATE_H

/* What pages are made of: lines, pairs of a name and a value, tables. */
#include "output/page.h"

struct page {
        const struct snapshot *snapshot;
        const struct format *format;
        const struct table_look *look;
        struct sink *sink;
        struct arena arena;             /* cells of the part being made */
        struct buf text;                /* one cell, used again and again */
};

void page_init(struct page *page, const struct snapshot *snapshot, const struct format *format,
               const struct table_look *look, struct sink *sink);
void page_done(struct page *page);

/* The first line: what it is about, and what that is. */
void page_title(struct page *page, struct text subject, struct text what);

/* A blank line and the title of a section. */
void page_section(struct page *page, const char *title);

/* An indented line; the text is in display form. */
void page_line(struct page *page, struct text text, enum style style);
void page_sentence(struct page *page, const char *sentence);

/* Name and value below each other: pairs_begin(), any number of pairs, pairs_end(). */
void page_pairs_begin(struct page *page, struct table *table);
void page_pair(struct page *page, struct table *table, const struct value *value);
void page_pairs_end(struct page *page, struct table *table);

/* A row per hold, of these fields: members of the hold, values of its process, or of its object. */
void page_holds(struct page *page, const uint16_t *fields, unsigned nfields,
                const struct hold *const *holds, unsigned nholds);

/* The rows of a VALUE_ROWS value. */
void page_rows(struct page *page, const struct value *value);

/* A cell of a value (NULL: "-"), and the end of a table with headings. */
void page_table_value(struct page *page, struct table *table, const struct value *value);
void page_table_end(struct page *page, struct table *table);

/* page-ends.c: threads that are blocked on the object, and whom they wait for. */
void page_waiters(struct page *page, const struct object *object);

/* The objects at the other end, with who has them; nothing if there are none. */
void page_peers(struct page *page, const struct object *object);

/* What the threads of a process are blocked on, and whom they wait for; nothing if they are not. */
void page_awaited(struct page *page, const struct process *process);

/* Whom a process reaches through what it has; nothing if it is nobody. */
void page_contacts(struct page *page, const struct process *process);

/* What could not be seen of the kind (NULL: of any), and so may be missing above. */
void page_gaps(struct page *page, const struct kind *kind);

#endif
