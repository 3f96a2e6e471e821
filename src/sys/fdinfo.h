/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_FDINFO_H
#define SYS_FDINFO_H

/*
 * The text of /proc/PID/fdinfo/FD (proc_pid_fdinfo(5)): lines of a key, a
 * colon and a value, and for some files any number of equal lines with many
 * pairs each. Every kernel has some more keys than the one before it: what is
 * not known is passed over, what is not there is told as not there.
 */
#include "base/text.h"

#include <stdint.h>

enum fdinfo_form {
        FDINFO_DECIMAL,                 /* also negative */
        FDINFO_UNSIGNED,
        FDINFO_OCTAL,
        FDINFO_HEX,                     /* with 0x or without */
};

/* A line that is wanted, and what it says. */
struct fdinfo_key {
        const char *key;                /* "eventfd-count": what stands before the colon */
        enum fdinfo_form form;
        bool there;                     /* found, and a number */
        union {
                int64_t number;         /* FDINFO_DECIMAL */
                uint64_t bits;          /* the others */
        };
};

/*
 * Looks for all the keys in one pass. The first line of a key counts: the
 * names of files that stand further down cannot take its place.
 */
void fdinfo_read(struct text info, struct fdinfo_key *keys, unsigned n);

/* The value of the first line with that key, without blanks around it. */
bool fdinfo_text(struct text info, const char *key, struct text *ret);

/* Is the descriptor closed by execve(2)? 1 or 0, of the line "flags:"; -EBADMSG: there is none. */
int fdinfo_cloexec(struct text info);

/* A device as the kernel writes it inside (sdev:fe00001), as major << 32 | minor. */
uint64_t fdinfo_dev(uint64_t sdev);

/* What an epoll instance watches: "tfd: 5 events: 19 data: ... pos:0 ino:61 sdev:9". */
struct fdinfo_target {
        uint32_t fd;                    /* number in the process that added it, at that time */
        uint32_t events;                /* EPOLL... */
        uint64_t data;
        bool has_file;                  /* inode and dev are known (Linux 4.6) */
        uint64_t inode, dev;
};

/* What an inotify instance watches: "inotify wd:1 ino:2 sdev:3 mask:4 ...". */
struct fdinfo_watch {
        int32_t wd;
        uint32_t mask;                  /* IN_... */
        uint64_t inode, dev;
        bool has_handle;
        uint32_t handle_type;
        struct text handle;             /* of name_to_handle_at(2), in hex digits */
};

enum fdinfo_mark_type { MARK_INODE, MARK_MOUNT, MARK_FILE_SYSTEM, MARK_MOUNT_NAMESPACE };

/* What a fanotify group marks: "fanotify ino:... | mnt_id:... | sdev:... mflags: mask: ignored_mask:". */
struct fdinfo_mark {
        enum fdinfo_mark_type type;
        uint64_t flags;                 /* FAN_MARK_..., what fdinfo shows of them */
        uint64_t mask, ignored;         /* FAN_... */
        uint64_t inode, dev;            /* MARK_INODE; dev: MARK_FILE_SYSTEM, too */
        uint64_t mount;                 /* MARK_MOUNT: its id */
        uint64_t ns;                    /* MARK_MOUNT_NAMESPACE: inode */
        bool has_handle;
        uint32_t handle_type;
        struct text handle;
};

/*
 * Cut the next such line off *rest. 1; 0 at the end; -EBADMSG: a line that
 * begins like one and is none (the next call goes on behind it).
 */
int fdinfo_next_target(struct text *rest, struct fdinfo_target *ret);
int fdinfo_next_watch(struct text *rest, struct fdinfo_watch *ret);
int fdinfo_next_mark(struct text *rest, struct fdinfo_mark *ret);

/* The first line of a fanotify group: what it was made with. False: not there. */
bool fdinfo_fanotify(struct text info, uint64_t *ret_flags, uint64_t *ret_event_flags);

/* "(SECONDS, NANOSECONDS)" of a timer, as nanoseconds. 0, -EBADMSG, or -ERANGE. */
int fdinfo_span(struct text value, uint64_t *ret_ns);

/* A file that an io_uring has registered: "    0: pipe:[61]" below "UserFiles:". */
struct fdinfo_user_file {
        uint32_t slot;
        struct text name;               /* as the kernel prints it: a link's text or a path, with \ooo */
};

/* Where those lines begin; an empty text: there are none. */
struct text fdinfo_user_files(struct text info);
/* The next of them; false at the end. */
bool fdinfo_next_user_file(struct text *rest, struct fdinfo_user_file *ret);

/* How many indented lines follow the line with that key; false: there is no such line. */
bool fdinfo_count_below(struct text info, const char *key, size_t *ret);

/* The next line of key and value, whatever it is; false at the end. Lines without a colon are passed over. */
bool fdinfo_next_line(struct text *rest, struct text *ret_key, struct text *ret_value);

#endif
