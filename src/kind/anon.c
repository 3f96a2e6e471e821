/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every other anonymous file: bpf-map, perf_event, userfaultfd, kvm-vm and
 * whatever comes. They pass between processes as the others do.
 */
#include "base/array.h"
#include "base/i18n.h"
#include "kind/anonfile.h"
#include "kind/kinds.h"

enum { LINE_VALUES = 2 };

/* Kinds of their own keep theirs, also when they are not asked for. */
static bool is_others(struct text link)
{
        for (unsigned i = 0; i < all_kinds.nkinds; i++)
                if (all_kinds.kinds[i]->anon && text_equal(link, text_of(all_kinds.kinds[i]->anon)))
                        return true;
        return false;
}

/* "anon_inode:[perf_event]" and "anon_inode:bpf-map" */
static struct text type_of(struct text link)
{
        link = text_from(link, TEXT("anon_inode:").len);
        if (text_starts(link, TEXT("[")) && text_ends(link, TEXT("]")))
                link = (struct text){ link.data + 1, link.len - 2 };
        return link;
}

/* Anything that is the same for equal texts; FNV-1a. */
static uint64_t digest(struct text text, uint64_t inode)
{
        uint64_t hash = UINT64_C(0xcbf29ce484222325) ^ inode;

        for (size_t i = 0; i < text.len; i++)
                hash = (hash ^ (unsigned char)text.data[i]) * UINT64_C(0x100000001b3);
        return hash;
}

/* Every file has these; they are told otherwise, or are of no interest. */
static bool is_common(struct text key)
{
        static const char *const common[] = { "pos", "flags", "mnt_id", "ino" };

        for (unsigned i = 0; i < COUNT(common); i++)
                if (text_equal(key, text_of(common[i])))
                        return true;
        return false;
}

static void set_lines(struct claim *claim, struct object *object, struct text info)
{
        struct text rest = info, key, value;
        struct row *rows;
        size_t n = 0, i = 0;

        while (fdinfo_next_line(&rest, &key, &value))
                n += !is_common(key);
        rows = anonfile_rows(claim->builder, n, LINE_VALUES);
        while (i < n && fdinfo_next_line(&info, &key, &value)) {
                if (is_common(key))
                        continue;
                anonfile_add_text(claim->builder, &rows[i], FIELD_INFO_KEY, key);
                anonfile_add_text(claim->builder, &rows[i], FIELD_INFO_VALUE, value);
                i++;
        }
        anonfile_set_rows(claim->builder, object, FIELD_FDINFO, rows, n);
}

static struct object *claim_anon(struct claim *claim)
{
        const struct want *want = builder_want(claim->builder);
        struct fdinfo_key inode = { .key = "ino", .form = FDINFO_UNSIGNED };
        struct text link = claim->entry->link, info;
        struct object *object;
        bool new;

        if (is_others(link))
                return NULL;
        info = anonfile_info(claim, &kind_anon);
        fdinfo_read(info, &inode, 1);
        object = anonfile_object(claim, &kind_anon, digest(link, inode.there ? inode.bits : 0), &new);
        if (!object || !new)
                return object;
        if (inode.there)
                builder_uint(claim->builder, object, FIELD_INODE, inode.bits);
        builder_text(claim->builder, object, FIELD_ANON_TYPE, type_of(link));
        if (info.len == 0)
                builder_unknown(claim->builder, object, FIELD_FDINFO);
        else if (want->detail || field_set_has(&want->fields, FIELD_FDINFO))
                set_lines(claim, object, info);
        return object;
}

static const uint16_t fields[] = {
        FIELD_ANON_TYPE, FIELD_INODE, FIELD_STATE, FIELD_FDINFO,
};

static const uint16_t table[] = {
        FIELD_REF, FIELD_ANON_TYPE, FIELD_HOLDERS,
};

static const uint16_t summary[] = { FIELD_ANON_TYPE };

const struct kind kind_anon = {
        .name = "anon",
        .title = N_("Other anonymous file"),
        .scope = NAMESPACE_NONE,
        .address = ADDRESS_FD,
        .family = FAMILY_EVENT,
        .fields = fields, .nfields = COUNT(fields),
        .columns = table, .ncolumns = COUNT(table),
        .summary = summary, .nsummary = COUNT(summary),
        .unlisted = true,
        .claims = CLAIM_ANON,
        .claim = claim_anon,
        .wake = WAKE_HOLDER,
};
