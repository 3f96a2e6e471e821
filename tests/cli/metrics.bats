#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# ipcview metrics: recorded machines give trees/golden/NAME.prom (UPDATE=1 writes them), promtool
# has no complaint, and a file is replaced as a whole or not at all.

setup_file()
{
        [ -n "${PYTHON=$(command -v python3)}" ] || skip "there is no Python 3"
        export PYTHON
        export TREES="$BATS_TEST_DIRNAME/../trees" CONTRIB="$BATS_TEST_DIRNAME/../../contrib"
        : "${IPCVIEW:=$BATS_TEST_DIRNAME/../../src/ipcview}"
        : "${PROMTOOL=$(command -v promtool)}"
        export IPCVIEW PROMTOOL LC_ALL=C.UTF-8 TZ=UTC
        local name
        for name in limits hostile waits sockets; do
                "$PYTHON" "$TREES/unpack.py" "$TREES/$name.manifest" "$BATS_FILE_TMPDIR/$name" || return 1
        done
}

metrics()
{
        timeout 20 "$IPCVIEW" --sysroot "$BATS_FILE_TMPDIR/$1" metrics -q "${@:2}"
}

# What is not the machine's: our version, and how long it took.
same_as_golden()
{
        sed -E -i 's/^(ipcview_build_info\{version=")[^"]*/\1VERSION/; s/^(ipcview_collect_duration_seconds) [0-9.]+$/\1 SECONDS/' "$1"
        if [ -n "${UPDATE-}" ]; then
                cp "$1" "$TREES/golden/$2"
        else
                diff -u "$TREES/golden/$2" "$1"
        fi
}

@test "metrics: of recorded machines" {
        local name
        for name in limits hostile waits; do
                metrics "$name" >"$BATS_TEST_TMPDIR/$name"
                same_as_golden "$BATS_TEST_TMPDIR/$name" "$name.prom"
        done
        metrics limits --all >"$BATS_TEST_TMPDIR/all"
        same_as_golden "$BATS_TEST_TMPDIR/all" limits-all.prom
}

# The rules of the format that matter to its readers, without promtool.
@test "metrics: every family is told once, in one piece, with its type" {
        local name
        for name in limits hostile waits sockets; do
                metrics "$name" --all >"$BATS_TEST_TMPDIR/text"
                "$PYTHON" - "$BATS_TEST_TMPDIR/text" <<'END'
import re, sys

label = r'[a-z_]+="(?:[^"\\\n]|\\["\\n])*"'
series = re.compile(r"([a-z_]+)((?:\{%s(?:,%s)*\})?) (\+Inf|[0-9]+(?:\.[0-9]+)?)" % (label, label))
text = open(sys.argv[1], "rb").read().decode("utf-8", "strict")
assert text.endswith("\n")
seen, told, family = set(), set(), None
for line in text[:-1].split("\n"):
    words = line.split(" ")
    if line.startswith("# HELP "):
        assert words[2] not in told and len(words) > 3, line
        told.add(words[2])
        family, typed = words[2], False
    elif line.startswith("# TYPE "):
        assert words[2] == family and words[3] in ("gauge", "counter") and not typed, line
        assert (words[3] == "counter") == family.endswith("_total"), line
        typed = True
    else:
        match = series.fullmatch(line)
        assert match and match[1] == family and typed, line
        assert match[1] + match[2] not in seen, line
        seen.add(match[1] + match[2])
assert len(told) > 20
END
        done
}

@test "metrics: no byte that a terminal would obey" {
        metrics hostile --all >"$BATS_TEST_TMPDIR/text"
        run grep -cP '[\x00-\x09\x0b-\x1f\x7f-\x9f\x{202a}-\x{202e}\x{2066}-\x{2069}]' "$BATS_TEST_TMPDIR/text"
        [ "$output" = 0 ]
}

@test "metrics: what must be there even if it is 0" {
        metrics waits >"$BATS_TEST_TMPDIR/text"
        local kind rule count=0
        while read -r kind; do
                grep -q "^ipcview_objects{kind=\"$kind\"} [0-9]" "$BATS_TEST_TMPDIR/text"
                grep -q "^ipcview_waiting_threads{kind=\"$kind\"} [0-9]" "$BATS_TEST_TMPDIR/text"
                count=$((count + 1))
        done < <("$IPCVIEW" --help | awk '/^Kinds:/ { inside = 1; next } inside && !NF { exit } inside { print $1 }')
        for rule in shm-orphan wait-cycle queue-full; do
                grep -q "^ipcview_findings{rule=\"$rule\",severity=\"[a-z]*\"} [0-9]" "$BATS_TEST_TMPDIR/text"
        done
        [ "$count" -gt 20 ]
}

@test "metrics: what nobody looked for is not 0" {
        metrics waits --no-holders >"$BATS_TEST_TMPDIR/text"
        grep -q '^ipcview_objects{kind="shm"} ' "$BATS_TEST_TMPDIR/text"
        run grep -cE '^ipcview_(findings|waiting_threads|processes)|kind="(eventfd|memfd)"' "$BATS_TEST_TMPDIR/text"
        [ "$output" = 0 ]
}

@test "metrics: promtool has no complaint" {
        [ -n "$PROMTOOL" ] || skip "promtool (Debian's package prometheus) is not installed"
        local name
        for name in limits hostile waits sockets; do
                metrics "$name" | "$PROMTOOL" check metrics
                metrics "$name" --all | "$PROMTOOL" check metrics
        done
        # It does find faults.
        run "$PROMTOOL" check metrics <<<'ipcview_total{a="b} 1'
        [ "$status" -ne 0 ]
}

@test "metrics: the alert rules, and what the dashboard asks" {
        [ -n "$PROMTOOL" ] || skip "promtool (Debian's package prometheus) is not installed"
        cp "$CONTRIB/prometheus/ipcview.rules.yml" "$BATS_TEST_DIRNAME/ipcview.rules.test.yml" "$BATS_TEST_TMPDIR"
        chmod -R u+w "$BATS_TEST_TMPDIR"
        "$PROMTOOL" check rules "$BATS_TEST_TMPDIR/ipcview.rules.yml"
        "$PROMTOOL" test rules "$BATS_TEST_TMPDIR/ipcview.rules.test.yml"
        "$PYTHON" - "$CONTRIB/grafana/ipcview.json" >"$BATS_TEST_TMPDIR/board.yml" <<'END'
import json, sys

expressions = [target["expr"] for panel in json.load(open(sys.argv[1]))["panels"] for target in panel["targets"]]
assert len(expressions) > 10
rules = [{"record": "r%d" % n, "expr": expression.replace("$__rate_interval", "5m")}
         for n, expression in enumerate(expressions)]
json.dump({"groups": [{"name": "board", "rules": rules}]}, sys.stdout)
END
        "$PROMTOOL" check rules "$BATS_TEST_TMPDIR/board.yml"
}

# What rules and dashboard ask for is there.
@test "metrics: rules and dashboard name families that there are" {
        local name
        { metrics limits; metrics limits --all; } | sed -n 's/^# TYPE \([a-z_]*\) .*/\1/p' | sort -u >"$BATS_TEST_TMPDIR/families"
        grep -ohE 'ipcview_[a-z_]+' "$CONTRIB/prometheus/ipcview.rules.yml" "$CONTRIB/grafana/ipcview.json" |
                sort -u >"$BATS_TEST_TMPDIR/asked"
        [ "$(wc -l <"$BATS_TEST_TMPDIR/asked")" -gt 5 ]
        [ -z "$(comm -13 "$BATS_TEST_TMPDIR/families" "$BATS_TEST_TMPDIR/asked")" ]
        metrics limits | grep -oE '(rule|limit)="[a-z_-]+"' | sort -u >"$BATS_TEST_TMPDIR/words"
        for name in shm-orphan wait-cycle writer-stuck sem-dead-operator queue-full queue-unread backlog-full; do
                grep -q "$name" "$CONTRIB/prometheus/ipcview.rules.yml"
                grep -qx "rule=\"$name\"" "$BATS_TEST_TMPDIR/words"
        done
}

@test "metrics: the dashboard is what Grafana imports" {
        "$PYTHON" - "$CONTRIB/grafana/ipcview.json" <<'END'
import json, sys

board = json.load(open(sys.argv[1]))
assert board["title"] and board["uid"] and board["schemaVersion"] >= 36 and board["id"] is None
assert [one["name"] for one in board["__inputs"]] == ["DS_PROMETHEUS"]
variables = {one["name"] for one in board["templating"]["list"]}
assert variables == {"job", "instance"}, variables
ids, cells = set(), set()
for panel in board["panels"]:
    assert panel["id"] not in ids and panel["title"]
    ids.add(panel["id"])
    place = panel["gridPos"]
    assert place["x"] + place["w"] <= 24
    for x in range(place["x"], place["x"] + place["w"]):
        for y in range(place["y"], place["y"] + place["h"]):
            assert (x, y) not in cells, panel["title"]
            cells.add((x, y))
    if panel["type"] == "row":
        continue
    assert panel["datasource"]["uid"] == "${DS_PROMETHEUS}"
    for target in panel["targets"]:
        assert target["expr"].count("{") == target["expr"].count("}") and "$instance" in target["expr"]
END
}

@test "metrics: a file is written as stdout would be, with mode 0644" {
        local file=$BATS_TEST_TMPDIR/ipcview.prom
        umask 077
        metrics limits -o "$file"
        [ "$(stat -c %a "$file")" = 644 ]
        metrics limits >"$BATS_TEST_TMPDIR/text"
        same_as_golden "$file" limits.prom
        same_as_golden "$BATS_TEST_TMPDIR/text" limits.prom
        run metrics limits --output="$file"
        [ "$status" -eq 0 ] && [ -z "$output" ]
        [ "$(find "$BATS_TEST_TMPDIR" -name '*ipcview*' | wc -l)" -eq 1 ]
}

@test "metrics: a reader sees only whole files while they are replaced 200 times" {
        local file=$BATS_TEST_TMPDIR/ipcview.prom reader i
        metrics limits -o "$file"
        "$PYTHON" - "$file" >"$BATS_TEST_TMPDIR/seen" 3>&- <<'END' &
import os, sys, time

inodes, end = set(), time.monotonic() + 120
while not os.path.exists(sys.argv[1] + ".stop") and time.monotonic() < end:
    with open(sys.argv[1], "rb") as file:
        inodes.add(os.fstat(file.fileno()).st_ino)
        text = file.read()
    assert text.startswith(b"# HELP ipcview_build_info "), text[:80]
    assert text.split(b"\n")[-2].startswith(b"ipcview_hampered_rules "), text[-80:]
    assert text.endswith(b"\n")
print(len(inodes))
END
        reader=$!
        for ((i = 0; i < 200; i++)); do
                metrics limits -o "$file" || break
        done
        touch "$file.stop"
        wait "$reader"
        [ "$i" -eq 200 ]
        [ "$(cat "$BATS_TEST_TMPDIR/seen")" -gt 1 ]
}

@test "metrics: a symbolic link is refused, and what it leads to stays" {
        cd "$BATS_TEST_TMPDIR"
        echo old >old
        ln -s old ipcview.prom
        run metrics limits -o ipcview.prom
        [ "$status" -eq 1 ]
        [ "$output" = "ipcview: metrics: ipcview.prom: is a symbolic link: name the file itself" ]
        [ "$(cat old)" = old ]
        [ -L ipcview.prom ]
        [ "$(find . -mindepth 1 | wc -l)" -eq 2 ]
}

@test "metrics: a directory that cannot be written to is told, and the old file stays" {
        cd "$BATS_TEST_TMPDIR"
        run metrics limits -o missing/ipcview.prom
        [ "$status" -eq 1 ]
        [ "$output" = "ipcview: metrics: missing/ipcview.prom: No such file or directory" ]
        mkdir closed
        echo old >closed/ipcview.prom
        chmod 500 closed
        # root may write wherever it likes
        if [ "$(id -u)" -ne 0 ]; then
                run metrics limits -o closed/ipcview.prom
                [ "$status" -eq 1 ]
                [ "$output" = "ipcview: metrics: closed/ipcview.prom: Permission denied" ]
                [ "$(cat closed/ipcview.prom)" = old ]
        fi
        chmod 700 closed
        # A full disk, as far as this process is concerned.
        run bash -c 'trap "" XFSZ; ulimit -f 1; exec "$@"' bash \
                "$IPCVIEW" --sysroot "$BATS_FILE_TMPDIR/limits" metrics -q -o closed/ipcview.prom
        [ "$status" -eq 1 ]
        [ "$output" = "ipcview: metrics: closed/ipcview.prom: File too large" ]
        [ "$(cat closed/ipcview.prom)" = old ]
        [ "$(find closed -mindepth 1)" = closed/ipcview.prom ]
}

@test "metrics: options that mean nothing here are refused" {
        local given
        for given in --json --ndjson --filter=size_bytes --sort=ref; do
                run metrics limits "$given"
                [ "$status" -eq 2 ]
        done
        run "$IPCVIEW" -o x metrics
        [ "$status" -eq 2 ]
        [[ $output == *"a file is named behind the command" ]]
        run "$IPCVIEW" metrics file
        [ "$status" -eq 2 ]
}
