/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Descriptors of sockets that no table of the reader's own namespace has. */
#include "base/array.h"
#include "kind/kinds.h"
#include "kind/sockets.h"
#include "sys/sockfd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

static const struct {
        const struct kind *kind;
        void (*read)(struct sockets *sockets);
} tables[] = {
        { &kind_unix, unix_read }, { &kind_inet, inet_read }, { &kind_netlink, netlink_read },
        { &kind_packet, packet_read }, { &kind_vsock, vsock_read },
};

/* Descriptor of the process' network namespace, or -errno. */
static int open_namespace(struct claim *claim)
{
        char path[32];

        if (!host_live(claim->host))
                return -EOPNOTSUPP;
        snprintf(path, sizeof(path), "/proc/%d/ns/net", claim->entry->pid);
        return host_openat(claim->host, path, O_RDONLY);
}

/* Lists another network namespace, as its process or, without the right to enter, its /proc/PID/net shows it. */
static void read_foreign(struct claim *claim, uint64_t ns)
{
        struct sockets sockets = { .host = claim->host, .builder = claim->builder, .ns = ns, .foreign = true };
        int fd = open_namespace(claim);

        snprintf(sockets.net, sizeof(sockets.net), "/proc/%d/net", claim->entry->pid);
        sockets.want_memory = sockets_want_memory(claim->builder);
        if (fd < 0)
                sockets.refused = fd;
        else
                sockets_open(&sockets, fd);
        for (unsigned i = 0; i < COUNT(tables); i++)
                if (builder_wants(claim->builder, tables[i].kind))
                        tables[i].read(&sockets);
        sockdiag_close(sockets.diag);
        if (fd >= 0)
                close(fd);
}

/* Names of protocols (/proc/net/protocols) and what they are called here. */
static const struct protocol {
        const char *name;
        const struct kind *kind;
        const char *protocol;           /* inet: the value of the field */
        unsigned type;                  /* where the name tells it; 0: it does not */
} protocols[] = {
        { "UNIX-STREAM", &kind_unix, NULL, SOCK_STREAM }, { "UNIX", &kind_unix, NULL, 0 },
        { "TCP", &kind_inet, "tcp", SOCK_STREAM }, { "TCPv6", &kind_inet, "tcp", SOCK_STREAM },
        { "UDP", &kind_inet, "udp", SOCK_DGRAM }, { "UDPv6", &kind_inet, "udp", SOCK_DGRAM },
        { "UDP-Lite", &kind_inet, "udplite", SOCK_DGRAM }, { "UDPLITEv6", &kind_inet, "udplite", SOCK_DGRAM },
        { "RAW", &kind_inet, "raw", SOCK_RAW }, { "RAWv6", &kind_inet, "raw", SOCK_RAW },
        { "PING", &kind_inet, "ping", SOCK_DGRAM }, { "PINGv6", &kind_inet, "ping", SOCK_DGRAM },
        { "MPTCP", &kind_inet, "mptcp", SOCK_STREAM }, { "MPTCPv6", &kind_inet, "mptcp", SOCK_STREAM },
        { "SCTP", &kind_inet, "sctp", 0 }, { "SCTPv6", &kind_inet, "sctp", 0 },
        { "NETLINK", &kind_netlink, NULL, 0 }, { "PACKET", &kind_packet, NULL, 0 },
        { "AF_VSOCK", &kind_vsock, NULL, 0 },
};

static const struct protocol *find_protocol(struct text name)
{
        for (unsigned i = 0; i < COUNT(protocols); i++)
                if (text_equal(name, text_of(protocols[i].name)))
                        return &protocols[i];
        return NULL;
}

/* What the socket itself says, where a single object is looked at. */
static void ask(struct claim *claim, struct object *object)
{
        const struct entry *entry = claim->entry;
        struct sockfd_facts facts;

        if (!builder_want(claim->builder)->detail ||
            sockfd_ask(claim->host, entry->pid, entry->tid, entry->fd, entry->inode, &facts) < 0)
                return;
        if (facts.type > 0)
                sockets_set_type(claim->builder, object, (unsigned)facts.type);
        if (facts.domain == AF_NETLINK && facts.protocol >= 0)
                netlink_set_protocol(claim->builder, object, (unsigned)facts.protocol);
        if (facts.ns) {
                object->ns = facts.ns;
                object->foreign = facts.ns != builder_origin(claim->builder)->net_ns;
        }
}

/*
 * In no table: made since those were read, never bound (TCP, netlink), of a
 * family that has none, or of a third namespace. Nothing of that is guessed.
 */
static struct object *from_descriptor(struct claim *claim)
{
        struct buf where = { 0 }, name = { 0 };
        const struct protocol *protocol = NULL;
        const struct kind *kind = &kind_socket;
        struct object *object = NULL;
        int err;

        walk_entry_path(claim->walk, claim->entry, &where);
        err = sockfd_protocol(claim->host, walk_process_dir(claim->walk), where.data, &name);
        if (err == 0)
                protocol = find_protocol(buf_text(&name));
        if (protocol)
                kind = protocol->kind;
        if (err != -ENOENT && err != -ESRCH && builder_wants(claim->builder, kind)) {
                object = builder_object(claim->builder, (struct object_key){ kind, 0, claim->entry->inode }, NULL);
                builder_uint(claim->builder, object, FIELD_INODE, claim->entry->inode);
                builder_state(claim->builder, object, 0, false);
                sockets_set_type(claim->builder, object, protocol ? protocol->type : 0);
                if (kind_has_field(kind, FIELD_SOCKET_STATE))
                        builder_unknown(claim->builder, object, FIELD_SOCKET_STATE);
                if (protocol && protocol->protocol)
                        builder_text(claim->builder, object, FIELD_PROTOCOL, text_of(protocol->protocol));
                else if (kind == &kind_socket && err == 0)
                        builder_text(claim->builder, object, FIELD_PROTOCOL, buf_text(&name));
                else if (kind_has_field(kind, FIELD_PROTOCOL))
                        builder_unknown(claim->builder, object, FIELD_PROTOCOL);
                builder_index(claim->builder, object, SPACE_SOCKET, claim->entry->inode);
                ask(claim, object);
        }
        buf_done(&where);
        buf_done(&name);
        return object;
}

struct object *sockets_claim(struct claim *claim)
{
        uint64_t own = builder_origin(claim->builder)->net_ns, ns = 0;
        struct object *object;

        if (process_read_namespace(walk_process_dir(claim->walk), "net", &ns) == 0 && own && ns != own &&
            builder_visit(claim->builder, &kind_unix, ns)) {
                read_foreign(claim, ns);
                object = builder_indexed(claim->builder, SPACE_SOCKET, claim->entry->inode);
                if (object)
                        return object;
        }
        return from_descriptor(claim);
}
