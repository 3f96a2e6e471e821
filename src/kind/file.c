/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory that processes share without any of the names that IPC has: a file,
 * or none at all, mapped MAP_SHARED by two or more of them (mmap(2)).
 */
#include "base/array.h"
#include "base/i18n.h"
#include "kind/kinds.h"
#include "kind/path-name.h"
#include "kind/shmdir.h"

#include <errno.h>
#include <sys/stat.h>

/*
 * What is known of a file that is mapped shared: the first process that has
 * it, until a second one comes and makes it an object. Few words, as a large
 * machine has many such files and few of them are shared by anybody.
 */
struct candidate {
        struct process *first;
        struct object *object;          /* with the second process */
        unsigned maps, access;          /* of the first */
        bool none;                      /* a device, or another kind's */
};

/* No file lies there: "/dev/zero (deleted)" is mmap(2)'s, "/anon_hugepage (deleted)" the same of huge pages. */
static bool is_anonymous(const struct entry *entry)
{
        return entry->dev >> 32 == 0 && (text_equal(entry->link, TEXT("/dev/zero (deleted)")) ||
                                         text_equal(entry->link, TEXT("/anon_hugepage (deleted)")));
}

/* By its name alone, since the other kinds may not have been asked for. */
static bool is_others(struct claim *claim)
{
        const struct entry *entry = claim->entry;

        if (entry->dev >> 32 != 0)
                return false;
        return entry->dev == builder_home(claim->builder, &kind_file) ||
               text_starts(entry->link, TEXT(SHMDIR "/")) || text_starts(entry->link, TEXT("/SYSV")) ||
               text_starts(entry->link, TEXT("/memfd:"));
}

static void hold_first(struct claim *claim, const struct candidate *candidate)
{
        builder_hold(claim->builder, (struct hold){
                .object = candidate->object, .process = candidate->first, .way = WAY_MAP, .fd = -1,
                .access = (enum access_word)candidate->access, .maps = candidate->maps,
        });
}

static void set_facts(struct builder *builder, struct object *object, const struct file_facts *facts)
{
        builder_uint(builder, object, FIELD_OWNER, facts->uid);
        builder_uint(builder, object, FIELD_GROUP, facts->gid);
        builder_uint(builder, object, FIELD_MODE, facts->mode & 07777);
        builder_uint(builder, object, FIELD_SIZE_BYTES, facts->size);
        builder_uint(builder, object, FIELD_ALLOCATED_BYTES, facts->allocated);
        builder_uint(builder, object, FIELD_MODIFIED_AT, (uint64_t)facts->mtime);
}

static void unknown_facts(struct builder *builder, struct object *object)
{
        static const uint16_t hidden[] = { FIELD_OWNER, FIELD_GROUP, FIELD_MODE, FIELD_SIZE_BYTES,
                                           FIELD_ALLOCATED_BYTES, FIELD_MODIFIED_AT };

        for (unsigned i = 0; i < COUNT(hidden); i++)
                builder_unknown(builder, object, hidden[i]);
}

/* Without the right to ask (map_files needs a capability), what lies in /dev counts as a device. */
static bool is_device(const struct entry *entry, const struct file_facts *facts)
{
        return facts ? !S_ISREG(facts->mode) : text_starts(entry->link, TEXT("/dev/"));
}

static struct object *new_object(struct claim *claim)
{
        const struct entry *entry = claim->entry;
        struct object_key key = { &kind_file, entry->dev, entry->inode };
        bool anonymous = is_anonymous(entry);
        struct file_facts room, *facts = walk_map_stat(claim->walk, entry, &room) == 0 ? &room : NULL;
        struct object *object;

        if (!anonymous && is_device(entry, facts))
                return NULL;
        object = builder_object(claim->builder, key, NULL);
        builder_uint(claim->builder, object, FIELD_INODE, entry->inode);
        builder_uint(claim->builder, object, FIELD_DEV, entry->dev);
        if (anonymous || facts)
                builder_uint(claim->builder, object, FIELD_FILE_TYPE, anonymous ? FILE_ANONYMOUS : FILE_REGULAR);
        else
                builder_unknown(claim->builder, object, FIELD_FILE_TYPE);
        if (anonymous)
                builder_state(claim->builder, object, 0, false);
        else
                path_name_set(claim, object, facts);
        if (facts)
                set_facts(claim->builder, object, facts);
        else
                unknown_facts(claim->builder, object);
        return object;
}

/*
 * Asked for every mapping of a path. Not in the index of devices and inodes:
 * a private mapping of the same file shares nothing.
 */
static struct object *claim_file(struct claim *claim)
{
        const struct entry *entry = claim->entry;
        struct candidate *candidate;
        struct process *process;
        void **place;

        if (!entry->shared || entry->link.len == 0 || entry->link.data[0] != '/' || is_others(claim))
                return NULL;
        place = builder_note(claim->builder, &kind_file, entry->dev, entry->inode);
        if (!*place)
                *place = ARENA_NEW(builder_arena(claim->builder), struct candidate);
        candidate = *place;
        if (candidate->object || candidate->none)
                return candidate->object;
        process = claim->process(claim);
        if (!process)
                return NULL;
        if (!candidate->first || candidate->first == process) {
                claim->undecided = true;
                candidate->first = process;
                candidate->maps++;
                candidate->access |= entry->access;
                return NULL;
        }
        candidate->object = new_object(claim);
        candidate->none = !candidate->object;
        if (candidate->object)
                hold_first(claim, candidate);
        return candidate->object;
}

/* Lists nothing: which files are shared, only processes tell. But what lies in /dev/shm is not of this kind. */
static void scan(const struct host *host, const struct want *want, struct builder *builder)
{
        struct file_facts facts;

        (void)want;
        if (host_stat(host, -1, SHMDIR, SHMDIR, true, &facts) == 0)
                builder_set_home(builder, &kind_file, facts.dev);
}

static void conclude(struct builder *builder, struct object *object)
{
        unsigned writers = builder_count_users(object, WAY_MAP, ACCESS_W);

        builder_value(builder, object, (struct value){ .field = FIELD_WRITERS, .type = VALUE_UINT, .u = writers,
                                                       .inferred = !builder_saw_holders(builder) });
}

static const uint16_t fields[] = {
        FIELD_NAME, FIELD_PATH, FIELD_FILE_TYPE, FIELD_INODE, FIELD_DEV, FIELD_OWNER, FIELD_GROUP, FIELD_MODE,
        FIELD_STATE, FIELD_SIZE_BYTES, FIELD_ALLOCATED_BYTES, FIELD_WRITERS, FIELD_MODIFIED_AT,
};

static const uint16_t table[] = {
        FIELD_REF, FIELD_FILE_TYPE, FIELD_SIZE_BYTES, FIELD_OWNER, FIELD_MODE, FIELD_WRITERS, FIELD_STATE,
        FIELD_HOLDERS,
};

static const uint16_t summary[] = { FIELD_FILE_TYPE, FIELD_WRITERS };

const struct kind kind_file = {
        .name = "file",
        .title = N_("Shared file mapping"),
        .scope = NAMESPACE_MNT,
        .address = ADDRESS_NAME,
        .family = FAMILY_OTHER,
        .fields = fields, .nfields = COUNT(fields),
        .columns = table, .ncolumns = COUNT(table),
        .summary = summary, .nsummary = COUNT(summary),
        .unlisted = true,
        .claims = CLAIM_PATH_MAP,
        .scan = scan,
        .claim = claim_file,
        .wake = WAKE_HOLDER,
        .conclude = conclude,
};
