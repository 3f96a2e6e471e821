#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What can be done to System V objects, called as the commands call it, see sysv-acts.c: there
# are moments that no command can be stopped at.
load live

setup() { live_setup; }

teardown()
{
        rm -rf /dev/shm/copies
        live_teardown
}

# Where others than root can write copies, too.
acts()
{
        mkdir -m 1777 /dev/shm/copies
        TMPDIR=/dev/shm/copies "$(dirname "$MAKER")/sysv-acts" "$@"
}

other_users() { mapped 1234 && mapped "$NOBODY" || skip "no other users in this user namespace"; }

@test "sysv acts: what is removed is gone, and gone is no failure to repeat" { acts removing; }

@test "sysv acts: not one of thousands is removed that took the place, key and id of another" { acts race; }

@test "sysv acts: what came into use meanwhile is left alone" { acts counters; }

@test "sysv acts: one's own objects of mode 0000 can be removed, others' can't" { other_users; acts unreadable; }

@test "sysv acts: all values are set, or none" { acts setting; }

@test "sysv acts: a segment comes back byte for byte" { other_users; acts segment; }

@test "sysv acts: 5 GiB of holes stay holes, read and restored in constant memory" { other_users; acts sparse; }

@test "sysv acts: a semaphore set comes back" { acts semaphores; }

@test "sysv acts: messages come back, of any length and type, in their order" { acts messages; }

@test "sysv acts: 12,000 messages without text" { acts many-messages; }

@test "sysv acts: a queue in use is not copied wrongly" { acts busy-queue; }

@test "sysv acts: the same id, or none, and no wish is left behind" { other_users; acts same-id; }

@test "sysv acts: broken contents leave nothing behind" { acts broken; }
