/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_TUI_MONKEY_H
#define TESTS_TUI_MONKEY_H

/* What the monkey plays with, and what it must not do. */
#include "tui/dialog.h"
#include "tui/grid.h"
#include "tui/ui.h"

enum { POOL = 90, PROCESSES = 12, CHOSEN_MOST = POOL, HANG_SECONDS = 60, KEYS_USUAL = 20000, TYPED_MOST = 64,
       LONGER = 5 };                    /* times as many keys, where chance has brought little */

/* What may come again: the same object, as long as it is there. */
struct slot {
        const struct kind *kind;
        uint64_t id;
        bool there;
};

struct monkey {
        uint64_t random;
        unsigned long keys;
        struct ui ui;
        struct grid grid;
        int64_t now;
        struct slot pool[POOL];
        struct order *order;            /* taken, and not carried out yet */

        /* the dialog of a removal that is open */
        bool asked;                     /* and drawn */
        unsigned typed_keys;
        char digits[TYPED_MOST];
        struct subject chosen[CHOSEN_MOST];
        size_t nchosen;

        unsigned removals, questions, orders, runs, scenes;
};

uint64_t draw(struct monkey *monkey);
unsigned below(struct monkey *monkey, unsigned n);

/* Bytes as no name should have them; at most `size`. */
struct text hostile_text(struct monkey *monkey, char *room, size_t size);

/* The next scene: some objects come, some go, all change. */
struct scene *make_scene(struct monkey *monkey);

#endif
