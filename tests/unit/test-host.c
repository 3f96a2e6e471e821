/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/host.h"

#include "sys/recorded.h"

#include <errno.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tree.h"

#define FACTS " 0:25 123 100644 1000 100 4096 8 1 1795287852 1795287852.5 1795287852.123456789"

static void recorded_facts(void **state)
{
        const struct file_facts *facts;
        struct recorded *recorded;
        int64_t moment = 42;
        uid_t uid = 42;

        (void)state;
        assert_int_equal(recorded_parse(TEXT("# a comment\n\n"
                                             "stat /dev/shm/b" FACTS " 7.000000001\n"
                                             "time 1795287852.25\n"
                                             "  stat /dev/shm/a%20b%0a%ff" FACTS "\n"
                                             "uid 4294967294\n"), &recorded), 0);
        assert_true(recorded_time(recorded, &moment));
        assert_true(moment == INT64_C(1795287852250000000));
        assert_true(recorded_uid(recorded, &uid));
        assert_int_equal(uid, 4294967294u);
        facts = recorded_stat(recorded, TEXT("/dev/shm/b"));
        assert_non_null(facts);
        assert_true(facts->dev == 25);
        assert_int_equal(facts->inode, 123);
        assert_int_equal(facts->mode, S_IFREG | 0644);
        assert_int_equal(facts->uid, 1000);
        assert_int_equal(facts->gid, 100);
        assert_int_equal(facts->size, 4096);
        assert_int_equal(facts->allocated, 8 * 512);
        assert_int_equal(facts->nlink, 1);
        assert_true(facts->atime == INT64_C(1795287852000000000));
        assert_true(facts->mtime == INT64_C(1795287852500000000));
        assert_true(facts->ctime == INT64_C(1795287852123456789));
        assert_true(facts->btime == INT64_C(7000000001));
        facts = recorded_stat(recorded, TEXT("/dev/shm/a b\n\xff"));
        assert_non_null(facts);
        assert_int_equal(facts->btime, 0);
        assert_null(recorded_stat(recorded, TEXT("/dev/shm")));
        recorded_free(recorded);

        moment = 42;
        assert_int_equal(recorded_parse(TEXT(""), &recorded), 0);
        assert_false(recorded_time(recorded, &moment));
        assert_false(recorded_uid(recorded, &uid));
        assert_int_equal(moment, 42);
        assert_null(recorded_stat(recorded, TEXT("/")));
        recorded_free(recorded);
}

static void malformed_facts(void **state)
{
        static const char *const bad[] = {
                "time 1",
                "time\n",
                "time x\n",
                "time -1\n",
                "time 1.\n",
                "time .5\n",
                "time 1.1234567890\n",
                "time 9223372036854775807\n",
                "time 1 2\n",
                "time 1\ntime 1\n",
                "uid 4294967296\n",
                "uid 1\nuid 1\n",
                "uid -1\n",
                "fact 1\n",
                "stat\n",
                "statvfs /a\n", "statvfs a 4 4 1 1\n", "statvfs /a 4 5 1 1\n", "statvfs /a 4 4 1 2\n",
                "statvfs /a 4 4 1\n", "statvfs /a 4 4 1 1 1\n", "statvfs /a 4 x 1 1\n",
                "statvfs /a 0 0 0 0\nstatvfs /%61 0 0 0 0\n",
                "stat /a\n",
                "stat a" FACTS "\n",
                "stat %zz" FACTS "\n",
                "stat /%00" FACTS "\n",
                "stat /a" FACTS " 1 2\n",
                "stat /a" FACTS " x\n",
                "stat /a" FACTS "\nstat /b" FACTS "\nstat /%61" FACTS "\n",
                "stat /a 025 1 100644 0 0 0 0 1 1 1 1\n",
                "stat /a 0: 1 100644 0 0 0 0 1 1 1 1\n",
                "stat /a 4294967296:0 1 100644 0 0 0 0 1 1 1 1\n",
                "stat /a 0:0 18446744073709551616 100644 0 0 0 0 1 1 1 1\n",
                "stat /a 0:0 1 644 0 0 0 0 1 1 1 1\n",
                "stat /a 0:0 1 200000 0 0 0 0 1 1 1 1\n",
                "stat /a 0:0 1 100648 0 0 0 0 1 1 1 1\n",
                "stat /a 0:0 1 100644 0 0 0 36028797018963968 1 1 1 1\n",
                "stat /a 0:0 1 100644 0 0 0 0 1 1 1\n",
        };
        struct recorded *recorded = NULL;

        (void)state;
        for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
                assert_int_equal(recorded_parse(text_of(bad[i]), &recorded), -EINVAL);
        assert_null(recorded);
}

static void what_is_no_machine(void **state)
{
        struct host *host = NULL;
        struct tree tree;
        char *path;

        (void)state;
        tree_init(&tree);
        path = tree_path(&tree, "/file");
        assert_int_equal(host_open(path, &host), -ENOENT);
        tree_file(&tree, "/file", "");
        assert_int_equal(host_open(path, &host), -ENOTDIR);
        free(path);
        tree_file(&tree, "/.ipcview", "time yesterday\n");
        assert_int_equal(host_open(tree.root, &host), -EINVAL);
        assert_null(host);
        host_close(NULL);
        tree_done(&tree);
}

static void an_empty_machine(void **state)
{
        struct buf out = { 0 };
        struct host *host;
        struct tree tree;

        (void)state;
        tree_init(&tree);
        assert_int_equal(host_open(tree.root, &host), 0);
        /* Nothing is filled in from the running one. */
        assert_false(host_live(host));
        assert_int_equal(host_time(host), 0);
        assert_int_equal(host_boot_time(host), 0);
        assert_true(host_uid(host) == (uid_t)-1);
        assert_int_equal(host_namespace(host, "ipc"), 0);
        host_name(host, &out);
        host_boot_id(host, &out);
        assert_false(host_user_name(host, 0, &out));
        assert_false(host_group_name(host, 0, &out));
        assert_int_equal(out.len, 0);
        host_close(host);
        buf_done(&out);
        tree_done(&tree);
}

static void a_recorded_machine(void **state)
{
        struct buf out = { 0 };
        struct host *host;
        struct tree tree;

        (void)state;
        tree_init(&tree);
        tree_file(&tree, "/.ipcview", "time 1795287852.5\nuid 1000\n");
        tree_file(&tree, "/proc/stat", "cpu 1\nbtimex 3\nbtime 1795280000\n");
        tree_file(&tree, "/etc/hostname", "vm\n");
        tree_file(&tree, "/proc/sys/kernel/random/boot_id", "51c8c9e0-0000-4000-8000-000000000000\n");
        tree_link(&tree, "/proc/self", "2011");
        tree_link(&tree, "/proc/2011/ns/ipc", "ipc:[4026531839]");
        tree_link(&tree, "/proc/2011/ns/mnt", "ipc:[1]");
        tree_file(&tree, "/etc/passwd", "root:x:0:0:root:/root:/bin/sh\n+\nbad:x:-1:0:\n\n:x:7:\n"
                                        "app:x:1000:1000::/:/bin/sh\nother:x:1000:1000::/:/bin/sh\nshort:x:1001");
        tree_file(&tree, "/etc/group", "wheel:x:10:app\nbig:x:4294967295:\n");
        assert_int_equal(host_open(tree.root, &host), 0);
        assert_true(host_time(host) == INT64_C(1795287852500000000));
        assert_true(host_boot_time(host) == INT64_C(1795280000000000000));
        assert_int_equal(host_uid(host), 1000);
        assert_int_equal(host_namespace(host, "ipc"), 4026531839u);
        assert_int_equal(host_namespace(host, "mnt"), 0);
        assert_int_equal(host_namespace(host, "net"), 0);

        host_name(host, &out);
        buf_byte(&out, ' ');
        host_boot_id(host, &out);
        buf_byte(&out, ' ');
        assert_true(host_user_name(host, 1000, &out));
        buf_byte(&out, ' ');
        assert_true(host_user_name(host, 1001, &out));
        buf_byte(&out, ' ');
        assert_true(host_group_name(host, 4294967295u, &out));
        assert_false(host_user_name(host, 7, &out));
        assert_false(host_user_name(host, 10, &out));
        assert_false(host_group_name(host, 0, &out));
        assert_string_equal(out.data, "vm 51c8c9e0-0000-4000-8000-000000000000 app short big");
        host_close(host);
        buf_done(&out);
        tree_done(&tree);
}

static void reading_stays_inside(void **state)
{
        struct buf out = { 0 };
        struct host *host;
        struct tree tree;
        struct tree outside;
        char *secret;

        (void)state;
        tree_init(&tree);
        tree_init(&outside);
        tree_file(&outside, "/secret", "secret");
        secret = tree_path(&outside, "/secret");
        tree_link(&tree, "/absolute", secret);
        tree_link(&tree, "/relative", "../../../../../../etc/passwd");
        tree_link(&tree, "/directory", outside.root);
        tree_link(&tree, "/loop", "loop");
        tree_link(&tree, "/inside", "/etc/hostname");
        tree_file(&tree, "/etc/hostname", "vm");
        tree_fifo(&tree, "/fifo");
        assert_int_equal(host_open(tree.root, &host), 0);

        buf_string(&out, "kept");
        assert_int_equal(host_read(host, "/absolute", 100, &out), -ENOENT);
        assert_int_equal(host_read(host, "/relative", 100, &out), -ENOENT);
        assert_int_equal(host_read(host, "/directory/secret", 100, &out), -ENOENT);
        assert_int_equal(host_read(host, "/loop", 100, &out), -ELOOP);
        assert_int_equal(host_read(host, "/fifo", 100, &out), -EINVAL);
        assert_int_equal(host_read(host, "/etc", 100, &out), -EISDIR);
        assert_int_equal(host_read(host, "etc/hostname", 100, &out), -EINVAL);
        assert_int_equal(host_read(host, "/etc/hostname", 1, &out), -EFBIG);
        assert_string_equal(out.data, "kept");
        assert_int_equal(host_read(host, "/etc/hostname", 2, &out), 0);
        assert_int_equal(host_read(host, "/../../etc/../inside", 2, &out), 0);
        assert_string_equal(out.data, "keptvmvm");

        host_close(host);
        buf_done(&out);
        free(secret);
        tree_done(&tree);
        tree_done(&outside);
}

static void big_files_are_read_whole(void **state)
{
        struct buf content = { 0 }, out = { 0 };
        struct host *host;
        struct tree tree;

        (void)state;
        tree_init(&tree);
        for (unsigned i = 0; i < 200000; i++)
                buf_uint(&content, i);
        tree_bytes(&tree, "/big", buf_text(&content));
        assert_int_equal(host_open(tree.root, &host), 0);
        assert_int_equal(host_read(host, "/big", content.len - 1, &out), -EFBIG);
        assert_int_equal(out.len, 0);
        assert_int_equal(host_read(host, "/big", content.len, &out), 0);
        assert_text(buf_text(&out), buf_text(&content));
        host_close(host);
        buf_done(&content);
        buf_done(&out);
        tree_done(&tree);
}

static void stat_prefers_the_recording(void **state)
{
        struct file_facts facts = { .inode = 42 };
        struct host *host;
        struct tree tree;
        struct stat st;
        char *path;
        int dir;

        (void)state;
        tree_init(&tree);
        tree_file(&tree, "/.ipcview", "stat /dev/shm/a" FACTS "\nstat /dev/shm/only" FACTS "\n");
        tree_file(&tree, "/dev/shm/a", "");
        tree_file(&tree, "/dev/shm/b", "12345");
        tree_link(&tree, "/dev/shm/link", "/dev/shm/b");
        tree_link(&tree, "/dev/shm/out", "/etc/passwd");
        assert_int_equal(host_open(tree.root, &host), 0);
        dir = host_openat(host, "/dev/shm", O_RDONLY | O_DIRECTORY);
        assert_true(dir >= 0);

        assert_int_equal(host_stat(host, dir, "out", "/dev/shm/out", true, &facts), -ENOENT);
        assert_int_equal(host_stat(host, dir, "out", NULL, true, &facts), -EXDEV);
        assert_int_equal(host_stat(host, dir, "none", "/dev/shm/none", true, &facts), -ENOENT);
        assert_int_equal(facts.inode, 42);
        assert_int_equal(host_stat(host, dir, "a", "/dev/shm/a", false, &facts), 0);
        assert_int_equal(facts.inode, 123);
        assert_int_equal(host_stat(host, dir, "only", "/dev/shm/only", false, &facts), 0);
        assert_int_equal(facts.uid, 1000);

        path = tree_path(&tree, "/dev/shm/b");
        assert_int_equal(stat(path, &st), 0);
        free(path);
        assert_int_equal(host_stat(host, dir, "b", "/dev/shm/b", false, &facts), 0);
        assert_int_equal(facts.inode, st.st_ino);
        assert_int_equal(facts.size, 5);
        assert_true(facts.mtime == (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec);
        assert_int_equal(host_stat(host, dir, "link", "/dev/shm/link", true, &facts), 0);
        assert_int_equal(facts.inode, st.st_ino);
        assert_int_equal(host_stat(host, dir, "link", "/dev/shm/link", false, &facts), 0);
        assert_true(S_ISLNK(facts.mode));
        assert_int_equal(host_stat(host, dir, "b", NULL, false, &facts), 0);
        assert_int_equal(facts.inode, st.st_ino);
        close(dir);
        host_close(host);
        tree_done(&tree);
}

static void the_running_machine(void **state)
{
        struct file_facts facts;
        struct buf out = { 0 };
        struct host *host;
        struct stat st;
        int dir;

        (void)state;
        assert_int_equal(host_open("/", &host), 0);
        assert_true(host_live(host));
        assert_int_equal(host_uid(host), geteuid());
        assert_true(host_time(host) > INT64_C(1700000000) * 1000000000);
        dir = host_openat(host, "/", O_RDONLY | O_DIRECTORY);
        assert_true(dir >= 0);
        assert_int_equal(fcntl(dir, F_GETFD), FD_CLOEXEC);
        assert_int_equal(fstat(dir, &st), 0);
        assert_int_equal(host_stat(host, dir, "", NULL, false, &facts), 0);
        assert_int_equal(facts.inode, st.st_ino);
        assert_int_equal(facts.mode, st.st_mode);
        assert_int_equal(host_openat(host, "proc", O_RDONLY), -EINVAL);
        close(dir);
        if (host_read(host, "/proc/self/stat", 4096, &out) == 0) {
                assert_true(host_boot_time(host) > 0 && host_boot_time(host) < host_time(host));
                assert_true(host_namespace(host, "mnt") > 0);
                assert_int_equal(host_namespace(host, "nothing"), 0);
        }
        host_close(host);
        buf_done(&out);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(recorded_facts),
                cmocka_unit_test(malformed_facts),
                cmocka_unit_test(what_is_no_machine),
                cmocka_unit_test(an_empty_machine),
                cmocka_unit_test(a_recorded_machine),
                cmocka_unit_test(reading_stays_inside),
                cmocka_unit_test(big_files_are_read_whole),
                cmocka_unit_test(stat_prefers_the_recording),
                cmocka_unit_test(the_running_machine),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
