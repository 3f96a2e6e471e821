/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Timers: timerfd_create(2). */
#include "base/array.h"
#include "base/i18n.h"
#include "kind/anonfile.h"
#include "kind/kinds.h"

#include <sys/timerfd.h>
#include <time.h>

enum { KEY_CLOCK, KEY_TICKS, KEY_FLAGS, KEYS };

static unsigned clock_word(int64_t clock)
{
        switch (clock) {
        case CLOCK_REALTIME:       return CLOCK_WORD_REALTIME;
        case CLOCK_MONOTONIC:      return CLOCK_WORD_MONOTONIC;
        case CLOCK_BOOTTIME:       return CLOCK_WORD_BOOTTIME;
        case CLOCK_REALTIME_ALARM: return CLOCK_WORD_REALTIME_ALARM;
        case CLOCK_BOOTTIME_ALARM: return CLOCK_WORD_BOOTTIME_ALARM;
        default:                   return CLOCK_WORD_OTHER;
        }
}

static void set_span(struct claim *claim, struct object *object, uint16_t field, struct text info, const char *key)
{
        struct text value;
        uint64_t ns;

        if (fdinfo_text(info, key, &value) && fdinfo_span(value, &ns) == 0)
                builder_uint(claim->builder, object, field, ns);
        else
                builder_unknown(claim->builder, object, field);
}

static void describe(struct claim *claim, struct object *object, struct text info, const struct fdinfo_key *keys)
{
        static const struct bit_word flags[] = {
                { TFD_TIMER_ABSTIME,       TIMER_FLAG_ABSTIME },
                { TFD_TIMER_CANCEL_ON_SET, TIMER_FLAG_CANCEL_ON_SET },
        };

        if (keys[KEY_CLOCK].there)
                builder_uint(claim->builder, object, FIELD_CLOCK, clock_word(keys[KEY_CLOCK].number));
        else
                builder_unknown(claim->builder, object, FIELD_CLOCK);
        set_span(claim, object, FIELD_REMAINING_NS, info, "it_value");
        set_span(claim, object, FIELD_INTERVAL_NS, info, "it_interval");
        anonfile_set(claim, object, FIELD_TICKS, &keys[KEY_TICKS]);
        if (keys[KEY_FLAGS].there)
                builder_uint(claim->builder, object, FIELD_TIMER_FLAGS,
                             anonfile_words(keys[KEY_FLAGS].bits, flags, COUNT(flags), TIMER_FLAG_OTHER));
        else
                builder_unknown(claim->builder, object, FIELD_TIMER_FLAGS);
}

static struct object *claim_timerfd(struct claim *claim)
{
        struct fdinfo_key keys[KEYS] = {
                [KEY_CLOCK] = { .key = "clockid", .form = FDINFO_DECIMAL },
                [KEY_TICKS] = { .key = "ticks", .form = FDINFO_UNSIGNED },
                [KEY_FLAGS] = { .key = "settime flags", .form = FDINFO_OCTAL },
        };
        bool new;
        struct object *object = anonfile_object(claim, &kind_timerfd, 0, &new);
        struct text info;

        if (!object || !new)
                return object;
        info = anonfile_info(claim, &kind_timerfd);
        fdinfo_read(info, keys, KEYS);
        describe(claim, object, info, keys);
        return object;
}

static const uint16_t fields[] = {
        FIELD_STATE, FIELD_CLOCK, FIELD_REMAINING_NS, FIELD_INTERVAL_NS, FIELD_TICKS, FIELD_TIMER_FLAGS,
};

static const uint16_t table[] = {
        FIELD_REF, FIELD_CLOCK, FIELD_REMAINING_NS, FIELD_INTERVAL_NS, FIELD_TICKS, FIELD_HOLDERS,
};

static const uint16_t summary[] = { FIELD_CLOCK, FIELD_REMAINING_NS, FIELD_INTERVAL_NS };

const struct kind kind_timerfd = {
        .name = "timerfd",
        .title = N_("Timer by descriptor (timerfd)"),
        .scope = NAMESPACE_NONE,
        .address = ADDRESS_FD,
        .family = FAMILY_EVENT,
        .fields = fields, .nfields = COUNT(fields),
        .columns = table, .ncolumns = COUNT(table),
        .summary = summary, .nsummary = COUNT(summary),
        .unlisted = true,
        .claims = CLAIM_ANON,
        .anon = "anon_inode:[timerfd]",
        .claim = claim_timerfd,
};
