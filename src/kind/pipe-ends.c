/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kind/pipe-ends.h"

#include "sys/pipes.h"
#include "sys/process.h"

#include <errno.h>

enum {
        LOOKS_MOST = 8,                 /* holders that are asked before we give up */
};

/* Where some processes could not be looked into, those that were seen are the least there are: not told, deduced. */
static void set_count(struct builder *builder, struct object *object, uint16_t field, unsigned n, bool sure)
{
        if (n || sure)
                builder_value(builder, object, (struct value){ .field = field, .type = VALUE_UINT, .u = n,
                                                               .inferred = !sure });
        else
                builder_unknown(builder, object, field);
}

/* Asks the pipe itself, through one of the descriptors with the access that is needed. 0 or -errno. */
static int look(struct builder *builder, const struct object *object, unsigned access, struct pipe_facts *ret)
{
        const struct hold *hold = NULL;
        int err = -EOPNOTSUPP;

        if (builder_origin(builder)->recorded)
                return err;
        for (unsigned i = 0; i < LOOKS_MOST && (hold = builder_next_hold(object, hold)); i++) {
                if (hold->way != WAY_FD || !(hold->access & access))
                        continue;
                err = pipes_look(hold->process->pid, hold->tid, hold->fd, object->key.scope, object->key.id, ret);
                if (err == 0 || err == -ENOSYS)
                        break;
        }
        return err;
}

/*
 * An end that no visible process has. Where the pipe could not be asked, it is
 * a deduction, and none at all where processes stay invisible as a matter of course.
 */
static void judge(struct builder *builder, struct object *object, enum state_word missing, bool told, bool there)
{
        if (told)
                builder_state(builder, object, WORD_BIT(there ? STATE_ELSEWHERE : missing), false);
        else if (builder_saw_holders(builder) && builder_origin(builder)->pid_ns == INITIAL_PID_NAMESPACE)
                builder_state(builder, object, WORD_BIT(missing), true);
}

static void set_contents(struct builder *builder, struct object *object, bool known, const struct pipe_facts *facts)
{
        if (known) {
                builder_uint(builder, object, FIELD_CAPACITY_BYTES, facts->capacity);
                builder_uint(builder, object, FIELD_QUEUED_BYTES, facts->queued);
        } else {
                builder_unknown(builder, object, FIELD_CAPACITY_BYTES);
                builder_unknown(builder, object, FIELD_QUEUED_BYTES);
        }
}

void pipe_ends_conclude(struct builder *builder, struct object *object)
{
        unsigned readers = builder_count_users(object, WAY_FD, ACCESS_R);
        unsigned writers = builder_count_users(object, WAY_FD, ACCESS_W);
        bool detail = builder_want(builder)->detail, saw = builder_saw_holders(builder), asked = false;
        struct pipe_facts facts = { 0 };

        builder_state(builder, object, 0, false);
        /* A copy for every pipe would be too much; for one that lacks an end it is worth it. */
        if ((readers || writers) && (detail || !readers || !writers))
                asked = look(builder, object, readers ? writers ? ACCESS_RW : ACCESS_R : ACCESS_W, &facts) == 0;
        set_count(builder, object, FIELD_READERS, readers,
                  saw || (!readers && facts.tells_readers && !facts.has_readers));
        set_count(builder, object, FIELD_WRITERS, writers,
                  saw || (!writers && facts.tells_writers && !facts.has_writers));
        if (!readers && !writers)
                return;                 /* a FIFO that nobody has open: there is no pipe */
        if (detail)
                set_contents(builder, object, asked, &facts);
        if (!readers)
                judge(builder, object, STATE_NO_READER, facts.tells_readers, facts.has_readers);
        if (!writers)
                judge(builder, object, STATE_NO_WRITER, facts.tells_writers, facts.has_writers);
}
