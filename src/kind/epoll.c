/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Event polls: epoll(7). The kernel tells what is watched by the number that
 * the descriptor had when it was added, which may by now be another file, or
 * none: an object is named only if inode and device agree, or kcmp(2) says so.
 */
#include "base/array.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "kind/anonfile.h"
#include "kind/kinds.h"
#include "model/limit.h"
#include "sys/internal-fs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>

/* EPOLL_URING_WAKE of linux/eventpoll.h is not for programs, but shows. */
#define URING_WAKE (1u << 27)

enum {
        TARGET_VALUES = 7,              /* in a row at most */
        /*
         * The kernel looks for a target among all: so many of them are passed
         * in all the questions at the end of one process (about 25 ms).
         */
        STEPS_MOST = 4000000,
};

static uint64_t event_words(uint32_t events)
{
        static const struct bit_word words[] = {
                { EPOLLIN,        EPOLL_EVENT_IN },
                { EPOLLPRI,       EPOLL_EVENT_PRI },
                { EPOLLOUT,       EPOLL_EVENT_OUT },
                { EPOLLERR,       EPOLL_EVENT_ERR },
                { EPOLLHUP,       EPOLL_EVENT_HUP },
                { 0x20,           EPOLL_EVENT_NVAL },
                { EPOLLRDNORM,    EPOLL_EVENT_RDNORM },
                { EPOLLRDBAND,    EPOLL_EVENT_RDBAND },
                { EPOLLWRNORM,    EPOLL_EVENT_WRNORM },
                { EPOLLWRBAND,    EPOLL_EVENT_WRBAND },
                { EPOLLMSG,       EPOLL_EVENT_MSG },
                { EPOLLRDHUP,     EPOLL_EVENT_RDHUP },
                { URING_WAKE,     EPOLL_EVENT_URING_WAKE },
                { EPOLLEXCLUSIVE, EPOLL_EVENT_EXCLUSIVE },
                { EPOLLWAKEUP,    EPOLL_EVENT_WAKEUP },
                { EPOLLONESHOT,   EPOLL_EVENT_ONESHOT },
                { EPOLLET,        EPOLL_EVENT_ET },
        };

        return anonfile_words(events, words, COUNT(words), EPOLL_EVENT_OTHER);
}

/* A target and its place in the kernel's list, which is what kcmp(2) counts by. */
struct place {
        struct fdinfo_target target;
        size_t number;
};

static int compare_places(const void *a, const void *b)
{
        const struct place *x = a, *y = b;

        if (x->target.fd != y->target.fd)
                return x->target.fd < y->target.fd ? -1 : 1;
        return x->number < y->number ? -1 : x->number > y->number;
}

static void fill_row(struct builder *builder, struct row *row, const struct fdinfo_target *target)
{
        char data[24];
        int n = snprintf(data, sizeof(data), "0x%llx", (unsigned long long)target->data);

        anonfile_add(row, FIELD_FD, target->fd);
        anonfile_add(row, FIELD_EVENTS, event_words(target->events));
        anonfile_add_text(builder, row, FIELD_DATA, (struct text){ data, (size_t)n });
        if (target->has_file) {
                anonfile_add(row, FIELD_INODE, target->inode);
                anonfile_add(row, FIELD_DEV, target->dev);
        }
}

/* Sorted by number, and those of one number in the kernel's order. */
static void set_targets(struct claim *claim, struct object *object, struct text info)
{
        struct place *places;
        struct fdinfo_target target;
        struct text rest = info;
        struct row *rows;
        size_t n = 0, lines = 0, bad = 0;
        int r;

        while ((r = fdinfo_next_target(&rest, &target)) != 0) {
                lines += r > 0;
                bad += r < 0;
        }
        anonfile_bad_lines(claim, &kind_epoll, bad);
        places = memory_new((lines + 1) * sizeof(*places));
        while (n < lines && (r = fdinfo_next_target(&info, &places[n].target)) != 0)
                if (r > 0) {
                        places[n].number = n;
                        n++;
                }
        qsort(places, n, sizeof(*places), compare_places);
        rows = anonfile_rows(claim->builder, n, TARGET_VALUES);
        for (size_t i = 0; i < n; i++)
                fill_row(claim->builder, &rows[i], &places[i].target);
        anonfile_set_rows(claim->builder, object, FIELD_TARGETS, rows, n);
        builder_uint(claim->builder, object, FIELD_TARGET_COUNT, n);
        free(places);
}

static struct object *claim_epoll(struct claim *claim)
{
        struct fdinfo_key inode = { .key = "ino", .form = FDINFO_UNSIGNED };
        bool new;
        struct object *object = anonfile_object(claim, &kind_epoll, 0, &new);
        struct text info;

        if (!object || !new)
                return object;
        info = anonfile_info(claim, &kind_epoll);
        if (info.len == 0) {
                builder_unknown(claim->builder, object, FIELD_TARGET_COUNT);
                builder_unknown(claim->builder, object, FIELD_TARGETS);
                return object;
        }
        set_targets(claim, object, info);
        fdinfo_read(info, &inode, 1);
        if (inode.there)
                builder_uint(claim->builder, object, FIELD_INODE, inode.bits);
        return object;
}

static bool has_file(struct row row, uint64_t *ret_dev, uint64_t *ret_inode)
{
        const struct value *dev = row_get(row, FIELD_DEV), *inode = row_get(row, FIELD_INODE);

        if (!dev || !inode)
                return false;
        *ret_dev = dev->u;
        *ret_inode = inode->u;
        return true;
}

static void name_target(struct builder *builder, struct object *epoll, const struct row *row, struct object *target,
                        bool inferred)
{
        anonfile_add_object(row, FIELD_REF, target, inferred);
        if (inferred)
                anonfile_add((struct row *)row, FIELD_INFERRED, true);
        builder_peer_oneway(builder, epoll, target);
}

/* Does nothing contradict that this object is on that inode? For when kcmp(2) can't be asked. */
static bool may_be_on(const struct object *object, const struct object *epoll, uint64_t inode)
{
        const struct value *own = row_get(object_row(object), FIELD_INODE);

        if (!(object->key.kind->claims & CLAIM_ANON))
                return false;
        if (!own)
                own = row_get(object_row(epoll), FIELD_INODE);
        return !own || own->type != VALUE_UINT || own->u == inode;
}

/* One target that the process has an object for under the same number. */
static void match(struct claim *claim, struct object *epoll, const struct row *row, uint32_t nth,
                  struct object *object, uint64_t *steps, uint64_t ntargets)
{
        struct builder *builder = claim->builder;
        uint64_t dev = 0, inode = 0;
        bool has = has_file(*row, &dev, &inode);
        int r = -EAGAIN;

        if (has && (builder_indexed(builder, SPACE_SOCKET, inode) == object ||
                    builder_indexed(builder, SPACE_PIPE, inode) == object ||
                    builder_indexed(builder, dev, inode) == object)) {
                name_target(builder, epoll, row, object, false);
                return;
        }
        if (walk_can_compare(claim->walk) && *steps + ntargets <= STEPS_MOST) {
                int fd = (int)row_get(*row, FIELD_FD)->u;

                *steps += ntargets;
                r = kcmp_is_target(claim->entry->tid, fd, claim->entry->tid, claim->entry->fd, (uint32_t)fd, nth);
        }
        if (r == 1)
                name_target(builder, epoll, row, object, false);
        else if (r < 0 && r != -ENOENT && r != -EBADF && r != -ESRCH && has && may_be_on(object, epoll, inode))
                name_target(builder, epoll, row, object, true);
}

static void relate_epoll(struct claim *claim, struct object *epoll)
{
        const struct value *targets = row_get(object_row(epoll), FIELD_TARGETS);
        uint64_t steps = 0, last = UINT64_MAX;
        uint32_t nth = 0;

        if (!targets || targets->type != VALUE_ROWS)
                return;
        for (uint32_t i = 0; i < targets->len; i++) {
                const struct row *row = &targets->rows[i];
                uint64_t fd = row_get(*row, FIELD_FD)->u;
                struct object *object;

                nth = fd == last ? nth + 1 : 0;
                last = fd;
                if (row_get(*row, FIELD_REF))
                        continue;
                object = claim->find(claim, (int)fd);
                if (object)
                        match(claim, epoll, row, nth, object, &steps, targets->len);
        }
}

/* Devices of the internal file systems, once they are needed. */
struct devices {
        bool known;
        uint64_t sockets, pipes;
};

static void look_up_targets(struct builder *builder, struct object *epoll, struct devices *devices)
{
        const struct value *targets = row_get(object_row(epoll), FIELD_TARGETS);
        uint64_t dev, inode;

        for (uint32_t i = 0; targets && targets->type == VALUE_ROWS && i < targets->len; i++) {
                const struct row *row = &targets->rows[i];
                struct object *object;

                if (row_get(*row, FIELD_REF) || !has_file(*row, &dev, &inode))
                        continue;
                if (!devices->known)
                        internal_fs_devices(&devices->sockets, &devices->pipes);
                devices->known = true;
                if (dev == devices->sockets)
                        dev = SPACE_SOCKET;
                else if (dev == devices->pipes)
                        dev = SPACE_PIPE;
                object = builder_indexed(builder, dev, inode);
                if (object)
                        name_target(builder, epoll, row, object, false);
        }
}

/*
 * What is still without a name: the number is closed where the instance is
 * held, but the file lives on elsewhere. Sockets, pipes and paths are known by
 * device and inode alone.
 */
static void settle_epoll(const struct host *host, struct builder *builder)
{
        struct devices devices = { .known = !host_live(host) };
        struct object *object;

        for (size_t i = 0; (object = builder_each(builder, &kind_epoll, i)); i++)
                look_up_targets(builder, object, &devices);
}

static const uint16_t fields[] = {
        FIELD_INODE, FIELD_STATE, FIELD_TARGET_COUNT, FIELD_TARGETS,
};

static const uint16_t table[] = {
        FIELD_REF, FIELD_TARGET_COUNT, FIELD_PEERS, FIELD_HOLDERS,
};

static const uint16_t summary[] = { FIELD_TARGET_COUNT };

static const struct kind_charge charges[] = {
        { .limit = LIMIT_EPOLL_WATCHES, .how = CHARGE_FIELD, .field = FIELD_TARGET_COUNT },
};

const struct kind kind_epoll = {
        .name = "epoll",
        .title = N_("Event poll (epoll)"),
        .scope = NAMESPACE_NONE,
        .address = ADDRESS_FD,
        .family = FAMILY_EVENT,
        .fields = fields, .nfields = COUNT(fields),
        .columns = table, .ncolumns = COUNT(table),
        .summary = summary, .nsummary = COUNT(summary),
        .charges = charges, .ncharges = COUNT(charges),
        .unlisted = true,
        .claims = CLAIM_ANON,
        .anon = "anon_inode:[eventpoll]",
        .claim = claim_epoll,
        .relate = relate_epoll,
        .wake = WAKE_WATCHED,
        .settle = settle_epoll,
};
