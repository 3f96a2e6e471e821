/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kind/anonfile.h"

#include "base/array.h"
#include "base/i18n.h"

#include <errno.h>
#include <sys/fanotify.h>
#include <sys/inotify.h>

/* Newer than the headers that this may be built with; linux/fanotify.h. */
#ifndef FAN_FS_ERROR
#define FAN_FS_ERROR   0x00008000
#endif
#ifndef FAN_PRE_ACCESS
#define FAN_PRE_ACCESS 0x00100000
#endif
#ifndef FAN_MNT_ATTACH
#define FAN_MNT_ATTACH 0x01000000
#define FAN_MNT_DETACH 0x02000000
#endif
#ifndef FAN_RENAME
#define FAN_RENAME     0x10000000
#endif

static void doubt(void *data, void *context)
{
        builder_state(context, data, WORD_BIT(STATE_UNCOMPARED), false);
}

struct object *anonfile_object(struct claim *claim, const struct kind *kind, uint64_t class, bool *ret_new)
{
        const struct entry *entry = claim->entry;
        struct builder *builder = claim->builder;
        struct object *object;
        void *known = NULL;
        int r = open_files_find(claim->files, (uintptr_t)kind, class, entry->tid, entry->fd, &known);

        *ret_new = false;
        if (r == 1)
                return known;
        if (r == -ENOENT)
                return NULL;
        object = builder_object(builder, (struct object_key){ kind, (uint64_t)entry->tid, (uint64_t)entry->fd },
                                ret_new);
        builder_state(builder, object, r < 0 ? WORD_BIT(STATE_UNCOMPARED) : 0, false);
        if (r == 0) {
                open_files_add(claim->files, object);
                return object;
        }
        open_files_doubt(claim->files, doubt, builder);
        builder_gap(builder, kind, "kcmp", -r,
                    host_live(claim->host) ? NULL : N_("a recorded machine can't be asked"));
        return object;
}

struct text anonfile_info(struct claim *claim, const struct kind *kind)
{
        int err;

        buf_clear(claim->info);
        err = walk_fd_info(claim->walk, claim->info);
        if (err < 0 && err != -ENOENT && err != -ESRCH)
                builder_gap(claim->builder, kind, "/proc/PID/fdinfo/*", -err, NULL);
        return buf_text(claim->info);
}

void anonfile_bad_lines(struct claim *claim, const struct kind *kind, size_t nlines)
{
        if (nlines > 0)
                builder_gap(claim->builder, kind, "/proc/PID/fdinfo/*", EBADMSG, NULL);
}

void anonfile_set(struct claim *claim, struct object *object, uint16_t field, const struct fdinfo_key *key)
{
        if (key->there && (key->form != FDINFO_DECIMAL || key->number >= 0))
                builder_uint(claim->builder, object, field, key->bits);
        else
                builder_unknown(claim->builder, object, field);
}

uint64_t anonfile_words(uint64_t mask, const struct bit_word *bits, unsigned nbits, unsigned other)
{
        uint64_t words = 0;

        for (unsigned i = 0; i < nbits; i++)
                if (mask & bits[i].bit) {
                        words |= WORD_BIT(bits[i].word);
                        mask &= ~bits[i].bit;
                }
        return mask ? words | WORD_BIT(other) : words;
}

static const struct bit_word common_events[] = {
        { IN_ACCESS,        FILE_EVENT_ACCESS },
        { IN_MODIFY,        FILE_EVENT_MODIFY },
        { IN_ATTRIB,        FILE_EVENT_ATTRIB },
        { IN_CLOSE_WRITE,   FILE_EVENT_CLOSE_WRITE },
        { IN_CLOSE_NOWRITE, FILE_EVENT_CLOSE_NOWRITE },
        { IN_OPEN,          FILE_EVENT_OPEN },
        { IN_MOVED_FROM,    FILE_EVENT_MOVED_FROM },
        { IN_MOVED_TO,      FILE_EVENT_MOVED_TO },
        { IN_CREATE,        FILE_EVENT_CREATE },
        { IN_DELETE,        FILE_EVENT_DELETE },
        { IN_DELETE_SELF,   FILE_EVENT_DELETE_SELF },
        { IN_MOVE_SELF,     FILE_EVENT_MOVE_SELF },
        { IN_Q_OVERFLOW,    FILE_EVENT_Q_OVERFLOW },
};

static const struct bit_word inotify_events[] = {
        { IN_UNMOUNT,     FILE_EVENT_UNMOUNT },
        { IN_IGNORED,     FILE_EVENT_IGNORED },
        { IN_ONLYDIR,     FILE_EVENT_ONLYDIR },
        { IN_DONT_FOLLOW, FILE_EVENT_DONT_FOLLOW },
        { IN_EXCL_UNLINK, FILE_EVENT_EXCL_UNLINK },
        { IN_ISDIR,       FILE_EVENT_ONDIR },
        { IN_ONESHOT,     FILE_EVENT_ONESHOT },
};

static const struct bit_word fanotify_events[] = {
        { FAN_OPEN_EXEC,      FILE_EVENT_OPEN_EXEC },
        { FAN_FS_ERROR,       FILE_EVENT_FS_ERROR },
        { FAN_OPEN_PERM,      FILE_EVENT_OPEN_PERM },
        { FAN_ACCESS_PERM,    FILE_EVENT_ACCESS_PERM },
        { FAN_OPEN_EXEC_PERM, FILE_EVENT_OPEN_EXEC_PERM },
        { FAN_PRE_ACCESS,     FILE_EVENT_PRE_ACCESS },
        { FAN_MNT_ATTACH,     FILE_EVENT_MNT_ATTACH },
        { FAN_MNT_DETACH,     FILE_EVENT_MNT_DETACH },
        { FAN_EVENT_ON_CHILD, FILE_EVENT_EVENT_ON_CHILD },
        { FAN_RENAME,         FILE_EVENT_RENAME },
        { FAN_ONDIR,          FILE_EVENT_ONDIR },
};

uint64_t anonfile_file_events(uint64_t mask, bool fanotify)
{
        uint64_t shared = 0, words;

        for (unsigned i = 0; i < COUNT(common_events); i++)
                shared |= common_events[i].bit;
        words = anonfile_words(mask & shared, common_events, COUNT(common_events), FILE_EVENT_OTHER);
        mask &= ~shared;
        if (fanotify)
                return words | anonfile_words(mask, fanotify_events, COUNT(fanotify_events), FILE_EVENT_OTHER);
        return words | anonfile_words(mask, inotify_events, COUNT(inotify_events), FILE_EVENT_OTHER);
}

struct row *anonfile_rows(struct builder *builder, size_t nrows, size_t nvalues)
{
        struct row *rows = ARENA_ARRAY(builder_arena(builder), struct row, nrows);
        struct value *values = ARENA_ARRAY(builder_arena(builder), struct value, nrows * nvalues);

        for (size_t i = 0; i < nrows; i++)
                rows[i].values = values + i * nvalues;
        return rows;
}

static struct value *next_value(struct row *row)
{
        /* Const for readers only: this lies in the arena, and was made by anonfile_rows(). */
        return (struct value *)&row->values[row->nvalues++];
}

void anonfile_add(struct row *row, uint16_t field, uint64_t value)
{
        *next_value(row) = (struct value){ .field = field, .type = field_get(field)->type, .u = value };
}

void anonfile_add_text(struct builder *builder, struct row *row, uint16_t field, struct text text)
{
        struct text copy = arena_text(builder_arena(builder), text);

        *next_value(row) = (struct value){ .field = field, .type = VALUE_TEXT, .len = (uint32_t)copy.len,
                                           .data = copy.data };
}

void anonfile_add_object(const struct row *row, uint16_t field, const struct object *object, bool inferred)
{
        *next_value((struct row *)row) = (struct value){ .field = field, .type = VALUE_OBJECT, .inferred = inferred,
                                                         .object = object };
}

void anonfile_set_rows(struct builder *builder, struct object *object, uint16_t field, const struct row *rows,
                       size_t nrows)
{
        builder_value(builder, object, (struct value){ .field = field, .type = VALUE_ROWS, .len = (uint32_t)nrows,
                                                       .rows = rows });
}
