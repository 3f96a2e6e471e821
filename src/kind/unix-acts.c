/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What can be done to socket files that nothing is bound to. bind(2) always
 * makes a new file: one that is stale once stays so, and its identity is the
 * proof. The table of our own network namespace is asked again all the same,
 * for what the snapshot may have missed. Nobody is connected to: that would
 * wake a server.
 */
#include "base/array.h"
#include "base/i18n.h"
#include "kind/path-acts.h"
#include "sys/sockdiag.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct file_acts file = { .type = S_IFSOCK, .inode = FIELD_FILE_INODE, .open = path_open };

/* The state, if it is that of a file to which nothing is bound; else NULL. */
static const struct value *stale(const struct object *object)
{
        const struct value *state = row_get(object_row(object), FIELD_STATE);

        return state && state->type == VALUE_WORDS && state->u & WORD_BIT(STATE_STALE) ? state : NULL;
}

static const char *irremovable(const struct object *object)
{
        const struct value *name = row_get(object_row(object), FIELD_NAME);

        if (stale(object))
                return NULL;
        if (name && name->type == VALUE_TEXT && name->len && name->data[0])
                return N_("its file belongs to a live socket: end the processes that have it, or let them close it");
        return N_("it is a live socket without a file: it goes when the processes that have it close it");
}

static const char *doubtful(const struct object *object)
{
        const struct value *state = stale(object);

        if (!state || !state->inferred)
                return NULL;
        return N_("a socket of a network namespace that can't be seen from here may be bound to it");
}

struct search {
        uint64_t dev;
        uint32_t inode;
        bool found;
};

static void compare(const struct unix_facts *facts, void *data)
{
        struct search *search = data;

        if (facts->has_file && facts->file_dev == search->dev && facts->file_inode == search->inode)
                search->found = true;
}

/* 0; -ESTALE: it is bound, after all; or another -errno: it can't be told. */
static int check_unbound(struct act *act)
{
        struct search search = { .dev = act->object->key.scope, .inode = (uint32_t)act->object->key.id };
        const struct value *state = stale(act->object);
        struct sockdiag *diag;
        int r;

        if (!state)
                return -EBUSY;
        r = sockdiag_open(act->host, -1, &diag);
        if (r == 0) {
                r = sockdiag_unix(diag, 0, compare, &search);
                sockdiag_close(diag);
        }
        if (!search.found) {
                if (r < 0)
                        act->reason = N_("the kernel's table of sockets can't be read, so it may be in use");
                return r;
        }
        act->changed.field = FIELD_STATE;
        act->changed.before = *state;
        act->changed.now = (struct value){ .field = FIELD_STATE, .type = VALUE_WORDS };
        return -ESTALE;
}

static int remove_file(struct act *act)
{
        int r = check_unbound(act);

        return r < 0 ? r : file_acts_remove(act, &file);
}

/* A file to which nothing is bound has attributes only. */
static int save(struct act *act, struct copy_writer *copy)
{
        int fd;

        (void)copy;
        if (!stale(act->object)) {
                act->reason = N_("a socket can't be saved, only a file that nothing is bound to");
                return -EOPNOTSUPP;
        }
        fd = file_acts_open(act, &file, O_PATH, NULL);
        if (fd < 0)
                return fd;
        close(fd);
        return 0;
}

/* Only to bring one back: a new one is made by whoever binds a socket. */
static int make(struct making *making)
{
        if (!making->copy) {
                making->failed = N_("a socket's file is made by the program that binds it");
                return -EOPNOTSUPP;
        }
        return path_make(making, S_IFSOCK);
}

static const uint16_t identity[] = { FIELD_DEV, FIELD_FILE_INODE, FIELD_OWNER, FIELD_CREATED_AT, FIELD_CHANGED_AT };
static const uint16_t needed[] = { FIELD_NAME };

const struct acts unix_acts = {
        .identity = identity, .nidentity = COUNT(identity), .grain = 1,
        .needed = needed, .nneeded = COUNT(needed),
        .remove = remove_file,
        .irremovable = irremovable,
        .doubtful = doubtful,
        .save = save,
        .make = make,
};
