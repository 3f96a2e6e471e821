#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What every file has, and how long files and functions may get.

. "$(dirname "$0")/tap.sh"

most_file=500
most_function=80

licence='SPDX-License-Identifier: GPL-2.0-or-later'
c_files=$(tap_sources src tests)
code_files=$(printf '%s\n' "$c_files" | grep '\.[ch]$')
scripts=$(find src tests bootstrap .ci -type f \( -name '*.sh' -o -name '*.awk' -o -name '*.py' -o -name '*.bats' \
        -o -name bootstrap -o -name run -o -name run-bats -o -name sandbox \) 2>/dev/null | sort)
makefiles=$(find . -name '*.mk' -o -name Makefile.am -o -name configure.ac -o -name ipcview.m4 | grep -v '^\./\.git/' | sort)

no_licence()
{
        for file in $c_files; do
                first=$(head -n 1 "$file")
                # A comment of many lines may begin with it, as in the .list files.
                [ "$first" != '/*' ] || first="/* $(sed -n '2s/^ \* *//p' "$file") */"
                [ "$first" = "/* $licence */" ] || echo "$file: line 1"
        done
        for file in $scripts $makefiles; do
                head -n 2 "$file" | grep -qx "# $licence" || echo "$file: line 1 or 2"
        done
}

tabs()
{
        # shellcheck disable=SC2086
        grep -n "$(printf '\t')" $c_files /dev/null | cut -d: -f1,2
}

trailing_blanks()
{
        # shellcheck disable=SC2086
        grep -nE '[[:space:]]+$' $c_files $scripts $makefiles README.md NEWS /dev/null | cut -d: -f1,2
}

last_line()
{
        for file in $c_files $scripts $makefiles; do
                [ -z "$(tail -c 1 "$file")" ] || echo "$file: no newline at the end"
        done
}

wide_lines()
{
        # Lists are tables: one declaration, one line; so are many tests.
        # shellcheck disable=SC2046
        awk 'length($0) > 120 { print FILENAME ":" FNR ": " length($0) " columns" }' \
                $(tap_sources src | grep '\.[ch]$')
}

long_files()
{
        # shellcheck disable=SC2086
        awk -v most="$most_file" '
                FNR == most + 1 { print FILENAME ": more than " most " lines" }' $c_files $scripts
}

long_functions()
{
        # shellcheck disable=SC2086
        ctags --languages=C --langmap=C:.c.h --kinds-C=f --fields=+ne -x \
              --_xformat='%F %n %e %N' $code_files |
        awk -v most="$most_function" '
                $3 - $2 + 1 > most { print $1 ":" $2 ": " $4 "() has " $3 - $2 + 1 " lines, more than " most }'
}

guards()
{
        for file in $(printf '%s\n' "$c_files" | grep '^src/.*\.h$'); do
                name=$(printf '%s' "${file#src/}" | tr 'a-z/.-' 'A-Z___')
                grep -qx "#ifndef $name" "$file" && grep -qx "#define $name" "$file" ||
                        echo "$file: not guarded by $name"
        done
}

tap_check "every file begins with its licence" no_licence
tap_result "C files hold no tabs" "$(tabs)"
tap_result "no trailing blanks" "$(trailing_blanks)"
tap_check "every file ends with a newline" last_line
tap_check "no line of the program is wider than 120" wide_lines
tap_check "headers are guarded by their name" guards
tap_check "no file is longer than $most_file lines" long_files
if ctags --version 2>/dev/null | grep -q Universal; then
        tap_check "no function is longer than $most_function lines" long_functions
else
        tap_skip "no function is longer than $most_function lines" "Universal Ctags is not installed"
fi
tap_end
