/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kind/mq-messages.h"

#include "base/number.h"

#include <errno.h>
#include <stdio.h>

void mq_message_expect(char *head)
{
        memset(head, ' ', MQ_MESSAGE_HEAD - 1);
        head[0] = '?';
        head[MQ_MESSAGE_HEAD - 1] = '\n';
}

void mq_message_head(char *head, uint32_t priority, uint32_t len)
{
        char text[MQ_MESSAGE_HEAD + 1];

        snprintf(text, sizeof(text), "%10u %10u\n", priority, len);
        memcpy(head, text, MQ_MESSAGE_HEAD);
}

/* One of the two numbers, in its 10 columns. */
static bool parse_column(const char *column, uint64_t *ret)
{
        struct text text = { column, 10 };

        while (text.len > 1 && text.data[0] == ' ')
                text = text_from(text, 1);
        return number_parse(text, UINT32_MAX, ret) == 0;
}

int mq_message_next(struct text *rest, struct mq_message *ret)
{
        const char *head = rest->data;
        uint64_t priority, len;

        if (rest->len == 0 || head[0] == '?' || head[0] == 0)
                return 0;
        if (rest->len < MQ_MESSAGE_EXTRA || head[10] != ' ' || head[MQ_MESSAGE_HEAD - 1] != '\n' ||
            !parse_column(head, &priority) || !parse_column(head + 11, &len) ||
            len > rest->len - MQ_MESSAGE_EXTRA || head[MQ_MESSAGE_HEAD + len] != '\n')
                return -EBADMSG;
        *ret = (struct mq_message){ (uint32_t)priority, { head + MQ_MESSAGE_HEAD, (size_t)len } };
        *rest = text_from(*rest, MQ_MESSAGE_EXTRA + (size_t)len);
        return 1;
}
