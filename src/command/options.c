/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "command/options.h"

#include "base/array.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "command/message.h"

#include <errno.h>
#include <getopt.h>
#include <string.h>

enum { OPTIONS_MOST = 64 };

enum global_code {
        GLOBAL_JSON = 256, GLOBAL_NDJSON, GLOBAL_NO_HEADINGS, GLOBAL_FILTER, GLOBAL_SORT, GLOBAL_BYTES, GLOBAL_TIME,
        GLOBAL_COLOUR, GLOBAL_SYSROOT, GLOBAL_FROM, GLOBAL_NO_HOLDERS, GLOBAL_OUTPUT, GLOBAL_QUIET, GLOBAL_HELP,
        GLOBAL_VERSION,
};

static const struct option_spec globals[] = {
        { GLOBAL_OUTPUT, 'o', "output", N_("COLS"), N_("columns: a,b or +a,b (in addition) or all") },
        { GLOBAL_FILTER, 0, "filter", N_("EXPR"), N_("only objects for which EXPR is true") },
        { GLOBAL_SORT, 0, "sort", N_("FIELD[:desc]"), N_("sort by a field") },
        { GLOBAL_NO_HOLDERS, 0, "no-holders", NULL, N_("don't look into processes") },
        { GLOBAL_JSON, 0, "json", NULL, N_("print JSON") },
        { GLOBAL_NDJSON, 0, "ndjson", NULL, N_("print JSON, one object a line") },
        { GLOBAL_NO_HEADINGS, 0, "no-headings", NULL, N_("print no headings") },
        { GLOBAL_BYTES, 0, "bytes", NULL, N_("print sizes in bytes") },
        { GLOBAL_TIME, 0, "time", N_("STYLE"), N_("print times as iso, rel or epoch") },
        { GLOBAL_COLOUR, 0, "color", N_("WHEN"), N_("colour: auto, always or never") },
        { GLOBAL_SYSROOT, 0, "sysroot", N_("DIR"), N_("read the recorded machine below DIR") },
        { GLOBAL_FROM, 0, "from", N_("FILE"), N_("read a snapshot that --json saved; - is standard input") },
        { GLOBAL_QUIET, 'q', "quiet", NULL, N_("don't tell what could not be seen") },
        { GLOBAL_HELP, 'h', "help", NULL, N_("show this help") },
        { GLOBAL_VERSION, 0, "version", NULL, N_("show the version") },
};

const struct option_spec *options_global(unsigned *ret_n)
{
        *ret_n = COUNT(globals);
        return globals;
}

const struct command *command_find(const char *name)
{
        for (unsigned i = 0; i < all_commands_count; i++) {
                const struct command *command = all_commands[i];

                if (strcmp(name, command->name) == 0 || (command->alias && strcmp(name, command->alias) == 0))
                        return command;
        }
        return NULL;
}

static int choose(const struct invocation *invocation, const char *option, const char *argument,
                  const char *const *words, unsigned n, unsigned *ret)
{
        for (unsigned i = 0; i < n; i++)
                if (strcmp(argument, words[i]) == 0) {
                        *ret = i;
                        return 0;
                }
        {
                struct buf text = { 0 };

                buf_printf(&text, _("%s: not one of"), option);
                for (unsigned i = 0; i < n; i++)
                        buf_printf(&text, "%s %s", i ? "," : "", words[i]);
                message(invocation, argument, text.data);
                buf_done(&text);
        }
        return -EINVAL;
}

static int set_style(struct invocation *invocation, int code, const char *argument)
{
        static const char *const times[] = { "short", "iso", "rel", "epoch" };
        static const char *const colours[] = { "auto", "always", "never" };
        struct settings *settings = &invocation->settings;
        unsigned choice;
        int err;

        if (code == GLOBAL_TIME) {
                err = choose(invocation, "--time", argument, times, COUNT(times), &choice);
                if (err == 0)
                        settings->time = (enum time_style)choice;
        } else {
                err = choose(invocation, "--color", argument, colours, COUNT(colours), &choice);
                if (err == 0)
                        settings->colour = (enum colour)choice;
        }
        return err;
}

static int set_global(struct invocation *invocation, int code, const char *argument)
{
        struct settings *settings = &invocation->settings;

        switch ((enum global_code)code) {
        case GLOBAL_JSON:        settings->json = true; break;
        case GLOBAL_NDJSON:      settings->json = settings->lines = true; break;
        case GLOBAL_NO_HEADINGS: settings->no_headings = true; break;
        case GLOBAL_FILTER:      settings->filter = argument; break;
        case GLOBAL_SORT:        settings->sort = argument; break;
        case GLOBAL_BYTES:       settings->bytes = true; break;
        case GLOBAL_SYSROOT:     settings->sysroot = argument; break;
        case GLOBAL_FROM:        settings->from = argument; break;
        case GLOBAL_NO_HOLDERS:  settings->no_holders = true; break;
        case GLOBAL_OUTPUT:      settings->columns = argument; break;
        case GLOBAL_QUIET:       settings->quiet = true; break;
        case GLOBAL_HELP:        settings->help = true; break;
        case GLOBAL_VERSION:     settings->version = true; break;
        case GLOBAL_TIME:
        case GLOBAL_COLOUR:      return set_style(invocation, code, argument);
        }
        return 0;
}

static void keep(struct invocation *invocation, int code, const char *argument)
{
        if (invocation->ngiven == invocation->given_room) {
                invocation->given_room = invocation->given_room ? invocation->given_room * 2 : 16;
                invocation->given = memory_resize(invocation->given, invocation->given_room,
                                                  sizeof(*invocation->given));
        }
        invocation->given[invocation->ngiven++] = (struct given){ code, argument };
}

bool options_given(const struct invocation *invocation, int code)
{
        for (size_t i = 0; i < invocation->ngiven; i++)
                if (invocation->given[i].code == code)
                        return true;
        return false;
}

bool option_is_optional(const struct option_spec *option)
{
        return option->argument && strncmp(option->argument, "[=", 2) == 0;
}

/* no_argument, required_argument or optional_argument, as getopt_long(3) has it. */
static int takes(const struct option_spec *option)
{
        if (!option->argument)
                return no_argument;
        return option_is_optional(option) ? optional_argument : required_argument;
}

/* getopt_long(3)'s form of the tables; the first table to name a letter or word has it. */
struct spelling {
        char letters[3 * OPTIONS_MOST + 3];
        struct option words[OPTIONS_MOST + 1];
        unsigned nwords;
        int codes[256];                 /* of a letter */
};

static void spell(struct spelling *spelling, const struct option_spec *options, unsigned n)
{
        for (unsigned i = 0; i < n; i++) {
                const struct option_spec *option = &options[i];
                unsigned char letter = (unsigned char)option->letter;
                size_t end = strlen(spelling->letters);

                if (letter && !spelling->codes[letter]) {
                        spelling->codes[letter] = option->code;
                        spelling->letters[end++] = (char)letter;
                        for (int colon = 0; colon < takes(option); colon++)
                                spelling->letters[end++] = ':';
                }
                if (option->name && spelling->nwords < OPTIONS_MOST)
                        spelling->words[spelling->nwords++] = (struct option){
                                option->name, takes(option), NULL, option->code };
        }
}

static int set(struct invocation *invocation, int code, const char *argument)
{
        for (unsigned i = 0; i < COUNT(globals); i++)
                if (globals[i].code == code)
                        return set_global(invocation, code, argument);
        if (invocation->command->option)
                return invocation->command->option(invocation, code, argument);
        keep(invocation, code, argument);
        return 0;
}

/* The option at which getopt_long() stopped, as typed. */
static void complain(const struct invocation *invocation, int problem, char **argv)
{
        char letter[3] = { '-', (char)optopt, 0 };
        const char *typed = argv[optind - 1];

        if (optopt > 0 && optopt < 256)
                typed = letter;
        message(invocation, typed, problem == ':' ? _("needs an argument") : _("unknown or ambiguous option"));
}

static int read_options(int argc, char **argv, const char *mode, struct invocation *invocation)
{
        const struct command *command = invocation->command;
        struct spelling spelling = { .nwords = 0 };
        int found;

        memcpy(spelling.letters, mode, strlen(mode));
        if (command)
                spell(&spelling, command->options, command->noptions);
        spell(&spelling, globals, COUNT(globals));
        opterr = 0;
        while ((found = getopt_long(argc, argv, spelling.letters, spelling.words, NULL)) != -1) {
                if (found == '?' || found == ':') {
                        complain(invocation, found, argv);
                        return -EINVAL;
                }
                if (found < 256)
                        found = spelling.codes[found];
                if (set(invocation, found, optarg) < 0)
                        return -EINVAL;
        }
        return 0;
}

int options_read(int argc, char **argv, struct invocation *ret)
{
        int err = read_options(argc, argv, "+:", ret);

        if (err < 0)
                return err;
        if (optind < argc) {
                const char *name = argv[optind];

                ret->command = command_find(name);
                if (!ret->command) {
                        message(ret, name, _("no such command"));
                        return -EINVAL;
                }
                argc -= optind;
                argv += optind;
                /* 0 makes glibc start anew, with the new argument vector. */
                optind = 0;
                err = read_options(argc, argv, ":", ret);
                if (err < 0)
                        return err;
        }
        ret->arguments = argv + optind;
        ret->narguments = argc - optind;
        return 0;
}
