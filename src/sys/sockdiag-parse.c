/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/sockdiag-parse.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/netlink_diag.h>
#include <linux/packet_diag.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <linux/vm_sockets_diag.h>
#include <netinet/in.h>

/*
 * The fixed part of an answer, if it is whole and of that family (its first byte). An answer bears the type of the
 * question: TCPDIAG_GETSOCK is the one of before there were families, see sockdiag_inet().
 */
static int take_head(const struct nlmsghdr *message, uint8_t family, void *ret, size_t size)
{
        const uint8_t *payload = mnl_nlmsg_get_payload(message);

        if ((message->nlmsg_type != SOCK_DIAG_BY_FAMILY && message->nlmsg_type != TCPDIAG_GETSOCK) ||
            message->nlmsg_len < MNL_NLMSG_HDRLEN || mnl_nlmsg_get_payload_len(message) < size || payload[0] != family)
                return -EBADMSG;
        memcpy(ret, payload, size);
        return 0;
}

/*
 * The attributes behind the fixed part. mnl_attr_for_each() would go on to the
 * aligned end of the message, which may lie behind its last byte.
 */
#define for_each_attribute(attribute, message, head_size) \
        for ((attribute) = mnl_nlmsg_get_payload_offset((message), (head_size)); \
             mnl_attr_ok((attribute), attributes_left((message), (attribute))); \
             (attribute) = mnl_attr_next(attribute))

static int attributes_left(const struct nlmsghdr *message, const struct nlattr *attribute)
{
        return (int)((const char *)message + message->nlmsg_len - (const char *)attribute);
}

/* Copies an attribute of exactly that size. */
static bool take(const struct nlattr *attribute, void *ret, size_t size)
{
        if (mnl_attr_get_payload_len(attribute) != size)
                return false;
        memcpy(ret, mnl_attr_get_payload(attribute), size);
        return true;
}

/* Newer kernels tell more, older ones less. */
static void take_memory(const struct nlattr *attribute, struct socket_memory *ret)
{
        uint32_t info[SK_MEMINFO_VARS] = { 0 };
        size_t len = mnl_attr_get_payload_len(attribute);

        if (len < (SK_MEMINFO_SNDBUF + 1) * sizeof(*info))
                return;
        memcpy(info, mnl_attr_get_payload(attribute), len < sizeof(info) ? len : sizeof(info));
        *ret = (struct socket_memory){
                .known = true,
                .receive_used = info[SK_MEMINFO_RMEM_ALLOC], .receive_most = info[SK_MEMINFO_RCVBUF],
                .send_used = info[SK_MEMINFO_WMEM_ALLOC], .send_most = info[SK_MEMINFO_SNDBUF],
                .drops = info[SK_MEMINFO_DROPS],
        };
}

/* The 64 bits that the kernel tells as two words. */
static uint64_t cookie_of(const uint32_t words[2])
{
        return (uint64_t)words[1] << 32 | words[0];
}

/*
 * A path comes with the NUL behind it, an abstract name with the NUL before it.
 */
static void take_name(const struct nlattr *attribute, struct unix_facts *facts)
{
        struct text name = { mnl_attr_get_payload(attribute), mnl_attr_get_payload_len(attribute) };

        if (name.len > 0 && name.data[0] != 0) {
                const char *end = memchr(name.data, 0, name.len);

                if (end)
                        name.len = (size_t)(end - name.data);
        }
        facts->name = name;
        facts->has_name = name.len > 0;
}

/* The kernel's own device number (MINORBITS of linux/kdev_t.h), not that of stat(2). */
static uint64_t device_of(uint32_t dev)
{
        return (uint64_t)(dev >> 20) << 32 | (dev & 0xfffff);
}

static void take_unix(const struct nlattr *attribute, struct unix_facts *facts)
{
        struct unix_diag_vfs file;
        struct unix_diag_rqlen queues;

        switch (mnl_attr_get_type(attribute)) {
        case UNIX_DIAG_NAME:
                take_name(attribute, facts);
                break;
        case UNIX_DIAG_VFS:
                if (!take(attribute, &file, sizeof(file)))
                        break;
                facts->has_file = true;
                facts->file_dev = device_of(file.udiag_vfs_dev);
                facts->file_inode = file.udiag_vfs_ino;
                break;
        case UNIX_DIAG_PEER:
                facts->has_peer |= take(attribute, &facts->peer, sizeof(facts->peer));
                break;
        case UNIX_DIAG_ICONS:
                facts->pending = mnl_attr_get_payload(attribute);
                facts->npending = mnl_attr_get_payload_len(attribute) / sizeof(uint32_t);
                break;
        case UNIX_DIAG_RQLEN:
                if (!take(attribute, &queues, sizeof(queues)))
                        break;
                facts->has_queues = true;
                facts->receive_queue = queues.udiag_rqueue;
                facts->send_queue = queues.udiag_wqueue;
                break;
        case UNIX_DIAG_MEMINFO:
                take_memory(attribute, &facts->memory);
                break;
        case UNIX_DIAG_SHUTDOWN:
                facts->has_shutdown |= take(attribute, &facts->shutdown, sizeof(facts->shutdown));
                break;
        case UNIX_DIAG_UID:
                facts->has_uid |= take(attribute, &facts->uid, sizeof(facts->uid));
                break;
        }
}

int sockdiag_parse_unix(const struct nlmsghdr *message, struct unix_facts *ret)
{
        struct unix_facts facts = { 0 };
        const struct nlattr *attribute;
        struct unix_diag_msg head;

        if (take_head(message, AF_UNIX, &head, sizeof(head)) < 0)
                return -EBADMSG;
        facts.inode = head.udiag_ino;
        facts.type = head.udiag_type;
        facts.phase = head.udiag_state;
        for_each_attribute(attribute, message, sizeof(head))
                take_unix(attribute, &facts);
        *ret = facts;
        return 0;
}

/* IPv4 in the form that IPv6 has for it, so that both compare. */
static void take_address(uint8_t family, const uint32_t from[4], uint8_t ret[16])
{
        static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

        if (family == AF_INET6) {
                memcpy(ret, from, 16);
        } else {
                memcpy(ret, mapped, sizeof(mapped));
                memcpy(ret + sizeof(mapped), from, 4);
        }
}

int sockdiag_parse_inet(const struct nlmsghdr *message, uint8_t protocol, struct inet_facts *ret)
{
        struct inet_facts facts = { .protocol = protocol };
        const struct nlattr *attribute;
        struct inet_diag_msg head;

        if (take_head(message, AF_INET, &head, sizeof(head)) < 0 &&
            take_head(message, AF_INET6, &head, sizeof(head)) < 0)
                return -EBADMSG;
        facts.ipv6 = head.idiag_family == AF_INET6;
        facts.inode = head.idiag_inode;
        facts.cookie = cookie_of(head.id.idiag_cookie);
        facts.phase = head.idiag_state;
        facts.local_port = ntohs(head.id.idiag_sport);
        facts.remote_port = ntohs(head.id.idiag_dport);
        take_address(head.idiag_family, head.id.idiag_src, facts.local);
        take_address(head.idiag_family, head.id.idiag_dst, facts.remote);
        facts.interface = head.id.idiag_if;
        facts.receive_queue = head.idiag_rqueue;
        facts.send_queue = head.idiag_wqueue;
        facts.uid = head.idiag_uid;
        for_each_attribute(attribute, message, sizeof(head)) {
                if (mnl_attr_get_type(attribute) == INET_DIAG_SKMEMINFO)
                        take_memory(attribute, &facts.memory);
                else if (mnl_attr_get_type(attribute) == INET_DIAG_SHUTDOWN)
                        facts.has_shutdown |= take(attribute, &facts.shutdown, sizeof(facts.shutdown));
        }
        *ret = facts;
        return 0;
}

int sockdiag_parse_netlink(const struct nlmsghdr *message, struct netlink_facts *ret)
{
        struct netlink_facts facts = { 0 };
        const struct nlattr *attribute;
        struct netlink_diag_msg head;

        if (take_head(message, AF_NETLINK, &head, sizeof(head)) < 0)
                return -EBADMSG;
        facts.inode = head.ndiag_ino;
        facts.protocol = head.ndiag_protocol;
        facts.type = head.ndiag_type;
        facts.phase = head.ndiag_state;
        facts.port = head.ndiag_portid;
        /* Groups are told only of sockets that are in one. */
        facts.has_groups = true;
        for_each_attribute(attribute, message, sizeof(head)) {
                if (mnl_attr_get_type(attribute) == NETLINK_DIAG_MEMINFO) {
                        take_memory(attribute, &facts.memory);
                } else if (mnl_attr_get_type(attribute) == NETLINK_DIAG_GROUPS) {
                        size_t words = mnl_attr_get_payload_len(attribute) / sizeof(unsigned long);

                        facts.groups = mnl_attr_get_payload(attribute);
                        facts.ngroups = (unsigned)(words * sizeof(unsigned long) * 8);
                }
        }
        *ret = facts;
        return 0;
}

int sockdiag_parse_packet(const struct nlmsghdr *message, struct packet_facts *ret)
{
        struct packet_facts facts = { 0 };
        const struct nlattr *attribute;
        struct packet_diag_msg head;
        struct packet_diag_info info;

        if (take_head(message, AF_PACKET, &head, sizeof(head)) < 0)
                return -EBADMSG;
        facts.inode = head.pdiag_ino;
        facts.type = head.pdiag_type;
        facts.protocol = head.pdiag_num;
        for_each_attribute(attribute, message, sizeof(head)) {
                switch (mnl_attr_get_type(attribute)) {
                case PACKET_DIAG_INFO:
                        if (!take(attribute, &info, sizeof(info)))
                                break;
                        facts.has_interface = true;
                        facts.interface = info.pdi_index;
                        break;
                case PACKET_DIAG_UID:
                        facts.has_uid |= take(attribute, &facts.uid, sizeof(facts.uid));
                        break;
                case PACKET_DIAG_MEMINFO:
                        take_memory(attribute, &facts.memory);
                        break;
                }
        }
        *ret = facts;
        return 0;
}

int sockdiag_parse_vsock(const struct nlmsghdr *message, struct vsock_facts *ret)
{
        struct vsock_diag_msg head;

        if (take_head(message, AF_VSOCK, &head, sizeof(head)) < 0)
                return -EBADMSG;
        *ret = (struct vsock_facts){
                .inode = head.vdiag_ino, .cookie = cookie_of(head.vdiag_cookie),
                .type = head.vdiag_type, .phase = head.vdiag_state, .shutdown = head.vdiag_shutdown,
                .local_cid = head.vdiag_src_cid, .local_port = head.vdiag_src_port,
                .remote_cid = head.vdiag_dst_cid, .remote_port = head.vdiag_dst_port,
        };
        return 0;
}

/* The errno, negative, that an error or the end of a dump bears. 0: none. */
static int answered(const struct nlmsghdr *message)
{
        int32_t err = 0;

        if (mnl_nlmsg_get_payload_len(message) >= sizeof(err))
                memcpy(&err, mnl_nlmsg_get_payload(message), sizeof(err));
        else if (message->nlmsg_type == NLMSG_ERROR)
                return -EBADMSG;
        return err > 0 || err < -4095 ? -EBADMSG : err;
}

/* One message: 1 to go on, or what sockdiag_take() returns. */
static int take_message(struct sockdiag_dump *dump, const struct nlmsghdr *message)
{
        int r;

        if (message->nlmsg_pid != dump->port || message->nlmsg_seq != dump->sequence)
                return 1;
        dump->torn |= (message->nlmsg_flags & NLM_F_DUMP_INTR) != 0;
        switch (message->nlmsg_type) {
        case NLMSG_NOOP:
                return 1;
        case NLMSG_OVERRUN:
                dump->torn = true;
                return 1;
        case NLMSG_DONE:
                r = answered(message);
                return r < 0 ? r : dump->torn ? -EINTR : 0;
        case NLMSG_ERROR:
                /* An acknowledgement (0) was not asked for. */
                r = answered(message);
                return r < 0 ? r : -EBADMSG;
        default:
                r = dump->message(message, dump->data);
                return r < 0 ? r : 1;
        }
}

/* Not mnl_nlmsg_ok(): it takes a length beyond INT_MAX for a negative one, and so for a good one. */
int sockdiag_take(struct sockdiag_dump *dump, const void *data, size_t len)
{
        size_t at = 0;

        while (len - at >= sizeof(struct nlmsghdr)) {
                const struct nlmsghdr *message = (const void *)((const char *)data + at);
                size_t size = message->nlmsg_len;
                int r;

                if (size < sizeof(*message) || size > len - at)
                        return -EBADMSG;
                r = take_message(dump, message);
                if (r <= 0)
                        return r;
                size = MNL_ALIGN(size);
                at = size < len - at ? at + size : len;
        }
        return at < len ? -EBADMSG : 1;
}
