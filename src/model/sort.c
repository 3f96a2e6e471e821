/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/query.h"

#include "base/i18n.h"
#include "base/memory.h"
#include "model/query-private.h"

#include <errno.h>
#include <stdlib.h>

/* An object with what it is sorted by, computed once instead of for every comparison. */
struct item {
        const struct object *object;
        size_t place;                   /* where it stood: equal ones keep their order */
        uint64_t number;
        struct text text;
        bool known;
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

static struct text words_text(const struct snapshot *snapshot, const struct value *value, struct arena *arena)
{
        struct buf buf = { 0 };
        struct text text;

        value_form(snapshot, value, &buf);
        text = arena_text(arena, buf_text(&buf));
        buf_done(&buf);
        return text;
}

/* Texts are compared first, then numbers: a field has only one of them, and the other is equal. */
static void find_key(const struct snapshot *snapshot, uint16_t field, struct arena *arena, struct item *item)
{
        struct value value;

        if (field_get(field)->nmembers > 0) {
                item->known = rows_count(snapshot, item->object, field, &item->number);
                return;
        }
        if (!snapshot_value(snapshot, item->object, field, &value) || value.type == VALUE_UNKNOWN)
                return;

        item->known = true;
        switch ((enum value_type)value.type) {
        case VALUE_TEXT:
                item->text = value_text(&value);
                break;
        case VALUE_WORD:
        case VALUE_WORDS:
                item->text = words_text(snapshot, &value, arena);
                break;
        case VALUE_INT:
                item->number = (uint64_t)value.i ^ UINT64_C(1) << 63;   /* negative ones come first */
                break;
        case VALUE_UINT:
        case VALUE_BOOL:
                item->number = value.u;
                break;
        case VALUE_UNKNOWN:
        case VALUE_ROWS:
        case VALUE_RECORD:
        case VALUE_OBJECT:
                break;
        }
}

static int compare_items(const void *a, const void *b, void *data)
{
        const struct item *x = a, *y = b;
        const bool *descending = data;
        int order;

        if (x->known != y->known)
                return x->known ? -1 : 1;
        order = text_compare(x->text, y->text);
        if (order == 0)
                order = x->number < y->number ? -1 : x->number > y->number;
        if (order != 0)
                return *descending ? -order : order;
        return x->place < y->place ? -1 : x->place > y->place;
}

void sort_objects(const struct snapshot *snapshot, const struct object **objects, size_t n,
                  struct sort_key key)
{
        struct arena arena;
        struct item *items;

        if (n < 2)
                return;
        arena_init(&arena);
        items = memory_resize(NULL, n, sizeof(*items));
        for (size_t i = 0; i < n; i++) {
                items[i] = (struct item){ .object = objects[i], .place = i, .text = TEXT("") };
                find_key(snapshot, key.field, &arena, &items[i]);
        }
        qsort_r(items, n, sizeof(*items), compare_items, &key.descending);
        for (size_t i = 0; i < n; i++)
                objects[i] = items[i].object;
        free(items);
        arena_done(&arena);
}
