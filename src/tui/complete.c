/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tab in a prompt: the word before the cursor is continued as far as there is one
 * way only, else the ways are told in the hint. What may stand there follows
 * from what stands before.
 */
#include "base/array.h"
#include "base/escape.h"
#include "base/i18n.h"
#include "base/utf8.h"
#include "model/limit.h"
#include "model/query.h"
#include "tui/prompt.h"

#include <string.h>

enum { HINT_MOST = 600 };

struct ways {
        const struct ui *ui;
        struct text prefix;             /* what of the word is there */
        struct buf common;              /* what all of them begin with */
        struct buf list;                /* raw */
        size_t n;
};

static void offer(struct ways *ways, struct text way)
{
        size_t same = 0;

        if (!text_starts(way, ways->prefix))
                return;
        if (ways->n++ == 0) {
                buf_clear(&ways->common);
                buf_add(&ways->common, way);
        } else {
                while (same < ways->common.len && same < way.len && ways->common.data[same] == way.data[same])
                        same++;
                ways->common.len = same;
                ways->common.data[same] = 0;
        }
        if (ways->list.len < HINT_MOST) {
                if (ways->list.len > 0)
                        buf_byte(&ways->list, ' ');
                buf_add(&ways->list, way);
        }
}

static void offer_word(struct ways *ways, const char *word)
{
        offer(ways, text_of(word));
}

/* --- names ----------------------------------------------------------------- */

static const struct kind_set *kinds_of(const struct ui *ui)
{
        return ui->scene ? ui->scene->snapshot->kinds : NULL;
}

static bool is_shown(const struct ui *ui, const struct kind *kind, unsigned place)
{
        const struct level *level = ui_level(ui);

        if (level->kinds)
                return level->kinds >> place & 1;
        return level->view->family == FAMILY_COUNT || level->view->family == kind->family;
}

/* Those that an object of the view may have. */
static void offer_fields(struct ways *ways)
{
        const struct kind_set *kinds = kinds_of(ways->ui);

        for (uint16_t field = 0; field < FIELD_COUNT; field++)
                for (unsigned i = 0; kinds && i < kinds->nkinds; i++)
                        if (is_shown(ways->ui, kinds->kinds[i], i) && kind_has_field(kinds->kinds[i], field)) {
                                offer_word(ways, field_get(field)->name);
                                break;
                        }
}

static void offer_kinds(struct ways *ways)
{
        const struct kind_set *kinds = kinds_of(ways->ui);

        for (unsigned i = 0; kinds && i < kinds->nkinds; i++)
                offer_word(ways, kinds->kinds[i]->name);
}

/* Objects and processes; only once a colon says that one is meant: there may be very many. */
static void offer_references(struct ways *ways)
{
        const struct snapshot *snapshot = ways->ui->scene ? ways->ui->scene->snapshot : NULL;
        struct buf name = { 0 };

        if (!snapshot || !memchr(ways->prefix.data, ':', ways->prefix.len))
                return;
        for (size_t i = 0; i < snapshot->nobjects; i++)
                offer(ways, snapshot->objects[i].ref);
        for (size_t i = 0; i < snapshot->nprocesses && text_starts(ways->prefix, TEXT("pid:")); i++) {
                buf_clear(&name);
                buf_printf(&name, "pid:%d", (int)snapshot->processes[i].pid);
                offer(ways, buf_text(&name));
        }
        buf_done(&name);
}

static bool is_hidden(const struct ui *ui, const struct prompt_command *command)
{
        return command->program && (ui->options.recorded || (ui->options.readonly && command->changes));
}

static void offer_commands(struct ways *ways, bool program_only)
{
        unsigned n;
        const struct prompt_command *commands = prompt_commands(&n);

        for (unsigned i = 0; i < n; i++) {
                bool again = !program_only && view_find(text_of(commands[i].name));

                for (unsigned j = 0; j < i && !program_only; j++)
                        again = again || strcmp(commands[i].name, commands[j].name) == 0;
                if (!again && commands[i].help && !is_hidden(ways->ui, &commands[i]) &&
                    (commands[i].program || !program_only))
                        offer_word(ways, commands[i].name);
        }
}

static void offer_views(struct ways *ways)
{
        for (unsigned i = 0; i < all_views_count; i++)
                if (!(all_views[i]->flags & VIEW_ABOUT) && !text_equal(text_of(all_views[i]->name), TEXT("text")))
                        offer_word(ways, all_views[i]->name);
}

/* Kinds that have the name of a view were offered with the views. */
static void offer_places(struct ways *ways)
{
        const struct kind_set *kinds = kinds_of(ways->ui);

        offer_views(ways);
        for (unsigned i = 0; kinds && i < kinds->nkinds; i++)
                if (!view_find(text_of(kinds->kinds[i]->name)))
                        offer_word(ways, kinds->kinds[i]->name);
}

static void offer_errors(struct ways *ways)
{
        unsigned n;
        const struct limit_failure *failures = limit_failures(&n);

        for (unsigned i = 0; i < n; i++) {
                bool again = false;

                for (unsigned j = 0; j < i; j++)
                        again = again || failures[j].error == failures[i].error;
                if (!again && strerrorname_np(failures[i].error))
                        offer_word(ways, strerrorname_np(failures[i].error));
        }
}

/* --- filter ---------------------------------------------------------------- */

static bool is_operator(char byte)
{
        return strchr("=!<>~", byte) && byte;
}

static bool is_bare(char byte)
{
        return byte && !strchr(" ()'\"!=<>~&|", byte);
}

/* The end of `text` that is all of one class, cut off. */
static struct text last_run(struct text *text, bool (*is)(char))
{
        size_t at = text->len;
        struct text run;

        while (at > 0 && is(text->data[at - 1]))
                at--;
        run = text_from(*text, at);
        text->len = at;
        return run;
}

static bool is_blank(char byte)
{
        return byte == ' ';
}

/* A field, or the member behind the dot. */
static bool find_field(struct text name, uint16_t *ret)
{
        struct text rest = name, first;

        if (!text_split(&rest, '.', &first))
                return false;
        return field_find(rest.len > 0 ? rest : first, ret);
}

static void offer_values(struct ways *ways, struct text name)
{
        const struct word_set *words;
        uint16_t field;

        if (!find_field(name, &field))
                return;
        words = field_get(field)->words;
        for (unsigned i = 0; words && i < words->nwords; i++)
                offer_word(ways, words->words[i]);
        if (field == FIELD_KIND)
                offer_kinds(ways);
        if (field == FIELD_REF)
                offer_references(ways);
}

static void offer_members(struct ways *ways, struct text word, size_t dot)
{
        uint16_t field;

        if (!field_find((struct text){ word.data, dot }, &field))
                return;
        ways->prefix = text_from(word, dot + 1);
        for (unsigned i = 0; i < field_get(field)->nmembers; i++)
                offer_word(ways, field_get(field_get(field)->members[i])->name);
}

static void offer_in_filter(struct ways *ways, struct text before)
{
        static const char *const operators[] = { "==", "!=", "<", "<=", ">", ">=", "~", "!~", "=~", "!=~", "has" };
        static const char *const ties[] = { "and", "or" };
        struct text word = last_run(&before, is_bare), last, sign;
        const char *dot = memchr(word.data, '.', word.len);
        size_t blanks = last_run(&before, is_blank).len;
        uint16_t field;

        ways->prefix = word;
        sign = last_run(&before, is_operator);
        if (sign.len > 0 && !text_equal(sign, TEXT("!"))) {
                last_run(&before, is_blank);
                offer_values(ways, last_run(&before, is_bare));
                return;
        }
        last = sign.len > 0 ? TEXT("") : last_run(&before, is_bare);
        if (text_equal(last, TEXT("has"))) {
                last_run(&before, is_blank);
                offer_values(ways, last_run(&before, is_bare));
                return;
        }
        if (blanks > 0 && last.len > 0 && !text_equal(last, TEXT("and")) && !text_equal(last, TEXT("or")) &&
            !text_equal(last, TEXT("not"))) {
                last_run(&before, is_blank);
                if (last_run(&before, is_operator).len == 0 && find_field(last, &field))
                        for (unsigned i = 0; i < COUNT(operators); i++)
                                offer_word(ways, operators[i]);
                for (unsigned i = 0; i < COUNT(ties); i++)
                        offer_word(ways, ties[i]);
        } else if (dot)
                offer_members(ways, word, (size_t)(dot - word.data));
        else {
                offer_fields(ways);
                offer_word(ways, "not");
        }
}

/* --- commands -------------------------------------------------------------- */

static void offer_sort(struct ways *ways, struct text argument)
{
        const struct level *level = ui_level(ways->ui);
        const char *colon = memchr(argument.data, ':', argument.len);
        struct view_column columns[COLUMNS_MOST];
        unsigned n = ways->ui->scene ? level->view->columns(ways->ui, level, columns) : 0;

        if (colon) {
                ways->prefix = text_from(argument, (size_t)(colon - argument.data) + 1);
                offer_word(ways, "asc");
                offer_word(ways, "desc");
                return;
        }
        ways->prefix = argument;
        offer_word(ways, "none");
        if (level->view->flags & VIEW_OBJECTS)
                offer_fields(ways);
        else
                for (unsigned i = 0; i < n; i++)
                        offer_word(ways, columns[i].id < FIELD_COUNT ? field_get(columns[i].id)->name
                                                                     : columns[i].column.title);
}

static void offer_columns(struct ways *ways, struct text argument)
{
        size_t at = argument.len;

        while (at > 0 && argument.data[at - 1] != ',')
                at--;
        argument = text_from(argument, at);
        if (argument.len > 0 && (argument.data[0] == '+' || argument.data[0] == '-'))
                argument = text_from(argument, 1);
        ways->prefix = argument;
        offer_fields(ways);
        offer_word(ways, "activity");
}

static void offer_argument(struct ways *ways, enum prompt_argument argument, struct text text)
{
        struct text before = text, word = last_run(&before, is_bare);

        ways->prefix = word;
        switch (argument) {
        case ARGUMENT_FILTER:  offer_in_filter(ways, text); break;
        case ARGUMENT_SORT:    offer_sort(ways, text); break;
        case ARGUMENT_COLUMNS: offer_columns(ways, text); break;
        case ARGUMENT_ERROR:   offer_errors(ways); break;
        case ARGUMENT_COMMAND:
                offer_kinds(ways);
                offer_references(ways);
                break;
        case ARGUMENT_TEXT:
        case ARGUMENT_NONE:    break;
        }
}

static void offer_in_command(struct ways *ways, struct text before)
{
        unsigned n;
        const struct prompt_command *commands = prompt_commands(&n);
        struct text rest = before, name = TEXT("");
        bool program, named = text_word(&rest, &name);

        program = named && name.data[0] == '!';
        name = text_from(name, program ? 1 : 0);
        if (rest.len > 0) {
                while (rest.len > 0 && rest.data[0] == ' ')
                        rest = text_from(rest, 1);
                for (unsigned i = 0; i < n; i++)
                        if (text_equal(name, text_of(commands[i].name)) && (commands[i].program || !program)) {
                                offer_argument(ways, commands[i].argument, rest);
                                return;
                        }
                return;
        }
        ways->prefix = name;
        offer_commands(ways, program);
        if (!program) {
                offer_places(ways);
                offer_references(ways);
        }
}

/* --- the prompt ------------------------------------------------------------ */

/* What is common and not there yet is typed; its end is followed by a blank. */
static void type_on(struct ui *ui, const struct ways *ways)
{
        struct text more = text_from(buf_text(&ways->common), ways->prefix.len);
        bool whole = ways->n == 1 && ui->prompt.cursor == ui->prompt.text.len;

        for (size_t i = 0; i < more.len;) {
                struct input input = { 0 };
                unsigned len = utf8_decode(text_from(more, i), &input.key);

                if (len == 0)
                        break;
                prompt_key(ui, &input);
                i += len;
        }
        if (whole)
                prompt_key(ui, &(struct input){ .key = ' ' });
}

void prompt_complete(struct ui *ui)
{
        struct prompt *prompt = &ui->prompt;
        struct text before = { prompt->text.data, prompt->cursor };
        struct ways ways = { .ui = ui };
        struct buf copy = { 0 };

        if (prompt->type != PROMPT_COMMAND && prompt->type != PROMPT_FILTER)
                return;
        /* The prompt's own text moves while it is typed on. */
        buf_add(&copy, before);
        if (prompt->type == PROMPT_COMMAND)
                offer_in_command(&ways, buf_text(&copy));
        else
                offer_in_filter(&ways, buf_text(&copy));
        if (ways.n > 0)
                type_on(ui, &ways);
        buf_clear(&prompt->hint);
        if (ways.n == 0)
                buf_string(&prompt->hint, _("nothing fits"));
        else if (ways.n > 1) {
                escape_display(&prompt->hint, buf_text(&ways.list), ui->options.utf8);
                if (ways.list.len >= HINT_MOST)
                        buf_string(&prompt->hint, ui->options.utf8 ? "…" : "...");
        }
        prompt->fault = SIZE_MAX;
        buf_done(&copy);
        buf_done(&ways.common);
        buf_done(&ways.list);
}
