/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The state directory, the journal in it, and the files of the configuration. */
#include "sys/state.h"

#include "base/array.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tree.h"

/* Each test has a home of its own, and whatever else the user has set is out of the way. */
static struct tree home;

static int setup(void **state)
{
        (void)state;
        tree_init(&home);
        umask(022);
        unsetenv("XDG_STATE_HOME");
        unsetenv("XDG_CONFIG_HOME");
        return setenv("HOME", home.root, 1);
}

static int teardown(void **state)
{
        (void)state;
        tree_done(&home);
        return 0;
}

static void put(const char *path, const char *text, mode_t mode)
{
        char *full = tree_path(&home, path);
        FILE *file = fopen(full, "w");

        assert_non_null(file);
        assert_true(fputs(text, file) >= 0);
        assert_int_equal(fclose(file), 0);
        assert_int_equal(chmod(full, mode), 0);
        free(full);
}

/* The variable with a directory of the tree. */
static void set(const char *name, const char *path)
{
        char *full = tree_path(&home, path);

        assert_int_equal(setenv(name, full, 1), 0);
        free(full);
}

static void assert_directory(const char *expected)
{
        struct buf path = { 0 };

        assert_int_equal(state_directory(&path), 0);
        assert_string_equal(path.data, expected);
        buf_done(&path);
}

static void where_it_is(void **state)
{
        struct buf expected = { 0 };

        (void)state;
        if (geteuid() == 0) {
                assert_directory("/var/lib/ipcview");
        } else {
                buf_printf(&expected, "%s/.local/state/ipcview", home.root);
                assert_directory(expected.data);
        }
        assert_int_equal(setenv("XDG_STATE_HOME", "/some/where", 1), 0);
        assert_directory("/some/where/ipcview");
        buf_done(&expected);
}

static void relative_variables_do_not_count(void **state)
{
        static const char *const values[] = { "", "state", "./state", "~/state" };
        struct buf usual = { 0 };

        (void)state;
        assert_int_equal(state_directory(&usual), 0);
        for (size_t i = 0; i < COUNT(values); i++) {
                assert_int_equal(setenv("XDG_STATE_HOME", values[i], 1), 0);
                assert_directory(usual.data);
        }
        buf_done(&usual);
}

static struct text journal_text(struct buf *out)
{
        buf_clear(out);
        assert_int_equal(journal_read(out), 0);
        return buf_text(out);
}

static void write_lines(const char *const *lines, size_t n)
{
        struct journal *journal;

        assert_int_equal(journal_open(&journal), 0);
        assert_int_equal(journal_author(journal)->uid, geteuid());
        assert_int_equal(journal_author(journal)->pid, getpid());
        for (size_t i = 0; i < n; i++)
                assert_int_equal(journal_write(journal, text_of(lines[i])), 0);
        assert_int_equal(journal_close(journal), 0);
}

static void lines_are_appended(void **state)
{
        static const char *const lines[] = { "{\"a\":1}", "{\"b\":2}" };
        struct buf text = { 0 };
        struct stat st;
        char *file, *dir;

        (void)state;
        set("XDG_STATE_HOME", "/deep/er/state");
        assert_int_equal(journal_read(&text), -ENOENT);
        write_lines(lines, 2);
        write_lines(lines, 1);
        assert_text(journal_text(&text), TEXT("{\"a\":1}\n{\"b\":2}\n{\"a\":1}\n"));

        file = tree_path(&home, "/deep/er/state/ipcview/journal.ndjson");
        dir = tree_path(&home, "/deep/er/state/ipcview");
        assert_int_equal(stat(file, &st), 0);
        assert_int_equal(st.st_mode & 07777, 0600);
        assert_int_equal(stat(dir, &st), 0);
        assert_int_equal(st.st_mode & 07777, 0700);
        free(file);
        free(dir);
        buf_done(&text);
}

/* What a full disk cut off stays alone on its line. */
static void half_a_line_is_ended(void **state)
{
        static const char *const lines[] = { "{\"b\":2}", "{\"c\":3}" };
        struct buf text = { 0 };

        (void)state;
        set("XDG_STATE_HOME", "/s");
        put("/s/ipcview/journal.ndjson", "{\"a\":1}\n{\"ha", 0600);
        write_lines(lines, 2);
        assert_text(journal_text(&text), TEXT("{\"a\":1}\n{\"ha\n{\"b\":2}\n{\"c\":3}\n"));
        buf_done(&text);
}

static void assert_refused(int err)
{
        struct journal *journal = NULL;
        struct buf text = { 0 };

        assert_int_equal(journal_open(&journal), err);
        assert_null(journal);
        assert_int_equal(journal_read(&text), err);
        assert_int_equal(text.len, 0);
        buf_done(&text);
}

static void what_is_no_journal_is_refused(void **state)
{
        char *file;

        (void)state;
        set("XDG_STATE_HOME", "/s");
        put("/elsewhere", "precious\n", 0600);
        put("/s/ipcview/other", "", 0600);
        file = tree_path(&home, "/s/ipcview/journal.ndjson");

        assert_int_equal(symlink("../../elsewhere", file), 0);
        assert_refused(-ELOOP);
        assert_int_equal(unlink(file), 0);

        assert_int_equal(mkfifo(file, 0600), 0);
        assert_refused(-EINVAL);
        assert_int_equal(unlink(file), 0);

        assert_int_equal(mkdir(file, 0700), 0);
        assert_refused(-EINVAL);
        assert_int_equal(rmdir(file), 0);

        put("/s/ipcview/journal.ndjson", "", 0620);
        assert_refused(-EPERM);
        free(file);
}

static void a_directory_of_others_is_refused(void **state)
{
        char *dir;

        (void)state;
        set("XDG_STATE_HOME", "/s");
        put("/s/ipcview/journal.ndjson", "", 0600);
        dir = tree_path(&home, "/s/ipcview");
        assert_int_equal(chmod(dir, 0777), 0);
        assert_refused(-EPERM);
        if (geteuid() == 0) {
                assert_int_equal(chmod(dir, 0700), 0);
                assert_int_equal(chown(dir, 1234, 0), 0);
                assert_refused(-EPERM);
                assert_int_equal(chown(dir, 0, 0), 0);
                free(dir);
                dir = tree_path(&home, "/s/ipcview/journal.ndjson");
                assert_int_equal(chown(dir, 1234, 0), 0);
                assert_refused(-EPERM);
        }
        free(dir);
}

static void a_linked_directory_is_refused(void **state)
{
        char *from;

        (void)state;
        set("XDG_STATE_HOME", "/s");
        put("/s/real/journal.ndjson", "", 0600);
        from = tree_path(&home, "/s/ipcview");
        assert_int_equal(symlink("real", from), 0);
        assert_refused(-ENOTDIR);
        free(from);
}

enum { WRITERS = 4, LINES = 200, LONG = 6000 };

static void write_many(char letter)
{
        char line[LONG + 1];
        struct journal *journal;

        memset(line, letter, LONG);
        line[LONG] = 0;
        if (journal_open(&journal) < 0)
                _exit(1);
        for (int i = 0; i < LINES; i++)
                if (journal_write(journal, text_of(line)) < 0)
                        _exit(1);
        _exit(journal_close(journal) < 0);
}

static void lines_of_several_stay_whole(void **state)
{
        unsigned counts[WRITERS] = { 0 };
        struct buf text = { 0 };
        struct text rest, line;

        (void)state;
        set("XDG_STATE_HOME", "/s");
        for (int i = 0; i < WRITERS; i++) {
                pid_t child = fork();

                assert_true(child >= 0);
                if (child == 0)
                        write_many((char)('a' + i));
        }
        for (int i = 0; i < WRITERS; i++) {
                int status;

                assert_true(wait(&status) > 0);
                assert_int_equal(status, 0);
        }
        rest = journal_text(&text);
        while (text_split(&rest, '\n', &line)) {
                if (line.len == 0)
                        continue;
                assert_int_equal(line.len, LONG);
                for (size_t i = 1; i < line.len; i++)
                        assert_int_equal(line.data[i], line.data[0]);
                counts[line.data[0] - 'a']++;
        }
        for (int i = 0; i < WRITERS; i++)
                assert_int_equal(counts[i], LINES);
        buf_done(&text);
}

struct found {
        struct buf paths, texts;
};

static void gather(const char *path, struct text text, void *data)
{
        struct found *found = data;

        buf_printf(&found->paths, "%s\n", path + strlen(home.root));
        buf_add(&found->texts, text);
}

static int configuration(struct found *found, struct buf *path)
{
        buf_clear(&found->paths);
        buf_clear(&found->texts);
        buf_clear(path);
        return state_configuration(gather, found, path);
}

/* The machine's own file would be found, too. */
static void the_users_file_is_read(void **state)
{
        struct found found = { 0 };
        struct buf path = { 0 };
        char *link;

        (void)state;
        if (access("/etc/ipcview.conf", F_OK) == 0)
                skip();
        assert_int_equal(configuration(&found, &path), 0);
        assert_int_equal(found.paths.len, 0);

        put("/.config/ipcview/ipcview.conf", "a\n", 0644);
        assert_int_equal(configuration(&found, &path), 0);
        assert_text(buf_text(&found.paths), TEXT("/.config/ipcview/ipcview.conf\n"));
        assert_text(buf_text(&found.texts), TEXT("a\n"));

        set("XDG_CONFIG_HOME", "/c");
        put("/c/ipcview/real", "b", 0400);
        link = tree_path(&home, "/c/ipcview/ipcview.conf");
        assert_int_equal(symlink("real", link), 0);
        assert_int_equal(configuration(&found, &path), 0);
        assert_text(buf_text(&found.texts), TEXT("b"));
        assert_int_equal(setenv("XDG_CONFIG_HOME", "c", 1), 0);
        assert_int_equal(configuration(&found, &path), 0);
        assert_text(buf_text(&found.texts), TEXT("a\n"));
        free(link);
        buf_done(&found.paths);
        buf_done(&found.texts);
        buf_done(&path);
}

static void others_must_not_write_it(void **state)
{
        static const mode_t modes[] = { 0666, 0664, 0602 };
        struct found found = { 0 };
        struct buf path = { 0 };
        char *file;

        (void)state;
        if (access("/etc/ipcview.conf", F_OK) == 0)
                skip();
        for (size_t i = 0; i < COUNT(modes); i++) {
                put("/.config/ipcview/ipcview.conf", "a\n", modes[i]);
                assert_int_equal(configuration(&found, &path), -EPERM);
                assert_string_equal(path.data + strlen(home.root), "/.config/ipcview/ipcview.conf");
                assert_int_equal(found.texts.len, 0);
        }
        file = tree_path(&home, "/.config/ipcview/ipcview.conf");
        assert_int_equal(unlink(file), 0);
        assert_int_equal(mkfifo(file, 0600), 0);
        assert_int_equal(configuration(&found, &path), -EINVAL);
        assert_int_equal(unlink(file), 0);
        assert_int_equal(mkdir(file, 0700), 0);
        assert_int_equal(configuration(&found, &path), -EISDIR);
        free(file);
        buf_done(&found.paths);
        buf_done(&found.texts);
        buf_done(&path);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
        const struct CMUnitTest tests[] = {
                TEST(where_it_is),
                TEST(relative_variables_do_not_count),
                TEST(lines_are_appended),
                TEST(half_a_line_is_ended),
                TEST(what_is_no_journal_is_refused),
                TEST(a_directory_of_others_is_refused),
                TEST(a_linked_directory_is_refused),
                TEST(lines_of_several_stay_whole),
                TEST(the_users_file_is_read),
                TEST(others_must_not_write_it),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
