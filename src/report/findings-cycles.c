/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Processes that wait for each other.
 *
 * A thread that polls several objects goes on when any one of them is served,
 * and an object is served by any one of those who can. So a cycle in the graph
 * of waits proves nothing: there is a deadlock where *every* way out of a set of
 * processes leads back into it (a knot). It is found from the other side: all
 * who can act are marked, then all that they can wake, and so on; who is left
 * waits for ever. Each step looks at a wait, a hold or a peer once.
 *
 * Able to act is whoever is not known to be blocked: a process with a thread
 * that waits for nothing we know of, or whose call has a time limit, or has
 * just run. Woken by somebody is whatever time, the network, a user or a
 * program that starts later may serve. Both err on the side of silence.
 */
#include "report/findings-knots.h"

#include "base/array.h"
#include "base/memory.h"

#include <stdlib.h>

enum { RAN_SECONDS = 5 };

/* --- who can act ------------------------------------------------------------- */

static void free_node(struct knots *knots, struct node *node)
{
        if (node->freed)
                return;
        node->freed = true;
        node->next_freed = knots->freed;
        knots->freed = node;
}

static void free_actor(struct knots *knots, struct actor *actor)
{
        if (actor->acts)
                return;
        actor->acts = true;
        for (const struct edge *edge = actor->wakes; edge; edge = edge->next)
                free_node(knots, edge->node);
}

/* Nodes that wait to tell on, one after the other: chains may be long. */
static void spread(struct knots *knots)
{
        while (knots->freed) {
                struct node *node = knots->freed;

                knots->freed = node->next_freed;
                for (const struct edge *edge = node->frees; edge; edge = edge->next)
                        free_node(knots, edge->node);
                for (const struct waiter *waiter = node->waiters; waiter; waiter = waiter->next)
                        free_actor(knots, waiter->actor);
        }
}

static int compare_tids(const void *a, const void *b)
{
        const struct wait *const *x = a, *const *y = b;

        return (*x)->tid < (*y)->tid ? -1 : (*x)->tid > (*y)->tid;
}

/* It may go on by itself, or has gone on since we looked at the others. */
static bool goes_on(const struct knots *knots, const struct wait *wait)
{
        return wait->timed || wait->others ||
               (wait->since && seconds_since(knots->judging, (uint64_t)wait->since) < RAN_SECONDS);
}

/* Are all of its threads blocked, each in a call that we know? */
static bool is_blocked(const struct knots *knots, const struct process *process)
{
        uint64_t threads, distinct = 0;
        pid_t last = 0;
        const struct wait **waits;
        bool blocked = true;

        if (process->nwaits == 0 || !process_number(process, FIELD_THREAD_COUNT, &threads))
                return false;
        waits = memory_new(process->nwaits * sizeof(*waits));
        for (unsigned i = 0; i < process->nwaits; i++) {
                waits[i] = process->waits[i];
                blocked = blocked && !goes_on(knots, process->waits[i]);
        }
        qsort(waits, process->nwaits, sizeof(*waits), compare_tids);
        for (unsigned i = 0; i < process->nwaits; last = waits[i++]->tid)
                distinct += i == 0 || waits[i]->tid != last;
        free(waits);
        return blocked && distinct == threads;
}

/* --- from waits to nodes ------------------------------------------------------ */

static void add_waiter(struct knots *knots, struct node *node, struct actor *actor)
{
        struct waiter *waiter = ARENA_NEW(&knots->arena, struct waiter);

        *waiter = (struct waiter){ actor, node->waiters };
        node->waiters = waiter;
}

static void build(struct knots *knots)
{
        const struct snapshot *snapshot = knots->judging->snapshot;

        knots->actors = memory_new((snapshot->nprocesses + 1) * sizeof(*knots->actors));
        for (size_t i = 0; i < snapshot->nprocesses; i++) {
                knots->actors[i].process = &snapshot->processes[i];
                knots->actors[i].acts = !is_blocked(knots, &snapshot->processes[i]);
        }
        for (size_t i = 0; i < snapshot->nprocesses; i++) {
                const struct process *process = &snapshot->processes[i];

                for (unsigned j = 0; !knots->actors[i].acts && j < process->nwaits; j++)
                        add_waiter(knots, knots_node(knots, process->waits[j]), &knots->actors[i]);
        }
        /* Nodes that are free from the start have their waiters only now. */
        for (struct node *node = knots->nodes; node; node = node->next)
                if (node->freed) {
                        node->freed = false;
                        free_node(knots, node);
                }
        spread(knots);
}

/* --- around ------------------------------------------------------------------- */

/* For whom a stuck process waits: another one, if there is any. */
static void choose_next(struct knots *knots, struct actor *actor)
{
        for (unsigned i = 0; i < actor->process->nwaits && (!actor->next || actor->next == actor); i++) {
                const struct wait *wait = actor->process->waits[i];
                const struct process *waker = knots_waker(knots, wait, actor->process);

                if (!waker)
                        continue;
                actor->next = &knots->actors[waker - knots->judging->snapshot->processes];
                actor->by = wait;
        }
}

static void say_step(struct knots *knots, const struct actor *actor)
{
        struct judging *judging = knots->judging;
        unsigned others = knots_count_wakers(knots, actor->by) - 1;

        say_process(judging, actor->process);
        say(judging, N_(" waits in %s for "), actor->by->operation);
        buf_add(&judging->text, actor->by->object->ref);
        if (actor->next == actor) {
                say(judging, N_(", which nobody else could serve"));
                return;
        }
        say(judging, N_(", which only "));
        say_process(judging, actor->next->process);
        if (others)
                say_count(judging, others, " and %u other", " and %u others", others);
        say(judging, N_(" could serve"));
}

static void say_doubts(struct knots *knots, unsigned doubts)
{
        static const struct {
                unsigned doubt;
                const char *text;
        } texts[] = {
                { DOUBT_HIDDEN, N_("; not all processes could be looked into") },
                { DOUBT_OUTSIDE, N_("; processes outside this pid namespace are not seen") },
                { DOUBT_NAME, N_("; others may still open it by its name") },
                { DOUBT_LAST, N_("; who used it last is taken for who could use it next") },
                { DOUBT_MEMORY, N_("; which word of shared memory is waited on says little of who writes it") },
                { DOUBT_SET, N_("; sets of descriptors were read from memory") },
                { DOUBT_SINCE, N_("; since when is not known") },
                { DOUBT_FLIGHT, N_("; descriptors are on their way through sockets") },
                { DOUBT_ALARM, N_("; an alarm may be set") },
                { DOUBT_CALL, N_("; which object a call means was deduced") },
        };

        for (unsigned i = 0; i < COUNT(texts); i++)
                if (doubts & texts[i].doubt)
                        say(knots->judging, "%s", knots->judging->options->translate ? gettext(texts[i].text) :
                                                                                       texts[i].text);
}

/* What is uncertain about an object that is a deduction. */
static unsigned doubt_of(const char *operation)
{
        static const struct {
                struct text prefix;
                enum doubt doubt;
        } calls[] = {
                { { "futex", 5 }, DOUBT_MEMORY },
                { { "poll", 4 }, DOUBT_SET },   { { "ppoll", 5 }, DOUBT_SET },
                { { "select", 6 }, DOUBT_SET }, { { "pselect", 7 }, DOUBT_SET },
        };

        for (unsigned i = 0; i < COUNT(calls); i++)
                if (text_starts(text_of(operation), calls[i].prefix))
                        return calls[i].doubt;
        return DOUBT_CALL;
}

static unsigned doubts_of(struct knots *knots, const struct actor *actor)
{
        unsigned doubts = knots_node_of(knots, actor->by)->doubts;
        uint64_t caught;

        doubts |= knots_doubts(knots);
        if (!actor->by->since)
                doubts |= DOUBT_SINCE;
        if (actor->by->inferred)
                doubts |= doubt_of(actor->by->operation);
        if (process_number(actor->process, FIELD_SIGNALS_CAUGHT, &caught) && caught & WORD_BIT(SIGNAL_ALRM))
                doubts |= DOUBT_ALARM;
        return doubts;
}

static enum severity severity_of(unsigned doubts)
{
        if (doubts & ~(unsigned)(DOUBT_OUTSIDE | DOUBT_SET | DOUBT_CALL))
                return SEVERITY_NOTICE;
        return doubts ? SEVERITY_WARNING : SEVERITY_CRITICAL;
}

/* first: of a cycle, all of which bear its number. behind: others that wait for one of these. */
static void report(struct knots *knots, struct actor *first, unsigned behind)
{
        struct judging *judging = knots->judging;
        struct finding *draft = finding_begin(judging, FINDING_WAIT_CYCLE, first->by->object, first->process);
        const struct wait **cycle;
        struct actor *actor = first;
        unsigned n = 0, doubts = 0;

        do {
                n++;
                doubts |= doubts_of(knots, actor);
                if (actor->by->since > draft->since)
                        draft->since = actor->by->since;
                actor = actor->next;
        } while (actor != first);
        cycle = ARENA_ARRAY(&judging->findings->arena, const struct wait *, n);
        draft->cycle = cycle;
        draft->ncycle = n;
        for (unsigned i = 0; i < n; i++, actor = actor->next) {
                cycle[i] = actor->by;
                if (i)
                        say(judging, N_("; "));
                say_step(knots, actor);
        }
        if (behind)
                say_count(judging, behind, "; %u more process waits for these",
                          "; %u more processes wait for these", behind);
        if (draft->since) {
                say(judging, N_("; for "));
                say_span(judging, seconds_since(judging, (uint64_t)draft->since));
        }
        say_doubts(knots, doubts);
        draft->inferred = doubts != 0;
        draft->severity = severity_of(doubts);
        finding_remedy(judging, "kill %d", first->process->pid);
        finding_end(judging);
}

/*
 * Each stuck process leads to one other: following them ends in a cycle. Those
 * on a path bear its number; who is met again with the number of the present
 * path closes a cycle.
 */
static void find_cycles(struct knots *knots)
{
        size_t n = knots->judging->snapshot->nprocesses;
        struct actor **cycles = memory_new((n + 1) * sizeof(*cycles));
        unsigned *behind = memory_new((n + 1) * sizeof(*behind)), ncycles = 0;

        for (size_t i = 0; i < n; i++)
                if (!knots->actors[i].acts)
                        choose_next(knots, &knots->actors[i]);
        for (size_t i = 0; i < n; i++) {
                struct actor *actor = &knots->actors[i], *end;
                unsigned on_path = 0, around = 0;
                size_t cycle;

                if (actor->acts || actor->path)
                        continue;
                for (; actor && !actor->path; actor = actor->next, on_path++)
                        actor->path = i + 1;
                if (!actor)
                        continue;
                if (actor->path == i + 1) {
                        cycles[ncycles++] = end = actor;
                        do {
                                around++;
                                end->cycle = ncycles;
                                end = end->next;
                        } while (end != actor);
                }
                cycle = actor->cycle;
                for (end = &knots->actors[i]; end && end->path == i + 1 && !end->cycle; end = end->next)
                        end->cycle = cycle;
                if (cycle)
                        behind[cycle] += on_path - around;
        }
        for (unsigned i = 0; i < ncycles; i++)
                report(knots, cycles[i], behind[i + 1]);
        free(behind);
        free(cycles);
}

void findings_cycles(struct judging *judging)
{
        struct knots knots = { .judging = judging };

        if (!judging_wants(judging, FINDING_WAIT_CYCLE))
                return;
        arena_init(&knots.arena);
        build(&knots);
        find_cycles(&knots);
        map_done(&knots.by_object);
        free(knots.actors);
        arena_done(&knots.arena);
}
