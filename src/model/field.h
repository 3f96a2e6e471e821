/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_FIELD_H
#define MODEL_FIELD_H

/* The field dictionary and the word sets, from fields.list and words.list. */
#include "model/value.h"

enum field_id {
#define FIELD(id, name, type, unit, extra, title, help) FIELD_##id,
#define MEMBERS(name, ...)
#include "model/fields.list"
#undef FIELD
#undef MEMBERS
        FIELD_COUNT,
};

/* One enum per word set: enum state_word { STATE_DEST, ... } */
#define WORD(id, word) id,
#define WORDS(set, words) enum set##_word { words set##_word_count };
#include "model/words.list"
#undef WORD
#undef WORDS

/* The bit of a word in a VALUE_WORDS mask. */
#define WORD_BIT(word) (UINT64_C(1) << (word))

struct word_set {
        const char *name;
        const char *const *words;
        unsigned nwords;                /* at most 64 */
};

struct field {
        const char *name;               /* "size_bytes" */
        const char *title;              /* N_("SIZE"), a table's heading */
        const char *help;               /* N_("..."), one line */
        enum value_type type;
        enum unit unit;
        const struct word_set *words;   /* VALUE_WORD, VALUE_WORDS */
        const uint16_t *members;        /* VALUE_ROWS, VALUE_RECORD: field ids */
        unsigned nmembers;
};

/* The declaration of a field; id must be below FIELD_COUNT. Never NULL. */
const struct field *field_get(uint16_t id);

/* Looks a name up, bytewise. True and *ret if there is such a field. */
bool field_find(struct text name, uint16_t *ret);

/* Index of a word in a set, or -1. */
int word_find(const struct word_set *set, struct text word);

/* The word of a namespace's type: "ipc". A set of its own, no field's. */
const char *namespace_type_name(enum namespace_type_word type);

/* A set of fields: which ones does the question need? { 0 } is empty. */
struct field_set {
        uint64_t bits[(FIELD_COUNT + 63) / 64];
};

static inline void field_set_add(struct field_set *set, uint16_t field)
{
        set->bits[field / 64] |= UINT64_C(1) << (field % 64);
}

static inline void field_set_drop(struct field_set *set, uint16_t field)
{
        set->bits[field / 64] &= ~(UINT64_C(1) << (field % 64));
}

static inline bool field_set_has(const struct field_set *set, uint16_t field)
{
        return set->bits[field / 64] >> (field % 64) & 1;
}

/* Have the two a field in common? */
static inline bool field_set_meets(const struct field_set *a, const struct field_set *b)
{
        uint64_t common = 0;

        for (size_t i = 0; i < sizeof(a->bits) / sizeof(*a->bits); i++)
                common |= a->bits[i] & b->bits[i];
        return common != 0;
}

#endif
