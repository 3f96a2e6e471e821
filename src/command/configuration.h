/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef COMMAND_CONFIGURATION_H
#define COMMAND_CONFIGURATION_H

/*
 * What the administrator and the user have written down (ipcview.conf): a
 * setting a line, "KEY = VALUE"; empty lines and those that begin with # are
 * comments.
 */
#include "base/arena.h"
#include "command/command.h"
#include "command/thresholds.h"
#include "report/protection.h"

struct configuration {
        struct arena arena;             /* names of files */
        struct protections *protections;/* the built-in rules, and those of the files */
        struct thresholds thresholds;   /* limit = LEVEL, limit NAME = LEVEL */
        uint64_t ignored_rules;         /* ignore = RULE,...: bits of enum finding_rule_id */
};

/*
 * Reads all of it. Every fault is told on stderr, with file and line.
 * STATUS_DONE, or STATUS_USAGE: what is protected is not known for sure, so
 * nothing may be removed; for looking it will do, with a warning.
 */
enum exit_status configuration_read(struct configuration *ret, const struct invocation *invocation);
void configuration_done(struct configuration *configuration);

/* A line of a file that says something. */
struct setting {
        unsigned line;                  /* from 1 on */
        struct text key, value;         /* without the blanks around them; the value may be empty */
        const char *fault;              /* N_(): why it is none; or NULL */
};

/* The next setting of *rest; *line counts (0 at first). False at the end. */
bool setting_next(struct text *rest, unsigned *line, struct setting *ret);

#endif
