/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TUI_ACTION_H
#define TUI_ACTION_H

/* The key table: what keys do, from action.list. The footer, the help, the manual and the tests are made of it. */
#include "tui/key.h"

enum action {
        ACTION_NONE,
#define ACTION(id, name, where, keys, group, footer, help) ACTION_##id,
#include "tui/action.list"
#undef ACTION
        ACTION_COUNT,
};

/* Where a key works (bits). */
enum where {
        IN_TABLE = 1 << 0,              /* rows with a cursor */
        IN_PAGE  = 1 << 1,              /* text that scrolls */
        IN_VIEW  = IN_TABLE | IN_PAGE,
};

struct action_facts {
        const char *name;               /* "sort-next": released; configuration may name it one day */
        unsigned where;
        const char *keys;               /* names, blanks between: "Up k" */
        const char *group;              /* N_(): heading in the help */
        const char *footer;             /* N_(): short word for the footer; NULL: not there */
        const char *help;               /* N_(): one line */
};

const struct action_facts *action_facts(enum action action);

/* What a key does there; ACTION_NONE: nothing. */
enum action action_of_key(uint32_t key, unsigned where);

#endif
