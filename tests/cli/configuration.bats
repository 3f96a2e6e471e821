#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What ipcview.conf says to commands that only look: levels of limits, and rules to ignore.

setup_file()
{
        [ -n "${PYTHON=$(command -v python3)}" ] || skip "there is no Python 3"
        [ ! -e /etc/ipcview.conf ] || skip "this machine has a configuration of its own"
        export TREES="$BATS_TEST_DIRNAME/../trees"
        : "${IPCVIEW:=$BATS_TEST_DIRNAME/../../src/ipcview}"
        export IPCVIEW LC_ALL=C.UTF-8 TZ=UTC
        "$PYTHON" "$TREES/unpack.py" "$TREES/limits.manifest" "$BATS_FILE_TMPDIR/limits"
}

setup()
{
        export XDG_CONFIG_HOME="$BATS_TEST_TMPDIR/config"
        CONF=$XDG_CONFIG_HOME/ipcview/ipcview.conf
        OUT=$BATS_TEST_TMPDIR/out
        ERR=$BATS_TEST_TMPDIR/err
        mkdir -p "$XDG_CONFIG_HOME/ipcview"
}

# view STATUS ARGUMENTS...
view()
{
        local wanted=$1 status=0
        shift
        timeout 20 "$IPCVIEW" --sysroot "$BATS_FILE_TMPDIR/limits" "$@" >"$OUT" 2>"$ERR" || status=$?
        [ "$status" = "$wanted" ] || { echo "status $status"; cat "$OUT" "$ERR"; return 1; }
}

# Names of limits that are above a level.
above()
{
        sed -n 's/^ipcview: limits: \([a-z_]*\): .* used, at or above .*/\1/p' "$ERR" | sort -u | tr '\n' ' '
}

found()
{
        view 0 check --json
        jq -r ".findings[] | .rule + \" \" + (.limit // .ref)" "$OUT" | sort
}

@test "configuration: without one there are no levels, and all rules" {
        view 0 limits
        [ -z "$(above)" ]
        found >"$BATS_TEST_TMPDIR/found"
        grep -qx 'limit-hit shmmni' "$BATS_TEST_TMPDIR/found"
        grep -qx 'key-failed sem:32769' "$BATS_TEST_TMPDIR/found"
}

@test "configuration: levels of limits, which the command line adds to" {
        printf 'limit = 95%%\nlimit\tsemmns = 90 \nlimit shmmni=100.1%%\n' >"$CONF"
        view 10 limits shmmni semmns devshm_bytes file_max
        [ "$(above)" = 'semmns ' ]
        view 10 limits --fail-at 50% shmmni semmns devshm_bytes file_max
        [ "$(above)" = 'devshm_bytes file_max semmns ' ]
        view 10 limits --fail-at shmmni=100 --fail-at=semmns=90.1 shmmni semmns
        [ "$(above)" = 'shmmni ' ]
        view 0 list -l
        view 0 limits explain ENOSPC
}

@test "configuration: levels are those of findings, too" {
        printf 'limit file_max = 50%%\nlimit semmns = 91%%\n' >"$CONF"
        found >"$BATS_TEST_TMPDIR/found"
        grep -qx 'limit-near file_max' "$BATS_TEST_TMPDIR/found"
        ! grep 'semmns' "$BATS_TEST_TMPDIR/found" || false
        view 0 check --level semmns=90 --json
        jq -e '[.findings[] | select(.limit == "semmns")] | length == 1' "$OUT"
        view 0 metrics
        grep -qx 'ipcview_findings{rule="limit-near",severity="warning"} 2' "$OUT"
}

@test "configuration: a level of 0 % is reached by all that is known" {
        printf 'limit = 0%%\nlimit semmns = 100%%\n' >"$CONF"
        found >"$BATS_TEST_TMPDIR/found"
        grep -qx 'limit-near hugetlb' "$BATS_TEST_TMPDIR/found"
        grep -qx 'limit-near semmni' "$BATS_TEST_TMPDIR/found"
        ! grep 'semmns' "$BATS_TEST_TMPDIR/found" || false
        view 10 limits semmni semmns hugetlb
        [ "$(above)" = 'hugetlb semmni ' ]
}

@test "configuration: rules that are ignored, by check and metrics" {
        printf 'ignore = key-failed\nignore = limit-near,socket-stale\n' >"$CONF"
        found >"$BATS_TEST_TMPDIR/found"
        grep -qx 'limit-hit shmmni' "$BATS_TEST_TMPDIR/found"
        ! grep 'key-failed\|limit-near' "$BATS_TEST_TMPDIR/found" || false
        view 0 check --ignore limit-hit --json
        jq -e '.findings == []' "$OUT"
        view 0 metrics
        grep -q '^ipcview_findings{rule="limit-hit",' "$OUT"
        ! grep '^ipcview_find.*{rule="\(key-failed\|limit-near\|socket-stale\)"' "$OUT" || false
}

@test "configuration: what is wrong with it is told, and the rest counts" {
        local line
        for line in 'limit nosuch = 5%' 'limit = x' 'limit shmmni = 80%%' 'limit shmmni =' 'limit shmmni x = 5' \
                    'limits = 5' 'ignore = nosuch' 'ignore = limit-near,' 'ignore shm = limit-near' 'typo'; do
                printf 'limit semmns = 80%%\n%s\nignore = key-failed\n' "$line" >"$CONF"
                view 10 limits shmmni semmns
                [ "$(above)" = 'semmns ' ]
                grep -qF "$CONF:2" "$ERR" || { echo "not told: $line"; cat "$ERR"; false; }
                view 0 check --only key-failed
                grep -qF "$CONF:2" "$ERR"
                grep -qx 'no findings' "$OUT"
                view 0 metrics
                grep -qF "$CONF:2" "$ERR"
                # But nothing is removed meanwhile.
                view 2 rm -n sem:32769
        done
}
