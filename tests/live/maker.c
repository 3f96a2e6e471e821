/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * maker: makes IPC objects, keeps them, and tells the truth about them.
 *
 * One command per line on standard input, words and name=value separated by
 * blanks; values are %HH-escaped and numbers are C's (0x5eed, 0640). One answer
 * per line: "ok name=value ..." or "error ERRNAME what: text". It lives until
 * "quit" or the end of its input; then its children are dead and what they and
 * it made is removed. It does nothing outside a sandbox (exit 77).
 *
 *   shm key= size= mode= attach=N readonly=1 split=1 touch=BYTES rmid=1 uid= gid= lock=1 noreserve=1
 *   shmat id= n= readonly= split=      shmdt id=
 *   sem key= nsems= mode= values=1,2,3 uid= gid=
 *   semop id= ops=NUM:OP,... block=1 undo=1
 *   semwait id= num= op=-1             a child of its own that blocks in semop
 *   msg key= mode= qbytes= send=N bytes= type= uid= gid=
 *   msgsnd id= n= bytes= type= block=1     msgrcv id= type= block=1
 *   msgwait id= op=send|receive bytes= type=
 *   stat what=shm|sem|msg id=          remove what= id=
 *   mq name= maxmsg= msgsize= mode= access=r|w|rw send=N bytes= priority= keepfd=1 notify=signal|thread|none
 *   mqsend name= n= bytes= block=1     mqreceive name= block=1
 *   mqwait name= op=send|receive       mqstat name=      mqtold name= (registers for a process that then ends)
 *   pshm name= size= mode= map=ro|rw|none private=1 split=1 write=BYTES keepfd=1 unlink=1
 *   pshm open=1 name= access=r|w|rw size= map= keepfd=1      what another process made
 *   psem name= value= mode= wait=N unlink=1      pswait name= block=1      pspost name=
 *   file path= type=regular|directory|fifo|symlink|socket bytes= hex= target= mode= keepfd=1
 *   unlink what=mq|pshm|psem|file name=          close fd=
 *   pipe capacity= inherit=1           threadpipe (in a thread with a table of its own)
 *   put fd= bytes=   get fd= block=1   flight fd= (leaves it in a socket)
 *   mkfifo path= mode=                 open path= access=r|w|rw nonblock=1 size=N inherit=1 block=1
 *   memfd name= size= write=BYTES seals=BITS inherit=1
 *   mmap fd= size= readonly=1 private=1     anonymous n= (memory shared with forked processes)
 *   lock fd= flock=ex|sh | lease=r|w | lock=r|w start= len= ofd=1; block=1
 *   pty ptmx= directory= slave=1 session=1 inherit=1
 *   signals block= ignore= catch= pend= thread= queue=N      churn ms= n= now=1
 *   counter count= semaphore=1 most=1  epoll      watch epoll= fd= events= data=      dup fd= to=      pair
 *   inotify path= mask= files=N        fanotify path= fd= mask= mark= flags= event=     sigfd mask=
 *   timer clock= seconds= ns= interval= intervalns= flags=      pidfd pid=      ring entries= fd=      anonfd
 *   forked only= close=                passed fd= (over a socket)
 *   blocked call= path= uid= only=1    a forked child that blocks in the call; only: it alone has its end
 *   sock type= path=|hex=|auto=1 dir= listen=N unbound=1        sockpair type=      a unix socket
 *   inet type= port= v6=1 mapped=1 any=1 listen=N reuse=1 unbound=1
 *   connect path=|hex=|port= type= v6= mapped= fd= nonblock=1 block=1      accept fd=
 *   shutdown fd= how=r|w|rw            send fd= bytes= pass=FD
 *   netlink protocol= port= group= group2= unbound=1    family domain= type= protocol=      loopback
 *   child comm= uid= gid= pid=         answers child=N pid=P; "@N COMMAND ..." then runs in it
 *   end child=N                        kills and collects it
 *   setcomm comm=   become uid= gid=   unshare what=ipc|mnt|net|files   threads n=   leaderless
 *   nextid what=shm|sem|msg id=        self      quit
 *
 * Every command takes as=UID: it then runs with that effective user and group.
 */
#include "maker.h"

#include <errno.h>
#include <limits.h>
#include <mqueue.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <unistd.h>

static const char *const namespaces[] = { "ipc", "mnt", "net", "pid", "uts" };

/* Objects are made only where nobody else's can be met. */
static bool in_sandbox(void)
{
        const char *outside = getenv("IPCVIEW_SANDBOX_OUTSIDE");
        const char *mark = getenv("IPCVIEW_SANDBOX");

        if (!outside || *outside == '\0' || !mark || strcmp(mark, "1") != 0)
                return false;
        if (access("/dev/.ipcview-sandbox", F_OK) < 0)
                return false;
        for (size_t i = 0; i < sizeof(namespaces) / sizeof(*namespaces); i++) {
                char path[64], here[64];
                snprintf(path, sizeof(path), "/proc/self/ns/%s", namespaces[i]);
                ssize_t n = readlink(path, here, sizeof(here) - 1);
                if (n < 0)
                        return false;
                here[n] = '\0';
                if (strstr(outside, here))
                        return false;
        }
        return true;
}

void maker_made(struct maker *maker, enum made_what what, int id, const char *name)
{
        if (maker->nmade == MADE_MOST)
                return;
        maker->made[maker->nmade].what = what;
        maker->made[maker->nmade].id = id;
        maker->made[maker->nmade++].name = name ? strdup(name) : NULL;
}

/* Latest first, so that files go before their directories. What is gone already is fine. */
static void remove_made(struct maker *maker)
{
        while (maker->nmade > 0) {
                const char *name = maker->made[--maker->nmade].name;
                int id = maker->made[maker->nmade].id;

                switch (maker->made[maker->nmade].what) {
                case MADE_SHM:
                        shmctl(id, IPC_RMID, NULL);
                        break;
                case MADE_SEM:
                        semctl(id, 0, IPC_RMID);
                        break;
                case MADE_MSG:
                        msgctl(id, IPC_RMID, NULL);
                        break;
                case MADE_MQ:
                        mq_unlink(name);
                        break;
                case MADE_PSHM:
                        shm_unlink(name);
                        break;
                case MADE_PSEM:
                        sem_unlink(name);
                        break;
                case MADE_FILE:
                        remove(name);
                        break;
                }
                free(maker->made[maker->nmade].name);
        }
}

void maker_answer(const struct reply *reply, int err)
{
        if (err < 0)
                printf("error %s %s: %s\n", strerrorname_np(-err), reply->what ? reply->what : "maker",
                       strerror(-err));
        else
                printf("ok%s\n", reply->text);
        fflush(stdout);
}

static const struct command *find_command(const char *name)
{
        const struct command *const tables[] = {
                child_commands, sysv_commands, mq_commands, posix_commands, pipe_commands, events_commands, wait_commands,
                socket_commands,
        };

        for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
                for (const struct command *command = tables[i]; command->name; command++) {
                        if (strcmp(command->name, name) == 0)
                                return command;
                }
        }
        return NULL;
}

/* Runs it as another effective user where "as" says so. */
static int run_as(struct maker *maker, const struct command *command, struct args *args, struct reply *reply)
{
        int64_t as = args_number(args, "as", -1, 0, INT_MAX);

        if (as < 0)
                return command->run(maker, args, reply);
        if (setegid((gid_t)as) < 0 || seteuid((uid_t)as) < 0)
                return reply_failed(reply, "seteuid");
        int r = command->run(maker, args, reply);
        if (seteuid(0) < 0 || setegid(0) < 0)
                abort();
        prctl(PR_SET_DUMPABLE, 1);
        return r;
}

static int run(struct maker *maker, struct args *args, struct reply *reply)
{
        const struct command *command = find_command(args->command);
        char accepts[512];

        reply->what = args->command;
        if (!command)
                return -ENOSYS;
        snprintf(accepts, sizeof(accepts), "%s as", command->accepts);
        int r = args_known(args, accepts) ? run_as(maker, command, args, reply) : -EINVAL;
        if (args->bad && r >= 0)
                r = -EINVAL;
        if (args->bad)
                reply->what = args->bad;
        return r;
}

/* What a child made, the root remembers: the child may be gone before it. */
static void adopt(struct maker *maker, char *line, const char *answer)
{
        static const char *const commands[] = { "shm", "sem", "msg", "mq", "pshm", "psem" };
        struct args args;
        const char *id = strstr(answer, " id=");

        if (args_parse(line, &args) < 0)
                return;
        for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
                if (strcmp(args.command, commands[i]) == 0)
                        maker_made(maker, (enum made_what)i, id ? (int)strtol(id + 4, NULL, 10) : -1,
                                   args_text(&args, "name", "/"));
        }
}

static void forward(struct maker *maker, char *line)
{
        struct reply reply = { .len = 0 };
        char *end;
        long number = strtol(line + 1, &end, 10);
        char copy[LINE_MOST];

        if (end == line + 1 || *end != ' ' || number < 0 || number >= CHILDREN_MOST) {
                maker_answer(&reply, -EINVAL);
                return;
        }
        snprintf(copy, sizeof(copy), "%s", end + 1);
        int r = child_forward(maker, (unsigned)number, end + 1, &reply);
        if (r < 0) {
                maker_answer(&reply, r);
                return;
        }
        if (strncmp(reply.text, "ok", 2) == 0)
                adopt(maker, copy, reply.text);
        fputs(reply.text, stdout);
        fflush(stdout);
}

/* Reads and obeys; true at the end of it, false when another thread shall go on. */
static bool loop(struct maker *maker)
{
        char line[LINE_MOST];

        while (fgets(line, sizeof(line), stdin)) {
                struct reply reply = { .len = 0 };
                struct args args;

                if (!strchr(line, '\n'))        /* too long: what follows would be taken for commands */
                        return true;
                if (line[0] == '@') {
                        forward(maker, line);
                        continue;
                }
                int r = args_parse(line, &args);
                if (r >= 0 && strcmp(args.command, "quit") == 0)
                        return true;
                if (r >= 0)
                        r = run(maker, &args, &reply);
                if (r != 1)                     /* 1: it has answered already */
                        maker_answer(&reply, r);
                if (maker->again)
                        return false;
        }
        return true;
}

static void *loop_thread(void *data)
{
        struct maker *maker = data;

        prctl(PR_SET_PDEATHSIG, SIGKILL);
        maker->again = false;
        loop(maker);
        _exit(0);
}

int main(int argc, char **argv)
{
        struct maker *maker = calloc(1, sizeof(*maker));
        pthread_t thread;

        if (!maker)
                return 1;
        if (!in_sandbox()) {
                fputs("maker: not in a sandbox, refusing to make anything\n", stderr);
                return 77;
        }
        signal(SIGPIPE, SIG_IGN);
        /* The queues of others count against one's user's limit, too: many runs at a time must not disturb another. */
        setrlimit(RLIMIT_MSGQUEUE, &(struct rlimit){ RLIM_INFINITY, RLIM_INFINITY });
        maker->root = argc < 2;
        prctl(PR_SET_NAME, "maker");
        if (maker->root)
                prctl(PR_SET_PDEATHSIG, SIGTERM);
        else if (child_start_as((pid_t)strtol(argv[1], NULL, 10)) < 0)
                return 1;

        if (!loop(maker)) {
                /* The leader exits, the process goes on: /proc/PID/fd and maps of it are empty now. */
                if (pthread_create(&thread, NULL, loop_thread, maker) != 0)
                        return 1;
                pthread_exit(NULL);
        }
        children_end(maker);
        if (maker->root)
                remove_made(maker);
        while (maker->nmade > 0)
                free(maker->made[--maker->nmade].name);
        free(maker);
        return 0;
}
