/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/kcmp.h"

#include "base/map.h"
#include "base/memory.h"

#include <errno.h>
#include <linux/kcmp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Of files in a run. Inserting into one moves at most so many; splitting moves pointers to runs. */
enum { RUN_MOST = 256 };

struct open_file {
        pid_t task;
        int fd;
        void *data;
};

struct run {
        struct open_file *files;
        unsigned n, room;
};

/* All files of one class, in the kernel's order: run by run, none of them empty. */
struct file_class {
        struct run *runs;
        size_t nruns, room;
        bool doubted;
        struct file_class *next;        /* of all classes */
};

struct place {
        size_t run;
        unsigned at;
};

struct open_files {
        bool able;
        struct map by_class;
        struct file_class *classes;

        /* The last question, for open_files_add() and open_files_doubt(). */
        struct file_class *class;
        struct open_file asked;
        struct place place;
};

struct open_files *open_files_new(bool able)
{
        struct open_files *files = memory_new(sizeof(*files));

        files->able = able;
        return files;
}

static void free_class(struct file_class *class)
{
        for (size_t i = 0; i < class->nruns; i++)
                free(class->runs[i].files);
        free(class->runs);
        free(class);
}

void open_files_free(struct open_files *files)
{
        if (!files)
                return;
        while (files->classes) {
                struct file_class *class = files->classes;

                files->classes = class->next;
                free_class(class);
        }
        map_done(&files->by_class);
        free(files);
}

/* 0: the same; 1: a is before b; 2: behind it; or -errno. */
static int compare(struct open_file a, struct open_file b)
{
        long r = syscall(SYS_kcmp, a.task, b.task, KCMP_FILE, (unsigned long)a.fd, (unsigned long)b.fd);

        if (r < 0)
                return -errno;
        return r <= 2 ? (int)r : -EOPNOTSUPP;
}

static void remove_file(struct file_class *class, struct place place)
{
        struct run *run = &class->runs[place.run];

        run->n--;
        memmove(run->files + place.at, run->files + place.at + 1, (run->n - place.at) * sizeof(*run->files));
        if (run->n > 0)
                return;
        free(run->files);
        class->nruns--;
        memmove(run, run + 1, (class->nruns - place.run) * sizeof(*run));
}

/*
 * Narrows the last question down to a run, then to a place in it. 1: that
 * place holds the same file; 0: it belongs there; or -errno, of the comparison
 * with the file at that place.
 */
static int locate(const struct file_class *class, struct open_file asked, struct place *ret)
{
        size_t low = 0, high = class->nruns, middle;
        struct place place = { 0, 0 };
        int order;

        /* The last run whose first file is not behind it; if none, it goes in front of all. */
        while (low < high) {
                middle = low + (high - low) / 2;
                *ret = (struct place){ middle, 0 };
                order = compare(asked, class->runs[middle].files[0]);
                if (order <= 0)
                        return order < 0 ? order : 1;
                if (order == 1)
                        high = middle;
                else
                        low = middle + 1;
        }
        if (low > 0) {
                place.run = low - 1;
                low = 1;
                high = class->runs[place.run].n;
        } else
                high = 0;
        while (low < high) {
                middle = low + (high - low) / 2;
                *ret = (struct place){ place.run, (unsigned)middle };
                order = compare(asked, class->runs[place.run].files[middle]);
                if (order <= 0)
                        return order < 0 ? order : 1;
                if (order == 1)
                        high = middle;
                else
                        low = middle + 1;
        }
        place.at = (unsigned)low;
        *ret = place;
        return 0;
}

static struct file_class *find_class(struct open_files *files, uint64_t a, uint64_t b)
{
        void **place = map_place(&files->by_class, a, b);
        struct file_class *class = *place;

        if (!class) {
                class = *place = memory_new(sizeof(*class));
                class->next = files->classes;
                files->classes = class;
        }
        return class;
}

static bool is_gone(int err)
{
        return err == -ESRCH || err == -EBADF;
}

int open_files_find(struct open_files *files, uint64_t a, uint64_t b, pid_t task, int fd, void **ret)
{
        struct file_class *class = find_class(files, a, b);
        struct open_file asked = { task, fd, NULL };
        int r;

        files->class = class;
        files->asked = asked;
        files->place = (struct place){ 0, 0 };
        while (class->nruns > 0) {
                if (!files->able)
                        return -EOPNOTSUPP;
                r = locate(class, asked, &files->place);
                if (r == 1)
                        *ret = class->runs[files->place.run].files[files->place.at].data;
                if (!is_gone(r))
                        return r;
                /* Either this one has been closed meanwhile, or the other: each of those but once. */
                if (compare(asked, asked) < 0)
                        return -ENOENT;
                remove_file(class, files->place);
                files->place = (struct place){ 0, 0 };
        }
        return 0;
}

/* Makes an empty run at that number. */
static struct run *insert_run(struct file_class *class, size_t number)
{
        if (class->nruns == class->room) {
                class->room = class->room ? class->room * 2 : 1;
                class->runs = memory_resize(class->runs, class->room, sizeof(*class->runs));
        }
        memmove(class->runs + number + 1, class->runs + number, (class->nruns - number) * sizeof(*class->runs));
        class->nruns++;
        class->runs[number] = (struct run){ 0 };
        return &class->runs[number];
}

static void insert_file(struct run *run, unsigned at, struct open_file file)
{
        if (run->n == run->room) {
                run->room = run->room ? run->room * 2 : 1;
                run->files = memory_resize(run->files, run->room, sizeof(*run->files));
        }
        memmove(run->files + at + 1, run->files + at, (run->n - at) * sizeof(*run->files));
        run->files[at] = file;
        run->n++;
}

/* Halves a run that is full; *place follows its file. */
static void split_run(struct file_class *class, struct place *place)
{
        const unsigned half = RUN_MOST / 2;
        struct run *upper = insert_run(class, place->run + 1), *lower = upper - 1;

        upper->files = memory_resize(NULL, RUN_MOST, sizeof(*upper->files));
        upper->room = RUN_MOST;
        upper->n = lower->n - half;
        memcpy(upper->files, lower->files + half, upper->n * sizeof(*upper->files));
        lower->n = half;
        if (place->at > half)
                *place = (struct place){ place->run + 1, place->at - half };
}

void open_files_add(struct open_files *files, void *data)
{
        struct file_class *class = files->class;
        struct place place = files->place;

        if (class->nruns == 0)
                insert_run(class, 0);
        if (class->runs[place.run].n == RUN_MOST)
                split_run(class, &place);
        files->asked.data = data;
        insert_file(&class->runs[place.run], place.at, files->asked);
}

void open_files_doubt(struct open_files *files, void (*doubt)(void *data, void *context), void *context)
{
        struct file_class *class = files->class;

        if (class->doubted)
                return;
        class->doubted = true;
        for (size_t i = 0; i < class->nruns; i++)
                for (unsigned j = 0; j < class->runs[i].n; j++)
                        doubt(class->runs[i].files[j].data, context);
}

int kcmp_is_target(pid_t task, int fd, pid_t epoll_task, int epoll, uint32_t target, uint32_t nth)
{
        struct kcmp_epoll_slot slot = { .efd = (uint32_t)epoll, .tfd = target, .toff = nth };
        long r = syscall(SYS_kcmp, task, epoll_task, KCMP_EPOLL_TFD, (unsigned long)fd, &slot);

        return r < 0 ? -errno : r == 0;
}
