#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Saved snapshots: what `ipcview --json` wrote can be looked at like the machine itself (--from).
load trees

# save NAME: of that recorded machine; the file is $saved
save()
{
        saved="$BATS_TEST_TMPDIR/$1.json"
        ipcview "$1" --json >"$saved" 2>/dev/null
}

from()
{
        timeout 20 "$IPCVIEW" --from "$@"
}

# refused STATUS WORDS COMMAND...: with one line on stderr that has these words, and nothing on stdout
refused()
{
        local expected=$1 words=$2 status=0
        shift 2
        timeout 20 "$@" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" </dev/null || status=$?
        [ "$status" = "$expected" ] && [ ! -s "$BATS_TEST_TMPDIR/out" ] &&
                [ "$(wc -l <"$BATS_TEST_TMPDIR/err")" = 1 ] && grep -qF -- "$words" "$BATS_TEST_TMPDIR/err" || {
                echo "status $status, not $expected with '$words': $*"
                cat "$BATS_TEST_TMPDIR/err"
                return 1
        }
}

@test "from: of every machine the same is printed again" {
        local manifest name
        for manifest in "$TREES"/*.manifest; do
                name=$(basename "$manifest" .manifest)
                save "$name"
                from "$saved" --json 2>/dev/null | cmp - "$saved"
                from - --json <"$saved" 2>/dev/null | cmp - "$saved"
                ipcview "$name" --ndjson >"$BATS_TEST_TMPDIR/lines" 2>/dev/null
                from "$BATS_TEST_TMPDIR/lines" --ndjson 2>/dev/null | cmp - "$BATS_TEST_TMPDIR/lines"
                from "$BATS_TEST_TMPDIR/lines" --json 2>/dev/null | cmp - "$saved"
        done
}

@test "from: what laid it out anew, or in another order, changed nothing" {
        local name
        for name in hostile limits; do
                save "$name"
                # Python keeps the digits of large numbers.
                "$PYTHON" -c 'import json, sys; json.dump(json.load(sys.stdin), sys.stdout, indent=2, sort_keys=True)' \
                        <"$saved" >"$BATS_TEST_TMPDIR/sorted"
                from "$BATS_TEST_TMPDIR/sorted" limits --all 2>/dev/null >"$BATS_TEST_TMPDIR/a"
                from "$saved" limits --all 2>/dev/null | diff - "$BATS_TEST_TMPDIR/a"
                from "$BATS_TEST_TMPDIR/sorted" list 2>/dev/null >"$BATS_TEST_TMPDIR/a"
                from "$saved" list 2>/dev/null | diff - "$BATS_TEST_TMPDIR/a"
        done
}

# same NAME WORD...: the same on standard output, and the same status, as on the machine itself
same()
{
        local status=0 other=0
        ipcview "$@" >"$BATS_TEST_TMPDIR/machine" 2>/dev/null || status=$?
        from "$saved" "${@:2}" >"$BATS_TEST_TMPDIR/saved" 2>/dev/null || other=$?
        diff "$BATS_TEST_TMPDIR/machine" "$BATS_TEST_TMPDIR/saved" && [ "$status" = "$other" ] || {
                echo "$status and $other: $*"
                return 1
        }
}

@test "from: check and limits say what they say of the machine" {
        local manifest name
        for manifest in "$TREES"/*.manifest; do
                name=$(basename "$manifest" .manifest)
                save "$name"
                same "$name" check
                same "$name" check --fail-on=notice
                same "$name" limits
                same "$name" limits --all --fail-at 50%
                same "$name" limits explain ENOSPC
                same "$name" limits explain EMFILE
        done
}

@test "from: list chooses among the objects" {
        save sockets
        same sockets list inet
        same sockets list netlink packet -o ref,holders
        save postgres
        same postgres list shm
        same postgres list shm --filter 'age > 1d' -o all
        same postgres list --sort size_bytes:desc pshm
        same postgres list shm:0x5eed msg:9
        save waits
        same waits list pipe -o ref,waiters
}

@test "from: show has the verdicts" {
        local ref
        save postgres
        # Only show looks at cloexec.
        from "$saved" list -o ref --no-headings 2>/dev/null >"$BATS_TEST_TMPDIR/refs"
        [ "$(wc -l <"$BATS_TEST_TMPDIR/refs")" -gt 5 ]
        while IFS= read -r ref; do
                ipcview postgres show "$ref" --json 2>/dev/null |
                        jq -c '.objects[] | [.ref, .removal, (.holders | map(del(.cloexec))), .owner]' \
                                >"$BATS_TEST_TMPDIR/machine"
                from "$saved" show "$ref" --json 2>/dev/null |
                        jq -c '.objects[] | [.ref, .removal, (.holders | map(del(.cloexec))), .owner]' | diff - "$BATS_TEST_TMPDIR/machine"
        done <"$BATS_TEST_TMPDIR/refs"
        from "$saved" show pid:1 2>/dev/null | grep -q systemd
        # Of a process the snapshot knows more: what limits count.
        from "$saved" show pid:1999 2>/dev/null >"$BATS_TEST_TMPDIR/page"
        ipcview postgres show pid:1999 2>/dev/null >"$BATS_TEST_TMPDIR/machine"
        [ -s "$BATS_TEST_TMPDIR/machine" ]
        ! grep -vxF -f "$BATS_TEST_TMPDIR/page" "$BATS_TEST_TMPDIR/machine" || return 1
        from "$saved" show shm:65537 2>/dev/null | grep -q orphan
        refused 3 'no such object' "$IPCVIEW" --from "$saved" -q show pid:77
}

@test "from: it says that it is a recorded machine" {
        save quiet
        from "$saved" info | grep -q 'recorded machine'
        from "$saved" list --json | jq -e '.ipcview.recorded'
}

@test "from: what is not looked at is not there" {
        save waits
        from "$saved" --no-holders list -o ref,holders 2>/dev/null | grep -q '^pipe:61 *?'
        from "$saved" --no-holders list --json 2>/dev/null | jq -e 'all(.objects[]; has("holders") or has("waiters") | not)'
}

@test "from: a list of some objects is a smaller snapshot" {
        ipcview postgres list shm --json >"$BATS_TEST_TMPDIR/list" 2>/dev/null
        from "$BATS_TEST_TMPDIR/list" list --json 2>/dev/null | jq -c .objects >"$BATS_TEST_TMPDIR/again"
        jq -c .objects "$BATS_TEST_TMPDIR/list" | diff - "$BATS_TEST_TMPDIR/again"
        refused 1 'without limits' "$IPCVIEW" --from "$BATS_TEST_TMPDIR/list" -q limits
        refused 1 'without limits' "$IPCVIEW" --from "$BATS_TEST_TMPDIR/list" -q limits explain ENOSPC
        # It is not made to look like more than it is.
        from "$BATS_TEST_TMPDIR/list" --json 2>/dev/null | jq -e '(.ipcview | has("snapshot")) or has("readings") | not'
        from "$BATS_TEST_TMPDIR/list" check 2>&1 >/dev/null | grep -q 'rules could not be applied'
}

@test "from: commands that need the machine refuse it" {
        local command
        save quiet
        for command in 'rm -n shm:1' 'rm shm:1' 'save shm:1 x' 'restore x' 'create shm' 'set shm:1 mode=0600' metrics \
                       journal schema columns; do
                # shellcheck disable=SC2086 # words
                refused 2 --from "$IPCVIEW" --from "$saved" $command
        done
        refused 2 --sysroot "$IPCVIEW" --from "$saved" --sysroot / list
        refused 2 'needs an argument' "$IPCVIEW" list --from
}

@test "from: what is no snapshot is told in one line" {
        local file="$BATS_TEST_TMPDIR/file"
        save postgres
        refused 2 'No such file' "$IPCVIEW" --from "$BATS_TEST_TMPDIR/none" list
        refused 2 'Is a directory' "$IPCVIEW" --from "$BATS_TEST_TMPDIR" list
        refused 2 'it is empty' "$IPCVIEW" --from /dev/null list
        refused 2 'it is empty' "$IPCVIEW" --from - list
        head -c 3000 "$saved" >"$file"
        refused 2 'cut off' "$IPCVIEW" --from "$file" list
        ipcview postgres --ndjson 2>/dev/null | head -n -1 >"$file"
        refused 2 'the last line is missing' "$IPCVIEW" --from "$file" list
        ipcview postgres check --json 2>/dev/null >"$file"
        refused 2 'no snapshot' "$IPCVIEW" --from "$file" list
        jq -c '.ipcview.schema = "2.0"' "$saved" >"$file"
        refused 2 'newer ipcview' "$IPCVIEW" --from "$file" list
        jq -c '.objects[1].holders = [{pid: "\u001b[31m"}]' "$saved" >"$file"
        refused 2 'objects[1].holders[0].pid: ' "$IPCVIEW" --from "$file" list
        echo 'ipcview' >"$file"
        refused 2 'no object' "$IPCVIEW" --from "$file" list
        printf '\033[31m' >"$file"
        refused 2 'no valid JSON' "$IPCVIEW" --from "$file" list
        ! LC_ALL=C grep -aP '[\x00-\x08\x0b-\x1f\x7f-\xff]' "$BATS_TEST_TMPDIR/err" || return 1
}

@test "from: kinds of a newer program are a gap" {
        save postgres
        jq -c '.objects += [{kind: "portal", ref: "portal:1"}] | .ipcview.schema = "1.99"' "$saved" >"$BATS_TEST_TMPDIR/new"
        from "$BATS_TEST_TMPDIR/new" list shm 2>"$BATS_TEST_TMPDIR/err" >"$BATS_TEST_TMPDIR/list"
        grep -q 'made by a newer ipcview' "$BATS_TEST_TMPDIR/err"
        from "$saved" list shm 2>/dev/null | diff - "$BATS_TEST_TMPDIR/list"
        from "$BATS_TEST_TMPDIR/new" --json 2>/dev/null | jq -e '.ipcview.complete == false'
        # Who has the others is as certain as it was.
        from "$BATS_TEST_TMPDIR/new" show shm:65537 --json 2>/dev/null | jq -e '.objects[0].removal.verdict == "orphan"'
}

@test "from: a process substitution is a file" {
        save quiet
        from <(cat "$saved") info | grep -q 'recorded machine'
}
