/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MAKER_ENDS_H
#define MAKER_ENDS_H

/* What the calls of maker-wait.c block on: both ends of it. */
#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>

/* What the call is about: `near` is the child's, `far` ours. */
struct ends {
        int near, far, other;           /* other: a second object of the child's; or -1 */
        uint32_t *word;                 /* in memory that both share */
        const char *path;
        struct sockaddr_un address;     /* of a listener whose backlog is full */
        socklen_t length;
};

/* 0 or -errno. */
int make_pipe(struct ends *ends);
int make_full_pipe(struct ends *ends);
int make_pair(struct ends *ends);
int make_full_pair(struct ends *ends);
int make_both(struct ends *ends);
int make_two_pipes(struct ends *ends);
int make_listener(struct ends *ends);
int make_busy_listener(struct ends *ends);
int make_epoll(struct ends *ends);
int make_eventfd(struct ends *ends);
int make_flock(struct ends *ends);
int make_lock(struct ends *ends);
int make_fifo(struct ends *ends);
int make_word(struct ends *ends);
int make_nothing(struct ends *ends);

#endif
