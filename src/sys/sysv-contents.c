/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/sysv-contents.h"

#include "sys/interrupt.h"
#include "sys/sysv-private.h"

#include <errno.h>
#include <limits.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <time.h>
#include <unistd.h>

#ifndef MSG_COPY
#define MSG_COPY 040000
#endif

enum {
        FIRST_ROOM = 256,               /* the kernel takes as much memory as we offer room, so offer little */
        NAP_NS = 20000000, NAPS_MOST = 100,
};

/* --- semaphores ------------------------------------------------------------- */

/* Memory whose last byte is followed by a page that nobody may touch. */
struct fence {
        char *pages;
        size_t len;
        unsigned short *values;         /* so many, up to the fence */
};

static int fence_make(unsigned count, struct fence *ret)
{
        size_t page = (size_t)sysconf(_SC_PAGESIZE), bytes = count * sizeof(*ret->values);
        size_t len = (bytes + page - 1) / page * page;
        char *pages = mmap(NULL, len + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

        if (pages == MAP_FAILED)
                return -errno;
        if (mprotect(pages + len, page, PROT_NONE) < 0) {
                munmap(pages, len + page);
                return -ENOMEM;
        }
        *ret = (struct fence){ pages, len + page, (unsigned short *)(void *)(pages + len - bytes) };
        return 0;
}

static void fence_done(struct fence *fence)
{
        munmap(fence->pages, fence->len);
}

static int all_values(int semid, struct fence *fence, int command)
{
        return semctl(semid, 0, command, (union semun){ .array = fence->values }) < 0 ? sysv_error(errno) : 0;
}

int sysv_get_values(const struct host *host, int semid, unsigned count, uint16_t *values)
{
        struct fence fence;
        int r;

        if (!host_live(host))
                return -EOPNOTSUPP;
        r = fence_make(count, &fence);
        if (r < 0)
                return r;
        r = all_values(semid, &fence, GETALL);
        if (r == 0)
                memcpy(values, fence.values, count * sizeof(*values));
        fence_done(&fence);
        return r;
}

int sysv_set_values(const struct host *host, int semid, unsigned count, const uint16_t *values)
{
        struct fence fence;
        int r;

        if (!host_live(host))
                return -EOPNOTSUPP;
        r = fence_make(count, &fence);
        if (r < 0)
                return r;
        memcpy(fence.values, values, count * sizeof(*values));
        r = all_values(semid, &fence, SETALL);
        fence_done(&fence);
        return r;
}

/* --- messages --------------------------------------------------------------- */

/* As msgsnd(2) and msgrcv(2) want it: a long, then the text. */
static size_t room_for(size_t text)
{
        return sizeof(long) + text;
}

static void put_type(struct buf *buffer, long type)
{
        memcpy(buffer->data, &type, sizeof(type));
}

static void grow(struct buf *buffer, size_t text)
{
        size_t old = buffer->size;

        buffer->len = 0;
        buf_reserve(buffer, room_for(text));
        /* The kernel reads what we offer before it writes there. */
        if (buffer->size > old)
                memset(buffer->data, 0, buffer->size);
}

/* EINVAL: the queue is gone, or the message is too long for the kernel's own limit. */
static int copy_error(const struct host *host, int msqid, int err)
{
        struct sysv_facts facts;

        if (err == ENOMSG)
                return -ENODATA;
        if (err == EINVAL && sysv_stat(host, SYSV_MSG, msqid, &facts) == 0)
                return -EMSGSIZE;
        return sysv_error(err);
}

int sysv_copy_message(const struct host *host, int msqid, uint64_t number, struct buf *buffer, int64_t *ret_type,
                      struct text *ret_text)
{
        size_t room = ret_text->len > FIRST_ROOM ? ret_text->len : FIRST_ROOM;
        ssize_t n;
        long type;

        if (!host_live(host))
                return -EOPNOTSUPP;
        if (number > LONG_MAX)
                return -ENODATA;
        for (;;) {
                grow(buffer, room);
                n = msgrcv(msqid, buffer->data, room, (long)number, MSG_COPY | IPC_NOWAIT);
                if (n >= 0 || errno != E2BIG || room > INT_MAX / 2)
                        break;
                room *= 2;
        }
        if (n < 0)
                return copy_error(host, msqid, errno);
        memcpy(&type, buffer->data, sizeof(type));
        *ret_type = type;
        *ret_text = (struct text){ buffer->data + sizeof(type), (size_t)n };
        return 0;
}

int sysv_send_message(const struct host *host, int msqid, int64_t type, struct text text, struct buf *buffer)
{
        struct sysv_facts facts;
        int r, err;

        if (!host_live(host))
                return -EOPNOTSUPP;
        if (type > LONG_MAX)
                return -EINVAL;
        grow(buffer, text.len);
        put_type(buffer, (long)type);
        if (text.len)
                memcpy(buffer->data + sizeof(long), text.data, text.len);
        do
                r = msgsnd(msqid, buffer->data, text.len, IPC_NOWAIT);
        while (r < 0 && errno == EINTR);
        err = errno;
        if (r < 0 && err == EINVAL && sysv_stat(host, SYSV_MSG, msqid, &facts) == 0)
                return -EMSGSIZE;
        return r < 0 ? sysv_error(err) : 0;
}

void sysv_pass_second(int64_t moment)
{
        for (unsigned i = 0; i < NAPS_MOST && !interrupt_waits(); i++) {
                struct timespec now;

                clock_gettime(CLOCK_REALTIME_COARSE, &now);
                if (now.tv_sec > moment)
                        return;
                nanosleep(&(struct timespec){ .tv_nsec = NAP_NS }, NULL);
        }
}
