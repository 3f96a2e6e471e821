#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the browser shows of recorded machines: frames/NAME.keys is typed, and the screens must be
# golden/NAME.txt. Its first line names the tree, then variables of the environment and options.
# Where there is a frames/NAME.py, it makes several snapshots of the tree's.
# With UPDATE=1 the golden files are written instead: look at them before keeping them.

load ../cli/trees

setup()
{
        FRAMES="$BATS_TEST_DIRNAME/frames"
        GOLDEN="$BATS_TEST_DIRNAME/golden"
        export XDG_STATE_HOME="$BATS_TEST_TMPDIR/state"
        unset NO_COLOR TERM
}

# The machine, as NAME.py tells that it changed: a snapshot for each <Refresh>.
moments()
{
        local file
        local -a files=()
        ipcview "$1" --json 2>/dev/null | "$PYTHON" "$FRAMES/$2.py" | split -l 1 - "$BATS_TEST_TMPDIR/moment."
        for file in "$BATS_TEST_TMPDIR"/moment.*; do
                files+=(-f "$file")
        done
        timeout 20 "$IPCVIEW" browse "${options[@]}" "${files[@]}" --script "$FRAMES/$2.keys" --size 80x24 --dump
}

frames()
{
        local hash tree words word
        local -a options=()

        read -r hash tree words <"$FRAMES/$1.keys"
        [ "$hash" = '#' ]
        for word in $words; do
                case $word in
                *=*) local -x "${word?}" ;;
                *)   options+=("$word") ;;
                esac
        done
        if [ -e "$FRAMES/$1.py" ]; then
                moments "$tree" "$1"
        else
                ipcview "$tree" browse "${options[@]}" --script "$FRAMES/$1.keys" --size 80x24 --dump
        fi >"$BATS_TEST_TMPDIR/screens"
        if [ -n "${UPDATE-}" ]; then
                mkdir -p "$GOLDEN"
                cp "$BATS_TEST_TMPDIR/screens" "$GOLDEN/$1.txt"
        else
                diff -u "$GOLDEN/$1.txt" "$BATS_TEST_TMPDIR/screens"
        fi
        # Nothing that a terminal would act on.
        ! LC_ALL=C grep -aP '[\x00-\x08\x0b-\x1f\x7f]' "$BATS_TEST_TMPDIR/screens"
}

@test "frames: broken" { frames broken; }
@test "frames: columns-right" { frames columns-right; }
@test "frames: course" { frames course; }
@test "frames: event" { frames event; }
@test "frames: filter" { frames filter; }
@test "frames: findings" { frames findings; }
@test "frames: gaps" { frames gaps; }
@test "frames: help" { frames help; }
@test "frames: hostile-ascii" { frames hostile-ascii; }
@test "frames: hostile" { frames hostile; }
@test "frames: json" { frames json; }
@test "frames: limits" { frames limits; }
@test "frames: log" { frames log; }
@test "frames: looks" { frames looks; }
@test "frames: marks" { frames marks; }
@test "frames: msg" { frames msg; }
@test "frames: objects" { frames objects; }
@test "frames: other-locks" { frames other-locks; }
@test "frames: other" { frames other; }
@test "frames: overview-quiet" { frames overview-quiet; }
@test "frames: overview" { frames overview; }
@test "frames: page" { frames page; }
@test "frames: pipe" { frames pipe; }
@test "frames: posix" { frames posix; }
@test "frames: processes" { frames processes; }
@test "frames: prompt" { frames prompt; }
@test "frames: readonly" { frames readonly; }
@test "frames: relations" { frames relations; }
@test "frames: search" { frames search; }
@test "frames: sem" { frames sem; }
@test "frames: shm-detail" { frames shm-detail; }
@test "frames: shm" { frames shm; }
@test "frames: sort" { frames sort; }
@test "frames: tiny" { frames tiny; }
@test "frames: unix" { frames unix; }
@test "frames: waits" { frames waits; }

@test "frames: every script is run here, and no golden file is left over" {
        local file name
        for file in "$FRAMES"/*.keys; do
                name=$(basename "$file" .keys)
                grep -q "{ frames $name; }" "$BATS_TEST_FILENAME" || { echo "$name"; return 1; }
        done
        for file in "$GOLDEN"/*.txt; do
                [ -e "$FRAMES/$(basename "$file" .txt).keys" ] || { echo "$file"; return 1; }
        done
}

@test "frames: without UTF-8 all is ASCII" {
        ! LC_ALL=C grep -P '[\x80-\xff]' "$GOLDEN/hostile-ascii.txt"
}

# A line is never wider than the screen: "=== 80x24" says how wide that is.
@test "frames: nothing is wider than the screen" {
        "$PYTHON" - "$GOLDEN"/*.txt <<'END'
import sys, unicodedata
def columns(line):
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)
for path in sys.argv[1:]:
    width = 0
    for number, line in enumerate(open(path, encoding="utf-8"), 1):
        line = line.rstrip("\n")
        if line.startswith("=== "):
            width = int(line[4:].split("x")[0])
        elif columns(line) > width:
            sys.exit(f"{path}:{number}: {columns(line)} columns of {width}")
END
}
