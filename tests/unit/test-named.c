/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names in directories, and what copies of queues and semaphores hold. */
#include "base/array.h"
#include "kind/mq-messages.h"
#include "kind/psem-layout.h"
#include "sys/names.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static struct host *host;
static char root[] = "/tmp/ipcview-named-XXXXXX";

static int set_up(void **state)
{
        (void)state;
        return host_open(NULL, &host) < 0 || !mkdtemp(root) || chdir(root) < 0;
}

static int tear_down(void **state)
{
        char command[64];

        (void)state;
        host_close(host);
        snprintf(command, sizeof(command), "rm -rf '%s'", root);
        return chdir("/") < 0 || system(command) != 0;
}

static void touch(const char *name)
{
        int fd = open(name, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);

        assert_true(fd >= 0);
        close(fd);
}

static int open_it(const char *path, enum named_way way, struct named *ret)
{
        return named_open(host, root, text_of(path), way, ret);
}

static ino_t inode(const char *name)
{
        struct stat st;

        return lstat(name, &st) == 0 ? st.st_ino : 0;
}

static void test_ways(void **state)
{
        static const struct {
                const char *path;
                int strict, follow;
        } cases[] = {
                { "/d/e/f", 0, 0 }, { "//d//e/f", 0, 0 }, { "/d/./e/f", 0, 0 }, { "/f", 0, 0 }, { "/none", 0, 0 },
                { "/l/e/f", -ENOTDIR, 0 }, { "/d/e/f/g", -ENOTDIR, -ENOTDIR }, { "/loop/f", -ENOTDIR, -ELOOP },
                { "/none/f", -ENOENT, -ENOENT }, { "/d/../d/f", -EINVAL, 0 }, { "", -EINVAL, -EINVAL },
                { "f", -EINVAL, -EINVAL }, { "/", -EINVAL, -EINVAL }, { "/d/", -EINVAL, -EINVAL },
                { "/d/.", -EINVAL, -EINVAL }, { "/d/..", -EINVAL, -EINVAL },
        };
        char longest[NAME_MAX + 3] = "/";
        struct named named;

        (void)state;
        assert_int_equal(mkdir("d", 0700) | mkdir("d/e", 0700) | symlink("d", "l") | symlink("loop", "loop"), 0);
        touch("d/e/f");
        for (unsigned i = 0; i < COUNT(cases); i++)
                for (unsigned follow = 0; follow < 2; follow++) {
                        int r = open_it(cases[i].path, follow ? NAMED_FOLLOW : NAMED_STRICT, &named);

                        assert_int_equal(r, follow ? cases[i].follow : cases[i].strict);
                        if (r == 0)
                                named_close(&named);
                }
        memset(longest + 1, 'x', NAME_MAX + 1);
        assert_int_equal(open_it(longest, NAMED_STRICT, &named), -ENAMETOOLONG);
        longest[NAME_MAX + 1] = 0;
        assert_int_equal(open_it(longest, NAMED_STRICT, &named), 0);
        named_close(&named);
        assert_int_equal(named_open(host, root, TEXT("/a\0b"), NAMED_STRICT, &named), -EINVAL);
        assert_int_equal(named_open(host, root, TEXT("/d\0/e/f"), NAMED_FOLLOW, &named), -EINVAL);
}

static void test_path(void **state)
{
        struct buf path = { 0 }, wanted = { 0 };
        struct named named;

        (void)state;
        assert_int_equal(mkdir("p", 0700) | symlink("p", "to-p"), 0);
        assert_int_equal(open_it("/to-p/..name", NAMED_FOLLOW, &named), 0);
        assert_int_equal(named_path(&named, &path), 0);
        buf_printf(&wanted, "%s/p/..name", root);
        assert_string_equal(path.data, wanted.data);
        named_close(&named);
        buf_done(&path);
        buf_done(&wanted);
        assert_int_equal(named_open(host, NULL, TEXT("/x"), NAMED_STRICT, &named), 0);
        assert_int_equal(named_path(&named, &path), 0);
        assert_string_equal(path.data, "/x");
        named_close(&named);
        buf_done(&path);
}

/* The directory that was opened is meant, whatever has its name by now. */
static void test_moved_directory(void **state)
{
        struct file_facts facts, other;
        struct named named;

        (void)state;
        assert_int_equal(mkdir("m", 0700), 0);
        touch("m/f");
        assert_int_equal(open_it("/m/f", NAMED_STRICT, &named), 0);
        assert_int_equal(rename("m", "n") | mkdir("m", 0700), 0);
        touch("m/f");
        assert_int_equal(named_stat(&named, &facts), 0);
        assert_int_equal(facts.inode, inode("n/f"));
        assert_int_equal(named_remove(&named, &facts, &other), 0);
        assert_int_equal(inode("n/f"), 0);
        assert_true(inode("m/f"));
        assert_int_equal(named_remove(&named, &facts, &other), -ENOENT);
        named_close(&named);
}

/* What came between look and removal is where it was. */
static void test_remove_other(void **state)
{
        struct file_facts facts, other;
        struct named named;
        ino_t late;

        (void)state;
        assert_int_equal(mkdir("r", 0700), 0);
        touch("r/f");
        touch("r/late");
        late = inode("r/late");
        assert_int_equal(open_it("/r/f", NAMED_STRICT, &named), 0);
        assert_int_equal(named_stat(&named, &facts), 0);
        assert_int_equal(rename("r/late", "r/f"), 0);
        assert_int_equal(named_remove(&named, &facts, &other), -ESTALE);
        assert_int_equal(other.inode, late);
        assert_int_equal(inode("r/f"), late);
        assert_int_equal(unlink("r/f"), 0);
        assert_int_equal(mkdir("r/f", 0700), 0);
        assert_int_equal(named_remove(&named, &facts, &other), -ESTALE);
        assert_int_equal(rmdir("r/f") | rmdir("r"), 0);
        named_close(&named);
}

static void test_gift(void **state)
{
        struct gift gift = { .has_mode = true, .mode = 01654 };
        struct file_facts facts;
        struct named named;
        int fd;

        (void)state;
        touch("g");
        assert_int_equal(open_it("/g", NAMED_STRICT, &named), 0);
        fd = named_open_file(&named, O_PATH);
        assert_int_equal(gift_give(fd, &gift), 0);
        assert_int_equal(named_facts(fd, &facts), 0);
        assert_int_equal(facts.mode, S_IFREG | 01654);
        close(fd);
        named_close(&named);
        assert_int_equal(symlink("g", "lg"), 0);
        assert_int_equal(open_it("/lg", NAMED_STRICT, &named), 0);
        assert_int_equal(named_open_file(&named, O_RDONLY), -ELOOP);
        named_close(&named);
}

static void test_nodes(void **state)
{
        struct gift gift = { .has_mode = true, .mode = 0666 };
        struct named named;
        struct stat st;
        mode_t old = umask(077);

        (void)state;
        assert_int_equal(open_it("/fifo", NAMED_STRICT, &named), 0);
        assert_int_equal(named_make_node(&named, S_IFIFO, &gift), 0);
        assert_int_equal(named_make_node(&named, S_IFSOCK, &gift), -EEXIST);
        umask(old);
        assert_int_equal(lstat("fifo", &st), 0);
        assert_int_equal(st.st_mode, S_IFIFO | 0666);
        named_close(&named);
        /* What can't be given away entirely is not made at all. */
        if (geteuid() == 0)
                return;
        gift = (struct gift){ .has_uid = true, .uid = 0 };
        assert_int_equal(open_it("/gift", NAMED_STRICT, &named), 0);
        assert_int_equal(named_make_node(&named, S_IFIFO, &gift), -EPERM);
        assert_int_equal(inode("gift"), 0);
        named_close(&named);
}

static void test_unborn(void **state)
{
        struct gift gift = { .has_mode = true, .mode = 0640 };
        struct named named;
        struct unborn file;
        struct stat st;
        char byte;
        int fd;

        (void)state;
        assert_int_equal(open_it("/born", NAMED_STRICT, &named), 0);
        assert_int_equal(unborn_make(&named, &file), 0);
        assert_int_equal(unborn_resize(&file, UINT64_MAX), -EFBIG);
        assert_int_equal(unborn_resize(&file, 1 << 20), 0);
        assert_int_equal(unborn_write(&file, 4095, "x", 1), 0);
        assert_int_equal(unborn_set_time(&file, INT64_C(-1500000000)), 0);
        assert_int_equal(inode("born"), 0);
        assert_int_equal(unborn_finish(&named, &file, &gift), 0);
        assert_int_equal(lstat("born", &st), 0);
        assert_int_equal(st.st_mode, S_IFREG | 0640);
        assert_int_equal(st.st_size, 1 << 20);
        assert_int_equal(st.st_nlink, 1);
        assert_true(st.st_mtim.tv_sec == -2 && st.st_mtim.tv_nsec == 500000000);
        fd = open("born", O_RDONLY | O_CLOEXEC);
        assert_true(fd >= 0 && pread(fd, &byte, 1, 4095) == 1 && byte == 'x');
        close(fd);
        /* The name is taken by now. */
        assert_int_equal(unborn_make(&named, &file), 0);
        assert_int_equal(unborn_finish(&named, &file, &gift), -EEXIST);
        assert_int_equal(unlink("born"), 0);
        assert_int_equal(unborn_make(&named, &file), 0);
        unborn_abandon(&named, &file);
        assert_int_equal(inode("born"), 0);
        named_close(&named);
}

/* --- the messages of a queue --------------------------------------------------- */

static void test_messages(void **state)
{
        char file[3 * MQ_MESSAGE_EXTRA + 4], *at = file;
        struct mq_message message;
        struct text rest;

        (void)state;
        mq_message_head(at, UINT32_MAX, 0);
        at += MQ_MESSAGE_HEAD;
        *at++ = '\n';
        mq_message_head(at, 0, 4);
        memcpy(at + MQ_MESSAGE_HEAD, "\0\n?x\n", 5);
        at += MQ_MESSAGE_EXTRA + 4;
        mq_message_expect(at);
        at[MQ_MESSAGE_HEAD] = 0;
        assert_memory_equal(file, "4294967295          0\n\n         0          4\n", MQ_MESSAGE_EXTRA + MQ_MESSAGE_HEAD);
        rest = (struct text){ file, sizeof(file) };
        assert_int_equal(mq_message_next(&rest, &message), 1);
        assert_true(message.priority == UINT32_MAX && message.bytes.len == 0);
        assert_int_equal(mq_message_next(&rest, &message), 1);
        assert_true(message.priority == 0 && text_equal(message.bytes, TEXT("\0\n?x")));
        /* Where it was interrupted. */
        assert_int_equal(mq_message_next(&rest, &message), 0);
        rest = TEXT("");
        assert_int_equal(mq_message_next(&rest, &message), 0);
        rest = TEXT("\0\0\0");
        assert_int_equal(mq_message_next(&rest, &message), 0);
}

static void test_bad_messages(void **state)
{
        static const char *const bad[] = {
                "x", "         1          1\n", "         1          1\nab", "         1          2\na\n",
                "         1          1 a\n", "         1         -1\na\n", "                   1\na\n",
                "4294967296          1\na\n", "         1 4294967296\na\n", "         1 4294967295\na\n",
                "        +1          1\na\n", "       1 1          1\na\n", "0x00000001          1\na\n",
                "         1\n         1\na\n", "         1          1\na",
        };
        struct mq_message message;

        (void)state;
        for (unsigned i = 0; i < COUNT(bad); i++) {
                /* Right at the end of memory, for the sanitizer. */
                size_t len = strlen(bad[i]);
                char *copy = malloc(len);
                struct text rest = { copy, len };

                assert_non_null(copy);
                memcpy(copy, bad[i], len);
                assert_int_equal(mq_message_next(&rest, &message), -EBADMSG);
                free(copy);
        }
}

/* --- the bytes of a semaphore --------------------------------------------------- */

static void test_semaphores(void **state)
{
        static const uint32_t values[] = { 0, 1, 7, INT32_MAX };
        static const size_t sizes[] = { PSEM_SIZE_32, PSEM_SIZE_64 };
        unsigned char bytes[PSEM_SIZE_MOST + 1];
        struct psem_reading reading;

        (void)state;
        for (unsigned i = 0; i < COUNT(values); i++)
                for (unsigned j = 0; j < COUNT(sizes); j++) {
                        memset(bytes, 0xee, sizeof(bytes));
                        psem_write(bytes, sizes[j], values[i]);
                        assert_int_equal(bytes[sizes[j]], 0xee);
                        assert_true(psem_read(bytes, sizes[j], &reading));
                        assert_int_equal(reading.value, values[i]);
                        assert_int_equal(reading.waiting, 0);
                        /* The other layout, or none. */
                        assert_false(psem_read(bytes, sizes[j] - 1, &reading));
                }
        psem_write(bytes, PSEM_SIZE_64, 3);
        bytes[4] = 2;                                   /* two wait; it is little-endian where this runs, or not at all */
        if (*(const uint32_t *)(const void *)bytes == 3) {
                assert_true(psem_read(bytes, PSEM_SIZE_64, &reading));
                assert_true(reading.value == 3 && reading.waiting == 2);
        }
        bytes[31] = 1;
        assert_false(psem_read(bytes, PSEM_SIZE_64, &reading));
        assert_false(psem_read(bytes, sizeof(bytes), &reading));
        memset(bytes, 0, sizeof(bytes));
        assert_false(psem_read(bytes, PSEM_SIZE_64, &reading));
        assert_false(psem_read(bytes, PSEM_SIZE_32, &reading));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_ways),
                cmocka_unit_test(test_path),
                cmocka_unit_test(test_moved_directory),
                cmocka_unit_test(test_remove_other),
                cmocka_unit_test(test_gift),
                cmocka_unit_test(test_nodes),
                cmocka_unit_test(test_unborn),
                cmocka_unit_test(test_messages),
                cmocka_unit_test(test_bad_messages),
                cmocka_unit_test(test_semaphores),
        };

        return cmocka_run_group_tests(tests, set_up, tear_down);
}
