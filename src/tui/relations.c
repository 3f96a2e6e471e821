/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/relations.h"

struct tree {
        const struct map *unfolded;
        struct rows *rows;
};

static void add_children(struct tree *tree, struct relation *node, uint64_t path);

/* --- a node -------------------------------------------------------------------- */

static struct subject subject_of_node(const struct relation *node)
{
        return node->about.object ? subject_of_object(node->about.object) : subject_of_process(node->about.process);
}

static bool same_thing(const struct relation *a, const struct relation *b)
{
        return a->about.object == b->about.object && a->about.process == b->about.process;
}

static bool is_above_itself(const struct relation *node)
{
        for (const struct relation *above = node->above; above; above = above->above)
                if (same_thing(above, node))
                        return true;
        return false;
}

/* One object may be at many places of the tree: a place is the way from the root to it. */
static uint64_t path_of(uint64_t path, const struct relation *node)
{
        return subject_hash(path * 31 + node->type, subject_of_node(node));
}

/* Does the object lead anywhere but back to whence we came? */
static bool object_leads_on(const struct object *object, const struct relation *above)
{
        const struct process *from = above ? above->about.process : NULL;

        for (unsigned i = 0; i < object->nholds; i++)
                if (object->holds[i].process != from)
                        return true;
        for (unsigned i = 0; i < object->nwaits; i++)
                if (object->waits[i].process != from)
                        return true;
        for (unsigned i = 0; i < object->npeers; i++)
                if (!above || object->peers[i] != above->about.object)
                        return true;
        return false;
}

static bool process_leads_on(const struct process *process, const struct relation *above)
{
        const struct object *from = above ? above->about.object : NULL;

        if (process->nwaits)
                return true;
        for (unsigned i = 0; i < process->nholds; i++)
                if (process->holds[i]->object != from)
                        return true;
        return false;
}

static void add_node(struct tree *tree, const struct relation *made, uint64_t path)
{
        struct relation *node;
        struct subject subject;
        uint64_t here = path_of(path, made);

        if (tree->rows->n >= RELATIONS_ROWS_MOST)
                return;
        node = ARENA_NEW(&tree->rows->arena, struct relation);
        *node = *made;
        subject = subject_of(SUBJECT_NODE, node->type, here);
        if (node->type != RELATION_MORE) {
                node->cycle = is_above_itself(node);
                node->leaf = node->cycle || node->depth >= RELATIONS_DEPTH_MOST ||
                             !(node->about.object ? object_leads_on(node->about.object, node->above) :
                                                    process_leads_on(node->about.process, node->above));
                node->open = !node->leaf && (!node->above || map_get(tree->unfolded, subject.a, subject.b));
        } else {
                node->leaf = true;
        }
        rows_add(tree->rows, (struct row_item){ .type = ROW_NODE, .subject = subject, .thing = node,
                                                .depth = node->depth });
        if (node->open)
                add_children(tree, node, here);
}

static void add_more(struct tree *tree, const struct relation *node, uint64_t path, unsigned more)
{
        if (more)
                add_node(tree, &(struct relation){ .about = node->about, .type = RELATION_MORE, .above = node,
                                                   .depth = node->depth + 1, .more = more }, path);
}

/* --- what is next to an object --------------------------------------------------- */

static bool is_whence(const struct relation *node, const struct object *object, const struct process *process)
{
        return node->above && node->above->about.object == object && node->above->about.process == process;
}

static void add_waiters(struct tree *tree, const struct relation *node, uint64_t path)
{
        const struct object *object = node->about.object;
        unsigned told = 0, more = 0;

        for (unsigned i = 0; i < object->nwaits; i++) {
                const struct wait *wait = &object->waits[i];

                /* Threads of a process lie together: one of them stands for all. */
                if (is_whence(node, NULL, wait->process) || (i > 0 && object->waits[i - 1].process == wait->process))
                        continue;
                if (told++ < RELATIONS_CHILDREN_MOST)
                        add_node(tree, &(struct relation){ .about.process = wait->process, .type = RELATION_WAITER,
                                                           .above = node, .depth = node->depth + 1, .wait = wait },
                                 path);
                else
                        more++;
        }
        add_more(tree, node, path + RELATION_WAITER, more);
}

static void add_holders(struct tree *tree, const struct relation *node, uint64_t path)
{
        const struct object *object = node->about.object;
        unsigned told = 0, more = 0;

        for (unsigned i = 0; i < object->nholds; i++) {
                const struct process *process = object->holds[i].process;

                if (is_whence(node, NULL, process) || (i > 0 && object->holds[i - 1].process == process))
                        continue;
                if (told++ < RELATIONS_CHILDREN_MOST)
                        add_node(tree, &(struct relation){ .about.process = process, .type = RELATION_HOLDER,
                                                           .above = node, .depth = node->depth + 1,
                                                           .held = object, .held_by = process }, path);
                else
                        more++;
        }
        add_more(tree, node, path + RELATION_HOLDER, more);
}

static void add_peers(struct tree *tree, const struct relation *node, uint64_t path)
{
        const struct object *object = node->about.object;
        unsigned told = 0, more = 0;

        for (unsigned i = 0; i < object->npeers; i++) {
                if (is_whence(node, object->peers[i], NULL))
                        continue;
                if (told++ < RELATIONS_CHILDREN_MOST)
                        add_node(tree, &(struct relation){ .about.object = object->peers[i], .type = RELATION_PEER,
                                                           .above = node, .depth = node->depth + 1 }, path);
                else
                        more++;
        }
        add_more(tree, node, path + RELATION_PEER, more);
}

/* --- what is next to a process ---------------------------------------------------- */

/* Whom it waits for: so that a chain of waits can be walked to its end. */
static void add_wakers(struct tree *tree, const struct relation *node, const struct wait *wait, uint64_t path)
{
        struct counterparts who = { 0 };
        unsigned told = 0;

        counterparts_of_wait(wait, &who);
        for (size_t i = 0; i < who.n; i++)
                if (told < RELATIONS_CHILDREN_MOST) {
                        told++;
                        add_node(tree, &(struct relation){ .about.process = who.processes[i], .type = RELATION_WAKER,
                                                           .above = node, .depth = node->depth + 1 }, path);
                }
        add_more(tree, node, path + RELATION_WAKER, (unsigned)(who.n - told));
        counterparts_done(&who);
}

static void add_awaited(struct tree *tree, const struct relation *node, uint64_t path)
{
        const struct process *process = node->about.process;
        unsigned told = 0, more = 0;

        for (unsigned i = 0; i < process->nwaits; i++) {
                const struct wait *wait = process->waits[i];

                if (is_whence(node, wait->object, NULL) || (i > 0 && process->waits[i - 1]->object == wait->object))
                        continue;
                if (told++ < RELATIONS_CHILDREN_MOST)
                        add_node(tree, &(struct relation){ .about.object = wait->object, .type = RELATION_AWAITED,
                                                           .above = node, .depth = node->depth + 1, .wait = wait },
                                 path);
                else
                        more++;
        }
        add_more(tree, node, path + RELATION_AWAITED, more);
}

static bool is_awaited(const struct process *process, const struct object *object)
{
        enum { LOOK_MOST = 64 };        /* a few threads: who waits for thousands is a poll set */

        for (unsigned i = 0; i < process->nwaits && i < LOOK_MOST; i++)
                if (process->waits[i]->object == object)
                        return true;
        return false;
}

static void add_contents(struct tree *tree, const struct relation *node, uint64_t path)
{
        const struct process *process = node->about.process;
        unsigned told = 0, more = 0;

        for (unsigned i = 0; i < process->nholds; i++) {
                const struct object *object = process->holds[i]->object;

                if (is_whence(node, object, NULL) || (i > 0 && process->holds[i - 1]->object == object) ||
                    is_awaited(process, object))
                        continue;
                if (told++ < RELATIONS_CHILDREN_MOST)
                        add_node(tree, &(struct relation){ .about.object = object, .type = RELATION_CONTENT,
                                                           .above = node, .depth = node->depth + 1,
                                                           .held = object, .held_by = process }, path);
                else
                        more++;
        }
        add_more(tree, node, path + RELATION_CONTENT, more);
}

static void add_children(struct tree *tree, struct relation *node, uint64_t path)
{
        if (node->about.object) {
                if (node->type == RELATION_AWAITED)
                        add_wakers(tree, node, node->wait, path);
                add_waiters(tree, node, path);
                add_holders(tree, node, path);
                add_peers(tree, node, path);
                return;
        }
        if (node->type == RELATION_WAITER)
                add_wakers(tree, node, node->wait, path);
        add_awaited(tree, node, path);
        add_contents(tree, node, path);
}

void relations_fill(const struct object *object, const struct process *process, const struct map *unfolded,
                    struct rows *rows)
{
        struct tree tree = { unfolded, rows };

        add_node(&tree, &(struct relation){ .about = { object, object ? NULL : process }, .type = RELATION_ROOT }, 0);
}
