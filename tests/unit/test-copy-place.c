/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where copies are made: what fails, is given up or killed leaves nothing, but what was moved into it. */
#include "sys/copy.h"

#include "base/array.h"
#include "sys/interrupt.h"

#include <errno.h>
#include <dirent.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "copy.h"

/* Names in a directory: visible ones and hidden ones. */
static void count(const char *path, unsigned *visible, unsigned *hidden)
{
        DIR *dir = opendir(path);
        struct dirent *entry;

        assert_non_null(dir);
        *visible = *hidden = 0;
        while ((entry = readdir(dir)))
                if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
                        ++*(entry->d_name[0] == '.' ? hidden : visible);
        closedir(dir);
}

static void assert_count(const struct tree *tree, const char *dir, unsigned visible, unsigned hidden)
{
        char *path = tree_path(tree, dir);
        unsigned nvisible, nhidden;

        count(path, &nvisible, &nhidden);
        assert_int_equal(nvisible, visible);
        assert_int_equal(nhidden, hidden);
        free(path);
}

static void what_is_given_up_is_gone(void **state)
{
        struct buf path = { 0 };
        struct copy_writer *copy;
        struct tree tree;

        (void)state;
        tree_init(&tree);
        copy = begin(&tree, "/given-up");
        assert_int_equal(copy_file(copy, "data"), 0);
        assert_int_equal(copy_write(copy, copy_pattern, sizeof(copy_pattern)), 0);
        assert_count(&tree, "/given-up", 0, 1);
        assert_false(copy_abandon(copy, &path));
        assert_int_equal(path.len, 0);
        assert_count(&tree, "/given-up", 0, 0);
        tree_done(&tree);
}

static void odd_names_are_refused(void **state)
{
        static const char *const files[] = { "", ".", "..", "a/b", "SUMS", ".x", "-x", "a b", "a\nb", "\xff" };
        static const char *const names[] = { "", ".", "..", "a/b", ".x" };
        struct copy_writer *copy;
        struct buf path = { 0 };
        const char *why;
        struct tree tree;
        char many[COPY_NAME_MOST + 2];

        (void)state;
        tree_init(&tree);
        memset(many, 'a', sizeof(many) - 1);
        many[sizeof(many) - 1] = 0;
        assert_int_equal(copy_begin(tree.root, many, &copy, &why), -EINVAL);
        for (unsigned i = 0; i < COUNT(names); i++)
                assert_int_equal(copy_begin(tree.root, names[i], &copy, &why), -EINVAL);
        assert_int_equal(copy_begin(tree.root, many + 1, &copy, &why), 0);
        for (unsigned i = 0; i < COUNT(files); i++)
                assert_int_equal(copy_file(copy, files[i]), -EINVAL);
        assert_int_equal(copy_write(copy, "x", 1), -EBADF);
        assert_int_equal(copy_file(copy, "a"), 0);
        assert_int_equal(copy_hole(copy, UINT64_MAX), -EFBIG);
        assert_int_equal(copy_file(copy, "a"), -EEXIST);
        assert_false(copy_abandon(copy, &path));
        tree_done(&tree);
}

static void a_name_that_is_taken_gets_a_number(void **state)
{
        struct tree tree;

        (void)state;
        tree_init(&tree);
        tree_file(&tree, "/taken/x", "not a copy");
        for (unsigned i = 2; i < 5; i++) {
                char *path = write_sample(&tree, "/taken"), end[] = "/x-0";

                end[3] = (char)('0' + i);
                assert_string_equal(strrchr(path, '/'), end);
                free(path);
        }
        assert_count(&tree, "/taken", 4, 0);
        tree_done(&tree);
}

static void files_may_not_grow_beyond_a_limit(void **state)
{
        pid_t pid = fork();
        int status;

        (void)state;
        if (pid == 0) {
                struct rlimit limit = { 2 * MIB, 2 * MIB };
                struct copy_writer *copy;
                struct buf path = { 0 };
                struct tree tree;
                unsigned visible = 9, hidden = 9;
                int r;

                signal(SIGXFSZ, SIG_IGN);
                tree_init(&tree);
                setrlimit(RLIMIT_FSIZE, &limit);
                copy = begin(&tree, "/limit");
                r = copy_file(copy, "data");
                if (r == 0)
                        r = copy_write(copy, copy_pattern, sizeof(copy_pattern));
                if (r == 0)
                        r = copy_finish(copy, &path);
                else
                        copy_abandon(copy, &path);
                count(tree_path(&tree, "/limit"), &visible, &hidden);
                tree_done(&tree);
                _exit(r == -EFBIG && visible + hidden == 0 ? 0 : 1);
        }
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_int_equal(status, 0);
}

static void a_signal_that_waits_stops_it(void **state)
{
        struct buf path = { 0 };
        struct copy_writer *copy;
        struct tree tree;
        sigset_t old, now;
        int signal_number;

        (void)state;
        tree_init(&tree);
        interrupt_hold(&old);
        assert_false(interrupt_waits());
        copy = begin(&tree, "/signal");
        assert_int_equal(copy_file(copy, "data"), 0);
        assert_int_equal(copy_write(copy, copy_pattern, MIB), 0);
        kill(getpid(), SIGTERM);
        assert_true(interrupt_waits());
        assert_int_equal(copy_write(copy, copy_pattern, MIB), -EINTR);
        assert_false(copy_abandon(copy, &path));
        assert_count(&tree, "/signal", 0, 0);
        sigemptyset(&now);
        sigaddset(&now, SIGTERM);
        assert_int_equal(sigwait(&now, &signal_number), 0);
        assert_false(interrupt_waits());
        interrupt_allow(&old);
        tree_done(&tree);
}

/* --- sweeping --- */

/* A writer that is killed, with two files. */
static void be_killed(const struct tree *tree, const char *dir, bool mapped)
{
        pid_t pid = fork();
        int status;

        if (pid == 0) {
                struct copy_writer *copy = begin(tree, dir);
                char *bytes = NULL;

                copy_file(copy, "object.json");
                copy_write(copy, "{}", 2);
                copy_file(copy, "data");
                copy_write(copy, copy_pattern, sizeof(copy_pattern));
                if (mapped && copy_mapped(copy, "messages", 8192, (void **)&bytes) == 0)
                        memcpy(bytes, "taken", 5);
                raise(SIGKILL);
        }
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static void what_the_killed_left_is_swept(void **state)
{
        const char *why;
        struct copy_writer *living;
        struct buf path = { 0 };
        struct tree tree;
        char *dir;

        (void)state;
        tree_init(&tree);
        be_killed(&tree, "/sweep", false);
        be_killed(&tree, "/sweep", false);
        living = begin(&tree, "/sweep");
        assert_int_equal(copy_file(living, "data"), 0);
        /* Not ours, or not of that shape. */
        tree_file(&tree, "/sweep/.x.abcdef.partial", "a file");
        tree_file(&tree, "/sweep/.x.abcde.partial/data", "too short");
        tree_file(&tree, "/sweep/.x.ABCDEF.partial/data", "no letters of ours");
        tree_file(&tree, "/sweep/.abcdef.partial/data", "no name");
        tree_file(&tree, "/sweep/y.abcdef.partial/data", "not hidden");
        tree_file(&tree, "/sweep/.y.abcdeg.partial/data", "others may look into it");
        tree_directory(&tree, "/victim");
        tree_file(&tree, "/victim/data", "not to be removed");
        tree_link(&tree, "/sweep/.x.aaaaaa.partial", "../victim");
        assert_count(&tree, "/sweep", 1, 9);
        dir = tree_path(&tree, "/sweep");
        assert_int_equal(copy_prepare(dir, &why), 0);
        assert_count(&tree, "/sweep", 1, 7);
        assert_count(&tree, "/victim", 1, 0);
        assert_int_equal(copy_write(living, "x", 1), 0);
        assert_int_equal(copy_finish(living, &path), 0);
        buf_done(&path);
        free(dir);
        tree_done(&tree);
}

static void a_directory_of_others_is_refused(void **state)
{
        const char *why = NULL;
        struct tree tree;
        char *dir;

        (void)state;
        tree_init(&tree);
        tree_directory(&tree, "/open");
        dir = tree_path(&tree, "/open");
        assert_int_equal(chmod(dir, 0777), 0);
        if (geteuid() == 0) {
                assert_int_equal(copy_prepare(dir, &why), -EPERM);
                assert_non_null(why);
        }
        assert_int_equal(chmod(dir, 01777), 0);
        assert_int_equal(copy_prepare(dir, &why), 0);
        assert_null(why);
        free(dir);
        dir = tree_path(&tree, "/a/b/c");
        tree_file(&tree, "/a/b/file", "");
        rmdir(dir);
        assert_int_equal(copy_prepare(dir, &why), 0);
        assert_int_equal(chmod(dir, 0700), 0);
        free(dir);
        dir = tree_path(&tree, "/a/b/file/");
        assert_int_equal(copy_prepare(dir, &why), -ENOTDIR);
        free(dir);
        tree_done(&tree);
}

/* --- contents that are moved --- */

static void what_was_moved_is_kept(void **state)
{
        struct copy_reader *reader = NULL;
        struct buf path = { 0 }, what = { 0 }, got = { 0 };
        struct copy_writer *copy;
        struct tree tree;
        const char *why;
        char *bytes, *dir;

        (void)state;
        tree_init(&tree);
        dir = tree_path(&tree, "/moved");
        copy = begin(&tree, "/moved");
        assert_int_equal(copy_file(copy, "object.json"), 0);
        assert_int_equal(copy_write(copy, "{}", 2), 0);
        assert_int_equal(copy_mapped(copy, "messages", 10000, (void **)&bytes), 0);
        memcpy(bytes, "taken", 5);
        assert_count(&tree, "/moved", 1, 0);
        assert_true(copy_abandon(copy, &path));
        assert_int_equal(copy_prepare(dir, &why), 0);
        assert_count(&tree, "/moved", 1, 0);
        assert_int_equal(copy_open(path.data, &reader, &what), -EBADMSG);
        assert_int_equal(copy_open_partial(path.data, &reader, &what), 0);
        assert_int_equal(copy_read_file(reader, "messages", 10000, &got), 0);
        assert_int_equal(got.len, 10000);
        assert_memory_equal(got.data, "taken\0\0", 7);
        copy_close(reader);
        buf_clear(&path);
        buf_clear(&got);

        /* Killed: the same, and nobody sweeps it. */
        be_killed(&tree, "/moved", true);
        assert_int_equal(copy_prepare(dir, &why), 0);
        assert_count(&tree, "/moved", 2, 0);

        /* Nothing was taken: nothing to keep. */
        copy = begin(&tree, "/moved");
        assert_int_equal(copy_mapped(copy, "messages", 10000, (void **)&bytes), 0);
        assert_false(copy_abandon(copy, &path));
        assert_count(&tree, "/moved", 2, 0);

        /* And if all goes well. */
        copy = begin(&tree, "/moved");
        assert_int_equal(copy_mapped(copy, "messages", 10000, (void **)&bytes), 0);
        memcpy(bytes, "taken", 5);
        assert_int_equal(copy_mapped_end(copy, 10001), -EINVAL);
        assert_int_equal(copy_mapped_end(copy, 5), 0);
        assert_int_equal(copy_finish(copy, &path), 0);
        buf_clear(&what);
        assert_int_equal(copy_open(path.data, &reader, &what), 0);
        assert_int_equal(copy_read_file(reader, "messages", 10000, &got), 0);
        assert_text(buf_text(&got), TEXT("taken"));
        copy_close(reader);
        buf_done(&path);
        buf_done(&what);
        buf_done(&got);
        free(dir);
        tree_done(&tree);
}

/* --- a directory of copies --- */

static int gather(const char *copy, void *data)
{
        buf_string(data, strrchr(copy, '/') + 1);
        buf_byte(data, ' ');
        return 0;
}

static int stop(const char *copy, void *data)
{
        (void)copy;
        ++*(unsigned *)data;
        return -ECANCELED;
}

static void copies_are_listed(void **state)
{
        struct buf names = { 0 };
        struct tree tree;
        unsigned times = 0;
        char *dir, *copy;

        (void)state;
        tree_init(&tree);
        tree_directory(&tree, "/list");
        dir = tree_path(&tree, "/list");
        assert_int_equal(copy_list(dir, gather, &names), 0);
        assert_int_equal(names.len, 0);
        free(write_sample(&tree, "/list"));
        copy = write_sample(&tree, "/list");
        tree_file(&tree, "/list/other/file", "no copy");
        tree_file(&tree, "/list/b.aaaaaa.partial/SUMS", "");
        tree_file(&tree, "/list/.hidden/SUMS", "");
        tree_file(&tree, "/list/a/SUMS", "damaged is for the reader to say");
        tree_link(&tree, "/list/link", "x");
        assert_int_equal(copy_list(dir, gather, &names), 0);
        assert_string_equal(names.data, "a x x-2 ");
        assert_int_equal(copy_list(dir, stop, &times), -ECANCELED);
        assert_int_equal(times, 1);
        assert_int_equal(copy_list(copy, stop, &times), -ENOTDIR);
        assert_int_equal(copy_list("/etc/passwd", stop, &times), -ENOTDIR);
        buf_done(&names);
        free(copy);
        free(dir);
        tree_done(&tree);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(what_is_given_up_is_gone),
                cmocka_unit_test(odd_names_are_refused),
                cmocka_unit_test(a_name_that_is_taken_gets_a_number),
                cmocka_unit_test(files_may_not_grow_beyond_a_limit),
                cmocka_unit_test(a_signal_that_waits_stops_it),
                cmocka_unit_test(what_the_killed_left_is_swept),
                cmocka_unit_test(a_directory_of_others_is_refused),
                cmocka_unit_test(what_was_moved_is_kept),
                cmocka_unit_test(copies_are_listed),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
