/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_BUILDER_H
#define MODEL_BUILDER_H

/*
 * The only way to make a snapshot: collectors add objects, values, processes,
 * holds and gaps; sealing sorts everything, makes the references and returns
 * the immutable snapshot. Nothing can be taken back.
 */
#include "model/snapshot.h"

struct builder;

/* kinds is borrowed for the life of the snapshot. Never NULL. */
struct builder *builder_new(const struct kind_set *kinds, const struct want *want);

/*
 * For whoever makes one snapshot after the other, of much the same each time: how much there was, and the
 * memory of those that are freed, for the next. One builder at a time; the snapshots may outlive it.
 */
struct builder_memory;
struct builder_memory *builder_memory_new(void);
/* NULL is fine. */
void builder_memory_free(struct builder_memory *memory);

/* The next of such a row; memory is borrowed until it is sealed. NULL: no row. */
struct builder *builder_new_again(const struct kind_set *kinds, const struct want *want,
                                  struct builder_memory *memory);

/* Is it of such a row? Then nobody waits for it, but it costs again and again: a thread that helped would cost more. */
bool builder_in_row(const struct builder *builder);

/* Throws away what was built; not after builder_seal(). NULL is fine. */
void builder_free(struct builder *builder);

/* Where text that a value points to must live, if it is not a literal. */
struct arena *builder_arena(struct builder *builder);

/* Where the facts about the machine are filled in, before any object. */
struct snapshot_origin *builder_origin(struct builder *builder);
const struct want *builder_want(const struct builder *builder);
const struct kind_set *builder_kinds(const struct builder *builder);

/* The object of that key: the existing one, or a new empty one (*ret_new, may be NULL). */
struct object *builder_object(struct builder *builder, struct object_key key, bool *ret_new);

/* The object of that key, or NULL. */
struct object *builder_find(struct builder *builder, struct object_key key);

/*
 * Sets a field; one that is set already is replaced, one that the kind does not
 * have is passed over. The values stay in the order of the kind's fields: what
 * row_get() points to may be another one when the next field is set. Text is copied into the
 * arena. Words are given as set##_word constants or masks of WORD_BIT().
 */
void builder_uint(struct builder *builder, struct object *object, uint16_t field, uint64_t value);
void builder_text(struct builder *builder, struct object *object, uint16_t field, struct text value);
void builder_unknown(struct builder *builder, struct object *object, uint16_t field);
void builder_value(struct builder *builder, struct object *object, struct value value);

/* The first values of an object all at once: each of a field of the kind, in the kind's order. They are copied. */
void builder_values(struct builder *builder, struct object *object, const struct value *values, unsigned n);

/* The value of a field that was set, or NULL: row_get(), but quicker for fields that the object does not have. */
const struct value *builder_get(const struct object *object, uint16_t field);

/* Adds states (WORD_BIT() mask) to FIELD_STATE; inferred marks the field as deduced. */
void builder_state(struct builder *builder, struct object *object, uint64_t states, bool inferred);

/*
 * Lets holders find the object: descriptors and mappings of this device and
 * inode are of it. Sockets and pipes live in internal file systems that have a
 * device of their own, which their links do not tell: SPACE_SOCKET, SPACE_PIPE.
 */
#define SPACE_SOCKET (UINT64_MAX - 1)
#define SPACE_PIPE   (UINT64_MAX - 2)
#define SPACE_EVENTFD (UINT64_MAX - 3)
void builder_index(struct builder *builder, struct object *object, uint64_t dev, uint64_t inode);
struct object *builder_indexed(struct builder *builder, uint64_t dev, uint64_t inode);

/*
 * The object of that kind under that device and inode; or a new empty one of that key, which is found
 * there only, and not by its key. For a hundred thousand objects one index costs half of two.
 */
struct object *builder_indexed_object(struct builder *builder, struct object_key key, uint64_t dev, uint64_t inode);

/* So many objects are going to be indexed, about, or of a kind to be made: hints that save time. */
void builder_expect(struct builder *builder, size_t n);
void builder_expect_kind(struct builder *builder, const struct kind *kind, size_t n);

/* A hint that saves waiting for memory: it is going to be looked up, after a few others. */
void builder_indexed_ahead(const struct builder *builder, uint64_t dev, uint64_t inode);

/* The same of an object that is going to be held. */
void builder_hold_ahead(const struct object *object);

/* Was this kind asked for? */
bool builder_wants(const struct builder *builder, const struct kind *kind);

/* Is nothing of it needed but what the question names by id? */
bool builder_wants_only_named(const struct builder *builder, const struct kind *kind);

/*
 * The scope of the kind's objects that are the reader's own, once its scan
 * knows it (the device of /dev/shm...); 0 before.
 */
void builder_set_home(struct builder *builder, const struct kind *kind, uint64_t scope);
uint64_t builder_home(const struct builder *builder, const struct kind *kind);

/* Holders were asked for, and so far nothing hid any. */
bool builder_saw_holders(const struct builder *builder);

/* Was a gap told of this kind so far? NULL: one that hides holders. */
bool builder_has_gap(const struct builder *builder, const struct kind *kind);

/* True the first time it is asked about a kind's scope: has nobody listed it yet? */
bool builder_visit(struct builder *builder, const struct kind *kind, uint64_t scope);

/* A new process. start: ns since the epoch, 0: unknown. */
struct process *builder_process(struct builder *builder, pid_t pid, uint64_t start, struct text comm);
/* The process of that pid in this snapshot, or NULL. */
struct process *builder_find_process(struct builder *builder, pid_t pid);
void builder_process_value(struct builder *builder, struct process *process, struct value value);

/*
 * Ties a process to an object. Mappings of the same process and object are
 * added up; a descriptor is a row each.
 */
void builder_hold(struct builder *builder, struct hold hold);

/*
 * The one through whom a walk came to the object has it no more. If nobody else
 * turns up, and nothing but its holders tells of it, it was never there.
 */
void builder_forsake(struct object *object);

/* It was found by itself, too: it stays, even if it is forsaken. */
void builder_keep(struct object *object);

/*
 * Ties two objects as the ends of one connection, both ways; a tie that is
 * there already is not repeated at sealing. Either may be told first.
 */
void builder_peer(struct builder *builder, struct object *a, struct object *b);

/* The peer is an end of this object, but not the other way round (epoll -> target, sender -> receiver). */
void builder_peer_oneway(struct builder *builder, struct object *from, struct object *to);

/*
 * Ties a blocked thread to an object; once, however often it is told in a row.
 * operation must be a literal. Sealing adds the state "waiters".
 */
void builder_wait(struct builder *builder, struct wait wait);

/* Is some thread of the process known to wait for the object already? */
bool builder_waiting(const struct object *object, const struct process *process);

/* True once anything of the given way (or any, if way < 0) holds the object. O(holds of it). */
bool builder_held(const struct builder *builder, const struct object *object, int way);

/* The object's holds so far, the newest first: the one after `previous` (NULL: the first), or NULL. */
const struct hold *builder_next_hold(const struct object *object, const struct hold *previous);

/*
 * Distinct processes that have the object in that way with one of these rights
 * (ACCESS_R, ACCESS_W). O(holds of it); the walk adds those of a process in one run.
 */
unsigned builder_count_users(const struct object *object, enum way_word way, unsigned access);

/*
 * A hold or wait of a process that is known by its pid alone, as the kernel
 * told it before the walk: tied behind it, if the process is still there.
 */
struct later {
        pid_t pid;
        bool fallback;                  /* a hold: only if nothing else holds the object by then */
        bool waits;                     /* `wait` counts, else `hold`; the process in it is filled in */
        struct hold hold;
        struct wait wait;
};

void builder_later(struct builder *builder, const struct later *later);
/* Every one that was told, by number; NULL behind the last. */
const struct later *builder_each_later(const struct builder *builder, size_t number);

/*
 * Where a kind keeps what it must remember until the end, under two numbers of
 * its choice: the place of a pointer, NULL at first. Valid until the next call.
 */
void **builder_note(struct builder *builder, const struct kind *kind, uint64_t a, uint64_t b);

/* Records what could not be seen; equal gaps are counted. where and reason are literals. */
void builder_gap(struct builder *builder, const struct kind *kind, const char *where, int err, const char *reason);

/* Records a gap that was told before, with its count: equal ones are not looked for. Its texts are literals, too. */
void builder_gap_told(struct builder *builder, const struct gap *gap);

/* Records what was read of a limit; its object and process are the builder's. The name is copied. */
void builder_reading(struct builder *builder, const struct limit_reading *reading);

/* Every object of the kind that was made so far, by number; NULL behind the last. */
struct object *builder_each(struct builder *builder, const struct kind *kind, size_t number);

/* What a user or group is called; name is copied. */
void builder_name_user(struct builder *builder, uid_t uid, struct text name);
void builder_name_group(struct builder *builder, gid_t gid, struct text name);
/* The distinct ids that occurred among the values so far, for whoever knows names. *ret_ids is the builder's. */
size_t builder_users(const struct builder *builder, const uint32_t **ret_ids);
size_t builder_groups(const struct builder *builder, const uint32_t **ret_ids);

/* Sorts, ties, makes references; the builder is gone afterwards. */
struct snapshot *builder_seal(struct builder *builder);

#endif
