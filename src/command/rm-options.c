/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What rm takes: references, whole kinds with a condition, and all that ipcrm(1) takes. */
#include "base/array.h"
#include "base/i18n.h"
#include "base/number.h"
#include "command/message.h"
#include "command/rm.h"
#include "kind/kinds.h"
#include "sys/input.h"

#include <errno.h>

enum {
        OPTION_WHERE = 512, OPTION_FORCE, OPTION_PROTECTED, OPTION_DRAIN, OPTION_SAVE,
        OPTION_POSIX_SHMEM, OPTION_POSIX_MQUEUE, OPTION_POSIX_SEMAPHORE,
};

const struct option_spec rm_option_specs[] = {
        { 'n', 'n', "dry-run", NULL, N_("only show the plan") },
        { 'y', 'y', "yes", NULL, N_("don't ask") },
        { OPTION_FORCE, 0, "force", NULL, N_("objects in use, too, and those whose holders can't be seen") },
        { OPTION_PROTECTED, 0, "protected", NULL, N_("protected objects, too") },
        { OPTION_WHERE, 0, "where", N_("EXPR"), N_("only objects for which EXPR is true") },
        { OPTION_SAVE, 0, "save", N_("[=DIR]"), N_("save them before") },
        { OPTION_DRAIN, 0, "drain", NULL, N_("with --save: move messages that can't be copied") },
        { '0', '0', "null", NULL, N_("references on standard input end in NUL") },
        { 'm', 'm', "shmem-id", N_("ID"), N_("a shared memory segment, like ipcrm -m") },
        { 'M', 'M', "shmem-key", N_("KEY"), N_("the same, by key") },
        { 'q', 'q', "queue-id", N_("ID"), N_("a message queue, like ipcrm -q") },
        { 'Q', 'Q', "queue-key", N_("KEY"), N_("the same, by key") },
        { 's', 's', "semaphore-id", N_("ID"), N_("a semaphore set, like ipcrm -s") },
        { 'S', 'S', "semaphore-key", N_("KEY"), N_("the same, by key") },
        { OPTION_POSIX_SHMEM, 0, "posix-shmem", N_("NAME"), N_("POSIX shared memory, like ipcrm") },
        { OPTION_POSIX_MQUEUE, 0, "posix-mqueue", N_("NAME"), N_("a POSIX message queue") },
        { OPTION_POSIX_SEMAPHORE, 0, "posix-semaphore", N_("NAME"), N_("a POSIX semaphore") },
        { 'a', 'a', "all", N_("[=KIND]"), N_("all of System V, or of that kind; asks like everything else") },
        { 'v', 'v', "verbose", NULL, N_("nothing: every removal is told anyway") },
};
_Static_assert(COUNT(rm_option_specs) == RM_OPTIONS, "RM_OPTIONS is their number");

/* What ipcrm's options name. */
static const struct {
        int code;
        const char *kind;
        enum reference_by by;
        char key;                       /* ids: the option that takes keys instead */
} targets[] = {
        { 'm', "shm", REFERENCE_ID, 'M' }, { 'M', "shm", REFERENCE_KEY, 0 },
        { 'q', "msg", REFERENCE_ID, 'Q' }, { 'Q', "msg", REFERENCE_KEY, 0 },
        { 's', "sem", REFERENCE_ID, 'S' }, { 'S', "sem", REFERENCE_KEY, 0 },
        { OPTION_POSIX_SHMEM, "pshm", REFERENCE_NAME, 0 },
        { OPTION_POSIX_MQUEUE, "mq", REFERENCE_NAME, 0 },
        { OPTION_POSIX_SEMAPHORE, "psem", REFERENCE_NAME, 0 },
};

/* Kinds that ipcrm --all calls otherwise. */
static const struct {
        const char *theirs, *ours;
} aliases[] = { { "pmsg", "mq" } };

static enum exit_status wrong(const struct invocation *invocation, const char *argument, const char *text)
{
        message(invocation, argument, text);
        return STATUS_USAGE;
}

/* Decimal as it is printed: 010 is eight to some and ten to others. */
static enum exit_status read_id(const struct invocation *invocation, const char *argument, char key_option,
                                uint64_t *ret)
{
        struct text text = text_of(argument);
        struct buf problem = { 0 };
        int r = number_parse(text, INT32_MAX, ret);

        if (r == 0 && (text.len == 1 || text.data[0] != '0'))
                return STATUS_DONE;
        if (r == -ERANGE)
                return wrong(invocation, argument, _("no id is that large"));
        buf_printf(&problem, _("an id is a decimal number without leading zeros; for a key there is -%c"), key_option);
        wrong(invocation, argument, problem.data);
        buf_done(&problem);
        return STATUS_USAGE;
}

/* As strtoul(3) reads with base 0: hex with 0x, octal with 0, else decimal; but the whole of it, and 32 bits. */
static int parse_key(struct text text, uint64_t *ret)
{
        int64_t negative;
        int r;

        if (text_starts(text, TEXT("-"))) {
                r = number_parse_int(text, INT32_MIN, -1, &negative);
                if (r == 0)
                        *ret = (uint32_t)negative;
                return r;
        }
        if (text_starts(text, TEXT("0x")) || text_starts(text, TEXT("0X")))
                return number_parse_base(text_from(text, 2), 16, UINT32_MAX, ret);
        if (text_starts(text, TEXT("0")) && text.len > 1)
                return number_parse_base(text_from(text, 1), 8, UINT32_MAX, ret);
        return number_parse(text, UINT32_MAX, ret);
}

static enum exit_status read_key(const struct invocation *invocation, const char *argument, uint64_t *ret)
{
        uint64_t key;
        int r = parse_key(text_of(argument), &key);

        if (r == -ERANGE)
                return wrong(invocation, argument, _("a key has 32 bits, this number has more"));
        if (r < 0)
                return wrong(invocation, argument, _("a key is a number: decimal, 0x and hexadecimal, or 0 and octal"));
        if (key == 0)
                return wrong(invocation, argument, _("key 0 is IPC_PRIVATE and no address"));
        *ret = key;
        return STATUS_DONE;
}

/* What messages call it: "shm:" and what was typed. */
static const char *typed_as(struct references *references, const struct kind *kind, const char *argument)
{
        size_t before = strlen(kind->name), len = strlen(argument);
        char *typed = ARENA_ARRAY(&references->session->arena, char, before + 1 + len + 1);

        memcpy(typed, kind->name, before);
        typed[before] = ':';
        memcpy(typed + before + 1, argument, len);
        return typed;
}

/* With or without its slash, as mq_open(3) and its like are called with both. */
static enum exit_status read_name(struct references *references, const char *argument, struct text *ret)
{
        struct buf name = { 0 };

        if (*argument != '/')
                buf_byte(&name, '/');
        buf_string(&name, argument);
        if (name.len == 1) {
                buf_done(&name);
                return wrong(references->session->invocation, argument, _("the name is empty"));
        }
        *ret = arena_text(&references->session->arena, buf_text(&name));
        buf_done(&name);
        return STATUS_DONE;
}

static enum exit_status add_target(struct references *references, unsigned target, const char *argument)
{
        const struct invocation *invocation = references->session->invocation;
        struct reference reference = { .kind = kind_find(&all_kinds, text_of(targets[target].kind)),
                                       .by = targets[target].by };
        enum exit_status status;

        if (reference.by == REFERENCE_ID)
                status = read_id(invocation, argument, targets[target].key, &reference.number);
        else if (reference.by == REFERENCE_KEY)
                status = read_key(invocation, argument, &reference.number);
        else
                status = read_name(references, argument, &reference.name);
        if (status == STATUS_DONE)
                references_put(references, &reference, typed_as(references, reference.kind, argument));
        return status;
}

static uint64_t bit_of(const struct kind *kind)
{
        for (unsigned i = 0; i < all_kinds.nkinds; i++)
                if (all_kinds.kinds[i] == kind)
                        return UINT64_C(1) << i;
        return 0;
}

/* --all: the kinds that have keys, those of System V. */
static enum exit_status read_all(const struct invocation *invocation, const char *argument, struct rm_request *request)
{
        const struct kind *kind;

        request->all = true;
        if (!argument)
                return STATUS_DONE;
        for (unsigned i = 0; i < COUNT(aliases); i++)
                if (strcmp(argument, aliases[i].theirs) == 0)
                        argument = aliases[i].ours;
        kind = kind_find(&all_kinds, text_of(argument));
        if (!kind)
                return wrong(invocation, argument, _("no such kind"));
        request->bulk |= bit_of(kind);
        return STATUS_DONE;
}

static enum exit_status read_option(const struct invocation *invocation, struct references *references,
                                    const struct given *given, struct rm_request *request)
{
        for (unsigned i = 0; i < COUNT(targets); i++)
                if (targets[i].code == given->code)
                        return add_target(references, i, given->argument);
        switch (given->code) {
        case 'n': request->dry_run = true; break;
        case 'y': request->yes = true; break;
        case '0': request->nul = true; break;
        case 'a': return read_all(invocation, given->argument, request);
        case OPTION_WHERE:
                if (request->where)
                        return wrong(invocation, "--where", _("given twice: join conditions with and"));
                request->where = given->argument;
                break;
        case OPTION_FORCE:     request->force = true; break;
        case OPTION_PROTECTED: request->protected = true; break;
        case OPTION_DRAIN:     request->drain = true; break;
        case OPTION_SAVE:
                request->save = true;
                request->save_to = given->argument;
                if (given->argument && !*given->argument)
                        return wrong(invocation, "--save", _("the directory has no name"));
                break;
        }
        return STATUS_DONE;
}

enum exit_status rm_read_options(const struct invocation *invocation, struct references *references,
                                 struct rm_request *ret)
{
        enum exit_status status = STATUS_DONE;

        *ret = (struct rm_request){ 0 };
        for (size_t i = 0; i < invocation->ngiven && status == STATUS_DONE; i++)
                status = read_option(invocation, references, &invocation->given[i], ret);
        if (status == STATUS_DONE && ret->drain && !ret->save)
                status = wrong(invocation, "--drain", _("takes messages out, so it needs --save"));
        return status;
}

/* --- arguments ------------------------------------------------------------ */

/* ipcrm's old form: shm ID... Which target of the table the kind's ids are; -1: it has none. */
static int id_target(const struct kind *kind)
{
        for (unsigned i = 0; i < COUNT(targets); i++)
                if (targets[i].by == REFERENCE_ID && strcmp(targets[i].kind, kind->name) == 0)
                        return (int)i;
        return -1;
}

static bool is_word(const char *argument)
{
        return strcmp(argument, "-") != 0 && !strchr(argument, ':') && !kind_find(&all_kinds, text_of(argument));
}

/* A kind, and the ids behind it; without any all of the kind. Returns how many arguments that were; 0: wrong. */
static int read_kind(const struct invocation *invocation, struct references *references, int at,
                     struct rm_request *request)
{
        const struct kind *kind = kind_find(&all_kinds, text_of(invocation->arguments[at]));
        int target = id_target(kind), end = at + 1;

        while (end < invocation->narguments && is_word(invocation->arguments[end])) {
                if (target < 0) {
                        wrong(invocation, invocation->arguments[end],
                              _("neither a kind nor a reference (KIND:NAME)"));
                        return 0;
                }
                if (add_target(references, (unsigned)target, invocation->arguments[end]) != STATUS_DONE)
                        return 0;
                end++;
        }
        if (end == at + 1)
                request->bulk |= bit_of(kind);
        return end - at;
}

static enum exit_status read_reference(struct references *references, const char *argument)
{
        enum exit_status status = references_add(references, argument);

        if (status == STATUS_DONE && references->list[references->n - 1].by == REFERENCE_PID)
                return wrong(references->session->invocation, argument, _("a process is ended by kill(1)"));
        return status;
}

/* What would mean more than was said is refused: never all by accident. */
static enum exit_status check_bulk(const struct invocation *invocation, const struct references *references,
                                   struct rm_request *request)
{
        bool condition = request->where || invocation->settings.filter;

        if (request->all && (references->n || request->from_stdin))
                return wrong(invocation, "--all", _("means all; single objects are named without it"));
        if (request->all && !request->bulk)
                for (unsigned i = 0; i < all_kinds.nkinds; i++)
                        if (kind_has_field(all_kinds.kinds[i], FIELD_KEY))
                                request->bulk |= UINT64_C(1) << i;
        if (request->bulk && !condition && !request->all) {
                for (unsigned i = 0; i < all_kinds.nkinds; i++)
                        if (request->bulk >> i & 1)
                                return wrong(invocation, all_kinds.kinds[i]->name,
                                             _("which of them? Name one (KIND:NAME), or say --where EXPR; "
                                               "all of a kind takes --all=KIND"));
        }
        if (request->nul && !request->from_stdin)
                return wrong(invocation, "-0", _("is for references on standard input: say - where they come from"));
        if (!request->bulk && !references->n && !request->from_stdin)
                return wrong(invocation, NULL,
                             _("which objects? (KIND:NAME, KIND --where EXPR, or - for standard input)"));
        return STATUS_DONE;
}

enum exit_status rm_read_arguments(const struct invocation *invocation, struct references *references,
                                   struct rm_request *request)
{
        for (int i = 0; i < invocation->narguments;) {
                const char *argument = invocation->arguments[i];
                enum exit_status status = STATUS_DONE;
                int used = 1;

                if (strcmp(argument, "-") == 0) {
                        request->from_stdin = true;
                } else if (kind_find(&all_kinds, text_of(argument))) {
                        used = read_kind(invocation, references, i, request);
                        status = used ? STATUS_DONE : STATUS_USAGE;
                } else if (strchr(argument, ':')) {
                        status = read_reference(references, argument);
                } else {
                        status = wrong(invocation, argument, _("neither a kind nor a reference (KIND:NAME)"));
                }
                if (status != STATUS_DONE)
                        return status;
                i += used;
        }
        return check_bulk(invocation, references, request);
}

/* --- standard input -------------------------------------------------------- */

enum { INPUT_MOST = 256 << 20 };

static enum exit_status read_line(const struct invocation *invocation, struct references *references, struct text line)
{
        const char *word = arena_text(&references->session->arena, line).data;

        if (memchr(line.data, 0, line.len))
                return wrong(invocation, word, _("holds a NUL byte: does the list need -0?"));
        if (!strchr(word, ':'))
                return wrong(invocation, word, _("no reference (KIND:NAME); from list take -o ref --no-headings"));
        return read_reference(references, word);
}

enum exit_status rm_read_stdin(const struct invocation *invocation, struct references *references, bool nul)
{
        enum exit_status status = STATUS_DONE;
        struct buf input = { 0 };
        struct text rest, line;
        int r = input_read("-", INPUT_MOST, &input);

        if (r < 0) {
                message(invocation, _("standard input"), strerror(-r));
                buf_done(&input);
                return STATUS_FAILED;
        }
        rest = buf_text(&input);
        while (status == STATUS_DONE && text_split(&rest, nul ? '\0' : '\n', &line))
                if (line.len)
                        status = read_line(invocation, references, line);
        buf_done(&input);
        return status;
}
