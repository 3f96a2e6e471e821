/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KIND_ANONFILE_H
#define KIND_ANONFILE_H

/*
 * What the kinds on the anonymous inode have in common. Their files have no
 * name and no number; they are told apart by kcmp(2), and addressed by the
 * lowest descriptor that is theirs (key: thread or process, descriptor).
 */
#include "kind/claim.h"
#include "sys/fdinfo.h"

/*
 * The object of the open file behind the claimed descriptor, made if it was
 * not met before. class: anything that is the same for the same file always:
 * the fewer files share it, the fewer are compared. NULL: closed meanwhile.
 */
struct object *anonfile_object(struct claim *claim, const struct kind *kind, uint64_t class, bool *ret_new);

/*
 * What fdinfo says of the claimed descriptor: borrowed until the next claim.
 * Empty if it could not be read; why is a gap, unless it is closed meanwhile.
 */
struct text anonfile_info(struct claim *claim, const struct kind *kind);

/* Says that lines of it could not be made out, if there were any. */
void anonfile_bad_lines(struct claim *claim, const struct kind *kind, size_t nlines);

/* Sets the field to what was read, or to unknown. */
void anonfile_set(struct claim *claim, struct object *object, uint16_t field, const struct fdinfo_key *key);

/* A bit of a kernel's mask, and our word for it. */
struct bit_word {
        uint64_t bit;
        unsigned word;
};

/* The words of a mask; `other` stands for all bits that have none. */
uint64_t anonfile_words(uint64_t mask, const struct bit_word *bits, unsigned nbits, unsigned other);

/* The words of inotify(7) and fanotify(7) masks. */
uint64_t anonfile_file_events(uint64_t mask, bool fanotify);

/* Room for a table of so many rows of so many values each. */
struct row *anonfile_rows(struct builder *builder, size_t nrows, size_t nvalues);

/* One more value in such a row. */
void anonfile_add(struct row *row, uint16_t field, uint64_t value);
void anonfile_add_text(struct builder *builder, struct row *row, uint16_t field, struct text text);

/*
 * The same for an object, also in a row that is a value already: rows are const
 * to their readers, but until the end of the collection there are none.
 */
void anonfile_add_object(const struct row *row, uint16_t field, const struct object *object, bool inferred);

/* Makes the rows the value of the field. */
void anonfile_set_rows(struct builder *builder, struct object *object, uint16_t field, const struct row *rows,
                       size_t nrows);

#endif
