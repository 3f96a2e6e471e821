/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/memory.h"
#include "sys/sockdiag-parse.h"

#include <errno.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool truth)
{
        if (!truth)
                abort();
}

/* What the facts point to must lie in the message. */
static void check_inside(const struct nlmsghdr *message, const void *data, size_t len)
{
        const char *begin = (const char *)message, *at = data;

        check(len == 0 || (at >= begin && len <= message->nlmsg_len && at + len <= begin + message->nlmsg_len));
}

static void parse_unix(const struct nlmsghdr *message)
{
        struct unix_facts facts;
        uint32_t sum = 0;

        if (sockdiag_parse_unix(message, &facts) < 0)
                return;
        check_inside(message, facts.name.data, facts.name.len);
        check_inside(message, facts.pending, facts.npending * sizeof(uint32_t));
        check(facts.has_name == (facts.name.len > 0));
        check(facts.name.len == 0 || facts.name.data[0] == 0 || !memchr(facts.name.data, 0, facts.name.len));
        for (unsigned i = 0; i < facts.npending; i++)
                sum |= sockdiag_pending(&facts, i);
        check(facts.npending || !sum);
}

static void parse_netlink(const struct nlmsghdr *message)
{
        struct netlink_facts facts;
        unsigned sum = 0;

        if (sockdiag_parse_netlink(message, &facts) < 0)
                return;
        check_inside(message, facts.groups, facts.ngroups / 8);
        for (unsigned i = 1; i <= facts.ngroups; i++)
                sum |= sockdiag_group(&facts, i);
        check(facts.ngroups || !sum);
}

static int take(const struct nlmsghdr *message, void *data)
{
        struct inet_facts inet;
        struct packet_facts packet;
        struct vsock_facts vsock;

        (void)data;
        parse_unix(message);
        parse_netlink(message);
        check(sockdiag_parse_inet(message, IPPROTO_TCP, &inet) <= 0);
        check(sockdiag_parse_packet(message, &packet) <= 0);
        check(sockdiag_parse_vsock(message, &vsock) <= 0);
        return 0;
}

/* One datagram of a dump; sequence and port are those of its first message. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct sockdiag_dump dump = { .message = take };
        struct nlmsghdr first;
        void *aligned;
        int r;

        if (size >= sizeof(first)) {
                memcpy(&first, data, sizeof(first));
                dump.sequence = first.nlmsg_seq;
                dump.port = first.nlmsg_pid;
        }
        aligned = memory_new(size > 0 ? size : 1);
        memcpy(aligned, data, size);
        r = sockdiag_take(&dump, aligned, size);
        check(r <= 1 && r > -4096);
        free(aligned);
        return 0;
}
