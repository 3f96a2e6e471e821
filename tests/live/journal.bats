#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The journal of what was done; the state directory; the configuration.
load live

setup()
{
        live_setup
        export XDG_STATE_HOME=$BATS_TEST_TMPDIR/state XDG_CONFIG_HOME=$BATS_TEST_TMPDIR/config
        JOURNAL=$XDG_STATE_HOME/ipcview/journal.ndjson
}

teardown()
{
        local id
        for id in $(awk 'FNR > 1 { print $2 }' /proc/sysvipc/shm); do ipcrm -m "$id"; done
        rm -f /dev/shm/*
        [ ! -e /etc/ipcview-sandbox ] || umount -n /etc
        live_teardown
}

# Every line is one JSON object, and all of them together fulfil the condition.
journal_is()
{
        jq -es "$1" "$JOURNAL" >/dev/null || { echo "not so: $1"; cat -v "$JOURNAL"; return 1; }
}

# told TEXT: standard error says so, in one line.
told()
{
        grep -qF -- "$1" "$ERR" && [ "$(wc -l <"$ERR")" = 1 ] || { show_output; return 1; }
}

@test "journal: nothing was done yet" {
        view journal
        status_is 0
        [ "$(wc -l <"$OUT")" = 1 ] && [ ! -s "$ERR" ]
        view journal --json
        status_is 0
        jq -e '.journal == [] and .gaps == [] and .errors == [] and .ipcview.complete' "$OUT"
        [ ! -e "$XDG_STATE_HOME" ]
}

@test "journal: what was made and set, by whom, and with which result" {
        view create shm:0x5eed size_bytes=4096
        view create shm:0x5eed size_bytes=1
        view set shm:0x5eed mode=0600
        [ "$(stat -c %a "$JOURNAL")" = 600 ]
        [ "$(stat -c %a "${JOURNAL%/*}")" = 700 ]
        journal_is 'map([.action, .kind, .result, .error]) ==
                [["create", "shm", "done", null], ["create", "shm", "failed", "EEXIST"], ["set", "shm", "done", null]]'
        journal_is 'all(.user == {"uid": 0, "name": "root"} and (.time | test("^20.*Z$")) and .pid > 0)'
        journal_is '.[0].object.key == "0x00005eed" and .[2].object.mode == "0644" and .[2].object.size_bytes == 4096'
        journal_is '.[2].values == [{"field":"mode","before":"0644","after":"0600"}]'
        view journal
        status_is 0
        [ "$(awk 'NR > 1 { print $4, $6 }' "$OUT" | tr '\n' ' ')" = "create done create failed set done " ]
        view journal -n 1 --no-headings
        [ "$(wc -l <"$OUT")" = 1 ] && grep -q ' set ' "$OUT"
        view journal -n 0 --no-headings
        [ ! -s "$OUT" ]
        view journal -n 2 --json
        jq -e '.journal | map(.action) == ["create", "set"]' "$OUT"
        view journal -n x
        status_is 2
        view journal x
        status_is 2
}

@test "journal: what was removed" {
        mk shm key=0x5eed mode=0600
        view rm --yes --force shm:0x5eed
        status_is 0
        journal_is 'length == 1 and (.[0] | .action == "remove" and .result == "done" and .object.key == "0x00005eed"
                and (.verdict | type) == "string" and (.holders | length) <= 5)'
}

@test "journal: who is behind sudo and su is told by the kernel" {
        [ -w /proc/self/loginuid ] || skip "this kernel keeps no login uid"
        login=$(cat /proc/self/loginuid)
        view create shm size_bytes=1
        if [ "$login" = 4294967295 ]; then
                journal_is '.[0].login == null'
                (echo 1234 >/proc/self/loginuid && exec "$IPCVIEW" create shm size_bytes=1) ||
                        skip "the login uid can't be set here"
                journal_is '.[1].login == {"uid": 1234, "name": null} and .[1].user.uid == 0'
                view journal --no-headings -n 1
                grep -q '  1234  root  create  ' "$OUT"
        else
                journal_is ".[0].login.uid == $login"
        fi
}

@test "journal: an ordinary user has a journal of its own" {
        mkdir -m 777 /dev/of-nobody
        XDG_STATE_HOME=/dev/of-nobody as_nobody view create shm size_bytes=1
        status_is 0
        [ ! -s "$ERR" ]
        JOURNAL=/dev/of-nobody/ipcview/journal.ndjson
        [ "$(stat -c '%u %a' "$JOURNAL")" = "$NOBODY 600" ]
        journal_is ".[0].user.uid == $NOBODY"
        # Whose is it? Root does not write into, nor read from, what others can change.
        XDG_STATE_HOME=/dev/of-nobody view create shm size_bytes=1
        status_is 0
        told 'what is done is not noted: others can write it'
        XDG_STATE_HOME=/dev/of-nobody view journal
        status_is 4
        [ ! -s "$OUT" ]
}

@test "journal: hostile names reach neither the terminal nor break the line" {
        view create 'pshm:/a%0a%1b%5b2J%ff%22' size_bytes=1
        status_is 0
        [ "$(wc -l <"$JOURNAL")" = 1 ]
        never grep -q "$(printf '\033')" "$JOURNAL"
        journal_is '.[0].ref == "pshm:/a%0A%1B%5B2J%FF%22" and .[0].object.name_b64 != null'
        iconv -f UTF-8 -t UTF-8 "$JOURNAL" >/dev/null
        view journal
        never grep -q "$(printf '\033')" "$OUT"
        rm -f /dev/shm/a*
}

@test "journal: damaged lines are counted and passed over" {
        view create shm size_bytes=1
        printf '{"time":"2026-01-01T00:00:00Z","action":"remo' >>"$JOURNAL"
        view create shm size_bytes=1
        printf '{"x":"\033[2J"}\n\n[]\n' >>"$JOURNAL"
        view create shm size_bytes=1
        view journal --no-headings
        status_is 0
        [ "$(wc -l <"$OUT")" = 3 ]
        told '3 lines are damaged and left out'
        view journal --json
        status_is 0
        jq -e '.journal | length == 3' "$OUT"
}

@test "journal: what is no journal of ours is refused, and the deed is done nevertheless" {
        mkdir "$XDG_STATE_HOME"
        mkdir -m 700 "${JOURNAL%/*}"
        echo precious >"$BATS_TEST_TMPDIR/precious"
        n=0
        for how in "ln -s $BATS_TEST_TMPDIR/precious" "mkfifo" "mkdir" "install -m 666 /dev/null"; do
                $how "$JOURNAL"
                view create shm size_bytes=1
                status_is 0
                told "$JOURNAL: what is done is not noted: "
                [ -s "$OUT" ]
                n=$((n + 1))
                view journal
                [ "$STATUS" = 1 ] || status_is 4
                [ -s "$ERR" ] && [ ! -s "$OUT" ]
                rm -rf "$JOURNAL"
        done
        json list shm
        expect_all <<<".objects | length == $n"
        [ "$(cat "$BATS_TEST_TMPDIR/precious")" = precious ]
}

@test "journal: a state directory that can't be made or written" {
        echo file >"$XDG_STATE_HOME"
        view create shm size_bytes=1
        status_is 0
        told 'what is done is not noted: Not a directory'
        [ -s "$OUT" ]
        rm "$XDG_STATE_HOME"
        mkdir "$XDG_STATE_HOME"
        mount -n -t tmpfs -o ro ipcview-test "$XDG_STATE_HOME"
        view create shm size_bytes=1
        umount "$XDG_STATE_HOME"
        status_is 0
        told 'what is done is not noted: Read-only file system'
}

@test "journal: a full disk: the deed is done, half a line harms no other" {
        mkdir "$XDG_STATE_HOME"
        mount -n -t tmpfs -o size=8k,mode=755 ipcview-test "$XDG_STATE_HOME"
        mkdir -m 700 "$XDG_STATE_HOME/ipcview"
        head -c 4000 /dev/zero | tr '\0' x >"$JOURNAL"
        echo >>"$JOURNAL"
        chmod 600 "$JOURNAL"
        head -c 4096 /dev/zero >"$XDG_STATE_HOME/filler"
        view create shm size_bytes=1
        status_is 0
        told 'what is done is not noted: No space left on device'
        [ -s "$OUT" ]
        rm "$XDG_STATE_HOME/filler"
        view create shm size_bytes=1
        status_is 0
        [ ! -s "$ERR" ]
        view journal --no-headings
        cp "$OUT" "$BATS_TEST_TMPDIR/kept"
        umount "$XDG_STATE_HOME"
        status_is 0
        grep -q ' create .* done' "$BATS_TEST_TMPDIR/kept"
}

@test "journal: lines of several writers stay whole" {
        local -a pids=()
        for _ in {1..20}; do
                "$IPCVIEW" create pshm:/"$(printf 'long%.0s' {1..50})$RANDOM$RANDOM" size_bytes=1 >/dev/null 3>&- &
                pids+=($!)
                "$IPCVIEW" create shm size_bytes=1 >/dev/null 3>&- &
                pids+=($!)
        done
        wait "${pids[@]}"
        [ "$(grep -c . "$JOURNAL")" = 40 ]
        journal_is 'length == 40 and all(.action == "create")'
        view journal --no-headings
        [ "$(wc -l <"$OUT")" = 40 ] && [ ! -s "$ERR" ]
}

@test "journal: rotated away, it begins anew" {
        view create shm size_bytes=1
        mv "$JOURNAL" "$JOURNAL.1"
        view create shm size_bytes=1
        journal_is 'length == 1'
        [ "$(wc -l <"$JOURNAL.1")" = 1 ]
}

@test "configuration: what is protected is not removed, by any spelling" {
        mk shm key=0x5eed mode=0600
        mk shm key=0x5eee mode=0600
        mkdir -p "$XDG_CONFIG_HOME/ipcview"
        printf '# ours\n\n  protect = key == 0x5eed\r\n' >"$XDG_CONFIG_HOME/ipcview/ipcview.conf"
        view rm --yes --force shm:0x5eed
        status_is 5
        grep -q 'ipcview.conf' "$ERR"
        view rm --yes --force -M 0x5eed
        status_is 5
        view rm --yes --force shm:0x5eee
        status_is 0
        json list shm
        expect_all <<<'.objects | map(.key) == ["0x00005eed"]'
        view rm --yes --force --protected shm:0x5eed
        status_is 0
}

@test "configuration: that of the machine counts as well, for everybody" {
        mkdir "$BATS_TEST_TMPDIR/etc"
        cp /etc/passwd /etc/group /etc/nsswitch.conf /etc/ld.so.cache "$BATS_TEST_TMPDIR/etc"
        touch "$BATS_TEST_TMPDIR/etc/ipcview-sandbox"
        echo 'protect = key == 0x5eed' >"$BATS_TEST_TMPDIR/etc/ipcview.conf"
        mount -n --bind "$BATS_TEST_TMPDIR/etc" /etc
        mkdir -p "$XDG_CONFIG_HOME/ipcview"
        echo 'protect = key == 0x5eee' >"$XDG_CONFIG_HOME/ipcview/ipcview.conf"
        mk shm key=0x5eed mode=0600
        mk shm key=0x5eee mode=0600
        mk shm key=0x5eef mode=0600
        view rm --yes --force shm:0x5eed shm:0x5eee shm:0x5eef
        status_is 64
        grep -q 'protected.*/etc/ipcview.conf' "$ERR"
        grep -q "protected.*$XDG_CONFIG_HOME/ipcview/ipcview.conf" "$ERR"
        json list shm
        expect_all <<<'.objects | map(.key) == ["0x00005eed", "0x00005eee"]'
        if can_be_nobody; then
                mk shm key=0x5eed1 as=$NOBODY
                echo 'protect = key == 0x5eed1' >"$BATS_TEST_TMPDIR/etc/ipcview.conf"
                as_nobody view rm --yes --force shm:0x5eed1
                status_is 5
        fi
        echo 'typo' >"$BATS_TEST_TMPDIR/etc/ipcview.conf"
        view rm --yes --force shm:0x5eee
        status_is 2
        grep -qF '/etc/ipcview.conf:1: ' "$ERR"
}

@test "configuration: who errs in it loses no protection: nothing is removed" {
        mk shm key=0x5eed mode=0600
        mkdir -p "$XDG_CONFIG_HOME/ipcview"
        conf=$XDG_CONFIG_HOME/ipcview/ipcview.conf
        for line in 'protcet = key == 0x5eed' 'protect' 'protect =' 'protect = kye == 5' 'protect = (key' \
                    '[protect]' 'Protect = key == 1'; do
                printf '# first\n%s\n' "$line" >"$conf"
                view rm --yes --force shm:0x5eed
                status_is 2
                grep -qF "$conf:2" "$ERR" || { show_output; false; }
                view list shm
                status_is 0
        done
        printf 'protect = key == 1\n\0\n' >"$conf"
        view rm --yes --force shm:0x5eed
        status_is 2
        grep -qF "$conf:2" "$ERR"
        printf 'protect = key == 1\n' >"$conf"
        chmod 666 "$conf"
        view rm --yes --force shm:0x5eed
        status_is 2
        grep -qF 'others can write it' "$ERR"
        rm "$conf"
        mkfifo "$conf"
        view rm --yes --force shm:0x5eed
        status_is 2
        json list shm
        expect_all <<<'.objects | length == 1'
}

@test "configuration: every fault is told, and names of hostile files are harmless" {
        XDG_CONFIG_HOME="$BATS_TEST_TMPDIR/$(printf 'c\033[2J\n')"
        mkdir -p "$XDG_CONFIG_HOME/ipcview"
        printf 'one\ntwo = 2\nprotect = \033[2J == 1\n' >"$XDG_CONFIG_HOME/ipcview/ipcview.conf"
        mk shm key=0x5eed
        view rm --yes shm:0x5eed
        status_is 2
        [ "$(wc -l <"$ERR")" = 3 ]
        never grep -q "$(printf '\033')" "$ERR"
}
