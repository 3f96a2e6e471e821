#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What changes something in the browser, on real objects: removal, copies, values, signals.
load terminal

setup()
{
        terminal_setup
        SLEEPER=
}

teardown()
{
        local id
        [ -z "$SLEEPER" ] || kill "$SLEEPER" 2>/dev/null || true
        for id in $(awk 'FNR > 1 { print $2 }' /proc/sysvipc/shm); do ipcrm -m "$id"; done
        rm -f /dev/shm/*
        terminal_teardown
}

segments()
{
        awk 'FNR > 1' /proc/sysvipc/shm | wc -l
}

there_are()
{
        [ "$(segments)" = "$1" ]
}

# three [FIELD=VALUE...]: segments of which one has contents
three()
{
        local key
        for key in 0x5eed 0x5eee 0x5eef; do
                view create shm:$key size_bytes=65536 "$@"
                [ "$STATUS" = 0 ]
        done
        there_are 3
}

# The journal has as many of these lines.
journal_has()
{
        local n=$1
        shift
        [ "$(jq -c "select($1)" "$DESK/state/ipcview/journal.ndjson" | wc -l)" = "$n" ] ||
                { cat "$DESK/state/ipcview/journal.ndjson"; return 1; }
}

open_at()
{
        browse_live --interval 1 "$@"
        sees '^ ipcview'
}

mark_three()
{
        feed 2
        sees '>2Shm<.*'
        sees '3 objects'
        press Space
        sees '1 marked'
        press Space
        sees '2 marked'
        press Space
        sees '3 marked'
}

@test "remove: the plan is shown, and Cancel has the focus" {
        three
        terminal
        open_at
        mark_three
        feed D
        sees 'Remove 3 objects\?'
        sees '3 objects are to be removed'
        sees 'x remove +shm:[0-9]+ +orphan|x remove +shm:[0-9]+ +free'
        sees '\[>Cancel<\]'
        press Enter
        misses 'Remove 3 objects'
        feed D
        sees '\[>Cancel<\]'
        press Escape
        misses 'Remove 3 objects'
        feed q
        left 0
        there_are 3
        journal_has 0 '.action == "remove"'
}

@test "remove: with the number typed, and copies that restore is content with" {
        [ "$U" != 0 ] || skip "there are no other users here"
        three owner="$U"
        terminal
        open_at
        mark_three
        feed D
        sees 'type this number'
        # What was made a moment ago is looked at again first.
        misses 'made a moment ago'
        # Without the number, and with a wrong one.
        press Tab Enter
        sees 'type the number of objects first'
        feed 4
        press Enter
        sees 'that is not the number'
        there_are 3
        press BSpace
        feed 3
        press Enter
        sees '\[>Remove<\]'
        press Tab
        sees '\[>Save and remove<\]'
        press Enter
        wait_until there_are 0
        sees '3 objects removed'
        misses Close
        feed :log
        press Enter
        sees 'removed, saved as'
        feed q
        left 0
        view restore --check "$DESK/state/ipcview/saved"
        status_is 0
        [ "$(ls "$DESK/state/ipcview/saved" | wc -l)" = 3 ]
        journal_has 3 '.action == "remove" and .result == "done" and .copy != null'
        # As those of rm are.
        view journal
        status_is 0
        [ "$(grep -c 'remove  *shm:.* done' "$OUT")" = 3 ] || { cat "$OUT"; return 1; }
}

@test "remove: what was replaced between the plan and the consent stays" {
        echo first >/dev/shm/thing
        terminal
        open_at
        feed 5
        sees 'pshm:/thing'
        feed D
        sees 'Remove pshm:/thing'
        rm /dev/shm/thing
        echo second >/dev/shm/thing
        sees 'gone meanwhile|changed meanwhile'
        press Tab
        sees '\[>Remove<\]'
        press Enter
        sees 'changed meanwhile, so it was not removed'
        # What failed is to be read: the box stays.
        sees '\[>Close<\]'
        press Enter
        misses Close
        feed :log
        press Enter
        sees '>Log<'
        sees 'changed meanwhile'
        feed q
        left 0
        [ "$(cat /dev/shm/thing)" = second ]
        journal_has 0 '.result == "done"'
        journal_has 1 '.action == "remove" and .result == "changed"'
}

@test "remove: what is in use needs force, and the holder keeps it" {
        echo contents >/dev/shm/thing
        sleep 600 5</dev/shm/thing 3>&- &
        SLEEPER=$!
        terminal
        open_at
        feed 5
        sees 'pshm:/thing'
        feed D
        sees 'Nothing of this would be removed'
        sees "sleep\[$SLEEPER\]"
        misses '\[ Remove \]'
        feed f
        sees '! remove +pshm:/thing'
        press Tab Tab
        sees '\[>Remove<\]'
        press Enter
        wait_until test ! -e /dev/shm/thing
        sees '^ pshm:/thing: removed'
        misses Close
        feed q
        left 0
        [ "$(cat "/proc/$SLEEPER/fd/5")" = contents ]
}

@test "save: messages of a POSIX queue are taken out, if that is chosen" {
        mk mq name=/jobs send=3 bytes=10
        terminal
        open_at
        feed 5
        sees '^>.*mq:/jobs'
        feed S
        sees '\[ \] take messages out'
        press Tab Enter
        sees 'only taken out'
        view show mq:/jobs --json
        jq -e '.objects[0].queued_messages == 3' "$OUT"
        press Enter
        misses Close
        feed S
        sees '\[ \] take messages out'
        feed d
        sees '\[x\] take messages out'
        press Tab Tab Enter
        sees 'saved as '
        view show mq:/jobs --json
        jq -e '.objects[0].queued_messages == 0' "$OUT"
        feed q
        left 0
        journal_has 1 '.action == "save" and .result == "done"'
        view restore --check "$DESK/state/ipcview/saved"
        [ "$STATUS" = 0 ]
}

@test "remove: a mode is set, and what it was is told" {
        view create shm:0x5eed size_bytes=4096 mode=0660
        terminal
        open_at
        feed 2
        sees '0660'
        feed e
        sees 'Change shm:'
        press Down Down
        feed 0600
        sees '0660 -> 0600'
        press Enter
        sees '\[>Apply<\]'
        press Enter
        sees '^ shm:.*mode 0660 -> 0600'
        misses Close
        feed q
        left 0
        [ "$(awk 'FNR > 1 { print $3 }' /proc/sysvipc/shm)" = 600 ]
        journal_has 1 '.action == "set" and .result == "done"'
}

@test "remove: a copy alone leaves the object" {
        echo contents >/dev/shm/thing
        terminal
        open_at
        feed 5
        sees 'pshm:/thing'
        feed S
        sees 'Save copies\?'
        press Tab Enter
        sees '^ pshm:/thing: saved as'
        misses Close
        feed q
        left 0
        [ "$(cat /dev/shm/thing)" = contents ]
        view restore --check "$DESK/state/ipcview/saved"
        status_is 0
}

@test "remove: a signal goes to the process that was chosen" {
        echo contents >/dev/shm/thing
        sleep 600 5</dev/shm/thing 3>&- &
        SLEEPER=$!
        terminal
        open_at
        feed 5
        sees 'pshm:/thing'
        feed s
        sees "Send a signal to $SLEEPER\?"
        sees 'sleep 600'
        sees '>TERM   15'
        # Cancel has the focus.
        press Enter
        misses 'Send a signal'
        kill -0 "$SLEEPER"
        feed s
        press Tab
        sees '\[>Send<\]'
        press Enter
        sees '^ pid .* the signal was sent'
        misses Close
        status=0
        wait "$SLEEPER" || status=$?
        [ "$status" = 143 ]
        SLEEPER=
        feed q
        left 0
        journal_has 1 '.action == "signal" and .result == "done" and .signal == "SIGTERM" and .process.comm == "sleep"'
        view journal
        grep -q 'signal SIGTERM  *pid:[0-9]*  *done' "$OUT" || { cat "$OUT"; return 1; }
}

@test "remove: a process that ended meanwhile gets nothing" {
        echo contents >/dev/shm/thing
        sleep 600 5</dev/shm/thing 3>&- &
        SLEEPER=$!
        terminal
        open_at
        feed 5
        sees 'pshm:/thing'
        feed s
        sees "Send a signal to $SLEEPER\?"
        kill "$SLEEPER"
        wait "$SLEEPER" || true
        SLEEPER=
        press Tab Enter
        sees 'it has ended already'
        sees '\[>Close<\]'
        press Escape
        misses Close
        feed q
        left 0
        journal_has 1 '.action == "signal" and .result == "gone"'
}

@test "remove: with --readonly nothing asks" {
        three
        terminal
        open_at --readonly
        feed 2
        sees '3 objects'
        local key
        for key in D S e s; do
                feed "$key"
                sees 'readonly'
                misses 'Cancel'
        done
        press F9
        misses 'Cancel'
        feed q
        left 0
        there_are 3
        journal_has 0 '.action != "create"'
}
