/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/logind.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static enum logind_word parse(const char *text)
{
        return logind_parse_remove_ipc(text_of(text));
}

static void words(void **state)
{
        (void)state;
        assert_int_equal(parse("[Login]\nRemoveIPC=yes\n"), LOGIND_YES);
        assert_int_equal(parse("[Login]\nRemoveIPC=ON"), LOGIND_YES);
        assert_int_equal(parse("[Login]\n  RemoveIPC = 1 \r\n"), LOGIND_YES);
        assert_int_equal(parse("[Login]\nRemoveIPC=no\n"), LOGIND_NO);
        assert_int_equal(parse("[Login]\nRemoveIPC=f\n"), LOGIND_NO);
        assert_int_equal(parse("[Login]\nRemoveIPC=perhaps\n"), LOGIND_SILENT);
        assert_int_equal(parse("[Login]\nRemoveIPC=\n"), LOGIND_SILENT);
        assert_int_equal(parse("[Login]\nRemoveIPC\n"), LOGIND_SILENT);
        assert_int_equal(parse(""), LOGIND_SILENT);
}

static void places(void **state)
{
        (void)state;
        assert_int_equal(parse("RemoveIPC=yes\n"), LOGIND_SILENT);
        assert_int_equal(parse("[Login]\n#RemoveIPC=yes\n;RemoveIPC=yes\n"), LOGIND_SILENT);
        assert_int_equal(parse("[Login]\n[Other]\nRemoveIPC=yes\n"), LOGIND_SILENT);
        assert_int_equal(parse("[Login]\nRemoveIPCs=yes\nXRemoveIPC=yes\n"), LOGIND_SILENT);
        /* The last one that can be understood. */
        assert_int_equal(parse("[Login]\nRemoveIPC=yes\nRemoveIPC=no\nRemoveIPC=x\n"), LOGIND_NO);
        assert_int_equal(parse("[Login]\nRemoveIPC=no\n[A]\n[Login]\nRemoveIPC=yes\n"), LOGIND_YES);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(words),
                cmocka_unit_test(places),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
