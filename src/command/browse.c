/* SPDX-License-Identifier: GPL-2.0-or-later */
/* browse: the screen browser; its services, which touch the machine. */
#include "base/i18n.h"
#include "command/browse-acts.h"
#include "command/browse-collector.h"
#include "command/browse-files.h"
#include "command/browse-options.h"
#include "command/browse-run.h"
#include "command/browse-state.h"
#include "command/check.h"
#include "command/message.h"
#include "sys/host.h"
#include "sys/input.h"
#include "sys/state.h"
#include "sys/user-file.h"
#include "tui/loop.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

enum { SCRIPT_MOST = 1 << 20 };

struct browser {
        struct session session;
        struct browse_options options;
        struct configuration configuration;
        struct terminal terminal;
        struct collector *collector;
        struct acts_queue *acts;        /* NULL: nothing can be changed from here */
        struct ui ui;
        struct buf save_to;
        int epoll;                      /* what the services tell of */
        int64_t recorded_at;            /* the moment of the scene; 0: the clock's */
};

/* --- services -------------------------------------------------------------------- */

static struct event next_event(void *data)
{
        struct browser *browser = data;
        struct event event = { .type = EVENT_NONE };

        if (browser->acts && acts_take(browser->acts, &event.outcome)) {
                event.type = EVENT_OUTCOME;
                return event;
        }
        event.scene = collector_take(browser->collector);
        if (event.scene) {
                event.type = EVENT_SCENE;
                if (browser->ui.options.recorded)
                        browser->recorded_at = event.scene->snapshot->origin.time;
        }
        return event;
}

static void refresh(void *data, bool anew)
{
        struct browser *browser = data;

        collector_ask(browser->collector, anew);
}

static void drop(void *data, struct scene *scene)
{
        struct browser *browser = data;

        collector_drop(browser->collector, scene);
}

static void perform(void *data, struct order *order)
{
        struct browser *browser = data;

        acts_perform(browser->acts, order);
}

static int write_file(void *data, const char *path, struct text text)
{
        (void)data;
        return user_file_new(path, text, 0600);
}

static int run_line(void *data, const char *line)
{
        struct browser *browser = data;
        const char *sysroot = browser->session.invocation->settings.sysroot;
        const char *const global[] = { sysroot ? "--sysroot" : NULL, sysroot, NULL };
        struct command_line command_line;
        int status;

        status = command_line_split(text_of(line), global, &command_line);
        if (status < 0) {
                ui_message(&browser->ui, STYLE_BAD, _("the closing quote is missing"));
                return status;
        }
        status = command_line_run(&command_line, &browser->terminal, browser->ui.options.utf8);
        command_line_done(&command_line);
        return status;
}

static int64_t now(void *data)
{
        const struct browser *browser = data;
        struct timespec time;

        if (browser->ui.options.recorded)
                return browser->recorded_at;
        clock_gettime(CLOCK_REALTIME, &time);
        return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static struct services services_of(struct browser *browser)
{
        return (struct services){
                .data = browser, .fd = browser->epoll, .in = browser->terminal.in, .out = STDOUT_FILENO,
                .begin_with = browser->options.begin_with,
                .next = next_event, .refresh = refresh, .drop = drop, .perform = perform, .write = write_file,
                .run = run_line, .now = now,
        };
}

/* --- to begin --------------------------------------------------------------------- */

/* Never an escape into a pipe. */
static enum exit_status find_terminal(struct browser *browser)
{
        const struct invocation *invocation = browser->session.invocation;

        browser->terminal = (struct terminal){ .in = STDIN_FILENO, .out = STDOUT_FILENO };
        if (browse_options_scripted(&browser->options))
                return STATUS_DONE;
        if (!isatty(STDOUT_FILENO)) {
                message(invocation, NULL, _("standard output is no terminal: ipcview list prints a table"));
                return STATUS_USAGE;
        }
        if (isatty(STDIN_FILENO) && !browse_options_take_input(&browser->options))
                return STATUS_DONE;
        if (!browse_options_take_input(&browser->options) || terminal_find(true, &browser->terminal) < 0) {
                message(invocation, NULL, _("standard input is no terminal: ipcview list prints a table"));
                return STATUS_USAGE;
        }
        return STATUS_DONE;
}

/* Everything: nobody knows yet what somebody will look at. */
static void ask_for_all(struct session *session, const struct configuration *configuration)
{
        session_want_all_kinds(session);
        session_want_all_fields(session);
        check_want(session);
        protections_fields(configuration->protections, &session->want.fields);
        session->want.waiters = session->want.processes = session->want.holders;
}

static bool is_recorded(const struct browser *browser)
{
        return browser->options.nfiles > 0 || browser->session.invocation->settings.sysroot;
}

/* One descriptor for all that may happen. */
static int gather(struct browser *browser, int fd)
{
        struct epoll_event event = { .events = EPOLLIN };

        if (browser->epoll < 0)
                browser->epoll = epoll_create1(EPOLL_CLOEXEC);
        if (browser->epoll < 0 || epoll_ctl(browser->epoll, EPOLL_CTL_ADD, fd, &event) < 0)
                return -errno;
        return 0;
}

static enum exit_status start_collector(struct browser *browser)
{
        const struct invocation *invocation = browser->session.invocation;
        struct collector_options options = { .utf8 = browser->session.format.utf8,
                                             .protections = browser->configuration.protections };
        struct findings_options findings;
        int levels[LIMIT_COUNT], err;

        if (browser->options.nfiles) {
                enum exit_status status = browse_files_read(invocation, &browser->options, &options.source.recorded);

                if (status != STATUS_DONE)
                        return status;
                options.source.nrecorded = browser->options.nfiles;
                browser->recorded_at = options.source.recorded[0]->origin.time;
        } else if (invocation->settings.sysroot) {
                browser->recorded_at = host_time(browser->session.host);
        }
        ask_for_all(&browser->session, &browser->configuration);
        check_options(&browser->session, &browser->configuration, 0, levels, &findings);
        options.source.sysroot = invocation->settings.sysroot;
        options.source.want = browser->session.want;
        options.rules = findings.rules;
        options.levels = levels;
        err = collector_start(&options, &browser->collector);
        if (err == 0)
                err = gather(browser, collector_fd(browser->collector));
        if (err == 0)
                return STATUS_DONE;
        message(invocation, NULL, strerror(-err));
        return STATUS_FAILED;
}

/* --filter and --sort are for every list of objects, until somebody changes them there. */
static void settle_views(struct browser *browser)
{
        const struct settings *settings = &browser->session.invocation->settings;
        struct parse_error error;

        for (unsigned i = 0; i < all_views_count; i++) {
                const struct view *view = all_views[i];

                if (!(view->flags & VIEW_OBJECTS))
                        continue;
                /* Read once already: it is right. */
                if (settings->filter)
                        (void)ui_filter(&browser->ui, view, settings->filter, &error);
                if (browser->session.sorted) {
                        ui_settings(&browser->ui, view)->sort = browser->session.sort.field;
                        ui_settings(&browser->ui, view)->descending = browser->session.sort.descending;
                }
        }
}

static void start_ui(struct browser *browser, bool trusted)
{
        const struct browse_options *options = &browser->options;
        const struct session *session = &browser->session;
        bool scripted = browse_options_scripted(options);
        struct ui_options ui_options = {
                .utf8 = session->format.utf8, .colour = session->look.colour, .mouse = !options->no_mouse,
                /* A script agrees to nothing: rm has --yes for that. */
                .readonly = options->readonly || !trusted || scripted,
                .recorded = is_recorded(browser),
                .fixed = scripted, .protections = browser->configuration.protections, .format = session->format,
        };

        if (state_directory(&browser->save_to) == 0) {
                buf_string(&browser->save_to, "/saved");
                ui_options.save_to = browser->save_to.data;
        }
        ui_init(&browser->ui, &ui_options, options->width, options->height);
        browse_state_load(&browser->ui);
        if (options->interval_ms)
                browser->ui.interval_ms = browser->ui.paced_ms = options->interval_ms;
        settle_views(browser);
}

/* Without a thread for it nothing can be changed; looking goes on. */
static void start_acts(struct browser *browser)
{
        struct ui_options *options = &browser->ui.options;

        if (options->readonly || options->recorded)
                return;
        if (acts_start(&browser->acts) < 0 || gather(browser, acts_fd(browser->acts)) < 0)
                options->readonly = true;
}

/* --- to run ------------------------------------------------------------------------ */

static enum exit_status run_screen(struct browser *browser, int *ret_signal)
{
        struct services services = services_of(browser);
        const char *term = getenv("TERM");
        struct buf subject = { 0 };
        int err = loop_run(&browser->ui, &services, ret_signal);

        if (err == 0) {
                browse_state_save(&browser->ui);
                return STATUS_DONE;
        }
        buf_printf(&subject, "TERM=%s", term ? term : "");
        if (err == -ENOTSUP)
                message(browser->session.invocation, subject.data,
                        _("this terminal can't move its cursor, or is not known: ipcview list prints a table"));
        else
                message(browser->session.invocation, NULL, strerror(-err));
        buf_done(&subject);
        return err == -ENOTSUP || err == -ENOTTY ? STATUS_USAGE : STATUS_FAILED;
}

static enum exit_status read_script(struct browser *browser, struct buf *ret)
{
        const char *path = browser->options.script;
        int err = path ? input_read(path, SCRIPT_MOST, ret) : 0;

        if (err < 0) {
                message(browser->session.invocation, path, strerror(-err));
                return STATUS_FAILED;
        }
        return STATUS_DONE;
}

/* FILE:LINE, as compilers tell. */
static enum exit_status complain_step(const struct browser *browser, struct text script, size_t at)
{
        struct buf subject = { 0 };
        unsigned line = 1;

        for (size_t i = 0; i < at; i++)
                line += script.data[i] == '\n';
        buf_printf(&subject, "%s:%u", browser->options.script, line);
        message(browser->session.invocation, subject.data, _("no key, and nothing that a script knows"));
        buf_done(&subject);
        return STATUS_USAGE;
}

static enum exit_status run_script(struct browser *browser)
{
        struct services services = services_of(browser);
        struct buf script = { 0 };
        enum exit_status status = read_script(browser, &script);
        size_t at;

        if (status == STATUS_DONE) {
                if (browser->options.dump)
                        buf_string(&script, "\n<Frame>");
                if (loop_script(&browser->ui, &services, buf_text(&script), &browser->session.sink.buf, &at) < 0)
                        status = complain_step(browser, buf_text(&script), at);
        }
        buf_done(&script);
        return status;
}

static enum exit_status browse(struct browser *browser, int *ret_signal)
{
        enum exit_status status = find_terminal(browser), trusted;

        if (status != STATUS_DONE)
                return status;
        /* What is protected is not known for sure then: nothing may be removed. */
        trusted = configuration_read(&browser->configuration, browser->session.invocation);
        status = start_collector(browser);
        if (status != STATUS_DONE)
                return status;
        start_ui(browser, trusted == STATUS_DONE);
        start_acts(browser);
        if (browse_options_scripted(&browser->options))
                return run_script(browser);
        return run_screen(browser, ret_signal);
}

static enum exit_status end(struct browser *browser, enum exit_status status)
{
        if (acts_stop(browser->acts))
                message(browser->session.invocation, NULL, _("stopped: the rest was not touched"));
        if (browser->ui.settings)
                ui_done(&browser->ui);
        /* A collection that goes on looks at the protections until the program ends. */
        if (collector_stop(browser->collector))
                configuration_done(&browser->configuration);
        if (browser->epoll >= 0)
                close(browser->epoll);
        terminal_close(&browser->terminal);
        buf_done(&browser->save_to);
        return session_close(&browser->session, status);
}

static enum exit_status run(struct invocation *invocation)
{
        struct browser browser = { .epoll = -1 };
        enum exit_status status = browse_options_read(invocation, &browser.options);
        int signal = 0;

        if (status != STATUS_DONE)
                return status;
        /* Read with the other files; what is done is done on this machine's screen. */
        invocation->settings.from = NULL;
        status = session_open(&browser.session, invocation);
        if (status == STATUS_DONE)
                status = browse(&browser, &signal);
        status = end(&browser, status);
        if (signal)
                raise(signal);
        return status;
}

const struct command command_browse = {
        .name = "browse",
        .usage = N_("[VIEW|KIND|REF]"),
        .summary = N_("a screen to walk around in, kept up to date"),
        .details = N_("Keys are told by ?, commands by Tab behind a colon. It is what ipcview does on a terminal\n"
                      "when no command is named."),
        .options = browse_option_specs, .noptions = BROWSE_OPTIONS,
        .saved = true,
        .run = run,
};
