#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# A snapshot of real objects that was saved is read back as the same, and judged alike.
load live

setup()
{
        live_setup
        export XDG_CONFIG_HOME=/dev/config
        saved="$BATS_TEST_TMPDIR/saved"
}
teardown() { live_teardown; }

# Of every sort of relation one.
make_objects()
{
        mk shm key=0x5eed attach=2
        mk shm attach=1 rmid=1
        mk sem nsems=3 values=1,2,3
        mk semwait id="${A[id]}" num=0 op=-9
        mk msg send=2 bytes=0 qbytes=2
        mk mq name=/q%FF send=1 notify=signal
        mk pshm name=/p%0A%1B size=8192 map=rw keepfd=1
        mk pshm name=/gone keepfd=1 unlink=1
        mk psem name=/s value=0 wait=1
        mk child "comm=%FF)%20R"
        mk "@${A[child]}" pshm name=/other keepfd=1 map=rw
}

# All but that it is a saved one.
unmarked()
{
        sed 's/"recorded":true,//' "$1"
}

@test "from: a live machine, as a document and as lines" {
        make_objects
        view --json
        status_is 0
        cp "$OUT" "$saved"
        [ "$(jq '.objects | length' "$saved")" -ge 10 ]
        jq -e 'any(.readings[]; .limit == "shmmni") and any(.objects[]; .waiters != [])' "$saved"
        view --from "$saved" --json
        status_is 0
        cmp "$saved" <(unmarked "$OUT")
        view --from "$saved" --ndjson
        cp "$OUT" "$saved.lines"
        view --from "$saved.lines" --json
        cmp "$saved" <(unmarked "$OUT")
}

@test "from: verdicts are those of the machine" {
        make_objects
        view --json
        cp "$OUT" "$saved"
        local ref n=0
        while IFS= read -r ref; do
                json show "$ref"
                jq -c '.objects[] | [.ref, .removal]' <<<"$JSON" >"$BATS_TEST_TMPDIR/there"
                json --from "$saved" show "$ref"
                jq -c '.objects[] | [.ref, .removal]' <<<"$JSON" | diff "$BATS_TEST_TMPDIR/there" -
                n=$((n + 1))
        done < <(jq -r '.objects[] | select(.kind | test("^(shm|sem|msg|mq|pshm|psem)$")) | .ref' "$saved")
        [ $n -ge 9 ]
}

@test "from: another user's snapshot can be read by anybody who may read the file" {
        can_be_nobody || skip "nobody else can be"
        make_objects
        as_nobody view --json
        cp "$OUT" "$saved"
        view --from "$saved" --json
        status_is 0
        cmp "$saved" <(unmarked "$OUT")
}
