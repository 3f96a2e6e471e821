/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef COMMAND_COMMAND_H
#define COMMAND_COMMAND_H

/*
 * A command: one small file that ends in such a descriptor, and one line in
 * commands.list. Help texts come from the descriptors.
 */
#include "output/format.h"

#include <stdbool.h>

/* Exit statuses: documented in ipcview(1), never renumbered. */
enum exit_status {
        STATUS_DONE = 0,
        STATUS_FAILED = 1,
        STATUS_USAGE = 2,
        STATUS_MISSING = 3,             /* no such object */
        STATUS_FORBIDDEN = 4,
        STATUS_REFUSED = 5,
        STATUS_LIMIT = 10,              /* a limit or finding at or above the asked level */
        STATUS_SOME = 64,               /* some of several succeeded */
};

enum colour { COLOUR_AUTO, COLOUR_ALWAYS, COLOUR_NEVER };

/* What the options that every command takes say. */
struct settings {
        bool json, lines;               /* --json, --ndjson */
        bool no_headings, no_holders, quiet, bytes;
        bool help, version;
        enum time_style time;
        enum colour colour;
        const char *columns, *filter, *sort;    /* as typed; NULL: not given */
        const char *sysroot;
        const char *from;               /* a saved snapshot in the place of a machine */
};

struct option_spec {
        int code;                       /* what the command sees: its letter, or above 255 */
        char letter;                    /* 0: long form only */
        const char *name;               /* NULL: short form only */
        const char *argument;           /* N_() placeholder; "[=DIR]": may be left out; NULL: takes none */
        const char *help;               /* N_() */
};

struct command;

/* One of the command's own options, as it was given. */
struct given {
        int code;
        const char *argument;           /* NULL: it takes none, or came without the one that it may have */
};

/* One call of the program. */
struct invocation {
        const struct command *command;
        struct settings settings;
        bool plain;                     /* no command was named: it is the first of all */
        char **arguments;               /* what is left behind the options */
        int narguments;
        unsigned flags;                 /* bits that the command's own options set */
        const char *id;                 /* list -i ID */
        struct given *given;            /* the own options of commands that have no `option`, in their order */
        size_t ngiven, given_room;
};

struct command {
        const char *name;               /* "list" */
        const char *alias;              /* "ls" or NULL */
        const char *usage;              /* N_("[KIND|REF]..."): behind the name */
        bool no_arguments;              /* any argument is one too many */
        bool saved;                     /* it can look at a saved snapshot (--from) */
        const char *summary;            /* N_(), one line */
        const char *details;            /* N_(), shown by --help below the usage; or NULL */
        const struct option_spec *options;      /* its own; they win over the global ones */
        unsigned noptions;
        /* One of its own options. 0, or -EINVAL after a message. NULL: they are kept in invocation->given. */
        int (*option)(struct invocation *invocation, int code, const char *argument);
        enum exit_status (*run)(struct invocation *invocation);
};

/* All commands, in the order of the help. */
extern const struct command *const all_commands[];
extern const unsigned all_commands_count;

#endif
