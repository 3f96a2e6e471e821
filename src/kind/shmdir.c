/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kind/shmdir.h"

#include "base/memory.h"
#include "kind/kinds.h"
#include "sys/directory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
        DEPTH_MOST = 32,                /* directories below /dev/shm */
        ENTRIES_BUFFER = 32768,
};

void shmdir_set_common(struct builder *builder, struct object *object, const struct file_facts *facts)
{
        builder_uint(builder, object, FIELD_INODE, facts->inode);
        builder_uint(builder, object, FIELD_DEV, facts->dev);
        builder_uint(builder, object, FIELD_OWNER, facts->uid);
        builder_uint(builder, object, FIELD_GROUP, facts->gid);
        builder_uint(builder, object, FIELD_MODE, facts->mode & 07777);
        builder_state(builder, object, 0, false);
        builder_uint(builder, object, FIELD_LINKED, facts->nlink > 0);
        if (facts->nlink > 1 && !S_ISDIR(facts->mode))
                builder_uint(builder, object, FIELD_LINKS, facts->nlink);
        builder_uint(builder, object, FIELD_CREATED_AT, (uint64_t)facts->btime);
        builder_uint(builder, object, FIELD_CHANGED_AT, (uint64_t)facts->ctime);
        builder_uint(builder, object, FIELD_MODIFIED_AT, (uint64_t)facts->mtime);
}

/* glibc makes named semaphores as sem.NAME, and as sem.XXXXXX before they have their name. */
static bool is_semaphore(struct text base, uint64_t size)
{
        return text_starts(base, TEXT("sem.")) && base.len > 4 && (size == 32 || size == 16);
}

static const struct kind *kind_of(struct text base, const struct file_facts *facts)
{
        if (S_ISFIFO(facts->mode))
                return &kind_fifo;
        if (!S_ISREG(facts->mode))
                return &kind_devshm;
        return is_semaphore(base, facts->size) ? &kind_psem : &kind_pshm;
}

static struct object *add_file(struct builder *builder, const struct kind *kind, const struct shmdir_file *file,
                               bool *ret_new)
{
        struct object_key key = { kind, file->facts->dev, file->facts->inode };
        struct object *object = builder_object(builder, key, ret_new);

        if (!*ret_new)
                return object;
        shmdir_set_common(builder, object, file->facts);
        if (kind == &kind_pshm)
                pshm_fill(builder, object, file);
        else if (kind == &kind_psem)
                psem_fill(builder, object, file);
        else if (kind == &kind_devshm)
                devshm_fill(builder, object, file);
        builder_index(builder, object, file->facts->dev, file->facts->inode);
        return object;
}

/* A directory tree being read, and where we are in it. */
struct reading {
        const struct host *host;
        struct builder *builder;
        uint64_t dev;                   /* of the tree; what is mounted inside it is not of it */
        uint64_t ns;
        bool foreign;
        struct buf path;                /* of the current entry, as on the machine */
        size_t root;                    /* bytes of path that are the tree's own name */
};

/*
 * "/sub/name" of the current entry; of a semaphore "/name", as sem_open(3) calls
 * it; of a FIFO the whole path, as fifos are opened.
 */
static void set_name(struct reading *reading, struct object *object)
{
        struct text name = text_from(buf_text(&reading->path), reading->root);
        struct buf other = { 0 };

        if (object->key.kind == &kind_psem) {
                size_t base = name.len;

                while (base > 0 && name.data[base - 1] != '/')
                        base--;
                buf_add(&other, (struct text){ name.data, base });
                buf_add(&other, text_from(name, base + strlen("sem.")));
                name = buf_text(&other);
        }
        if (object->key.kind == &kind_fifo) {
                buf_string(&other, SHMDIR);
                buf_add(&other, name);
                name = buf_text(&other);
        }
        builder_text(reading->builder, object, FIELD_NAME, name);
        buf_done(&other);
}

static void read_tree(struct reading *reading, int dir, const struct file_facts *facts, unsigned depth);

static void enter(struct reading *reading, int dir, const char *name, unsigned depth)
{
        int sub;

        if (depth == DEPTH_MOST) {
                builder_gap(reading->builder, &kind_pshm, SHMDIR, ELOOP, NULL);
                return;
        }
        sub = directory_open(dir, name);
        if (sub >= 0) {
                read_tree(reading, sub, NULL, depth + 1);
                close(sub);
        } else if (sub != -ENOENT && sub != -ENOTDIR && sub != -ELOOP) {
                builder_gap(reading->builder, &kind_pshm, SHMDIR "/...", -sub, NULL);
        }
}

static void read_entry(struct reading *reading, int dir, const char *name, unsigned depth)
{
        struct file_facts facts;
        struct shmdir_file file = { .facts = &facts, .dir = dir, .name = name };
        const struct kind *kind;
        int err = host_stat(reading->host, dir, name, reading->path.data, false, &facts);

        if (err == -ENOENT)
                return;
        if (err < 0) {
                builder_gap(reading->builder, &kind_pshm, SHMDIR, -err, NULL);
                return;
        }
        kind = kind_of(text_of(name), &facts);
        if (facts.dev == reading->dev && builder_wants(reading->builder, kind)) {
                bool new;
                struct object *object = add_file(reading->builder, kind, &file, &new);

                builder_keep(object);
                if (new) {              /* else: a hard link, or found before under its first name */
                        object->ns = reading->ns;
                        object->foreign = reading->foreign;
                        set_name(reading, object);
                }
        }
        if (S_ISDIR(facts.mode) && facts.dev == reading->dev)
                enter(reading, dir, name, depth);
}

/* facts: of the directory, where what it lists may be kept; else NULL. */
static void read_tree(struct reading *reading, int dir, const struct file_facts *facts, unsigned depth)
{
        char *buffer = memory_new(ENTRIES_BUFFER);
        size_t parent = reading->path.len;
        struct directory directory;
        struct directory_entry entry;

        if (facts)
                directory_init_again(&directory, reading->host, facts, dir, buffer, ENTRIES_BUFFER);
        else
                directory_init(&directory, dir, buffer, ENTRIES_BUFFER);
        while (directory_next(&directory, &entry)) {
                buf_byte(&reading->path, '/');
                buf_string(&reading->path, entry.name);
                read_entry(reading, dir, entry.name, depth);
                reading->path.len = parent;
        }
        if (directory.err < 0)
                builder_gap(reading->builder, &kind_pshm, SHMDIR, -directory.err, NULL);
        directory_done(&directory);
        free(buffer);
}

/* Reads a tree at `path`; expected: only if it lies on this device (0: whatever it is). Its device, or 0. */
static uint64_t read_root(const struct host *host, const char *path, uint64_t ns, bool foreign, uint64_t expected,
                          struct builder *builder)
{
        struct reading reading = { .host = host, .builder = builder, .ns = ns, .foreign = foreign };
        struct file_facts facts;
        int dir = host_openat(host, path, O_RDONLY | O_DIRECTORY), err = dir;

        if (dir >= 0)
                err = host_stat(host, dir, "", path, false, &facts);
        if (err >= 0 && (expected == 0 || facts.dev == expected)) {
                reading.dev = facts.dev;
                buf_string(&reading.path, path);
                reading.root = reading.path.len;
                read_tree(&reading, dir, &facts, 0);
                buf_done(&reading.path);
        } else if (err < 0) {
                builder_gap(builder, &kind_pshm, foreign ? "/proc/PID/root" SHMDIR : SHMDIR, -err, NULL);
        }
        if (dir >= 0)
                close(dir);
        return reading.dev;
}

void shmdir_scan(const struct host *host, const struct want *want, struct builder *builder)
{
        uint64_t dev = read_root(host, SHMDIR, builder_origin(builder)->mnt_ns, false, 0, builder);

        (void)want;
        builder_set_home(builder, &kind_pshm, dev);
        if (dev)
                builder_visit(builder, &kind_pshm, dev);
}

/* The /dev/shm that this process sees, where it is not the reader's. */
static void read_foreign(struct claim *claim)
{
        char path[64];
        uint64_t ns = 0;

        process_read_namespace(walk_process_dir(claim->walk), "mnt", &ns);
        snprintf(path, sizeof(path), "/proc/%d/root" SHMDIR, claim->entry->pid);
        read_root(claim->host, path, ns, true, claim->entry->dev, claim->builder);
}

static struct text base_of(struct text path)
{
        size_t base = path.len;

        while (base > 0 && path.data[base - 1] != '/')
                base--;
        return text_from(path, base);
}

/* A file that no directory lists any more (or not yet): told from the descriptor or mapping. */
static struct object *from_entry(struct claim *claim)
{
        struct file_facts facts = { .dev = claim->entry->dev, .inode = claim->entry->inode };
        struct text base = base_of(claim->entry->link);
        struct buf where = { 0 };
        struct shmdir_file file = { .facts = &facts, .dir = walk_process_dir(claim->walk), .magic = true };
        const struct kind *kind;
        struct object *object = NULL;
        bool new, known = true;

        if (claim->facts) {
                facts = *claim->facts;
        } else if (walk_map_stat(claim->walk, claim->entry, &facts) < 0) {
                /* Without the right to ask: only that it is mapped, at least this long. */
                known = false;
                facts.mode = S_IFREG;
                facts.size = claim->entry->offset + (claim->entry->end - claim->entry->start);
        }
        walk_entry_path(claim->walk, claim->entry, &where);
        file.name = where.data;
        kind = kind_of(base, &facts);
        if (kind == &kind_pshm && !known && text_starts(base, TEXT("sem.")))
                kind = &kind_psem;
        if ((kind == &kind_pshm || kind == &kind_psem) && builder_wants(claim->builder, kind)) {
                object = add_file(claim->builder, kind, &file, &new);
                if (new)
                        builder_text(claim->builder, object, FIELD_PATH, claim->entry->link);
                if (new && !known) {
                        static const uint16_t hidden[] = { FIELD_OWNER, FIELD_GROUP, FIELD_MODE, FIELD_CREATED_AT,
                                                           FIELD_CHANGED_AT, FIELD_MODIFIED_AT };

                        for (unsigned i = 0; i < sizeof(hidden) / sizeof(*hidden); i++)
                                builder_unknown(claim->builder, object, hidden[i]);
                }
                if (new && facts.nlink == 0)
                        builder_state(claim->builder, object, WORD_BIT(STATE_UNLINKED), false);
        }
        buf_done(&where);
        return object;
}

struct object *shmdir_claim(struct claim *claim)
{
        uint64_t home = builder_home(claim->builder, &kind_pshm), dev = claim->entry->dev;
        bool inside = text_starts(claim->entry->link, TEXT(SHMDIR "/"));
        struct object *object;

        /* A tmpfs of its own: everything on its device is of it, whatever path the process sees. */
        if (dev != home && (!inside || dev >> 32 != 0))
                return NULL;
        if (dev == home && !inside && dev >> 32 != 0)
                return NULL;
        if (dev != home && builder_visit(claim->builder, &kind_pshm, dev)) {
                read_foreign(claim);
                object = builder_indexed(claim->builder, dev, claim->entry->inode);
                if (object)
                        return object;
        }
        object = from_entry(claim);
        if (object && dev != home) {
                object->foreign = true;
                process_read_namespace(walk_process_dir(claim->walk), "mnt", &object->ns);
        } else if (object) {
                object->ns = builder_origin(claim->builder)->mnt_ns;
        }
        return object;
}

void shmdir_conclude(struct builder *builder, struct object *object)
{
        if (!object->foreign && builder_saw_holders(builder) && !builder_held(builder, object, -1))
                builder_state(builder, object, WORD_BIT(STATE_ORPHAN), true);
}
