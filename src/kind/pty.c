/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pseudoterminals: pty(7), pts(4). One object is the pair of a master and its slave. */
#include "base/array.h"
#include "base/i18n.h"
#include "base/number.h"
#include "kind/claim.h"
#include "kind/kinds.h"

#include <sys/stat.h>

enum {
        AUX_MAJOR = 5,                  /* linux/major.h: TTYAUX_MAJOR; 5:2 is ptmx */
        PTMX_MINOR = 2,
        SLAVE_MAJOR = 136,              /* UNIX98_PTY_SLAVE_MAJOR, up to 143 on old kernels */
        SLAVE_MAJORS = 8,
        DEVPTS_MAGIC = 0x1cd1,          /* linux/magic.h */
        STATS_MOST = 16,                /* holders that are asked about the session */
};

#define PTS "/dev/pts"

/* A recording does not keep the numbers of device files: there the name has to do. */
static bool recorded_slave(struct text link, uint64_t *ret)
{
        return text_starts(link, TEXT(PTS "/")) &&
               number_parse(text_from(link, strlen(PTS "/")), INT32_MAX, ret) == 0;
}

static bool slave_number(const struct claim *claim, uint64_t *ret)
{
        uint64_t rdev = claim->facts->rdev, dev_major = rdev >> 32;

        if (!rdev && builder_origin(claim->builder)->recorded)
                return recorded_slave(claim->entry->link, ret);
        if (dev_major < SLAVE_MAJOR || dev_major >= SLAVE_MAJOR + SLAVE_MAJORS)
                return false;
        *ret = (dev_major - SLAVE_MAJOR) * 256 + (rdev & UINT32_MAX);
        return true;
}

static bool is_ptmx(const struct claim *claim)
{
        uint64_t rdev = claim->facts->rdev;

        if (!rdev && builder_origin(claim->builder)->recorded)
                return text_ends(claim->entry->link, TEXT("/ptmx"));
        return rdev == value_dev(AUX_MAJOR, PTMX_MINOR);
}

/* "tty-index:\t3" of fdinfo (drivers/tty/pty.c, Linux 4.13). */
static bool master_number(struct claim *claim, uint64_t *ret)
{
        struct text rest, line, word;
        bool found = false;

        buf_clear(claim->info);
        if (walk_fd_info(claim->walk, claim->info) == 0) {
                rest = buf_text(claim->info);
                while (!found && text_split(&rest, '\n', &line)) {
                        if (!text_starts(line, TEXT("tty-index:")))
                                continue;
                        line = text_from(line, strlen("tty-index:"));
                        found = text_word(&line, &word) && number_parse(word, INT32_MAX, ret) == 0;
                }
        }
        return found;
}

/*
 * Every devpts file system counts from 0, so which one? That of ptmx itself, or
 * where ptmx is a node outside of one, that of the directory pts beside it
 * (devpts_acquire() of fs/devpts/inode.c). 0: it can't be told.
 */
static uint64_t master_scope(struct claim *claim)
{
        struct text link = claim->entry->link;
        struct buf beside = { 0 };
        struct file_facts facts;
        uint64_t magic, dev = 0;

        if (claim->facts->dev == builder_home(claim->builder, &kind_pty))
                return claim->facts->dev;
        if (walk_fd_fstype(claim->walk, claim->entry, &magic) == 0 && magic == DEVPTS_MAGIC)
                return claim->facts->dev;
        while (link.len > 0 && link.data[link.len - 1] != '/')
                link.len--;
        buf_add(&beside, link);
        buf_string(&beside, "pts");
        if (walk_path_stat(claim->walk, buf_text(&beside), &facts) == 0 && S_ISDIR(facts.mode))
                dev = facts.dev;
        buf_done(&beside);
        return dev;
}

static struct object *find_pair(struct claim *claim, uint64_t dev, uint64_t number)
{
        struct builder *builder = claim->builder;
        uint64_t home = builder_home(builder, &kind_pty);
        struct object *object;
        bool new;

        object = builder_object(builder, (struct object_key){ &kind_pty, dev, number }, &new);
        if (!new)
                return object;
        builder_uint(builder, object, FIELD_ID, number);
        builder_uint(builder, object, FIELD_DEV, dev);
        builder_state(builder, object, 0, false);
        object->foreign = home && dev != home;
        if (object->foreign)
                process_read_namespace(walk_process_dir(claim->walk), "mnt", &object->ns);
        else
                object->ns = builder_origin(builder)->mnt_ns;
        return object;
}

/* Session and foreground are the terminal's, but only a process that it controls tells them. */
static void set_session(struct claim *claim, struct object *object)
{
        void **place = builder_note(claim->builder, &kind_pty, object->key.scope, object->key.id);
        uintptr_t asked = (uintptr_t)*place;
        struct process_stat stat;
        struct buf buf = { 0 };

        if (row_get(object_row(object), FIELD_SESSION_PID) || asked >= STATS_MOST)
                return;
        *place = (void *)(asked + 1);
        if (process_read_stat(walk_process_dir(claim->walk), &buf, &stat) == 0 &&
            stat.terminal == value_dev(SLAVE_MAJOR, (uint32_t)object->key.id)) {
                builder_uint(claim->builder, object, FIELD_SESSION_PID, (uint64_t)stat.session);
                if (stat.foreground >= 0)
                        builder_uint(claim->builder, object, FIELD_FOREGROUND_PID, (uint64_t)stat.foreground);
        }
        buf_done(&buf);
}

static struct object *claim_slave(struct claim *claim, uint64_t number)
{
        const struct file_facts *facts = claim->facts;
        struct object *object;

        /* Hung up: its number may be another's by now, and nobody is at its other end. */
        if (facts->nlink == 0)
                return NULL;
        object = find_pair(claim, facts->dev, number);
        claim->side = SIDE_SLAVE;
        if (!row_get(object_row(object), FIELD_PATH)) {
                builder_uint(claim->builder, object, FIELD_INODE, facts->inode);
                builder_uint(claim->builder, object, FIELD_OWNER, facts->uid);
                builder_uint(claim->builder, object, FIELD_GROUP, facts->gid);
                builder_uint(claim->builder, object, FIELD_MODE, facts->mode & 07777);
                builder_text(claim->builder, object, FIELD_PATH, claim->entry->link);
        }
        set_session(claim, object);
        return object;
}

static struct object *claim_pty(struct claim *claim)
{
        uint64_t number, dev;

        if (!S_ISCHR(claim->facts->mode))
                return NULL;
        if (slave_number(claim, &number))
                return claim_slave(claim, number);
        if (!is_ptmx(claim) || !master_number(claim, &number))
                return NULL;
        claim->side = SIDE_MASTER;
        dev = master_scope(claim);
        if (!dev) {
                dev = builder_home(claim->builder, &kind_pty);
                claim->inferred = true;
        }
        return find_pair(claim, dev, number);
}

/* Lists nothing, as a terminal is there only as long as somebody has its master. */
static void scan(const struct host *host, const struct want *want, struct builder *builder)
{
        struct file_facts facts;

        (void)want;
        if (host_stat(host, -1, PTS, PTS, true, &facts) == 0)
                builder_set_home(builder, &kind_pty, facts.dev);
}

/* The master is never without a process for long; that nobody has the slave is an observation. */
static void conclude(struct builder *builder, struct object *object)
{
        const struct hold *hold = NULL;
        bool master = false, slave = false;

        while ((hold = builder_next_hold(object, hold))) {
                master |= hold->side == SIDE_MASTER;
                slave |= hold->side == SIDE_SLAVE;
        }
        if (!slave && builder_saw_holders(builder))
                builder_state(builder, object, WORD_BIT(STATE_NO_SLAVE), true);
        if (!master && slave && builder_saw_holders(builder))
                builder_state(builder, object, WORD_BIT(STATE_ELSEWHERE), true);
}

static const uint16_t fields[] = {
        FIELD_ID, FIELD_PATH, FIELD_INODE, FIELD_DEV, FIELD_OWNER, FIELD_GROUP, FIELD_MODE, FIELD_STATE,
        FIELD_SESSION_PID, FIELD_FOREGROUND_PID,
};

static const uint16_t table[] = {
        FIELD_REF, FIELD_PATH, FIELD_OWNER, FIELD_MODE, FIELD_SESSION_PID, FIELD_FOREGROUND_PID, FIELD_STATE,
        FIELD_HOLDERS,
};

static const uint16_t summary[] = { FIELD_PATH, FIELD_FOREGROUND_PID };

const struct kind kind_pty = {
        .name = "pty",
        .title = N_("Pseudoterminal"),
        .scope = NAMESPACE_MNT,
        .address = ADDRESS_ID,
        .family = FAMILY_OTHER,
        .fields = fields, .nfields = COUNT(fields),
        .columns = table, .ncolumns = COUNT(table),
        .summary = summary, .nsummary = COUNT(summary),
        .unlisted = true,
        .claims = CLAIM_PATH_FD,
        .scan = scan,
        .claim = claim_pty,
        .wake = WAKE_SIDE,
        .conclude = conclude,
};
