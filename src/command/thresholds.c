/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "command/thresholds.h"

#include "base/number.h"

#include <errno.h>

enum { PERCENT_MOST = 1000 };

/* "80", "80%", "97.5%" */
static int parse_percent(struct text text, int *ret)
{
        struct text whole = text, tenth = TEXT("0");
        uint64_t percent, tenths;
        const char *point;

        if (text_ends(whole, TEXT("%")))
                whole.len--;
        point = memchr(whole.data, '.', whole.len);
        if (point) {
                tenth = text_from(whole, (size_t)(point - whole.data) + 1);
                whole.len = (size_t)(point - whole.data);
        }
        if (number_parse(whole, PERCENT_MOST, &percent) < 0 || tenth.len != 1 || number_parse(tenth, 9, &tenths) < 0)
                return -EINVAL;
        *ret = (int)(percent * 10 + tenths);
        return 0;
}

static int set(struct thresholds *thresholds, const struct text *name, struct text level)
{
        uint16_t limit;
        int permille;

        if (parse_percent(level, &permille) < 0)
                return -EINVAL;
        if (!name) {
                thresholds->has_all = true;
                thresholds->all = permille;
                return 0;
        }
        if (!limit_find(*name, &limit))
                return -ENOENT;
        thresholds->of[limit].there = true;
        thresholds->of[limit].permille = permille;
        return 0;
}

int thresholds_set(struct thresholds *thresholds, struct text name, struct text level)
{
        return set(thresholds, name.len ? &name : NULL, level);
}

int thresholds_add(struct thresholds *thresholds, const char *argument)
{
        const char *sign = strchr(argument, '=');
        struct text name = { argument, sign ? (size_t)(sign - argument) : 0 };

        return set(thresholds, sign ? &name : NULL, text_of(sign ? sign + 1 : argument));
}

bool thresholds_get(const struct thresholds *thresholds, uint16_t limit, int *ret_permille)
{
        if (thresholds->of[limit].there)
                *ret_permille = thresholds->of[limit].permille;
        else if (thresholds->has_all)
                *ret_permille = thresholds->all;
        else
                return false;
        return true;
}

bool thresholds_reached(const struct thresholds *thresholds, const struct limit_row *row)
{
        int level;

        return row->permille >= 0 && thresholds_get(thresholds, row->reading->limit, &level) && row->permille >= level;
}
