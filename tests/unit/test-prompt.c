/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The line that is typed in: editing, history, completion, what commands do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/array.h"
#include "tui.h"

static void begin(struct ui *ui)
{
        tui_start(ui, tui_segments(NULL, TUI_NOW, 10, 20), false);
        tui_type(ui, ":shm<Enter>");
}

static void assert_prompt(const struct ui *ui, const char *text, size_t cursor)
{
        assert_int_not_equal(ui->prompt.type, PROMPT_NONE);
        assert_string_equal(ui->prompt.text.data, text);
        assert_int_equal(ui->prompt.text.len, strlen(text));
        assert_int_equal(ui->prompt.cursor, cursor);
}

/* --- editing --------------------------------------------------------------- */

static void text_is_edited(void **state)
{
        struct ui ui;

        (void)state;
        begin(&ui);
        tui_type(&ui, ":");
        assert_prompt(&ui, "", 0);
        tui_type(&ui, "abc def<Left*3>X");
        assert_prompt(&ui, "abc Xdef", 5);
        tui_type(&ui, "<Home>><End>lt");
        assert_prompt(&ui, ">abc Xdeflt", 11);
        tui_type(&ui, "<C-a><Delete><Right*3><C-k>");
        assert_prompt(&ui, "abc", 3);
        tui_type(&ui, " def  ghi  <C-w>");
        assert_prompt(&ui, "abc def  ", 9);
        tui_type(&ui, "<C-w>x<C-a><Right><C-u>");
        assert_prompt(&ui, "bc x", 0);
        tui_type(&ui, "<C-e><Backspace*3>");
        assert_prompt(&ui, "b", 1);
        tui_type(&ui, "<Left*5><Backspace><Delete*5>");
        assert_int_equal(ui.prompt.type, PROMPT_COMMAND);
        assert_prompt(&ui, "", 0);
        tui_type(&ui, "<Backspace>");                   /* nothing to delete: it is left */
        assert_int_equal(ui.prompt.type, PROMPT_NONE);
        ui_done(&ui);
}

static void pasted_text_is_typed(void **state)
{
        struct buf long_text = { 0 };
        struct ui ui;

        (void)state;
        begin(&ui);
        tui_type(&ui, ":ab<Left><Paste q\033D\r\nx y\n>c");
        assert_prompt(&ui, "aqD x ycb", 8);
        for (unsigned i = 0; i < 3 * PROMPT_MOST; i++)
                buf_byte(&long_text, 'x');
        ui_paste(&ui, buf_text(&long_text));
        assert_in_range(ui.prompt.text.len, PROMPT_MOST - 4, PROMPT_MOST);
        tui_type(&ui, "<Esc>/1<Paste 01\n>");
        assert_prompt(&ui, "101", 3);
        assert_string_equal(tui_at(&ui), "shm:16");     /* searched for at once */
        tui_type(&ui, "<Enter>\\no<Paste such>=<Enter>");
        assert_int_not_equal(ui.prompt.fault, SIZE_MAX);
        tui_type(&ui, "<Paste x>");
        assert_int_equal(ui.prompt.fault, SIZE_MAX);
        ui_done(&ui);
        buf_done(&long_text);
}

/* Nothing of it is a key: not D, not q, not Enter. */
static void pasted_text_is_nothing_else(void **state)
{
        static const char *const places[] = { "", "?", ":unix<Enter>", "D", "s", "c", "S" };
        struct ui ui;

        (void)state;
        for (unsigned i = 0; i < COUNT(places); i++) {
                const struct view *view;
                struct request request;
                struct dialog *dialog;

                begin(&ui);
                tui_type(&ui, places[i]);
                view = ui_level(&ui)->view;
                dialog = ui.dialog;
                tui_type(&ui, "<Paste D\r\t\rq:quit\r2 *\003\032>");
                assert_true(ui.message.len > 0);
                assert_int_equal(ui.message_style, STYLE_WARN);
                assert_ptr_equal(ui_level(&ui)->view, view);
                assert_ptr_equal(ui.dialog, dialog);
                assert_int_equal(ui.prompt.type, PROMPT_NONE);
                assert_int_equal(ui.marks.used, 0);
                assert_false(ui_next_request(&ui, &request));
                ui_done(&ui);
        }
}

static void characters_are_whole(void **state)
{
        struct ui ui;

        (void)state;
        begin(&ui);
        /* e with an accent of its own and one beneath, a wide character, a face beyond the BMP */
        tui_type(&ui, ":ae\xcc\x81\xcc\xa3" "b\xe6\xbc\xa2" "c\xf0\x9f\x98\x80");
        assert_prompt(&ui, "ae\xcc\x81\xcc\xa3" "b\xe6\xbc\xa2" "c\xf0\x9f\x98\x80", 15);
        tui_type(&ui, "<Left>");
        assert_int_equal(ui.prompt.cursor, 11);
        tui_type(&ui, "<Left*2>");
        assert_int_equal(ui.prompt.cursor, 7);
        tui_type(&ui, "<Left*2>");
        assert_int_equal(ui.prompt.cursor, 1);
        tui_type(&ui, "<Right>");
        assert_int_equal(ui.prompt.cursor, 6);
        tui_type(&ui, "<Backspace>");
        assert_prompt(&ui, "ab\xe6\xbc\xa2" "c\xf0\x9f\x98\x80", 1);
        tui_type(&ui, "<Right><Delete>");
        assert_prompt(&ui, "abc\xf0\x9f\x98\x80", 2);
        ui_done(&ui);
}

static void hostile_bytes_do_not_come_in(void **state)
{
        static const uint32_t hostile[] = { 0, 0x1c, 0x1f, 0x80, 0x9b, 0x85, 0xad, 0x200b, 0x200e, 0x202e, 0x2028,
                                            0x2066, 0xfeff, 0xe000, 0xd800, 0xffff, 0x10ffff, UI_KEY_F5,
                                            UI_KEY_PAGE_UP, UI_KEY_INSERT, KEY_AFTER, UINT32_MAX };
        struct ui ui;

        (void)state;
        begin(&ui);
        tui_type(&ui, ":x");
        for (unsigned i = 0; i < COUNT(hostile); i++)
                tui_key(&ui, hostile[i]);
        assert_prompt(&ui, "x", 1);
        for (unsigned i = 0; i < 3 * PROMPT_MOST; i++)
                tui_key(&ui, 0x1f600);
        assert_true(ui.prompt.text.len <= PROMPT_MOST);
        assert_true(ui.prompt.text.len > PROMPT_MOST - 8);
        ui_done(&ui);
}

/* --- history --------------------------------------------------------------- */

static void lines_are_remembered(void **state)
{
        struct ui ui;

        (void)state;
        begin(&ui);
        tui_type(&ui, "\\id > 1<Enter>\\<C-u>id > 2<Enter>\\<C-u>id > 1<Enter>\\<C-u>new");
        tui_type(&ui, "<Up>");
        assert_prompt(&ui, "id > 1", 6);
        tui_type(&ui, "<Up>");
        assert_prompt(&ui, "id > 2", 6);
        tui_type(&ui, "<Up*3>");
        assert_prompt(&ui, "id > 2", 6);
        tui_type(&ui, "<Down*2>");
        assert_prompt(&ui, "new", 3);
        tui_type(&ui, "<Down>");
        assert_prompt(&ui, "new", 3);
        tui_type(&ui, "<Esc>/<Up>");
        assert_prompt(&ui, "", 0);                      /* each kind of prompt has its own */
        tui_type(&ui, "<Esc>");
        for (unsigned i = 0; i < 2 * PROMPT_HISTORY_MOST; i++) {
                struct buf line = { 0 };

                buf_printf(&line, "line %u", i);
                prompt_remember(&ui.prompt, PROMPT_SEARCH, buf_text(&line));
                buf_done(&line);
        }
        prompt_remember(&ui.prompt, PROMPT_SEARCH, TEXT("a\033b"));
        prompt_remember(&ui.prompt, PROMPT_SEARCH, TEXT("a\xff"));
        prompt_remember(&ui.prompt, PROMPT_SEARCH, TEXT(""));
        assert_int_equal(ui.prompt.nhistory[PROMPT_SEARCH], PROMPT_HISTORY_MOST);
        assert_string_equal(ui.prompt.history[PROMPT_SEARCH][PROMPT_HISTORY_MOST - 1], "line 99");
        assert_string_equal(ui.prompt.history[PROMPT_SEARCH][0], "line 50");
        ui_done(&ui);
}

/* --- completion ------------------------------------------------------------ */

static void check_completion(struct ui *ui, const char *typed, const char *expected)
{
        tui_type(ui, typed);
        tui_key(ui, UI_KEY_TAB);
        if (strcmp(ui->prompt.text.data, expected) != 0)
                fail_msg("%s became '%s', not '%s' (%s)", typed, ui->prompt.text.data, expected, ui->prompt.hint.data);
        tui_type(ui, "<Esc>");
}

static void commands_are_completed(void **state)
{
        struct ui ui;

        (void)state;
        begin(&ui);
        check_completion(&ui, ":overv", "overview ");
        check_completion(&ui, ":inter", "interval ");
        check_completion(&ui, ":lim", "limits ");
        check_completion(&ui, ":limits exp", "limits exp");
        check_completion(&ui, ":shm:1", "shm:1");
        check_completion(&ui, ":shm:2", "shm:2");
        check_completion(&ui, ":unix:ino", "unix:ino=50");
        check_completion(&ui, ":pid:1", "pid:100 ");
        check_completion(&ui, ":rm unix:", "rm unix:ino=50");
        check_completion(&ui, ":explain ENOS", "explain ENOSPC ");
        check_completion(&ui, ":explain ENO", "explain ENO");
        check_completion(&ui, ":sort size_b", "sort size_bytes ");
        check_completion(&ui, ":sort size_bytes:d", "sort size_bytes:desc ");
        check_completion(&ui, ":columns ref,+size_b", "columns ref,+size_bytes ");
        check_completion(&ui, ":filter own", "filter owner ");
        check_completion(&ui, ":!jou", "!journal ");
        check_completion(&ui, ":zzz", "zzz");
        tui_type(&ui, ":<Tab>");
        assert_non_null(strstr(ui.prompt.hint.data, "overview"));
        assert_non_null(strstr(ui.prompt.hint.data, "filter"));
        assert_null(strstr(ui.prompt.hint.data, "relations"));
        tui_type(&ui, "<Esc>:zzz<Tab>");
        assert_true(ui.prompt.hint.len > 0);
        tui_type(&ui, "<Esc>:ov me<Left*3><Tab>");      /* in the midst of a line */
        assert_prompt(&ui, "overview me", 8);
        ui_done(&ui);
}

static void filters_are_completed(void **state)
{
        struct ui ui;

        (void)state;
        begin(&ui);
        check_completion(&ui, "\\size_b", "size_bytes ");
        check_completion(&ui, "\\state has orph", "state has orphan ");
        check_completion(&ui, "\\state==orph", "state==orphan ");
        check_completion(&ui, "\\state != orph", "state != orphan ");
        check_completion(&ui, "\\not own", "not owner ");
        check_completion(&ui, "\\!own", "!owner ");
        check_completion(&ui, "\\id > 1 a", "id > 1 and ");
        check_completion(&ui, "\\id > 1 and (size_b", "id > 1 and (size_bytes ");
        check_completion(&ui, "\\state h", "state has ");
        check_completion(&ui, "\\holders.pi", "holders.pid ");
        check_completion(&ui, "\\holders.zz", "holders.zz");
        check_completion(&ui, "\\mqd", "mqd");          /* no field of shared memory */
        ui_done(&ui);
}

/* --- commands -------------------------------------------------------------- */

static void views_kinds_and_references_are_gone_to(void **state)
{
        struct ui ui;

        (void)state;
        begin(&ui);
        tui_type(&ui, ":limits<Enter>");
        assert_string_equal(ui_level(&ui)->view->name, "limits");
        tui_type(&ui, ":pshm<Enter>");
        assert_string_equal(ui_level(&ui)->view->name, "objects");
        assert_string_equal(ui_level(&ui)->title, "pshm");
        assert_int_equal(ui.nlevels, 2);
        tui_type(&ui, ":shm:15<Enter>");
        assert_ptr_equal(ui_level(&ui)->view, &view_page);
        assert_string_equal(ui_level(&ui)->title, "shm:15");
        tui_type(&ui, ":pid:200<Enter>");
        assert_string_equal(ui_level(&ui)->title, "pid:200");
        tui_type(&ui, ":shm:0x100c<Enter>");
        assert_string_equal(ui_level(&ui)->title, "shm:12");
        tui_type(&ui, ":help<Enter>");
        assert_ptr_equal(ui_level(&ui)->view, &view_help);
        ui_done(&ui);
}

static void wrong_lines_stay_to_be_mended(void **state)
{
        static const struct {
                const char *typed;
                size_t fault;
        } wrong[] = {
                { "nosuch", 0 }, { "  nosuch", 2 }, { "relations", 0 }, { "text", 0 }, { "shm:99", 0 }, { "shm:x", 4 },
                { "pid:4711", 0 }, { "filter id >", 11 }, { "filter nosuch", 7 }, { "sort nosuch", 5 },
                { "columns a", 8 }, { "interval x", 9 }, { "interval 99d", 9 }, { "interval 1ms", 9 },
                { "pause now", 6 }, { "!nosuch x", 0 }, { "!", 0 }, { "explain", 7 }, { "write", 5 },
                { "shm all", 0 },
        };
        struct ui ui;

        (void)state;
        begin(&ui);
        for (unsigned i = 0; i < COUNT(wrong); i++) {
                tui_type(&ui, ":");
                tui_type(&ui, wrong[i].typed);
                tui_type(&ui, "<Enter>");
                if (ui.prompt.type != PROMPT_COMMAND || ui.prompt.fault != wrong[i].fault)
                        fail_msg("'%s': fault at %zu, not %zu", wrong[i].typed, ui.prompt.fault, wrong[i].fault);
                assert_true(ui.prompt.hint.len > 0);
                tui_type(&ui, "x");                     /* whoever goes on typing has read it */
                assert_int_equal(ui.prompt.fault, SIZE_MAX);
                tui_type(&ui, "<Esc>");
        }
        assert_int_equal(ui.nrequests, 0);
        assert_int_equal(ui.nlevels, 1);
        assert_int_equal(ui.prompt.nhistory[PROMPT_COMMAND], 1);
        ui_done(&ui);
}

static void check_run(struct ui *ui, const char *typed, const char *line)
{
        struct request request;

        tui_type(ui, typed);
        assert_int_equal(ui->prompt.type, PROMPT_NONE);
        assert_true(ui_next_request(ui, &request));
        assert_int_equal(request.type, REQUEST_RUN);
        assert_string_equal(request.path.data, line);
        request_done(&request);
        assert_false(ui_next_request(ui, &request));
}

static void command_lines_are_left_to_be_run(void **state)
{
        struct ui ui;

        (void)state;
        begin(&ui);
        check_run(&ui, ":rm -n shm:7<Enter>", "rm -n shm:7");
        check_run(&ui, ":  rm  shm:7  <Enter>", "rm  shm:7");
        check_run(&ui, ":!limits<Enter>", "limits");
        check_run(&ui, ":! help rm<Enter>", " help rm");
        check_run(&ui, ":limits explain ENOSPC semget<Enter>", "limits explain ENOSPC semget");
        check_run(&ui, ":explain ENOSPC semget<Enter>", "limits explain ENOSPC semget");
        check_run(&ui, ":list shm<Enter>", "list shm");
        ui_done(&ui);
}

static void recorded_machines_run_nothing(void **state)
{
        const struct ui_options options = { .utf8 = true, .recorded = true };
        struct ui ui;

        (void)state;
        ui_init(&ui, &options, 80, 24);
        ui_scene(&ui, tui_segments(NULL, TUI_NOW, 1, 5));
        tui_type(&ui, ":list shm<Enter>");
        assert_int_equal(ui.prompt.type, PROMPT_COMMAND);
        tui_type(&ui, "<C-u>interval 5<Enter>");
        assert_int_equal(ui.prompt.type, PROMPT_COMMAND);
        tui_type(&ui, "<C-u>pause<Enter>");
        assert_int_equal(ui.prompt.type, PROMPT_COMMAND);
        tui_type(&ui, "<C-u><Tab>");
        assert_null(strstr(ui.prompt.hint.data, "list"));
        assert_false(ui.paused);
        assert_int_equal(ui.nrequests, 0);
        assert_int_equal(ui_due_ms(&ui), -1);
        ui_done(&ui);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(text_is_edited),
                cmocka_unit_test(pasted_text_is_typed),
                cmocka_unit_test(pasted_text_is_nothing_else),
                cmocka_unit_test(characters_are_whole),
                cmocka_unit_test(hostile_bytes_do_not_come_in),
                cmocka_unit_test(lines_are_remembered),
                cmocka_unit_test(commands_are_completed),
                cmocka_unit_test(filters_are_completed),
                cmocka_unit_test(views_kinds_and_references_are_gone_to),
                cmocka_unit_test(wrong_lines_stay_to_be_mended),
                cmocka_unit_test(command_lines_are_left_to_be_run),
                cmocka_unit_test(recorded_machines_run_nothing),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
