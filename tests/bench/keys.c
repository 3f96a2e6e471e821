/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * keys RUNS TEXT KEYS REST SECONDS -- COMMAND [ARG...]
 *
 * Is the browser quick? Starts it on a terminal of its own, RUNS times, and waits
 * for TEXT, which a row of the first frame must hold. In the last run it presses KEYS
 * keys, most of them while a collection goes on; then leaves it alone for REST seconds,
 * and looks what it uses in the SECONDS after that. Then q, and one line:
 *
 *   FIRST MEDIAN P99 MOST CPU KIB
 *
 * FIRST is from start to TEXT, the median of the runs; MEDIAN, P99 and MOST are from
 * a key to the first byte of the frame that answers it: all in microseconds. CPU is
 * what it used while nobody pressed a key, in millionths of the time, KIB its memory at the end.
 * Without KEYS or SECONDS their numbers are 0.
 *
 * A frame that was on its way when the key was pressed is taken for its answer. That is
 * rare, and hides little: as long as the program is busy, no frame comes at all.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
        RUNS_MOST = 99, KEYS_MOST = 10000, SECONDS_MOST = 600,
        WIDTH = 120, HEIGHT = 40,
        PATIENCE_MS = 60 * 1000,        /* for anything */
        PAUSE_MS = 70,                  /* between keys, at most */
        SEEN_MOST = 1 << 20,            /* bytes before the first row */
};

/* What is pressed, in turn: where lists are longer than the screen, no key here leaves it as it is. */
static const struct key {
        const char *bytes;
        bool counts;
} keys[] = {
        { "R", false },                 /* look again: a collection goes on during those that follow */
        { "6", true }, { "\033[B", true }, { "\033[6~", true }, { "\033[B", true }, { "G", true }, { "k", true }, { "g", true },
        { "R", false },
        { "7", true }, { "\033[6~", true }, { ">", true }, { "I", true }, { "j", true },
        { "R", false },
        { "/", true }, { "p", true }, { "i", true }, { "\r", true }, { "g", true },
        { "R", false },
        { "8", true }, { "G", true }, { "\033[A", true }, { "d", true }, { "d", true }, { "g", true },
        { "R", false },
        { "0", true }, { "\033[B", true }, { "\r", true }, { "\033[6~", true },
        /* Escape alone may be the beginning of a key: that is waited for. */
        { "\033", false },
        { "R", false },
        { "9", true }, { "1", true }, { "?", true }, { "\033", false },
};

static volatile sig_atomic_t running;   /* to be ended, should this end early */

static int64_t now(clockid_t clock)
{
        struct timespec time;

        clock_gettime(clock, &time);
        return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static _Noreturn void give_up(const char *what)
{
        fprintf(stderr, "keys: %s\n", what);
        if (running > 0)
                kill(running, SIGKILL);
        exit(EXIT_FAILURE);
}

static _Noreturn void give_up_errno(const char *what)
{
        char text[256];

        snprintf(text, sizeof(text), "%s: %s", what, strerror(errno));
        give_up(text);
}

/* --- the terminal ------------------------------------------------------------- */

static _Noreturn void become(const char *terminal, char **argv)
{
        int fd;

        prctl(PR_SET_PDEATHSIG, SIGKILL);
        setsid();
        fd = open(terminal, O_RDWR);
        if (fd < 0 || dup2(fd, STDIN_FILENO) < 0 || dup2(fd, STDOUT_FILENO) < 0)
                _exit(126);
        ioctl(fd, TIOCSCTTY, 0);
        if (fd > STDERR_FILENO)
                close(fd);
        setenv("TERM", "xterm-256color", 1);
        execvp(*argv, argv);
        fprintf(stderr, "keys: %s: %s\n", *argv, strerror(errno));
        _exit(127);
}

/* The side of the terminal where keys go in and frames come out. */
static int start(char **argv, pid_t *ret)
{
        const struct winsize size = { .ws_col = WIDTH, .ws_row = HEIGHT };
        int fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
        char name[64];

        if (fd < 0 || grantpt(fd) < 0 || unlockpt(fd) < 0 || ptsname_r(fd, name, sizeof(name)) != 0 ||
            ioctl(fd, TIOCSWINSZ, &size) < 0)
                give_up_errno("no terminal");
        *ret = fork();
        if (*ret < 0)
                give_up_errno("fork");
        if (*ret == 0)
                become(name, argv);
        running = *ret;
        return fd;
}

/* What comes within the time; 0 bytes: nothing. */
static size_t listen_to(int fd, int64_t ms, char *bytes, size_t size)
{
        struct pollfd poller = { .fd = fd, .events = POLLIN };
        ssize_t n;

        if (poll(&poller, 1, (int)ms) <= 0)
                return 0;
        n = read(fd, bytes, size);
        if (n <= 0)
                give_up("it has ended");
        return (size_t)n;
}

static void let_pass(int fd, int64_t ms)
{
        int64_t end = now(CLOCK_MONOTONIC) + ms * 1000000, left;
        static char bytes[65536];

        while ((left = end - now(CLOCK_MONOTONIC)) > 0)
                (void)listen_to(fd, (left + 999999) / 1000000, bytes, sizeof(bytes));
}

static void press(int fd, const char *bytes)
{
        if (write(fd, bytes, strlen(bytes)) < 0)
                give_up_errno("write");
}

/* --- what is measured ------------------------------------------------------------ */

static void wait_for(int fd, const char *text)
{
        char *seen = malloc(SEEN_MOST);
        size_t n = 0;

        if (!seen)
                give_up_errno("malloc");
        do {
                size_t got = listen_to(fd, PATIENCE_MS, seen + n, SEEN_MOST - n);

                if (got == 0)
                        give_up("the first frame has no such row");
                n += got;
        } while (!memmem(seen, n, text, strlen(text)));
        free(seen);
}

/* How long the answers to that many keys took, ns. */
static size_t press_all(int fd, size_t n, int64_t *times)
{
        char bytes[65536];
        unsigned chance = 1;

        for (size_t pressed = 0, i = 0; pressed < n; i++) {
                const struct key *key = &keys[i % (sizeof(keys) / sizeof(*keys))];
                int64_t begin;

                chance = chance * 1103515245 + 12345;
                let_pass(fd, 1 + (chance >> 16) % PAUSE_MS);
                begin = now(CLOCK_MONOTONIC);
                press(fd, key->bytes);
                if (!key->counts) {
                        /* Not to be taken for the beginning of the next key. */
                        let_pass(fd, *key->bytes == '\033' ? PAUSE_MS : 1);
                        continue;
                }
                if (listen_to(fd, PATIENCE_MS, bytes, sizeof(bytes)) == 0)
                        give_up("a key was not answered");
                times[pressed++] = now(CLOCK_MONOTONIC) - begin;
        }
        return n;
}

static int64_t idle(int fd, pid_t pid, int64_t seconds)
{
        int64_t begin, used;
        clockid_t clock;

        if (clock_getcpuclockid(pid, &clock) != 0)
                give_up("its clock can't be read");
        begin = now(CLOCK_MONOTONIC);
        used = now(clock);
        let_pass(fd, seconds * 1000);
        return (now(clock) - used) / ((now(CLOCK_MONOTONIC) - begin) / 1000000);
}

static long memory_of(pid_t pid)
{
        char path[64];
        long size, resident = -1;
        FILE *file;

        snprintf(path, sizeof(path), "/proc/%d/statm", (int)pid);
        file = fopen(path, "re");
        if (!file || fscanf(file, "%ld %ld", &size, &resident) != 2)
                give_up("its memory can't be read");
        fclose(file);
        return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

/* --- all together ---------------------------------------------------------------- */

struct question {
        const char *text;
        long runs, keys, rest, seconds;
        char **argv;
};

static int compare(const void *a, const void *b)
{
        const int64_t *x = a, *y = b;

        return *x < *y ? -1 : *x > *y;
}

/* The number below which so many of a hundred are; 0 of none. */
static int64_t share(int64_t *numbers, size_t n, unsigned percent)
{
        size_t at = n * percent / 100;

        qsort(numbers, n, sizeof(*numbers), compare);
        return n == 0 ? 0 : numbers[at < n ? at : n - 1] / 1000;
}

static void leave(int fd, pid_t pid)
{
        int64_t end = now(CLOCK_MONOTONIC) + PATIENCE_MS * INT64_C(1000000);
        char bytes[65536];
        int status;

        /* Out of a line that is typed, if the last key was in one. */
        press(fd, "\033");
        let_pass(fd, PAUSE_MS);
        press(fd, "q");
        while (waitpid(pid, &status, WNOHANG) == 0) {
                struct pollfd poller = { .fd = fd, .events = POLLIN };

                if (now(CLOCK_MONOTONIC) > end)
                        give_up("it does not leave");
                if (poll(&poller, 1, 1) > 0 && read(fd, bytes, sizeof(bytes)) < 0)
                        usleep(1000);
        }
        running = 0;
        close(fd);
        if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
                give_up("it failed");
}

static void ask(const struct question *question)
{
        static int64_t first[RUNS_MOST], times[KEYS_MOST];
        int64_t cpu = 0;
        size_t n = 0;
        long kib = 0;

        for (long i = 0; i < question->runs; i++) {
                int64_t begin = now(CLOCK_MONOTONIC);
                pid_t pid;
                int fd = start(question->argv, &pid);

                wait_for(fd, question->text);
                first[i] = now(CLOCK_MONOTONIC) - begin;
                if (i == question->runs - 1) {
                        n = press_all(fd, (size_t)question->keys, times);
                        let_pass(fd, question->rest * 1000);
                        if (question->seconds > 0)
                                cpu = idle(fd, pid, question->seconds);
                        kib = memory_of(pid);
                }
                leave(fd, pid);
        }
        printf("%" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %ld\n",
               share(first, (size_t)question->runs, 50), share(times, n, 50), share(times, n, 99),
               share(times, n, 100), cpu, kib);
}

static bool read_number(const char *text, long least, long most, long *ret)
{
        char *end;

        *ret = strtol(text, &end, 10);
        return end != text && !*end && *ret >= least && *ret <= most;
}

/* Who holds the watch must not wait for a processor. Where this is not allowed, some times are too long. */
static void come_first(void)
{
        const struct sched_param first = { .sched_priority = 1 };

        (void)sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &first);
}

int main(int argc, char **argv)
{
        struct question question;

        if (argc < 8 || !read_number(argv[1], 1, RUNS_MOST, &question.runs) ||
            !read_number(argv[3], 0, KEYS_MOST, &question.keys) ||
            !read_number(argv[4], 0, SECONDS_MOST, &question.rest) ||
            !read_number(argv[5], 0, SECONDS_MOST, &question.seconds) || strcmp(argv[6], "--") != 0) {
                fputs("usage: keys RUNS TEXT KEYS REST SECONDS -- COMMAND [ARG...]\n", stderr);
                return 2;
        }
        question.text = argv[2];
        question.argv = argv + 7;
        come_first();
        ask(&question);
        return 0;
}
