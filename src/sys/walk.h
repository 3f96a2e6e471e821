/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_WALK_H
#define SYS_WALK_H

/*
 * The one walk over /proc of a snapshot: an iterator of processes, their
 * descriptors and their mappings. It stands behind this small interface so
 * that a second implementation (BPF iterators) can take its place; both must
 * give the same entries.
 *
 * Races are normal: a process or descriptor that is gone meanwhile is passed
 * over in silence (ENOENT, ESRCH). Anything else that can't be read is an
 * ENTRY_ERROR. Threads that share the leader's tables make no entries; one that
 * has unshared its descriptors does, under its tid: then fd numbers repeat
 * within the pid. When a leader has exited but other threads live, the tables
 * are read through one of those.
 */
#include "base/text.h"
#include "sys/host.h"
#include "sys/process-facts.h"
#include "sys/sleepers.h"

enum entry_type {
        ENTRY_PROCESS,                  /* a process begins: its descriptors and mappings follow */
        ENTRY_FD,
        ENTRY_MAP,
        ENTRY_ERROR,                    /* `where` could not be read: `err` */
        ENTRY_END,                      /* with WALK_ENDS: that was all of the process; its directory is still open */
};

/* What a descriptor's link says it is. */
enum link_type {
        LINK_PATH,                      /* an absolute path, perhaps with " (deleted)" */
        LINK_PIPE,                      /* pipe:[inode] */
        LINK_SOCKET,                    /* socket:[inode] */
        LINK_ANON,                      /* anon_inode:name */
        LINK_OTHER,                     /* namespaces and whatever comes */
};

enum { ENTRY_READ = 1, ENTRY_WRITE = 2, ENTRY_EXECUTE = 4 };

struct entry {
        enum entry_type type;
        pid_t pid;
        pid_t tid;                      /* whose table it is in: pid, or a thread (see above) */
        unsigned access;                /* ENTRY_READ | ...; of a descriptor: by walk_fd_access() */
        bool kept;                      /* it is told as an earlier walk read it (sys/sleepers.h) */
        bool settled;                   /* that is no object: walk_settle(); it may have no link */
        struct text link;               /* link text, or the name of the mapping (raw, as in maps) */
        uint64_t dev, inode;            /* of pipes and sockets: inode only; of paths after walk_fd_stat(), or kept */

        /* ENTRY_FD */
        int fd;
        unsigned more;                  /* settled: so are so many with the next higher numbers; they make no entries */
        enum link_type link_type;

        /* ENTRY_MAP: mappings with an inode only */
        uint64_t start, end;            /* addresses */
        uint64_t offset;                /* of the file at start */
        bool shared;

        /* ENTRY_ERROR */
        const char *where;              /* "/proc/PID/fd": a pattern */
        int err;                        /* positive errno */
};

enum walk_flags {
        WALK_FDS  = 1 << 0,
        WALK_MAPS = 1 << 1,
        WALK_ENDS = 1 << 2,             /* an ENTRY_END behind the entries of each process */

        /* What is going to be asked of most such descriptors: then it costs less. */
        WALK_PATH_STATS = 1 << 3,       /* walk_fd_stat() of a LINK_PATH */
        WALK_PIPE_MODES = 1 << 4,       /* walk_fd_access() of a LINK_PIPE */
};

/* The file behind a descriptor: as in struct entry. */
struct entry_file {
        enum link_type link_type;
        uint64_t dev, inode;
};

struct walk;
struct waits_kept;

/*
 * sleepers: what the walk before it kept, and this one shall keep; borrowed for its life. NULL: nothing.
 * 0 or -errno when /proc itself can't be read.
 */
int walk_open(const struct host *host, enum walk_flags flags, struct sleepers *sleepers, struct walk **ret);
void walk_close(struct walk *walk);     /* NULL is fine */

/*
 * The next entry: 1, or 0 at the end. Texts are borrowed until the next call.
 * Kernel threads and zombies make an ENTRY_PROCESS (and ENTRY_END) and nothing else.
 */
int walk_next(struct walk *walk, struct entry *ret);

/*
 * After an ENTRY_PROCESS that is kept: the files behind its first n descriptors, which are going to be told
 * (LINK_OTHER: of one that is settled, too). Returns of how many; of any other process 0.
 */
size_t walk_coming(const struct walk *walk, struct entry_file *ret, size_t n);

/* May kcmp(2) be asked about the processes of this walk: a live machine, and its pids are ours? */
bool walk_can_compare(const struct walk *walk);

/*
 * Descriptor of the current process' /proc/PID, for process_read_...(); borrowed. If it has ended, what is read
 * there is -ENOENT or -ESRCH.
 */
int walk_process_dir(struct walk *walk);

/* What the small files of the current process say: these parts at least. Borrowed until the next process. */
const struct process_facts *walk_facts(struct walk *walk, unsigned parts);

/*
 * The entry just returned is no object of ours, and none can become of it while its process sleeps: then the next
 * walk says so (entry.settled), and need not tell of the mapping at all.
 */
void walk_settle(struct walk *walk);

/* No thread of the current process waits for anything; that holds as long as it sleeps. */
void walk_settle_waits(struct walk *walk);
bool walk_waits_settled(const struct walk *walk);

/* What is kept of the waits of the current process, with it, for waits_start(); NULL: it is not kept. */
struct waits_kept *walk_waits_kept(struct walk *walk);

/*
 * For an ENTRY_FD that is kept: its link as it is now; walk_fd_stat() asks anew, too. What others may have changed
 * is asked in this way. 0 or -errno.
 */
int walk_fd_again(struct walk *walk, struct entry *entry);

/*
 * For the ENTRY_FD just returned, of type LINK_PATH: what the open file is
 * (statx of the magic link; never of the path, which could hang or lie in
 * another mount namespace). Sets entry->dev and inode too. 0 or -errno.
 */
int walk_fd_stat(struct walk *walk, struct entry *entry, struct file_facts *ret);

/* For the ENTRY_FD just returned: how it was opened. 0 or -errno. Sets entry->access. */
int walk_fd_access(struct walk *walk, struct entry *entry);

/*
 * The text of fdinfo of the ENTRY_FD just returned, of the right thread
 * (proc_pid_fdinfo(5)). Appends. 0 or -errno.
 */
int walk_fd_info(struct walk *walk, struct buf *out);

/*
 * What fdinfo said of the ENTRY_FD just returned, as one of the last eight walks read it, if that may be told still:
 * walk_info_lasts() was called for it then, and meanwhile all that were seen to have the thing have slept. Else
 * false: it is to be read. Appends.
 */
bool walk_info_tell(const struct walk *walk, struct buf *out);

/*
 * The text of walk_fd_info(), just read, is about a thing that others may have descriptors of, too, and that nobody
 * changes but they, by running, and the kernel. thing: its number, always the same; of one kind only.
 */
void walk_info_lasts(struct walk *walk, uint64_t thing, struct text info);

/*
 * f_type of statfs(2) of the file behind the ENTRY_FD just returned; only for
 * files that cannot lie on a network file system (the caller knows by other
 * signs): this call may ask a server. 0 or -errno; -EOPNOTSUPP when recorded.
 */
int walk_fd_fstype(struct walk *walk, const struct entry *entry, uint64_t *ret);

/*
 * For the ENTRY_MAP just returned: what the mapped file is, also when it has
 * no name any more (statx of /proc/PID/map_files; needs CAP_SYS_ADMIN or
 * CAP_CHECKPOINT_RESTORE). 0 or -errno.
 */
int walk_map_stat(struct walk *walk, const struct entry *entry, struct file_facts *ret);

/*
 * What lies at an absolute path that a link of the current process names
 * (links not followed): the kernel tells those from the reader's root, or,
 * where they cannot be reached from there, from that of the process' mount
 * namespace. Only names that the kernel has in memory anyway are looked up, so
 * that neither a disk nor a server is waited for: right for the path of an
 * open file, whose names are in use. 0 or -errno (-EAGAIN: not in memory).
 */
int walk_path_stat(struct walk *walk, struct text path, struct file_facts *ret);

/*
 * The name of the ENTRY_MAP just returned as it is: the text of maps writes
 * the newline as \012, and a backslash like itself. Appends. 0 or -errno;
 * -EOPNOTSUPP when recorded.
 */
int walk_map_link(struct walk *walk, const struct entry *entry, struct buf *out);

/* The magic link of the entry just returned, below walk_process_dir(): "fd/7", "map_files/...". Appends. */
void walk_entry_path(const struct walk *walk, const struct entry *entry, struct buf *out);

/* Parses one line of /proc/PID/maps (for tests and fuzzing): 0, or -EBADMSG. */
int walk_parse_map(struct text line, struct entry *ret);

#endif
