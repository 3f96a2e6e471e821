/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/procnet.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tree.h"

#define UNIX_HEAD "Num       RefCount Protocol Flags    Type St Inode Path\n"

struct seen_unix {
        unsigned n;
        struct unix_facts facts[8];
        char names[8][128];
};

static void see_unix(const struct unix_facts *facts, void *data)
{
        struct seen_unix *seen = data;

        assert_true(seen->n < 8);
        seen->facts[seen->n] = *facts;
        memcpy(seen->names[seen->n], facts->name.len ? facts->name.data : "", facts->name.len);
        seen->facts[seen->n].name.data = seen->names[seen->n];
        seen->n++;
}

static void unix_table(void **state)
{
        static const char table[] =
                UNIX_HEAD
                "0000000097ec0c2b: 00000002 00000000 00010000 0001 01   130 /run/a b\n"
                "0000000097ec0c2c: 00000003 00000000 00000000 0001 03   131\n"
                "0000000097ec0c2d: 00000003 00000000 00000000 0002 01 4294967295 @abs@x\n"
                "0000000097ec0c2e: 00000003 00000000 00000000 0005 01    12 relative\n"
                "0000000097ec0c2f: 00000003 00000000 00000000 0001 02     0\n";
        struct seen_unix seen = { .n = 0 };

        (void)state;
        assert_int_equal(procnet_unix(text_of(table), see_unix, &seen), 0);
        assert_int_equal(seen.n, 4);
        assert_int_equal(seen.facts[0].inode, 130);
        assert_int_equal(seen.facts[0].phase, PHASE_LISTEN);
        assert_text(seen.facts[0].name, TEXT("/run/a b"));
        assert_false(seen.facts[0].name_inferred);
        assert_int_equal(seen.facts[1].phase, PHASE_ESTABLISHED);
        assert_false(seen.facts[1].has_name);
        assert_int_equal(seen.facts[2].inode, UINT32_MAX);
        assert_int_equal(seen.facts[2].type, SOCK_DGRAM);
        assert_int_equal(seen.facts[2].phase, PHASE_UNCONNECTED);
        /* Abstract, or a file called @abs@x: the table does not say. */
        assert_text(seen.facts[2].name, TEXT("\0abs@x"));
        assert_true(seen.facts[2].name_inferred);
        assert_text(seen.facts[3].name, TEXT("relative"));
}

static void unix_lines_that_are_none(void **state)
{
        static const char *const bad[] = {
                "second half of a name\n",
                "0000000097ec0c2b: 00000002 00000000 00010000 0001 01   x\n",
                "0000000097ec0c2b: 00000002 00000000 00010000 0001 01\n",
                "0000000097ec0c2b  00000002 00000000 00010000 0001 01 7\n",
                "0000000097ec0c2b: 00000002 00000000 00010000 0001 01 4294967296\n",
                "0000000097ec0c2b: 00000002 00000000 00010000 0100 01 7\n",
                "\n",
        };

        (void)state;
        for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
                struct seen_unix seen = { .n = 0 };
                struct buf text = { 0 };

                buf_string(&text, UNIX_HEAD);
                buf_string(&text, bad[i]);
                assert_int_equal(procnet_unix(buf_text(&text), see_unix, &seen), 1);
                assert_int_equal(seen.n, 0);
                buf_done(&text);
        }
        assert_int_equal(procnet_unix(TEXT(""), see_unix, NULL), 0);
        assert_int_equal(procnet_unix(TEXT("no header\n"), see_unix, NULL), 1);
}

struct seen_inet {
        unsigned n;
        struct inet_facts facts[4];
};

static void see_inet(const struct inet_facts *facts, void *data)
{
        struct seen_inet *seen = data;

        assert_true(seen->n < 4);
        seen->facts[seen->n++] = *facts;
}

/* An address as this machine's kernel would print it. */
static void put_address(struct buf *out, const uint8_t *address, size_t size, unsigned port)
{
        for (size_t i = 0; i < size; i += 4) {
                uint32_t word;

                memcpy(&word, address + i, 4);
                buf_printf(out, "%08X", (unsigned)word);
        }
        buf_printf(out, ":%04X", port);
}

static void inet_tables(void **state)
{
        static const uint8_t four[4] = { 127, 0, 0, 1 }, none[16], six[16] = { 0x20, 1, 0xd, 0xb8, [15] = 7 };
        struct seen_inet seen = { .n = 0 };
        struct buf text = { 0 };

        (void)state;
        buf_string(&text, "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n   0: ");
        put_address(&text, four, 4, 80);
        buf_byte(&text, ' ');
        put_address(&text, none, 4, 0);
        buf_string(&text, " 0A 00000001:00000002 00:00000000 00000000  1000        0 134 1 00000000e8c74404 100 0 0 10 0\nbad\n");
        assert_int_equal(procnet_inet(buf_text(&text), false, IPPROTO_TCP, see_inet, &seen), 1);
        assert_int_equal(seen.n, 1);
        assert_int_equal(seen.facts[0].phase, PHASE_LISTEN);
        assert_int_equal(seen.facts[0].local_port, 80);
        assert_memory_equal(seen.facts[0].local + 12, four, 4);
        assert_int_equal(seen.facts[0].local[11], 0xff);
        assert_int_equal(seen.facts[0].send_queue, 1);
        assert_int_equal(seen.facts[0].receive_queue, 2);
        assert_true(seen.facts[0].no_backlog);
        assert_int_equal(seen.facts[0].uid, 1000);
        assert_int_equal(seen.facts[0].inode, 134);

        buf_clear(&text);
        buf_string(&text, "  sl  local_address\n 12: ");
        put_address(&text, six, 16, 65535);
        buf_byte(&text, ' ');
        put_address(&text, none, 16, 0);
        buf_string(&text, " 07 00000000:00000000 00:00000000 00000000     0        0 9 2 0 0\n");
        seen.n = 0;
        assert_int_equal(procnet_inet(buf_text(&text), true, IPPROTO_UDP, see_inet, &seen), 0);
        assert_int_equal(seen.n, 1);
        assert_true(seen.facts[0].ipv6);
        assert_memory_equal(seen.facts[0].local, six, 16);
        assert_int_equal(seen.facts[0].local_port, 65535);
        /* The address of the other version. */
        assert_int_equal(procnet_inet(buf_text(&text), false, IPPROTO_UDP, see_inet, &seen), 1);
        buf_done(&text);
}

static void see_netlink(const struct netlink_facts *facts, void *data)
{
        struct netlink_facts *seen = data;

        *seen = *facts;
}

static void see_packet(const struct packet_facts *facts, void *data)
{
        struct packet_facts *seen = data;

        *seen = *facts;
}

static void netlink_and_packet(void **state)
{
        static const char netlink[] =
                "sk               Eth Pid        Groups   Rmem     Wmem     Dump  Locks    Drops    Inode\n"
                "0000000064a32fc7 16  2011       00000440 0        0        0     2        0        1512    \n"
                "0000000064a32fc7 16  x          00000440 0        0        0     2        0        1512    \n";
        static const char packet[] =
                "sk               RefCnt Type Proto  Iface R Rmem   User   Inode\n"
                "000000009fcbe1a6 3      3    0800   2     1 0      33     77\n";
        struct netlink_facts first = { .port = 0 };
        struct packet_facts second = { .inode = 0 };

        (void)state;
        assert_int_equal(procnet_netlink(text_of(netlink), see_netlink, &first), 1);
        assert_int_equal(first.protocol, 16);
        assert_int_equal(first.port, 2011);
        assert_int_equal(first.inode, 1512);
        assert_false(first.has_groups);
        assert_int_equal(procnet_packet(text_of(packet), see_packet, &second), 0);
        assert_int_equal(second.protocol, 0x0800);
        assert_int_equal(second.interface, 2);
        assert_int_equal(second.uid, 33);
        assert_int_equal(second.inode, 77);
        assert_int_equal(procnet_packet(text_of(netlink), see_packet, &second), 2);
        assert_int_equal(procnet_packet(TEXT(""), see_packet, &second), 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(unix_table),
                cmocka_unit_test(unix_lines_that_are_none),
                cmocka_unit_test(inet_tables),
                cmocka_unit_test(netlink_and_packet),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
