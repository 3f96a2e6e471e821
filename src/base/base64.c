/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/base64.h"

static const char alphabet[65] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_encode(struct buf *out, struct text bytes)
{
        for (size_t at = 0; at < bytes.len; at += 3) {
                size_t left = bytes.len - at;
                uint32_t group = 0;
                char digits[4];

                for (size_t i = 0; i < 3; i++)
                        group = group << 8 | (i < left ? (unsigned char)bytes.data[at + i] : 0);
                for (unsigned i = 0; i < 4; i++)
                        digits[i] = i <= left ? alphabet[group >> (18 - 6 * i) & 63] : '=';
                buf_add(out, (struct text){ digits, sizeof(digits) });
        }
}

/* Four digits to at most three bytes; how many, or 0. Padding counts in the last group only. */
static unsigned decode_group(const char digits[4], bool last, char ret[3])
{
        unsigned n = last && digits[3] == '=' ? (digits[2] == '=' ? 1 : 2) : 3;
        uint32_t group = 0;

        for (unsigned i = 0; i < 4; i++) {
                const char *digit = i <= n ? memchr(alphabet, digits[i], 64) : alphabet;

                if (!digit)
                        return 0;
                group = group << 6 | (uint32_t)(digit - alphabet);
        }
        /* Bits behind the last byte would be lost. */
        if (group & ((UINT32_C(1) << (8 * (3 - n))) - 1))
                return 0;
        for (unsigned i = 0; i < 3; i++)
                ret[i] = (char)(group >> (16 - 8 * i) & 0xff);
        return n;
}

bool base64_decode(struct buf *out, struct text text)
{
        size_t old = out->len;
        bool good = text.len % 4 == 0;

        for (size_t at = 0; good && at < text.len; at += 4) {
                char bytes[3];
                unsigned n = decode_group(text.data + at, at + 4 == text.len, bytes);

                good = n > 0;
                buf_add(out, (struct text){ bytes, n });
        }
        if (!good) {
                out->len = old;
                if (out->data)
                        out->data[old] = 0;
        }
        return good;
}
