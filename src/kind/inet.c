/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sockets of IPv4 and IPv6: tcp(7), udp(7), raw(7). */
#include "base/array.h"
#include "base/i18n.h"
#include "kind/endpoints.h"
#include "kind/kinds.h"
#include "kind/sockets.h"
#include "model/limit.h"
#include "sys/procnet.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>

/*
 * Tables: by sock_diag, or in /proc/net. Without its module (raw_diag) sock_diag
 * knows of no raw sockets, and it never does of ping sockets.
 */
static const struct protocol {
        uint8_t number;
        const char *name;
        const char *file, *file6;       /* of /proc/net; NULL: none in this form */
        bool diag;
        bool everywhere;                /* every kernel with inet sockets has it */
} protocols[] = {
        { IPPROTO_TCP,     "tcp",     "tcp",     "tcp6",     true,  true },
        { IPPROTO_UDP,     "udp",     "udp",     "udp6",     true,  true },
        { IPPROTO_UDPLITE, "udplite", "udplite", "udplite6", true,  false },
        { IPPROTO_SCTP,    "sctp",    NULL,      NULL,       true,  false },
        { IPPROTO_RAW,     "raw",     "raw",     "raw6",     false, false },
        { IPPROTO_ICMP,    "ping",    "icmp",    "icmp6",    false, false },
};

/* One table of a namespace being read. */
struct reading {
        struct sockets *sockets;
        const struct protocol *protocol;
        struct ends ends;
};

static bool is_mapped(const uint8_t address[16])
{
        static const uint8_t prefix[12] = { [10] = 0xff, [11] = 0xff };

        return memcmp(address, prefix, sizeof(prefix)) == 0;
}

/* "127.0.0.1:80", "[::1]:80"; an IPv4 address on an IPv6 socket is "[::ffff:127.0.0.1]:80". */
static void set_address(struct builder *builder, struct object *object, uint16_t field, bool ipv6,
                        const uint8_t address[16], uint16_t port)
{
        char text[INET6_ADDRSTRLEN] = "?";
        struct buf whole = { 0 };

        if (ipv6) {
                inet_ntop(AF_INET6, address, text, sizeof(text));
                buf_printf(&whole, "[%s]:%u", text, port);
        } else {
                inet_ntop(AF_INET, address + 12, text, sizeof(text));
                buf_printf(&whole, "%s:%u", text, port);
        }
        builder_text(builder, object, field, buf_text(&whole));
        buf_done(&whole);
}

static bool is_closing(unsigned phase)
{
        return phase == PHASE_FIN_WAIT1 || phase == PHASE_FIN_WAIT2 || phase == PHASE_TIME_WAIT ||
               phase == PHASE_LAST_ACK || phase == PHASE_CLOSING;
}

/* Is it one that the listener has not accepted yet? No process has it, and none has had it and closed it. */
static bool is_pending(const struct inet_facts *facts)
{
        return facts->protocol == IPPROTO_TCP && facts->inode == 0 &&
               (facts->phase == PHASE_ESTABLISHED || facts->phase == PHASE_CLOSE_WAIT);
}

static bool is_connected(const struct inet_facts *facts)
{
        static const uint8_t none[16];

        return facts->remote_port || (memcmp(facts->remote, none, 16) != 0 &&
                                      !(is_mapped(facts->remote) && memcmp(facts->remote + 12, none, 4) == 0));
}

static enum endpoint_role role_of(const struct inet_facts *facts)
{
        if (facts->phase == PHASE_LISTEN)
                return END_LISTENER;
        if (is_connected(facts))
                return facts->remote_port ? END_CONNECTED : END_OTHER;
        return facts->protocol == IPPROTO_UDP || facts->protocol == IPPROTO_UDPLITE ? END_RECEIVER : END_OTHER;
}

static void add_end(struct reading *reading, struct object *object, const struct inet_facts *facts)
{
        struct end end = { .object = object, .protocol = facts->protocol, .role = role_of(facts),
                           .pending = is_pending(facts),
                           .local.port = facts->local_port, .remote.port = facts->remote_port };

        memcpy(end.local.address, facts->local, sizeof(end.local.address));
        memcpy(end.remote.address, facts->remote, sizeof(end.remote.address));
        /* The time of waiting is over for both: another connection may have the same ends by now. */
        if (facts->phase != PHASE_TIME_WAIT)
                ends_add(&reading->ends, &end);
        else
                builder_uint(reading->sockets->builder, object, FIELD_LOCAL_PEER, false);
}

static void add_socket(const struct inet_facts *facts, void *data)
{
        struct reading *reading = data;
        struct builder *builder = reading->sockets->builder;
        struct object *object;

        if (!facts->inode && !facts->cookie)
                return;
        object = sockets_object(reading->sockets, &kind_inet, facts->inode, facts->cookie);
        sockets_set_inode(builder, object, facts->inode);
        builder_text(builder, object, FIELD_PROTOCOL, text_of(reading->protocol->name));
        sockets_set_phase(builder, object, facts->phase);
        set_address(builder, object, FIELD_LOCAL, facts->ipv6, facts->local, facts->local_port);
        if (is_connected(facts))
                set_address(builder, object, FIELD_REMOTE, facts->ipv6, facts->remote, facts->remote_port);
        builder_uint(builder, object, FIELD_PORT, facts->local_port);
        sockets_set_queues(builder, object, facts->phase, facts->receive_queue, facts->send_queue,
                           !facts->no_backlog);
        if (facts->has_shutdown)
                sockets_set_shutdown(builder, object, facts->shutdown);
        /* The kernel forgets whose it was. */
        if (!(facts->inode == 0 && is_closing(facts->phase)))
                builder_uint(builder, object, FIELD_OWNER, facts->uid);
        sockets_set_interface(reading->sockets, object, facts->interface);
        if (is_pending(facts))
                builder_state(builder, object, WORD_BIT(STATE_PENDING), false);
        else if (!facts->inode)
                builder_state(builder, object, WORD_BIT(STATE_KERNEL), false);
        sockets_set_memory(reading->sockets, object, &facts->memory);
        add_end(reading, object, facts);
}

static void read_procnet(struct reading *reading, bool ipv6, int err)
{
        const struct protocol *protocol = reading->protocol;
        const char *file = ipv6 ? protocol->file6 : protocol->file;
        struct buf text = { 0 };
        bool there;

        if (!file)
                return;
        if (protocol->diag) {
                there = sockets_fall_back(reading->sockets, &kind_inet, err, file, &text);
        } else {
                int r = sockets_table(reading->sockets, file, &text);

                there = r == 0;
                if (r < 0 && r != -ENOENT)
                        builder_gap(reading->sockets->builder, &kind_inet, "/proc/net", -r, NULL);
        }
        if (there)
                sockets_bad_lines(reading->sockets, &kind_inet,
                                  procnet_inet(buf_text(&text), ipv6, protocol->number, add_socket, reading));
        buf_done(&text);
}

static int ask(struct reading *reading, enum inet_family family)
{
        const struct sockets *sockets = reading->sockets;

        if (sockets->refused)
                return sockets->refused;
        return sockdiag_inet(sockets->diag, family, reading->protocol->number, sockets->want_memory, add_socket,
                             reading);
}

static void read_table(struct reading *reading, bool ipv6)
{
        const struct protocol *protocol = reading->protocol;
        int err = protocol->diag ? ask(reading, ipv6 ? INET_IPV6 : INET_IPV4) : 0;

        if (!protocol->diag || (err && !(err == -ENOENT && !protocol->everywhere)))
                read_procnet(reading, ipv6, err);
}

/* Does what is sent to its remote address stay on this machine? Then a socket bound to any address takes it. */
static bool loops(const struct end *end)
{
        static const uint8_t loopback6[16] = { [15] = 1 };
        const uint8_t *to = end->remote.address;

        return memcmp(to, loopback6, 16) == 0 || (is_mapped(to) && to[12] == 127) ||
               memcmp(to, end->local.address, 16) == 0;
}

void inet_read(struct sockets *sockets)
{
        static const uint8_t any[][16] = { { [10] = 0xff, [11] = 0xff }, { 0 } };
        struct reading reading = { .sockets = sockets };

        for (unsigned i = 0; i < COUNT(protocols); i++) {
                reading.protocol = &protocols[i];
                if (protocols[i].diag && ask(&reading, INET_BOTH) == 0)
                        continue;
                read_table(&reading, false);
                read_table(&reading, true);
        }
        ends_tie(&reading.ends, any, COUNT(any), loops, sockets->builder);
        ends_done(&reading.ends);
}

static void scan(const struct host *host, const struct want *want, struct builder *builder)
{
        (void)want;
        sockets_scan(host, builder, inet_read);
}

static const uint16_t fields[] = {
        FIELD_PROTOCOL, FIELD_SOCKET_TYPE, FIELD_SOCKET_STATE, FIELD_LOCAL, FIELD_REMOTE, FIELD_LOCAL_PEER, FIELD_PORT,
        FIELD_INTERFACE, FIELD_INODE, FIELD_STATE, FIELD_BACKLOG, FIELD_MAX_BACKLOG, FIELD_RECEIVE_QUEUE_BYTES,
        FIELD_SEND_QUEUE_BYTES, FIELD_SHUTDOWN, FIELD_OWNER, FIELD_RECEIVE_MEMORY_BYTES, FIELD_RECEIVE_BUFFER_BYTES,
        FIELD_SEND_MEMORY_BYTES, FIELD_SEND_BUFFER_BYTES, FIELD_DROPS,
};

static const uint16_t table[] = {
        FIELD_REF, FIELD_PROTOCOL, FIELD_SOCKET_STATE, FIELD_LOCAL, FIELD_REMOTE, FIELD_BACKLOG,
        FIELD_RECEIVE_QUEUE_BYTES, FIELD_SEND_QUEUE_BYTES, FIELD_OWNER, FIELD_STATE, FIELD_PEERS, FIELD_HOLDERS,
};

static const uint16_t summary[] = { FIELD_PROTOCOL, FIELD_SOCKET_STATE, FIELD_LOCAL };

static const struct kind_charge charges[] = {
        { .limit = LIMIT_BACKLOG, .how = CHARGE_OWN, .field = FIELD_BACKLOG, .most = FIELD_MAX_BACKLOG },
};

const struct kind kind_inet = {
        .name = "inet",
        .title = N_("Internet socket"),
        .scope = NAMESPACE_NET,
        .address = ADDRESS_INODE,
        .family = FAMILY_OTHER,
        .fields = fields, .nfields = COUNT(fields),
        .columns = table, .ncolumns = COUNT(table),
        .summary = summary, .nsummary = COUNT(summary),
        .charges = charges, .ncharges = COUNT(charges),
        .claims = CLAIM_SOCKET,
        .scan = scan,
        .claim = sockets_claim,
        .wake = WAKE_PEER,
        .conclude = sockets_conclude,
};
