#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The manual names what the program has, all of it and nothing else; so do the words of the
# shell completion. With UPDATE=1 the list of fields in ipcview-json(5) and that of keys in
# ipcview(1) are written instead: look at the difference before keeping it.
#
# Asks the program $IPCVIEW; without one only the form of the pages is checked.

. "$(dirname "$0")/tap.sh"

page=doc/ipcview.1
json_page=doc/ipcview-json.5
completion=completions/ipcview.bash

: "${IPCVIEW:=src/ipcview}"
# Headings and help are translated.
unset LANGUAGE
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT

ask()
{
        "$IPCVIEW" "$@" </dev/null
}

# --- the pages --------------------------------------------------------------

# Lines of a page as plain text: macros, fonts, quotes and escapes away.
plain()
{
        sed -E 's/^\.(BR?|BI|IR?|IB|RB|RI|SS|SH) //; s/\\f[A-Z]//g; s/"//g; s/\\-/-/g; s/\\&//g; s/\\ / /g'
}

# part PAGE SECTION [SUBSECTION]: its lines.
part()
{
        awk -v section="$2" -v subsection="${3-}" '
                /^\.SH / { inside = ($0 == ".SH " section || $0 == ".SH \"" section "\""); sub_inside = subsection == "" }
                /^\.SS / && subsection != "" { title = substr($0, 5); gsub(/"/, "", title)
                                               sub_inside = title == subsection || index(title, subsection " ") == 1 }
                inside && sub_inside' "$1"
}

# The tags of its .TP paragraphs, one a line, without blanks.
tags()
{
        awk 'tag { print; tag = 0 } /^\.T[PQ]/ { tag = 1 }' | plain | tr -d ' '
}

# As tags, but what stands in a list inside of another (.RS) is left out.
outer_tags()
{
        awk '/^\.RE/ { inner-- } !inner; /^\.RS/ { inner++ }' | tags
}

# same WHAT-THE-PROGRAM-HAS WHAT-THE-PAGE-HAS: files of lines in any order.
same()
{
        sort "$1" >"$dir/program.sorted"
        sort "$2" >"$dir/page.sorted"
        [ -s "$dir/program.sorted" ] || echo "the program tells nothing"
        comm -23 "$dir/program.sorted" "$dir/page.sorted" | sed 's/^/only in the program: /'
        comm -13 "$dir/program.sorted" "$dir/page.sorted" | sed 's/^/not in the program: /'
}

# --- the program ------------------------------------------------------------

# help_part TITLE: the lines below that line of the help, up to the next empty one.
help_part()
{
        awk -v title="$1" '$0 == title { inside = 1; next } inside && !NF { exit } inside'
}

# "-o, --output=COLS   columns" to "-o,--output=COLS"; "-i ID   one" to "-iID".
option_names()
{
        sed -E 's/^ +//; s/  .*//; s/ //g'
}

commands()
{
        ask help | help_part Commands: | awk '{ print $1 }'
}

# A command's own options: between its summary and the global ones.
own_options()
{
        ask "$1" --help | awk '/^Options:/ { exit } /^  ( |-)/' | option_names
}

# vocabulary FIELD: the words of a field, one a line.
vocabulary()
{
        ask columns --no-headings | awk -v field="$1" '
                $1 == field { sub(/.*: /, ""); for (i = 1; i <= split($0, words, " "); i++) print words[i] }'
}

# --- comparisons ------------------------------------------------------------

version()
{
        for file in "$page" "$json_page"; do
                grep -qxE "\.TH [A-Z-]+ [15] [0-9-]{10} \"$(ask --version)\" .*" "$file" ||
                        echo "$file: .TH does not say \"$(ask --version)\""
        done
}

compare_commands()
{
        commands | while read -r command; do
                ask "$command" --help | sed -n '1s/^Usage: ipcview //p' | sed 's/ \[OPTION\]\.\.\.//'
        done >"$dir/usages"
        part "$page" COMMANDS | grep '^\.SS' | plain >"$dir/titles"
        same "$dir/usages" "$dir/titles"
}

compare_options()
{
        own_options "$1" >"$dir/own"
        part "$page" COMMANDS "$1" | outer_tags | grep '^-' >"$dir/tags"
        if [ -s "$dir/own" ] || [ -s "$dir/tags" ]; then
                same "$dir/own" "$dir/tags"
        fi
}

compare_globals()
{
        ask --help | help_part Options: | option_names >"$dir/globals"
        part "$page" "GLOBAL OPTIONS" | tags >"$dir/tags"
        same "$dir/globals" "$dir/tags"
}

compare_kinds()
{
        ask --help | help_part Kinds: | awk '{ print $1 }' >"$dir/kinds"
        part "$page" KINDS | tags >"$dir/tags"
        same "$dir/kinds" "$dir/tags"
}

# compare_words FIELD SUBSECTION
compare_words()
{
        vocabulary "$1" >"$dir/words"
        part "$page" OUTPUT "$2" | tags >"$dir/tags"
        same "$dir/words" "$dir/tags"
}

compare_limits()
{
        ask schema | jq -r '."$defs".limit.properties.limit.enum[]' >"$dir/limits"
        part "$page" LIMITS | tags >"$dir/tags"
        same "$dir/limits" "$dir/tags"
}

compare_findings()
{
        ask check --rules --no-headings | awk '{ print $1 }' >"$dir/rules"
        part "$page" FINDINGS | tags >"$dir/tags"
        same "$dir/rules" "$dir/tags"
}

compare_types()
{
        ask columns --no-headings | awk '{ print $2 }' | sort -u >"$dir/types"
        part "$json_page" TYPES | tags | tr ',' '\n' >"$dir/tags"
        same "$dir/types" "$dir/tags"
}

# Members of the schema that stand on no tag; members with bytes in base64 have a rule of their own.
compare_members()
{
        ask schema | jq -r '[.. | objects | .properties? // empty | keys[]] | unique[]' | grep -v '_b64$' |
                sort >"$dir/members"
        [ -s "$dir/members" ] || echo "the schema has no members"
        tags <"$json_page" | tr ',' '\n' | sed 's/(.*//' >"$dir/tags"
        # gid and name, type and inode stand with the types that they are members of.
        for type in user group namespace; do
                part "$json_page" TYPES | awk -v type="$type" '
                        $0 == ".B " type { inside = 1; next } /^\.TP/ { inside = 0 } inside && /^\.BR? / { print $2 }'
        done >>"$dir/tags"
        sort -u "$dir/tags" | comm -23 "$dir/members" - | sed 's/^/not in the page: /'
}

# --- the list of fields -----------------------------------------------------

# The columns of `ipcview columns` begin below their headings, and KINDS may be empty.
fields()
{
        ask columns >"$dir/columns"
        awk '
        function sentence(text) {
                return text ~ /[.?]$/ ? text : text "."
        }
        function roff(text) {
                gsub(/\\/, "\\e", text)
                gsub(/-/, "\\-", text)
                sub(/^[.\047]/, "\\\\\\&&", text)
                return text
        }
        function listed(words) {
                gsub(/ /, ", ", words)
                return words
        }
        FNR == 1 { kinds_at = index($0, "KINDS"); meaning_at = index($0, "MEANING"); next }
        {
                name = $1; type = $2
                kinds = substr($0, kinds_at, meaning_at - kinds_at)
                meaning = substr($0, meaning_at)
                gsub(/ /, "", kinds)
                gsub(/,/, " ", kinds)
                words = ""
                if (type ~ /^(words?|rows|record)$/) {
                        words = meaning
                        sub(/.*: /, "", words)
                        meaning = substr(meaning, 1, length(meaning) - length(words) - 2)
                }
        }
        NR == FNR {
                if (type ~ /^(rows|record)$/)
                        for (i = 1; i <= split(words, members, " "); i++)
                                rows[members[i]] = rows[members[i]] " " name
                next
        }
        {
                print ".TP"
                printf ".BR %s \" (%s)\"\n", roff(name), type
                print roff(sentence(meaning))
                if (type == "word")
                        print roff("One of " listed(words) ".")
                else if (type == "words")
                        print roff("Any of " listed(words) ".")
                else if (words != "")
                        print roff("Members: " listed(words) ".")
                if (kinds == "all")
                        print "Of every kind."
                else if (kinds != "")
                        print "Of " listed(kinds) "."
                if (rows[name] != "")
                        print "In the rows of " roff(listed(substr(rows[name], 2))) "."
                else if (kinds == "")
                        print "Of processes."
        }' "$dir/columns" "$dir/columns"
}

mark='^\.\\" made by check-manual\.sh:'

# update_part PAGE FILE: the file in the place of what stands between the marks.
update_part()
{
        [ -s "$2" ] && [ "$(grep -c "$mark" "$1")" = 2 ] &&
        sed "/$mark begin/r $2
             /$mark begin/,/$mark end/{ /$mark/!d }" "$1" >"$dir/new" &&
        cat "$dir/new" >"$1"
}

compare_fields()
{
        fields >"$dir/fields"
        sed -n "/$mark begin/,/$mark end/p" "$json_page" | sed '1d;$d' >"$dir/listed"
        [ -s "$dir/fields" ] || echo "the program has no fields"
        if ! diff "$dir/listed" "$dir/fields"; then
                echo "refresh it: UPDATE=1 IPCVIEW=... tests/check-manual.sh"
        fi
}

update_fields()
{
        fields >"$dir/fields" && update_part "$json_page" "$dir/fields"
}

# --- the browser ------------------------------------------------------------

# ACTION(UP, "up", IN_VIEW, "Up k", N_("Move"), NULL, N_("up")): by group, each with a name, keys and a sentence.
keys()
{
        awk '
        function roff(text) {
                gsub(/\\\\/, "\\", text)
                gsub(/\\/, "\\e", text)
                gsub(/-/, "\\-", text)
                sub(/^[.\047]/, "\\\\\\&&", text)
                return text
        }
        /^ACTION\(/ {
                n = split($0, part, "\"")
                keys = part[4]
                gsub(/ /, ", ", keys)
                if (part[6] != group) {
                        group = part[6]
                        print ".PP"
                        print roff(group) ":"
                }
                help = part[n - 1]
                print ".TP 16"
                print ".B \"" roff(keys) "\""
                print roff(toupper(substr(help, 1, 1)) substr(help, 2)) "."
        }' src/tui/action.list
}

compare_keys()
{
        keys >"$dir/keys"
        sed -n "/$mark begin/,/$mark end/p" "$page" | sed '1d;$d' >"$dir/listed"
        [ -s "$dir/keys" ] || echo "there are no keys"
        if ! diff "$dir/listed" "$dir/keys"; then
                echo "refresh it: UPDATE=1 IPCVIEW=... tests/check-manual.sh"
        fi
}

update_keys()
{
        keys >"$dir/keys" && update_part "$page" "$dir/keys"
}

# Those that can be named; the others are about something.
compare_views()
{
        sed -n 's/^VIEW(\([a-z]*\))$/\1/p' src/tui/views.list | grep -vxE 'contents|relations|page|json|limit|text' >"$dir/views"
        part "$page" BROWSER Views | tags | tr ',' '\n' >"$dir/tags"
        same "$dir/views" "$dir/tags"
}

# --- the completion ---------------------------------------------------------

# completion_words VARIABLE: the words of a list of the completion, which may have several lines.
completion_words()
{
        awk -v name="$1" -v quote="'" '
                index($0, "local " name "=" quote) { inside = 1; sub(".*=" quote, "") }
                inside { text = text " " $0 }
                inside && index($0, quote) { exit }
                END { sub(quote ".*", "", text); print text }' "$completion" | tr -s ' ' '\n' | sed '/^$/d'
}

# "-o,--output=COLS" to -o and --output=, "-iID" to -i.
completed_options()
{
        tr ',' '\n' | sed -E 's/\[.*//; s/=.*/=/; s/^(-[A-Za-z0-9])[^-].*/\1/'
}

compare_completion()
{
        commands >"$dir/commands"
        completion_words commands >"$dir/words"
        same "$dir/commands" "$dir/words"
        ask --help | help_part Kinds: | awk '{ print $1 }' >"$dir/kinds"
        completion_words kinds >"$dir/words"
        same "$dir/kinds" "$dir/words"
        ask --help | help_part Options: | option_names | completed_options >"$dir/options"
        completion_words options >"$dir/words"
        same "$dir/options" "$dir/words"
        for command in $(commands); do
                own_options "$command" | completed_options >"$dir/options"
                completion_words "${command}_options" >"$dir/words"
                if [ -s "$dir/options" ] || [ -s "$dir/words" ]; then
                        same "$dir/options" "$dir/words" | sed "s/^/$command: /"
                fi
        done
}

# completes LINE WORD...: what is offered at the end of the line.
completes()
{
        line=$1
        shift
        # shellcheck disable=SC2016
        offered=$(bash --norc --noprofile -c '. "$1"; COMP_LINE=$2 COMP_POINT=${#2} COMP_WORDBREAKS=" :="
                _ipcview "$3"; echo "${COMPREPLY[*]}"' bash "$completion" "$line" "$IPCVIEW")
        [ "$offered" = "$*" ] || echo "$line: offers '$offered', not '$*'"
}

completion_works()
{
        completes 'ipcview sc' schema
        completes 'ipcview limits expl' explain
        completes 'ipcview limits shmm' shmmni shmmax shmmin
        completes 'ipcview limits --fail-at=semmn' semmni= semmns=
        completes 'ipcview check --fail-on=w' warning
        completes 'ipcview check --only shm-orphan,que' shm-orphan,queue-full shm-orphan,queue-unread
        completes 'ipcview list --ti' --time=
        completes 'ipcview list --time=e' epoch
        completes 'ipcview list sh' shm
        completes 'ipcview show psh' pshm:
        completes 'ipcview show ino' inotify:
        completes 'ipcview show f' fifo: fanotify: file: fd:
        completes 'ipcview list -o ref,size_b' ref,size_bytes
        completes 'ipcview --sort age_s' age_seconds
        completes "ipcview show pid:$$" "$$"
        completes 'ipcview --filter x lis' list
        completes 'ipcview metrics -o doc/ipcview-j' doc/ipcview-json.5
        completes 'ipcview metrics --a' --all
        completes 'ipcview rm psh' pshm:
        completes 'ipcview rm --posix-m' --posix-mqueue=
        completes 'ipcview rm --all=ps' pshm psem
        completes 'ipcview rm --where x sh' shm:
        completes 'ipcview create psh' pshm:
        completes 'ipcview create shm key=1 siz' size_bytes=
        completes 'ipcview set own' owner=
        completes 'ipcview set -n mq' mq:
        completes 'ipcview journal --li' --lines=
        completes 'ipcview browse --no-m' --no-mouse
        completes 'ipcview browse find' findings
        completes 'ipcview browse psh' pshm
        completes 'ipcview browse -f doc/ipcview-j' doc/ipcview-json.5
}

# --- the form ---------------------------------------------------------------

lint_man()
{
        MANWIDTH=80 man --warnings -E UTF-8 -l -Tutf8 -Z "$1" 2>"$dir/warnings" >/dev/null
        cat "$dir/warnings"
}

lint_mandoc()
{
        mandoc -T lint -W warning "$1"
}

if [ -n "${UPDATE-}" ]; then
        tap_check "the list of fields is written" update_fields
        tap_check "the list of keys is written" update_keys
fi
for file in "$page" "$json_page"; do
        if man --version 2>/dev/null | grep -q '^man [0-9]'; then
                tap_check "$file: groff has no complaint" lint_man "$file"
        else
                tap_skip "$file: groff has no complaint" "man-db is not installed"
        fi
        if command -v mandoc >/dev/null; then
                tap_check "$file: mandoc has no complaint" lint_mandoc "$file"
        else
                tap_skip "$file: mandoc has no complaint" "mandoc is not installed"
        fi
done
tap_result "every key is in the manual" "$(compare_keys)"
tap_check "every view is in the manual" compare_views
if [ ! -x "$IPCVIEW" ]; then
        tap_skip "the manual and the completion name what the program has" "$IPCVIEW is not built"
        tap_end
fi
tap_check "the pages are of this version" version
tap_check "every command is in the manual" compare_commands
for command in $(commands); do
        tap_check "the options of $command are in the manual" compare_options "$command"
done
tap_check "every global option is in the manual" compare_globals
tap_check "every kind is in the manual" compare_kinds
tap_check "every state is in the manual" compare_words state States
tap_check "every way to hold an object is in the manual" compare_words way Ways
tap_check "every life is in the manual" compare_words creator_life Lives
tap_check "every type of field is in ipcview-json(5)" compare_types
tap_result "every field is in ipcview-json(5)" "$(compare_fields)"
if command -v jq >/dev/null; then
        tap_check "every member of the schema is in ipcview-json(5)" compare_members
        tap_check "every limit is in the manual" compare_limits
        tap_check "every rule is in the manual" compare_findings
else
        tap_skip "every member of the schema is in ipcview-json(5)" "jq is not installed"
fi
tap_check "the completion has every command, kind and option" compare_completion
tap_check "the completion completes" completion_works
tap_end
