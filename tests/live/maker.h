/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LIVE_MAKER_H
#define LIVE_MAKER_H

/*
 * The maker makes real IPC objects on request and tells what the kernel says
 * about them, so that a test knows the truth without asking ipcview. It shares
 * no code with the project on purpose. See maker.c for the language.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

enum { LINE_MOST = 8192, ARGS_MOST = 24, CHILDREN_MOST = 64, MADE_MOST = 2048, ATTACHED_MOST = 256 };

/* A command line, cut in place: values are %HH-decoded and end in NUL. */
struct args {
        const char *command;
        unsigned n;
        struct {
                const char *name;
                char *value;
                size_t len;
        } arg[ARGS_MOST];
        const char *bad;                /* name of the first argument that is no such number */
};

struct reply {
        char text[LINE_MOST];
        size_t len;
        const char *what;               /* the call that failed */
};

enum made_what { MADE_SHM, MADE_SEM, MADE_MSG, MADE_MQ, MADE_PSHM, MADE_PSEM, MADE_FILE };

struct child {
        pid_t pid;                      /* 0: gone */
        int fd;
};

struct maker {
        bool root;                      /* the one that tests talk to; removes everything at its end */
        bool again;                     /* leave the loop to a new thread */
        struct child children[CHILDREN_MOST];
        unsigned nchildren;
        struct {
                enum made_what what;
                int id;
                char *name;
        } made[MADE_MOST];
        unsigned nmade;
        struct {
                int id;
                void *address;
        } attached[ATTACHED_MOST];
        unsigned nattached;
        int64_t forks;                  /* that churn has made */
};

struct command {
        const char *name;
        const char *accepts;            /* names of its arguments */
        int (*run)(struct maker *maker, struct args *args, struct reply *reply);
};

/* maker-args.c */

/* 0, or -EINVAL for what is no command line. */
int args_parse(char *line, struct args *ret);
bool args_has(const struct args *args, const char *name);
const char *args_text(const struct args *args, const char *name, const char *fallback);
/* C notation (0x, 0); out of min..max or no number at all: args->bad is set, fallback returned. */
int64_t args_number(struct args *args, const char *name, int64_t fallback, int64_t min, int64_t max);
bool args_flag(struct args *args, const char *name);
/* O_RDONLY, O_WRONLY or O_RDWR for "r", "w", "rw". */
int open_flags(const char *access);
/* A line for a child, in which the name is escaped once more: COMMAND block=1 name=... */
void args_line(char *line, size_t size, const char *command, const char *name);
/* Is every argument in the blank separated list? */
bool args_known(struct args *args, const char *accepts);

void reply_number(struct reply *reply, const char *name, int64_t number);
void reply_format(struct reply *reply, const char *name, const char *format, ...)
        __attribute__((format(printf, 3, 4)));
/* A value with everything but plain characters as %HH. */
void reply_text(struct reply *reply, const char *name, const char *text);

/* What stat(2) tells. */
struct stat;
void reply_file(struct reply *reply, const struct stat *st);
int reply_descriptor(struct reply *reply, int fd);

/* Says which call failed; returns -errno. */
int reply_failed(struct reply *reply, const char *what);

/* maker-child.c: other processes, and what a process can do to itself */
extern const struct command child_commands[];
int child_forward(struct maker *maker, unsigned number, const char *line, struct reply *reply);
void children_end(struct maker *maker);
/* A new child that then runs `line`, which is expected to block. */
int child_blocked(struct maker *maker, const char *line, struct reply *reply);
int child_start_as(pid_t parent);

/* maker-sysv.c, maker-mq.c, maker-posix.c, maker-pipe.c */
extern const struct command sysv_commands[], mq_commands[], posix_commands[];
extern const struct command pipe_commands[];

/* maker-events.c */
extern const struct command events_commands[];

/* maker-wait.c */
extern const struct command wait_commands[];

/* maker-socket.c */
extern const struct command socket_commands[];

/* maker.c */
void maker_made(struct maker *maker, enum made_what what, int id, const char *name);
/* Answers before a call that may block for long. */
void maker_answer(const struct reply *reply, int err);

#endif
