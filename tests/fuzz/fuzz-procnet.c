/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/procnet.h"

#include <netinet/in.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool truth)
{
        if (!truth)
                abort();
}

static void see_unix(const struct unix_facts *facts, void *data)
{
        unsigned *rows = data;

        check(facts->inode != 0);
        check(facts->name.len <= 108 && facts->has_name == (facts->name.len > 0));
        check(facts->name.len == 0 || facts->name_inferred == (facts->name.data[0] == 0) || facts->name.data[0] == 0);
        check(!facts->has_peer && !facts->has_queues && !facts->memory.known);
        (*rows)++;
}

static void see_inet(const struct inet_facts *facts, void *data)
{
        unsigned *rows = data;

        check(facts->protocol == IPPROTO_TCP && facts->cookie == 0);
        (*rows)++;
}

static void see_netlink(const struct netlink_facts *facts, void *data)
{
        unsigned *rows = data;

        check(!facts->has_groups && !facts->ngroups);
        (*rows)++;
}

static void see_packet(const struct packet_facts *facts, void *data)
{
        unsigned *rows = data;

        check(facts->has_uid && facts->has_interface);
        (*rows)++;
}

/* The tables of /proc/net. No more rows and bad lines than there are lines. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        const struct text text = { (const char *)data, size };
        unsigned rows = 0, bad, lines = 1;

        for (size_t i = 0; i < size; i++)
                lines += data[i] == '\n';
        bad = procnet_unix(text, see_unix, &rows);
        check(rows + bad <= lines + 1);
        for (unsigned ipv6 = 0; ipv6 < 2; ipv6++) {
                rows = 0;
                bad = procnet_inet(text, ipv6, IPPROTO_TCP, see_inet, &rows);
                check(rows + bad <= lines);
        }
        rows = 0;
        bad = procnet_netlink(text, see_netlink, &rows);
        check(rows + bad <= lines);
        rows = 0;
        bad = procnet_packet(text, see_packet, &rows);
        check(rows + bad <= lines);
        return 0;
}
