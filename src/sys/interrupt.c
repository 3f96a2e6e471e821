/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/interrupt.h"

#include "base/array.h"

#include <stddef.h>

static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };

void interrupt_hold(sigset_t *ret_old)
{
        sigset_t held;

        sigemptyset(&held);
        for (unsigned i = 0; i < COUNT(signals); i++) {
                struct sigaction action;

                /* An ignored signal that is blocked would wait, too: nohup(1) would be interrupted. */
                if (sigaction(signals[i], NULL, &action) == 0 && action.sa_handler != SIG_IGN)
                        sigaddset(&held, signals[i]);
        }
        sigprocmask(SIG_BLOCK, &held, ret_old);
}

bool interrupt_waits(void)
{
        sigset_t waiting;

        /* What is not blocked does not wait. */
        if (sigpending(&waiting) < 0)
                return false;
        for (unsigned i = 0; i < COUNT(signals); i++)
                if (sigismember(&waiting, signals[i]))
                        return true;
        return false;
}

void interrupt_allow(const sigset_t *old)
{
        sigprocmask(SIG_SETMASK, old, NULL);
}
