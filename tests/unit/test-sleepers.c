/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What walks that keep sleepers tell of the program that takes them: not what it keeps them by. */
#include "child.h"
#include "sys/walk.h"

#include <string.h>
#include <sys/stat.h>

enum { OWN_PIPES = 16, OWN_FAR = 700, OWN_MOST = 4096 };

/*
 * How often each of our own descriptors is told as that pipe; returns how many more are told without a link. Of
 * the child's descriptors with numbers below `asked` fdinfo is asked for.
 */
static unsigned look_at_ourselves(struct sleepers *sleepers, const struct child *child, int asked,
                                  unsigned told[OWN_MOST])
{
        struct buf info = { 0 };
        unsigned nothing = 0;
        struct entry entry;
        struct host *host;
        struct walk *walk;
        struct stat st;
        int last = -1;

        memset(told, 0, OWN_MOST * sizeof(*told));
        assert_int_equal(fstat(child->ready[0], &st), 0);
        assert_int_equal(host_open(NULL, &host), 0);
        assert_int_equal(walk_open(host, WALK_FDS, sleepers, &walk), 0);
        while (walk_next(walk, &entry)) {
                /* Kept is only what somebody wants to know the state of. */
                if (entry.type == ENTRY_PROCESS)
                        walk_facts(walk, PART_STAT);
                if (entry.type == ENTRY_FD && entry.pid == child->pid && entry.fd < asked)
                        assert_int_equal(walk_fd_info(walk, &info), 0);
                if (entry.pid != getpid() || entry.type != ENTRY_FD)
                        continue;
                assert_true(entry.fd > last);
                last = entry.fd + (int)entry.more;
                if (!entry.settled || entry.link.len > 0)
                        assert_int_equal(entry.more, 0);
                else
                        for (int fd = entry.fd; fd <= last; fd++, nothing++)
                                assert_true(fcntl(fd, F_GETFD) >= 0);
                if (entry.link_type == LINK_PIPE && entry.inode == st.st_ino && entry.fd < OWN_MOST)
                        told[entry.fd]++;
        }
        walk_close(walk);
        host_close(host);
        buf_done(&info);
        return nothing;
}

/* What the sleepers take is told without a link; before it, amid it and behind it everything else as it is. */
static void our_own_descriptors(void **state)
{
        struct sleepers *sleepers = sleepers_new();
        unsigned told[OWN_MOST], nothing;
        int fds[OWN_PIPES], amid, behind;
        struct child child;

        (void)state;
        if (access("/proc/self/fd", R_OK) < 0)
                skip();
        child_start(&child, stay);
        for (unsigned i = 0; i < OWN_PIPES; i++)
                assert_true((fds[i] = dup(child.ready[0])) >= 0);
        look_at_ourselves(sleepers, &child, 0, told);
        look_at_ourselves(sleepers, &child, 2, told);
        assert_true((amid = dup(child.ready[0])) >= 0);
        look_at_ourselves(sleepers, &child, OWN_MOST, told);
        assert_true((behind = fcntl(child.ready[0], F_DUPFD_CLOEXEC, OWN_FAR)) >= OWN_FAR);
        for (unsigned i = 0; i < OWN_PIPES; i += 2)
                close(fds[i]);
        nothing = look_at_ourselves(sleepers, &child, OWN_MOST, told);
        /* Some kernels can't tell who sleeps. */
        assert_int_equal(nothing > 2, sleepers_told(sleepers) > 0);
        for (unsigned i = 0; i < OWN_PIPES; i++)
                assert_int_equal(told[fds[i]], i % 2);
        assert_int_equal(told[amid], 1);
        assert_int_equal(told[behind], 1);

        for (unsigned i = 1; i < OWN_PIPES; i += 2)
                close(fds[i]);
        close(amid);
        close(behind);
        sleepers_free(sleepers);
        child_end(&child);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(our_own_descriptors),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
