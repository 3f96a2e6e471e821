/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sockets that see frames: packet(7). */
#include "base/array.h"
#include "base/i18n.h"
#include "kind/kinds.h"
#include "kind/sockets.h"
#include "sys/procnet.h"

#include <errno.h>
#include <linux/if_ether.h>

static const struct {
        uint16_t number;
        const char *name;
} protocols[] = {
        { ETH_P_ALL, "all" }, { ETH_P_IP, "ip" }, { ETH_P_ARP, "arp" }, { ETH_P_RARP, "rarp" }, { ETH_P_IPV6, "ipv6" },
        { ETH_P_8021Q, "802.1q" }, { ETH_P_PPP_DISC, "pppoe-discovery" }, { ETH_P_PPP_SES, "pppoe" },
        { ETH_P_PAE, "eapol" }, { ETH_P_LLDP, "lldp" }, { ETH_P_802_2, "802.2" },
};

static void set_protocol(struct builder *builder, struct object *object, uint16_t number)
{
        struct buf text = { 0 };

        for (unsigned i = 0; i < COUNT(protocols); i++)
                if (protocols[i].number == number)
                        buf_string(&text, protocols[i].name);
        if (!text.len && number)
                buf_printf(&text, "0x%04x", number);
        builder_text(builder, object, FIELD_PROTOCOL, text.len ? buf_text(&text) : TEXT("none"));
        buf_done(&text);
}

static void add_socket(const struct packet_facts *facts, void *data)
{
        struct sockets *sockets = data;
        struct builder *builder = sockets->builder;
        struct object *object;

        if (!facts->inode)
                return;
        object = sockets_object(sockets, &kind_packet, facts->inode, 0);
        sockets_set_inode(builder, object, facts->inode);
        set_protocol(builder, object, facts->protocol);
        sockets_set_type(builder, object, facts->type);
        if (facts->has_interface)
                sockets_set_interface(sockets, object, facts->interface);
        else
                builder_unknown(builder, object, FIELD_INTERFACE);
        if (facts->has_uid)
                builder_uint(builder, object, FIELD_OWNER, facts->uid);
        else
                builder_unknown(builder, object, FIELD_OWNER);
        sockets_set_memory(sockets, object, &facts->memory);
}

void packet_read(struct sockets *sockets)
{
        struct buf text = { 0 };
        int err = sockets->refused;

        if (!err)
                err = sockdiag_packet(sockets->diag, sockets->want_memory, add_socket, sockets);
        if (err && sockets_fall_back(sockets, &kind_packet, err, "packet", &text))
                sockets_bad_lines(sockets, &kind_packet, procnet_packet(buf_text(&text), add_socket, sockets));
        buf_done(&text);
}

static void scan(const struct host *host, const struct want *want, struct builder *builder)
{
        (void)want;
        sockets_scan(host, builder, packet_read);
}

static const uint16_t fields[] = {
        FIELD_PROTOCOL, FIELD_SOCKET_TYPE, FIELD_INTERFACE, FIELD_INODE, FIELD_STATE, FIELD_OWNER,
        FIELD_RECEIVE_MEMORY_BYTES, FIELD_RECEIVE_BUFFER_BYTES, FIELD_SEND_MEMORY_BYTES, FIELD_SEND_BUFFER_BYTES,
        FIELD_DROPS,
};

static const uint16_t table[] = {
        FIELD_REF, FIELD_PROTOCOL, FIELD_SOCKET_TYPE, FIELD_INTERFACE, FIELD_OWNER, FIELD_STATE, FIELD_HOLDERS,
};

static const uint16_t summary[] = { FIELD_PROTOCOL, FIELD_INTERFACE };

const struct kind kind_packet = {
        .name = "packet",
        .title = N_("Packet socket"),
        .scope = NAMESPACE_NET,
        .address = ADDRESS_INODE,
        .family = FAMILY_OTHER,
        .fields = fields, .nfields = COUNT(fields),
        .columns = table, .ncolumns = COUNT(table),
        .summary = summary, .nsummary = COUNT(summary),
        .claims = CLAIM_SOCKET,
        .scan = scan,
        .claim = sockets_claim,
        .conclude = sockets_conclude,
};
