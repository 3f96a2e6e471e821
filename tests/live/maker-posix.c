/* SPDX-License-Identifier: GPL-2.0-or-later */
/* POSIX shared memory and semaphores, and whatever else lies in /dev/shm. */
#include "maker.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <mqueue.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

void reply_file(struct reply *reply, const struct stat *st)
{
        reply_format(reply, "dev", "%u:%u", major(st->st_dev), minor(st->st_dev));
        reply_format(reply, "inode", "%llu", (unsigned long long)st->st_ino);
        reply_format(reply, "mode", "%04o", (unsigned)st->st_mode & 07777);
        reply_number(reply, "uid", st->st_uid);
        reply_number(reply, "gid", st->st_gid);
        reply_number(reply, "size", st->st_size);
        reply_number(reply, "allocated", (int64_t)st->st_blocks * 512);
        reply_number(reply, "nlink", (int64_t)st->st_nlink);
        reply_number(reply, "mtime", st->st_mtime);
        reply_number(reply, "ctime", st->st_ctime);
}

int reply_descriptor(struct reply *reply, int fd)
{
        struct stat st;

        if (fstat(fd, &st) < 0)
                return reply_failed(reply, "fstat");
        reply_file(reply, &st);
        return 0;
}

static int map_memory(struct args *args, struct reply *reply, int fd, size_t size)
{
        const char *how = args_text(args, "map", "none");
        size_t page = (size_t)sysconf(_SC_PAGESIZE);
        int protection = strcmp(how, "ro") == 0 ? PROT_READ : PROT_READ | PROT_WRITE;

        if (strcmp(how, "none") == 0)
                return 0;
        if (strcmp(how, "ro") != 0 && strcmp(how, "rw") != 0)
                return -EINVAL;
        int sharing = args_flag(args, "private") ? MAP_PRIVATE : MAP_SHARED;
        char *address = mmap(NULL, size, protection, sharing, fd, 0);
        if (address == MAP_FAILED)
                return reply_failed(reply, "mmap");
        if (args_flag(args, "split") && mprotect(address + page, page, PROT_NONE) < 0)
                return reply_failed(reply, "mprotect");
        return 0;
}

static int write_bytes(struct reply *reply, int fd, int64_t bytes)
{
        char block[4096];

        memset(block, 'p', sizeof(block));
        while (bytes > 0) {
                ssize_t n = write(fd, block, bytes < (int64_t)sizeof(block) ? (size_t)bytes : sizeof(block));
                if (n <= 0)
                        return reply_failed(reply, "write");
                bytes -= n;
        }
        return 0;
}

/* Makes it, or with open=1 opens what another process made. */
static int run_pshm(struct maker *maker, struct args *args, struct reply *reply)
{
        const char *name = args_text(args, "name", "/");
        bool there = args_flag(args, "open");
        int64_t size = args_number(args, "size", 4096, 0, INT64_MAX);
        mode_t mode = (mode_t)args_number(args, "mode", 0600, 0, 0777);
        int64_t bytes = args_number(args, "write", 0, 0, 1 << 24);
        int flags = there ? open_flags(args_text(args, "access", "rw")) : O_RDWR | O_CREAT | O_EXCL;

        if (args->bad)
                return -EINVAL;
        int fd = shm_open(name, flags | O_CLOEXEC, mode);
        if (fd < 0)
                return reply_failed(reply, "shm_open");
        if (!there)
                maker_made(maker, MADE_PSHM, 0, name);
        if (!there && ftruncate(fd, size) < 0)
                return reply_failed(reply, "ftruncate");
        int r = write_bytes(reply, fd, bytes);
        if (r >= 0)
                r = map_memory(args, reply, fd, (size_t)size);
        if (args_flag(args, "unlink") && shm_unlink(name) < 0)
                return reply_failed(reply, "shm_unlink");
        if (r >= 0)
                r = reply_descriptor(reply, fd);
        if (args_flag(args, "keepfd"))
                reply_number(reply, "fd", fd);
        else
                close(fd);
        return r;
}

static int psem_tell(struct reply *reply, const char *name)
{
        char path[512];
        struct stat st;

        snprintf(path, sizeof(path), "/dev/shm/sem.%s", name + (*name == '/'));
        if (stat(path, &st) < 0)
                return reply_failed(reply, "stat");
        reply_file(reply, &st);
        return 0;
}

static int psem_waiters(struct maker *maker, const char *name, int64_t n, struct reply *reply)
{
        char line[1024], pids[512] = "";

        args_line(line, sizeof(line), "pswait", name);
        for (int64_t i = 0; i < n; i++) {
                struct reply one = { .len = 0 };
                int r = child_blocked(maker, line, &one);
                if (r < 0)
                        return r;
                const char *pid = strstr(one.text, " pid=");
                size_t at = strlen(pids);
                snprintf(pids + at, sizeof(pids) - at, "%s%s", i ? "," : "", pid ? pid + 5 : "?");
        }
        if (n > 0)
                reply_format(reply, "waiters", "%s", pids);
        return 0;
}

static int run_psem(struct maker *maker, struct args *args, struct reply *reply)
{
        const char *name = args_text(args, "name", "/");
        mode_t mode = (mode_t)args_number(args, "mode", 0600, 0, 0777);
        unsigned value = (unsigned)args_number(args, "value", 0, 0, INT_MAX);
        int64_t waiters = args_number(args, "wait", 0, 0, 8);

        if (args->bad)
                return -EINVAL;
        sem_t *sem = sem_open(name, O_CREAT | O_EXCL, mode, value);
        if (sem == SEM_FAILED)
                return reply_failed(reply, "sem_open");
        maker_made(maker, MADE_PSEM, 0, name);
        int r = psem_tell(reply, name);
        if (r >= 0)
                r = psem_waiters(maker, name, waiters, reply);
        if (args_flag(args, "close"))
                sem_close(sem);
        if (args_flag(args, "unlink") && sem_unlink(name) < 0)
                return reply_failed(reply, "sem_unlink");
        return r;
}

static int run_pswait(struct maker *maker, struct args *args, struct reply *reply)
{
        bool block = args_flag(args, "block");
        sem_t *sem = sem_open(args_text(args, "name", "/"), 0);

        if (sem == SEM_FAILED)
                return reply_failed(reply, "sem_open");
        if (block && maker->root)
                return -EINVAL;
        if (block)
                maker_answer(reply, 0);
        int r = (block ? sem_wait(sem) : sem_trywait(sem)) < 0 ? reply_failed(reply, "sem_wait") : 0;
        return block ? 1 : r;
}

static int run_pspost(struct maker *maker, struct args *args, struct reply *reply)
{
        sem_t *sem = sem_open(args_text(args, "name", "/"), 0);

        (void)maker;
        if (sem == SEM_FAILED)
                return reply_failed(reply, "sem_open");
        return sem_post(sem) < 0 ? reply_failed(reply, "sem_post") : 0;
}

/* "deadbeef" as bytes; for files whose contents must be just so. */
static int write_hex(struct reply *reply, int fd, const char *hex)
{
        for (; hex[0] && hex[1]; hex += 2) {
                char pair[3] = { hex[0], hex[1], '\0' };
                unsigned char byte = (unsigned char)strtoul(pair, NULL, 16);
                if (write(fd, &byte, 1) != 1)
                        return reply_failed(reply, "write");
        }
        return 0;
}

static int make_regular(struct args *args, struct reply *reply, const char *path, mode_t mode)
{
        int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode);

        if (fd < 0)
                return reply_failed(reply, "open");
        int r = write_hex(reply, fd, args_text(args, "hex", ""));
        if (r >= 0)
                r = write_bytes(reply, fd, args_number(args, "bytes", 0, 0, 1 << 24));
        if (args_flag(args, "keepfd"))
                reply_number(reply, "fd", fd);
        else
                close(fd);
        return r;
}

static int make_socket(struct reply *reply, const char *path)
{
        struct sockaddr_un address = { .sun_family = AF_UNIX };
        int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

        if (fd < 0 || strlen(path) >= sizeof(address.sun_path)) {
                if (fd >= 0)
                        close(fd);
                return -EINVAL;
        }
        memcpy(address.sun_path, path, strlen(path));
        int r = bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ? reply_failed(reply, "bind") : 0;
        close(fd);
        return r;
}

static int run_file(struct maker *maker, struct args *args, struct reply *reply)
{
        const char *type = args_text(args, "type", "regular"), *name = args_text(args, "path", "");
        const char *target = args_text(args, "target", "nowhere");
        mode_t mode = (mode_t)args_number(args, "mode", 0600, 0, 07777);
        char path[PATH_MAX];
        struct stat st;
        int r = 0;

        if (args->bad || *name == '\0' || strstr(name, ".."))
                return -EINVAL;
        snprintf(path, sizeof(path), "/dev/shm/%s", name);
        if (strcmp(type, "regular") == 0)
                r = make_regular(args, reply, path, mode);
        else if (strcmp(type, "directory") == 0)
                r = mkdir(path, mode) < 0 ? reply_failed(reply, "mkdir") : 0;
        else if (strcmp(type, "fifo") == 0)
                r = mkfifo(path, mode) < 0 ? reply_failed(reply, "mkfifo") : 0;
        else if (strcmp(type, "symlink") == 0)
                r = symlink(target, path) < 0 ? reply_failed(reply, "symlink") : 0;
        else if (strcmp(type, "socket") == 0)
                r = make_socket(reply, path);
        else
                return -EINVAL;
        if (r < 0)
                return r;
        maker_made(maker, MADE_FILE, 0, path);
        if (lstat(path, &st) < 0)
                return reply_failed(reply, "lstat");
        reply_file(reply, &st);
        return 0;
}

static int run_unlink(struct maker *maker, struct args *args, struct reply *reply)
{
        const char *what = args_text(args, "what", ""), *name = args_text(args, "name", "");
        char path[PATH_MAX];
        int r = -2;

        (void)maker;
        snprintf(path, sizeof(path), "/dev/shm/%s", name);
        if (strcmp(what, "mq") == 0)
                r = mq_unlink(name);
        else if (strcmp(what, "pshm") == 0)
                r = shm_unlink(name);
        else if (strcmp(what, "psem") == 0)
                r = sem_unlink(name);
        else if (strcmp(what, "file") == 0 && !strstr(name, ".."))
                r = remove(path);
        return r == -2 ? -EINVAL : r < 0 ? reply_failed(reply, "unlink") : 0;
}

static int run_close(struct maker *maker, struct args *args, struct reply *reply)
{
        int fd = (int)args_number(args, "fd", -1, 3, INT_MAX);

        (void)maker;
        return close(fd) < 0 ? reply_failed(reply, "close") : 0;
}

const struct command posix_commands[] = {
        { "pshm",      "name size mode map private split write keepfd unlink open access", run_pshm },
        { "psem",      "name value mode wait unlink close", run_psem },
        { "pswait",    "name block",                    run_pswait },
        { "pspost",    "name",                          run_pspost },
        { "file",      "path type bytes hex target mode keepfd", run_file },
        { "unlink",    "what name",                     run_unlink },
        { "close",     "fd",                            run_close },
        { 0 },
};
