# SPDX-License-Identifier: GPL-2.0-or-later
# Prints the lines of C files as NAME:NUMBER:CODE. Comments become one blank, the contents of
# strings and characters are dropped, so that a word found in what is left is code.

FNR == 1 { in_comment = 0 }

{
        line = $0
        out = ""
        if (!in_comment && line ~ /^[ \t]*#[ \t]*include/) {
                sub(/\/\*.*/, "", line)
                print FILENAME ":" FNR ":" line
                next
        }
        n = length(line)
        i = 1
        while (i <= n) {
                c = substr(line, i, 1)
                two = substr(line, i, 2)
                if (in_comment) {
                        if (two == "*/") {
                                in_comment = 0
                                i += 2
                        } else
                                i++
                } else if (two == "/*") {
                        in_comment = 1
                        out = out " "
                        i += 2
                } else if (two == "//") {
                        break
                } else if (c == "\"" || c == "'") {
                        quote = c
                        for (i++; i <= n && (c = substr(line, i, 1)) != quote; i++)
                                if (c == "\\")
                                        i++
                        i++
                        out = out quote quote
                } else {
                        out = out c
                        i++
                }
        }
        print FILENAME ":" FNR ":" out
}
