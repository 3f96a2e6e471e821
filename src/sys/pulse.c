/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/pulse.h"

#include <time.h>

/* A call takes some hundred nanoseconds, a tick is a millisecond at least: so many calls are seen by a fine clock. */
enum { CALLS_MOST = 1000, NS_COARSE = 500000 };

#define NS_PER_SECOND UINT64_C(1000000000)

/* 0: there is nobody. */
static uint64_t ask(clockid_t clock)
{
        struct timespec time;

        return clock_gettime(clock, &time) < 0 ? 0 : (uint64_t)time.tv_sec * NS_PER_SECOND + (uint64_t)time.tv_nsec;
}

bool pulse_can_be_told(void)
{
        uint64_t before = ask(CLOCK_THREAD_CPUTIME_ID), now = before;

        for (int i = 0; i < CALLS_MOST && now == before; i++)
                now = ask(CLOCK_THREAD_CPUTIME_ID);
        return before > 0 && now > before && now - before < NS_COARSE;
}

bool pulse_take(struct pulse *pulse, pid_t pid)
{
        *pulse = (struct pulse){ 0 };
        if (clock_getcpuclockid(pid, &pulse->clock) == 0)
                pulse->ns = ask(pulse->clock);
        return pulse->ns > 0;
}

bool pulse_is_same(const struct pulse *pulse)
{
        return pulse->ns > 0 && ask(pulse->clock) == pulse->ns;
}
