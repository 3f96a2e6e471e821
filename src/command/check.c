/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check: what is leaked, stuck, full or unsafe. */
#include "command/check.h"

#include "base/array.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "command/limits.h"
#include "command/message.h"
#include "command/options.h"
#include "command/references.h"
#include "kind/kinds.h"
#include "output/findings.h"

#include <errno.h>
#include <stdlib.h>

enum { OPTION_FAIL_ON = 512, OPTION_ONLY, OPTION_IGNORE, OPTION_LEVEL, OPTION_RULES };

static const struct option_spec options[] = {
        { OPTION_FAIL_ON, 0, "fail-on", N_("SEVERITY"),
          N_("exit with 10 if there is a finding of notice, warning or critical, or above") },
        { OPTION_ONLY, 0, "only", N_("RULES"), N_("apply these rules only: a,b") },
        { OPTION_IGNORE, 0, "ignore", N_("RULES"), N_("don't apply these rules: a,b") },
        { OPTION_LEVEL, 0, "level", N_("[NAME=]LEVEL"), N_("from which use on a limit is a finding, as in 80%") },
        { OPTION_RULES, 0, "rules", NULL, N_("print the rules instead") },
};

enum { FAIL_ON_NOTHING = 0, FAIL_ON_FIRST = 1 };       /* FAIL_ON_FIRST + enum severity */

/* What is asked for: the configuration, and above it the command line. */
struct question {
        struct configuration configuration;
        uint64_t only;                  /* 0: all rules */
        int fail_on;                    /* FAIL_ON_x */
};

int check_parse_rules(struct text list, uint64_t *rules, struct parse_error *ret_error)
{
        struct text rest = list, word;
        uint64_t found = 0;

        while (text_split(&rest, ',', &word)) {
                uint16_t id;

                if (!finding_rule_find(word, &id)) {
                        *ret_error = (struct parse_error){ N_("no such rule (see check --rules)"),
                                                           (size_t)(word.data - list.data) };
                        return -EINVAL;
                }
                found |= FINDING_BIT(id);
        }
        /* Nothing at all, or nothing behind the last comma. */
        if (list.len == 0 || text_ends(list, TEXT(","))) {
                *ret_error = (struct parse_error){ N_("no such rule (see check --rules)"), list.len };
                return -EINVAL;
        }
        *rules |= found;
        return 0;
}

static int add_rules(const struct invocation *invocation, const char *what, const char *list, uint64_t *rules)
{
        struct parse_error error;
        int err = check_parse_rules(text_of(list), rules, &error);

        if (err < 0)
                message_parse(invocation, what, list, &error);
        return err;
}

static int set_level(const struct invocation *invocation, const char *argument, struct thresholds *thresholds)
{
        int err = thresholds_add(thresholds, argument);

        if (err < 0)
                message(invocation, argument, err == -ENOENT ? _("--level: no such limit") :
                                              _("--level: not a percentage, as in 80% or shmmni=80%"));
        return err;
}

static int set_fail_on(const struct invocation *invocation, const char *argument, int *ret)
{
        enum severity severity;

        if (!severity_find(text_of(argument), &severity)) {
                message(invocation, argument, _("--fail-on: not one of notice, warning, critical"));
                return -EINVAL;
        }
        *ret = FAIL_ON_FIRST + (int)severity;
        return 0;
}

static int read_option(const struct invocation *invocation, const struct given *given, struct question *question)
{
        switch (given->code) {
        case OPTION_FAIL_ON:
                return set_fail_on(invocation, given->argument, &question->fail_on);
        case OPTION_ONLY:
                return add_rules(invocation, "--only", given->argument, &question->only);
        case OPTION_IGNORE:
                return add_rules(invocation, "--ignore", given->argument, &question->configuration.ignored_rules);
        case OPTION_LEVEL:
                return set_level(invocation, given->argument, &question->configuration.thresholds);
        default:
                return 0;
        }
}

static enum exit_status read_question(const struct invocation *invocation, struct question *ret)
{
        /* What is wrong with it is told; for looking it will do. */
        configuration_read(&ret->configuration, invocation);
        for (size_t i = 0; i < invocation->ngiven; i++)
                if (read_option(invocation, &invocation->given[i], ret) < 0)
                        return STATUS_USAGE;
        return STATUS_DONE;
}

void check_want(struct session *session)
{
        unsigned n;
        const uint16_t *fields = findings_fields(&n);

        limits_want(session);
        session_want_fields(session, fields, n);
        session->want.waiters = session->want.holders;
}

void check_options(const struct session *session, const struct configuration *configuration, uint64_t rules,
                   int *levels, struct findings_options *ret)
{
        bool json = session->invocation->settings.json;

        for (uint16_t i = 0; i < LIMIT_COUNT; i++)
                if (!thresholds_get(&configuration->thresholds, i, &levels[i]))
                        levels[i] = LEVEL_UNSET;
        *ret = (struct findings_options){
                .rules = (rules ? rules : FINDING_ALL) & ~configuration->ignored_rules,
                .levels = levels, .translate = !json, .utf8 = json || session->format.utf8,
        };
}

/* What of the findings is shown: those of the objects named, that match the filter. */
struct choice {
        struct references references;
        struct map named;               /* objects */
        bool all;
        const struct finding **list;
        size_t n;
};

static enum exit_status read_arguments(struct session *session, struct choice *choice)
{
        const struct invocation *invocation = session->invocation;
        enum exit_status status = STATUS_DONE;

        for (int i = 0; i < invocation->narguments && status == STATUS_DONE; i++) {
                const char *argument = invocation->arguments[i];
                const struct kind *kind = kind_find(&all_kinds, text_of(argument));

                if (kind) {
                        session_want_kind(session, kind);
                        choice->references.kinds = session->want.kinds;
                } else if (!strchr(argument, ':')) {
                        message(invocation, argument, _("neither a kind nor a reference (KIND:NAME)"));
                        status = STATUS_USAGE;
                } else {
                        status = references_add(&choice->references, argument);
                }
        }
        choice->all = invocation->narguments == 0 && !session->query;
        return status;
}

/* The objects that are meant, when not all are. */
static void find_named(struct session *session, struct choice *choice)
{
        const struct snapshot *snapshot = session->snapshot;
        struct object_set set = { 0 };

        if (choice->all)
                return;
        if (session->invocation->narguments)
                references_find(&choice->references, snapshot, &set);
        else
                for (size_t i = 0; i < snapshot->nobjects; i++)
                        object_set_append(&set, &snapshot->objects[i]);
        for (size_t i = 0; i < set.n; i++)
                if (!session->query || query_match(session->query, snapshot, set.objects[i]))
                        *map_place(&choice->named, (uint64_t)(uintptr_t)set.objects[i], 0) = choice;
        object_set_done(&set);
}

static bool is_named(const struct choice *choice, const struct object *object)
{
        return object && map_get(&choice->named, (uint64_t)(uintptr_t)object, 0);
}

static bool is_process_named(const struct choice *choice, const struct process *process)
{
        for (size_t i = 0; process && i < choice->references.n; i++)
                if (choice->references.list[i].by == REFERENCE_PID &&
                    choice->references.list[i].number == (uint64_t)process->pid)
                        return true;
        return false;
}

static bool is_chosen(const struct choice *choice, const struct finding *finding)
{
        if (choice->all || is_named(choice, finding->object) || is_process_named(choice, finding->process))
                return true;
        for (unsigned i = 0; i < finding->ncycle; i++)
                if (is_named(choice, finding->cycle[i]->object) || is_process_named(choice, finding->cycle[i]->process))
                        return true;
        return finding->limit && is_named(choice, finding->limit->reading->object);
}

static void choose(const struct findings *findings, struct choice *choice)
{
        choice->list = memory_new((findings->n + 1) * sizeof(*choice->list));
        for (size_t i = 0; i < findings->n; i++)
                if (is_chosen(choice, &findings->list[i]))
                        choice->list[choice->n++] = &findings->list[i];
}

/* Rules that may have missed something, in one line. */
static void tell_hampered(const struct invocation *invocation, const struct findings *findings)
{
        struct buf text = { 0 };
        unsigned n = 0;

        for (uint16_t i = 0; i < FINDING_COUNT; i++)
                n += findings->hampered >> i & 1;
        if (n == 0 || invocation->settings.quiet)
                return;
        buf_printf(&text, P_("%u rule could not be applied to everything: ",
                             "%u rules could not be applied to everything: ", n), n);
        for (uint16_t i = 0, told = 0; i < FINDING_COUNT; i++)
                if (findings->hampered >> i & 1)
                        buf_printf(&text, "%s%s", told++ ? ", " : "", finding_rule_get(i)->name);
        message(invocation, NULL, text.data);
        buf_done(&text);
}

static enum exit_status judge(struct session *session, const struct question *question, struct choice *choice)
{
        const struct invocation *invocation = session->invocation;
        const struct settings *settings = &invocation->settings;
        struct findings_options asked;
        struct findings findings;
        int levels[LIMIT_COUNT];
        enum exit_status status;

        check_options(session, &question->configuration, question->only, levels, &asked);
        findings_make(session->snapshot, &asked, &findings);
        find_named(session, choice);
        choose(&findings, choice);
        if (settings->json)
                findings_json(session->snapshot, choice->list, choice->n,
                              &(struct json_options){ .lines = settings->lines, .errors = choice->references.errors,
                                                      .nerrors = choice->references.nerrors }, &session->sink);
        else
                findings_print(choice->list, choice->n, &session->format, &session->look, &session->sink);
        tell_hampered(invocation, &findings);
        status = references_status(&choice->references);
        /* The gravest stands first. */
        if (question->fail_on && choice->n && FAIL_ON_FIRST + (int)choice->list[0]->severity >= question->fail_on)
                status = STATUS_LIMIT;
        findings_done(&findings);
        return status;
}

static enum exit_status check(struct session *session, const struct question *question)
{
        struct choice choice = { 0 };
        enum exit_status status;

        references_init(&choice.references, session);
        status = read_arguments(session, &choice);
        if (status == STATUS_DONE) {
                check_want(session);
                session_collect(session);
                status = judge(session, question, &choice);
        }
        map_done(&choice.named);
        free(choice.list);
        references_done(&choice.references);
        return status;
}

static enum exit_status run(struct invocation *invocation)
{
        const struct settings *settings = &invocation->settings;
        bool print_rules = options_given(invocation, OPTION_RULES);
        struct question question = { .fail_on = FAIL_ON_NOTHING };
        struct session session;
        enum exit_status status;

        if (settings->columns || settings->sort) {
                message(invocation, settings->columns ? "-o" : "--sort", _("findings have no columns"));
                return STATUS_USAGE;
        }
        if (print_rules && settings->json) {
                message(invocation, "--rules", _("see 'ipcview schema' for the names as JSON"));
                return STATUS_USAGE;
        }
        status = session_open(&session, invocation);
        if (status == STATUS_DONE) {
                status = read_question(invocation, &question);
                if (status == STATUS_DONE && print_rules)
                        findings_print_rules(&session.look, &session.sink);
                else if (status == STATUS_DONE)
                        status = check(&session, &question);
                configuration_done(&question.configuration);
        }
        return session_close(&session, status);
}

const struct command command_check = {
        .name = "check",
        .usage = N_("[KIND|REF]..."),
        .saved = true,
        .summary = N_("what is leaked, stuck, full or unsafe, and what to do"),
        .details = N_("Each finding has a severity, the facts that speak for it, and a remedy. With kinds or\n"
                      "references only those about them are printed."),
        .options = options, .noptions = COUNT(options),
        .run = run,
};
