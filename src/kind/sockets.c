/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kind/sockets.h"

#include "base/array.h"
#include "base/i18n.h"
#include "kind/kinds.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>

enum { TABLE_MOST = 1 << 30 };

static const uint64_t cookies = UINT64_C(1) << 32;      /* ids from here on are cookies */

static const uint16_t memory_fields[] = {
        FIELD_RECEIVE_MEMORY_BYTES, FIELD_RECEIVE_BUFFER_BYTES, FIELD_SEND_MEMORY_BYTES, FIELD_SEND_BUFFER_BYTES,
        FIELD_DROPS,
};

bool sockets_want_memory(const struct builder *builder)
{
        for (unsigned i = 0; i < COUNT(memory_fields); i++)
                if (field_set_has(&builder_want(builder)->fields, memory_fields[i]))
                        return true;
        return false;
}

void sockets_open(struct sockets *sockets, int ns)
{
        sockets->refused = sockdiag_open(sockets->host, ns, &sockets->diag);
        if (sockets->refused == 0 && builder_in_row(sockets->builder))
                sockdiag_work_alone(sockets->diag);
}

void sockets_scan(const struct host *host, struct builder *builder, void (*read)(struct sockets *sockets))
{
        struct sockets sockets = { .host = host, .builder = builder, .net = "/proc/net",
                                   .ns = builder_origin(builder)->net_ns,
                                   .want_memory = sockets_want_memory(builder) };

        sockets_open(&sockets, -1);
        read(&sockets);
        sockdiag_close(sockets.diag);
}

struct object *sockets_object(struct sockets *sockets, const struct kind *kind, uint32_t inode, uint64_t cookie)
{
        struct object_key key = { kind, sockets->ns, inode ? inode : cookies + cookie };
        struct object *object;

        /* A descriptor of it may have been met before its table was read. */
        if (inode)
                object = builder_indexed_object(sockets->builder, key, SPACE_SOCKET, inode);
        else
                object = builder_object(sockets->builder, key, NULL);
        object->ns = sockets->ns;
        object->foreign = sockets->foreign;
        return object;
}

void sockets_set_inode(struct builder *builder, struct object *object, uint32_t inode)
{
        if (inode)
                builder_uint(builder, object, FIELD_INODE, inode);
        builder_state(builder, object, 0, false);
}

int sockets_table(const struct sockets *sockets, const char *file, struct buf *out)
{
        char path[64];

        snprintf(path, sizeof(path), "%s/%s", sockets->net, file);
        return host_read(sockets->host, path, TABLE_MOST, out);
}

bool sockets_fall_back(struct sockets *sockets, const struct kind *kind, int err, const char *file, struct buf *out)
{
        int r = sockets_table(sockets, file, out);

        /* Neither the one nor the other: a kernel without such sockets, or a recording that has none. */
        if (r == -ENOENT && (err == -ENOENT || !host_live(sockets->host)))
                return false;
        builder_gap(sockets->builder, kind, "sock_diag", -err,
                    N_("/proc/net tells less: no peers, no pending connections, ambiguous names"));
        if (r < 0)
                builder_gap(sockets->builder, kind, "/proc/net", -r, NULL);
        return r == 0;
}

void sockets_bad_lines(struct sockets *sockets, const struct kind *kind, unsigned bad)
{
        if (bad)
                builder_gap(sockets->builder, kind, "/proc/net", EBADMSG, NULL);
}

static void set_word(struct builder *builder, struct object *object, uint16_t field, unsigned word)
{
        builder_value(builder, object, (struct value){ .field = field, .type = VALUE_WORD, .u = word });
}

void sockets_set_type(struct builder *builder, struct object *object, unsigned type)
{
        enum socket_type_word word = SOCKET_OTHER;

        switch (type) {
        case 0:
                builder_unknown(builder, object, FIELD_SOCKET_TYPE);
                return;
        case SOCK_STREAM:    word = SOCKET_STREAM; break;
        case SOCK_DGRAM:     word = SOCKET_DGRAM; break;
        case SOCK_SEQPACKET: word = SOCKET_SEQPACKET; break;
        case SOCK_RAW:       word = SOCKET_RAW; break;
        case SOCK_RDM:       word = SOCKET_RDM; break;
        case SOCK_PACKET:    word = SOCKET_PACKET; break;
        }
        set_word(builder, object, FIELD_SOCKET_TYPE, word);
}

void sockets_set_phase(struct builder *builder, struct object *object, unsigned phase)
{
        static const uint8_t words[] = {
                [PHASE_ESTABLISHED] = SOCKET_ESTABLISHED, [PHASE_SYN_SENT] = SOCKET_SYN_SENT,
                [PHASE_SYN_RECV] = SOCKET_SYN_RECEIVED, [PHASE_FIN_WAIT1] = SOCKET_FIN_WAIT_1,
                [PHASE_FIN_WAIT2] = SOCKET_FIN_WAIT_2, [PHASE_TIME_WAIT] = SOCKET_TIME_WAIT,
                [PHASE_UNCONNECTED] = SOCKET_UNCONNECTED, [PHASE_CLOSE_WAIT] = SOCKET_CLOSE_WAIT,
                [PHASE_LAST_ACK] = SOCKET_LAST_ACK, [PHASE_LISTEN] = SOCKET_LISTENING,
                [PHASE_CLOSING] = SOCKET_CLOSING, [PHASE_NEW_SYN_RECV] = SOCKET_SYN_RECEIVED,
                [PHASE_BOUND] = SOCKET_BOUND,
        };

        if (phase == 0 || phase >= COUNT(words))
                builder_unknown(builder, object, FIELD_SOCKET_STATE);
        else
                set_word(builder, object, FIELD_SOCKET_STATE, words[phase]);
}

void sockets_set_shutdown(struct builder *builder, struct object *object, unsigned shutdown)
{
        builder_uint(builder, object, FIELD_SHUTDOWN,
                     (shutdown & SHUT_RECEIVE ? WORD_BIT(SHUTDOWN_RECEIVE) : 0) |
                     (shutdown & SHUT_SEND ? WORD_BIT(SHUTDOWN_SEND) : 0));
}

void sockets_set_memory(struct sockets *sockets, struct object *object, const struct socket_memory *memory)
{
        const uint32_t amounts[] = { memory->receive_used, memory->receive_most, memory->send_used, memory->send_most,
                                     memory->drops };

        if (!sockets->want_memory)
                return;
        for (unsigned i = 0; i < COUNT(amounts); i++) {
                if (memory->known)
                        builder_uint(sockets->builder, object, memory_fields[i], amounts[i]);
                else
                        builder_unknown(sockets->builder, object, memory_fields[i]);
        }
}

void sockets_set_interface(struct sockets *sockets, struct object *object, uint32_t index)
{
        struct buf name = { 0 };

        if (!index)
                return;
        if (sockets->diag && sockdiag_interface(sockets->diag, index, &name) == 0)
                builder_text(sockets->builder, object, FIELD_INTERFACE, buf_text(&name));
        else
                builder_unknown(sockets->builder, object, FIELD_INTERFACE);
        buf_done(&name);
}

void sockets_set_queues(struct builder *builder, struct object *object, unsigned phase, uint32_t receive,
                        uint32_t send, bool has_backlog)
{
        bool listens = phase == PHASE_LISTEN;

        builder_uint(builder, object, listens ? FIELD_BACKLOG : FIELD_RECEIVE_QUEUE_BYTES, receive);
        if (listens && !has_backlog) {
                builder_unknown(builder, object, FIELD_MAX_BACKLOG);
                return;
        }
        builder_uint(builder, object, listens ? FIELD_MAX_BACKLOG : FIELD_SEND_QUEUE_BYTES, send);
        /* The kernel lets one more wait than was asked for (sk_acceptq_is_full(), unix_recvq_full()). */
        if (listens && receive > send)
                builder_state(builder, object, WORD_BIT(STATE_FULL), false);
}

void sockets_conclude(struct builder *builder, struct object *object)
{
        uint64_t accounted = WORD_BIT(STATE_KERNEL) | WORD_BIT(STATE_STALE);
        const struct value *state;

        if (object->key.id >= cookies || !builder_saw_holders(builder) || builder_held(builder, object, -1))
                return;
        state = row_get(object_row(object), FIELD_STATE);
        if (!state || state->type != VALUE_WORDS || !(state->u & accounted))
                builder_state(builder, object, WORD_BIT(STATE_UNHELD), true);
}
