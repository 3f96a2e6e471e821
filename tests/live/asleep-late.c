/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Steps of asleep.c: what is read anew but now and then, or when something else says that it has changed. */
#include "asleep.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

/* Directories that were last changed so long ago are not read again. */
static void wait_for_listings(void)
{
        nanosleep(&(struct timespec){ .tv_sec = 3, .tv_nsec = 200000000 }, NULL);
        look_woken(0);
}

static void listings(void)
{
        struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "/tmp/stale" };
        char path[64];

        begin_all();
        for (unsigned i = 0; i < 2; i++) {
                int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

                wait_for_listings();
                shm_path(70 + i, path);
                close(open_with_bytes(path));
                CHECK(bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0);
                close(fd);
                look_after(0);
                CHECK(told("/tmp/stale") > 0 && told(path + strlen("/dev/shm")) > 0);
                wait_for_listings();
                CHECK(i == 0 ? rename("/tmp/stale", "/tmp/renamed") == 0 : unlink("/tmp/stale") == 0);
                CHECK(rename(path, "/dev/shm/other") == 0);
                look_after(0);
                CHECK(told("/tmp/stale") == 0 && told("/tmp/renamed") > 0 && told("\"/other\"") > 0);
        }
}

/* A message brings it to one of them: nobody who had it before has run. */
static void counts_by_message(void)
{
        begin_all();
        for (unsigned i = 0; i < 2; i++) {
                int fd = eventfd(0, EFD_CLOEXEC);

                CHECK(fd >= 0);
                tell_with(server(i), do_keep, 0, fd);
                tell_thread_ahead(server(1 - i), do_post_given, 0, fd);
                close(fd);
                look_after(1);
                tell(server(1 - i), do_start_thread, 0);
                look_after(1);
        }
}

/* Nobody runs who has them: what was said of them is told for a while, and of each for so many looks at most. */
static void counts_by_kernel(void)
{
        enum { COUNTERS = 32, LOOKS_MOST = 8 };
        static const char *const counted = "\"count\":70001,";
        unsigned n = 0, last = 0, steps = 0;
        int pipes[COUNTERS][2];

        begin_all();
        for (unsigned i = 0; i < COUNTERS; i++) {
                CHECK(pipe2(pipes[i], O_CLOEXEC) == 0);
                if (tell_with(server(i % 2), do_count_polls, tell(server(i % 2), do_eventfd, 70000), pipes[i][0]) < 0)
                        skip("this kernel does not count on descriptors (CONFIG_AIO)");
        }
        look_woken(2);
        CHECK(told("\"count\":70000,") == COUNTERS);
        for (unsigned i = 0; i < COUNTERS; i++)
                CHECK(write(pipes[i][1], "", 1) == 1);
        while (told_by(NULL, counted) < COUNTERS)
                nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
        for (unsigned i = 0; i < LOOKS_MOST; i++, last = n) {
                n = told_by(sleepers, counted);
                CHECK(n >= last);
                steps += n > last;
        }
        CHECK(sleepers_told(sleepers) >= nchildren);
        CHECK(n == COUNTERS && steps > LOOKS_MOST / 2);
        look_woken(0);
}

const struct step late_steps[] = {
        { "listings", listings }, { "counts-by-message", counts_by_message }, { "counts-by-kernel", counts_by_kernel },
        { NULL, NULL },
};
