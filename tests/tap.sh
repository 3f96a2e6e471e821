# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# Sourced by the check scripts, which then stand in the top of the source tree.
# A check is a function or command that prints what is wrong, and nothing if all is well.

set -u
LC_ALL=C.UTF-8
export LC_ALL
cd "${srcdir:-$(dirname "$0")/..}" || exit 1

tap_count=0
tap_failed=0

# tap_result DESCRIPTION FAULTS: FAULTS is text, empty if all is well.
tap_result()
{
        tap_count=$((tap_count + 1))
        if [ -z "$2" ]; then
                echo "ok $tap_count - $1"
        else
                tap_failed=$((tap_failed + 1))
                echo "not ok $tap_count - $1"
                printf '%s\n' "$2" | sed 's/^/#   /'
        fi
}

# tap_check DESCRIPTION COMMAND [ARG...]: a command that ends with an error without a word is a fault, too.
tap_check()
{
        tap_what=$1
        shift
        if tap_faults=$("$@" 2>&1); then
                tap_result "$tap_what" "$tap_faults"
        else
                tap_result "$tap_what" "${tap_faults:-$1: failed}"
        fi
}

# tap_skip DESCRIPTION REASON
tap_skip()
{
        tap_count=$((tap_count + 1))
        echo "ok $tap_count - $1 # SKIP $2"
}

# Ends the script.
tap_end()
{
        echo "1..$tap_count"
        [ "$tap_count" -gt 0 ] && [ "$tap_failed" -eq 0 ]
        exit
}

# Our C sources: tap_sources DIR... prints their names, sorted.
tap_sources()
{
        find "$@" -type f \( -name '*.c' -o -name '*.h' -o -name '*.list' \) | sort
}

# Every line of the files as NAME:NUMBER:CODE, without comments and with strings emptied
# (but for the names of includes). Names must not hold blanks.
tap_code()
{
        # shellcheck disable=SC2046
        awk -f tests/strip-c.awk $(tap_sources "$@")
}
