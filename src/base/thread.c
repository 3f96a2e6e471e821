/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/thread.h"

#include <signal.h>

bool thread_start(pthread_t *ret, void *(*work)(void *data), void *data)
{
        sigset_t all, old;
        bool started;

        sigfillset(&all);
        if (pthread_sigmask(SIG_SETMASK, &all, &old) != 0)
                return false;
        started = pthread_create(ret, NULL, work, data) == 0;
        pthread_sigmask(SIG_SETMASK, &old, NULL);
        return started;
}
