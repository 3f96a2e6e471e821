/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_UNIT_TREE_H
#define TESTS_UNIT_TREE_H

/*
 * A small recorded machine in a directory of its own, below $TMPDIR. Each
 * function takes paths as on that machine ("/proc/7/stat") and makes the
 * directories that lead there. Include it behind cmocka.h.
 */
#include "base/buf.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct tree {
        char root[256];
};

#define assert_text(got, expected) \
        do { \
                struct text got_ = (got), want_ = (expected); \
                assert_int_equal(got_.len, want_.len); \
                if (want_.len > 0) \
                        assert_memory_equal(got_.data, want_.data, want_.len); \
        } while (0)

static inline void tree_init(struct tree *tree)
{
        const char *tmp = getenv("TMPDIR");

        snprintf(tree->root, sizeof(tree->root), "%s/ipcview-test-XXXXXX", tmp && *tmp ? tmp : "/tmp");
        assert_non_null(mkdtemp(tree->root));
}

static inline int tree_remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
        (void)st;
        (void)type;
        (void)ftw;
        return remove(path);
}

static inline void tree_done(struct tree *tree)
{
        assert_int_equal(nftw(tree->root, tree_remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}

/* The path outside, with all directories above it made. To be freed. */
static inline char *tree_path(const struct tree *tree, const char *path)
{
        struct buf full = { 0 };

        buf_printf(&full, "%s%s", tree->root, path);
        for (char *slash = full.data + strlen(tree->root) + 1; (slash = strchr(slash, '/')); slash++) {
                *slash = 0;
                mkdir(full.data, 0755);
                *slash = '/';
        }
        return full.data;
}

static inline void tree_bytes(const struct tree *tree, const char *path, struct text content)
{
        char *full = tree_path(tree, path);
        int fd = open(full, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

        assert_true(fd >= 0);
        assert_int_equal(write(fd, content.data, content.len), content.len);
        close(fd);
        free(full);
}

static inline void tree_file(const struct tree *tree, const char *path, const char *content)
{
        tree_bytes(tree, path, text_of(content));
}

static inline void tree_link(const struct tree *tree, const char *path, const char *target)
{
        char *full = tree_path(tree, path);

        assert_int_equal(symlink(target, full), 0);
        free(full);
}

static inline void tree_directory(const struct tree *tree, const char *path)
{
        char *full = tree_path(tree, path);

        assert_int_equal(mkdir(full, 0755), 0);
        free(full);
}

static inline void tree_fifo(const struct tree *tree, const char *path)
{
        char *full = tree_path(tree, path);

        assert_int_equal(mkfifo(full, 0644), 0);
        free(full);
}

#endif
