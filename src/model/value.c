/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/value.h"

const struct value *row_get(struct row row, uint16_t field)
{
        for (size_t i = 0; i < row.nvalues; i++)
                if (row.values[i].field == field)
                        return &row.values[i];
        return NULL;
}

bool value_is_set(const struct value *value)
{
        switch ((enum value_type)value->type) {
        case VALUE_UNKNOWN:
                return false;
        case VALUE_TEXT:
        case VALUE_ROWS:
                return value->len > 0;
        case VALUE_RECORD:
        case VALUE_OBJECT:
                return true;
        case VALUE_UINT:
        case VALUE_INT:
        case VALUE_BOOL:
        case VALUE_WORD:
        case VALUE_WORDS:
                return value->u != 0;
        }
        return false;
}
