#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The makefiles name every file, one by one: what is in none of their lists is neither built,
# nor run, nor in the tarball.

. "$(dirname "$0")/tap.sh"

# All words of the makefiles, without comments.
listed=$(sed 's/#.*//' Makefile.am src/*.mk tests/*.mk | tr -s ' \t\\=' '[\n*]' | sort -u)

is_listed()
{
        printf '%s\n' "$listed" | grep -qxF -e "$1"
}

# unlisted FILE...: files that are not listed, nor below a directory that is.
unlisted()
{
        for file in "$@"; do
                path=$file
                while [ "$path" != "${path%/*}" ]; do
                        is_listed "$path" && continue 2
                        path=${path%/*}
                done
                echo "$file"
        done
}

# Unit tests are listed by the name of their program.
unlisted_programs()
{
        for file in "$@"; do
                is_listed "${file%.c}" || is_listed "$file" || echo "$file"
        done
}

# A fuzz target makes two programs, and reads a corpus.
incomplete_fuzzers()
{
        for file in "$@"; do
                name=${file##*/fuzz-}
                name=${name%.c}
                is_listed "tests/fuzz/fuzz-$name" || echo "$file: no program tests/fuzz/fuzz-$name"
                is_listed "tests/fuzz/replay-$name" || echo "$file: no program tests/fuzz/replay-$name"
                [ -n "$(ls "tests/fuzz/corpus/$name" 2>/dev/null)" ] || echo "$file: no corpus tests/fuzz/corpus/$name"
        done
}

missing_files()
{
        printf '%s\n' "$listed" | grep -E '^(src|tests|doc|man|m4|\.ci)/.*\.(c|h|list|sh|bats|awk|py|m4|mk|[1-8])$' |
        while read -r file; do
                [ -f "$file" ] || echo "$file"
        done
}

# No name of ours holds blanks; that is checked first.
odd_names()
{
        find src tests -name '*[!A-Za-z0-9._-]*' ! -path 'tests/fuzz/corpus/*' ! -path 'tests/trees/*'
}

tap_check "names are plain" odd_names
# shellcheck disable=SC2046
tap_check "every source file is listed" unlisted $(tap_sources src) $(find src -name '*.py' -o -name '*.awk' -o -name '*.sh')
# shellcheck disable=SC2046
tap_check "every test program is listed" unlisted_programs $(find tests/unit tests/bench -name '*.c' | sort)
# shellcheck disable=SC2046
tap_check "every fuzz target is complete" incomplete_fuzzers $(find tests/fuzz -name 'fuzz-*.c' | sort)
# shellcheck disable=SC2046
tap_check "every other file of the tests is listed" unlisted \
        $(find tests -type f \( -name '*.sh' -o -name '*.bash' -o -name '*.bats' -o -name '*.awk' -o -name '*.py' \
                -o -name '*.h' -o -name '*.json' -o -name '*.txt' -o -name '*.tree' -o -name '*.md' \
                -o -name run -o -name run-bats -o -name sandbox -o -path 'tests/fuzz/corpus/*' \
                -o -path 'tests/trees/*' -o -path 'tests/live/*.c' \) ! -name '*.log' ! -name '*.trs' | sort)
# shellcheck disable=SC2046
tap_check "every manual page, document and completion is listed" unlisted \
        $(find doc completions -type f ! -name '.*' | sort)
tap_check "every listed file exists" missing_files
tap_end
