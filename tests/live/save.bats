#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Saving and restoring: the same attributes and contents, byte for byte, or a clear no and nothing left.
load live
load admin

setup()
{
        live_setup
        admin_setup
        COPIES=$BATS_TEST_TMPDIR/copies
}

teardown()
{
        local id kind
        for kind in shm sem msg; do
                for id in $(awk 'FNR > 1 { print $2 }' /proc/sysvipc/$kind); do
                        ipcrm "$kind" "$id" >/dev/null
                done
        done
        rm -rf /dev/shm/* /dev/shm/.[!.]* /dev/mqueue/*
        ! mountpoint -q /dev/small || umount /dev/small
        live_teardown
}

contents() { "$PYTHON" "$LIVE_DIR/contents.py" "$@"; }

# Fails with what was said.
done_well() { status_is 0 && [ ! -s "$ERR" ] || { show_output; return 1; }; }

# said STATUS TEXT: that status, and that text on stderr
said()
{
        [ "$STATUS" = "$1" ] && grep -qF -- "$2" "$ERR" || { echo "not $1: $2"; show_output; return 1; }
}

# Nothing hidden, nothing partial, and so many copies in DIR.
copies()
{
        [ "$(ls "$1" | wc -l)" = "$2" ] && [ "$(ls -A "$1" | wc -l)" = "$2" ] || { ls -lA "$1"; return 1; }
}

# What must be the same of an object that came back. With its id and times where it can have them.
features()
{
        view list "$@" --json
        jq -S '[.objects[] | {ref, kind, id, key, name, mode, owner, group, size_bytes, semaphore_count, semaphores,
                queued_messages, queued_bytes, max_bytes, max_messages, max_message_bytes, value}
                | del(.semaphores[]?.last_pid, .semaphores[]?.last_life)]' "$OUT"
}

remove_all()
{
        view rm --yes --force "$@"
        status_is 0
}

@test "save, restore: objects of every kind come back as they were, with their ids" {
        mk shm key=0x5a1 size=70000 mode=0640 uid="$U" gid="$G"
        shm=${A[id]}
        contents fill "$shm" 5000 0 65000
        mk sem key=0x5a2 nsems=3 values=7,0,32767 mode=0604
        mk msg key=0x5a3 mode=0602
        contents send "${A[id]}"
        msg=${A[id]}
        mk mq name=/jobs mode=0620 send=3 bytes=10
        mk pshm name=/p size=12345 mode=0606
        printf 'bytes\0of\xff' | dd of=/dev/shm/p conv=notrunc status=none
        cp /dev/shm/p "$BATS_TEST_TMPDIR/p"
        mk psem name=/s value=4 close=1 mode=0600
        mkfifo -m 0611 /dev/ff
        features "shm:$shm" sem:0x5a2 "msg:$msg" mq:/jobs pshm:/p psem:/s fifo:/dev/ff >"$BATS_TEST_TMPDIR/before"

        view save "shm:$shm" sem:0x5a2 "msg:$msg" pshm:/p psem:/s fifo:/dev/ff "$COPIES"
        done_well
        copies "$COPIES" 6
        features "shm:$shm" sem:0x5a2 "msg:$msg" mq:/jobs pshm:/p psem:/s fifo:/dev/ff | diff "$BATS_TEST_TMPDIR/before" -
        view save --drain mq:/jobs "$COPIES"
        done_well
        view restore --check "$COPIES"
        done_well
        [ "$(grep -c '(whole)$' "$OUT")" = 7 ]

        remove_all "shm:$shm" sem:0x5a2 "msg:$msg" mq:/jobs pshm:/p psem:/s fifo:/dev/ff
        view restore --same-id "$COPIES"
        done_well
        features "shm:$shm" sem:0x5a2 "msg:$msg" mq:/jobs pshm:/p psem:/s fifo:/dev/ff | diff "$BATS_TEST_TMPDIR/before" -
        contents sum "$shm" 5000 0 65000
        cmp "$BATS_TEST_TMPDIR/p" /dev/shm/p
        contents receive "$msg" >"$BATS_TEST_TMPDIR/got"
        [ "$(cut -d' ' -f1,2 "$BATS_TEST_TMPDIR/got" | tr '\n' ,)" = "1 5,9 0,4611686018427387904 6,1 8192,3 256,1 5," ]
        rm /dev/ff
}

@test "save: what is saved twice is the same, and what is restored saves the same" {
        mk shm key=0x5b1 size=300000
        contents fill "${A[id]}" 3000 0 100000 290000
        mk sem key=0x5b2 nsems=250
        mk pshm name=/p size=5000
        view save shm:0x5b1 sem:0x5b2 pshm:/p "$COPIES/a"
        done_well
        view save shm:0x5b1 sem:0x5b2 pshm:/p "$COPIES/b"
        done_well
        remove_all shm:0x5b1 sem:0x5b2 pshm:/p
        view restore "$COPIES/a"
        done_well
        view save shm:0x5b1 sem:0x5b2 pshm:/p "$COPIES/c"
        done_well
        for dir in b c; do
                # Ids go on, so the names differ; the order does not.
                paste <(find "$COPIES/a" -type f ! -name object.json ! -name SUMS | sort) \
                      <(find "$COPIES/$dir" -type f ! -name object.json ! -name SUMS | sort) |
                while read -r one other; do cmp "$one" "$other" || exit 1; done
        done
}

@test "save, restore: more than 4 GiB, mostly holes, in little memory and time" {
        mk shm key=0x5c1 size=6442450947 noreserve=1
        old=${A[id]}
        contents fill "$old" 5000 0 4294965000 6442445947
        start=$SECONDS
        contents rss 40000 "$IPCVIEW" save "shm:$old" "$COPIES"
        [ $((SECONDS - start)) -lt 60 ]
        [ "$(stat -c %s "$COPIES/shm-$old/memory")" = 6442450947 ]
        [ "$(du -sk "$COPIES" | cut -f1)" -lt 200 ]
        view list shm --json
        [ "$(jq '.objects[0].resident_bytes' "$OUT")" -le 40960 ]
        ipcrm -m "$old"
        contents rss 40000 "$IPCVIEW" restore "$COPIES"
        new=$(id_of shm 0x5c1)
        view list shm --json
        [ "$(jq '.objects[0].resident_bytes' "$OUT")" -le 40960 ]
        contents sum "$new" 5000 0 4294965000 6442445947
}

@test "save, restore: 200 MiB of data in little memory, holes of a file stay holes" {
        mk shm key=0x5d1 size=209715200
        old=${A[id]}
        contents dense "$old" 209715200
        contents rss 80000 "$IPCVIEW" save "shm:$old" "$COPIES"
        ipcrm -m "$old"
        contents rss 80000 "$IPCVIEW" restore "$COPIES"
        view save shm:0x5d1 "$COPIES/again"
        done_well
        cmp "$COPIES/shm-$old/memory" "$COPIES/again/"shm-*/memory
        ipcrm -M 0x5d1
        rm -r "$COPIES"

        truncate -s 3G /dev/shm/sparse
        printf x | dd of=/dev/shm/sparse bs=1 seek=2147483648 conv=notrunc status=none
        before=$(stat -c '%s %b %Y' /dev/shm/sparse)
        contents rss 40000 "$IPCVIEW" save pshm:/sparse "$COPIES"
        rm /dev/shm/sparse
        contents rss 40000 "$IPCVIEW" restore "$COPIES"
        [ "$(stat -c '%s %b %Y' /dev/shm/sparse)" = "$before" ]
        [ "$(dd if=/dev/shm/sparse bs=1 skip=2147483648 count=1 status=none)" = x ]
}

@test "save, restore: hostile names" {
        names=('a b' $'new\nline' $'\033[31mred' '%41' 'a%20b' '-rf' 'x (deleted)' $'\xff\xfe' "quo'\"te" '*?[x]' '~' 'x.partial'
               "$(printf 'n%.0s' {1..255})" "$(printf 'm%.0s' {1..254})a" "$(printf 'm%.0s' {1..254})b" "$(printf '\377%.0s' {1..255})")
        for i in "${!names[@]}"; do
                printf '%s' "$i" >"/dev/shm/${names[i]}"
        done
        view save pshm "$COPIES"
        done_well
        copies "$COPIES" ${#names[@]}
        # One safe word each, whatever they stand for.
        [ -z "$(find "$COPIES" -mindepth 1 -maxdepth 1 | LC_ALL=C grep -v '/pshm[-A-Za-z0-9._+@%=]*$')" ]
        (cd /dev/shm && rm -f -- * )
        view restore "$COPIES"
        done_well
        for i in "${!names[@]}"; do
                [ "$(cat "/dev/shm/${names[i]}")" = "$i" ]
        done
        [ "$(ls -A /dev/shm | wc -l)" -ge ${#names[@]} ]
        [ "$(LC_ALL=C grep -c $'[\001-\011\013-\037\177-\377]' "$OUT")" = 0 ]
}

@test "save: what is wanted, and where" {
        mk msg key=0x5e1
        id=${A[id]}
        mk msg key=0x5e2 send=1 bytes=5
        view save
        said 2 directory
        view save msg
        said 2 directory
        view save "msg:$id"
        said 2 directory
        view save "$COPIES"
        said 2 directory
        view save msg mq:/jobs
        said 2 directory
        view save msg -
        said 2 directory
        view save nothing "$COPIES"
        status_is 2
        view save msg:0x5e9 "$COPIES"
        said 3 'no such object'
        view save sem "$COPIES"
        said 3 'nothing to save'
        view save msg --where 'queued_messages > 5' "$COPIES"
        said 3 'nothing to save'
        view save msg --where 'queued_messages >' "$COPIES"
        status_is 2
        [ ! -e "$COPIES" ]

        view save msg --where 'queued_messages == 0' "$COPIES"
        done_well
        [ "$(cat "$OUT")" = "msg:$id -> $COPIES/msg-$id" ]
        view save --filter queued_messages msg "$COPIES"
        done_well
        copies "$COPIES" 2
        echo "msg:$id" | view save - "$COPIES"
        done_well
        printf 'msg:%s\0' "$id" | view save -0 - "$COPIES"
        done_well
        copies "$COPIES" 4
        [ -d "$COPIES/msg-$id-2" ] && [ -d "$COPIES/msg-$id-3" ]
        view save -q "msg:$id" "$COPIES"
        done_well
        [ ! -s "$OUT" ]
        # What is there is saved, the rest is told.
        view save "msg:$id" msg:99999 "$COPIES"
        said 64 'no such object'
        [ "$(wc -l <"$OUT")" = 1 ]
        [ "$(stat -c %a "$COPIES" "$COPIES/msg-$id" "$COPIES/msg-$id"/* | tr '\n' ' ')" = '700 700 600 600 600 ' ]
}

@test "save: kinds whose contents can't be had say so" {
        mk mq name=/jobs send=2 bytes=3
        view save mq:/jobs "$COPIES"
        said 1 --drain
        copies "$COPIES" 0
        view list mq --json
        jq -e '.objects[0].queued_messages == 2' "$OUT"
        view save pipe "$COPIES"
        status_is 5
        view --sysroot / save mq:/jobs "$COPIES"
        [ "$STATUS" != 64 ]
        mkdir "$BATS_TEST_TMPDIR/root"
        view --sysroot "$BATS_TEST_TMPDIR/root" save shm "$COPIES"
        status_is 5
        copies "$COPIES" 0
}

@test "save: into directories that will do, and others" {
        mk msg key=0x5f1
        ref=msg:${A[id]}
        touch "$BATS_TEST_TMPDIR/file"
        view save "$ref" "$BATS_TEST_TMPDIR/file"
        said 1 'Not a directory'
        view save "$ref" "$BATS_TEST_TMPDIR/file/x"
        said 1 'Not a directory'
        view save "$ref" /proc/x
        said 1 /proc/x
        view save "$ref" "$BATS_TEST_TMPDIR/a/b//c/"
        done_well
        [ "$(stat -c %a "$BATS_TEST_TMPDIR/a" "$BATS_TEST_TMPDIR/a/b" "$BATS_TEST_TMPDIR/a/b/c" | sort -u)" = 700 ]
        mkdir -m 777 "$BATS_TEST_TMPDIR/open"
        view save "$ref" "$BATS_TEST_TMPDIR/open"
        said 4 sticky
        [ -z "$(ls -A "$BATS_TEST_TMPDIR/open")" ]
        chmod 1777 "$BATS_TEST_TMPDIR/open"
        view save "$ref" "$BATS_TEST_TMPDIR/open"
        done_well
        # A name that is taken, by whatever it is.
        ln -s /nowhere "$BATS_TEST_TMPDIR/a/msg-${A[id]}"
        view save "$ref" "$BATS_TEST_TMPDIR/a"
        done_well
        [ -d "$BATS_TEST_TMPDIR/a/msg-${A[id]}-2" ]
}

@test "save: a full disk leaves the object, and no trace of a copy" {
        mkdir -p /dev/small
        for size in 40k 300k 1m; do
                mount -t tmpfs -o "size=$size,mode=700" none /dev/small
                mk shm key=0x601 size=4000000
                contents dense "${A[id]}" 4000000
                view save shm:0x601 /dev/small
                said 1 'No space left on device'
                [ ! -s "$OUT" ]
                [ -z "$(ls -A /dev/small)" ]
                view rm --yes --force --save=/dev/small shm:0x601
                [ "$STATUS" != 0 ]
                [ -z "$(ls -A /dev/small)" ]
                [ -n "$(id_of shm 0x601)" ]
                ipcrm -M 0x601
                umount /dev/small
        done
        # Too few inodes for one file or the other.
        for inodes in 2 3 4 5; do
                mount -t tmpfs -o "nr_inodes=$inodes,mode=700" none /dev/small
                mk mq name=/jobs send=2 bytes=3
                view save --drain mq:/jobs /dev/small
                if [ "$STATUS" = 0 ]; then
                        copies /dev/small 1
                else
                        said 1 'No space left on device'
                        [ -z "$(ls -A /dev/small)" ] || copies /dev/small 1
                        # Either they are still in the queue, or what was taken out is kept.
                        view list mq --json
                        jq -e '.objects[0].queued_messages == 2' "$OUT" || compgen -G '/dev/small/*.partial' >/dev/null
                fi
                rm /dev/mqueue/jobs
                umount /dev/small
        done
}

@test "restore: what exists is never touched" {
        mk shm key=0x611 size=100
        contents fill "${A[id]}" 50 0
        mk pshm name=/p size=10
        view save shm:0x611 pshm:/p "$COPIES"
        done_well
        printf other >/dev/shm/p
        view restore "$COPIES"
        said 5 'exists already'
        grep -qF 0x00000611 "$ERR" && grep -qF ' /p' "$ERR"
        [ ! -s "$OUT" ]
        [ "$(cat /dev/shm/p)" = other ]
        rm /dev/shm/p
        ln -s /dev/null /dev/shm/p
        view restore "$COPIES/pshm-p"
        said 5 'exists already'
        rm /dev/shm/p
        # The id is taken, the key is not.
        ipcrm -M 0x611
        mk nextid what=shm id="$(basename "$COPIES"/shm-* | tr -dc 0-9)"
        mk shm key=0x612 size=1
        view restore --same-id "$COPIES"
        said 64 'exists already'
        [ -z "$(id_of shm 0x611)" ]
        view restore "$COPIES/"shm-*
        done_well
        [ -n "$(id_of shm 0x611)" ]
}

@test "restore: damaged copies make nothing, and say what is wrong" {
        mk shm key=0x621 size=50000
        contents fill "${A[id]}" 50000 0
        view save shm:0x621 "$COPIES"
        done_well
        ipcrm -M 0x621
        copy=$(echo "$COPIES"/shm-*)
        printf x | dd of="$copy/memory" bs=1 seek=777 conv=notrunc status=none
        for option in '' --check -n --same-id; do
                # shellcheck disable=SC2086
                view restore $option "$copy"
                said 1 'damaged: memory'
        done
        [ -z "$(id_of shm 0x621)" ]
        truncate -s 10 "$copy/object.json"
        view restore "$copy"
        status_is 1
        rm "$copy/SUMS"
        view restore "$copy"
        said 3 'no copy there'
        view restore "$COPIES"
        said 3 'no copy there'
        view restore /nowhere /etc/passwd
        [ "$(wc -l <"$ERR")" = 2 ]
        status_is 3
        view restore
        status_is 2
        [ -z "$(id_of shm 0x621)" ]
}

@test "restore: sums that fit don't make a bad manifest good" {
        mk shm key=0x631 size=5000
        view save shm:0x631 "$COPIES"
        done_well
        ipcrm -M 0x631
        copy=$(echo "$COPIES"/shm-*)
        before=$(cat "$copy/SUMS")
        contents sums "$copy"
        [ "$(sort "$copy/SUMS")" = "$(sort <<<"$before")" ]
        for change in 's/"size_bytes":5000/"size_bytes":-1/' 's/"size_bytes":5000/"size_bytes":6000/' 's/"size_bytes":5000,//' \
                      's/"kind":"shm"/"kind":"msg"/' 's/"kind":"shm"/"kind":"pipe"/' 's/"mode":"0/"mode":"9/' \
                      's/"1.0"/"7.0"/' 's/}}$/},"ref":"x"}/'; do
                rm -rf "$BATS_TEST_TMPDIR/bad"
                cp -a "$copy" "$BATS_TEST_TMPDIR/bad"
                sed -i "$change" "$BATS_TEST_TMPDIR/bad/object.json"
                never cmp -s "$copy/object.json" "$BATS_TEST_TMPDIR/bad/object.json"
                contents sums "$BATS_TEST_TMPDIR/bad"
                view restore "$BATS_TEST_TMPDIR/bad"
                said 1 "$BATS_TEST_TMPDIR/bad"
                [ -z "$(id_of shm 0x631)" ]
        done
}

@test "restore: -n tells what would be, and nothing happens" {
        mk msg key=0x641
        view save msg:0x641 "$COPIES"
        done_well
        ipcrm -Q 0x641
        view restore -n "$COPIES"
        done_well
        grep -q ' -> msg:' "$OUT"
        [ -z "$(id_of msg 0x641)" ]
        json_copies restore --check --json "$COPIES"
        jq -e '.copies == [{action: "check", ref: null, saved_ref: .copies[0].saved_ref, kind: "msg", result: "done",
                            error: null, copy: .copies[0].copy, partial: false}]' "$OUT"
        json_copies restore --json "$COPIES"
        jq -e '.copies[0] | .result == "done" and (.ref | startswith("msg:")) and .action == "restore"' "$OUT"
        json_copies restore --ndjson "$COPIES"
        [ "$(jq -r .record "$OUT" | tr '\n' ' ')" = 'header copy end ' ]
        jq -se '.[1].error == "EEXIST" and .[1].result == "failed" and .[1].ref == null and .[2].copies == 1' "$OUT"
        json_copies save --json msg "$COPIES/more"
        jq -e '.copies[0] | .action == "save" and .result == "done"' "$OUT"
}

# The schema knows what is printed.
json_copies()
{
        local lines=()
        case " $* " in *' --ndjson '*) lines=(--ndjson) ;; esac
        view "$@"
        "$IPCVIEW" schema >"$BATS_TEST_TMPDIR/schema"
        "$PYTHON" "$LIVE_DIR/../validate-json.py" "${lines[@]}" "$BATS_TEST_TMPDIR/schema" "$OUT" || { show_output; return 1; }
}

@test "save, restore: an ordinary user" {
        can_be_nobody || skip "there is no second user in this user namespace"
        copies=/dev/admin/nobody/copies
        mk shm key=0x651 size=100 mode=0644
        theirs=${A[id]}
        contents fill "$theirs" 50 0
        mk shm key=0x652 size=100 mode=0600
        mk shm key=0x653 size=100 mode=0600 as=$NOBODY
        as_nobody view save "shm:$theirs" shm:0x652 shm:0x653 "$copies"
        said 64 shm:
        grep -q 'Permission denied' "$ERR"
        copies "$copies" 2
        ipcrm -M 0x651 -M 0x652 -M 0x653
        as_nobody view restore "$copies"
        status_is 0
        # Root's becomes the caller's, and that is said.
        grep -qF 'it is yours now, it was owned by root' "$ERR" || { show_output; false; }
        [ "$(awk '$1 == 1617 { print $8 }' /proc/sysvipc/shm)" = $NOBODY ]
        contents sum "$(id_of shm 0x651)" 50 0
        ipcrm -M 0x651 -M 0x653
        # Root does not believe what is not root's; its owner does.
        view restore "$copies"
        said 4 'not to be trusted'
        [ -z "$(id_of shm 0x651)$(id_of shm 0x653)" ]
        # As root, everything is given back.
        mk shm key=0x654 size=100 mode=0600 as=$NOBODY
        view save shm:0x654 "$COPIES"
        done_well
        ipcrm -M 0x654
        view restore "$COPIES"
        done_well
        [ "$(awk '$1 == 1620 { print $8 }' /proc/sysvipc/shm)" = $NOBODY ]
}

has_begun()
{
        [ -n "$(ls -A "$COPIES")" ]
}

@test "save: SIGTERM and SIGINT leave no copy, and end it as they always do" {
        mk shm key=0x661 size=734003200
        contents dense "${A[id]}" 734003200
        for signal in TERM INT; do
                mkdir -p "$COPIES"
                "$PYTHON" -c 'import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])' "$IPCVIEW" save shm:0x661 "$COPIES" 3>&- >"$OUT" 2>"$ERR" &
                pid=$!
                wait_until has_begun
                kill "-$signal" "$pid"
                STATUS=0
                wait "$pid" || STATUS=$?
                [ "$STATUS" = $((128 + $(kill -l $signal))) ] || { show_output; false; }
                copies "$COPIES" 0
        done
        view save shm:0x661 "$COPIES"
        done_well
}
