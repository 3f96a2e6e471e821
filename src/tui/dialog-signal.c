/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A signal: to which of the processes that have the object, and which one. What it is sent to is told before. */
#include "base/array.h"
#include "base/escape.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "tui/dialog-private.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

enum { PROCESSES_MOST = 1000 };

static const struct {
        int number;
        const char *name, *help;
} signals[] = {
        { SIGTERM, "TERM", N_("asks it to end") },
        { SIGHUP, "HUP", N_("its terminal is gone; many read their configuration again") },
        { SIGINT, "INT", N_("as by Ctrl-C") },
        { SIGQUIT, "QUIT", N_("ends it with a core dump, as by Ctrl-\\") },
        { SIGKILL, "KILL", N_("ends it at once: nothing is put in order") },
        { SIGSTOP, "STOP", N_("stops it until CONT") },
        { SIGCONT, "CONT", N_("lets it go on") },
        { SIGTSTP, "TSTP", N_("asks it to stop, as by Ctrl-Z") },
        { SIGUSR1, "USR1", N_("what the program makes of it; ends most that do not") },
        { SIGUSR2, "USR2", N_("what the program makes of it; ends most that do not") },
        { SIGALRM, "ALRM", N_("as if its alarm went off") },
        { SIGABRT, "ABRT", N_("ends it with a core dump") },
        { SIGWINCH, "WINCH", N_("its window changed; programs rarely mind") },
        { SIGPIPE, "PIPE", N_("as if nobody read its pipe any more") },
};

struct signalling {
        struct box_dialog shown;
        struct scene *scene;            /* kept */
        const struct object *object;    /* whose processes there are to choose from; or NULL */
        const struct process **processes;
        size_t n;
        const struct process *chosen;   /* NULL: not yet */
        unsigned cancel, go;
};

/* --- who ------------------------------------------------------------------------ */

static bool is_kernel_thread(const struct process *process)
{
        const struct value *command = row_get(process_row(process), FIELD_COMMAND),
                           *state = row_get(process_row(process), FIELD_PROCESS_STATE);

        return command && command->type == VALUE_TEXT && command->len == 0 && process->nholds == 0 &&
               !(state && state->type == VALUE_WORD && state->u == PROCESS_ZOMBIE);
}

/* Why it is not to be touched; NULL: it may be asked. Translated. */
static const char *obstacle(const struct process *process)
{
        const struct value *state = row_get(process_row(process), FIELD_PROCESS_STATE);

        if (process->pid == 1)
                return _("pid 1 is what all others live by: it gets no signal from here");
        if (process->pid == getpid())
                return _("that is this browser: q ends it");
        if (process->start == 0)
                return _("when it started is not known, so it can't be told from one that takes its pid");
        if (state && state->type == VALUE_WORD && state->u == PROCESS_ZOMBIE)
                return _("it has ended already, and only its parent has not heard of it");
        if (is_kernel_thread(process))
                return _("that is a thread of the kernel: it takes no signals");
        return NULL;
}

static void add_process(struct signalling *signalling, const struct process *process)
{
        for (size_t i = 0; i < signalling->n; i++)
                if (signalling->processes[i] == process)
                        return;
        if (signalling->n == PROCESSES_MOST)
                return;
        signalling->processes = memory_resize(signalling->processes, signalling->n + 1,
                                              sizeof(*signalling->processes));
        signalling->processes[signalling->n++] = process;
}

/* Each once; holds and waits are in the order of pids. */
static void find_processes(struct signalling *signalling, const struct object *object)
{
        const struct process *last = NULL;

        for (unsigned i = 0; i < object->nholds; i++) {
                if (object->holds[i].process != last)
                        add_process(signalling, object->holds[i].process);
                last = object->holds[i].process;
        }
        for (unsigned i = 0; i < object->nwaits; i++)
                add_process(signalling, object->waits[i].process);
}

/* --- what stands in it ------------------------------------------------------------ */

static void put_value(const struct process *process, uint16_t field, const struct format *format, struct buf *out)
{
        const struct value *value = row_get(process_row(process), field);

        if (value)
                format_value(out, value, format);
        else
                buf_byte(out, '?');
}

/* "fd,map": how it has the object. */
static void put_ways(const struct object *object, const struct process *process, struct buf *out)
{
        const struct word_set *words = field_get(FIELD_WAY)->words;
        uint64_t told = 0;

        for (unsigned i = 0; object && i < object->nholds; i++) {
                const struct hold *hold = &object->holds[i];

                if (hold->process != process || told & WORD_BIT(hold->way))
                        continue;
                buf_printf(out, "%s%s", told ? "," : "", words->words[hold->way]);
                told |= WORD_BIT(hold->way);
        }
        if (!told)
                buf_string(out, object ? _("waits") : "");
}

static void add_candidates(const struct signalling *signalling, const struct format *format, struct box_text *text)
{
        struct buf line = { 0 };

        box_add(text, LOOK_BOLD, 0, text_of(_("To which of those who have it, or wait for it?")));
        for (size_t i = 0; i < signalling->n; i++) {
                const struct process *process = signalling->processes[i];

                buf_clear(&line);
                buf_printf(&line, "%7d ", (int)process->pid);
                escape_display(&line, process->comm, format->utf8);
                buf_string(&line, "  ");
                put_value(process, FIELD_UID, format, &line);
                buf_string(&line, "  ");
                put_ways(signalling->object, process, &line);
                buf_string(&line, "  ");
                put_value(process, FIELD_COMMAND, format, &line);
                box_add_choice(text, obstacle(process) ? LOOK_DIM : 0, buf_text(&line));
        }
        buf_done(&line);
}

static void add_target(const struct signalling *signalling, const struct format *format, struct box_text *text)
{
        const struct process *process = signalling->chosen;
        struct format when = *format;
        struct value start = { .field = FIELD_START_TIME, .type = VALUE_UINT, .u = process->start };
        struct buf line = { 0 };

        when.time = TIME_RELATIVE;
        buf_printf(&line, "%d ", (int)process->pid);
        escape_display(&line, process->comm, format->utf8);
        /* TRANSLATORS: behind it stands the name of a user */
        buf_string(&line, _("  user "));
        put_value(process, FIELD_UID, format, &line);
        /* TRANSLATORS: behind it stands a span of time */
        buf_string(&line, _("  age "));
        format_value(&line, &start, &when);
        box_add(text, LOOK_BOLD, 2, buf_text(&line));
        buf_clear(&line);
        put_value(process, FIELD_COMMAND, format, &line);
        box_add(text, 0, 2, buf_text(&line));
        buf_done(&line);
}

/* What the process does with the signal, where that is not what it says. */
static const char *answer(const struct process *process, int signal)
{
        static const struct {
                uint16_t field;
                const char *word;
        } answers[] = {
                { FIELD_SIGNALS_IGNORED, N_("it ignores it") },
                { FIELD_SIGNALS_BLOCKED, N_("it blocks it for now") },
                { FIELD_SIGNALS_CAUGHT, N_("it handles it") },
        };

        for (size_t i = 0; i < COUNT(answers); i++) {
                const struct value *value = row_get(process_row(process), answers[i].field);

                if (value && value->type == VALUE_WORDS && value->u >> (signal - 1) & 1)
                        return answers[i].word;
        }
        return NULL;
}

static void add_signals(const struct signalling *signalling, struct box_text *text)
{
        struct buf line = { 0 };

        for (size_t i = 0; i < COUNT(signals); i++) {
                const char *word = answer(signalling->chosen, signals[i].number);

                buf_clear(&line);
                buf_printf(&line, "%-6s%3d  %s", signals[i].name, signals[i].number, _(signals[i].help));
                if (word)
                        buf_printf(&line, " (%s)", _(word));
                box_add_choice(text, 0, buf_text(&line));
        }
        buf_done(&line);
}

static void fill(const struct ui *ui, const struct dialog *dialog, struct box_text *text)
{
        const struct signalling *signalling = (const struct signalling *)dialog;
        struct format format = ui_format(ui);

        format.snapshot = signalling->scene->snapshot;
        if (!signalling->chosen) {
                add_candidates(signalling, &format, text);
                return;
        }
        add_target(signalling, &format, text);
        add_signals(signalling, text);
}

/* --- keys ------------------------------------------------------------------------- */

static size_t count_headings(const struct box *box)
{
        size_t n = 0;

        while (n < box->text.n && box->text.lines[n].heading)
                n++;
        return n;
}

/* The list shows who or which signal; the button says what comes next. */
static void show(const struct ui *ui, struct signalling *signalling)
{
        struct box *box = &signalling->shown.box;
        struct buf title = { 0 };

        if (signalling->chosen)
                buf_printf(&title, _("Send a signal to %d?"), (int)signalling->chosen->pid);
        else
                buf_printf(&title, _("Send a signal: %.*s"), (int)signalling->object->ref.len,
                           signalling->object->ref.data);
        dialog_title(ui, box, buf_text(&title));
        buf_done(&title);
        box->controls[signalling->go].label = signalling->chosen ? _("Send") : _("Next");
        box_focus(box, signalling->cancel);
        box->top = 0;
        box->at = 0;
        box_refill(ui, &signalling->shown.dialog, box);
        box_choose(ui, box, 0);
}

static void choose_process(struct ui *ui, struct signalling *signalling, const struct process *process)
{
        if (obstacle(process)) {
                ui_message(ui, STYLE_WARN, "%d: %s", (int)process->pid, obstacle(process));
                return;
        }
        signalling->chosen = process;
        show(ui, signalling);
}

static void go_on(struct ui *ui, struct signalling *signalling)
{
        const struct box *box = &signalling->shown.box;
        size_t headings = count_headings(box), at;
        struct order *order;

        if (box->at < (long)headings)
                return;
        at = (size_t)box->at - headings;
        if (!signalling->chosen && at < signalling->n) {
                choose_process(ui, signalling, signalling->processes[at]);
                return;
        }
        if (!signalling->chosen || at >= COUNT(signals))
                return;
        order = order_new(ORDER_SIGNAL, signalling->scene);
        order->process = signalling->chosen;
        order->signal = signals[at].number;
        dialog_order(ui, order);
}

static bool key(struct ui *ui, struct dialog *dialog, const struct input *input)
{
        struct signalling *signalling = (struct signalling *)dialog;
        unsigned control = 0;

        switch (box_key(ui, dialog, &signalling->shown.box, input, &control)) {
        case BOX_CANCEL:
                return false;
        case BOX_PRESS:
                if (control != signalling->go)
                        return false;
                go_on(ui, signalling);
                return true;
        case BOX_CHANGE:
        case BOX_NONE:
                break;
        }
        return true;
}

static void signalling_free(struct dialog *dialog)
{
        struct signalling *signalling = (struct signalling *)dialog;

        box_done(&signalling->shown.box);
        free(signalling->processes);
        scene_drop(signalling->scene);
        free(signalling);
}

static const struct dialog_class signalling_class = {
        .name = "signal", .key = key, .draw = dialog_draw_box, .free = signalling_free,
};

static struct signalling *signalling_new(const struct ui *ui)
{
        struct signalling *signalling = memory_new(sizeof(*signalling));
        struct box *box = &signalling->shown.box;

        signalling->shown.dialog.class = &signalling_class;
        signalling->scene = scene_take(ui->scene);
        box->want = 72;
        box->fill = fill;
        signalling->cancel = box_control(box, CONTROL_BUTTON, _("Cancel"));
        signalling->go = box_control(box, CONTROL_BUTTON, "");
        return signalling;
}

void dialog_signal(struct ui *ui)
{
        const struct process *process;
        const struct object *object;
        struct signalling *signalling;

        if (!dialog_may_act(ui) || !ui->scene)
                return;
        process = scene_process(ui->scene, ui_subject(ui));
        object = scene_object(ui->scene, ui_subject(ui));
        if (!process && !object) {
                ui_message(ui, STYLE_WARN, _("there is no process here to send a signal to"));
                return;
        }
        signalling = signalling_new(ui);
        signalling->object = object;
        if (object)
                find_processes(signalling, object);
        if (!process && signalling->n == 1)
                process = signalling->processes[0];
        if ((!process && signalling->n == 0) || (process && obstacle(process))) {
                ui_message(ui, STYLE_WARN, "%s",
                           process ? obstacle(process) : _("nobody has it, as far as can be seen"));
                signalling_free(&signalling->shown.dialog);
                return;
        }
        signalling->chosen = process;
        show(ui, signalling);
        dialog_open(ui, &signalling->shown.dialog);
}
