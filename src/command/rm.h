/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef COMMAND_RM_H
#define COMMAND_RM_H

/* What rm was asked to remove, and how: private to its files. */
#include "command/references.h"

struct rm_request {
        bool dry_run, yes, force, protected, drain;
        bool save;
        const char *save_to;            /* NULL: where copies usually go */
        const char *where;
        bool from_stdin, nul;           /* references come from there; with NUL behind each */
        bool all;
        uint64_t bulk;                  /* kinds of which all are meant, or those that `where` is true for */
};

enum { RM_OPTIONS = 19 };
extern const struct option_spec rm_option_specs[];

/* Reads options and arguments; references and kinds go into the question. STATUS_USAGE after a message. */
enum exit_status rm_read_options(const struct invocation *invocation, struct references *references,
                                 struct rm_request *ret);
enum exit_status rm_read_arguments(const struct invocation *invocation, struct references *references,
                                   struct rm_request *request);

/* Reads the references on standard input. STATUS_USAGE or STATUS_FAILED after a message. */
enum exit_status rm_read_stdin(const struct invocation *invocation, struct references *references, bool nul);

#endif
