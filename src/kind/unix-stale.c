/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Socket files that nothing is bound to: who binds there gets "Address already
 * in use". They are looked for where sockets usually are: beside those that
 * are bound, in /run and /tmp, and one level of directories below those two.
 */
#include "kind/unix.h"

#include "base/array.h"
#include "base/memory.h"
#include "kind/kinds.h"
#include "kind/path-acts.h"
#include "sys/directory.h"
#include "sys/process.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
        DIRECTORIES_MOST = 4096,
        ENTRIES_MOST = 200000,          /* of a directory */
        ENTRIES_BUFFER = 32768,
};

struct search {
        const struct host *host;
        const struct places *places;
        const struct bound *bound;
        struct builder *builder;
        struct map seen;                /* directories: dev, inode -> anything */
        unsigned directories;
        struct buf path;                /* of the current entry */
        bool sure;                      /* every socket that may be bound to a file was seen */
};

/* Told by a table, not by its descriptor alone? */
static bool is_listed(const struct object *object)
{
        const struct value *state = row_get(object_row(object), FIELD_SOCKET_STATE);

        return state && state->type != VALUE_UNKNOWN;
}

/*
 * Was nothing hidden that could be bound to a file? Each process was looked
 * into, there are no others (as there are outside a pid namespace), and of
 * every unix socket it is known what it is bound to: the tables of all network
 * namespaces that they are of were read.
 */
static bool saw_all(struct builder *builder)
{
        struct object *object;

        if (!builder_saw_holders(builder) || builder_origin(builder)->pid_ns != INITIAL_PID_NAMESPACE ||
            builder_has_gap(builder, &kind_unix))
                return false;
        for (size_t i = 0; (object = builder_each(builder, &kind_unix, i)); i++)
                if (!is_listed(object))
                        return false;
        return true;
}

static void add_stale(struct search *search, const struct file_facts *facts)
{
        struct builder *builder = search->builder;
        struct object *object;
        bool new;

        object = builder_object(builder, (struct object_key){ &kind_unix, facts->dev, facts->inode }, &new);
        if (!new)
                return;
        path_set(search->host, builder, object, buf_text(&search->path));
        builder_uint(builder, object, FIELD_ABSTRACT, false);
        /* What is bound in a network namespace that could not be read would not be known. */
        builder_state(builder, object, WORD_BIT(STATE_STALE), !search->sure);
        builder_uint(builder, object, FIELD_OWNER, facts->uid);
        builder_uint(builder, object, FIELD_DEV, facts->dev);
        builder_uint(builder, object, FIELD_FILE_INODE, facts->inode);
        builder_uint(builder, object, FIELD_MODE, facts->mode & 07777);
        if (facts->nlink > 1)
                builder_uint(builder, object, FIELD_LINKS, facts->nlink);
        builder_uint(builder, object, FIELD_CREATED_AT, (uint64_t)facts->btime);
        builder_uint(builder, object, FIELD_CHANGED_AT, (uint64_t)facts->ctime);
}

static void search_directory(struct search *search, int dir, bool deeper);

/* A directory below the one being read, if it is on the same file system. */
static void enter(struct search *search, int dir, const char *name, uint64_t dev)
{
        struct file_facts facts;
        int sub;

        if (host_stat(search->host, dir, name, NULL, false, &facts) < 0 || !S_ISDIR(facts.mode) || facts.dev != dev)
                return;
        sub = directory_open(dir, name);
        if (sub < 0)
                return;
        search_directory(search, sub, false);
        close(sub);
}

static void see_entry(struct search *search, int dir, const struct directory_entry *entry, uint64_t dev, bool deeper)
{
        struct file_facts facts;

        if (entry->type == DT_DIR && deeper)
                enter(search, dir, entry->name, dev);
        if (entry->type != DT_SOCK && entry->type != DT_UNKNOWN)
                return;
        if (bound_has(search->bound, dev, entry->inode))
                return;
        if (host_stat(search->host, dir, entry->name, NULL, false, &facts) < 0 || !S_ISSOCK(facts.mode))
                return;
        /* The kernel tells devices of mounts; where stat(2) has others (btrfs) nothing can be concluded. */
        if (places_local(search->places, facts.dev) && !bound_has(search->bound, facts.dev, facts.inode))
                add_stale(search, &facts);
}

/* search->path is the directory's. What may not be read is passed over: nobody said what is in there. */
static void search_directory(struct search *search, int dir, bool deeper)
{
        char *buffer;
        size_t parent = search->path.len;
        struct directory directory;
        struct directory_entry entry;
        struct file_facts facts;
        void **place;

        if (host_stat(search->host, dir, "", NULL, false, &facts) < 0 || !places_local(search->places, facts.dev))
                return;
        place = map_place(&search->seen, facts.dev, facts.inode);
        if (*place && !deeper)
                return;
        *place = search;
        if (search->directories++ == DIRECTORIES_MOST) {
                builder_gap(search->builder, &kind_unix, "/run, /tmp", E2BIG, NULL);
                return;
        }
        if (search->directories > DIRECTORIES_MOST)
                return;
        buffer = memory_new(ENTRIES_BUFFER);
        directory_init_again(&directory, search->host, &facts, dir, buffer, ENTRIES_BUFFER);
        for (unsigned n = 0; directory_next(&directory, &entry); n++) {
                if (n == ENTRIES_MOST) {
                        builder_gap(search->builder, &kind_unix, "/run, /tmp", E2BIG, NULL);
                        break;
                }
                buf_byte(&search->path, '/');
                buf_string(&search->path, entry.name);
                see_entry(search, dir, &entry, facts.dev, deeper);
                search->path.len = parent;
        }
        directory_done(&directory);
        free(buffer);
}

static void search_path(struct search *search, struct text path, bool deeper)
{
        int dir;

        buf_clear(&search->path);
        buf_add(&search->path, path);
        dir = host_openat(search->host, search->path.data, O_RDONLY | O_DIRECTORY);
        if (dir < 0)
                return;
        if (text_equal(path, TEXT("/")))
                buf_clear(&search->path);
        search_directory(search, dir, deeper);
        close(dir);
}

/* The directory of a bound path that leads to its socket: so it is local, and was reached before. */
static bool directory_of(const struct unix_known *known, struct text *ret)
{
        size_t len = known->name.len;

        if (!known->reached)
                return false;
        while (known->name.data[len - 1] != '/')
                len--;
        *ret = (struct text){ known->name.data, len > 1 ? len - 1 : 1 };
        return true;
}

static int compare_texts(const void *a, const void *b)
{
        return text_compare(*(const struct text *)a, *(const struct text *)b);
}

static void search_beside(struct search *search)
{
        struct text *paths = NULL, path;
        size_t n = 0, room = 0;

        for (const struct unix_known *known = unix_list(search->builder)->named; known; known = known->next) {
                if (!directory_of(known, &path) || (n && text_equal(path, paths[n - 1])))
                        continue;
                if (n == room)
                        paths = memory_resize(paths, room = room ? 2 * room : 64, sizeof(*paths));
                paths[n++] = path;
        }
        if (n)
                qsort(paths, n, sizeof(*paths), compare_texts);
        for (size_t i = 0; i < n; i++)
                if (i == 0 || !text_equal(paths[i], paths[i - 1]))
                        search_path(search, paths[i], false);
        free(paths);
}

/* A path that the question names. Found before under another name, it bears this one. */
static void look_at_asked(struct search *search, struct text path)
{
        struct object *object;
        struct file_facts facts;

        if (path_look(search->host, path, S_IFSOCK, &facts) < 0 || !places_local(search->places, facts.dev) ||
            bound_has(search->bound, facts.dev, facts.inode))
                return;
        buf_clear(&search->path);
        buf_add(&search->path, path);
        add_stale(search, &facts);
        object = builder_find(search->builder, (struct object_key){ &kind_unix, facts.dev, facts.inode });
        path_set(search->host, search->builder, object, path);
}

void unix_find_stale(const struct host *host, const struct places *places, const struct bound *bound,
                     struct builder *builder)
{
        static const char *const usual[] = { "/run", "/tmp" };
        struct search search = { .host = host, .places = places, .bound = bound, .builder = builder };

        search.sure = saw_all(builder);
        for (unsigned i = 0; i < COUNT(usual); i++)
                search_path(&search, text_of(usual[i]), true);
        search_beside(&search);
        for (const struct unix_asked *asked = unix_list(builder)->asked; asked; asked = asked->next)
                look_at_asked(&search, asked->path);
        map_done(&search.seen);
        buf_done(&search.path);
}
