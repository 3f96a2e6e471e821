#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Locks on files: who has them, and who waits.
load live

setup()
{
        live_setup
        path=$BATS_TEST_TMPDIR/locked
}
teardown() { live_teardown; }

# On this file only: the test program may have locks of its own.
lock_of()
{
        one ".kind == \"lock\" and .inode == $inode" "$@"
}

@test "lock: flock, and who waits for it" {
        mk open path="$path" size=10
        fd=${A[fd]} inode=${A[inode]} dev=${A[dev]}
        mk lock fd="$fd" flock=ex
        mk child comm=waiter
        child=${A[child]} pid=${A[pid]}
        mk "@$child" open path="$path"
        mk "@$child" lock fd="${A[fd]}" flock=ex block=1
        lock_of list lock
        expect <<END
.ref == "lock:flock/$dev/$inode/0-max/$MAKER_PID"
.lock_type == "flock" and .lock_mode == "write" and (.mandatory | not)
.dev == "$dev" and .first_byte == 0 and .last_byte == null
.path == "$path"
.locker_pid == $MAKER_PID and .waiting == 1 and .state == ["waiters"]
.holders | map([.pid, .way, .fd, .cloexec]) == [[$MAKER_PID, "lock", $fd, true]]
.holders | all(has("access") | not)
END
        one true show "$(jq -r .ref <<<"$OBJECT")"
        expect <<<".inode == $inode and (.waiters | map([.pid, .tid, .operation]) == [[$pid, $pid, \"flock\"]])"
        mk close fd="$fd"
        # It has to wake up first.
        eventually lock_of list lock <<<".locker_pid == $pid and .waiting == 0 and .state == [] and (.holders | map(.pid)) == [$pid]"
}

@test "lock: ranges of a process, and who waits for one of them" {
        mk open path="$path" size=1000
        fd=${A[fd]} inode=${A[inode]}
        mk lock fd="$fd" lock=w start=10 len=20
        mk lock fd="$fd" lock=r start=100
        mk child comm=waiter
        child=${A[child]} pid=${A[pid]}
        mk "@$child" open path="$path"
        mk "@$child" lock fd="${A[fd]}" lock=w start=25 len=1 block=1
        json list lock
        expect_all <<END
[.objects[] | select(.inode == $inode) | [.lock_type, .lock_mode, .first_byte, .last_byte, .waiting]] | sort == [["posix", "read", 100, null, 0], ["posix", "write", 10, 29, 1]]
[.objects[] | select(.inode == $inode) | .holders[] | [.pid, .way]] == [[$MAKER_PID, "lock"], [$MAKER_PID, "lock"]]
END
        json show "pid:$pid"
        expect_all <<<".processes[0].waits | map([.operation, .ref]) == [[\"fcntl\", \"lock:posix/\" + \"$(lock_dev)\" + \"/$inode/10-29/$MAKER_PID\"]]"
}

lock_dev()
{
        stat -c '%Hd:%Ld' "$path"
}

@test "lock: locks of open files, also of several with one range" {
        mk open path="$path" size=1000
        first=${A[fd]} inode=${A[inode]}
        mk open path="$path"
        second=${A[fd]}
        mk lock fd="$first" lock=r ofd=1
        mk lock fd="$second" lock=r ofd=1
        json list lock
        expect_all <<END
[.objects[] | select(.inode == $inode)] | length == 2
[.objects[] | select(.inode == $inode) | .ref] | unique | length == 2
[.objects[] | select(.inode == $inode) | .lock_type] | unique == ["ofdlck"]
[.objects[] | select(.inode == $inode) | .locker_pid] == [null, null]
[.objects[] | select(.inode == $inode) | .holders[] | [.pid, .way, .fd, .inferred]] | sort == ([[$MAKER_PID, "lock", $first, true], [$MAKER_PID, "lock", $second, true]] | sort)
END
}

@test "lock: flock that was inherited belongs to all who have the open file" {
        mk open path="$path" size=10 inherit=1
        fd=${A[fd]} inode=${A[inode]}
        mk child comm=heir
        heir=${A[pid]}
        mk "@${A[child]}" lock fd="$fd" flock=sh
        lock_of list lock
        expect <<END
.locker_pid == $heir and .lock_mode == "read"
[.holders[] | [.pid, .fd]] | sort == ([[$MAKER_PID, $fd], [$heir, $fd]] | sort)
END
        mk end child=0
        # Who took it is dead, the lock is not. But the kernel shows it in the first pid namespace only.
        json list lock
        expect_all <<<"[.objects[] | select(.inode == $inode) | .holders[] | [.pid, .way]] | . == [] or . == [[$MAKER_PID, \"lock\"]]"
}

@test "lock: a lease" {
        mk open path="$path" size=10
        inode=${A[inode]}
        mk close fd="${A[fd]}"
        mk open path="$path" access=r
        mk lock fd="${A[fd]}" lease=r
        lock_of list lock
        expect <<<'.lock_type == "lease" and .lock_mode == "read" and (.holders | map(.pid)) == ['"$MAKER_PID"']'
}

@test "lock: on an object of another kind the holder is told, too" {
        mk pshm name=/locked keepfd=1
        inode=${A[inode]}
        mk lock fd="${A[fd]}" flock=ex
        lock_of list
        expect <<<".holders | map([.pid, .way]) == [[$MAKER_PID, \"lock\"]]"
}

@test "lock: an ordinary user sees whose it is, if not with which descriptor" {
        can_be_nobody || skip "there is no second user in this user namespace"
        mk open path="$path" size=10
        inode=${A[inode]}
        mk lock fd="${A[fd]}" flock=ex
        as_nobody lock_of list lock
        expect <<<".locker_pid == $MAKER_PID and (.holders | map([.pid, .way, .fd]) == [[$MAKER_PID, \"lock\", null]])"
}

a_thousand()
{
        echo "[.objects[] | select(.inode == $inode)] | length == 1000 and (map(.ref) | unique | length) == 1000 and all(.[]; .path == \"$path\")"
}

@test "lock: a thousand ranges on one file, also while others come and go" {
        local i
        mk open path="$path" size=100000
        fd=${A[fd]} inode=${A[inode]}
        for ((i = 0; i < 1000; i++)); do
                mk lock fd="$fd" lock=w start=$((i * 10)) len=5
        done
        SECONDS=0
        json list lock
        [ $SECONDS -lt 10 ]
        eventually_all json list lock <<<"$(a_thousand)"
        # Any lock of the machine moves what the kernel has not handed out yet: told right, or told to be torn.
        touch "$path.go"
        while [ -e "$path.go" ]; do flock "$path.busy" true || true; done 3>&- &
        for ((i = 0; i < 10; i++)); do
                json list lock
                expect_all <<<"($(a_thousand)) or any(.gaps[]; .where == \"/proc/locks\")"
        done
        rm "$path.go"
        wait $!
}
