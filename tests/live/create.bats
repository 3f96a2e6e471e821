#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# create: what it makes is what was asked for, and what exists is never touched.
# Where ipcmk(1) goes wrong is a test here, each.
load live

setup()
{
        live_setup
        export XDG_STATE_HOME=$BATS_TEST_TMPDIR/state
}

teardown()
{
        local id name
        for id in $(awk 'FNR > 1 { print $2 }' /proc/sysvipc/shm); do ipcrm -m "$id"; done
        for id in $(awk 'FNR > 1 { print $2 }' /proc/sysvipc/sem); do ipcrm -s "$id"; done
        for id in $(awk 'FNR > 1 { print $2 }' /proc/sysvipc/msg); do ipcrm -q "$id"; done
        for name in /dev/shm/* /dev/mqueue/*; do rm -rf -- "$name"; done
        live_teardown
}

# made ARG...: must succeed; what it prints is in REF and KEY.
made()
{
        view create "$@"
        status_is 0
        [ ! -s "$ERR" ] || { show_output; return 1; }
        read -r REF KEY <"$OUT"
        [ "$(wc -l <"$OUT")" = 1 ]
}

@test "create: a segment has the size, key and mode that were asked for, whatever the umask" {
        umask 077
        made shm size_bytes=64K mode=0666 key=0x5eed
        [ "$KEY" = key=0x00005eed ]
        one true show "$REF"
        expect <<<'.kind == "shm" and .key == "0x00005eed" and .size_bytes == 65536 and .mode == "0666" and .attached == 0'
}

@test "create: a set of semaphores" {
        made sem semaphore_count=3 mode=0600
        one true show "$REF"
        expect <<<'.semaphore_count == 3 and .mode == "0600" and (.semaphores | map(.value)) == [0, 0, 0]'
        made sem semaphore_count=2 value=7
        one true show "$REF"
        expect <<<'.semaphores | map(.value) == [7, 7]'
}

@test "create: a queue" {
        made msg max_bytes=1000
        one true show "$REF"
        expect <<<'.max_bytes == 1000 and .mode == "0644" and .queued_messages == 0'
}

@test "create: a POSIX queue, also of mode 0" {
        umask 077
        made mq:/jobs max_messages=5 max_message_bytes=1K mode=0662
        [ "$REF" = mq:/jobs ] && [ -z "$KEY" ]
        one true show mq:/jobs
        expect <<<'.max_messages == 5 and .max_message_bytes == 1024 and .mode == "0662"'
        made mq:/closed mode=0
        one true show mq:/closed
        expect <<<'.mode == "0000"'
}

@test "create: POSIX memory and a semaphore" {
        umask 077
        made pshm:/cache size_bytes=1M mode=0606
        one true show pshm:/cache
        expect <<<'.size_bytes == 1048576 and .mode == "0606" and .allocated_bytes == 0'
        made psem:/lock value=3 mode=0660
        one true show psem:/lock
        expect <<<'.value == 3 and .waiting == 0 and .mode == "0660"'
}

@test "create: a semaphore that programs can use" {
        made psem:/gate value=1
        [ "$(stat -c %s /dev/shm/sem.gate)" -ge 16 ]
        mk psem name=/other value=1
        cmp /dev/shm/sem.gate /dev/shm/sem.other
}

@test "create: a FIFO" {
        umask 077
        made fifo:"$BATS_TEST_TMPDIR/f" mode=0622
        [ -p "$BATS_TEST_TMPDIR/f" ]
        [ "$(stat -c %a "$BATS_TEST_TMPDIR/f")" = 622 ]
}

@test "create: names of any bytes" {
        long=$(printf 'n%.0s' {1..255})
        for name in '/a%20b' '/%0a%1b%5b2J' '/-rf' '/%ff%fe' "/$long" '/x%20(deleted)' '/%25'; do
                made "pshm:${name//[()]/_}" size_bytes=1
                one true show "$REF"
                expect <<<'.size_bytes == 1'
                made "mq:${name//[()]/_}"
                one true show "$REF"
                expect <<<'.queued_messages == 0'
        done
        made 'pshm:/x (deleted)' size_bytes=7
        [ "$(stat -c %s '/dev/shm/x (deleted)')" = 7 ]
        view create "pshm:/$long"x size_bytes=1
        status_is 1
}

@test "create: what exists is refused by name, and not touched (ipcmk -m truncates it)" {
        printf 'sixsix' >/dev/shm/foo
        before=$(stat -c '%i %s %a %Z %Y' /dev/shm/foo)
        view create pshm:/foo size_bytes=4 mode=0600
        status_is 5
        grep -q 'exists already: pshm:/foo$' "$ERR"
        [ "$(cat /dev/shm/foo)" = sixsix ]
        [ "$(stat -c '%i %s %a %Z %Y' /dev/shm/foo)" = "$before" ]
        [ ! -s "$OUT" ]
}

@test "create: the same of every kind (ipcmk -s and -q \"create\" what is there)" {
        mk shm key=0x77
        shm=${A[id]}
        mk sem key=0x77 nsems=1 values=5
        sem=${A[id]}
        mk msg key=0x77 send=1 bytes=3
        msg=${A[id]}
        mk mq name=/there send=1 bytes=3
        mk psem name=/there value=5
        mkfifo "$BATS_TEST_TMPDIR/there"
        view create shm:0x77 size_bytes=1
        status_is 5
        grep -q "exists already: shm:$shm\$" "$ERR"
        view create sem semaphore_count=1 key=0x77
        status_is 5
        grep -q "exists already: sem:$sem\$" "$ERR"
        view create msg key=119
        status_is 5
        grep -q "exists already: msg:$msg\$" "$ERR"
        for ref in mq:/there psem:/there "fifo:$BATS_TEST_TMPDIR/there"; do
                view create "$ref"
                status_is 5
                grep -q "exists already: $ref\$" "$ERR"
        done
        one true show sem:0x77
        expect <<<'.semaphores | map(.value) == [5]'
        one true show mq:/there
        expect <<<'.queued_messages == 1'
        one true show psem:/there
        expect <<<'.value == 5'
}

@test "create: a link in /dev/shm is not followed, nor is what it leads to made or changed" {
        echo precious >"$BATS_TEST_TMPDIR/target"
        ln -s "$BATS_TEST_TMPDIR/target" /dev/shm/link
        ln -s "$BATS_TEST_TMPDIR/nothing" /dev/shm/dangling
        view create pshm:/link size_bytes=1
        status_is 5
        view create pshm:/dangling size_bytes=1
        status_is 5
        [ "$(cat "$BATS_TEST_TMPDIR/target")" = precious ]
        [ ! -e "$BATS_TEST_TMPDIR/nothing" ]
}

@test "create: without a key there is one, never IPC_PRIVATE, and it is told (ipcmk's may be 0, and is not)" {
        for _ in {1..20}; do
                made shm size_bytes=1
                [[ $KEY =~ ^key=0x[0-9a-f]{8}$ ]]
                [ "$KEY" != key=0x00000000 ]
                one true show "shm:${KEY#key=}"
                expect <<<".ref == \"$REF\""
        done
        made msg key=private
        [ "$KEY" = key=private ]
        one true show "$REF"
        expect <<<'.key == null'
}

@test "create: with -q the reference alone, as a word for scripts" {
        made shm size_bytes=1 -q
        [ -z "$KEY" ]
        [ "$(cat "$OUT")" = "$REF" ]
}

@test "create: ipcmk's options" {
        view create -M 64K -Q -S 3 -p 600
        status_is 0
        [ "$(cut -d: -f1 "$OUT" | tr '\n' ' ')" = "shm msg sem " ]
        json list shm sem msg
        expect_all <<END
.objects | map(.kind) == ["shm", "sem", "msg"]
.objects | map(.mode) == ["0600", "0600", "0600"]
.objects[0].size_bytes == 65536
.objects[1].semaphore_count == 3
END
        view create -S 3 key=0x99
        status_is 0
        grep -q ' key=0x00000099$' "$OUT"
}

@test "create: numbers are read whole and must fit (ipcrm and ipcmk cut them at 32 bits)" {
        for words in 'sem semaphore_count=4294967297' 'shm size_bytes=-1' 'shm size_bytes=16E' 'shm size_bytes=1x' \
                     'shm size_bytes=1 key=4294967296' 'shm:0x100000001 size_bytes=1' 'shm size_bytes=1 mode=0800' \
                     'shm size_bytes=1 mode=01777' 'mq:/x max_messages=4294967297' 'psem:/x value=4294967297' \
                     'shm size_bytes=1 owner=4294967295' '-M 1x' '-S -1' '-S 3 -p 888'; do
                # shellcheck disable=SC2086
                view create $words
                status_is 2
                [ -s "$ERR" ] && [ ! -s "$OUT" ]
        done
        for words in 'sem semaphore_count=0' 'sem semaphore_count=32001' 'shm size_bytes=0' 'psem:/x value=2147483647000' \
                     'mq:/x max_messages=0' 'mq:/x max_messages=2147483647'; do
                # shellcheck disable=SC2086
                view create $words
                [ "$STATUS" = 1 ] || [ "$STATUS" = 2 ] || { show_output; false; }
                [ ! -s "$OUT" ]
        done
        json list shm sem mq psem
        expect_all <<<'.objects == []'
}

@test "create: what makes no sense is a usage error, and nothing is made" {
        for words in '' 'shm' 'shm size_bytes=1 shm' 'shm size_bytes=1 size_bytes=2' 'shm size_bytes=1 value=3' \
                     'shm:3 size_bytes=1' 'shm:0x5 size_bytes=1 key=0x6' 'pshm size_bytes=1' 'mq' 'pipe' 'pipe:3' 'pid:1' \
                     'nonsense' 'pshm:ino=4 size_bytes=1' 'mq:/x,dev=0:5' 'shm nonsense=1' 'shm -M 1' '-p 600' \
                     'sem semaphore_count=3 value[0]=1' 'shm size_bytes=1 orphan=yes'; do
                # shellcheck disable=SC2086
                view create $words
                status_is 2
        done
        json list shm mq pshm
        expect_all <<<'.objects == []'
}

@test "create: for another owner, as root" {
        mapped 4321 || skip "there is no second user in this user namespace"
        made shm size_bytes=1 owner=1234 group=4321
        one true show "$REF"
        expect <<<'.owner.uid == 1234 and .group.gid == 4321'
        made pshm:/given size_bytes=1 owner=1234
        [ "$(stat -c %u:%g /dev/shm/given)" = "1234:$(id -g)" ]
        made fifo:"$BATS_TEST_TMPDIR/given" group=4321
        [ "$(stat -c %u:%g "$BATS_TEST_TMPDIR/given")" = "0:4321" ]
}

@test "create: as a user, and nothing stays behind of what may not be given away" {
        as_nobody view create -M 4096 -S 1 -Q
        status_is 0
        json list shm sem msg
        expect_all <<<".objects | length == 3 and all(.owner.uid == $NOBODY)"
        as_nobody view create pshm:/mine size_bytes=1
        status_is 0
        [ "$(stat -c %u /dev/shm/mine)" = $NOBODY ]
        # Who made a System V object may give it away.
        as_nobody view create shm size_bytes=5 owner=root
        status_is 0
        as_nobody view create pshm:/given size_bytes=5 owner=root
        status_is 4
        [ ! -e /dev/shm/given ]
        as_nobody view create fifo:/dev/shm/given group=root
        status_is 4
        [ "$(ls -A /dev/shm)" = mine ]
}

@test "create: where nobody may write" {
        as_nobody view create fifo:/proc/f
        [ "$STATUS" = 1 ] || status_is 4
        as_nobody view create fifo:/dev/not-mine
        status_is 4
        view create fifo:/nowhere/at/all
        status_is 1
}

@test "create: JSON has a row for each" {
        view create -M 1 -Q --json
        status_is 0
        jq -e '.changes | map([.action, .kind, .result, .error]) ==
               [["create", "shm", "done", null], ["create", "msg", "done", null]]' "$OUT"
        jq -e '.changes | all(.object.key != null and .object.id != null and .ref != null)' "$OUT"
        view create shm:0x31 size_bytes=1
        view create shm:0x31 size_bytes=1 --ndjson
        status_is 5
        jq -es '.[1] | .record == "change" and .result == "failed" and .error == "EEXIST" and .ref == null' "$OUT"
}

@test "create: a recorded machine is not changed" {
        mkdir "$BATS_TEST_TMPDIR/root"
        view create shm size_bytes=1 --sysroot="$BATS_TEST_TMPDIR/root"
        status_is 2
        json list shm
        expect_all <<<'.objects == []'
        [ -z "$(ls -A "$BATS_TEST_TMPDIR/root")" ]
}
