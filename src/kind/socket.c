/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sockets of families that are no kind of their own: known by their holders only. */
#include "base/array.h"
#include "base/i18n.h"
#include "kind/kinds.h"
#include "kind/sockets.h"

static const uint16_t fields[] = { FIELD_PROTOCOL, FIELD_SOCKET_TYPE, FIELD_INODE, FIELD_STATE };

static const uint16_t table[] = { FIELD_REF, FIELD_PROTOCOL, FIELD_SOCKET_TYPE, FIELD_STATE, FIELD_HOLDERS };

static const uint16_t summary[] = { FIELD_PROTOCOL };

const struct kind kind_socket = {
        .name = "socket",
        .title = N_("Socket of another family"),
        .scope = NAMESPACE_NET,
        .address = ADDRESS_INODE,
        .family = FAMILY_OTHER,
        .fields = fields, .nfields = COUNT(fields),
        .columns = table, .ncolumns = COUNT(table),
        .summary = summary, .nsummary = COUNT(summary),
        .unlisted = true,
        .claims = CLAIM_SOCKET,
        .claim = sockets_claim,
};
