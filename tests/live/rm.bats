#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Removal: what is asked for, what the plan says, who may, and what is saved before.
load live
load admin

setup()
{
        live_setup
        admin_setup
}
teardown() { live_teardown; }

# --- addresses ---------------------------------------------------------------

@test "rm: by id, by key, by name, of every kind that it removes" {
        orphan shm key=0x51
        shm=${A[id]}
        mk sem key=0x52
        mk msg key=0x53
        msg=${A[id]}
        mk mq name=/q
        mk pshm name=/p
        mk psem name=/s close=1
        view rm --yes "shm:$shm" sem:0x52 "msg:$msg" mq:/q pshm:/p psem:/s
        status_is 0
        diff "$OUT" - <<END
shm:$shm: removed
sem:0: removed
msg:$msg: removed
mq:/q: removed
pshm:/p: removed
psem:/s: removed
6 removed
END
        [ ! -s "$ERR" ]
        nothing_left
}

@test "rm: what is named twice is removed once" {
        mk msg key=0x53
        view rm --yes "msg:${A[id]}" msg:0x53 msg:key=83
        status_is 0
        diff "$OUT" - <<<"msg:${A[id]}: removed"
}

@test "rm: ids and keys as ipcrm takes them, any number of each" {
        orphan shm key=0x61; orphan shm key=010; mk sem key=0x63; mk sem key=100; mk msg key=0x65; mk msg key=0xffffffff
        a=$(id_of shm 0x61) b=$(id_of sem 0x63) c=$(id_of msg 0x65)
        view rm --yes -m "$a" -M 010 -s "$b" -S 100 -q "$c" -Q 0xffffffff -v
        status_is 0
        tail -n 1 "$OUT" | grep -qx '6 removed'
        nothing_left
}

@test "rm: ipcrm's long options, and POSIX names with and without a slash" {
        mk mq name=/q
        mk pshm name=/p
        mk psem name=/s close=1
        mk msg key=5
        view rm --yes --posix-mqueue q --posix-shmem=/p --posix-semaphore s --queue-key 5
        status_is 0
        nothing_left
}

@test "rm: ipcrm's old form, shm|msg|sem ID..." {
        mk msg; a=${A[id]}
        mk msg; b=${A[id]}
        mk sem; c=${A[id]}
        view rm --yes msg "$a" "$b" sem "$c"
        status_is 0
        nothing_left
}

@test "rm: names given to --posix-shmem are bytes, not escapes" {
        mk pshm name='/a%2520b'
        view rm --yes --posix-shmem 'a%20b'
        status_is 0
        nothing_left
}

@test "rm: numbers that ipcrm cuts are errors, and nothing is removed" {
        mk nextid what=msg id=0
        mk msg
        mk msg key=7
        for wrong in 'msg 4294967296' '-q 4294967296' '-q 2147483648' '-Q 4294967303' '-Q 0x100000007' \
                     'msg:4294967296' 'msg:0x100000007' '-q 0x0' '-q 00' '-q 010' '-Q 0' '-Q 0x0' '-Q 08' '-Q 0x' \
                     'msg 0 0x1' 'msg -1'; do
                # shellcheck disable=SC2086
                view rm --yes $wrong
                status_is 2
                [ -s "$ERR" ]
                [ ! -s "$OUT" ]
        done
        for wrong in ' 0' '' '0 ' '+0'; do
                view rm --yes -q "$wrong"
                status_is 2
        done
        view rm --yes -q 0x0
        grep -q -- -Q "$ERR"
        [ "$(wc -l </proc/sysvipc/msg)" = 3 ]
}

@test "rm: a whole kind is never meant by accident" {
        mk msg
        for wrong in '' msg 'msg shm' 'msg --yes --force' 'msg -n' '--all msg:0' '--all=nothing' '--where id==0' \
                     'msg:' 'nokind:1' '1' 'pid:1' '-- --all' '--where id==0 --where id==1 msg' '-0 msg:0' \
                     '--drain msg:0' 'msg --where id=='; do
                # shellcheck disable=SC2086
                view rm --yes $wrong
                status_is 2
                [ ! -s "$OUT" ]
        done
        [ "$(wc -l </proc/sysvipc/msg)" = 2 ]
}

@test "rm: --where and --filter choose among the kinds named, --all among those of System V" {
        mk msg key=1; mk msg key=2; mk msg key=3; mk sem key=1; mk sem key=4
        mk pshm name=/stays
        view rm --yes msg sem --where 'key == 1'
        status_is 0
        [ "$(head -n -1 "$OUT" | sed 's/:.*//' | sort | tr '\n' ' ')" = 'msg sem ' ]
        view rm --yes msg --where 'key > 0' --filter 'key == 2'
        status_is 0
        view rm --yes --all=msg
        status_is 0
        [ "$(cat "$OUT")" = "msg:$(sed 's/msg:\([0-9]*\).*/\1/' "$OUT"): removed" ]
        view rm --yes --all
        status_is 0
        [ "$(wc -l </proc/sysvipc/sem)" = 1 ]
        view rm --yes --all
        status_is 3
        [ -e /dev/shm/stays ]
}

@test "rm: a missing object is told, the others are removed" {
        mk msg
        view rm --yes msg:4711 "msg:${A[id]}"
        status_is 64
        grep -q 'msg:4711: no such object' "$ERR"
        view rm --yes msg:4711 pshm:/nothing shm:0x99
        status_is 3
        [ "$(wc -l <"$ERR")" = 3 ]
        mk msg
        view rm --yes "shm:${A[id]}"
        status_is 3
}

@test "rm -: references on standard input, a line or a NUL each" {
        mk msg key=1; a=${A[id]}
        mk msg key=2; b=${A[id]}
        mk pshm name=/p
        printf 'msg:%s\n\nmsg:0x2\n' "$a" >"$BATS_TEST_TMPDIR/refs"
        view rm --yes - <"$BATS_TEST_TMPDIR/refs"
        status_is 0
        printf '%s\0' pshm:/p >"$BATS_TEST_TMPDIR/refs"
        view rm --yes -0 - <"$BATS_TEST_TMPDIR/refs"
        status_is 0
        nothing_left
        [ -n "$b" ]
}

@test "rm -: an empty list is nothing, never all" {
        mk msg
        view rm --yes - </dev/null
        status_is 3
        printf '\n\n' >"$BATS_TEST_TMPDIR/refs"
        view rm --yes --force - <"$BATS_TEST_TMPDIR/refs"
        status_is 3
        [ "$(wc -l </proc/sysvipc/msg)" = 2 ]
}

@test "rm -: what is no list of references removes nothing at all" {
        mk msg
        for wrong in "msg:${A[id]}\nREF\n" "msg:${A[id]}\nmsg\n" "msg:${A[id]}\nmsg:1\0msg:2\n" "msg:${A[id]}\n--all\n" \
                     "msg:${A[id]}\npid:1\n"; do
                # shellcheck disable=SC2059
                printf "$wrong" >"$BATS_TEST_TMPDIR/refs"
                view rm --yes - <"$BATS_TEST_TMPDIR/refs"
                status_is 2
        done
        [ "$(wc -l </proc/sysvipc/msg)" = 2 ]
}

# --- the plan ----------------------------------------------------------------

@test "rm -n: shows, and leaves everything as it is" {
        orphan shm size=65536 touch=65536 attach=1
        mk shm; used=${A[id]}
        orphan msg send=3 bytes=10
        view rm -n --all
        status_is 0
        grep -Eq '^shm:[0-9]+ +remove +orphan +root +64K' "$OUT"
        grep -Eq "^shm:$used +keep +in-use .*the process that created it is alive" "$OUT"
        grep -q '^2 objects are to be removed, memory set free: 64K, 3 messages are lost.$' "$OUT"
        grep -q '1 object is kept: 1 in-use; --force' "$OUT"
        grep -q '^shm: processes that are attached keep' "$OUT"
        [ "$(wc -l </proc/sysvipc/shm)" = 3 ]
        view rm -n "shm:$used"
        status_is 5
        view rm -n shm:4711
        status_is 3
        [ ! -e "$XDG_STATE_HOME/ipcview/journal.ndjson" ]
        view rm --yes --force --all
        status_is 0
}

@test "rm -n --json: a row for each, with verdict and reasons" {
        orphan msg send=2 bytes=5 key=0x77
        removals rm -n msg:0x77 msg:0x78 || true
        status_is 64
        removal_is <<END
.action == "remove" and .kind == "msg" and .result == "planned" and .error == null and (.forced | not)
.verdict == "free" and .inferred and (.reasons | length) == 1
.holder_count == 0
.owner.uid == 0
END
        jq -e '.errors == [{subject: "msg:0x78", error: "no such object", status: 3}]' "$OUT"
        view rm --yes msg:0x77
        status_is 0
}

@test "rm: what is in use is refused, unless it is forced" {
        mk shm attach=1; shm=${A[id]}
        mk mq name=/q keepfd=1
        mk pshm name=/p map=rw
        mk psem name=/s
        view rm --yes "shm:$shm" mq:/q pshm:/p psem:/s
        status_is 5
        [ "$(grep -c 'in-use: .*; needs --force' "$ERR")" = 4 ]
        grep -q "shm:$shm: in-use: processes have it mapped.*maker\[$MAKER_PID\]" "$ERR"
        removals rm --yes "shm:$shm" || true
        removal_is <<<'.verdict == "in-use" and .result == "refused" and (.inferred | not) and .holder_count == 1'
        view rm --yes --force "shm:$shm" mq:/q pshm:/p psem:/s
        status_is 0
        [ ! -e /dev/shm/p ]
        # Attached, it goes on until the last detach, and is no object any more that could be removed.
        grep -Eq "^ +0 +$shm +" /proc/sysvipc/shm
        view rm --yes --force "shm:$shm"
        status_is 5
        grep -q 'removed already' "$ERR"
}

@test "rm: threads that wait, and last users that live, keep sets and queues" {
        mk sem; sem=${A[id]}
        mk semwait id="$sem"
        mk msg; msg=${A[id]}
        mk msgwait id="$msg" op=receive
        mk msg send=1; sent=${A[id]}
        sleep 0.2
        view rm --yes "sem:$sem" "msg:$msg" "msg:$sent"
        status_is 5
        grep -q "sem:$sem: in-use: threads wait on it" "$ERR"
        grep -q "msg:$msg: in-use: threads wait on it" "$ERR"
        grep -q "msg:$sent: in-use: the process that used it last is alive" "$ERR"
        removals rm --yes "msg:$sent" || true
        removal_is <<<'.verdict == "in-use" and .inferred'
}

@test "rm: a queue with the key of a segment in use is in use" {
        mk shm key=0x4711 attach=1
        mk msg key=0x4711
        view rm --yes "msg:${A[id]}"
        status_is 5
        grep -q 'another object with its key and owner is in use (shm:' "$ERR"
}

@test "rm: a segment of a live PostgreSQL is protected, also from --force" {
        mk child comm=postgres; child=${A[child]}
        mk "@$child" shm key=0x1538 attach=1; shm=${A[id]}
        mk sem key=0x1538; sem=${A[id]}
        view rm --yes --force "shm:$shm" "sem:$sem"
        status_is 5
        [ "$(grep -c 'protected: a PostgreSQL server that is alive uses it' "$ERR")" = 2 ]
        view rm --yes --protected "shm:$shm"
        status_is 5
        grep -q -- 'needs --protected and --force\|needs --force' "$ERR"
        view rm --yes --protected --force "shm:$shm" "sem:$sem"
        status_is 0
}

@test "rm: what the configuration protects is refused, with the rule" {
        mkdir -p "$XDG_CONFIG_HOME/ipcview"
        echo 'protect = key == 0x90' >"$XDG_CONFIG_HOME/ipcview/ipcview.conf"
        mk msg key=0x90
        view rm --yes --force msg:0x90
        status_is 5
        grep -q 'protected: the configuration protects it: key == 0x90 (.*ipcview.conf)' "$ERR"
        view show msg:0x90
        grep -q 'it is protected' "$OUT"
        echo 'protect = key ==' >"$XDG_CONFIG_HOME/ipcview/ipcview.conf"
        view rm --yes --force --protected msg:0x90
        status_is 2
        [ "$(wc -l </proc/sysvipc/msg)" = 2 ]
        rm "$XDG_CONFIG_HOME/ipcview/ipcview.conf"
        view rm --yes msg:0x90
        status_is 0
}

@test "rm: where holders can't be seen, it counts as in use" {
        mk msg
        view rm --yes --no-holders "msg:${A[id]}"
        status_is 5
        grep -q 'unknown: not all processes could be looked into' "$ERR"
        view rm --yes --no-holders --force "msg:${A[id]}"
        status_is 0
}

@test "rm: nameless things are refused with the way that works" {
        mk pipe inherit=1
        view rm --yes --force "pipe:${A[inode]}"
        status_is 5
        grep -q 'impossible: it has no name that could be removed.*maker' "$ERR"
}

@test "rm: a recorded machine is planned for, never changed" {
        view --sysroot / rm --yes shm:1
        [ "$STATUS" = 3 ]
        mkdir -p "$BATS_TEST_TMPDIR/root/proc/sysvipc"
        cp /proc/sysvipc/shm "$BATS_TEST_TMPDIR/root/proc/sysvipc/"
        view --sysroot "$BATS_TEST_TMPDIR/root" rm --yes shm:1
        status_is 2
}

# --- files that are no objects ------------------------------------------------

@test "rm: directories, links and sockets in /dev/shm are never removed" {
        mk file path=d type=directory
        mk file path=d/inside type=regular bytes=3
        mk file path=l type=symlink target=/dev/shm/d
        mk file path=s type=socket
        mk file path=f type=fifo
        mk pshm name=/p
        view rm --yes --all=pshm
        status_is 0
        view rm --yes --force devshm --where 'mode or not mode'
        status_is 5
        view rm --yes devshm:/d devshm:/l
        status_is 5
        [ -d /dev/shm/d ] && [ -L /dev/shm/l ] && [ -S /dev/shm/s ] && [ -p /dev/shm/f ]
        [ ! -e /dev/shm/p ]
}

@test "rm: hostile names go out of list into rm, and only those" {
        for name in 'a%20b' 'a%0ab' '%1b[31m' 'a%25b' '%ff%fe' '-n' '--all' 'x%20(deleted)' "$(printf 'n%.0s' {1..254})" \
                    '%2a' '%24(id)' '%5cx41' '%27%22'; do
                mk pshm name="/$name"
        done
        mk pshm name=/A
        mk pshm name=/stays
        view list pshm --filter "name != '/stays' and name != '/A'" -o ref --no-headings
        cp "$OUT" "$BATS_TEST_TMPDIR/refs"
        view rm --yes - <"$BATS_TEST_TMPDIR/refs"
        status_is 0
        never grep -q "$(printf '\033')" "$OUT"
        [ "$(ls /dev/shm | sort | tr '\n' ' ')" = 'A stays ' ]
        mk mq name='/%1b%ff%20q'
        view rm -n --json --force "mq:/%1b%ff%20q"
        status_is 0
        jq -e '.removals[0].result == "planned"' "$OUT"
        view rm --yes --force "mq:/%1b%ff%20q"
        status_is 0
}

# --- who may -------------------------------------------------------------------

@test "rm: one's own objects of mode 0000 go, other people's do not" {
        can_be_nobody || skip "there is no second user in this user namespace"
        for what in shm sem msg; do
                orphan_as "$NOBODY" $what mode=0
        done
        mk pshm name=/mine as=$NOBODY mode=0
        mk mq name=/mine as=$NOBODY mode=0
        mk msg key=0x66 mode=0666
        mk pshm name=/theirs mode=0666
        as_nobody view rm --yes msg:0x66 pshm:/theirs
        status_is 4
        grep -Eq 'rm: msg:0: |rm: msg:[0-9]+: Operation not permitted \(owner root; needs CAP_SYS_ADMIN or the owner\)' "$ERR"
        grep -q 'rm: pshm:/theirs: Operation not permitted (owner root' "$ERR"
        as_nobody view rm --yes --force --all
        status_is 64
        as_nobody view rm --yes --force pshm:/mine mq:/mine
        status_is 0
        [ "$(cat /proc/sysvipc/{shm,sem,msg} | wc -l)" = 4 ]
}

# --- copies ----------------------------------------------------------------------

@test "rm --save: the copy is told and noted; without one nothing is removed" {
        mk msg send=3 bytes=20; a=${A[id]}
        orphan shm size=8192 touch=5000 attach=1; b=${A[id]}
        view rm --yes --force --save="$BATS_TEST_TMPDIR/copies" "msg:$a" "shm:$b"
        status_is 0
        [ "$(grep -c ': removed, saved as ' "$OUT")" = 2 ]
        [ "$(ls "$BATS_TEST_TMPDIR/copies" | wc -l)" = 2 ]
        jq -e '.copy | test("/copies/")' "$XDG_STATE_HOME/ipcview/journal.ndjson"
        nothing_left

        mk msg; a=${A[id]}
        mk msg; b=${A[id]}
        view rm --yes --save "msg:$a"
        status_is 0
        [ "$(ls "$XDG_STATE_HOME/ipcview/saved" | wc -l)" = 1 ]
        : >"$BATS_TEST_TMPDIR/file"
        view rm --yes --save="$BATS_TEST_TMPDIR/file" "msg:$b"
        status_is 1
        grep -q 'file: Not a directory' "$ERR"
        [ "$(wc -l </proc/sysvipc/msg)" = 2 ]
}

@test "rm --save: when the disk is full, nothing at all is removed" {
        mkdir "$BATS_TEST_TMPDIR/small"
        mount -t tmpfs -o size=256k none "$BATS_TEST_TMPDIR/small" || skip "no tmpfs can be mounted"
        orphan shm size=65536 touch=65536 attach=1; a=${A[id]}
        head -c 1000000 /dev/urandom >/dev/shm/b
        view rm --yes --save="$BATS_TEST_TMPDIR/small" "shm:$a" pshm:/b
        cp "$OUT" "$BATS_TEST_TMPDIR/out1"
        cp "$ERR" "$BATS_TEST_TMPDIR/err1"
        [ "$STATUS" = 1 ] || [ "$STATUS" = 5 ]
        removals rm --yes --save="$BATS_TEST_TMPDIR/small" pshm:/b || true
        umount "$BATS_TEST_TMPDIR/small"
        status_is 1
        removal_is <<<'.result == "unsaved" and .error == "ENOSPC" and (has("copy") | not)'
        grep -q "pshm:/b: could not be saved, so it was not removed: No space left on device" "$BATS_TEST_TMPDIR/err1"
        grep -q "shm:$a: not removed, as not everything could be saved" "$BATS_TEST_TMPDIR/err1"
        [ "$(wc -l </proc/sysvipc/shm)" = 2 ]
        [ "$(stat -c %s /dev/shm/b)" = 1000000 ]
        view rm --yes "shm:$a" pshm:/b
        status_is 0
}
