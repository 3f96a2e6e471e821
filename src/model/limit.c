/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/limit.h"

#include "base/array.h"
#include "base/i18n.h"

#include <errno.h>

static const struct limit limits[] = {
#define LIMIT(id, name, unit, binds, scope, manner, source, title, help, raise) \
        [LIMIT_##id] = { name, title, help, LIMIT_UNIT_##unit, BINDS_##binds, NAMESPACE_##scope, MANNER_##manner, \
                         source, raise },
#define FAILS(id, calls, error, why)
#include "model/limits.list"
#undef LIMIT
#undef FAILS
};

static const struct limit_failure failures[] = {
#define LIMIT(id, name, unit, binds, scope, manner, source, title, help, raise)
#define FAILS(id, calls, error, why) { LIMIT_##id, calls, error, why },
#include "model/limits.list"
#undef LIMIT
#undef FAILS
};

const struct limit *limit_get(uint16_t id)
{
        return &limits[id];
}

bool limit_find(struct text name, uint16_t *ret)
{
        for (uint16_t i = 0; i < COUNT(limits); i++)
                if (text_equal(name, text_of(limits[i].name))) {
                        *ret = i;
                        return true;
                }
        return false;
}

const char *limit_unit_word(enum limit_unit unit)
{
        static const char *const words[] = {
                [LIMIT_UNIT_COUNT] = "count", [LIMIT_UNIT_BYTES] = "bytes", [LIMIT_UNIT_PAGES] = "pages",
        };

        return words[unit];
}

const char *limit_binds_word(enum limit_binds binds)
{
        static const char *const words[BINDS_COUNT] = {
                [BINDS_SYSTEM] = "system", [BINDS_NAMESPACE] = "namespace", [BINDS_USER] = "user",
                [BINDS_PROCESS] = "process", [BINDS_OBJECT] = "object", [BINDS_MOUNT] = "mount",
                [BINDS_CGROUP] = "cgroup", [BINDS_POOL] = "pool",
        };

        return words[binds];
}

const struct limit_failure *limit_failures(unsigned *ret_n)
{
        *ret_n = COUNT(failures);
        return failures;
}

bool limit_failure_names(const struct limit_failure *failure, struct text call)
{
        struct text rest = text_of(failure->calls), word;

        while (text_word(&rest, &word))
                if (text_equal(word, call))
                        return true;
        return false;
}
