/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef COMMAND_BROWSE_COLLECTOR_H
#define COMMAND_BROWSE_COLLECTOR_H

/*
 * Scenes for the browser, made in a thread of their own: the screen never waits
 * for the machine. One at a time, when asked for. collect() is fit for it: it has
 * no state of its own, translates nothing, and enters namespaces in threads that
 * end with it; the thread of the screen must not change the locale, the
 * environment or the working directory, nor ask the name service.
 */
#include "model/snapshot.h"
#include "tui/scene.h"

struct collector;

/* Where snapshots come from. */
struct collector_source {
        const char *sysroot;            /* collected from there; NULL: of this machine */
        struct want want;
        struct snapshot **recorded;     /* these instead, one after the other, the last one again and again; taken */
        size_t nrecorded;
};

struct collector_options {
        struct collector_source source;
        uint64_t rules;                 /* of findings */
        const int *levels;              /* LIMIT_COUNT of them, copied */
        bool utf8;
        const struct protections *protections;  /* borrowed until the thread has ended: see collector_stop() */
};

/* Texts are borrowed for life. 0, or -errno: the root can't be opened, or there can be no thread. */
int collector_start(const struct collector_options *options, struct collector **ret);

/*
 * Ends it. A collection that is being made is waited for a moment only; then the thread is left to itself: it
 * frees what it has, if the program lasts so long. False: that was so, and what it borrows must stay.
 * NULL is fine.
 */
bool collector_stop(struct collector *collector);

int collector_fd(const struct collector *collector);            /* readable when there is a scene */
/* One, soon; anew: with everything read, also of processes that have slept since the last (sys/sleepers.h). */
void collector_ask(struct collector *collector, bool anew);
struct scene *collector_take(struct collector *collector);      /* the newest; NULL: there is none that was not taken */
void collector_drop(struct collector *collector, struct scene *scene);

#endif
