#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# SIGKILL at every system call that may change something, from the first that does: either the object or a whole copy is there,
# and nothing else but what the next run sweeps away.
load live
load admin

setup()
{
        live_setup
        admin_setup
        command -v strace >/dev/null || skip "strace is not installed"
        strace -qq -o /dev/null true || skip "strace may not trace here"
        COPIES=$BATS_TEST_TMPDIR/copies
        # The leak checker traces, too, and there is one tracer only.
        export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"
}

teardown()
{
        rm -rf /dev/mqueue/* /dev/shm/* /dev/shm/.ipcview-*
        [ ! -s /proc/sysvipc/msg ] || [ -z "$(id_of msg 0x71)" ] || ipcrm -Q 0x71
        live_teardown
}

contents() { "$PYTHON" "$LIVE_DIR/contents.py" "$@"; }

# What does nothing to files or objects, or comes as often as it likes: who is killed there leaves what he would leave at
# the next of the others.
IDLE='^(exit_group|clock_nanosleep|rt_sigpending|rt_sigprocmask|geteuid|getegid|getpid|gettid|brk|lseek|ioctl|dup'
IDLE+='|mmap|munmap|mprotect|madvise|fstat|newfstatat|statx|read|pread64|getdents64|getrandom)$'

# steps ARG...: runs ipcview once, and prints "SYSCALL N" for each call that it makes from the first on that writes.
steps()
{
        strace -qq -o "$BATS_TEST_TMPDIR/trace" "$IPCVIEW" "$@" >/dev/null 3>&-
        awk -F'(' -v idle="$IDLE" '{ n[$1]++ } $1 == "mkdirat" { on = 1 } on && $1 ~ /^[a-z0-9_]+$/ && $1 !~ idle { print $1, n[$1] }' \
                "$BATS_TEST_TMPDIR/trace"
}

# killed_at SYSCALL N ARG...
killed_at()
{
        local call=$1 n=$2
        shift 2
        STATUS=0
        # The shell would report it.
        { strace -qq -o /dev/null -e "trace=$call" -e "inject=$call:signal=KILL:when=$n" "$IPCVIEW" "$@" \
                >"$OUT" 2>"$ERR" 3>&- || STATUS=$?; } 2>/dev/null
}

# What can be seen in the directory of copies are whole copies; at most one hidden partial one is there besides.
only_whole_copies()
{
        local hidden
        [ -d "$COPIES" ] || return 0
        hidden=$(find "$COPIES" -mindepth 1 -maxdepth 1 -name '.*.partial' | wc -l)
        [ "$hidden" -le 1 ] || { ls -lA "$COPIES"; return 1; }
        [ "$(find "$COPIES" -mindepth 1 -maxdepth 1 -name '.*' | wc -l)" = "$hidden" ] || { ls -lA "$COPIES"; return 1; }
        if [ -n "$(ls "$COPIES")" ]; then
                view restore --check "$COPIES"
                [ "$STATUS" = 0 ] && [ "$(wc -l <"$OUT")" = "$(ls "$COPIES" | wc -l)" ] || { show_output; return 1; }
        fi
}

@test "save: killed at every step" {
        mk msg key=0x71
        queue=${A[id]}
        contents send "$queue"
        printf contents >/dev/shm/p
        command=(save --no-holders "msg:$queue" pshm:/p "$COPIES")
        steps "${command[@]}" >"$BATS_TEST_TMPDIR/steps"
        [ "$(wc -l <"$BATS_TEST_TMPDIR/steps")" -gt 50 ]
        killed=0
        while read -r call n; do
                killed_at "$call" "$n" "${command[@]}"
                [ "$STATUS" = 0 ] || killed=$((killed + 1))
                only_whole_copies || { echo "at $call $n"; false; }
        done <"$BATS_TEST_TMPDIR/steps"
        # Calls may come in another number now and then, but mostly they don't.
        [ "$killed" -gt $(($(wc -l <"$BATS_TEST_TMPDIR/steps") * 3 / 4)) ] || { echo "only $killed"; false; }
        view "${command[@]}"
        status_is 0
        [ -z "$(find "$COPIES" -mindepth 1 -maxdepth 1 -name '.*')" ]
        view list msg --json
        jq -e '.objects[0].queued_messages == 6' "$OUT"
        ipcrm -Q 0x71
}

@test "rm --save: killed at every step, either the object or a whole copy is there" {
        printf contents >/dev/shm/p
        sleep 0.1
        command=(rm --yes --force --save="$COPIES" pshm:/p)
        steps "${command[@]}" >"$BATS_TEST_TMPDIR/steps"
        [ ! -e /dev/shm/p ]
        removed=0 stayed=0
        while read -r call n; do
                # Moved aside is what it is when it is killed between that and the removal.
                rm -rf "$COPIES" /dev/shm/.ipcview-*
                printf contents >/dev/shm/p
                killed_at "$call" "$n" "${command[@]}"
                only_whole_copies || { echo "at $call $n"; false; }
                if [ -e /dev/shm/p ]; then
                        stayed=$((stayed + 1))
                else
                        removed=$((removed + 1))
                        [ "$(cat "$COPIES/pshm-p/data")" = contents ] || { echo "lost at $call $n"; false; }
                fi
        done <"$BATS_TEST_TMPDIR/steps"
        # Before the removal, and behind it.
        [ "$stayed" -gt 20 ] && [ "$removed" -gt 0 ]
}

@test "save --drain: killed at every step, each message is in the queue or in the copy" {
        contents mqsend /jobs
        command=(save --no-holders --drain mq:/jobs "$COPIES")
        steps "${command[@]}" >"$BATS_TEST_TMPDIR/steps"
        rm /dev/mqueue/jobs
        [ "$(grep -c '^mq_timedreceive ' "$BATS_TEST_TMPDIR/steps")" -ge 5 ]
        contents mqsend /all
        contents mqreceive /all >"$BATS_TEST_TMPDIR/all"
        rm /dev/mqueue/all
        partial=0
        while read -r call n; do
                rm -rf "$COPIES"
                contents mqsend /jobs
                killed_at "$call" "$n" "${command[@]}"
                contents mqreceive /jobs >"$BATS_TEST_TMPDIR/left"
                rm /dev/mqueue/jobs
                : >"$BATS_TEST_TMPDIR/taken"
                for copy in "$COPIES"/*; do
                        [ -d "$copy" ] || continue
                        options=()
                        case $copy in *.partial) options=(--partial) partial=$((partial + 1)) ;; esac
                        view restore "${options[@]}" "$copy"
                        [ "$STATUS" = 0 ] || { echo "at $call $n"; show_output; false; }
                        contents mqreceive /jobs >>"$BATS_TEST_TMPDIR/taken"
                        rm /dev/mqueue/jobs
                done
                cat "$BATS_TEST_TMPDIR/taken" "$BATS_TEST_TMPDIR/left" | diff "$BATS_TEST_TMPDIR/all" - ||
                        { echo "at $call $n"; false; }
        done <"$BATS_TEST_TMPDIR/steps"
        [ "$partial" -gt 5 ]
}

@test "restore: killed at every step, the object is whole or not there" {
        printf contents >/dev/shm/p
        truncate -s 100000 /dev/shm/p
        cp /dev/shm/p "$BATS_TEST_TMPDIR/p"
        view save pshm:/p "$COPIES"
        status_is 0
        rm /dev/shm/p
        strace -qq -o "$BATS_TEST_TMPDIR/trace" "$IPCVIEW" restore "$COPIES" >/dev/null 3>&-
        rm /dev/shm/p
        awk -F'(' -v idle="$IDLE" '{ n[$1]++ } /SUMS/ { on = 1 } on && $1 ~ /^[a-z0-9_]+$/ && $1 !~ idle { print $1, n[$1] }' \
                "$BATS_TEST_TMPDIR/trace" >"$BATS_TEST_TMPDIR/steps"
        made=0
        while read -r call n; do
                killed_at "$call" "$n" restore "$COPIES"
                if [ -e /dev/shm/p ]; then
                        cmp /dev/shm/p "$BATS_TEST_TMPDIR/p" || { echo "at $call $n"; false; }
                        rm /dev/shm/p
                        made=$((made + 1))
                fi
        done <"$BATS_TEST_TMPDIR/steps"
        [ "$made" -gt 0 ]
        [ -z "$(ls -A /dev/shm)" ] || { ls -lA /dev/shm; false; }
}
