#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# System V shared memory: every field against what shmctl(2) tells.
load live

setup() { live_setup; }
teardown() { live_teardown; }

@test "shm: every field of a segment with a key, another owner and two attaches" {
        mk shm key=0x5eed size=8192 mode=0660 attach=2 touch=5000 uid="$U" gid="$G"
        mk stat what=shm id="${A[id]}"
        listed shm ".id == ${A[id]}"
        expect <<END
.kind == "shm"
.ref == "shm:${A[id]}"
.key == "0x00005eed"
.size_bytes == 8192
.mode == "0660"
.owner.uid == $U
.group.gid == $G
.creator.uid == ${A[cuid]}
.creator_group.gid == ${A[cgid]}
.attached == 2
.creator_pid == $MAKER_PID
.creator_life == "alive"
.last_pid == ${A[lpid]}
.last_life == "alive"
(.attached_at | seconds) == ${A[atime]}
.detached_at == null
(.changed_at | seconds) == ${A[ctime]}
.age_seconds >= 0 and .age_seconds < 60
.resident_bytes == 8192
.swapped_bytes == 0
.state == []
.namespace.type == "ipc"
.namespace.inode == $(stat -L -c %i /proc/self/ns/ipc)
ways("map") | length == 1
holder("map"; $MAKER_PID)[0].maps == 2
holder("map"; $MAKER_PID)[0].access == "rw"
holder("map"; $MAKER_PID)[0].comm == "maker"
holder("creator"; $MAKER_PID) | length == 1
has("orphan") | not
END
}

@test "shm: a private segment that nobody ever attached" {
        mk shm size=1 mode=0
        listed shm ".id == ${A[id]}"
        expect <<END
.key == null
.size_bytes == 1
.mode == "0000"
.attached == 0
.attached_at == null
.detached_at == null
.last_pid == 0
.last_life == "none"
.resident_bytes == 0
ways("map") == []
END
}

@test "shm: an empty list is a document too" {
        json list shm
        expect_all <<END
.objects == []
.gaps == []
.ipcview.complete
END
        view list shm
        status_is 0
}

@test "shm: detached again" {
        mk shm attach=1
        id=${A[id]}
        mk shmdt id="$id"
        mk stat what=shm id="$id"
        listed shm ".id == $id"
        expect <<END
.attached == 0
(.detached_at | seconds) == ${A[dtime]}
.detached_at != null
END
}

@test "shm: keys 0xffffffff, 0x80000000, 0x7fffffff and 1 are shown and accepted" {
        for key in 0xffffffff 0x80000000 0x7fffffff 0x00000001; do
                mk shm key=$key
                listed shm ".id == ${A[id]}"
                expect <<<".key == \"$key\""
                one true show "shm:$key"
                expect <<<".id == ${A[id]}"
        done
        one true show shm:key=1
        expect <<<'.key == "0x00000001"'
}

@test "shm: key 0 is no address" {
        mk shm
        view show shm:0x0
        status_is 2
}

@test "shm: a segment of more than 4 GiB" {
        mk shm size=5368709121 noreserve=1
        listed shm ".id == ${A[id]}"
        expect <<<".size_bytes == 5368709121"
        view list shm
        status_is 0
}

@test "shm: ids 0 and 2147483647" {
        mk nextid what=shm id=2147483647
        mk shm size=11
        [ "${A[id]}" = 2147483647 ]
        # The first segment of this namespace, or the id asked for: the slot must match either way.
        mk_try nextid what=shm id=0
        mk shm size=12
        low=${A[id]}
        listed shm ".id == 2147483647"
        expect <<<".size_bytes == 11"
        listed shm ".id == $low"
        expect <<<".size_bytes == 12"
        for ref in shm:4294967296 shm:2147483648 shm:-1 shm:1x shm:; do
                view show $ref
                [ "$STATUS" = 2 ] || { echo $ref; show_output; false; }
        done
}

@test "shm: id 0 is an id like any other" {
        unshare --ipc bash -c '
                source "$0/live.bash"
                BATS_TEST_TMPDIR='"'$BATS_TEST_TMPDIR'"' OUT=$BATS_TEST_TMPDIR/out ERR=$BATS_TEST_TMPDIR/err
                set -e
                maker_start
                mk shm key=7
                [ "${A[id]}" = 0 ]
                one true show shm:0
                expect <<<".id == 0 and .ref == \"shm:0\" and .key == \"0x00000007\""
                maker_stop' "$LIVE_DIR"
}

@test "shm: removed while attached is dest, its key is gone, its id stays" {
        mk shm key=0xdead attach=1 rmid=1
        listed shm ".id == ${A[id]}"
        expect <<END
has("dest")
.key == null
.attached == 1
holder("map"; $MAKER_PID) | length == 1
has("orphan") | not
END
        view show shm:0xdead
        status_is 3
}

@test "shm: locked in memory" {
        mk shm lock=1
        listed shm ".id == ${A[id]}"
        expect <<<'.state == ["locked"]'
}

@test "shm: attaches count mappings, holders count processes" {
        mk shm size=12288 attach=1 split=1
        id=${A[id]}
        mk child comm=second
        child=${A[child]} pid=${A[pid]}
        mk "@$child" shmat id="$id" readonly=1
        mk stat what=shm id="$id"
        [ "${A[nattch]}" = 4 ]
        listed shm ".id == $id"
        expect <<END
.attached == 4
ways("map") | map(.pid) | sort == ([$MAKER_PID, $pid] | sort)
holder("map"; $MAKER_PID)[0].maps == 3
holder("map"; $pid)[0].maps == 1
holder("map"; $pid)[0].access == "r"
holder("map"; $pid)[0].comm == "second"
.last_pid == $pid
.creator_pid == $MAKER_PID
END
}

@test "shm: the creator is dead: orphan when nobody is attached" {
        mk child
        child=${A[child]} pid=${A[pid]}
        mk "@$child" shm key=0xabc
        id=${A[id]}
        listed shm ".id == $id"
        expect <<<'.creator_life == "alive" and (has("orphan") | not)'
        end_child "$child"
        listed shm ".id == $id"
        expect <<END
.creator_pid == $pid
.creator_life == "dead"
ways("creator") == []
has("orphan")
END
        mk shmat id="$id"
        listed shm ".id == $id"
        expect <<<'.creator_life == "dead" and (has("orphan") | not)'
}

@test "shm: the creator's pid is another process now" {
        [ -w /proc/sys/kernel/ns_last_pid ] || skip "pids cannot be chosen here"
        mk child
        child=${A[child]} pid=${A[pid]}
        mk "@$child" shm key=0xabd
        id=${A[id]}
        end_child "$child"
        sleep 3                 # System V moments are whole seconds
        mk child pid="$pid" comm=impostor
        listed shm ".id == $id"
        expect <<END
.creator_pid == $pid
.creator_life == "reused"
ways("creator") == []
all(.holders[]; .comm != "impostor")
END
}

@test "shm: a creator of another pid namespace has no pid here" {
        mk shm attach=1
        id=${A[id]}
        within unshare --pid --fork --mount-proc -- one ".id == $id" list shm
        expect <<END
.creator_pid == 0
.creator_life == "none"
.attached == 1
has("orphan") | not
END
}

@test "shm: owners that no passwd knows, and those that it does" {
        mapped 2000000001 || skip "this user namespace lacks such ids"
        mk shm uid=$NOBODY gid=0
        listed shm ".id == ${A[id]}"
        expect <<<".owner == {uid: $NOBODY, name: \"$(id -nu $NOBODY)\"} and .group.gid == 0"
        mk shm uid=2000000000 gid=2000000001
        listed shm ".id == ${A[id]}"
        expect <<<".owner == {uid: 2000000000, name: null} and .group == {gid: 2000000001, name: null}"
}

@test "shm: made by another user" {
        can_be_nobody || skip "there is no second user in this user namespace"
        mk shm mode=0 as=$NOBODY
        listed shm ".id == ${A[id]}"
        expect <<<".creator.uid == $NOBODY and .owner.uid == $NOBODY and .mode == \"0000\""
}
