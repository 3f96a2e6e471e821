/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/logind.h"

#include "base/array.h"
#include "base/memory.h"
#include "sys/directory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum {
        FILE_MOST = 1 << 20,
        DROPINS_MOST = 512,
        ENTRIES_BUFFER = 8192,
};

/* The first of them that has a name wins over the others (systemd-system.conf(5)). */
static const char *const places[] = {
        "/etc/systemd/", "/run/systemd/", "/usr/local/lib/systemd/", "/usr/lib/systemd/",
};

struct dropin {
        char *name;
        unsigned place;
};

static struct text trim(struct text text)
{
        while (text.len > 0 && strchr(" \t\r", text.data[0]))
                text = text_from(text, 1);
        while (text.len > 0 && strchr(" \t\r", text.data[text.len - 1]))
                text.len--;
        return text;
}

/* parse_boolean() of systemd. */
static enum logind_word parse_word(struct text word)
{
        static const char *const yes[] = { "1", "yes", "y", "true", "t", "on" };
        static const char *const no[] = { "0", "no", "n", "false", "f", "off" };

        for (unsigned i = 0; i < COUNT(yes); i++) {
                if (word.len == strlen(yes[i]) && strncasecmp(word.data, yes[i], word.len) == 0)
                        return LOGIND_YES;
                if (word.len == strlen(no[i]) && strncasecmp(word.data, no[i], word.len) == 0)
                        return LOGIND_NO;
        }
        return LOGIND_SILENT;
}

enum logind_word logind_parse_remove_ipc(struct text text)
{
        enum logind_word found = LOGIND_SILENT, word;
        bool login = false;
        struct text line, key;

        while (text_split(&text, '\n', &line)) {
                line = trim(line);
                if (text_starts(line, TEXT("["))) {
                        login = text_equal(line, TEXT("[Login]"));
                        continue;
                }
                if (!login || !text_split(&line, '=', &key) || !text_equal(trim(key), TEXT("RemoveIPC")))
                        continue;
                word = parse_word(trim(line));
                if (word != LOGIND_SILENT)
                        found = word;
        }
        return found;
}

/* True if there is such a file. */
static bool read_file(const struct host *host, const char *place, const char *name, enum logind_word *word)
{
        struct buf path = { 0 }, text = { 0 };
        enum logind_word found = LOGIND_SILENT;
        bool there;

        buf_string(&path, place);
        buf_string(&path, name);
        there = host_read(host, path.data, FILE_MOST, &text) == 0;
        if (there)
                found = logind_parse_remove_ipc(buf_text(&text));
        if (found != LOGIND_SILENT)
                *word = found;
        buf_done(&path);
        buf_done(&text);
        return there;
}

/* Calls back for each name in a directory; nothing when it is not there. */
static int each_name(const struct host *host, const char *path, void (*call)(const char *name, void *data), void *data)
{
        int dir = host_openat(host, path, O_RDONLY | O_DIRECTORY), err;
        struct directory directory;
        struct directory_entry entry;
        char *buffer;

        if (dir < 0)
                return dir;
        buffer = memory_new(ENTRIES_BUFFER);
        directory_init(&directory, dir, buffer, ENTRIES_BUFFER);
        while (directory_next(&directory, &entry))
                call(entry.name, data);
        err = directory.err;
        free(buffer);
        close(dir);
        return err;
}

struct gathering {
        struct dropin list[DROPINS_MOST];
        unsigned n, place;
};

static void gather(const char *name, void *data)
{
        struct gathering *gathering = data;

        if (!text_ends(text_of(name), TEXT(".conf")) || gathering->n == DROPINS_MOST)
                return;
        gathering->list[gathering->n].name = memory_new(strlen(name) + 1);
        memcpy(gathering->list[gathering->n].name, name, strlen(name) + 1);
        gathering->list[gathering->n++].place = gathering->place;
}

static int compare(const void *a, const void *b)
{
        const struct dropin *x = a, *y = b;
        int order = strcmp(x->name, y->name);

        return order ? order : (int)x->place - (int)y->place;
}

enum logind_word logind_remove_ipc(const struct host *host)
{
        struct gathering *gathering = memory_new(sizeof(*gathering));
        enum logind_word word = LOGIND_SILENT;
        struct buf name = { 0 };

        for (unsigned i = 0; i < COUNT(places); i++)
                if (read_file(host, places[i], "logind.conf", &word))
                        break;
        for (gathering->place = 0; gathering->place < COUNT(places); gathering->place++) {
                buf_clear(&name);
                buf_string(&name, places[gathering->place]);
                buf_string(&name, "logind.conf.d");
                each_name(host, name.data, gather, gathering);
        }
        qsort(gathering->list, gathering->n, sizeof(*gathering->list), compare);
        for (unsigned i = 0; i < gathering->n; i++) {
                if (i > 0 && strcmp(gathering->list[i].name, gathering->list[i - 1].name) == 0)
                        continue;
                buf_clear(&name);
                buf_string(&name, "logind.conf.d/");
                buf_string(&name, gathering->list[i].name);
                read_file(host, places[gathering->list[i].place], name.data, &word);
        }
        for (unsigned i = 0; i < gathering->n; i++)
                free(gathering->list[i].name);
        buf_done(&name);
        free(gathering);
        return word;
}

struct names {
        struct buf *out;
        unsigned n;
};

static void add_name(const char *name, void *data)
{
        struct names *names = data;

        if (names->n++ >= LOGIND_LINGERING_MOST || strchr(name, '\n'))
                return;
        buf_string(names->out, name);
        buf_byte(names->out, '\n');
}

int logind_lingering(const struct host *host, struct buf *out)
{
        struct names names = { .out = out };

        return each_name(host, "/var/lib/systemd/linger", add_name, &names);
}
