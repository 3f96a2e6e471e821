# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# A real terminal for the tests of the browser: a shell in tmux(1), with a server of its own.
# Within the sandbox of tests/live, of which all words are there, too.
#
#   terminal [WxH] [NAME=VALUE...]   opens it, with these variables; TERM is tmux-256color otherwise
#   feed TEXT          as literal text; TEXT may hold escape sequences of keys
#   press KEY...       keys as tmux names them: Enter, Escape, C-z, F1
#   screen             what is to be seen
#   sees REGEX         waits until a line matches; misses REGEX: until none does
#   told FORMAT        a variable of tmux about the terminal
#   tells FORMAT VALUE waits until it has that value
#   browse ARG...      types the command, with the modes of the terminal noted before and after; PID is its
#   browse_live ARG... the same on this machine, not on a recorded one
#   left STATUS        waits until it ended so, and everything is as it was before
#   tree NAME          where that recorded machine is unpacked

load ../live/live

terminal_setup()
{
        TMUX_PROGRAM=${TMUX_PROGRAM-$(command -v tmux)} || true
        [ -n "$TMUX_PROGRAM" ] || skip "tmux is not installed"
        live_setup
        # A socket's name may not be long; and a server that ends is not in the way of the next one.
        TERMINALS=0
        DESK=$(mktemp -d "${TMPDIR:-/tmp}/ipcview-tui.XXXXXX")
        export XDG_STATE_HOME=$DESK/state
        # Faults are for the browser, also when it was built with the sanitizers.
        export ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}handle_segv=0:handle_sigbus=0:handle_abort=0:handle_sigfpe=0:handle_sigill=0
        unset TMUX TMUX_PANE ESCDELAY
}

terminal_teardown()
{
        [ -z "${DESK-}" ] || {
                mux kill-server 2>/dev/null || true
                wait_until no_browser
                rm -rf "$DESK"
        }
        live_teardown
}

no_browser()
{
        local exe
        exe=$(readlink -f "$IPCVIEW")
        ! readlink /proc/[0-9]*/exe 2>/dev/null | grep -qxF "$exe"
}

mux()
{
        "$TMUX_PROGRAM" -S "$DESK/socket$TERMINALS" -f /dev/null "$@" 3>&-
}

tree()
{
        local place=$BATS_FILE_TMPDIR/tree-$1 trees=$BATS_TEST_DIRNAME/../trees
        [ -d "$place" ] || "${PYTHON:-python3}" "$trees/unpack.py" "$trees/$1.manifest" "$place"
        echo "$place"
}

terminal()
{
        local size=80x24
        case ${1-} in
        [0-9]*x[0-9]*) size=$1; shift ;;
        esac
        TERMINALS=$((TERMINALS + 1))
        mux new-session -d -x "${size%x*}" -y "${size#*x}" \
                "exec env TERM=tmux-256color PS1='ready> ' $* bash --norc --noprofile +o history"
        # What is copied can be looked at.
        mux set-option -g set-clipboard on
        sees '^ready>'
        feed "ulimit -c 0; stty -g >$DESK/before; clear"
        press Enter
        wait_until test -s "$DESK/before"
}

feed()
{
        mux send-keys -l "$1"
}

press()
{
        mux send-keys "$@"
}

screen()
{
        mux capture-pane -p
}

is_seen()
{
        screen | grep -Eq -- "$1"
}

is_missed()
{
        ! is_seen "$1"
}

sees()
{
        wait_until is_seen "$1" || { screen; return 1; }
}

misses()
{
        wait_until is_missed "$1" || { screen; return 1; }
}

told()
{
        mux display-message -p "#{$1}"
}

is_told()
{
        [ "$(told "$1")" = "$2" ]
}

tells()
{
        wait_until is_told "$1" "$2" || { echo "$1 is '$(told "$1")', not '$2'"; screen; return 1; }
}

# The status as Python has it: -N is the signal N.
browse_live()
{
        cat >"$DESK/browse" <<END
import subprocess, sys
browser = subprocess.Popen(sys.argv[1:])
open("$DESK/pid", "w").write(str(browser.pid))
status = browser.wait()
subprocess.call("stty -g >$DESK/after", shell=True)
open("$DESK/status", "w").write(str(status))
END
        rm -f "$DESK/status" "$DESK/pid"
        feed "${PYTHON:-python3} $DESK/browse $IPCVIEW browse $*"
        press Enter
        wait_until test -s "$DESK/pid"
        # shellcheck disable=SC2034 # the tests use it
        PID=$(cat "$DESK/pid")
        sees 'q quit|q F10|^ipcview:'
}

browse()
{
        browse_live --sysroot "$(tree "${TREE:-findings}")" "$@"
}

left()
{
        wait_until test -s "$DESK/status" || { screen; return 1; }
        [ "$(cat "$DESK/status")" = "$1" ] || { echo "ended with $(cat "$DESK/status"), not $1"; screen; return 1; }
        as_before
        diff "$DESK/before" "$DESK/after"
        sees '^ready> *$'
}

# The shell's own screen, with nothing of ours left.
as_before()
{
        tells alternate_on 0
        tells cursor_flag 1
        tells mouse_any_flag 0
        tells keypad_cursor_flag 0
}
