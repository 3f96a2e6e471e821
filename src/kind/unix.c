/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unix domain sockets: unix(7). */
#include "kind/unix.h"

#include "base/array.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/number.h"
#include "kind/kinds.h"
#include "kind/path-acts.h"
#include "model/limit.h"
#include "sys/fdinfo.h"
#include "sys/procnet.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>

enum {
        INFO_MOST = 1 << 20,
        PENDING_SURE = 1000,            /* pending connections that surely fit into one answer */
};

/* One table being read. */
struct reading {
        struct sockets *sockets;
        struct unix_list *list;
        bool queues;                    /* some listener has connections that wait */
};

struct unix_list *unix_list(struct builder *builder)
{
        void **place = builder_note(builder, &kind_unix, 0, 0);

        if (!*place)
                *place = ARENA_NEW(builder_arena(builder), struct unix_list);
        return *place;
}

static void remember_name(struct reading *reading, struct object *object, struct text name,
                          const struct unix_facts *facts)
{
        struct unix_known *known = ARENA_NEW(builder_arena(reading->sockets->builder), struct unix_known);

        *known = (struct unix_known){
                .object = object, .name = name,
                .file_dev = facts->file_dev, .file_inode = facts->file_inode, .has_file = facts->has_file,
                .connection = facts->phase == PHASE_ESTABLISHED && facts->type != SOCK_DGRAM,
                .listens = facts->phase == PHASE_LISTEN,
                .next = reading->list->named,
        };
        reading->list->named = known;
}

static void remember_end(struct reading *reading, struct object *object, uint32_t peer, bool loaded)
{
        struct unix_ends *ends = reading->list->ends;

        if (!ends || ends->n == UNIX_ENDS) {
                ends = ARENA_NEW(builder_arena(reading->sockets->builder), struct unix_ends);
                ends->next = reading->list->ends;
                reading->list->ends = ends;
        }
        ends->ends[ends->n++] = (struct unix_end){ object, peer, loaded };
}

/* Returns the name, if it is one that can be relied on. */
static struct text set_name(struct builder *builder, struct object *object, const struct unix_facts *facts)
{
        struct text copy;

        if (!facts->has_name)
                return TEXT("");
        copy = arena_text(builder_arena(builder), facts->name);
        builder_value(builder, object, (struct value){ .field = FIELD_NAME, .type = VALUE_TEXT, .data = copy.data,
                                                       .len = (uint32_t)copy.len, .inferred = facts->name_inferred });
        builder_value(builder, object, (struct value){ .field = FIELD_ABSTRACT, .type = VALUE_BOOL,
                                                       .u = copy.data[0] == 0, .inferred = facts->name_inferred });
        object->nameless = facts->name_inferred;
        return object->nameless ? TEXT("") : copy;
}

static void set_queues(struct reading *reading, struct object *object, const struct unix_facts *facts)
{
        struct builder *builder = reading->sockets->builder;
        bool listens = facts->phase == PHASE_LISTEN;

        if (!facts->has_queues) {
                builder_unknown(builder, object, listens ? FIELD_BACKLOG : FIELD_RECEIVE_QUEUE_BYTES);
                builder_unknown(builder, object, listens ? FIELD_MAX_BACKLOG : FIELD_SEND_QUEUE_BYTES);
                return;
        }
        sockets_set_queues(builder, object, facts->phase, facts->receive_queue, facts->send_queue, true);
        reading->queues |= listens && facts->receive_queue > 0;
}

/*
 * The other end. Without an inode it is either not accepted yet, which the
 * listener's list of pending connections tells, or closed: the kernel then shuts
 * down both directions of a stream. A datagram socket just loses its receiver.
 */
static void set_peer(struct builder *builder, struct object *object, const struct unix_facts *facts)
{
        bool closed = facts->type == SOCK_DGRAM || facts->shutdown == (SHUT_RECEIVE | SHUT_SEND);

        if (!facts->has_peer)
                return;
        if (facts->peer)
                builder_uint(builder, object, FIELD_PEER_INODE, facts->peer);
        else
                builder_state(builder, object, WORD_BIT(closed ? STATE_PEER_CLOSED : STATE_PENDING), true);
}

/*
 * Descriptors on their way to it: none where nothing can be, as they go with at
 * least one byte of a stream. Else its holders tell, when they are known. True:
 * they are to be asked.
 */
static bool set_flight(struct builder *builder, struct object *object, const struct unix_facts *facts)
{
        bool counted = facts->type == SOCK_STREAM || facts->phase == PHASE_LISTEN;

        if (!field_set_has(&builder_want(builder)->fields, FIELD_DESCRIPTORS_IN_FLIGHT))
                return false;
        if (counted && facts->has_queues && facts->receive_queue == 0) {
                builder_uint(builder, object, FIELD_DESCRIPTORS_IN_FLIGHT, 0);
                return false;
        }
        builder_unknown(builder, object, FIELD_DESCRIPTORS_IN_FLIGHT);
        return true;
}

/* In the order of the kind's fields: sealing needs to put nothing in order then. */
static void add_socket(const struct unix_facts *facts, void *data)
{
        struct reading *reading = data;
        struct builder *builder = reading->sockets->builder;
        struct object *object;
        struct text name;
        bool loaded;

        if (!facts->inode)
                return;
        object = sockets_object(reading->sockets, &kind_unix, facts->inode, 0);
        name = set_name(builder, object, facts);
        builder_uint(builder, object, FIELD_INODE, facts->inode);
        sockets_set_type(builder, object, facts->type);
        sockets_set_phase(builder, object, facts->phase);
        builder_state(builder, object, 0, false);
        set_queues(reading, object, facts);
        loaded = set_flight(builder, object, facts);
        if (facts->has_shutdown)
                sockets_set_shutdown(builder, object, facts->shutdown);
        if (facts->has_uid)
                builder_uint(builder, object, FIELD_OWNER, facts->uid);
        else
                builder_unknown(builder, object, FIELD_OWNER);
        set_peer(builder, object, facts);
        sockets_set_memory(reading->sockets, object, &facts->memory);
        if (name.len)
                remember_name(reading, object, name, facts);
        if (facts->peer || loaded)
                remember_end(reading, object, facts->peer, loaded);
}

/* The clients that wait at a listener are its peers, until it accepts them. */
static void add_pending(const struct unix_facts *facts, void *data)
{
        struct reading *reading = data;
        struct builder *builder = reading->sockets->builder;
        struct object *listener = builder_indexed(builder, SPACE_SOCKET, facts->inode);

        if (!listener || listener->key.kind != &kind_unix)
                return;
        for (unsigned i = 0; i < facts->npending; i++) {
                uint32_t inode = sockdiag_pending(facts, i);
                struct object *client = inode ? builder_indexed(builder, SPACE_SOCKET, inode) : NULL;
                const struct value *state;

                if (!client || client->key.kind != &kind_unix)
                        continue;
                builder_peer(builder, listener, client);
                state = row_get(object_row(client), FIELD_STATE);
                if (state && state->type == VALUE_WORDS)
                        builder_value(builder, client, (struct value){
                                .field = FIELD_STATE, .type = VALUE_WORDS,
                                .u = (state->u & ~WORD_BIT(STATE_PEER_CLOSED)) | WORD_BIT(STATE_PENDING),
                        });
        }
        if (facts->npending)
                *builder_note(builder, &kind_unix, facts->inode, 0) = listener;
}

/* A listener whose pending connections did not fit into one answer. */
static void check_pending(struct reading *reading)
{
        struct builder *builder = reading->sockets->builder;
        struct object *object;

        for (size_t i = 0; (object = builder_each(builder, &kind_unix, i)); i++) {
                const struct value *backlog = object->ns == reading->sockets->ns ?
                                              builder_get(object, FIELD_BACKLOG) : NULL;

                if (backlog && backlog->type == VALUE_UINT && backlog->u > PENDING_SURE &&
                    !*builder_note(builder, &kind_unix, object->key.id, 0))
                        builder_gap(builder, &kind_unix, "sock_diag", EMSGSIZE,
                                    N_("a listener has more pending connections than the kernel can tell"));
        }
}

static void read_procnet(struct reading *reading, int err)
{
        struct buf text = { 0 };

        if (sockets_fall_back(reading->sockets, &kind_unix, err, "unix", &text))
                sockets_bad_lines(reading->sockets, &kind_unix, procnet_unix(buf_text(&text), add_socket, reading));
        buf_done(&text);
}

/* Most sockets are unix sockets: "sockets: used N" of sockstat is about their number. */
static void expect(const struct sockets *sockets)
{
        struct buf buf = { 0 };
        struct text text, line, word;
        uint64_t n;

        sockets_table(sockets, "sockstat", &buf);
        text = buf_text(&buf);
        if (text_split(&text, '\n', &line) && text_starts(line, TEXT("sockets: used "))) {
                line = text_from(line, strlen("sockets: used "));
                if (text_word(&line, &word) && number_parse(word, UINT32_MAX, &n) == 0)
                        builder_expect(sockets->builder, n);
        }
        buf_done(&buf);
}

void unix_read(struct sockets *sockets)
{
        struct reading reading = { .sockets = sockets, .list = unix_list(sockets->builder) };
        int err = sockets->refused;

        expect(sockets);
        if (!err)
                err = sockdiag_unix(sockets->diag, UNIX_WANT_UID | (sockets->want_memory ? UNIX_WANT_MEMORY : 0),
                                    add_socket, &reading);
        if (err) {
                read_procnet(&reading, err);
                return;
        }
        if (!reading.queues)
                return;
        err = sockdiag_unix_pending(sockets->diag, add_pending, &reading);
        if (err)
                builder_gap(sockets->builder, &kind_unix, "sock_diag", -err, NULL);
        check_pending(&reading);
}

static void scan(const struct host *host, const struct want *want, struct builder *builder)
{
        (void)want;
        sockets_scan(host, builder, unix_read);
}

static void lookup(const struct host *host, struct builder *builder, struct text name)
{
        struct unix_asked *asked;

        if (!host_live(host) || name.len == 0 || name.data[0] != '/' || memchr(name.data, 0, name.len))
                return;
        asked = ARENA_NEW(builder_arena(builder), struct unix_asked);
        asked->path = arena_text(builder_arena(builder), name);
        asked->next = unix_list(builder)->asked;
        unix_list(builder)->asked = asked;
}

/* scm_fds of fdinfo, if its ino is still that of the socket. */
static void count_flight(const struct host *host, struct builder *builder, struct object *object)
{
        struct fdinfo_key keys[] = { { .key = "ino", .form = FDINFO_UNSIGNED },
                                     { .key = "scm_fds", .form = FDINFO_UNSIGNED } };
        const struct hold *hold = builder_next_hold(object, NULL);
        struct buf text = { 0 };
        char path[64];

        while (hold && hold->way != WAY_FD)
                hold = builder_next_hold(object, hold);
        if (!hold)
                return;
        if (hold->tid)
                snprintf(path, sizeof(path), "/proc/%d/task/%d/fdinfo/%d", hold->process->pid, hold->tid, hold->fd);
        else
                snprintf(path, sizeof(path), "/proc/%d/fdinfo/%d", hold->process->pid, hold->fd);
        if (host_read(host, path, INFO_MOST, &text) == 0)
                fdinfo_read(buf_text(&text), keys, COUNT(keys));
        if (keys[1].there && (!keys[0].there || keys[0].bits == object->key.id))
                builder_uint(builder, object, FIELD_DESCRIPTORS_IN_FLIGHT, keys[1].bits);
        buf_done(&text);
}

/*
 * Ends that were told before each other; descriptors on their way. Both ends
 * lie anywhere: so they are fetched for all of them before the first is needed.
 */
static void settle_ends(const struct host *host, struct builder *builder, const struct unix_ends *ends)
{
        struct object *peers[UNIX_ENDS];

        for (unsigned i = 0; i < ends->n; i++)
                builder_indexed_ahead(builder, SPACE_SOCKET, ends->ends[i].peer);
        for (unsigned i = 0; i < ends->n; i++) {
                uint32_t peer = ends->ends[i].peer;

                peers[i] = peer ? builder_indexed(builder, SPACE_SOCKET, peer) : NULL;
                memory_ahead(peers[i]);
        }
        for (unsigned i = 0; i < ends->n; i++) {
                const struct unix_end *end = &ends->ends[i];

                if (peers[i] && peers[i]->key.kind == &kind_unix)
                        builder_peer(builder, end->object, peers[i]);
                if (end->loaded)
                        count_flight(host, builder, end->object);
        }
}

static void settle(const struct host *host, struct builder *builder)
{
        const struct want *want = builder_want(builder);
        struct places places;
        struct bound bound = { 0 };

        for (const struct unix_ends *ends = unix_list(builder)->ends; ends; ends = ends->next)
                settle_ends(host, builder, ends);
        /* The files that a recording has are not those that were bound. */
        if (host_live(host)) {
                places_init(&places, host, builder);
                unix_settle_files(host, &places, &bound, builder);
                /* Who may have bound a file in another network namespace is known after a walk only. */
                if (want->holders && field_set_has(&want->fields, FIELD_STATE))
                        unix_find_stale(host, &places, &bound, builder);
                places_done(&places);
                map_done(&bound.files);
        }
        unix_settle_names(builder);
}

static const uint16_t fields[] = {
        FIELD_NAME, FIELD_PATH, FIELD_ABSTRACT, FIELD_INODE, FIELD_SOCKET_TYPE, FIELD_SOCKET_STATE, FIELD_STATE,
        FIELD_BACKLOG,
        FIELD_MAX_BACKLOG, FIELD_RECEIVE_QUEUE_BYTES, FIELD_SEND_QUEUE_BYTES, FIELD_DESCRIPTORS_IN_FLIGHT,
        FIELD_SHUTDOWN, FIELD_OWNER, FIELD_DEV, FIELD_FILE_INODE, FIELD_MODE, FIELD_PEER_INODE,
        FIELD_RECEIVE_MEMORY_BYTES, FIELD_RECEIVE_BUFFER_BYTES, FIELD_SEND_MEMORY_BYTES, FIELD_SEND_BUFFER_BYTES,
        FIELD_DROPS, FIELD_LINKS, FIELD_CREATED_AT, FIELD_CHANGED_AT,
};

static const uint16_t table[] = {
        FIELD_REF, FIELD_SOCKET_TYPE, FIELD_SOCKET_STATE, FIELD_BACKLOG, FIELD_RECEIVE_QUEUE_BYTES,
        FIELD_SEND_QUEUE_BYTES, FIELD_OWNER, FIELD_STATE, FIELD_PEERS, FIELD_HOLDERS,
};

static const uint16_t summary[] = { FIELD_SOCKET_TYPE, FIELD_SOCKET_STATE };

static const struct kind_charge charges[] = {
        { .limit = LIMIT_BACKLOG, .how = CHARGE_OWN, .field = FIELD_BACKLOG, .most = FIELD_MAX_BACKLOG },
};

const struct kind kind_unix = {
        .name = "unix",
        .title = N_("Unix domain socket"),
        .scope = NAMESPACE_NET,
        .address = ADDRESS_SOCKET,
        .family = FAMILY_UNIX,
        .fields = fields, .nfields = COUNT(fields),
        .columns = table, .ncolumns = COUNT(table),
        .summary = summary, .nsummary = COUNT(summary),
        .consequence = N_("its name goes, to which nobody could connect; a server can be bound there again"),
        .acts = &unix_acts,
        .charges = charges, .ncharges = COUNT(charges),
        .claims = CLAIM_SOCKET,
        .scan = scan,
        .lookup = lookup,
        .claim = sockets_claim,
        .wake = WAKE_PEER,
        .settle = settle,
        .conclude = sockets_conclude,
};
