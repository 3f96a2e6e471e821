/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/value-json.h"

#include <stdio.h>

static const struct ready_key keys[FIELD_COUNT] = {
#define FIELD(id, name, type, unit, extra, title, help) READY_KEY(name),
#define MEMBERS(name, ...)
#include "model/fields.list"
#undef FIELD
#undef MEMBERS
};

void value_json_key(struct writer *writer, uint16_t field)
{
        writer_ready_key(writer, &keys[field]);
}

static void write_dev(struct writer *writer, uint64_t dev)
{
        char text[sizeof("4294967295:4294967295")];

        snprintf(text, sizeof(text), "%u:%u", (unsigned)(dev >> 32), (unsigned)dev);
        writer_word(writer, text);
}

void value_json_number(struct writer *writer, enum unit unit, uint64_t number)
{
        switch (unit) {
        case UNIT_MODE:
                writer_digits(writer, "", number, 8, 4);
                break;
        case UNIT_KEY:
                if (number == 0)
                        writer_null(writer);
                else
                        writer_digits(writer, "0x", number, 16, 8);
                break;
        case UNIT_DEV:
                write_dev(writer, number);
                break;
        default:
                writer_uint(writer, number);
        }
}

void value_json_words(struct writer *writer, const struct word_set *set, uint64_t mask)
{
        writer_open(writer, '[');
        for (unsigned i = 0; i < set->nwords && mask >> i; i++)
                if (mask & WORD_BIT(i))
                        writer_word(writer, set->words[i]);
        writer_close(writer, ']');
}
