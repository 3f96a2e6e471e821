/* SPDX-License-Identifier: GPL-2.0-or-later */
/* POSIX message queues: mq_open(3), mq_overview(7). */
#include "base/array.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "kind/claim.h"
#include "kind/kinds.h"
#include "kind/mounted.h"
#include "kind/mq-acts.h"
#include "model/limit.h"
#include "sys/directory.h"
#include "sys/mqueue.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
        ENTRIES_BUFFER = 32768,
        MQUEUE_MAGIC = 0x19800202,      /* linux/magic.h */
        MQUEUE_SIZE = 80,               /* st_size of every queue (FILENT_SIZE, ipc/mqueue.c) */
};

static void set_notify(struct builder *builder, struct object *object, const struct mqueue_facts *facts)
{
        struct row *row = ARENA_NEW(builder_arena(builder), struct row);
        struct value *values = ARENA_ARRAY(builder_arena(builder), struct value, 3);
        unsigned n = 0;
        enum notify_method_word method = NOTIFY_NOBODY;

        if (facts->notify_pid)
                method = facts->notify == SIGEV_SIGNAL ? NOTIFY_SIGNAL :
                         facts->notify == SIGEV_THREAD ? NOTIFY_THREAD : NOTIFY_NONE;
        values[n++] = (struct value){ .field = FIELD_METHOD, .type = VALUE_WORD, .u = method };
        if (facts->notify_pid)
                values[n++] = (struct value){ .field = FIELD_PID, .type = VALUE_UINT,
                                              .u = (uint64_t)facts->notify_pid };
        if (method == NOTIFY_SIGNAL)
                values[n++] = (struct value){ .field = FIELD_SIGNAL, .type = VALUE_UINT, .u = (uint64_t)facts->signal };
        *row = (struct row){ values, n };
        builder_value(builder, object, (struct value){ .field = FIELD_NOTIFY, .type = VALUE_RECORD, .len = 1,
                                                       .rows = row });
}

static void set_queue(struct builder *builder, struct object *object, const struct mqueue_facts *facts)
{
        builder_uint(builder, object, FIELD_QUEUED_BYTES, facts->queued_bytes);
        set_notify(builder, object, facts);
        if (facts->has_attributes) {
                builder_uint(builder, object, FIELD_QUEUED_MESSAGES, facts->queued_messages);
                builder_uint(builder, object, FIELD_MAX_MESSAGES, facts->max_messages);
                builder_uint(builder, object, FIELD_MAX_MESSAGE_BYTES, facts->max_message_bytes);
                if (facts->queued_messages >= facts->max_messages)
                        builder_state(builder, object, WORD_BIT(STATE_FULL), false);
        } else {
                builder_unknown(builder, object, FIELD_QUEUED_MESSAGES);
                builder_unknown(builder, object, FIELD_MAX_MESSAGES);
                builder_unknown(builder, object, FIELD_MAX_MESSAGE_BYTES);
        }
}

static void unknown_queue(struct builder *builder, struct object *object)
{
        static const uint16_t hidden[] = { FIELD_QUEUED_MESSAGES, FIELD_QUEUED_BYTES, FIELD_MAX_MESSAGES,
                                           FIELD_MAX_MESSAGE_BYTES, FIELD_NOTIFY };

        for (unsigned i = 0; i < COUNT(hidden); i++)
                builder_unknown(builder, object, hidden[i]);
}

/* The queue behind an open directory or magic link and the facts of its file. */
static struct object *add_queue(const struct host *host, int dir, const char *name, bool magic,
                                const struct file_facts *facts, struct builder *builder)
{
        struct object *object;
        struct mqueue_facts queue;
        bool new;
        int err;

        object = builder_object(builder, (struct object_key){ &kind_mq, facts->dev, facts->inode }, &new);
        if (!new)
                return object;
        builder_uint(builder, object, FIELD_INODE, facts->inode);
        builder_uint(builder, object, FIELD_DEV, facts->dev);
        builder_uint(builder, object, FIELD_OWNER, facts->uid);
        builder_uint(builder, object, FIELD_GROUP, facts->gid);
        builder_uint(builder, object, FIELD_MODE, facts->mode & 07777);
        builder_state(builder, object, facts->nlink == 0 ? WORD_BIT(STATE_UNLINKED) : 0, false);
        builder_uint(builder, object, FIELD_LINKED, facts->nlink > 0);
        /* Its ctime tells when somebody last looked: reading the file sets it (ipc/mqueue.c, mqueue_read_file). */
        builder_uint(builder, object, FIELD_MODIFIED_AT, (uint64_t)facts->mtime);
        builder_index(builder, object, facts->dev, facts->inode);
        err = (magic ? mqueue_read_link : mqueue_read)(host, dir, name, &queue);
        if (err == 0) {
                set_queue(builder, object, &queue);
                if (!queue.has_attributes)
                        builder_gap(builder, &kind_mq, "mq_getattr", EOPNOTSUPP,
                                    N_("a recorded machine can't be asked"));
                return object;
        }
        unknown_queue(builder, object);
        if (err != -ENOENT && err != -ESRCH)
                builder_gap(builder, &kind_mq, "/dev/mqueue/*", -err, NULL);
        return object;
}

static void read_queue(const struct host *host, int dir, const char *path, const char *name, uint64_t ns, bool foreign,
                       struct builder *builder)
{
        struct buf whole = { 0 };
        struct file_facts facts;
        struct object *object;
        int err;

        buf_string(&whole, path);
        buf_byte(&whole, '/');
        buf_string(&whole, name);
        err = host_stat(host, dir, name, whole.data, false, &facts);
        if (err == 0 && S_ISREG(facts.mode)) {
                object = add_queue(host, dir, name, false, &facts, builder);
                object->ns = ns;
                object->foreign = foreign;
                /* A queue's name is the file's, without the path of the mount. */
                builder_text(builder, object, FIELD_NAME, text_from(buf_text(&whole), strlen(path)));
        } else if (err < 0 && err != -ENOENT) {
                builder_gap(builder, &kind_mq, "/dev/mqueue", -err, NULL);
        }
        buf_done(&whole);
}

static void read_directory(const struct host *host, int dir, const char *path, uint64_t ns, bool foreign,
                           struct builder *builder)
{
        char *buffer = memory_new(ENTRIES_BUFFER);
        struct directory directory;
        struct directory_entry entry;

        directory_init(&directory, dir, buffer, ENTRIES_BUFFER);
        while (directory_next(&directory, &entry))
                read_queue(host, dir, path, entry.name, ns, foreign, builder);
        if (directory.err < 0)
                builder_gap(builder, &kind_mq, "/dev/mqueue", -directory.err, NULL);
        free(buffer);
}

/*
 * One mounted mqueue file system. True if it is that of the reader's own IPC
 * namespace, or nothing says that it is not.
 */
static bool read_mount(const struct host *host, const struct mount *mount, struct builder *builder)
{
        int dir, own;

        if (!builder_visit(builder, &kind_mq, mount->dev))
                return false;
        dir = host_openat(host, mount->path.data, O_RDONLY | O_DIRECTORY);
        if (dir < 0) {
                builder_gap(builder, &kind_mq, "/dev/mqueue", -dir, NULL);
                return false;
        }
        own = mqueue_is_own(host, dir);
        if (own != 0)
                builder_set_home(builder, &kind_mq, mount->dev);
        /* Where it can't be told, the queues are listed, and their namespace stays unknown. */
        read_directory(host, dir, mount->path.data, own > 0 ? builder_origin(builder)->ipc_ns : 0, own == 0, builder);
        close(dir);
        return own != 0;
}

static void read_private(const struct host *host, struct builder *builder)
{
        struct file_facts facts;
        int dir = mqueue_mount(host);

        if (dir < 0) {
                /* A kernel without POSIX queues has none to hide. */
                if (dir != -ENODEV)
                        builder_gap(builder, &kind_mq, "/dev/mqueue", -dir,
                                    N_("no mqueue file system is mounted for this IPC namespace"));
                return;
        }
        if (host_stat(host, dir, "", NULL, false, &facts) == 0)
                builder_set_home(builder, &kind_mq, facts.dev);
        read_directory(host, dir, "/dev/mqueue", builder_origin(builder)->ipc_ns, false, builder);
        close(dir);
}

static void scan(const struct host *host, const struct want *want, struct builder *builder)
{
        const struct mounted *all = mounted(host, builder);
        const struct mount *mount = NULL;
        bool own = false;

        (void)want;
        if (all->err < 0 || all->bad)
                builder_gap(builder, &kind_mq, "/proc/self/mountinfo", all->err < 0 ? -all->err : EBADMSG, NULL);
        for (; (mount = mounted_find(all, mount, "mqueue")); mount++)
                own |= read_mount(host, mount, builder);
        if (!own)
                read_private(host, builder);
}

/*
 * A queue that no listed directory names: unlinked, or of another IPC
 * namespace. Its file lies at the root of an internal mount ("/jobs"), is
 * regular and 80 bytes long; only then its file system is asked for.
 */
static struct object *claim_queue(struct claim *claim)
{
        struct text link = claim->entry->link;
        const struct file_facts *facts = claim->facts;
        struct buf where = { 0 };
        struct object *object;
        uint64_t magic;

        if (link.len < 2 || memchr(link.data + 1, '/', link.len - 1) || facts->dev >> 32 != 0 ||
            !S_ISREG(facts->mode) || facts->size != MQUEUE_SIZE ||
            walk_fd_fstype(claim->walk, claim->entry, &magic) < 0 || magic != MQUEUE_MAGIC)
                return NULL;
        walk_entry_path(claim->walk, claim->entry, &where);
        object = add_queue(claim->host, walk_process_dir(claim->walk), where.data, true, facts, claim->builder);
        buf_done(&where);
        object->foreign = facts->dev != builder_home(claim->builder, &kind_mq);
        if (!object->foreign)
                object->ns = builder_origin(claim->builder)->ipc_ns;
        builder_text(claim->builder, object, facts->nlink > 0 ? FIELD_NAME : FIELD_PATH, link);
        return object;
}

/* Who asked to be notified has it open (mq_notify(3)), even if we did not see the descriptor. */
static bool notifies(const struct object *object)
{
        const struct value *notify = row_get(object_row(object), FIELD_NOTIFY);

        return notify && notify->type == VALUE_RECORD && row_get(notify->rows[0], FIELD_PID);
}

static void conclude(struct builder *builder, struct object *object)
{
        if (!object->foreign && builder_saw_holders(builder) && !builder_held(builder, object, -1) &&
            !notifies(object))
                builder_state(builder, object, WORD_BIT(STATE_ORPHAN), true);
}

static const uint16_t fields[] = {
        FIELD_NAME, FIELD_PATH, FIELD_INODE, FIELD_DEV, FIELD_OWNER, FIELD_GROUP, FIELD_MODE, FIELD_STATE,
        FIELD_QUEUED_MESSAGES, FIELD_MAX_MESSAGES, FIELD_MAX_MESSAGE_BYTES, FIELD_QUEUED_BYTES, FIELD_NOTIFY,
        FIELD_LINKED, FIELD_MODIFIED_AT,
};

static const uint16_t table[] = {
        FIELD_REF, FIELD_QUEUED_MESSAGES, FIELD_MAX_MESSAGES, FIELD_MAX_MESSAGE_BYTES, FIELD_OWNER, FIELD_MODE,
        FIELD_STATE, FIELD_MODIFIED_AT, FIELD_HOLDERS,
};

static const uint16_t summary[] = { FIELD_QUEUED_MESSAGES, FIELD_MAX_MESSAGES };

enum {
        MESSAGE_OVERHEAD = 48,          /* sizeof(struct msg_msg) where pointers have 64 bits */
        NODE_OVERHEAD = 48,             /* sizeof(struct posix_msg_tree_node) */
        PRIORITIES_MOST = 32768,        /* MQ_PRIO_MAX */
};

/* What the kernel counts against RLIMIT_MSGQUEUE for a queue, full or not (mqueue_get_inode, ipc/mqueue.c). */
static bool memory_of(const struct object *object, uint64_t *ret)
{
        const struct value *messages = row_get(object_row(object), FIELD_MAX_MESSAGES);
        const struct value *bytes = row_get(object_row(object), FIELD_MAX_MESSAGE_BYTES);
        uint64_t nodes;

        if (!messages || messages->type != VALUE_UINT || !bytes || bytes->type != VALUE_UINT)
                return false;
        nodes = messages->u < PRIORITIES_MOST ? messages->u : PRIORITIES_MOST;
        return !__builtin_mul_overflow(messages->u, bytes->u + MESSAGE_OVERHEAD, ret) &&
               !__builtin_add_overflow(*ret, nodes * NODE_OVERHEAD, ret);
}

static const struct kind_charge charges[] = {
        { .limit = LIMIT_MQ_QUEUES_MAX, .how = CHARGE_ONE },
        { .limit = LIMIT_RLIMIT_MSGQUEUE, .how = CHARGE_OTHER, .amount = memory_of },
        { .limit = LIMIT_MQ_QUEUE_MESSAGES, .how = CHARGE_OWN, .field = FIELD_QUEUED_MESSAGES,
          .most = FIELD_MAX_MESSAGES },
};

const struct kind kind_mq = {
        .name = "mq",
        .title = N_("POSIX message queue"),
        .scope = NAMESPACE_IPC,
        .address = ADDRESS_NAME,
        .family = FAMILY_POSIX,
        .fields = fields, .nfields = COUNT(fields),
        .columns = table, .ncolumns = COUNT(table),
        .summary = summary, .nsummary = COUNT(summary),
        .charges = charges, .ncharges = COUNT(charges),
        .consequence = N_("its name goes; who has it open goes on with it, who opens it later finds nothing"),
        .acts = &mq_acts,
        .claims = CLAIM_PATH_FD,
        .scan = scan,
        .wake = WAKE_SIDE,
        .claim = claim_queue,
        .conclude = conclude,
};
