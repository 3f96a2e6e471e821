/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TUI_UI_H
#define TUI_UI_H

/*
 * The state of the browser: everything that a frame is drawn from, and nothing
 * else. It changes by three things only: a key, a new scene, a moment; what shall be
 * done outside of it (quit, remove, copy, ...) is left as a request. No call here
 * blocks, draws or asks the machine, so all of it can be tested without a terminal.
 */
#include "admin/plan.h"
#include "output/format.h"
#include "tui/action.h"
#include "tui/grid.h"
#include "tui/view.h"

struct dialog;                          /* tui/dialog.h */

enum {
        LEVELS_MOST = 32,               /* the oldest but the first is forgotten */
        REQUESTS_MOST = 8,
        LOG_MOST = 1000,
        WIDTH_LEAST = 20, HEIGHT_LEAST = 5,     /* smaller: a line that says so */
        INTERVAL_LEAST_MS = 250, INTERVAL_MOST_MS = 3600 * 1000, INTERVAL_USUAL_MS = 2000,
        ALONE_AFTER_MS = 30 * 1000,     /* without a key: from then on it works a hundredth of the time... */
        INTERVAL_ALONE_MS = 30 * 1000,  /* ...but does not put off looking longer than that */
};

/* What does not change while it runs. */
struct ui_options {
        bool utf8, colour, mouse;
        bool readonly;                  /* --readonly: keys that change things are not there */
        bool recorded;                  /* a snapshot file or another root: nothing to refresh, act on, or run */
        bool fixed;                     /* frames for tests: no ages and costs that depend on the machine */
        bool first_run;                 /* a hint line */
        const struct protections *protections;  /* borrowed; NULL: none */
        const char *save_to;            /* where copies go; NULL: nowhere */
        struct format format;           /* how values are shown; its snapshot is set by the ui */
};

/* A place in the stack of where people came from. */
struct level {
        const struct view *view;
        struct subject about;           /* VIEW_ABOUT */
        char *title;                    /* for the breadcrumb, display form; NULL: the view's */
        char *text;                     /* view "text": what it shows, display form; else NULL */
        uint64_t kinds;                 /* view "objects": only these (bits); 0: all */
        struct subject cursor;
        size_t at;                      /* row of the cursor, also when its subject is gone; of pages: a line */
        size_t top;                     /* first row on the screen */
        unsigned left;                  /* columns (of pages: cells) scrolled to the right */
        struct map unfolded;            /* relations: nodes that were opened (values: anything) */
        bool tree;                      /* processes: as a tree */
};

/* What a view remembers, however often it is left; kept in the state file. */
struct view_settings {
        char *filter;                   /* as typed; NULL: all */
        struct query *query;            /* of it; NULL: all */
        uint16_t sort;                  /* column id; NO_SORT */
        bool descending;
        uint16_t columns[COLUMNS_MOST]; /* chosen fields; none: the usual ones */
        unsigned ncolumns;
        struct level last;              /* the tab as it was left: cursor, scrolling, what is unfolded */
};

enum { NO_SORT = UINT16_MAX };

enum request_type {
        REQUEST_QUIT,
        REQUEST_REFRESH,                /* now, also when paused */
        REQUEST_REDRAW,
        REQUEST_SUSPEND,
        REQUEST_COPY,                   /* text: to the clipboard */
        REQUEST_WRITE,                  /* text, to the new file `path` (never over one that exists) */
        REQUEST_RUN,                    /* path: a command line of ipcview; leaves the screen meanwhile */
        REQUEST_ORDER,                  /* order: see order.h */
};

struct order;                           /* tui/order.h: objects as they were seen, and what is to be done with them */

struct request {
        enum request_type type;
        struct buf text, path;
        struct order *order;
};

/* The line at the bottom that is typed in. */
enum prompt_type { PROMPT_NONE, PROMPT_COMMAND, PROMPT_SEARCH, PROMPT_FILTER, PROMPT_WRITE };

struct prompt {
        enum prompt_type type;
        struct buf text;                /* UTF-8 as typed */
        size_t cursor;                  /* byte offset */
        struct buf hint;                /* completions, or what is wrong with it; display form */
        size_t fault;                   /* SIZE_MAX, or the byte offset of what is wrong */
        char **history[PROMPT_WRITE + 1];
        size_t nhistory[PROMPT_WRITE + 1];
        size_t recalled;                /* how far back */
        struct buf typed;               /* what stood there before that */
        struct level before;            /* PROMPT_SEARCH: where the cursor was (its texts are not owned) */
};

struct log_entry {
        int64_t time;
        char *command;                  /* its form on the command line: "ipcview rm shm:7"; display form */
        char *result;                   /* display form */
        enum style style;
};

struct ui {
        struct ui_options options;
        unsigned width, height;
        int64_t now;                    /* ns since the epoch: of the clock, or recorded */

        struct scene *scene;            /* owned (taken); NULL before the first */
        int64_t scene_at;               /* when it came */
        unsigned interval_ms;           /* asked for */
        unsigned paced_ms;              /* as adapted to what collecting costs */
        int64_t key_at;                 /* when somebody last pressed a key */
        bool paused;

        struct level levels[LEVELS_MOST];       /* the last one is shown */
        unsigned nlevels;
        struct view_settings *settings; /* one for each of all_views */
        struct map marks;               /* subjects of objects -> anything */
        bool detail;                    /* the pane is open */

        struct rows rows;               /* of the top level */
        bool stale;                     /* rows must be filled anew */
        struct buf search;              /* what n and N look for; its matches are marked */
        size_t searched;                /* rows that were looked at in vain: a long search goes on with the next key */
        enum action searching;          /* which key that is */

        struct prompt prompt;
        struct dialog *dialog;          /* on top of all; NULL: none */
        struct buf message;             /* in the footer until the next key; display form */
        enum style message_style;
        struct log_entry *log;
        size_t nlog;
        unsigned norders;               /* left so far: the number of the latest */
        unsigned nrunning;              /* of these, not complete yet */
        struct request requests[REQUESTS_MOST];
        unsigned nrequests;
};

/* --- from outside: ui.c --------------------------------------------------- */

/* Begins with the overview. Options are copied, what they point to is borrowed. */
void ui_init(struct ui *ui, const struct ui_options *options, unsigned width, unsigned height);
void ui_done(struct ui *ui);

void ui_key(struct ui *ui, const struct input *input);

/* Text that was pasted, in UTF-8: goes into the line that is typed in, and is never taken for keys. */
void ui_paste(struct ui *ui, struct text text);
void ui_scene(struct ui *ui, struct scene *scene);      /* takes it */
void ui_time(struct ui *ui, int64_t now);               /* the clock moved on */
void ui_size(struct ui *ui, unsigned width, unsigned height);

/* Rows are filled, cursor and scrolling in order: before a frame is drawn. Cheap when nothing changed. */
void ui_settle(struct ui *ui);

/* The next request, if there is one; the caller frees it with request_done(). */
bool ui_next_request(struct ui *ui, struct request *ret);
void request_done(struct request *request);

/* How long until the next scene is due, ms, counted from ui->now; -1: paused or recorded. */
int ui_due_ms(const struct ui *ui);

/* --- for views, dialogs, prompts ------------------------------------------ */

struct level *ui_level(const struct ui *ui);            /* the one that is shown */
struct view_settings *ui_settings(const struct ui *ui, const struct view *view);

/* The row under the cursor; NULL: there is none. */
const struct row_item *ui_row(const struct ui *ui);

/*
 * What an action is about: the object or process of the row (also of a finding, of a node that
 * has one); of pages what the level is about. SUBJECT_NONE: nothing.
 */
struct subject ui_subject(const struct ui *ui);

/*
 * The objects that an action is about: in views of objects what is marked (and still there, in the order
 * of the snapshot), else that of ui_subject(). An array to be freed.
 */
size_t ui_chosen(const struct ui *ui, const struct object ***ret);
bool ui_marked(const struct ui *ui, struct subject subject);

/* Goes to a tab: the stack begins anew. */
void ui_go(struct ui *ui, const struct view *view);

/* Opens a view on top. title: display form, copied; NULL: the view's. Opening what is open does nothing. */
struct level *ui_open(struct ui *ui, const struct view *view, struct subject about, const char *title);

/* Opens a view about a subject, which is its title; a message if it is gone. */
void ui_open_about(struct ui *ui, const struct view *view, struct subject subject);
bool ui_back(struct ui *ui);                            /* false: it was the first */

/* Puts the cursor of the top level on a subject, when its rows have it. */
void ui_put_cursor(struct ui *ui, struct subject subject);

/* Filter of a view, from text ("" or NULL: none). 0, or -EINVAL with *ret_error; then nothing changed. */
int ui_filter(struct ui *ui, const struct view *view, const char *text, struct parse_error *ret_error);

/* What is searched for now, matches of which are marked: as it is typed, or was last; empty: nothing. */
struct text ui_sought(const struct ui *ui);

/* Leaves a request; text and path are copied. */
void ui_request(struct ui *ui, enum request_type type, struct text text, struct text path);
void ui_request_order(struct ui *ui, struct order *order);      /* takes it */

/* A message in the footer; escaped here. */
void ui_message(struct ui *ui, enum style style, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* A line in the log, copied; escaped here. */
void ui_log(struct ui *ui, enum style style, struct text command, struct text result);

/* The format for values: that of the options, with the scene's snapshot. */
struct format ui_format(const struct ui *ui);

/* --- actions: ui-act.c, ui-move.c, ui-mouse.c, prompt.c ------------------- */

/* Is the action there at all: not with --readonly, a recorded machine...? */
bool ui_allows(const struct ui *ui, enum action action);
void ui_act(struct ui *ui, enum action action);

#endif
