/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

/* RFC 4648, with padding: how JSON carries bytes that are no UTF-8. */
#include "base/buf.h"

#include <stdbool.h>

void base64_encode(struct buf *out, struct text bytes);

/* Appends the bytes. False, and nothing appended, if it is not exactly what base64_encode() would write. */
bool base64_decode(struct buf *out, struct text text);

#endif
