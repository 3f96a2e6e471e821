/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/reference.h"

#include "model/builder.h"

#include <errno.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { OWN_NS = 100, OTHER_NS = 4026532221 };

static const uint16_t number_fields[] = { FIELD_ID, FIELD_KEY };
static const uint16_t name_fields[] = { FIELD_NAME };

static const struct kind shm = { .name = "shm", .scope = NAMESPACE_IPC, .address = ADDRESS_ID,
                                 .fields = number_fields, .nfields = 2 };
static const struct kind mq = { .name = "mq", .scope = NAMESPACE_IPC, .address = ADDRESS_NAME,
                                .fields = name_fields, .nfields = 1 };
static const struct kind tube = { .name = "pipe", .scope = NAMESPACE_NONE, .address = ADDRESS_INODE };

static const struct kind *const kinds[] = { &shm, &mq, &tube };
static const struct kind_set set = { kinds, 3 };

static struct reference parse(struct text word, struct arena *arena)
{
        struct parse_error error = { NULL, 0 };
        struct reference reference;
        int r = reference_parse(&set, word, arena, &reference, &error);

        if (r < 0)
                fail_msg("%.*s: %s at %zu", (int)word.len, word.data, error.message, error.at);
        return reference;
}

static void assert_number(const char *word, const struct kind *kind, enum reference_by by, uint64_t number)
{
        struct arena arena;
        struct reference reference;

        arena_init(&arena);
        reference = parse(text_of(word), &arena);
        assert_ptr_equal(reference.kind, kind);
        assert_int_equal(reference.by, by);
        assert_int_equal(reference.number, number);
        assert_int_equal(reference.ns, 0);
        assert_int_equal(reference.dev, 0);
        arena_done(&arena);
}

static void numbers(void **state)
{
        (void)state;
        assert_number("shm:0", &shm, REFERENCE_ID, 0);
        assert_number("shm:1234", &shm, REFERENCE_ID, 1234);
        assert_number("shm:id=1234", &shm, REFERENCE_ID, 1234);
        assert_number("shm:2147483647", &shm, REFERENCE_ID, INT32_MAX);
        assert_number("shm:0x5eed", &shm, REFERENCE_KEY, 0x5eed);
        assert_number("shm:0X5EED", &shm, REFERENCE_KEY, 0x5eed);
        assert_number("shm:0x00005eed", &shm, REFERENCE_KEY, 0x5eed);
        assert_number("shm:0xffffffff", &shm, REFERENCE_KEY, UINT32_MAX);
        assert_number("shm:key=24301", &shm, REFERENCE_KEY, 0x5eed);
        assert_number("shm:key=0x5eed", &shm, REFERENCE_KEY, 0x5eed);
        assert_number("shm:key=4294967295", &shm, REFERENCE_KEY, UINT32_MAX);
        assert_number("shm:key=-1", &shm, REFERENCE_KEY, UINT32_MAX);
        assert_number("shm:key=-2147483648", &shm, REFERENCE_KEY, 0x80000000);
        assert_number("mq:ino=18446744073709551615", &mq, REFERENCE_INODE, UINT64_MAX);
        assert_number("pipe:88121", &tube, REFERENCE_INODE, 88121);
        assert_number("pipe:ino=88121", &tube, REFERENCE_INODE, 88121);
        assert_number("pid:2011", NULL, REFERENCE_PID, 2011);
}

static void assert_name(const char *word, struct text name)
{
        struct arena arena;
        struct reference reference;

        arena_init(&arena);
        reference = parse(text_of(word), &arena);
        assert_int_equal(reference.by, REFERENCE_NAME);
        assert_int_equal(reference.name.len, name.len);
        assert_memory_equal(reference.name.data, name.data, name.len);
        arena_done(&arena);
}

static void names(void **state)
{
        (void)state;
        assert_name("mq:/jobs", TEXT("/jobs"));
        assert_name("mq:jobs", TEXT("/jobs"));
        assert_name("mq:%2Fjobs", TEXT("/jobs"));
        assert_name("mq:\\x2fjobs", TEXT("/jobs"));
        assert_name("mq://jobs", TEXT("//jobs"));
        assert_name("mq:/a%20b", TEXT("/a b"));
        assert_name("mq:/a\\x0ab", TEXT("/a\nb"));
        assert_name("mq:/100%25", TEXT("/100%"));
        assert_name("mq:/a=b", TEXT("/a=b"));
        assert_name("mq:a=b", TEXT("/a=b"));
        assert_name("mq:ino%3D4", TEXT("/ino=4"));
        assert_name("mq:/ino=4", TEXT("/ino=4"));
        assert_name("mq:-", TEXT("/-"));
        assert_name("mq:/a:b", TEXT("/a:b"));
        assert_name("mq:0x5eed", TEXT("/0x5eed"));
        assert_name("mq:17", TEXT("/17"));
}

static void attributes(void **state)
{
        struct arena arena;
        struct reference reference;

        (void)state;
        arena_init(&arena);
        reference = parse(TEXT("shm:7,ns=4026532221"), &arena);
        assert_int_equal(reference.number, 7);
        assert_int_equal(reference.ns, OTHER_NS);

        reference = parse(TEXT("mq:/x,dev=0:45,ns=9"), &arena);
        assert_true(text_equal(reference.name, TEXT("/x")));
        assert_int_equal(reference.dev, value_dev(0, 45));
        assert_int_equal(reference.ns, 9);

        reference = parse(TEXT("mq:ino=41,dev=4294967295:4294967295"), &arena);
        assert_int_equal(reference.dev, UINT64_MAX);
        arena_done(&arena);
}

/* Nothing is written to the reference of a word that is wrong. */
static void assert_wrong(struct text word, int expected, const char *message, size_t at)
{
        struct parse_error error = { NULL, 0 };
        struct reference reference, before;
        struct arena arena;
        int r;

        memset(&before, 0x5a, sizeof(before));
        reference = before;
        arena_init(&arena);
        r = reference_parse(&set, word, &arena, &reference, &error);
        if (r != expected || strcmp(error.message, message) != 0 || error.at != at)
                fail_msg("%.*s: %d, %s at %zu", (int)word.len, word.data, r, error.message, error.at);
        assert_memory_equal(&reference, &before, sizeof(before));
        arena_done(&arena);
}

static void wrong_numbers(void **state)
{
        (void)state;
        assert_wrong(TEXT("shm:4294967296"), -ERANGE, "number too large", 4);
        assert_wrong(TEXT("shm:2147483648"), -ERANGE, "number too large", 4);
        assert_wrong(TEXT("shm:18446744073709551616"), -ERANGE, "number too large", 4);
        assert_wrong(TEXT("shm:0x100000000"), -ERANGE, "number too large", 6);
        assert_wrong(TEXT("shm:key=4294967296"), -ERANGE, "number too large", 8);
        assert_wrong(TEXT("shm:key=-2147483649"), -ERANGE, "number too large", 8);
        assert_wrong(TEXT("pipe:18446744073709551616"), -ERANGE, "number too large", 5);
        assert_wrong(TEXT("pid:2147483648"), -ERANGE, "number too large", 4);
        assert_wrong(TEXT("shm:0x"), -EINVAL, "0x needs hex digits", 6);
        assert_wrong(TEXT("shm:0x5eeg"), -EINVAL, "0x needs hex digits", 9);
        assert_wrong(TEXT("shm:0x-1"), -EINVAL, "0x needs hex digits", 6);
        assert_wrong(TEXT("shm:0x0"), -EINVAL, "key 0 is IPC_PRIVATE and no address", 4);
        assert_wrong(TEXT("shm:key=0"), -EINVAL, "key 0 is IPC_PRIVATE and no address", 8);
        assert_wrong(TEXT("shm:key=private"), -EINVAL, "key 0 is IPC_PRIVATE and no address", 8);
        assert_wrong(TEXT("shm:key="), -EINVAL, "not a key: 0x and hex digits, or decimal", 8);
        assert_wrong(TEXT("shm:-1"), -EINVAL, "not a number", 4);
        assert_wrong(TEXT("shm:12x"), -EINVAL, "not a number", 6);
        assert_wrong(TEXT("shm:5eed"), -EINVAL, "not a number", 5);
        assert_wrong(TEXT("shm: 12"), -EINVAL, "not a number", 4);
        assert_wrong(TEXT("shm:12 "), -EINVAL, "not a number", 6);
        assert_wrong(TEXT("shm:1\0002"), -EINVAL, "not a number", 5);
        assert_wrong(TEXT("shm:id=0x5"), -EINVAL, "not a number", 8);
        assert_wrong(TEXT("shm:ino=5"), -EINVAL, "not a number", 4);
        assert_wrong(TEXT("mq:ino="), -EINVAL, "not a number", 7);
        assert_wrong(TEXT("pid:0"), -EINVAL, "zero names nothing", 4);
        assert_wrong(TEXT("pid:"), -EINVAL, "not a number", 4);
        assert_wrong(TEXT("pid:1,ns=2"), -EINVAL, "not a number", 5);
}

static void wrong_words(void **state)
{
        (void)state;
        assert_wrong(TEXT(""), -EINVAL, "a reference is KIND:NAME or KIND:NUMBER", 0);
        assert_wrong(TEXT("1234"), -EINVAL, "a reference is KIND:NAME or KIND:NUMBER", 4);
        assert_wrong(TEXT(":1"), -EINVAL, "unknown kind", 0);
        assert_wrong(TEXT("shmem:1"), -EINVAL, "unknown kind", 0);
        assert_wrong(TEXT("SHM:1"), -EINVAL, "unknown kind", 0);
        assert_wrong(TEXT("shm:"), -EINVAL, "the name or number is missing", 4);
        assert_wrong(TEXT("shm:,ns=1"), -EINVAL, "the name or number is missing", 4);
        assert_wrong(TEXT("mq:"), -EINVAL, "the name or number is missing", 3);
        assert_wrong(TEXT("mq:/"), -EINVAL, "the name is empty", 3);
        assert_wrong(TEXT("mq:/a%00b"), -EINVAL, "a name has no NUL byte", 3);
        assert_wrong(TEXT("mq:/100%"), -EINVAL, "an escape is a percent sign and two hex digits", 7);
        assert_wrong(TEXT("mq:/a\\n"), -EINVAL, "an escape is a percent sign and two hex digits", 5);
        assert_wrong(TEXT("mq:id=4"), -EINVAL,
                     "no address of this kind (in a name the = is written as an escape)", 3);
        assert_wrong(TEXT("mq:dev=0:4"), -EINVAL,
                     "no address of this kind (in a name the = is written as an escape)", 3);
        assert_wrong(TEXT("shm:1,"), -EINVAL, "unknown attribute", 6);
        assert_wrong(TEXT("shm:1,,ns=1"), -EINVAL, "unknown attribute", 6);
        assert_wrong(TEXT("shm:1,dev=0:1"), -EINVAL, "unknown attribute", 6);
        assert_wrong(TEXT("mq:/a,b"), -EINVAL, "unknown attribute", 6);
        assert_wrong(TEXT("mq:/a,ino=4"), -EINVAL, "unknown attribute", 6);
        assert_wrong(TEXT("shm:1,ns="), -EINVAL, "not a number", 9);
        assert_wrong(TEXT("shm:1,ns=0"), -EINVAL, "zero names nothing", 9);
        assert_wrong(TEXT("mq:/a,dev=0:0"), -EINVAL, "zero names nothing", 10);
        assert_wrong(TEXT("mq:/a,dev=45"), -EINVAL, "a device number is MAJOR:MINOR", 10);
        assert_wrong(TEXT("mq:/a,dev=0:x"), -EINVAL, "not a number", 12);
        assert_wrong(TEXT("mq:/a,dev=4294967296:0"), -ERANGE, "number too large", 10);
        assert_wrong(TEXT("shm:1,ns=2,ns=2"), -EINVAL, "given twice", 11);
        assert_wrong(TEXT("mq:/a,dev=0:1,ns=3,dev=0:1"), -EINVAL, "given twice", 19);
}

static struct builder *new_builder(void)
{
        static const struct want want = { .kinds = UINT64_MAX };
        struct builder *builder = builder_new(&set, &want);

        builder_origin(builder)->ipc_ns = OWN_NS;
        return builder;
}

static void add_name(struct builder *builder, uint64_t scope, uint64_t inode, bool foreign, struct text name)
{
        struct object *object = builder_object(builder, (struct object_key){ &mq, scope, inode }, NULL);

        object->ns = foreign ? OTHER_NS : OWN_NS;
        object->foreign = foreign;
        if (name.len > 0)
                builder_text(builder, object, FIELD_NAME, name);
}

static void add_segment(struct builder *builder, uint64_t ns, uint64_t id, uint64_t shm_key)
{
        struct object *object = builder_object(builder, (struct object_key){ &shm, ns, id }, NULL);

        object->ns = ns;
        object->foreign = ns != OWN_NS;
        builder_uint(builder, object, FIELD_ID, id);
        builder_uint(builder, object, FIELD_KEY, shm_key);
}

static void remember(const struct object *object, void *data)
{
        const struct object **ret = data;

        *ret = object;
}

/* What is printed is one plain word, is read again, and names that very object and no other. */
static void assert_round_trips(const struct snapshot *snapshot)
{
        struct arena arena;

        arena_init(&arena);
        assert_true(snapshot->nobjects > 0);
        for (size_t i = 0; i < snapshot->nobjects; i++) {
                const struct object *object = &snapshot->objects[i], *found = NULL;
                struct reference reference = parse(object->ref, &arena);

                for (size_t j = 0; j < object->ref.len; j++)
                        assert_true(object->ref.data[j] > ' ' && object->ref.data[j] < 0x7f &&
                                    !strchr("'\"\\$`*?[]{}()<>|&;!~#^", object->ref.data[j]));
                assert_int_equal(reference_resolve(snapshot, &reference, remember, &found), 1);
                assert_ptr_equal(found, object);
        }
        arena_done(&arena);
}

static void hostile_names_round_trip(void **state)
{
        static const char *const names[] = {
                "/ino=4", "/ns=4", "/dev=0:4", "/id=4", "/a,ns=4", "/a,", "/--", "/-rf", "/a b", " /x", "///",
                "/..", "/%41", "/%%", "/\\x41", "/a\nb", "/\033[2J", "/\u202egnp", "/\xff\xfe", "/(deleted)",
                "/x (deleted)", "/0x5eed", "/a:b", "/$(id)", "/`id`",
        };
        struct builder *builder = new_builder();
        struct snapshot *snapshot;
        char longest[255], single[2] = "/";
        uint64_t inode = 1;

        (void)state;
        for (unsigned byte = 1; byte < 256; byte++) {
                single[1] = (char)byte;
                add_name(builder, 5, inode++, false, (struct text){ single, 2 });
        }
        for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
                add_name(builder, 5, inode++, false, text_of(names[i]));
        for (size_t i = 0; i < sizeof(longest); i++)
                longest[i] = i == 0 ? '/' : (char)(i * 7 % 255 + 1);
        add_name(builder, 5, inode++, false, (struct text){ longest, sizeof(longest) });

        snapshot = builder_seal(builder);
        assert_int_equal(snapshot->nobjects, inode - 1);
        assert_round_trips(snapshot);
        snapshot_free(snapshot);
}

/* Same names, ids and inodes in several places, files without a name, and names that are none. */
static void twins_round_trip(void **state)
{
        struct builder *builder = new_builder();
        struct snapshot *snapshot;
        struct object *foreign;

        (void)state;
        add_name(builder, 5, 1, false, TEXT("/x"));
        add_name(builder, 6, 1, true, TEXT("/x"));
        add_name(builder, value_dev(253, 7), 9, true, TEXT("/x"));
        add_name(builder, 5, 40, false, TEXT(""));
        add_name(builder, 5, 41, false, TEXT(""));
        add_name(builder, 6, 41, true, TEXT(""));
        add_name(builder, 5, 42, false, TEXT("/"));
        add_name(builder, 5, 43, false, TEXT("y"));
        add_name(builder, 5, 44, false, TEXT("/a\0b"));
        add_segment(builder, OWN_NS, 7, 0x5eed);
        add_segment(builder, OTHER_NS, 7, 0x5eed);
        add_segment(builder, OTHER_NS + 1, 7, 0);
        add_segment(builder, OWN_NS, 0, 0);
        add_segment(builder, OWN_NS, INT32_MAX, UINT32_MAX);
        builder_object(builder, (struct object_key){ &tube, 14, 88121 }, NULL);
        builder_object(builder, (struct object_key){ &tube, 14, 88122 }, NULL);
        foreign = builder_object(builder, (struct object_key){ &tube, 15, 88121 }, NULL);
        foreign->foreign = true;
        foreign->ns = OTHER_NS;
        snapshot = builder_seal(builder);
        assert_round_trips(snapshot);
        snapshot_free(snapshot);
}

static void assert_printed(const struct snapshot *snapshot, size_t number, const char *expected)
{
        struct buf out = { 0 };

        reference_print(&snapshot->objects[number], &out);
        assert_string_equal(out.data, expected);
        assert_true(text_equal(buf_text(&out), snapshot->objects[number].ref));
        buf_done(&out);
}

static void printed(void **state)
{
        struct builder *builder = new_builder();
        struct snapshot *snapshot;

        (void)state;
        add_segment(builder, OWN_NS, 7, 0x5eed);
        add_segment(builder, OTHER_NS, 8, 0x5eed);
        builder_object(builder, (struct object_key){ &shm, 77, 9 }, NULL)->foreign = true;
        add_name(builder, 5, 1, false, TEXT("/a b,c=d"));
        add_name(builder, value_dev(253, 7), 1, true, TEXT("/b"));
        add_name(builder, 5, 41, false, TEXT(""));
        add_name(builder, 45, 42, true, TEXT(""));
        builder_object(builder, (struct object_key){ &tube, 14, 88121 }, NULL);
        snapshot = builder_seal(builder);
        assert_printed(snapshot, 0, "shm:7");
        assert_printed(snapshot, 1, "shm:8,ns=4026532221");
        assert_printed(snapshot, 2, "shm:9");
        assert_printed(snapshot, 3, "mq:/a%20b%2Cc%3Dd");
        assert_printed(snapshot, 4, "mq:/b,dev=253:7");
        assert_printed(snapshot, 5, "mq:ino=41");
        assert_printed(snapshot, 6, "mq:ino=42,dev=0:45");
        assert_printed(snapshot, 7, "pipe:88121");
        snapshot_free(snapshot);
}

static void join(const struct object *object, void *data)
{
        struct buf *refs = data;

        if (refs->len > 0)
                buf_byte(refs, ' ');
        buf_add(refs, object->ref);
}

static void assert_resolves(const struct snapshot *snapshot, const char *word, size_t n, const char *refs)
{
        struct arena arena;
        struct buf found = { 0 };
        struct reference reference;

        arena_init(&arena);
        reference = parse(text_of(word), &arena);
        assert_int_equal(reference_resolve(snapshot, &reference, join, &found), n);
        assert_string_equal(buf_text(&found).data, refs);
        buf_done(&found);
        arena_done(&arena);
}

static void resolves(void **state)
{
        struct builder *builder = new_builder();
        struct snapshot *snapshot;

        (void)state;
        add_segment(builder, OWN_NS, 7, 0x5eed);
        add_segment(builder, OWN_NS, 8, 0);
        add_segment(builder, OTHER_NS, 7, 0x5eed);
        add_segment(builder, OTHER_NS, 9, 0x5eee);
        add_name(builder, 5, 41, false, TEXT("/x"));
        add_name(builder, 5, 42, false, TEXT(""));
        add_name(builder, 45, 41, true, TEXT("/x"));
        snapshot = builder_seal(builder);

        assert_resolves(snapshot, "shm:7", 1, "shm:7");
        assert_resolves(snapshot, "shm:9", 0, "");
        assert_resolves(snapshot, "shm:10", 0, "");
        assert_resolves(snapshot, "shm:0x5eed", 1, "shm:7");
        assert_resolves(snapshot, "shm:0x5eee", 0, "");
        assert_resolves(snapshot, "shm:0x5eee,ns=4026532221", 1, "shm:9,ns=4026532221");
        assert_resolves(snapshot, "shm:7,ns=4026532221", 1, "shm:7,ns=4026532221");
        assert_resolves(snapshot, "shm:7,ns=100", 1, "shm:7");
        assert_resolves(snapshot, "shm:7,ns=101", 0, "");
        assert_resolves(snapshot, "mq:/x", 1, "mq:/x");
        assert_resolves(snapshot, "mq:x", 1, "mq:/x");
        assert_resolves(snapshot, "mq:/X", 0, "");
        assert_resolves(snapshot, "mq:/x,dev=0:45", 1, "mq:/x,dev=0:45");
        assert_resolves(snapshot, "mq:/x,dev=0:46", 0, "");
        assert_resolves(snapshot, "mq:ino=41", 1, "mq:/x");
        assert_resolves(snapshot, "mq:ino=42", 1, "mq:ino=42");
        assert_resolves(snapshot, "pipe:41", 0, "");
        assert_resolves(snapshot, "pid:7", 0, "");
        snapshot_free(snapshot);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(numbers),
                cmocka_unit_test(names),
                cmocka_unit_test(attributes),
                cmocka_unit_test(wrong_numbers),
                cmocka_unit_test(wrong_words),
                cmocka_unit_test(printed),
                cmocka_unit_test(hostile_names_round_trip),
                cmocka_unit_test(twins_round_trip),
                cmocka_unit_test(resolves),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
