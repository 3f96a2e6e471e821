# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# For the tests in this directory:  sandbox bats live/*.bats
#
#   IPCVIEW, MAKER   the programs, as absolute paths
#
#   mk COMMAND...    asks the maker (see maker.c); its answer is in the array A
#   view ARG...      runs ipcview: STATUS, $OUT and $ERR (files)
#   within CMD... -- view|json|one ...    runs ipcview by that command (nsenter, setpriv...)
#   json ARG...      the same with --json: must succeed and be one valid document, in JSON
#   one JQ ARG...    json, and the only object that the condition is true for, in OBJECT
#   listed KIND JQ   `list KIND` and `show REF` must tell the same of that object; in OBJECT
#   expect <<END     every line is a jq condition that must hold for OBJECT
#   expect_all       the same for the whole document JSON
#   eventually CMD... <<END      like CMD (one, json...) and then expect; looks again and again until
#                    it is so, or fails: for what the kernel or another process does in its own time
#   eventually_all CMD... <<END  the same with expect_all
#   wait_until CMD...            runs it until it succeeds, or fails
#   mapped ID        can an object belong to that user and group here?
#   U, G             a user and a group that nobody knows; root where there are no others
#   never CMD...     must fail (in bats, a `!` fails nothing)

bats_require_minimum_version 1.5.0 2>/dev/null || true

LIVE_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
SANDBOX=$LIVE_DIR/sandbox
NOBODY=65534
PATIENCE=60             # seconds; only what is wrong takes so long
NOBODY_IS=(setpriv --reuid "$NOBODY" --regid "$NOBODY" --clear-groups)
AS=()
: "${IPCVIEW:=$LIVE_DIR/../../src/ipcview}" "${MAKER:=$LIVE_DIR/maker}"
declare -gA A=()

# Nothing of this may ever touch the machine's own objects.
in_sandbox()
{
        local ns
        [ "${IPCVIEW_SANDBOX-}" = 1 ] && [ -e /dev/.ipcview-sandbox ] && [ -n "${IPCVIEW_SANDBOX_OUTSIDE-}" ] || return 1
        for ns in ipc mnt net pid uts; do
                case " $IPCVIEW_SANDBOX_OUTSIDE" in
                *" $(readlink "/proc/$BASHPID/ns/$ns") "*) return 1 ;;
                esac
        done
        [ "$(stat -f -c %T /dev/shm)" = tmpfs ]
}

# Right here, where the file is loaded: bats(1) runs teardown() also behind a setup() that has failed, and those of these
# files remove whatever they find.
if ! in_sandbox; then
        echo "these tests make and break IPC objects: run them with $SANDBOX" >&2
        exit 1
fi

live_setup()
{
        [ -x "$IPCVIEW" ] || { echo "IPCVIEW=$IPCVIEW is no program" >&2; return 1; }
        # shellcheck disable=SC2034 # the tests use them
        if mapped 4321; then U=1234 G=4321; else U=0 G=0; fi
        OUT=$BATS_TEST_TMPDIR/out ERR=$BATS_TEST_TMPDIR/err
        # What whoever runs the tests has configured is none of theirs.
        export XDG_CONFIG_HOME=/dev/no-config
        maker_start
}

live_teardown()
{
        maker_stop
        # What it forked is killed when it ends, but nobody waits for these.
        wait_until no_makers
        # What a test left behind would be found by the next one.
        [ -z "$(ls -A /dev/shm)" ] || { ls -lA /dev/shm; return 1; }
        [ "$(cat /proc/sysvipc/shm /proc/sysvipc/sem /proc/sysvipc/msg | wc -l)" = 3 ] ||
                { cat /proc/sysvipc/*; return 1; }
}

no_makers()
{
        local exe
        exe=$(readlink -f "$MAKER")
        ! readlink /proc/[0-9]*/exe 2>/dev/null | grep -qxF "$exe"
}

mapped()
{
        local map
        for map in /proc/self/uid_map /proc/self/gid_map; do
                awk -v id="$1" '$1 <= id && id < $1 + $3 { found = 1 } END { exit !found }' $map || return 1
        done
}

maker_start()
{
        # bats waits for whoever has its descriptor 3.
        coproc LIVE { exec "$MAKER" 3>&-; }
        mk self
        # shellcheck disable=SC2034 # the tests use it
        MAKER_PID=${A[pid]}
}

maker_stop()
{
        [ -n "${LIVE_PID-}" ] || return 0
        local pid=$LIVE_PID
        echo quit >&"${LIVE[1]}" || true
        wait "$pid" || true
}

mk_try()
{
        local word
        printf '%s\n' "$*" >&"${LIVE[1]}"
        IFS= read -r -t "$PATIENCE" ANSWER <&"${LIVE[0]}" || ANSWER="error: no answer"
        [ "${ANSWER%% *}" = ok ] || return 1
        A=()
        for word in ${ANSWER#ok}; do
                A[${word%%=*}]=${word#*=}
        done
}

mk()
{
        mk_try "$@" || { echo "maker: $*: $ANSWER" >&2; return 1; }
}

view()
{
        STATUS=0
        LC_ALL=C.UTF-8 TZ=UTC timeout 60 "${AS[@]}" "$IPCVIEW" "$@" >"$OUT" 2>"$ERR" 3>&- || STATUS=$?
}

within()
{
        local -a AS=()
        while [ "$1" != -- ]; do
                AS+=("$1")
                shift
        done
        shift
        "$@"
}

never()
{
        if "$@"; then
                echo "should fail: $*"
                return 1
        fi
}

# Runs the following view, json... as an ordinary user.
as_nobody()
{
        can_be_nobody || skip "there is no second user in this user namespace"
        local IPCVIEW=$IPCVIEW
        if ! "${NOBODY_IS[@]}" test -x "$IPCVIEW"; then
                install -m 755 "$IPCVIEW" /dev/ipcview-for-nobody
                IPCVIEW=/dev/ipcview-for-nobody
        fi
        within "${NOBODY_IS[@]}" -- "$@"
}

can_be_nobody()
{
        mapped "$NOBODY" && "${NOBODY_IS[@]}" true 2>/dev/null
}

show_output()
{
        echo "ipcview ended with $STATUS"
        head -c 20000 "$OUT" | cat -v
        echo "--- stderr"
        head -c 4000 "$ERR" | cat -v
}

status_is()
{
        [ "$STATUS" = "$1" ] || { echo "exit status should be $1"; show_output; return 1; }
}

JQ_WORDS='
def seconds: if . == null then 0 else sub("\\.[0-9]+Z$"; "Z") | fromdateiso8601 end;
def ways(way): [.holders[] | select(.way == way)];
def holder(way; pid): ways(way) | map(select(.pid == pid));
def has(word): .state | index(word) != null;
'
# What every document must be; and the only one of its objects that a condition is true for.
JQ_DOCUMENT='
def document: if length == 1 then .[0] else error("not one document") end
        | if .ipcview.schema and ([.objects // .limits // .causes // .findings, .gaps, .errors] | all(type == "array"))
          then . else error("no envelope") end;
def the(condition): [.objects[] | select(condition)] | if length == 1 then .[0] else error("\(length) objects match") end;
'

# read_json JQ ARG...: runs ipcview, and its document through jq, by one jq: starting one takes longer than most looks.
read_json()
{
        local program=$1
        shift
        view "$@" --json
        status_is 0 || return 1
        iconv -f UTF-8 -t UTF-8 "$OUT" >/dev/null || { echo "no valid UTF-8"; show_output; return 1; }
        TOLD=$(jq -s -c "$JQ_WORDS$JQ_DOCUMENT document | $program" "$OUT") || { echo "jq: $program"; show_output; return 1; }
}

json()
{
        read_json . "$@" || return 1
        JSON=$TOLD
}

one()
{
        local condition=$1
        shift
        read_json "., the($condition)" "$@" || return 1
        JSON=${TOLD%$'\n'*} OBJECT=${TOLD##*$'\n'}
}

listed()
{
        local ref shown
        one "$2" list "$1" || return 1
        shown=$OBJECT
        ref=$(jq -r .ref <<<"$OBJECT")
        one true show "$ref" || return 1
        # Time passes, costly fields may be in `show` only, and `since` is read off another clock.
        if ! jq -es 'map(del(.waiters[]?.since))
                | [.[0].holders[]? | has("cloexec")] as $told
                | .[1].holders |= (to_entries | map(if $told[.key] then .value else .value | del(.cloexec) end))
                | .[1] as $shown
                | ["age_seconds", "semaphores"] as $may_differ
                | [.[0] | to_entries[] | select(.key as $k | $may_differ | index($k) | not)]
                | map(select($shown[.key] != .value)) | . == []' <<<"$shown $OBJECT" >/dev/null; then
                echo "list and show differ about $ref"
                diff <(jq -S . <<<"$shown") <(jq -S . <<<"$OBJECT")
                return 1
        fi
}

conditions()
{
        local -a lines=()
        local program="" line
        mapfile -t lines
        for line in "${lines[@]}"; do
                [ -n "$line" ] || continue
                program="$program [\$ARGS.positional[$((n++))], ($line)],"
        done
        program="$JQ_WORDS [ ${program%,} ] | map(select(.[1] != true) | .[0])"
        local -a kept=()
        for line in "${lines[@]}"; do
                [ -z "$line" ] || kept+=("$line")
        done
        jq "$program" --args "${kept[@]}" <<<"$1"
}

check_conditions()
{
        local n=0 wrong
        wrong=$(conditions "$1") || { echo "a condition is no jq"; return 1; }
        [ "$wrong" = "[]" ] && return 0
        echo "not so:"
        jq -r '.[]' <<<"$wrong"
        jq . <<<"$1"
        return 1
}

expect()
{
        check_conditions "$OBJECT"
}

expect_all()
{
        check_conditions "$JSON"
}

# Each look is a collection of its own; what the last one saw is shown when time is up. The words of
# a look that was too early are no news. Conditions of one look must hold together.
look_until()
{
        local check=$1 conditions log=$BATS_TEST_TMPDIR/look end=$((SECONDS + PATIENCE))
        shift
        conditions=$(cat)
        until "$@" >"$log" 2>&1 && "$check" <<<"$conditions" >"$log" 2>&1; do
                if [ $SECONDS -ge $end ]; then
                        echo "not within $PATIENCE seconds:"
                        cat "$log"
                        return 1
                fi
                sleep 0.05
        done
}

eventually()
{
        look_until expect "$@"
}

eventually_all()
{
        look_until expect_all "$@"
}

wait_until()
{
        local end=$((SECONDS + PATIENCE))
        until "$@"; do
                [ $SECONDS -lt $end ] || { echo "not within $PATIENCE seconds: $*"; return 1; }
                sleep 0.02
        done
}

# Ends a process' claim to be around: it is dead and collected.
end_child()
{
        mk end child="$1"
}
