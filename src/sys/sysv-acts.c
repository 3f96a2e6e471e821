/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/sysv-acts.h"

#include "base/i18n.h"
#include "base/number.h"
#include "sys/sysv-private.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <unistd.h>

#ifndef SHM_STAT_ANY
#define SHM_STAT_ANY 15
#endif
#ifndef SEM_STAT_ANY
#define SEM_STAT_ANY 20
#endif
#ifndef MSG_STAT_ANY
#define MSG_STAT_ANY 13
#endif

enum { PERMISSIONS = 0777 };

int sysv_error(int err)
{
        return err == EINVAL || err == EIDRM ? -ENOENT : -err;
}

/* What an object of each type answers with. */
union answer {
        struct shmid_ds shm;
        struct semid_ds sem;
        struct msqid_ds msg;
};

/* One *ctl(2): >= 0, or -1 and errno. */
static int control(enum sysv_type type, int id, int command, union answer *answer)
{
        switch (type) {
        case SYSV_SHM:
                return shmctl(id, command, &answer->shm);
        case SYSV_SEM:
                return semctl(id, 0, command, (union semun){ .buf = &answer->sem });
        case SYSV_MSG:
                return msgctl(id, command, &answer->msg);
        }
        errno = EINVAL;
        return -1;
}

static void set_common(const struct ipc_perm *perm, struct sysv_facts *facts)
{
        facts->key = (uint32_t)perm->__key;
        facts->owner = perm->uid;
        facts->group = perm->gid;
        facts->creator = perm->cuid;
        facts->creator_group = perm->cgid;
        facts->mode = perm->mode & PERMISSIONS;
        facts->permissions = perm->mode;
}

static void set_facts(enum sysv_type type, int id, const union answer *answer, struct sysv_facts *ret)
{
        struct sysv_facts facts = { .id = id };

        if (type == SYSV_SHM) {
                const struct shmid_ds *shm = &answer->shm;

                set_common(&shm->shm_perm, &facts);
                facts.changed = shm->shm_ctime;
                facts.shm.size = shm->shm_segsz;
                facts.shm.attached = shm->shm_nattch;
                facts.shm.creator_pid = shm->shm_cpid;
                facts.shm.last_pid = shm->shm_lpid;
                facts.shm.attached_at = shm->shm_atime;
                facts.shm.detached_at = shm->shm_dtime;
                facts.shm.dest = shm->shm_perm.mode & SHM_DEST;
                facts.shm.locked = shm->shm_perm.mode & SHM_LOCKED;
        } else if (type == SYSV_SEM) {
                set_common(&answer->sem.sem_perm, &facts);
                facts.changed = answer->sem.sem_ctime;
                facts.sem.count = answer->sem.sem_nsems;
                facts.sem.operated_at = answer->sem.sem_otime;
        } else {
                const struct msqid_ds *msg = &answer->msg;

                set_common(&msg->msg_perm, &facts);
                facts.changed = msg->msg_ctime;
                facts.msg.messages = msg->msg_qnum;
                facts.msg.bytes = msg->__msg_cbytes;
                facts.msg.max_bytes = msg->msg_qbytes;
                facts.msg.last_send_pid = msg->msg_lspid;
                facts.msg.last_receive_pid = msg->msg_lrpid;
                facts.msg.sent_at = msg->msg_stime;
                facts.msg.received_at = msg->msg_rtime;
        }
        *ret = facts;
}

/* The kernel takes the index out of the id, and tells the id of what it found there. It, or -errno. */
static int find(enum sysv_type type, int id, union answer *answer)
{
        static const int any[] = { [SYSV_SHM] = SHM_STAT_ANY, [SYSV_SEM] = SEM_STAT_ANY, [SYSV_MSG] = MSG_STAT_ANY };
        int found;

        if (id < 0)
                return -ENOENT;
        found = control(type, id, any[type], answer);
        if (found < 0 && errno == EINVAL)
                /* Nothing there, or a kernel that does not know the command. */
                found = control(type, id, IPC_STAT, answer) < 0 ? -1 : id;
        return found < 0 ? sysv_error(errno) : found;
}

static int ask(enum sysv_type type, int id, union answer *answer)
{
        int found = find(type, id, answer);

        return found == id ? 0 : found < 0 ? found : -ENOENT;
}

int sysv_stat(const struct host *host, enum sysv_type type, int id, struct sysv_facts *ret)
{
        union answer answer = { 0 };
        int r;

        if (!host_live(host))
                return -EOPNOTSUPP;
        r = ask(type, id, &answer);
        if (r == 0)
                set_facts(type, id, &answer, ret);
        return r;
}

int sysv_remove(const struct host *host, enum sysv_type type, int id,
                bool (*same)(const struct sysv_facts *now, void *data), void *data)
{
        struct sysv_facts now;
        int r = sysv_stat(host, type, id, &now);

        if (r < 0)
                return r;
        if (type == SYSV_SHM && now.shm.dest)
                return -ENOENT;
        if (!same(&now, data))
                return -ESTALE;
        return control(type, id, IPC_RMID, &(union answer){ 0 }) < 0 ? sysv_error(errno) : 0;
}

/* --- making ----------------------------------------------------------------- */

static int get(const struct sysv_making *making, uint32_t key, int flags)
{
        switch (making->type) {
        case SYSV_SHM:
                return shmget((key_t)key, making->size, flags);
        case SYSV_SEM:
                return semget((key_t)key, (int)making->size, flags);
        case SYSV_MSG:
                return msgget((key_t)key, flags);
        }
        errno = EINVAL;
        return -1;
}

/* 0: free. An object of another id at the same index stands in the way, too. */
static int id_free(enum sysv_type type, int id)
{
        union answer answer = { 0 };
        int r;

        if (id < 0)
                return -EINVAL;
        r = find(type, id, &answer);
        if (r == -ENOENT)
                return 0;
        return r < 0 ? r : -EEXIST;
}

static const char *next_id_path(enum sysv_type type)
{
        static const char *const paths[] = {
                [SYSV_SHM] = "/proc/sys/kernel/shm_next_id",
                [SYSV_SEM] = "/proc/sys/kernel/sem_next_id",
                [SYSV_MSG] = "/proc/sys/kernel/msg_next_id",
        };

        return paths[type];
}

static int wish(const struct host *host, enum sysv_type type, int id)
{
        int fd = host_openat(host, next_id_path(type), O_WRONLY), r = 0;
        struct buf text = { 0 };
        ssize_t n;

        if (fd < 0)
                return fd == -ENOENT ? -EOPNOTSUPP : fd;
        buf_int(&text, id);
        n = write(fd, text.data, text.len);
        if (n != (ssize_t)text.len)
                r = n < 0 ? -errno : -EIO;
        close(fd);
        buf_done(&text);
        return r;
}

/* Is the wish still there? Then the next object of anybody would get that id. */
static bool wish_waits(const struct host *host, enum sysv_type type, int id)
{
        struct buf text = { 0 };
        struct text rest, line = TEXT("");
        uint64_t waiting = 0;
        bool waits;

        if (host_read(host, next_id_path(type), 64, &text) == 0) {
                rest = buf_text(&text);
                text_split(&rest, '\n', &line);
        }
        waits = number_parse(line, INT32_MAX, &waiting) == 0 && waiting == (uint64_t)id;
        buf_done(&text);
        return waits;
}

static void take_wish_back(const struct host *host, enum sysv_type type, int id)
{
        struct sysv_making smallest = { .type = type, .size = 1 };
        int used;

        if (!wish_waits(host, type, id))
                return;
        used = get(&smallest, IPC_PRIVATE, 0600 | IPC_CREAT | IPC_EXCL);
        if (used >= 0)
                control(type, used, IPC_RMID, &(union answer){ 0 });
}

static int get_wished(const struct host *host, const struct sysv_making *making, int flags, const char **ret_failed)
{
        struct sysv_making any = { .type = making->type };
        int id, r = id_free(making->type, making->id);

        if (r < 0) {
                *ret_failed = N_("getting the id that was asked for");
                return r;
        }
        /* Before a wish is there that would have to be taken back. */
        if (making->key != IPC_PRIVATE && get(&any, making->key, 0) >= 0)
                return -EEXIST;
        r = wish(host, making->type, making->id);
        if (r < 0) {
                *ret_failed = r == -EOPNOTSUPP
                              ? N_("asking for the id (this kernel is built without CONFIG_CHECKPOINT_RESTORE)")
                              : N_("asking for the id (needs CAP_CHECKPOINT_RESTORE)");
                return r;
        }
        id = get(making, making->key, flags);
        r = id < 0 ? -errno : id;
        if (r < 0) {
                take_wish_back(host, making->type, making->id);
                return r;
        }
        if (id == making->id)
                return id;
        control(making->type, id, IPC_RMID, &(union answer){ 0 });
        *ret_failed = N_("getting the id that was asked for: somebody else was given it");
        return -EEXIST;
}

int sysv_make(const struct host *host, const struct sysv_making *making, int *ret_id, const char **ret_failed)
{
        int flags = (int)(making->mode & PERMISSIONS) | IPC_CREAT | IPC_EXCL, r;

        if (!host_live(host))
                return -EOPNOTSUPP;
        if (making->type == SYSV_SEM && making->size > INT32_MAX)
                return -EINVAL;
        if (making->size > SIZE_MAX)
                return -EFBIG;
        if (making->type == SYSV_SHM)
                flags |= (making->hugetlb ? SHM_HUGETLB : 0) | (making->noreserve ? SHM_NORESERVE : 0);
        if (making->id >= 0) {
                r = get_wished(host, making, flags, ret_failed);
        } else {
                r = get(making, making->key, flags);
                if (r < 0)
                        r = -errno;
        }
        if (r < 0)
                return r;
        *ret_id = r;
        return 0;
}

/* What a new object has, whatever was done to it since. */
static bool ours(const struct sysv_facts *now, void *data)
{
        const struct sysv_facts *made = data;

        return now->key == made->key && now->creator == made->creator && now->creator_group == made->creator_group;
}

void sysv_unmake(const struct host *host, enum sysv_type type, const struct sysv_facts *made)
{
        /* What was given away already can still be removed by its creator. */
        (void)sysv_remove(host, type, made->id, ours, (void *)(uintptr_t)made);
}

/* --- attributes -------------------------------------------------------------- */

/* EINVAL has two meanings here: the object is gone, or a value is none (a user that is not mapped). */
static int refused(enum sysv_type type, int id, int err)
{
        union answer answer = { 0 };

        return err == EINVAL && ask(type, id, &answer) == 0 ? -EINVAL : sysv_error(err);
}

static void set_perm(struct ipc_perm *perm, const struct sysv_facts *wanted)
{
        perm->uid = wanted->owner;
        perm->gid = wanted->group;
        perm->mode = wanted->mode & PERMISSIONS;
}

int sysv_set(const struct host *host, enum sysv_type type, int id, const struct sysv_facts *wanted)
{
        union answer answer = { 0 };

        if (!host_live(host))
                return -EOPNOTSUPP;
        /* IPC_SET reads these members and no others. */
        if (type == SYSV_SHM)
                set_perm(&answer.shm.shm_perm, wanted);
        else if (type == SYSV_SEM)
                set_perm(&answer.sem.sem_perm, wanted);
        else {
                set_perm(&answer.msg.msg_perm, wanted);
                answer.msg.msg_qbytes = wanted->msg.max_bytes;
        }
        return control(type, id, IPC_SET, &answer) < 0 ? refused(type, id, errno) : 0;
}

int sysv_lock(const struct host *host, int shmid, bool lock)
{
        if (!host_live(host))
                return -EOPNOTSUPP;
        return shmctl(shmid, lock ? SHM_LOCK : SHM_UNLOCK, NULL) < 0 ? refused(SYSV_SHM, shmid, errno) : 0;
}

int sysv_set_semaphore(const struct host *host, int semid, unsigned number, unsigned value)
{
        if (!host_live(host))
                return -EOPNOTSUPP;
        return semctl(semid, (int)number, SETVAL, (union semun){ .val = (int)value }) < 0
               ? refused(SYSV_SEM, semid, errno) : 0;
}
