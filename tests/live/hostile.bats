#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Names that were chosen to do harm.
load live

setup() { live_setup; }
teardown() { live_teardown; }

# Escaped as the maker takes it; the last one has 250 bytes.
NAMES=(
        'a%20b' 'new%0Aline' 'esc%1B[2Jx' 'per%25cent' 'per%2541' 'bad%FF%FEutf8' '-rf' '--json' 'x%20(deleted)'
        'back%5Cslash' 'back%5C012' 'quote%27%22' '*?[a]' '$(id)' '%60id%60' 'tab%09' 'bel%07%08%7F' 'trail%20'
        'bidi%E2%80%AEtxt' 'c1%C2%9Bcsi' 'umlaut%C3%A4' 'surrogate%ED%A0%80' 'cut%E2%82' '~' '=' ',' 'a,b=c' ';id'
        'shm:1' '0x1' '%0A' '%20' "$(printf 'n%.0s' {1..250})"
)

# No byte that could move a cursor, hide text or break a line; valid UTF-8.
harmless()
{
        iconv -f UTF-8 -t UTF-8 "$1" >/dev/null || return 1
        never env LC_ALL=C grep -qaP '[\x00-\x08\x0b-\x1f\x7f]' "$1" || return 1
        never env LC_ALL=C grep -qaP '\xc2[\x80-\x9f]' "$1" || return 1                 # C1 controls
        never env LC_ALL=C grep -qaP '\xe2\x80[\x8e\x8f\xaa-\xae]|\xe2\x81[\xa6-\xa9]' "$1"   # bidi
}

# make_names KIND NAME=VALUE...: one object of each name, all of which are there at once; RAW_OF by inode, in base64.
make_names()
{
        local kind=$1 escaped raw
        shift
        declare -gA RAW_OF=()
        for escaped in "${NAMES[@]}"; do
                mk "$kind" name="/$escaped" "$@"
                raw=${escaped//\\/\\\\}
                # shellcheck disable=SC2059 # the name is one
                RAW_OF[${A[inode]}]=$(printf "/${raw//%/\\x}" | base64 -w0)
        done
}

# check_names KIND: each is told exactly, and found again by its reference, which the shell leaves alone; nothing that
# is written of them does harm.
check_names()
{
        local kind=$1 inode ref name refs=() count=0
        json list "$kind"
        while read -r inode ref name; do
                count=$((count + 1))
                [ "$name" = "${RAW_OF[$inode]}" ] || { echo "$ref is called $name"; return 1; }
                [[ $ref =~ ^$kind:[A-Za-z0-9%+./:@_=-]+$ ]] || { echo "no shell word: $ref"; return 1; }
                refs+=("$ref")
                view show "$ref" --json
                jq -e ".objects | length == 1 and .[0].inode == $inode" "$OUT" || { echo "$ref is another object"; return 1; }
        done < <(jq -r '.objects[] | "\(.inode) \(.ref) \(.name_b64 // (.name | @base64))"' <<<"$JSON")
        [ $count -eq ${#NAMES[@]} ]
        view list "$kind"
        harmless "$OUT" || { show_output; return 1; }
        view show "${refs[@]}"
        harmless "$OUT" || { show_output; return 1; }
        # The other way to write a byte.
        json show "${refs[@]//%/\\x}"
        expect_all <<<".objects | length == $count and (map(.inode) | unique | length) == $count"
        for name in "${NAMES[@]}"; do
                mk unlink what="$kind" name="/$name"
        done
}

@test "hostile: names of POSIX shared memory" {
        make_names pshm
        check_names pshm
}

@test "hostile: names of POSIX semaphores" {
        make_names psem close=1
        check_names psem
}

@test "hostile: names of POSIX message queues" {
        make_names mq
        check_names mq
}

@test "hostile: all of them at once, held open, are told apart" {
        for name in "${NAMES[@]}"; do
                mk pshm name="/$name" keepfd=1 map=rw
                mk mq name="/$name" keepfd=1
        done
        json list pshm mq
        expect_all <<END
.objects | map(select(.kind == "pshm")) | length == ${#NAMES[@]}
.objects | map(select(.kind == "mq")) | length == ${#NAMES[@]}
.objects | map(.ref) | unique | length == 2 * ${#NAMES[@]}
all(.objects[]; [.holders[] | select(.way == "fd")] | length == 1)
all(.objects[] | select(.kind == "pshm"); [.holders[] | select(.way == "map")] | length == 1)
END
        view list mq pshm
        status_is 0
        harmless "$OUT"
        [ "$(wc -l <"$OUT")" = $((2 * ${#NAMES[@]} + 1)) ]
}

@test "hostile: unlinked, so that the links end in (deleted)" {
        for name in 'new%0Aline' 'esc%1B' 'bad%FF' 'x%20(deleted)' 'back%5C012'; do
                mk pshm name="/$name" keepfd=1 map=rw unlink=1
                listed pshm ".inode == ${A[inode]}"
                expect <<<'.linked == false and (.holders | length) == 2'
        done
        view list pshm
        harmless "$OUT"
}

@test "hostile: names of processes" {
        mk pshm name=/c
        inode=${A[inode]}
        for comm in ')%20R%201%0A' 'ev)%20il' '%1B[31mred' '%FF%FEraw' '%E2%80%AE' '%0A%0A' '%20' '((()))' '%25s%25n'; do
                mk child comm="$comm"
                child=${A[child]} pid=${A[pid]}
                mk "@$child" pshm open=1 keepfd=1 name=/c
                listed pshm ".inode == $inode"
                expect <<<".holders | length == 1 and .[0].pid == $pid"
                # /proc/PID/comm ends in a newline that is not part of the name.
                got=$(jq -j '.holders[0] | if has("comm_b64") then .comm_b64 else .comm | @base64 end' <<<"$OBJECT")
                [ "$got" = "$(head -c -1 "/proc/$pid/comm" | base64 -w0)" ] || { echo "comm $comm: $got"; false; }
                view show pshm:/c
                harmless "$OUT"
                end_child "$child"
        done
}

@test "hostile: a process name that imitates the end of /proc/PID/stat does not make it a zombie" {
        mk child comm=')%20Z%201%201%201'
        pid=${A[pid]}
        mk "@${A[child]}" shm attach=1
        listed shm ".id == ${A[id]}"
        expect <<<".creator_life == \"alive\" and (ways(\"map\") | map(.pid) == [$pid])"
}

@test "hostile: files that are neither, named badly" {
        mk file path='sym%0Alink%1B' type=symlink target='to%FF%0A%1B]0;x%07'
        json list
        expect_all <<<'.objects | map(select(.kind == "devshm")) | length == 1'
        view list devshm
        harmless "$OUT"
        [ "$(wc -l <"$OUT")" = 2 ]
}

@test "hostile: references with broken escapes are usage errors" {
        for ref in 'pshm:/%' 'pshm:/%4' 'pshm:/%zz' 'pshm:/\x' 'mq:' 'pshm:' nokind:1 ':1' ''; do
                view show "$ref"
                [ "$STATUS" = 2 ] || { echo "$ref"; show_output; false; }
                harmless "$ERR"
        done
}

@test "hostile: error messages quote harmlessly" {
        view show "$(printf 'pshm:/\033]0;x\007\377')"
        [ "$STATUS" = 2 ] || [ "$STATUS" = 3 ]
        harmless "$ERR"
        view list "$(printf '\033[2J\n')"
        status_is 2
        harmless "$ERR"
}
