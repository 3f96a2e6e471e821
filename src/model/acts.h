/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_ACTS_H
#define MODEL_ACTS_H

/*
 * What can be done to the objects of a kind, beyond looking at them. A kind
 * that allows any of it has a `const struct acts *acts`, in src/kind/KIND-acts.c.
 *
 * Every act on an object that people saw begins with its identity: right
 * before the deed, in the same function and through the same directory
 * descriptor where there is a name, the fields of `identity` (and `counters`,
 * unless `force`) are read from the kernel again. If any differs from what the
 * snapshot says, nothing is done and -ESTALE comes back.
 *
 * All hooks: 0 or -errno; -ENOENT, -EIDRM, -EINVAL as the kernel says them for
 * what is gone are turned into -ENOENT. None prints. All act in the caller's
 * own namespaces only; they are never called for foreign objects or recorded
 * machines.
 */
#include "model/object.h"

struct arena;
struct buf;
struct copy_reader;             /* sys/copy.h: a saved copy's files */
struct copy_writer;
struct host;

enum { IDENTITY_MOST = 8 };

/* One deed on one object that a snapshot has. */
struct act {
        const struct host *host;
        const struct object *object;    /* as it was seen */
        bool force;                     /* counters may differ; the identity never */
        bool drain;                     /* save: take messages out where they can't be copied */
        bool drained;                   /* the hook's: so it did, and the object is empty now */
        /* -ESTALE: the first field that differs, and both values (texts: borrowed, literal or empty) */
        struct {
                uint16_t field;
                struct value before, now;
        } changed;
        const char *reason;             /* the hook's: N_(), why it failed where the errno does not say; or NULL */
        void (*progress)(void *data, uint64_t done, uint64_t all);  /* save: bytes; NULL: nobody listens */
        void *progress_data;
};

/* A value to give to a settable field; of semaphores: of which one. */
struct assignment {
        struct value value;             /* FIELD_OWNER, _GROUP, _MODE, _MAX_BYTES, _VALUE, _STATE */
        uint64_t number;                /* FIELD_VALUE of a sem: which semaphore */
        uint64_t clear;                 /* FIELD_STATE: words (bits) to take away; value.u: words to add */
};

/* An object to be made: new and empty, or from a saved copy. */
struct making {
        const struct host *host;
        struct row wanted;              /* FIELD_KEY, FIELD_NAME, FIELD_MODE, FIELD_SIZE_BYTES...: see `makeable` */
        struct copy_reader *copy;       /* its contents; NULL: none */
        bool same_id;                   /* System V: with the FIELD_ID of `wanted` (needs CAP_CHECKPOINT_RESTORE) */
        bool keep_owner;                /* give it FIELD_OWNER and FIELD_GROUP, else it is the caller's */
        struct arena *arena;            /* for texts of the result */
        /* The result. */
        struct value made[4];           /* FIELD_ID and FIELD_KEY, or FIELD_NAME: what it is addressed by */
        unsigned nmade;
        const char *failed;             /* N_(): which step failed, where it is not obvious; or NULL */
};

struct acts {
        const uint16_t *identity;       /* what makes it the object that was seen, at most IDENTITY_MOST */
        unsigned nidentity;
        const uint16_t *counters;       /* what tells that it came into use, or was written to, since */
        unsigned ncounters;
        uint64_t grain;                 /* ns: how finely the times among them tell; see act_settled() */

        const uint16_t *settable;       /* fields that `set` takes */
        unsigned nsettable;
        const uint16_t *makeable;       /* fields that `make` takes beside those that it needs */
        unsigned nmakeable;
        const uint16_t *needed;         /* fields without which nothing can be made */
        unsigned nneeded;

        /* Removes it. */
        int (*remove)(struct act *act);
        bool concurrent;                /* it may be called by several threads at a time, for different objects */

        /*
         * N_(): why this one of the kind, as it was seen, is never removed,
         * whatever people force; or NULL: it may be. Pure. No hook: all may.
         */
        const char *(*irremovable)(const struct object *object);

        /*
         * N_(): why it may be in use although no holder was seen; or NULL: no
         * doubt beyond what counts for all kinds. Pure. No hook: none.
         */
        const char *(*doubtful)(const struct object *object);

        /*
         * Writes its contents into the copy (its attributes are written by
         * admin/). The identity is checked before and after. The counters as
         * people saw them don't matter here (`force` is set: a busy queue may be
         * saved), but those before and after must agree, so that the copy is
         * of one moment: -EAGAIN when it changed meanwhile.
         * -EOPNOTSUPP: this kernel (or this kind, without `drain`) has no way.
         */
        int (*save)(struct act *act, struct copy_writer *copy);
        bool drains;                    /* of messages, `save` has no way without `drain` */

        /*
         * Makes an object, exclusively: what exists is never touched
         * (-EEXIST). On failure nothing stays behind.
         */
        int (*make)(struct making *making);

        /* Gives it all these values, or none where the kernel allows that; value types are checked already. */
        int (*set)(struct act *act, const struct assignment *assignments, unsigned n);

        const char *cannot_save;        /* N_(): why there is no `save`; or NULL */
};

/*
 * Compares one freshly read value with what was seen; for the hooks' use. True
 * if they agree. An absent or unknown value in the snapshot agrees with
 * anything of a counter, with nothing of an identity. On disagreement
 * act->changed is set.
 */
bool act_agrees(struct act *act, struct value now, bool counter);

/*
 * The same for all fields of the kind's identity, and its counters unless
 * forced, in their order: 0, or -ESTALE. `now` must have them all.
 */
int act_check(struct act *act, struct row now);

/* Can the field be given to objects of the kind? acts: NULL is fine. */
bool acts_settable(const struct acts *acts, uint16_t field);

/* Appends the reference of what was made, from `made`. */
void making_reference(const struct kind *kind, const struct making *making, struct buf *out);

/*
 * Does the identity tell the object from any that takes its place after `time`,
 * the moment at which the snapshot was begun? Not if it was changed in the same
 * grain of time: one that replaces it at once may then look the same. Whoever
 * plans a removal waits for a grain, and looks again. Objects of kinds without
 * a grain, or without a time in their identity, are always settled.
 */
bool act_settled(const struct object *object, int64_t time);

#endif
