#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every string that is marked in the sources is translated, and every file with such strings is known.

. "$(dirname "$0")/tap.sh"

for tool in xgettext msgcmp msgfmt; do
        if ! command -v "$tool" >/dev/null; then
                echo "1..0 # SKIP $tool (GNU gettext) is not installed"
                exit 0
        fi
done

dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
languages=$(sed 's/#.*//' po/LINGUAS)

extract()
{
        xgettext --from-code=UTF-8 --language=C --keyword=_ --keyword=N_ --keyword=P_:1,2 --keyword=say_count:3,4 --output="$1" "--files-from=$2"
}

marked_files()
{
        [ ! -f "$1" ] || sed -n 's/^#: //p' "$1" | tr ' ' '\n' | sed 's/:[0-9]*$//' | sort -u
}

not_in_potfiles()
{
        marked_files "$dir/all.pot" | while read -r file; do
                grep -qxF "$file" po/POTFILES.in || echo "$file holds marked strings"
        done
}

needless_in_potfiles()
{
        sed 's/#.*//;/^$/d' po/POTFILES.in | while read -r file; do
                if [ ! -f "$file" ]; then
                        echo "$file does not exist"
                elif ! marked_files "$dir/all.pot" | grep -qxF "$file"; then
                        echo "$file holds no marked string"
                fi
        done
}

# Untranslated and fuzzy ones are faults for msgcmp.
not_translated()
{
        msgcmp "po/$1.po" "$dir/known.pot"
}

not_well_formed()
{
        msgfmt --check --output-file=/dev/null "po/$1.po"
}

obsolete()
{
        grep -n '^#~ msgid' "po/$1.po"
        return 0
}

tap_sources src >"$dir/sources"
sed 's/#.*//;/^$/d' po/POTFILES.in >"$dir/known"
tap_check "xgettext reads every source file" extract "$dir/all.pot" "$dir/sources"
tap_check "every file with marked strings is in po/POTFILES.in" not_in_potfiles
tap_check "every file of po/POTFILES.in has marked strings" needless_in_potfiles
tap_check "xgettext reads po/POTFILES.in" extract "$dir/known.pot" "$dir/known"
tap_result "there are languages" "$([ -n "$languages" ] || echo "po/LINGUAS is empty")"
for language in $languages; do
        tap_check "$language: every string is translated" not_translated "$language"
        tap_check "$language: well-formed, formats agree" not_well_formed "$language"
        tap_check "$language: nothing obsolete" obsolete "$language"
done
tap_end
