/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a blocked call names by address: read from the memory of its process. */
#include "sys/waits.h"

#include "base/array.h"
#include "sys/file.h"
#include "sys/process.h"
#include "sys/waits-private.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

/* linux/futex.h; older headers lack it. */
struct futex_word {
        uint64_t value, address;
        uint32_t flags, reserved;
};

enum { FUTEX2_IS_PRIVATE = 0x80 };

/* Opened below /proc/PID, unlike process_vm_readv(2) it cannot meet another process of that pid. */
static int open_memory(struct waits *waits)
{
        int dir;

        if (!host_live(waits->host))
                return -EOPNOTSUPP;
        if (waits->mem >= 0)
                return 0;
        dir = waits_thread_dir(waits);
        if (dir < 0)
                return dir;
        waits->mem = openat(dir, "mem", O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        return waits->mem < 0 ? -errno : 0;
}

ssize_t waits_peek(struct waits *waits, uint64_t address, void *ret, size_t size)
{
        int r = open_memory(waits);
        ssize_t n;

        if (r < 0)
                return r;
        if (address > INT64_MAX)
                return -EFAULT;
        n = pread(waits->mem, ret, size, (off_t)address);
        /* The call may be over, and its memory given back. */
        return n >= 0 ? n : errno == EIO ? 0 : -errno;
}

/* Elements of an array in its memory, into waits->memory. Returns how many. */
static ssize_t read_array(struct waits *waits, const struct wait_call *call, size_t size, bool *ret_more)
{
        size_t n = call->count;
        ssize_t got;

        *ret_more = n > WAIT_FDS_MOST;
        if (n > WAIT_FDS_MOST)
                n = WAIT_FDS_MOST;
        got = waits_peek(waits, call->address, waits->memory, n * size);
        return got < 0 ? got : got / (ssize_t)size;
}

static int poll_fds(struct waits *waits, const struct wait_call *call, int *ret, bool *ret_more)
{
        ssize_t n = read_array(waits, call, sizeof(struct pollfd), ret_more);
        int nfds = 0;

        for (ssize_t i = 0; i < n; i++) {
                struct pollfd poll;

                memcpy(&poll, waits->memory + (size_t)i * sizeof(poll), sizeof(poll));
                /* Negative ones are skipped, poll(2). */
                if (poll.fd >= 0)
                        ret[nfds++] = poll.fd;
        }
        return n < 0 ? (int)n : nfds;
}

/* Bits in bytes: the machines that we know are little endian, so the width of their words is no matter. */
static int select_fds(struct waits *waits, const struct wait_call *call, int *ret, bool *ret_more)
{
        unsigned char sets[WAIT_FDS_MOST / 8] = { 0 }, set[sizeof(sets)];
        unsigned count = call->count < WAIT_FDS_MOST ? call->count : WAIT_FDS_MOST;
        int nfds = 0;

        *ret_more = call->count > WAIT_FDS_MOST;
        for (unsigned i = 0; i < COUNT(call->addresses); i++) {
                ssize_t n = call->addresses[i] ? waits_peek(waits, call->addresses[i], set, (count + 7) / 8) : 0;

                if (n < 0)
                        return (int)n;
                for (ssize_t j = 0; j < n; j++)
                        sets[j] |= set[j];
        }
        for (unsigned fd = 0; fd < count; fd++)
                if (sets[fd / 8] >> fd % 8 & 1)
                        ret[nfds++] = (int)fd;
        return nfds;
}

/* The first argument of socketcall(2), which are words of 32 bits. */
static int socket_fd(struct waits *waits, const struct wait_call *call, int *ret)
{
        int32_t fd;
        ssize_t n = waits_peek(waits, call->address, &fd, sizeof(fd));

        if (n < (ssize_t)sizeof(fd))
                return n < 0 ? (int)n : 0;
        *ret = fd;
        return 1;
}

int waits_fds(struct waits *waits, const struct wait_call *call, int ret[WAIT_FDS_MOST], bool *ret_more)
{
        if (waits->known)
                return waits_known_fds(waits, ret, ret_more);
        *ret_more = false;
        switch (call->target) {
        case WAIT_FD:
        case WAIT_LOCK:
                ret[0] = call->id;
                return 1;
        case WAIT_FDS:
                ret[0] = call->id;
                ret[1] = call->other;
                return 2;
        case WAIT_POLL:
                return poll_fds(waits, call, ret, ret_more);
        case WAIT_SELECT:
                return select_fds(waits, call, ret, ret_more);
        case WAIT_SOCKET:
                return socket_fd(waits, call, ret);
        default:
                return 0;
        }
}

int waits_futexes(struct waits *waits, const struct wait_call *call, uint64_t ret[WAIT_FDS_MOST], bool *ret_more)
{
        int nwords = 0;
        ssize_t n;

        if (waits->known)
                return waits_known_futexes(waits, ret, ret_more);
        *ret_more = false;
        if (call->target == WAIT_FUTEX) {
                ret[0] = call->address;
                return 1;
        }
        if (call->target != WAIT_FUTEXES)
                return 0;
        n = read_array(waits, call, sizeof(struct futex_word), ret_more);
        for (ssize_t i = 0; i < n; i++) {
                struct futex_word word;

                memcpy(&word, waits->memory + (size_t)i * sizeof(word), sizeof(word));
                if (!(word.flags & FUTEX2_IS_PRIVATE))
                        ret[nwords++] = word.address;
        }
        return n < 0 ? (int)n : nwords;
}

static int read_path(struct waits *waits, const struct wait_call *call)
{
        ssize_t n = waits_peek(waits, call->address, waits->memory, PATH_MAX);

        if (n < 0)
                return (int)n;
        return n > 1 && memchr(waits->memory, 0, (size_t)n) ? 0 : -ENAMETOOLONG;
}

/* Where the name begins: the root of the process, its working directory, or a descriptor. */
static int open_base(struct waits *waits, const struct wait_call *call, bool absolute)
{
        int dir = waits_thread_dir(waits), fd;
        char name[32] = "cwd";

        if (dir < 0)
                return dir;
        if (absolute)
                snprintf(name, sizeof(name), "root");
        else if (call->id != AT_FDCWD)
                snprintf(name, sizeof(name), "fd/%d", call->id);
        fd = openat(dir, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
        return fd < 0 ? -errno : fd;
}

/*
 * By names in memory alone: what is not there the blocked thread itself would
 * still be waiting for. Links are followed only where they lead to the same
 * place as they did for that process.
 */
static int open_path(int base, const char *path, bool absolute)
{
        return file_open_cached(base, path, 0, RESOLVE_NO_MAGICLINKS |
                                               (absolute ? RESOLVE_IN_ROOT : RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS));
}

static int read_own_link(int fd, struct buf *out)
{
        char name[32], *target = buf_reserve(out, PATH_MAX);
        ssize_t n;

        snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
        n = readlink(name, target, PATH_MAX);
        if (n < 0)
                return -errno;
        out->len += (size_t)n;
        out->data[out->len] = 0;
        return 0;
}

int waits_path_stat(struct waits *waits, const struct wait_call *call, struct file_facts *ret, struct buf *path)
{
        struct process_stat stat;
        bool absolute;
        int dir = waits_thread_dir(waits), base, fd, r;

        r = dir < 0 ? dir : process_read_stat(dir, &waits->text, &stat);
        if (r < 0)
                return r;
        /* Who waits for a server sleeps uninterruptibly: we would, too. */
        if (stat.state != 'S')
                return -EAGAIN;
        r = read_path(waits, call);
        if (r < 0)
                return r;
        absolute = waits->memory[0] == '/';
        base = open_base(waits, call, absolute);
        if (base < 0)
                return base;
        fd = open_path(base, waits->memory, absolute);
        close(base);
        if (fd < 0)
                return fd;
        r = host_stat(waits->host, fd, "", NULL, false, ret);
        if (r == 0)
                r = read_own_link(fd, path);
        close(fd);
        return r;
}

int waits_fd_stat(struct waits *waits, int fd, struct file_facts *ret)
{
        int dir = waits_thread_dir(waits);
        char name[32];

        if (!host_live(waits->host))
                return -EOPNOTSUPP;
        snprintf(name, sizeof(name), "fd/%d", fd);
        return dir < 0 ? dir : host_stat(waits->host, dir, name, NULL, true, ret);
}
