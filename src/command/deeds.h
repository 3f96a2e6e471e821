/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef COMMAND_DEEDS_H
#define COMMAND_DEEDS_H

/* What commands tell about deeds: messages and exit statuses. */
#include "admin/deed.h"
#include "command/session.h"

/* The exit status of a deed alone. */
enum exit_status deeds_status(const struct deed *deed);

/* The exit statuses of several, one after the other, as one. { 0 } at first. */
struct deeds_tally {
        size_t done, undone;
        enum exit_status status;        /* of the first that was not done */
};

void deeds_count(struct deeds_tally *tally, enum exit_status status);
enum exit_status deeds_sum(const struct deeds_tally *tally);

/* Before the first copy goes to that directory: copy_prepare(), with a message. */
enum exit_status deeds_prepare_copies(const struct invocation *invocation, const char *dir);

/* Why it was not done, as it stands behind the reference: appended, display form. */
void deeds_put_failure(const struct deed *deed, const struct object *object, const struct format *format,
                       struct buf *out);

/* The same, on stderr. */
void deeds_complain(const struct session *session, const struct deed *deed, const struct object *object);

#endif
