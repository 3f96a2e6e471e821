#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Plans for recorded machines: what rm -n says of all that could be removed must be
# trees/golden/NAME.plan. With UPDATE=1 the golden files are written instead.

setup_file()
{
        [ -n "${PYTHON=$(command -v python3)}" ] || skip "there is no Python 3"
        export PYTHON
        export TREES="$BATS_TEST_DIRNAME/../trees"
        : "${IPCVIEW:=$BATS_TEST_DIRNAME/../../src/ipcview}"
        export IPCVIEW LC_ALL=C.UTF-8 TZ=UTC
        # Rules of whoever runs the tests are none of theirs.
        export XDG_CONFIG_HOME="$BATS_FILE_TMPDIR/config" XDG_STATE_HOME="$BATS_FILE_TMPDIR/state"
        local name
        for name in postgres hostile waits quiet; do
                "$PYTHON" "$TREES/unpack.py" "$TREES/$name.manifest" "$BATS_FILE_TMPDIR/$name" || return 1
        done
}

ipcview()
{
        timeout 20 "$IPCVIEW" --sysroot "$BATS_FILE_TMPDIR/$1" "${@:2}"
}

plan()
{
        local status=0
        ipcview "$1" rm -n shm sem msg mq pshm psem fifo unix --where 'ref' "${@:2}" 2>"$BATS_TEST_TMPDIR/err" \
                >"$BATS_TEST_TMPDIR/plan" || status=$?
        echo "$status"
}

same_as_golden()
{
        echo "status $(plan "$1")" >>"$BATS_TEST_TMPDIR/status"
        cat "$BATS_TEST_TMPDIR/status" >>"$BATS_TEST_TMPDIR/plan"
        if [ -n "${UPDATE-}" ]; then
                cp "$BATS_TEST_TMPDIR/plan" "$TREES/golden/$1.plan"
        else
                diff -u "$TREES/golden/$1.plan" "$BATS_TEST_TMPDIR/plan"
        fi
}

@test "plan: postgres" { same_as_golden postgres; }
@test "plan: hostile" { same_as_golden hostile; }
@test "plan: waits" { same_as_golden waits; }

@test "plan: a live PostgreSQL is protected, what an earlier one left is an orphan" {
        plan postgres --json
        jq -e '.removals | map({(.ref): .verdict}) | add
               | .["shm:32768"] == "protected" and .["shm:65537"] == "orphan"' "$BATS_TEST_TMPDIR/plan"
}

@test "plan: nothing is no object" {
        run ipcview quiet rm -n --all
        [ "$status" = 3 ]
        run ipcview quiet rm -n --all --json
        [ "$status" = 3 ]
}

@test "plan: a recorded machine is never changed" {
        run ipcview postgres rm --yes --force --protected --all
        [ "$status" = 2 ]
        run ipcview postgres rm shm:32768
        [ "$status" = 2 ]
        [ ! -e "$XDG_STATE_HOME" ]
}
