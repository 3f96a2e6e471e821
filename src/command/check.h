/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef COMMAND_CHECK_H
#define COMMAND_CHECK_H

#include "command/configuration.h"
#include "command/session.h"
#include "report/findings.h"

/* Asks for everything that the rules look at. */
void check_want(struct session *session);

/*
 * The rules that are applied, of those named (0: all), and the levels, as the
 * configuration has them (else LEVEL_UNSET). levels has room for LIMIT_COUNT.
 */
void check_options(const struct session *session, const struct configuration *configuration, uint64_t rules,
                   int *levels, struct findings_options *ret);

/* Adds the rules of a list "a,b", in which nothing is missing, to *rules. 0, or -EINVAL with *ret_error. */
int check_parse_rules(struct text list, uint64_t *rules, struct parse_error *ret_error);

#endif
