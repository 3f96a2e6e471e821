/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/thread.h"

#include "base/array.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

enum { WAY_GIVEN = 10 };                /* of the 20 steps: a tenth of the others' weight */

bool thread_start(pthread_t *ret, void *(*work)(void *data), void *data)
{
        static const int faults[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS };
        sigset_t all, old;
        bool started;

        sigfillset(&all);
        /* What the thread does wrong itself; blocked, it would end the program without the handlers that tidy up. */
        for (unsigned i = 0; i < COUNT(faults); i++)
                sigdelset(&all, faults[i]);
        if (pthread_sigmask(SIG_SETMASK, &all, &old) != 0)
                return false;
        started = pthread_create(ret, NULL, work, data) == 0;
        pthread_sigmask(SIG_SETMASK, &old, NULL);
        return started;
}

void thread_give_way(void)
{
        id_t self = (id_t)gettid();
        int nice;

        errno = 0;
        nice = getpriority(PRIO_PROCESS, self);
        /* On Linux this is of a thread; and nobody is ever refused to be less of a burden. */
        if (nice != -1 || errno == 0)
                (void)setpriority(PRIO_PROCESS, self, nice + WAY_GIVEN);
}
