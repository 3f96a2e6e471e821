#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Limits: each is driven to its end, the call fails, and `limits explain` names the limit and the user.
# shellcheck disable=SC2034 # OBJECT and JSON are what expect looks at
load live

declare -gA SYSCTLS=()

setup()
{
        live_setup
        # The kernel counts for a user what he has in all namespaces, and other tests may be at work as the usual one.
        [ "$U" = 0 ] || U=$((100000 + RANDOM))
        FILLERS=() FILLER_JOBS=() NFILLERS=0
        # All of them belong to the IPC namespace, which the tests of this file share.
        for sysctl in kernel/{shmmni,shmall,shmmax,sem,msgmni,msgmax,msgmnb} fs/mqueue/{queues_max,msg_max,msgsize_max}; do
                SYSCTLS[$sysctl]=$(<"/proc/sys/$sysctl")
        done
}

teardown()
{
        while [ ${#FILLERS[@]} -gt 0 ]; do
                unfill
        done
        for sysctl in "${!SYSCTLS[@]}"; do
                echo "${SYSCTLS[$sysctl]}" >"/proc/sys/$sysctl"
        done
        live_teardown
}

# fill [AS... --] WHAT NAME=VALUE...: a filler that stays; FILLER, FILLED and FAILED tell about it.
fill()
{
        local -a by=()
        local pipe=$BATS_TEST_TMPDIR/fill-$((NFILLERS++)) fd out
        if [[ " $* " == *" -- "* ]]; then
                while [ "$1" != -- ]; do by+=("$1"); shift; done
                shift
        fi
        out=$pipe.out
        mkfifo "$pipe" "$out"
        "${by[@]}" "${PYTHON:-python3}" "$LIVE_DIR/filler.py" "$@" <"$pipe" >"$out" 2>"$pipe.err" 3>&- &
        exec {fd}>"$pipe"
        FILLERS+=("$fd")
        FILLER_JOBS+=("$!")
        # Its end is told at once; how long it may take depends on all else that the machine does.
        read -r -t "$PATIENCE" FILLER FILLED FAILED <"$out" || { cat "$pipe.err"; return 1; }
}

# The filler that was started last ends, and what it made is gone.
unfill()
{
        local fd=${FILLERS[-1]} job=${FILLER_JOBS[-1]}
        unset 'FILLERS[-1]' 'FILLER_JOBS[-1]'
        exec {fd}>&-
        wait "$job" || true
}

filled()
{
        [ "$FILLED $FAILED" = "$*" ] || { echo "filled $FILLED $FAILED, not $*"; return 1; }
}

# hit LIMIT ERROR CALL [JQ]: of all causes this one is the first that is hit, and the condition holds for it.
hit()
{
        json limits explain "$2" "$3"
        OBJECT=$(jq '[.causes[] | select(.hit)] | first' <<<"$JSON")
        expect <<<".limit == \"$1\" and (${4:-true})"
        view limits explain "$2" "$3"
        status_is 0
        grep -qF "$2 from $3: $1 is hit." "$OUT" || { show_output; return 1; }
}

# Nothing makes this call fail any more.
free()
{
        json limits explain "$1" "$2"
        expect_all <<<'[.causes[] | select(.hit)] == []'
}

# limit NAME <<<CONDITION...: the row of the limit.
limit()
{
        json limits "$@"
        OBJECT=$(jq '.limits[0]' <<<"$JSON")
        expect
}

@test "limits: System V segments" {
        echo 3 >/proc/sys/kernel/shmmni
        fill shm uid="$U"
        filled 3 ENOSPC
        hit shmmni ENOSPC shmget ".value == 3 and .used == 3 and .used_permille == 1000 and .top[0].user.uid == $U"
        limit shmmni <<<'has("inferred") | not'
        unfill
        free ENOSPC shmget
        limit shmmni <<<'.used == 0 and .hit == false and .top == []'
}

@test "limits: System V memory is counted in pages, each segment rounded up" {
        echo 5 >/proc/sys/kernel/shmall
        fill shm size=1 uid="$U"
        filled 5 ENOSPC
        hit shmall ENOSPC shmget ".value == 5 and .used == 5 and .unit == \"pages\" and .top == [{user: .top[0].user, used: 5}]"
        unfill
        fill shm size=$((2 * $(getconf PAGESIZE)))
        filled 2 ENOSPC
        limit shmall <<<'.used == 4 and .used_permille == 800'
        # ipcs counts alike; lsipc divides the sum of the bytes.
        [ "$(LC_ALL=C ipcs -m -u | awk '/pages allocated/ { print $3 }')" = 4 ]
        unfill
}

@test "limits: what bounds each call has a value, and no use" {
        echo 8192 >/proc/sys/kernel/shmmax
        fill shm size=8193 hold=0
        filled 0 EINVAL
        json limits explain EINVAL shmget
        expect_all <<'END'
[.causes[] | .limit] == ["shmmin", "shmmax"]
.causes[1] | .value == 8192 and (has("used") | not) and .binds == "namespace"
END
        view limits explain EINVAL shmget
        grep -q 'bounds each call: 8K' "$OUT" || { show_output; return 1; }
        echo "20 32000 500 128" >/proc/sys/kernel/sem
        fill sem nsems=21 hold=0
        filled 0 EINVAL
        limit semmsl <<<'.value == 20'
        limit semopm <<<'.value == 500'
        echo 100 >/proc/sys/kernel/msgmax
        fill send bytes=101 hold=0
        filled 0 EINVAL
        limit msgmax <<<'.value == 100 and .unlimited == false'
}

@test "limits: semaphores, and sets of them" {
        echo "250 20 32 128" >/proc/sys/kernel/sem
        fill sem nsems=6 uid="$U"
        filled 3 ENOSPC
        limit semmns <<<'.value == 20 and .used == 18 and .used_permille == 900 and .hit == false'
        view limits explain ENOSPC semget
        grep -q "no limit is hit now, but semmns is near" "$OUT" || { show_output; return 1; }
        fill sem nsems=1
        filled 2 ENOSPC
        hit semmns ENOSPC semget ".used == 20 and (.top | map(.used) | add) == 20"
        unfill
        unfill
        echo "250 32000 32 4" >/proc/sys/kernel/sem
        fill sem nsems=1 uid="$U"
        filled 4 ENOSPC
        hit semmni ENOSPC semget ".used == 4 and .top[0].user.uid == $U"
        unfill
        free ENOSPC semget
}

@test "limits: System V queues, and a queue that is full by bytes or by number" {
        echo 3 >/proc/sys/kernel/msgmni
        echo 64 >/proc/sys/kernel/msgmnb
        fill msg uid="$U"
        filled 3 ENOSPC
        hit msgmni ENOSPC msgget ".used == 3 and .top[0].user.uid == $U"
        unfill
        fill send bytes=20
        filled 3 EAGAIN
        hit msg_queue_bytes EAGAIN msgsnd '.value == 64 and .used == 60 and (.ref | startswith("msg:"))'
        unfill
        fill send bytes=0
        filled 64 EAGAIN
        hit msg_queue_messages EAGAIN msgsnd '.value == 64 and .used == 64'
        limit msg_queue_bytes <<<'.used == 0'
        unfill
        free EAGAIN msgsnd
        limit msgmnb <<<'.value == 64'
}

@test "limits: POSIX queues" {
        echo 2 >/proc/sys/fs/mqueue/queues_max
        # Who has CAP_SYS_RESOURCE is not bound.
        fill queues uid="$U"
        filled 2 ENOSPC
        hit mq_queues_max ENOSPC mq_open ".used == 2 and .top[0].user.uid == $U"
        unfill
        free ENOSPC mq_open
        echo 256 >/proc/sys/fs/mqueue/queues_max
        echo 4 >/proc/sys/fs/mqueue/msg_max
        fill queues uid="$U" maxmsg=5 hold=0
        filled 0 EINVAL
        json limits explain EINVAL mq_open
        expect_all <<<'.causes[0] | .limit == "mq_msg_max" and .value == 4'
        fill messages maxmsg=4
        filled 4 EAGAIN
        hit mq_queue_messages EAGAIN mq_send '.ref == "mq:/filler" and .used == 4'
        unfill
}

@test "limits: the memory of a user's POSIX queues, as the kernel counts it" {
        # A queue of 8 messages of 1000 bytes: 8 * (1000 + 48) + 8 * 48 = 8768.
        fill queues uid="$U" maxmsg=8 msgsize=1000 rlimit=MSGQUEUE:20000
        filled 2 EMFILE
        json limits rlimit_msgqueue --all
        OBJECT=$(jq ".limits[] | select(.user.uid == $U)" <<<"$JSON")
        expect <<END
.value == 20000 and .used == 17536 and .inferred
.top | map(.used) == [8768, 8768]
END
        hit rlimit_msgqueue EMFILE mq_open ".user.uid == $U"
        fill queues uid="$U" maxmsg=8 msgsize=260 rlimit=MSGQUEUE:20384 hold=0
        filled 1 EMFILE
        unfill
}

@test "limits: /dev/shm, by bytes and by files" {
        mount -t tmpfs -o size=64k,nr_inodes=8 tiny /dev/shm
        fill bytes dir=/dev/shm
        filled 16 ENOSPC
        hit devshm_bytes ENOSPC write '.value == 65536 and .used == 65536 and .path == "/dev/shm" and .top[0].ref == "pshm:/filler-0"'
        unfill
        fill files dir=/dev/shm
        filled 7 ENOSPC
        hit devshm_inodes ENOSPC shm_open '.value == 8 and .used == 8'
        hit devshm_inodes ENOSPC sem_open
        unfill
        free ENOSPC shm_open
        umount /dev/shm
        mount -t tmpfs -o size=0,nr_inodes=0 tiny /dev/shm
        limit devshm_bytes <<<'.unlimited and .value == null and .used_permille == null'
        view limits devshm_inodes
        grep -q 'no limit' "$OUT" || { show_output; return 1; }
        umount /dev/shm
}

@test "limits: descriptors of a process" {
        fill eventfds rlimit=NOFILE:40
        [ "$FAILED" = EMFILE ]
        hit rlimit_nofile EMFILE eventfd ".pid == $FILLER and .value == 40 and .used == 40 and .binds == \"process\""
        expect <<<'has("inferred") | not'
        view limits rlimit_nofile
        grep -q "\[$FILLER\].* 40 .* 40 .*100%" "$OUT" || { show_output; return 1; }
        unfill
        free EMFILE eventfd
}

@test "limits: only the numbers below the limit are used up" {
        mk self
        # The maker's descriptors stay where they are when its limit sinks below them.
        mk counter
        exec {high}</dev/null
        mk dup fd="${A[fd]}" to=900
        prlimit --pid "$MAKER_PID" --nofile=500:500
        json limits rlimit_nofile --all
        OBJECT=$(jq ".limits[] | select(.pid == $MAKER_PID)" <<<"$JSON")
        expect <<<".value == 500 and .used == $(find "/proc/$MAKER_PID/fd" -mindepth 1 | grep -cv /900)"
        exec {high}<&-
}

@test "limits: pipes of a user" {
        soft=$(</proc/sys/fs/pipe-user-pages-soft)
        [ "$soft" = 16384 ] || skip "pipe-user-pages-soft is not the usual one"
        [ "$U" != 0 ] || skip "there is no second user"
        fill grow uid="$U" rlimit=NOFILE:4096 pipes=1024 most=1
        filled 0 EPERM
        hit pipe_user_pages_soft EPERM fcntl ".user.uid == $U and .used == 16384 and .inferred and .top[0].used == 16384"
        unfill
        json limits pipe_user_pages_soft --all
        expect_all <<<"[.limits[] | select(.user.uid == $U)] == []"
}

@test "limits: inotify instances and watches of a user" {
        fill unshare --user --map-root-user sh -c 'echo 3 >/proc/sys/user/max_inotify_instances; exec "$@"' sh -- instances
        filled 3 EMFILE
        within nsenter --user --preserve-credentials --target "$FILLER" -- \
                hit inotify_instances EMFILE inotify_init ".value == 3 and .used == 3 and .top[0].pid == $FILLER"
        unfill
        fill unshare --user --map-root-user sh -c 'echo 5 >/proc/sys/user/max_inotify_watches; exec "$@"' sh -- \
                watches dir=/dev/shm
        filled 5 ENOSPC
        within nsenter --user --preserve-credentials --target "$FILLER" -- \
                hit inotify_watches ENOSPC inotify_add_watch ".value == 5 and .used == 5 and .top[0].pid == $FILLER"
        unfill
}

@test "limits: connections of a listener" {
        fill connects path=/dev/shm/listener backlog=2
        filled 3 EAGAIN
        hit backlog EAGAIN connect '.value == 2 and .used == 3 and .used_permille == 1500 and .ref == "unix:/dev/shm/listener"'
        unfill
        free EAGAIN connect
        limit somaxconn <<<"(.value == $(</proc/sys/net/core/somaxconn)) and .namespace.type == \"net\""
}

@test "limits: queued signals of a user" {
        [ "$U" != 0 ] || skip "there is no second user"
        fill signals uid="$U" rlimit=SIGPENDING:4
        filled 4 EAGAIN
        hit rlimit_sigpending EAGAIN sigqueue ".user.uid == $U and .used == 4 and (has(\"inferred\") | not)"
        unfill
        free EAGAIN sigqueue
}

@test "limits: threads of a user" {
        [ "$U" != 0 ] || skip "there is no second user"
        fill forks uid="$U" rlimit=NPROC:5
        filled 4 EAGAIN
        hit rlimit_nproc EAGAIN fork ".user.uid == $U and .used == 5 and .value == 5 and (.top | length) == 3"
        unfill
        free EAGAIN fork
        mapped 4321 && [ "$(id -u)" = 0 ] || return 0
        limit threads_max <<<".value == $(</proc/sys/kernel/threads-max) and .used > 0"
}

@test "limits: locked System V memory of a user" {
        [ "$U" != 0 ] || skip "there is no second user"
        page=$(getconf PAGESIZE)
        fill locks uid="$U" size="$page" rlimit=MEMLOCK:$((page * 3))
        filled 3 ENOMEM
        hit rlimit_memlock ENOMEM shmctl ".user.uid == $U and .used == $((page * 3)) and (.top | length) == 3"
        unfill
        free ENOMEM shmctl
}

@test "limits: a limit of 0 allows nothing, and is no division" {
        echo 0 >/proc/sys/kernel/shmmni
        fill shm hold=0
        filled 0 ENOSPC
        hit shmmni ENOSPC shmget '.value == 0 and .used == 0 and .used_permille == 1000'
        echo 18446744073692774399 >/proc/sys/kernel/shmall
        limit shmall <<<'.unlimited and .value == null'
}

@test "limits: those of another IPC namespace, and of its /dev/shm" {
        fill unshare --ipc --mount sh -c 'echo 2 >/proc/sys/kernel/shmmni
                mount -t tmpfs -o size=4096k,nr_inodes=10 other /dev/shm; exec "$@"' sh -- shm uid="$U"
        filled 2 ENOSPC
        ns=$(stat -L -c %i "/proc/$FILLER/ns/ipc")
        json limits shmmni --all
        OBJECT=$(jq ".limits[] | select(.namespace.inode == $ns)" <<<"$JSON")
        expect <<<'.value == 2 and .used == 2 and .hit'
        OBJECT=$(jq ".limits[] | select(.namespace.inode != $ns)" <<<"$JSON")
        expect <<<'.used == 0 and .hit == false'
        view list -l -m -o limit,value --no-headings
        grep -qx 'shmmni *4096' "$OUT" || { show_output; return 1; }
        unfill
        fill unshare --mount sh -c 'mount -t tmpfs -o size=16k other /dev/shm; exec "$@"' sh -- bytes dir=/dev/shm
        filled 4 ENOSPC
        hit devshm_bytes ENOSPC write ".path == \"/proc/$FILLER/root/dev/shm\" and .value == 16384"
        unfill
}

@test "limits: --fail-at is exit status 10, by limit or for all" {
        echo 4 >/proc/sys/kernel/shmmni
        fill shm most=3
        view limits shmmni --fail-at 80%
        status_is 0
        view limits shmmni --fail-at 75%
        status_is 10
        grep -q '^ipcview: limits: shmmni: ipc:.*: 75% used, at or above 75%$' "$ERR" || { show_output; return 1; }
        view limits shmmni --fail-at 10% --fail-at shmmni=80
        status_is 0
        view limits shmmni --fail-at 90 --fail-at shmmni=74.9% --json -q
        status_is 10
        [ ! -s "$ERR" ]
        view limits --fail-at nosuch=80%
        status_is 2
        view limits --fail-at much
        status_is 2
        unfill
}

@test "limits: list -l has what ipcs -l has" {
        view list -l
        status_is 0
        [ "$(awk 'NR > 1 { print $1 }' "$OUT" | xargs)" = "shmmni shmall shmmax shmmin msgmni msgmax msgmnb semmni semmns semmsl semopm semvmx" ]
        view list -l -m -o limit --no-headings
        [ "$(xargs <"$OUT")" = "shmmni shmall shmmax shmmin" ]
        view list -l shm
        status_is 2
}

@test "limits: as an ordinary user" {
        fill shm most=2
        as_nobody view limits shmmni --json
        status_is 0
        jq -e '.limits[0].used == 2' "$OUT" >/dev/null || { show_output; return 1; }
        unfill
}
