#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Functions that have no place here, or not in this place.

. "$(dirname "$0")/tap.sh"

code=$(tap_code src)
test_code=$(tap_code tests)

# uses CODE NAMES [EXCEPT]: lines of code that use one of the names (a pattern) as a word before a
# parenthesis; in files other than EXCEPT.
uses()
{
        printf '%s\n' "$1" | awk -v names="(^|[^A-Za-z0-9_>.])($2)[ ]*\\\\(" -v except="${3:-^\$}" '
                {
                        file = $0; sub(/:.*/, "", file)
                        line = $0; sub(/^[^:]*:[0-9]*:/, "", line)
                        if (file !~ except && line ~ names)
                                print
                }'
}

words()
{
        printf '%s\n' "$1" | awk -v names="(^|[^A-Za-z0-9_>.])($2)([^A-Za-z0-9_]|\$)" -v except="${3:-^\$}" '
                {
                        file = $0; sub(/:.*/, "", file)
                        line = $0; sub(/^[^:]*:[0-9]*:/, "", line)
                        if (file !~ except && line ~ names)
                                print
                }'
}

everywhere()
{
        uses "$code" "$1"
        uses "$test_code" "$1"
}

speakers='^src/(command/|main\\.c$|base/memory\\.c$)'

tap_check "strings: no strcpy, strcat, sprintf, strtok, gets" \
        everywhere 'strcpy|stpcpy|strcat|strncpy|strncat|sprintf|vsprintf|strtok|gets'
tap_check "numbers: no atoi, strtol, scanf and their kind (base/number.h)" \
        uses "$code" 'ato(i|l|ll|f)|strto(l|ul|ll|ull|imax|umax|d|f|ld)|v?[fs]?scanf'
tap_check "times: no gmtime, localtime, asctime, ctime (the _r forms are there)" \
        everywhere 'gmtime|localtime|asctime|ctime'
tap_check "memory: no alloca, no bare malloc below src (base/memory.h)" \
        uses "$code" 'alloca|strdupa|malloc|calloc|realloc|reallocarray|strdup|strndup|asprintf|vasprintf' '^src/base/memory\\.c$'
tap_check "files: no mktemp, tmpnam, tempnam, tmpfile" everywhere 'mktemp|tmpnam|tempnam|tmpfile'
tap_check "processes: no system, popen" uses "$code" 'system|popen'
tap_check "only commands print" \
        uses "$code" 'printf|fprintf|vprintf|vfprintf|dprintf|puts|fputs|putchar|putc|fputc|perror|errx?|warnx?|error|syslog' "$speakers"
tap_check "only commands know stdout and stderr" words "$code" 'stdout|stderr' "$speakers"
# The signal of a crash is raised again, once the terminal is restored.
tap_check "only commands end the program" uses "$code" 'exit|_exit|_Exit|quick_exit|abort|raise' "$speakers|^src/tui/loop-signals\\\\.c\$"
tap_end
