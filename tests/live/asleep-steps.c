/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Steps of asleep.c: sleepers change what they have, and others change it while they sleep. */
#include "asleep.h"

#include "base/array.h"

#include <fcntl.h>
#include <mqueue.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

void begin_all(void)
{
        make_common();
        for (long i = 0; i < SERVERS; i++)
                tell(spawn(), do_hold_all, 10 + i);
        for (long i = 0; i < count_blocks(); i++) {
                struct child *child = spawn();

                child->mute = true;
                tell_ahead(child, do_block, i);
        }
        for (unsigned i = SERVERS; i < nchildren; i++)
                wait_blocked(&children[i]);
        sleepers = sleepers_new();
        look_once(nchildren);
        look_once(0);
}

struct child *server(unsigned n)
{
        return &children[n];
}

/* --- nothing; something of their own --------------------------------------------------- */

static void nothing(void)
{
        begin_all();
        look_same();
        look_same();
        CHECK(told("\"record\":\"process\"") >= nchildren && told("\"waiters\":[{") > 10 && told("\"fd\":") > 100);
        CHECK(sleepers_told(sleepers) >= nchildren);
}

static void forget(void)
{
        begin_all();
        sleepers_forget(sleepers);
        CHECK(look_once(nchildren) == 0);
        CHECK(look_once(0) >= nchildren && sleepers_told(sleepers) >= nchildren);
}

static void open_and_close(void)
{
        static const struct {
                act *does;
                long argument;
        } all[] = { { do_pipe, 0 }, { do_eventfd, 9 }, { do_socket, 0 }, { do_open_shm, 90 }, { do_memfd, 4096 },
                    { do_timerfd, 5000 }, { do_inotify, 0 }, { do_epoll, 3 } };
        long fds[COUNT(all)];

        begin_all();
        for (unsigned i = 0; i < COUNT(all); i++) {
                fds[i] = tell(server(i % SERVERS), all[i].does, all[i].argument);
                look_after(1);
        }
        for (unsigned i = 0; i < COUNT(all); i++) {
                tell(server(i % SERVERS), do_close, fds[i]);
                look_after(1);
        }
}

static void map_and_unmap(void)
{
        char path[64];
        int fd;

        begin_all();
        tell(server(3), do_map, tell(server(3), do_open_shm, 91));
        look_after(1);
        tell(server(3), do_unmap, 0);
        look_after(1);
        /* A file becomes an object when a second one maps it, and is none any more without. */
        file_path(5, path);
        fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        CHECK(fd >= 0 && ftruncate(fd, 8192) == 0);
        for (unsigned i = 0; i < 3; i++) {
                tell(server(i), do_map, tell_with(server(i), do_keep, 0, fd));
                look_after(1);
        }
        close(fd);
        for (unsigned i = 0; i < 3; i++) {
                tell(server(i), do_unmap, 0);
                look_woken(1);
        }
        tell(server(2), do_attach, segment);
        look_after(1);
}

static void threads(void)
{
        begin_all();
        tell(server(1), do_start_thread, 0);
        look_after(1);
        tell_thread(server(1), do_pipe, 0);
        look_after(1);
        tell(server(4), do_start_thread, 0);
        tell_thread(server(4), do_socket, 0);
        look_after(1);
        tell_thread(server(4), do_eventfd, 6);
        tell(server(1), do_memfd, 100);
        look_after(2);
}

const struct step own_steps[] = {
        { "nothing", nothing }, { "forget", forget }, { "open-and-close", open_and_close },
        { "map-and-unmap", map_and_unmap }, { "threads", threads }, { NULL, NULL },
};

/* --- names, by this program -------------------------------------------------------------- */

static void names_in_shm(void)
{
        char path[64], other[64];

        begin_all();
        shm_path(10, path);
        shm_path(99, other);
        CHECK(chmod(path, 0640) == 0);
        look_after(0);
        CHECK(truncate(path, 100000) == 0);
        look_after(0);
        CHECK(link(path, other) == 0);
        look_after(0);
        CHECK(unlink(path) == 0);
        look_after(0);
        CHECK(unlink(other) == 0);
        look_after(0);
        CHECK(told("(deleted)") > 0);
        shm_path(11, path);
        CHECK(rename(path, other) == 0);
        look_after(0);
        shm_path(12, path);
        CHECK(rename(path, other) == 0);
        look_after(0);
        shm_path(0, path);
        CHECK(unlink(path) == 0);
        look_after(0);
}

static void names_of_others(void)
{
        static const char *const moved = PLACE "/moved";
        char path[64];

        begin_all();
        CHECK(mq_unlink("/queue10") == 0);
        look_after(0);
        CHECK(mq_unlink("/common") == 0);
        look_after(0);
        fifo_path(0, path);
        CHECK(rename(path, moved) == 0);
        look_after(0);
        CHECK(chmod(moved, 0644) == 0);
        look_after(0);
        CHECK(unlink(moved) == 0);
        look_after(0);
        CHECK(mkfifo(path, 0600) == 0);
        /* Nobody has that one. The other one somebody waits for, by its path. */
        look_same();
        fifo_path(1, path);
        CHECK(rename(path, moved) == 0);
        look_after(0);
        CHECK(rename(PLACE "/socket10", PLACE "/socket99") == 0);
        look_after(0);
        CHECK(unlink(PLACE "/socket99") == 0);
        look_woken(0);
}

/* --- what others do with what they share ------------------------------------------------- */

/* One descriptor for two children; returns what it is in the first, and in the second. */
static void share(struct child *first, struct child *second, int fd, long numbers[2])
{
        numbers[0] = tell_with(first, do_keep, 0, fd);
        numbers[1] = tell_with(second, do_keep, 0, fd);
}

/* Who has the lower pid is met first. */
static void memory_grows(void)
{
        begin_all();
        for (unsigned i = 0; i < 2; i++) {
                long numbers[2];
                int fd = memfd_create("shared", MFD_CLOEXEC);

                CHECK(fd >= 0);
                share(server(i), server(1 - i), fd, numbers);
                close(fd);
                look_after(2);
                tell(server(i), do_grow, numbers[0]);
                look_after(1);
        }
}

static void counts(void)
{
        begin_all();
        for (unsigned i = 0; i < 2; i++) {
                long numbers[2];
                int fd = eventfd(0, EFD_CLOEXEC);

                CHECK(fd >= 0);
                share(server(i), server(1 - i), fd, numbers);
                look_after(2);
                tell(server(i), do_post, numbers[0]);
                look_after(1);
                tell(server(1 - i), do_post, numbers[1]);
                look_after(1);
                CHECK(eventfd_write(fd, 100) == 0);
                look_after(0);
                close(fd);
                look_after(0);
                /* Whoever changed it has it no more. */
                tell(server(i), do_post, numbers[0]);
                tell(server(i), do_close, numbers[0]);
                look_after(1);
        }
}

static void masks(void)
{
        begin_all();
        for (unsigned i = 0; i < 2; i++) {
                long numbers[2];
                sigset_t set;
                int fd;

                sigemptyset(&set);
                sigaddset(&set, SIGHUP);
                fd = signalfd(-1, &set, SFD_CLOEXEC);
                CHECK(fd >= 0);
                share(server(i), server(1 - i), fd, numbers);
                close(fd);
                look_after(2);
                tell(server(i), do_set_mask, numbers[0]);
                look_after(1);
        }
}

/* Whoever changed it has it no more. */
static void masks_of_others(void)
{
        long numbers[2];
        sigset_t set;
        int fd;

        begin_all();
        sigemptyset(&set);
        sigaddset(&set, SIGHUP);
        fd = signalfd(-1, &set, SFD_CLOEXEC);
        CHECK(fd >= 0);
        share(server(0), server(1), fd, numbers);
        close(fd);
        look_after(2);
        tell(server(1), do_set_mask, numbers[1]);
        tell(server(1), do_close, numbers[1]);
        look_after(1);
}

static void ends(void)
{
        begin_all();
        for (unsigned i = 0; i < 4; i++) {
                int fds[2];
                long one, other;

                CHECK((i < 2 ? pipe(fds) : socketpair(AF_UNIX, SOCK_STREAM, 0, fds)) == 0);
                one = tell_with(server(2), do_keep, 0, fds[i % 2]);
                other = tell_with(server(3), do_keep, 0, fds[1 - i % 2]);
                CHECK(write(fds[1], "bytes", 5) == 5);
                look_after(2);
                close(fds[0]);
                close(fds[1]);
                look_after(0);
                tell(server(3), do_close, other);
                look_after(1);
                tell(server(2), do_close, one);
                look_after(1);
        }
}

/* The kernel forgets the target when it is closed everywhere; as long, it is told by its inode. */
static void targets(void)
{
        long epoll, target, numbers[2];
        int fds[2];

        begin_all();
        CHECK(pipe2(fds, O_CLOEXEC) == 0);
        share(server(0), server(1), fds[0], numbers);
        epoll = tell(server(0), do_epoll, numbers[0]);
        close(fds[0]);
        look_after(2);
        tell(server(0), do_close, numbers[0]);
        look_after(1);
        tell(server(1), do_close, numbers[1]);
        look_after(1);
        close(fds[1]);
        look_after(0);
        /* Others add to it. */
        fds[0] = (int)syscall(SYS_pidfd_getfd, (int)syscall(SYS_pidfd_open, server(0)->pid, 0), (int)epoll, 0);
        if (fds[0] < 0)
                return;
        target = tell(server(1), do_eventfd, 0);
        look_after(1);
        tell_with(server(1), do_watch, target, fds[0]);
        look_after(1);
        close(fds[0]);
}

static void processes_by_descriptor(void)
{
        struct child *target;
        int fd;

        begin_all();
        target = spawn();
        fd = (int)syscall(SYS_pidfd_open, target->pid, 0);
        CHECK(fd >= 0);
        tell_with(server(2), do_keep, 0, fd);
        close(fd);
        look_after(2);
        end(target);
        look_after(0);
}

/* --- locks ---------------------------------------------------------------------------------- */

/* An open file that two have, and one that is open in a third. */
static void flocks(void)
{
        long numbers[2], own;
        char path[64];
        int fd;

        begin_all();
        file_path(7, path);
        fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        CHECK(fd >= 0);
        share(server(0), server(1), fd, numbers);
        close(fd);
        fd = open(path, O_RDWR | O_CLOEXEC);
        CHECK(fd >= 0);
        own = tell_with(server(2), do_keep, 0, fd);
        close(fd);
        look_after(3);
        tell(server(1), do_flock, numbers[1]);
        look_after(1);
        CHECK(rename(path, PLACE "/renamed") == 0);
        look_after(0);
        tell_only(server(2), do_flock, own);
        look_after(1);
        tell(server(1), do_close, numbers[1]);
        look_after(1);
        /* Now the first one alone has it; when it lets go, the one that waits has it. */
        tell(server(0), do_close, numbers[0]);
        answer(server(2));
        look_after(2);
}

static void posix_locks(void)
{
        char path[64];
        long own;
        int fd;

        begin_all();
        file_path(1, path);
        fd = open(path, O_RDWR | O_CLOEXEC);
        CHECK(fd >= 0);
        own = tell_with(server(3), do_keep, 0, fd);
        close(fd);
        look_after(1);
        tell(server(3), do_posix_lock, own);
        look_after(1);
        tell(server(3), do_close, own);
        look_after(1);
}

/* --- what the kernel has tables of ------------------------------------------------------------ */

static void messages(void)
{
        struct {
                long type;
                char text[4];
        } message = { 5, "abc" };
        mqd_t common;

        begin_all();
        CHECK(msgsnd(queue, &message, 4, 0) == 0);
        look_after(0);
        common = mq_open("/common", O_RDWR | O_CLOEXEC);
        CHECK(common >= 0 && mq_send(common, "one", 3, 1) == 0 && mq_send(common, "more", 4, 1) == 0);
        look_after(0);
        CHECK(mq_close(common) == 0);
        look_after(0);
        tell(server(5), do_receive, 0);
        look_after(1);
        /* Those that were blocked wake, and are blocked again. */
        message.type = 77;
        CHECK(msgsnd(queue, &message, 4, 0) == 0);
        look_anyhow();
        CHECK(semctl(semaphores, 0, SETVAL, 1) == 0);
        look_anyhow();
        CHECK(semctl(semaphores, 1, SETVAL, 3) == 0);
        look_anyhow();
}

static void segments(void)
{
        void *map;

        begin_all();
        map = shmat(segment, NULL, 0);
        CHECK(map != (void *)-1);
        look_after(0);
        CHECK(shmctl(segment, IPC_RMID, NULL) == 0);
        look_after(0);
        CHECK(shmdt(map) == 0);
        look_after(0);
        CHECK(msgctl(queue, IPC_RMID, NULL) == 0 && semctl(semaphores, 0, IPC_RMID) == 0);
        look_anyhow();
}

const struct step other_steps[] = {
        { "names-in-shm", names_in_shm }, { "names-of-others", names_of_others }, { "memory-grows", memory_grows },
        { "counts", counts }, { "masks", masks }, { "masks-of-others", masks_of_others }, { "ends", ends },
        { "targets", targets }, { "processes-by-descriptor", processes_by_descriptor }, { "flocks", flocks },
        { "posix-locks", posix_locks }, { "messages", messages }, { "segments", segments }, { NULL, NULL },
};
