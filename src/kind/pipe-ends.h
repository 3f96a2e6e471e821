/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KIND_PIPE_ENDS_H
#define KIND_PIPE_ENDS_H

/*
 * What pipes and FIFOs have in common: two ends, which the access rights of
 * their holders tell apart. The fields are readers, writers, capacity_bytes,
 * queued_bytes and state.
 */
#include "model/builder.h"

/* conclude of both kinds. */
void pipe_ends_conclude(struct builder *builder, struct object *object);

#endif
