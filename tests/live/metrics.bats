#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Metrics: they follow what is made, waits or is lost, whatever names processes give themselves.
# shellcheck disable=SC2030,SC2031,SC2153 # each test is a subshell; STATUS comes from view
load live

setup()
{
        live_setup
        JOBS_OF_TEST=()
}

teardown()
{
        local job
        for job in "${JOBS_OF_TEST[@]}"; do
                kill "$job" 2>/dev/null || true
                wait "$job" 2>/dev/null || true
        done
        live_teardown
}

metrics()
{
        view metrics -q "$@"
        [ "$STATUS" -eq 0 ]
}

# value SERIES: of the last metrics.
value()
{
        awk -v series="$1" '$1 == series { print $2; found = 1 } END { exit !found }' "$OUT"
}

is()
{
        local got
        got=$(value "$1") || { echo "there is no $1"; return 1; }
        [ "$got" = "$2" ] || { echo "$1 is $got, not $2"; return 1; }
}

now_is()
{
        metrics && is "$@" >/dev/null
}

@test "metrics: objects, their memory, their owner, and the limit that they use" {
        metrics
        is 'ipcview_objects{kind="shm"}' 0
        is 'ipcview_limit_used{limit="shmmni"}' 0
        mk shm size=8192 attach=1 touch=8192 uid="$U" gid="$G"
        mk shm size=4096 attach=1 uid="$U" gid="$G"
        metrics
        is 'ipcview_objects{kind="shm"}' 2
        is 'ipcview_object_bytes{kind="shm"}' 12288
        is 'ipcview_object_memory_bytes{kind="shm"}' 8192
        is 'ipcview_limit_used{limit="shmmni"}' 2
        is 'ipcview_limit_used_bytes{limit="shmall"}' 12288
        is 'ipcview_limit_max{limit="shmmni"}' "$(cat /proc/sys/kernel/shmmni)"
        is 'ipcview_objects_in_state{kind="shm",state="orphan"}' 0
        [ "$U" -eq 0 ] || is "ipcview_user_object_bytes{uid=\"$U\",user=\"$U\"}" 12288
}

@test "metrics: what is wrong is a finding until it is removed" {
        local id
        id=$(ipcmk -M 4096 -p 0666 | awk '{ print $NF }')
        metrics
        ipcrm -m "$id"
        is 'ipcview_findings{rule="world-writable",severity="warning"}' 1
        is 'ipcview_objects_in_state{kind="shm",state="orphan"}' 1
        metrics
        is 'ipcview_findings{rule="world-writable",severity="warning"}' 0
        is 'ipcview_objects_in_state{kind="shm",state="orphan"}' 0
}

@test "metrics: threads that are blocked are counted, and for how long" {
        metrics
        is 'ipcview_waiting_threads{kind="fifo"}' 0
        mkfifo "$BATS_TEST_TMPDIR/fifo"
        cat "$BATS_TEST_TMPDIR/fifo" 3>&- &
        JOBS_OF_TEST+=("$!")
        wait_until now_is 'ipcview_waiting_threads{kind="fifo"}' 1
        sleep 2
        metrics
        value 'ipcview_longest_wait_seconds{kind="fifo"}' | awk '{ print } !($1 > 0.5 && $1 < 60) { exit 1 }'
}

names_process()
{
        metrics --all && grep -qF "$1" "$OUT"
}

@test "metrics: a process with an evil name breaks nothing" {
        local evil=$BATS_TEST_TMPDIR/$'a"b\\\n\377\033[1m}'
        cp "$(command -v sleep)" "$evil"
        "$evil" 300 3>&- &
        JOBS_OF_TEST+=("$!")
        wait_until names_process "pid=\"$!\",process=\"a"
        grep -qF "{limit=\"rlimit_nofile\",pid=\"$!\",process=\"a\\\"b\\\\\\n"$'\xef\xbf\xbd\xef\xbf\xbd'"[1m}\"} " "$OUT"
        never grep -qP '[\x00-\x09\x0b-\x1f\x7f]' "$OUT"
        [ -z "${PROMTOOL-}" ] || "$PROMTOOL" check metrics <"$OUT"
}

@test "metrics: who may not write is told so, and the old file stays" {
        mapped "$NOBODY" || skip "there is no other user here"
        local dir=/dev/shm/closed
        mkdir "$dir"
        echo old >"$dir/ipcview.prom"
        chmod 755 "$dir"
        within "${NOBODY_IS[@]}" -- view metrics -q -o "$dir/ipcview.prom"
        local status=$STATUS text
        text=$(cat "$dir/ipcview.prom")
        local -a left=("$dir"/* "$dir"/.[!.]*)
        rm -r "$dir"
        [ "$status" -eq 1 ]
        [ "$(cat "$ERR")" = "ipcview: metrics: $dir/ipcview.prom: Permission denied" ]
        [ "$text" = old ]
        [ "${left[0]}" = "$dir/ipcview.prom" ]
        [ "${left[1]}" = "$dir/.[!.]*" ]
}
