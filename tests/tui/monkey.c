/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A monkey at the keyboard: random keys, clicks, sizes and scenes with hostile
 * names. Whatever it does, the state stays sound, every frame can be drawn, and nothing is
 * removed that it was not shown, with Cancel in focus, and did not agree to.
 *
 *   monkey [KEYS [SEED]]         (or $MONKEY_KEYS)
 */
#include "monkey.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/array.h"
#include "base/utf8.h"
#include "kind/kinds.h"
#include "tui/layout.h"
#include "tui/prompt.h"

static __attribute__((noreturn, format(printf, 2, 3))) void fault(struct monkey *monkey, const char *format, ...)
{
        struct buf screen = { 0 };
        va_list list;

        va_start(list, format);
        printf("not ok - key %lu: ", monkey->keys);
        vprintf(format, list);
        va_end(list);
        grid_dump(&monkey->grid, false, &screen);
        printf("\nin %s:\n%s\n", ui_level(&monkey->ui)->view->name, screen.data);
        exit(1);
}

/* --- consent --------------------------------------------------------------- */

static bool removal_is_open(const struct monkey *monkey)
{
        return monkey->ui.dialog && strcmp(monkey->ui.dialog->class->name, "remove") == 0;
}

static void note_chosen(struct monkey *monkey)
{
        const struct object **objects;

        monkey->nchosen = ui_chosen(&monkey->ui, &objects);
        for (size_t i = 0; i < monkey->nchosen; i++)
                monkey->chosen[i] = subject_of_object(objects[i]);
        free(objects);
}

static bool was_chosen(const struct monkey *monkey, const struct object *object)
{
        for (size_t i = 0; i < monkey->nchosen; i++)
                if (subject_equal(monkey->chosen[i], subject_of_object(object)))
                        return true;
        return false;
}

/* Were the digits of the number typed, in their order? */
static bool typed_number(const struct monkey *monkey, size_t number)
{
        char digits[24];
        const char *at = monkey->digits;

        snprintf(digits, sizeof(digits), "%zu", number);
        for (const char *digit = digits; *digit; digit++) {
                at = strchr(at, *digit);
                if (!at)
                        return false;
                at++;
        }
        return true;
}

static void check_removal(struct monkey *monkey, const struct order *order, bool by_mouse)
{
        if (!monkey->asked)
                fault(monkey, "a removal that nobody was asked about");
        if (!by_mouse && monkey->typed_keys < 2)
                fault(monkey, "a removal by the first key: Cancel did not have the focus");
        if (order->plan.nchosen == 0)
                fault(monkey, "a removal of nothing");
        if (plan_needs_number(&order->plan) && !typed_number(monkey, order->plan.nchosen))
                fault(monkey, "a removal whose number was not typed");
        for (size_t i = 0; i < order->plan.n; i++)
                if (order->plan.rows[i].chosen && !was_chosen(monkey, order->plan.rows[i].object))
                        fault(monkey, "a removal of what was not chosen");
        monkey->removals++;
}

static void take_requests(struct monkey *monkey, bool by_mouse)
{
        const struct ui_options *options = &monkey->ui.options;
        struct request request;

        while (ui_next_request(&monkey->ui, &request)) {
                if (request.type == REQUEST_RUN) {
                        monkey->runs++;
                        if (options->recorded || (options->readonly && strncmp(request.path.data, "rm", 2) == 0))
                                fault(monkey, "'%s' is to be run", request.path.data);
                }
                if (request.type == REQUEST_ORDER) {
                        monkey->orders++;
                        if (options->recorded || options->readonly)
                                fault(monkey, "an order with --readonly");
                        if (!request.order)
                                fault(monkey, "an order of nothing");
                        if (request.order->type == ORDER_REMOVE)
                                check_removal(monkey, request.order, by_mouse);
                        if (!monkey->order) {
                                monkey->order = request.order;
                                request.order = NULL;
                        }
                }
                request_done(&request);
        }
}

/* Now and then, an order goes on. */
static void carry_out(struct monkey *monkey)
{
        struct outcome outcome = { .style = STYLE_GOOD, .done = 1 };

        if (!monkey->order || below(monkey, 4) > 0)
                return;
        buf_string(&outcome.command, "ipcview rm shm:1");
        buf_string(&outcome.result, "removed\033");
        outcome.number = monkey->order->number;
        outcome.last = below(monkey, 3) == 0;
        outcome.only_progress = !outcome.last && below(monkey, 2);
        outcome.bytes_all = 100;
        outcome.bytes_done = below(monkey, 101);
        ui_outcome(&monkey->ui, &outcome);
        buf_done(&outcome.command);
        buf_done(&outcome.result);
        if (outcome.last) {
                order_free(monkey->order);
                monkey->order = NULL;
        }
}

/* --- what must hold -------------------------------------------------------- */

static void check_state(struct monkey *monkey)
{
        const struct ui *ui = &monkey->ui;
        const struct level *level = ui_level(ui);
        const struct prompt *prompt = &ui->prompt;

        if (ui->nlevels < 1 || ui->nlevels > LEVELS_MOST)
                fault(monkey, "%u levels", ui->nlevels);
        if (ui->rows.n > 0 && level->top >= ui->rows.n)
                fault(monkey, "line %zu of %zu is the first", level->top, ui->rows.n);
        if (ui->rows.n > 0 && !(level->view->flags & VIEW_SCROLLS)) {
                struct layout layout;

                layout_measure(ui, &layout);
                if (level->at >= ui->rows.n)
                        fault(monkey, "the cursor is in row %zu of %zu", level->at, ui->rows.n);
                if (level->at < level->top || (layout.body_height > 0 && level->at >= level->top + layout.body_height))
                        fault(monkey, "the cursor is out of sight");
                if (ui_row(ui) && !subject_equal(ui_row(ui)->subject, level->cursor))
                        fault(monkey, "the cursor is on another subject");
        }
        if (prompt->text.len > PROMPT_MOST || prompt->cursor > prompt->text.len || !utf8_valid(buf_text(&prompt->text)) ||
            !utf8_valid((struct text){ prompt->text.data, prompt->cursor }))
                fault(monkey, "the prompt is broken");
        if (!utf8_valid(buf_text(&ui->message)) || !utf8_valid(buf_text(&prompt->hint)))
                fault(monkey, "a message is broken");
        if (ui->dialog && ui->prompt.type != PROMPT_NONE)
                fault(monkey, "a dialog and a prompt at once");
}

static void check_grid(struct monkey *monkey)
{
        const struct grid *grid = &monkey->grid;

        layout_draw(&monkey->ui, &monkey->grid);
        if (grid->width != monkey->ui.width || grid->height != monkey->ui.height)
                fault(monkey, "%ux%u is drawn as %ux%u", monkey->ui.width, monkey->ui.height, grid->width, grid->height);
        if (grid->cursor && (grid->cursor_x >= grid->width || grid->cursor_y >= grid->height))
                fault(monkey, "the cursor is drawn at %u,%u", grid->cursor_x, grid->cursor_y);
        for (unsigned y = 0; y < grid->height; y++)
                for (unsigned x = 0; x < grid->width; x++) {
                        const struct grid_cell *cell = &grid->cells[(size_t)y * grid->width + x];
                        struct text rest = { cell->bytes, cell->len };

                        while (rest.len > 0) {
                                uint32_t code;
                                unsigned len = utf8_decode(rest, &code);

                                if (len == 0 || utf8_width(code) < 0 || (!monkey->ui.options.utf8 && code > 0x7e))
                                        fault(monkey, "%u,%u holds U+%04" PRIX32, x, y, code);
                                rest = text_from(rest, len);
                        }
                }
}

/* --- hands ----------------------------------------------------------------- */

static void press(struct monkey *monkey, const struct input *input)
{
        bool was_open = removal_is_open(monkey);

        monkey->keys++;
        if (monkey->keys % 500 == 0)
                alarm(HANG_SECONDS);
        if (was_open) {
                size_t len = strlen(monkey->digits);

                monkey->typed_keys++;
                if (input->key >= '0' && input->key <= '9' && len + 1 < TYPED_MOST) {
                        monkey->digits[len] = (char)input->key;
                        monkey->digits[len + 1] = 0;
                }
        }
        ui_key(&monkey->ui, input);
        ui_settle(&monkey->ui);
        take_requests(monkey, input->key == UI_KEY_MOUSE);
        carry_out(monkey);
        ui_settle(&monkey->ui);
        check_state(monkey);
        check_grid(monkey);
        if (!removal_is_open(monkey))
                monkey->asked = false;
        else if (!was_open) {
                monkey->asked = true;
                monkey->questions++;
                monkey->typed_keys = 0;
                monkey->digits[0] = 0;
                note_chosen(monkey);
        }
}

static void type(struct monkey *monkey, const char *script)
{
        struct text rest = text_of(script);
        struct script_step step;

        while (script_next(&rest, &step) > 0)
                for (unsigned i = 0; i < step.times; i++)
                        press(monkey, &step.input);
}

static void press_bound_key(struct monkey *monkey)
{
        struct text rest = text_of(action_facts((enum action)(1 + below(monkey, ACTION_COUNT - 1)))->keys), name;
        struct input input = { 0 };

        if (text_word(&rest, &name) && key_find(name, &input.key))
                press(monkey, &input);
}

static void press_any_key(struct monkey *monkey)
{
        static const uint32_t lasts[] = { 0x20, 0x7f, 0x300, 0x3000, 0x110000, KEY_AFTER + 2, UINT32_MAX };

        press(monkey, &(struct input){ .key = (uint32_t)(draw(monkey) % lasts[below(monkey, COUNT(lasts))]) });
}

static void point(struct monkey *monkey)
{
        press(monkey, &(struct input){ UI_KEY_MOUSE, (enum mouse)below(monkey, MOUSE_WHEEL_DOWN + 1),
                                       below(monkey, monkey->ui.width + 2), below(monkey, monkey->ui.height + 2) });
}

static void type_phrase(struct monkey *monkey)
{
        static const char *const phrases[] = {
                ":shm<Enter>", ":unix<Enter>", ":objects<Enter>", ":mq<Enter>", ":processes<Enter>", ":relations<Enter>",
                ":filter size_bytes > 4K<Enter>", "<Esc>:filter<Enter>", ":sort size_bytes:desc<Enter>", ":sort none<Enter>",
                ":columns +state,-owner<Enter>", ":columns<Enter>", "<Esc*3>", ":rm shm:1<Enter>", ":write /x<Enter>",
                ":shm:1<Enter>", ":pid:101<Enter>", ":<Tab*2>s<Tab><Up*3><Down>", "\\owner == 1000<Enter>", "\\st<Tab><Esc>",
                "/a<Enter>nNn", "/\xe6\xbc\xa2<Backspace><Esc>", "x<Right><Down><Right><Down><Right>t<Left>", "U", "<Space*3>",
                "D<Tab><Enter>", "U:shm<Enter>D<Tab*2><Enter>", ":objects<Enter>*D", "D<Tab><Space><Tab*2>1<Tab><Enter>", "D<Tab>3<Enter*2>",
                "D<Down><Space><Down*2>2<Enter><Enter>", "D<Up>1<Enter>", "S<Tab><Enter>", "s<Tab><Down><Enter>", "e<Tab>7<Enter>",
                "c<Down><Space><Enter>", "<Esc*4>U:shm<Enter>gD",
        };

        type(monkey, phrases[below(monkey, COUNT(phrases))]);
}

/* A terminal without bracketed paste: bytes come as keys. */
static void paste(struct monkey *monkey)
{
        char room[200];
        struct text text = hostile_text(monkey, room, sizeof(room));
        uint32_t code;

        while (text.len > 0) {
                unsigned len = utf8_decode(text, &code);

                press(monkey, &(struct input){ .key = code });
                text = text_from(text, len > 0 ? len : 1);
        }
}

/* A terminal with it: nothing happens, but in a line that is typed in. */
static void paste_marked(struct monkey *monkey)
{
        static const char *const texts[] = { "D\r", "q", ":quit\r\n", "*D\t\r7\r", "\033[201~D", "size_bytes > 4K" };
        const struct ui *ui = &monkey->ui;
        const struct level *level = ui_level(ui);
        const struct view *view = level->view;
        const struct dialog *dialog = ui->dialog;
        enum prompt_type prompt = ui->prompt.type;
        unsigned nrequests = ui->nrequests;
        char room[200];

        ui_paste(&monkey->ui, below(monkey, 2) ? hostile_text(monkey, room, sizeof(room))
                                               : text_of(texts[below(monkey, COUNT(texts))]));
        if (ui_level(ui) != level || level->view != view || ui->dialog != dialog || ui->prompt.type != prompt ||
            ui->nrequests != nrequests)
                fault(monkey, "pasted text did more than to be typed");
        if (!dialog && prompt == PROMPT_NONE && ui->message.len == 0)
                fault(monkey, "pasted text was ignored silently");
}

/* Around in the box that asks: a monkey that wants it. */
static void insist(struct monkey *monkey)
{
        static const char *const keys[] = { "<Tab>", "<Tab>", "<Tab>", "<S-Tab>", "<Space>", "<Enter>", "<Enter>", "1", "2",
                                            "3", "4", "<Backspace>" };

        for (unsigned n = below(monkey, 60); n > 0 && removal_is_open(monkey); n--)
                type(monkey, keys[below(monkey, COUNT(keys))]);
}

/* The frame that is there, mended, is the one that would be drawn anew. */
static void let_time_pass(struct monkey *monkey)
{
        struct grid whole = { 0 };

        monkey->now += (int64_t)below(monkey, 4) * 700 * 1000 * 1000;
        ui_time(&monkey->ui, monkey->now);
        if (!layout_draw_time(&monkey->ui, &monkey->grid))
                return;
        layout_draw(&monkey->ui, &whole);
        if (memcmp(whole.cells, monkey->grid.cells, (size_t)whole.width * whole.height * sizeof(*whole.cells)) != 0)
                fault(monkey, "more than the title tells the time");
        grid_done(&whole);
}

static void happen(struct monkey *monkey)
{
        unsigned what = below(monkey, 100);

        if (removal_is_open(monkey) && what % 2)
                insist(monkey);
        else if (what < 45)
                press_bound_key(monkey);
        else if (what < 55)
                press_any_key(monkey);
        else if (what < 67)
                point(monkey);
        else if (what < 80)
                type_phrase(monkey);
        else if (what < 82)
                (below(monkey, 3) ? paste_marked : paste)(monkey);
        else if (what < 83) {
                type(monkey, below(monkey, 2) ? "<Esc*3>U:shm<Enter>D" : "<Esc*3>:sem<Enter>*D");
                insist(monkey);
        }
        else if (what < 86)
                ui_size(&monkey->ui, 1 + below(monkey, below(monkey, 10) ? 130 : 400), 1 + below(monkey, 60));
        else if (what < 92)
                let_time_pass(monkey);
        else if (what < 96)
                ui_scene(&monkey->ui, make_scene(monkey));
        else
                type(monkey, "<Esc>");
        /* There is always a way back from a dialog. */
        if (monkey->ui.dialog && below(monkey, 6) == 0)
                type(monkey, "<Esc*3>");
        ui_settle(&monkey->ui);
        check_state(monkey);
        check_grid(monkey);
}

static void begin(struct monkey *monkey, uint64_t seed, const struct ui_options *options)
{
        *monkey = (struct monkey){ .random = seed, .now = INT64_C(1795287852) * 1000 * 1000 * 1000 };
        for (unsigned i = 0; i < POOL; i++)
                monkey->pool[i] = (struct slot){ all_kinds.kinds[below(monkey, all_kinds.nkinds)], i + 1, below(monkey, 2) };
        /* Most of them can be removed. */
        for (unsigned i = 0; i < POOL / 2; i++)
                monkey->pool[i].kind = all_kinds.kinds[below(monkey, 6)];
        ui_init(&monkey->ui, options, 80, 24);
        ui_time(&monkey->ui, monkey->now);
        ui_settle(&monkey->ui);
        check_grid(monkey);
        ui_scene(&monkey->ui, make_scene(monkey));
        ui_settle(&monkey->ui);
        check_grid(monkey);
}

/* That nothing happened proves nothing: orders, some of them removals and some not, and what they ran. */
static bool has_done_little(const struct monkey *monkey)
{
        return monkey->removals == 0 || monkey->orders == monkey->removals || monkey->runs == 0;
}

static void play(unsigned number, const char *name, unsigned long keys, uint64_t seed, const struct ui_options *options)
{
        struct monkey *monkey = calloc(1, sizeof(*monkey));
        bool may_act = !options->readonly && !options->recorded;

        if (!monkey)
                exit(1);
        printf("# %s: %lu keys, seed %" PRIu64 "\n", name, keys, seed);
        fflush(stdout);
        alarm(HANG_SECONDS);
        begin(monkey, seed, options);
        may_act &= keys >= KEYS_USUAL;
        while (monkey->keys < keys || (may_act && has_done_little(monkey) && monkey->keys / LONGER < keys))
                happen(monkey);
        if (may_act && has_done_little(monkey))
                fault(monkey, "%u orders, %u removals, %u runs: too few", monkey->orders, monkey->removals, monkey->runs);
        printf("# %u scenes, %u questions, %u orders, %u of them removals, %u commands\n", monkey->scenes,
               monkey->questions, monkey->orders, monkey->removals, monkey->runs);
        printf("ok %u - %s\n", number, name);
        order_free(monkey->order);
        ui_done(&monkey->ui);
        grid_done(&monkey->grid);
        free(monkey);
}

int main(int argc, char **argv)
{
        const char *asked = argc > 1 ? argv[1] : getenv("MONKEY_KEYS");
        unsigned long keys = asked ? strtoul(asked, NULL, 10) : KEYS_USUAL;
        uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 6;

        printf("1..3\n");
        play(1, "live", keys, seed, &(struct ui_options){ .utf8 = true, .mouse = true, .save_to = "/nowhere" });
        play(2, "read-only", keys / 4, seed + 1, &(struct ui_options){ .utf8 = true, .mouse = true, .readonly = true });
        play(3, "recorded, ASCII", keys / 4, seed + 2, &(struct ui_options){ .mouse = true, .recorded = true, .fixed = true });
        return 0;
}
