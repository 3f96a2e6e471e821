#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Who is blocked on what, in which call, since when, and whom it waits for.
load live

setup() { live_setup; }
teardown() { live_teardown; }

# block CALL [ARG...]: a child that is blocked in that call; what it told is in A, its pid in BLOCKED.
block()
{
        mk blocked call="$1" only=1 "${@:2}"
        BLOCKED=${A[pid]}
}

# awaited CONDITION OPERATION: the object is the only one that the child waits on, told, not deduced.
awaited()
{
        json list
        jq -e --argjson pid "$BLOCKED" --arg operation "$2" "$JQ_WORDS"'
                [.objects[] | select(any(.waiters[]; .pid == $pid))]
                | length == 1 and (.[0] | '"$1"' and has("waiters")
                        and (.waiters | map([.pid, .tid, .comm, .operation, .inferred])
                                == [[$pid, $pid, "blocked", $operation, null]]))' <<<"$JSON" >/dev/null || {
                echo "no such wait: $1, $2"
                jq --argjson pid "$BLOCKED" '.objects[] | select(any(.waiters[]; .pid == $pid))' <<<"$JSON"
                return 1
        }
}

# waits_for WHO: the pages of the child and of the object say so.
waits_for()
{
        local ref page
        ref=$(jq -r --argjson pid "$BLOCKED" 'first(.processes[] | select(.pid == $pid) | .waits[].ref)' <<<"$JSON")
        for page in "pid:$BLOCKED" "$ref"; do
                view show "$page"
                status_is 0
                grep -E "^ +$BLOCKED .*  $1\$" "$OUT" || { show_output; return 1; }
        done
}

@test "waits: who reads from a pipe waits for its writers, who writes for its readers" {
        local call
        for call in read readv write writev ppoll; do
                block $call
                awaited ".kind == \"pipe\" and .inode == ${A[near]}" $call
                waits_for "maker\[$MAKER_PID\]"
        done
}

@test "waits: a socket's waiter waits for who has its peer" {
        local call
        for call in recvfrom recvmsg recvmmsg sendto sendmsg; do
                block $call
                awaited ".kind == \"unix\" and .inode == ${A[near]}" $call
                waits_for "maker\[$MAKER_PID\]"
        done
}

@test "waits: accept and connect" {
        block accept
        awaited ".kind == \"unix\" and .inode == ${A[near]}" accept
        block accept4
        awaited ".kind == \"unix\" and .inode == ${A[near]}" accept4
        block connect
        awaited ".kind == \"unix\" and .inode == ${A[near]}" connect
}

@test "waits: System V and POSIX queues and semaphores" {
        mk sem nsems=1
        sem=${A[id]}
        mk semwait id="$sem"
        BLOCKED=${A[pid]}
        json list
        expect_all <<END
.objects | map(select(.kind == "sem") | [.id, (.waiters | map([.pid, .inferred]))]) == [[$sem, [[$BLOCKED, null]]]]
.objects | map(select(.kind == "sem") | .waiters[].operation | test("^semt?(imed)?op")) == [true]
.processes | map(select(.pid == $BLOCKED) | .waits[] | [.ref, .tid]) == [["sem:$sem", $BLOCKED]]
END
        mk msg send=1
        msg=${A[id]}
        mk msgwait id="$msg" op=receive type=2
        BLOCKED=${A[pid]}
        json list
        expect_all <<<".objects | map(select(.kind == \"msg\") | .waiters | map([.pid, .operation])) == [[[$BLOCKED, \"msgrcv\"]]]"
        # Who sent the last message may send the next.
        waits_for "maker\[$MAKER_PID\]"
        mk mq name=/jobs keepfd=1
        mk mqwait name=/jobs op=receive
        BLOCKED=${A[pid]}
        json list
        expect_all <<<".objects | map(select(.kind == \"mq\") | .waiters | map([.pid, .operation])) == [[[$BLOCKED, \"mq_timedreceive\"]]]"
        waits_for "maker\[$MAKER_PID\]"
}

@test "waits: a semaphore of another namespace with the same id is another one" {
        mk nextid what=sem id=4711
        mk sem nsems=1
        mk child
        child=${A[child]} pid=${A[pid]}
        mk "@$child" unshare what=ipc
        mk "@$child" nextid what=sem id=4711
        mk "@$child" sem nsems=1
        mk "@$child" semop id=4711 ops=0:-1 block=1
        json list sem
        expect_all <<END
.objects | map(select(.id == 4711 and .foreign == null) | .waiters) == [[]]
.objects | map(select(.id == 4711 and .foreign) | .waiters | map(.pid)) == [[$pid]]
END
}

@test "waits: a named semaphore, by the address of the futex" {
        mk psem name=/gate value=0
        mk child
        BLOCKED=${A[pid]}
        mk "@${A[child]}" pswait name=/gate block=1
        one '.name == "/gate"' list psem
        expect <<<".waiters | map([.pid, .operation, .inferred]) == [[$BLOCKED, \"futex\", true]]"
        json list psem
        waits_for "maker\[$MAKER_PID\]"
}

@test "waits: words of shared memory, but not private futexes" {
        block futex
        json list memfd
        expect_all <<<".objects | map(select(.inode == ${A[near]}) | .waiters | map([.pid, .operation, .inferred])) == [[[$BLOCKED, \"futex\", true]]]"
        block futex_waitv
        json list memfd
        expect_all <<<".objects | map(select(.inode == ${A[near]}) | .waiters | map([.pid, .operation, .inferred])) == [[[$BLOCKED, \"futex_waitv\", true]]]"
        block private
        json list
        expect_all <<<"any(.objects[].waiters[]; .pid == $BLOCKED) | not"
}

@test "waits: sets of descriptors name each object, as a deduction" {
        local call
        for call in poll pselect6; do
                block $call
                json list
                expect_all <<END
.objects | map(select(any(.waiters[]; .pid == $BLOCKED)) | .inode) | sort == ([${A[near]}, ${A[other]}] | sort)
.objects | map(.waiters[] | select(.pid == $BLOCKED) | .inferred) == [true, true]
END
        done
        for call in splice tee; do
                block $call
                json list pipe
                expect_all <<END
.objects | map(select(any(.waiters[]; .pid == $BLOCKED and .operation == "$call" and .inferred)) | .inode) | sort == ([${A[near]}, ${A[other]}] | sort)
END
        done
}

@test "waits: an event poll waits for whatever it watches" {
        block epoll_pwait
        json list
        expect_all <<END
.objects | map(select(any(.waiters[]; .pid == $BLOCKED)) | .kind) == ["epoll"]
.objects | map(.waiters[] | select(.pid == $BLOCKED) | .inferred) == [null]
END
        waits_for "maker\[$MAKER_PID\]"
}

@test "waits: an eventfd and a pidfd" {
        mk blocked call=eventfd
        BLOCKED=${A[pid]}
        awaited '.kind == "eventfd"' read
        waits_for "maker\[$MAKER_PID\]"
        block waitid
        awaited '.kind == "pidfd"' waitid
}

@test "waits: a lock waits for who has it" {
        local call
        for call in flock fcntl; do
                # Not `only`: who closes any descriptor of a file gives up its locks of fcntl(2).
                mk blocked call=$call path=/dev/shm/$call
                BLOCKED=${A[pid]}
                awaited '.kind == "lock"' $call
                waits_for "maker\[$MAKER_PID\]"
        done
}

@test "waits: a FIFO that nobody else opens has no descriptor, but a path" {
        block open path=/dev/shm/lonely
        json list fifo
        expect_all <<END
.objects | map([.ref, .name]) == [["fifo:/dev/shm/lonely", "/dev/shm/lonely"]]
.objects[0].waiters | map([.pid, .inferred]) == [[$BLOCKED, true]]
.objects[0].waiters | map(.operation | startswith("open")) == [true]
END
}

@test "waits: what names no object waits on none" {
        block pause
        json list
        expect_all <<<"any(.objects[].waiters[]; .pid == $BLOCKED) | not"
}

@test "waits: a thread is told by its own number" {
        block thread
        json list pipe
        expect_all <<END
.objects | map(select(.inode == ${A[near]}) | .waiters | map([.pid, .tid != $BLOCKED, .operation])) == [[[$BLOCKED, true, "read"]]]
.processes | map(select(.pid == $BLOCKED) | .waits | length) == [1]
END
}

@test "waits: a thread with a descriptor table of its own means its own numbers" {
        block unshared
        json list
        expect_all <<END
.objects | map(select(any(.waiters[]; .pid == $BLOCKED)) | [.kind, .inode]) == [["pipe", ${A[near]}]]
END
}

@test "waits: the leader has exited, its thread still waits" {
        block leaderless
        json list
        expect_all <<END
.objects | map(select(any(.waiters[]; .pid == $BLOCKED)) | .inode) == [${A[near]}]
END
}

# since_told: what is told of the child that has just blocked.
since_told()
{
        one ".inode == ${A[near]}" list pipe
        # A second for what the scheduler's clock leaves out meanwhile.
        expect <<<".waiters[0].since | seconds | . >= ${A[since]} - 1 and . <= ${A[until]} + 1"
}

@test "waits: since when" {
        block read
        sleep 2
        since_told
}

@test "waits: since when, on each CPU" {
        local cpu cpus
        # As many as show it: each has a clock of its own.
        cpus=$(taskset -pc $$ | sed 's/.*: //' | tr ',' '\n' | while IFS=- read -r first last; do
                seq "$first" "${last:-$first}"; done | head -n 8)
        for cpu in $cpus; do
                taskset -pc "$cpu" "$MAKER_PID" >/dev/null
                block read
                since_told
        done
}

# A file of the bytes that are given in hex.
bytes()
{
        local hex=$*
        hex=${hex// /}
        # shellcheck disable=SC2059
        printf "$(sed 's/../\\x&/g' <<<"$hex")"
}

# program MACHINE: one that reads a byte by `int $0x80`, again and again, as an ELF file for i386 or x86-64.
program()
{
        local code="b803000000 31db 89e1 ba01000000 cd80 ebee"
        case $1 in
        i386)
                bytes 7f454c46 01010100 0000000000000000 0200 0300 01000000 54800408 34000000 00000000 00000000 \
                        3400 2000 0100 2800 0000 0000 \
                        01000000 00000000 00800408 00800408 66000000 66000000 05000000 00100000 "$code"
                ;;
        x86-64)
                bytes 7f454c46 02010100 0000000000000000 0200 3e00 01000000 7800400000000000 4000000000000000 \
                        0000000000000000 00000000 4000 3800 0100 4000 0000 0000 \
                        01000000 05000000 0000000000000000 0000400000000000 0000400000000000 8a00000000000000 \
                        8a00000000000000 0010000000000000 "$code"
                ;;
        esac
}

@test "waits: system calls of 32 bits on a kernel of 64" {
        local machine way
        [ "$(uname -m)" = x86_64 ] || skip "this is no x86-64"
        mkfifo "$BATS_TEST_TMPDIR/way"
        exec {way}<>"$BATS_TEST_TMPDIR/way"
        for machine in i386 x86-64; do
                program $machine >"$BATS_TEST_TMPDIR/reader"
                chmod 755 "$BATS_TEST_TMPDIR/reader"
                "$BATS_TEST_TMPDIR/reader" <"$BATS_TEST_TMPDIR/way" 3>&- {way}>&- &
                BLOCKED=$!
                # 3 is read there, and close here.
                if ! wait_until eval "grep -qs '^3 ' /proc/$BLOCKED/syscall || ! kill -0 $BLOCKED 2>/dev/null" ||
                   ! kill -0 $BLOCKED; then
                        exec {way}>&-
                        skip "this kernel knows no system calls of i386"
                fi
                one ".name == \"$BATS_TEST_TMPDIR/way\"" list fifo
                expect <<<".waiters | map([.pid, .operation, .inferred]) == [[$BLOCKED, \"read\", null]]"
                expect_all <<<'.gaps == []'
                kill "$BLOCKED"
                wait "$BLOCKED" || true
                rm "$BATS_TEST_TMPDIR/reader"
        done
        exec {way}>&-
}

@test "waits: a stopped process waits on nothing" {
        block read
        kill -STOP "$BLOCKED"
        wait_until grep -q '^State:.T' "/proc/$BLOCKED/status"
        one ".inode == ${A[near]}" list pipe
        expect <<<'.waiters == [] and (has("waiters") | not)'
        kill -CONT "$BLOCKED"
}

@test "waits: who alone has both ends waits for itself" {
        mk child
        child=${A[child]} BLOCKED=${A[pid]}
        mk "@$child" pipe
        mk "@$child" get fd="${A[r]}" block=1
        json list pipe
        waits_for "only itself"
}

@test "waits: nothing is looked at unless somebody asks" {
        block read
        view list pipe -o ref,waiters --filter "inode == ${A[near]}" --no-headings
        status_is 0
        grep -qE "^pipe:${A[near]} +blocked\[$BLOCKED\]:read$" "$OUT"
        json list pipe --no-holders
        expect_all <<<'any(.objects[]; has("waiters")) | not'
        json list pipe --filter "waiters > 0"
        expect_all <<<"any(.objects[]; .inode == ${A[near]})"
}

@test "waits: one's own process is seen by an ordinary user, others are one gap" {
        can_be_nobody || skip "there is no second user in this user namespace"
        block read
        block read uid=$NOBODY
        as_nobody json list
        expect_all <<END
.objects | map(select(any(.waiters[]; .pid == $BLOCKED)) | .inode) == [${A[near]}]
.gaps | map(select(.where == "/proc/PID/syscall") | .times >= 1) == [true]
END
}
