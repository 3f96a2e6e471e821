/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Saving one object: what it was, and what was in it. */
#include "admin/deed.h"

#include "admin/journal-line.h"
#include "admin/manifest.h"
#include "admin/set.h"
#include "base/i18n.h"
#include "sys/copy.h"
#include "sys/host.h"

#include <errno.h>

enum {
        TRIES = 3,                      /* for an object that changes while it is being saved */
        NAME_MOST = 150,                /* of a copy; longer references are cut, and made distinct by a hash */
};

/* FNV-1a: names that are cut to the same shall differ; who means harm gets a "-2". */
static uint64_t hash(struct text text)
{
        uint64_t hash = UINT64_C(0xcbf29ce484222325);

        for (size_t i = 0; i < text.len; i++)
                hash = (hash ^ (unsigned char)text.data[i]) * UINT64_C(0x100000001b3);
        return hash;
}

/*
 * The reference as a file name: "shm:32769" is shm-32769, "pshm:/a%20b" is
 * pshm-a%20b. What the reference is, says the manifest; this is for people.
 */
static void name_copy(struct text ref, struct buf *out)
{
        size_t start = out->len;
        bool after_colon = false;

        for (size_t i = 0; i < ref.len; i++) {
                char byte = ref.data[i];

                if (byte == ':' || (byte == '/' && !after_colon))
                        buf_byte(out, '-');
                else if (byte != '/')
                        buf_byte(out, byte);
                after_colon = byte == ':';
        }
        if (out->len - start > NAME_MOST) {
                out->len = start + NAME_MOST;
                buf_printf(out, "-%016llx", (unsigned long long)hash(ref));
        }
        /* What ends so is not taken for a copy. */
        if (text_ends(buf_text(out), TEXT(".partial")))
                buf_byte(out, '_');
}

/* May it be saved at all? NULL, or why not: N_(). */
static const char *obstacle(const struct deed *deed, const struct object *object)
{
        const struct acts *acts = object->key.kind->acts;

        if (!host_live(deed->host))
                return N_("a recorded machine has no contents");
        if (object->foreign)
                return N_("of another namespace: run ipcview there, by nsenter(1)");
        if (!acts || !acts->save)
                return acts && acts->cannot_save ? acts->cannot_save
                                                 : N_("objects of this kind have no contents to save");
        return NULL;
}

static int write_files(struct deed *deed, const struct object *object, struct copy_writer *copy, bool *ret_asked)
{
        struct buf manifest = { 0 };
        int r = copy_file(copy, MANIFEST_FILE);

        manifest_write(deed->snapshot, object, &manifest);
        if (r == 0)
                r = copy_write(copy, manifest.data, manifest.len);
        buf_done(&manifest);
        *ret_asked = r == 0;
        return r < 0 ? r : object->key.kind->acts->save(&deed->act, copy);
}

/* *ret_asked: the answer is the object's, not the directory's. */
static int save(struct deed *deed, const struct object *object, bool *ret_asked)
{
        struct buf name = { 0 };
        struct copy_writer *copy;
        const char *why = NULL;
        int r;

        deed->act = (struct act){ .host = deed->host, .object = object, .force = !deed->strict, .drain = deed->drain,
                                  .progress = deed->progress, .progress_data = deed->progress_data };
        name_copy(object->ref, &name);
        r = copy_begin(deed->save_to, name.data, &copy, &why);
        buf_done(&name);
        if (r < 0) {
                deed->act.reason = why;
                return r;
        }
        r = write_files(deed, object, copy, ret_asked);
        if (r == 0) {
                *ret_asked = false;
                r = copy_finish(copy, &deed->copy);
        } else {
                copy_abandon(copy, &deed->copy);
        }
        /* A path in spite of a failure is that of what could not be thrown away. */
        deed->kept = r < 0 && deed->copy.len > 0;
        return r;
}

void deed_save(struct deed *deed, const struct object *object)
{
        struct journal_note note = { .object = object };
        const char *why = obstacle(deed, object);
        bool asked = false;
        int r = -EAGAIN;

        deed->err = deed->journal_err = 0;
        buf_clear(&deed->copy);
        deed->kept = false;
        if (why) {
                deed->act = (struct act){ .host = deed->host, .object = object, .reason = why };
                deed->result = DEED_REFUSED;
                return;
        }
        for (unsigned i = 0; r == -EAGAIN && i < TRIES && !deed->kept; i++)
                r = save(deed, object, &asked);
        deed->result = r < 0 && !asked ? DEED_FAILED : deed_result_of(r);
        if (deed->result == DEED_FAILED)
                deed->err = -r;
        journal_note(deed, &note);
}
