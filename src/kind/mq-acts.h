/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KIND_MQ_ACTS_H
#define KIND_MQ_ACTS_H

/* What can be done to POSIX message queues. */
#include "kind/file-acts.h"

extern const struct acts mq_acts;

/* The parts of it: mq-acts.c has remove and set. */
extern const struct file_acts mq_file;
int queue_save(struct act *act, struct copy_writer *copy);
int queue_make(struct making *making);

#endif
