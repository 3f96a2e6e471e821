#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What is printed about real objects keeps the schema, judged by an independent validator.
load live

setup()
{
        live_setup
        PYTHON=${PYTHON-python3}
        "$PYTHON" -c 'import jsonschema' 2>/dev/null || skip "the Python module jsonschema is not installed"
        "$IPCVIEW" schema >"$BATS_TEST_TMPDIR/schema"
}
teardown() { live_teardown; }

valid()
{
        "$PYTHON" "$LIVE_DIR/../validate-json.py" "$@"
}

# One of everything, in every state that is easy to have.
everything()
{
        mk shm key=0x5eed attach=2 uid="$U"
        mk shm attach=1 rmid=1 lock=1
        mk sem nsems=3 values=1,2,3
        mk semwait id="${A[id]}" num=0 op=-9
        mk msg send=2 bytes=0 qbytes=2
        mk mq name=/q%FF send=1 notify=signal
        mk mq name=/full maxmsg=1 send=1 access=r
        mk pshm name=/p%0A%1B size=8192 map=rw keepfd=1
        mk pshm name=/gone keepfd=1 unlink=1
        mk psem name=/s value=0 wait=1
        mk file path=sem.bad hex="$(printf 'ff%.0s' {1..32})"
        mk file path=dir type=directory
        mk file path=link type=symlink target=%FF
        mk file path=fifo type=fifo
        mk child "comm=%FF)%20R"
        mk "@${A[child]}" pshm name=/other keepfd=1 map=rw
}

@test "schema: everything, as one document and by lines" {
        everything
        json
        valid "$BATS_TEST_TMPDIR/schema" "$OUT"
        view --ndjson
        status_is 0
        valid --ndjson "$BATS_TEST_TMPDIR/schema" "$OUT"
        [ "$(wc -l <"$OUT")" -ge 16 ]
}

@test "schema: each kind alone, and show of each object" {
        everything
        json
        local ref kind
        mkdir "$BATS_TEST_TMPDIR/lists"
        for kind in shm sem msg mq pshm psem; do
                json list $kind
                cp "$OUT" "$BATS_TEST_TMPDIR/lists/$kind"
        done
        valid "$BATS_TEST_TMPDIR/schema" "$BATS_TEST_TMPDIR"/lists/*
        json
        # The sandbox has no /tmp of its own: the socket files of others come and go.
        jq -r '.objects[] | select(.state | index("stale") | not) | .ref' <<<"$JSON" >"$BATS_TEST_TMPDIR/refs"
        [ "$(wc -l <"$BATS_TEST_TMPDIR/refs")" -ge 14 ]
        mkdir "$BATS_TEST_TMPDIR/shown"
        while IFS= read -r ref; do
                json show "$ref"
                cp "$OUT" "$BATS_TEST_TMPDIR/shown/${ref//\//%2F}"
        done <"$BATS_TEST_TMPDIR/refs"
        valid "$BATS_TEST_TMPDIR/schema" "$BATS_TEST_TMPDIR"/shown/*
}

@test "schema: what an ordinary user gets, and what is not there" {
        everything
        if can_be_nobody; then
                as_nobody json
                valid "$BATS_TEST_TMPDIR/schema" "$OUT"
        fi
        view show shm:999999 --json
        status_is 3
        valid "$BATS_TEST_TMPDIR/schema" "$OUT"
}

@test "schema: removals, planned, done and refused, as a document and as lines" {
        export XDG_STATE_HOME=/dev/state XDG_CONFIG_HOME=/dev/config
        everything
        for how in '-n' '-n --force' '--yes' '--yes --force'; do
                # shellcheck disable=SC2086
                view rm $how shm sem msg mq pshm psem devshm fifo --where ref --json
                [ "$(jq '.removals | length' "$OUT")" -gt 1 ]
                valid "$BATS_TEST_TMPDIR/schema" "$OUT"
        done
        view rm --yes shm:4711 --json
        valid "$BATS_TEST_TMPDIR/schema" "$OUT"
        view rm -n devshm:/dir --ndjson
        jq -s . "$OUT"
}

# Whatever a document is all about, it is that alone, and the last line counts it.
@test "schema: each command has one subject, as a document and as lines" {
        export XDG_STATE_HOME=/dev/state XDG_CONFIG_HOME=/dev/config
        local subjects="objects removals copies changes journal limits causes findings" subject call
        [ "$(jq -r '[.oneOf[].required[0]] | join(" ")' "$BATS_TEST_TMPDIR/schema")" = "$subjects" ]
        everything
        while read -r subject call; do
                # shellcheck disable=SC2086
                view $call --json
                valid "$BATS_TEST_TMPDIR/schema" "$OUT"
                jq -e --arg is "$subject" --arg all "$subjects" '. as $document | $all / " "
                        | map(select(. as $member | $document | has($member))) == [$is]' "$OUT"
                [ "$(jq --arg is "$subject" '.[$is] | length' "$OUT")" -ge 1 ] || { show_output; false; }
                # shellcheck disable=SC2086
                view $call --ndjson
                valid --ndjson "$BATS_TEST_TMPDIR/schema" "$OUT"
                # Between the first line and the processes, and what is not seen.
                jq -se --arg is "$subject" '(map(select(.record | IN("header", "process", "gap", "error", "end") | not))
                        | length) as $n | .[-1][$is] == $n and $n >= 1' "$OUT" || { show_output; false; }
        done <<'END'
objects list
objects show shm:0x5eed
removals rm -n shm mq --where ref
copies save shm:0x5eed /dev/saved
changes create shm key=0x5eee size_bytes=1
journal journal
limits limits --all
causes limits explain ENOSPC
findings check --level 0.1%
END
        view rm --yes shm:0x5eee
        status_is 0
}
