#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Pipes and FIFOs: both ends, however their descriptors came about.
load live

setup() { live_setup; }
teardown() { live_teardown; }

@test "pipe: both ends, and what is in it" {
        mk pipe capacity=65536
        inode=${A[inode]} r=${A[r]} w=${A[w]}
        mk put fd="$w" bytes=300
        listed pipe ".inode == $inode"
        expect <<END
.ref == "pipe:$inode"
.state == []
.readers == 1 and .writers == 1
.capacity_bytes == 65536
.queued_bytes == 300
.owner.uid == 0
[.holders[] | [.pid, .fd, .access]] | sort == ([[$MAKER_PID, $r, "r"], [$MAKER_PID, $w, "w"]] | sort)
END
        one ".inode == $inode" list pipe
        expect <<<'.capacity_bytes == null and .queued_bytes == null'
}

@test "pipe: passed on by fork it is one object with many holders" {
        mk pipe inherit=1
        inode=${A[inode]} r=${A[r]} w=${A[w]}
        mk child comm=one
        one_pid=${A[pid]} one=${A[child]}
        mk child comm=two
        two=${A[child]} two_pid=${A[pid]}
        mk "@$one" close fd="$r"
        mk "@$two" close fd="$w"
        one ".inode == $inode" list pipe
        expect <<END
.readers == 2 and .writers == 2
[.holders[] | [.pid, .access]] | sort == ([[$MAKER_PID, "r"], [$MAKER_PID, "w"], [$one_pid, "w"], [$two_pid, "r"]] | sort)
.state == []
END
}

@test "pipe: half closed" {
        mk pipe
        inode=${A[inode]} r=${A[r]} w=${A[w]}
        mk put fd="$w" bytes=5
        mk close fd="$r"
        mk pipe
        other=${A[inode]} r=${A[r]}
        mk close fd="${A[w]}"
        one ".inode == $other" list pipe
        # Told by the pipe itself, not by our not having found anybody.
        expect <<<'.state == ["no-writer"] and .readers == 1 and .writers == 0 and .inferred == null'
        never mk put fd="$w" bytes=1
        one ".inode == $inode" show "pipe:$inode"
        expect <<<'.state == ["no-reader"] and .readers == 0 and .writers == 1 and .queued_bytes == 5 and .inferred == null'
}

@test "pipe: an end in flight is not a missing one" {
        mk pipe
        inode=${A[inode]}
        mk flight fd="${A[r]}"
        one ".inode == $inode" list pipe
        expect <<<'.state == ["elsewhere"] and .readers == 0 and .writers == 1'
}

@test "pipe: a thread with a descriptor table of its own" {
        mk threadpipe
        one ".inode == ${A[inode]}" list pipe
        expect <<END
.readers == 1 and .writers == 1
[.holders[] | [.pid, .tid, .fd, .access]] | sort == ([[$MAKER_PID, ${A[tid]}, ${A[r]}, "r"], [$MAKER_PID, ${A[tid]}, ${A[w]}, "w"]] | sort)
END
}

@test "pipe: who reads waits for who can write" {
        mk pipe inherit=1
        inode=${A[inode]} r=${A[r]}
        mk child comm=reader
        pid=${A[pid]} child=${A[child]}
        mk "@$child" get fd="$r" block=1
        one true show "pipe:$inode"
        expect <<<".waiters | length == 1 and .[0].pid == $pid and .[0].operation == \"read\""
}

@test "fifo: opened by both sides, by one side, by nobody" {
        path=$BATS_TEST_TMPDIR/fifo
        mk mkfifo path="$path" mode=0640
        inode=${A[inode]} dev=${A[dev]}
        mk open path="$path" access=r nonblock=1
        r=${A[fd]}
        mk open path="$path" access=w
        w=${A[fd]}
        mk put fd="$w" bytes=7
        one true show "fifo:$path"
        expect <<END
.kind == "fifo" and .name == "$path" and .inode == $inode and .dev == "$dev"
.mode == "0640" and .owner.uid == 0 and .linked
(.changed_at | seconds) == $(stat -c %Z "$path")
.state == [] and .readers == 1 and .writers == 1 and .queued_bytes == 7 and .capacity_bytes == 65536
[.holders[] | [.fd, .access]] | sort == ([[$r, "r"], [$w, "w"]] | sort)
END
        mk close fd="$w"
        one ".inode == $inode" list fifo
        expect <<<'.state == ["no-writer"] and .readers == 1 and .writers == 0'
        mk open path="$path" access=w
        w=${A[fd]}
        mk close fd="$r"
        one ".inode == $inode" list fifo
        expect <<<'.state == ["no-reader"] and .readers == 0 and .writers == 1 and .inferred == null'
        mk close fd="$w"
        json list fifo
        expect_all <<<'.objects == []'
        # Named, it is found all the same.
        one ".inode == $inode" show "fifo:$path"
        expect <<<'.holders == [] and .readers == 0 and .writers == 0'
        rm "$path"
        view show "fifo:$path"
        status_is 3
}

@test "fifo: open for reading and writing is both ends" {
        mk mkfifo path="$BATS_TEST_TMPDIR/f"
        mk open path="$BATS_TEST_TMPDIR/f" access=rw
        one ".inode == ${A[inode]}" list fifo
        expect <<<'.state == [] and .readers == 1 and .writers == 1 and (.holders | map(.access)) == ["rw"]'
}

@test "fifo: unlinked, and another one in its place" {
        path=$BATS_TEST_TMPDIR/f
        mk mkfifo path="$path"
        old=${A[inode]}
        mk open path="$path" access=rw
        rm "$path"
        mkfifo "$path"
        mk open path="$path" access=rw
        new=${A[inode]}
        one true show "fifo:$path"
        expect <<<".inode == $new and .state == [] and .linked"
        one ".inode == $old" list fifo
        expect <<END
.ref == "fifo:ino=$old"
has("unlinked") and (.linked | not)
.path == "$path (deleted)" and .name == null
END
        one true show "fifo:ino=$old"
        expect <<<".inode == $old"
}

@test "fifo: hostile names come back as they are" {
        local name ref
        for name in 'a%20b%0a%1b[31m%ff' '-x' '%20(deleted)' 'y%20(deleted)' '%25%2e=,' '%5c012'; do
                mk mkfifo path="$BATS_TEST_TMPDIR/f$name"
                inode=${A[inode]}
                mk open path="$BATS_TEST_TMPDIR/f$name" access=rw
                one ".inode == $inode" list fifo
                expect <<<'.linked and .state == [] and (.name | length) > 0'
                ref=$(jq -r .ref <<<"$OBJECT")
                one true show "$ref"
                expect <<<".inode == $inode"
                view list fifo
                status_is 0
                never grep -q $'[\033\377]' "$OUT"
        done
        json list fifo
        expect_all <<END
.objects | length == 6
.objects | any(.name == "$BATS_TEST_TMPDIR/fy (deleted)")
.objects | any(.name_b64 != null)
END
}

@test "fifo: lives on under another name" {
        mk mkfifo path="$BATS_TEST_TMPDIR/f"
        inode=${A[inode]}
        mk open path="$BATS_TEST_TMPDIR/f" access=rw
        ln "$BATS_TEST_TMPDIR/f" "$BATS_TEST_TMPDIR/f2"
        rm "$BATS_TEST_TMPDIR/f"
        one ".inode == $inode" list fifo
        expect <<<".linked and .name == null and .ref == \"fifo:ino=$inode\" and (has(\"unlinked\") | not)"
}

@test "fifo: in /dev/shm it is listed though nobody has it" {
        mk file path=fifo type=fifo mode=0600
        inode=${A[inode]}
        listed fifo ".inode == $inode"
        expect <<END
.ref == "fifo:/dev/shm/fifo"
.readers == 0 and .writers == 0 and .state == [] and .holders == []
END
        mk open path=/dev/shm/fifo access=rw
        one ".inode == $inode" list
        expect <<<'.ref == "fifo:/dev/shm/fifo" and .readers == 1 and (.holders | length) == 1'
        one ".inode == $inode" list fifo --no-holders
        expect <<<'.readers == null and .writers == null'
}

@test "fifo: who waits in open(2) has no descriptor, and is there" {
        mk mkfifo path="$BATS_TEST_TMPDIR/f"
        mk child comm=opener
        pid=${A[pid]}
        mk "@${A[child]}" open path="$BATS_TEST_TMPDIR/f" access=w block=1
        json show pid:"$pid"
        expect_all <<<".processes[0].waits | map([.ref, .operation]) == [[\"fifo:$BATS_TEST_TMPDIR/f\", \"openat\"]]"
}

@test "pipe: an ordinary user sees his own, and that there is more" {
        can_be_nobody || skip "there is no second user in this user namespace"
        mk pipe
        theirs=${A[inode]}
        mk child uid=$NOBODY comm=mine
        child=${A[child]} pid=${A[pid]}
        mk "@$child" pipe
        inode=${A[inode]}
        w=${A[w]}
        mk "@$child" put fd="$w" bytes=9
        as_nobody one ".inode == $inode" list pipe
        expect <<<".holders | map(.pid) | unique == [$pid]"
        expect_all <<END
.objects | map(select(.inode == $theirs)) == []
.ipcview.complete | not
END
        as_nobody one true show "pipe:$inode"
        # The descriptor of a process that may be traced can be copied, by its user as well.
        expect <<<'.queued_bytes == 9 or .queued_bytes == null'
}
