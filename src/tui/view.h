/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TUI_VIEW_H
#define TUI_VIEW_H

/*
 * A view: a list of rows with columns, whatever it is about; also a page of text
 * is one, of a column. One file ends in one or more such descriptors, each has a
 * line in views.list. Cursor, scrolling, marks, search, filter, sort are the same for all (ui.h).
 */
#include "base/table.h"
#include "tui/scene.h"

struct ui;
struct level;

enum row_type {
        ROW_OBJECT,                     /* thing: const struct object */
        ROW_GHOST,                      /* const struct ghost */
        ROW_PROCESS,                    /* const struct process */
        ROW_LIMIT,                      /* const struct limit_row */
        ROW_FINDING,                    /* const struct finding */
        ROW_NODE,                       /* the view's own, which begins with a struct row_node */
        ROW_TEXT,                       /* const struct text, in display form */
        ROW_HEADING,                    /* the same; the cursor passes over it */
};

struct row_item {
        enum row_type type;
        struct subject subject;
        const void *thing;              /* of the scene, or in the arena of the rows */
        unsigned depth;                 /* of a tree */
        enum style style;               /* of ROW_TEXT */
};

/* What a ROW_NODE is about: first member of whatever its view keeps for it. One of them, or neither. */
struct row_node {
        const struct object *object;
        const struct process *process;
};

struct rows {
        struct arena arena;
        struct row_item *items;
        size_t n, room;
        size_t all;                     /* so many there are without the filter */
};

/* So many are going to come: saves the growing. */
void rows_expect(struct rows *rows, size_t more);

/* Appends a row. */
void rows_add(struct rows *rows, struct row_item item);

/* Appends a row for each line of text in display form (copied). */
void rows_add_lines(struct rows *rows, struct text text);

enum {
        COLUMN_ACTIVITY = FIELD_COUNT,  /* a sparkline */
        COLUMN_OWN,                     /* and above: the view's own */
        COLUMNS_MOST = 32,
};

struct view_column {
        struct column column;           /* title, alignment, least width: display form */
        uint16_t id;                    /* field of the dictionary, COLUMN_ACTIVITY, or the view's own */
        unsigned most;                  /* columns of which more are not seen: lists end there; 0: the whole cell */
};

enum view_flag {
        VIEW_OBJECTS = 1 << 0,          /* its rows are objects: filter, columns, marks, removal */
        VIEW_SCROLLS = 1 << 1,          /* a page of text: movement scrolls */
        VIEW_SORTS   = 1 << 2,          /* its columns can be sorted by */
        VIEW_ABOUT   = 1 << 3,          /* about a subject: not to be opened by name alone */
        VIEW_STATIC  = 1 << 4,          /* does not depend on the scene: help */
};

struct view {
        const char *name;               /* what is typed behind ":"; also in scripts and the state file */
        const char *title;              /* N_() */
        const char *tab;                /* N_(), short; NULL: it has no tab */
        char digit;                     /* key of the tab; 0: none */
        unsigned flags;
        enum family family;             /* VIEW_OBJECTS: which kinds; FAMILY_COUNT: all, or as the level says */

        /* The rows for this level, in order. Called when scene, filter, sort or level changed. */
        void (*fill)(const struct ui *ui, const struct level *level, struct rows *rows);

        /* The columns; returns how many. */
        unsigned (*columns)(const struct ui *ui, const struct level *level, struct view_column ret[COLUMNS_MOST]);

        /* A cell, in display form, appended; returns its style. Only called for rows on the screen, and for search. */
        enum style (*cell)(const struct ui *ui, const struct level *level, const struct row_item *item,
                           const struct view_column *column, struct buf *out);

        /* Enter on a row; NULL: the page of its subject. */
        void (*open)(struct ui *ui, const struct row_item *item);

        /*
         * The page below or beside the table for a row (detail pane), or NULL: that
         * of its subject. Lines in display form, at most `width` columns wide.
         */
        void (*detail)(const struct ui *ui, const struct row_item *item, unsigned width, struct buf *out);
};

extern const struct view *const all_views[];
extern const unsigned all_views_count;

/* The view of that name, or NULL. */
const struct view *view_find(struct text name);

/* Its place in all_views. */
unsigned view_index(const struct view *view);

/* VIEW_OBJECTS: the kinds that it shows (bits). There must be a scene. */
uint64_t view_shown_kinds(const struct ui *ui, const struct level *level);

/* The view that lists the objects of a family. */
const struct view *view_of_family(enum family family);

/*
 * All descriptors. Others open view_page (about a subject: everything that `show` prints), view_json,
 * view_relations, view_contents (about a process: its objects), view_limit (view_open_limit()) and view_help.
 */
#define VIEW(name) extern const struct view view_##name;
#include "tui/views.list"
#undef VIEW

#endif
