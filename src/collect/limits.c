/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "collect/limits.h"

#include "base/array.h"
#include "sys/limits.h"

#include <errno.h>
#include <stdio.h>

void limits_read_file(const struct host *host, const char *path, struct limits_file *ret)
{
        ret->path = path;
        ret->n = 0;
        ret->err = limits_read_numbers(host, path, ret->numbers, COUNT(ret->numbers), &ret->n);
}

bool limits_take_value(struct builder *builder, const struct limits_file *file, unsigned index,
                       struct limit_reading *reading)
{
        int err = file->err == 0 && file->n <= index ? -EBADMSG : file->err;

        reading->unknown = err < 0;
        if (err < 0) {
                /* What a kernel or a recording does not have is no gap. */
                if (builder && err != -ENOENT)
                        builder_gap(builder, NULL, "/proc/sys", -err, NULL);
                return false;
        }
        reading->value = file->numbers[index];
        reading->unlimited = file->numbers[index] == LIMIT_NONE;
        return true;
}

bool limits_read_value(const struct host *host, struct builder *builder, const char *path,
                       struct limit_reading *reading)
{
        struct limits_file file;

        limits_read_file(host, path, &file);
        return limits_take_value(builder, &file, 0, reading);
}

/* A queue or listener whose limit is its own. Both numbers are the kernel's. */
static void read_own(struct builder *builder, const struct object *object, const struct kind_charge *charge)
{
        const struct value *used = builder_get(object, charge->field);
        const struct value *most = builder_get(object, charge->most);
        uint64_t usual = 0;

        if (!used || !most)
                return;
        if (charge->amount)
                charge->amount(object, &usual);
        builder_reading(builder, &(struct limit_reading){
                .limit = charge->limit, .object = object, .unknown = most->type != VALUE_UINT,
                .value = most->type == VALUE_UINT ? most->u : 0, .usual = usual,
                .counted = used->type == VALUE_UINT, .used = used->type == VALUE_UINT ? used->u : 0 });
}

static void read_all_own(struct builder *builder, const struct kind *kind, const struct kind_charge *charge)
{
        struct object *object;

        for (size_t i = 0; (object = builder_each(builder, kind, i)); i++)
                read_own(builder, object, charge);
}

static void read_objects(struct builder *builder)
{
        const struct kind_set *kinds = builder_kinds(builder);

        for (unsigned i = 0; i < kinds->nkinds; i++)
                for (unsigned j = 0; j < kinds->kinds[i]->ncharges; j++)
                        if (kinds->kinds[i]->charges[j].how == CHARGE_OWN)
                                read_all_own(builder, kinds->kinds[i], &kinds->kinds[i]->charges[j]);
}

void collect_limits(const struct host *host, struct builder *builder)
{
        if (!builder_want(builder)->limits)
                return;
        collect_system_limits(host, builder);
        collect_cgroup_limits(host, builder);
        read_objects(builder);
}
