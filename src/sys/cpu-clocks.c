/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/cpu-clocks.h"

#include "base/memory.h"
#include "base/number.h"
#include "base/thread.h"
#include "sys/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <semaphore.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum {
        CPUS_MOST = 8192,               /* as many as Linux can be made for, arch/x86/Kconfig */
        HEAD = 512,                     /* of a sched file: the line is among the first */
        NS_PER_MS = 1000000,
        NS_PER_SECOND = 1000000000,
        PATIENCE = 500 * NS_PER_MS,     /* until the messenger is called back: it is for real-time CPUs, not for load */
        CALLS_MOST = 2,                 /* so often, and nobody is asked any more */
        TRIES = 3,
};

/* A set of all CPUs that there can be, for the macros of CPU_SET(3). */
struct cpus {
        cpu_set_t sets[CPUS_MOST / CPU_SETSIZE];
};

struct cpu_clocks {
        const struct host *host;
        struct cpus allowed;            /* where the caller may run */
        bool asked[CPUS_MOST];
        int64_t begins[CPUS_MOST];      /* 0: it could not be asked */
        bool asked_here;
        int64_t begin_here;

        /* The messenger. What it says lies in answer when it has posted `done`. */
        enum { THREAD_NONE, THREAD_RUNS, THREAD_REFUSED } state;
        pthread_t thread;
        pid_t tid;
        bool end;
        unsigned calls;                 /* how often it was called back */
        sem_t wanted, done;
        int64_t answer;
};

/* kernel/sched/debug.c: "se.exec_start     :     4144688.779927", milliseconds. */
int cpu_clocks_parse(struct text text, uint64_t *ret)
{
        struct text line, word, whole, more;
        uint64_t ms, ns;

        while (text_split(&text, '\n', &line)) {
                /* The first line is the name of the thread, which may hold a newline and what it likes. */
                if (!text_word(&line, &word) || !text_equal(word, TEXT("se.exec_start")) ||
                    !text_word(&line, &word) || !text_equal(word, TEXT(":")))
                        continue;
                if (!text_word(&line, &word) || !text_split(&word, '.', &whole) || word.len != 6 ||
                    text_word(&line, &more) || number_parse(whole, UINT64_MAX / NS_PER_MS - 1, &ms) < 0 ||
                    number_parse(word, NS_PER_MS, &ns) < 0)
                        return -EBADMSG;
                *ret = ms * NS_PER_MS + ns;
                return 0;
        }
        return -EBADMSG;
}

int cpu_clocks_read(int dir, uint64_t *ret)
{
        char head[HEAD];
        ssize_t n = file_read_start(dir, "sched", head, sizeof(head));

        return n < 0 ? (int)n : cpu_clocks_parse((struct text){ head, (size_t)n }, ret);
}

/* Of the CPU that the calling thread is on. Whoever gives way is accounted its time. */
static int64_t begin_here(const struct host *host)
{
        int self = host_openat(host, "/proc/thread-self", O_PATH | O_DIRECTORY);
        int64_t begin = 0;

        for (int i = 0; self >= 0 && i < TRIES; i++) {
                int64_t before, after;
                uint64_t clock;

                sched_yield();
                before = host_time(host);
                if (cpu_clocks_read(self, &clock) < 0)
                        break;
                after = host_time(host);
                begin = after - (int64_t)clock;
                /* Else somebody else ran in between. */
                if (after - before < NS_PER_MS)
                        break;
        }
        if (self >= 0)
                close(self);
        return begin;
}

static void wait_for(sem_t *sem)
{
        while (sem_wait(sem) < 0 && errno == EINTR)
                ;
}

/* It holds no lock and shares nothing that others would wait for without end: it may be left without time anywhere. */
static void *carry_messages(void *data)
{
        struct cpu_clocks *clocks = data;

        clocks->tid = gettid();
        sem_post(&clocks->done);
        for (;;) {
                wait_for(&clocks->wanted);
                if (clocks->end)
                        return NULL;
                clocks->answer = begin_here(clocks->host);
                sem_post(&clocks->done);
        }
}

static bool have_messenger(struct cpu_clocks *clocks)
{
        if (clocks->state == THREAD_NONE) {
                clocks->state = THREAD_REFUSED;
                if (sched_getaffinity(0, sizeof(clocks->allowed), clocks->allowed.sets) < 0 ||
                    !thread_start(&clocks->thread, carry_messages, clocks))
                        return false;
                wait_for(&clocks->done);
                clocks->state = THREAD_RUNS;
        }
        return clocks->state == THREAD_RUNS;
}

/* Did the messenger answer in time? */
static bool answered(struct cpu_clocks *clocks)
{
        struct timespec until;
        int r;

        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += PATIENCE;
        until.tv_sec += until.tv_nsec / NS_PER_SECOND;
        until.tv_nsec %= NS_PER_SECOND;
        do
                r = sem_timedwait(&clocks->done, &until);
        while (r < 0 && errno == EINTR);
        return r == 0;
}

static void call_back(struct cpu_clocks *clocks)
{
        (void)sched_setaffinity(clocks->tid, sizeof(clocks->allowed), clocks->allowed.sets);
}

/* 0: it can't be asked. */
static int64_t ask(struct cpu_clocks *clocks, int cpu)
{
        struct cpus one = { 0 };

        if (clocks->calls >= CALLS_MOST || !have_messenger(clocks) ||
            !CPU_ISSET_S(cpu, sizeof(clocks->allowed), clocks->allowed.sets))
                return 0;
        CPU_SET_S(cpu, sizeof(one), one.sets);
        if (sched_setaffinity(clocks->tid, sizeof(one), one.sets) < 0)
                return 0;
        sem_post(&clocks->wanted);
        if (answered(clocks))
                return clocks->answer;
        /* What it says now, it may say of any CPU. */
        call_back(clocks);
        clocks->calls++;
        wait_for(&clocks->done);
        return 0;
}

struct cpu_clocks *cpu_clocks_new(const struct host *host)
{
        struct cpu_clocks *clocks = memory_new(sizeof(*clocks));

        clocks->host = host;
        sem_init(&clocks->wanted, 0, 0);
        sem_init(&clocks->done, 0, 0);
        return clocks;
}

void cpu_clocks_free(struct cpu_clocks *clocks)
{
        if (!clocks)
                return;
        if (clocks->state == THREAD_RUNS) {
                clocks->end = true;
                call_back(clocks);
                sem_post(&clocks->wanted);
                pthread_join(clocks->thread, NULL);
        }
        sem_destroy(&clocks->wanted);
        sem_destroy(&clocks->done);
        free(clocks);
}

int64_t cpu_clocks_begin(struct cpu_clocks *clocks, int cpu)
{
        if (cpu >= 0 && cpu < CPUS_MOST) {
                if (!clocks->asked[cpu])
                        clocks->begins[cpu] = ask(clocks, cpu);
                clocks->asked[cpu] = true;
                if (clocks->begins[cpu])
                        return clocks->begins[cpu];
        }
        if (!clocks->asked_here)
                clocks->begin_here = begin_here(clocks->host);
        clocks->asked_here = true;
        return clocks->begin_here;
}
