/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ADMIN_MANIFEST_H
#define ADMIN_MANIFEST_H

/*
 * object.json of a saved copy: which object it was, in the words of the field
 * dictionary, and when and where it was saved. Rows (holders, semaphores) are
 * not in it: contents lie in the copy's other files.
 */
#include "base/buf.h"
#include "model/snapshot.h"

#define MANIFEST_FILE "object.json"
#define MANIFEST_VERSION "1.0"

struct manifest {
        const struct kind *kind;
        struct text ref;
        struct row attributes;          /* scalar values, in the order of the file */
        int64_t saved_at;               /* ns since the epoch */
        struct text host, boot_id;
};

/* Appends the text. Bytes of names that are no UTF-8 are kept exactly. */
void manifest_write(const struct snapshot *snapshot, const struct object *object, struct buf *out);

/*
 * Reads one, strictly: unknown kind, unknown version, a value that does not fit
 * its field: -EBADMSG, and *ret_what says what (a literal). Unknown members are ignored.
 */
int manifest_read(const struct kind_set *kinds, struct text text, struct arena *arena, struct manifest *ret,
                  const char **ret_what);

#endif
