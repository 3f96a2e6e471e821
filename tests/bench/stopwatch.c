/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stopwatch RUNS [PREPARATION] -- COMMAND [ARG...] [-- COMMAND [ARG...]]...
 *
 * Runs the commands in turn, RUNS times each after a first time that does not
 * count, so that whatever else the machine does falls on all of them alike.
 * Then one line per command, in their order:
 *
 *   MICROSECONDS KIB    from start to end: the median; the most memory of any run
 *   missing             there is no such program
 *
 * PREPARATION is run by sh(1) before each run, and not measured: for commands
 * that use up what they find.
 *
 * What they print is thrown away, but for the errors of the first time. A
 * command that fails or takes longer than two minutes ends it all: exit 1.
 *
 * A program of its own, and a small one: the peak that the kernel tells of a
 * child includes the memory of whoever started it.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { RUNS_MOST = 999, COMMANDS_MOST = 32, SECONDS_MOST = 120 };

struct command {
        char **argv;
        bool missing;
        uint64_t times[RUNS_MOST];      /* microseconds */
        long most_kib;
};

static volatile sig_atomic_t running;   /* for the alarm: whom to end */

static void too_long(int signal)
{
        (void)signal;
        if (running > 0)
                kill(running, SIGKILL);
}

static uint64_t now(void)
{
        struct timespec time;

        clock_gettime(CLOCK_MONOTONIC, &time);
        return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_nsec / 1000;
}

static int start(const struct command *command, bool first, pid_t *ret)
{
        posix_spawn_file_actions_t actions;
        int err;

        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
        if (!first)
                posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
        err = posix_spawnp(ret, command->argv[0], &actions, NULL, command->argv, environ);
        posix_spawn_file_actions_destroy(&actions);
        return -err;
}

static bool prepare(const char *preparation)
{
        int status = preparation ? system(preparation) : 0;

        if (status != 0)
                fputs("stopwatch: the preparation failed\n", stderr);
        return status == 0;
}

/* The run of that number, the first being -1; false, with a message, when it failed. */
static bool run(struct command *command, long number)
{
        struct rusage usage;
        uint64_t begin = now(), time;
        int status, err;
        pid_t pid;

        err = start(command, number < 0, &pid);
        if (err == -ENOENT) {
                command->missing = true;
                return true;
        }
        if (err < 0) {
                fprintf(stderr, "stopwatch: %s: %s\n", command->argv[0], strerror(-err));
                return false;
        }
        running = pid;
        alarm(SECONDS_MOST);
        while (wait4(pid, &status, 0, &usage) < 0 && errno == EINTR)
                ;
        time = now() - begin;
        running = 0;
        alarm(0);
        if (usage.ru_maxrss > command->most_kib)
                command->most_kib = usage.ru_maxrss;
        if (number >= 0)
                command->times[number] = time;
        if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
                return true;
        fprintf(stderr, "stopwatch: %s: ended by %s %d\n", command->argv[0],
                WIFSIGNALED(status) ? "signal" : "exit status",
                WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
        return false;
}

static int compare(const void *a, const void *b)
{
        const uint64_t *x = a, *y = b;

        return *x < *y ? -1 : *x > *y;
}

static uint64_t median(uint64_t *numbers, size_t n)
{
        qsort(numbers, n, sizeof(*numbers), compare);
        return n % 2 ? numbers[n / 2] : (numbers[n / 2 - 1] + numbers[n / 2]) / 2;
}

static void report(struct command *command, size_t runs)
{
        if (command->missing)
                puts("missing");
        else
                printf("%" PRIu64 " %ld\n", median(command->times, runs), command->most_kib);
}

/* Cuts the arguments at each "--"; returns how many commands there are, 0 if that is no list of any. */
static size_t read_commands(char **argv, struct command *commands)
{
        size_t n = 0;

        while (*argv && strcmp(*argv, "--") == 0) {
                *argv++ = NULL;
                if (!*argv || n == COMMANDS_MOST)
                        return 0;
                commands[n++].argv = argv;
                while (*argv && strcmp(*argv, "--") != 0)
                        argv++;
        }
        return *argv ? 0 : n;
}

int main(int argc, char **argv)
{
        static struct command commands[COMMANDS_MOST];
        const struct sigaction action = { .sa_handler = too_long };
        long runs = argc > 1 ? strtol(argv[1], NULL, 10) : 0;
        const char *preparation = argc > 2 && strcmp(argv[2], "--") != 0 ? argv[2] : NULL;
        size_t n = argc > 2 ? read_commands(argv + 2 + (preparation != NULL), commands) : 0;

        if (runs < 1 || runs > RUNS_MOST || n == 0) {
                fputs("usage: stopwatch RUNS [PREPARATION] -- COMMAND [ARG...] [-- COMMAND [ARG...]]...\n", stderr);
                return 2;
        }
        sigaction(SIGALRM, &action, NULL);
        for (long i = -1; i < runs; i++)
                for (size_t j = 0; j < n; j++)
                        if (!commands[j].missing && (!prepare(preparation) || !run(&commands[j], i)))
                                return EXIT_FAILURE;
        for (size_t i = 0; i < n; i++)
                report(&commands[i], (size_t)runs);
        return 0;
}
