/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_UNIT_COPY_H
#define TESTS_UNIT_COPY_H

/* A saved copy as a sample. Include it behind cmocka.h. */
#include "sys/copy.h"

#include "tree.h"

enum { MIB = 1 << 20 };

static char copy_pattern[3 * MIB + 17];

static inline struct copy_writer *begin(const struct tree *tree, const char *dir)
{
        struct copy_writer *copy = NULL;
        char *path = tree_path(tree, dir);
        const char *why = "";

        assert_int_equal(copy_begin(path, "x", &copy, &why), 0);
        assert_null(why);
        free(path);
        return copy;
}

static inline char *finish(struct copy_writer *copy)
{
        struct buf path = { 0 };

        assert_int_equal(copy_finish(copy, &path), 0);
        return path.data;
}

/* Two files: a word, and `copy_pattern` with a hole of 2.5 MiB and a few zeros before its last 17 bytes. */
static inline char *write_sample(const struct tree *tree, const char *dir)
{
        struct copy_writer *copy = begin(tree, dir);

        for (size_t i = 0; i < sizeof(copy_pattern); i++)
                copy_pattern[i] = (char)(i * 2654435761u >> 13);
        memset(copy_pattern + MIB, 0, 8192);
        assert_int_equal(copy_file(copy, "object.json"), 0);
        assert_int_equal(copy_write(copy, "hello", 5), 0);
        assert_int_equal(copy_file(copy, "data"), 0);
        assert_int_equal(copy_write(copy, copy_pattern, 3 * MIB), 0);
        assert_int_equal(copy_hole(copy, 5 * MIB / 2 + 3), 0);
        assert_int_equal(copy_write(copy, copy_pattern + 3 * MIB, 17), 0);
        return finish(copy);
}

#endif
