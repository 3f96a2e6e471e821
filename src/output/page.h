/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef OUTPUT_PAGE_H
#define OUTPUT_PAGE_H

/*
 * Everything about one object or process on a page: what is read at three in
 * the morning. Identity and attributes, holders with command lines, peers with
 * their holders, waiters and whom they wait for, history, rows (semaphores),
 * and whether it may be removed; of a process also whom it talks to.
 */
#include "output/format.h"
#include "output/sink.h"

struct judge;                           /* report/verdict.h */

void page_object(struct judge *judge, const struct object *object,
                 const struct format *format, const struct table_look *look, struct sink *sink);
void page_process(const struct snapshot *snapshot, const struct process *process,
                  const struct format *format, const struct table_look *look, struct sink *sink);

#endif
