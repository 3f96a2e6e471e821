/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KIND_KINDS_H
#define KIND_KINDS_H

/* All kinds, from kinds.list. */
#include "model/kind.h"

#define KIND(name) extern const struct kind kind_##name;
#include "kind/kinds.list"
#undef KIND

extern const struct kind_set all_kinds;

#endif
