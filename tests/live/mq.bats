#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# POSIX message queues.
load live

setup() { live_setup; }
teardown() { live_teardown; }

@test "mq: every field of a queue that is held open" {
        mk mq name=/jobs maxmsg=5 msgsize=100 mode=0640 send=3 bytes=33 keepfd=1
        listed mq ".inode == ${A[inode]}"
        expect <<END
.kind == "mq"
.ref == "mq:/jobs"
.name == "/jobs"
.dev == "${A[dev]}"
.mode == "0640"
.owner == {uid: 0, name: "root"}
.group.gid == 0
.max_messages == 5
.max_message_bytes == 100
.queued_messages == 3
.queued_bytes == 99
.notify.method == "nobody"
.state == []
.namespace.type == "ipc"
.namespace.inode == $(stat -L -c %i /proc/self/ns/ipc)
ways("fd") | length == 1
ways("fd")[0] | .pid == $MAKER_PID and .fd == ${A[fd]} and .access == "rw" and .comm == "maker"
END
}

@test "mq: descriptors for reading, for writing and of two processes" {
        mk mq name=/r access=r
        read_fd=${A[fd]}
        mk mq name=/w access=w
        write_fd=${A[fd]}
        listed mq '.name == "/r"'
        expect <<<"ways(\"fd\") | length == 1 and (.[0] | .fd == $read_fd and .access == \"r\")"
        listed mq '.name == "/w"'
        expect <<<"ways(\"fd\") | length == 1 and (.[0] | .fd == $write_fd and .access == \"w\")"
        mk mqwait name=/r op=receive
        listed mq '.name == "/r"'
        expect <<<"ways(\"fd\") | map(.pid) | sort == ([$MAKER_PID, ${A[pid]}] | sort)"
}

@test "mq: nobody has it open" {
        mk mq name=/alone
        listed mq '.name == "/alone"'
        expect <<<'ways("fd") == [] and .queued_messages == 0 and .queued_bytes == 0'
}

@test "mq: full, also with messages of no length" {
        mk mq name=/full maxmsg=4 send=4 bytes=0
        mk mq name=/nearly maxmsg=4 send=3 bytes=64
        listed mq '.name == "/full"'
        expect <<<'has("full") and .queued_messages == 4 and .queued_bytes == 0'
        listed mq '.name == "/nearly"'
        expect <<<'(has("full") | not) and .queued_messages == 3 and .queued_bytes == 192'
}

@test "mq: a blocked sender and a blocked receiver" {
        mk mq name=/full maxmsg=1 send=1
        mk mqwait name=/full op=send
        sender=${A[pid]}
        mk mq name=/empty
        mk mqwait name=/empty op=receive
        listed mq '.name == "/full"'
        expect <<<"has(\"full\") and (ways(\"fd\") | map(.pid) == [$sender])"
        listed mq '.name == "/empty"'
        expect <<<"(has(\"full\") | not) and (ways(\"fd\") | map(.pid) == [${A[pid]}])"
}

@test "mq: who is notified, and how" {
        mk mq name=/signal notify=signal
        signo=${A[signo]}
        mk mq name=/thread notify=thread
        mk mq name=/none notify=none
        listed mq '.name == "/signal"'
        expect <<<".notify.method == \"signal\" and .notify.pid == $MAKER_PID and .notify.signal == $signo"
        listed mq '.name == "/thread"'
        expect <<<".notify.method == \"thread\" and .notify.pid == $MAKER_PID"
        listed mq '.name == "/none"'
        expect <<<".notify.method == \"none\" and .notify.pid == $MAKER_PID"
}

@test "mq: unlinked but open" {
        mk mq name=/gone send=2 bytes=5 keepfd=1
        fd=${A[fd]} inode=${A[inode]}
        mk unlink what=mq name=/gone
        listed mq ".inode == $inode"
        expect <<END
has("unlinked")
ways("fd") | map([.pid, .fd]) == [[$MAKER_PID, $fd]]
END
        view show mq:/gone
        status_is 3
}

@test "mq: looking neither takes messages nor wakes who is notified" {
        mk mq name=/quiet send=2 notify=signal
        before=$(cat /dev/mqueue/quiet)
        [[ $before == *NOTIFY_PID:$MAKER_PID* ]]
        json list mq
        json show mq:/quiet
        [ "$before" = "$(cat /dev/mqueue/quiet)" ]
        mk mqstat name=/quiet
        [ "${A[curmsgs]}" = 2 ]
}

@test "mq: large limits" {
        # Of this sandbox's own IPC namespace; even root may lack CAP_SYS_RESOURCE, which would lift it.
        echo 5000 >/proc/sys/fs/mqueue/msg_max || skip "fs.mqueue.msg_max can't be raised"
        mk mq name=/large maxmsg=5000 msgsize=1
        listed mq '.name == "/large"'
        expect <<<'.max_messages == 5000 and .max_message_bytes == 1'
}

@test "mq: root finds queues although no mqueue is mounted" {
        "$SANDBOX" --no-mqueue bash -c '
                source "$0/live.bash"
                BATS_TEST_TMPDIR=$(mktemp -d) OUT=$BATS_TEST_TMPDIR/out ERR=$BATS_TEST_TMPDIR/err
                trap "rm -r \$BATS_TEST_TMPDIR" EXIT
                set -e
                maker_start
                mk mq name=/unseen send=1 bytes=7
                one ".name == \"/unseen\"" list mq
                expect <<<".queued_bytes == 7 and .queued_messages == 1 and .ref == \"mq:/unseen\""
                expect_all <<<".ipcview.complete"
                # Nothing was mounted for others to see.
                never grep -q " - mqueue " /proc/self/mountinfo
                maker_stop' "$LIVE_DIR"
}

@test "mq: a user without a mounted mqueue is told what is missing" {
        can_be_nobody || skip "there is no second user in this user namespace"
        "$SANDBOX" --no-mqueue bash -c '
                source "$0/live.bash"
                BATS_TEST_TMPDIR=$(mktemp -d) OUT=$BATS_TEST_TMPDIR/out ERR=$BATS_TEST_TMPDIR/err
                trap "rm -r \$BATS_TEST_TMPDIR" EXIT
                set -e
                maker_start
                mk mq name=/unseen mode=0644
                as_nobody json list mq
                expect_all <<END
.objects | map(select(.name == "/unseen")) == []
any(.gaps[]; .kind == "mq")
.ipcview.complete | not
END
                as_nobody view list mq
                [ $STATUS = 0 ] && [ -s "$ERR" ]
                maker_stop' "$LIVE_DIR"
}
