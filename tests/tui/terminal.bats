#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The browser in a real terminal: what it shows, what it understands, and how it leaves.
load terminal

setup() { terminal_setup; }
teardown() { terminal_teardown; }

@test "terminal: starts, moves, filters, goes back, quits" {
        terminal
        browse
        tells alternate_on 1
        sees '^>1Over<'
        feed 2
        sees '>2Shm<'
        sees '^>'
        # The real cursor is on the selected row.
        local y
        y=$(told cursor_y)
        screen | sed -n "$((y + 1))p" | grep -q '^>'
        feed j
        tells cursor_y $((y + 1))
        press Up
        tells cursor_y "$y"
        press Down
        tells cursor_y $((y + 1))
        press Home
        feed '\'
        feed 'attached==0'
        press Enter
        sees 'attached==0'
        press Enter
        sees '> shm:[0-9]+'
        press Escape
        misses '> shm:[0-9]+'
        press F1
        sees 'open the row'
        press Escape
        misses 'open the row'
        sees 'q quit'
        feed q
        left 0
}

@test "terminal: what it keeps is for the user alone" {
        terminal
        browse_live --interval 5
        feed q
        left 0
        [ -n "$(find "$DESK/state" -type f)" ]
        [ -z "$(find "$DESK/state" -perm /077)" ]
}

@test "terminal: INT, TERM, HUP and QUIT restore it, then end the browser" {
        terminal
        local signal
        for signal in INT TERM HUP QUIT; do
                browse
                kill -s "$signal" "$PID"
                left "-$(kill -l "$signal")"
        done
}

@test "terminal: SEGV, BUS, ABRT, FPE and ILL restore it, too" {
        terminal
        local signal
        for signal in SEGV BUS ABRT FPE ILL; do
                browse
                kill -s "$signal" "$PID"
                left "-$(kill -l "$signal")"
        done
}

@test "terminal: C-c quits, as a key" {
        terminal
        browse
        press C-c
        left 0
}

# As a job of the shell: Python would be stopped, too.
start_job()
{
        feed "sh -c 'echo \$\$ >$DESK/pid; exec $IPCVIEW browse --sysroot $(tree findings)'"
        press Enter
        sees 'q quit'
        PID=$(cat "$DESK/pid")
}

is_stopped()
{
        grep -Eq '^State:[[:space:]]T' "/proc/$PID/status"
}

modes_as_before()
{
        rm -f "$DESK/after"
        feed "stty -g >$DESK/after"
        press Enter
        wait_until test -s "$DESK/after"
        diff "$DESK/before" "$DESK/after"
}

@test "terminal: C-z and fg; a size that changes meanwhile" {
        terminal
        start_job
        press C-z
        wait_until is_stopped
        as_before
        modes_as_before
        mux resize-window -x 100 -y 30
        feed fg
        press Enter
        tells alternate_on 1
        sees 'q quit'
        tells cursor_flag 1
        # All of the new size is used.
        screen | tail -n 1 | grep -q 'q quit'
        [ "$(screen | wc -l)" = 30 ]
        feed 2
        sees '>2Shm<'
        feed q
        misses 'q quit'
        as_before
        modes_as_before
}

@test "terminal: stopped by TSTP and by STOP, from outside" {
        terminal
        start_job
        local signal
        for signal in TSTP STOP; do
                kill -s "$signal" "$PID"
                wait_until is_stopped
                sees 'Stopped'
                feed "clear; fg"
                press Enter
                tells alternate_on 1
                sees 'q quit'
                feed 2
                sees '>2Shm<'
                feed 1
                sees '>1Over<'
        done
        feed q
        misses 'q quit'
        as_before
        modes_as_before
}

@test "terminal: sizes from large to tiny and back" {
        terminal
        browse
        local size
        for size in 300x100 110x40 40x10 80x24; do
                mux resize-window -x "${size%x*}" -y "${size#*x}"
                wait_until fits "${size#*x}"
        done
        mux resize-window -x 12 -y 3
        misses 'Enter'
        mux resize-window -x 80 -y 24
        sees 'q quit'
        feed q
        left 0
}

# The footer is in the last line.
fits()
{
        [ "$(screen | wc -l)" = "$1" ] && screen | tail -n 1 | grep -q 'Enter'
}

@test "terminal: TERM and the codeset" {
        local term lang
        for term in linux vt100 xterm-256color tmux-256color screen; do
                for lang in C C.UTF-8; do
                        terminal TERM="$term" LC_ALL="$lang"
                        TREE=hostile browse
                        feed 5
                        sees '>5POSIX<'
                        press Down
                        press End
                        press Home
                        press Enter
                        misses 'q quit'
                        press Escape
                        sees 'q quit'
                        [ "$lang" != C ] || never grep -q '[^ -~]' <<<"$(screen)"
                        # Nothing that a terminal does not know was sent to it.
                        screen | head -n 1 | grep -q '^ ipcview '
                        screen | tail -n 1 | grep -q 'q quit'
                        feed q
                        wait_until test -s "$DESK/status"
                        [ "$(cat "$DESK/status")" = 0 ]
                        diff "$DESK/before" "$DESK/after"
                        tells alternate_on 0
                        mux kill-server
                        rm -f "$DESK/before" "$DESK/after"
                done
        done
}

@test "terminal: one that can't move its cursor is told of ipcview list" {
        local term
        for term in dumb unknown no-such-terminal ''; do
                terminal 200x24
                feed "TERM=$term $IPCVIEW browse; echo status=\$?"
                press Enter
                sees 'ipcview list'
                sees '^status=2'
                # Without a command, too.
                feed "clear; TERM=$term $IPCVIEW; echo status=\$?"
                press Enter
                sees 'ipcview list'
                sees '^status=2'
                as_before
                mux kill-server
                rm -f "$DESK/before"
        done
}

@test "terminal: never an escape into a pipe" {
        run -2 --separate-stderr "$IPCVIEW" browse --sysroot "$(tree findings)" </dev/null
        [ -z "$output" ]
        [[ $stderr == *"ipcview list"* ]]
        # The input is a terminal, the output is none; and the other way round.
        terminal
        feed "$IPCVIEW browse >$DESK/out; echo status=\$?"
        press Enter
        sees '^status=2'
        [ ! -s "$DESK/out" ]
        feed "clear; : | $IPCVIEW browse; echo status=\$?"
        press Enter
        sees '^status=2'
        sees 'ipcview list'
        # Without a command it is a table then.
        feed "clear; $IPCVIEW --sysroot $(tree findings) | head -n 1; echo status=\$?"
        press Enter
        sees '^REF '
        sees '^status=0'
}

colours()
{
        mux capture-pane -p -e | grep -Eo $'\033''\[[0-9;]*m' | grep -Eo '(^|[^0-9])(3[0-7]|9[0-7]|38)([^0-9]|$)' || true
}

@test "terminal: colours, and NO_COLOR" {
        terminal
        browse
        feed '%'
        feed 1
        sees '>1Over<'
        [ -n "$(colours)" ]
        feed q
        left 0
        browse --color=never
        [ -z "$(colours)" ]
        feed q
        left 0
        mux kill-server
        rm -f "$DESK/before"
        terminal NO_COLOR=1
        browse
        [ -z "$(colours)" ]
        feed q
        left 0
}

# click X Y: presses and releases the left button there (from 1 on), as SGR has it.
click()
{
        feed $'\033'"[<0;$1;$2M"$'\033'"[<0;$1;$2m"
}

@test "terminal: the mouse" {
        terminal TERM=xterm-256color
        browse
        tells mouse_any_flag 1
        local line column
        line=$(screen | grep -n '1Over' | head -n 1 | cut -d: -f1)
        column=$(screen | sed -n "${line}p" | grep -bo '2Shm' | cut -d: -f1)
        click $((column + 2)) "$line"
        sees '>2Shm<'
        # The second row; then the wheel.
        line=$(screen | grep -n '^>' | head -n 1 | cut -d: -f1)
        click 10 $((line + 1))
        tells cursor_y "$line"
        feed q
        left 0
        browse --no-mouse
        is_told mouse_any_flag 0
        feed q
        left 0
}

@test "terminal: a reference is copied by OSC 52" {
        terminal
        browse
        feed 2
        sees '^>.* shm:'
        feed y
        wait_until mux show-buffer
        mux show-buffer | grep -Eq '^shm:'
        feed q
        left 0
}

# Between the marks that were asked for, as from the clipboard.
paste()
{
        mux set-buffer -b pasted -- "$1"
        mux paste-buffer -p -b pasted
}

@test "terminal: pasted text is typed, never taken for keys" {
        terminal
        browse
        feed 2
        sees '^>.* shm:'
        paste $'Dq\n:quit\n'
        sees 'ignored: what is pasted'
        feed :
        sees '^:'
        paste $'D\tq\nx'
        sees '^:D q x$'
        press Escape
        misses '^:'
        feed /
        paste $'shm:\n'
        sees '^/shm:$'
        press Enter
        feed q
        left 0
}

# Not for whoever has the terminal next.
@test "terminal: pastes are marked for the browser alone" {
        terminal
        # The shell would put right what we leave behind.
        feed "bind 'set enable-bracketed-paste off'"
        press Enter
        start_job
        press C-z
        wait_until is_stopped
        feed 'cat -v'
        press Enter
        paste 'one'
        press Enter
        sees '^one$'
        press C-d
        sees '^ready> *$'
        feed fg
        press Enter
        sees 'q quit'
        paste 'D'
        sees 'ignored: what is pasted'
        kill -s SEGV "$PID"
        misses 'q quit'
        feed 'clear; cat -v'
        press Enter
        paste 'two'
        press Enter
        sees '^two$'
        press C-d
}

@test "terminal: Esc is not waited for" {
        terminal
        browse
        feed :
        sees '^:'
        local begin=${EPOCHREALTIME/./} end
        press Escape
        misses '^:'
        end=${EPOCHREALTIME/./}
        # 25 ms, and what this test takes to look.
        [ $((end - begin)) -lt 500000 ]
        feed q
        left 0
}

@test "terminal: when it goes away, so does the browser" {
        terminal
        browse
        mux kill-server
        wait_until no_browser
}

# --- on this machine, in the sandbox --------------------------------------------------

@test "terminal: what is made while one looks comes up by itself" {
        mk shm size=4096
        local first=${A[id]}
        terminal
        browse_live --interval 0.25
        feed 2
        sees "shm:$first"
        mk shm size=8192
        local second=${A[id]}
        sees "shm:$second"
        feed q
        left 0
}

@test "terminal: a command of ipcview is run on the plain screen" {
        terminal
        browse_live shm
        sees '>2Shm<'
        feed ':info'
        press Enter
        sees 'Press Enter'
        tells alternate_on 0
        sees 'What can be seen|Rights|nothing is hidden'
        press Enter
        tells alternate_on 1
        sees '>2Shm<'
        feed ':list no-such-kind'
        press Enter
        sees 'exit status 2'
        press Enter
        sees '>2Shm<'
        feed q
        left 0
}

@test "terminal: without a command it is the browser" {
        terminal
        feed "$IPCVIEW; echo status=\$?"
        press Enter
        sees '>1Over<'
        feed q
        sees '^status=0'
        as_before
}

# --- without one ----------------------------------------------------------------------

@test "script: frames, and what is wrong with a script" {
        local script=$BATS_TEST_TMPDIR/script
        printf '# a comment\n2<Frame>j<Size 100x30><Frame>q<Frame>' >"$script"
        run -0 "$IPCVIEW" browse --sysroot "$(tree findings)" --script "$script" </dev/null
        [ "$(grep -c '^=== ' <<<"$output")" = 2 ]
        grep -q '^=== 80x24$' <<<"$output"
        grep -q '^=== 100x30$' <<<"$output"
        [ "${#lines[@]}" -gt 10 ]
        never grep -q $'\033' <<<"$output"
        printf '2\n<Nonsense>' >"$script"
        run -2 "$IPCVIEW" browse --sysroot "$(tree findings)" --script "$script" </dev/null
        [[ $output == *"$script:2: "* ]]
        run -0 "$IPCVIEW" browse --sysroot "$(tree findings)" --dump --size 40x10 shm
        [ "$(head -n 1 <<<"$output")" = '=== 40x10' ]
        grep -q '2Shm' <<<"$output"
}

@test "script: what browse does not take" {
        run -2 "$IPCVIEW" browse --size 80 --dump
        run -2 "$IPCVIEW" browse --interval 0.1 --dump
        run -2 "$IPCVIEW" browse --dump no-such-view
        run -2 "$IPCVIEW" browse --dump page
        run -2 "$IPCVIEW" browse --dump shm:4294967296
        run -2 "$IPCVIEW" browse --dump --json
        run -2 "$IPCVIEW" browse --dump --filter 'size_bytes>'
        run -2 "$IPCVIEW" browse --dump shm sem
        run -2 "$IPCVIEW" browse --dump -f /no/such/file
}
