/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Processes by descriptor: pidfd_open(2). */
#include "base/array.h"
#include "base/i18n.h"
#include "base/number.h"
#include "kind/anonfile.h"
#include "kind/kinds.h"
#include "sys/process.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static const struct fdinfo_key pid_key = { .key = "Pid", .form = FDINFO_DECIMAL };

/*
 * The name of the process that has the pid now. It is the one that is meant if
 * it had the pid before and after: the descriptor forgets it when it ends.
 */
static void set_comm(struct claim *claim, struct object *object, pid_t pid)
{
        struct fdinfo_key again = pid_key;
        struct process_stat stat;
        struct buf scratch = { 0 };
        char path[32];
        int dir, r;

        snprintf(path, sizeof(path), "/proc/%d", pid);
        dir = host_openat(claim->host, path, O_PATH | O_DIRECTORY);
        if (dir < 0)
                return;
        r = process_read_stat(dir, &scratch, &stat);
        close(dir);
        if (r == 0) {
                fdinfo_read(anonfile_info(claim, &kind_pidfd), &again, 1);
                if (again.there && again.number == pid)
                        builder_text(claim->builder, object, FIELD_TARGET_COMM, stat.comm);
        }
        buf_done(&scratch);
}

/* Beyond the first, they are its numbers in the namespaces below this one. */
static void set_namespace_pids(struct claim *claim, struct object *object, struct text info)
{
        struct text list, rest, word;
        struct row *rows;
        size_t n = 0, i = 0;
        uint64_t pid;

        if (!fdinfo_text(info, "NSpid", &list))
                return;
        for (rest = list; text_word(&rest, &word); n++)
                if (number_parse(word, INT32_MAX, &pid) < 0 || pid == 0)
                        return;
        rows = anonfile_rows(claim->builder, n, 1);
        for (rest = list; i < n && text_word(&rest, &word); i++)
                if (number_parse(word, INT32_MAX, &pid) == 0)
                        anonfile_add(&rows[i], FIELD_PID, pid);
        anonfile_set_rows(claim->builder, object, FIELD_NAMESPACE_PIDS, rows, n);
}

static void describe(struct claim *claim, struct object *object, struct text info)
{
        const struct want *want = builder_want(claim->builder);
        struct builder *builder = claim->builder;
        struct fdinfo_key pid = pid_key;

        fdinfo_read(info, &pid, 1);
        if (!pid.there || pid.number < -1 || pid.number > INT32_MAX) {
                builder_unknown(builder, object, FIELD_TARGET_PID);
                builder_uint(builder, object, FIELD_TARGET_LIFE, LIFE_UNKNOWN);
                return;
        }
        if (pid.number == -1) {
                /* Ended and collected: which one it was is not kept. */
                builder_unknown(builder, object, FIELD_TARGET_PID);
                builder_uint(builder, object, FIELD_TARGET_LIFE, LIFE_DEAD);
                builder_state(builder, object, WORD_BIT(STATE_GONE), false);
                return;
        }
        builder_uint(builder, object, FIELD_TARGET_PID, pid.bits);
        builder_uint(builder, object, FIELD_TARGET_LIFE, pid.number == 0 ? LIFE_NONE : LIFE_ALIVE);
        set_namespace_pids(claim, object, info);
        if (pid.number > 0 && (want->detail || field_set_has(&want->fields, FIELD_TARGET_COMM)))
                set_comm(claim, object, (pid_t)pid.number);
}

static struct object *claim_pidfd(struct claim *claim)
{
        struct fdinfo_key inode = { .key = "ino", .form = FDINFO_UNSIGNED };
        struct text info = anonfile_info(claim, &kind_pidfd);
        struct object *object;
        bool new;

        /* Since Linux 6.9 each process has an inode of its own, for all of its pidfds. */
        fdinfo_read(info, &inode, 1);
        object = anonfile_object(claim, &kind_pidfd, inode.there ? inode.bits : 0, &new);
        if (!object || !new)
                return object;
        if (inode.there)
                builder_uint(claim->builder, object, FIELD_INODE, inode.bits);
        describe(claim, object, info);
        return object;
}

static const uint16_t fields[] = {
        FIELD_INODE, FIELD_STATE, FIELD_TARGET_PID, FIELD_TARGET_LIFE, FIELD_TARGET_COMM, FIELD_NAMESPACE_PIDS,
};

static const uint16_t table[] = {
        FIELD_REF, FIELD_TARGET_PID, FIELD_TARGET_COMM, FIELD_TARGET_LIFE, FIELD_HOLDERS,
};

static const uint16_t summary[] = { FIELD_TARGET_PID, FIELD_TARGET_COMM, FIELD_STATE };

const struct kind kind_pidfd = {
        .name = "pidfd",
        .title = N_("Process by descriptor (pidfd)"),
        .scope = NAMESPACE_NONE,
        .address = ADDRESS_FD,
        .family = FAMILY_EVENT,
        .fields = fields, .nfields = COUNT(fields),
        .columns = table, .ncolumns = COUNT(table),
        .summary = summary, .nsummary = COUNT(summary),
        .unlisted = true,
        .claims = CLAIM_ANON,
        .anon = "anon_inode:[pidfd]",
        .claim = claim_pidfd,
};
