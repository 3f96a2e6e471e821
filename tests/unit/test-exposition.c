/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "output/exposition.h"

#include "sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* A family "m" into which the tests write. */
struct page {
        struct buf text;
        struct sink sink;
        struct exposition out;
};

#define HEAD "# HELP m Help.\n# TYPE m gauge\n"

static int begin(void **state)
{
        struct page *page = test_calloc(1, sizeof(*page));

        page->sink = sample_sink(&page->text);
        page->out.sink = &page->sink;
        exposition_family(&page->out, "m", METRIC_GAUGE, "Help.");
        *state = page;
        return 0;
}

static int end(void **state)
{
        struct page *page = *state;

        exposition_done(&page->out);
        sink_done(&page->sink);
        buf_done(&page->text);
        test_free(page);
        return 0;
}

static void assert_page(struct page *page, const char *expected)
{
        sink_done(&page->sink);
        assert_string_equal(buf_text(&page->text).data, expected);
}

static void families_have_one_head(void **state)
{
        struct page *page = *state;

        exposition_series(&page->out);
        exposition_label(&page->out, "a", TEXT("x"));
        exposition_uint(&page->out, 0);
        exposition_series(&page->out);
        exposition_label(&page->out, "a", TEXT("y"));
        exposition_label_uint(&page->out, "b", UINT64_MAX);
        exposition_uint(&page->out, UINT64_MAX);
        exposition_family(&page->out, "empty", METRIC_GAUGE, "Nothing of it is seen.");
        exposition_family(&page->out, "n_total", METRIC_COUNTER, "Back\\slash,\nnewline and \"quote\".");
        exposition_series(&page->out);
        exposition_uint(&page->out, 7);
        assert_page(page, HEAD "m{a=\"x\"} 0\nm{a=\"y\",b=\"18446744073709551615\"} 18446744073709551615\n"
                          "# HELP n_total Back\\\\slash,\\nnewline and \"quote\".\n# TYPE n_total counter\nn_total 7\n");
}

static void labels_are_escaped(void **state)
{
        static const struct {
                struct text value;
                const char *expected;
        } cases[] = {
                { TEXT(""), "" },
                { TEXT("back\\slash \"quote\"\nnewline"), "back\\\\slash \\\"quote\\\"\\nnewline" },
                { TEXT("\xc3\xa4\xe6\xbc\xa2"), "\xc3\xa4\xe6\xbc\xa2" },
                { TEXT("a\xff\xc3"), "a\xef\xbf\xbd\xef\xbf\xbd" },
                { TEXT("\xed\xa0\x80"), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },      /* a surrogate */
                { TEXT("\033[31m\r\t\0x\x7f"),
                  "\xef\xbf\xbd[31m\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdx\xef\xbf\xbd" },
                { TEXT("\xe2\x80\xaetxt\xc2\x85"), "\xef\xbf\xbdtxt\xef\xbf\xbd" },     /* U+202E, U+0085 */
        };
        struct page *page = *state;
        struct buf expected = { 0 };

        buf_string(&expected, HEAD);
        for (unsigned i = 0; i < COUNT(cases); i++) {
                exposition_series(&page->out);
                exposition_label_uint(&page->out, "n", i);
                exposition_label(&page->out, "v", cases[i].value);
                exposition_uint(&page->out, 1);
                buf_printf(&expected, "m{n=\"%u\",v=\"%s\"} 1\n", i, cases[i].expected);
        }
        assert_page(page, expected.data);
        buf_done(&expected);
}

static void a_series_appears_once(void **state)
{
        struct page *page = *state;

        for (unsigned i = 0; i < 2; i++) {
                exposition_series(&page->out);
                exposition_label(&page->out, "v", i ? TEXT("x\xfe") : TEXT("x\xff"));
                exposition_uint(&page->out, i);
        }
        exposition_series(&page->out);
        exposition_label(&page->out, "v", TEXT("x"));
        exposition_uint(&page->out, 2);
        exposition_family(&page->out, "n", METRIC_GAUGE, "Another family has series of its own.");
        exposition_series(&page->out);
        exposition_label(&page->out, "v", TEXT("x"));
        exposition_infinite(&page->out);
        assert_page(page, HEAD "m{v=\"x\xef\xbf\xbd\"} 0\nm{v=\"x\"} 2\n"
                          "# HELP n Another family has series of its own.\n# TYPE n gauge\nn{v=\"x\"} +Inf\n");
}

static void series_pass_through_the_sink(void **state)
{
        struct page *page = *state;
        struct buf expected = { 0 };

        buf_string(&expected, HEAD);
        for (unsigned i = 0; i < 20000; i++) {
                exposition_series(&page->out);
                exposition_label_uint(&page->out, "pid", i);
                exposition_uint(&page->out, i);
                buf_printf(&expected, "m{pid=\"%u\"} %u\n", i, i);
        }
        assert_page(page, expected.data);
        buf_done(&expected);
}

/* The text of a value, with a number of its own as label. */
static void ratio(struct page *page, struct buf *expected, uint64_t a, uint64_t b, const char *text)
{
        exposition_series(&page->out);
        exposition_label_uint(&page->out, "n", expected->len);
        buf_printf(expected, "m{n=\"%zu\"} %s\n", expected->len, text);
        exposition_ratio(&page->out, a, b);
}

static void ratios_are_rounded_down(void **state)
{
        struct page *page = *state;
        struct buf expected = { 0 };

        buf_string(&expected, HEAD);
        ratio(page, &expected, 0, 7, "0");
        ratio(page, &expected, 1, 2, "0.5");
        ratio(page, &expected, 1, 3, "0.333333");
        ratio(page, &expected, 2, 3, "0.666666");
        ratio(page, &expected, 1, 1000000, "0.000001");
        ratio(page, &expected, 1, 1000001, "0");
        ratio(page, &expected, UINT64_MAX - 1, UINT64_MAX, "0.999999");
        ratio(page, &expected, UINT64_MAX, UINT64_MAX, "1");
        ratio(page, &expected, 21, 20, "1.05");
        ratio(page, &expected, UINT64_MAX, 1, "18446744073709551615");
        ratio(page, &expected, 0, 0, "1");
        ratio(page, &expected, 1, 0, "+Inf");
        assert_page(page, expected.data);
        buf_done(&expected);
}

static void products_are_exact(void **state)
{
        struct page *page = *state;

        exposition_series(&page->out);
        exposition_product(&page->out, UINT64_MAX, 65536);
        exposition_family(&page->out, "zero", METRIC_GAUGE, "0.");
        exposition_series(&page->out);
        exposition_product(&page->out, 0, 4096);
        assert_page(page, HEAD "m 1208925819614629174640640\n# HELP zero 0.\n# TYPE zero gauge\nzero 0\n");
}

static void seconds_are_told_in_microseconds(void **state)
{
        static const struct {
                int64_t nanoseconds;
                const char *text;
        } cases[] = {
                { 0, "0" }, { 999, "0" }, { 1000, "0.000001" }, { 1500000000, "1.5" }, { -1, "0" },
                { INT64_MIN, "0" }, { INT64_MAX, "9223372036.854775" },
        };
        struct page *page = *state;
        struct buf expected = { 0 };

        buf_string(&expected, HEAD);
        for (unsigned i = 0; i < COUNT(cases); i++) {
                exposition_series(&page->out);
                exposition_label_uint(&page->out, "n", i);
                exposition_seconds(&page->out, cases[i].nanoseconds);
                buf_printf(&expected, "m{n=\"%u\"} %s\n", i, cases[i].text);
        }
        assert_page(page, expected.data);
        buf_done(&expected);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(families_have_one_head, begin, end),
                cmocka_unit_test_setup_teardown(labels_are_escaped, begin, end),
                cmocka_unit_test_setup_teardown(a_series_appears_once, begin, end),
                cmocka_unit_test_setup_teardown(series_pass_through_the_sink, begin, end),
                cmocka_unit_test_setup_teardown(ratios_are_rounded_down, begin, end),
                cmocka_unit_test_setup_teardown(products_are_exact, begin, end),
                cmocka_unit_test_setup_teardown(seconds_are_told_in_microseconds, begin, end),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
