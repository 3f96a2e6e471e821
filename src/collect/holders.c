/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "collect/holders.h"

#include "collect/processes.h"
#include "kind/claim.h"

#include <errno.h>

/* One pass over the machine. */
struct pass {
        const struct host *host;
        const struct kind_set *kinds;
        struct builder *builder;
        struct walk *walk;
        struct process *process;        /* of the current entries; NULL until one of them matters */
        bool gone;                      /* it ended in mid-walk: nothing more is told of it */
};

static struct process *current_process(struct pass *pass, pid_t pid)
{
        if (!pass->process && !pass->gone) {
                pass->process = process_meet(pass->host, walk_process_dir(pass->walk), pid, pass->builder);
                pass->gone = !pass->process;
        }
        return pass->process;
}

/* Kinds that share a source share the function: asked once. */
static struct object *ask_kinds(struct pass *pass, unsigned class, struct claim *claim)
{
        struct object *(*asked)(struct claim *claim) = NULL;

        for (unsigned i = 0; i < pass->kinds->nkinds; i++) {
                const struct kind *kind = pass->kinds->kinds[i];
                struct object *object;

                if (!(kind->claims & class) || kind->claim == asked || !builder_wants(pass->builder, kind))
                        continue;
                if (class == CLAIM_ANON && kind->anon && !text_equal(claim->entry->link, text_of(kind->anon)))
                        continue;
                asked = kind->claim;
                object = kind->claim(claim);
                if (object)
                        return object;
        }
        return NULL;
}

static void tie(struct pass *pass, const struct entry *entry, struct object *object, unsigned access, bool inferred)
{
        struct process *process = current_process(pass, entry->pid);
        bool map = entry->type == ENTRY_MAP;

        if (!process)
                return;
        builder_hold(pass->builder, (struct hold){
                .object = object, .process = process,
                .way = map ? WAY_MAP : WAY_FD,
                .access = access,
                .fd = map ? -1 : entry->fd,
                .tid = entry->tid == entry->pid ? 0 : entry->tid,
                .maps = map,
                .inferred = inferred,
        });
}

/* A path: told apart by what the open file is. */
static struct object *find_path(struct pass *pass, struct entry *entry, struct claim *claim, struct file_facts *facts)
{
        struct object *object;
        int err = walk_fd_stat(pass->walk, entry, facts);

        if (err < 0) {
                if (err != -ENOENT && err != -ESRCH)
                        builder_gap(pass->builder, NULL, "/proc/PID/fd/*", -err, NULL);
                return NULL;
        }
        claim->facts = facts;
        object = builder_indexed(pass->builder, entry->dev, entry->inode);
        return object ? object : ask_kinds(pass, CLAIM_PATH_FD, claim);
}

/* A socket or pipe: its inode is enough. */
static struct object *find_inode(struct pass *pass, uint64_t space, unsigned class, struct claim *claim)
{
        struct object *object = builder_indexed(pass->builder, space, claim->entry->inode);

        return object ? object : ask_kinds(pass, class, claim);
}

static void see_fd(struct pass *pass, struct entry *entry)
{
        struct file_facts facts;
        struct claim claim = { pass->host, pass->walk, entry, NULL, pass->builder, false };
        struct object *object = NULL;
        int err;

        switch (entry->link_type) {
        case LINK_PATH:
                object = find_path(pass, entry, &claim, &facts);
                break;
        case LINK_PIPE:
                object = find_inode(pass, SPACE_PIPE, CLAIM_PIPE, &claim);
                break;
        case LINK_SOCKET:
                object = find_inode(pass, SPACE_SOCKET, CLAIM_SOCKET, &claim);
                break;
        case LINK_ANON:
                object = ask_kinds(pass, CLAIM_ANON, &claim);
                break;
        case LINK_OTHER:
                break;
        }
        if (!object)
                return;
        err = walk_fd_access(pass->walk, entry);
        if (err == -ENOENT || err == -ESRCH)
                return;
        tie(pass, entry, object, err < 0 ? ACCESS_UNKNOWN : entry->access, claim.inferred);
}

static void see_map(struct pass *pass, struct entry *entry)
{
        struct claim claim = { pass->host, pass->walk, entry, NULL, pass->builder, false };
        struct object *object = NULL;

        if (text_starts(entry->link, TEXT("/SYSV")))
                object = ask_kinds(pass, CLAIM_SYSV_MAP, &claim);
        if (!object)
                object = builder_indexed(pass->builder, entry->dev, entry->inode);
        if (!object)
                object = ask_kinds(pass, CLAIM_PATH_MAP, &claim);
        if (object)
                tie(pass, entry, object, entry->access, claim.inferred);
}

static void see(struct pass *pass, struct entry *entry)
{
        switch (entry->type) {
        case ENTRY_PROCESS:
                pass->process = NULL;
                pass->gone = false;
                if (builder_want(pass->builder)->processes)
                        current_process(pass, entry->pid);
                break;
        case ENTRY_FD:
                see_fd(pass, entry);
                break;
        case ENTRY_MAP:
                see_map(pass, entry);
                break;
        case ENTRY_ERROR:
                builder_gap(pass->builder, NULL, entry->where, entry->err, NULL);
                break;
        }
}

/* What the wanted kinds can be found by: descriptors, mappings or both. */
static enum walk_flags needed(const struct kind_set *kinds, const struct builder *builder)
{
        unsigned claims = 0;

        for (unsigned i = 0; i < kinds->nkinds; i++)
                if (builder_wants(builder, kinds->kinds[i]))
                        claims |= kinds->kinds[i]->claims;
        return (claims & (CLAIM_PATH_FD | CLAIM_PIPE | CLAIM_SOCKET | CLAIM_ANON) ? WALK_FDS : 0) |
               (claims & (CLAIM_SYSV_MAP | CLAIM_PATH_MAP) ? WALK_MAPS : 0);
}

void collect_holders(const struct host *host, const struct kind_set *kinds, struct builder *builder)
{
        struct pass pass = { .host = host, .kinds = kinds, .builder = builder };
        enum walk_flags flags = needed(kinds, builder);
        struct entry entry;
        int err;

        if (!flags && !builder_want(builder)->processes)
                return;
        err = walk_open(host, flags, &pass.walk);
        if (err < 0) {
                builder_gap(builder, NULL, "/proc", -err, NULL);
                return;
        }
        while (walk_next(pass.walk, &entry) > 0)
                see(&pass, &entry);
        walk_close(pass.walk);
}
