/* SPDX-License-Identifier: GPL-2.0-or-later */
/* FIFOs, pipes with a name: fifo(7). Open ones, and those that lie in /dev/shm. */
#include "base/array.h"
#include "base/i18n.h"
#include "kind/kinds.h"
#include "kind/path-acts.h"
#include "kind/path-name.h"
#include "kind/pipe-ends.h"
#include "kind/shmdir.h"
#include "kind/waiting.h"
#include "sys/process.h"

#include <sys/stat.h>

static struct object *claim_fifo(struct claim *claim)
{
        const struct file_facts *facts = claim->facts;
        struct object *object;
        bool new;

        if (!S_ISFIFO(facts->mode))
                return NULL;
        object = builder_object(claim->builder, (struct object_key){ &kind_fifo, facts->dev, facts->inode }, &new);
        if (new)
                shmdir_set_common(claim->builder, object, facts);
        path_name_set(claim, object, facts);
        builder_index(claim->builder, object, facts->dev, facts->inode);
        return object;
}

/* One that is named: who has it open is found by its inode, and it bears the name that was asked for. */
static void lookup(const struct host *host, struct builder *builder, struct text name)
{
        struct file_facts facts;
        struct object *object;
        bool new;

        if (path_look(host, name, S_IFIFO, &facts) < 0)
                return;
        object = builder_object(builder, (struct object_key){ &kind_fifo, facts.dev, facts.inode }, &new);
        builder_keep(object);
        if (new) {
                shmdir_set_common(builder, object, &facts);
                object->ns = builder_origin(builder)->mnt_ns;
                builder_index(builder, object, facts.dev, facts.inode);
        }
        path_set(host, builder, object, name);
}

/* A FIFO that nobody had open so far: found by the path that the blocked thread opens. */
static struct object *from_path(struct waiting *waiting, const struct file_facts *facts, struct text path)
{
        uint64_t own = builder_origin(waiting->builder)->mnt_ns;
        struct object *object;
        bool new;

        object = builder_object(waiting->builder, (struct object_key){ &kind_fifo, facts->dev, facts->inode }, &new);
        if (!new)
                return object;
        shmdir_set_common(waiting->builder, object, facts);
        builder_text(waiting->builder, object, facts->nlink ? FIELD_NAME : FIELD_PATH, path);
        builder_state(waiting->builder, object, facts->nlink ? 0 : WORD_BIT(STATE_UNLINKED), false);
        process_read_namespace(waits_thread_dir(waiting->waits), "mnt", &object->ns);
        object->foreign = object->ns && own && object->ns != own;
        return object;
}

/*
 * open(2) of one end waits for the other, without a descriptor yet. It is not
 * put into the index: whoever has it open tells the name anew.
 */
static struct object *waited(struct waiting *waiting)
{
        struct object *object = NULL;
        struct buf path = { 0 };
        struct file_facts facts;

        if (waiting->thread->call.target != WAIT_PATH)
                return NULL;
        if (waits_path_stat(waiting->waits, &waiting->thread->call, &facts, &path) == 0 && S_ISFIFO(facts.mode))
                object = from_path(waiting, &facts, buf_text(&path));
        /* That it is this file the path leads to is found out, not told. */
        waiting->inferred = true;
        buf_done(&path);
        return object;
}

static const uint16_t fields[] = {
        FIELD_NAME, FIELD_PATH, FIELD_INODE, FIELD_DEV, FIELD_OWNER, FIELD_GROUP, FIELD_MODE, FIELD_STATE,
        FIELD_READERS, FIELD_WRITERS, FIELD_CAPACITY_BYTES, FIELD_QUEUED_BYTES,
        FIELD_LINKED, FIELD_LINKS, FIELD_CREATED_AT, FIELD_CHANGED_AT, FIELD_MODIFIED_AT,
};

static const uint16_t table[] = {
        FIELD_REF, FIELD_READERS, FIELD_WRITERS, FIELD_OWNER, FIELD_MODE, FIELD_STATE, FIELD_AGE_SECONDS,
        FIELD_HOLDERS,
};

static const uint16_t summary[] = { FIELD_READERS, FIELD_WRITERS, FIELD_QUEUED_BYTES };

const struct kind kind_fifo = {
        .name = "fifo",
        .title = N_("FIFO"),
        .scope = NAMESPACE_MNT,
        .address = ADDRESS_NAME,
        .family = FAMILY_PIPE,
        .fields = fields, .nfields = COUNT(fields),
        .columns = table, .ncolumns = COUNT(table),
        .summary = summary, .nsummary = COUNT(summary),
        .consequence = N_("its name goes; who has it open goes on with it, who opens it later finds nothing"),
        .acts = &fifo_acts,
        .unlisted = true,
        .claims = CLAIM_PATH_FD,
        .scan = shmdir_scan,
        .lookup = lookup,
        .claim = claim_fifo,
        .waited = waited,
        .wake = WAKE_SIDE,
        .conclude = pipe_ends_conclude,
};
