/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sockets to the kernel: netlink(7). */
#include "base/array.h"
#include "base/i18n.h"
#include "kind/kinds.h"
#include "kind/sockets.h"
#include "sys/procnet.h"

#include <errno.h>
#include <linux/netlink.h>

/* NETLINK_x without the prefix. */
static const char *const names[] = {
        [NETLINK_ROUTE] = "route", [NETLINK_USERSOCK] = "usersock", [NETLINK_FIREWALL] = "firewall",
        [NETLINK_SOCK_DIAG] = "sock_diag", [NETLINK_NFLOG] = "nflog", [NETLINK_XFRM] = "xfrm",
        [NETLINK_SELINUX] = "selinux", [NETLINK_ISCSI] = "iscsi", [NETLINK_AUDIT] = "audit",
        [NETLINK_FIB_LOOKUP] = "fib_lookup", [NETLINK_CONNECTOR] = "connector", [NETLINK_NETFILTER] = "netfilter",
        [NETLINK_IP6_FW] = "ip6_fw", [NETLINK_DNRTMSG] = "dnrtmsg", [NETLINK_KOBJECT_UEVENT] = "kobject_uevent",
        [NETLINK_GENERIC] = "generic", [NETLINK_SCSITRANSPORT] = "scsitransport", [NETLINK_ECRYPTFS] = "ecryptfs",
        [NETLINK_RDMA] = "rdma", [NETLINK_CRYPTO] = "crypto", [NETLINK_SMC] = "smc",
};

static void protocol_name(unsigned protocol, struct buf *out)
{
        if (protocol < COUNT(names) && names[protocol])
                buf_string(out, names[protocol]);
        else
                buf_uint(out, protocol);
}

void netlink_set_protocol(struct builder *builder, struct object *object, unsigned protocol)
{
        struct buf name = { 0 };

        protocol_name(protocol, &name);
        builder_text(builder, object, FIELD_PROTOCOL, buf_text(&name));
        buf_done(&name);
}

/* "1,4-6" */
static void set_groups(struct builder *builder, struct object *object, const struct netlink_facts *facts)
{
        struct buf list = { 0 };

        for (unsigned i = 1; i <= facts->ngroups; i++) {
                unsigned last = i;

                if (!sockdiag_group(facts, i))
                        continue;
                while (last < facts->ngroups && sockdiag_group(facts, last + 1))
                        last++;
                buf_printf(&list, list.len ? ",%u" : "%u", i);
                if (last > i)
                        buf_printf(&list, "-%u", last);
                i = last;
        }
        builder_text(builder, object, FIELD_GROUPS, buf_text(&list));
        buf_done(&list);
}

/* Subscribers are told once more for each of their lists: the inode makes one object of them. */
static void add_socket(const struct netlink_facts *facts, void *data)
{
        struct sockets *sockets = data;
        struct builder *builder = sockets->builder;
        struct object *object;
        struct buf name = { 0 };

        /* We ask through such a socket ourselves. */
        if (!facts->inode || (sockets->diag && facts->inode == sockdiag_inode(sockets->diag)))
                return;
        object = sockets_object(sockets, &kind_netlink, facts->inode, 0);
        sockets_set_inode(builder, object, facts->inode);
        protocol_name(facts->protocol, &name);
        buf_printf(&name, "/%u", facts->port);
        builder_text(builder, object, FIELD_NAME, buf_text(&name));
        buf_done(&name);
        netlink_set_protocol(builder, object, facts->protocol);
        builder_uint(builder, object, FIELD_PORT, facts->port);
        if (facts->has_groups)
                set_groups(builder, object, facts);
        else
                builder_unknown(builder, object, FIELD_GROUPS);
        sockets_set_type(builder, object, facts->type);
        if (facts->port == 0)
                builder_state(builder, object, WORD_BIT(STATE_KERNEL), false);
        sockets_set_memory(sockets, object, &facts->memory);
}

void netlink_read(struct sockets *sockets)
{
        struct buf text = { 0 };
        int err = sockets->refused;

        if (!err)
                err = sockdiag_netlink(sockets->diag, sockets->want_memory, add_socket, sockets);
        if (err && sockets_fall_back(sockets, &kind_netlink, err, "netlink", &text))
                sockets_bad_lines(sockets, &kind_netlink, procnet_netlink(buf_text(&text), add_socket, sockets));
        buf_done(&text);
}

static void scan(const struct host *host, const struct want *want, struct builder *builder)
{
        (void)want;
        sockets_scan(host, builder, netlink_read);
}

static const uint16_t fields[] = {
        FIELD_NAME, FIELD_PROTOCOL, FIELD_PORT, FIELD_GROUPS, FIELD_SOCKET_TYPE, FIELD_INODE, FIELD_STATE,
        FIELD_RECEIVE_MEMORY_BYTES, FIELD_RECEIVE_BUFFER_BYTES, FIELD_SEND_MEMORY_BYTES, FIELD_SEND_BUFFER_BYTES,
        FIELD_DROPS,
};

static const uint16_t table[] = {
        FIELD_REF, FIELD_PROTOCOL, FIELD_PORT, FIELD_GROUPS, FIELD_STATE, FIELD_HOLDERS,
};

static const uint16_t summary[] = { FIELD_PROTOCOL, FIELD_GROUPS };

const struct kind kind_netlink = {
        .name = "netlink",
        .title = N_("Netlink socket"),
        .scope = NAMESPACE_NET,
        .address = ADDRESS_WORD,
        .family = FAMILY_OTHER,
        .fields = fields, .nfields = COUNT(fields),
        .columns = table, .ncolumns = COUNT(table),
        .summary = summary, .nsummary = COUNT(summary),
        .claims = CLAIM_SOCKET,
        .scan = scan,
        .claim = sockets_claim,
        .wake = WAKE_PEER,
        .conclude = sockets_conclude,
};
