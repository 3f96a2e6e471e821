/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kind/shmdir-acts.h"

#include "base/i18n.h"
#include "kind/kinds.h"
#include "kind/psem-layout.h"
#include "kind/shmdir.h"
#include "sys/copy.h"
#include "sys/peek.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SAVE_STEP = 16 << 20 };          /* bytes between two reports of progress */

/* The path of its file below /dev/shm: of a semaphore, "/sub/sem.NAME". */
static void add_path(const struct kind *kind, struct text name, struct buf *out)
{
        size_t base = name.len;

        while (base > 0 && name.data[base - 1] != '/')
                base--;
        buf_add(out, (struct text){ name.data, base });
        if (kind == &kind_psem && base < name.len)
                buf_string(out, "sem.");
        buf_add(out, text_from(name, base));
}

static int open_below(const struct host *host, const struct kind *kind, struct text name, struct named *ret)
{
        struct buf path = { 0 };
        int r;

        add_path(kind, name, &path);
        r = named_open(host, SHMDIR, buf_text(&path), NAMED_STRICT, ret);
        buf_done(&path);
        return r;
}

static int open_object(const struct host *host, const struct object *object, struct named *ret)
{
        const struct value *name = row_get(object_row(object), FIELD_NAME);

        if (!name || name->type != VALUE_TEXT)
                return -ENOENT;
        return open_below(host, object->key.kind, value_text(name), ret);
}

/* The value of a semaphore, and who waits for it. */
static unsigned count_sem(const struct act *act, const struct named *named, struct value *ret)
{
        char bytes[PSEM_SIZE_MOST];
        struct psem_reading reading;
        ssize_t n = peek_file(named->dir, named->base.data, bytes, sizeof(bytes));
        bool known = n > 0 && psem_read(bytes, (size_t)n, &reading);

        (void)act;
        ret[0] = (struct value){ .field = FIELD_VALUE, .type = known ? VALUE_UINT : VALUE_UNKNOWN };
        ret[1] = (struct value){ .field = FIELD_WAITING, .type = known ? VALUE_UINT : VALUE_UNKNOWN };
        if (known) {
                ret[0].u = reading.value;
                ret[1].u = reading.waiting;
        }
        return 2;
}

static const struct file_acts memory_file = { .type = S_IFREG, .inode = FIELD_INODE, .open = open_object };

static const struct file_acts semaphore_file = {
        .type = S_IFREG, .inode = FIELD_INODE, .open = open_object, .counters = count_sem,
};

static const struct file_acts *file_of(const struct act *act)
{
        return act->object->key.kind == &kind_psem ? &semaphore_file : &memory_file;
}

int shmdir_remove(struct act *act)
{
        return file_acts_remove(act, file_of(act));
}

int shmdir_set(struct act *act, const struct assignment *assignments, unsigned n)
{
        return file_acts_set(act, file_of(act), assignments, n);
}

static int save_contents(const struct act *act, int fd, uint64_t size, struct copy_writer *copy)
{
        int r = copy_file(copy, SHMDIR_DATA);

        for (uint64_t at = 0; r == 0 && at < size; ) {
                uint64_t step = size - at < SAVE_STEP ? size - at : SAVE_STEP;

                r = copy_from(copy, fd, at, step);
                at += step;
                if (r == 0 && act->progress)
                        act->progress(act->progress_data, at, size);
        }
        return r;
}

int shmdir_save(struct act *act, struct copy_writer *copy)
{
        struct file_facts facts;
        int fd = file_acts_open(act, file_of(act), O_RDONLY, &facts), r;

        if (fd < 0)
                return fd;
        r = save_contents(act, fd, facts.size, copy);
        if (r == -ENODATA)
                r = -EAGAIN;
        /* Stores to mapped memory leave no trace; every write, truncation and removal does. */
        if (r == 0 && file_acts_check(act, file_of(act), fd) < 0)
                r = -EAGAIN;
        if (r == -EAGAIN)
                act->reason = N_("it was written to, or changed, while it was being saved");
        close(fd);
        return r;
}

int shmdir_make_begin(struct making *making, const struct kind *kind, struct named *ret, struct unborn *ret_file)
{
        int r = open_below(making->host, kind, making_name(making), ret);

        if (r < 0) {
                if (r == -ENOENT || r == -ENOTDIR)
                        making->failed = N_("there is no such directory below /dev/shm");
                return r;
        }
        r = unborn_make(ret, ret_file);
        if (r < 0)
                named_close(ret);
        return r;
}

/* The moment of its last change, if it is brought back rather than new. */
static int set_time(const struct making *making, const struct unborn *file)
{
        uint64_t modified;

        if (!making->copy || !making_uint(making, FIELD_MODIFIED_AT, &modified))
                return 0;
        return unborn_set_time(file, (int64_t)modified);
}

int shmdir_make_end(struct making *making, struct named *named, struct unborn *file, int r)
{
        struct gift gift = making_gift(making);

        if (r == 0)
                r = set_time(making, file);
        if (r == 0)
                r = unborn_finish(named, file, &gift);
        else
                unborn_abandon(named, file);
        named_close(named);
        if (r == 0)
                making_done(making);
        return r;
}
