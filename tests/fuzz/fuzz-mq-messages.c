/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kind/mq-messages.h"

#include <errno.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool truth)
{
        if (!truth)
                abort();
}

/* Each message lies in the text, one behind the other, and there is an end. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct text rest = { (const char *)data, size };
        struct mq_message message;
        const char *before;
        int r;

        do {
                before = rest.data;
                r = mq_message_next(&rest, &message);
                check(r == 0 || r == 1 || r == -EBADMSG);
                if (r == 1)
                        check(message.bytes.data == before + MQ_MESSAGE_HEAD &&
                              rest.data == message.bytes.data + message.bytes.len + 1 &&
                              rest.data + rest.len == (const char *)data + size);
                else
                        check(rest.data == before);
        } while (r == 1);
        return 0;
}
