/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/sockdiag-parse.h"

#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink_diag.h>
#include <linux/packet_diag.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <linux/vm_sockets_diag.h>
#include <netinet/in.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tree.h"

#include <linux/netlink.h>
#include <sys/socket.h>

/* Messages as the kernel writes them, one behind the other. */
struct script {
        _Alignas(struct nlmsghdr) unsigned char data[8192];
        size_t len, last;               /* last: where the newest message begins */
};

enum { PORT = 77, SEQUENCE = 5 };

static struct nlmsghdr *last(struct script *script)
{
        return (struct nlmsghdr *)(void *)(script->data + script->last);
}

static void append(struct script *script, const void *data, size_t size)
{
        assert_true(script->len + NLMSG_ALIGN(size) <= sizeof(script->data));
        memcpy(script->data + script->len, data, size);
        script->len += NLMSG_ALIGN(size);
}

static void message(struct script *script, uint16_t type, uint16_t flags, const void *body, size_t size)
{
        struct nlmsghdr header = { .nlmsg_len = (uint32_t)(NLMSG_HDRLEN + size), .nlmsg_type = type,
                                   .nlmsg_flags = flags, .nlmsg_seq = SEQUENCE, .nlmsg_pid = PORT };

        script->last = script->len;
        append(script, &header, sizeof(header));
        append(script, body, size);
}

/* `length` is what the attribute says, `size` what is there. */
static void attribute(struct script *script, uint16_t type, const void *data, size_t size, size_t length)
{
        struct nlattr header = { .nla_len = (uint16_t)(NLA_HDRLEN + length), .nla_type = type };
        size_t before = script->len;

        append(script, &header, sizeof(header));
        append(script, data, size);
        last(script)->nlmsg_len += (uint32_t)(script->len - before);
}

#define ATTRIBUTE(script, type, value) attribute((script), (type), &(value), sizeof(value), sizeof(value))

static void unix_message(struct script *script, uint32_t inode, uint8_t type, uint8_t state)
{
        struct unix_diag_msg head = { .udiag_family = AF_UNIX, .udiag_type = type, .udiag_state = state,
                                      .udiag_ino = inode };

        message(script, SOCK_DIAG_BY_FAMILY, NLM_F_MULTI, &head, sizeof(head));
}

static void a_listener(void **state)
{
        /* 254:65024 in the kernel's form; makedev(3) would take the same bits for 4078:... */
        const struct unix_diag_vfs file = { .udiag_vfs_ino = 4242, .udiag_vfs_dev = 254u << 20 | 65024 };
        const struct unix_diag_rqlen queues = { 3, 128 };
        const uint32_t clients[] = { 11, 0, 13 }, uid = 1000;
        const uint32_t memory[SK_MEMINFO_VARS] = { 1, 2, 3, 4, 5, 6, 7, 8, 9 };
        const uint8_t shut = 1;
        struct unix_facts facts;
        struct script script = { .len = 0 };

        (void)state;
        unix_message(&script, 99, SOCK_STREAM, PHASE_LISTEN);
        attribute(&script, UNIX_DIAG_NAME, "/run/x y\n", 10, 10);
        ATTRIBUTE(&script, UNIX_DIAG_VFS, file);
        ATTRIBUTE(&script, UNIX_DIAG_ICONS, clients);
        ATTRIBUTE(&script, UNIX_DIAG_RQLEN, queues);
        ATTRIBUTE(&script, UNIX_DIAG_MEMINFO, memory);
        ATTRIBUTE(&script, UNIX_DIAG_SHUTDOWN, shut);
        ATTRIBUTE(&script, UNIX_DIAG_UID, uid);
        ATTRIBUTE(&script, 200, uid);
        assert_int_equal(sockdiag_parse_unix(last(&script), &facts), 0);
        assert_int_equal(facts.inode, 99);
        assert_int_equal(facts.type, SOCK_STREAM);
        assert_int_equal(facts.phase, PHASE_LISTEN);
        assert_true(facts.has_name && facts.has_file && facts.has_queues && facts.has_uid && facts.has_shutdown);
        assert_false(facts.has_peer || facts.name_inferred);
        assert_text(facts.name, TEXT("/run/x y\n"));
        assert_true(facts.file_dev == (UINT64_C(254) << 32 | 65024));
        assert_int_equal(facts.file_inode, 4242);
        assert_int_equal(facts.receive_queue, 3);
        assert_int_equal(facts.send_queue, 128);
        assert_int_equal(facts.npending, 3);
        assert_int_equal(sockdiag_pending(&facts, 0), 11);
        assert_int_equal(sockdiag_pending(&facts, 1), 0);
        assert_int_equal(sockdiag_pending(&facts, 2), 13);
        assert_true(facts.memory.known);
        assert_int_equal(facts.memory.receive_used, 1);
        assert_int_equal(facts.memory.receive_most, 2);
        assert_int_equal(facts.memory.send_used, 3);
        assert_int_equal(facts.memory.send_most, 4);
        assert_int_equal(facts.memory.drops, 9);
        assert_int_equal(facts.shutdown, SHUT_RECEIVE);
        assert_int_equal(facts.uid, 1000);
}

static void names(void **state)
{
        static const struct {
                const char *bytes;
                size_t len, kept;
        } cases[] = {
                { "/a", 3, 2 },                 /* the NUL behind a path is not of it */
                { "/a\0b", 4, 2 },
                { "\0a\0b", 4, 4 },             /* abstract: every byte counts */
                { "\0", 1, 1 },
                { "\0\0", 2, 2 },
                { "rel", 4, 3 },
                { "@x", 3, 2 },
                { "", 0, 0 },                   /* none */
        };
        char longest[109];

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
                struct script script = { .len = 0 };
                struct unix_facts facts;

                unix_message(&script, 1, SOCK_DGRAM, PHASE_UNCONNECTED);
                attribute(&script, UNIX_DIAG_NAME, cases[i].bytes, cases[i].len, cases[i].len);
                assert_int_equal(sockdiag_parse_unix(last(&script), &facts), 0);
                assert_int_equal(facts.has_name, cases[i].kept > 0);
                assert_text(facts.name, ((struct text){ cases[i].bytes, cases[i].kept }));
        }
        for (unsigned nul = 0; nul < 2; nul++) {
                struct script script = { .len = 0 };
                struct unix_facts facts;

                memset(longest, 'x', 108);
                longest[108] = 0;
                unix_message(&script, 1, SOCK_DGRAM, PHASE_UNCONNECTED);
                attribute(&script, UNIX_DIAG_NAME, longest, 108 + nul, 108 + nul);
                assert_int_equal(sockdiag_parse_unix(last(&script), &facts), 0);
                assert_int_equal(facts.name.len, 108);
        }
}

static void attributes_of_wrong_length(void **state)
{
        const unsigned char bytes[64] = { 0 };

        (void)state;
        for (uint16_t type = 0; type < 16; type++) {
                for (size_t length = 0; length < 48; length += 3) {
                        struct script script = { .len = 0 };
                        struct unix_facts facts = { .inode = 0 };

                        unix_message(&script, 5, SOCK_STREAM, PHASE_ESTABLISHED);
                        attribute(&script, type, bytes, length, length);
                        assert_int_equal(sockdiag_parse_unix(last(&script), &facts), 0);
                        assert_int_equal(facts.has_peer, type == UNIX_DIAG_PEER && length == 4);
                        assert_int_equal(facts.has_file, type == UNIX_DIAG_VFS && length == 8);
                        assert_int_equal(facts.has_queues, type == UNIX_DIAG_RQLEN && length == 8);
                        assert_int_equal(facts.npending, type == UNIX_DIAG_ICONS ? length / 4 : 0);
                }
        }
}

static void attributes_that_lie(void **state)
{
        static const uint16_t lies[] = { 0, 1, 3, 5, 9, 13, 100, 0x7fff, 0xffff };
        const uint32_t peer = 7;

        (void)state;
        for (size_t i = 0; i < sizeof(lies) / sizeof(*lies); i++) {
                struct script script = { .len = 0 };
                struct unix_facts facts = { .inode = 0 };
                struct nlattr *header;

                unix_message(&script, 5, SOCK_STREAM, PHASE_ESTABLISHED);
                header = (struct nlattr *)(void *)(script.data + script.len);
                ATTRIBUTE(&script, UNIX_DIAG_PEER, peer);
                header->nla_len = lies[i];
                assert_int_equal(sockdiag_parse_unix(last(&script), &facts), 0);
                assert_int_equal(facts.inode, 5);
                assert_false(facts.has_peer);
        }
}

static void messages_that_are_none(void **state)
{
        struct script script = { .len = 0 };
        struct unix_facts facts = { .inode = 42 };
        struct inet_facts inet = { .inode = 42 };

        (void)state;
        unix_message(&script, 5, SOCK_STREAM, PHASE_ESTABLISHED);
        for (uint32_t len = 0; len < NLMSG_HDRLEN + sizeof(struct unix_diag_msg); len++) {
                last(&script)->nlmsg_len = len;
                assert_int_equal(sockdiag_parse_unix(last(&script), &facts), -EBADMSG);
        }
        last(&script)->nlmsg_len = NLMSG_HDRLEN + sizeof(struct unix_diag_msg);
        assert_int_equal(sockdiag_parse_inet(last(&script), IPPROTO_TCP, &inet), -EBADMSG);
        last(&script)->nlmsg_type = SOCK_DIAG_BY_FAMILY + 1;
        assert_int_equal(sockdiag_parse_unix(last(&script), &facts), -EBADMSG);
        assert_int_equal(facts.inode, 42);
        assert_int_equal(inet.inode, 42);
}

static void inet_of_both_versions(void **state)
{
        struct inet_diag_msg head = {
                .idiag_family = AF_INET, .idiag_state = PHASE_ESTABLISHED,
                .id = { .idiag_sport = htons(80), .idiag_dport = htons(65535),
                        .idiag_src = { htonl(0x7f000001) }, .idiag_dst = { htonl(0x0a0b0c0d), 0xffffffff },
                        .idiag_if = 3, .idiag_cookie = { 9, 1 } },
                .idiag_rqueue = 5, .idiag_wqueue = 6, .idiag_uid = 33, .idiag_inode = 1234,
        };
        static const uint8_t mapped[16] = { [10] = 0xff, 0xff, 127, 0, 0, 1 };
        struct script script = { .len = 0 };
        struct inet_facts facts;
        const uint8_t shut = 2;

        (void)state;
        message(&script, SOCK_DIAG_BY_FAMILY, NLM_F_MULTI, &head, sizeof(head));
        ATTRIBUTE(&script, INET_DIAG_SHUTDOWN, shut);
        assert_int_equal(sockdiag_parse_inet(last(&script), IPPROTO_TCP, &facts), 0);
        assert_int_equal(facts.inode, 1234);
        assert_true(facts.cookie == (UINT64_C(1) << 32 | 9));
        assert_int_equal(facts.protocol, IPPROTO_TCP);
        assert_int_equal(facts.local_port, 80);
        assert_int_equal(facts.remote_port, 65535);
        assert_memory_equal(facts.local, mapped, 16);
        assert_int_equal(facts.remote[15], 13);
        assert_int_equal(facts.remote[11], 0xff);
        assert_int_equal(facts.interface, 3);
        assert_true(facts.has_shutdown && facts.shutdown == SHUT_SEND && !facts.ipv6 && !facts.memory.known);

        /* The answer to the question for both. */
        last(&script)->nlmsg_type = TCPDIAG_GETSOCK;
        assert_int_equal(sockdiag_parse_inet(last(&script), IPPROTO_TCP, &facts), 0);
        assert_int_equal(facts.inode, 1234);

        head.idiag_family = AF_INET6;
        memset(head.id.idiag_src, 0, 16);
        ((uint8_t *)head.id.idiag_src)[15] = 1;
        message(&script, SOCK_DIAG_BY_FAMILY, NLM_F_MULTI, &head, sizeof(head));
        assert_int_equal(sockdiag_parse_inet(last(&script), IPPROTO_UDP, &facts), 0);
        assert_true(facts.ipv6);
        assert_int_equal(facts.local[10], 0);
        assert_int_equal(facts.local[15], 1);
}

static void netlink_groups(void **state)
{
        struct netlink_diag_msg head = { .ndiag_family = AF_NETLINK, .ndiag_type = SOCK_RAW, .ndiag_protocol = 15,
                                         .ndiag_portid = 2011, .ndiag_ino = 8 };
        const unsigned long words[2] = { 1 | 1UL << 31, 1UL << 1 };
        const unsigned bits = 8 * sizeof(unsigned long);
        struct script script = { .len = 0 };
        struct netlink_facts facts;

        (void)state;
        message(&script, SOCK_DIAG_BY_FAMILY, NLM_F_MULTI, &head, sizeof(head));
        ATTRIBUTE(&script, NETLINK_DIAG_GROUPS, words);
        assert_int_equal(sockdiag_parse_netlink(last(&script), &facts), 0);
        assert_int_equal(facts.port, 2011);
        assert_int_equal(facts.protocol, 15);
        assert_int_equal(facts.ngroups, 2 * bits);
        for (unsigned group = 1; group <= facts.ngroups; group++)
                assert_int_equal(sockdiag_group(&facts, group), group == 1 || group == 32 || group == bits + 2);
}

static void packet_and_vsock(void **state)
{
        struct packet_diag_msg head = { .pdiag_family = AF_PACKET, .pdiag_type = SOCK_DGRAM, .pdiag_num = 0x0800,
                                        .pdiag_ino = 6 };
        const struct packet_diag_info info = { .pdi_index = 2 };
        struct vsock_diag_msg vsock = { .vdiag_family = AF_VSOCK, .vdiag_type = SOCK_STREAM,
                                        .vdiag_state = PHASE_LISTEN, .vdiag_src_cid = 3, .vdiag_src_port = 1024,
                                        .vdiag_ino = 12, .vdiag_cookie = { 1, 2 } };
        struct script script = { .len = 0 };
        struct packet_facts packet;
        struct vsock_facts facts;

        (void)state;
        message(&script, SOCK_DIAG_BY_FAMILY, NLM_F_MULTI, &head, sizeof(head));
        ATTRIBUTE(&script, PACKET_DIAG_INFO, info);
        assert_int_equal(sockdiag_parse_packet(last(&script), &packet), 0);
        assert_int_equal(packet.protocol, 0x0800);
        assert_true(packet.has_interface && !packet.has_uid);
        assert_int_equal(packet.interface, 2);
        message(&script, SOCK_DIAG_BY_FAMILY, NLM_F_MULTI, &vsock, sizeof(vsock));
        assert_int_equal(sockdiag_parse_vsock(last(&script), &facts), 0);
        assert_int_equal(facts.inode, 12);
        assert_int_equal(facts.local_port, 1024);
        assert_true(facts.cookie == (UINT64_C(2) << 32 | 1));
}

static int count(const struct nlmsghdr *header, void *data)
{
        unsigned *n = data;

        assert_int_equal(header->nlmsg_type, SOCK_DIAG_BY_FAMILY);
        (*n)++;
        return 0;
}

static struct sockdiag_dump dump_of(unsigned *n)
{
        *n = 0;
        return (struct sockdiag_dump){ .sequence = SEQUENCE, .port = PORT, .message = count, .data = n };
}

static void a_dump_and_its_end(void **state)
{
        struct script script = { .len = 0 };
        const int32_t zero = 0;
        struct sockdiag_dump dump;
        unsigned n;

        (void)state;
        unix_message(&script, 1, SOCK_STREAM, PHASE_ESTABLISHED);
        unix_message(&script, 2, SOCK_STREAM, PHASE_ESTABLISHED);
        dump = dump_of(&n);
        assert_int_equal(sockdiag_take(&dump, script.data, script.len), 1);
        assert_int_equal(n, 2);
        message(&script, NLMSG_DONE, NLM_F_MULTI, &zero, sizeof(zero));
        unix_message(&script, 3, SOCK_STREAM, PHASE_ESTABLISHED);
        dump = dump_of(&n);
        assert_int_equal(sockdiag_take(&dump, script.data, script.len), 0);
        assert_int_equal(n, 2);
        assert_int_equal(sockdiag_take(&dump, script.data, 0), 1);
}

static void messages_of_others(void **state)
{
        struct script script = { .len = 0 };
        const int32_t refused = -EPERM;
        struct sockdiag_dump dump;
        unsigned n;

        (void)state;
        unix_message(&script, 1, SOCK_STREAM, PHASE_ESTABLISHED);
        last(&script)->nlmsg_seq--;
        unix_message(&script, 2, SOCK_STREAM, PHASE_ESTABLISHED);
        last(&script)->nlmsg_pid++;
        message(&script, NLMSG_DONE, 0, &refused, sizeof(refused));
        last(&script)->nlmsg_seq--;
        unix_message(&script, 3, SOCK_STREAM, PHASE_ESTABLISHED);
        last(&script)->nlmsg_flags |= NLM_F_DUMP_INTR;
        last(&script)->nlmsg_seq--;
        dump = dump_of(&n);
        assert_int_equal(sockdiag_take(&dump, script.data, script.len), 1);
        assert_int_equal(n, 0);
        assert_false(dump.torn);
}

static void torn_dumps(void **state)
{
        struct script script = { .len = 0 };
        const int32_t zero = 0;
        struct sockdiag_dump dump;
        unsigned n;

        (void)state;
        unix_message(&script, 1, SOCK_STREAM, PHASE_ESTABLISHED);
        last(&script)->nlmsg_flags |= NLM_F_DUMP_INTR;
        unix_message(&script, 2, SOCK_STREAM, PHASE_ESTABLISHED);
        dump = dump_of(&n);
        /* Read to its end all the same: only then can it be asked for again. */
        assert_int_equal(sockdiag_take(&dump, script.data, script.len), 1);
        assert_int_equal(n, 2);
        script.len = 0;
        message(&script, NLMSG_DONE, NLM_F_MULTI, &zero, sizeof(zero));
        assert_int_equal(sockdiag_take(&dump, script.data, script.len), -EINTR);

        script.len = 0;
        message(&script, NLMSG_DONE, NLM_F_MULTI | NLM_F_DUMP_INTR, &zero, sizeof(zero));
        dump = dump_of(&n);
        assert_int_equal(sockdiag_take(&dump, script.data, script.len), -EINTR);
        script.len = 0;
        message(&script, NLMSG_OVERRUN, 0, &zero, sizeof(zero));
        message(&script, NLMSG_DONE, NLM_F_MULTI, &zero, sizeof(zero));
        dump = dump_of(&n);
        assert_int_equal(sockdiag_take(&dump, script.data, script.len), -EINTR);
}

static void errors(void **state)
{
        struct nlmsgerr refused = { .error = -EPERM }, acknowledged = { .error = 0 }, odd = { .error = 5 };
        const int32_t failed = -ENOENT;
        struct script script = { .len = 0 };
        struct sockdiag_dump dump;
        unsigned n;

        (void)state;
        dump = dump_of(&n);
        message(&script, NLMSG_ERROR, 0, &refused, sizeof(refused));
        assert_int_equal(sockdiag_take(&dump, script.data, script.len), -EPERM);
        script.len = 0;
        message(&script, NLMSG_DONE, NLM_F_MULTI, &failed, sizeof(failed));
        assert_int_equal(sockdiag_take(&dump, script.data, script.len), -ENOENT);
        script.len = 0;
        message(&script, NLMSG_ERROR, 0, &acknowledged, sizeof(acknowledged));
        assert_int_equal(sockdiag_take(&dump, script.data, script.len), -EBADMSG);
        script.len = 0;
        message(&script, NLMSG_ERROR, 0, &odd, sizeof(odd));
        assert_int_equal(sockdiag_take(&dump, script.data, script.len), -EBADMSG);
        script.len = 0;
        message(&script, NLMSG_ERROR, 0, &odd, 2);
        assert_int_equal(sockdiag_take(&dump, script.data, script.len), -EBADMSG);
        script.len = 0;
        message(&script, NLMSG_DONE, NLM_F_MULTI, &odd, 0);
        assert_int_equal(sockdiag_take(&dump, script.data, script.len), 0);
        /* Cut off, and longer than it is. */
        script.len = 0;
        unix_message(&script, 1, SOCK_STREAM, PHASE_ESTABLISHED);
        assert_int_equal(sockdiag_take(&dump, script.data, script.len - 4), -EBADMSG);
        last(&script)->nlmsg_len = 0xa8000064;
        assert_int_equal(sockdiag_take(&dump, script.data, script.len), -EBADMSG);
        last(&script)->nlmsg_len = 4;
        assert_int_equal(sockdiag_take(&dump, script.data, script.len), -EBADMSG);
        assert_int_equal(n, 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_listener),
                cmocka_unit_test(names),
                cmocka_unit_test(attributes_of_wrong_length),
                cmocka_unit_test(attributes_that_lie),
                cmocka_unit_test(messages_that_are_none),
                cmocka_unit_test(inet_of_both_versions),
                cmocka_unit_test(netlink_groups),
                cmocka_unit_test(packet_and_vsock),
                cmocka_unit_test(a_dump_and_its_end),
                cmocka_unit_test(messages_of_others),
                cmocka_unit_test(torn_dumps),
                cmocka_unit_test(errors),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
