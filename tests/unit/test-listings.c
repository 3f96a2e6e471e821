/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What directories list, kept: when it is told, and when it must be read. */
#include "sys/listings.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static const int64_t second = 1000000000;

static int64_t now(void)
{
        struct timespec time;

        clock_gettime(CLOCK_REALTIME, &time);
        return time.tv_sec * second + time.tv_nsec;
}

static void keep(struct listings *listings, const struct file_facts *facts, struct text text)
{
        struct buf entries = { 0 };

        buf_add(&entries, text);
        listings_keep(listings, facts, &entries);
        buf_done(&entries);
}

static void expect(const struct listings *listings, const struct file_facts *facts, const char *expected)
{
        struct buf found = { 0 };

        buf_byte(&found, '<');
        assert_int_equal(listings_find(listings, facts, &found), expected != NULL);
        if (expected)
                assert_string_equal(found.data + 1, expected);
        assert_int_equal(found.data[0], '<');
        buf_done(&found);
}

static void test_kept(void **state)
{
        struct file_facts one = { .dev = 1, .inode = 2, .ctime = 5 }, other = { .dev = 2, .inode = 2, .ctime = 5 };
        struct listings *listings = listings_new();

        (void)state;
        expect(listings, &one, NULL);
        keep(listings, &one, TEXT("names"));
        expect(listings, &one, "names");
        expect(listings, &one, "names");
        expect(listings, &other, NULL);
        keep(listings, &other, TEXT(""));
        expect(listings, &other, "");
        one.ctime++;
        expect(listings, &one, NULL);
        keep(listings, &one, TEXT("others"));
        expect(listings, &one, "others");
        one.ctime--;
        expect(listings, &one, NULL);
        listings_forget(listings);
        expect(listings, &other, NULL);
        listings_free(listings);
        listings_free(NULL);
}

/* A hundred of a megabyte do not stay; each that was kept last does. */
static void test_bounded(void **state)
{
        struct listings *listings = listings_new();
        struct buf big = { 0 };
        unsigned kept = 0;

        (void)state;
        memset(buf_reserve(&big, 1 << 20), 'a', 1 << 20);
        buf_take(&big, 1 << 20);
        for (uint64_t i = 0; i < 100; i++) {
                struct file_facts facts = { .inode = i };

                keep(listings, &facts, buf_text(&big));
                expect(listings, &facts, big.data);
        }
        for (uint64_t i = 0; i < 100; i++) {
                struct file_facts facts = { .inode = i };
                struct buf found = { 0 };

                kept += listings_find(listings, &facts, &found);
                buf_done(&found);
        }
        assert_in_range(kept, 1, 16);
        buf_done(&big);
        listings_free(listings);
}

static void test_wanted(void **state)
{
        struct file_facts facts = { .ctime = now() - 10 * second };
        int memory = memfd_create("listings", MFD_CLOEXEC), ends[2];

        (void)state;
        assert_true(memory >= 0 && pipe2(ends, O_CLOEXEC) == 0);
        /* It lies on a tmpfs; a pipe on nothing that is known. */
        assert_true(listings_want(&facts, memory));
        assert_false(listings_want(&facts, ends[0]));
        facts.ctime = now();
        assert_false(listings_want(&facts, memory));
        facts.ctime = now() - 2 * second;
        assert_false(listings_want(&facts, memory));
        facts.ctime = now() + 3600 * second;
        assert_false(listings_want(&facts, memory));
        close(memory);
        close(ends[0]);
        close(ends[1]);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_kept),
                cmocka_unit_test(test_bounded),
                cmocka_unit_test(test_wanted),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
