#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Files on the anonymous inode: eventfd, epoll, inotify, fanotify, signalfd, timerfd, pidfd, io_uring.
load live

setup() { live_setup; }
teardown() { live_teardown; }

# The object of kind $1 that the maker has as descriptor $2, among all objects, in OBJECT.
ours()
{
        one ".kind == \"$1\" and any(.holders[]; .pid == $MAKER_PID and .fd == $2)" list
}

# Tells who holds OBJECT, as pid/fd: one is /PID/FD/.
held_by()
{
        local hold wanted=""
        for hold; do
                wanted="$wanted, [${hold%/*}, ${hold#*/}]"
        done
        expect <<<".holders | map([.pid, .fd]) | sort == ([${wanted#, }] | sort)"
}

@test "eventfd: counter, flag and id" {
        mk counter count=4660 semaphore=1
        fd=${A[fd]}
        listed eventfd ".id == ${A[id]}"
        expect <<END
.ref == "eventfd:${A[id]}"
.count == 4660
.semaphore == true
.state == []
has("namespace") | not
END
        held_by "$MAKER_PID/$fd"
        mk counter most=1
        listed eventfd ".id == ${A[id]}"
        expect <<<'.semaphore == false'
        grep -q '"count":18446744073709551614' "$OUT"
}

@test "eventfd: shared by fork and passed on it is one" {
        mk counter count=1
        id=${A[id]} fd=${A[fd]}
        mk forked
        child=${A[pid]}
        mk passed fd="$fd"
        listed eventfd ".id == $id"
        held_by "$MAKER_PID/$fd" "$child/$fd" "${A[pid]}/${A[in]}"
}

# Makes one of each kind; what it is and its descriptor are in WHAT and FDS.
one_of_each()
{
        local command
        WHAT=() FDS=()
        while read -r kind command; do
                # shellcheck disable=SC2086
                mk_try $command || continue     # not every kernel and container has everything
                WHAT+=("$kind")
                FDS+=("${A[fd]}")
        done <<END
epoll epoll
inotify inotify
fanotify fanotify flags=0
signalfd sigfd mask=2
timerfd timer seconds=100
pidfd pidfd pid=$MAKER_PID
iouring ring
anon anonfd
END
        [ "${#WHAT[@]}" -ge 5 ]
}

@test "events: what is made twice in the same way is two" {
        local i first
        one_of_each
        first=("${FDS[@]}")
        one_of_each
        for i in "${!WHAT[@]}"; do
                ours "${WHAT[i]}" "${FDS[i]}"
                expect <<<".ref == \"${WHAT[i]}:$MAKER_PID/${FDS[i]}\" and .state == []"
                held_by "$MAKER_PID/${FDS[i]}"
                ours "${WHAT[i]}" "${first[i]}"
                held_by "$MAKER_PID/${first[i]}"
                view list "${WHAT[i]}"
                status_is 0
        done
}

@test "events: shared by fork, passed over a socket and duplicated it is one" {
        local i child copies=() passed=()
        one_of_each
        for i in "${!WHAT[@]}"; do
                mk dup fd="${FDS[i]}"
                copies+=("${A[fd]}")
                # Rings don't pass through sockets (Linux 6.7).
                if mk_try passed fd="${FDS[i]}"; then
                        passed+=("${A[pid]}/${A[in]}")
                else
                        [ "${WHAT[i]}" = iouring ]
                        passed+=("")
                fi
        done
        mk forked
        child=${A[pid]}
        for i in "${!WHAT[@]}"; do
                ours "${WHAT[i]}" "${FDS[i]}"
                expect <<<".ref == \"${WHAT[i]}:$MAKER_PID/${FDS[i]}\" and .state == []"
                held_by "$MAKER_PID/${FDS[i]}" "$MAKER_PID/${copies[i]}" "$child/${FDS[i]}" "$child/${copies[i]}" \
                        ${passed[i]:+"${passed[i]}"}
                # What only one of them was asked about is the same one.
                one true show "${WHAT[i]}:$MAKER_PID/${FDS[i]}"
                expect <<<".holders | length == 4${passed[i]:+ + 1}"
        done
}

@test "events: a thread with a table of its own" {
        mk epoll
        epoll=${A[fd]}
        mk threadpipe
        ours epoll "$epoll"
        expect <<<".holders | length == 2 and map(.pid) == [$MAKER_PID, $MAKER_PID] and map(.fd) == [$epoll, $epoll] and map(.tid | type) == [\"null\", \"number\"]"
}

@test "epoll: targets of every kind, with events and data" {
        mk epoll
        inner=${A[fd]}
        mk epoll
        epoll=${A[fd]}
        mk counter
        event=${A[fd]} id=${A[id]}
        mk pipe
        reader=${A[r]} pipe=${A[inode]}
        mk timer
        timer=${A[fd]}
        mk watch epoll="$epoll" fd="$event" events=0x4000201b data=0x1122334455667788
        mk watch epoll="$epoll" fd="$reader" events=0x80000001
        mk watch epoll="$epoll" fd="$inner" events=0
        mk watch epoll="$epoll" fd="$timer" events=1
        mk watch epoll="$inner" fd="$event" events=0x10000004
        ours epoll "$epoll"
        expect <<END
.target_count == 4
.targets | map(.fd) == ([$event, $reader, $inner, $timer] | sort)
.targets[] | select(.fd == $event) | .ref == "eventfd:$id" and .data == "0x1122334455667788"
.targets[] | select(.fd == $event) | .events == ["in", "pri", "err", "hup", "rdhup", "oneshot"]
.targets[] | select(.fd == $reader) | .ref == "pipe:$pipe" and .inode == $pipe and .events == ["in", "err", "hup", "et"]
.targets[] | select(.fd == $inner) | .ref == "epoll:$MAKER_PID/$inner" and .events == ["err", "hup"]
.targets[] | select(.fd == $timer) | .ref == "timerfd:$MAKER_PID/$timer" and .data == "0x0"
all(.targets[]; .inferred == null)
.peers | sort == (["eventfd:$id", "pipe:$pipe", "epoll:$MAKER_PID/$inner", "timerfd:$MAKER_PID/$timer"] | sort)
END
        listing=$OBJECT
        one true show "epoll:$MAKER_PID/$epoll"
        [ "$(jq -c .targets <<<"$OBJECT")" = "$(jq -c .targets <<<"$listing")" ]
        ours epoll "$inner"
        expect <<<".targets | map([.ref, .events]) == [[\"eventfd:$id\", [\"out\", \"err\", \"hup\", \"exclusive\"]]]"
        # It watches them, not they it.
        ours timerfd "$timer"
        expect <<<'.peers == []'
}

@test "epoll: a socket is a target, if sockets are a kind" {
        view list unix
        [ "$STATUS" = 0 ] || skip "sockets are no kind of this program"
        mk pair
        socket=${A[fd]} inode=${A[inode]}
        mk epoll
        epoll=${A[fd]}
        mk watch epoll="$epoll" fd="$socket"
        ours epoll "$epoll"
        expect <<END
.targets | map([.fd, .ref, .inode]) == [[$socket, "unix:ino=$inode", $inode]]
.peers == ["unix:ino=$inode"]
END
}

@test "epoll: a number that has become another file is not taken for the target" {
        mk epoll
        epoll=${A[fd]}
        mk counter count=1
        old=${A[fd]}
        mk watch epoll="$epoll" fd="$old"
        mk dup fd="$old"
        mk counter count=2
        new=${A[fd]} id=${A[id]}
        mk dup fd="$new" to="$old"
        ours epoll "$epoll"
        expect <<<".target_count == 1 and (.targets[0] | .fd == $old and .ref == null) and .peers == []"
        # The same number for both of them: each is told apart by its place.
        mk watch epoll="$epoll" fd="$old" data=9
        ours epoll "$epoll"
        expect <<<".targets | map(.fd) == [$old, $old] and (map(select(.ref)) | map([.ref, .data])) == [[\"eventfd:$id\", \"0x9\"]]"
}

@test "epoll: a number that is closed, of a file that lives on elsewhere" {
        mk epoll
        epoll=${A[fd]}
        mk pipe
        reader=${A[r]} inode=${A[inode]}
        mk watch epoll="$epoll" fd="$reader"
        mk dup fd="$reader"
        mk close fd="$reader"
        ours epoll "$epoll"
        expect <<<".targets | map([.fd, .ref]) == [[$reader, \"pipe:$inode\"]]"
        mk counter
        mk dup fd="${A[fd]}" to=300
        mk watch epoll="$epoll" fd=300
        mk close fd=300
        ours epoll "$epoll"
        expect <<<".targets | map([.fd, .ref]) == [[$reader, \"pipe:$inode\"], [300, null]]"
}

@test "epoll: targets that only another holder still has" {
        mk epoll
        epoll=${A[fd]}
        mk counter
        event=${A[fd]} id=${A[id]}
        mk watch epoll="$epoll" fd="$event"
        mk forked
        child=${A[pid]}
        mk close fd="$event"
        ours epoll "$epoll"
        held_by "$MAKER_PID/$epoll" "$child/$epoll"
        expect <<<".targets | map([.fd, .ref]) == [[$event, \"eventfd:$id\"]]"
}

@test "epoll: a hundred targets, all of them on one inode" {
        local i fds=""
        mk epoll
        epoll=${A[fd]}
        for ((i = 0; i < 100; i++)); do
                mk timer seconds=$((i + 100))
                fds="$fds${fds:+, }${A[fd]}"
                mk watch epoll="$epoll" fd="${A[fd]}" data="$i"
        done
        ours epoll "$epoll"
        expect <<END
.target_count == 100
.targets | map(.fd) == [$fds]
.targets | map(.ref) == ([$fds] | map("timerfd:$MAKER_PID/\(.)"))
.targets[99].data == "0x63"
.peers | length == 100
END
}

@test "inotify: watches with mask, device, inode and path" {
        mkdir "$BATS_TEST_TMPDIR/watched"
        mk inotify path="$BATS_TEST_TMPDIR/watched" mask=0x84000100
        fd=${A[fd]} inode=${A[inode]} dev=${A[dev]}
        ours inotify "$fd"
        expect <<END
.watch_count == 1
.watches[0] | .wd == 1 and .inode == $inode and .dev == "$dev"
.watches[0].mask == ["create", "excl-unlink", "oneshot"]
.watches[0] | has("path") | not
END
        mk inotify path="$BATS_TEST_TMPDIR/watched" mask=0xfff
        ours inotify "${A[fd]}"
        expect <<<'.watches[0].mask | length == 12 and .[0] == "access" and .[11] == "move-self"'
        case $(stat -f -c %T "$BATS_TEST_TMPDIR") in
        ext2/ext3|xfs|btrfs|tmpfs) ;;
        *) skip "paths are not looked for on this file system" ;;
        esac
        one true show "inotify:$MAKER_PID/$fd"
        expect <<<".watches[0].path == \"$BATS_TEST_TMPDIR/watched\""
        mv "$BATS_TEST_TMPDIR/watched" "$BATS_TEST_TMPDIR/moved"
        one true show "inotify:$MAKER_PID/$fd"
        expect <<<".watches[0].path == \"$BATS_TEST_TMPDIR/moved\""
        rmdir "$BATS_TEST_TMPDIR/moved"
        # The inode goes with the last one who looks at it.
        eventually one true show "inotify:$MAKER_PID/$fd" <<<'.watch_count == 0 and .watches == []'
}

@test "inotify: many watches" {
        mkdir "$BATS_TEST_TMPDIR/many"
        (cd "$BATS_TEST_TMPDIR/many" && touch $(seq 0 1999))
        mk inotify path="$BATS_TEST_TMPDIR/many" files=2000 mask=2
        ours inotify "${A[fd]}"
        expect <<END
.watch_count == 2000
.watches | map(.wd) == [range(1; 2001)]
.watches | map(.inode) | unique | length == 2000
.watches[1234].inode == $(stat -c %i "$BATS_TEST_TMPDIR/many/1234")
END
}

@test "fanotify: flags and marks of every type" {
        mk_try fanotify flags=0xc21 event=0x80802 mask=0x48000300 mark=0 path="$BATS_TEST_TMPDIR" ||
                skip "no fanotify: $ANSWER"
        fd=${A[fd]}
        mk fanotify fd="$fd" mark=0x60 mask=0x20 path="$BATS_TEST_TMPDIR"
        mk fanotify fd="$fd" mark=0x100 mask=0x22 path=/dev/shm
        ours fanotify "$fd"
        expect <<END
.fanotify_flags == ["cloexec", "unlimited-marks", "report-dir-fid", "report-name"]
.event_access == "rw"
.event_flags | contains(["cloexec", "nonblock"])
.mark_count == 2
.marks | map(.mark_type) | sort == ["filesystem", "inode"]
.marks[] | select(.mark_type == "inode") | .inode == $(stat -c %i "$BATS_TEST_TMPDIR")
.marks[] | select(.mark_type == "inode") | .mask == ["create", "delete", "event-on-child", "ondir"]
.marks[] | select(.mark_type == "inode") | .ignored_mask == ["open"] and .mark_flags == ["ignored-surv-modify"]
.marks[] | select(.mark_type == "filesystem") | .dev == "$(stat -c %Hd:%Ld /dev/shm)" and (has("inode") | not)
.marks[] | select(.mark_type == "filesystem") | .mask | contains(["modify", "open"])
END
        mk fanotify flags=0x6 mark=0x10 mask=0x10008 path=/dev/shm
        ours fanotify "${A[fd]}"
        expect <<END
.fanotify_flags == ["nonblock", "class-content"]
.event_access == "r"
.marks | map([.mark_type, .mask]) == [["mount", ["close-write", "open-perm"]]]
.marks[0].mount_id == $(awk '$5 == "/dev/shm" { id = $1 } END { print id }' /proc/self/mountinfo)
END
}

@test "signalfd: sets of signals" {
        mk sigfd mask=$((0x8000000200010002))
        listed signalfd ".ref == \"signalfd:$MAKER_PID/${A[fd]}\""
        expect <<<'.signals == ["SIGINT", "SIGCHLD", "SIGRTMIN", "SIGRTMAX"]'
        mk sigfd mask=0
        ours signalfd "${A[fd]}"
        expect <<<'.signals == []'
        mk sigfd mask=-1
        ours signalfd "${A[fd]}"
        # All but those that nobody can take.
        expect <<<'.signals | length == 62 and index("SIGKILL") == null and index("SIGSTOP") == null and .[31] == "SIGRTMIN"'
}

@test "timerfd: clocks, times and flags" {
        local clock
        while read -r number clock; do
                mk_try timer clock="$number" seconds=100 ns=7 interval=2 intervalns=5 || continue
                ours timerfd "${A[fd]}"
                expect <<END
.clock == "$clock"
.remaining_ns > 40 * 1000000000 and .remaining_ns <= 100000000007
.interval_ns == 2000000005
.ticks == 0
.timer_flags == []
END
        done <<END
0 realtime
1 monotonic
7 boottime
8 realtime-alarm
9 boottime-alarm
END
        mk timer
        ours timerfd "${A[fd]}"
        expect <<<'.remaining_ns == 0 and .interval_ns == 0 and .ticks == 0'
        # Long past, of a clock that may be set.
        mk timer clock=0 seconds=1 flags=3
        eventually ours timerfd "${A[fd]}" <<<'.timer_flags == ["abstime", "cancel-on-set"] and .ticks == 1 and .remaining_ns == 0'
}

@test "pidfd: of a living process, of one that has ended" {
        mk child 'comm=)%20R%0A'
        child=${A[child]} pid=${A[pid]}
        mk pidfd pid="$pid"
        fd=${A[fd]}
        listed pidfd ".ref == \"pidfd:$MAKER_PID/$fd\""
        expect <<END
.target_pid == $pid
.target_life == "alive"
.target_comm == ") R\n"
.namespace_pids == [{pid: $pid}]
.state == []
END
        end_child "$child"
        listed pidfd ".ref == \"pidfd:$MAKER_PID/$fd\""
        expect <<END
.target_pid == null
.target_life == "dead"
has("target_comm") | not
.state == ["gone"]
END
}

@test "pidfd: a process of a pid namespace below" {
        mkfifo "$BATS_TEST_TMPDIR/go"
        unshare --pid --fork --kill-child sh -c 'read -r x <"$1"' sh "$BATS_TEST_TMPDIR/go" 3>&- &
        outer=$!
        wait_until grep -q . "/proc/$outer/task/$outer/children"
        inner=$(tr -d ' ' <"/proc/$outer/task/$outer/children")
        mk pidfd pid="$inner"
        ours pidfd "${A[fd]}"
        echo >"$BATS_TEST_TMPDIR/go"
        wait "$outer" || true
        expect <<<".target_pid == $inner and .namespace_pids == [{pid: $inner}, {pid: 1}]"
}

@test "iouring: sizes, and a file that only the ring keeps open" {
        mk pipe
        reader=${A[r]} inode=${A[inode]}
        mk_try ring entries=8 fd="$reader" || skip "no io_uring: $ANSWER"
        fd=${A[fd]}
        ours iouring "$fd"
        expect <<END
.sq_entries == ${A[sq]} and .cq_entries == ${A[cq]}
.sq_head == 0 and .cq_tail == 0 and .sq_pending == 0 and .cq_pending == 0
.file_count == 1 and .buffer_count == 0
has("sq_thread_pid") | not
.registered_files | map([.slot, .ref]) == [[0, "pipe:$inode"]]
.peers == ["pipe:$inode"]
END
}

@test "anon: what has no kind of its own, and nothing else" {
        mk counter
        mk epoll
        mk_try anonfd || skip "no such file here: $ANSWER"
        json list anon
        expect_all <<<".objects | map([.ref, .anon_type]) == [[\"anon:$MAKER_PID/${A[fd]}\", \"fscontext\"]]"
}

@test "events: what an ordinary user sees is right, and the rest is missing" {
        can_be_nobody || skip "there is no second user in this user namespace"
        mk epoll
        mk child uid=$NOBODY
        child=${A[child]} pid=${A[pid]}
        mk "@$child" epoll
        epoll=${A[fd]}
        mk "@$child" counter
        event=${A[fd]} id=${A[id]}
        mk "@$child" watch epoll="$epoll" fd="$event"
        mk "@$child" forked
        as_nobody json list
        expect_all <<END
.objects | map(select(.kind == "epoll")) | length == 1
.objects[] | select(.kind == "epoll") | .ref == "epoll:$pid/$epoll" and .targets[0].ref == "eventfd:$id"
.objects[] | select(.kind == "epoll") | .holders | map(.pid) == [$pid, ${A[pid]}]
.objects[] | select(.kind == "epoll") | .state == []
.ipcview.complete | not
END
}
