/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kind/mounted.h"

#include "kind/kinds.h"

const struct mounted *mounted(const struct host *host, struct builder *builder)
{
        void **place = builder_note(builder, &kind_mq, 0, 0);

        if (!*place) {
                struct mounted *made = ARENA_NEW(builder_arena(builder), struct mounted);
                struct mount *list = NULL;

                made->err = mounts_read(host, NULL, builder_arena(builder), &list, &made->n, &made->bad);
                made->list = list;
                *place = made;
        }
        return *place;
}

const struct mount *mounted_find(const struct mounted *mounted, const struct mount *from, const char *type)
{
        for (size_t i = from ? (size_t)(from - mounted->list) : 0; i < mounted->n; i++)
                if (text_equal(mounted->list[i].type, text_of(type)))
                        return &mounted->list[i];
        return NULL;
}
