/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * crowd OBJECTS PROCESSES DESCRIPTORS SOCKETS COMMAND [ARG...]
 *
 * Makes a large machine, runs the command in it, and ends with its status:
 *
 *   - OBJECTS System V segments, as many message queues and semaphore sets;
 *   - PROCESSES processes with DESCRIPTORS descriptors each: pipes, sockets,
 *     eventfds, files of /dev/shm (some of them mapped too), message queues,
 *     regular files and /dev/null;
 *   - SOCKETS sockets of AF_UNIX in all, evenly among the descriptors of all
 *     processes: listeners, connections to them and pairs. With 0, there are
 *     as many pairs as the mix has.
 *
 * Only in a place that tests/live/sandbox has made (exit 77 elsewhere, and
 * where the limits can't be raised). The processes end with this one.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <mqueue.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
        SKIPPED = 77,
        OBJECTS_MOST = 32000,           /* ids have 15 bits of index */
        PROCESSES_MOST = 20000,
        DESCRIPTORS_MOST = 1000,
        SOCKETS_MOST = 1000000,
        SHARED_FILES = 50,              /* of /dev/shm, beside one of each process */
        QUEUES = 10,
        FILE_BYTES = 16384,
        FIRST_KEY = 0x5eed0000,
        MINUTES_MOST = 60,              /* for a process, should all else fail to end it */
};

/* What to make. */
struct crowd {
        int objects, processes, descriptors, sockets;
};

static _Noreturn void give_up(int status, const char *what)
{
        fprintf(stderr, "crowd: %s: %s\n", what, strerror(errno));
        _exit(status);
}

/* Is the namespace another than the one that the sandbox's caller was in? */
static bool left_behind(const char *ns)
{
        const char *outside = getenv("IPCVIEW_SANDBOX_OUTSIDE");
        char path[64], here[64];
        ssize_t n;

        snprintf(path, sizeof(path), "/proc/self/ns/%s", ns);
        n = readlink(path, here, sizeof(here) - 1);
        if (!outside || !*outside || n < 0)
                return false;
        here[n] = 0;
        return !strstr(outside, here);
}

static bool in_sandbox(void)
{
        return access("/dev/.ipcview-sandbox", F_OK) == 0 && left_behind("ipc") && left_behind("mnt") &&
               left_behind("pid");
}

/* --- objects ---------------------------------------------------------------- */

static void set_limit(const char *path, const char *text)
{
        int fd = open(path, O_WRONLY | O_CLOEXEC);

        if (fd < 0 || write(fd, text, strlen(text)) < 0)
                give_up(SKIPPED, path);
        close(fd);
}

static void make_objects(int n)
{
        if (n == 0)
                return;
        /* They belong to the IPC namespace, which is ours alone. */
        set_limit("/proc/sys/kernel/shmmni", "32768");
        set_limit("/proc/sys/kernel/msgmni", "32768");
        set_limit("/proc/sys/kernel/sem", "250 1024000 500 32768");
        for (int i = 0; i < n; i++) {
                key_t key = FIRST_KEY + i;

                if (shmget(key, FILE_BYTES, IPC_CREAT | IPC_EXCL | 0640) < 0)
                        give_up(EXIT_FAILURE, "shmget");
                if (msgget(key, IPC_CREAT | IPC_EXCL | 0640) < 0)
                        give_up(EXIT_FAILURE, "msgget");
                if (semget(key, 1 + i % 3, IPC_CREAT | IPC_EXCL | 0640) < 0)
                        give_up(EXIT_FAILURE, "semget");
        }
}

/* --- descriptors ------------------------------------------------------------ */

static int need(int fd, const char *what)
{
        if (fd < 0)
                give_up(EXIT_FAILURE, what);
        return fd;
}

/* owner: the crowd whose own it is, 0: everybody's. Crowds may share a /dev/shm. */
static int open_shared(pid_t owner, unsigned number)
{
        char name[32];
        int fd;

        snprintf(name, sizeof(name), "/crowd-%d-%u", owner, number);
        fd = need(shm_open(name, O_RDWR | O_CREAT, 0640), "shm_open");
        if (ftruncate(fd, FILE_BYTES) < 0)
                give_up(EXIT_FAILURE, "ftruncate");
        return fd;
}

static int open_mapped(pid_t owner, unsigned number)
{
        int fd = open_shared(owner, number);

        if (mmap(NULL, FILE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) == MAP_FAILED)
                give_up(EXIT_FAILURE, "mmap");
        return fd;
}

static int open_queue(unsigned number)
{
        struct mq_attr attributes = { .mq_maxmsg = 4, .mq_msgsize = 64 };
        char name[32];

        snprintf(name, sizeof(name), "/crowd-%u", number % QUEUES);
        return need(mq_open(name, O_RDWR | O_CREAT, 0640, &attributes), "mq_open");
}

static int open_pair(bool sockets)
{
        int pair[2];

        need(sockets ? socketpair(AF_UNIX, SOCK_STREAM, 0, pair) : pipe(pair),
             sockets ? "socketpair" : "pipe");
        return pair[1];
}

static int open_listener(struct sockaddr_un *ret, socklen_t *ret_size)
{
        int fd = need(socket(AF_UNIX, SOCK_STREAM, 0), "socket");

        *ret_size = sizeof(*ret);
        if (bind(fd, &(struct sockaddr){ .sa_family = AF_UNIX }, sizeof(sa_family_t)) < 0 || listen(fd, 8) < 0 ||
            getsockname(fd, (struct sockaddr *)ret, ret_size) < 0)
                give_up(EXIT_FAILURE, "a listener");
        return fd;
}

/* A client and what the listener has accepted. */
static int open_connection(int listener, const struct sockaddr_un *name, socklen_t size)
{
        int client = need(socket(AF_UNIX, SOCK_STREAM, 0), "socket");

        need(connect(client, (const struct sockaddr *)name, size), "connect");
        return need(accept(listener, NULL, NULL), "accept");
}

/* So many sockets: a listener with an abstract name, then connections to it and pairs in turn. */
static int open_sockets(int n)
{
        struct sockaddr_un name;
        socklen_t size;
        int listener = open_listener(&name, &size), last = listener;

        for (int made = 1; made + 1 < n; made += 2)
                last = made % 4 == 1 ? open_connection(listener, &name, size) : open_pair(true);
        return n % 2 ? last : need(socket(AF_UNIX, SOCK_DGRAM, 0), "socket");
}

/* The descriptor of the given place in the mix; returns the highest that came to be. */
static int open_next(unsigned process, unsigned place, bool sockets)
{
        switch (place % 12) {
        case 0: case 6:
                return open_pair(false);
        case 1: case 7:
                return open_pair(sockets);
        case 2: case 8:
                return need(eventfd(0, 0), "eventfd");
        case 3:
                if (place == 3)
                        return open_mapped(getppid(), process);
                return open_mapped(0, (process + place) % SHARED_FILES);
        case 4: case 9:
                return open_shared(0, (process + place) % SHARED_FILES);
        case 5:
                return open_queue(process + place);
        case 10:
                return need(open("/proc/self/exe", O_RDONLY), "/proc/self/exe");
        default:
                return need(open("/dev/null", O_RDWR), "/dev/null");
        }
}

/* --- processes -------------------------------------------------------------- */

/* Standard input becomes `done` until everything is open, so that descriptors count from 3. */
static _Noreturn void be_process(unsigned number, const struct crowd *crowd, pid_t parent, int done)
{
        int sockets = crowd->sockets / crowd->processes, last = STDERR_FILENO;

        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent)
                _exit(EXIT_FAILURE);
        alarm(MINUTES_MOST * 60);
        dup2(done, STDIN_FILENO);
        dup2(need(open("/dev/null", O_RDWR), "/dev/null"), STDOUT_FILENO);
        if (close_range(STDERR_FILENO + 1, UINT_MAX, 0) < 0)
                give_up(EXIT_FAILURE, "close_range");
        if (sockets > 0)
                last = open_sockets(sockets);
        for (unsigned place = 0; last + 1 < crowd->descriptors; place++)
                last = open_next(number, place, sockets == 0);
        if (write(STDIN_FILENO, "", 1) != 1)
                _exit(EXIT_FAILURE);
        dup2(STDOUT_FILENO, STDIN_FILENO);
        dup2(STDOUT_FILENO, STDERR_FILENO);
        for (;;)
                pause();
}

static void make_process(unsigned number, const struct crowd *crowd)
{
        pid_t self = getpid(), pid;
        int done[2];
        char byte;

        if (pipe2(done, O_CLOEXEC) < 0)
                give_up(EXIT_FAILURE, "pipe2");
        pid = fork();
        if (pid < 0)
                give_up(EXIT_FAILURE, "fork");
        if (pid == 0)
                be_process(number, crowd, self, done[1]);
        close(done[1]);
        if (read(done[0], &byte, 1) != 1) {
                fputs("crowd: a process has ended early\n", stderr);
                _exit(EXIT_FAILURE);
        }
        close(done[0]);
}

static int run_command(char **argv)
{
        pid_t pid = fork();
        int status;

        if (pid < 0)
                give_up(EXIT_FAILURE, "fork");
        if (pid == 0) {
                prctl(PR_SET_PDEATHSIG, SIGKILL);
                execvp(*argv, argv);
                give_up(127, *argv);
        }
        while (waitpid(pid, &status, 0) < 0)
                if (errno != EINTR)
                        give_up(EXIT_FAILURE, "waitpid");
        return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILURE;
}

static bool read_count(const char *text, long most, int *ret)
{
        char *end;
        long number = strtol(text, &end, 10);

        if (end == text || *end || number < 0 || number > most)
                return false;
        *ret = (int)number;
        return true;
}

int main(int argc, char **argv)
{
        struct crowd crowd;

        if (argc < 6 || !read_count(argv[1], OBJECTS_MOST, &crowd.objects) ||
            !read_count(argv[2], PROCESSES_MOST, &crowd.processes) ||
            !read_count(argv[3], DESCRIPTORS_MOST, &crowd.descriptors) ||
            !read_count(argv[4], SOCKETS_MOST, &crowd.sockets)) {
                fputs("usage: crowd OBJECTS PROCESSES DESCRIPTORS SOCKETS COMMAND [ARG...]\n", stderr);
                return 2;
        }
        if (!in_sandbox()) {
                fputs("crowd: this would fill the machine: run it by tests/live/sandbox\n", stderr);
                return SKIPPED;
        }
        make_objects(crowd.objects);
        for (int i = 0; i < crowd.processes; i++)
                make_process((unsigned)i, &crowd);
        return run_command(argv + 5);
}
