/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A walk over the running machine finds what children of ours hold. They hold ends of a pipe, and no more. */
#include "child.h"
#include "sys/walk.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>

static void *stay_alone(void *argument)
{
        const struct child *child = argument;
        char path[64];

        /* The leader is gone when its state says so. */
        snprintf(path, sizeof(path), "/proc/%d/stat", getpid());
        for (unsigned i = 0; i < 20000; i++) {
                char text[512];
                int fd = open(path, O_RDONLY | O_CLOEXEC);
                ssize_t n = read(fd, text, sizeof(text) - 1);

                close(fd);
                text[n > 0 ? n : 0] = 0;
                if (strstr(text, ") Z "))
                        stay(child);
                usleep(1000);
        }
        _exit(1);
}

static void *stay_unshared(void *argument)
{
        const struct child *child = argument;

        if (unshare(CLONE_FILES) < 0 || dup2(child->ready[1], 500) < 0)
                _exit(1);
        stay(child);
        return NULL;
}

static void *stay_shared(void *argument)
{
        (void)argument;
        for (;;)
                pause();
        return NULL;
}

static void leave_a_thread(const struct child *child)
{
        pthread_t thread;

        if (pthread_create(&thread, NULL, stay_alone, (void *)(uintptr_t)child) != 0)
                _exit(1);
        /* Ends this thread alone, without the cleaning up of pthread_exit(3). */
        syscall(SYS_exit, 0);
        _exit(1);
}

static void unshare_a_thread(const struct child *child)
{
        pthread_t thread;

        if (pthread_create(&thread, NULL, stay_shared, NULL) != 0 ||
            pthread_create(&thread, NULL, stay_unshared, (void *)(uintptr_t)child) != 0)
                _exit(1);
        for (;;)
                pause();
}

enum { LEVELS = 6, NAME = 250, FULL = 200, HOLE = 50, FAR = 300 };

/* A directory with a long path; gone, but open. */
static int open_deep(void)
{
        char path[sizeof("/tmp/walk-XXXXXX") + LEVELS * (NAME + 1)] = "/tmp/walk-XXXXXX";
        size_t len = strlen(path);
        int fd;

        if (!mkdtemp(path))
                _exit(1);
        for (unsigned i = 0; i < LEVELS; i++) {
                path[len++] = '/';
                memset(path + len, 'a', NAME);
                len += NAME;
                path[len] = 0;
                if (mkdir(path, 0700) < 0)
                        _exit(1);
        }
        fd = open(path, O_RDONLY | O_DIRECTORY);
        for (unsigned i = 0; i <= LEVELS; i++) {
                if (rmdir(path) < 0)
                        _exit(1);
                *strrchr(path, '/') = 0;
        }
        return fd;
}

/* More text than is read ahead, and a hole in the middle: pipes at odd numbers. */
static void fill_a_table(const struct child *child)
{
        int deep = open_deep();

        for (int fd = 10; fd < FULL; fd++)
                if (fd != deep && fd != child->ready[1] && dup2(fd % 2 ? child->ready[1] : deep, fd) < 0)
                        _exit(1);
        close(HOLE);
        close(HOLE + 1);
        if (dup2(child->ready[1], FAR) < 0)
                _exit(1);
        stay(child);
}

/* What a walk says of the child's end of the pipe. */
struct seen {
        unsigned processes, fds, paths, mine, of_threads, at_500, writable, maps, errors, kept;
        int last;                       /* descriptor */
        bool unordered;
        ino_t statted;
        bool no_kcmp;
};

/* What was read ahead is what the kernel says now: the child stands still. */
static void assert_stat(struct walk *walk, struct entry *entry)
{
        struct file_facts facts;
        struct stat st;
        char path[64];

        snprintf(path, sizeof(path), "/proc/%d/task/%d/fd/%d", entry->pid, entry->tid, entry->fd);
        assert_int_equal(stat(path, &st), 0);
        assert_int_equal(walk_fd_stat(walk, entry, &facts), 0);
        assert_int_equal(facts.inode, st.st_ino);
        assert_int_equal(facts.mode, st.st_mode);
        assert_int_equal(entry->inode, st.st_ino);
}

static void look_with(const struct child *child, enum walk_flags flags, struct sleepers *sleepers, struct seen *ret)
{
        struct file_facts facts;
        struct entry entry;
        struct host *host;
        struct walk *walk;
        struct stat st;
        struct buf info = { 0 };

        *ret = (struct seen){ .last = -1 };
        assert_int_equal(fstat(child->ready[0], &st), 0);
        assert_int_equal(host_open(NULL, &host), 0);
        assert_int_equal(walk_open(host, WALK_FDS | WALK_MAPS | flags, sleepers, &walk), 0);
        while (walk_next(walk, &entry)) {
                if (entry.type == ENTRY_ERROR && strcmp(entry.where, "/proc/PID/task") == 0)
                        ret->no_kcmp = true;
                if (entry.pid != child->pid)
                        continue;
                if (sleepers && entry.type == ENTRY_PROCESS)
                        walk_facts(walk, PART_STAT);
                ret->processes += entry.type == ENTRY_PROCESS;
                ret->errors += entry.type == ENTRY_ERROR;
                ret->maps += entry.type == ENTRY_MAP;
                ret->kept += entry.kept;
                if (entry.type == ENTRY_FD) {
                        ret->fds++;
                        ret->unordered |= entry.fd <= ret->last;
                        ret->last = entry.fd;
                }
                if (entry.type == ENTRY_FD && entry.link_type == LINK_PATH) {
                        ret->paths++;
                        assert_stat(walk, &entry);
                        /* What is kept of it is so when it is asked anew, too. */
                        if (entry.kept) {
                                assert_int_equal(walk_fd_again(walk, &entry), 0);
                                assert_stat(walk, &entry);
                        }
                }
                if (entry.type != ENTRY_FD || entry.link_type != LINK_PIPE || entry.inode != st.st_ino)
                        continue;
                ret->mine++;
                ret->of_threads += entry.tid != entry.pid;
                ret->at_500 += entry.fd == 500;
                assert_int_equal(walk_fd_access(walk, &entry), 0);
                ret->writable += entry.access == ENTRY_WRITE;
                assert_int_equal(walk_fd_stat(walk, &entry, &facts), 0);
                ret->statted = (ino_t)facts.inode;
                buf_clear(&info);
                assert_int_equal(walk_fd_info(walk, &info), 0);
                assert_non_null(strstr(buf_text(&info).data, "\nflags:\t0"));
        }
        assert_true(ret->mine == 0 || ret->statted == st.st_ino);
        walk_close(walk);
        host_close(host);
        buf_done(&info);
}

/* With what is going to be asked read ahead, and without: the same. */
static void look(const struct child *child, struct seen *ret)
{
        struct seen ahead;

        look_with(child, 0, NULL, ret);
        look_with(child, WALK_PATH_STATS | WALK_PIPE_MODES, NULL, &ahead);
        assert_int_equal(ahead.fds, ret->fds);
        assert_int_equal(ahead.paths, ret->paths);
        assert_int_equal(ahead.mine, ret->mine);
        assert_int_equal(ahead.writable, ret->writable);
        assert_int_equal(ahead.errors, ret->errors);
}

static void skip_without_proc(void)
{
        if (access("/proc/self/fd", R_OK) < 0)
                skip();
}

static void a_living_process(void **state)
{
        int path = open("/dev/null", O_RDONLY);         /* the child has it, too */
        struct child child;
        struct seen seen;

        (void)state;
        skip_without_proc();
        assert_true(path >= 0);
        child_start(&child, stay);
        look(&child, &seen);
        child_end(&child);
        close(path);
        assert_true(seen.paths > 0);
        assert_int_equal(seen.processes, 1);
        assert_int_equal(seen.mine, 2);         /* both ends */
        assert_int_equal(seen.writable, 1);
        assert_int_equal(seen.of_threads, 0);
        assert_int_equal(seen.errors, 0);
        assert_true(seen.maps > 0);
}

static void a_process_without_its_leader(void **state)
{
        struct child child;
        struct seen seen;

        (void)state;
        skip_without_proc();
        child_start(&child, leave_a_thread);
        look(&child, &seen);
        child_end(&child);
        assert_int_equal(seen.processes, 1);
        assert_int_equal(seen.mine, 2);
        assert_int_equal(seen.of_threads, 2);
        assert_true(seen.maps > 0);
}

static void a_thread_with_descriptors_of_its_own(void **state)
{
        struct child child;
        struct seen seen;

        (void)state;
        skip_without_proc();
        child_start(&child, unshare_a_thread);
        look(&child, &seen);
        child_end(&child);
        if (seen.no_kcmp)
                skip();
        assert_int_equal(seen.processes, 1);
        assert_int_equal(seen.mine, 5);         /* two of the leader, three of that thread */
        assert_int_equal(seen.of_threads, 3);
        assert_int_equal(seen.at_500, 1);
}

static void a_full_table(void **state)
{
        struct child child;
        struct seen seen;
        unsigned fds = 0, pipes = 0;

        (void)state;
        skip_without_proc();
        child_start(&child, fill_a_table);
        for (int fd = 0; fd <= FAR; fd++) {
                struct stat st;
                char path[64];

                snprintf(path, sizeof(path), "/proc/%d/fd/%d", child.pid, fd);
                fds += lstat(path, &st) == 0;
                pipes += fd >= 10 && stat(path, &st) == 0 && S_ISFIFO(st.st_mode);
        }
        look(&child, &seen);
        child_end(&child);
        assert_true(pipes > (FULL - 10) / 2 - 3);
        assert_int_equal(seen.processes, 1);
        assert_int_equal(seen.fds, fds);
        assert_true(seen.mine >= pipes);        /* and the first ends */
        assert_int_equal(seen.last, FAR);
        assert_false(seen.unordered);
        assert_int_equal(seen.errors, 0);
}

/* One that sleeps is told again as it was, from what is kept of its entries, and what is asked of them is true. */
static void a_sleeper_again(void **state)
{
        struct sleepers *sleepers = sleepers_new();
        struct seen first, again;
        struct child child;
        int root = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

        (void)state;
        skip_without_proc();
        child_start(&child, stay);
        look_with(&child, WALK_PATH_STATS | WALK_PIPE_MODES, sleepers, &first);
        assert_true(first.paths > 0 && first.mine > 0);
        for (unsigned i = 0; i < 2; i++) {
                look_with(&child, WALK_PATH_STATS | WALK_PIPE_MODES, sleepers, &again);
                assert_true(again.kept == 0 || again.kept == again.processes + again.fds + again.maps);
                first.kept = again.kept;
                assert_memory_equal(&again, &first, sizeof(again));
        }
        assert_int_equal(again.kept > 0, sleepers_told(sleepers) > 0);
        sleepers_free(sleepers);
        child_end(&child);
        close(root);
}

/* Where descriptors are scarce none are spent on reading ahead. */
static void few_descriptors(void **state)
{
        struct rlimit old, few;
        struct child child;
        struct seen seen;

        (void)state;
        skip_without_proc();
        child_start(&child, stay);
        assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
        few = old;
        few.rlim_cur = (rlim_t)child.ready[0] + 12;
        assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
        look(&child, &seen);
        assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
        child_end(&child);
        assert_int_equal(seen.mine, 2);
        assert_int_equal(seen.errors, 0);
}

static void a_zombie(void **state)
{
        struct child child;
        struct seen seen;

        (void)state;
        skip_without_proc();
        child_start(&child, stay);
        kill(child.pid, SIGKILL);
        assert_int_equal(waitid(P_PID, (id_t)child.pid, &(siginfo_t){ 0 }, WEXITED | WNOWAIT), 0);
        look(&child, &seen);
        child_end(&child);
        assert_int_equal(seen.processes, 1);
        assert_int_equal(seen.mine + seen.maps + seen.errors, 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_living_process),
                cmocka_unit_test(a_process_without_its_leader),
                cmocka_unit_test(a_thread_with_descriptors_of_its_own),
                cmocka_unit_test(a_full_table),
                cmocka_unit_test(a_sleeper_again),
                cmocka_unit_test(few_descriptors),
                cmocka_unit_test(a_zombie),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
