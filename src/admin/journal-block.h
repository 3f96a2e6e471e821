/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ADMIN_JOURNAL_BLOCK_H
#define ADMIN_JOURNAL_BLOCK_H

/*
 * Lines of the journal that are written together, for long lists of objects:
 * first one that says which objects are going to be removed, then the deeds, then
 * the lines of all of them at once. Whatever ends the program meanwhile, the
 * journal names every object that may be gone: those of the first line that have
 * none of their own (journal-entries.h).
 *
 *   {"time":...,"action":"remove","result":"intended","refs":["shm:1",...],"user":...,"login":...,"pid":1}
 *
 * The same with the result "withdrawn" names those that were left alone after all.
 */
#include "base/buf.h"
#include "base/json-writer.h"

struct host;
struct journal;

enum { JOURNAL_BLOCK_MOST = 64 };

/* Of one thread. { 0 } but for journal and host is a block that was not begun. */
struct journal_block {
        struct journal *journal;        /* NULL: nothing is noted, and nothing done here */
        const struct host *host;
        struct text refs[JOURNAL_BLOCK_MOST];   /* of the objects, in the order in which it is their turn; borrowed */
        size_t n;
        struct buf lines;               /* of the deeds so far; journal_note() adds to them */
        struct writer writer;           /* to them */
};

/* Writes which objects are to be removed, unless there are none. 0 or -errno: what is done is done nevertheless. */
int journal_block_begin(struct journal_block *block);

/* Writes the lines of the deeds, and that nothing was done from the object of that number on. It is empty then. */
int journal_block_end(struct journal_block *block, size_t done);

/* Frees its memory. */
void journal_block_done(struct journal_block *block);

#endif
