/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef COMMAND_BROWSE_OPTIONS_H
#define COMMAND_BROWSE_OPTIONS_H

/* What the command line of browse asks for. */
#include "command/command.h"

enum { BROWSE_FILES_MOST = 64, BROWSE_OPTIONS = 7 };

struct browse_options {
        const char *files[BROWSE_FILES_MOST];   /* --from and -f */
        unsigned nfiles;
        const char *script;             /* --script; NULL: a person types */
        bool dump;                      /* a frame at the end */
        unsigned width, height;         /* of a script */
        bool readonly, no_mouse;
        unsigned interval_ms;           /* 0: as usual */
        const char *begin_with;         /* what ":" takes: view, kind, reference; NULL */
};

extern const struct option_spec browse_option_specs[BROWSE_OPTIONS];

/* Reads options and arguments. STATUS_DONE, or STATUS_USAGE after a message. */
enum exit_status browse_options_read(const struct invocation *invocation, struct browse_options *ret);

/* Is standard input taken, by a snapshot or a script? */
bool browse_options_take_input(const struct browse_options *options);

/* Frames are printed, no terminal is needed. */
bool browse_options_scripted(const struct browse_options *options);

#endif
