/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/mqueue.h"

#include <errno.h>
#include <signal.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tree.h"

static void the_kernels_text(void **state)
{
        struct mqueue_facts facts;

        (void)state;
        assert_int_equal(mqueue_parse(TEXT("QSIZE:129        NOTIFY:2     SIGNO:0     NOTIFY_PID:8260  \n"), &facts), 0);
        assert_int_equal(facts.queued_bytes, 129);
        assert_int_equal(facts.notify, SIGEV_THREAD);
        assert_int_equal(facts.signal, 0);
        assert_int_equal(facts.notify_pid, 8260);
        assert_false(facts.has_attributes);

        assert_int_equal(mqueue_parse(TEXT("QSIZE:12345678901 NOTIFY:0     SIGNO:64    NOTIFY_PID:4194304\n"), &facts), 0);
        assert_true(facts.queued_bytes == UINT64_C(12345678901));
        assert_int_equal(facts.notify, SIGEV_SIGNAL);
        assert_int_equal(facts.signal, 64);
        assert_int_equal(facts.notify_pid, 4194304);

        /* A newer kernel may say more, in another order. */
        assert_int_equal(mqueue_parse(TEXT("NOTIFY_PID:1 NEW:x SIGNO:0 NOTIFY:1 QSIZE:0\n"), &facts), 0);
        assert_int_equal(facts.notify, SIGEV_NONE);
}

static void texts_of_something_else(void **state)
{
        static const char *const bad[] = {
                "",
                "\n",
                "hello\n",
                "QSIZE:129        NOTIFY:2     SIGNO:0     NOTIFY_PID:8260",
                "QSIZE:129        NOTIFY:2     SIGNO:0     NOTIFY_PID:\n",
                "QSIZE:129        NOTIFY:2     SIGNO:0\n",
                "QSIZE:-1         NOTIFY:2     SIGNO:0     NOTIFY_PID:8260  \n",
                "QSIZE:9223372036854775808 NOTIFY:2 SIGNO:0 NOTIFY_PID:8260\n",
                "QSIZE:129        NOTIFY:2147483648 SIGNO:0 NOTIFY_PID:8260\n",
                "QSIZE:129        NOTIFY:2     SIGNO:0     NOTIFY_PID:99999999999\n",
                "QSIZE:129        NOTIFY:2     SIGNO:0     NOTIFY_PID:8260\nQSIZE:1\n",
        };
        struct mqueue_facts facts = { .queued_bytes = 42 };

        (void)state;
        for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
                assert_int_equal(mqueue_parse(text_of(bad[i]), &facts), -EBADMSG);
        assert_int_equal(facts.queued_bytes, 42);
}

static void queues_of_a_recorded_machine(void **state)
{
        struct mqueue_facts facts = { .queued_bytes = 42 };
        struct host *host;
        struct tree tree;
        int dir;

        (void)state;
        tree_init(&tree);
        tree_file(&tree, "/dev/mqueue/jobs", "QSIZE:7          NOTIFY:0     SIGNO:10    NOTIFY_PID:12    \n");
        tree_file(&tree, "/dev/mqueue/other", "something\n");
        tree_link(&tree, "/dev/mqueue/link", "jobs");
        tree_fifo(&tree, "/dev/mqueue/fifo");
        assert_int_equal(host_open(tree.root, &host), 0);
        dir = host_openat(host, "/dev/mqueue", O_RDONLY | O_DIRECTORY);
        assert_true(dir >= 0);

        assert_int_equal(mqueue_read(host, dir, "other", &facts), -EBADMSG);
        assert_int_equal(mqueue_read(host, dir, "gone", &facts), -ENOENT);
        assert_int_equal(mqueue_read(host, dir, "link", &facts), -EINVAL);
        assert_int_equal(mqueue_read(host, dir, "fifo", &facts), -EINVAL);
        assert_int_equal(facts.queued_bytes, 42);
        assert_int_equal(mqueue_read(host, dir, "jobs", &facts), 0);
        assert_int_equal(facts.queued_bytes, 7);
        assert_int_equal(facts.notify_pid, 12);
        assert_false(facts.has_attributes);

        /* Nothing is asked of the running kernel. */
        assert_int_equal(mqueue_mount(host), -EOPNOTSUPP);
        assert_int_equal(mqueue_is_own(host, dir), -EOPNOTSUPP);
        close(dir);
        host_close(host);
        tree_done(&tree);
}

static void a_file_that_is_no_queue(void **state)
{
        struct mqueue_facts facts;
        struct host *live;
        struct tree tree;
        int dir;

        (void)state;
        tree_init(&tree);
        tree_file(&tree, "/jobs", "QSIZE:7          NOTIFY:0     SIGNO:10    NOTIFY_PID:12    \n");
        dir = open(tree.root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        assert_int_equal(host_open(NULL, &live), 0);
        assert_int_equal(mqueue_read(live, dir, "jobs", &facts), -EBADMSG);
        /* Whatever may be compared here, this directory is no mount of ours. */
        assert_true(mqueue_is_own(live, dir) <= 0);
        close(dir);
        host_close(live);
        tree_done(&tree);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_kernels_text),
                cmocka_unit_test(texts_of_something_else),
                cmocka_unit_test(queues_of_a_recorded_machine),
                cmocka_unit_test(a_file_that_is_no_queue),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
