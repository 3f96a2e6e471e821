/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which users and groups a snapshot speaks of, and what they are called. */
#include "model/builder-private.h"

static void name_id(struct builder *builder, struct map *names, uint32_t id, struct text name)
{
        struct text *text = ARENA_NEW(builder_arena(builder), struct text);

        *text = arena_text(builder_arena(builder), name);
        *map_place(names, id, 0) = text;
}

void builder_name_user(struct builder *builder, uid_t uid, struct text name)
{
        name_id(builder, &builder->snapshot->user_names, uid, name);
}

void builder_name_group(struct builder *builder, gid_t gid, struct text name)
{
        name_id(builder, &builder->snapshot->group_names, gid, name);
}

void builder_note_id(struct id_list *list, uint64_t id)
{
        void **place;

        /* Most objects belong to whom the one before belongs to. */
        if (list->n > 0 && list->ids[list->n - 1] == id)
                return;
        place = map_place(&list->seen, id, 0);
        if (*place)
                return;
        *place = list;
        list->ids = builder_grow(list->ids, list->n, &list->room, sizeof(*list->ids));
        list->ids[list->n++] = (uint32_t)id;
}

size_t builder_users(const struct builder *builder, const uint32_t **ret_ids)
{
        *ret_ids = builder->users.ids;
        return builder->users.n;
}

size_t builder_groups(const struct builder *builder, const uint32_t **ret_ids)
{
        *ret_ids = builder->groups.ids;
        return builder->groups.n;
}
