/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KIND_FILE_ACTS_H
#define KIND_FILE_ACTS_H

/*
 * What the acts of kinds have in common whose objects are names in a
 * directory: the name is looked at through an open directory, compared with
 * what people saw, and acted upon through the same directory.
 */
#include "model/acts.h"
#include "sys/names.h"

enum { FILE_COUNTERS_MOST = 2 };

struct file_acts {
        uint32_t type;                  /* S_IFREG... */
        uint16_t inode;                 /* the field that has the file's inode */
        /* Where the object's name is. 0 or -errno: -ENOTDIR: the way to it is no longer the one that was seen. */
        int (*open)(const struct host *host, const struct object *object, struct named *ret);
        /*
         * The counters that are not in the file's facts, as they are now; up to
         * FILE_COUNTERS_MOST. How many. NULL: there are none.
         */
        unsigned (*counters)(const struct act *act, const struct named *named, struct value *ret);
        bool restless;                  /* its time of change changes when somebody looks at it */
};

/* The hooks of struct acts, for a kind that is described so. */
int file_acts_remove(struct act *act, const struct file_acts *file);
int file_acts_set(struct act *act, const struct file_acts *file, const struct assignment *assignments, unsigned n);

/*
 * The file itself, opened with these flags (sys/names.h), if it is the object:
 * a descriptor, or -errno. ret_facts may be NULL.
 */
int file_acts_open(struct act *act, const struct file_acts *file, int flags, struct file_facts *ret_facts);

/* Is the open file the object as it was seen? 0, -ESTALE or another -errno. What is counted does not matter. */
int file_acts_check(struct act *act, const struct file_acts *file, int fd);

/* For `make`: what it is to be given, and its name. */
struct gift making_gift(const struct making *making);
bool making_uint(const struct making *making, uint16_t field, uint64_t *ret);
struct text making_name(const struct making *making);   /* empty: none */

/* It was made, under the name that was wanted. */
void making_done(struct making *making);

/* An assignment, as a gift: false when it is of another field. */
bool gift_add(struct gift *gift, const struct value *value);

#define FILE_SETTABLE FIELD_OWNER, FIELD_GROUP, FIELD_MODE

#endif
