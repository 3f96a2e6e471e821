/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/waits.h"

#include "base/array.h"
#include "base/number.h"

#include <errno.h>
#include <fcntl.h>

enum {
        /* linux/futex.h */
        OP_WAIT = 0, OP_LOCK_PI = 6, OP_WAIT_BITSET = 9, OP_WAIT_REQUEUE_PI = 11, OP_LOCK_PI2 = 13,
        OP_MASK = 0x7f, OP_PRIVATE = 0x80,
        FUTEX2_IS_PRIVATE = 0x80,

        FLOCK_TRY = 4,                  /* LOCK_NB of flock(2) */

        /* Locks that wait: F_SETLKW, the same of 64 bits on i386, F_OFD_SETLKW (asm-generic/fcntl.h). */
        LOCK_WAIT = 7, LOCK_WAIT_64 = 14, LOCK_WAIT_OFD = 38,

        PIDFD_ID = 3,                   /* P_PIDFD, linux/wait.h */
        RING_REGISTERED = 0x10,         /* IORING_ENTER_REGISTERED_RING: no descriptor but an index */
};

/* How a call names its object. */
enum shape {
        SHAPE_SEM, SHAPE_MSG,           /* 0: id */
        SHAPE_IPC,                      /* 0: which call of System V, 1: id */
        SHAPE_FD,                       /* 0: descriptor */
        SHAPE_FDS_0_1, SHAPE_FDS_0_2,   /* two descriptors */
        SHAPE_RING,                     /* 0: descriptor, 3: flags */
        SHAPE_PIDFD,                    /* 0: type of the id, 1: id */
        SHAPE_SOCKET,                   /* 0: which call, 1: address of its arguments */
        SHAPE_POLL,                     /* 0: address, 1: number */
        SHAPE_SELECT,                   /* 0: number, 1-3: addresses */
        SHAPE_FLOCK, SHAPE_FCNTL,       /* 0: descriptor, 1: operation */
        SHAPE_FUTEX,                    /* 0: address, 1: operation */
        SHAPE_FUTEX2,                   /* 0: address, 3: flags */
        SHAPE_FUTEXES,                  /* 0: address, 1: number */
        SHAPE_PATH, SHAPE_PATH_AT,      /* 0: address of the name; or 0: directory, 1: address */
};

struct syscall {
        const char *name;
        enum shape shape;
        int16_t numbers[MACHINE_COUNT];
};

enum { NO = -1 };

static const struct syscall syscalls[] = {
#define SYSCALL(name, shape, x86_64, i386, arm64) { #name, SHAPE_##shape, { x86_64, i386, arm64 } },
#include "sys/syscalls.list"
#undef SYSCALL
};

/* "0x1f", as the kernel writes it. */
static bool take_hex(struct text *rest, uint64_t *ret)
{
        struct text word;

        return text_word(rest, &word) && text_starts(word, TEXT("0x")) &&
               number_parse_base(text_from(word, 2), 16, UINT64_MAX, ret) == 0;
}

static bool is_end(struct text rest)
{
        struct text word;

        return !text_word(&rest, &word);
}

/* fs/proc/base.c, proc_pid_syscall(): NUMBER ARG... SP PC, or -1 SP PC, or "running". */
int wait_parse(struct text text, struct wait_line *ret)
{
        struct wait_line line = { 0 };
        struct text word;

        if (!text_ends(text, TEXT("\n")))
                return -EBADMSG;
        text.len--;
        if (text_equal(text, TEXT("running")))
                return 0;
        if (!text_word(&text, &word) || number_parse_int(word, -1, INT32_MAX, &line.number) < 0)
                return -EBADMSG;
        for (unsigned i = 0; line.number >= 0 && i < COUNT(line.arguments); i++)
                if (!take_hex(&text, &line.arguments[i]))
                        return -EBADMSG;
        if (!take_hex(&text, &line.stack) || !take_hex(&text, &line.instruction) || !is_end(text))
                return -EBADMSG;
        /* A kernel thread has no user stack, and its number is no system call. */
        if (line.number < 0 || (!line.stack && !line.instruction))
                return 0;
        *ret = line;
        return 1;
}

/* ipc(2): the calls that may wait; the upper half of the first argument is a version. */
static bool decode_ipc(const struct wait_line *line, struct wait_call *call)
{
        call->id = (int)line->arguments[1];
        switch (line->arguments[0] & 0xffff) {
        case 1:
                call->operation = "semop";
                call->target = WAIT_SEM;
                return true;
        case 4:
                call->operation = "semtimedop";
                call->target = WAIT_SEM;
                call->timed = true;
                return true;
        case 11:
                call->operation = "msgsnd";
                call->target = WAIT_MSG;
                return true;
        case 12:
                call->operation = "msgrcv";
                call->target = WAIT_MSG;
                return true;
        default:
                return false;
        }
}

/* socketcall(2): the numbers of linux/net.h, as far as they may wait; the first word at the address is the socket. */
static bool decode_socket(const struct wait_line *line, struct wait_call *call)
{
        static const char *const names[] = {
                [3] = "connect", [5] = "accept", [9] = "send", [10] = "recv", [11] = "sendto", [12] = "recvfrom",
                [16] = "sendmsg", [17] = "recvmsg", [18] = "accept4", [19] = "recvmmsg", [20] = "sendmmsg",
        };
        uint64_t number = line->arguments[0];

        if (number >= COUNT(names) || !names[number])
                return false;
        call->operation = names[number];
        call->target = WAIT_SOCKET;
        call->address = line->arguments[1];
        return true;
}

static bool decode_futex(const struct wait_line *line, struct wait_call *call)
{
        call->target = WAIT_FUTEX;
        call->address = line->arguments[0];
        if (line->arguments[1] & OP_PRIVATE)
                return false;
        switch (line->arguments[1] & OP_MASK) {
        case OP_WAIT:
        case OP_LOCK_PI:
        case OP_WAIT_BITSET:
        case OP_WAIT_REQUEUE_PI:
        case OP_LOCK_PI2:
                return true;
        default:
                return false;
        }
}

/* The rest of the addresses. */
static bool decode_memory(const struct wait_line *line, enum shape shape, struct wait_call *call)
{
        const uint64_t *arguments = line->arguments;

        switch (shape) {
        case SHAPE_POLL:
        case SHAPE_FUTEXES:
                call->target = shape == SHAPE_POLL ? WAIT_POLL : WAIT_FUTEXES;
                call->address = arguments[0];
                call->count = (uint32_t)arguments[1];
                return call->count > 0;
        case SHAPE_SELECT:
                call->target = WAIT_SELECT;
                call->count = (int32_t)arguments[0] > 0 ? (uint32_t)arguments[0] : 0;
                for (unsigned i = 0; i < COUNT(call->addresses); i++)
                        call->addresses[i] = arguments[i + 1];
                return call->count > 0;
        case SHAPE_FUTEX2:
                call->target = WAIT_FUTEX;
                call->address = arguments[0];
                return !(arguments[3] & FUTEX2_IS_PRIVATE);
        case SHAPE_PATH:
        case SHAPE_PATH_AT:
                call->target = WAIT_PATH;
                call->id = shape == SHAPE_PATH ? AT_FDCWD : (int)arguments[0];
                call->address = arguments[shape == SHAPE_PATH ? 0 : 1];
                return true;
        default:
                return false;
        }
}

static bool is_lock(const struct wait_line *line, enum shape shape)
{
        int operation = (int)line->arguments[1];

        if (shape == SHAPE_FLOCK)
                return !(operation & FLOCK_TRY);
        return operation == LOCK_WAIT || operation == LOCK_WAIT_64 || operation == LOCK_WAIT_OFD;
}

/* The kernel takes descriptors and ids as 32 bits, whatever the upper half of the register holds. */
static bool decode(const struct wait_line *line, enum shape shape, struct wait_call *call)
{
        const uint64_t *arguments = line->arguments;

        call->id = (int)arguments[0];
        call->target = WAIT_FD;
        switch (shape) {
        case SHAPE_SEM:
                call->target = WAIT_SEM;
                return true;
        case SHAPE_MSG:
                call->target = WAIT_MSG;
                return true;
        case SHAPE_IPC:
                return decode_ipc(line, call);
        case SHAPE_FD:
                return true;
        case SHAPE_FDS_0_1:
        case SHAPE_FDS_0_2:
                call->target = WAIT_FDS;
                call->other = (int)arguments[shape == SHAPE_FDS_0_1 ? 1 : 2];
                return true;
        case SHAPE_RING:
                return !(arguments[3] & RING_REGISTERED);
        case SHAPE_PIDFD:
                call->id = (int)arguments[1];
                return (int)arguments[0] == PIDFD_ID;
        case SHAPE_FLOCK:
        case SHAPE_FCNTL:
                call->target = WAIT_LOCK;
                return is_lock(line, shape);
        case SHAPE_SOCKET:
                return decode_socket(line, call);
        case SHAPE_FUTEX:
                return decode_futex(line, call);
        default:
                return decode_memory(line, shape, call);
        }
}

/* Does the call give up after a while? Time limits of sockets (SO_RCVTIMEO) show nowhere. */
static bool is_timed(const struct wait_line *line, const char *name)
{
        static const struct {
                const char *name;
                uint8_t argument;
                bool milliseconds;      /* below 0: for ever; else the address of a time, or NULL */
        } calls[] = {
                { "poll", 2, true },             { "epoll_wait", 3, true },       { "epoll_pwait", 3, true },
                { "ppoll", 2, false },           { "ppoll_time64", 2, false },    { "epoll_pwait2", 3, false },
                { "select", 4, false },          { "pselect6", 4, false },        { "pselect6_time64", 4, false },
                { "semtimedop", 3, false },      { "semtimedop_time64", 3, false },
                { "mq_timedsend", 4, false },    { "mq_timedsend_time64", 4, false },
                { "mq_timedreceive", 4, false }, { "mq_timedreceive_time64", 4, false },
                { "recvmmsg", 4, false },        { "recvmmsg_time64", 4, false },
                { "futex", 3, false },           { "futex_time64", 3, false },
                { "futex_wait", 4, false },      { "futex_waitv", 3, false },
        };

        for (unsigned i = 0; i < COUNT(calls); i++)
                if (strcmp(calls[i].name, name) == 0)
                        return calls[i].milliseconds ? (int32_t)line->arguments[calls[i].argument] >= 0 :
                                                       line->arguments[calls[i].argument] != 0;
        return false;
}

bool wait_decode(const struct wait_line *line, enum wait_machine machine, struct wait_call *ret)
{
        struct wait_call call = { .other = -1 };

        for (unsigned i = 0; machine < MACHINE_COUNT && i < COUNT(syscalls); i++) {
                if (syscalls[i].numbers[machine] != line->number)
                        continue;
                call.operation = syscalls[i].name;
                if (!decode(line, syscalls[i].shape, &call))
                        return false;
                call.timed |= is_timed(line, syscalls[i].name);
                *ret = call;
                return true;
        }
        return false;
}
