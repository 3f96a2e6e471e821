/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Locks on files: fcntl(2), flock(2), lockf(3), and who waits for them. From /proc/locks. */
#include "sys/locks.h"

#include "base/array.h"
#include "base/i18n.h"
#include "kind/claim.h"
#include "kind/kinds.h"
#include "kind/waiting.h"

#include <errno.h>

/* Notes are kept under pairs of numbers: these second ones are no inodes. */
#define NOTE_WAITER UINT64_MAX          /* with a pid: struct request */
#define NOTE_NAME   (UINT64_MAX - 1)    /* with a hash: struct namesake */

static const enum lock_type_word type_words[] = {
        [LOCK_POSIX] = LOCK_TYPE_POSIX, [LOCK_OFD] = LOCK_TYPE_OFD, [LOCK_FLOCK] = LOCK_TYPE_FLOCK,
        [LOCK_LEASE] = LOCK_TYPE_LEASE, [LOCK_DELEG] = LOCK_TYPE_DELEG,
};

static const enum lock_mode_word mode_words[] = {
        [LOCK_FOR_READING] = LOCK_MODE_READ, [LOCK_FOR_WRITING] = LOCK_MODE_WRITE, [LOCK_FOR_NOTHING] = LOCK_MODE_NONE,
};

/* A file with locks. Those that belong to an open file, not to a process, are told by the descriptors. */
struct locked_file {
        struct object **locks;
        size_t n, room;
        bool of_files;
        bool named;
};

/* A process that waits for a lock; it may have several threads that do. */
struct request {
        struct object *lock;
        enum lock_type type;
        struct request *next;
};

/* Locks of the same file and range with the same name. */
struct namesake {
        struct object *first;
        unsigned n;
};

static const char *operation(enum lock_type type)
{
        return type == LOCK_FLOCK ? "flock" : type == LOCK_POSIX || type == LOCK_OFD ? "fcntl" : "open";
}

/* posix/0:25/1234/0-max/2011: all that tells it from another, and what stays as long as it does. */
static void put_name(const struct lock_line *line, struct buf *out)
{
        static const char *const words[] = { "posix", "ofdlck", "flock", "lease", "deleg" };

        buf_printf(out, "%s/%u:%u/%llu/%llu-", words[line->type], (unsigned)(line->dev >> 32), (unsigned)line->dev,
                   (unsigned long long)line->inode, (unsigned long long)line->start);
        if (line->to_end)
                buf_string(out, "max");
        else
                buf_uint(out, line->end);
        if (line->pid > 0) {
                buf_byte(out, '/');
                buf_int(out, line->pid);
        }
}

/* FNV-1a */
static uint64_t hash(struct text text)
{
        uint64_t sum = 0xcbf29ce484222325;

        for (size_t i = 0; i < text.len; i++)
                sum = (sum ^ (unsigned char)text.data[i]) * 0x100000001b3;
        return sum;
}

static struct namesake *namesake_of(struct builder *builder, struct text name)
{
        void **place = builder_note(builder, &kind_lock, hash(name), NOTE_NAME);

        if (!*place)
                *place = ARENA_NEW(builder_arena(builder), struct namesake);
        return *place;
}

static struct locked_file *file_of(struct builder *builder, uint64_t dev, uint64_t inode, bool make)
{
        void **place = builder_note(builder, &kind_lock, dev, inode);

        if (!*place && make)
                *place = ARENA_NEW(builder_arena(builder), struct locked_file);
        return *place;
}

static void add_to_file(struct builder *builder, struct object *object, const struct lock_line *line)
{
        struct locked_file *file = file_of(builder, line->dev, line->inode, true);

        if (file->n == file->room) {
                struct object **more;

                file->room = file->room ? file->room * 2 : 2;
                more = ARENA_ARRAY(builder_arena(builder), struct object *, file->room);
                if (file->n)
                        memcpy(more, file->locks, file->n * sizeof(*more));
                file->locks = more;
        }
        file->locks[file->n++] = object;
        file->of_files |= line->type != LOCK_POSIX;
}

static void set_fields(struct builder *builder, struct object *object, const struct lock_line *line)
{
        builder_uint(builder, object, FIELD_LOCK_TYPE, type_words[line->type]);
        builder_uint(builder, object, FIELD_LOCK_MODE, mode_words[line->mode]);
        builder_uint(builder, object, FIELD_MANDATORY, line->mandatory);
        builder_uint(builder, object, FIELD_DEV, line->dev);
        builder_uint(builder, object, FIELD_INODE, line->inode);
        builder_uint(builder, object, FIELD_FIRST_BYTE, line->start);
        if (!line->to_end)
                builder_uint(builder, object, FIELD_LAST_BYTE, line->end);
        if (line->pid > 0)
                builder_uint(builder, object, FIELD_LOCKER_PID, (uint64_t)line->pid);
        builder_uint(builder, object, FIELD_WAITING, 0);
        builder_state(builder, object, line->breaking ? WORD_BIT(STATE_BREAKING) : 0, false);
}

/* NULL: a process has but one such lock, and this is a line that was read twice (see locks_read()). */
static struct object *add_lock(struct builder *builder, const struct lock_line *line)
{
        struct buf name = { 0 };
        struct namesake *namesake;
        struct object *object;
        bool new;

        put_name(line, &name);
        namesake = namesake_of(builder, buf_text(&name));
        if (namesake->n > 0 && line->type == LOCK_POSIX) {
                buf_done(&name);
                return NULL;
        }
        /* Open files may share a range, and the text says no more of them. */
        if (++namesake->n > 1)
                buf_printf(&name, "+%u", namesake->n);
        object = builder_object(builder, (struct object_key){ &kind_lock, hash(buf_text(&name)), line->inode }, &new);
        if (new) {
                object->ns = builder_origin(builder)->pid_ns;
                builder_text(builder, object, FIELD_NAME, buf_text(&name));
                set_fields(builder, object, line);
                add_to_file(builder, object, line);
                if (namesake->n == 1)
                        namesake->first = object;
                if (line->pid > 0)
                        builder_later(builder, &(struct later){
                                .pid = line->pid, .fallback = line->type != LOCK_POSIX,
                                .hold = { .object = object, .way = WAY_LOCK,
                                          .access = ACCESS_UNKNOWN, .fd = -1 },
                        });
        }
        buf_done(&name);
        return object;
}

static void add_request(struct builder *builder, struct object *lock, const struct lock_line *line)
{
        const struct value *waiting = row_get(object_row(lock), FIELD_WAITING);
        struct request *request;
        void **place;

        builder_uint(builder, lock, FIELD_WAITING, waiting->u + 1);
        builder_state(builder, lock, WORD_BIT(STATE_WAITERS), false);
        if (line->pid <= 0)
                return;
        request = ARENA_NEW(builder_arena(builder), struct request);
        place = builder_note(builder, &kind_lock, (uint64_t)line->pid, NOTE_WAITER);
        *request = (struct request){ lock, line->type, *place };
        *place = request;
        /* Which thread it is, only its system call tells; where that is hidden, the process at least. */
        builder_later(builder, &(struct later){
                .pid = line->pid, .waits = true,
                .wait = { .object = lock, .tid = line->pid, .operation = operation(line->type) },
        });
}

static void scan(const struct host *host, const struct want *want, struct builder *builder)
{
        struct buf table = { 0 };
        struct object *lock = NULL;
        struct text rest, text;
        struct lock_line line;
        uint64_t number = 0;
        int err = locks_read(host, &table);

        (void)want;
        if (err < 0)
                builder_gap(builder, &kind_lock, "/proc/locks", -err,
                            err == -EAGAIN ? N_("it changed each time while it was read") : NULL);
        rest = buf_text(&table);
        while ((err == 0 || err == -EAGAIN) && text_split(&rest, '\n', &text)) {
                if (lock_parse(text, &line) < 0) {
                        builder_gap(builder, &kind_lock, "/proc/locks", EBADMSG, NULL);
                        lock = NULL;
                } else if (!line.blocked) {
                        lock = add_lock(builder, &line);
                        number = line.number;
                } else if (lock && line.number == number) {
                        add_request(builder, lock, &line);
                }
        }
        buf_done(&table);
}

/* One "lock:" line of a descriptor: its open file has that lock. */
static void hold_line(struct claim *claim, struct process *process, const struct lock_line *line)
{
        const struct entry *entry = claim->entry;
        struct namesake *namesake;
        struct buf name = { 0 };

        put_name(line, &name);
        namesake = namesake_of(claim->builder, buf_text(&name));
        if (namesake->first)
                builder_hold(claim->builder, (struct hold){
                        .object = namesake->first, .process = process, .way = WAY_LOCK,
                        .access = ACCESS_UNKNOWN, .fd = entry->fd,
                        .cloexec = claim_cloexec(buf_text(claim->info)),
                        .tid = entry->tid == entry->pid ? 0 : entry->tid,
                        .inferred = namesake->n > 1,
                });
        buf_done(&name);
}

static void hold_lines(struct claim *claim)
{
        struct text rest, text;
        struct lock_line line;
        struct process *process = NULL;

        buf_clear(claim->info);
        if (walk_fd_info(claim->walk, claim->info) < 0)
                return;
        rest = buf_text(claim->info);
        while (text_split(&rest, '\n', &text)) {
                if (!text_starts(text, TEXT("lock:")) ||
                    lock_parse(text_from(text, strlen("lock:")), &line) < 0 || line.blocked || line.type == LOCK_POSIX)
                        continue;
                if (!process)
                        process = claim->process(claim);
                if (!process)
                        break;
                hold_line(claim, process, &line);
        }
}

/* A descriptor is not the lock, so none is claimed; but it tells who has it, and the file's name. */
static struct object *claim_descriptor(struct claim *claim)
{
        struct locked_file *file = file_of(claim->builder, claim->entry->dev, claim->entry->inode, false);

        /* Others may have locked it, and renamed it, while the process slept. */
        if (!file || (claim->entry->kept && walk_fd_again(claim->walk, claim->entry) < 0))
                return NULL;
        for (size_t i = 0; i < file->n && !file->named; i++)
                builder_text(claim->builder, file->locks[i], FIELD_PATH, claim->entry->link);
        file->named = true;
        if (file->of_files)
                hold_lines(claim);
        return NULL;
}

static bool is_on(const struct object *lock, const struct file_facts *facts)
{
        const struct value *dev = row_get(object_row(lock), FIELD_DEV), *inode = row_get(object_row(lock), FIELD_INODE);

        return dev && inode && dev->u == facts->dev && inode->u == facts->inode;
}

/* The kernel has told which lock the process waits for; only with several requests it matters which thread it is. */
static struct object *waited(struct waiting *waiting)
{
        const struct wait_call *call = &waiting->thread->call;
        const struct request *request;
        struct file_facts facts;

        if (call->target != WAIT_LOCK)
                return NULL;
        request = *builder_note(waiting->builder, &kind_lock, (uint64_t)waiting->pid, NOTE_WAITER);
        while (request && strcmp(operation(request->type), call->operation) != 0)
                request = request->next;
        if (!request || !request->next || waits_fd_stat(waiting->waits, call->id, &facts) < 0)
                return request ? request->lock : NULL;
        waiting->inferred = true;
        for (const struct request *other = request; other; other = other->next)
                if (is_on(other->lock, &facts))
                        return other->lock;
        return request->lock;
}

static const uint16_t fields[] = {
        FIELD_NAME, FIELD_PATH, FIELD_LOCK_TYPE, FIELD_LOCK_MODE, FIELD_MANDATORY, FIELD_FIRST_BYTE, FIELD_LAST_BYTE,
        FIELD_DEV, FIELD_INODE, FIELD_STATE, FIELD_LOCKER_PID, FIELD_WAITING,
};

static const uint16_t table[] = {
        FIELD_REF, FIELD_LOCK_MODE, FIELD_PATH, FIELD_WAITING, FIELD_STATE, FIELD_HOLDERS,
};

static const uint16_t summary[] = { FIELD_LOCK_MODE, FIELD_PATH, FIELD_WAITING };

const struct kind kind_lock = {
        .name = "lock",
        .title = N_("File lock"),
        .scope = NAMESPACE_PID,
        .address = ADDRESS_WORD,
        .family = FAMILY_OTHER,
        .fields = fields, .nfields = COUNT(fields),
        .columns = table, .ncolumns = COUNT(table),
        .summary = summary, .nsummary = COUNT(summary),
        .claims = CLAIM_PATH_FD | CLAIM_SETTLED,
        .scan = scan,
        .claim = claim_descriptor,
        .waited = waited,
        .wake = WAKE_LOCK,
};
