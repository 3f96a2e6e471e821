#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# System V message queues.
load live

setup() { live_setup; }
teardown() { live_teardown; }

@test "msg: every field of a queue with messages" {
        mk msg key=0x3153 mode=0622 send=3 bytes=100 type=5 qbytes=4000 uid="$U" gid="$G"
        id=${A[id]}
        mk child
        child=${A[child]} pid=${A[pid]}
        mk "@$child" msgrcv id="$id"
        mk stat what=msg id="$id"
        listed msg ".id == $id"
        expect <<END
.kind == "msg"
.ref == "msg:$id"
.key == "0x00003153"
.mode == "0622"
.owner.uid == $U
.group.gid == $G
.creator.uid == ${A[cuid]}
.creator_group.gid == ${A[cgid]}
.queued_messages == 2
.queued_bytes == 200
.max_bytes == 4000
.last_send_pid == $MAKER_PID
.last_send_life == "alive"
.last_receive_pid == $pid
.last_receive_life == "alive"
(.sent_at | seconds) == ${A[stime]}
(.received_at | seconds) == ${A[rtime]}
.received_at != null
(.changed_at | seconds) == ${A[ctime]}
.state == []
.namespace.inode == $(stat -L -c %i /proc/self/ns/ipc)
END
        end_child "$child"
        listed msg ".id == $id"
        expect <<<".last_receive_pid == $pid and .last_receive_life == \"dead\" and .last_send_life == \"alive\""
}

@test "msg: an empty queue" {
        mk msg
        listed msg ".id == ${A[id]}"
        expect <<END
.key == null
.queued_messages == 0
.queued_bytes == 0
.max_bytes == ${A[qbytes]}
.sent_at == null
.received_at == null
.last_send_pid == 0
.last_send_life == "none"
.state == []
END
}

@test "msg: zero-length messages fill a queue by their number" {
        mk msg qbytes=3 send=3 bytes=0
        id=${A[id]}
        never mk_try msgsnd id="$id" bytes=0
        [[ $ANSWER == *EAGAIN* ]]
        listed msg ".id == $id"
        expect <<<'.queued_messages == 3 and .queued_bytes == 0 and .max_bytes == 3 and has("full")'
}

@test "msg: full by bytes, and nearly so" {
        mk msg qbytes=64 send=4 bytes=16
        listed msg ".id == ${A[id]}"
        expect <<<'.queued_bytes == 64 and .max_bytes == 64 and has("full")'
        mk msg qbytes=65 send=2 bytes=16
        listed msg ".id == ${A[id]}"
        expect <<<'.queued_bytes == 32 and (has("full") | not)'
}

@test "msg: a queue with a blocked sender and one with a blocked receiver" {
        mk msg qbytes=8 send=1 bytes=8
        full=${A[id]}
        mk msg
        empty=${A[id]}
        mk msgwait id="$full" op=send
        mk msgwait id="$empty" op=receive
        listed msg ".id == $full"
        expect <<<'.queued_messages == 1 and has("full")'
        listed msg ".id == $empty"
        expect <<<'.queued_messages == 0 and (has("full") | not)'
}

@test "msg: msg_qbytes of a queue that one may not read" {
        can_be_nobody || skip "there is no second user in this user namespace"
        mk msg mode=0 qbytes=1234
        as_nobody one ".id == ${A[id]}" list msg
        expect <<<'.max_bytes == 1234 and .mode == "0000"'
}

@test "msg: id 2147483647 and keys with the sign bit" {
        mk nextid what=msg id=2147483647
        mk msg key=0x80000001
        [ "${A[id]}" = 2147483647 ]
        one true show msg:0x80000001
        expect <<<'.id == 2147483647 and .key == "0x80000001"'
}
