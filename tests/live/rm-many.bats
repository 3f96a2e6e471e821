#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Long lists, which two threads remove: what is promised of one object holds for each of thousands.
load live
load admin

MANY=3000

setup()
{
        live_setup
        admin_setup
        export XDG_STATE_HOME=$BATS_TEST_TMPDIR/state
        JOURNAL=$XDG_STATE_HOME/ipcview/journal.ndjson
        LIST=$BATS_TEST_TMPDIR/list
}

teardown()
{
        left | xargs -r -n 500 ipcrm
        live_teardown
}

left() { awk 'FNR > 1 { print "-m", $2 }' /proc/sysvipc/shm; }

# So many segments, older than a moment; LIST names them as ipcrm takes them, the last one first.
make_many()
{
        "$PYTHON" - "$MANY" <<'END'
import ctypes, sys
libc = ctypes.CDLL(None, use_errno=True)
for i in range(int(sys.argv[1])):
    if libc.shmget(0, 4096, 0o600 | 0o1000) < 0:
        sys.exit("shmget: %d" % ctypes.get_errno())
END
        sleep 1.2
        left | tac >"$LIST"
        [ "$(wc -l <"$LIST")" = "$MANY" ]
}

# The references of the journal that were removed, sorted.
noted() { jq -r 'select(.action == "remove" and .result == "done") | .ref' "$JOURNAL" | sort; }

# Those of the list that are not there any more, sorted.
gone() { comm -23 <(sort "$LIST") <(left | sort) | sed 's/-m /shm:/'; }

# Starts a removal of the whole list, and waits until it has begun.
begin_removal()
{
        # shellcheck disable=SC2046
        "$PYTHON" -c 'import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])' "$IPCVIEW" rm --yes $(cat "$LIST") >"$OUT" 2>"$ERR" 3>&- &
        pid=$!
        # It takes some milliseconds: no time for naps.
        while kill -0 "$pid" && [ ! -s "$JOURNAL" ]; do :; done
}

end_removal()
{
        kill "-$1" "$pid" || true
        STATUS=0
        wait "$pid" || STATUS=$?
}

@test "rm: thousands are told in their order, and each is noted once" {
        make_many
        # shellcheck disable=SC2046
        view rm --yes $(cat "$LIST")
        status_is 0
        [ ! -s "$ERR" ]
        diff "$OUT" <(sed 's/-m \(.*\)/shm:\1: removed/' "$LIST"; echo "$MANY removed")
        noted | diff - <(sed 's/-m /shm:/' "$LIST" | sort)
        nothing_left
}

@test "rm: one of thousands that is in use is refused, the others go" {
        make_many
        mk shm key=0x71 attach=1
        # shellcheck disable=SC2046
        view rm --yes $(head -n 1000 "$LIST") -m "${A[id]}" $(tail -n +1001 "$LIST")
        status_is 64
        [ "$(wc -l <"$ERR")" = 1 ] && grep -q "shm:${A[id]}: in-use: processes have it mapped" "$ERR"
        [ "$(noted | wc -l)" = "$MANY" ]
        [ "$(left)" = "-m ${A[id]}" ]
}

# Those that the journal tells of as neither done nor left alone, sorted.
interrupted() { view journal --json && jq -r '.journal[] | select(.result == "interrupted") | .ref' "$OUT" | sort; }

@test "rm: killed among thousands, all that are gone are noted, or told as interrupted, and nothing else is noted" {
        for _ in 1 2 3 4 5; do
                rm -f "$JOURNAL"
                make_many
                begin_removal
                end_removal KILL
                [ "$STATUS" = 137 ] || [ "$STATUS" = 0 ]
                gone >"$BATS_TEST_TMPDIR/gone"
                # The kernel itself may have cut the lines that were being written.
                sed -n '/}$/p' "$JOURNAL" >"$BATS_TEST_TMPDIR/whole"
                JOURNAL=$BATS_TEST_TMPDIR/whole noted >"$BATS_TEST_TMPDIR/noted"
                [ -z "$(comm -13 "$BATS_TEST_TMPDIR/gone" "$BATS_TEST_TMPDIR/noted")" ]
                interrupted >"$BATS_TEST_TMPDIR/interrupted"
                [ -z "$(sort "$BATS_TEST_TMPDIR/noted" "$BATS_TEST_TMPDIR/interrupted" | uniq -d)" ]
                [ -z "$(sort "$BATS_TEST_TMPDIR/noted" "$BATS_TEST_TMPDIR/interrupted" |
                        comm -23 "$BATS_TEST_TMPDIR/gone" -)" ]
                # A block for each of two threads.
                n=$(wc -l <"$BATS_TEST_TMPDIR/interrupted")
                [ "$n" -le 128 ]
                [ "$n" = 0 ] || grep -q "$n removals\? w.* interrupted: look whether" "$ERR"
                left | xargs -r -n 500 ipcrm
        done
}

@test "rm: an interrupt among thousands: what was done is told and noted, the rest is not touched" {
        make_many
        begin_removal
        end_removal INT
        [ "$STATUS" = 130 ] || [ "$STATUS" = 0 ]
        gone >"$BATS_TEST_TMPDIR/gone"
        noted | diff - "$BATS_TEST_TMPDIR/gone"
        sed -n 's/: removed$//p' "$OUT" | sort | diff - "$BATS_TEST_TMPDIR/gone"
        # In the order of the list, also where it stopped.
        sed -n 's/^shm:\(.*\): removed$/-m \1/p' "$OUT" >"$BATS_TEST_TMPDIR/told"
        grep -Fxf "$BATS_TEST_TMPDIR/told" "$LIST" | diff - "$BATS_TEST_TMPDIR/told"
        tail -n 1 "$OUT" | grep -qx "$(wc -l <"$BATS_TEST_TMPDIR/gone") removed"
        [ "$STATUS" = 0 ] || grep -q 'stopped: the rest was not touched' "$ERR"
        # What was announced and left alone is told to be so.
        [ -z "$(interrupted)" ]
}
