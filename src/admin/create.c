/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "admin/create.h"

#include "admin/journal-line.h"
#include "base/memory.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>

/* So many keys in a row are taken only where somebody took a good part of all 2^32. */
enum { KEYS_TRIED = 64 };

static int random_key(uint64_t *ret)
{
        uint32_t key = 0;

        /* 0 is IPC_PRIVATE. */
        while (key == 0) {
                ssize_t n = getrandom(&key, sizeof(key), 0);

                if (n < 0 && errno != EINTR)
                        return -errno;
                if (n != sizeof(key))
                        key = 0;
        }
        *ret = key;
        return 0;
}

static int make(const struct acts *acts, struct making *making, struct value *key)
{
        int r = -EEXIST;

        if (!key)
                return acts->make(making);
        for (unsigned i = 0; r == -EEXIST && i < KEYS_TRIED; i++) {
                r = random_key(&key->u);
                if (r == 0)
                        r = acts->make(making);
        }
        return r;
}

/* What was asked for, and what the kernel made of it: its id. */
static struct row attributes(const struct making *making)
{
        size_t n = 0;
        struct value *values = memory_new((making->wanted.nvalues + making->nmade + 1) * sizeof(*values));

        for (unsigned i = 0; i < making->nmade; i++)
                values[n++] = making->made[i];
        for (size_t i = 0; i < making->wanted.nvalues; i++)
                if (!row_get((struct row){ making->made, making->nmade }, making->wanted.values[i].field))
                        values[n++] = making->wanted.values[i];
        return (struct row){ values, n };
}

/* What it was to be called: known before there is one where there is a name. */
static void name_it(const struct kind *kind, const struct making *making, struct buf *out)
{
        const struct value *name = row_get(making->wanted, FIELD_NAME);
        struct making named = { .nmade = 1 };

        if (!name)
                return;
        named.made[0] = *name;
        making_reference(kind, &named, out);
}

void deed_create(struct deed *deed, const struct kind *kind, struct making *making, struct value *key,
                 struct buf *ret_ref)
{
        struct journal_note note = { .kind = kind };
        struct buf ref = { 0 };
        int r = make(kind->acts, making, key);

        deed->result = r < 0 ? DEED_FAILED : DEED_DONE;
        deed->err = -r;
        if (r == 0) {
                making_reference(kind, making, &ref);
                buf_add(ret_ref, buf_text(&ref));
        } else {
                name_it(kind, making, &ref);
        }
        note.ref = buf_text(&ref);
        note.made = attributes(making);
        journal_note(deed, &note);
        free((void *)note.made.values);
        buf_done(&ref);
}
