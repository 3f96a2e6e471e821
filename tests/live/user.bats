#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What an ordinary user sees: as much as root where the kernel allows, and
# where not, that something is missing.
load live

setup()
{
        live_setup
        can_be_nobody || skip "there is no second user in this user namespace"
}
teardown() { live_teardown; }

@test "user: one's own objects of mode 0000 are there" {
        mk shm mode=0 as=$NOBODY
        shm=${A[id]}
        mk sem mode=0 nsems=2 as=$NOBODY
        sem=${A[id]}
        mk msg mode=0 as=$NOBODY
        msg=${A[id]}
        mk mq name=/mine as=$NOBODY mode=0
        mk pshm name=/mine as=$NOBODY mode=0 size=777
        as_nobody json list shm sem msg mq pshm
        expect_all <<END
.objects | map(select(.kind == "shm") | [.id, .mode, .owner.uid]) == [[$shm, "0000", $NOBODY]]
.objects | map(select(.kind == "sem") | [.id, .mode, .semaphore_count]) == [[$sem, "0000", 2]]
.objects | map(select(.kind == "msg") | [.id, .mode, .queued_messages]) == [[$msg, "0000", 0]]
.objects | map(select(.kind == "mq") | [.ref, .mode, .max_messages]) == [["mq:/mine", "0000", null]]
.objects | map(select(.kind == "pshm") | [.ref, .mode, .size_bytes]) == [["pshm:/mine", "0000", 777]]
.ipcview.uid == $NOBODY
END
}

@test "user: other people's objects are there, what may not be read is null and a gap" {
        mk shm mode=0600 key=0x11 size=4097
        mk sem mode=0600 key=0x12 nsems=2 values=3,4
        mk msg mode=0600 key=0x13 send=1 bytes=9
        mk mq name=/theirs mode=0600 send=1 bytes=3
        mk pshm name=/theirs mode=0600 size=5
        mk psem name=/theirs mode=0600 value=5 close=1
        as_nobody json list
        expect_all <<END
.objects | map(select(.kind == "shm") | [.key, .size_bytes]) == [["0x00000011", 4097]]
.objects | map(select(.kind == "sem") | [.key, .semaphore_count]) == [["0x00000012", 2]]
.objects | map(select(.kind == "msg") | [.key, .queued_messages, .queued_bytes]) == [["0x00000013", 1, 9]]
.objects | map(select(.kind == "mq") | [.ref, .mode, .max_messages, .max_message_bytes]) == [["mq:/theirs", "0600", null, null]]
.objects | map(select(.kind == "pshm") | [.ref, .size_bytes]) == [["pshm:/theirs", 5]]
.objects | map(select(.kind == "psem") | [.ref, .value]) == [["psem:/theirs", null]]
.ipcview.complete | not
any(.gaps[]; .kind == "mq" and .error != null and .times >= 1)
END
        as_nobody one true show sem:0x12
        expect <<<'.semaphore_count == 2 and .semaphores == null'
        expect_all <<<'any(.gaps[]; .kind == "sem")'
}

@test "user: a readable set tells its semaphores" {
        mk sem mode=0604 key=0x22 nsems=2 values=3,4
        as_nobody one true show sem:0x22
        expect <<<'.semaphores | map(.value) == [3, 4]'
}

@test "user: readable queues and memory are whole" {
        mk mq name=/public mode=0644 send=2 bytes=3 maxmsg=7
        mk pshm name=/public mode=0644
        as_nobody one '.name == "/public"' list mq
        expect <<<'.max_messages == 7 and .queued_messages == 2 and .queued_bytes == 6'
        as_nobody one '.name == "/public"' list pshm
        expect <<<'.size_bytes == 4096'
}

@test "user: holders of others are a gap, not an empty list that looks true" {
        mk pshm name=/held mode=0644 keepfd=1
        as_nobody one '.name == "/held"' list pshm
        expect <<<'has("orphan") | not'
        expect_all <<<'(.ipcview.complete | not) and (.gaps | length) > 0 and all(.gaps[]; .errno > 0 or .reason != null)'
}

@test "user: a segment that strangers are attached to is no orphan" {
        mk child
        child=${A[child]}
        mk "@$child" shm mode=0600
        id=${A[id]}
        mk shmat id="$id"
        end_child "$child"
        as_nobody one ".id == $id" list shm
        expect <<<'.attached == 1 and .creator_life == "dead" and (has("orphan") | not)'
}

@test "user: one's own processes are seen as holders" {
        mk child uid=$NOBODY comm=mine
        child=${A[child]} pid=${A[pid]}
        mk "@$child" pshm name=/own keepfd=1
        inode=${A[inode]}
        as_nobody one ".inode == $inode" list pshm
        expect <<<".holders | map([.pid, .way, .comm]) == [[$pid, \"fd\", \"mine\"]]"
}

@test "user: a shorter view is said on stderr in one line, and is exit 0" {
        mk mq name=/closed mode=0600
        as_nobody view list
        status_is 0
        [ "$(wc -l <"$ERR")" = 1 ]
        as_nobody view list -q
        status_is 0
        [ ! -s "$ERR" ]
}

@test "user: files in a directory of somebody else do no harm" {
        mk file path=closed type=directory mode=0700
        mk file path=closed/in bytes=3
        mk file path=link type=symlink target=/root/secret
        as_nobody json list
        expect_all <<<'.objects | map(select(.kind == "devshm") | .file_type) | sort == ["directory", "symlink"]'
}

@test "user: where /proc hides processes (hidepid) nothing is called dead or orphan for that" {
        mk shm key=0x77 size=4096 mode=0666 attach=1
        mk pshm name=/held size=4096 mode=0666 map=rw
        mount -t proc -o hidepid=2 proc /proc
        within "${NOBODY_IS[@]}" -- json list
        umount /proc
        expect_all <<END
.ipcview.complete == false
.gaps | any(.where == "/proc" and .errno == 13)
.objects | map(select(.kind == "shm")) | map(.creator_life) == ["unknown"]
.objects | map(select(.kind == "pshm")) | map(.state) == [[]]
END
}
