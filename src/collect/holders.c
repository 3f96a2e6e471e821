/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "collect/holders.h"

#include "collect/fd-table.h"
#include "collect/limits.h"
#include "collect/processes.h"
#include "collect/waits.h"
#include "kind/claim.h"

#include <errno.h>

enum {
        CLAIM_CLASSES = 7,              /* as many as enum claim_class has */
        KINDS_MOST = 64,                /* as many as want.kinds has bits */
        COMING_MOST = 32,
};

struct claimants {
        const struct kind *kinds[KINDS_MOST];
        unsigned n;
};

/* One pass over the machine. */
struct pass {
        const struct host *host;
        const struct kind_set *kinds;
        struct builder *builder;
        struct walk *walk;
        struct process *process;        /* of the current entries; NULL until one of them matters */
        bool gone;                      /* it ended in mid-walk: nothing more is told of it */
        struct fd_table table;          /* what its descriptors and shared mappings are */
        struct waits *waits;            /* NULL: nobody asked who waits */
        struct limits_walk *limits;     /* NULL: nobody asked for limits */
        struct open_files *files;       /* for claims: as is info */
        struct buf info;                /* fdinfo of the current descriptor, where somebody has read it */
        struct claimants claimants[CLAIM_CLASSES];      /* by the bit's place in enum claim_class */
        bool cloexec;                   /* somebody asked how descriptors fare at execve(2) */
};

static struct process *current_process(struct pass *pass, pid_t pid)
{
        if (!pass->process && !pass->gone) {
                pass->process = process_meet_here(pass->host, pass->walk, pid, pass->builder);
                pass->gone = !pass->process;
        }
        return pass->process;
}

static struct process *claim_process(const struct claim *claim)
{
        return current_process(claim->data, claim->entry->pid);
}

static struct object *claim_find(const struct claim *claim, int fd)
{
        const struct pass *pass = claim->data;

        return fd_table_find(&pass->table, claim->entry->tid, fd);
}

static struct claim new_claim(struct pass *pass, struct entry *entry)
{
        return (struct claim){ .host = pass->host, .walk = pass->walk, .entry = entry, .builder = pass->builder,
                               .process = claim_process, .find = claim_find, .files = pass->files,
                               .info = &pass->info, .data = pass };
}

/* Who is asked about each class of entries, in the kinds' order. */
static void list_claimants(struct pass *pass)
{
        for (unsigned i = 0; i < pass->kinds->nkinds && i < KINDS_MOST; i++) {
                const struct kind *kind = pass->kinds->kinds[i];

                if (!kind->claims || !builder_wants(pass->builder, kind))
                        continue;
                for (unsigned class = 0; class < CLAIM_CLASSES; class++)
                        if (kind->claims >> class & 1)
                                pass->claimants[class].kinds[pass->claimants[class].n++] = kind;
        }
}

/* Kinds that share a source share the function: asked once. */
static struct object *ask_kinds(struct pass *pass, enum claim_class class, struct claim *claim)
{
        const struct claimants *claimants = &pass->claimants[__builtin_ctz(class)];
        struct object *(*asked)(struct claim *claim) = NULL;

        for (unsigned i = 0; i < claimants->n; i++) {
                const struct kind *kind = claimants->kinds[i];
                struct object *object;

                if (kind->claim == asked)
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

/* Of the current descriptor: for free where a kind has read fdinfo anyway. */
static enum cloexec read_cloexec(struct pass *pass)
{
        if (pass->info.len == 0) {
                if (!pass->cloexec)
                        return CLOEXEC_UNREAD;
                if (walk_fd_info(pass->walk, &pass->info) < 0)
                        return CLOEXEC_UNKNOWN;
        }
        return claim_cloexec(buf_text(&pass->info));
}

/* What a kind said of the entry is in *claim; NULL: none was asked. */
static bool tie(struct pass *pass, const struct entry *entry, const struct claim *claim, struct object *object,
                unsigned access)
{
        struct process *process = current_process(pass, entry->pid);
        bool map = entry->type == ENTRY_MAP;

        if (!process)
                return false;
        builder_hold(pass->builder, (struct hold){
                .object = object, .process = process,
                .way = map ? WAY_MAP : WAY_FD,
                .access = access,
                .fd = map ? -1 : entry->fd,
                .cloexec = map ? CLOEXEC_UNREAD : read_cloexec(pass),
                .tid = entry->tid == entry->pid ? 0 : entry->tid,
                .maps = map,
                .side = claim ? claim->side : 0,
                .inferred = claim && claim->inferred,
        });
        return true;
}

static int stat_path(struct pass *pass, struct entry *entry, struct file_facts *ret)
{
        int err = walk_fd_stat(pass->walk, entry, ret);

        if (err < 0 && err != -ENOENT && err != -ESRCH)
                builder_gap(pass->builder, NULL, "/proc/PID/fd/*", -err, NULL);
        return err;
}

/*
 * A path: told apart by what the open file is. Others may have renamed it, or deleted its name, while the process
 * slept: so it is asked anew, unless a table of the kernel has it.
 */
static struct object *find_path(struct pass *pass, struct entry *entry, struct claim *claim, struct file_facts *facts)
{
        struct object *object;

        if (stat_path(pass, entry, facts) < 0)
                return NULL;
        claim->facts = facts;
        object = builder_indexed(pass->builder, entry->dev, entry->inode);
        if (!object && entry->kept && (walk_fd_again(pass->walk, entry) < 0 || stat_path(pass, entry, facts) < 0))
                return NULL;
        if (!object)
                object = ask_kinds(pass, CLAIM_PATH_FD, claim);
        if (!object)
                walk_settle(pass->walk);
        return object;
}

/* What the index of objects has beside the inode of such a file; false: it has none of the kind. */
static bool index_of(const struct entry_file *file, uint64_t *ret_dev)
{
        switch (file->link_type) {
        case LINK_PATH:
                *ret_dev = file->dev;
                return file->inode;
        case LINK_PIPE:
                *ret_dev = SPACE_PIPE;
                return true;
        case LINK_SOCKET:
                *ret_dev = SPACE_SOCKET;
                return true;
        default:
                return false;
        }
}

/* What the table of the kernel, or another process, has told of already: for that the inode is enough. */
static struct object *find_indexed(struct pass *pass, const struct entry_file *file)
{
        uint64_t dev;

        return index_of(file, &dev) ? builder_indexed(pass->builder, dev, file->inode) : NULL;
}

/* What is known to come is fetched into the cache all at once, not one after the other. */
static void look_ahead(struct pass *pass)
{
        struct entry_file files[COMING_MOST];
        size_t n = walk_coming(pass->walk, files, COMING_MOST);
        uint64_t dev;

        for (size_t i = 0; i < n; i++)
                if (index_of(&files[i], &dev))
                        builder_indexed_ahead(pass->builder, dev, files[i].inode);
        for (size_t i = 0; i < n; i++) {
                struct object *object = find_indexed(pass, &files[i]);

                if (object)
                        builder_hold_ahead(object);
        }
}

/* It is no object; but a kind may have something to say of one that it belongs to. */
static void see_settled(struct pass *pass, struct entry *entry)
{
        struct claim claim;

        if (entry->link_type != LINK_PATH || !pass->claimants[__builtin_ctz(CLAIM_SETTLED)].n)
                return;
        claim = new_claim(pass, entry);
        ask_kinds(pass, CLAIM_SETTLED, &claim);
}

static void tie_fd(struct pass *pass, struct entry *entry, const struct claim *claim, struct object *object)
{
        int err = walk_fd_access(pass->walk, entry);

        if (err != -ENOENT && err != -ESRCH &&
            tie(pass, entry, claim, object, err < 0 ? ACCESS_UNKNOWN : entry->access))
                fd_table_add(&pass->table, entry->tid, entry->fd, object);
        else
                builder_forsake(object);
}

/* Whose is it? Only its kind can tell, or nobody. */
static void claim_fd(struct pass *pass, struct entry *entry)
{
        struct file_facts facts;
        struct claim claim = new_claim(pass, entry);
        struct object *object = NULL;

        switch (entry->link_type) {
        case LINK_PATH:
                object = find_path(pass, entry, &claim, &facts);
                break;
        case LINK_PIPE:
                object = ask_kinds(pass, CLAIM_PIPE, &claim);
                break;
        case LINK_SOCKET:
                object = ask_kinds(pass, CLAIM_SOCKET, &claim);
                break;
        case LINK_ANON:
                object = ask_kinds(pass, CLAIM_ANON, &claim);
                break;
        case LINK_OTHER:
                break;
        }
        if (object)
                tie_fd(pass, entry, &claim, object);
}

static void see_fd(struct pass *pass, struct entry *entry)
{
        struct object *object;

        buf_clear(&pass->info);
        if (entry->settled) {
                see_settled(pass, entry);
                return;
        }
        object = find_indexed(pass, &(struct entry_file){ entry->link_type, entry->dev, entry->inode });
        if (object)
                tie_fd(pass, entry, NULL, object);
        else
                claim_fd(pass, entry);
}

static void see_map(struct pass *pass, struct entry *entry)
{
        struct claim claim = new_claim(pass, entry);
        struct object *object = NULL;

        if (text_starts(entry->link, TEXT("/SYSV")))
                object = ask_kinds(pass, CLAIM_SYSV_MAP, &claim);
        if (!object)
                object = builder_indexed(pass->builder, entry->dev, entry->inode);
        if (!object)
                object = ask_kinds(pass, CLAIM_PATH_MAP, &claim);
        if (!object) {
                if (!claim.undecided)
                        walk_settle(pass->walk);
                return;
        }
        if (!tie(pass, entry, &claim, object, entry->access))
                builder_forsake(object);
        else if (entry->shared)
                fd_table_map(&pass->table, entry->start, entry->end, object);
}

static void relate_fds(struct pass *pass, pid_t pid, const struct fd_owner *owner)
{
        for (size_t i = owner->first; i < owner->first + owner->n; i++) {
                const struct fd_slot *slot = &pass->table.slots[i];
                struct entry entry;
                struct claim claim;

                if (!slot->object->key.kind->relate)
                        continue;
                entry = (struct entry){ .type = ENTRY_FD, .pid = pid, .tid = owner->tid, .fd = slot->fd };
                claim = new_claim(pass, &entry);
                slot->object->key.kind->relate(&claim, slot->object);
        }
}

/* All descriptors and mappings of the process are known now, and its directory is still open. */
static void finish_process(struct pass *pass, const struct entry *entry)
{
        struct wait_scene scene = { .host = pass->host, .kinds = pass->kinds, .builder = pass->builder,
                                    .waits = pass->waits, .table = &pass->table, .walk = pass->walk,
                                    .pid = entry->pid };

        for (size_t i = 0; i < pass->table.nowners; i++)
                relate_fds(pass, entry->pid, &pass->table.owners[i]);
        if (pass->waits && !pass->gone && !walk_waits_settled(pass->walk) && !collect_waits(&scene))
                walk_settle_waits(pass->walk);
        limits_walk_end(pass->limits, pass->walk, pass->process);
}

static void see(struct pass *pass, struct entry *entry)
{
        switch (entry->type) {
        case ENTRY_PROCESS:
                pass->process = NULL;
                pass->gone = false;
                fd_table_begin(&pass->table, entry->pid);
                limits_walk_begin(pass->limits);
                if (entry->kept)
                        look_ahead(pass);
                if (builder_want(pass->builder)->processes)
                        current_process(pass, entry->pid);
                break;
        case ENTRY_FD:
                limits_walk_descriptor(pass->limits, pass->walk, entry);
                see_fd(pass, entry);
                break;
        case ENTRY_MAP:
                see_map(pass, entry);
                break;
        case ENTRY_END:
                finish_process(pass, entry);
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
        return (claims & (CLAIM_PATH_FD | CLAIM_PIPE | CLAIM_SOCKET | CLAIM_ANON) ? WALK_FDS | WALK_PATH_STATS : 0) |
               (claims & CLAIM_PIPE ? WALK_PIPE_MODES : 0) |
               (claims & (CLAIM_SYSV_MAP | CLAIM_PATH_MAP) ? WALK_MAPS : 0) |
               WALK_ENDS;
}

void collect_holders(const struct host *host, const struct kind_set *kinds, struct sleepers *sleepers,
                     struct builder *builder)
{
        struct pass pass = { .host = host, .kinds = kinds, .builder = builder };
        enum walk_flags flags = needed(kinds, builder);
        struct entry entry;
        int err;

        if (flags == WALK_ENDS && !builder_want(builder)->processes && !builder_want(builder)->waiters)
                return;
        if (sleepers)
                sleepers_look_for(sleepers, builder_want(builder)->kinds);
        err = walk_open(host, flags, sleepers, &pass.walk);
        if (err < 0) {
                builder_gap(builder, NULL, "/proc", -err, NULL);
                return;
        }
        list_claimants(&pass);
        pass.cloexec = builder_want(builder)->detail || field_set_has(&builder_want(builder)->fields, FIELD_CLOEXEC);
        if (builder_want(builder)->waiters)
                pass.waits = waits_open(host);
        pass.limits = limits_walk_new(host, builder);
        pass.files = open_files_new(walk_can_compare(pass.walk));
        while (walk_next(pass.walk, &entry) > 0)
                see(&pass, &entry);
        limits_walk_finish(pass.limits);
        walk_close(pass.walk);
        open_files_free(pass.files);
        buf_done(&pass.info);
        fd_table_done(&pass.table);
        waits_close(pass.waits);
}
