/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KIND_MQ_MESSAGES_H
#define KIND_MQ_MESSAGES_H

/*
 * The messages of a POSIX queue in a saved copy, in the file "messages": one
 * after the other, in the order in which they would have been received,
 *
 *   PRIORITY LENGTH newline      two decimal numbers, 10 columns each, blanks in front
 *   LENGTH bytes, newline
 *
 * A copy that was interrupted while messages were taken out is full of zeros
 * behind them. If it was killed between the kernel's answer and the note of it,
 * the last head begins with "?", and the bytes behind it are those of a message
 * whose length and priority nobody knows any more: for people, not for a queue.
 */
#include "base/text.h"

#include <stdint.h>

#define MQ_MESSAGES_FILE "messages"

enum { MQ_MESSAGE_HEAD = 10 + 1 + 10 + 1, MQ_MESSAGE_EXTRA = MQ_MESSAGE_HEAD + 1 };

struct mq_message {
        uint32_t priority;
        struct text bytes;
};

/* Writes a head, MQ_MESSAGE_HEAD bytes: the one of a message yet to come, and its final one. */
void mq_message_expect(char *head);
void mq_message_head(char *head, uint32_t priority, uint32_t len);

/* Cuts the next message off *rest: 1; 0 at the end, of an interrupted copy too; -EBADMSG. */
int mq_message_next(struct text *rest, struct mq_message *ret);

#endif
