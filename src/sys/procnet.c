/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/procnet.h"

#include "base/number.h"
#include "sys/columns.h"

#include <errno.h>
#include <sys/socket.h>

enum {
        ACCEPTS = 1 << 16,              /* __SO_ACCEPTCON (include/linux/net.h) */
        CONNECTED = 3,                  /* SS_CONNECTED (linux/net.h) */
};

/* The next word as a number. */
static bool take_number(struct text *rest, unsigned base, uint64_t most, uint64_t *ret)
{
        struct text word;

        return text_word(rest, &word) && number_parse_base(word, base, most, ret) == 0;
}

/* Passes over a word that ends in a colon ("0000000097ec0c2b:", "12:"). */
static bool skip_label(struct text *rest)
{
        struct text word;

        return text_word(rest, &word) && word.len > 1 && word.data[word.len - 1] == ':';
}

/*
 * Behind the inode, one blank and the name up to the end of the line, with @
 * for each NUL (net/unix/af_unix.c, unix_seq_show()). "@x" may so be an
 * abstract name or the relative path of a file.
 */
static void take_name(struct text rest, char *copy, size_t size, struct unix_facts *facts)
{
        if (rest.len < 2 || rest.len - 1 > size)
                return;
        rest = text_from(rest, 1);
        facts->has_name = true;
        facts->name = rest;
        if (rest.data[0] != '@')
                return;
        memcpy(copy, rest.data, rest.len);
        copy[0] = 0;
        facts->name.data = copy;
        facts->name_inferred = true;
}

enum { NAME_MOST = 108 };               /* sun_path of unix(7) */

static bool parse_unix(struct text line, char name[NAME_MOST], struct unix_facts *ret)
{
        struct unix_facts facts = { 0 };
        uint64_t references, protocol, flags, type, state, inode;
        struct text rest = line;

        if (!skip_label(&rest) || !take_number(&rest, 16, UINT32_MAX, &references) ||
            !take_number(&rest, 16, UINT32_MAX, &protocol) || !take_number(&rest, 16, UINT32_MAX, &flags) ||
            !take_number(&rest, 16, UINT8_MAX, &type) || !take_number(&rest, 16, UINT8_MAX, &state) ||
            !take_number(&rest, 10, UINT32_MAX, &inode))
                return false;
        facts.inode = (uint32_t)inode;
        facts.type = (uint8_t)type;
        facts.phase = flags & ACCEPTS ? PHASE_LISTEN : state == CONNECTED ? PHASE_ESTABLISHED : PHASE_UNCONNECTED;
        take_name(rest, name, NAME_MOST, &facts);
        *ret = facts;
        return true;
}

unsigned procnet_unix(struct text text, void (*found)(const struct unix_facts *facts, void *data), void *data)
{
        char name[NAME_MOST];
        struct unix_facts facts;
        struct text line;
        unsigned bad = 0;

        if (!text_split(&text, '\n', &line))
                return 0;
        if (!text_starts(line, TEXT("Num ")))
                bad++;
        while (text_split(&text, '\n', &line)) {
                if (!parse_unix(line, name, &facts))
                        bad++;
                else if (facts.inode)
                        found(&facts, data);
        }
        return bad;
}

/* "0100007F:0016": the address in words as the processor has them, and the port. */
static bool take_endpoint(struct text *rest, bool ipv6, uint8_t ret_address[16], uint16_t *ret_port)
{
        const size_t digits = ipv6 ? 32 : 8;
        uint8_t address[16] = { [10] = 0xff, [11] = 0xff };
        uint64_t number;
        struct text word;

        if (!text_word(rest, &word) || word.len != digits + 5 || word.data[digits] != ':')
                return false;
        for (size_t i = 0; i < digits; i += 8) {
                uint32_t bits;

                if (number_parse_base((struct text){ word.data + i, 8 }, 16, UINT32_MAX, &number) < 0)
                        return false;
                bits = (uint32_t)number;
                memcpy(address + (ipv6 ? i / 2 : 12), &bits, sizeof(bits));
        }
        if (number_parse_base(text_from(word, digits + 1), 16, UINT16_MAX, &number) < 0)
                return false;
        memcpy(ret_address, address, sizeof(address));
        *ret_port = (uint16_t)number;
        return true;
}

/* "00000000:00000000": what is to be sent, and what has been received. */
static bool take_queues(struct text *rest, struct inet_facts *facts)
{
        struct text word, half;
        uint64_t number;

        if (!text_word(rest, &word) || word.len != 17 || word.data[8] != ':')
                return false;
        half = (struct text){ word.data, 8 };
        if (number_parse_base(half, 16, UINT32_MAX, &number) < 0)
                return false;
        facts->send_queue = (uint32_t)number;
        if (number_parse_base(text_from(word, 9), 16, UINT32_MAX, &number) < 0)
                return false;
        facts->receive_queue = (uint32_t)number;
        return true;
}

static bool parse_inet(struct text rest, bool ipv6, uint8_t protocol, struct inet_facts *ret)
{
        struct inet_facts facts = { .ipv6 = ipv6, .protocol = protocol, .no_backlog = true };
        uint64_t phase, retransmits, uid, timeout, inode;
        struct text timer;

        if (!skip_label(&rest) || !take_endpoint(&rest, ipv6, facts.local, &facts.local_port) ||
            !take_endpoint(&rest, ipv6, facts.remote, &facts.remote_port) ||
            !take_number(&rest, 16, UINT8_MAX, &phase) || !take_queues(&rest, &facts) || !text_word(&rest, &timer) ||
            !take_number(&rest, 16, UINT32_MAX, &retransmits) || !take_number(&rest, 10, UINT32_MAX, &uid) ||
            !take_number(&rest, 10, UINT32_MAX, &timeout) || !take_number(&rest, 10, UINT32_MAX, &inode))
                return false;
        facts.phase = (uint8_t)phase;
        facts.uid = (uid_t)uid;
        facts.inode = (uint32_t)inode;
        *ret = facts;
        return true;
}

unsigned procnet_inet(struct text text, bool ipv6, uint8_t protocol,
                      void (*found)(const struct inet_facts *facts, void *data), void *data)
{
        struct inet_facts facts;
        struct text line;
        unsigned bad = 0;

        if (!text_split(&text, '\n', &line))
                return 0;
        while (text_split(&text, '\n', &line)) {
                if (parse_inet(line, ipv6, protocol, &facts))
                        found(&facts, data);
                else
                        bad++;
        }
        return bad;
}

/* Calls back for each row of a table with a header; `row` says whether it was one. */
static unsigned each_row(struct text text, const char *const *names, unsigned nnames,
                         bool (*row)(const struct columns *columns, const int *at, void *data), void *data)
{
        struct columns columns;
        int at[8], r = columns_init(&columns, text);
        unsigned bad = 0;

        if (r < 0)
                return r == -ENODATA ? 0 : 1;
        for (unsigned i = 0; i < nnames; i++)
                at[i] = columns_find(&columns, names[i]);
        while ((r = columns_next(&columns)) != 0)
                if (r < 0 || !row(&columns, at, data))
                        bad++;
        return bad;
}

struct netlink_call {
        void (*found)(const struct netlink_facts *facts, void *data);
        void *data;
};

static bool netlink_row(const struct columns *columns, const int *at, void *data)
{
        const struct netlink_call *call = data;
        uint64_t protocol, port, inode;

        if (columns_number(columns, at[0], 10, UINT8_MAX, &protocol) < 0 ||
            columns_number(columns, at[1], 10, UINT32_MAX, &port) < 0 ||
            columns_number(columns, at[2], 10, UINT32_MAX, &inode) < 0)
                return false;
        /* The file's groups are but the first 32 of them. */
        call->found(&(struct netlink_facts){ .protocol = (uint8_t)protocol, .port = (uint32_t)port,
                                             .inode = (uint32_t)inode }, call->data);
        return true;
}

unsigned procnet_netlink(struct text text,
                         void (*found)(const struct netlink_facts *facts, void *data), void *data)
{
        static const char *const names[] = { "Eth", "Pid", "Inode" };
        struct netlink_call call = { found, data };

        return each_row(text, names, 3, netlink_row, &call);
}

struct packet_call {
        void (*found)(const struct packet_facts *facts, void *data);
        void *data;
};

static bool packet_row(const struct columns *columns, const int *at, void *data)
{
        const struct packet_call *call = data;
        uint64_t type, protocol, interface, uid, inode;

        if (columns_number(columns, at[0], 10, UINT8_MAX, &type) < 0 ||
            columns_number(columns, at[1], 16, UINT16_MAX, &protocol) < 0 ||
            columns_number(columns, at[2], 10, INT32_MAX, &interface) < 0 ||
            columns_number(columns, at[3], 10, UINT32_MAX, &uid) < 0 ||
            columns_number(columns, at[4], 10, UINT32_MAX, &inode) < 0)
                return false;
        call->found(&(struct packet_facts){
                .type = (uint8_t)type, .protocol = (uint16_t)protocol, .interface = (uint32_t)interface,
                .uid = (uid_t)uid, .inode = (uint32_t)inode, .has_interface = true, .has_uid = true,
        }, call->data);
        return true;
}

unsigned procnet_packet(struct text text, void (*found)(const struct packet_facts *facts, void *data), void *data)
{
        static const char *const names[] = { "Type", "Proto", "Iface", "User", "Inode" };
        struct packet_call call = { found, data };

        return each_row(text, names, 5, packet_row, &call);
}
