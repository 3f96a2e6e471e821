/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A main() for a fuzz target that needs no fuzzer: gives it every file of a
 * corpus, whole and cut off at every length, and reports each file as a TAP
 * test. A target has no opinion of its input but that nothing breaks, so a
 * failure is a crash: the plan, printed first, then tells that tests are missing.
 *
 * Called without argument, replay-X takes the corpus $srcdir/tests/fuzz/corpus/X.
 */
#include "base/buf.h"
#include "base/memory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
        MOST_BYTES = 1 << 20,           /* of a file */
        MOST_CUTS  = 4096,              /* beyond, cutting would be quadratic work */
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int is_visible(const struct dirent *entry)
{
        return entry->d_name[0] != '.';
}

/* Reads a whole file. 0 or -errno. */
static int read_file(const char *dir, const char *name, struct buf *out)
{
        struct buf path = { 0 };
        struct stat facts;
        ssize_t n = 0;
        int fd, r = 0;

        buf_printf(&path, "%s/%s", dir, name);
        fd = open(path.data, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
        if (fd < 0)
                r = -errno;
        buf_done(&path);
        if (r < 0)
                return r;

        if (fstat(fd, &facts) < 0)
                r = -errno;
        else if (!S_ISREG(facts.st_mode))
                r = -EISDIR;
        else if (facts.st_size > MOST_BYTES)
                r = -EFBIG;
        while (r == 0 && out->len <= MOST_BYTES) {
                n = read(fd, buf_reserve(out, 4096), 4096);
                if (n <= 0)
                        break;
                out->len += (size_t)n;
        }
        if (n < 0)
                r = -errno;
        close(fd);
        return r;
}

/* In memory of exactly its size: a sanitizer then sees the first byte read beyond. */
static void run_one(const char *data, size_t size)
{
        uint8_t *copy = malloc(size > 0 ? size : 1);

        if (!copy)
                memory_exhausted();
        if (size > 0)
                memcpy(copy, data, size);
        LLVMFuzzerTestOneInput(copy, size);
        free(copy);
}

static void run_cuts(const struct buf *content)
{
        size_t cuts = content->len < MOST_CUTS ? content->len : MOST_CUTS;

        for (size_t n = 0; n < cuts; n++)
                run_one(content->data, n);
        run_one(content->len > 0 ? content->data : "", content->len);
}

/* False if the file could not be read. */
static bool replay_file(const char *dir, const char *name, int number)
{
        struct buf content = { 0 };
        int r = read_file(dir, name, &content);

        if (r == 0) {
                fprintf(stderr, "%s/%s: %zu bytes\n", dir, name, content.len);
                run_cuts(&content);
                printf("ok %d - %s\n", number, name);
        } else {
                printf("not ok %d - %s: %s\n", number, name, strerror(-r));
        }
        fflush(stdout);
        buf_done(&content);
        return r == 0;
}

static bool replay_dir(const char *dir)
{
        struct dirent **names = NULL;
        int n = scandir(dir, &names, is_visible, alphasort);
        bool good = n > 0;

        if (n < 0)
                printf("Bail out! %s: %s\n", dir, strerror(errno));
        else if (n == 0)
                printf("Bail out! %s is empty\n", dir);
        else
                printf("1..%d\n", n);
        fflush(stdout);

        for (int i = 0; i < n; i++) {
                good &= replay_file(dir, names[i]->d_name, i + 1);
                free(names[i]);
        }
        free(names);
        return good;
}

int main(int argc, char **argv)
{
        const char *program = strrchr(argv[0], '/'), *source = getenv("srcdir"), *target;
        struct buf dir = { 0 };
        bool good;

        program = program ? program + 1 : argv[0];
        target = strstr(program, "replay-");
        if (argc > 2 || (argc == 1 && !target)) {
                fprintf(stderr, "usage: replay-TARGET [DIR]\n");
                return 2;
        }
        if (argc == 2)
                buf_string(&dir, argv[1]);
        else
                buf_printf(&dir, "%s/tests/fuzz/corpus/%s", source ? source : ".", target + strlen("replay-"));
        good = replay_dir(dir.data);
        buf_done(&dir);
        return good ? 0 : 1;
}
