/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "command/configuration.h"

#include "base/array.h"
#include "base/escape.h"
#include "base/i18n.h"
#include "command/check.h"
#include "command/message.h"
#include "sys/state.h"

#include <errno.h>
#include <string.h>

static bool is_blank(char byte)
{
        return byte == ' ' || byte == '\t' || byte == '\r';
}

static struct text trim(struct text text)
{
        while (text.len && is_blank(text.data[0]))
                text = text_from(text, 1);
        while (text.len && is_blank(text.data[text.len - 1]))
                text.len--;
        return text;
}

bool setting_next(struct text *rest, unsigned *line, struct setting *ret)
{
        struct text text;

        while (text_split(rest, '\n', &text)) {
                const char *equals;

                (*line)++;
                text = trim(text);
                if (text.len == 0 || text.data[0] == '#')
                        continue;
                *ret = (struct setting){ .line = *line };
                equals = memchr(text.data, '=', text.len);
                if (memchr(text.data, 0, text.len)) {
                        ret->fault = N_("a NUL byte");
                } else if (!equals || equals == text.data) {
                        ret->fault = N_("not of the form KEY = VALUE");
                } else {
                        ret->key = trim((struct text){ text.data, (size_t)(equals - text.data) });
                        ret->value = trim(text_from(text, (size_t)(equals - text.data) + 1));
                }
                return true;
        }
        return false;
}

struct reader {
        struct configuration *configuration;
        const struct invocation *invocation;
        const char *path;               /* as long as the configuration lives */
        enum exit_status status;
};

/* "FILE:LINE", harmless. */
static void say_where(const struct reader *reader, unsigned line, struct buf *out)
{
        escape_display(out, text_of(reader->path), message_utf8());
        buf_printf(out, ":%u", line);
}

static void complain(struct reader *reader, const struct setting *setting, const char *text)
{
        struct buf subject = { 0 };

        buf_printf(&subject, "%s:%u", reader->path, setting->line);
        if (setting->key.len) {
                buf_string(&subject, ": ");
                buf_add(&subject, setting->key);
        }
        message(reader->invocation, subject.data, text);
        buf_done(&subject);
        reader->status = STATUS_USAGE;
}

/* The value itself is wrong, at some place in it. */
static void complain_parse(struct reader *reader, const struct setting *setting, struct text value,
                           const struct parse_error *error)
{
        struct buf where = { 0 };

        say_where(reader, setting->line, &where);
        buf_string(&where, ": ");
        buf_add(&where, setting->key);
        message_parse(reader->invocation, where.data, value.data, error);
        buf_done(&where);
        reader->status = STATUS_USAGE;
}

/* protect = EXPR: objects for which it is true are not removed by accident. */
static void read_protect(struct reader *reader, const struct setting *setting, struct text name)
{
        struct configuration *configuration = reader->configuration;
        struct text expression = arena_text(&configuration->arena, setting->value);
        struct parse_error error;

        (void)name;
        if (protections_add(configuration->protections, expression, reader->path, &error) < 0)
                complain_parse(reader, setting, expression, &error);
}

/* limit = LEVEL, limit NAME = LEVEL: from which use on it is too full. */
static void read_limit(struct reader *reader, const struct setting *setting, struct text name)
{
        int err = thresholds_set(&reader->configuration->thresholds, name, setting->value);

        if (err < 0)
                complain(reader, setting, err == -ENOENT ? _("no such limit") : _("not a percentage, as in 80%"));
}

/* ignore = RULE,...: rules that check does not apply. */
static void read_ignore(struct reader *reader, const struct setting *setting, struct text name)
{
        struct configuration *configuration = reader->configuration;
        struct text list = arena_text(&configuration->arena, setting->value);
        struct parse_error error;

        (void)name;
        if (check_parse_rules(list, &configuration->ignored_rules, &error) < 0)
                complain_parse(reader, setting, list, &error);
}

static const struct {
        const char *key;
        bool named;                     /* a name may stand behind it: "limit shmmni" */
        void (*read)(struct reader *reader, const struct setting *setting, struct text name);
} keys[] = {
        { "protect", false, read_protect },
        { "limit", true, read_limit },
        { "ignore", false, read_ignore },
};

/* "limit shmmni": the word, and what stands behind it. */
static struct text first_word(struct text text, struct text *ret_rest)
{
        size_t len = 0;

        while (len < text.len && !is_blank(text.data[len]))
                len++;
        *ret_rest = trim(text_from(text, len));
        return (struct text){ text.data, len };
}

static void read_setting(struct reader *reader, const struct setting *setting)
{
        struct text key, name;

        if (setting->fault) {
                complain(reader, setting, _(setting->fault));
                return;
        }
        key = first_word(setting->key, &name);
        for (unsigned i = 0; i < COUNT(keys); i++) {
                if (!text_equal(key, text_of(keys[i].key)) || (name.len && !keys[i].named))
                        continue;
                if (setting->value.len)
                        keys[i].read(reader, setting, name);
                else
                        complain(reader, setting, _("has no value"));
                return;
        }
        complain(reader, setting, _("unknown key"));
}

static void read_file(const char *path, struct text text, void *data)
{
        struct reader *reader = data;
        struct setting setting;
        unsigned line = 0;

        reader->path = arena_text(&reader->configuration->arena, text_of(path)).data;
        while (setting_next(&text, &line, &setting))
                read_setting(reader, &setting);
}

enum exit_status configuration_read(struct configuration *ret, const struct invocation *invocation)
{
        struct reader reader = { .configuration = ret, .invocation = invocation };
        struct buf path = { 0 };
        int r;

        *ret = (struct configuration){ .protections = protections_new() };
        arena_init(&ret->arena);
        r = state_configuration(read_file, &reader, &path);
        if (r < 0) {
                message(invocation, path.data, r == -EPERM ? _("others can write it, so it is not trusted")
                                                           : strerror(-r));
                reader.status = STATUS_USAGE;
        }
        buf_done(&path);
        return reader.status;
}

void configuration_done(struct configuration *configuration)
{
        protections_free(configuration->protections);
        arena_done(&configuration->arena);
}
