/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/waits.h"

#include "base/array.h"
#include "base/memory.h"
#include "sys/file.h"
#include "sys/numbers.h"
#include "sys/process.h"
#include "sys/threads.h"
#include "sys/waits-private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#define X32_BIT 0x40000000              /* __X32_SYSCALL_BIT, asm/unistd.h */

enum { LINE_MOST = 512, NS_PER_MS = 1000000 };

static void close_fd(int *fd)
{
        if (*fd >= 0)
                close(*fd);
        *fd = -1;
}

/* The machine that the kernel was made for; its programs may be of a smaller one. */
static enum wait_machine read_machine(const struct host *host)
{
        struct buf name = { 0 };
        struct utsname uts;
        enum wait_machine machine = MACHINE_UNKNOWN;
        struct text text;

        /* Since 6.1, and not bent by personality(2) as uname(2) is. */
        if (host_read(host, "/proc/sys/kernel/arch", LINE_MOST, &name) < 0 && host_live(host) && uname(&uts) == 0)
                buf_string(&name, uts.machine);
        text = buf_text(&name);
        if (text_ends(text, TEXT("\n")))
                text.len--;
        if (text_equal(text, TEXT("x86_64")))
                machine = MACHINE_X86_64;
        else if (text_equal(text, TEXT("aarch64")))
                machine = MACHINE_ARM64;
        else if (text.len == 4 && text.data[0] == 'i' && text_ends(text, TEXT("86")))
                machine = MACHINE_I386;
        buf_done(&name);
        return machine;
}

struct waits *waits_open(const struct host *host)
{
        struct waits *waits = memory_new(sizeof(*waits));

        waits->host = host;
        waits->machine = read_machine(host);
        waits->task = waits->thread = waits->mem = -1;
        return waits;
}

static void leave_thread(struct waits *waits)
{
        close_fd(&waits->thread);
        close_fd(&waits->mem);
}

void waits_close(struct waits *waits)
{
        if (!waits)
                return;
        leave_thread(waits);
        close_fd(&waits->task);
        cpu_clocks_free(waits->clocks);
        numbers_done(&waits->numbers);
        buf_done(&waits->text);
        free(waits);
}

void waits_start(struct waits *waits, int dir, pid_t pid, struct waits_kept *kept)
{
        struct stat st;

        leave_thread(waits);
        close_fd(&waits->task);
        waits->dir = dir;
        waits->pid = waits->tid = pid;
        waits->width = WIDTH_UNREAD;
        waits->err = 0;
        waits->phase = PHASE_END;
        waits_keep_begin(waits, kept);
        if (waits->telling)
                return;
        if (fstatat(dir, "task", &st, AT_SYMLINK_NOFOLLOW) < 0) {
                waits->err = -errno;
                /* A recording need not hold the threads. */
                waits->phase = host_live(waits->host) ? PHASE_END : PHASE_SINGLE;
                return;
        }
        /* A link count tells whether there is but one thread: then its directory need not be read. */
        waits->phase = host_live(waits->host) && st.st_nlink == 3 ? PHASE_SINGLE : PHASE_OPEN;
}

static bool open_task(struct waits *waits)
{
        waits->phase = PHASE_END;
        waits->task = file_open_directory(waits->dir, "task", O_RDONLY);
        if (waits->task < 0) {
                waits->err = waits->task;
                return false;
        }
        numbers_init(&waits->numbers, !host_live(waits->host), waits->task, waits->list, sizeof(waits->list));
        waits->phase = PHASE_THREADS;
        return true;
}

int waits_thread_dir(struct waits *waits)
{
        char name[16];

        if (waits->task < 0)
                return waits->dir;
        if (waits->thread < 0) {
                snprintf(name, sizeof(name), "%d", waits->tid);
                waits->thread = file_open_directory(waits->task, name, O_PATH);
        }
        return waits->thread;
}

/* The line of the thread; a small file of /proc of which a walk reads one per thread. */
static ssize_t read_line(struct waits *waits, char line[LINE_MOST])
{
        char path[32];
        ssize_t n;
        int fd;

        if (!host_live(waits->host)) {
                int dir = waits_thread_dir(waits);

                fd = dir < 0 ? dir : file_open(dir, "syscall");
        } else {
                snprintf(path, sizeof(path), "%d/syscall", waits->tid);
                fd = openat(waits->task < 0 ? waits->dir : waits->task, waits->task < 0 ? "syscall" : path,
                            O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
                if (fd < 0)
                        fd = -errno;
        }
        if (fd < 0)
                return fd;
        n = read(fd, line, LINE_MOST);
        if (n < 0)
                n = -errno;
        close(fd);
        return n;
}

/* Zombies and threads of the kernel belong to root, and have nothing to hide. */
static bool is_idle(struct waits *waits)
{
        struct process_stat stat;
        int dir = waits_thread_dir(waits);

        return dir < 0 || process_read_stat(dir, &waits->text, &stat) < 0 || stat.flags & PROCESS_KERNEL_THREAD ||
               stat.state == 'Z' || stat.state == 'X';
}

/*
 * Is it a program of 64 bits? Addresses beyond 4 GiB say so; the first entry of
 * the auxiliary vector has a type that fits into 32 bits: then a zero, if
 * entries are twice as wide (getauxval(3)).
 */
static bool is_wide(struct waits *waits, const struct wait_line *line)
{
        uint32_t head[2];
        int fd;

        if (line->stack >> 32 || line->instruction >> 32)
                return true;
        if (waits->width != WIDTH_UNREAD)
                return waits->width == WIDTH_64;
        waits->width = WIDTH_UNKNOWN;
        fd = file_open(waits->dir, "auxv");
        if (fd < 0)
                return false;
        if (read(fd, head, sizeof(head)) == sizeof(head))
                waits->width = head[1] == 0 ? WIDTH_64 : WIDTH_32;
        close(fd);
        return waits->width == WIDTH_64;
}

/*
 * A program of 64 bits may call as one of 32 (int $0x80), and the kernel does
 * not tell. The instruction does; it is looked at only if no argument is too
 * large for such a call. (With garbage in the upper halves of registers it is
 * taken for one of 64 bits. The calls whose number then means another one that
 * waits - restart_syscall, waitpid, sigsuspend - have no descriptor there.)
 */
static bool is_compatible(struct waits *waits, const struct wait_line *line)
{
        static const unsigned char int_0x80[] = { 0xcd, 0x80 };
        unsigned char bytes[sizeof(int_0x80)];

        for (unsigned i = 0; i < COUNT(line->arguments); i++)
                if (line->arguments[i] >> 32)
                        return false;
        return waits_peek(waits, line->instruction - sizeof(bytes), bytes, sizeof(bytes)) == sizeof(bytes) &&
               memcmp(bytes, int_0x80, sizeof(bytes)) == 0;
}

static enum wait_machine machine_of(struct waits *waits, const struct wait_line *line)
{
        if (waits->machine == MACHINE_X86_64 && line->number & X32_BIT)
                return MACHINE_UNKNOWN;
        if (waits->machine == MACHINE_I386)
                return MACHINE_I386;
        if (is_wide(waits, line))
                return waits->machine == MACHINE_X86_64 && is_compatible(waits, line) ? MACHINE_I386 : waits->machine;
        return waits->machine == MACHINE_X86_64 && waits->width == WIDTH_32 ? MACHINE_I386 : MACHINE_UNKNOWN;
}

/* Threads come and go. No right to one of them is no right to any: then it is said once. */
static void note_error(struct waits *waits, int err)
{
        bool refused = err == -EACCES || err == -EPERM;

        if (err == -ENOENT || err == -ESRCH || (refused && is_idle(waits)))
                return;
        waits->err = err;
        if (refused)
                waits->phase = PHASE_END;
}

/* Does the thread wait for something? */
static bool look_at_thread(struct waits *waits, struct wait_thread *ret)
{
        char text[LINE_MOST];
        enum wait_machine machine;
        struct wait_line line;
        ssize_t n;
        int r;

        leave_thread(waits);
        n = read_line(waits, text);
        r = n < 0 ? (int)n : n == 0 ? 0 : wait_parse((struct text){ text, (size_t)n }, &line);
        if (r < 0)
                note_error(waits, r);
        if (r <= 0)
                return false;
        machine = machine_of(waits, &line);
        if (machine == MACHINE_UNKNOWN)
                note_error(waits, -EOPNOTSUPP);
        if (!wait_decode(&line, machine, &ret->call))
                return false;
        ret->tid = waits->tid;
        return true;
}

static bool next_thread(struct waits *waits)
{
        const char *name;
        uint32_t tid;

        if (!numbers_next(&waits->numbers, &tid, &name)) {
                if (!waits->err)
                        waits->err = numbers_error(&waits->numbers);
                waits->phase = PHASE_END;
                return false;
        }
        waits->tid = (pid_t)tid;
        return true;
}

static bool read_next(struct waits *waits, struct wait_thread *ret)
{
        if (waits->phase == PHASE_SINGLE) {
                waits->phase = PHASE_END;
                return look_at_thread(waits, ret);
        }
        if (waits->phase == PHASE_OPEN && !open_task(waits))
                return false;
        while (waits->phase == PHASE_THREADS)
                if (next_thread(waits) && look_at_thread(waits, ret))
                        return true;
        return false;
}

bool waits_next(struct waits *waits, struct wait_thread *ret)
{
        if (waits->telling)
                return waits_keep_tell(waits, ret);
        waits->known = NULL;
        if (!read_next(waits, ret)) {
                waits_keep_end(waits);
                return false;
        }
        waits_keep_thread(waits, ret);
        return true;
}

int waits_error(const struct waits *waits)
{
        return waits->err == -ENOENT || waits->err == -ESRCH ? 0 : waits->err;
}

bool waits_same_table(const struct waits *waits, pid_t a, pid_t b)
{
        return host_live(waits->host) && threads_same_table(a, b);
}

int64_t waits_since(struct waits *waits)
{
        int64_t now, since, begin;
        uint64_t clock;
        int dir;

        if (waits->known)
                return waits_known_since(waits);
        dir = waits_thread_dir(waits);
        if (!host_live(waits->host) || dir < 0 || cpu_clocks_read(dir, &clock) < 0 || clock == 0 ||
            clock > INT64_MAX / 2)
                return 0;
        if (!waits->clocks)
                waits->clocks = cpu_clocks_new(waits->host);
        begin = cpu_clocks_begin(waits->clocks, process_read_processor(dir));
        if (!begin)
                return 0;
        now = host_time(waits->host);
        since = begin + (int64_t)clock;
        if (since > now)
                since = now;
        return since - since % NS_PER_MS;
}
