/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/i18n.h"
#include "kind/sysv-acts.h"

#include <errno.h>

enum { PERMISSIONS = 0777, PRIVATE_MODE = 0600 };

/* An attribute that was not asked for, or not saved. */
#define NOT_WANTED UINT64_MAX

uint64_t sysv_wanted(const struct making *making, uint16_t field, uint64_t missing)
{
        const struct value *value = row_get(making->wanted, field);

        return value && (value->type == VALUE_UINT || value->type == VALUE_WORDS) ? value->u : missing;
}

static int refuse(struct making *making, int err, const char *failed)
{
        making->failed = failed;
        return err;
}

/* Fills in what all types have, and how it is to be in the end. */
static int read_wanted(struct making *making, struct sysv_making *sysv, struct sysv_facts *wanted)
{
        uint64_t key = sysv_wanted(making, FIELD_KEY, 0), mode = sysv_wanted(making, FIELD_MODE, PRIVATE_MODE);
        uint64_t id = sysv_wanted(making, FIELD_ID, NOT_WANTED);

        if (key > UINT32_MAX)
                return refuse(making, -EINVAL, N_("reading its key"));
        if (mode > PERMISSIONS)
                return refuse(making, -EINVAL, N_("reading its mode"));
        if (making->same_id && id > INT32_MAX)
                return refuse(making, -EINVAL, N_("reading its id"));
        sysv->key = (uint32_t)key;
        sysv->id = making->same_id ? (int)id : -1;
        wanted->mode = (uint32_t)mode;
        return 0;
}

static int read_owner(struct making *making, const struct sysv_facts *made, struct sysv_facts *wanted)
{
        uint64_t owner = made->owner, group = made->group;

        if (making->keep_owner) {
                owner = sysv_wanted(making, FIELD_OWNER, owner);
                group = sysv_wanted(making, FIELD_GROUP, group);
        }
        if (owner >= UINT32_MAX || group >= UINT32_MAX)
                return refuse(making, -EINVAL, N_("reading its owner"));
        wanted->owner = (uid_t)owner;
        wanted->group = (gid_t)group;
        return 0;
}

/* Owner, mode and max_bytes, if they are not right from the beginning. */
static int finish(struct making *making, enum sysv_type type, const struct sysv_facts *made,
                  const struct sysv_facts *wanted)
{
        struct sysv_facts now;
        int r = sysv_stat(making->host, type, made->id, &now);

        if (r < 0)
                return refuse(making, r, N_("looking at what was made"));
        if (now.owner == wanted->owner && now.group == wanted->group && now.mode == wanted->mode &&
            (type != SYSV_MSG || now.msg.max_bytes == wanted->msg.max_bytes))
                return 0;
        r = sysv_set(making->host, type, made->id, wanted);
        if (r < 0)
                making->failed = type == SYSV_MSG && wanted->msg.max_bytes > made->msg.max_bytes
                                 ? N_("setting its owner, mode and most bytes "
                                      "(more than kernel.msgmnb needs CAP_SYS_RESOURCE)")
                                 : N_("setting its owner and mode");
        return r;
}

static void tell(struct making *making, const struct sysv_facts *made)
{
        making->made[0] = (struct value){ .field = FIELD_ID, .type = VALUE_UINT, .u = (uint64_t)made->id };
        making->made[1] = (struct value){ .field = FIELD_KEY, .type = VALUE_UINT, .u = made->key };
        making->nmade = 2;
}

int sysv_act_make(struct making *making, struct sysv_making *sysv,
                  int (*fill)(struct making *making, const struct sysv_facts *made))
{
        struct sysv_facts made, wanted = { 0 };
        int id, r = read_wanted(making, sysv, &wanted);

        if (r < 0)
                return r;
        /* Nobody else is to see it half filled. */
        sysv->mode = fill || making->keep_owner ? PRIVATE_MODE : wanted.mode;
        r = sysv_make(making->host, sysv, &id, &making->failed);
        if (r < 0)
                return r;
        r = sysv_stat(making->host, sysv->type, id, &made);
        if (r < 0)
                /* Somebody was fast; what is there now, if anything, is not ours. */
                return refuse(making, r, N_("looking at what was made"));
        if (sysv->type == SYSV_MSG)
                wanted.msg.max_bytes = sysv_wanted(making, FIELD_MAX_BYTES, made.msg.max_bytes);
        r = read_owner(making, &made, &wanted);
        if (r == 0 && fill)
                r = fill(making, &made);
        if (r == 0)
                r = finish(making, sysv->type, &made, &wanted);
        if (r == 0)
                tell(making, &made);
        else
                sysv_unmake(making->host, sysv->type, &made);
        return r;
}
