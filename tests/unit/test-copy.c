/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Saved copies on disk: what is written is read again, whatever is damaged is refused. */
#include "sys/copy.h"

#include "base/array.h"

#include <errno.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "copy.h"

static uint64_t sample_size(void)
{
        return sizeof(copy_pattern) + 5 * MIB / 2 + 3;
}

static bool same_as_sample(uint64_t at, const char *bytes, size_t len)
{
        for (size_t i = 0; i < len; i++, at++) {
                char wanted = 0;

                if (at < 3 * MIB)
                        wanted = copy_pattern[at];
                else if (at >= sample_size() - 17)
                        wanted = copy_pattern[3 * MIB + (at - (sample_size() - 17))];
                if (bytes[i] != wanted)
                        return false;
        }
        return true;
}

static int found_data(void *data, uint64_t at, const void *bytes, size_t len)
{
        uint64_t *sum = data;

        assert_true(same_as_sample(at, bytes, len));
        *sum += len;
        return 0;
}

static void what_is_written_is_read(void **state)
{
        struct tree tree;
        struct copy_reader *copy;
        struct buf what = { 0 }, word = { 0 };
        char *path, block[4096];
        uint64_t size, at = 0, data = 0;
        struct stat st;
        ssize_t n;
        int fd;

        (void)state;
        tree_init(&tree);
        path = write_sample(&tree, "/a/b");
        assert_string_equal(strrchr(path, '/'), "/x");
        assert_int_equal(stat(path, &st), 0);
        assert_int_equal(st.st_mode & 07777, 0700);
        assert_int_equal(copy_open(path, &copy, &what), 0);
        assert_int_equal(what.len, 0);
        assert_int_equal(copy_read_file(copy, "object.json", 100, &word), 0);
        assert_text(buf_text(&word), TEXT("hello"));
        assert_int_equal(copy_read_file(copy, "object.json", 4, &word), -EFBIG);
        assert_int_equal(copy_read_file(copy, "none", 4, &word), -ENOENT);
        fd = copy_descriptor(copy, "data", &size);
        assert_true(fd >= 0 && size == sample_size());
        for (; (n = read(fd, block, sizeof(block))) > 0; at += (uint64_t)n)
                assert_true(same_as_sample(at, block, (size_t)n));
        assert_true(at == size);
        assert_int_equal(fstat(fd, &st), 0);
        assert_int_equal(st.st_mode & 07777, 0600);
        /* The hole, and the pages of zeros in the middle of the data. */
        assert_true((uint64_t)st.st_blocks * 512 < size - 2 * MIB);
        /* Nothing but data is handed out; the page that has the last bytes has zeros, too. */
        assert_int_equal(copy_data(copy, "data", found_data, &data), 0);
        assert_true(data >= 3 * MIB + 17 - 8192 && data <= 3 * MIB + 17 - 8192 + 2 * 4096);
        copy_close(copy);
        copy_close(NULL);
        buf_done(&what);
        buf_done(&word);
        free(path);
        tree_done(&tree);
}

/* In the words of whoever has no ipcview any more: xxh128sum(1), of these exact bytes. */
static void sums_are_those_of_xxh128sum(void **state)
{
        struct tree tree;
        struct copy_writer *copy;
        char *path, *sums;
        struct buf what = { 0 }, text = { 0 };
        struct copy_reader *reader;

        (void)state;
        tree_init(&tree);
        copy = begin(&tree, "/sums");
        assert_int_equal(copy_file(copy, "empty"), 0);
        assert_int_equal(copy_file(copy, "a"), 0);
        assert_int_equal(copy_write(copy, "a", 1), 0);
        assert_int_equal(copy_file(copy, "hole"), 0);
        assert_int_equal(copy_hole(copy, 1 << 20), 0);
        path = finish(copy);
        assert_int_equal(copy_open(path, &reader, &what), 0);
        assert_int_equal(copy_read_file(reader, "SUMS", 4096, &text), 0);
        sums = text.data;
        assert_non_null(strstr(sums, "99aa06d3014798d86001c324468d497f  empty\n"));
        assert_non_null(strstr(sums, "a96faf705af16834e6c632b61e964e1f  a\n"));
        assert_non_null(strstr(sums, "  hole\n"));
        copy_close(reader);
        buf_done(&text);
        free(path);
        tree_done(&tree);
}

/* Written piece by piece or at once, as zeros or as a hole, or from a file: the same bytes, the same sums. */
static void pieces_do_not_matter(void **state)
{
        static const size_t pieces[] = { 1 << 20, 4095, 65536, 262144, 262145 };
        struct buf first = { 0 };
        struct tree tree;

        (void)state;
        tree_init(&tree);
        for (unsigned i = 0; i <= COUNT(pieces) + 1; i++) {
                struct copy_writer *copy = begin(&tree, "/pieces");
                struct copy_reader *reader;
                struct buf what = { 0 }, sums = { 0 };
                char *path;

                assert_int_equal(copy_file(copy, "data"), 0);
                if (i == COUNT(pieces)) {
                        assert_int_equal(copy_write(copy, copy_pattern, MIB), 0);
                        assert_int_equal(copy_hole(copy, 8192), 0);
                        assert_int_equal(copy_write(copy, copy_pattern + MIB + 8192, sizeof(copy_pattern) - MIB - 8192), 0);
                } else if (i > COUNT(pieces)) {
                        char *source = tree_path(&tree, "/source");
                        int fd;

                        tree_bytes(&tree, "/source", (struct text){ copy_pattern, sizeof(copy_pattern) });
                        fd = open(source, O_RDONLY | O_CLOEXEC);
                        assert_true(fd >= 0);
                        assert_int_equal(copy_from(copy, fd, 0, 100), 0);
                        assert_int_equal(copy_from(copy, fd, 100, sizeof(copy_pattern) - 100), 0);
                        assert_int_equal(copy_from(copy, fd, sizeof(copy_pattern) - 1, 2), -ENODATA);
                        close(fd);
                        free(source);
                        assert_false(copy_abandon(copy, &what));
                        continue;
                }
                for (size_t at = 0; i < COUNT(pieces) && at < sizeof(copy_pattern); at += pieces[i])
                        assert_int_equal(copy_write(copy, copy_pattern + at, sizeof(copy_pattern) - at < pieces[i] ?
                                                    sizeof(copy_pattern) - at : pieces[i]), 0);
                path = finish(copy);
                assert_int_equal(copy_open(path, &reader, &what), 0);
                assert_int_equal(copy_read_file(reader, "SUMS", 4096, i ? &sums : &first), 0);
                if (i)
                        assert_text(buf_text(&sums), buf_text(&first));
                copy_close(reader);
                buf_done(&sums);
                free(path);
        }
        buf_done(&first);
        tree_done(&tree);
}

/* --- damage --- */

static char *inside(const char *path, const char *name)
{
        struct buf full = { 0 };

        buf_printf(&full, "%s/%s", path, name);
        return full.data;
}

static void flip(const char *path, const char *name, off_t at)
{
        char *file = inside(path, name), byte;
        int fd = open(file, O_RDWR | O_CLOEXEC);

        assert_true(fd >= 0);
        if (at < 0)
                at = lseek(fd, at, SEEK_END);
        assert_int_equal(pread(fd, &byte, 1, at), 1);
        byte ^= 1;
        assert_int_equal(pwrite(fd, &byte, 1, at), 1);
        close(fd);
        free(file);
}

static void put(const char *path, const char *name, const char *content, int flags)
{
        char *file = inside(path, name);
        int fd = open(file, O_WRONLY | O_CREAT | flags | O_CLOEXEC, 0600);

        assert_true(fd >= 0);
        assert_int_equal(write(fd, content, strlen(content)), (ssize_t)strlen(content));
        close(fd);
        free(file);
}

static void replace(const char *path, const char *name, int (*make)(const char *file))
{
        char *file = inside(path, name);

        unlink(file);
        assert_int_equal(make(file), 0);
        free(file);
}

static int make_nothing(const char *file)
{
        (void)file;
        return 0;
}

static int make_fifo(const char *file)
{
        return mkfifo(file, 0600);
}

static int make_link(const char *file)
{
        return symlink("/etc/passwd", file);
}

static int make_directory(const char *file)
{
        return mkdir(file, 0700);
}

static void cut(const char *path, const char *name, off_t less)
{
        char *file = inside(path, name);
        struct stat st;

        assert_int_equal(stat(file, &st), 0);
        assert_int_equal(truncate(file, st.st_size - less), 0);
        free(file);
}

static void set_mode(const char *path, const char *name, mode_t mode)
{
        char *file = inside(path, name);

        assert_int_equal(chmod(file, mode), 0);
        free(file);
}

static void damage(const char *path, unsigned how)
{
        switch (how) {
        case 0: flip(path, "data", 0); break;
        case 1: flip(path, "data", -1); break;
        case 2: flip(path, "data", 4 * MIB); break;     /* in the hole */
        case 3: flip(path, "data", MIB + 100); break;
        case 4: cut(path, "data", 1); break;
        case 5: cut(path, "data", 3 * MIB); break;
        case 6: put(path, "data", "x", O_APPEND); break;
        case 7: cut(path, "data", -1); break;           /* longer by a hole */
        case 8: replace(path, "data", make_nothing); break;
        case 9: replace(path, "data", make_fifo); break;
        case 10: replace(path, "data", make_link); break;
        case 11: replace(path, "data", make_directory); break;
        case 12: put(path, "more", "x", O_EXCL); break;
        case 13: put(path, ".more", "x", O_EXCL); break;
        case 14: put(path, "a b", "x", O_EXCL); break;
        case 15: flip(path, "object.json", 0); break;
        case 16: replace(path, "object.json", make_nothing); break;
        case 17: flip(path, "SUMS", 0); break;
        case 18: cut(path, "SUMS", 1); break;
        case 19: cut(path, "SUMS", 10); break;
        case 20: put(path, "SUMS", "\n", O_APPEND); break;
        case 21: put(path, "SUMS", "99aa06d3014798d86001c324468d497f  data\n", O_APPEND); break;
        case 22: put(path, "SUMS", "99aa06d3014798d86001c324468d497f  ../data\n", O_APPEND); break;
        case 23: put(path, "SUMS", "99aa06d3014798d86001c324468d497f  SUMS\n", O_APPEND); break;
        case 24: put(path, "SUMS", "99aa06d3014798d86001c324468d497f  gone\n", O_APPEND); break;
        case 25: put(path, "SUMS", "", O_TRUNC); break;
        case 26: replace(path, "SUMS", make_fifo); break;
        case 27: replace(path, "SUMS", make_link); break;
        case 28: put(path, "SUMS", "99AA06D3014798D86001C324468D497F  object.json\n", O_TRUNC); break;
        case 29: set_mode(path, "data", 0620); break;
        case 30: set_mode(path, "SUMS", 0602); break;
        case 31: set_mode(path, ".", 0770); break;
        case 32: replace(path, "SUMS", make_nothing); break;
        }
}

enum { DAMAGES = 33, UNTRUSTED_FIRST = 29, UNTRUSTED_LAST = 31 };

static void damage_is_refused(void **state)
{
        struct tree tree;

        (void)state;
        tree_init(&tree);
        for (unsigned i = 0; i < DAMAGES; i++) {
                char *path = write_sample(&tree, "/damage");
                struct copy_reader *copy = NULL;
                struct buf what = { 0 };
                int r = copy_open(path, &copy, &what);

                assert_int_equal(r, 0);
                copy_close(copy);
                copy = NULL;
                damage(path, i);
                r = copy_open(path, &copy, &what);
                if (r != (i >= UNTRUSTED_FIRST && i <= UNTRUSTED_LAST ? -EPERM : -EBADMSG) || what.len == 0)
                        fail_msg("damage %u: %d, %s", i, r, what.data ? what.data : "(nothing)");
                assert_null(copy);
                buf_done(&what);
                free(path);
        }
        tree_done(&tree);
}

static void others_files_are_not_trusted(void **state)
{
        struct tree tree;
        struct copy_reader *copy = NULL;
        struct buf what = { 0 };
        char *path, *file;

        (void)state;
        if (geteuid() != 0)
                skip();
        tree_init(&tree);
        path = write_sample(&tree, "/foreign");
        file = inside(path, "data");
        assert_int_equal(chown(file, 12345, 0), 0);
        assert_int_equal(copy_open(path, &copy, &what), -EPERM);
        assert_text(buf_text(&what), TEXT("data"));
        assert_int_equal(chown(file, 0, 0), 0);
        assert_int_equal(chown(path, 12345, 0), 0);
        assert_int_equal(copy_open(path, &copy, &what), -EPERM);
        buf_done(&what);
        free(file);
        free(path);
        tree_done(&tree);
}

static void no_copy(void **state)
{
        struct copy_reader *copy = NULL;
        struct buf what = { 0 };
        struct tree tree;
        char *path;

        (void)state;
        tree_init(&tree);
        path = tree_path(&tree, "/empty");
        assert_int_equal(copy_open(path, &copy, &what), -ENOENT);
        assert_int_equal(mkdir(path, 0700), 0);
        assert_int_equal(copy_open(path, &copy, &what), -ENOENT);
        assert_int_equal(copy_open("/etc/passwd", &copy, &what), -ENOTDIR);
        assert_null(copy);
        buf_done(&what);
        free(path);
        tree_done(&tree);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(what_is_written_is_read),
                cmocka_unit_test(sums_are_those_of_xxh128sum),
                cmocka_unit_test(pieces_do_not_matter),
                cmocka_unit_test(damage_is_refused),
                cmocka_unit_test(others_files_are_not_trusted),
                cmocka_unit_test(no_copy),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
