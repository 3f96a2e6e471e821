/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/walk.h"

#include <errno.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tree.h"

#define LIVING " S 1 7 7 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 17 123 456\n"
#define LIBC   "7f0000000000-7f0000001000 r-xp 00000000 08:01 77                         /lib/libc.so\n"

static void map_lines(void **state)
{
        struct entry entry;

        (void)state;
        assert_int_equal(walk_parse_map(TEXT("7f5c3a000000-7f5c3a021000 rw-s 0001a000 fd:1f 2147483647 "
                                             "                /SYSV00005eed (deleted)"), &entry), 0);
        assert_int_equal(entry.type, ENTRY_MAP);
        assert_true(entry.start == UINT64_C(0x7f5c3a000000) && entry.end == UINT64_C(0x7f5c3a021000));
        assert_int_equal(entry.access, ENTRY_READ | ENTRY_WRITE);
        assert_true(entry.shared);
        assert_true(entry.dev == (UINT64_C(0xfd) << 32 | 0x1f));
        assert_int_equal(entry.inode, 2147483647);
        assert_text(entry.link, TEXT("/SYSV00005eed (deleted)"));

        assert_int_equal(walk_parse_map(TEXT("0-ffffffffffffffff --xp ffffffffffffffff ffffffff:ffffffff "
                                             "18446744073709551615  /a b\\012 (deleted) (deleted)"), &entry), 0);
        assert_int_equal(entry.access, ENTRY_EXECUTE);
        assert_false(entry.shared);
        assert_true(entry.end == UINT64_MAX && entry.dev == UINT64_MAX && entry.inode == UINT64_MAX);
        assert_text(entry.link, TEXT("/a b\\012 (deleted) (deleted)"));

        assert_int_equal(walk_parse_map(TEXT("1000-2000 ---p 00000000 00:00 0 "), &entry), 0);
        assert_int_equal(entry.access, 0);
        assert_int_equal(entry.link.len, 0);
        assert_int_equal(walk_parse_map(TEXT("1000-2000 ---p 00000000 00:00 0"), &entry), 0);
}

static void bad_map_lines(void **state)
{
        static const char *const bad[] = {
                "",
                "1000",
                "1000-",
                "-2000 ---p 00000000 00:00 0",
                "1000-2000",
                "1000-2000 --",
                "1000-2000 ---x 00000000 00:00 0",
                "1000-2000 r-wp 00000000 00:00 0",
                "1000-2000 ---p",
                "1000-2000 ---p 00000000",
                "1000-2000 ---p 00000000 00",
                "1000-2000 ---p 00000000 00:",
                "1000-2000 ---p 00000000 00:00 ",
                "1000-2000 ---p 00000000 00:00 -1",
                "1000-2000 ---p 00000000 00:00 1/x",
                "1000-2000 ---p 00000000 00:00 18446744073709551616",
                "1000-2000 ---p 00000000 00:00 99999999999999999999999",
                "1000-2000 ---p 00000000 100000000:00 1",
                "1000-2000 ---p 00000000 00:100000000 1",
                "1000-10000000000000000 ---p 00000000 00:00 1",
                "2000-1000 ---p 00000000 00:00 1",
                "1000-2000  ---p 00000000 00:00 1",
                "1000-2000 ---p 0000000g 00:00 1",
                "1000-2000 ---P 00000000 00:00 1",
                "1000-2000\t---p 00000000 00:00 1",
        };
        struct entry entry = { .fd = 42 };

        (void)state;
        for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
                assert_int_equal(walk_parse_map(text_of(bad[i]), &entry), -EBADMSG);
        assert_int_equal(entry.fd, 42);
}

/* A walk of a recorded machine, as one line of text an entry. */
static void describe(struct walk *walk, struct entry *entry, struct buf *out)
{
        struct file_facts facts;

        buf_printf(out, "%d", entry->pid);
        if (entry->tid != entry->pid)
                buf_printf(out, "/%d", entry->tid);
        switch (entry->type) {
        case ENTRY_PROCESS:
                buf_string(out, " process");
                break;
        case ENTRY_FD:
                buf_printf(out, " fd %d type %d inode %d ", entry->fd, (int)entry->link_type, (int)entry->inode);
                buf_add(out, entry->link);
                if (walk_fd_access(walk, entry) == 0)
                        buf_printf(out, " access %u", entry->access);
                if (walk_fd_stat(walk, entry, &facts) == 0)
                        buf_printf(out, " stat %d", (int)entry->inode);
                break;
        case ENTRY_MAP:
                buf_printf(out, " map %d inode %d ", entry->shared, (int)entry->inode);
                buf_add(out, entry->link);
                break;
        case ENTRY_ERROR:
                buf_printf(out, " error %s %d", entry->where, entry->err);
                break;
        case ENTRY_END:
                buf_string(out, " end");
                break;
        }
        buf_byte(out, '\n');
}

static void assert_walk(const struct tree *tree, enum walk_flags flags, const char *expected)
{
        struct buf out = { 0 };
        struct entry entry;
        struct host *host;
        struct walk *walk;

        assert_int_equal(host_open(tree->root, &host), 0);
        assert_int_equal(walk_open(host, flags, NULL, &walk), 0);
        while (walk_next(walk, &entry))
                describe(walk, &entry, &out);
        assert_int_equal(walk_next(walk, &entry), 0);
        assert_string_equal(buf_text(&out).data, expected);
        walk_close(walk);
        host_close(host);
        buf_done(&out);
}

static void no_proc(void **state)
{
        struct host *host;
        struct tree tree;
        struct walk *walk = NULL;

        (void)state;
        tree_init(&tree);
        assert_int_equal(host_open(tree.root, &host), 0);
        assert_int_equal(walk_open(host, WALK_FDS, NULL, &walk), -ENOENT);
        assert_null(walk);
        walk_close(NULL);
        host_close(host);
        tree_directory(&tree, "/proc");
        assert_walk(&tree, WALK_FDS | WALK_MAPS, "");
        tree_done(&tree);
}

static void processes_in_order(void **state)
{
        struct tree tree;

        (void)state;
        tree_init(&tree);
        tree_file(&tree, "/proc/1000/stat", "1000 (a)" LIVING);
        tree_file(&tree, "/proc/9/stat", "");
        tree_directory(&tree, "/proc/2147483647");
        tree_directory(&tree, "/proc/2147483648");
        tree_directory(&tree, "/proc/010");
        tree_directory(&tree, "/proc/10x");
        tree_directory(&tree, "/proc/-1");
        tree_directory(&tree, "/proc/sys");
        tree_directory(&tree, "/elsewhere");
        tree_link(&tree, "/proc/77", "../elsewhere");
        tree_file(&tree, "/proc/78", "");
        assert_walk(&tree, WALK_FDS | WALK_MAPS,
                    "9 process\n"
                    "77 error /proc/PID 20\n"
                    "78 error /proc/PID 20\n"
                    "1000 process\n"
                    "2147483647 process\n");
        assert_walk(&tree, WALK_FDS | WALK_MAPS | WALK_ENDS,
                    "9 process\n"
                    "9 end\n"
                    "77 error /proc/PID 20\n"
                    "78 error /proc/PID 20\n"
                    "1000 process\n"
                    "1000 end\n"
                    "2147483647 process\n"
                    "2147483647 end\n");
        tree_done(&tree);
}

#define FACTS " 100644 0 0 0 0 1 1 1 1\n"

static void descriptors(void **state)
{
        struct tree tree;

        (void)state;
        tree_init(&tree);
        tree_file(&tree, "/.ipcview",
                  "stat /proc/7/fd/5 0:25 50" FACTS
                  "stat /dev/shm/a 0:25 51" FACTS
                  "stat /dev/shm/b%20(deleted) 0:25 52" FACTS
                  "stat /dev/shm/b 0:25 53" FACTS
                  "stat /dev/shm/c 0:25 54" FACTS);
        tree_file(&tree, "/dev/shm/d", "");
        tree_link(&tree, "/proc/7/fd/0", "/dev/shm/a");
        tree_link(&tree, "/proc/7/fd/1", "pipe:[123]");
        tree_link(&tree, "/proc/7/fd/2", "socket:[124]");
        tree_link(&tree, "/proc/7/fd/3", "anon_inode:[eventfd]");
        tree_link(&tree, "/proc/7/fd/4", "mnt:[4026531841]");
        tree_link(&tree, "/proc/7/fd/5", "/dev/shm/a");
        tree_link(&tree, "/proc/7/fd/6", "/dev/shm/b (deleted)");
        tree_link(&tree, "/proc/7/fd/7", "/dev/shm/c (deleted)");
        tree_link(&tree, "/proc/7/fd/8", "/dev/shm/d (deleted)");
        tree_link(&tree, "/proc/7/fd/9", "pipe:[x]");
        tree_link(&tree, "/proc/7/fd/10", "socket:[18446744073709551616]");
        tree_link(&tree, "/proc/7/fd/65536", "/a\nb\033");
        tree_link(&tree, "/proc/7/fd/x", "/x");
        tree_file(&tree, "/proc/7/fd/11", "no link");
        tree_file(&tree, "/proc/7/fdinfo/0", "pos:\t0\nflags:\t0100002\nmnt_id:\t3\n");
        tree_file(&tree, "/proc/7/fdinfo/1", "pos:\t0\nflags:\t01\n");
        tree_file(&tree, "/proc/7/fdinfo/2", "pos:\t0\nflags:\t0\n");
        tree_file(&tree, "/proc/7/fdinfo/3", "pos:\t0\nflags:\t012000000\n");
        tree_file(&tree, "/proc/7/fdinfo/4", "pos:\t0\nflags:\t8\n");
        tree_file(&tree, "/proc/7/stat", "7 (a)" LIVING);
        assert_walk(&tree, WALK_FDS | WALK_MAPS,
                    "7 process\n"
                    "7 fd 0 type 0 inode 0 /dev/shm/a access 3 stat 51\n"
                    "7 fd 1 type 1 inode 123 pipe:[123] access 2\n"
                    "7 fd 2 type 2 inode 124 socket:[124] access 1\n"
                    "7 fd 3 type 3 inode 0 anon_inode:[eventfd] access 0\n"
                    "7 fd 4 type 4 inode 0 mnt:[4026531841]\n"
                    "7 fd 5 type 0 inode 0 /dev/shm/a stat 50\n"
                    "7 fd 6 type 0 inode 0 /dev/shm/b (deleted) stat 52\n"
                    "7 fd 7 type 0 inode 0 /dev/shm/c (deleted) stat 54\n"
                    "7 fd 8 type 0 inode 0 /dev/shm/d (deleted)\n"
                    "7 fd 9 type 4 inode 0 pipe:[x]\n"
                    "7 fd 10 type 4 inode 0 socket:[18446744073709551616]\n"
                    "7 error /proc/PID/fd 22\n"
                    "7 fd 65536 type 0 inode 0 /a\nb\033\n");
        assert_walk(&tree, WALK_MAPS, "7 process\n");
        tree_done(&tree);
}

static void the_file_itself(void **state)
{
        struct file_facts facts;
        struct entry entry;
        struct host *host;
        struct tree tree;
        struct walk *walk;
        struct stat st;
        char *path;

        (void)state;
        tree_init(&tree);
        tree_file(&tree, "/dev/shm/d", "123");
        tree_link(&tree, "/proc/7/fd/8", "/dev/shm/d");
        path = tree_path(&tree, "/dev/shm/d");
        assert_int_equal(stat(path, &st), 0);
        free(path);
        assert_int_equal(host_open(tree.root, &host), 0);
        assert_int_equal(walk_open(host, WALK_FDS, NULL, &walk), 0);
        assert_int_equal(walk_next(walk, &entry), 1);
        assert_int_equal(walk_fd_stat(walk, &entry, &facts), -EBADF);
        assert_int_equal(walk_next(walk, &entry), 1);
        assert_int_equal(walk_fd_stat(walk, &entry, &facts), 0);
        assert_int_equal(entry.inode, st.st_ino);
        assert_int_equal(facts.size, 3);
        assert_int_equal(walk_fd_fstype(walk, &entry, &(uint64_t){ 0 }), -EOPNOTSUPP);
        walk_close(walk);
        host_close(host);
        tree_done(&tree);
}

static void mappings(void **state)
{
        struct tree tree;

        (void)state;
        tree_init(&tree);
        tree_file(&tree, "/proc/7/maps",
                  LIBC
                  "7f0000001000-7f0000002000 rw-p 00000000 00:00 0                          [heap]\n"
                  "7f0000002000-7f0000003000 rw-s 00000000 00:01 0                          /SYSV00000000 (deleted)\n"
                  "7f0000003000-7f0000004000 rw-s 00000000 00:01 32769                      /SYSV00005eed (deleted)\n"
                  "7f0000004000-7f0000005000 rw-s 00000000 00:01 0                          /dev/zero (deleted)\n"
                  "what is this\n"
                  "\n"
                  "7f0000005000-7f0000006000 rw-s 00000000 00:19 5                          /dev/shm/a\\012b (deleted)\n"
                  "7f0000006000-7f0000007000 rw-s 00000000 00:19 6                          /dev/shm/cut");
        tree_file(&tree, "/proc/8/maps", "");
        tree_link(&tree, "/proc/9/maps", "../7/maps");
        tree_fifo(&tree, "/proc/10/maps");
        assert_walk(&tree, WALK_FDS | WALK_MAPS,
                    "7 process\n"
                    "7 map 0 inode 77 /lib/libc.so\n"
                    "7 map 1 inode 0 /SYSV00000000 (deleted)\n"
                    "7 map 1 inode 32769 /SYSV00005eed (deleted)\n"
                    "7 error /proc/PID/maps 74\n"
                    "7 map 1 inode 5 /dev/shm/a\\012b (deleted)\n"
                    "8 process\n"
                    "9 process\n"
                    "9 error /proc/PID/maps 22\n"
                    "10 process\n"
                    "10 error /proc/PID/maps 22\n");
        assert_walk(&tree, WALK_FDS, "7 process\n8 process\n9 process\n10 process\n");
        tree_done(&tree);
}

#define EXITED(threads) " Z 1 7 7 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 " threads " 0 17 123 456\n"
#define KERNEL " S 1 7 7 0 -1 2097152 1 2 3 4 5 6 7 8 20 0 1 0 17 123 456\n"

static void exited_leaders(void **state)
{
        struct tree tree;

        (void)state;
        tree_init(&tree);
        /* Only the third thread lives. */
        tree_file(&tree, "/proc/7/stat", "7 (a)" EXITED("3"));
        tree_file(&tree, "/proc/7/maps", "");
        tree_directory(&tree, "/proc/7/fd");
        tree_file(&tree, "/proc/7/task/7/stat", "7 (a)" EXITED("3"));
        tree_file(&tree, "/proc/7/task/8/stat", "8 (a)" EXITED("3"));
        tree_link(&tree, "/proc/7/task/8/fd/1", "pipe:[1]");
        tree_file(&tree, "/proc/7/task/10/stat", "10 (a)" LIVING);
        tree_link(&tree, "/proc/7/task/10/fd/3", "pipe:[124]");
        tree_file(&tree, "/proc/7/task/10/fdinfo/3", "flags:\t01\n");
        tree_file(&tree, "/proc/7/task/10/maps", LIBC);
        /* A zombie, and a kernel thread, whose files say nothing. */
        tree_file(&tree, "/proc/20/stat", "20 (a)" EXITED("1"));
        tree_file(&tree, "/proc/20/task/21/stat", "21 (a)" LIVING);
        tree_link(&tree, "/proc/20/task/21/fd/3", "pipe:[1]");
        tree_file(&tree, "/proc/30/stat", "30 (kthreadd)" KERNEL);
        tree_fifo(&tree, "/proc/30/maps");
        /* All of its threads are gone by now. */
        tree_file(&tree, "/proc/40/stat", "40 (a)" EXITED("2"));
        tree_directory(&tree, "/proc/40/task");
        assert_walk(&tree, WALK_FDS | WALK_MAPS,
                    "7 process\n"
                    "7/10 fd 3 type 1 inode 124 pipe:[124] access 2\n"
                    "7/10 map 0 inode 77 /lib/libc.so\n"
                    "20 process\n"
                    "30 process\n"
                    "40 process\n");
        tree_done(&tree);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(map_lines),
                cmocka_unit_test(bad_map_lines),
                cmocka_unit_test(no_proc),
                cmocka_unit_test(processes_in_order),
                cmocka_unit_test(descriptors),
                cmocka_unit_test(the_file_itself),
                cmocka_unit_test(mappings),
                cmocka_unit_test(exited_leaders),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
