/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kind/messages.h"

#include <errno.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool truth)
{
        if (!truth)
                abort();
}

/* What was understood, written again, is what was read. */
static void check_same(const struct message *message, struct text bytes)
{
        struct buf buf = { 0 };

        message_head(message->type, message->text.len, &buf);
        buf_add(&buf, message->text);
        buf_byte(&buf, '\n');
        check(text_equal(buf_text(&buf), bytes));
        buf_done(&buf);
}

/* All there, and with some of the bytes still in the file: the same message comes of it. */
static void check_cut(const struct message *message, struct text bytes)
{
        size_t len = bytes.len / 2, used = 0;
        struct message again;
        int r;

        while ((r = message_first((struct text){ bytes.data, len }, bytes.len - len, &again, &used)) == -ENODATA) {
                check(used > len && used <= bytes.len);
                len = used;
        }
        check(r == 0 && used == bytes.len && again.type == message->type && text_equal(again.text, message->text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct text rest = { (const char *)data, size };

        while (rest.len > 0) {
                struct message message;
                size_t used;
                int r = message_first(rest, 0, &message, &used);

                check(r == 0 || r == -EBADMSG);
                if (r < 0)
                        break;
                check(used > 0 && used <= rest.len && message.type > 0);
                check_same(&message, (struct text){ rest.data, used });
                check_cut(&message, (struct text){ rest.data, used });
                rest = text_from(rest, used);
        }
        return 0;
}
