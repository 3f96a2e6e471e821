/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whose it is, and who else may have a hand in it. */
#include "report/findings-private.h"

enum { WRITE_BY_OTHERS = 0002 };

/*
 * Users that systemd makes up have no entry, and those of containers have one
 * in there only; a process that belongs to the same unknown user is one of these.
 */
enum { DYNAMIC_FIRST = 61184, DYNAMIC_LAST = 65519, CONTAINERS_FIRST = 100000 };

/* Can it be reached by a name or id? Then its mode and owner matter to others. */
static bool is_reachable(const struct judging *judging, const struct object *object)
{
        switch (topic_of(judging, object)) {
        case TOPIC_SHM:
        case TOPIC_SEM:
        case TOPIC_MSG:
                return true;
        case TOPIC_MQ:
        case TOPIC_PSHM:
        case TOPIC_PSEM:
        case TOPIC_FIFO:
                return !has_state(object, STATE_UNLINKED) && number_or_zero(object, FIELD_LINKED);
        default:
                return false;
        }
}

static void world_writable(struct judging *judging, const struct object *object)
{
        uint64_t mode, owner;
        struct finding *draft;

        if (!number_of(object, FIELD_MODE, &mode) || !(mode & WRITE_BY_OTHERS) ||
            !number_of(object, FIELD_OWNER, &owner))
                return;
        draft = finding_begin(judging, FINDING_WORLD_WRITABLE, object, NULL);
        if (owner >= FIRST_USER)
                draft->severity = SEVERITY_NOTICE;
        say(judging, N_("its mode is %04o, and it belongs to "), (unsigned)mode);
        say_user(judging, (uid_t)owner);
        finding_remedy(judging, "ipcview set %.*s mode=%04o", (int)object->ref.len, object->ref.data,
                       (unsigned)mode & ~(unsigned)WRITE_BY_OTHERS);
        finding_end(judging);
}

static void owner_unknown(struct judging *judging, const struct object *object)
{
        struct text name;
        uint64_t owner;

        /* Where root has no name either, no list of users was read. */
        if (object->foreign || !number_of(object, FIELD_OWNER, &owner) || owner >= CONTAINERS_FIRST ||
            (owner >= DYNAMIC_FIRST && owner <= DYNAMIC_LAST) ||
            snapshot_user_name(judging->snapshot, (uid_t)owner, &name))
                return;
        finding_begin(judging, FINDING_OWNER_UNKNOWN, object, NULL);
        say(judging, N_("it belongs to user %u, who has no name"), (unsigned)owner);
        finding_end(judging);
}

void findings_modes(struct judging *judging, const struct object *object)
{
        if (!is_reachable(judging, object))
                return;
        if (judging_wants(judging, FINDING_WORLD_WRITABLE))
                world_writable(judging, object);
        if (judging_wants(judging, FINDING_OWNER_UNKNOWN))
                owner_unknown(judging, object);
}

/* --- RemoveIPC= ------------------------------------------------------------- */

/* What services use of an ordinary user's. */
struct used {
        const struct object *first;
        const struct process *service;
        unsigned objects;
};

static const struct process *service_of(const struct object *object)
{
        for (unsigned i = 0; i < object->nholds; i++) {
                const struct process *process = object->holds[i].process;
                const struct value *cgroup = row_get(process_row(process), FIELD_CGROUP);

                if (cgroup && cgroup->type == VALUE_TEXT && text_starts(value_text(cgroup), TEXT("/system.slice/")))
                        return process;
        }
        return NULL;
}

/* Segments that are attached are spared (systemd, src/shared/clean-ipc.c). */
static bool is_removed(const struct judging *judging, const struct object *object)
{
        uint64_t attached, owner;

        if (object->foreign || !is_reachable(judging, object) || topic_of(judging, object) == TOPIC_FIFO ||
            !number_of(object, FIELD_OWNER, &owner) || owner < FIRST_USER || owner >= LAST_USER)
                return false;
        return !number_of(object, FIELD_ATTACHED, &attached) || attached == 0;
}

static bool lingers(const struct judging *judging, uid_t uid)
{
        struct text rest = judging->snapshot->origin.lingering, line, name;

        if (!snapshot_user_name(judging->snapshot, uid, &name))
                return false;
        while (text_split(&rest, '\n', &line))
                if (text_equal(line, name))
                        return true;
        return false;
}

static bool logind_runs(const struct snapshot *snapshot)
{
        for (size_t i = 0; i < snapshot->nprocesses; i++)
                if (text_equal(snapshot->processes[i].comm, TEXT("systemd-logind")))
                        return true;
        return false;
}

static void report_used(struct judging *judging, const struct used *used)
{
        struct finding *draft = finding_begin(judging, FINDING_REMOVE_IPC, used->first, used->service);
        const struct value *unit = row_get(process_row(used->service), FIELD_UNIT);
        uid_t owner = (uid_t)number_or_zero(used->first, FIELD_OWNER);

        if (judging->snapshot->origin.remove_ipc == REMOVE_IPC_DEFAULT) {
                draft->inferred = true;
                draft->severity = SEVERITY_NOTICE;
        }
        say_process(judging, used->service);
        if (unit && unit->type == VALUE_TEXT) {
                say(judging, N_(" of "));
                buf_add(&judging->text, value_text(unit));
        }
        say(judging, N_(" uses it, and it belongs to "));
        say_user(judging, owner);
        if (used->objects > 1)
                say_count(judging, used->objects - 1, "; so does %u more object", "; so do %u more objects",
                          used->objects - 1);
        say(judging, draft->inferred ? N_("; RemoveIPC is not set, which mostly means yes") : N_("; RemoveIPC is set"));
        finding_remedy(judging, "loginctl enable-linger %u", (unsigned)owner);
        finding_end(judging);
}

void findings_remove_ipc(struct judging *judging)
{
        const struct snapshot *snapshot = judging->snapshot;
        enum remove_ipc setting = snapshot->origin.remove_ipc;
        struct map users = { 0 };

        if (!judging_wants(judging, FINDING_REMOVE_IPC) || !logind_runs(snapshot) ||
            (setting != REMOVE_IPC_YES && setting != REMOVE_IPC_DEFAULT))
                return;
        for (size_t i = 0; i < snapshot->nobjects; i++) {
                const struct object *object = &snapshot->objects[i];
                const struct process *service = is_removed(judging, object) ? service_of(object) : NULL;
                struct used *used;
                void **place;

                if (!service || lingers(judging, (uid_t)number_or_zero(object, FIELD_OWNER)))
                        continue;
                place = map_place(&users, number_or_zero(object, FIELD_OWNER), 0);
                if (!*place) {
                        used = ARENA_NEW(&judging->findings->arena, struct used);
                        *used = (struct used){ .first = object, .service = service };
                        *place = used;
                }
                used = *place;
                used->objects++;
        }
        /* In the order of their first objects. */
        for (size_t i = 0; users.used && i < snapshot->nobjects; i++) {
                uint64_t owner;
                const struct used *used = number_of(&snapshot->objects[i], FIELD_OWNER, &owner) ?
                                          map_get(&users, owner, 0) : NULL;

                if (used && used->first == &snapshot->objects[i])
                        report_used(judging, used);
        }
        map_done(&users);
}
