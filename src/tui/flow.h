/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TUI_FLOW_H
#define TUI_FLOW_H

/*
 * Short items one behind the other, on as many lines as that takes; those behind
 * the first begin further to the right.
 */
#include "tui/ui.h"

enum { ITEM_GAP = 3, HANG = 2 };

struct flow {
        const struct ui *ui;
        struct buf *out;
        struct buf item;                /* the one that is being written; freed by whoever began */
        unsigned width, x, gap;
        bool first;                     /* the next item stands right behind the label */
};

/* Begins a line; label: translated, or NULL. */
void flow_begin(struct flow *flow, const char *label);

/* What was written into flow->item goes out, where it has room. */
void flow_put(struct flow *flow);

/* A sentence in display form: its words, with a blank between. */
void flow_words(struct flow *flow, struct text text);

/* "+12": so many more; of none nothing. */
void flow_more(struct flow *flow, size_t n);

void flow_end(struct flow *flow);

#endif
