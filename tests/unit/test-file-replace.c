/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/file-replace.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "tree.h"

#include <dirent.h>

static int begin(void **state)
{
        static struct tree tree;

        tree_init(&tree);
        *state = &tree;
        return 0;
}

static int end(void **state)
{
        tree_done(*state);
        return 0;
}

static void write_old(const char *path)
{
        FILE *file = fopen(path, "we");

        assert_non_null(file);
        assert_true(fputs("old\n", file) >= 0);
        assert_int_equal(fclose(file), 0);
}

static void assert_file(const char *path, const char *expected)
{
        char bytes[64] = "";
        FILE *file = fopen(path, "re");

        assert_non_null(file);
        assert_int_equal(fread(bytes, 1, sizeof(bytes) - 1, file), strlen(expected));
        fclose(file);
        assert_string_equal(bytes, expected);
}

/* How many entries the tree's directory has: no temporary file may stay. */
static unsigned count_entries(const struct tree *tree)
{
        DIR *dir = opendir(tree->root);
        unsigned n = 0;

        assert_non_null(dir);
        for (const struct dirent *entry; (entry = readdir(dir));)
                n += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
        closedir(dir);
        return n;
}

static void a_file_is_made_and_replaced(void **state)
{
        const struct tree *tree = *state;
        char *path = tree_path(tree, "/m.prom");
        struct stat first, second;
        mode_t mask = umask(0077);

        assert_int_equal(file_replace(path, TEXT("one\n"), 0644), 0);
        assert_file(path, "one\n");
        assert_int_equal(stat(path, &first), 0);
        assert_int_equal(first.st_mode & 07777, 0644);
        assert_int_equal(file_replace(path, TEXT(""), 0600), 0);
        assert_file(path, "");
        assert_int_equal(stat(path, &second), 0);
        assert_int_equal(second.st_mode & 07777, 0600);
        assert_int_not_equal(first.st_ino, second.st_ino);
        assert_int_equal(count_entries(tree), 1);
        umask(mask);
        free(path);
}

static void a_name_alone_lies_in_the_working_directory(void **state)
{
        const struct tree *tree = *state;
        char *path = tree_path(tree, "/alone");
        int back = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

        assert_true(back >= 0);
        assert_int_equal(chdir(tree->root), 0);
        assert_int_equal(file_replace("alone", TEXT("one\n"), 0644), 0);
        assert_int_equal(fchdir(back), 0);
        close(back);
        assert_file(path, "one\n");
        free(path);
}

static void a_link_is_neither_followed_nor_replaced(void **state)
{
        const struct tree *tree = *state;
        char *target = tree_path(tree, "/target"), *path = tree_path(tree, "/link");
        struct stat st;

        write_old(target);
        assert_int_equal(symlink("target", path), 0);
        assert_int_equal(file_replace(path, TEXT("new\n"), 0644), -ELOOP);
        assert_file(target, "old\n");
        assert_int_equal(lstat(path, &st), 0);
        assert_true(S_ISLNK(st.st_mode));
        assert_int_equal(unlink(path), 0);
        assert_int_equal(symlink("missing", path), 0);
        assert_int_equal(file_replace(path, TEXT("new\n"), 0644), -ELOOP);
        assert_int_equal(count_entries(tree), 2);
        free(target);
        free(path);
}

static void what_is_no_file_is_refused(void **state)
{
        const struct tree *tree = *state;
        char *path = tree_path(tree, "/fifo"), *dir = tree_path(tree, "/dir/x"), *file = tree_path(tree, "/file");
        struct buf below = { 0 };

        assert_int_equal(mkfifo(path, 0600), 0);
        assert_int_equal(file_replace(path, TEXT("x"), 0644), -EINVAL);
        free(path);
        assert_int_equal(file_replace(dir, TEXT("x"), 0644), 0);
        dir[strlen(dir) - 2] = 0;
        assert_int_equal(file_replace(dir, TEXT("x"), 0644), -EISDIR);
        assert_int_equal(file_replace("", TEXT("x"), 0644), -ENOENT);
        assert_int_equal(file_replace("/", TEXT("x"), 0644), -EISDIR);
        assert_int_equal(file_replace("..", TEXT("x"), 0644), -EISDIR);
        write_old(file);
        buf_printf(&below, "%s/x", file);
        assert_int_equal(file_replace(below.data, TEXT("x"), 0644), -ENOTDIR);
        assert_int_equal(unlink(file), 0);
        assert_int_equal(file_replace(below.data, TEXT("x"), 0644), -ENOENT);
        buf_done(&below);
        free(file);
        free(dir);
}

/* The disk is full: what was there stays, and nothing else. */
static void a_failed_write_leaves_the_old_file(void **state)
{
        const struct tree *tree = *state;
        char *path = tree_path(tree, "/m.prom");
        struct rlimit old, small;
        void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
        int err;

        write_old(path);
        assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
        small = (struct rlimit){ 2, old.rlim_max };
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
        err = file_replace(path, TEXT("new, and longer than that\n"), 0644);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
        signal(SIGXFSZ, handler);
        assert_int_equal(err, -EFBIG);
        assert_file(path, "old\n");
        assert_int_equal(count_entries(tree), 1);
        free(path);
}

static void a_closed_directory_is_told(void **state)
{
        const struct tree *tree = *state;
        char *path = tree_path(tree, "/m.prom");

        write_old(path);
        assert_int_equal(chmod(tree->root, 0500), 0);
        /* root may write all the same */
        if (geteuid() != 0) {
                assert_int_equal(file_replace(path, TEXT("new\n"), 0644), -EACCES);
                assert_file(path, "old\n");
        }
        assert_int_equal(chmod(tree->root, 0700), 0);
        assert_int_equal(file_replace("/proc/ipcview.prom", TEXT("new\n"), 0644), geteuid() == 0 ? -ENOENT : -EACCES);
        free(path);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(a_file_is_made_and_replaced, begin, end),
                cmocka_unit_test_setup_teardown(a_name_alone_lies_in_the_working_directory, begin, end),
                cmocka_unit_test_setup_teardown(a_link_is_neither_followed_nor_replaced, begin, end),
                cmocka_unit_test_setup_teardown(what_is_no_file_is_refused, begin, end),
                cmocka_unit_test_setup_teardown(a_failed_write_leaves_the_old_file, begin, end),
                cmocka_unit_test_setup_teardown(a_closed_directory_is_told, begin, end),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
