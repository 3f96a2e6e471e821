/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/kind.h"

const struct kind *kind_find(const struct kind_set *set, struct text name)
{
        for (unsigned i = 0; i < set->nkinds; i++)
                if (text_equal(name, text_of(set->kinds[i]->name)))
                        return set->kinds[i];
        return NULL;
}

bool kind_has_field(const struct kind *kind, uint16_t field)
{
        switch (field) {
        case FIELD_REF:
        case FIELD_KIND:
        case FIELD_NAMESPACE:
        case FIELD_HOLDERS:
        case FIELD_PEERS:
        case FIELD_WAITERS:
        case FIELD_SUMMARY:
        case FIELD_AGE_SECONDS:
                return true;
        }
        for (unsigned i = 0; i < kind->nfields; i++)
                if (kind->fields[i] == field)
                        return true;
        return false;
}
