/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/state-private.h"

#include "base/array.h"
#include "base/memory.h"
#include "sys/file.h"
#include "sys/recorded.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define JOURNAL_FILE "journal.ndjson"

enum { READ_MOST = 256 << 20 };

struct journal {
        int fd;
        atomic_bool torn;               /* the last line has no end: what follows begins a new one */
        atomic_bool written;
        struct journal_author author;
        struct buf user, login_user;
        struct buf author_told;
};

/*
 * A disk that was full may have left half a line. Another writer's that is just
 * growing looks the same: then an empty line comes of it, which nobody minds.
 */
static bool is_torn(int fd, off_t size)
{
        char last;

        return size > 0 && pread(fd, &last, 1, size - 1) == 1 && last != '\n';
}

static void learn_author(struct journal *journal)
{
        struct journal_author *author = &journal->author;

        author->uid = geteuid();
        author->login_uid = state_login_uid();
        author->pid = getpid();
        users_ask_user(author->uid, &journal->user);
        if (author->login_uid != (uid_t)-1)
                users_ask_user(author->login_uid, &journal->login_user);
        author->user = buf_text(&journal->user);
        author->login_user = buf_text(&journal->login_user);
}

int journal_open(struct journal **ret)
{
        struct journal *journal;
        struct stat st;
        int fd = state_open_file(JOURNAL_FILE, O_RDWR, &st);

        if (fd < 0)
                return fd;
        journal = memory_new(sizeof(*journal));
        journal->fd = fd;
        journal->torn = is_torn(fd, st.st_size);
        learn_author(journal);
        *ret = journal;
        return 0;
}

const struct journal_author *journal_author(const struct journal *journal)
{
        return &journal->author;
}

struct buf *journal_author_told(struct journal *journal)
{
        return &journal->author_told;
}

int journal_write(struct journal *journal, struct text line)
{
        char newline[] = "\n";
        bool torn = atomic_exchange(&journal->torn, false);
        struct iovec parts[] = {
                { newline, torn }, { (char *)(uintptr_t)line.data, line.len }, { newline, 1 },
        };
        ssize_t n;
        int r = 0;

        do
                n = writev(journal->fd, parts, COUNT(parts));
        while (n < 0 && errno == EINTR);
        if (n < 0)
                r = -errno;
        else if ((size_t)n < torn + line.len + 1)
                r = -ENOSPC;
        if (n > 0)
                journal->written = true;
        /* Nothing was written: as it was before. */
        if (r < 0 && (n > 0 || torn))
                journal->torn = true;
        return r;
}

int journal_close(struct journal *journal)
{
        int r = 0;

        if (!journal)
                return 0;
        if (journal->written && fdatasync(journal->fd) < 0)
                r = -errno;
        if (close(journal->fd) < 0 && r == 0)
                r = -errno;
        buf_done(&journal->user);
        buf_done(&journal->login_user);
        buf_done(&journal->author_told);
        free(journal);
        return r;
}

int journal_read(struct buf *out)
{
        struct stat st;
        int fd = state_open_file(JOURNAL_FILE, O_RDONLY, &st), r = 0;

        if (fd < 0)
                return fd;
        if (st.st_size > READ_MOST && lseek(fd, st.st_size - READ_MOST, SEEK_SET) < 0)
                r = -errno;
        /* It may grow while it is read. */
        if (r == 0)
                r = file_read(fd, (size_t)READ_MOST * 2, out);
        close(fd);
        return r;
}

int journal_path(struct buf *out)
{
        int r = state_directory(out);

        if (r == 0)
                buf_string(out, "/" JOURNAL_FILE);
        return r;
}
