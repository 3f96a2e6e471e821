/* SPDX-License-Identifier: GPL-2.0-or-later */
/* System V: segments, semaphore sets, queues. */
#include "maker.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <unistd.h>

enum { SEMAPHORES_MOST = 4096, MESSAGE_MOST = 65536 };

union semun {                           /* left to the caller by semctl(2) */
        int val;
        struct semid_ds *buf;
        unsigned short *array;
};

static key_t read_key(struct args *args)
{
        const char *text = args_text(args, "key", "private");

        if (strcmp(text, "private") == 0)
                return IPC_PRIVATE;
        return (key_t)(uint32_t)args_number(args, "key", 0, INT_MIN, UINT_MAX);
}

static int read_id(struct args *args)
{
        return (int)args_number(args, "id", -1, 0, INT_MAX);
}

static void tell_permissions(struct reply *reply, const struct ipc_perm *perm)
{
        reply_format(reply, "key", "0x%08x", (unsigned)perm->__key);
        reply_format(reply, "mode", "%04o", (unsigned)perm->mode & 0777);
        reply_number(reply, "uid", perm->uid);
        reply_number(reply, "gid", perm->gid);
        reply_number(reply, "cuid", perm->cuid);
        reply_number(reply, "cgid", perm->cgid);
}

/* The owner as "uid" and "gid" ask; true if they do. */
static bool new_owner(struct args *args, struct ipc_perm *perm)
{
        perm->uid = (uid_t)args_number(args, "uid", perm->uid, 0, UINT_MAX - 1);
        perm->gid = (gid_t)args_number(args, "gid", perm->gid, 0, UINT_MAX - 1);
        return args_has(args, "uid") || args_has(args, "gid");
}

static int shm_tell(struct reply *reply, int id)
{
        struct shmid_ds ds;

        if (shmctl(id, IPC_STAT, &ds) < 0)
                return reply_failed(reply, "shmctl(IPC_STAT)");
        reply_number(reply, "id", id);
        tell_permissions(reply, &ds.shm_perm);
        reply_format(reply, "size", "%zu", ds.shm_segsz);
        reply_number(reply, "nattch", (int64_t)ds.shm_nattch);
        reply_number(reply, "cpid", ds.shm_cpid);
        reply_number(reply, "lpid", ds.shm_lpid);
        reply_number(reply, "atime", ds.shm_atime);
        reply_number(reply, "dtime", ds.shm_dtime);
        reply_number(reply, "ctime", ds.shm_ctime);
        reply_number(reply, "dest", (ds.shm_perm.mode & SHM_DEST) != 0);
        reply_number(reply, "locked", (ds.shm_perm.mode & SHM_LOCKED) != 0);
        return 0;
}

static int attach(struct maker *maker, struct args *args, struct reply *reply, int id, int64_t times)
{
        int flags = args_flag(args, "readonly") ? SHM_RDONLY : 0;
        bool split = args_flag(args, "split");
        int64_t touch = args_number(args, "touch", 0, 0, INT_MAX);
        size_t page = (size_t)sysconf(_SC_PAGESIZE);

        for (int64_t i = 0; i < times; i++) {
                char *address = maker->nattached < ATTACHED_MOST ? shmat(id, NULL, flags) : (void *)-1;
                if (address == (void *)-1)
                        return reply_failed(reply, "shmat");
                maker->attached[maker->nattached].id = id;
                maker->attached[maker->nattached++].address = address;
                if (i == 0 && touch > 0)
                        memset(address, 'x', (size_t)touch);
                /* The middle page gets other rights: one attach, three mappings. */
                if (i == 0 && split && mprotect(address + page, page, PROT_NONE) < 0)
                        return reply_failed(reply, "mprotect");
        }
        return 0;
}

static int run_shm(struct maker *maker, struct args *args, struct reply *reply)
{
        key_t key = read_key(args);
        size_t size = (size_t)args_number(args, "size", 4096, 0, INT64_MAX);
        int mode = (int)args_number(args, "mode", 0600, 0, 0777);
        int64_t times = args_number(args, "attach", 0, 0, ATTACHED_MOST);
        struct shmid_ds ds;

        if (args->bad)
                return -EINVAL;
        int flags = IPC_CREAT | IPC_EXCL | (args_flag(args, "noreserve") ? SHM_NORESERVE : 0);
        int id = shmget(key, size, mode | flags);
        if (id < 0)
                return reply_failed(reply, "shmget");
        maker_made(maker, MADE_SHM, id, NULL);

        int r = attach(maker, args, reply, id, times);
        if (r < 0)
                return r;
        if (args_flag(args, "lock") && shmctl(id, SHM_LOCK, NULL) < 0)
                return reply_failed(reply, "shmctl(SHM_LOCK)");
        if (shmctl(id, IPC_STAT, &ds) < 0 && !args_has(args, "as"))
                return reply_failed(reply, "shmctl(IPC_STAT)");
        if (new_owner(args, &ds.shm_perm) && shmctl(id, IPC_SET, &ds) < 0)
                return reply_failed(reply, "shmctl(IPC_SET)");
        if (args_flag(args, "rmid") && shmctl(id, IPC_RMID, NULL) < 0)
                return reply_failed(reply, "shmctl(IPC_RMID)");
        if (shm_tell(reply, id) < 0)            /* the maker may be forbidden to read what it made */
                reply_number(reply, "id", id);
        return 0;
}

static int run_shmat(struct maker *maker, struct args *args, struct reply *reply)
{
        int id = read_id(args);
        int r = attach(maker, args, reply, id, args_number(args, "n", 1, 1, ATTACHED_MOST));

        return r < 0 ? r : shm_tell(reply, id);
}

static int run_shmdt(struct maker *maker, struct args *args, struct reply *reply)
{
        int id = read_id(args);

        for (unsigned i = 0; i < maker->nattached; i++) {
                if (maker->attached[i].id != id)
                        continue;
                if (shmdt(maker->attached[i].address) < 0)
                        return reply_failed(reply, "shmdt");
                maker->attached[i] = maker->attached[--maker->nattached];
                return 0;
        }
        return -ENOENT;
}

static int sem_tell(struct reply *reply, int id)
{
        struct semid_ds ds;
        union semun arg = { .buf = &ds };
        char values[1024] = "", increase[1024] = "", zero[1024] = "", pids[1024] = "";

        if (semctl(id, 0, IPC_STAT, arg) < 0)
                return reply_failed(reply, "semctl(IPC_STAT)");
        for (unsigned i = 0; i < ds.sem_nsems && i < 32; i++) {
                const char *comma = i ? "," : "";
                size_t at;
                at = strlen(values);
                snprintf(values + at, sizeof(values) - at, "%s%d", comma, semctl(id, (int)i, GETVAL));
                at = strlen(increase);
                snprintf(increase + at, sizeof(increase) - at, "%s%d", comma, semctl(id, (int)i, GETNCNT));
                at = strlen(zero);
                snprintf(zero + at, sizeof(zero) - at, "%s%d", comma, semctl(id, (int)i, GETZCNT));
                at = strlen(pids);
                snprintf(pids + at, sizeof(pids) - at, "%s%d", comma, semctl(id, (int)i, GETPID));
        }
        reply_number(reply, "id", id);
        tell_permissions(reply, &ds.sem_perm);
        reply_number(reply, "nsems", (int64_t)ds.sem_nsems);
        reply_number(reply, "otime", ds.sem_otime);
        reply_number(reply, "ctime", ds.sem_ctime);
        reply_format(reply, "values", "%s", values);
        reply_format(reply, "ncnt", "%s", increase);
        reply_format(reply, "zcnt", "%s", zero);
        reply_format(reply, "pids", "%s", pids);
        return 0;
}

/* "1,2,3" to the semaphores from number 0 on, by SETVAL so that each bears our pid. */
static int set_values(struct args *args, struct reply *reply, int id)
{
        const char *text = args_text(args, "values", "");

        for (int i = 0; *text; i++) {
                char *end;
                union semun arg = { .val = (int)strtol(text, &end, 10) };
                if (end == text || (*end != '\0' && *end != ','))
                        return -EINVAL;
                if (semctl(id, i, SETVAL, arg) < 0)
                        return reply_failed(reply, "semctl(SETVAL)");
                text = *end ? end + 1 : end;
        }
        return 0;
}

static int run_sem(struct maker *maker, struct args *args, struct reply *reply)
{
        key_t key = read_key(args);
        int nsems = (int)args_number(args, "nsems", 1, 0, SEMAPHORES_MOST);
        int mode = (int)args_number(args, "mode", 0600, 0, 0777);
        struct semid_ds ds;
        union semun arg = { .buf = &ds };

        if (args->bad)
                return -EINVAL;
        int id = semget(key, nsems, mode | IPC_CREAT | IPC_EXCL);
        if (id < 0)
                return reply_failed(reply, "semget");
        maker_made(maker, MADE_SEM, id, NULL);
        int r = set_values(args, reply, id);
        if (r < 0)
                return r;
        if (semctl(id, 0, IPC_STAT, arg) == 0 && new_owner(args, &ds.sem_perm) &&
            semctl(id, 0, IPC_SET, arg) < 0)
                return reply_failed(reply, "semctl(IPC_SET)");
        if (sem_tell(reply, id) < 0)
                reply_number(reply, "id", id);
        return 0;
}

static int run_semop(struct maker *maker, struct args *args, struct reply *reply)
{
        struct sembuf ops[16];
        size_t n = 0;
        int id = read_id(args);
        bool block = args_flag(args, "block");
        short flags = (short)((args_flag(args, "undo") ? SEM_UNDO : 0) | (block ? 0 : IPC_NOWAIT));
        const char *text = args_text(args, "ops", "");

        while (*text && n < sizeof(ops) / sizeof(*ops)) {
                char *end;
                ops[n].sem_num = (unsigned short)strtol(text, &end, 10);
                if (*end != ':')
                        return -EINVAL;
                ops[n].sem_op = (short)strtol(end + 1, &end, 10);
                ops[n++].sem_flg = flags;
                text = *end == ',' ? end + 1 : end;
        }
        if (block && maker->root)
                return -EINVAL;
        if (block)
                maker_answer(reply, 0);
        int r = semop(id, ops, n) < 0 ? reply_failed(reply, "semop") : 0;
        return block ? 1 : r;
}

static int run_semwait(struct maker *maker, struct args *args, struct reply *reply)
{
        char line[128];

        snprintf(line, sizeof(line), "semop id=%d ops=%d:%d block=1\n", read_id(args),
                 (int)args_number(args, "num", 0, 0, SEMAPHORES_MOST),
                 (int)args_number(args, "op", -1, -32768, 0));
        return child_blocked(maker, line, reply);
}

static int msg_tell(struct reply *reply, int id)
{
        struct msqid_ds ds;

        if (msgctl(id, IPC_STAT, &ds) < 0)
                return reply_failed(reply, "msgctl(IPC_STAT)");
        reply_number(reply, "id", id);
        tell_permissions(reply, &ds.msg_perm);
        reply_number(reply, "qnum", (int64_t)ds.msg_qnum);
        reply_number(reply, "cbytes", (int64_t)ds.__msg_cbytes);
        reply_number(reply, "qbytes", (int64_t)ds.msg_qbytes);
        reply_number(reply, "lspid", ds.msg_lspid);
        reply_number(reply, "lrpid", ds.msg_lrpid);
        reply_number(reply, "stime", ds.msg_stime);
        reply_number(reply, "rtime", ds.msg_rtime);
        reply_number(reply, "ctime", ds.msg_ctime);
        return 0;
}

static int send_messages(struct args *args, struct reply *reply, int id, int64_t n, int flags)
{
        static const char filler[] = "message";
        size_t bytes = (size_t)args_number(args, "bytes", 8, 0, MESSAGE_MOST);
        struct {
                long type;
                char text[MESSAGE_MOST];
        } *message = calloc(1, sizeof(*message));

        if (!message)
                return -ENOMEM;
        message->type = (long)args_number(args, "type", 1, 1, LONG_MAX);
        for (size_t i = 0; i < bytes; i++)
                message->text[i] = filler[i % (sizeof(filler) - 1)];
        int r = 0;
        for (int64_t i = 0; i < n && r == 0; i++) {
                if (msgsnd(id, message, bytes, flags) < 0)
                        r = reply_failed(reply, "msgsnd");
        }
        free(message);
        return r;
}

static int run_msg(struct maker *maker, struct args *args, struct reply *reply)
{
        key_t key = read_key(args);
        int mode = (int)args_number(args, "mode", 0600, 0, 0777);
        int64_t send = args_number(args, "send", 0, 0, 100000);
        struct msqid_ds ds;

        if (args->bad)
                return -EINVAL;
        int id = msgget(key, mode | IPC_CREAT | IPC_EXCL);
        if (id < 0)
                return reply_failed(reply, "msgget");
        maker_made(maker, MADE_MSG, id, NULL);
        if (msgctl(id, IPC_STAT, &ds) == 0) {
                ds.msg_qbytes = (msglen_t)args_number(args, "qbytes", (int64_t)ds.msg_qbytes, 0, INT_MAX);
                bool change = new_owner(args, &ds.msg_perm) || args_has(args, "qbytes");
                if (change && msgctl(id, IPC_SET, &ds) < 0)
                        return reply_failed(reply, "msgctl(IPC_SET)");
        }
        int r = send_messages(args, reply, id, send, IPC_NOWAIT);
        if (r < 0)
                return r;
        if (msg_tell(reply, id) < 0)
                reply_number(reply, "id", id);
        return 0;
}

static int run_msgsnd(struct maker *maker, struct args *args, struct reply *reply)
{
        bool block = args_flag(args, "block");

        if (block && maker->root)
                return -EINVAL;
        if (block)
                maker_answer(reply, 0);
        int64_t n = args_number(args, "n", 1, 1, 100000);
        int r = send_messages(args, reply, read_id(args), n, block ? 0 : IPC_NOWAIT);
        return block ? 1 : r;
}

static int run_msgrcv(struct maker *maker, struct args *args, struct reply *reply)
{
        struct {
                long type;
                char text[MESSAGE_MOST];
        } *message = malloc(sizeof(*message));
        bool block = args_flag(args, "block");

        if (!message || (block && maker->root)) {
                free(message);
                return -EINVAL;
        }
        if (block)
                maker_answer(reply, 0);
        long type = (long)args_number(args, "type", 0, 0, LONG_MAX);
        ssize_t n = msgrcv(read_id(args), message, sizeof(message->text), type, block ? 0 : IPC_NOWAIT);
        int r = n < 0 ? reply_failed(reply, "msgrcv") : 0;
        free(message);
        return block ? 1 : r;
}

static int run_msgwait(struct maker *maker, struct args *args, struct reply *reply)
{
        char line[128];
        bool send = strcmp(args_text(args, "op", "receive"), "send") == 0;

        snprintf(line, sizeof(line), "%s id=%d block=1", send ? "msgsnd" : "msgrcv", read_id(args));
        if (send)
                snprintf(line + strlen(line), sizeof(line) - strlen(line), " bytes=%d",
                         (int)args_number(args, "bytes", 8, 0, MESSAGE_MOST));
        snprintf(line + strlen(line), sizeof(line) - strlen(line), " type=%d\n",
                 (int)args_number(args, "type", 1, 1, INT_MAX));
        return child_blocked(maker, line, reply);
}

static int run_stat(struct maker *maker, struct args *args, struct reply *reply)
{
        const char *what = args_text(args, "what", "");
        int id = read_id(args);

        (void)maker;
        return strcmp(what, "shm") == 0 ? shm_tell(reply, id) : strcmp(what, "sem") == 0 ? sem_tell(reply, id)
             : strcmp(what, "msg") == 0 ? msg_tell(reply, id) : -EINVAL;
}

static int run_remove(struct maker *maker, struct args *args, struct reply *reply)
{
        const char *what = args_text(args, "what", "");
        int id = read_id(args);
        int r = -2;

        (void)maker;
        if (strcmp(what, "shm") == 0)
                r = shmctl(id, IPC_RMID, NULL);
        else if (strcmp(what, "sem") == 0)
                r = semctl(id, 0, IPC_RMID);
        else if (strcmp(what, "msg") == 0)
                r = msgctl(id, IPC_RMID, NULL);
        return r == -2 ? -EINVAL : r < 0 ? reply_failed(reply, "IPC_RMID") : 0;
}

const struct command sysv_commands[] = {
        { "shm",     "key size mode attach readonly split touch rmid uid gid lock noreserve", run_shm },
        { "shmat",   "id n readonly split touch",               run_shmat },
        { "shmdt",   "id",                                      run_shmdt },
        { "sem",     "key nsems mode values uid gid",           run_sem },
        { "semop",   "id ops block undo",                       run_semop },
        { "semwait", "id num op",                               run_semwait },
        { "msg",     "key mode qbytes send bytes type uid gid", run_msg },
        { "msgsnd",  "id n bytes type block",                   run_msgsnd },
        { "msgrcv",  "id type block",                           run_msgrcv },
        { "msgwait", "id op bytes type",                        run_msgwait },
        { "stat",    "what id",                                 run_stat },
        { "remove",  "what id",                                 run_remove },
        { 0 },
};
