/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which users and groups a snapshot speaks of, and what they are called. */
#include "model/builder-private.h"

#include "base/memory.h"

#include <stdlib.h>

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

struct id_list {
        struct field_set fields;        /* those of the unit */
        struct map seen;
        uint32_t *ids;
        size_t n, room;
};

static void collect_ids(struct id_list *list, struct row row)
{
        for (size_t i = 0; i < row.nvalues; i++) {
                const struct value *value = &row.values[i];
                void **place;

                if (value->type != VALUE_UINT || !field_set_has(&list->fields, value->field))
                        continue;
                /* Most objects belong to whom the one before belongs to. */
                if (list->n > 0 && list->ids[list->n - 1] == value->u)
                        continue;
                place = map_place(&list->seen, value->u, 0);
                if (*place)
                        continue;
                *place = list;
                list->ids = builder_grow(list->ids, list->n, &list->room, sizeof(*list->ids));
                list->ids[list->n++] = (uint32_t)value->u;
        }
}

static size_t distinct_ids(const struct builder *builder, enum unit unit, uint32_t **ret_ids)
{
        struct id_list list = { 0 };

        for (uint16_t field = 0; field < FIELD_COUNT; field++)
                if (field_get(field)->unit == unit)
                        field_set_add(&list.fields, field);
        for (size_t i = 0; i < builder->ndrafts; i++)
                if (field_set_meets(&builder->drafts[i]->set, &list.fields))
                        collect_ids(&list, object_row(&builder->drafts[i]->object));
        for (size_t i = 0; i < builder->nrunners; i++)
                collect_ids(&list, process_row(&builder->runners[i]->process));
        map_done(&list.seen);
        *ret_ids = list.ids;
        return list.n;
}

size_t builder_users(const struct builder *builder, uint32_t **ret_ids)
{
        return distinct_ids(builder, UNIT_UID, ret_ids);
}

size_t builder_groups(const struct builder *builder, uint32_t **ret_ids)
{
        return distinct_ids(builder, UNIT_GID, ret_ids);
}
