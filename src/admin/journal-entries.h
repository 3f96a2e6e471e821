/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ADMIN_JOURNAL_ENTRIES_H
#define ADMIN_JOURNAL_ENTRIES_H

/*
 * The journal as people read it: an entry for each deed. Lines that tell of
 * several objects before their removal (journal-block.h) are no entries; but each
 * object that they name and no later line does is one, of the result
 * "interrupted": its removal was begun, and nobody was left to tell how it ended.
 */
#include "admin/journal-line.h"

struct journal_entries {
        struct text *lines;             /* JSON, one object each */
        struct journal_row *rows;       /* the same, read */
        size_t n;
        size_t damaged;                 /* lines that can't be read */
        size_t interrupted;             /* of the entries */
};

/* The last `most` entries, the oldest first; damaged lines count, too. Texts are in the arena, or the file's. */
void journal_entries_read(struct text file, uint64_t most, struct arena *arena, struct journal_entries *ret);

#endif
