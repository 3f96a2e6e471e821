/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The key table is sound, and the commands of the prompt are those of the program. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/array.h"
#include "command/command.h"
#include "tui.h"

static void every_key_is_one(void **state)
{
        (void)state;
        for (unsigned i = 1; i < ACTION_COUNT; i++) {
                const struct action_facts *facts = action_facts((enum action)i);
                struct text rest = text_of(facts->keys), name;
                unsigned n = 0;
                uint32_t key;

                assert_true(facts->where & IN_VIEW);
                assert_non_null(facts->help);
                assert_non_null(facts->group);
                for (; text_word(&rest, &name); n++) {
                        assert_true(key_find(name, &key));
                        if (facts->where & IN_TABLE)
                                assert_int_equal(action_of_key(key, IN_TABLE), i);
                        if (facts->where & IN_PAGE)
                                assert_int_equal(action_of_key(key, IN_PAGE), i);
                }
                assert_true(n > 0);
        }
}

/* A key that two actions had would be the first one's alone. */
static void no_key_is_bound_twice(void **state)
{
        (void)state;
        for (unsigned i = 1; i < ACTION_COUNT; i++)
                for (unsigned j = i + 1; j < ACTION_COUNT; j++) {
                        struct text rest = text_of(action_facts((enum action)i)->keys), name;

                        assert_string_not_equal(action_facts((enum action)i)->name, action_facts((enum action)j)->name);
                        if (!(action_facts((enum action)i)->where & action_facts((enum action)j)->where))
                                continue;
                        while (text_word(&rest, &name)) {
                                struct text others = text_of(action_facts((enum action)j)->keys), other;

                                while (text_word(&others, &other))
                                        assert_false(text_equal(name, other));
                        }
                }
}

static void tabs_have_keys_of_their_own(void **state)
{
        (void)state;
        for (unsigned i = 0; i < all_views_count; i++) {
                if (!all_views[i]->digit)
                        continue;
                assert_non_null(all_views[i]->tab);
                assert_int_equal(action_of_key((uint32_t)all_views[i]->digit, IN_VIEW), ACTION_NONE);
                for (unsigned j = 0; j < i; j++)
                        assert_int_not_equal(all_views[i]->digit, all_views[j]->digit);
        }
}

static void what_is_not_bound_does_nothing(void **state)
{
        (void)state;
        assert_int_equal(action_of_key(0, IN_VIEW), ACTION_NONE);
        assert_int_equal(action_of_key(0x1f600, IN_VIEW), ACTION_NONE);
        assert_int_equal(action_of_key(UI_KEY_MOUSE, IN_VIEW), ACTION_NONE);
        assert_int_equal(action_of_key('j', 0), ACTION_NONE);
        assert_string_equal(action_facts(ACTION_NONE)->name, "none");
        assert_string_equal(action_facts(ACTION_COUNT)->name, "none");
}

static bool is_command(const char *name)
{
        for (unsigned i = 0; i < all_commands_count; i++)
                if (strcmp(all_commands[i]->name, name) == 0)
                        return true;
        return false;
}

static const struct prompt_command *find(const char *name)
{
        unsigned n;
        const struct prompt_command *commands = prompt_commands(&n);

        for (unsigned i = 0; i < n; i++)
                if (commands[i].program && strcmp(commands[i].name, name) == 0)
                        return &commands[i];
        return NULL;
}

/* But the browser itself, which is running already. */
static void all_commands_can_be_typed(void **state)
{
        unsigned n;
        const struct prompt_command *commands = prompt_commands(&n);

        (void)state;
        for (unsigned i = 0; i < all_commands_count; i++)
                if (strcmp(all_commands[i]->name, "browse") != 0)
                        assert_non_null(find(all_commands[i]->name));
        for (unsigned i = 0; i < n; i++)
                if (commands[i].program)
                        assert_true(is_command(commands[i].name));
                else
                        assert_non_null(commands[i].run);
}

static void what_changes_things_is_known(void **state)
{
        static const char *const changing[] = { "rm", "save", "restore", "create", "set", "metrics" };
        unsigned n, found = 0;
        const struct prompt_command *commands = prompt_commands(&n);

        (void)state;
        for (unsigned i = 0; i < COUNT(changing); i++)
                assert_true(find(changing[i])->changes);
        for (unsigned i = 0; i < n; i++)
                found += commands[i].changes;
        assert_int_equal(found, COUNT(changing));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(every_key_is_one),
                cmocka_unit_test(no_key_is_bound_twice),
                cmocka_unit_test(tabs_have_keys_of_their_own),
                cmocka_unit_test(what_is_not_bound_does_nothing),
                cmocka_unit_test(all_commands_can_be_typed),
                cmocka_unit_test(what_changes_things_is_known),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
