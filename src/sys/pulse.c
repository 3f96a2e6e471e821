/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/pulse.h"

#include "base/memory.h"
#include "sys/file.h"
#include "sys/numbers.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { THREADS_MOST = 64, BEAT_TEXT = 64, LIST_BYTES = 4096 };

/* The line of a thread, as it was. */
struct beat {
        int fd;
        ssize_t len;
        char text[BEAT_TEXT];
};

void pulse_drop(struct pulse *pulse)
{
        for (size_t i = 0; i < pulse->nbeats; i++)
                close(pulse->beats[i].fd);
        free(pulse->beats);
        *pulse = (struct pulse){ 0 };
}

/* Three times 0 is what a kernel says that does not count. */
static bool is_beat(const struct beat *beat)
{
        return beat->len > 0 && beat->len < BEAT_TEXT && memcmp(beat->text, "0 0 0", strlen("0 0 0")) != 0;
}

static bool add_beat(struct pulse *pulse, int dir, const char *path)
{
        struct beat *beat = &pulse->beats[pulse->nbeats];

        beat->fd = openat(dir, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        if (beat->fd < 0)
                return false;
        pulse->nbeats++;
        beat->len = pread(beat->fd, beat->text, BEAT_TEXT, 0);
        return is_beat(beat);
}

/* A directory has two links beside those of its subdirectories. 0: more than we want to know of. */
static size_t count_threads(int dir)
{
        struct stat st;

        if (fstatat(dir, "task", &st, AT_SYMLINK_NOFOLLOW) < 0 || st.st_nlink < 3 ||
            st.st_nlink > THREADS_MOST + 2)
                return 0;
        return st.st_nlink - 2;
}

static bool add_threads(struct pulse *pulse, int dir, size_t n)
{
        char list[LIST_BYTES], path[NUMBERS_TEXT + sizeof("/schedstat")];
        struct numbers numbers = { 0 };
        const char *name;
        uint32_t tid;
        bool fine = true;
        int task = file_open_directory(dir, "task", O_RDONLY);

        if (task < 0)
                return false;
        numbers_init(&numbers, false, task, list, sizeof(list));
        while (fine && numbers_next(&numbers, &tid, &name)) {
                snprintf(path, sizeof(path), "%s/schedstat", name);
                fine = pulse->nbeats < n && add_beat(pulse, task, path);
        }
        numbers_done(&numbers);
        close(task);
        return fine && pulse->nbeats == n;
}

bool pulse_take(struct pulse *pulse, int dir)
{
        size_t n = count_threads(dir);
        bool taken = false;

        *pulse = (struct pulse){ 0 };
        if (n > 0) {
                pulse->beats = memory_resize(NULL, n, sizeof(*pulse->beats));
                taken = n == 1 ? add_beat(pulse, dir, "schedstat") : add_threads(pulse, dir, n);
        }
        /* Nor has one begun behind our back, before the one that began it was read. */
        if (!taken || count_threads(dir) != n)
                pulse_drop(pulse);
        return pulse->nbeats > 0;
}

bool pulse_is_same(const struct pulse *pulse)
{
        char text[BEAT_TEXT];

        for (size_t i = 0; i < pulse->nbeats; i++) {
                const struct beat *beat = &pulse->beats[i];

                if (pread(beat->fd, text, BEAT_TEXT, 0) != beat->len ||
                    memcmp(text, beat->text, (size_t)beat->len) != 0)
                        return false;
        }
        return pulse->nbeats > 0;
}

bool pulse_is_alive(const struct pulse *pulse)
{
        char text[BEAT_TEXT];

        for (size_t i = 0; i < pulse->nbeats; i++)
                if (pread(pulse->beats[i].fd, text, BEAT_TEXT, 0) > 0)
                        return true;
        return false;
}

int pulse_descriptor(const struct pulse *pulse, size_t number)
{
        return pulse->beats[number].fd;
}
