/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/action.h"

#include "base/i18n.h"

static const struct action_facts all_actions[] = {
        { "none", 0, "", NULL, NULL, NULL },
#define ACTION(id, name, where, keys, group, footer, help) { name, where, keys, group, footer, help },
#include "tui/action.list"
#undef ACTION
};

const struct action_facts *action_facts(enum action action)
{
        return &all_actions[action < ACTION_COUNT ? action : ACTION_NONE];
}

static bool has_key(const struct action_facts *facts, uint32_t key)
{
        struct text rest = text_of(facts->keys), name;
        uint32_t bound;

        while (text_word(&rest, &name))
                if (key_find(name, &bound) && bound == key)
                        return true;
        return false;
}

enum action action_of_key(uint32_t key, unsigned where)
{
        for (unsigned i = 1; i < ACTION_COUNT; i++)
                if (all_actions[i].where & where && has_key(&all_actions[i], key))
                        return (enum action)i;
        return ACTION_NONE;
}
