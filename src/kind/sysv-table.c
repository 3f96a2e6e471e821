/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kind/sysv-table.h"

#include "base/i18n.h"
#include "sys/process.h"
#include "sys/sysv.h"

#include <errno.h>
#include <inttypes.h>

enum {
        TABLE_MOST = 1 << 30,           /* ids end at 2^24 a namespace, a row takes some 160 bytes */
        NS_PER_SECOND = 1000000000,
        PERMISSIONS = 0777,
};

/* Where the columns of this kernel's table are; -1: not there. */
struct places {
        int id, key, perms, uid, gid, cuid, cgid, ctime;
        int column[16];
};

static void find_places(const struct sysv_source *source, const struct columns *table, struct places *ret)
{
        ret->id = columns_find(table, source->id);
        ret->key = columns_find(table, "key");
        ret->perms = columns_find(table, "perms");
        ret->uid = columns_find(table, "uid");
        ret->gid = columns_find(table, "gid");
        ret->cuid = columns_find(table, "cuid");
        ret->cgid = columns_find(table, "cgid");
        ret->ctime = columns_find(table, "ctime");
        for (unsigned i = 0; i < source->ncolumns; i++)
                ret->column[i] = columns_find(table, source->columns[i].name);
}

static void set_number(struct builder *builder, struct object *object, const struct columns *table,
                       int place, uint16_t field)
{
        bool moment = field_get(field)->unit == UNIT_TIME;
        uint64_t number;

        if (columns_number(table, place, 10, moment ? INT64_MAX / NS_PER_SECOND : UINT64_MAX, &number) < 0)
                builder_unknown(builder, object, field);
        else
                builder_uint(builder, object, field, moment ? number * NS_PER_SECOND : number);
}

static void set_common(const struct sysv_source *source, const struct columns *table, const struct places *places,
                       struct builder *builder, struct object *object)
{
        uint32_t key;
        uint64_t perms;

        builder_uint(builder, object, FIELD_ID, object->key.id);
        if (columns_key(table, places->key, &key) < 0)
                builder_unknown(builder, object, FIELD_KEY);
        else
                builder_uint(builder, object, FIELD_KEY, key);
        set_number(builder, object, table, places->uid, FIELD_OWNER);
        set_number(builder, object, table, places->gid, FIELD_GROUP);
        set_number(builder, object, table, places->cuid, FIELD_CREATOR);
        set_number(builder, object, table, places->cgid, FIELD_CREATOR_GROUP);
        if (columns_number(table, places->perms, 8, UINT32_MAX, &perms) < 0) {
                builder_unknown(builder, object, FIELD_MODE);
                builder_unknown(builder, object, FIELD_STATE);
                return;
        }
        builder_uint(builder, object, FIELD_MODE, perms & PERMISSIONS);
        builder_state(builder, object, source->states ? source->states(perms) : 0, false);
}

/* False when the row's id is no id: it names nothing. */
static bool add_row(const struct sysv_source *source, const struct columns *table, const struct places *places,
                    uint64_t ns, struct builder *builder, struct object **ret)
{
        uint64_t id;

        if (columns_number(table, places->id, 10, INT32_MAX, &id) < 0)
                return false;
        *ret = builder_object(builder, (struct object_key){ source->kind, ns, id }, NULL);
        (*ret)->ns = ns;
        set_common(source, table, places, builder, *ret);
        for (unsigned i = 0; i < source->ncolumns; i++)
                set_number(builder, *ret, table, places->column[i], source->columns[i].field);
        set_number(builder, *ret, table, places->ctime, FIELD_CHANGED_AT);
        return true;
}

static void read_rows(const struct sysv_source *source, struct text file, uint64_t ns, const struct host *host,
                      struct builder *builder)
{
        struct columns table;
        struct places places;
        int err = columns_init(&table, file);

        if (err < 0) {
                builder_gap(builder, source->kind, source->path, -err, NULL);
                return;
        }
        find_places(source, &table, &places);
        if (places.id < 0) {
                builder_gap(builder, source->kind, source->path, EBADMSG, NULL);
                return;
        }
        while ((err = columns_next(&table)) != 0) {
                struct object *object;

                if (err < 0 || !add_row(source, &table, &places, ns, builder, &object)) {
                        builder_gap(builder, source->kind, source->path, EBADMSG, NULL);
                        continue;
                }
                object->foreign = !host;
                if (host && source->complete)
                        source->complete(host, builder, object);
        }
}

void sysv_scan(const struct sysv_source *source, const struct host *host, struct builder *builder)
{
        struct buf file = { 0 };
        int err = host_read(host, source->path, TABLE_MOST, &file);

        if (err < 0)
                builder_gap(builder, source->kind, source->path, -err, NULL);
        else
                read_rows(source, buf_text(&file), builder_origin(builder)->ipc_ns, host, builder);
        buf_done(&file);
}

void sysv_visit(const struct sysv_source *source, const struct host *host, int dir, uint64_t ns,
                struct builder *builder)
{
        struct buf table = { 0 };
        int err;

        if (!builder_visit(builder, source->kind, ns))
                return;
        err = sysv_read_foreign(host, dir, source->path, &table);
        if (err < 0)
                builder_gap(builder, source->kind, source->path, -err, N_("another IPC namespace"));
        else
                read_rows(source, buf_text(&table), ns, NULL, builder);
        buf_done(&table);
}

/* Ids repeat across namespaces, and each thread may be in one of its own. */
struct object *sysv_waited(const struct sysv_source *source, struct waiting *waiting, enum wait_target target)
{
        const struct wait_call *call = &waiting->thread->call;
        uint64_t own = builder_origin(waiting->builder)->ipc_ns, ns = own;
        int dir;

        if (call->target != target || call->id < 0)
                return NULL;
        dir = waits_thread_dir(waiting->waits);
        if (own == 0 || dir < 0 || process_read_namespace(dir, "ipc", &ns) < 0)
                waiting->inferred = true;
        else if (ns != own)
                sysv_visit(source, waiting->host, dir, ns, waiting->builder);
        return builder_find(waiting->builder, (struct object_key){ source->kind, ns, (uint64_t)call->id });
}
