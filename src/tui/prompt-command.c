/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What ":" takes: the table, and how a line is understood. */
#include "base/array.h"
#include "base/i18n.h"
#include "base/number.h"
#include "model/reference.h"
#include "tui/prompt.h"
#include "tui/ui-private.h"

#include <errno.h>

/* --- commands of the browser ----------------------------------------------- */

static int run_filter(struct ui *ui, struct text argument, struct parse_error *ret_error)
{
        struct buf text = { 0 };
        int r;

        *ret_error = (struct parse_error){ N_("only lists of objects have a filter"), 0 };
        if (!(ui_level(ui)->view->flags & VIEW_OBJECTS))
                return -EINVAL;
        buf_add(&text, argument);
        r = ui_filter(ui, ui_level(ui)->view, text.data, ret_error);
        if (r == 0)
                prompt_remember(&ui->prompt, PROMPT_FILTER, argument);
        buf_done(&text);
        return r;
}

static int run_sort(struct ui *ui, struct text argument, struct parse_error *ret_error)
{
        return ui_sort_text(ui, argument.len > 0 ? argument : TEXT("none"), ret_error);
}

static int run_columns(struct ui *ui, struct text argument, struct parse_error *ret_error)
{
        return ui_columns_text(ui, argument, ret_error);
}

/* "5", "2s", "1m"; "0.5" is as short as it gets in words. */
static int run_interval(struct ui *ui, struct text argument, struct parse_error *ret_error)
{
        uint64_t seconds, ms;

        *ret_error = (struct parse_error){ N_("a span is needed, as 5, 2s, 1m or 500ms"), 0 };
        if (!ui_allows(ui, ACTION_SLOWER)) {
                ret_error->message = N_("this is recorded: it does not change");
                return -EINVAL;
        }
        if (text_ends(argument, TEXT("ms"))) {
                if (number_parse((struct text){ argument.data, argument.len - 2 }, INTERVAL_MOST_MS, &ms) < 0)
                        return -EINVAL;
        } else {
                if (number_parse_span(argument, &seconds) < 0 || seconds > INTERVAL_MOST_MS / 1000)
                        return -EINVAL;
                ms = seconds * 1000;
        }
        if (ms < INTERVAL_LEAST_MS) {
                ret_error->message = N_("that is too often: 250ms is the least");
                return -EINVAL;
        }
        ui_interval(ui, (unsigned)ms);
        return 0;
}

static int run_write(struct ui *ui, struct text argument, struct parse_error *ret_error)
{
        struct buf text = { 0 };

        *ret_error = (struct parse_error){ N_("the name of a new file is needed"), 0 };
        if (argument.len == 0)
                return -EINVAL;
        ui_table_text(ui, &text);
        ui_request(ui, REQUEST_WRITE, buf_text(&text), argument);
        buf_done(&text);
        return 0;
}

static int run_pause(struct ui *ui, struct text argument, struct parse_error *ret_error)
{
        (void)argument;
        *ret_error = (struct parse_error){ N_("this is recorded: it does not change"), 0 };
        if (!ui_allows(ui, ACTION_PAUSE))
                return -EINVAL;
        ui_act(ui, ACTION_PAUSE);
        return 0;
}

static int run_help(struct ui *ui, struct text argument, struct parse_error *ret_error)
{
        (void)argument;
        (void)ret_error;
        ui_act(ui, ACTION_HELP);
        return 0;
}

static int run_quit(struct ui *ui, struct text argument, struct parse_error *ret_error)
{
        (void)argument;
        (void)ret_error;
        ui_act(ui, ACTION_QUIT);
        return 0;
}

static int run_program(struct ui *ui, const struct prompt_command *command, struct text line,
                       struct parse_error *ret_error)
{
        *ret_error = (struct parse_error){ N_("started with --readonly: nothing is changed"), 0 };
        if (ui->options.readonly && (!command || command->changes))
                return -EINVAL;
        ret_error->message = N_("this is recorded: commands would be about the machine they run on");
        if (ui->options.recorded)
                return -EINVAL;
        ui_request(ui, REQUEST_RUN, TEXT(""), line);
        return 0;
}

static int run_explain(struct ui *ui, struct text argument, struct parse_error *ret_error)
{
        static const struct prompt_command reads = { .program = true };
        struct buf line = { 0 };
        int r;

        *ret_error = (struct parse_error){ N_("the name of an error is needed, as ENOSPC"), 0 };
        if (argument.len == 0)
                return -EINVAL;
        buf_string(&line, "limits explain ");
        buf_add(&line, argument);
        r = run_program(ui, &reads, buf_text(&line), ret_error);
        buf_done(&line);
        return r;
}

/* --- the table ------------------------------------------------------------- */

#define PROGRAM(word, arguments, does) \
        { .name = word, .usage = arguments, .help = does, .argument = ARGUMENT_COMMAND, .program = true }
#define CHANGING(word, arguments, does) \
        { .name = word, .usage = arguments, .help = does, .argument = ARGUMENT_COMMAND, .program = true,               \
          .changes = true }

static const struct prompt_command commands[] = {
        { "filter", N_("EXPR"), N_("show only what EXPR is true for; nothing: all"), ARGUMENT_FILTER, false, false,
          run_filter },
        { "sort", N_("FIELD[:desc]"), N_("sort by a field; nothing: the usual order"), ARGUMENT_SORT, false, false,
          run_sort },
        { "columns", N_("a,b | +c | -d"), N_("the columns of this view; nothing: the usual ones"), ARGUMENT_COLUMNS,
          false, false, run_columns },
        { "interval", N_("SPAN"), N_("refresh that often: 5, 2s, 500ms"), ARGUMENT_TEXT, false, false, run_interval },
        { "pause", "", N_("stop or go on refreshing"), ARGUMENT_NONE, false, false, run_pause },
        { "write", N_("FILE"), N_("write what is shown to a new file"), ARGUMENT_TEXT, false, false, run_write },
        { "explain", N_("ERROR [CALL]"), N_("which limits make a call fail like that"), ARGUMENT_ERROR, false, false,
          run_explain },
        { "help", "", N_("keys and commands"), ARGUMENT_NONE, false, false, run_help },
        { "quit", "", N_("leave"), ARGUMENT_NONE, false, false, run_quit },
        { "q", "", NULL, ARGUMENT_NONE, false, false, run_quit },

        PROGRAM("list", N_("[KIND|REF]..."), N_("objects as a table")),
        PROGRAM("show", N_("REF..."), N_("everything about objects or processes")),
        PROGRAM("limits", N_("[explain ERROR]"), N_("limits and what is used of them")),
        PROGRAM("check", "", N_("what is leaked, stuck, full or unsafe")),
        PROGRAM("journal", "", N_("what was changed, by whom")),
        PROGRAM("columns", "", N_("the fields of objects")),
        PROGRAM("schema", "", N_("the JSON schema")),
        PROGRAM("info", "", N_("what can and can't be seen")),
        PROGRAM("help", N_("[COMMAND]"), N_("how a command is used")),
        CHANGING("metrics", N_("[-o FILE]"), N_("numbers for a monitoring system")),
        CHANGING("rm", N_("REF..."), N_("remove objects")),
        CHANGING("save", N_("REF..."), N_("save copies of objects")),
        CHANGING("restore", N_("FILE..."), N_("make objects from saved copies")),
        CHANGING("create", N_("KIND ..."), N_("make an object")),
        CHANGING("set", N_("REF NAME=VALUE..."), N_("change an object")),
};

const struct prompt_command *prompt_commands(unsigned *ret_n)
{
        *ret_n = COUNT(commands);
        return commands;
}

static const struct prompt_command *find_command(struct text name, bool program)
{
        for (unsigned i = 0; i < COUNT(commands); i++)
                if (text_equal(text_of(commands[i].name), name) && (!program || commands[i].program))
                        return &commands[i];
        return NULL;
}

/* --- where a word leads ---------------------------------------------------- */

static bool go_to_view(struct ui *ui, struct text name)
{
        const struct view *view = view_find(name);

        if (!view || view->flags & VIEW_ABOUT || text_equal(name, TEXT("text")))
                return false;
        if (view->tab)
                ui_go(ui, view);
        else
                ui_open(ui, view, subject_of(SUBJECT_NONE, 0, 0), NULL);
        return true;
}

static bool go_to_kind(struct ui *ui, struct text name)
{
        const struct kind_set *kinds = ui->scene ? ui->scene->snapshot->kinds : NULL;

        for (unsigned i = 0; kinds && i < kinds->nkinds; i++)
                if (text_equal(text_of(kinds->kinds[i]->name), name)) {
                        struct level *level = ui_open(ui, view_find(TEXT("objects")), subject_of(SUBJECT_NONE, 0, 0),
                                                      kinds->kinds[i]->name);

                        level->kinds = UINT64_C(1) << i;
                        ui->stale = true;
                        return true;
                }
        return false;
}

struct target {
        struct subject subject;
        struct buf title;
};

static void found(const struct object *object, void *data)
{
        struct target *target = data;

        if (target->title.len > 0)
                return;
        target->subject = subject_of_object(object);
        buf_add(&target->title, object->ref);
}

/* What has a colon is a reference. */
static int go_to_reference(struct ui *ui, struct text word, struct parse_error *ret_error)
{
        struct target target = { 0 };
        struct reference reference;
        struct arena arena;
        int r;

        *ret_error = (struct parse_error){ N_("nothing was seen yet"), 0 };
        if (!ui->scene)
                return -EINVAL;
        arena_init(&arena);
        r = reference_parse(ui->scene->snapshot->kinds, word, &arena, &reference, ret_error);
        if (r == 0 && reference.by == REFERENCE_PID) {
                const struct process *process = snapshot_process(ui->scene->snapshot, (pid_t)reference.number);

                if (process) {
                        target.subject = subject_of_process(process);
                        buf_add(&target.title, word);
                }
        } else if (r == 0)
                reference_resolve(ui->scene->snapshot, &reference, found, &target);
        if (r == 0 && target.title.len == 0) {
                *ret_error = (struct parse_error){ N_("there is no such object or process"), 0 };
                r = -EINVAL;
        }
        if (r == 0)
                ui_open(ui, &view_page, target.subject, target.title.data);
        buf_done(&target.title);
        arena_done(&arena);
        return r;
}

/* Faults are told by their place in the whole line. */
static int run_command(struct ui *ui, const struct prompt_command *command, struct text line, struct text argument,
                       struct parse_error *ret_error)
{
        int r;

        if (command->program)
                return run_program(ui, command, line, ret_error);
        *ret_error = (struct parse_error){ N_("it takes no argument"), 0 };
        r = command->argument == ARGUMENT_NONE && argument.len > 0 ? -EINVAL : command->run(ui, argument, ret_error);
        if (r < 0)
                ret_error->at += (size_t)(argument.data - line.data);
        return r;
}

int prompt_command(struct ui *ui, struct text line, struct parse_error *ret_error)
{
        struct text rest, name;
        const struct prompt_command *command;
        size_t at;
        int r;

        while (line.len > 0 && line.data[line.len - 1] == ' ')
                line.len--;
        rest = line;
        if (!text_word(&rest, &name))
                return 0;
        at = (size_t)(name.data - line.data);
        while (rest.len > 0 && rest.data[0] == ' ')
                rest = text_from(rest, 1);
        if (name.data[0] == '!') {
                line = text_from(line, at + 1);
                rest = line;
                *ret_error = (struct parse_error){ N_("not a command of ipcview"), at };
                command = text_word(&rest, &name) ? find_command(name, true) : NULL;
                return command ? run_program(ui, command, line, ret_error) : -EINVAL;
        }
        command = find_command(name, false);
        if (rest.len == 0 && (!command || command->program) && (go_to_view(ui, name) || go_to_kind(ui, name)))
                return 0;
        if (command)
                return run_command(ui, command, text_from(line, at), rest, ret_error);
        *ret_error = (struct parse_error){ N_("not a view, kind, reference or command: Tab tells what there is"), at };
        if (!memchr(name.data, ':', name.len))
                return -EINVAL;
        r = go_to_reference(ui, name, ret_error);
        ret_error->at += at;
        return r;
}
