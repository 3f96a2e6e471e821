#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Removal: who is asked, and what happens to objects that change meanwhile.
load live
load admin

setup()
{
        live_setup
        admin_setup
}
teardown() { live_teardown; }

# --- consent -------------------------------------------------------------------

@test "rm: without a terminal nothing is removed without --yes" {
        mk msg
        view rm "msg:${A[id]}"
        status_is 5
        grep -q -- --yes "$ERR"
        view rm "msg:${A[id]}" --json
        status_is 5
        jq -e '.removals | map(.result) == ["refused"]' "$OUT"
        yes | timeout 10 "$IPCVIEW" rm "msg:${A[id]}" >"$OUT" 2>"$ERR" && false
        [ "$(wc -l </proc/sysvipc/msg)" = 2 ]
}

@test "rm: a terminal is asked; only yes is yes" {
        mk msg; id=${A[id]}
        for answer in '\n' 'n\n' 'no\n' 'yep\n' '\x04' 'y\x04\x04' '1\n'; do
                ask --send "$answer" rm "msg:$id"
                [ "$STATUS" = 5 ] || { show_output; return 1; }
                grep -q 'Remove 1 object? \[y/N\]' "$OUT"
                grep -q 'nothing was removed' "$OUT"
        done
        [ "$(wc -l </proc/sysvipc/msg)" = 2 ]
        ask --send '\x03' rm "msg:$id"
        [ "$STATUS" = 130 ]
        [ "$(wc -l </proc/sysvipc/msg)" = 2 ]
        ask --send 'y\n' rm "msg:$id"
        status_is 0
        grep -Eq "^msg:$id +remove +free" "$OUT"
        grep -q "^msg:$id: removed" "$OUT"
        nothing_left
}

@test "rm: several in use ask for their number" {
        mk shm attach=1; a=${A[id]}
        mk shm attach=1; b=${A[id]}
        for answer in 'y\n' '1\n' '3\n' '22\n' '\n'; do
                ask --send "$answer" rm --force "shm:$a" "shm:$b"
                [ "$STATUS" = 5 ] || { show_output; return 1; }
                grep -q '2 of them are in use' "$OUT"
        done
        ask --send '2\n' rm --force "shm:$a" "shm:$b"
        status_is 0
}

@test "rm: other people's objects ask root for their number" {
        [ "$U" != 0 ] || skip "there is no second user in this user namespace"
        mk msg uid="$U" gid="$G"; id=${A[id]}
        ask --send 'y\n' rm "msg:$id"
        status_is 5
        grep -q '1 of them belongs to another user' "$OUT"
        ask --send '1\n' rm "msg:$id"
        status_is 0
}

@test "rm -: with a list on standard input the terminal itself is asked" {
        mk msg; id=${A[id]}
        echo "msg:$id" >"$BATS_TEST_TMPDIR/refs"
        ask --stdin "$BATS_TEST_TMPDIR/refs" --send 'n\n' rm -
        status_is 5
        ask --stdin "$BATS_TEST_TMPDIR/refs" --send 'y\n' rm -
        status_is 0
        nothing_left
}

# --- what happens meanwhile ------------------------------------------------------

@test "rm: replaced while the question stands: not removed" {
        mk msg key=0x70; msg=${A[id]}
        mk pshm name=/p
        mk mq name=/q
        hook="ipcrm -Q 0x70; echo $msg >/proc/sys/kernel/msg_next_id; ipcmk -Q >/dev/null
              echo new >/dev/shm/new; mv /dev/shm/new /dev/shm/p; rm /dev/mqueue/q; : >/dev/mqueue/q"
        ask --hook "$hook" --send 'y\n' rm "msg:$msg" pshm:/p mq:/q
        [ "$STATUS" = 5 ] || { show_output; return 1; }
        [ "$(grep -c 'changed meanwhile' "$OUT")" = 3 ]
        [ "$(cat /dev/shm/p)" = new ]
        [ -e /dev/mqueue/q ]
        [ "$(wc -l </proc/sysvipc/msg)" = 2 ]
        tail -n 1 "$OUT" | grep -q '^0 removed, 3 changed'
        rm /dev/mqueue/q
        ipcrm -q "$msg"
}

@test "rm: taken into use while the question stands: not removed" {
        mk msg; id=${A[id]}
        mk pshm name=/p
        hook="echo 'msgsnd id=$id' >'$BATS_TEST_TMPDIR/no'; $PYTHON -c '
import ctypes
libc = ctypes.CDLL(None)
message = (ctypes.c_char * 16)(1)
assert libc.msgsnd($id, message, 3, 0) == 0'"
        ask --hook "$hook" --send 'y\n' rm "msg:$id"
        status_is 5
        grep -q 'changed meanwhile, so it was not removed: queued_messages 0 -> 1' "$OUT"
        [ "$(wc -l </proc/sysvipc/msg)" = 2 ]
}

@test "rm: gone while the question stands" {
        mk msg; a=${A[id]}
        mk pshm name=/p
        ask --hook "ipcrm -q $a; rm /dev/shm/p" --send 'y\n' rm "msg:$a" pshm:/p
        [ "$STATUS" = 3 ] || { show_output; return 1; }
        [ "$(grep -c 'gone already' "$OUT")" = 3 ]
}

@test "rm: interrupted, it stops between two objects and tells what it did" {
        many 3000
        ask --when 'msg:[0-9]+: removed' --send '\x03' rm --yes --all=msg
        [ "$STATUS" = 130 ] || [ "$STATUS" = 0 ] || { show_output; return 1; }
        left=$(($(wc -l </proc/sysvipc/msg) - 1))
        # What the terminal had not printed yet when ^C was typed, it throws away.
        grep -q "^$((3000 - left)) removed" "$OUT"
        [ "$(grep -c '"result":"done"' "$XDG_STATE_HOME/ipcview/journal.ndjson")" = $((3000 - left)) ]
        # Behind the last object there is nothing to stop, but it ends as the signal says.
        if [ "$left" -gt 0 ]; then
                [ "$STATUS" = 130 ]
                grep -q 'stopped: the rest was not touched' "$OUT"
        else
                never grep -q 'stopped:' "$OUT"
        fi
        view rm --yes --all=msg
}

@test "rm: ten thousand at once, by id, by key and from a list" {
        many 10000
        awk 'NR > 1 { print "msg:" $2 }' /proc/sysvipc/msg >"$BATS_TEST_TMPDIR/refs"
        view rm --yes - <"$BATS_TEST_TMPDIR/refs"
        status_is 0
        tail -n 1 "$OUT" | grep -qx '10000 removed'
        [ "$(wc -l <"$OUT")" = 10001 ]
        many 10000
        awk 'NR > 1 { printf "msg:0x%x\n", $1 }' /proc/sysvipc/msg >"$BATS_TEST_TMPDIR/refs"
        view rm --yes --ndjson - <"$BATS_TEST_TMPDIR/refs"
        status_is 0
        jq -es 'map(select(.record == "removal" and .result == "done")) | length == 10000' "$OUT"
        jq -es '.[-1] | .record == "end" and .removals == 10000' "$OUT"
}

@test "rm: an object that is replaced all the time, with the same id and key, is never taken for the one seen" {
        cat >"$BATS_TEST_TMPDIR/churn.py" <<'END'
import ctypes
import os
import sys
import time

libc = ctypes.CDLL(None, use_errno=True)
made = 0
end = time.monotonic() + float(sys.argv[1])
next_id = os.open("/proc/sys/kernel/msg_next_id", os.O_WRONLY)
queue = libc.msgget(0x4444, 0o3600)
print(queue, flush=True)
while time.monotonic() < end:
    # Whoever removes what we made just now has taken it for another one.
    if libc.msgctl(queue, 0, None) < 0:
        sys.exit("somebody removed queue number %d" % made)
    os.pwrite(next_id, b"%d" % queue, 0)
    if libc.msgget(0x4444, 0o3600) != queue:
        sys.exit("the id could not be had again")
    made += 1
libc.msgctl(queue, 0, None)
print(made)
END
        mk_try nextid what=msg id=7 || skip "ids can't be chosen here"
        "$PYTHON" "$BATS_TEST_TMPDIR/churn.py" 6 >"$BATS_TEST_TMPDIR/churn" 3>&- &
        churn=$!
        until [ -s "$BATS_TEST_TMPDIR/churn" ]; do sleep 0.05; done
        id=$(head -n 1 "$BATS_TEST_TMPDIR/churn")
        while kill -0 $churn 2>/dev/null; do
                view rm --yes --force "msg:$id"
                [ "$STATUS" = 5 ] || [ "$STATUS" = 3 ] || { show_output; return 1; }
        done
        wait $churn
        [ "$(tail -n 1 "$BATS_TEST_TMPDIR/churn")" -gt 1000 ]
}
