/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kind/file-acts.h"

#include "base/arena.h"
#include "base/i18n.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FACTS = 5 };

static struct value number(uint16_t field, uint64_t u)
{
        return (struct value){ .field = field, .type = VALUE_UINT, .u = u };
}

static int check(struct act *act, const struct file_acts *file, const struct file_facts *facts,
                 const struct value *counters, unsigned n)
{
        struct value values[FACTS + FILE_COUNTERS_MOST] = {
                number(FIELD_DEV, facts->dev),
                number(file->inode, facts->inode),
                number(FIELD_OWNER, facts->uid),
                number(FIELD_CREATED_AT, (uint64_t)facts->btime),
                number(FIELD_CHANGED_AT, (uint64_t)facts->ctime),
        };
        int r;

        for (unsigned i = 0; i < n; i++)
                values[FACTS + i] = counters[i];
        r = act_check(act, (struct row){ values, FACTS + n });
        if (r < 0)
                return r;
        /* An inode does not change its type, but the sentence costs nothing. */
        if ((facts->mode & S_IFMT) != file->type)
                return -ESTALE;
        /* Inodes are used again. Where births are not kept, only the time of change tells them apart. */
        if (!file->restless && facts->btime == 0 && !act_agrees(act, values[4], false))
                return -ESTALE;
        return 0;
}

static int open_name(struct act *act, const struct file_acts *file, struct named *ret)
{
        int r = file->open(act->host, act->object, ret);
        const struct value *name = row_get(object_row(act->object), FIELD_NAME);

        if (r != -ENOTDIR)
                return r;
        /* What was a directory is a link now, or anything else. */
        act->changed.field = FIELD_NAME;
        act->changed.before = name ? *name : (struct value){ .field = FIELD_NAME, .type = VALUE_UNKNOWN };
        act->changed.now = (struct value){ .field = FIELD_NAME, .type = VALUE_UNKNOWN };
        return -ESTALE;
}

/* It is what people saw; only that much is removed. */
static int remove_name(struct act *act, const struct file_acts *file, const struct named *named,
                       const struct file_facts *facts)
{
        struct file_facts other;
        int r = named_remove(named, facts, &other);

        if (r != -ESTALE && r != -EEXIST)
                return r;
        act->changed.field = file->inode;
        act->changed.before = number(file->inode, facts->inode);
        act->changed.now = number(file->inode, other.inode);
        if (r == -EEXIST)
                act->reason = N_("its name was given to something else, which could not be put back: "
                                 "it is called .ipcview-..., in the same directory");
        return -ESTALE;
}

int file_acts_remove(struct act *act, const struct file_acts *file)
{
        struct value counters[FILE_COUNTERS_MOST];
        struct file_facts facts;
        struct named named;
        unsigned n = 0;
        int r = open_name(act, file, &named);

        if (r < 0)
                return r;
        if (file->counters)
                n = file->counters(act, &named, counters);
        r = named_stat(&named, &facts);
        if (r == 0)
                r = check(act, file, &facts, counters, n);
        if (r == 0)
                r = remove_name(act, file, &named, &facts);
        named_close(&named);
        return r;
}

int file_acts_check(struct act *act, const struct file_acts *file, int fd)
{
        struct act alike = *act;
        struct file_facts facts;
        int r = named_facts(fd, &facts);

        alike.force = true;
        if (r == 0)
                r = check(&alike, file, &facts, NULL, 0);
        act->changed = alike.changed;
        return r;
}

int file_acts_open(struct act *act, const struct file_acts *file, int flags, struct file_facts *ret_facts)
{
        struct named named;
        int fd, r = open_name(act, file, &named);

        if (r < 0)
                return r;
        fd = named_open_file(&named, flags);
        named_close(&named);
        if (fd < 0)
                return fd == -ELOOP ? -ESTALE : fd;
        r = file_acts_check(act, file, fd);
        if (r == 0 && ret_facts)
                r = named_facts(fd, ret_facts);
        if (r == 0)
                return fd;
        close(fd);
        return r;
}

bool gift_add(struct gift *gift, const struct value *value)
{
        if (value->type != VALUE_UINT)
                return false;
        switch (value->field) {
        case FIELD_OWNER:
                gift->has_uid = true;
                gift->uid = (uid_t)value->u;
                return true;
        case FIELD_GROUP:
                gift->has_gid = true;
                gift->gid = (gid_t)value->u;
                return true;
        case FIELD_MODE:
                gift->has_mode = true;
                gift->mode = (uint32_t)value->u;
                return true;
        default:
                return false;
        }
}

int file_acts_set(struct act *act, const struct file_acts *file, const struct assignment *assignments, unsigned n)
{
        struct gift gift = { 0 };
        int fd, r;

        for (unsigned i = 0; i < n; i++)
                if (!gift_add(&gift, &assignments[i].value))
                        return -EINVAL;
        /* The descriptor is of the file that was compared, whatever happens to its name. */
        fd = file_acts_open(act, file, O_PATH, NULL);
        if (fd < 0)
                return fd;
        r = gift_give(fd, &gift);
        close(fd);
        return r;
}

bool making_uint(const struct making *making, uint16_t field, uint64_t *ret)
{
        const struct value *value = row_get(making->wanted, field);

        if (!value || value->type == VALUE_UNKNOWN)
                return false;
        *ret = value->u;
        return true;
}

struct text making_name(const struct making *making)
{
        const struct value *value = row_get(making->wanted, FIELD_NAME);

        return value && value->type == VALUE_TEXT ? value_text(value) : TEXT("");
}

struct gift making_gift(const struct making *making)
{
        struct gift gift = { .has_mode = true, .mode = 0600 };

        for (size_t i = 0; i < making->wanted.nvalues; i++) {
                const struct value *value = &making->wanted.values[i];

                if (value->field == FIELD_MODE || making->keep_owner)
                        gift_add(&gift, value);
        }
        return gift;
}

void making_done(struct making *making)
{
        struct text name = arena_text(making->arena, making_name(making));

        making->made[0] = (struct value){ .field = FIELD_NAME, .type = VALUE_TEXT, .data = name.data,
                                          .len = (uint32_t)name.len };
        making->nmade = 1;
}
