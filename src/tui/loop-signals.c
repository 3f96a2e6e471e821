/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/loop-signals.h"

#include "base/array.h"
#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

enum { STACK_BYTES = 64 * 1024 };

static const int asking[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH };
static const int crashes[] = { SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL };

struct signals {
        volatile sig_atomic_t came[COUNT(asking)];
        struct sigaction old_asking[COUNT(asking)], old_crashes[COUNT(crashes)];
        const struct paint *volatile paint;
        int pipe[2];
        stack_t old_stack;
        void *stack;
};

/* A handler is told nothing but the number: the one thing that has to be found without a pointer. */
static struct signals *volatile current;

static void note(int signal)
{
        struct signals *signals = current;
        int saved = errno;

        for (unsigned i = 0; signals && i < COUNT(asking); i++)
                if (asking[i] == signal)
                        signals->came[i] = 1;
        /* Full: then it is readable anyway. */
        if (signals && write(signals->pipe[1], "", 1) < 0)
                errno = saved;
        errno = saved;
}

static void crash(int signal, siginfo_t *info, void *context)
{
        struct signals *signals = current;
        struct sigaction action = { .sa_handler = SIG_DFL };

        (void)context;
        for (unsigned i = 0; signals && i < COUNT(crashes); i++)
                if (crashes[i] == signal)
                        action = signals->old_crashes[i];
        sigaction(signal, &action, NULL);
        current = NULL;
        if (signals && signals->paint)
                paint_restore_now(signals->paint);
        /* A fault comes again when this returns; what was sent has to be sent again, and waits until then. */
        if (info->si_code <= 0)
                raise(signal);
}

/* exit(3) is called where memory runs out. */
static void restore_at_exit(void)
{
        struct signals *signals = current;

        if (signals && signals->paint)
                paint_restore_now(signals->paint);
}

static void catch_all(struct signals *signals)
{
        struct sigaction noting = { .sa_handler = note, .sa_flags = SA_RESTART };
        struct sigaction crashing = { .sa_sigaction = crash, .sa_flags = SA_SIGINFO | SA_ONSTACK };

        sigfillset(&noting.sa_mask);
        sigfillset(&crashing.sa_mask);
        for (unsigned i = 0; i < COUNT(asking); i++) {
                sigaction(asking[i], NULL, &signals->old_asking[i]);
                if (signals->old_asking[i].sa_handler != SIG_IGN)
                        sigaction(asking[i], &noting, NULL);
        }
        for (unsigned i = 0; i < COUNT(crashes); i++)
                sigaction(crashes[i], &crashing, &signals->old_crashes[i]);
}

int signals_begin(struct signals **ret)
{
        struct signals *signals = memory_new(sizeof(*signals));
        stack_t stack = { .ss_size = STACK_BYTES };

        if (pipe2(signals->pipe, O_CLOEXEC | O_NONBLOCK) < 0) {
                int err = -errno;

                free(signals);
                return err;
        }
        /* Where the stack itself is what was used up. */
        stack.ss_sp = signals->stack = memory_new(STACK_BYTES);
        sigaltstack(&stack, &signals->old_stack);
        current = signals;
        catch_all(signals);
        atexit(restore_at_exit);
        *ret = signals;
        return 0;
}

void signals_end(struct signals *signals)
{
        if (!signals)
                return;
        for (unsigned i = 0; i < COUNT(asking); i++)
                sigaction(asking[i], &signals->old_asking[i], NULL);
        for (unsigned i = 0; i < COUNT(crashes); i++)
                sigaction(crashes[i], &signals->old_crashes[i], NULL);
        current = NULL;
        sigaltstack(&signals->old_stack, NULL);
        close(signals->pipe[0]);
        close(signals->pipe[1]);
        free(signals->stack);
        free(signals);
}

void signals_guard(struct signals *signals, const struct paint *paint)
{
        signals->paint = paint;
}

int signals_fd(const struct signals *signals)
{
        return signals->pipe[0];
}

void signals_take(struct signals *signals, struct signals_news *ret)
{
        char bytes[64];

        *ret = (struct signals_news){ .deadly = 0 };
        while (read(signals->pipe[0], bytes, sizeof(bytes)) > 0)
                ;
        for (unsigned i = 0; i < COUNT(asking); i++) {
                if (!signals->came[i])
                        continue;
                signals->came[i] = 0;
                switch (asking[i]) {
                case SIGTSTP:  ret->stop = true; break;
                case SIGCONT:  ret->go_on = true; break;
                case SIGWINCH: ret->resized = true; break;
                default:       ret->deadly = asking[i]; break;
                }
        }
}

void signals_stop(struct signals *signals)
{
        struct sigaction action = { .sa_handler = SIG_DFL }, caught;
        struct signals_news news;

        sigaction(SIGTSTP, NULL, &caught);
        if (caught.sa_handler == SIG_IGN)
                return;
        sigaction(SIGTSTP, &action, NULL);
        /* The whole job, as the terminal would do it: a script that started us stops, too. */
        kill(0, SIGTSTP);
        sigaction(SIGTSTP, &caught, NULL);
        /* That it goes on is known. What came meanwhile and ends it must not be lost. */
        signals_take(signals, &news);
        if (news.deadly)
                note(news.deadly);
}
