#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Who may know whom: the rooms below src/ and what each may include.

. "$(dirname "$0")/tap.sh"

# Room: the rooms that it may include, beside itself. main.c and command/ may include all.
may_include='
base:
sys:     base
model:   base
kind:    base sys model
collect: base sys model kind
report:  base model
output:  base model report admin
admin:   base sys model report
tui:     base model report admin output
command: base sys model kind collect report output admin tui
main.c:  base sys model kind collect report output admin tui command'

code=$(tap_code src)

# includes: FILE LINE HOW NAME for each include; HOW is " or <.
includes=$(printf '%s\n' "$code" | sed -n \
        's/^\([^:]*\):\([0-9]*\):[ ]*#[ ]*include[ ]*\(["<]\)\([^">]*\).*/\1 \2 \3 \4/p')

unknown_rooms()
{
        for path in src/*; do
                room=${path#src/}
                case $room in
                *.mk|main.o|ipcview|*.a|.dirstamp) continue ;;
                esac
                printf '%s\n' "$may_include" | grep -q "^$room:" || echo "$path is not in the table of rooms"
        done
}

# The colon form of includes that break the table, for one room.
forbidden_includes()
{
        printf '%s\n' "$includes" | awk -v room="$1" -v allowed=" $1 $2 " '
                { split($1, part, "/") }
                part[2] == room && $3 == "\"" {
                        split($4, target, "/")
                        if (!index(allowed, " " target[1] " "))
                                print $1 ":" $2 ": " room " must not include " $4
                }'
}

badly_written_includes()
{
        printf '%s\n' "$includes" | while read -r file line how name; do
                case $how$name in
                '"'*/*/*|'"'../*|'"'./*) echo "$file:$line: \"$name\" is not of the form \"room/file.h\"" ;;
                '"'*/*.h|'"'*/*.list) [ -f "src/$name" ] || echo "$file:$line: there is no src/$name" ;;
                '"'*) echo "$file:$line: \"$name\" is not of the form \"room/file.h\"" ;;
                '<sys/file.h') ;;               # flock(2); <> never finds ours, as that is -iquote's
                '<'*) [ ! -f "src/$name" ] || echo "$file:$line: <$name> is ours: write \"$name\"" ;;
                esac
        done
}

# A kind is known by the table of kinds, never by its own name.
kinds_by_name()
{
        names=$(sed -n 's/^KIND(\([a-z0-9_]*\)).*/\1/p' src/kind/kinds.list | tr '\n' '|')
        printf '%s\n' "$code" | awk -v header="\"kind/(${names%|})\\.h\"" \
                -v symbol="(^|[^A-Za-z0-9_])kind_(${names%|})([^A-Za-z0-9_]|\$)" '
                $0 !~ /^src\/kind\// && ($0 ~ header || $0 ~ symbol)'
}

# system_header PATTERN PLACE: headers that belong to one place only.
system_header()
{
        printf '%s\n' "$includes" | awk -v header="$1" -v place="$2" '
                $4 ~ header && $1 !~ place { print $1 ":" $2 ": " $4 " is not for this file" }'
}

# calls PATTERN PLACE: calls of functions that belong to one place only.
calls()
{
        printf '%s\n' "$code" | awk -v call="(^|[^A-Za-z0-9_>.])(" -v names="$1" -v place="$2" '
                {
                        file = $0; sub(/:.*/, "", file)
                        line = $0; sub(/^[^:]*:[0-9]*:/, "", line)
                        if (file ~ place || line ~ /^[ ]*#[ ]*include/)
                                next
                        if (match(line, call names ")[ ]*\\("))
                                print
                }'
}

tap_check "every room is in the table" unknown_rooms
printf '%s\n' "$may_include" >"${TMPDIR:-/tmp}/layers.$$"
trap 'rm -f "${TMPDIR:-/tmp}/layers.$$"' EXIT
while IFS=: read -r room allowed; do
        [ -z "$room" ] || tap_check "$room includes only what it may" forbidden_includes "$room" "$allowed"
done <"${TMPDIR:-/tmp}/layers.$$"
tap_check "includes are written \"room/file.h\" and exist" badly_written_includes
tap_check "no kind is known by name outside of src/kind" kinds_by_name
tap_check "json-c is included in src/output, json*.c and schema.c, and admin/manifest.c and journal-row.c only" \
        system_header '^json(-c)?(/|\\.h$)' '^src/(output/(json[a-z-]*|schema)|admin/(manifest|journal-row))\\.c$'
tap_check "curses is included in src/tui/paint-private.h only" \
        system_header 'curses|panel\\.h' '^src/tui/paint-private\\.h$'
tap_check "libmnl is included in src/sys, sockdiag*.c, only" \
        system_header '^libmnl/' '^src/sys/sockdiag[a-z-]*\\.c$'
tap_check "xxhash is included in src/sys/copy-private.h only" \
        system_header '^xxhash' '^src/sys/copy-private\\.h$'
tap_check "only src/sys opens files" \
        calls 'open|open64|openat|openat2|creat|fopen|freopen|opendir|fdopendir|scandir|open_by_handle_at' '^src/sys/'
tap_check "only src/sys opens sockets, mounts and namespaces" \
        calls 'socket|socketpair|mount|umount2?|fsopen|fsmount|open_tree|move_mount|setns|unshare|pidfd_open' '^src/sys/'
tap_check "only src/sys calls IPC functions" \
        calls '(shm|sem|msg)(get|ctl)|shmat|shmdt|semop|semtimedop|msgsnd|msgrcv|mq_[a-z]+|shm_open|shm_unlink|sem_open|sem_unlink' '^src/sys/'
tap_check "only src/sys makes raw system calls" calls 'syscall' '^src/sys/'
tap_end
