# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# For the tests in this directory: every recorded machine is unpacked, and ipcview asked about it.

setup_file()
{
        [ -n "${PYTHON=$(command -v python3)}" ] || skip "there is no Python 3"
        export PYTHON
        export TREES="$BATS_TEST_DIRNAME/../trees"
        : "${IPCVIEW:=$BATS_TEST_DIRNAME/../../src/ipcview}"
        export IPCVIEW LC_ALL=C.UTF-8 TZ=UTC
        # What whoever runs the tests has configured is none of theirs.
        export XDG_CONFIG_HOME="$BATS_FILE_TMPDIR/no-config"
        local manifest
        for manifest in "$TREES"/*.manifest; do
                "$PYTHON" "$TREES/unpack.py" "$manifest" "$BATS_FILE_TMPDIR/$(basename "$manifest" .manifest)" || return 1
        done
}

# A few seconds are plenty; what hangs must not hang the tests.
ipcview()
{
        timeout 20 "$IPCVIEW" --sysroot "$BATS_FILE_TMPDIR/$1" "${@:2}"
}

pretty()
{
        "$PYTHON" -c '
import json, sys
document = json.loads(sys.stdin.buffer.read().decode("utf-8", "strict"))
document["ipcview"]["program"] = "ipcview"      # its version is no matter of the machine
json.dump(document, sys.stdout, indent=1)
print()'
}

same_as_golden()
{
        if [ -n "${UPDATE-}" ]; then
                mkdir -p "$TREES/golden"
                cp "$1" "$TREES/golden/$2"
        else
                diff -u "$TREES/golden/$2" "$1"
        fi
}

json()
{
        ipcview "$1" --json "${@:2}" 2>"$BATS_TEST_TMPDIR/err" >"$BATS_TEST_TMPDIR/json"
}

# check NAME < conditions: each line holds for the whole document.
check()
{
        local condition
        json "$1"
        while IFS= read -r condition; do
                jq -e "def ref(r): .objects[] | select(.ref == r); $condition" "$BATS_TEST_TMPDIR/json" >/dev/null || {
                        echo "not so: $condition"
                        return 1
                }
        done
}

whole_machine()
{
        json "$1"
        pretty <"$BATS_TEST_TMPDIR/json" >"$BATS_TEST_TMPDIR/pretty"
        same_as_golden "$BATS_TEST_TMPDIR/pretty" "$1.json"

        # The same question, the same answer.
        json "$1"
        pretty <"$BATS_TEST_TMPDIR/json" | diff - "$BATS_TEST_TMPDIR/pretty"

        # Every reference leads back to its object, the hidden ones included.
        local ref
        while IFS= read -r ref; do
                ipcview "$1" show "$ref" --json 2>/dev/null |
                        jq -e --arg ref "$ref" '.objects | map(.ref) == [$ref]' >/dev/null || {
                        echo "show $ref"
                        return 1
                }
        done < <(jq -r '.objects[].ref' "$BATS_TEST_TMPDIR/json")
}
