/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_LOGIND_H
#define SYS_LOGIND_H

/*
 * Does systemd-logind remove the IPC objects of a user at the end of the last
 * session (RemoveIPC= of logind.conf(5))? What its files say; when they say
 * nothing, the default was chosen when systemd was built, which shows nowhere.
 */
#include "sys/host.h"

enum logind_word { LOGIND_SILENT, LOGIND_NO, LOGIND_YES };

/* RemoveIPC= of logind.conf and its drop-ins, the last one that counts. */
enum logind_word logind_remove_ipc(const struct host *host);

/* What one such file says; LOGIND_SILENT: nothing that is understood. */
enum logind_word logind_parse_remove_ipc(struct text text);

enum { LOGIND_LINGERING_MOST = 4096 };

/* Appends the names of the users that linger (loginctl(1)), each followed by a newline. 0 or -errno. */
int logind_lingering(const struct host *host, struct buf *out);

#endif
