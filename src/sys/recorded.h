/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_RECORDED_H
#define SYS_RECORDED_H

/*
 * Private to sys/: what DIR/.ipcview tells of a recorded machine (the format
 * stands in sys/host.h), and the names of its users.
 */
#include "sys/host.h"

struct recorded;

/*
 * Parses the text of a .ipcview file; 0 or -EINVAL. Blank lines and lines that
 * begin with # are passed over. A fact given twice is malformed.
 */
int recorded_parse(struct text text, struct recorded **ret);
void recorded_free(struct recorded *recorded);  /* NULL is fine */

/* The facts of the path, or NULL. */
const struct file_facts *recorded_stat(const struct recorded *recorded, struct text path);

/* Room of the file system that the path lies in, or NULL. */
const struct space_facts *recorded_space(const struct recorded *recorded, struct text path);

/* False when not told. */
bool recorded_time(const struct recorded *recorded, int64_t *ret);
bool recorded_uid(const struct recorded *recorded, uid_t *ret);

/* What the host was opened with; NULL when live, never NULL when recorded. */
const struct recorded *host_recorded(const struct host *host);

/* Names by id, from the text of a passwd(5) or group(5) file. */
struct users;

struct users *users_parse(struct text text);    /* bad lines are passed over */
void users_free(struct users *users);           /* NULL is fine */
bool users_name(const struct users *users, uint32_t id, struct buf *out);

/* Names of the running machine, from its name service. */
bool users_ask_user(uid_t uid, struct buf *out);
bool users_ask_group(gid_t gid, struct buf *out);
bool users_ask_user_id(struct text name, uid_t *ret);
bool users_ask_group_id(struct text name, gid_t *ret);

#endif
