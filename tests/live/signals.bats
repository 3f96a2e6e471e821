#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Signals of processes.
load live

setup() { live_setup; }
teardown() { live_teardown; }

@test "signals: pending, blocked, ignored, caught and queued" {
        mk child comm=signalled
        pid=${A[pid]}
        # 10 USR1, 12 USR2, 34 RTMIN, 35 RTMIN+1, 64 RTMAX
        mk "@0" signals block=10 ignore=12 catch=64 pend=35 queue=3 thread=34
        json show "pid:$pid"
        # A maker that was built with the sanitizers catches faults besides.
        expect_all <<'END'
.processes | length == 1
.processes[0].signals_process_pending == ["SIGRTMIN+1"]
.processes[0].signals_pending == ["SIGRTMIN"]
.processes[0].signals_blocked == ["SIGUSR1", "SIGRTMIN", "SIGRTMIN+1"]
.processes[0].signals_ignored | index("SIGUSR2") and index("SIGPIPE")
.processes[0].signals_caught - ["SIGBUS", "SIGFPE", "SIGSEGV"] == ["SIGRTMAX"]
.processes[0].signals_queued >= 4
.processes[0].signals_queued_limit > 0
END
        view show "pid:$pid"
        grep -Eq '^ *signals_process_pending  *SIGRTMIN\+1$' "$OUT"
        grep -Eq '^ *signals_caught  *(SIGBUS,SIGFPE,SIGSEGV,)?SIGRTMAX$' "$OUT"
}

@test "signals: of another user, as far as status tells them" {
        can_be_nobody || skip "there is no second user in this user namespace"
        mk child
        pid=${A[pid]}
        mk "@0" signals ignore=12
        as_nobody json show "pid:$pid"
        expect_all <<<'.processes[0].signals_ignored | index("SIGUSR2") != null'
}

@test "signals: every holder has them in list --json" {
        mk pipe
        json list pipe
        expect_all <<END
.processes | map(select(.pid == $MAKER_PID) | .signals_ignored | index("SIGPIPE") != null) == [true]
.processes | all(.signals_blocked | type == "array")
END
}
