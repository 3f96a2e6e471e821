/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The values of objects and processes, as they are told. */
#include "base/memory.h"
#include "model/builder-private.h"

#include <assert.h>

/* --- what fields are -------------------------------------------------------- */

static struct trait trait_of(uint16_t field, unsigned place)
{
        const struct field *facts = field_get(field);

        return (struct trait){ (uint8_t)place, (uint8_t)facts->type, facts->unit == UNIT_UID,
                               facts->unit == UNIT_GID };
}

struct trait *builder_traits(const struct kind_set *kinds)
{
        struct trait *traits = memory_new(((size_t)kinds->nkinds + 1) * FIELD_COUNT * sizeof(*traits));

        for (unsigned i = 0; i < kinds->nkinds; i++)
                for (unsigned j = 0; j < kinds->kinds[i]->nfields; j++) {
                        uint16_t field = kinds->kinds[i]->fields[j];

                        traits[i * FIELD_COUNT + field] = trait_of(field, j + 1);
                }
        for (uint16_t field = 0; field < FIELD_COUNT; field++)
                traits[kinds->nkinds * FIELD_COUNT + field] = trait_of(field, 0);
        return traits;
}

static const struct trait *traits_of(const struct builder *builder, unsigned order)
{
        return builder->traits + (size_t)order * FIELD_COUNT;
}

/* --- objects ---------------------------------------------------------------- */

enum { VALUES_MORE = 4 };

/* Objects of a kind have much the same fields: the next one gets the room that this one needs. */
static void make_room(struct builder *builder, struct draft *draft)
{
        struct object *object = &draft->object;
        unsigned most = object->key.kind->nfields, room = draft->room + VALUES_MORE;
        struct value *values;

        assert(draft->room < most);
        room = room < most ? room : most;
        values = ARENA_ROOM(builder_arena(builder), struct value, room);
        if (object->nvalues)
                memcpy(values, object->values, object->nvalues * sizeof(*values));
        object->values = values;
        draft->room = room;
        if (room > builder->rooms[object->kind_order])
                builder->rooms[object->kind_order] = room;
}

static void note_user(struct builder *builder, const struct trait *trait, const struct value *value)
{
        if (value->type == VALUE_UINT)
                builder_note_id(trait->user ? &builder->users : &builder->groups, value->u);
}

/* Not behind the last: it is replaced, there is no room for it, or others come behind it. Seldom: kept apart. */
__attribute__((noinline))
static void insert_value(struct builder *builder, struct draft *draft, const struct trait *traits, struct value value)
{
        struct object *object = &draft->object;
        unsigned i = object->nvalues;

        if (field_set_has(&draft->set, value.field)) {
                for (i = 0; object->values[i].field != value.field; i++)
                        ;
        } else {
                if (i == draft->room)
                        make_room(builder, draft);
                object->nvalues++;
                for (; i > 0 && traits[object->values[i - 1].field].place > traits[value.field].place; i--)
                        object->values[i] = object->values[i - 1];
                field_set_add(&draft->set, value.field);
        }
        object->values[i] = value;
        draft->last = traits[object->values[object->nvalues - 1].field].place;
}

/*
 * In the order of the kind's fields, in which most are told. Text and rows stay where they are: the
 * caller sees to it that they live in the arena. What sealing wants to know of the values of all objects
 * is noted while they are at hand.
 */
static void set_value(struct builder *builder, struct draft *draft, const struct trait *traits, struct value value)
{
        enum { POINTS = 1 << VALUE_OBJECT | 1 << VALUE_ROWS | 1 << VALUE_RECORD };
        const struct trait *trait = &traits[value.field];

        if (!trait->place)
                return;
        draft->points |= POINTS >> value.type & 1;
        if (trait->user || trait->group)
                note_user(builder, trait, &value);
        if (trait->place <= draft->last || draft->object.nvalues == draft->room) {
                insert_value(builder, draft, traits, value);
                return;
        }
        draft->last = trait->place;
        field_set_add(&draft->set, value.field);
        draft->object.values[draft->object.nvalues++] = value;
}

void builder_value(struct builder *builder, struct object *object, struct value value)
{
        set_value(builder, draft_of(object), traits_of(builder, object->kind_order), value);
}

void builder_values(struct builder *builder, struct object *object, const struct value *values, unsigned n)
{
        const struct trait *traits = traits_of(builder, object->kind_order);
        struct draft *draft = draft_of(object);

        assert(object->nvalues == 0 && n <= object->key.kind->nfields);
        if (draft->room < n) {
                /* What comes later has room, too. */
                draft->room = builder->rooms[object->kind_order] = object->key.kind->nfields;
                object->values = ARENA_ROOM(builder_arena(builder), struct value, draft->room);
        }
        for (unsigned i = 0; i < n; i++) {
                assert(traits[values[i].field].place > draft->last);
                set_value(builder, draft, traits, values[i]);
        }
}

const struct value *builder_get(const struct object *object, uint16_t field)
{
        return field_set_has(&((const struct draft *)object)->set, field) ? object_get(object, field) : NULL;
}

void builder_uint(struct builder *builder, struct object *object, uint16_t field, uint64_t value)
{
        const struct trait *traits = traits_of(builder, object->kind_order);

        set_value(builder, draft_of(object), traits,
                  (struct value){ .field = field, .type = traits[field].type, .u = value });
}

void builder_text(struct builder *builder, struct object *object, uint16_t field, struct text value)
{
        struct text copy = arena_text(builder_arena(builder), value);

        builder_value(builder, object, (struct value){ .field = field, .type = VALUE_TEXT,
                                                       .len = (uint32_t)copy.len, .data = copy.data });
}

void builder_unknown(struct builder *builder, struct object *object, uint16_t field)
{
        builder_value(builder, object, (struct value){ .field = field, .type = VALUE_UNKNOWN });
}

void builder_state(struct builder *builder, struct object *object, uint64_t states, bool inferred)
{
        const struct value *old = builder_get(object, FIELD_STATE);
        struct value value = { .field = FIELD_STATE, .type = VALUE_WORDS, .u = states, .inferred = inferred && states };

        if (old && old->type == VALUE_WORDS) {
                value.u |= old->u;
                value.inferred |= old->inferred;
        }
        builder_value(builder, object, value);
}

/* --- processes -------------------------------------------------------------- */

void builder_process_value(struct builder *builder, struct process *process, struct value value)
{
        struct draft_process *runner = (struct draft_process *)process;
        const struct trait *trait = &traits_of(builder, builder->kinds->nkinds)[value.field];

        if (trait->user || trait->group)
                note_user(builder, trait, &value);
        if (process->nvalues == runner->room) {
                struct value *more = ARENA_ROOM(builder_arena(builder), struct value, runner->room * 2);

                memcpy(more, process->values, process->nvalues * sizeof(*more));
                process->values = more;
                runner->room *= 2;
        }
        process->values[process->nvalues++] = value;
}
