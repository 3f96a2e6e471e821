/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory and threads of the control groups whose processes have shared memory (cgroup v2). */
#include "collect/limits.h"
#include "kind/mounted.h"
#include "sys/limits.h"

#include <errno.h>

enum { FILE_MOST = 1 << 20, DEPTH_MOST = 64 };

struct groups {
        const struct host *host;
        struct builder *builder;
        struct text mount;
        struct map seen;                /* hash of the path -> struct group */
        struct text last;               /* the path that was asked about last: most are that again */
};

/* A group that was read, in a chain of those with the same hash. */
struct group {
        struct text path;
        struct group *next;
};

static uint64_t hash(struct text text)
{
        uint64_t number = UINT64_C(14695981039346656037);

        for (size_t i = 0; i < text.len; i++)
                number = (number ^ (unsigned char)text.data[i]) * UINT64_C(1099511628211);
        return number;
}

/* True the first time. */
static bool visit(struct groups *groups, struct text path)
{
        void **place = map_place(&groups->seen, hash(path), 0);
        struct group *group;

        for (group = *place; group; group = group->next)
                if (text_equal(group->path, path))
                        return false;
        group = ARENA_NEW(builder_arena(groups->builder), struct group);
        *group = (struct group){ arena_text(builder_arena(groups->builder), path), *place };
        *place = group;
        return true;
}

/* The text of a file of a group. Groups come and go: what is not there is no gap. */
static int read_file(const struct groups *groups, struct text path, const char *file, struct buf *out)
{
        struct buf whole = { 0 };
        int r;

        buf_add(&whole, groups->mount);
        buf_add(&whole, path);
        buf_printf(&whole, "/%s", file);
        buf_clear(out);
        r = host_read(groups->host, whole.data, FILE_MOST, out);
        if (r < 0 && r != -ENOENT && r != -ENODEV)
                builder_gap(groups->builder, NULL, "/sys/fs/cgroup", -r, NULL);
        buf_done(&whole);
        return r;
}

static bool read_number(const struct groups *groups, struct text path, const char *file, struct buf *text,
                        uint64_t *ret)
{
        unsigned n;

        return read_file(groups, path, file, text) == 0 && limits_parse_numbers(buf_text(text), ret, 1, &n) == 0;
}

static void read_group(struct groups *groups, struct text path)
{
        struct limit_reading memory = { .limit = LIMIT_CGROUP_MEMORY, .name = path, .counted = true };
        struct limit_reading pids = { .limit = LIMIT_CGROUP_PIDS, .name = path, .counted = true };
        struct buf text = { 0 };

        if (read_number(groups, path, "memory.max", &text, &memory.value) &&
            read_number(groups, path, "memory.current", &text, &memory.used)) {
                memory.unlimited = memory.value == LIMIT_NONE;
                if (read_file(groups, path, "memory.stat", &text) == 0)
                        limits_parse_keyed(buf_text(&text), "shmem", &memory.shared_bytes);
                if (read_file(groups, path, "memory.events", &text) == 0)
                        limits_parse_keyed(buf_text(&text), "max", &memory.failures);
                memory.usual = builder_origin(groups->builder)->page_bytes;
                builder_reading(groups->builder, &memory);
        }
        if (read_number(groups, path, "pids.max", &text, &pids.value) &&
            read_number(groups, path, "pids.current", &text, &pids.used)) {
                pids.unlimited = pids.value == LIMIT_NONE;
                if (read_file(groups, path, "pids.events", &text) == 0)
                        limits_parse_keyed(buf_text(&text), "max", &pids.failures);
                builder_reading(groups->builder, &pids);
        }
        buf_done(&text);
}

/* A group is bound by those that it lies in, too. The root has no limit. */
static void read_groups(struct groups *groups, struct text path)
{
        if (text_equal(path, groups->last))
                return;
        groups->last = path;
        for (unsigned i = 0; i < DEPTH_MOST && path.len > 1 && visit(groups, path); i++) {
                read_group(groups, path);
                while (path.len > 0 && path.data[path.len - 1] != '/')
                        path.len--;
                if (path.len > 0)
                        path.len--;
        }
}

/* Does it take memory that is shared? */
static bool is_memory(const struct kind *kind)
{
        return kind_has_field(kind, FIELD_RESIDENT_BYTES) || kind_has_field(kind, FIELD_ALLOCATED_BYTES);
}

static void read_holders(struct groups *groups, const struct object *object)
{
        const struct process *last = NULL;
        const struct hold *hold = NULL;

        while ((hold = builder_next_hold(object, hold))) {
                const struct value *path = row_get(process_row(hold->process), FIELD_CGROUP);

                if (hold->process != last && path && path->type == VALUE_TEXT &&
                    text_starts(value_text(path), TEXT("/")) && !memchr(path->data, 0, path->len))
                        read_groups(groups, value_text(path));
                last = hold->process;
        }
}

void collect_cgroup_limits(const struct host *host, struct builder *builder)
{
        struct groups groups = { .host = host, .builder = builder };
        const struct mount *mount = mounted_find(mounted(host, builder), NULL, "cgroup2");
        const struct kind_set *kinds = builder_kinds(builder);
        struct object *object;

        if (!mount)
                return;
        groups.mount = mount->path;
        for (unsigned i = 0; i < kinds->nkinds; i++) {
                if (!is_memory(kinds->kinds[i]))
                        continue;
                for (size_t j = 0; (object = builder_each(builder, kinds->kinds[i], j)); j++)
                        read_holders(&groups, object);
        }
        map_done(&groups.seen);
}
