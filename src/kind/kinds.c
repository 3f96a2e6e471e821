/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kind/kinds.h"

#include "base/array.h"

static const struct kind *const kinds[] = {
#define KIND(name) &kind_##name,
#include "kind/kinds.list"
#undef KIND
};

const struct kind_set all_kinds = { kinds, COUNT(kinds) };
