# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# For the tests of what ipcview does to objects, beside live.bash:
#
#   admin_setup           a home of our own for journal, copies and configuration
#   orphan KIND ARG...    like mk, but whoever made it is dead; orphan_as UID KIND ARG...
#   id_of KIND KEY        its id
#   many N                so many queues with keys from 0x10000 on
#   ask [OPTION...] ARG...    runs ipcview at a terminal: see ask.py; STATUS and $OUT
#   removals ARG...       the JSON of a removal of one object in REMOVAL; fails as ipcview does
#   removal_is            every line is a jq condition that must hold for REMOVAL
#   nothing_left          no object is there any more

admin_setup()
{
        : "${PYTHON:=$(command -v python3)}"
        [ -n "$PYTHON" ] || skip "there is no Python 3"
        # Below the private /dev: there an ordinary user can reach his.
        export XDG_STATE_HOME=/dev/admin/state XDG_CONFIG_HOME=/dev/admin/config
        rm -rf /dev/admin
        mkdir -p /dev/admin/state /dev/admin/config
}

# The state directory must belong to its user.
as_nobody()
{
        can_be_nobody || skip "there is no second user in this user namespace"
        local IPCVIEW=$IPCVIEW XDG_STATE_HOME=/dev/admin/nobody XDG_CONFIG_HOME=/dev/admin/nobody/config
        mkdir -p /dev/admin/nobody
        chown "$NOBODY:$NOBODY" /dev/admin/nobody
        if ! "${NOBODY_IS[@]}" test -x "$IPCVIEW"; then
                install -m 755 "$IPCVIEW" /dev/ipcview-for-nobody
                IPCVIEW=/dev/ipcview-for-nobody
        fi
        export XDG_STATE_HOME XDG_CONFIG_HOME
        within "${NOBODY_IS[@]}" -- "$@"
}

orphan()
{
        local child answer
        mk child
        child=${A[child]}
        mk "@$child" "$@"
        answer=$(declare -p A)
        end_child "$child"
        eval "${answer/declare -A A=/A=}"
}

orphan_as()
{
        local as=$1
        shift
        orphan "$@" as="$as"
}

id_of()
{
        awk -v key="$(($2))" '$1 == key { print $2 }' "/proc/sysvipc/$1"
}

many()
{
        "$PYTHON" -c '
import ctypes, sys
libc = ctypes.CDLL(None, use_errno=True)
for i in range(int(sys.argv[1])):
    if libc.msgget(0x10000 + i, 0o3600) < 0:
        sys.exit("msgget: errno %d" % ctypes.get_errno())' "$1"
}

# Below a user namespace the machine's terminals can't be had: then from a devpts of our own.
have_terminals()
{
        "$PYTHON" -c 'import os; os.openpty()' 2>/dev/null
}

ask()
{
        local -a options=()
        have_terminals || mount -n -t devpts -o newinstance,ptmxmode=0666 ipcview-pts /dev/pts || true
        have_terminals || skip "there are no pseudoterminals"
        while [ "${1#--}" != "$1" ]; do
                options+=("$1" "$2")
                shift 2
        done
        STATUS=0
        : >"$ERR"
        LC_ALL=C.UTF-8 TZ=UTC NO_COLOR=1 timeout 90 "$PYTHON" "$LIVE_DIR/ask.py" "${options[@]}" "$IPCVIEW" "$@" \
                >"$OUT" 2>"$ERR" 3>&- || STATUS=$?
}

removals()
{
        view "$@" --json
        REMOVAL=$(jq -s 'if length == 1 and (.[0].removals | length) == 1 then .[0].removals[0] else error("not one") end' "$OUT") ||
                { show_output; return 1; }
        return "$STATUS"
}

removal_is()
{
        check_conditions "$REMOVAL"
}

nothing_left()
{
        local left
        left=$(tail -qn +2 /proc/sysvipc/{shm,sem,msg}; ls -A /dev/shm; ls -A /dev/mqueue)
        [ -z "$left" ] || { echo "there is:"; head -n 20 <<<"$left"; return 1; }
}
