/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The files that sockets are bound to. A socket's path is the text that was
 * given to bind(2): it means something in the root directory and the mount
 * namespace of whoever gave it, and may lead elsewhere now, or nowhere.
 */
#include "kind/unix.h"

#include "base/array.h"
#include "kind/kinds.h"
#include "kind/mounted.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

/* File systems that may wait for a server, or for a process. */
static bool is_remote(struct text type)
{
        static const char *const remote[] = {
                "nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "ceph", "coda", "9p", "gfs2", "ocfs2", "lustre",
                "glusterfs", "beegfs", "orangefs", "autofs",
        };

        for (unsigned i = 0; i < COUNT(remote); i++)
                if (text_equal(type, text_of(remote[i])))
                        return true;
        return text_starts(type, TEXT("fuse"));
}

void places_init(struct places *places, const struct host *host, struct builder *builder)
{
        const struct mounted *all = mounted(host, builder);

        *places = (struct places){ 0 };
        /* Without the list nothing counts as mounted: then no file is looked at. */
        for (size_t i = 0; i < all->n; i++) {
                *map_place(&places->mounted, all->list[i].dev, 0) = places;
                if (!is_remote(all->list[i].type))
                        *map_place(&places->devices, all->list[i].dev, 0) = places;
        }
}

void places_done(struct places *places)
{
        map_done(&places->devices);
        map_done(&places->mounted);
}

bool places_local(const struct places *places, uint64_t dev)
{
        return map_get(&places->devices, dev, 0);
}

bool places_mounted(const struct places *places, uint64_t dev)
{
        return map_get(&places->mounted, dev, 0);
}

void bound_add(struct bound *bound, uint64_t dev, uint64_t inode)
{
        *map_place(&bound->files, dev, (uint32_t)inode) = bound;
}

bool bound_has(const struct bound *bound, uint64_t dev, uint64_t inode)
{
        return map_get(&bound->files, dev, (uint32_t)inode);
}

/* A name being looked at. */
struct look {
        const struct host *host;
        const struct places *places;
        struct bound *bound;
        struct builder *builder;
        struct arena arena;
        struct map seen;                /* dev, low bits of inode -> struct found */
};

/* Where a path leads: 0, with the facts of the socket's file or of another one; or -errno. */
struct found {
        struct text path;
        int err;
        bool same;
        struct file_facts facts;
};

/*
 * The inode decides, and the device where both count it alike: btrfs and its
 * like tell stat(2) devices that are none of a mount.
 */
static struct found find(const struct look *look, const char *path, const struct unix_known *known)
{
        struct found found = { .err = host_stat(look->host, AT_FDCWD, path, NULL, false, &found.facts) };

        found.same = found.err == 0 && S_ISSOCK(found.facts.mode) && (uint32_t)found.facts.inode == known->file_inode &&
                     (found.facts.dev == known->file_dev || !places_mounted(look->places, found.facts.dev));
        return found;
}

/* Connections share the listener's name and file: each is looked up once. */
static struct found find_once(struct look *look, const struct unix_known *known)
{
        void **place;
        struct found *found;

        if (!known->connection)
                return find(look, known->name.data, known);
        place = map_place(&look->seen, known->file_dev, known->file_inode);
        found = *place;
        if (found && text_equal(found->path, known->name))
                return *found;
        found = ARENA_NEW(&look->arena, struct found);
        *found = find(look, known->name.data, known);
        found->path = known->name;
        *place = found;
        return *found;
}

/* The same path as a process that has the socket sees it. */
static bool find_by_holder(const struct look *look, const struct unix_known *known, struct found *ret)
{
        const struct hold *hold = builder_next_hold(known->object, NULL);
        struct buf where = { 0 };

        if (!hold)
                return false;
        buf_printf(&where, "/proc/%d/root%s", hold->process->pid, known->name.data);
        *ret = find(look, where.data, known);
        buf_done(&where);
        return ret->err == 0 || ret->err == -ENOENT || ret->err == -ENOTDIR;
}

static void set_file(struct look *look, struct object *object, const struct file_facts *facts)
{
        builder_uint(look->builder, object, FIELD_FILE_INODE, facts->inode);
        builder_uint(look->builder, object, FIELD_MODE, facts->mode & 07777);
        if (facts->btime)
                builder_uint(look->builder, object, FIELD_CREATED_AT, (uint64_t)facts->btime);
}

static void look_at(struct look *look, struct unix_known *known)
{
        struct object *object = known->object;
        struct found found, theirs;
        bool sure;

        if (!places_mounted(look->places, known->file_dev)) {
                /* Of another mount namespace: from here the path leads elsewhere. */
                object->nameless = true;
                return;
        }
        if (!places_local(look->places, known->file_dev))
                return;
        found = find_once(look, known);
        if (found.err < 0 && found.err != -ENOENT && found.err != -ENOTDIR) {
                builder_gap(look->builder, &kind_unix, "statx", -found.err, NULL);
                return;
        }
        if (found.same) {
                known->reached = true;
                bound_add(look->bound, found.facts.dev, found.facts.inode);
                if (!known->connection)
                        set_file(look, object, &found.facts);
                return;
        }
        object->nameless = true;
        /* Connections have theirs from the listener: it is nothing special about them. */
        if (known->connection)
                return;
        sure = find_by_holder(look, known, &theirs);
        if (sure && theirs.same)
                set_file(look, object, &theirs.facts);
        else
                builder_state(look->builder, object,
                              WORD_BIT(found.err < 0 ? STATE_UNLINKED : STATE_REPLACED), !sure);
}

void unix_settle_files(const struct host *host, const struct places *places, struct bound *bound,
                       struct builder *builder)
{
        struct look look = { .host = host, .places = places, .bound = bound, .builder = builder };

        arena_init(&look.arena);
        for (struct unix_known *known = unix_list(builder)->named; known; known = known->next) {
                if (!known->has_file)
                        continue;
                builder_uint(builder, known->object, FIELD_DEV, known->file_dev);
                builder_uint(builder, known->object, FIELD_FILE_INODE, known->file_inode);
                bound_add(bound, known->file_dev, known->file_inode);
                if (known->name.data[0] == '/')
                        look_at(&look, known);
        }
        map_done(&look.seen);
        arena_done(&look.arena);
}
