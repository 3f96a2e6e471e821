#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Thousands of processes that come and go while ipcview looks.
load live

setup() { live_setup; }
teardown() { live_teardown; }

# Do they still fork? What they forked is not asked.
churning()
{
        grep -qsx churning "${CHURNERS[@]}"
}

@test "churn: no crash, no phantom, no false holder" {
        local runs=0 forks=0 churn=()
        CHURNERS=()
        # What stays, and must be told exactly each time.
        mk pipe inherit=1
        inode=${A[inode]} r=${A[r]} w=${A[w]}
        mk child comm=stays
        stays=${A[pid]}
        mk memfd name=stays
        memfd=${A[inode]}
        mk pshm name=/stays keepfd=1
        mk open path="$BATS_TEST_TMPDIR/locked" size=10
        locked=${A[inode]}
        mk lock fd="${A[fd]}" flock=ex
        # These have no descriptor of the pipe, so that nobody forked by them has one.
        while [ ${#churn[@]} -lt 2 ]; do
                mk child comm=churn
                child=${A[child]}
                churn+=("$child")
                CHURNERS+=("/proc/${A[pid]}/comm")
                mk "@$child" close fd="$r"
                mk "@$child" close fd="$w"
        done
        for child in "${churn[@]}"; do
                mk "@$child" churn ms=6000 n=1000 now=1
        done
        while churning; do
                json
                runs=$((runs + 1))
                expect_all <<END
.gaps | map(select(.errno == 2 or .errno == 3)) == []
[.objects[] | select(.kind == "pipe" and .inode == $inode) | .holders[].pid] | unique == ([$MAKER_PID, $stays] | sort)
[.objects[] | select(.kind == "memfd" and .inode == $memfd) | .holders[].pid] == [$MAKER_PID]
[.objects[] | select(.kind == "pshm") | [.name, (.holders | map(.pid))]] == [["/stays", [$MAKER_PID]]]
[.objects[] | select(.kind == "lock" and .inode == $locked) | .holders[].pid] == [$MAKER_PID]
[.objects[] | .ref] | length == (unique | length)
[.processes[].pid] as \$pids | all(.objects[].holders[]; .pid as \$pid | \$pids | index(\$pid) != null)
all(.objects[] | select(.kind == "pipe"); .holders != [])
END
        done
        # All of these came and went while somebody looked: else nothing was tested.
        for child in "${churn[@]}"; do
                mk "@$child" self
                forks=$((forks + A[forks]))
        done
        echo "$forks forks during $runs looks"
        [ $runs -ge 3 ] && [ $forks -ge 2000 ]
}
