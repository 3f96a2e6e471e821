/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/input.h"

#include "sys/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

int input_read(const char *path, size_t most, struct buf *out)
{
        int fd, r;

        if (strcmp(path, "-") == 0)
                return file_read(STDIN_FILENO, most, out);
        fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
        if (fd < 0)
                return -errno;
        r = file_read(fd, most, out);
        close(fd);
        return r;
}
