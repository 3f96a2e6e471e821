/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_STATE_H
#define SYS_STATE_H

/*
 * Where ipcview keeps what must outlast it, and what it is told by files: the
 * state directory (the journal, saved copies) and the configuration.
 */
#include "base/buf.h"

#include <sys/types.h>

/*
 * The state directory: $XDG_STATE_HOME/ipcview where that is set and absolute;
 * else /var/lib/ipcview for root, ~/.local/state/ipcview for others (of
 * $HOME, or of the user's entry). Appends. 0, or -ENOENT: there is none.
 * Nothing is made.
 */
int state_directory(struct buf *out);

/*
 * The configuration files that exist, the more general first: /etc/ipcview.conf,
 * then $XDG_CONFIG_HOME/ipcview/ipcview.conf (~/.config/...). Others than root
 * and the user must not be able to write them (-EPERM). Calls back for each:
 * path and text, borrowed. 0 or -errno; files that are not there are no fault.
 * ret_path (appended): the file at fault.
 */
int state_configuration(void (*found)(const char *path, struct text text, void *data), void *data,
                        struct buf *ret_path);

/*
 * A small file of the state directory, which only its own program writes: all of
 * it at once, or not at all (0600). Reading appends. 0 or -errno, as of the journal;
 * -ENOENT: there is none; -EFBIG: it is longer than `most`.
 */
int state_file_read(const char *name, size_t most, struct buf *out);
int state_file_write(const char *name, struct text contents);

/*
 * The journal, STATE/journal.ndjson (0600, directory 0700, both made when they
 * are not there): a line is one write at the end of the file, so that those of
 * several writers stay whole (readers pass over empty ones). 0 or -errno; -ELOOP: a symbolic link, -EINVAL: no
 * regular file, -EPERM: it, or the directory, is another user's or may be
 * written by others.
 */
struct journal;
int journal_open(struct journal **ret);

/* line: without the newline at its end; several, with one between them, are one write. Of any thread. 0 or -errno. */
int journal_write(struct journal *journal, struct text line);

/* Syncs what was written. NULL is fine. 0 or -errno: the lines may be lost. */
int journal_close(struct journal *journal);

/* Who writes; names are empty where there are none. */
struct journal_author {
        uid_t uid;                      /* effective */
        uid_t login_uid;                /* state_login_uid() */
        pid_t pid;
        struct text user, login_user;
};
const struct journal_author *journal_author(const struct journal *journal);

/* Empty at first: for whoever writes lines, to keep what they say of the author. Freed with the journal. */
struct buf *journal_author_told(struct journal *journal);

/* All of it, or the last 256 MiB of a longer one. Appends. -ENOENT: there is none; else as journal_open(). */
int journal_read(struct buf *out);

/* Where it is. Appends. 0, or -ENOENT: nowhere. */
int journal_path(struct buf *out);

/* Who is behind the caller: its login uid (/proc/self/loginuid), through sudo and su; (uid_t)-1: not kept. */
uid_t state_login_uid(void);

#endif
