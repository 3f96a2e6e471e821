#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# System V semaphore sets.
load live

setup() { live_setup; }
teardown() { live_teardown; }

@test "sem: every field of a set, and each semaphore" {
        mk sem key=0x5e3 nsems=3 mode=0640 values=7,0,32767 uid="$U" gid="$G"
        mk stat what=sem id="${A[id]}"
        listed sem ".id == ${A[id]}"
        expect <<END
.kind == "sem"
.ref == "sem:${A[id]}"
.key == "0x000005e3"
.mode == "0640"
.owner.uid == $U
.group.gid == $G
.creator.uid == ${A[cuid]}
.creator_group.gid == ${A[cgid]}
.semaphore_count == 3
.operated_at == null
(.changed_at | seconds) == ${A[ctime]}
.waiting == 0
.semaphores | map(.number) == [0, 1, 2]
.semaphores | map(.value) == [${A[values]}]
.semaphores | map(.waiting_increase) == [0, 0, 0]
.semaphores | map(.waiting_zero) == [0, 0, 0]
.semaphores | map(.last_pid) == [${A[pids]}]
.state == []
.namespace.inode == $(stat -L -c %i /proc/self/ns/ipc)
END
}

@test "sem: who waits for more and who waits for zero" {
        mk sem nsems=3 values=1,1,1
        id=${A[id]}
        mk semwait id="$id" num=0 op=-2
        mk semwait id="$id" num=0 op=-3
        mk semwait id="$id" num=2 op=0
        mk stat what=sem id="$id"
        [ "${A[ncnt]}/${A[zcnt]}" = 2,0,0/0,0,1 ]
        listed sem ".id == $id"
        expect <<END
.semaphores | map(.waiting_increase) == [2, 0, 0]
.semaphores | map(.waiting_zero) == [0, 0, 1]
.waiting == 3
has("waiters")
END
}

@test "sem: an operation on several counts on the first that blocks" {
        mk sem nsems=2 values=5,0
        id=${A[id]}
        mk child
        mk "@${A[child]}" semop id="$id" ops=0:-1,1:-1 block=1
        listed sem ".id == $id"
        expect <<END
.semaphores | map(.value) == [5, 0]
.semaphores | map(.waiting_increase) == [0, 1]
.waiting == 1
END
}

@test "sem: the last operation and its process" {
        mk sem nsems=2 values=4,4
        id=${A[id]}
        mk child
        child=${A[child]} pid=${A[pid]}
        mk "@$child" semop id="$id" ops=1:-1
        mk stat what=sem id="$id"
        listed sem ".id == $id"
        expect <<END
(.operated_at | seconds) == ${A[otime]}
.operated_at != null
.semaphores | map(.value) == [4, 3]
.semaphores | map(.last_pid) == [$MAKER_PID, $pid]
END
}

@test "sem: a set of 1,000" {
        mk sem nsems=1000 values=1,2,3
        listed sem ".id == ${A[id]}"
        expect <<END
.semaphore_count == 1000
.semaphores | length == 1000
.semaphores[2].value == 3
.semaphores[999] | .number == 999 and .value == 0
END
}

@test "sem: one's own set of mode 0000 is listed whole for root" {
        mk sem mode=0 nsems=1 values=9
        listed sem ".id == ${A[id]}"
        expect <<<'.mode == "0000" and .semaphores[0].value == 9'
}

@test "sem: keys with the sign bit, and ids near the end" {
        mk nextid what=sem id=2147483647
        mk sem key=0xfffffffe
        [ "${A[id]}" = 2147483647 ]
        listed sem ".id == 2147483647"
        expect <<<'.key == "0xfffffffe" and .ref == "sem:2147483647"'
        one true show sem:0xfffffffe
        expect <<<'.id == 2147483647'
}

@test "sem: list of the kind only holds its kind" {
        mk sem
        mk shm
        mk msg
        json list sem
        expect_all <<<'.objects | map(.kind) == ["sem"]'
        json list sem msg
        expect_all <<<'.objects | map(.kind) | sort == ["msg", "sem"]'
}
