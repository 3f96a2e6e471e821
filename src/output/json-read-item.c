/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Everything but objects: the header, processes, readings of limits, gaps. */
#include "output/json-read-private.h"

#include "base/array.h"
#include "base/i18n.h"
#include "base/number.h"
#include "model/literal.h"
#include "output/json-private.h"

#include <errno.h>
#include <json-c/json.h>

enum { ERRNO_MOST = 4095 };             /* of the kernel */

/* "1.0": all of a major version can be read. */
static int check_version(struct reader *reader, struct json_object *json)
{
        static const struct text ours = { JSON_SCHEMA_VERSION, sizeof(JSON_SCHEMA_VERSION) - 1 };
        struct text rest, own = ours, number;
        uint64_t major_version, own_version;
        const char *version;
        int r = reader_word(reader, json, "schema", &version);

        if (r < 0)
                return r;
        rest = text_of(r > 0 ? version : "");
        if (!text_split(&rest, '.', &number) || number_parse(number, UINT32_MAX, &major_version) < 0 ||
            !text_split(&own, '.', &number) || number_parse(number, UINT32_MAX, &own_version) < 0 || !major_version)
                return reader_fail(reader, "schema", N_("no version of the JSON of ipcview"));
        if (major_version <= own_version)
                return 0;
        reader_fail(reader, "schema", N_("it was made by a newer ipcview, which this one doesn't understand"));
        return -EPROTONOSUPPORT;
}

static int read_namespaces(struct reader *reader, struct json_object *json)
{
        struct snapshot_origin *origin = builder_origin(reader->builder);
        const struct {
                enum namespace_type_word type;
                uint64_t *inode;
        } namespaces[] = { { NAMESPACE_IPC, &origin->ipc_ns }, { NAMESPACE_MNT, &origin->mnt_ns },
                           { NAMESPACE_NET, &origin->net_ns }, { NAMESPACE_PID, &origin->pid_ns } };
        bool null;
        struct json_object *member = reader_member(json, "namespaces", &null);

        if (!member)
                return 0;
        if (!json_object_is_type(member, json_type_object))
                return reader_fail(reader, "namespaces", N_("no object"));
        for (size_t i = 0; i < COUNT(namespaces); i++)
                if (reader_uint(reader, member, namespace_type_name(namespaces[i].type), UINT64_MAX,
                                namespaces[i].inode) < 0)
                        return -EINVAL;
        return 0;
}

static int read_kinds(struct reader *reader, struct json_object *json)
{
        struct json_object *array;
        int r = reader_array(reader, json, "kinds", &array);

        if (r <= 0)
                return r;
        reader->want.kinds = 0;
        for (size_t i = 0; i < json_object_array_length(array); i++) {
                const char *name = json_object_get_string(json_object_array_get_idx(array, i));

                for (unsigned j = 0; name && j < reader->kinds->nkinds; j++)
                        if (strcmp(reader->kinds->kinds[j]->name, name) == 0)
                                reader->want.kinds |= UINT64_C(1) << j;
        }
        return 0;
}

static int read_logind(struct reader *reader, struct json_object *json)
{
        struct snapshot_origin *origin = builder_origin(reader->builder);
        const char *word;
        int r = reader_word(reader, json, "remove_ipc", &word);

        if (r > 0)
                origin->remove_ipc = json_find_remove_ipc(word);
        return r < 0 ? r : reader_text(reader, json, "lingering", &origin->lingering);
}

/* What a whole snapshot has beyond a list of all objects. */
static int read_whole(struct reader *reader, struct json_object *json)
{
        struct snapshot_origin *origin = builder_origin(reader->builder);
        const struct {
                const char *name;
                bool *asked;
        } parts[] = { { "holders", &reader->want.holders }, { "waiters", &reader->want.waiters },
                      { "processes", &reader->want.processes }, { "limits", &reader->want.limits } };
        struct json_object *whole;
        uint64_t page = 0;
        bool null;

        whole = reader_member(json, "snapshot", &null);
        if (!whole)
                return 0;
        if (!json_object_is_type(whole, json_type_object))
                return reader_fail(reader, "snapshot", N_("no object"));
        for (size_t i = 0; i < COUNT(parts); i++)
                if (reader_bool(reader, whole, parts[i].name, parts[i].asked) < 0)
                        return -EINVAL;
        if (reader_uint(reader, whole, "page_bytes", UINT32_MAX, &page) < 0 || read_namespaces(reader, whole) < 0 ||
            read_kinds(reader, whole) < 0 || read_logind(reader, whole) < 0)
                return -EINVAL;
        origin->page_bytes = (unsigned)page;
        return 0;
}

int reader_header(struct reader *reader, struct json_object *json)
{
        struct snapshot_origin *origin = builder_origin(reader->builder);
        uint64_t time = 0, uid = (uid_t)-1;
        int r = check_version(reader, json);

        if (r < 0)
                return r;
        if (reader->begun)
                return reader_fail(reader, NULL, N_("given twice"));
        reader->begun = true;
        if (reader_time(reader, json, "time", &time) < 0 || reader_uint(reader, json, "uid", UINT32_MAX, &uid) < 0 ||
            reader_text(reader, json, "boot_id", &origin->boot_id) < 0 ||
            reader_text(reader, json, "host", &origin->host) < 0)
                return -EINVAL;
        origin->time = time > INT64_MAX ? 0 : (int64_t)time;
        origin->uid = (uid_t)uid;
        return read_whole(reader, json);
}

/* The first values of a process: what whoever has or awaits something tells of it, too. */
enum { OWN_PID, OWN_START, OWN_COMM };

static struct process *new_process(struct reader *reader, uint64_t pid)
{
        struct process *process = builder_process(reader->builder, (pid_t)pid, 0, TEXT(""));
        static const struct value values[] = {
                [OWN_PID] = { .field = FIELD_PID, .type = VALUE_UINT },
                [OWN_START] = { .field = FIELD_START_TIME, .type = VALUE_UNKNOWN },
                [OWN_COMM] = { .field = FIELD_COMM, .type = VALUE_TEXT, .data = "" },
        };

        for (size_t i = 0; i < COUNT(values); i++)
                builder_process_value(reader->builder, process, values[i]);
        process->values[OWN_PID].u = pid;
        return process;
}

static int describe(struct reader *reader, struct json_object *json, struct process *process)
{
        struct value *start = &process->values[OWN_START], *comm = &process->values[OWN_COMM];
        int has_start = reader_time(reader, json, field_get(FIELD_START_TIME)->name, &process->start);
        int has_comm = reader_text(reader, json, field_get(FIELD_COMM)->name, &process->comm);

        if (has_start < 0 || has_comm < 0)
                return -EINVAL;
        if (has_start > 0) {
                start->type = VALUE_UINT;
                start->u = process->start;
        }
        comm->data = process->comm.data;
        comm->len = (uint32_t)process->comm.len;
        return 0;
}

int reader_process_of(struct reader *reader, struct json_object *json, struct process **ret)
{
        uint64_t pid;
        int r = reader_uint(reader, json, field_get(FIELD_PID)->name, INT32_MAX, &pid);

        if (r <= 0)
                return r < 0 ? r : reader_fail(reader, field_get(FIELD_PID)->name, N_("is missing"));
        *ret = builder_find_process(reader->builder, (pid_t)pid);
        if (*ret)
                return 0;
        *ret = new_process(reader, pid);
        return describe(reader, json, *ret);
}

static int read_member(struct reader *reader, struct json_object *json, const char *name, struct process *process)
{
        unsigned n;
        const uint16_t *fields = json_process_fields(&n);

        for (unsigned i = 0; i < n; i++) {
                struct value value;
                int r;

                if (strcmp(field_get(fields[i])->name, name) != 0)
                        continue;
                r = reader_value(reader, json, fields[i], &value);
                if (r > 0)
                        builder_process_value(reader->builder, process, value);
                return r < 0 ? r : 0;
        }
        return 0;
}

int reader_process(struct reader *reader, struct json_object *json)
{
        struct process *process;
        void **place;
        int r = reader_process_of(reader, json, &process);

        if (r < 0)
                return r;
        place = map_place(&reader->told, (uint64_t)process->pid, 0);
        if (*place)
                return reader_fail(reader, field_get(FIELD_PID)->name, N_("given twice"));
        *place = process;
        r = describe(reader, json, process);
        json_object_object_foreach(json, key, member) {
                (void)member;
                if (r == 0)
                        r = read_member(reader, json, key, process);
        }
        return r;
}

/* Who is bound: 1, 0: somebody who is not in the text. */
static int read_bound_process(struct reader *reader, struct json_object *json, struct limit_reading *reading)
{
        uint64_t pid = 0;
        int r = reader_uint(reader, json, "pid", INT32_MAX, &pid);

        if (r > 0)
                reading->process = builder_find_process(reader->builder, (pid_t)pid);
        return r < 0 ? r : reading->process != NULL;
}

static int read_bound_object(struct reader *reader, struct json_object *json, struct limit_reading *reading)
{
        const char *ref;
        int r = reader_word(reader, json, "ref", &ref);

        if (r > 0)
                reading->object = reader_find(reader, ref);
        return r < 0 ? r : reading->object != NULL;
}

static int read_bound_mount(struct reader *reader, struct json_object *json, struct limit_reading *reading)
{
        struct value dev;
        int r = reader_text(reader, json, "path", &reading->name);

        if (r > 0)
                r = reader_value(reader, json, FIELD_DEV, &dev);
        if (r > 0 && dev.type == VALUE_UINT)
                reading->subject = dev.u;
        return r;
}

static int read_bound_namespace(struct reader *reader, struct json_object *json, struct limit_reading *reading)
{
        bool null;
        struct json_object *member = reader_member(json, "namespace", &null);

        if (!json_object_is_type(member, json_type_object))
                return reader_fail(reader, "namespace", N_("no object"));
        return reader_uint(reader, member, "inode", UINT64_MAX, &reading->subject) < 0 ? -EINVAL : 1;
}

static int read_subject(struct reader *reader, struct json_object *json, struct limit_reading *reading)
{
        int r;

        switch (limit_get(reading->limit)->binds) {
        case BINDS_NAMESPACE:
                return read_bound_namespace(reader, json, reading);
        case BINDS_USER:
                r = reader_person(reader, json, "user", UNIT_UID, &reading->subject);
                return r <= 0 || read_bound_process(reader, json, reading) >= 0 ? r : -EINVAL;
        case BINDS_PROCESS:
                r = read_bound_process(reader, json, reading);
                if (r > 0)
                        reading->subject = (uint64_t)reading->process->pid;
                return r;
        case BINDS_OBJECT:
                return read_bound_object(reader, json, reading);
        case BINDS_MOUNT:
                return read_bound_mount(reader, json, reading);
        case BINDS_CGROUP:
                return reader_text(reader, json, "cgroup", &reading->name);
        case BINDS_POOL:
                return reader_text(reader, json, "pool", &reading->name);
        case BINDS_SYSTEM:
        case BINDS_COUNT:
                break;
        }
        return 1;
}

static int read_numbers(struct reader *reader, struct json_object *json, struct limit_reading *reading)
{
        bool unlimited = false;
        int has_value = reader_uint(reader, json, "value", UINT64_MAX, &reading->value);
        int has_limit = reader_bool(reader, json, "unlimited", &unlimited);
        int counted = reader_uint(reader, json, "used", UINT64_MAX, &reading->used);

        if (has_value < 0 || has_limit < 0 || counted < 0 ||
            reader_bool(reader, json, "inferred", &reading->inferred) < 0 ||
            reader_uint(reader, json, "failures", UINT64_MAX, &reading->failures) < 0 ||
            reader_uint(reader, json, "usual", UINT64_MAX, &reading->usual) < 0 ||
            reader_uint(reader, json, "shared_bytes", UINT64_MAX, &reading->shared_bytes) < 0)
                return -EINVAL;
        reading->unlimited = unlimited;
        reading->unknown = !unlimited && !has_value;
        reading->counted = counted;
        return 0;
}

int reader_reading(struct reader *reader, struct json_object *json)
{
        struct limit_reading reading = { .name = TEXT("") };
        struct text name;
        int r = reader_text(reader, json, "limit", &name);

        if (r < 0)
                return r;
        if (r == 0)
                return reader_fail(reader, "limit", N_("is missing"));
        if (!limit_find(name, &reading.limit))
                return 0;
        r = read_subject(reader, json, &reading);
        if (r <= 0)
                return r;
        r = read_numbers(reader, json, &reading);
        if (r == 0)
                builder_reading(reader->builder, &reading);
        return r;
}

int reader_gap(struct reader *reader, struct json_object *json)
{
        struct gap gap = { 0 };
        const char *kind = NULL;
        uint64_t err = 0, times = 1;
        int r = reader_word(reader, json, "where", &gap.where);

        if (r == 0)
                return reader_fail(reader, "where", N_("is missing"));
        if (r < 0 || reader_word(reader, json, "kind", &kind) < 0 ||
            reader_word(reader, json, "reason", &gap.reason) < 0 ||
            reader_uint(reader, json, "errno", ERRNO_MOST, &err) < 0 ||
            reader_uint(reader, json, "times", UINT32_MAX, &times) < 0)
                return -EINVAL;
        gap.kind = kind ? kind_find(reader->kinds, text_of(kind)) : NULL;
        if (kind && !gap.kind) {
                reader->nstrangers++;
                return 0;
        }
        gap.err = (int)err;
        gap.times = (unsigned)times;
        builder_gap_told(reader->builder, &gap);
        return 0;
}
