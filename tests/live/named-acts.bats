#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Acts on what has a name: POSIX queues, memory and semaphores, FIFOs, socket files.
load live
load admin

setup()
{
        live_setup
        admin_setup
        mount -n -t tmpfs ipcview-run /run
}

teardown()
{
        local failed=0
        rm -rf /dev/shm/* /dev/shm/.[!.]*
        rm -f /dev/mqueue/*
        live_teardown || failed=1
        umount -n /run
        return $failed
}

# said STATUS TEXT: that status, and that text on stdout or stderr
said()
{
        [ "$STATUS" = "$1" ] && grep -qF -- "$2" "$OUT" "$ERR" || { echo "not $1: $2"; show_output; return 1; }
}

# Objects replaced between look and removal: see named-acts.c.
race()
{
        "$(dirname "$MAKER")/named-acts" "$1" /run "$2"
        [ -z "$(find /dev/shm /run -name '.ipcview-*')" ]
}

# --- not one wrong removal ------------------------------------------------------

@test "named acts: thousands that took the place of another stay: memory" { race pshm careful; }
@test "named acts: thousands that took the place of another stay: memory, forced" { race pshm force; }
@test "named acts: thousands that took the place of another stay: semaphores" { race psem careful; }
@test "named acts: thousands that took the place of another stay: FIFOs" { race fifo careful; }
@test "named acts: thousands that took the place of another stay: FIFOs, forced" { race fifo force; }
@test "named acts: thousands that took the place of another stay: socket files" { race unix force; }

@test "named acts: thousands that took the place of another stay: queues" {
        { echo 4000 >/proc/sys/fs/mqueue/queues_max; } 2>/dev/null || skip "no right to make so many queues"
        race mq careful
}

@test "named acts: FIFOs where inodes are used again at once" {
        mkdir "$BATS_TEST_TMPDIR/here"
        "$(dirname "$MAKER")/named-acts" fifo "$BATS_TEST_TMPDIR/here" careful
}

@test "named acts: what takes the place in the very moment of the removal comes back" { race pshm hunt; }

# --- POSIX queues ---------------------------------------------------------------

@test "mq acts: the name counts in the namespace that it was listed in (ipcrm removes another one)" {
        mk mq name=/same
        outer=${A[inode]}
        mk mq name=/outer
        unshare --ipc sh -ec '
                # The mount is still that of the namespace that was left.
                [ -e /dev/mqueue/same ]
                export IPCVIEW_INSIDE=1
                "$0" create mq:/same >/dev/null
                "$0" rm --yes mq:/same
                never() { if "$@"; then exit 1; fi; }
                never "$0" rm --yes mq:/same
                never "$0" rm --yes mq:/outer
                "$0" list mq --json' "$IPCVIEW" >"$OUT" 2>"$ERR" || { STATUS=1; show_output; false; }
        [ "$(stat -c %i /dev/mqueue/same)" = "$outer" ]
        [ -e /dev/mqueue/outer ]
}

@test "mq acts: without any mount of mqueue" {
        mk mq name=/nowhere send=2 priority=3
        umount -n -l /dev/mqueue
        view rm --yes mq:/nowhere
        gone=$STATUS
        view list mq --json
        mount -n -t mqueue ipcview-mqueue /dev/mqueue
        [ "$gone" = 0 ] && [ "$(jq '.objects | length' "$OUT")" = 0 ]
        [ -z "$(ls /dev/mqueue)" ]
}

@test "mq acts: messages are never dropped by a copy, and come back in their order" {
        mk mq name=/jobs maxmsg=9 msgsize=64 mode=0604
        for message in 1:5 7:64 1:0 32767:1 7:3; do
                mk mqsend name=/jobs priority="${message%:*}" bytes="${message#*:}"
        done
        # The maker's hold would be in the way of what follows.
        mk setcomm comm=jobs
        view save mq:/jobs "$BATS_TEST_TMPDIR/copies"
        said 1 'only taken out (--drain)'
        [ "$(cat /dev/mqueue/jobs | grep -o 'QSIZE:[0-9]*')" = QSIZE:73 ]
        view rm --yes --force --save="$BATS_TEST_TMPDIR/copies" mq:/jobs
        [ "$STATUS" != 0 ] && [ -e /dev/mqueue/jobs ]
        [ "$(cat /dev/mqueue/jobs | grep -o 'QSIZE:[0-9]*')" = QSIZE:73 ]

        view rm --yes --force --save="$BATS_TEST_TMPDIR/copies" --drain mq:/jobs
        status_is 0
        [ ! -e /dev/mqueue/jobs ]
        copy=$(echo "$BATS_TEST_TMPDIR"/copies/*/)
        [ "$(awk 'NF == 2 && $1 ~ /^[0-9]+$/ { printf "%s:%s ", $1, $2 }' "$copy/messages")" = "32767:1 7:64 7:3 1:5 1:0 " ]
        umask 077
        view restore "$copy"
        status_is 0
        one true show mq:/jobs
        expect <<END
.mode == "0604" and .max_messages == 9 and .max_message_bytes == 64
.queued_messages == 5 and .queued_bytes == 73
END
        # The same again is the same copy.
        view save --drain mq:/jobs "$BATS_TEST_TMPDIR/again"
        status_is 0
        cmp "$copy/messages" "$BATS_TEST_TMPDIR"/again/*/messages
        one true show mq:/jobs
        expect <<<'.queued_messages == 0'
}

@test "mq acts: a copy whose messages do not fit leaves nothing behind" {
        mk mq name=/big maxmsg=2 msgsize=8 send=2
        view save --drain mq:/big "$BATS_TEST_TMPDIR/copies"
        status_is 0
        mk unlink what=mq name=/big
        copy=$(echo "$BATS_TEST_TMPDIR"/copies/*/)
        # A third message, and sums that fit.
        printf '%10u %10u\n12345678\n' 1 8 >>"$copy/messages"
        "$PYTHON" "$LIVE_DIR/contents.py" sums "$copy"
        view restore "$copy"
        [ "$STATUS" != 0 ]
        grep -qF 'do not fit' "$ERR" || { show_output; false; }
        [ -z "$(ls /dev/mqueue)" ]
}

# --- /dev/shm ---------------------------------------------------------------------

@test "pshm acts: names in directories, hard links, and what is no POSIX object" {
        mkdir /dev/shm/sub
        echo one >/dev/shm/sub/x
        echo two >/dev/shm/y
        ln /dev/shm/y /dev/shm/z
        view rm --yes pshm:/sub/x
        status_is 0
        [ ! -e /dev/shm/sub/x ] && [ -d /dev/shm/sub ]
        json list pshm
        ref=$(jq -r '.objects[0].name' <<<"$JSON")
        view rm -n "pshm:$ref" --json
        status_is 0
        jq -e '.removals[0].reasons | tostring | contains("hard links")' "$OUT" >/dev/null || { show_output; false; }
        view rm --yes "pshm:$ref"
        status_is 0
        [ "$(cat /dev/shm/[yz])" = two ]
        view rm --yes --force devshm:/sub
        [ "$STATUS" = 5 ] && [ -d /dev/shm/sub ]
}

@test "psem acts: who waited is forgotten, the value is not" {
        mk psem name=/sub value=0 wait=2
        view save psem:/sub "$BATS_TEST_TMPDIR/copies"
        status_is 0
        view rm --yes psem:/sub
        [ "$STATUS" = 5 ]
        view rm --yes --force psem:/sub
        status_is 0
        view restore "$BATS_TEST_TMPDIR"/copies/*/
        status_is 0
        one true show psem:/sub
        expect <<<'.value == 0 and .waiting == 0 and .holders == []'
        # It is one that programs can use.
        mk pspost name=/sub
        mk pswait name=/sub
        one true show psem:/sub
        expect <<<'.value == 0'
}

@test "psem acts: bytes that are no semaphore of this library come back as they were" {
        head -c 32 /dev/urandom >/dev/shm/sem.other
        view save psem:/other "$BATS_TEST_TMPDIR/copies"
        status_is 0
        cp /dev/shm/sem.other "$BATS_TEST_TMPDIR/before"
        view rm --yes psem:/other
        status_is 0
        view restore "$BATS_TEST_TMPDIR"/copies/*/
        status_is 0
        cmp "$BATS_TEST_TMPDIR/before" /dev/shm/sem.other
}

@test "pshm acts: nobody sees a half-made object" {
        truncate -s 64M /dev/shm/slow
        head -c 20M /dev/urandom | dd of=/dev/shm/slow conv=notrunc status=none
        view save pshm:/slow "$BATS_TEST_TMPDIR/copies"
        status_is 0
        sum=$(sha256sum </dev/shm/slow)
        touch -d '2020-02-02 02:02:02.123456789' /dev/shm/slow
        rm /dev/shm/slow
        "$IPCVIEW" restore "$BATS_TEST_TMPDIR"/copies/*/ >"$OUT" 3>&- &
        pid=$!
        while kill -0 $pid 2>/dev/null; do
                [ ! -e /dev/shm/slow ] || [ "$(stat -c %s /dev/shm/slow)" = 67108864 ]
                seen=$(ls -A /dev/shm)
                [ -z "$seen" ] || [ "$seen" = slow ]
        done
        wait $pid
        [ "$(sha256sum </dev/shm/slow)" = "$sum" ]
        # Holes are holes again.
        [ "$(stat -c %b /dev/shm/slow)" -le 41000 ]
}

# --- FIFOs ------------------------------------------------------------------------

@test "fifo acts: one that nobody has open is found by its path" {
        mkdir /run/d
        mkfifo -m 640 /run/d/pipe
        ln -s d /run/way
        ln -s pipe /run/d/link
        echo text >/run/d/file
        one true show fifo:/run/d/pipe
        expect <<END
.ref == "fifo:/run/d/pipe" and .mode == "0640" and .holders == [] and .linked and (has("unlinked") | not)
.inode == $(stat -c %i /run/d/pipe) and .path == null and .removal.verdict == "free"
END
        one true show fifo:/run/way/pipe
        expect <<<'.ref == "fifo:/run/way/pipe" and .path == "/run/d/pipe"'
        one true list fifo:/run/d/pipe
        for no in link file none; do
                view show "fifo:/run/d/$no"
                status_is 3
        done
        view rm --yes fifo:/run/d/link
        status_is 3
        view rm --yes fifo:/run/way/pipe
        status_is 0
        [ ! -e /run/d/pipe ] && [ -L /run/way ] && [ -L /run/d/link ]
}

@test "fifo acts: open ones are in use; forced, the name goes and the pipe stays" {
        mk mkfifo path=/run/busy mode=0600
        mk open path=/run/busy access=rw
        fd=${A[fd]}
        view rm --yes fifo:/run/busy
        said 5 'processes have it open'
        [ -p /run/busy ]
        view rm --yes --force fifo:/run/busy
        status_is 0
        [ ! -e /run/busy ]
        mk put fd="$fd" bytes=5
        mk get fd="$fd"
}

@test "fifo acts: saved, removed, restored: its attributes" {
        mkfifo -m 604 "/run/a b"
        chown "$U:$G" "/run/a b"
        view rm --yes --save="$BATS_TEST_TMPDIR/copies" "fifo:/run/a%20b"
        # Of another user it is, but root was asked nothing that --yes does not answer.
        [ "$STATUS" = 0 ] || show_output
        [ ! -e "/run/a b" ]
        view restore "$BATS_TEST_TMPDIR"/copies/*/
        status_is 0
        [ "$(stat -c '%F %a %u %g' "/run/a b")" = "fifo 604 $U $G" ]
        view restore "$BATS_TEST_TMPDIR"/copies/*/
        [ "$STATUS" != 0 ]
}

@test "fifo acts: hostile names" {
        for name in 'new
line' $'esc\e[31m' '%41' $'\377\376' -n 'x (deleted)' "$(printf '%0255d' 0)" '$(reboot)' '.'; do
                [ "$name" != . ] || continue
                mkfifo "/run/$name"
                ref=$("$PYTHON" -c 'import os, sys, urllib.parse
print("fifo:" + urllib.parse.quote(os.fsencode(sys.argv[1]), safe="/"))' "/run/$name")
                one true show "$ref"
                view rm --yes "$ref"
                status_is 0
                [ ! -e "/run/$name" ]
                never grep -q $'[\e\377]' "$OUT" "$ERR"
        done
}

# --- socket files -------------------------------------------------------------------

@test "unix acts: a file that nothing is bound to, wherever it is" {
        mkdir -p /dev/far/away
        mk sock path=/dev/far/away/s listen=1
        mk close fd="${A[fd]}"
        one true show unix:/dev/far/away/s
        expect <<END
.state == ["stale"] and .file_inode == $(stat -c %i /dev/far/away/s)
.inferred == ["state"] and .removal.verdict == "unknown"
(.removal.reasons | tostring | contains("network namespace"))
END
        # In a pid namespace nobody knows who else might have it.
        view rm --yes unix:/dev/far/away/s
        said 5 'a network namespace that can'
        [ -S /dev/far/away/s ]
        view rm --yes --force --save="$BATS_TEST_TMPDIR/copies" unix:/dev/far/away/s
        status_is 0
        [ ! -e /dev/far/away/s ]
        view restore "$BATS_TEST_TMPDIR"/copies/*/
        status_is 0
        [ -S /dev/far/away/s ]
        rm -r /dev/far
}

@test "unix acts: never the file of a live socket, nor what is none" {
        mk sock path=/run/live listen=1
        mk sock path=/run/bound
        mk sock hex=0061
        touch /run/file
        mkdir /run/socket-directory
        for ref in unix:/run/live unix:/run/bound; do
                view rm --yes --force "$ref"
                said 5 'live socket'
        done
        view rm --yes --force unix:@a
        [ "$STATUS" = 5 ]
        [ -S /run/live ] && [ -S /run/bound ]
        for ref in unix:/run/file unix:/run/socket-directory unix:/run/none; do
                view rm --yes --force "$ref"
                status_is 3
        done
        mk connect path=/run/live
}

@test "unix acts: bound in another network namespace it is not stale" {
        mk child comm=netless
        child=${A[child]}
        mk "@$child" unshare what=net
        mk "@$child" sock path=/run/elsewhere listen=1
        view rm --yes --force unix:/run/elsewhere
        [ "$STATUS" != 0 ] && [ -S /run/elsewhere ]
}

@test "unix acts: an ordinary user removes his own, and nobody else's" {
        chmod 1777 /run
        mk sock path=/run/roots listen=1
        mk close fd="${A[fd]}"
        mk sock path=/run/own listen=1 as=$NOBODY
        mk close fd="${A[fd]}"
        [ "$(stat -c %u /run/own)" = $NOBODY ] || skip "there is no second user"
        as_nobody view rm --yes --force unix:/run/own
        status_is 0
        [ ! -e /run/own ]
        as_nobody view rm --yes --force unix:/run/roots
        [ "$STATUS" != 0 ] && [ -S /run/roots ]
}
