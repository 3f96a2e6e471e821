#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# set: owner, group, mode, size of a queue, values of semaphores, locks.
load live

setup()
{
        live_setup
        export XDG_STATE_HOME=$BATS_TEST_TMPDIR/state
}
teardown() { live_teardown; }

@test "set: -n shows what would change, and nothing does" {
        mk shm key=0x5eed mode=0644
        view set shm:0x5eed mode=0600 owner="$U" locked=yes -n
        status_is 0
        [[ $(cat "$OUT") == "shm:${A[id]}  mode 0644 -> 0600, owner "*" -> "*", locked no -> yes" ]] || show_output
        [ ! -e "$XDG_STATE_HOME" ]
        one true show shm:0x5eed
        expect <<<'.mode == "0644" and .owner.uid == 0 and (has("locked") | not)'
}

@test "set: mode, owner and group of every kind" {
        mk shm mode=0644
        refs=(shm:"${A[id]}")
        mk sem mode=0644 nsems=1
        refs+=(sem:"${A[id]}")
        mk msg mode=0644
        refs+=(msg:"${A[id]}")
        mk mq name=/q mode=0644
        mk pshm name=/m mode=0644
        mk psem name=/s mode=0644 value=1
        mkfifo -m 644 "$BATS_TEST_TMPDIR/f"
        refs+=(mq:/q pshm:/m psem:/s "fifo:$BATS_TEST_TMPDIR/f")
        view set "${refs[@]}" mode=0640 owner="$U" group="$G"
        status_is 0
        [ "$(wc -l <"$OUT")" = 7 ]
        [ "$(grep -c '  mode 0644 -> 0640, owner ' "$OUT")" = 7 ]
        json show "${refs[@]}"
        expect_all <<<".objects | length == 7 and all(.mode == \"0640\" and .owner.uid == $U and .group.gid == $G)"
}

@test "set: values of semaphores, by number, or of the only one" {
        mk sem nsems=3 values=1,2,3
        id=${A[id]}
        view set "sem:$id" 'value[0]=9' 'value[2]=0'
        status_is 0
        grep -qxF "sem:$id  value[0] 1 -> 9, value[2] 3 -> 0" "$OUT"
        one true show "sem:$id"
        expect <<<'.semaphores | map(.value) == [9, 2, 0]'
        view set "sem:$id" value=5
        status_is 2
        view set "sem:$id" 'value[3]=5'
        status_is 2
        view set "sem:$id" 'value[0]=32768'
        status_is 1
        mk sem nsems=1
        view set sem:"${A[id]}" value=5
        status_is 0
        one true show sem:"${A[id]}"
        expect <<<'.semaphores | map(.value) == [5]'
        one true show "sem:$id"
        expect <<<'.semaphores | map(.value) == [9, 2, 0]'
}

@test "set: a waiter goes on when the semaphore rises" {
        mk sem nsems=1
        id=${A[id]}
        mk semwait id="$id"
        pid=${A[pid]}
        one true show "sem:$id"
        expect <<<".waiters | map(.pid) == [$pid]"
        view set "sem:$id" value=1
        status_is 0
        eventually one true show "sem:$id" <<<'.semaphores[0].value == 0 and .waiters == []'
}

@test "set: the size of a queue" {
        mk msg
        view set msg:"${A[id]}" max_bytes=1000
        status_is 0
        one true show msg:"${A[id]}"
        expect <<<'.max_bytes == 1000'
        view set msg:"${A[id]}" max_bytes=1.5K mode=0
        status_is 0
        one true show msg:"${A[id]}"
        expect <<<'.max_bytes == 1536 and .mode == "0000"'
}

@test "set: locks memory and unlocks it" {
        mk shm
        view set shm:"${A[id]}" locked=yes
        status_is 0
        one true show shm:"${A[id]}"
        expect <<<'has("locked")'
        view set shm:"${A[id]}" locked=no
        status_is 0
        one true show shm:"${A[id]}"
        expect <<<'has("locked") | not'
}

@test "set: what is in use is set, too, and its holders keep it" {
        mk shm attach=2 touch=100 mode=0600
        view set shm:"${A[id]}" mode=0660
        status_is 0
        one true show shm:"${A[id]}"
        expect <<<'.mode == "0660" and .attached == 2'
}

@test "set: other users' objects are refused with their owner's name" {
        mk shm mode=0666 key=0x71
        mk pshm name=/theirs mode=0666
        before=$(stat -c '%a %Z' /dev/shm/theirs)
        as_nobody view set shm:0x71 pshm:/theirs mode=0777
        status_is 4
        [ "$(grep -c 'owner root' "$ERR")" = 2 ]
        [ ! -s "$OUT" ]
        one true show shm:0x71
        expect <<<'.mode == "0666"'
        [ "$(stat -c '%a %Z' /dev/shm/theirs)" = "$before" ]
}

@test "set: one's own, of mode 0000, too" {
        mk shm mode=0 as=$NOBODY
        as_nobody view set shm:"${A[id]}" mode=0600
        status_is 0
        mk pshm name=/own mode=0 as=$NOBODY
        as_nobody view set pshm:/own mode=0600
        status_is 0
        [ "$(stat -c %a /dev/shm/own)" = 600 ]
        as_nobody view set pshm:/own owner=root
        status_is 4
        [ "$(stat -c %u /dev/shm/own)" = $NOBODY ]
}

@test "set: one that is missing does not stop the rest" {
        mk shm
        view set shm:999 shm:"${A[id]}" mode=0600
        status_is 64
        grep -q 'shm:999: no such object' "$ERR"
        view set shm:999 mode=0600
        status_is 3
        as_nobody view set shm:"${A[id]}" shm:999 mode=0644
        [ "$STATUS" != 0 ]
}

@test "set: what makes no sense for one of them is done to none" {
        mk shm mode=0644
        id=${A[id]}
        mk mq name=/q mode=0644
        view set "shm:$id" mq:/q mode=0600 max_bytes=5
        status_is 2
        one true show "shm:$id"
        expect <<<'.mode == "0644"'
        one true show mq:/q
        expect <<<'.mode == "0644"'
        mk msg
        view set msg:"${A[id]}" locked=yes
        status_is 2
        grep -q 'max_bytes' "$ERR"
}

@test "set: usage errors" {
        mk shm key=0x5eed
        for words in '' 'shm:0x5eed' 'mode=0600' 'shm:0x5eed mode=0600 mode=0644' 'shm:0x5eed mode=888' 'shm mode=0600' \
                     'shm:0x5eed mode' 'shm:4294967296 mode=0600' 'pid:1 mode=0600' 'shm:0x5eed owner=nosuchuser' \
                     'shm:0x5eed size_bytes=4096' 'shm:0x5eed value=3' 'shm:0x5eed locked=perhaps'; do
                # shellcheck disable=SC2086
                view set $words
                [ "$STATUS" = 2 ] || [ "$STATUS" = 3 ] || { echo "words: $words"; show_output; false; }
        done
        one true show shm:0x5eed
        expect <<<'.owner.uid == 0'
}

@test "set: a filter keeps it from what it does not match" {
        mk shm key=0x1 mode=0644
        mk shm key=0x2 mode=0600
        view set shm:0x1 shm:0x2 mode=0666 --filter 'mode == 0600'
        status_is 0
        json list shm
        expect_all <<<'.objects | map(.mode) == ["0644", "0666"]'
}

@test "set: links in /dev/shm are not followed" {
        echo precious >"$BATS_TEST_TMPDIR/target"
        chmod 600 "$BATS_TEST_TMPDIR/target"
        ln -s "$BATS_TEST_TMPDIR/target" /dev/shm/link
        view set devshm:/link mode=0666
        [ "$STATUS" != 0 ]
        view set pshm:/link mode=0666
        status_is 3
        [ "$(stat -c %a "$BATS_TEST_TMPDIR/target")" = 600 ]
        rm /dev/shm/link
}

@test "set: JSON tells before and after" {
        mk shm mode=0644 key=0x5eed
        view set shm:0x5eed mode=0600 locked=yes -n --json
        status_is 0
        jq -e '.changes[0] | .action == "set" and .result == "planned" and (.values | map(.field)) == ["mode", "state"]' "$OUT"
        view set shm:0x5eed mode=0600 --json
        status_is 0
        jq -e '.changes == [{"action":"set","ref":"shm:'"${A[id]}"'","kind":"shm","result":"done","error":null,
                             "values":[{"field":"mode","before":"0644","after":"0600"}]}]' "$OUT"
}

@test "set: a recorded machine is not changed" {
        mkdir "$BATS_TEST_TMPDIR/root"
        mk shm key=0x5eed mode=0644
        view set shm:0x5eed mode=0600 --sysroot="$BATS_TEST_TMPDIR/root"
        status_is 2
        one true show shm:0x5eed
        expect <<<'.mode == "0644"'
}
