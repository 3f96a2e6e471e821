/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Submission and completion queues: io_uring(7). A ring can keep files open
 * that no descriptor has (registered files); sockets and pipes of them are its peers.
 */
#include "base/array.h"
#include "base/i18n.h"
#include "kind/anonfile.h"
#include "kind/kinds.h"
#include "sys/file.h"

enum { KEY_SQ_MASK, KEY_CQ_MASK, KEY_THREAD, KEY_CPU, KEY_INODE, KEY_FIRST_PLAIN };

/* What needs no second thought. Older kernels don't have all of them. */
static const struct {
        const char *key;
        uint16_t field;
} plain[] = {
        { "SqHead",       FIELD_SQ_HEAD },
        { "SqTail",       FIELD_SQ_TAIL },
        { "CachedSqHead", FIELD_SQ_CACHED_HEAD },
        { "SQEs",         FIELD_SQ_PENDING },
        { "CqHead",       FIELD_CQ_HEAD },
        { "CqTail",       FIELD_CQ_TAIL },
        { "CachedCqTail", FIELD_CQ_CACHED_TAIL },
        { "CQEs",         FIELD_CQ_PENDING },
        { "SqTotalTime",  FIELD_SQ_TOTAL_US },
        { "SqWorkTime",   FIELD_SQ_WORK_US },
        { "UserFiles",    FIELD_FILE_COUNT },
        { "UserBufs",     FIELD_BUFFER_COUNT },
};

enum { KEYS = KEY_FIRST_PLAIN + COUNT(plain), FILE_VALUES = 3 };

static void read_keys(struct text info, struct fdinfo_key keys[KEYS])
{
        keys[KEY_SQ_MASK] = (struct fdinfo_key){ .key = "SqMask", .form = FDINFO_HEX };
        keys[KEY_CQ_MASK] = (struct fdinfo_key){ .key = "CqMask", .form = FDINFO_HEX };
        keys[KEY_THREAD] = (struct fdinfo_key){ .key = "SqThread", .form = FDINFO_DECIMAL };
        keys[KEY_CPU] = (struct fdinfo_key){ .key = "SqThreadCpu", .form = FDINFO_DECIMAL };
        keys[KEY_INODE] = (struct fdinfo_key){ .key = "ino", .form = FDINFO_UNSIGNED };
        for (unsigned i = 0; i < COUNT(plain); i++)
                keys[KEY_FIRST_PLAIN + i] = (struct fdinfo_key){ .key = plain[i].key, .form = FDINFO_UNSIGNED };
        fdinfo_read(info, keys, KEYS);
}

/* The mask of a ring is one less than its size. */
static void set_size(struct claim *claim, struct object *object, uint16_t field, const struct fdinfo_key *mask)
{
        if (mask->there && mask->bits < UINT32_MAX)
                builder_uint(claim->builder, object, field, mask->bits + 1);
        else
                builder_unknown(claim->builder, object, field);
}

static void set_files(struct claim *claim, struct object *object, struct text info)
{
        struct text list = fdinfo_user_files(info), rest = list;
        struct fdinfo_user_file file;
        struct row *rows;
        size_t n = 0, i = 0;

        while (fdinfo_next_user_file(&rest, &file))
                n++;
        rows = anonfile_rows(claim->builder, n, FILE_VALUES);
        for (; i < n && fdinfo_next_user_file(&list, &file); i++) {
                anonfile_add(&rows[i], FIELD_SLOT, file.slot);
                anonfile_add_text(claim->builder, &rows[i], FIELD_PATH, file.name);
        }
        anonfile_set_rows(claim->builder, object, FIELD_REGISTERED_FILES, rows, n);
}

static void describe(struct claim *claim, struct object *object, struct text info, const struct fdinfo_key *keys)
{
        size_t n;

        set_size(claim, object, FIELD_SQ_ENTRIES, &keys[KEY_SQ_MASK]);
        set_size(claim, object, FIELD_CQ_ENTRIES, &keys[KEY_CQ_MASK]);
        for (unsigned i = 0; i < COUNT(plain); i++)
                if (keys[KEY_FIRST_PLAIN + i].there)
                        anonfile_set(claim, object, plain[i].field, &keys[KEY_FIRST_PLAIN + i]);
        /* -1: there is no such thread, or it is bound to no processor. */
        if (keys[KEY_THREAD].there && keys[KEY_THREAD].number > 0)
                anonfile_set(claim, object, FIELD_SQ_THREAD_PID, &keys[KEY_THREAD]);
        if (keys[KEY_CPU].there && keys[KEY_CPU].number >= 0)
                anonfile_set(claim, object, FIELD_SQ_THREAD_CPU, &keys[KEY_CPU]);
        if (fdinfo_count_below(info, "PollList", &n))
                builder_uint(claim->builder, object, FIELD_POLL_COUNT, n);
        if (fdinfo_count_below(info, "CqOverflowList", &n))
                builder_uint(claim->builder, object, FIELD_CQ_OVERFLOWS, n);
        set_files(claim, object, info);
}

static struct object *claim_iouring(struct claim *claim)
{
        struct text info = anonfile_info(claim, &kind_iouring);
        struct fdinfo_key keys[KEYS];
        struct object *object;
        bool new;

        /* On most kernels each ring has an inode of its own. */
        read_keys(info, keys);
        object = anonfile_object(claim, &kind_iouring, keys[KEY_INODE].there ? keys[KEY_INODE].bits : 0, &new);
        if (!object || !new)
                return object;
        if (keys[KEY_INODE].there)
                builder_uint(claim->builder, object, FIELD_INODE, keys[KEY_INODE].bits);
        describe(claim, object, info, keys);
        return object;
}

static struct object *find_file(struct builder *builder, struct text name)
{
        uint64_t inode;

        if (file_parse_link(name, TEXT("socket"), &inode) == 0)
                return builder_indexed(builder, SPACE_SOCKET, inode);
        if (file_parse_link(name, TEXT("pipe"), &inode) == 0)
                return builder_indexed(builder, SPACE_PIPE, inode);
        return NULL;
}

static void conclude_iouring(struct builder *builder, struct object *object)
{
        const struct value *files = row_get(object_row(object), FIELD_REGISTERED_FILES);

        for (uint32_t i = 0; files && files->type == VALUE_ROWS && i < files->len; i++) {
                const struct value *name = row_get(files->rows[i], FIELD_PATH);
                struct object *file = name ? find_file(builder, value_text(name)) : NULL;

                if (!file)
                        continue;
                anonfile_add_object(&files->rows[i], FIELD_REF, file, false);
                builder_peer_oneway(builder, object, file);
        }
}

static const uint16_t fields[] = {
        FIELD_INODE, FIELD_STATE,
        FIELD_SQ_ENTRIES, FIELD_SQ_HEAD, FIELD_SQ_TAIL, FIELD_SQ_CACHED_HEAD, FIELD_SQ_PENDING,
        FIELD_CQ_ENTRIES, FIELD_CQ_HEAD, FIELD_CQ_TAIL, FIELD_CQ_CACHED_TAIL, FIELD_CQ_PENDING, FIELD_CQ_OVERFLOWS,
        FIELD_SQ_THREAD_PID, FIELD_SQ_THREAD_CPU, FIELD_SQ_TOTAL_US, FIELD_SQ_WORK_US,
        FIELD_POLL_COUNT, FIELD_BUFFER_COUNT, FIELD_FILE_COUNT, FIELD_REGISTERED_FILES,
};

static const uint16_t table[] = {
        FIELD_REF, FIELD_SQ_ENTRIES, FIELD_SQ_PENDING, FIELD_CQ_ENTRIES, FIELD_CQ_PENDING, FIELD_FILE_COUNT,
        FIELD_HOLDERS,
};

static const uint16_t summary[] = { FIELD_SQ_PENDING, FIELD_CQ_PENDING, FIELD_FILE_COUNT };

const struct kind kind_iouring = {
        .name = "iouring",
        .title = N_("Queues of io_uring"),
        .scope = NAMESPACE_NONE,
        .address = ADDRESS_FD,
        .family = FAMILY_EVENT,
        .fields = fields, .nfields = COUNT(fields),
        .columns = table, .ncolumns = COUNT(table),
        .summary = summary, .nsummary = COUNT(summary),
        .unlisted = true,
        .claims = CLAIM_ANON,
        .anon = "anon_inode:[io_uring]",
        .claim = claim_iouring,
        .conclude = conclude_iouring,
};
