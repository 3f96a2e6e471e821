/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "admin/restore.h"

#include "admin/deed.h"
#include "admin/journal-line.h"
#include "sys/copy.h"

#include <errno.h>
#include <unistd.h>

enum { MANIFEST_MOST = 1 << 20 };

void restore_done(struct restore *restore)
{
        buf_done(&restore->ref);
        buf_done(&restore->what);
        restore->manifest = (struct manifest){ 0 };
        restore->owner_lost = false;
        restore->err = restore->journal_err = 0;
}

static int read_manifest(struct restore *restore, struct copy_reader *copy)
{
        struct buf text = { 0 };
        const char *member = NULL;
        int r = copy_read_file(copy, MANIFEST_FILE, MANIFEST_MOST, &text);

        if (r == 0)
                r = manifest_read(restore->kinds, buf_text(&text), restore->arena, &restore->manifest, &member);
        buf_done(&text);
        if (r < 0)
                buf_string(&restore->what, MANIFEST_FILE);
        if (r < 0 && member)
                buf_printf(&restore->what, ": %s", member);
        return r == -ENOENT || r == -EFBIG ? -EBADMSG : r;
}

/* Is all there that an object of the kind can't do without? */
static int check_needed(struct restore *restore)
{
        const struct acts *acts = restore->manifest.kind->acts;

        if (!acts || !acts->make)
                return -EOPNOTSUPP;
        for (unsigned i = 0; i < acts->nneeded; i++)
                if (!row_get(restore->manifest.attributes, acts->needed[i])) {
                        buf_printf(&restore->what, MANIFEST_FILE ": %s", field_get(acts->needed[i])->name);
                        return -EBADMSG;
                }
        return 0;
}

static bool is_ours(struct row row, uint16_t field, uint64_t our)
{
        const struct value *value = row_get(row, field);

        return !value || value->u == our;
}

/*
 * Root gives it to whom it belonged. Others may give away some things, and a
 * group that they are a member of: they try, unless it is a user's other than they.
 */
static int make(struct restore *restore)
{
        struct making *making = &restore->making;
        struct row row = restore->manifest.attributes;
        const struct acts *acts = restore->manifest.kind->acts;
        bool same_user = is_ours(row, FIELD_OWNER, geteuid());
        int r;

        making->keep_owner = geteuid() == 0 || (same_user && !is_ours(row, FIELD_GROUP, getegid()));
        r = acts->make(making);
        if (making->keep_owner && (r == -EPERM || r == -EINVAL)) {
                const char *failed = making->failed;
                int again;

                making->keep_owner = false;
                making->failed = NULL;
                making->nmade = 0;
                again = acts->make(making);
                if (again == 0)
                        r = 0;
                else
                        making->failed = failed;
        }
        restore->owner_lost = r == 0 && !making->keep_owner &&
                              !(same_user && is_ours(row, FIELD_GROUP, getegid()));
        return r;
}

static void note(struct restore *restore, const char *path)
{
        struct deed deed = { .host = restore->host, .action = "restore", .journal = restore->journal,
                             .result = restore->err ? DEED_FAILED : DEED_DONE, .err = restore->err };
        struct journal_note line = { .kind = restore->manifest.kind, .made = restore->manifest.attributes,
                                     .ref = restore->err ? restore->manifest.ref : buf_text(&restore->ref),
                                     .from = text_of(path) };

        journal_note(&deed, &line);
        restore->journal_err = deed.journal_err;
        deed_done(&deed);
}

static int restore_open(struct restore *restore, const char *path, struct copy_reader *copy)
{
        int r = read_manifest(restore, copy);

        if (r == 0)
                r = check_needed(restore);
        if (r < 0 || restore->dry_run)
                return r;
        restore->making = (struct making){ .host = restore->host, .wanted = restore->manifest.attributes, .copy = copy,
                                           .same_id = restore->same_id, .arena = restore->arena };
        r = make(restore);
        restore->making.copy = NULL;
        if (r == 0)
                making_reference(restore->manifest.kind, &restore->making, &restore->ref);
        restore->err = -r;
        note(restore, path);
        return r;
}

int restore_copy(struct restore *restore, const char *path)
{
        struct copy_reader *copy;
        int r = (restore->partial ? copy_open_partial : copy_open)(path, &copy, &restore->what);

        restore->making = (struct making){ 0 };
        if (r == 0) {
                r = restore_open(restore, path, copy);
                copy_close(copy);
        }
        restore->err = -r;
        return r;
}
