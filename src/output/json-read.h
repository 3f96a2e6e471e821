/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef OUTPUT_JSON_READ_H
#define OUTPUT_JSON_READ_H

/*
 * The JSON form read back: what `ipcview --json` or `--ndjson` printed, on
 * this machine or another, becomes a snapshot again. It is the inverse of
 * json_print(), made from the same dictionary.
 */
#include "model/snapshot.h"

struct json_read_error {
        const char *message;            /* N_(): what is wrong */
        char place[96];                 /* "objects[12].holders[0].pid": printable ASCII; empty: the text as a whole */
        size_t at;                      /* the byte where that item begins; of a text that is no JSON: near which */
};

/*
 * Reads the whole text: a document, or lines. The snapshot owns all that it
 * needs (the text may be freed) but for kinds, which it borrows for life; the
 * caller frees it with snapshot_free(). It is marked as recorded.
 *
 * A list of some objects can be read, too. Its `want` says what the text has:
 * holders, waiters, and only of a whole snapshot (ipcview --json without a
 * command) limits and all processes.
 *
 * Passed over: members and words that are not known, readings of limits that
 * are not known, and references to what is not in the text. Kinds that are not
 * known are a gap. Of times nothing below a microsecond is left.
 *
 * 0, or with *ret_error set and *ret untouched:
 *   -EBADMSG          no JSON, or cut off
 *   -EINVAL           JSON, but no snapshot of ipcview, or one that contradicts itself
 *   -EPROTONOSUPPORT  of a newer major version of the schema
 */
int json_read(struct text text, const struct kind_set *kinds, struct snapshot **ret,
              struct json_read_error *ret_error);

#endif
