/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * object.json of a copy: what is taken is written again, and read back as the
 * same; nothing that is taken is out of its field's bounds.
 */
#include "admin/manifest.h"

#include "base/array.h"
#include "base/utf8.h"
#include "kind/kinds.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool truth)
{
        if (!truth)
                abort();
}

static void check_value(const struct kind *kind, const struct value *value)
{
        const struct field *field = field_get(value->field);

        expect(kind_has_field(kind, value->field));
        expect(value->type == field->type);
        if (field->unit == UNIT_MODE)
                expect(value->u <= 07777);
        if (field->unit == UNIT_KEY || field->unit == UNIT_UID || field->unit == UNIT_GID)
                expect(value->u <= UINT32_MAX);
        if (field->unit == UNIT_PID)
                expect(value->u <= INT32_MAX);
        if (value->type == VALUE_WORD)
                expect(value->u < field->words->nwords);
        if (value->type == VALUE_WORDS && field->words->nwords < 64)
                expect(value->u >> field->words->nwords == 0);
        if (value->type == VALUE_BOOL)
                expect(value->u <= 1);
}

static void check_same(const struct manifest *one, const struct manifest *other)
{
        expect(one->kind == other->kind && text_equal(one->ref, other->ref) && one->saved_at == other->saved_at);
        expect(one->attributes.nvalues == other->attributes.nvalues);
        for (size_t i = 0; i < one->attributes.nvalues; i++) {
                const struct value *a = &one->attributes.values[i], *b = &other->attributes.values[i];

                expect(a->field == b->field && a->type == b->type);
                if (a->type == VALUE_TEXT)
                        expect(text_equal(value_text(a), value_text(b)));
                else
                        expect(a->u == b->u);
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct manifest manifest, again;
        const char *what = NULL;
        struct arena arena;

        arena_init(&arena);
        if (manifest_read(&all_kinds, (struct text){ (const char *)data, size }, &arena, &manifest, &what) < 0) {
                expect(what != NULL);
        } else {
                struct snapshot snapshot = { .origin = { .time = manifest.saved_at, .host = manifest.host,
                                                         .boot_id = manifest.boot_id } };
                struct object object = { .key = { .kind = manifest.kind }, .ref = manifest.ref,
                                         .values = (struct value *)manifest.attributes.values,
                                         .nvalues = (unsigned)manifest.attributes.nvalues };
                struct buf text = { 0 };

                for (size_t i = 0; i < manifest.attributes.nvalues; i++)
                        check_value(manifest.kind, &manifest.attributes.values[i]);
                manifest_write(&snapshot, &object, &text);
                expect(utf8_valid(buf_text(&text)));
                if (manifest.attributes.nvalues) {
                        expect(manifest_read(&all_kinds, buf_text(&text), &arena, &again, &what) == 0);
                        check_same(&manifest, &again);
                }
                buf_done(&text);
        }
        arena_done(&arena);
        return 0;
}
