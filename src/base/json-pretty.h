/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BASE_JSON_PRETTY_H
#define BASE_JSON_PRETTY_H

/*
 * JSON text for the eye: each member and item on a line of its own, two blanks
 * deeper than what it is part of; what has no members stays in one piece. Meant for
 * what struct writer wrote: text that is no JSON comes out as it is, with line ends.
 */
#include "base/buf.h"

/* ascii: what is beyond ASCII becomes \uHHHH. */
void json_pretty(struct text json, bool ascii, struct buf *out);

#endif
