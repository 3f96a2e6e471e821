/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/child.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

enum { KEYBOARD = 3 };

static const int keyboard[KEYBOARD] = { SIGINT, SIGQUIT, SIGTSTP };

static void hold_keyboard(struct sigaction old[KEYBOARD])
{
        for (unsigned i = 0; i < KEYBOARD; i++) {
                struct sigaction action = { .sa_handler = keyboard[i] == SIGTSTP ? SIG_DFL : SIG_IGN };

                sigaction(keyboard[i], NULL, &old[i]);
                if (old[i].sa_handler != SIG_IGN)
                        sigaction(keyboard[i], &action, NULL);
        }
}

static void let_keyboard(const struct sigaction old[KEYBOARD])
{
        for (unsigned i = 0; i < KEYBOARD; i++)
                sigaction(keyboard[i], &old[i], NULL);
}

/* posix_spawn(3): other threads may be at work. */
static int start(char *const arguments[], const struct sigaction old[KEYBOARD], pid_t *ret)
{
        posix_spawnattr_t how;
        sigset_t none, normal;
        int err;

        sigemptyset(&none);
        sigemptyset(&normal);
        for (unsigned i = 0; i < KEYBOARD; i++)
                if (old[i].sa_handler != SIG_IGN)
                        sigaddset(&normal, keyboard[i]);
        err = posix_spawnattr_init(&how);
        if (err)
                return -err;
        posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
        posix_spawnattr_setsigdefault(&how, &normal);
        posix_spawnattr_setsigmask(&how, &none);
        err = posix_spawn(ret, "/proc/self/exe", NULL, &how, arguments, environ);
        posix_spawnattr_destroy(&how);
        return -err;
}

int child_run(char *const arguments[])
{
        struct sigaction old[KEYBOARD];
        int status = 0, r;
        pid_t pid;

        hold_keyboard(old);
        r = start(arguments, old, &pid);
        if (r == 0) {
                while (waitpid(pid, &status, 0) < 0)
                        if (errno != EINTR) {
                                r = -errno;
                                break;
                        }
        }
        let_keyboard(old);
        if (r < 0)
                return r;
        return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
