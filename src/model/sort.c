/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/query.h"

#include "base/i18n.h"
#include "base/memory.h"
#include "base/radix.h"
#include "model/query-private.h"

#include <errno.h>
#include <stdlib.h>

enum {
        RUN_LEAST = 32,                 /* fewer are quicker compared than counted */
        DEPTH_MOST = 8,                 /* so many times eight bytes of a text are counted */
        WORDS_MOST = 64,
        KINDS_MOST = 64,
};

struct sorter {
        const struct snapshot *snapshot;
        struct sort_key key;
        struct radix_item *items, *spare;       /* by place: equal ones keep their order */
        struct text *texts;             /* by place; of fields that are texts */
        bool has_texts;
        size_t hints[KINDS_MOST];       /* where objects of a kind have the field */
        struct { uint64_t set; struct text text; } words[WORDS_MOST];   /* seen before */
        struct arena arena;
};

int sort_parse(struct text text, struct sort_key *ret, struct parse_error *ret_error)
{
        const char *colon = text.len > 0 ? memchr(text.data, ':', text.len) : NULL;
        size_t len = colon ? (size_t)(colon - text.data) : text.len;
        struct text direction = text_from(text, len + 1);
        bool descending = colon && text_equal(direction, TEXT("desc"));
        uint16_t field;

        if (!field_find((struct text){ text.data, len }, &field))
                return parse_fail(ret_error, -EINVAL, N_("unknown field"), 0);
        if (field == FIELD_SUMMARY)
                return parse_fail(ret_error, -EINVAL, N_("this field is only for tables"), 0);
        if (colon && !descending && !text_equal(direction, TEXT("asc")))
                return parse_fail(ret_error, -EINVAL, N_("the direction is asc or desc"), len + 1);
        *ret = (struct sort_key){ field, descending };
        return 0;
}

/* --- what is sorted by ------------------------------------------------------ */

static struct text words_text(struct sorter *sorter, const struct value *value)
{
        unsigned slot = (unsigned)(value->u * UINT64_C(0x9e3779b97f4a7c15) >> 58) % WORDS_MOST;
        struct buf buf = { 0 };

        if (!sorter->words[slot].text.data || sorter->words[slot].set != value->u) {
                value_form(sorter->snapshot, value, &buf);
                sorter->words[slot].set = value->u;
                sorter->words[slot].text = arena_text(&sorter->arena, buf_text(&buf));
                buf_done(&buf);
        }
        return sorter->words[slot].text;
}

/* Of a field either the number or the text, for all objects the same. False: it is not known. */
static bool find_key(struct sorter *sorter, const struct object *object, uint64_t *ret_number, struct text *ret_text)
{
        uint16_t field = sorter->key.field;
        size_t *hint = &sorter->hints[object->kind_order % KINDS_MOST];
        struct value value;

        if (field_get(field)->nmembers > 0)
                return rows_count(sorter->snapshot, object, field, ret_number);
        if (!snapshot_value_at(sorter->snapshot, object, field, hint, &value))
                return false;
        switch ((enum value_type)value.type) {
        case VALUE_TEXT:
                *ret_text = value_text(&value);
                sorter->has_texts = true;
                break;
        case VALUE_WORD:
        case VALUE_WORDS:
                *ret_text = words_text(sorter, &value);
                sorter->has_texts = true;
                break;
        case VALUE_INT:
                *ret_number = (uint64_t)value.i ^ UINT64_C(1) << 63;    /* negative ones come first */
                break;
        case VALUE_UINT:
        case VALUE_BOOL:
                *ret_number = value.u;
                break;
        case VALUE_UNKNOWN:
                return false;
        case VALUE_ROWS:
        case VALUE_RECORD:
        case VALUE_OBJECT:
                break;
        }
        return true;
}

/* --- texts ------------------------------------------------------------------ */

static int compare_texts(const void *a, const void *b, void *data)
{
        const struct radix_item *x = a, *y = b;
        const struct sorter *sorter = data;
        int order = text_compare(sorter->texts[x->place], sorter->texts[y->place]);

        if (order != 0)
                return sorter->key.descending ? -order : order;
        return x->place < y->place ? -1 : x->place > y->place;
}

static bool all_equal(const struct sorter *sorter, const struct radix_item *items, size_t n)
{
        for (size_t i = 1; i < n; i++)
                if (!text_equal(sorter->texts[items[i].place], sorter->texts[items[0].place]))
                        return false;
        return true;
}

/* Eight bytes of the text as a number; what is shorter ends in NULs. */
static uint64_t chunk(struct text text, size_t at)
{
        unsigned char bytes[8] = { 0 };
        uint64_t number = 0;

        if (text.len > at)
                memcpy(bytes, text.data + at, text.len - at < sizeof(bytes) ? text.len - at : sizeof(bytes));
        for (unsigned i = 0; i < sizeof(bytes); i++)
                number = number << 8 | bytes[i];
        return number;
}

/* By eight bytes, and what is equal in these by the eight that follow: most references begin alike. */
static void sort_texts(struct sorter *sorter, size_t first, size_t n, unsigned depth)
{
        struct radix_item *items = sorter->items + first;

        if (all_equal(sorter, items, n))
                return;
        if (n < RUN_LEAST || depth == DEPTH_MOST) {
                qsort_r(items, n, sizeof(*items), compare_texts, sorter);
                return;
        }
        for (size_t i = 0; i < n; i++) {
                uint64_t key = chunk(sorter->texts[items[i].place], (size_t)depth * 8);

                items[i].key = sorter->key.descending ? ~key : key;
        }
        radix_sort(items, sorter->spare, n);
        for (size_t i = 0, end; i < n; i = end) {
                for (end = i + 1; end < n && items[end].key == items[i].key; end++)
                        ;
                if (end - i > 1)
                        sort_texts(sorter, first + i, end - i, depth + 1);
        }
}

/* --- objects ---------------------------------------------------------------- */

/* What has no such value comes last, in whichever direction; returns how many have one. */
static size_t find_keys(struct sorter *sorter, const struct object **objects, size_t n)
{
        size_t known = 0, unknown = n;

        for (size_t i = 0; i < n; i++) {
                uint64_t number = 0;
                struct text text = TEXT("");

                if (find_key(sorter, objects[i], &number, &text)) {
                        sorter->items[known].place = (uint32_t)i;
                        sorter->items[known++].key = sorter->key.descending ? ~number : number;
                } else {
                        sorter->spare[--unknown].place = (uint32_t)i;
                }
                sorter->texts[i] = text;
        }
        for (size_t i = n; i > unknown; i--)
                sorter->items[known + n - i] = sorter->spare[i - 1];
        return known;
}

void sort_objects(const struct snapshot *snapshot, const struct object **objects, size_t n,
                  struct sort_key key)
{
        struct sorter sorter = { .snapshot = snapshot, .key = key };
        const struct object **before;
        size_t known;

        if (n < 2 || n > UINT32_MAX)
                return;
        arena_init(&sorter.arena);
        sorter.items = memory_resize(NULL, 2 * n, sizeof(*sorter.items));
        sorter.spare = sorter.items + n;
        sorter.texts = memory_resize(NULL, n, sizeof(*sorter.texts));
        before = memory_resize(NULL, n, sizeof(*before));
        memcpy(before, objects, n * sizeof(*before));
        known = find_keys(&sorter, objects, n);
        if (sorter.has_texts)
                sort_texts(&sorter, 0, known, 0);
        else if (known > 0)
                radix_sort(sorter.items, sorter.spare, known);
        for (size_t i = 0; i < n; i++)
                objects[i] = before[sorter.items[i].place];
        free(before);
        free(sorter.texts);
        free(sorter.items);
        arena_done(&sorter.arena);
}
