/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Chance, and the machine that the monkey sees. */
#include "base/array.h"
#include "kind/kinds.h"
#include "model/builder.h"
#include "monkey.h"

/* --- chance ---------------------------------------------------------------- */

uint64_t draw(struct monkey *monkey)
{
        uint64_t x = monkey->random += UINT64_C(0x9e3779b97f4a7c15);

        x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
        x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
        return x ^ x >> 31;
}

unsigned below(struct monkey *monkey, unsigned n)
{
        return (unsigned)(draw(monkey) % n);
}

/* --- scenes ---------------------------------------------------------------- */

struct text hostile_text(struct monkey *monkey, char *room, size_t size)
{
        static const char *const pieces[] = { "\033[31m", "\xff", "\xe2\x80\xae", "\n", "\xe6\xbc\xa2", "e\xcc\x81", "/",
                                              "a b", "\\", "%s%n", "\xf0\x9f\x98\x80", "'\"", "\x7f", "-rf", "\t" };
        size_t len = 0;

        for (unsigned n = below(monkey, 12); n > 0; n--) {
                const char *piece = pieces[below(monkey, COUNT(pieces))];

                if (len + strlen(piece) > size)
                        break;
                memcpy(room + len, piece, strlen(piece));
                len += strlen(piece);
        }
        return (struct text){ room, len };
}

/* An ordinary object, which can be removed. */
static void add_few_values(struct builder *builder, struct object *object)
{
        struct buf name = { 0 };

        buf_printf(&name, "/%llu", (unsigned long long)object->key.id);
        if (kind_has_field(object->key.kind, FIELD_ID))
                builder_uint(builder, object, FIELD_ID, object->key.id);
        if (kind_has_field(object->key.kind, FIELD_NAME))
                builder_text(builder, object, FIELD_NAME, buf_text(&name));
        if (kind_has_field(object->key.kind, FIELD_INODE))
                builder_uint(builder, object, FIELD_INODE, object->key.id);
        builder_uint(builder, object, FIELD_OWNER, object->key.id % 3);
        buf_done(&name);
}

static void add_values(struct monkey *monkey, struct builder *builder, struct object *object)
{
        const struct kind *kind = object->key.kind;
        char room[200];

        for (unsigned i = 0; i < kind->nfields; i++) {
                const struct field *field = field_get(kind->fields[i]);
                struct value value = { .field = kind->fields[i], .type = field->type };

                switch (field->type) {
                case VALUE_UINT:  value.u = draw(monkey) >> below(monkey, 64); break;
                case VALUE_BOOL:  value.u = below(monkey, 2); break;
                case VALUE_WORD:  value.u = below(monkey, field->words->nwords); break;
                case VALUE_WORDS: value.u = draw(monkey) & draw(monkey) & UINT64_MAX >> (64 - field->words->nwords); break;
                case VALUE_TEXT:
                        builder_text(builder, object, value.field, hostile_text(monkey, room, sizeof(room)));
                        continue;
                default:          continue;
                }
                if (kind->fields[i] == FIELD_ID || kind->fields[i] == FIELD_INODE)
                        value.u = object->key.id;
                if (below(monkey, 12) == 0)
                        builder_unknown(builder, object, value.field);
                else
                        builder_value(builder, object, value);
        }
}

static void add_hold(struct monkey *monkey, struct builder *builder, struct object *object, struct process *process)
{
        enum way_word way = (enum way_word)below(monkey, way_word_count);
        struct hold hold = { .object = object, .process = process, .way = way, .fd = -1,
                             .access = below(monkey, access_word_count + 1), .inferred = below(monkey, 2) };

        if (way == WAY_FD)
                hold.fd = (int)below(monkey, 5000);
        if (way == WAY_MAP)
                hold.maps = 1 + below(monkey, 3);
        builder_hold(builder, hold);
}

static void add_ties(struct monkey *monkey, struct builder *builder, struct object **objects, size_t n)
{
        struct process *processes[PROCESSES];
        char room[200];

        for (unsigned i = 0; i < PROCESSES; i++) {
                processes[i] = builder_process(builder, (pid_t)(100 + i), 1 + i, hostile_text(monkey, room, 15));
                builder_process_value(builder, processes[i], (struct value){ .field = FIELD_UID, .type = VALUE_UINT,
                                                                             .u = 1000 + below(monkey, 3) });
        }
        for (size_t i = 0; i < n * 2; i++)
                add_hold(monkey, builder, objects[below(monkey, (unsigned)n)], processes[below(monkey, PROCESSES)]);
        for (size_t i = 0; i < n / 2; i++)
                builder_peer(builder, objects[below(monkey, (unsigned)n)], objects[below(monkey, (unsigned)n)]);
        for (size_t i = 0; i < n / 4; i++) {
                struct process *process = processes[below(monkey, PROCESSES)];

                builder_wait(builder, (struct wait){ .object = objects[below(monkey, (unsigned)n)], .process = process,
                                                     .tid = process->pid, .operation = "semop", .since = 1,
                                                     .inferred = below(monkey, 2), .timed = below(monkey, 2) });
        }
}

struct scene *make_scene(struct monkey *monkey)
{
        struct want want = { .kinds = UINT64_MAX, .holders = true, .waiters = true, .processes = true };
        struct builder *builder = builder_new(&all_kinds, &want);
        const struct scene_options options = { .findings.rules = FINDING_ALL,
                                               .findings.utf8 = monkey->ui.options.utf8 };
        struct object *objects[POOL];
        size_t n = 0;

        *builder_origin(builder) = (struct snapshot_origin){ .time = monkey->now, .host = TEXT("vm\033"), .ipc_ns = 1,
                                                               .mnt_ns = 1, .net_ns = 1, .pid_ns = 1 };
        for (unsigned i = 0; i < POOL; i++) {
                struct slot *slot = &monkey->pool[i];

                if (below(monkey, 10) == 0)
                        slot->there = !slot->there;
                if (below(monkey, 200) == 0)
                        slot->id += 1000;       /* another one in its place */
                if (!slot->there)
                        continue;
                objects[n] = builder_object(builder, (struct object_key){ slot->kind, 1, slot->id }, NULL);
                objects[n]->ns = 1;
                if (i % 3)
                        add_few_values(builder, objects[n++]);
                else
                        add_values(monkey, builder, objects[n++]);
        }
        if (n > 0 && below(monkey, 20) > 0)
                add_ties(monkey, builder, objects, n);
        if (below(monkey, 2))
                builder_gap(builder, NULL, "/proc/PID/maps", 13, NULL);
        builder_name_user(builder, 1000, TEXT("a\033na"));
        monkey->scenes++;
        return scene_make(monkey->ui.scene, builder_seal(builder), &options);
}
