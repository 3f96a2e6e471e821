#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Who has an object: processes that are hard to see, and some that look like holders.
load live

setup() { live_setup; }
teardown() { live_teardown; }

@test "holders: threads do not multiply rows" {
        mk mq name=/q
        mk child
        child=${A[child]} pid=${A[pid]}
        mk "@$child" threads n=8
        mk "@$child" pshm name=/t keepfd=1 map=rw
        inode=${A[inode]}
        mk "@$child" shm attach=1
        id=${A[id]}
        listed pshm ".inode == $inode"
        expect <<<".holders | map([.pid, .way]) | sort == [[$pid, \"fd\"], [$pid, \"map\"]]"
        listed shm ".id == $id"
        expect <<<"ways(\"map\") | map(.pid) == [$pid]"
}

@test "holders: a process whose leader has exited still holds" {
        mk child
        child=${A[child]} pid=${A[pid]}
        mk "@$child" pshm name=/l keepfd=1 map=rw
        inode=${A[inode]}
        mk "@$child" shm attach=1
        id=${A[id]}
        mk "@$child" leaderless
        mk "@$child" self
        wait_until grep -q '^State:.Z' "/proc/$pid/status"
        [ -z "$(ls "/proc/$pid/fd")" ]
        [ "$(ls "/proc/$pid/task" | wc -l)" = 2 ]
        listed pshm ".inode == $inode"
        expect <<<".holders | map([.pid, .way]) | sort == [[$pid, \"fd\"], [$pid, \"map\"]]"
        listed shm ".id == $id"
        expect <<<".attached == 1 and (ways(\"map\") | map(.pid) == [$pid])"
}

@test "holders: whether a descriptor is closed by execve is told where it was read, true or false" {
        mk pipe inherit=1
        inherited=${A[inode]}
        mk pipe
        inode=${A[inode]}
        mk sockpair
        socket=${A[inode]}
        mk pshm name=/mapped map=rw
        # For a whole machine it would cost too much: then it is absent, which is not false.
        json list
        expect_all <<END
[.objects[] | select(.inode == $inode or .inode == $inherited or .inode == $socket) | .holders[] | has("cloexec")] | unique == [false]
END
        one true show "pipe:$inherited"
        expect <<<'.holders | map(.cloexec) == [false, false]'
        view show "pipe:$inherited"
        never grep -q cx "$OUT"
        one true show "pipe:$inode"
        expect <<<'.holders | map(.cloexec) == [true, true]'
        view show "pipe:$inode"
        [ "$(grep -cE "^ +$MAKER_PID .* [rw],cx " "$OUT")" = 2 ]
        grep -q 'cx: closed by execve' "$OUT"
        one true show "unix:ino=$socket"
        expect <<<'.holders | map(.cloexec) == [true]'
        one true show pshm:/mapped
        expect <<<'.holders | map([.way, has("cloexec")]) == [["map", false]]'
        # Who asks by name is told for all.
        json list pipe --filter 'holders.cloexec == false'
        expect_all <<<"(.objects | map(.inode) | index($inherited) != null and index($inode) == null)"
        json list pipe --filter "holders.cloexec and inode == $inode"
        expect_all <<<'.objects | map(.holders | map(.cloexec)) == [[true, true]]'
        # Where fdinfo is read anyway it costs nothing.
        mk timer
        one "any(.holders[]; .pid == $MAKER_PID and .fd == ${A[fd]})" list timerfd
        expect <<<'.holders | map(.cloexec) == [true]'
}

@test "holders: of another user" {
        can_be_nobody || skip "there is no second user in this user namespace"
        mk pshm name=/u mode=0644 size=8192
        inode=${A[inode]}
        mk child uid=$NOBODY comm=other
        pid=${A[pid]}
        mk "@${A[child]}" pshm open=1 access=r keepfd=1 map=ro size=8192 name=/u
        listed pshm ".inode == $inode"
        expect <<<".holders | map([.pid, .way, .access, .comm]) | sort == [[$pid, \"fd\", \"r\", \"other\"], [$pid, \"map\", \"r\", \"other\"]]"
}

@test "holders: start_time tells a process from the next one of that pid" {
        [ -w /proc/sys/kernel/ns_last_pid ] || skip "pids cannot be chosen here"
        mk pshm name=/s
        inode=${A[inode]}
        mk child
        child=${A[child]} pid=${A[pid]}
        mk "@$child" pshm open=1 keepfd=1 name=/s
        listed pshm ".inode == $inode"
        first=$(jq -c '.holders[0] | [.pid, .start_time]' <<<"$OBJECT")
        end_child "$child"
        sleep 0.1
        mk child pid="$pid"
        mk "@${A[child]}" pshm open=1 keepfd=1 name=/s
        listed pshm ".inode == $inode"
        second=$(jq -c '.holders[0] | [.pid, .start_time]' <<<"$OBJECT")
        echo "$first $second"
        [ "$(jq '.[0]' <<<"$first")" = "$(jq '.[0]' <<<"$second")" ]
        [ "$first" != "$second" ]
        jq -e --argjson now "$(date +%s)" \
           '.[1] | sub("\\.[0-9]+Z$"; "Z") | fromdateiso8601 | . > $now - 60 and . <= $now + 2' <<<"$second"
}

@test "holders: a process that has left the namespace may still be attached" {
        mk shm key=0x1ef7
        id=${A[id]}
        mk child
        child=${A[child]} pid=${A[pid]}
        mk "@$child" shmat id="$id"
        mk "@$child" unshare what=ipc
        mk stat what=shm id="$id"
        [ "${A[nattch]}" = 1 ]
        listed shm ".id == $id"
        # The map line cannot tell which namespace the number belongs to: never a plain "yes".
        expect <<END
.attached == 1
all(holder("map"; $pid)[]; .inferred == true)
END
}

@test "holders: the same id and key in another IPC namespace is another segment" {
        mk shm key=0xface
        id=${A[id]}
        mk child
        child=${A[child]} pid=${A[pid]}
        mk "@$child" unshare what=ipc
        mk "@$child" nextid what=shm id="$id"
        mk "@$child" shm key=0xface attach=1
        [ "${A[id]}" = "$id" ]
        listed shm ".id == $id and .namespace.inode == $(stat -L -c %i /proc/self/ns/ipc)"
        expect <<END
.attached == 0
all(holder("map"; $pid)[]; .inferred == true)
END
}

@test "holders: a private mapping of the file is a mapping too" {
        mk pshm name=/private size=8192 map=rw private=1
        listed pshm ".inode == ${A[inode]}"
        expect <<<".linked and all(.holders[]; .pid == $MAKER_PID)"
}

@test "holders: none are looked for with --no-holders" {
        mk pshm name=/n keepfd=1
        json list pshm --no-holders
        expect_all <<<'.objects | length == 1 and (.[0].holders // [] | length) == 0'
}

@test "holders: the processes of the document are those of the rows" {
        mk pshm name=/p keepfd=1
        json
        expect_all <<END
.processes | map(.pid) | index($MAKER_PID) != null
([.objects[].holders[]?.pid] | unique) - (.processes | map(.pid)) == []
END
}
