/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "collect/collect.h"

#include "base/i18n.h"
#include "collect/history.h"
#include "collect/holders.h"
#include "collect/later.h"
#include "collect/limits.h"
#include "collect/logind.h"
#include "model/builder.h"
#include "model/reference.h"
#include "sys/process.h"

#include <errno.h>

static void fill_origin(const struct host *host, struct builder *builder)
{
        struct snapshot_origin *origin = builder_origin(builder);
        struct buf buf = { 0 };

        origin->time = host_time(host);
        origin->uid = host_uid(host);
        origin->recorded = !host_live(host);
        origin->page_bytes = host_page_bytes(host);
        origin->ipc_ns = host_namespace(host, "ipc");
        origin->mnt_ns = host_namespace(host, "mnt");
        origin->net_ns = host_namespace(host, "net");
        origin->pid_ns = host_namespace(host, "pid");
        host_name(host, &buf);
        origin->host = arena_text(builder_arena(builder), buf_text(&buf));
        buf_clear(&buf);
        host_boot_id(host, &buf);
        origin->boot_id = arena_text(builder_arena(builder), buf_text(&buf));
        buf_done(&buf);
}

/* Kinds that share a source share the function: it is called once for all of them. */
static bool scanned_before(const struct kind_set *kinds, const struct want *want, unsigned number)
{
        for (unsigned i = 0; i < number; i++)
                if (want->kinds >> i & 1 && kinds->kinds[i]->scan == kinds->kinds[number]->scan)
                        return true;
        return false;
}

static void scan_kinds(const struct host *host, const struct kind_set *kinds, const struct want *want,
                       struct builder *builder)
{
        for (unsigned i = 0; i < kinds->nkinds; i++)
                if (want->kinds >> i & 1 && kinds->kinds[i]->scan && !scanned_before(kinds, want, i))
                        kinds->kinds[i]->scan(host, want, builder);
}

/* Objects that no scan lists, but the question names. */
static void look_up(const struct host *host, const struct want *want, struct builder *builder)
{
        for (size_t i = 0; i < want->nnamed; i++) {
                const struct reference *named = &want->named[i];

                if (named->by == REFERENCE_NAME && named->kind->lookup && builder_wants(builder, named->kind))
                        named->kind->lookup(host, builder, named->name);
        }
}

/*
 * Processes that no walk shows: those of others when /proc is mounted with
 * hidepid, and those outside a pid namespace whose IPC namespace is the
 * initial one (both are told by inodes that never change, linux/proc_ns.h).
 */
static void tell_hidden(const struct host *host, struct builder *builder)
{
        const uint64_t initial_ipc = 0xEFFFFFFF, initial_pid = 0xEFFFFFFC;
        const struct snapshot_origin *origin = builder_origin(builder);

        if (!host_live(host))
                return;
        if (process_hidden(host))
                builder_gap(builder, NULL, "/proc", EACCES, N_("processes are hidden (hidepid)"));
        if (origin->ipc_ns == initial_ipc && origin->pid_ns != 0 && origin->pid_ns != initial_pid)
                builder_gap(builder, NULL, "/proc", EACCES, N_("processes outside this pid namespace share its IPC"));
}

static void settle_kinds(const struct host *host, const struct kind_set *kinds, const struct want *want,
                         struct builder *builder)
{
        for (unsigned i = 0; i < kinds->nkinds; i++)
                if (want->kinds >> i & 1 && kinds->kinds[i]->settle)
                        kinds->kinds[i]->settle(host, builder);
}

static void conclude_objects(const struct kind_set *kinds, struct builder *builder)
{
        struct object *object;

        for (unsigned i = 0; i < kinds->nkinds; i++) {
                if (!kinds->kinds[i]->conclude)
                        continue;
                for (size_t j = 0; (object = builder_each(builder, kinds->kinds[i], j)); j++)
                        kinds->kinds[i]->conclude(builder, object);
        }
}

/* Every user and group is looked up once, however many rows bear it. */
static void name_ids(const struct host *host, struct builder *builder)
{
        struct buf name = { 0 };
        const uint32_t *ids;
        size_t n = builder_users(builder, &ids);

        for (size_t i = 0; i < n; i++) {
                buf_clear(&name);
                if (host_user_name(host, ids[i], &name))
                        builder_name_user(builder, ids[i], buf_text(&name));
        }
        n = builder_groups(builder, &ids);
        for (size_t i = 0; i < n; i++) {
                buf_clear(&name);
                if (host_group_name(host, ids[i], &name))
                        builder_name_group(builder, ids[i], buf_text(&name));
        }
        buf_done(&name);
}

struct snapshot *collect(const struct host *host, const struct kind_set *kinds, const struct want *want,
                         struct sleepers *sleepers, struct builder_memory *memory)
{
        struct builder *builder = builder_new_again(kinds, want, memory);

        fill_origin(host, builder);
        scan_kinds(host, kinds, want, builder);
        look_up(host, want, builder);
        if (want->holders || want->processes || want->waiters) {
                tell_hidden(host, builder);
                collect_holders(host, kinds, sleepers, builder);
        }
        if (want->holders)
                collect_later(host, builder);
        collect_history(host, builder);
        settle_kinds(host, kinds, want, builder);
        conclude_objects(kinds, builder);
        collect_limits(host, builder);
        collect_logind(host, builder);
        name_ids(host, builder);
        return builder_seal(builder);
}
