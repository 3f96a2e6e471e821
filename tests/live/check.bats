#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# check: each finding is made true, is seen, and is gone with its cause.
load live

HIDDEN=()       # places that something was mounted upon

setup() { live_setup; }

teardown()
{
        local place
        for place in "${HIDDEN[@]}"; do
                umount -n "$place"
        done
        live_teardown
}

# found RULE JQ: exactly one finding of the rule, of which the condition holds; in OBJECT.
found()
{
        view check --json --only "$1"
        status_is 0
        # shellcheck disable=SC2034 # expect uses it
        OBJECT=$(jq "[.findings[] | select(${2:-true})] | if length == 1 then .[0] else error(\"\(length) findings\") end" "$OUT") ||
                { show_output; return 1; }
}

# gone RULE [JQ]: no such finding.
gone()
{
        view check --json --only "$1"
        status_is 0
        jq -e "[.findings[] | select(${2:-true})] == []" "$OUT" >/dev/null || { show_output; return 1; }
}

# The sandbox has no /tmp of its own: what others left there is theirs.
@test "check: nothing is wrong" {
        view check --ignore socket-stale
        status_is 0
        [ "$(cat "$OUT")" = "no findings" ]
        view check --ignore socket-stale --fail-on notice
        status_is 0
}

@test "check: shm-orphan" {
        mk child
        child=${A[child]}
        mk "@$child" shm key=0x5eed size=8192 attach=1 touch=1
        id=${A[id]}
        gone shm-orphan
        # Ended by a signal, it leaves its segment behind.
        end_child "$child"
        found shm-orphan ".ref == \"shm:$id\""
        expect <<'END'
.severity == "notice" and .inferred and .bytes == 4096 and .remedy == "ipcview rm \(.ref)"
.evidence | contains("(dead)")
END
        view check --fail-on notice
        status_is 10
        grep -qx "shm-orphan shm:$id: .*" "$OUT"
        mk remove what=shm id="$id"
        gone shm-orphan
}

@test "check: pshm-orphan, psem-orphan, mq-orphan, queue-unread" {
        mk pshm name=/lost size=4096 map=none
        mk psem name=/lock value=0 close=1
        mk mq name=/lost maxmsg=3 msgsize=8
        found pshm-orphan '.ref == "pshm:/lost" and .severity == "notice"'
        found psem-orphan '.ref == "psem:/lock" and (.evidence | startswith("its value is 0,"))'
        found mq-orphan '.ref == "mq:/lost"'
        mk mqsend name=/lost n=2 bytes=4
        gone mq-orphan
        found queue-unread '.ref == "mq:/lost" and .bytes == 8 and (.evidence | startswith("2 messages"))'
        mk pshm open=1 name=/lost access=r keepfd=1 map=none
        gone pshm-orphan
        mk unlink what=pshm name=/lost
        mk unlink what=psem name=/lock
        mk unlink what=mq name=/lost
        gone pshm-orphan
        gone psem-orphan
        gone queue-unread
}

@test "check: nameless-memory" {
        "${PYTHON:-python3}" -c 'import os, time; os.posix_fallocate(os.memfd_create("big"), 0, 64 << 20); time.sleep(600)' 3>&- &
        job=$!
        wait_until found nameless-memory ".pid == $job and .bytes >= 67108864"
        kill "$job"
        wait "$job" || true
        gone nameless-memory
}

@test "check: in-flight" {
        mk sockpair type=stream
        a=${A[fd]} b=${A[fd2]}
        mk memfd name=flying size=4096
        mk send fd="$a" bytes=1 pass="${A[fd]}"
        found in-flight '.evidence | startswith("1 descriptor was sent")'
        mk close fd="$a"
        mk close fd="$b"
        gone in-flight
}

@test "check: sem-dead-operator" {
        mk sem nsems=2 values=1,0
        id=${A[id]}
        mk child
        child=${A[child]}
        mk "@$child" semop id="$id" ops=0:-1
        gone sem-dead-operator
        end_child "$child"
        mk semwait id="$id" num=0 op=-1
        found sem-dead-operator ".ref == \"sem:$id\" and .severity == \"notice\""
        expect <<<'.evidence | startswith("semaphore 0 has the value 0, 1 thread waits for it, and pid ")'
        mk semop id="$id" ops=0:1
        gone sem-dead-operator
        mk remove what=sem id="$id"
}

@test "check: queue-full, of both sorts" {
        mk msg qbytes=10
        id=${A[id]}
        mk msgsnd id="$id" n=1 bytes=8
        mk msgwait id="$id" op=send bytes=8
        mk mq name=/full maxmsg=1 msgsize=8 send=1 bytes=4 access=rw keepfd=1
        mk mqwait name=/full op=send
        found queue-full ".ref == \"msg:$id\" and .severity == \"notice\" and (.evidence | contains(\"blocked in msgsnd\"))"
        found queue-full '.ref == "mq:/full" and (.evidence | contains("1 of 1 messages"))'
        # Ten seconds later it is no passing trouble any more.
        sleep 11
        found queue-full ".ref == \"msg:$id\" and .severity == \"warning\""
        view check --fail-on warning
        status_is 10
        mk msgrcv id="$id"
        mk mqreceive name=/full
        gone queue-full
        mk remove what=msg id="$id"
        mk unlink what=mq name=/full
}

@test "check: writer-stuck: not who waits to read" {
        mk blocked call=write
        pid=${A[pid]} inode=${A[near]}
        mk blocked call=read
        reader=${A[pid]}
        gone writer-stuck
        sleep 11
        found writer-stuck ".ref == \"pipe:$inode\" and .pid == $pid and .severity == \"warning\""
        expect <<<'.evidence | contains("is blocked in write for 1")'
        kill "$pid" "$reader"
        wait_until gone writer-stuck
}

# ring: two children, each of which reads a pipe that only the other one can write.
ring()
{
        mk pipe inherit=1
        P=${A[inode]} pr=${A[r]} pw=${A[w]}
        mk pipe inherit=1
        Q=${A[inode]} qr=${A[r]} qw=${A[w]}
        mk child comm=left
        LEFT=${A[child]} LEFT_PID=${A[pid]}
        mk child comm=right
        RIGHT=${A[child]} RIGHT_PID=${A[pid]}
        for fd in "$pr" "$pw" "$qr" "$qw"; do
                mk close fd="$fd"
        done
        mk "@$LEFT" close fd="$pw"
        mk "@$LEFT" close fd="$qr"
        mk "@$RIGHT" close fd="$pr"
        mk "@$RIGHT" close fd="$qw"
        mk "@$LEFT" get fd="$pr" block=1
}

@test "check: wait-cycle of pipes" {
        ring
        gone wait-cycle
        mk "@$RIGHT" get fd="$qr" block=1
        # Who has just run is no deadlock: one that serves may look like that for a moment.
        gone wait-cycle
        sleep 6
        found wait-cycle "(.cycle | map(.pid) | sort) == [$LEFT_PID, $RIGHT_PID]"
        expect <<END
.severity == "warning" and .inferred
.evidence | contains("processes outside this pid namespace are not seen")
[.cycle[].ref] | sort == (["pipe:$P", "pipe:$Q"] | sort)
END
        view check --fail-on warning "pipe:$Q"
        status_is 10
        end_child "$RIGHT"
        gone wait-cycle
}

@test "check: wait-cycle of a lock and a pipe" {
        file=$BATS_TEST_TMPDIR/locked
        mk open path="$file" access=rw size=1 inherit=1
        lock=${A[fd]}
        mk pipe inherit=1
        r=${A[r]} w=${A[w]}
        mk child comm=owner
        owner=${A[child]} owner_pid=${A[pid]}
        mk child comm=other
        other=${A[child]} other_pid=${A[pid]}
        for fd in "$lock" "$r" "$w"; do
                mk close fd="$fd"
        done
        mk "@$owner" close fd="$w"
        mk "@$other" close fd="$r"
        mk "@$owner" lock fd="$lock" lock=w
        mk "@$other" lock fd="$lock" lock=w block=1
        sleep 6
        gone wait-cycle
        mk "@$owner" get fd="$r" block=1
        sleep 6
        found wait-cycle "(.cycle | map([.pid, .operation]) | sort) == ([[$owner_pid, \"read\"], [$other_pid, \"fcntl\"]] | sort)"
        end_child "$owner"
        gone wait-cycle
}

@test "check: backlog-full" {
        mk sock type=stream path="$BATS_TEST_TMPDIR/s" listen=1
        for _ in 1 2; do
                mk connect type=stream path="$BATS_TEST_TMPDIR/s"
        done
        listener=$BATS_TEST_TMPDIR/s
        found backlog-full ".ref == \"unix:$listener\" and .severity == \"warning\""
        expect <<<".evidence | startswith(\"2 connections wait to be accepted, and more may not (the backlog is 1)\")"
}

@test "check: socket-stale, socket-lost" {
        mk sock type=stream path="$BATS_TEST_TMPDIR/s" listen=1
        fd=${A[fd]}
        gone socket-stale ".ref == \"unix:$BATS_TEST_TMPDIR/s\""
        gone socket-lost
        mv "$BATS_TEST_TMPDIR/s" "$BATS_TEST_TMPDIR/t"
        found socket-lost '.severity == "warning" and (.evidence | startswith("there is no file at "))'
        mv "$BATS_TEST_TMPDIR/t" "$BATS_TEST_TMPDIR/s"
        gone socket-lost
        mk close fd="$fd"
        # Where stale ones are looked for.
        "${PYTHON:-python3}" -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "/tmp/stale-$BATS_TEST_NUMBER-$$"
        found socket-stale ".ref == \"unix:/tmp/stale-$BATS_TEST_NUMBER-$$\" and .severity == \"notice\" and .remedy == \"rm -- /tmp/stale-$BATS_TEST_NUMBER-$$\""
        rm "/tmp/stale-$BATS_TEST_NUMBER-$$"
        gone socket-stale ".ref == \"unix:/tmp/stale-$BATS_TEST_NUMBER-$$\""
}

@test "check: world-writable, owner-unknown, key-failed, key-shared" {
        mk shm key=0x77 size=1 mode=0666
        id=${A[id]}
        found world-writable ".ref == \"shm:$id\" and .severity == \"warning\""
        # Its remedy is what it says: a command that works.
        remedy=$(jq -r .remedy <<<"$OBJECT")
        [[ $remedy == "ipcview "* ]]
        # shellcheck disable=SC2086 # words
        view ${remedy#ipcview }
        status_is 0
        gone world-writable
        mk remove what=shm id="$id"
        gone world-writable
        mk sem key=0xffffffff nsems=1
        found key-failed ".ref == \"sem:${A[id]}\""
        mk remove what=sem id="${A[id]}"
        gone key-failed
        [ "$U" != 0 ] || return 0
        mk shm key=0x77 size=1 uid="$U"
        shm=${A[id]}
        found owner-unknown ".ref == \"shm:$shm\" and (.evidence | contains(\"user $U\"))"
        gone key-shared
        mk msg key=0x77
        msg=${A[id]}
        found key-shared ".ref == \"msg:$msg\" and (.evidence | contains(\"shm:$shm to $U\"))"
        mk remove what=shm id="$shm"
        gone key-shared
        gone owner-unknown
        mk remove what=msg id="$msg"
}

@test "check: limit-near, limit-hit" {
        before=$(cat /proc/sys/kernel/shmmni)
        echo 10 >/proc/sys/kernel/shmmni
        for ((i = 0; i < 9; i++)); do
                mk shm size=1
                last=${A[id]}
        done
        found limit-near '.limit == "shmmni" and .severity == "warning"'
        gone limit-hit '.limit == "shmmni"'
        mk shm size=1
        id=${A[id]}
        never mk_try shm size=1
        found limit-hit '.limit == "shmmni" and .severity == "critical"'
        expect <<<'.evidence | contains("10 of 10 (100%)")'
        mk remove what=shm id="$id"
        mk remove what=shm id="$last"
        gone limit-near '.limit == "shmmni"'
        echo "$before" >/proc/sys/kernel/shmmni
}

@test "check: notify-dead" {
        mk mq name=/well maxmsg=1 msgsize=8 access=r keepfd=1 notify=signal
        mk mq name=/told maxmsg=1 msgsize=8
        gone notify-dead
        # Whoever registers lets go of it at its end, unless its descriptors outlive it.
        mk mqtold name=/told
        found notify-dead ".ref == \"mq:/told\" and .severity == \"notice\" and .inferred"
        expect <<<".evidence | startswith(\"pid ${A[pid]} is registered to be told\")"
        # It stands there, and nobody else can.
        never mk_try mqtold name=/told
        [[ $ANSWER == *EBUSY* ]]
        mk mqsend name=/told n=1 bytes=1
        gone notify-dead
        mk unlink what=mq name=/told
        mk unlink what=mq name=/well
}

# From now on only /run/systemd tells what logind is to do, and nothing of it is the machine's.
hide_logind()
{
        local place
        for place in /etc/systemd /usr/local/lib/systemd /usr/lib/systemd /run; do
                [ -d "$place" ] || continue
                mount -n -t tmpfs ipcview-hidden "$place"
                HIDDEN+=("$place")
        done
        mkdir /run/systemd
}

logind_says()
{
        printf '[Login]\n%s\n' "$1" >/run/systemd/logind.conf
}

# The control group that /proc tells of a process; no other one is made for it.
seem_in()
{
        printf '0::%s\n' "$2" >"$BATS_TEST_TMPDIR/cgroup-$1"
        mount -n --bind "$BATS_TEST_TMPDIR/cgroup-$1" "/proc/$1/cgroup"         # goes when the process does
}

@test "check: remove-ipc" {
        [ "$U" != 0 ] || skip "there are no ordinary users in this user namespace"
        hide_logind
        logind_says RemoveIPC=yes
        mk child comm=service uid="$U" gid="$G"
        service=${A[child]} service_pid=${A[pid]}
        mk "@$service" pshm name=/served size=4096 keepfd=1
        # Nobody would remove it, and it is no service that has it.
        gone remove-ipc
        mk child comm=systemd-logind
        logind=${A[child]}
        gone remove-ipc
        seem_in "$service_pid" /system.slice/served.service
        found remove-ipc ".ref == \"pshm:/served\" and .pid == $service_pid and .severity == \"warning\""
        expect <<END
(has("inferred") | not) or .inferred == false
.remedy == "loginctl enable-linger $U"
.evidence | contains("service[$service_pid] of served.service uses it, and it belongs to $U")
.evidence | endswith("; RemoveIPC is set")
END
        view check --fail-on warning --only remove-ipc
        status_is 10
        # Where nothing is said the default is a guess; and what is said last counts.
        logind_says KillUserProcesses=no
        found remove-ipc '.severity == "notice" and .inferred and (.evidence | contains("RemoveIPC is not set"))'
        logind_says $'RemoveIPC=yes\nRemoveIPC=no'
        gone remove-ipc
        logind_says RemoveIPC=yes
        found remove-ipc 'true'
        end_child "$logind"
        gone remove-ipc
        mk unlink what=pshm name=/served
        end_child "$service"
}

@test "check: what an ordinary user can't see is said, not judged" {
        mk pshm name=/lost size=4096 map=none
        as_nobody view check
        status_is 0
        never grep -q pshm-orphan "$OUT"
        grep -q 'rules could not be applied to everything: .*pshm-orphan' "$ERR"
        mk unlink what=pshm name=/lost
}
