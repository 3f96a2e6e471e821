/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SYS_INTERNAL_FS_H
#define SYS_INTERNAL_FS_H

/*
 * The devices (major << 32 | minor) of the file systems that sockets and pipes
 * of the running machine live in. Nothing lists them: a socket and a pipe of
 * our own are made, looked at, and closed. 0: could not be told.
 */
#include <stdint.h>

void internal_fs_devices(uint64_t *ret_sockets, uint64_t *ret_pipes);

#endif
