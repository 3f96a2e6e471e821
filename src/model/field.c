/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/field.h"

#include "base/array.h"
#include "base/i18n.h"

#define WORD(id, word) word,
#define WORDS(set, words) static const char *const set##_strings[] = { words };
#include "model/words.list"
#undef WORDS
#undef WORD

#define WORDS(set, words) \
        static const struct word_set set##_words = { #set, set##_strings, COUNT(set##_strings) };
#include "model/words.list"
#undef WORDS

#define FIELD(id, name, type, unit, extra, title, help)
#define MEMBERS(name, ...) static const uint16_t name##_members[] = { __VA_ARGS__ };
#include "model/fields.list"
#undef FIELD
#undef MEMBERS

/* What `extra` means depends on the type: a word set, members, or nothing. */
#define EXTRA_VALUE_UINT(extra)   NULL, NULL, 0
#define EXTRA_VALUE_INT(extra)    NULL, NULL, 0
#define EXTRA_VALUE_BOOL(extra)   NULL, NULL, 0
#define EXTRA_VALUE_TEXT(extra)   NULL, NULL, 0
#define EXTRA_VALUE_WORD(extra)   &extra##_words, NULL, 0
#define EXTRA_VALUE_WORDS(extra)  &extra##_words, NULL, 0
#define EXTRA_VALUE_ROWS(extra)   NULL, extra##_members, COUNT(extra##_members)
#define EXTRA_VALUE_RECORD(extra) NULL, extra##_members, COUNT(extra##_members)

static const struct field fields[FIELD_COUNT] = {
#define FIELD(id, name, type, unit, extra, title, help) { name, title, help, type, unit, EXTRA_##type(extra) },
#define MEMBERS(name, ...)
#include "model/fields.list"
#undef FIELD
#undef MEMBERS
};

const struct field *field_get(uint16_t id)
{
        return &fields[id];
}

bool field_find(struct text name, uint16_t *ret)
{
        for (uint16_t i = 0; i < FIELD_COUNT; i++)
                if (text_equal(name, text_of(fields[i].name))) {
                        *ret = i;
                        return true;
                }
        return false;
}

int word_find(const struct word_set *set, struct text word)
{
        for (unsigned i = 0; i < set->nwords; i++)
                if (text_equal(word, text_of(set->words[i])))
                        return (int)i;
        return -1;
}

const char *namespace_type_name(enum namespace_type_word type)
{
        return namespace_type_words.words[type];
}
