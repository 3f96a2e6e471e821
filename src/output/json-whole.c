/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a whole snapshot has beyond a list of objects, so that it can be read back. */
#include "base/array.h"
#include "output/json-private.h"

static const char *const remove_ipc_words[] = {
        [REMOVE_IPC_NO] = "no", [REMOVE_IPC_YES] = "yes", [REMOVE_IPC_DEFAULT] = "default",
};

const char *json_remove_ipc(enum remove_ipc setting)
{
        return remove_ipc_words[setting];
}

enum remove_ipc json_find_remove_ipc(const char *word)
{
        for (unsigned i = REMOVE_IPC_UNASKED + 1; i < COUNT(remove_ipc_words); i++)
                if (strcmp(remove_ipc_words[i], word) == 0)
                        return (enum remove_ipc)i;
        return REMOVE_IPC_UNASKED;
}

static void write_flag(struct writer *writer, const char *key, bool flag)
{
        writer_key(writer, key);
        writer_bool(writer, flag);
}

static void write_known(struct writer *writer, const char *key, bool known, uint64_t number)
{
        writer_key(writer, key);
        if (known)
                writer_uint(writer, number);
        else
                writer_null(writer);
}

static void write_namespaces(struct writer *writer, const struct snapshot_origin *origin)
{
        const struct {
                enum namespace_type_word type;
                uint64_t inode;
        } namespaces[] = { { NAMESPACE_IPC, origin->ipc_ns }, { NAMESPACE_MNT, origin->mnt_ns },
                           { NAMESPACE_NET, origin->net_ns }, { NAMESPACE_PID, origin->pid_ns } };

        writer_key(writer, "namespaces");
        writer_open(writer, '{');
        for (size_t i = 0; i < COUNT(namespaces); i++)
                write_known(writer, namespace_type_name(namespaces[i].type), namespaces[i].inode != 0,
                            namespaces[i].inode);
        writer_close(writer, '}');
}

void json_write_asked(struct writer *writer, const struct snapshot *snapshot)
{
        const struct snapshot_origin *origin = &snapshot->origin;
        const char *remove_ipc = json_remove_ipc(origin->remove_ipc);

        writer_key(writer, "snapshot");
        writer_open(writer, '{');
        writer_key(writer, "kinds");
        writer_open(writer, '[');
        for (unsigned i = 0; i < snapshot->kinds->nkinds; i++)
                if (snapshot->want.kinds >> i & 1)
                        writer_word(writer, snapshot->kinds->kinds[i]->name);
        writer_close(writer, ']');
        write_flag(writer, "holders", snapshot->want.holders);
        write_flag(writer, "waiters", snapshot->want.waiters);
        write_flag(writer, "processes", snapshot->want.processes);
        write_flag(writer, "limits", snapshot->want.limits);
        write_namespaces(writer, origin);
        write_known(writer, "page_bytes", origin->page_bytes != 0, origin->page_bytes);
        writer_key(writer, "remove_ipc");
        if (remove_ipc)
                writer_word(writer, remove_ipc);
        else
                writer_null(writer);
        writer_text_member(writer, "lingering", origin->lingering);
        writer_close(writer, '}');
}

/* As it was read, not as it is judged: that is made again of it. What is zero mostly is left out when it is. */
void json_write_reading(struct writer *writer, const struct snapshot *snapshot, const struct limit_reading *reading)
{
        const struct limit *limit = limit_get(reading->limit);
        const struct {
                const char *key;
                uint64_t number;
        } others[] = { { "failures", reading->failures }, { "usual", reading->usual },
                       { "shared_bytes", reading->shared_bytes } };

        writer_key(writer, "limit");
        writer_word(writer, limit->name);
        json_write_bound(writer, snapshot, reading);
        /* Whose limit stands for the user's. */
        if (limit->binds == BINDS_USER && reading->process) {
                writer_key(writer, field_get(FIELD_PID)->name);
                writer_uint(writer, (uint64_t)reading->process->pid);
        }
        write_known(writer, "value", !reading->unknown && !reading->unlimited, reading->value);
        if (reading->unlimited)
                write_flag(writer, "unlimited", true);
        if (reading->counted)
                write_known(writer, "used", true, reading->used);
        if (reading->inferred)
                write_flag(writer, field_get(FIELD_INFERRED)->name, true);
        for (size_t i = 0; i < COUNT(others); i++)
                if (others[i].number)
                        write_known(writer, others[i].key, true, others[i].number);
}
