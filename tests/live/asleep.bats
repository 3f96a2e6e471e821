#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Looks that keep what was read of sleeping processes tell the same as looks that read everything: see asleep.c.
load live

setup()
{
        export XDG_CONFIG_HOME=/dev/no-config
        grep -qv '^0 0 0' /proc/self/schedstat 2>/dev/null || skip "this kernel does not count who runs (CONFIG_SCHED_INFO)"
}

teardown()
{
        rm -rf /dev/asleep /dev/shm/* /dev/mqueue/*
        ipcrm --all
}

step()
{
        local status=0
        "$(dirname "$MAKER")/asleep" "$1" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" 3>&- || status=$?
        [ $status != 77 ] || skip "$(cat "$BATS_TEST_TMPDIR/out")"
        [ $status = 0 ] || { cut -c-4000 "$BATS_TEST_TMPDIR/err"; return 1; }
}

# --- what sleepers do themselves ------------------------------------------------

@test "asleep: nothing happens" { step nothing; }
@test "asleep: all is forgotten" { step forget; }
@test "asleep: one of them opens something, and closes it" { step open-and-close; }
@test "asleep: one of them maps something; a file becomes an object with the second one" { step map-and-unmap; }
@test "asleep: a thread opens something, and a new thread does" { step threads; }

# --- what others do to what they have -------------------------------------------

@test "asleep: names in /dev/shm go and change" { step names-in-shm; }
@test "asleep: names of queues, FIFOs and sockets go and change" { step names-of-others; }
@test "asleep: directories that have not changed for long, and change" { step listings; }
@test "asleep: memory of a descriptor grows by another holder" { step memory-grows; }
@test "asleep: eventfds are written by others, also by such as have them no more" { step counts; }
@test "asleep: eventfds are written by those to whom a message brings them" { step counts-by-message; }
@test "asleep: eventfds are written by the kernel, which is told within eight looks" { step counts-by-kernel; }
@test "asleep: signalfds get another mask by others" { step masks; }
@test "asleep: a signalfd gets another mask by one that has it no more" { step masks-of-others; }
@test "asleep: the other end of pipes and sockets is closed" { step ends; }
@test "asleep: what an epoll watches is closed by its last holder; others add to it" { step targets; }
@test "asleep: a process ends that one has a descriptor of" { step processes-by-descriptor; }
@test "asleep: locks of open files that several have, and one that waits" { step flocks; }
@test "asleep: locks of processes" { step posix-locks; }
@test "asleep: messages come and go" { step messages; }
@test "asleep: segments, sets and queues are attached and removed" { step segments; }

# --- processes begin and end ----------------------------------------------------

@test "asleep: parents end" { step parent-ends; }
@test "asleep: another process gets the pid" { step same-pid; }
@test "asleep: execve, by the leader and with threads" { step another-program; }
@test "asleep: the leader ends, a thread lives on" { step leader-ends; }
@test "asleep: two processes share a table of descriptors" { step shared-tables; }
@test "asleep: two processes share a table of descriptors, and the child has the lower pid" { step shared-tables-lower; }
@test "asleep: a parent in vfork" { step vforked; }
@test "asleep: many threads" { step many-threads; }
@test "asleep: descriptors for a part of what is asked again" { step few-descriptors; }
@test "asleep: hardly any descriptors at all" { step fewest-descriptors; }
@test "asleep: other questions in between" { step other-questions; }
@test "asleep: hundreds, a third of which does something each time" { step churn; }
