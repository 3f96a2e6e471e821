#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Recorded machines: each trees/NAME.manifest becomes a directory for --sysroot, and what
# ipcview tells of it must be trees/golden/NAME.json. With UPDATE=1 the golden files are
# written instead: look at the difference before keeping it. What a golden file must say
# whatever happens stands in the tests by name below.

load trees

@test "trees: quiet" { whole_machine quiet; }
@test "trees: postgres" { whole_machine postgres; }
@test "trees: future-kernel" { whole_machine future-kernel; }
@test "trees: broken" { whole_machine broken; }
@test "trees: cut" { whole_machine cut; }
@test "trees: bare" { whole_machine bare; }
@test "trees: hostile" { whole_machine hostile; }
@test "trees: events" { whole_machine events; }

@test "trees: pipes" { whole_machine pipes; }

@test "trees: sockets" { whole_machine sockets; }

@test "trees: waits" { whole_machine waits; }

@test "trees: limits" { whole_machine limits; }

@test "trees: findings" { whole_machine findings; }

@test "trees: stuck" { whole_machine stuck; }

@test "trees: full" { whole_machine full; }

# limits NAME <<<CONDITIONS: each holds for the whole report.
check_limits()
{
        local condition
        ipcview "$1" limits --all --json 2>/dev/null >"$BATS_TEST_TMPDIR/json"
        while IFS= read -r condition; do
                jq -e "def limit(l): .limits[] | select(.limit == l); $condition" "$BATS_TEST_TMPDIR/json" >/dev/null || {
                        echo "not so: $condition"
                        return 1
                }
        done
}

@test "trees: limits: every limit, and whom it binds" {
        ipcview limits limits --all --json 2>/dev/null | pretty >"$BATS_TEST_TMPDIR/report"
        same_as_golden "$BATS_TEST_TMPDIR/report" limits-all.json
        ipcview limits limits 2>/dev/null >"$BATS_TEST_TMPDIR/table"
        same_as_golden "$BATS_TEST_TMPDIR/table" limits-table.txt
        ipcview limits limits explain ENOSPC 2>/dev/null >"$BATS_TEST_TMPDIR/explained"
        same_as_golden "$BATS_TEST_TMPDIR/explained" limits-explain.txt
        for file in table explained; do
                ! LC_ALL=C grep -aP '[\x00-\x08\x0b-\x1f\x7f-\xff]' "$BATS_TEST_TMPDIR/$file" || return 1
        done
}

@test "trees: limits: what fills them" {
        check_limits limits <<'END'
limit("shmmni") | .used == 4 and .hit and (.top | map([.user.name, .used])) == [["app", 3], ["postgres", 1]]
limit("shmall") | .unlimited and .value == null and .used == 2051 and .used_permille == null and (has("inferred") | not)
limit("semmns") | .used == 18 and .value == 20 and .used_permille == 900 and .hit == false
limit("msgmni") | .value == 0 and .used == 0 and .used_permille == 1000 and .hit
limit("devshm_bytes") | .used == 61440 and .value == 65536 and (.top | map(.ref)) == ["pshm:/cache"]
limit("devshm_inodes") | .used == 8 and .hit
[limit("rlimit_nofile") | select(.pid == 100)] | .[0] | .used == 4 and .value == 4 and .hit
[limit("rlimit_nofile") | .pid] | index(2) == null
[limit("rlimit_memlock") | select(.user.uid == 1000)] | .[0] | .used == 8388609 and .value == 8388608 and .used_permille == 1000
[limit("rlimit_nproc") | select(.user.uid == 1000)] | .[0] | .used == 9 and .value == 9 and .hit and .top[0].pid == 200
[limit("rlimit_nproc") | select(.user.uid == 0)] | .[0] | .unlimited
[limit("rlimit_msgqueue") | select(.user.uid == 1000)] | .[0] | .value == 100 and .used == 0 and .hit
[limit("pipe_user_pages_soft") | select(.user.uid == 106)] | .[0] | .used == 32 and .value == 32 and .hit and .inferred
[limit("pipe_user_pages_hard") | .unlimited] | all
[limit("inotify_instances") | select(.user.uid == 1000)] | .[0] | .used == 2 and .value == 2 and .hit
[limit("inotify_watches") | select(.user.uid == 1000)] | .[0] | .value == 5 and .used == 2
[limit("epoll_watches") | select(.user.uid == 106)] | .[0] | .used == 2 and .value == 4 and .used_permille == 500
limit("file_max") | .used == 1000 and .used_permille == 500 and .top[0].pid == 100
limit("threads_max") | .used == 3000 and .used_permille == 500
limit("pid_max") | .value == null and .unlimited == null
limit("somaxconn") | .failures == 18 and (has("used") | not)
[limit("hugetlb") | [.pool, .value, .used, .used_permille]] == [["2048kB", 14, 10, 714], ["1048576kB", 0, 0, 0]]
[limit("cgroup_memory") | .cgroup] == ["/user.slice/user-1000.slice", "/system.slice/postgresql.service"]
[limit("cgroup_memory")][0] | .used_permille == 999 and .shared_bytes == 8392704 and .failures == 41 and .hit == false
[limit("cgroup_memory")][1] | .unlimited and .value == null
[limit("cgroup_pids")][0] | .hit and .used == 9 and .failures == 3
END
}

# Of the whole machine, so never tried on one that is in use; each of them hit, or near.
@test "trees: limits: what binds all of the machine" {
        ipcview full limits 2>/dev/null >"$BATS_TEST_TMPDIR/table"
        same_as_golden "$BATS_TEST_TMPDIR/table" full-table.txt
        check_limits full <<'END'
limit("epoll_watches") | .user.uid == 1000 and .used == 3 and .value == 3 and .hit and .top[0].pid == 100
limit("file_max") | .used == 9500 and .value == 10000 and .used_permille == 950 and .hit == false and .top[0].pid == 100
limit("threads_max") | .used == 32500 and .value == 32500 and .hit and (has("inferred") | not)
limit("pid_max") | .used == 32500 and .value == 32768 and .used_permille == 991 and .hit == false and .inferred
limit("hugetlb") | .pool == "2048kB" and .used == 8 and .value == 8 and .hit
limit("cgroup_memory") | .cgroup == "/system.slice/app.service" and .used == 16777216 and .hit and .failures == 7 and .shared_bytes == 8388608
limit("cgroup_pids") | .cgroup == "/system.slice/app.service" and .used_permille == 970 and .hit == false
END
        ipcview full limits explain EAGAIN fork 2>/dev/null >"$BATS_TEST_TMPDIR/explained"
        same_as_golden "$BATS_TEST_TMPDIR/explained" full-explain.txt
}

@test "trees: limits: of machines that tell nothing of them" {
        check_limits bare <<'END'
[.limits[] | select(.limit == "shmmni")] | .[0] | .value == null and .unlimited == null
END
        check_limits broken <<'END'
.limits | length > 10
END
        ipcview bare limits 2>/dev/null | grep -q '^shmmni .* ? .*'
}

@test "trees: who waits is told by the numbers of that machine" {
        check waits <<'END'
ref("sem:7") | .waiters == [{pid: 100, tid: 100, comm: "worker", operation: "semop", since: null, inferred: true}]
ref("msg:7") | .waiters == [{pid: 100, tid: 101, comm: "worker", operation: "msgrcv", since: null, inferred: true}]
ref("pipe:61") | .waiters | map([.pid, .operation]) == [[200, "read"], [203, "readv"]]
ref("pshm:/words") | .waiters | map([.pid, .operation, .inferred]) == [[400, "futex", true]]
.processes | map(select(.pid == 100) | .waits | map(.ref)) == [["sem:7", "msg:7"]]
.gaps | any(.where == "/proc/PID/mem" and .error == "EOPNOTSUPP" and .reason != null)
.gaps | any(.where == "/proc/PID/syscall" and .error == "EBADMSG" and .times == 1)
END
}

@test "trees: every manifest has its test and its golden file" {
        local name
        for name in "$TREES"/*.manifest; do
                name=$(basename "$name" .manifest)
                grep -q "whole_machine $name;" "$BATS_TEST_FILENAME"
                [ -n "${UPDATE-}" ] || [ -s "$TREES/golden/$name.json" ]
        done
}

@test "trees: what is watched by number is named only where it must be that" {
        check events <<'END'
ref("epoll:100/3") | .target_count == 5 and (.targets | map(.fd)) == [4, 5, 6, 7, 8]
ref("epoll:100/3") | .targets[0] | .ref == "eventfd:17" and .inferred
ref("epoll:100/3") | .targets[1] | .ref == "pipe:61" and .inferred == null and .data == "0xffffffffffffffff"
ref("epoll:100/3") | .targets[2:] | map(.ref) == [null, null, null]
ref("epoll:100/3") | .targets[4] | .events == ["in", "other"] and (has("inode") | not)
ref("epoll:100/3") | .peers | sort == ["eventfd:17", "pipe:61"]
.gaps | any(.kind == "epoll" and .error == "EBADMSG")
END
}

@test "trees: open files that can't be compared say so" {
        check events <<'END'
ref("epoll:100/3", "epoll:100/8", "signalfd:200/5", "signalfd:200/13") | .state == ["uncompared"]
ref("inotify:200/9", "iouring:100/7") | .state == []
.gaps | map(select(.where == "kcmp") | .kind) | sort == ["epoll", "signalfd"]
.objects | map(select(.kind == "eventfd") | .ref) == ["eventfd:17"]
.gaps | any(.kind == "eventfd" and .error == "ENODATA")
END
}

@test "trees: what older and newer kernels tell of anonymous files" {
        check events <<'END'
ref("timerfd:200/4") | .clock == "other" and .remaining_ns == 1999999999 and .interval_ns == null
ref("timerfd:200/4") | .timer_flags == ["abstime", "cancel-on-set", "other"]
ref("pidfd:200/6") | .target_pid == 100 and .target_comm == "loop" and .namespace_pids == [{pid: 100}, {pid: 7}]
ref("pidfd:200/7") | .target_pid == null and .target_life == "dead" and .state == ["gone"]
ref("pidfd:200/8") | .target_pid == 0 and .target_life == "none" and .state == []
ref("inotify:200/9") | .watch_count == 2 and (.watches | map(.wd)) == [1, 2] and .watches[1].mask == ["onlydir", "other"]
ref("fanotify:200/10") | .fanotify_flags == ["other"] and .event_flags == ["sync"] and .event_access == "w"
ref("fanotify:200/10") | .marks | map(.mark_type) == ["mount-namespace", "mount"]
ref("iouring:100/7") | .sq_entries == 8 and .cq_entries == null and .poll_count == 1 and .cq_overflows == 0
ref("iouring:100/7") | .registered_files | map(.ref) == ["pipe:61", null]
ref("anon:200/11") | .anon_type == "bpf-map" and (.fdinfo | map(.info_key)) == ["map_type", "frozen"]
END
}

@test "trees: pipes, FIFOs and memfds are told apart from what looks like them" {
        check pipes <<'END'
ref("pipe:61") | .readers == 1 and .writers == 1 and .state == [] and .capacity_bytes == null
ref("pipe:62") | .readers == 0 and .writers == 1 and .state == ["no-reader"] and .inferred == ["state"]
ref("fifo:/run/f%0A%1B") | .name == "/run/f\n\u001b" and .readers == 2 and .writers == 1 and .owner.uid == 1000
ref("fifo:ino=72") | .state == ["unlinked", "no-writer"] and .name == null and .path == "/run/gone (deleted)"
.objects | map(select(.kind == "memfd") | .name) == ["a (deleted)", ""]
ref("memfd:1044") | .size_bytes == 8192 and (.holders | map(.way)) == ["fd", "map"]
.objects | map(select(.kind == "file") | .ref) == ["file:/var/cache/x", "file:ino=2001"]
ref("file:/var/cache/x") | .writers == 1 and (.holders | map([.pid, .maps, .access])) == [[100, 2, "rw"], [200, 1, "r"]]
ref("file:ino=2001") | .file_type == "anonymous" and .writers == 2
END
}

@test "trees: terminals and locks" {
        check pipes <<'END'
.objects | map(select(.kind == "pty") | .ref) == ["pty:3"]
ref("pty:3") | .session_pid == 200 and .foreground_pid == 201 and .owner.uid == 1000 and .state == []
ref("pty:3") | .holders | map([.pid, .side]) == [[200, "slave"], [300, "master"]]
.objects | map(select(.kind == "lock") | .ref) | length == 5 and length == (unique | length)
ref("lock:flock/254:1/4001/0-max/300") | .path == "/data/db" and (.holders | map([.pid, .way, .fd])) == [[200, "lock", 5]]
ref("lock:ofdlck/254:1/4001/10-19") | .locker_pid == null and (.holders | map([.pid, .fd, .inferred])) == [[200, 5, true]]
.objects | map(select(.lock_type == "ofdlck" and .holders == [])) | length == 1
ref("lock:posix/254:1/4001/100-199/200") | .waiting == 2 and .state == ["waiters"] and (.holders | map(.pid)) == [200]
ref("lock:posix/254:1/4001/100-199/200") | .waiters | map([.pid, .operation]) == [[100, "fcntl"]]
.objects | map(select(.lock_type == "lease")) | map([.state, (.holders | map(.pid))]) == [[["breaking"], [300]]]
.gaps | any(.kind == "lock" and .error == "EBADMSG")
END
}

@test "trees: signals" {
        check pipes <<'END'
.processes[] | select(.pid == 100) | .signals_pending == ["SIGHUP"] and .signals_process_pending == ["SIGRTMAX"]
.processes[] | select(.pid == 100) | .signals_blocked == ["SIG32", "SIG33"] and .signals_ignored == ["SIGPIPE"]
.processes[] | select(.pid == 100) | .signals_caught == [] and .signals_queued == 3 and .signals_queued_limit == 31400
.processes[] | select(.pid == 200) | has("signals_caught") | not
END
}

@test "trees: tables" {
        for name in postgres hostile; do
                ipcview "$name" list 2>/dev/null >"$BATS_TEST_TMPDIR/table"
                same_as_golden "$BATS_TEST_TMPDIR/table" "$name.txt"
                if LC_ALL=C grep -aP '[\x00-\x08\x0b-\x1f\x7f-\xff]' "$BATS_TEST_TMPDIR/table"; then
                        return 1
                fi
        done
}

@test "trees: what only holders tell is listed, whatever the columns" {
        local name
        for name in pipes events sockets; do
                ipcview "$name" list -o ref --no-headings 2>/dev/null >"$BATS_TEST_TMPDIR/refs"
                ipcview "$name" list --json 2>/dev/null | jq -r '.objects[].ref' | diff - "$BATS_TEST_TMPDIR/refs"
        done
}

# Judged all at once: it takes longer to start who judges than to judge.
@test "trees: what they print keeps the schema" {
        local name report documents="$BATS_TEST_TMPDIR/documents" by_line="$BATS_TEST_TMPDIR/by-line" status=0
        mkdir "$documents" "$by_line"
        "$IPCVIEW" schema >"$BATS_TEST_TMPDIR/schema"
        for name in "$BATS_FILE_TMPDIR"/*/; do
                name=$(basename "$name")
                for report in list "limits --all" "limits explain ENOSPC"; do
                        # shellcheck disable=SC2086 # words
                        ipcview "$name" $report --json 2>/dev/null >"$documents/$name $report"
                        # shellcheck disable=SC2086
                        ipcview "$name" $report --ndjson 2>/dev/null >"$by_line/$name $report"
                done
                [ "$(jq -c .objects[].ref "$documents/$name list" | wc -l)" = \
                  "$(jq -s '[.[] | select(.record == "end")][0].objects' "$by_line/$name list")" ]
        done
        "$PYTHON" "$TREES/../validate-json.py" "$BATS_TEST_TMPDIR/schema" "$documents"/* || status=$?
        [ $status != 77 ] || skip "the Python module jsonschema is not installed"
        [ $status = 0 ]
        "$PYTHON" "$TREES/../validate-json.py" --ndjson "$BATS_TEST_TMPDIR/schema" "$by_line"/*
}

@test "trees: an empty machine is complete" {
        check quiet <<'END'
.ipcview.complete
.objects | map(.ref) == ["socket:12345"]
.gaps == []
END
}

@test "trees: postgres: creators alive, dead and reused" {
        check postgres <<'END'
ref("shm:32768") | .creator_life == "alive" and .attached == 3 and .state == []
ref("shm:32768") | [.holders[] | select(.way == "map") | .pid] == [1999, 2010, 2044]
ref("shm:65537") | .creator_life == "dead" and (.state | index("orphan") != null)
ref("shm:65537") | .resident_bytes == 33554432 and .swapped_bytes == 8388608
ref("shm:98306") | .state == ["dest", "locked"] and .key == null and .mode == "0600"
ref("shm:131075") | .creator_life == "reused" and .owner.name == "app" and .creator.name == "root"
.processes | map(select(.pid == 1999) | .unit) == ["postgresql@15-main.service"]
END
}

@test "trees: postgres: POSIX memory, a semaphore and a queue" {
        check postgres <<'END'
ref("pshm:/PostgreSQL.3406264166") | .linked and (.holders | map(.pid)) == [1999, 2010, 2044]
ref("pshm:ino=3") | .linked == false and (.holders | map([.pid, .way])) == [[2044, "fd"], [2044, "map"]]
ref("pshm:/cache") | .size_bytes == 5368709120 and .allocated_bytes == 8192 and .holders[0].access == "r"
ref("psem:/app") | .value == 1 and .waiting == 2 and .linked and (.holders | map(.pid)) == [2011]
ref("mq:/jobs") | .queued_bytes == 129 and .max_messages == null and (.holders | map([.pid, .fd])) == [[2011, 4]]
ref("mq:/jobs") | .notify == {method: "signal", pid: 2011, signal: 10}
ref("msg:3") | .queued_messages == 4 and .queued_bytes == 16384 and .last_receive_life == "dead"
END
}

@test "trees: what only the running kernel could tell is null and a gap" {
        check postgres <<'END'
ref("sem:0") | .semaphore_count == 17 and has("semaphores") and .semaphores == null
ref("msg:3") | has("max_bytes") and .max_bytes == null
.gaps | map(.kind) | sort == ["lock", "mq", "msg", "sem"]
.ipcview.complete | not
END
}

@test "trees: future-kernel: unknown columns shift nothing" {
        check future-kernel <<'END'
ref("shm:32768") | .key == "0x0052e2c1" and .size_bytes == 56 and .creator_pid == 1999 and .last_pid == 2044
ref("shm:32768") | .resident_bytes == 4096 and .swapped_bytes == 0 and .attached == 1
ref("shm:2147483647") | .key == "0xfffffffe" and .state == ["dest"] and .size_bytes == 5368709120
ref("shm:2147483647") | .owner.uid == 1000 and .creator.uid == 0 and .swapped_bytes == 4096
ref("sem:4") | .semaphore_count == 17 and .mode == "0600" and .owner.name == "postgres"
ref("msg:3") | .queued_messages == 4 and .queued_bytes == 16384 and .last_send_pid == 2044 and .last_receive_pid == 1999
ref("mq:/new") | .queued_bytes == 64 and .notify.method == "thread" and .notify.pid == 2044
ref("pshm:/one") | [.holders[] | select(.way == "fd")] | map([.pid, .fd, .access]) == [[2044, 6, "rw"]]
[.processes[] | select(.holds != []) | .pid] == [1999, 2044]
END
}

@test "trees: broken: good rows stay, bad ones are gaps" {
        check broken <<'END'
ref("shm:1") | .size_bytes == 4096 and [.holders[] | select(.way == "map") | .pid] == [10]
ref("shm:10") | .owner == {uid: 4294967295, name: null}
[.objects[] | select(.kind == "shm") | .id] | all(. >= 0 and . <= 2147483647)
[.objects[] | select(.id == 2 or .id == 4 or .id == 5 or .id == 9)] == []
all(.objects[] | select(.ref == "shm:3" or .ref == "shm:6"); .key == null)
all(.objects[] | select(.ref == "shm:7"); .mode == null)
all(.objects[] | select(.ref == "shm:8"); .size_bytes == null)
["shm", "sem", "msg", "mq"] - (.gaps | map(.kind)) == []
["/proc/PID/maps", "/proc/PID/stat", "/proc/PID/status", "/proc/stat"] - (.gaps | map(.where)) == []
all(.objects[] | select(.kind == "mq"); has("queued_bytes") and .queued_bytes == null and (.state | index("orphan") | not))
ref("pshm:/plain") | .size_bytes == 5 and (.state | index("orphan") | not)
.ipcview.complete | not
.errors == []
END
}

@test "trees: broken: an open file that cannot be looked into has unknown access" {
        check broken <<'END'
ref("pshm:/plain") | .holders | map([.pid, .fd, .access]) == [[14, 3, null]]
END
}

@test "peers: ipcs, lsipc: hang on an empty or odd /proc/sysvipc" {
        local contents kind
        for contents in '' '\n' 'key' 'key shmid' '\0' '\n\n\n\n' ' key semid perms\n 1' '%s\377\n'; do
                cp -a "$BATS_FILE_TMPDIR/quiet" "$BATS_TEST_TMPDIR/odd"
                for kind in shm sem msg; do
                        # shellcheck disable=SC2059 # it is the format that is tried
                        printf "${contents//%/%%}" >"$BATS_TEST_TMPDIR/odd/proc/sysvipc/$kind"
                done
                timeout 20 "$IPCVIEW" --sysroot "$BATS_TEST_TMPDIR/odd" --json >"$BATS_TEST_TMPDIR/json" 2>/dev/null
                jq -e '(.objects | map(.kind)) == ["socket"] and (["shm", "sem", "msg"] - (.gaps | map(.kind)) == [])' "$BATS_TEST_TMPDIR/json"
                rm -r "$BATS_TEST_TMPDIR/odd"
        done
}

@test "trees: cut: a row without its end is no row" {
        check cut <<'END'
.objects | map(.ref) == ["shm:1"]
.gaps | map(.kind) == ["shm", "msg", "lock"]
END
}

@test "trees: bare: what is missing is said, and is no failure" {
        check bare <<'END'
.objects == []
["shm", "sem", "msg", "mq", "pshm"] - (.gaps | map(.kind)) == []
.ipcview.complete | not
END
}

@test "trees: hostile: processes that are hard to read hold what they hold" {
        check hostile <<'END'
.processes | map(select(.pid == 4000) | .comm) == [") R 1 (\n"]
.processes | map(select(.pid == 4001)) | .[0].comm_b64 == "//4="
ref("pshm:/new%0Aline") | .holders | map([.pid, .way]) == [[4000, "map"], [4002, "fd"]]
ref("pshm:/-rf") | .holders | map([.pid, .fd]) == [[4003, 3]]
ref("pshm:/per%25cent") | .holders | map([.pid, .way, .access]) == [[4003, "map", "rw"], [4294967, "fd", "-"]]
ref("pshm:/x%20%28deleted%29") | .linked and (.holders | length) == 2
ref("pshm:/back%5C012slash") | .linked and (.holders | length) == 1
ref("pshm:ino=90") | .linked == false and (.holders | map(.pid)) == [4000]
ref("pshm:/esc%1B%5B2J") | .holders | map([.fd, .access]) == [[100000, "w"]]
END
}

@test "trees: hostile: numbers at their ends, the same ones in another namespace" {
        check hostile <<'END'
ref("shm:2147483647") | .key == "0xffffffff" and .owner == {uid: 4294967294, name: null}
ref("shm:0") | .key == "0x80000000" and (.state | index("dest") != null)
ref("shm:0") | [.holders[] | select(.way == "map" and .inferred != true) | .pid] == [4000]
ref("sem:0") | .semaphore_count == 32000 and .mode == "0000"
ref("msg:2147483647") | .queued_messages == 16384 and .queued_bytes == 0
ref("psem:/x%0Ay") | .value == null
[.objects[] | select(.kind == "devshm") | .file_type] | sort == ["directory", "symlink"]
ref("fifo:/dev/shm/fifo") | .readers == 0 and .writers == 0 and .state == []
END
}

@test "trees: the manifest reader refuses what would leave its directory" {
        local line
        for line in 'dir /../x' 'file relative <<END' 'data /x %zz' 'link /a/../../b c' 'nonsense' 'data /x%00y -'; do
                printf '%s\n' "$line" >"$BATS_TEST_TMPDIR/bad"
                rm -rf "$BATS_TEST_TMPDIR/out"
                run "$PYTHON" "$TREES/unpack.py" "$BATS_TEST_TMPDIR/bad" "$BATS_TEST_TMPDIR/out"
                [ "$status" = 1 ]
                [[ $output == *bad:1:* ]]
        done
        # A link of the tree is never followed while unpacking.
        printf 'link /out %s\ndata /out/file x\n' "$BATS_TEST_TMPDIR/elsewhere" >"$BATS_TEST_TMPDIR/bad"
        mkdir "$BATS_TEST_TMPDIR/elsewhere"
        rm -rf "$BATS_TEST_TMPDIR/out"
        run "$PYTHON" "$TREES/unpack.py" "$BATS_TEST_TMPDIR/bad" "$BATS_TEST_TMPDIR/out"
        [ "$status" = 1 ]
        [ -z "$(ls "$BATS_TEST_TMPDIR/elsewhere")" ]
}

@test "trees: sockets of /proc/net: what it tells, and nothing that it does not" {
        check sockets <<'END'
ref("unix:/run/a%20b") | .inode == 130 and .socket_state == "listening" and .max_backlog == null and .owner == null
ref("unix:ino=131") | .name == "/run/a b" and .socket_state == "established" and .peers == [] and .state == []
ref("unix:ino=133") | .abstract == true and (.inferred | index("abstract")) and .descriptors_in_flight == 2
ref("unix:ino=132") | .descriptors_in_flight == null and .holders[0].pid == 200
ref("netlink:route/100") | .groups == null and .holders[0].pid == 100
ref("netlink:kobject_uevent/4294963199") | .port == 4294963199
[.objects[] | select(.inode == 21)] | length == 1
ref("packet:40") | .protocol == "all" and .socket_type == "raw" and (has("interface") | not)
ref("packet:41") | .interface == null and .owner.uid == 1000
ref("inet:51") | .local == "127.0.0.1:5432" and .backlog == 1 and .max_backlog == null and .state == [] and .peers == []
ref("inet:52") | .peers == ["inet:53"] and .local_peer == true
ref("inet:53") | .send_queue_bytes == 5
ref("inet:55") | .local == "[::]:5353" and .protocol == "udp"
ref("inet:56") | .protocol == "raw" and .local == "0.0.0.0:1"
ref("inet:54") | .remote == "8.8.8.8:443"
ref("socket:999") | .protocol == null
.gaps | map(select(.where == "sock_diag") | .kind) | sort == ["inet", "netlink", "packet", "unix"]
any(.gaps[]; .kind == "unix" and .error == "EBADMSG" and .times == 1)
END
        # A list leaves out what leads to another machine, but for who asks for it.
        ipcview sockets list --json 2>/dev/null | jq -e '[.objects[] | select(.remote == "8.8.8.8:443")] == []'
        ipcview sockets list inet -o remote | grep -qF 8.8.8.8:443
        ipcview sockets list --filter 'remote ~ "8.8.8.8*"' -o ref | grep -qx inet:54
}
