/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/mqueue.h"

#include "base/number.h"
#include "sys/directory.h"
#include "sys/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/mount.h>
#include <mqueue.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { TEXT_MOST = 4096 };

/* A detached mount; descriptor or -errno. */
static int mount_detached(void)
{
#if defined(SYS_fsopen) && defined(FSOPEN_CLOEXEC)
        int context, mount, r = 0;

        context = (int)syscall(SYS_fsopen, "mqueue", FSOPEN_CLOEXEC);
        if (context < 0)
                return -errno;
        if (syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
                r = -errno;
        mount = r < 0 ? -1 : (int)syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC,
                                          MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
        if (r == 0 && mount < 0)
                r = -errno;
        close(context);
        return r < 0 ? r : mount;
#else
        return -EOPNOTSUPP;
#endif
}

int mqueue_mount(const struct host *host)
{
        int mount, dir;

        if (!host_live(host))
                return -EOPNOTSUPP;
        mount = mount_detached();
        if (mount < 0)
                return mount;
        /* fsmount(2) gives an O_PATH descriptor; what is to be read has to be opened. */
        dir = file_open_directory(mount, ".", O_RDONLY);
        close(mount);
        return dir;
}

/* 1, 0, or -EAGAIN when this queue tells nothing. */
static int compare_queue(int dir, const char *name)
{
        char path[NAME_MAX + 2];
        struct stat file, again, queue;
        int len, fd, r;

        len = snprintf(path, sizeof(path), "/%s", name);
        if (len < 0 || (size_t)len >= sizeof(path) || fstatat(dir, name, &file, AT_SYMLINK_NOFOLLOW) < 0)
                return -EAGAIN;
        fd = (int)mq_open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
        if (fd < 0) {
                /* No such queue in our namespace, while the directory has it before and after. */
                if (errno == ENOENT && fstatat(dir, name, &again, AT_SYMLINK_NOFOLLOW) == 0 &&
                    again.st_dev == file.st_dev && again.st_ino == file.st_ino)
                        return 0;
                return -EAGAIN;
        }
        r = fstat(fd, &queue) < 0 ? -EAGAIN : queue.st_dev == file.st_dev;
        close(fd);
        return r;
}

/* Without the right to mount: any queue of the directory that we may open tells. */
static int compare_queues(int dir)
{
        char buffer[8192];
        struct directory directory;
        struct directory_entry entry;
        int copy, r = -EAGAIN;

        /* A descriptor of our own, so that the caller's position stays. */
        copy = file_open_directory(dir, ".", O_RDONLY);
        if (copy < 0)
                return copy;
        directory_init(&directory, copy, buffer, sizeof(buffer));
        while (r == -EAGAIN && directory_next(&directory, &entry))
                r = compare_queue(copy, entry.name);
        close(copy);
        return r == -EAGAIN ? -EPERM : r;
}

int mqueue_is_own(const struct host *host, int dir)
{
        struct stat theirs, ours;
        int own, r;

        if (!host_live(host))
                return -EOPNOTSUPP;
        if (fstat(dir, &theirs) < 0)
                return -errno;
        own = mqueue_mount(host);
        if (own < 0)
                return compare_queues(dir);
        r = fstat(own, &ours) < 0 ? -errno : ours.st_dev == theirs.st_dev;
        close(own);
        return r;
}

/* The value behind "NAME:" in one of the words of the line. */
static bool find_number(struct text line, struct text name, int64_t max, int64_t *ret)
{
        struct text word;

        while (text_word(&line, &word))
                if (text_starts(word, name))
                        return number_parse_int(text_from(word, name.len), 0, max, ret) == 0;
        return false;
}

int mqueue_parse(struct text text, struct mqueue_facts *ret)
{
        int64_t bytes, notify, signal, pid;
        struct text line;

        if (text.len == 0 || text.data[text.len - 1] != '\n' || !text_split(&text, '\n', &line) || text.len > 0)
                return -EBADMSG;
        if (!find_number(line, TEXT("QSIZE:"), INT64_MAX, &bytes) ||
            !find_number(line, TEXT("NOTIFY:"), INT32_MAX, &notify) ||
            !find_number(line, TEXT("SIGNO:"), INT32_MAX, &signal) ||
            !find_number(line, TEXT("NOTIFY_PID:"), INT32_MAX, &pid))
                return -EBADMSG;
        *ret = (struct mqueue_facts){
                .queued_bytes = (uint64_t)bytes,
                .notify       = (int)notify,
                .signal       = (int)signal,
                .notify_pid   = (pid_t)pid,
        };
        return 0;
}

static int add_attributes(int fd, struct mqueue_facts *facts)
{
        struct mq_attr attributes;

        /* On Linux a message queue descriptor is a file descriptor. */
        if (mq_getattr((mqd_t)fd, &attributes) < 0)
                return errno == EBADF ? -EBADMSG : -errno;
        facts->has_attributes = true;
        facts->max_messages = (uint64_t)attributes.mq_maxmsg;
        facts->max_message_bytes = (uint64_t)attributes.mq_msgsize;
        facts->queued_messages = (uint64_t)attributes.mq_curmsgs;
        return 0;
}

/* Takes over fd. */
static int read_queue(const struct host *host, int fd, struct mqueue_facts *ret)
{
        struct buf text = { 0 };
        struct mqueue_facts facts;
        int r = file_read(fd, TEXT_MOST, &text);

        if (r == 0)
                r = mqueue_parse(buf_text(&text), &facts);
        if (r == 0 && host_live(host))
                r = add_attributes(fd, &facts);
        if (r == 0)
                *ret = facts;
        close(fd);
        buf_done(&text);
        return r;
}

int mqueue_read(const struct host *host, int dir, const char *name, struct mqueue_facts *ret)
{
        int fd = file_open(dir, name);

        return fd < 0 ? fd : read_queue(host, fd, ret);
}

int mqueue_read_link(const struct host *host, int dir, const char *name, struct mqueue_facts *ret)
{
        int fd;

        if (!host_live(host))
                return -EOPNOTSUPP;
        fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
        return fd < 0 ? -errno : read_queue(host, fd, ret);
}
