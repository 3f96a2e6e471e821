/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/value-json.h"

#include <stdio.h>

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
        for (unsigned i = 0; i < set->nwords; i++)
                if (mask & WORD_BIT(i))
                        writer_word(writer, set->words[i]);
        writer_close(writer, ']');
}
