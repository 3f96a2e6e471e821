/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sockets between a virtual machine and its host: vsock(7). */
#include "base/array.h"
#include "base/i18n.h"
#include "kind/endpoints.h"
#include "kind/kinds.h"
#include "kind/sockets.h"

#include <errno.h>
#include <linux/vm_sockets.h>
#include <sys/socket.h>

struct reading {
        struct sockets *sockets;
        struct ends ends;
};

/* "2:1024", "any:1024" */
static void set_address(struct builder *builder, struct object *object, uint16_t field, uint32_t cid, uint32_t port)
{
        struct buf text = { 0 };

        if (cid == VMADDR_CID_ANY)
                buf_string(&text, "any");
        else
                buf_uint(&text, cid);
        buf_byte(&text, ':');
        if (port == VMADDR_PORT_ANY)
                buf_string(&text, "any");
        else
                buf_uint(&text, port);
        builder_text(builder, object, field, buf_text(&text));
        buf_done(&text);
}

static struct endpoint endpoint(uint32_t cid, uint32_t port)
{
        struct endpoint end = { .port = port };

        memcpy(end.address, &cid, sizeof(cid));
        return end;
}

static void add_socket(const struct vsock_facts *facts, void *data)
{
        struct reading *reading = data;
        struct builder *builder = reading->sockets->builder;
        struct object *object;
        struct end end = {
                .role = facts->phase == PHASE_LISTEN ? END_LISTENER :
                        facts->phase == PHASE_ESTABLISHED ? END_CONNECTED : END_OTHER,
                .pending = facts->phase == PHASE_ESTABLISHED && !facts->inode,
                .local = endpoint(facts->local_cid, facts->local_port),
                .remote = endpoint(facts->remote_cid, facts->remote_port),
        };

        if (!facts->inode && !facts->cookie)
                return;
        object = sockets_object(reading->sockets, &kind_vsock, facts->inode, facts->cookie);
        sockets_set_inode(builder, object, facts->inode);
        sockets_set_type(builder, object, facts->type);
        sockets_set_phase(builder, object, facts->phase);
        set_address(builder, object, FIELD_LOCAL, facts->local_cid, facts->local_port);
        if (end.role == END_CONNECTED)
                set_address(builder, object, FIELD_REMOTE, facts->remote_cid, facts->remote_port);
        builder_uint(builder, object, FIELD_PORT, facts->local_port);
        sockets_set_shutdown(builder, object, facts->shutdown);
        if (end.pending)
                builder_state(builder, object, WORD_BIT(STATE_PENDING), false);
        end.object = object;
        ends_add(&reading->ends, &end);
}

/* Of datagrams only, which know no connection here. */
static bool loops(const struct end *end)
{
        (void)end;
        return false;
}

/* There is no file of /proc/net to fall back to: sockets that are held are known by their holders. */
void vsock_read(struct sockets *sockets)
{
        uint8_t any[1][16] = { { 0 } };
        const uint32_t cid = VMADDR_CID_ANY;
        struct reading reading = { .sockets = sockets };
        int err = sockets->diag ? sockdiag_vsock(sockets->diag, add_socket, &reading) : sockets->refused;

        memcpy(any[0], &cid, sizeof(cid));
        if (err && err != -ENOENT && host_live(sockets->host))
                builder_gap(sockets->builder, &kind_vsock, "sock_diag", -err, NULL);
        ends_tie(&reading.ends, (const uint8_t (*)[16])any, 1, loops, sockets->builder);
        ends_done(&reading.ends);
}

static void scan(const struct host *host, const struct want *want, struct builder *builder)
{
        (void)want;
        sockets_scan(host, builder, vsock_read);
}

static const uint16_t fields[] = {
        FIELD_SOCKET_TYPE, FIELD_SOCKET_STATE, FIELD_LOCAL, FIELD_REMOTE, FIELD_LOCAL_PEER, FIELD_PORT, FIELD_INODE,
        FIELD_STATE, FIELD_SHUTDOWN,
};

static const uint16_t table[] = {
        FIELD_REF, FIELD_SOCKET_TYPE, FIELD_SOCKET_STATE, FIELD_LOCAL, FIELD_REMOTE, FIELD_STATE, FIELD_PEERS,
        FIELD_HOLDERS,
};

static const uint16_t summary[] = { FIELD_SOCKET_STATE, FIELD_LOCAL };

const struct kind kind_vsock = {
        .name = "vsock",
        .title = N_("Socket of a virtual machine"),
        .scope = NAMESPACE_NET,
        .address = ADDRESS_INODE,
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
