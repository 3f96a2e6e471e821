/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef COMMAND_CONSENT_H
#define COMMAND_CONSENT_H

/*
 * Do people agree to a plan? Nothing happens without: at a terminal they are
 * asked, elsewhere --yes must say so.
 */
#include "admin/plan.h"
#include "command/session.h"

enum consent {
        CONSENT_GIVEN,
        CONSENT_DENIED,                 /* asked, and the answer was not yes */
        CONSENT_NOBODY,                 /* there is nobody to ask */
};

/* Is that the answer? Blanks around it don't matter. */
bool consent_is_yes(struct text answer);
bool consent_is_number(struct text answer, size_t number);

/* Shows the plan and asks. taken: standard input is not for answers. */
enum consent consent_ask(struct session *session, const struct plan *plan, bool taken);

#endif
