#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# On a machine with real programs: holders and peers are those that lsfd(1) and ss(8) tell.
#
# All programs that are installed run together and are stopped (SIGSTOP) while everybody looks:
# there are no differences by chance then. agreement.py compares.
load live

PLACE=/dev/agreement
LOOK=$PLACE/look

# Programs that are not there are skipped by name; one that does not work is an error.
missing()
{
        echo "$2 is not installed" >"$PLACE/missing.$1"
}

have()
{
        command -v "$2" >/dev/null || { missing "$1" "$2"; return 1; }
}

# started NAME COMMAND...: in the background, its output in a file. bats waits for whoever has its
# descriptors.
started()
{
        local name=$1
        shift
        mkdir -p "$PLACE/$name"
        (close_others && cd "$PLACE/$name" && exec "$@") </dev/null >"$PLACE/$name.log" 2>&1 &
        eval "PID_$name=$!"
        disown
}

close_others()
{
        local fd
        for fd in /proc/"$BASHPID"/fd/*; do
                fd=${fd##*/}
                [ "$fd" -le 2 ] || eval "exec $fd>&-"
        done
}

# until_true NAME COMMAND...: waits for it to succeed, for as long as the program lives.
until_true()
{
        local name=$1 pid=PID_$1 i
        shift
        for ((i = 0; i < 600; i++)); do
                ! "$@" >/dev/null 2>&1 || return 0
                kill -0 "${!pid}" 2>/dev/null || break
                sleep 0.1
        done
        echo "$name does not come up:"
        tail -n 20 "$PLACE/$name.log"
        return 1
}

start_redis()
{
        have redis redis-server || return 0
        started redis redis-server --bind 127.0.0.1 --port 6379 --unixsocket "$PLACE/redis/socket" --save ''
        until_true redis holds redis-server socket: pipe: anon_inode:[eventpoll]
        until_true redis test -S "$PLACE/redis/socket"
        ADDRESSES+=("unix:$PLACE/redis/socket" tcp:127.0.0.1:6379)
}

start_nginx()
{
        local dir=$PLACE/nginx temp
        have nginx nginx || return 0
        mkdir -p "$dir"
        {
                # Its workers would become a user who may not enter the place.
                echo "daemon off; user root; worker_processes 2; pid $dir/pid; error_log $dir/errors;"
                echo "events { worker_connections 64; }"
                echo "http { access_log off;"
                for temp in client_body proxy fastcgi uwsgi scgi; do
                        echo "${temp}_temp_path $dir/$temp;"
                done
                echo "server { listen 127.0.0.1:8080; listen unix:$dir/socket; return 204; } }"
        } >"$dir/conf"
        started nginx nginx -e "$dir/errors" -c "$dir/conf"
        # Its workers come after the socket.
        until_true nginx test -S "$dir/socket"
        until_true nginx holds nginx socket: anon_inode:[eventpoll] anon_inode:[eventfd]
        ADDRESSES+=("unix:$dir/socket" tcp:127.0.0.1:8080)
}

# It refuses to run as root. Debian keeps its programs out of the way.
start_postgres()
{
        local dir=$PLACE/postgres bin initdb
        for initdb in /usr/lib/postgresql/*/bin/initdb "$(command -v initdb)"; do
                [ ! -x "$initdb" ] || bin=$(dirname "$(readlink -f "$initdb")")
        done
        [ -n "${bin-}" ] || { missing postgres postgresql; return 0; }
        can_be_nobody || { echo "there is no second user in this user namespace" >"$PLACE/missing.postgres"; return 0; }
        install -d -o "$NOBODY" -g "$NOBODY" -m 700 "$dir"
        (cd "$dir" && "${NOBODY_IS[@]}" "$bin/initdb" -D "$dir/data" -A trust -N) >"$PLACE/initdb.log" 2>&1 3>&- ||
                { tail -n 20 "$PLACE/initdb.log"; return 1; }
        started postgres "${NOBODY_IS[@]}" "$bin/postgres" -D "$dir/data" -k "$dir" -c listen_addresses=127.0.0.1
        until_true postgres test -S "$dir/.s.PGSQL.5432"
        until_true postgres holds postgres socket: pipe: anon_inode:[eventpoll]
        ADDRESSES+=("unix:$dir/.s.PGSQL.5432" tcp:127.0.0.1:5432)
}

start_dbus()
{
        have dbus dbus-daemon || return 0
        started dbus dbus-daemon --session --nofork "--address=unix:path=$PLACE/dbus/socket"
        until_true dbus test -S "$PLACE/dbus/socket"
        until_true dbus holds dbus-daemon socket: anon_inode:[eventpoll]
        ADDRESSES+=("unix:$PLACE/dbus/socket")
}

start_chromium()
{
        local program=chromium
        command -v $program >/dev/null || program=chromium-browser
        have chromium $program || return 0
        started chromium $program --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
                --disable-background-networking --disable-component-update --disable-sync \
                "--user-data-dir=$PLACE/chromium/data" about:blank
        until_true chromium has_renderer
        until_true chromium holds chrom socket: pipe: anon_inode:[eventpoll] anon_inode:[eventfd] /memfd: anon_inode:inotify
}

has_renderer()
{
        grep -lqsa -- --type=renderer /proc/[0-9]*/cmdline
}

start_stress()
{
        have stress stress-ng || return 0
        # Its unix sockets would lie in /tmp and stay there.
        started stress stress-ng --temp-path "$PLACE/stress" --pipe 1 --sock 1 --sock-domain ipv4 --eventfd 1 \
                --epoll 1 --epoll-domain ipv4 --shm-sysv 1 --mq 1
        until_true stress holds stress-ng-mq /mq-
        until_true stress holds stress-ng-sock socket:
        until_true stress holds stress-ng pipe: anon_inode:[eventfd]
}

# holds COMM LINK...: have processes whose names begin so descriptors whose links begin so?
holds()
{
        local comm=$1 dir held="" start
        shift
        for dir in /proc/[0-9]*; do
                case $(cat "$dir/comm" 2>/dev/null) in
                "$comm"*) held+=$'\n'$(find "$dir/fd" -type l -lname '*' -printf '%l\n' 2>/dev/null) ;;
                esac
        done
        for start; do
                [[ $held == *$'\n'"$start"* ]] || return 1
        done
}

start_clients()
{
        started clients "$PYTHON" "$LIVE_DIR/agreement.py" hold "${ADDRESSES[@]}"
        until_true clients grep -qx ready "$PLACE/clients.log"
}

pids()
{
        local dir
        for dir in /proc/[0-9]*; do
                echo "${dir#/proc/}"
        done
}

# all_new SIGNAL STATES: sends it to all processes that have come since, but those whose threads are
# in these states all, until there are no others.
all_new()
{
        local pid left=1 i old
        old=" $(cat "$PLACE/old") $BASHPID $$ "
        for ((i = 0; i < 100; i++)); do
                left=
                for pid in $(pids); do
                        case $old in *" $pid "*) continue ;; esac
                        # A thread of a process that is stopped may still be on its way there.
                        grep -hqs "^State:.[^$2]" "/proc/$pid/task"/*/status || continue
                        kill "-$1" "$pid" 2>/dev/null && left="$left $pid"
                done
                [ -n "$left" ] || return 0
                sleep 0.05
        done
        echo "SIG$1 does not reach all:"
        grep -Hs '^\(Name\|State\):' ${left// / /proc/}/status
        return 1
}

# Who waits for a child of vfork(2) that is stopped cannot be stopped: then everybody goes on for a moment.
stop_all()
{
        local i
        for ((i = 0; i < 5; i++)); do
                ! all_new STOP TZX || return 0
                all_new CONT RSDIZX || true
                sleep 1
        done
        return 1
}

look()
{
        mkdir -p "$LOOK"
        lsfd -J -o PID,ASSOC,MODE,TYPE,SOURCE,DEV,INODE,NAME >"$LOOK/lsfd.1"
        ss -xtuapneHO >"$LOOK/ss.1"
        LC_ALL=C.UTF-8 "$IPCVIEW" --json >"$LOOK/ipcview"
        ss -xtuapneHO >"$LOOK/ss.2"
        lsfd -J -o PID,ASSOC,MODE,TYPE,SOURCE,DEV,INODE,NAME >"$LOOK/lsfd.2"
}

# Nothing is wrong with these programs: what `check` tells of them, once they have come to rest. (Who
# is blocked for less than ten seconds is not stuck.)
be_healthy()
{
        sleep 12
        STATUS=0
        LC_ALL=C.UTF-8 "$IPCVIEW" check --fail-on warning >"$PLACE/check" 2>"$PLACE/check.err" || STATUS=$?
        echo $STATUS >"$PLACE/check.status"
}

setup_file()
{
        local program
        export PYTHON=${PYTHON-python3}
        mkdir "$PLACE"
        mount -n -t tmpfs -o mode=755,size=512m agreement "$PLACE"
        for program in lsfd ss ip "$PYTHON"; do
                have tools "$program" || return 0
        done
        ip link set lo up
        mkdir -m 700 "$PLACE/run"
        export TMPDIR=$PLACE/run HOME=$PLACE/run XDG_RUNTIME_DIR=$PLACE/run
        unset DBUS_SESSION_BUS_ADDRESS DISPLAY
        pids | tr '\n' ' ' >"$PLACE/old"
        ADDRESSES=()
        start_redis
        start_nginx
        start_postgres
        start_dbus
        start_chromium
        start_clients
        be_healthy
        start_stress
        stop_all
        look
}

teardown_file()
{
        [ ! -e "$PLACE/old" ] || all_new KILL ZX
        umount -n "$PLACE" && rmdir "$PLACE"
}

setup()
{
        [ ! -e "$PLACE/missing.tools" ] || skip "$(cat "$PLACE/missing.tools")"
}

# took_part NAME COMM KIND...: its processes hold such objects, to us and to lsfd.
took_part()
{
        local name=$1 comm=$2 kind
        shift 2
        [ ! -e "$PLACE/missing.$name" ] || skip "$(cat "$PLACE/missing.$name")"
        for kind; do
                jq -e --arg comm "$comm" --arg kind "$kind" \
                        'any(.objects[] | select(.kind == $kind) | .holders[]; .comm | startswith($comm))' \
                        "$LOOK/ipcview" >/dev/null || { echo "$comm holds no $kind"; return 1; }
        done
}

@test "agreement: PostgreSQL takes part" { took_part postgres postgres shm pshm pipe unix inet epoll; }
@test "agreement: Redis takes part" { took_part redis redis-server pipe unix inet epoll; }
@test "agreement: nginx takes part" { took_part nginx nginx unix inet epoll eventfd; }
@test "agreement: dbus-daemon takes part" { took_part dbus dbus-daemon unix epoll; }
@test "agreement: Chromium takes part" { took_part chromium chrom unix pipe epoll eventfd memfd inotify; }
@test "agreement: stress-ng takes part" { took_part stress stress-ng pipe eventfd mq inet; }

@test "agreement: holders, peers and mappings are those of lsfd and ss" {
        "$PYTHON" "$LIVE_DIR/agreement.py" judge "$LOOK" >"$PLACE/found" || { cat "$PLACE/found"; return 1; }
        sed 's/^/# /' "$PLACE/found" >&3
        # One of each kind was judged at least: a comparison of nothing would agree as well.
        local what
        for what in 'descriptors of '{pipe,unix,inet,epoll,eventfd,memfd,inotify,signalfd,timerfd,pidfd}' (lsfd)' \
                    'holders of '{unix,inet}' sockets (ss)' 'peers of '{unix,inet}' sockets (ss)'; do
                grep -q "^agree: .* $what" "$PLACE/found" || { echo "nothing judged: $what"; cat "$PLACE/found"; return 1; }
        done
}

@test "agreement: check finds nothing wrong with any of them" {
        [ ! -e "$PLACE/missing.redis" ] || [ ! -e "$PLACE/missing.nginx" ] || [ ! -e "$PLACE/missing.postgres" ] ||
                [ ! -e "$PLACE/missing.dbus" ] || [ ! -e "$PLACE/missing.chromium" ] || skip "none of them is installed"
        sed 's/^/# /' "$PLACE/check" >&3
        [ "$(cat "$PLACE/check.status")" = 0 ] || { cat "$PLACE/check" "$PLACE/check.err"; return 1; }
        # It did look at them.
        never grep -q 'could not be' "$PLACE/check.err"
}
