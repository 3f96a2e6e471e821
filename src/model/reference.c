/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/reference.h"

#include "base/escape.h"
#include "base/i18n.h"
#include "model/literal.h"

#include <errno.h>

/* A part of the word, and where in it. */
struct piece {
        struct text text;
        size_t at;
};

static struct piece piece_from(struct piece piece, size_t n)
{
        return (struct piece){ text_from(piece.text, n), piece.at + n };
}

/* Cuts the piece up to the next comma off *rest; *ret_more: was there one? */
static struct piece piece_split(struct piece *rest, bool *ret_more)
{
        const char *comma = rest->text.len > 0 ? memchr(rest->text.data, ',', rest->text.len) : NULL;
        struct piece piece = *rest;

        *ret_more = comma;
        if (comma)
                piece.text.len = (size_t)(comma - rest->text.data);
        *rest = piece_from(*rest, piece.text.len + (comma ? 1 : 0));
        return piece;
}

/* If the piece begins with the attribute ("ino="): true, and *ret is its value. */
static bool piece_attribute(struct piece piece, struct text attribute, struct piece *ret)
{
        if (!text_starts(piece.text, attribute))
                return false;
        *ret = piece_from(piece, attribute.len);
        return true;
}

static int parse_key(struct piece piece, struct reference *reference, struct parse_error *ret_error)
{
        int r = literal_key(piece.text, piece.at, &reference->number, ret_error);

        if (r < 0)
                return r;
        if (reference->number == 0)
                return parse_fail(ret_error, -EINVAL, N_("key 0 is IPC_PRIVATE and no address"), piece.at);
        reference->by = REFERENCE_KEY;
        return 0;
}

static int parse_inode(struct piece piece, struct reference *reference, struct parse_error *ret_error)
{
        reference->by = REFERENCE_INODE;
        return literal_number(piece.text, piece.at, UINT64_MAX, &reference->number, ret_error);
}

static int parse_id(struct piece piece, struct reference *reference, struct parse_error *ret_error)
{
        struct piece value;

        if (text_starts(piece.text, TEXT("0x")) || text_starts(piece.text, TEXT("0X")))
                return parse_key(piece, reference, ret_error);
        if (piece_attribute(piece, TEXT("key="), &value))
                return parse_key(value, reference, ret_error);
        if (piece_attribute(piece, TEXT("id="), &value))
                piece = value;
        reference->by = REFERENCE_ID;
        return literal_number(piece.text, piece.at, INT32_MAX, &reference->number, ret_error);
}

/*
 * POSIX names begin with a slash, but shm_open(3) and its like take them
 * without. Abstract sockets are written @..., their name begins with a NUL.
 */
static struct text keep_name(struct arena *arena, const struct kind *kind, struct text name)
{
        char *whole;

        if (kind->address == ADDRESS_SOCKET && name.len > 0 && name.data[0] == '@') {
                whole = (char *)arena_text(arena, name).data;
                whole[0] = 0;
                return (struct text){ whole, name.len };
        }
        if (kind->address == ADDRESS_WORD || (name.len > 0 && name.data[0] == '/'))
                return arena_text(arena, name);
        whole = arena_alloc(arena, name.len + 2);
        whole[0] = '/';
        memcpy(whole + 1, name.data, name.len);
        return (struct text){ whole, name.len + 1 };
}

static int parse_name(struct piece piece, struct arena *arena, struct reference *reference,
                      struct parse_error *ret_error)
{
        struct buf name = { 0 };
        size_t at = 0;
        int r = escape_parse_word(piece.text, &name, &at);

        if (r < 0)
                parse_fail(ret_error, r, N_("an escape is a percent sign and two hex digits"), piece.at + at);
        else if (reference->kind->address != ADDRESS_SOCKET && memchr(name.data, 0, name.len))
                r = parse_fail(ret_error, -EINVAL, N_("a name has no NUL byte"), piece.at);
        else if (text_equal(buf_text(&name), TEXT("/")))
                r = parse_fail(ret_error, -EINVAL, N_("the name is empty"), piece.at);
        else {
                reference->by = REFERENCE_NAME;
                reference->name = keep_name(arena, reference->kind, buf_text(&name));
        }
        buf_done(&name);
        return r;
}

/* PID/FD */
static int parse_fd(struct piece piece, struct reference *reference, struct parse_error *ret_error)
{
        const char *slash = piece.text.len > 0 ? memchr(piece.text.data, '/', piece.text.len) : NULL;
        struct piece fd;
        int r;

        if (!slash)
                return parse_fail(ret_error, -EINVAL, N_("an address of this kind is PID/FD"), piece.at);
        fd = piece_from(piece, (size_t)(slash - piece.text.data) + 1);
        piece.text.len = (size_t)(slash - piece.text.data);
        reference->by = REFERENCE_FD;
        r = literal_number(piece.text, piece.at, INT32_MAX, &reference->pid, ret_error);
        return r < 0 ? r : literal_number(fd.text, fd.at, INT32_MAX, &reference->number, ret_error);
}

static bool begins_like_attribute(struct text text)
{
        return text_starts(text, TEXT("id=")) || text_starts(text, TEXT("key=")) ||
               text_starts(text, TEXT("ino=")) || text_starts(text, TEXT("ns=")) ||
               text_starts(text, TEXT("dev="));
}

static int parse_primary(struct piece piece, struct arena *arena, struct reference *reference,
                         struct parse_error *ret_error)
{
        struct piece value;

        if (piece.text.len == 0)
                return parse_fail(ret_error, -EINVAL, N_("the name or number is missing"), piece.at);
        if (reference->kind->address == ADDRESS_ID)
                return parse_id(piece, reference, ret_error);
        if (reference->kind->address == ADDRESS_FD)
                return parse_fd(piece, reference, ret_error);
        if (piece_attribute(piece, TEXT("ino="), &value))
                return parse_inode(value, reference, ret_error);
        if (reference->kind->address == ADDRESS_INODE)
                return parse_inode(piece, reference, ret_error);
        if (begins_like_attribute(piece.text))
                return parse_fail(ret_error, -EINVAL,
                                  N_("no address of this kind (in a name the = is written as an escape)"),
                                  piece.at);
        return parse_name(piece, arena, reference, ret_error);
}

/* ns=INODE and dev=MAJOR:MINOR narrow down. Zero is neither, and stands for "not given". */
static int parse_attribute(struct piece piece, struct reference *reference, struct parse_error *ret_error)
{
        uint64_t *target, number;
        struct piece value;
        int r;

        if (piece_attribute(piece, TEXT("ns="), &value)) {
                target = &reference->ns;
                r = literal_number(value.text, value.at, UINT64_MAX, &number, ret_error);
        } else if (piece_attribute(piece, TEXT("dev="), &value) && reference->kind->address == ADDRESS_NAME) {
                target = &reference->dev;
                r = literal_dev(value.text, value.at, &number, ret_error);
        } else
                return parse_fail(ret_error, -EINVAL, N_("unknown attribute"), piece.at);

        if (r < 0)
                return r;
        if (number == 0)
                return parse_fail(ret_error, -EINVAL, N_("zero names nothing"), value.at);
        if (*target)
                return parse_fail(ret_error, -EINVAL, N_("given twice"), piece.at);
        *target = number;
        return 0;
}

static int parse_process(struct piece piece, struct reference *reference, struct parse_error *ret_error)
{
        int r = literal_number(piece.text, piece.at, INT32_MAX, &reference->number, ret_error);

        if (r < 0)
                return r;
        if (reference->number == 0)
                return parse_fail(ret_error, -EINVAL, N_("zero names nothing"), piece.at);
        reference->by = REFERENCE_PID;
        return 0;
}

static int parse_object(struct piece rest, struct arena *arena, struct reference *reference,
                        struct parse_error *ret_error)
{
        bool more;
        int r = parse_primary(piece_split(&rest, &more), arena, reference, ret_error);

        while (r >= 0 && more)
                r = parse_attribute(piece_split(&rest, &more), reference, ret_error);
        return r;
}

int reference_parse(const struct kind_set *kinds, struct text word, struct arena *arena,
                    struct reference *ret, struct parse_error *ret_error)
{
        const char *colon = word.len > 0 ? memchr(word.data, ':', word.len) : NULL;
        struct reference reference = { 0 };
        struct text prefix;
        struct piece rest;
        int r;

        if (!colon)
                return parse_fail(ret_error, -EINVAL, N_("a reference is KIND:NAME or KIND:NUMBER"),
                                  word.len);
        prefix = (struct text){ word.data, (size_t)(colon - word.data) };
        rest = piece_from((struct piece){ word, 0 }, prefix.len + 1);

        if (text_equal(prefix, TEXT("pid")))
                r = parse_process(rest, &reference, ret_error);
        else if (text_equal(prefix, TEXT("fd")))
                r = parse_fd(rest, &reference, ret_error);
        else if ((reference.kind = kind_find(kinds, prefix)))
                r = parse_object(rest, arena, &reference, ret_error);
        else
                r = parse_fail(ret_error, -EINVAL, N_("unknown kind"), 0);
        if (r < 0)
                return r;
        *ret = reference;
        return 0;
}

/* The name by which an object can be addressed, if it has one that reference_parse() would accept. */
static bool object_name(const struct object *object, struct text *ret)
{
        const struct value *name = kind_named(object->key.kind) ? object_find_name(object) : NULL;
        enum address address = object->key.kind->address;

        if (object->nameless || !name || name->type != VALUE_TEXT || name->len == 0)
                return false;
        *ret = value_text(name);
        if (address == ADDRESS_SOCKET && name->data[0] == 0)
                return true;
        if (memchr(name->data, 0, name->len))
                return false;
        return address == ADDRESS_WORD || (name->len > 1 && name->data[0] == '/');
}

static void print_name(const struct object *object, struct text name, struct buf *out)
{
        if (object->key.kind->address == ADDRESS_SOCKET && name.data[0] == 0) {
                buf_byte(out, '@');
                name = text_from(name, 1);
        }
        escape_word(out, name, "=,");
}

/* What tells an object of another namespace from one of ours; files are told apart by their device. */
static void print_scope(const struct object *object, struct buf *out)
{
        const struct object_key *key = &object->key;

        if (key->kind->address == ADDRESS_NAME && key->scope) {
                buf_string(out, ",dev=");
                buf_uint(out, key->scope >> 32);
                buf_byte(out, ':');
                buf_uint(out, key->scope & UINT32_MAX);
        } else if (key->kind->address != ADDRESS_NAME && object->ns) {
                buf_string(out, ",ns=");
                buf_uint(out, object->ns);
        }
}

void reference_print(const struct object *object, struct buf *out)
{
        const struct object_key *key = &object->key;
        struct text name;

        buf_string(out, key->kind->name);
        buf_byte(out, ':');
        if (object_name(object, &name)) {
                print_name(object, name, out);
        } else {
                if (kind_named(key->kind))
                        buf_string(out, "ino=");
                if (key->kind->address == ADDRESS_FD) {
                        buf_uint(out, key->scope);
                        buf_byte(out, '/');
                }
                buf_uint(out, key->id);
        }
        if (object->foreign)
                print_scope(object, out);
}

/* Does the object bear the id, key, name or inode? Its kind is known to be right. */
static bool bears(const struct object *object, const struct reference *reference)
{
        const struct value *value;

        switch (reference->by) {
        case REFERENCE_ID:
        case REFERENCE_INODE:
                return object->key.id == reference->number;
        case REFERENCE_FD:
                return object->key.scope == reference->pid && object->key.id == reference->number;
        case REFERENCE_KEY:
                value = row_get(object_row(object), FIELD_KEY);
                return value && value->type == VALUE_UINT && value->u == reference->number;
        case REFERENCE_NAME:
                value = row_get(object_row(object), FIELD_NAME);
                return value && value->type == VALUE_TEXT && text_equal(value_text(value), reference->name);
        case REFERENCE_PID:
                break;
        }
        return false;
}

static bool within(const struct object *object, const struct reference *reference)
{
        if (reference->ns && object->ns != reference->ns)
                return false;
        if (reference->dev && object->key.scope != reference->dev)
                return false;
        return reference->ns || reference->dev || !object->foreign;
}

bool reference_means(const struct reference *reference, const struct object *object)
{
        /* A nameless one may bear the name of its listener: that is no address of it. */
        if (reference->by == REFERENCE_NAME && object->nameless)
                return false;
        return bears(object, reference) && within(object, reference);
}

/* The first object that is not before the given one: snapshots are sorted. Perhaps it is the one at `guess`. */
static size_t lower_bound(const struct snapshot *snapshot, const struct object *least, size_t guess)
{
        size_t low = 0, high = snapshot->nobjects;

        if (guess > 0 && guess < high && object_compare(&snapshot->objects[guess - 1], least) < 0 &&
            object_compare(&snapshot->objects[guess], least) >= 0)
                return guess;
        while (low < high) {
                size_t middle = low + (high - low) / 2;

                if (object_compare(&snapshot->objects[middle], least) < 0)
                        low = middle + 1;
                else
                        high = middle;
        }
        return low;
}

/*
 * Where objects that the reference may mean begin. Ids and names are what the
 * order goes by, so all candidates stand together and *ret_together is true;
 * keys, and inodes of files that may have names, are looked for in the whole kind.
 */
static size_t first_candidate(const struct snapshot *snapshot, const struct reference *reference, size_t guess,
                              bool *ret_together)
{
        struct value name = {
                .field = FIELD_NAME, .type = VALUE_TEXT,
                .len = (uint32_t)reference->name.len, .data = reference->name.len ? reference->name.data : "",
        };
        struct object least = { .key.kind = reference->kind };
        bool by_name = kind_named(reference->kind);

        while (least.kind_order < snapshot->kinds->nkinds &&
               snapshot->kinds->kinds[least.kind_order] != reference->kind)
                least.kind_order++;

        *ret_together = reference->by != REFERENCE_KEY && reference->by != REFERENCE_INODE;
        *ret_together |= reference->by == REFERENCE_INODE && !by_name;
        if (by_name) {
                least.values = &name;
                least.nvalues = 1;
        } else if (*ret_together) {
                least.key.scope = reference->pid;
                least.key.id = reference->number;
        }
        return lower_bound(snapshot, &least, guess);
}

/* fd:PID/FD: whatever the process has there. */
static size_t resolve_fd(const struct snapshot *snapshot, const struct reference *reference,
                         void (*found)(const struct object *object, void *data), void *data)
{
        const struct process *process = snapshot_process(snapshot, (pid_t)reference->pid);
        size_t n = 0;

        for (unsigned i = 0; process && i < process->nholds; i++) {
                const struct hold *hold = process->holds[i];

                if (hold->way != WAY_FD || (uint64_t)hold->fd != reference->number)
                        continue;
                found(hold->object, data);
                n++;
        }
        return n;
}

size_t reference_resolve_near(const struct snapshot *snapshot, const struct reference *reference, size_t *guess,
                              void (*found)(const struct object *object, void *data), void *data)
{
        size_t n = 0;
        bool together;

        if (!reference->kind)
                return reference->by == REFERENCE_FD ? resolve_fd(snapshot, reference, found, data) : 0;
        for (size_t i = first_candidate(snapshot, reference, *guess, &together); i < snapshot->nobjects; i++) {
                const struct object *object = &snapshot->objects[i];

                if (object->key.kind != reference->kind)
                        break;
                if (!bears(object, reference)) {
                        if (together)
                                break;
                        continue;
                }
                if (reference_means(reference, object)) {
                        found(object, data);
                        *guess = i + 1;
                        n++;
                }
        }
        return n;
}

size_t reference_resolve(const struct snapshot *snapshot, const struct reference *reference,
                         void (*found)(const struct object *object, void *data), void *data)
{
        size_t guess = 0;

        return reference_resolve_near(snapshot, reference, &guess, found, data);
}
