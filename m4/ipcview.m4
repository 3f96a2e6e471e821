# SPDX-License-Identifier: GPL-2.0-or-later
# Probes of the compiler and of Python. Results go to IPCVIEW_CFLAGS, IPCVIEW_CPPFLAGS,
# IPCVIEW_LDFLAGS and PYTHON.

# _IPCVIEW_TRY(LABEL, CFLAGS, LDFLAGS, PROGRAM, IF-YES, IF-NO)
# Compiles and links with -Werror, so that flags that are merely ignored count as unknown.
AC_DEFUN([_IPCVIEW_TRY], [
        AC_MSG_CHECKING([whether $CC takes $1])
        ipcview_save_CFLAGS=$CFLAGS
        ipcview_save_LDFLAGS=$LDFLAGS
        CFLAGS="$CFLAGS -Werror $2"
        LDFLAGS="$LDFLAGS $3"
        AC_LINK_IFELSE([$4], [ipcview_result=yes], [ipcview_result=no])
        CFLAGS=$ipcview_save_CFLAGS
        LDFLAGS=$ipcview_save_LDFLAGS
        AC_MSG_RESULT([$ipcview_result])
        AS_IF([test "$ipcview_result" = yes], [$5], [$6])
])

# IPCVIEW_STD: C17 with the GNU extensions.
AC_DEFUN([IPCVIEW_STD], [
        _IPCVIEW_TRY([-std=gnu17], [-std=gnu17], [],
                [AC_LANG_PROGRAM([[_Static_assert(__STDC_VERSION__ >= 201710L, "C17");]])],
                [IPCVIEW_CFLAGS="$IPCVIEW_CFLAGS -std=gnu17"],
                [AC_MSG_ERROR([a C17 compiler is needed])])
])

# IPCVIEW_ADD_CFLAGS(FLAGS): adds each flag that the compiler knows.
AC_DEFUN([IPCVIEW_ADD_CFLAGS], [
        for ipcview_flag in $1; do
                _IPCVIEW_TRY([$ipcview_flag], [$IPCVIEW_CFLAGS $ipcview_flag], [], [AC_LANG_PROGRAM()],
                        [IPCVIEW_CFLAGS="$IPCVIEW_CFLAGS $ipcview_flag"])
        done
])

# IPCVIEW_ADD_LDFLAGS(FLAG): adds a flag for linking. Together with the CFLAGS so far: -pie needs -fPIE.
AC_DEFUN([IPCVIEW_ADD_LDFLAGS], [
        _IPCVIEW_TRY([$1], [$IPCVIEW_CFLAGS], [$IPCVIEW_LDFLAGS $1], [AC_LANG_PROGRAM()],
                [IPCVIEW_LDFLAGS="$IPCVIEW_LDFLAGS $1"])
])

# IPCVIEW_FORTIFY: checked versions of string functions, where the compiler has no opinion of
# its own. Without optimisation glibc warns, so the probe fails and it stays off.
AC_DEFUN([IPCVIEW_FORTIFY], [
        _IPCVIEW_TRY([-D_FORTIFY_SOURCE=2], [-D_FORTIFY_SOURCE=2], [],
                [AC_LANG_PROGRAM([[#include <string.h>]])],
                [IPCVIEW_CPPFLAGS="$IPCVIEW_CPPFLAGS -D_FORTIFY_SOURCE=2"])
])

# IPCVIEW_SANITIZERS(LIST): asked for, so it is an error if they don't work.
AC_DEFUN([IPCVIEW_SANITIZERS], [
        _IPCVIEW_TRY([-fsanitize=$1], [-fsanitize=$1], [-fsanitize=$1], [AC_LANG_PROGRAM()],
                [
                        IPCVIEW_CFLAGS="$IPCVIEW_CFLAGS -fsanitize=$1 -fno-sanitize-recover=all -fno-omit-frame-pointer"
                        IPCVIEW_LDFLAGS="$IPCVIEW_LDFLAGS -fsanitize=$1"
                ],
                [AC_MSG_ERROR([--enable-sanitizers: $CC can't build with -fsanitize=$1])])
])

# IPCVIEW_FUZZERS: everything is instrumented, only the fuzzers get libFuzzer's main().
AC_DEFUN([IPCVIEW_FUZZERS], [
        _IPCVIEW_TRY([-fsanitize=fuzzer], [-fsanitize=fuzzer], [-fsanitize=fuzzer],
                [AC_LANG_SOURCE([[
                        #include <stddef.h>
                        #include <stdint.h>
                        int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
                        int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
                        {
                                return size > 0 && data[0] > 255;
                        }]])],
                [IPCVIEW_CFLAGS="$IPCVIEW_CFLAGS -fsanitize=fuzzer-no-link"],
                [AC_MSG_ERROR([--enable-fuzzers: $CC has no libFuzzer; try CC=clang and its runtime library])])
])

# IPCVIEW_PYTHON(MODULE): a Python 3 that can import the module, as absolute path or name; empty: none.
# The first python3 of PATH may be one of pyenv or of a virtual environment that lacks it.
AC_DEFUN([IPCVIEW_PYTHON], [
        AC_ARG_VAR([PYTHON], [a Python 3 with the module $1 (only tests need it)])
        AC_MSG_CHECKING([for a Python 3 with $1])
        ipcview_python=
        for ipcview_try in "$PYTHON" python3 /usr/bin/python3; do
                test -n "$ipcview_try" || continue
                AS_IF(["$ipcview_try" -c 'import sys, $1; sys.exit(sys.version_info < (3,))' >&AS_MESSAGE_LOG_FD 2>&1],
                        [ipcview_python=$(command -v "$ipcview_try"); break])
        done
        PYTHON=$ipcview_python
        AC_MSG_RESULT([${PYTHON:-no}])
])
