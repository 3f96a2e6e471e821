/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * asleep STEP: children that have every kind of object sleep; something happens; then a look that keeps what
 * was read of them, and one that reads everything, must tell the same. In the sandbox only. Exit status 0; 77
 * with a reason on stdout; or 1 with a word on stderr. asleep sleep: sleeps.
 */
#include "asleep.h"

#include "base/array.h"
#include "collect/collect.h"
#include "kind/kinds.h"
#include "output/json.h"
#include "sys/host.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* The first look keeps what it reads, the second what it asks on top of that, the third asks for nothing of it. */
enum { SECONDS_MOST = 60, TRIES = 40, LOOKS = 3, DOUBTS = 3 };

struct sleepers *sleepers;
static struct builder_memory *memory;
struct want want;

static struct host *host, *keeping;     /* one that keeps nothing, and one that looks again and again */
static pid_t self;
static char *before;                    /* the last look that read everything */

void check(bool truth, const char *what, const char *file, int line)
{
        if (truth)
                return;
        fprintf(stderr, "%s:%d: not so: %s (errno %s)\n", file, line, what, strerror(errno));
        if (getpid() != self)
                _exit(1);
        end_all();
        _exit(1);
}

void skip(const char *reason)
{
        end_all();
        printf("%s\n", reason);
        fflush(stdout);
        _exit(77);
}

/* --- one look as text --------------------------------------------------------- */

/* The value that stands here ends before this. */
static char *end_of_value(char *value)
{
        if (*value == '"') {
                for (value++; *value != '"'; value++)
                        if (*value == '\\')
                                value++;
                return value + 1;
        }
        return value + strcspn(value, ",}]");
}

/* Puts nothing in the place of the values of this member. */
static void strip(char *line, const char *member)
{
        char key[64];

        snprintf(key, sizeof(key), "\"%s\":", member);
        for (char *at = line; (at = strstr(at, key));) {
                char *rest;

                at += strlen(key);
                rest = end_of_value(at);
                memmove(at, rest, strlen(rest) + 1);
        }
}

/* Is it about this program, a count of the whole machine, or something that leads out of the sandbox? */
static bool is_apart(const char *line)
{
        static const char *const counts[] = { "\"file_max\"", "\"threads_max\"", "\"pid_max\"", "\"rlimit_nproc\"",
                                              "\"rlimit_sigpending\"", "\"cgroup_memory\"", "\"cgroup_pids\"" };
        static const char first[] = "{\"record\":\"process\",\"pid\":1,";
        char own[64];

        snprintf(own, sizeof(own), "{\"record\":\"process\",\"pid\":%d,", self);
        if (strncmp(line, own, strlen(own)) == 0)
                return true;
        /*
         * The sandbox's first process has nothing but what it was given: whoever is at the other end comes and goes.
         * It also wakes by itself, for orphans that end.
         */
        if (strncmp(line, first, strlen(first)) == 0)
                return true;
        if (strncmp(line, "{\"record\":\"object\"", 18) == 0 && strstr(line, "{\"pid\":1,"))
                return true;
        /* A lock of an open file is listed in all pid namespaces, also if it belongs to a process of another one. */
        if (strstr(line, "\"kind\":\"lock\"") && strstr(line, "\"holders\":[]"))
                return true;
        /* Which counts those, too. */
        if (strncmp(line, "{\"record\":\"end\"", 15) == 0)
                return true;
        if (strncmp(line, "{\"record\":\"reading\"", 19) != 0)
                return false;
        snprintf(own, sizeof(own), "\"pid\":%d,", self);
        if (strstr(line, own))
                return true;
        for (unsigned i = 0; i < COUNT(counts); i++)
                if (strstr(line, counts[i]))
                        return true;
        return false;
}

static int add_text(void *data, struct text text)
{
        buf_add(data, text);
        return 0;
}

/* A line each. signals_queued is what all processes of the user have. Of what changes by itself nothing is left; freed by the caller. */
static char *text_of_snapshot(const struct snapshot *snapshot)
{
        static const char *const changing[] = { "time", "age_seconds", "remaining_ns", "since",
                                                "signals_queued" };
        const struct object **objects = calloc(snapshot->nobjects + 1, sizeof(struct object *));
        struct json_options options = { .lines = true, .whole = true };
        struct buf text = { 0 }, stripped = { 0 };
        struct sink sink = { .write = add_text, .data = &text };
        char *line, *place = NULL;

        CHECK(objects);
        for (size_t i = 0; i < snapshot->nobjects; i++)
                objects[i] = &snapshot->objects[i];
        json_print(snapshot, objects, snapshot->nobjects, NULL, 0, &options, &sink);
        CHECK(sink_done(&sink) == 0);
        free(objects);
        buf_byte(&text, 0);
        for (line = strtok_r(text.data, "\n", &place); line; line = strtok_r(NULL, "\n", &place)) {
                if (is_apart(line))
                        continue;
                for (unsigned i = 0; i < COUNT(changing); i++)
                        strip(line, changing[i]);
                buf_string(&stripped, line);
                buf_byte(&stripped, '\n');
        }
        buf_done(&text);
        buf_byte(&stripped, 0);
        return stripped.data;
}

/* Without sleepers also without what the looks before left. */
static char *look(struct sleepers *with)
{
        struct snapshot *snapshot;
        char *text;

        if (!memory)
                memory = builder_memory_new();
        snapshot = collect(with ? keeping : host, &all_kinds, &want, with, with ? memory : NULL);
        text = text_of_snapshot(snapshot);
        snapshot_free(snapshot);
        return text;
}

/* --- two compared --------------------------------------------------------------- */

static void show_difference(const char *kept, const char *read)
{
        while (*kept && *read) {
                size_t nkept = strcspn(kept, "\n"), nread = strcspn(read, "\n");

                if (nkept != nread || memcmp(kept, read, nkept) != 0)
                        break;
                kept += nkept + (kept[nkept] != 0);
                read += nread + (read[nread] != 0);
        }
        fprintf(stderr, "kept: %.*s\nread: %.*s\n", (int)strcspn(kept, "\n"), kept, (int)strcspn(read, "\n"), read);
}

/*
 * The machine may change between two looks: then a third one differs from the second, and it is tried again. What
 * wakes by itself may also do so just before the second: that is doubted so many times.
 */
static void compare(int doubts, size_t *ret_told)
{
        bool same = false;

        for (int i = 0; i < TRIES && !same; i++) {
                char *kept = look(sleepers), *read, *again;

                if (i == 0)
                        *ret_told = sleepers_told(sleepers);
                read = look(NULL);
                same = strcmp(kept, read) == 0;
                if (!same) {
                        again = look(NULL);
                        if (strcmp(read, again) == 0 && doubts-- == 0) {
                                show_difference(kept, read);
                                CHECK(!"what is kept is what is read");
                        }
                        free(again);
                        nanosleep(&(struct timespec){ .tv_nsec = 5000000 }, NULL);
                }
                free(kept);
                free(before);
                before = read;
        }
        CHECK(same || !"the machine is quiet");
}

/* But this program. */
static unsigned count_processes(void)
{
        DIR *proc = opendir("/proc");
        struct dirent *entry;
        unsigned n = 0;

        CHECK(proc);
        while ((entry = readdir(proc)))
                n += isdigit((unsigned char)entry->d_name[0]) != 0;
        closedir(proc);
        return n - 1;
}

static unsigned count_keepable(void)
{
        unsigned n = 0;

        for (unsigned i = 0; i < nchildren; i++)
                n += !children[i].gone && !children[i].unkept;
        return n;
}

/* Of those that were awake, none is kept. */
size_t look_once(unsigned awake)
{
        size_t ntold = 0;

        compare(0, &ntold);
        if (ntold + awake > count_processes() || ntold + awake < count_keepable())
                fprintf(stderr, "%zu told, %u awake, of %u children, %u processes\n", ntold, awake, count_keepable(),
                        count_processes());
        CHECK(ntold + awake <= count_processes());
        CHECK(ntold + awake >= count_keepable());
        return ntold;
}

void look_anyhow(void)
{
        size_t ntold;

        for (int i = 0; i < LOOKS; i++)
                compare(DOUBTS, &ntold);
}

void look_woken(unsigned awake)
{
        look_once(awake);
        for (int i = 1; i < LOOKS; i++)
                look_once(0);
}

static bool has_changed(unsigned awake)
{
        char *last = strdup(before);
        bool changed;

        CHECK(last);
        look_once(awake);
        changed = strcmp(last, before) != 0;
        free(last);
        look_woken(0);
        return changed;
}

void look_after(unsigned awake)
{
        CHECK(has_changed(awake) || !"the step has done something");
}

void look_same(void)
{
        CHECK(!has_changed(0) || !"the step has done nothing");
}

static unsigned count(const char *in, const char *text)
{
        unsigned n = 0;

        for (const char *at = in; at && (at = strstr(at, text)); at++)
                n++;
        return n;
}

unsigned told(const char *text)
{
        return count(before, text);
}

unsigned told_by(struct sleepers *with, const char *text)
{
        char *look_text = look(with);
        unsigned n = count(look_text, text);

        free(look_text);
        return n;
}

/* --- all of it -------------------------------------------------------------------- */

static bool is_sandbox(void)
{
        return getenv("IPCVIEW_SANDBOX") && access("/dev/.ipcview-sandbox", F_OK) == 0;
}

/* What others do with sockets in the machine's own directories is not to be seen. */
static void be_alone(void)
{
        CHECK(unshare(CLONE_NEWNS) == 0);
        CHECK(mount("none", "/tmp", "tmpfs", 0, NULL) == 0 && mount("none", "/run", "tmpfs", 0, NULL) == 0);
}

/* As the browser asks. */
static void want_all(void)
{
        want.kinds = (UINT64_C(1) << all_kinds.nkinds) - 1;
        for (uint16_t i = 0; i < FIELD_COUNT; i++)
                if (i != FIELD_CLOEXEC)
                        field_set_add(&want.fields, i);
        want.holders = want.waiters = want.processes = want.limits = true;
}

static const struct step *find(const char *name)
{
        const struct step *const lists[] = { own_steps, other_steps, late_steps, life_steps };

        for (unsigned i = 0; i < COUNT(lists); i++)
                for (const struct step *step = lists[i]; step->name; step++)
                        if (strcmp(step->name, name) == 0)
                                return step;
        return NULL;
}

int main(int argc, char **argv)
{
        const struct step *step = argc == 2 ? find(argv[1]) : NULL;

        if (argc == 2 && strcmp(argv[1], "sleep") == 0)
                for (;;)
                        pause();
        if (!step || !is_sandbox()) {
                fprintf(stderr, "usage: sandbox asleep STEP\n");
                return 2;
        }
        self = getpid();
        alarm(SECONDS_MOST);
        signal(SIGPIPE, SIG_IGN);
        be_alone();
        CHECK(mkdir(PLACE, 0700) == 0 || errno == EEXIST);
        CHECK(host_open(NULL, &host) == 0 && host_open(NULL, &keeping) == 0);
        host_keep_listings(keeping);
        want_all();
        step->run();
        sleepers_free(sleepers);
        builder_memory_free(memory);
        host_close(host);
        host_close(keeping);
        free(before);
        end_all();
        return 0;
}
