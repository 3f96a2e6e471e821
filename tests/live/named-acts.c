/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * named-acts KIND DIRECTORY force|careful|hunt: objects with names are put in each other's place
 * after they were seen, in every way there is, and then removed as the program
 * removes them. In the sandbox only. DIRECTORY: an empty one for FIFOs and
 * sockets, and for what is moved away. Exit status 0, or 1 with a word on stderr.
 */
#include "base/array.h"
#include "collect/collect.h"
#include "kind/kinds.h"
#include "model/acts.h"
#include "model/reference.h"
#include "sys/host.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <mqueue.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { OBJECTS = 2400, SEM_BYTES = 32 };

#define CHECK(condition) check((condition), #condition, __LINE__)

static void check(bool truth, const char *what, int line)
{
        if (truth)
                return;
        fprintf(stderr, "named-acts.c:%d: not so: %s (errno %s)\n", line, what, strerror(errno));
        exit(1);
}

struct mechanism {
        const char *name;
        const struct kind *kind;
        const char *place;              /* where its files are; NULL: a directory each, below ours */
        const char *prefix;
        void (*make)(const char *path);
        void (*move)(const char *from, const char *to);
};

static void make_memory(const char *path)
{
        int fd = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);

        CHECK(fd >= 0 && ftruncate(fd, 100) == 0);
        close(fd);
}

static void make_semaphore(const char *path)
{
        const uint32_t bytes[SEM_BYTES / 4] = { 1, 0, 128 };
        int fd = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);

        CHECK(fd >= 0 && write(fd, bytes, sizeof(bytes)) == sizeof(bytes));
        close(fd);
}

static void make_fifo(const char *path)
{
        CHECK(mkfifo(path, 0600) == 0);
}

static void make_socket(const char *path)
{
        CHECK(mknod(path, S_IFSOCK | 0600, 0) == 0);
}

static void make_queue(const char *path)
{
        struct mq_attr attributes = { .mq_maxmsg = 1, .mq_msgsize = 8 };
        mqd_t queue = mq_open(strrchr(path, '/'), O_CREAT | O_EXCL | O_RDWR, 0600, &attributes);

        CHECK(queue >= 0);
        close((int)queue);
}

static void move(const char *from, const char *to)
{
        CHECK(rename(from, to) == 0);
}

static const struct mechanism mechanisms[] = {
        { "pshm", &kind_pshm, "/dev/shm", "", make_memory, move },
        { "psem", &kind_psem, "/dev/shm", "sem.", make_semaphore, move },
        { "fifo", &kind_fifo, NULL, "", make_fifo, move },
        { "unix", &kind_unix, NULL, "", make_socket, move },
        { "mq", &kind_mq, "/dev/mqueue", "", make_queue, NULL },
};

static struct host *host;
static const struct mechanism *mechanism;
static const char *our_directory;

static void set_path(int number, char path[PATH_MAX])
{
        if (mechanism->place)
                snprintf(path, PATH_MAX, "%s/%srace%d", mechanism->place, mechanism->prefix, number);
        else
                snprintf(path, PATH_MAX, "%s/%d/race%d", our_directory, number, number);
}

/* A path that nothing of ours is at. */
static void set_aside(int number, char path[PATH_MAX])
{
        if (mechanism->place)
                snprintf(path, PATH_MAX, "%s/%saside%d", mechanism->place, mechanism->prefix, number);
        else
                snprintf(path, PATH_MAX, "%s/aside%d", our_directory, number);
}

/* --- ways of putting something else there; what removing must say afterwards ---------- */

static int leave(const char *path, const char *aside)
{
        (void)path, (void)aside;
        return 0;
}

static int take_away(const char *path, const char *aside)
{
        (void)aside;
        CHECK(unlink(path) == 0);
        return -ENOENT;
}

/* A file system that uses inodes again gives it the same one. */
static int make_anew(const char *path, const char *aside)
{
        (void)aside;
        CHECK(unlink(path) == 0);
        mechanism->make(path);
        return -ESTALE;
}

static int rename_over(const char *path, const char *aside)
{
        mechanism->make(aside);
        mechanism->move(aside, path);
        return -ESTALE;
}

static int exchange(const char *path, const char *aside)
{
        mechanism->make(aside);
        CHECK(renameat2(AT_FDCWD, path, AT_FDCWD, aside, RENAME_EXCHANGE) == 0);
        return -ESTALE;
}

/* The same file, but the name is a link to it. */
static int put_link(const char *path, const char *aside)
{
        mechanism->move(path, aside);
        CHECK(symlink(aside, path) == 0);
        return -ESTALE;
}

static int put_other_type(const char *path, const char *aside)
{
        (void)aside;
        CHECK(unlink(path) == 0);
        if (mechanism->kind == &kind_fifo)
                make_memory(path);
        else
                make_fifo(path);
        return -ESTALE;
}

static int put_directory(const char *path, const char *aside)
{
        mechanism->move(path, aside);
        CHECK(mkdir(path, 0700) == 0);
        return -ESTALE;
}

static int change_owner(const char *path, const char *aside)
{
        (void)aside;
        CHECK(chown(path, 1, (gid_t)-1) == 0);
        return -ESTALE;
}

static int change_mode(const char *path, const char *aside)
{
        (void)aside;
        CHECK(chmod(path, 0640) == 0);
        return mechanism->kind == &kind_mq ? 0 : -ESTALE;
}

/* The directory is moved, and a link to it put into its place: the same file by another way. */
static int redirect(const char *path, const char *aside)
{
        char directory[PATH_MAX], elsewhere[PATH_MAX + 8];

        snprintf(directory, sizeof(directory), "%s", path);
        *strrchr(directory, '/') = 0;
        snprintf(elsewhere, sizeof(elsewhere), "%s.moved", aside);
        CHECK(rename(directory, elsewhere) == 0 && symlink(elsewhere, directory) == 0);
        return -ESTALE;
}

/* Another directory, in which the same file has the same name. */
static int another_directory(const char *path, const char *aside)
{
        char directory[PATH_MAX];

        snprintf(directory, sizeof(directory), "%s", path);
        *strrchr(directory, '/') = 0;
        CHECK(link(path, aside) == 0 && unlink(path) == 0 && rmdir(directory) == 0);
        CHECK(mkdir(directory, 0700) == 0 && rename(aside, path) == 0);
        return -ESTALE;
}

static const struct way {
        int (*replace)(const char *path, const char *aside);
        bool queues, files, own_directory;  /* of which kinds it is possible */
} ways[] = {
        { leave, true, true, true }, { take_away, true, true, true }, { make_anew, true, true, true },
        { rename_over, false, true, true }, { exchange, false, true, true }, { put_link, false, true, true },
        { put_other_type, false, true, true }, { put_directory, false, true, true },
        { change_owner, true, true, true }, { change_mode, true, true, true },
        { redirect, false, false, true }, { another_directory, false, false, true },
};

static const struct way *way_of(int number)
{
        unsigned which = (unsigned)number;

        for (;; which++) {
                const struct way *way = &ways[which % COUNT(ways)];

                if (mechanism->kind == &kind_mq ? way->queues : mechanism->place ? way->files : way->own_directory)
                        return way;
        }
}

/* --- the snapshot ---------------------------------------------------------- */

static struct reference references[OBJECTS];

static void want_names(struct arena *arena, struct want *want)
{
        for (int i = 0; i < OBJECTS; i++) {
                char path[PATH_MAX];

                set_path(i, path);
                references[i] = (struct reference){ .kind = mechanism->kind, .by = REFERENCE_NAME,
                                                    .name = arena_text(arena, text_of(path)) };
        }
        want->named = references;
        want->nnamed = OBJECTS;
}

static struct snapshot *look(struct arena *arena)
{
        struct want want = { .holders = mechanism->kind == &kind_unix };

        for (unsigned i = 0; i < all_kinds.nkinds; i++)
                if (all_kinds.kinds[i] == mechanism->kind)
                        want.kinds = UINT64_C(1) << i;
        for (unsigned i = 0; i < mechanism->kind->nfields; i++)
                field_set_add(&want.fields, mechanism->kind->fields[i]);
        if (!mechanism->place)
                want_names(arena, &want);
        return collect(host, &all_kinds, &want, NULL, NULL);
}

static const struct object *find(const struct snapshot *snapshot, const char *path)
{
        struct stat st;

        CHECK(lstat(path, &st) == 0);
        for (size_t i = 0; i < snapshot->nobjects; i++)
                if (snapshot->objects[i].key.kind == mechanism->kind && snapshot->objects[i].key.id == st.st_ino)
                        return &snapshot->objects[i];
        CHECK(!"the object was seen");
        return NULL;
}

static bool same(const char *path, const struct stat *before)
{
        struct stat now;

        return lstat(path, &now) == 0 && now.st_ino == before->st_ino && now.st_dev == before->st_dev;
}

/* Is it the same file under the same name, but changed? Of FIFOs that is a count of use, which force overrides. */
static bool touches(const struct way *way)
{
        return way->replace == change_mode || way->replace == another_directory;
}

/* Removed exactly if it is what was seen; whatever is there instead stays. */
static void try(const struct object *object, int number, bool force)
{
        struct act act = { .host = host, .object = object, .force = force };
        char path[PATH_MAX], aside[PATH_MAX];
        int wanted, r;
        struct stat st;

        set_path(number, path);
        set_aside(number, aside);
        wanted = way_of(number)->replace(path, aside);
        if (force && mechanism->kind == &kind_fifo && touches(way_of(number)))
                wanted = 0;
        CHECK(wanted == -ENOENT || lstat(path, &st) == 0);
        r = mechanism->kind->acts->remove(&act);
        if (r != wanted)
                fprintf(stderr, "%s %d: %d, not %d\n", mechanism->name, number, r, wanted);
        CHECK(r == wanted);
        CHECK(r == 0 ? lstat(path, &st) < 0 : r == -ENOENT || same(path, &st));
        CHECK(r != -ESTALE || act.changed.field < FIELD_COUNT);
        CHECK(mechanism->kind->acts->remove(&act) == (r == 0 ? -ENOENT : r));
}

static void run(bool force)
{
        const struct object *objects[OBJECTS];
        struct snapshot *snapshot;
        struct arena arena;
        char path[PATH_MAX];

        arena_init(&arena);
        for (int i = 0; i < OBJECTS; i++) {
                set_path(i, path);
                if (!mechanism->place) {
                        *strrchr(path, '/') = 0;
                        CHECK(mkdir(path, 0700) == 0);
                        set_path(i, path);
                }
                mechanism->make(path);
        }
        /* As whoever plans waits until what was just made can be told from what replaces it. */
        nanosleep(&(struct timespec){ .tv_nsec = 50000000 }, NULL);
        snapshot = look(&arena);
        for (int i = 0; i < OBJECTS; i++) {
                set_path(i, path);
                objects[i] = find(snapshot, path);
                CHECK(act_settled(objects[i], snapshot->origin.time));
        }
        for (int i = 0; i < OBJECTS; i++)
                try(objects[i], i, force);
        snapshot_free(snapshot);
        arena_done(&arena);
}

/* --- somebody replaces it while it is being removed ------------------------- */

enum { HUNTS = 3000, TRIALS = 50 };

#define HUNTED "/dev/shm/hunted"
#define SPARE  "/dev/shm/spare"

static int64_t moment(void)
{
        struct timespec now;

        clock_gettime(CLOCK_MONOTONIC, &now);
        return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* At some moment within so many ns of the start, the two change places. */
static void hunter(volatile int *start)
{
        unsigned seed = 1;

        for (;;) {
                int64_t end;

                while (!*start)
                        sched_yield();
                end = moment() + rand_r(&seed) % *start;
                while (moment() < end)
                        ;
                renameat2(AT_FDCWD, HUNTED, AT_FDCWD, SPARE, RENAME_EXCHANGE);
                *start = 0;
        }
}

/* Returns whether it was removed; the other one must be there in any case. */
static bool hunt_once(struct arena *arena, volatile int *start, int within)
{
        struct stat hunted, spare, left;
        struct snapshot *snapshot;
        struct act act = { .host = host };
        int r;

        make_memory(HUNTED);
        make_memory(SPARE);
        CHECK(lstat(HUNTED, &hunted) == 0 && lstat(SPARE, &spare) == 0);
        snapshot = look(arena);
        act.object = find(snapshot, HUNTED);
        *start = within;
        r = kind_pshm.acts->remove(&act);
        while (*start)
                sched_yield();
        CHECK(r == 0 || r == -ESTALE || r == -ENOENT);
        if (r == 0)
                CHECK((lstat(HUNTED, &left) == 0) != (lstat(SPARE, &left) == 0) || !"one of the two is left");
        if (r == 0)
                CHECK(same(HUNTED, &spare) || same(SPARE, &spare));
        else
                CHECK((same(HUNTED, &hunted) && same(SPARE, &spare)) || (same(HUNTED, &spare) && same(SPARE, &hunted)));
        unlink(HUNTED);
        unlink(SPARE);
        snapshot_free(snapshot);
        return r == 0;
}

/* How long a removal takes here, ns. */
static int trial(struct arena *arena)
{
        int64_t least = INT32_MAX / 4;

        for (int i = 0; i < TRIALS; i++) {
                struct act act = { .host = host };
                struct snapshot *snapshot;
                int64_t start, taken;

                make_memory(HUNTED);
                snapshot = look(arena);
                act.object = find(snapshot, HUNTED);
                start = moment();
                CHECK(kind_pshm.acts->remove(&act) == 0);
                taken = moment() - start;
                least = taken < least ? taken : least;
                snapshot_free(snapshot);
        }
        return (int)least;
}

static void hunt(void)
{
        volatile int *start = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        struct arena arena;
        int removed = 0, rounds = 0, within;
        pid_t child;

        CHECK(start != MAP_FAILED);
        child = fork();
        CHECK(child >= 0);
        if (child == 0) {
                prctl(PR_SET_PDEATHSIG, SIGKILL);
                hunter(start);
        }
        arena_init(&arena);
        within = 2 * trial(&arena);
        /* Where the two seldom run at the same time, it takes more of them. */
        for (; rounds < HUNTS || (rounds < 10 * HUNTS && (removed == 0 || removed == rounds)); rounds++)
                removed += hunt_once(&arena, start, within << rounds % 6);
        arena_done(&arena);
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        /* Otherwise this test would say nothing. */
        CHECK(removed > 0 && removed < rounds);
}

int main(int argc, char **argv)
{
        if (argc != 4 || access("/dev/.ipcview-sandbox", F_OK) < 0) {
                fprintf(stderr, "usage: in the sandbox: named-acts KIND DIRECTORY force|careful|hunt\n");
                return 77;
        }
        for (unsigned i = 0; i < COUNT(mechanisms); i++)
                if (strcmp(mechanisms[i].name, argv[1]) == 0)
                        mechanism = &mechanisms[i];
        our_directory = argv[2];
        CHECK(mechanism && host_open(NULL, &host) == 0);
        if (strcmp(argv[3], "hunt") == 0)
                hunt();
        else
                run(strcmp(argv[3], "force") == 0);
        host_close(host);
        return 0;
}
