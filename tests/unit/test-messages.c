/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kind/messages.h"

#include "base/array.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void whole_messages(void **state)
{
        struct message message;
        size_t used;

        (void)state;
        assert_int_equal(message_first(TEXT("7 5\nhello\n8 0\n\n"), 0, &message, &used), 0);
        assert_int_equal(message.type, 7);
        assert_int_equal(used, 10);
        assert_true(text_equal(message.text, TEXT("hello")));
        assert_int_equal(message_first(TEXT("8 0\n\n"), 0, &message, &used), 0);
        assert_int_equal(message.type, 8);
        assert_int_equal(message.text.len, 0);
        assert_int_equal(used, 5);
        assert_int_equal(message_first(TEXT("9223372036854775807 3\n\n\0\n\n"), 0, &message, &used), 0);
        assert_true(message.type == INT64_MAX && text_equal(message.text, TEXT("\n\0\n")));
}

static void no_messages(void **state)
{
        static const char *const texts[] = {
                "", "\n", "x\n", "1\n\n", "0 0\n\n", "-1 0\n\n", "+1 0\n\n", " 1 0\n\n", "1  0\n\n", "1 0 \n\n", "1 0\r\n\n",
                "01 0\n\n", "1 00\n\n", "1 01\nx\n", "1 -1\n\n", "1 0x1\nx\n", "1 0\nx", "1 1\nxx", "1 2\nx\n", "1 1\nx",
                "9223372036854775808 0\n\n", "1 2147483648\n", "1 18446744073709551615\n\n", "1 2147483647\nx\n",
                "1111111111111111111111111111111111111111 0\n\n", "1 0", "1 ",
        };

        (void)state;
        for (unsigned i = 0; i < COUNT(texts); i++) {
                struct message message = { .type = 42 };
                size_t used = 42;

                assert_int_equal(message_first(text_of(texts[i]), 0, &message, &used), -EBADMSG);
                assert_true(message.type == 42 && used == 42);
        }
}

/* How much is needed is told, and never more than there is. */
static void cut_messages(void **state)
{
        static const char whole[] = "12 300\n";
        struct message message;
        size_t used;

        (void)state;
        for (size_t len = 0; len < sizeof(whole) - 2; len++) {
                assert_int_equal(message_first((struct text){ whole, len }, 1000, &message, &used), -ENODATA);
                assert_true(used > len && used <= MESSAGE_HEAD_MOST);
                assert_int_equal(message_first((struct text){ whole, len }, 1, &message, &used), -ENODATA);
                assert_int_equal(used, len + 1);
        }
        assert_int_equal(message_first(TEXT("12 300\n"), 301, &message, &used), -ENODATA);
        assert_int_equal(used, 308);
        assert_int_equal(message_first(TEXT("12 300\n"), 300, &message, &used), -EBADMSG);
        /* No newline where the first line must have ended. */
        assert_int_equal(message_first(TEXT("1111111111111111111 1111111111 "), 1000, &message, &used), -EBADMSG);
}

static int file_of(const struct buf *bytes)
{
        int fd = memfd_create("messages", MFD_CLOEXEC);

        assert_true(fd >= 0);
        assert_int_equal(write(fd, bytes->data, bytes->len), bytes->len);
        return fd;
}

/* Shorter and longer than what is read at a time. */
static void streams(void **state)
{
        static const size_t lengths[] = { 0, 1, 65500, 65536, 300000, 3, 0, 131072, 7 };
        struct message_stream stream = { 0 };
        struct message message;
        struct buf file = { 0 };

        (void)state;
        for (unsigned i = 0; i < 3 * COUNT(lengths); i++) {
                size_t len = lengths[i % COUNT(lengths)];

                message_head(i + 1, len, &file);
                memset(buf_reserve(&file, len), 'a' + (int)i % 26, len);
                file.len += len;
                buf_byte(&file, '\n');
        }
        stream.fd = file_of(&file);
        stream.size = file.len;
        for (unsigned i = 0; i < 3 * COUNT(lengths); i++) {
                assert_int_equal(message_next(&stream, &message), 1);
                assert_int_equal(message.type, i + 1);
                assert_int_equal(message.text.len, lengths[i % COUNT(lengths)]);
                for (size_t k = 0; k < message.text.len; k += 97)
                        assert_int_equal(message.text.data[k], 'a' + (int)i % 26);
        }
        assert_int_equal(message_next(&stream, &message), 0);
        assert_int_equal(message_next(&stream, &message), 0);
        close(stream.fd);
        message_stream_done(&stream);
        buf_done(&file);
}

/* A file that is shorter than it was said to be, and one whose last message is cut off. */
static void short_streams(void **state)
{
        struct buf file = { 0 };

        (void)state;
        buf_string(&file, "1 5\nhello\n2 5\nhello\n");
        for (unsigned i = 1; i <= 9; i++) {
                struct message_stream said = { .fd = file_of(&file), .size = file.len + i };
                struct message_stream cut = { .fd = said.fd, .size = file.len - i };
                struct message message;

                int r;

                do
                        r = message_next(&said, &message);
                while (r > 0);
                assert_int_equal(r, -EBADMSG);
                assert_int_equal(message_next(&cut, &message), 1);
                assert_int_equal(message_next(&cut, &message), -EBADMSG);
                close(said.fd);
                message_stream_done(&said);
                message_stream_done(&cut);
        }
        buf_done(&file);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(whole_messages),
                cmocka_unit_test(no_messages),
                cmocka_unit_test(cut_messages),
                cmocka_unit_test(streams),
                cmocka_unit_test(short_streams),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
