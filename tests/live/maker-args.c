/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading command lines and writing answers. */
#include "maker.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static int hex_digit(char c)
{
        if (c >= '0' && c <= '9')
                return c - '0';
        if (c >= 'a' && c <= 'f')
                return c - 'a' + 10;
        if (c >= 'A' && c <= 'F')
                return c - 'A' + 10;
        return -1;
}

/* %HH to bytes, in place. The new length, or -EINVAL; NUL is no byte of any name. */
static int decode(char *text)
{
        char *to = text;

        for (const char *from = text; *from; from++) {
                if (*from != '%') {
                        *to++ = *from;
                        continue;
                }
                int high = hex_digit(from[1]), low = high < 0 ? -1 : hex_digit(from[2]);
                if (low < 0 || (high == 0 && low == 0))
                        return -EINVAL;
                *to++ = (char)(high << 4 | low);
                from += 2;
        }
        *to = '\0';
        return (int)(to - text);
}

int args_parse(char *line, struct args *ret)
{
        struct args args = { .command = "" };
        char *save = NULL;

        line[strcspn(line, "\n")] = '\0';
        for (char *word = strtok_r(line, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
                if (*args.command == '\0') {
                        args.command = word;
                        continue;
                }
                char *value = strchr(word, '=');
                if (!value || args.n == ARGS_MOST)
                        return -EINVAL;
                *value++ = '\0';
                int len = decode(value);
                if (len < 0)
                        return len;
                args.arg[args.n].name = word;
                args.arg[args.n].value = value;
                args.arg[args.n++].len = (size_t)len;
        }
        *ret = args;
        return *args.command ? 0 : -EINVAL;
}

static int find(const struct args *args, const char *name)
{
        for (unsigned i = 0; i < args->n; i++) {
                if (strcmp(args->arg[i].name, name) == 0)
                        return (int)i;
        }
        return -1;
}

bool args_has(const struct args *args, const char *name)
{
        return find(args, name) >= 0;
}

const char *args_text(const struct args *args, const char *name, const char *fallback)
{
        int i = find(args, name);

        return i < 0 ? fallback : args->arg[i].value;
}

int64_t args_number(struct args *args, const char *name, int64_t fallback, int64_t min, int64_t max)
{
        const char *text = args_text(args, name, NULL);
        char *end;

        if (!text)
                return fallback;
        errno = 0;
        long long number = strtoll(text, &end, 0);
        if (errno != 0 || end == text || *end != '\0' || number < min || number > max) {
                if (!args->bad)
                        args->bad = name;
                return fallback;
        }
        return number;
}

bool args_flag(struct args *args, const char *name)
{
        return args_number(args, name, 0, 0, 1) == 1;
}

int open_flags(const char *access)
{
        return strcmp(access, "r") == 0 ? O_RDONLY : strcmp(access, "w") == 0 ? O_WRONLY : O_RDWR;
}

/* A line for a child: the name must be escaped once more. */
void args_line(char *line, size_t size, const char *command, const char *name)
{
        size_t n = (size_t)snprintf(line, size, "%s block=1 name=", command);

        for (; *name && n + 8 < size; name++)
                n += (size_t)snprintf(line + n, size - n, "%%%02X", (unsigned char)*name);
        snprintf(line + n, size - n, "\n");
}

static bool listed(const char *list, const char *word)
{
        size_t len = strlen(word);

        while (*list) {
                size_t n = strcspn(list, " ");
                if (n == len && memcmp(list, word, n) == 0)
                        return true;
                list += n;
                list += strspn(list, " ");
        }
        return false;
}

bool args_known(struct args *args, const char *accepts)
{
        for (unsigned i = 0; i < args->n; i++) {
                if (!listed(accepts, args->arg[i].name)) {
                        args->bad = args->arg[i].name;
                        return false;
                }
        }
        return true;
}

void reply_format(struct reply *reply, const char *name, const char *format, ...)
{
        char value[1024];
        va_list list;

        va_start(list, format);
        vsnprintf(value, sizeof(value), format, list);
        va_end(list);

        int n = snprintf(reply->text + reply->len, sizeof(reply->text) - reply->len, " %s=%s", name, value);
        if (n > 0 && (size_t)n < sizeof(reply->text) - reply->len)
                reply->len += (size_t)n;
        else
                reply->text[reply->len] = '\0';
}

void reply_number(struct reply *reply, const char *name, int64_t number)
{
        reply_format(reply, name, "%lld", (long long)number);
}

void reply_text(struct reply *reply, const char *name, const char *text)
{
        char value[1024];
        size_t n = 0;

        for (; *text && n + 4 < sizeof(value); text++) {
                unsigned char c = (unsigned char)*text;
                if (isalnum(c) || (c && strchr("-_./:@+,", c)))
                        value[n++] = (char)c;
                else
                        n += (size_t)snprintf(value + n, sizeof(value) - n, "%%%02X", c);
        }
        value[n] = '\0';
        reply_format(reply, name, "%s", value);
}

int reply_failed(struct reply *reply, const char *what)
{
        int err = errno;

        reply->what = what;
        return err ? -err : -EIO;
}
