/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "command/browse-options.h"

#include "base/i18n.h"
#include "base/number.h"
#include "command/message.h"
#include "kind/kinds.h"
#include "model/reference.h"
#include "tui/ui.h"

#include <errno.h>
#include <string.h>

enum { OPTION_SCRIPT = 512, OPTION_SIZE, OPTION_DUMP, OPTION_READONLY, OPTION_NO_MOUSE, OPTION_INTERVAL };

const struct option_spec browse_option_specs[BROWSE_OPTIONS] = {
        { 'f', 'f', "file", N_("FILE"), N_("browse what ipcview --json printed, like --from; with --script several") },
        { OPTION_READONLY, 0, "readonly", NULL, N_("change nothing") },
        { OPTION_INTERVAL, 0, "interval", N_("SECONDS"), N_("refresh that often (0.25 to 3600)") },
        { OPTION_NO_MOUSE, 0, "no-mouse", NULL, N_("leave the mouse to the terminal") },
        { OPTION_SCRIPT, 0, "script", N_("FILE"), N_("take keys from a script, print frames; - is standard input") },
        { OPTION_SIZE, 0, "size", N_("WIDTHxHEIGHT"), N_("size of these frames") },
        { OPTION_DUMP, 0, "dump", NULL, N_("print a frame and leave, at the end of the script if there is one") },
};

/* "2", "0.5" */
static int read_interval(struct text text, unsigned *ret_ms)
{
        struct text whole, digits = text;
        uint64_t seconds, ms = 0, unit = 100;

        if (!text_split(&digits, '.', &whole) || number_parse(whole, INTERVAL_MOST_MS / 1000, &seconds) < 0)
                return -EINVAL;
        /* A point needs a digit behind it. */
        if (whole.len < text.len && digits.len == 0)
                return -EINVAL;
        for (size_t i = 0; i < digits.len; i++, unit /= 10) {
                if (digits.data[i] < '0' || digits.data[i] > '9')
                        return -EINVAL;
                ms += (uint64_t)(digits.data[i] - '0') * unit;
        }
        ms += seconds * 1000;
        if (ms < INTERVAL_LEAST_MS || ms > INTERVAL_MOST_MS)
                return -ERANGE;
        *ret_ms = (unsigned)ms;
        return 0;
}

/* "80x24" */
static int read_size(struct text text, unsigned *ret_width, unsigned *ret_height)
{
        struct text first;
        uint64_t width, height;

        if (!text_split(&text, 'x', &first) || number_parse(first, GRID_MOST, &width) < 0 ||
            number_parse(text, GRID_MOST, &height) < 0 || width == 0 || height == 0)
                return -EINVAL;
        *ret_width = (unsigned)width;
        *ret_height = (unsigned)height;
        return 0;
}

static enum exit_status complain(const struct invocation *invocation, const char *argument, const char *text)
{
        message(invocation, argument, text);
        return STATUS_USAGE;
}

static enum exit_status read_option(const struct invocation *invocation, const struct given *given,
                                    struct browse_options *options)
{
        const char *argument = given->argument;

        switch (given->code) {
        case 'f':
                if (options->nfiles == BROWSE_FILES_MOST)
                        return complain(invocation, argument, _("too many files"));
                options->files[options->nfiles++] = argument;
                break;
        case OPTION_SCRIPT:
                options->script = argument;
                break;
        case OPTION_SIZE:
                if (read_size(text_of(argument), &options->width, &options->height) < 0)
                        return complain(invocation, argument, _("--size: not of the form 80x24"));
                break;
        case OPTION_DUMP:
                options->dump = true;
                break;
        case OPTION_READONLY:
                options->readonly = true;
                break;
        case OPTION_NO_MOUSE:
                options->no_mouse = true;
                break;
        case OPTION_INTERVAL:
                if (read_interval(text_of(argument), &options->interval_ms) < 0)
                        return complain(invocation, argument,
                                        _("--interval: not a number of seconds from 0.25 to 3600"));
                break;
        }
        return STATUS_DONE;
}

/* A view, a kind or a reference; which objects there are is not known yet. */
static enum exit_status read_begin(const struct invocation *invocation, const char *argument)
{
        const struct view *view = view_find(text_of(argument));
        struct parse_error error;
        struct reference reference;
        struct arena arena;
        int err;

        if ((view && !(view->flags & VIEW_ABOUT)) || kind_find(&all_kinds, text_of(argument)))
                return STATUS_DONE;
        if (!strchr(argument, ':'))
                return complain(invocation, argument, _("no view, no kind, and no reference (KIND:NAME)"));
        arena_init(&arena);
        err = reference_parse(&all_kinds, text_of(argument), &arena, &reference, &error);
        arena_done(&arena);
        if (err == 0)
                return STATUS_DONE;
        message_parse(invocation, NULL, argument, &error);
        return STATUS_USAGE;
}

static enum exit_status check(const struct invocation *invocation, const struct browse_options *options)
{
        const struct settings *settings = &invocation->settings;
        unsigned inputs = options->script && strcmp(options->script, "-") == 0;

        for (unsigned i = 0; i < options->nfiles; i++)
                inputs += strcmp(options->files[i], "-") == 0;
        if (inputs > 1)
                return complain(invocation, "-", _("there is only one standard input"));
        if (options->nfiles && settings->sysroot)
                return complain(invocation, "-f", _("either files or --sysroot"));
        if (options->nfiles > 1 && !browse_options_scripted(options))
                return complain(invocation, options->files[1], _("several files are for --script only"));
        if (settings->json)
                return complain(invocation, "--json", _("a screen has no JSON form: see ipcview list and show"));
        if (invocation->narguments > 1)
                return complain(invocation, invocation->arguments[1], _("unexpected argument"));
        return STATUS_DONE;
}

enum exit_status browse_options_read(const struct invocation *invocation, struct browse_options *ret)
{
        struct browse_options options = { .width = 80, .height = 24 };
        enum exit_status status = STATUS_DONE;

        if (invocation->settings.from)
                options.files[options.nfiles++] = invocation->settings.from;
        for (size_t i = 0; i < invocation->ngiven && status == STATUS_DONE; i++)
                status = read_option(invocation, &invocation->given[i], &options);
        if (status == STATUS_DONE)
                status = check(invocation, &options);
        if (status == STATUS_DONE && invocation->narguments) {
                options.begin_with = invocation->arguments[0];
                status = read_begin(invocation, options.begin_with);
        }
        *ret = options;
        return status;
}

bool browse_options_take_input(const struct browse_options *options)
{
        for (unsigned i = 0; i < options->nfiles; i++)
                if (strcmp(options->files[i], "-") == 0)
                        return true;
        return options->script && strcmp(options->script, "-") == 0;
}

bool browse_options_scripted(const struct browse_options *options)
{
        return options->script || options->dump;
}
