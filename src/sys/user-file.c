/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/user-file.h"

#include "sys/file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int user_file_new(const char *path, struct text contents, mode_t mode)
{
        int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOCTTY, mode), err;

        if (fd < 0)
                return -errno;
        err = file_write(fd, contents);
        if (close(fd) < 0 && err == 0)
                err = -errno;
        /* Ours: it was not there before. */
        if (err < 0)
                unlink(path);
        return err;
}
