/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ways in which children of asleep.c are blocked. */
#include "asleep.h"

#include "base/array.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/msg.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static void block_pause(void)
{
        pause();
}

static void block_futex(void)
{
        static int word;

        syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
}

static void block_shared_futex(void)
{
        char path[64];

        shm_path(0, path);
        syscall(SYS_futex, (int *)map_of(open_with_bytes(path)) + 16, FUTEX_WAIT, 0, NULL, NULL, 0);
}

static void block_semaphore(void)
{
        semop(semaphores, &(struct sembuf){ .sem_op = -1 }, 1);
}

static void block_queue(void)
{
        char bytes[64];

        msgrcv(queue, bytes, sizeof(bytes) - sizeof(long), 77, 0);
}

static void block_flock(void)
{
        char path[64];
        int fd, other;

        file_path(2, path);
        fd = open_with_bytes(path);
        other = open_with_bytes(path);
        CHECK(flock(fd, LOCK_EX) == 0);
        flock(other, LOCK_EX);
}

static void block_open(void)
{
        char path[64];

        fifo_path(1, path);
        open(path, O_RDONLY);
}

static void block_poll(void)
{
        struct pollfd polls[] = { { (int)do_pipe(0), POLLIN, 0 }, { (int)do_eventfd(0), POLLIN, 0 } };

        poll(polls, COUNT(polls), -1);
}

static void block_epoll(void)
{
        struct epoll_event event;

        epoll_wait((int)do_epoll(do_pipe(0)), &event, 1, -1);
}

static void block_select(void)
{
        int fd = (int)do_pipe(0);
        fd_set set;

        FD_ZERO(&set);
        FD_SET(fd, &set);
        select(fd + 1, &set, NULL, NULL, NULL);
}

static void block_accept(void)
{
        accept((int)do_socket(900), NULL, NULL);
}

static void block_read(void)
{
        eventfd_t count;

        eventfd_read((int)do_eventfd(0), &count);
}

static void block_signal(void)
{
        sigset_t set;

        sigemptyset(&set);
        sigaddset(&set, SIGUSR1);
        sigprocmask(SIG_BLOCK, &set, NULL);
        sigwaitinfo(&set, NULL);
}

static void block_stopped(void)
{
        raise(SIGSTOP);
}

/* Its child is a zombie. */
static void block_with_zombie(void)
{
        pid_t pid = fork();

        if (pid == 0)
                _exit(0);
        pause();
}

static void (*const blocks[])(void) = {
        block_pause, block_futex, block_shared_futex, block_semaphore, block_queue, block_flock, block_open,
        block_poll, block_epoll, block_select, block_accept, block_read, block_signal, block_stopped,
        block_with_zombie,
};

unsigned count_blocks(void)
{
        return COUNT(blocks);
}

long do_block(long how)
{
        for (;;)
                blocks[how]();
}
