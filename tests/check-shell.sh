#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Everything that a shell runs, under the eyes of shellcheck(1).

. "$(dirname "$0")/tap.sh"

if ! command -v shellcheck >/dev/null; then
        echo "1..0 # SKIP shellcheck is not installed"
        exit 0
fi

scripts=$(find bootstrap .ci completions tests -type f 2>/dev/null | sort | while read -r file; do
        case $file in
        *.bats|*.bash) echo "$file" ;;
        *.c|*.h|*.o|*.log|*.trs|tests/trees/*|tests/fuzz/corpus/*) ;;
        *) head -n 1 "$file" | tr -d '\0' | grep -qE '^#!.*sh$' && echo "$file" ;;
        esac
done)

for script in $scripts tests/tap.sh; do
        case $script in
        # SC2154: run-bats exports variables in lower case.
        *.bats) tap_check "$script" shellcheck --severity=warning --exclude=SC2154 --shell=bats "$script" ;;
        *) tap_check "$script" shellcheck --external-sources --source-path=SCRIPTDIR "$script" ;;
        esac
done
tap_end
