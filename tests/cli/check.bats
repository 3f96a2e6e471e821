#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What `check` finds on recorded machines. As in trees.bats, UPDATE=1 writes the golden files.
load trees

# found TREE [RULE,...]: "RULE SUBJECT SEVERITY" of each finding
found()
{
        ipcview "$1" check --json ${2:+--only "$2"} 2>/dev/null |
                jq -r '.findings[] | "\(.rule) \(.ref // .limit) \(.severity)"'
}

@test "check: what is wrong, and nothing else" {
        ipcview findings check --json 2>/dev/null | pretty >"$BATS_TEST_TMPDIR/report"
        same_as_golden "$BATS_TEST_TMPDIR/report" findings-check.json
        ipcview findings check >"$BATS_TEST_TMPDIR/text" 2>"$BATS_TEST_TMPDIR/err"
        same_as_golden "$BATS_TEST_TMPDIR/text" findings-check.txt
        ! LC_ALL=C grep -aP '[\x00-\x08\x0b-\x1f\x7f-\xff]' "$BATS_TEST_TMPDIR/text" || return 1
        diff -u - <(found findings | sort) <<'END'
key-failed sem:2 notice
key-shared sem:1 notice
nameless-memory null notice
notify-dead mq:/told notice
owner-unknown sem:4 notice
psem-orphan psem:/lock notice
pshm-orphan pshm:/forgotten warning
pshm-orphan pshm:/new notice
queue-unread msg:1 warning
queue-unread msg:2 notice
remove-ipc msg:4 warning
shm-orphan shm:1 warning
shm-orphan shm:2 notice
wait-cycle pipe:61 notice
world-writable pshm:/open notice
world-writable sem:3 warning
world-writable shm:5 warning
END
}

@test "check: limits that are used up, or nearly" {
        ipcview limits check --only limit-hit,limit-near >"$BATS_TEST_TMPDIR/text" 2>/dev/null
        same_as_golden "$BATS_TEST_TMPDIR/text" limits-check.txt
        [ "$(found limits limit-near)" = "limit-near semmns warning
limit-near devshm_bytes warning
limit-near cgroup_memory notice" ]
        # Half of the open files: with another level that is a finding.
        ipcview limits check --only limit-near --level file_max=50% --json 2>/dev/null |
                jq -e 'any(.findings[]; .limit == "file_max" and .severity == "warning")'
}

@test "check: what is full or forgotten, as far as a recording can tell" {
        ipcview stuck check >"$BATS_TEST_TMPDIR/text" 2>/dev/null
        same_as_golden "$BATS_TEST_TMPDIR/text" stuck-check.txt
        diff -u - <(found stuck | sort) <<'END'
in-flight unix:ino=131 notice
mq-orphan mq:/forgotten notice
queue-full mq:/jobs notice
queue-full msg:1 notice
queue-unread mq:/left warning
END
}

@test "check: limits of the whole machine" {
        diff -u - <(found full | sort) <<'END'
limit-hit cgroup_memory notice
limit-hit epoll_watches critical
limit-hit hugetlb notice
limit-hit threads_max critical
limit-near cgroup_pids warning
limit-near file_max warning
limit-near pid_max warning
END
}

# What no recording can show has its examples in a unit test: all the others must be found here.
@test "check: every rule is tried" {
        local tree unit="$BATS_TEST_DIRNAME/../unit/test-findings-unrecorded.c"
        for tree in "$TREES"/*.manifest; do
                found "$(basename "$tree" .manifest)"
        done | sed 's/ .*//' | sort -u >"$BATS_TEST_TMPDIR/recorded"
        sed -n 's/^ *{ FINDING_\([A-Z_]*\), [a-z_]*, SEVERITY_.*/\1/p' "$unit" | tr 'A-Z_' 'a-z-' |
                sort -u >"$BATS_TEST_TMPDIR/unrecorded"
        "$IPCVIEW" check --rules | sed '1d; s/ .*//' | sort >"$BATS_TEST_TMPDIR/rules"
        [ "$(wc -l <"$BATS_TEST_TMPDIR/rules")" -gt 20 ]
        [ -z "$(comm -12 "$BATS_TEST_TMPDIR/recorded" "$BATS_TEST_TMPDIR/unrecorded")" ]
        sort "$BATS_TEST_TMPDIR/recorded" "$BATS_TEST_TMPDIR/unrecorded" | diff -u "$BATS_TEST_TMPDIR/rules" -
}

# All that is known has reached it, also for `limits`.
@test "check: a level of 0 % is one" {
        local status=0
        ipcview full check --level 0% --json 2>/dev/null |
                jq -r '.findings[] | select(.rule | startswith("limit-")) | .limit' | sort -u >"$BATS_TEST_TMPDIR/found"
        ipcview full limits --all --json 2>/dev/null |
                jq -r '.limits[] | select(.used_permille != null and .binds != "object") | .limit' |
                sort -u | diff -u - "$BATS_TEST_TMPDIR/found"
        grep -qx shmmni "$BATS_TEST_TMPDIR/found"
        # The level of a limit wins over the one for all.
        [ "$(ipcview full check --level 0% --level shmmni=100% --json 2>/dev/null |
                jq '[.findings[] | select(.limit == "shmmni")] | length')" = 0 ]
        [ "$(found full limit-near | wc -l)" = 3 ]
        ipcview full limits --fail-at 0% devshm_bytes >/dev/null 2>"$BATS_TEST_TMPDIR/err" || status=$?
        [ $status = 10 ]
        grep -qF 'devshm_bytes: /dev/shm: 0% used, at or above 0%' "$BATS_TEST_TMPDIR/err"
}

@test "check: nothing may be missing in a list" {
        local list status
        for list in "check --only shm-orphan," "check --ignore shm-orphan," "check --only ,shm-orphan" "check --only ," \
                    "check --only shm-orphan,,key-failed" "check --only=" "list -o ref,kind," "limits -o limit,used," \
                    "list --filter state==orphan,"; do
                status=0
                # shellcheck disable=SC2086
                ipcview findings $list >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" || status=$?
                [ $status = 2 ] && [ ! -s "$BATS_TEST_TMPDIR/out" ] && [ "$(wc -l <"$BATS_TEST_TMPDIR/err")" = 1 ] &&
                        grep -q 'at column [0-9]*: ' "$BATS_TEST_TMPDIR/err" || { echo "$list: $status"; return 1; }
        done
}

@test "check: the choice of rules, objects and severities" {
        local status=0
        [ "$(found findings shm-orphan,key-failed | wc -l)" = 3 ]
        never_found() { ipcview findings check "$@" 2>/dev/null | grep -q "$WHAT" && return 1; return 0; }
        WHAT=^shm-orphan never_found --ignore shm-orphan
        WHAT=sem: never_found shm
        [ "$(ipcview findings check --json shm:1 2>/dev/null | jq -r '.findings[].ref')" = shm:1 ]
        [ "$(ipcview findings check --json pid:401 2>/dev/null | jq -r '.findings[].rule')" = wait-cycle ]
        [ "$(ipcview findings check --json --filter 'mode == 0600' shm 2>/dev/null | jq -r '.findings[].ref' | xargs)" = "shm:1 shm:2" ]
        [ "$(ipcview findings check --only owner-unknown shm 2>/dev/null)" = "no findings" ]
        for severity in notice warning; do
                ipcview findings check -q --fail-on $severity >/dev/null || status=$?
                [ $status = 10 ]
        done
        ipcview findings check -q --fail-on critical >/dev/null
        ipcview findings check -q --fail-on warning --only key-failed >/dev/null
        for wrong in "--fail-on severe" "--only shm" "--ignore x" "--level 1x" "-o ref" "--sort ref" nothing; do
                # shellcheck disable=SC2086
                status=0 && ipcview findings check $wrong >/dev/null 2>&1 || status=$?
                [ $status = 2 ] || { echo "$wrong: $status"; return 1; }
        done
        status=0 && ipcview findings check shm:77 >/dev/null 2>&1 || status=$?
        [ $status = 3 ]
        # What some rules could not see is said.
        ipcview findings check --no-holders 2>&1 >/dev/null |
                grep -q 'rules could not be applied to everything: .*pshm-orphan.*wait-cycle'
}

@test "check: what it prints keeps the schema" {
        local tree status=0
        "$IPCVIEW" schema >"$BATS_TEST_TMPDIR/schema"
        for tree in findings limits stuck full quiet; do
                ipcview "$tree" check --json 2>/dev/null >"$BATS_TEST_TMPDIR/json"
                "$PYTHON" "$TREES/../validate-json.py" "$BATS_TEST_TMPDIR/schema" "$BATS_TEST_TMPDIR/json" || status=$?
                [ $status != 77 ] || skip "the Python module jsonschema is not installed"
                [ $status = 0 ]
                ipcview "$tree" check --ndjson 2>/dev/null >"$BATS_TEST_TMPDIR/lines"
                "$PYTHON" "$TREES/../validate-json.py" --ndjson "$BATS_TEST_TMPDIR/schema" "$BATS_TEST_TMPDIR/lines"
        done
}
