/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What fdinfo says of a thing that sleeps with those who have it: sys/sleepers.h. */
#include "sys/walk-private.h"

bool walk_info_tell(const struct walk *walk, struct buf *out)
{
        struct text said;

        if (!walk->kept || !sleepers_tell(walk->sleepers, walk->kept, walk->known.fd, &said))
                return false;
        buf_add(out, said);
        return true;
}

void walk_info_lasts(struct walk *walk, uint64_t thing, struct text info)
{
        if (walk->sleepers)
                sleepers_said(walk->sleepers, walk->kept, walk->known.fd, thing, info);
}
