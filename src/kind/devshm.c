/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What lies in /dev/shm and is no POSIX object: directories, links, FIFOs, sockets, devices. */
#include "base/array.h"
#include "base/i18n.h"
#include "kind/kinds.h"
#include "kind/shmdir.h"
#include "sys/peek.h"

#include <sys/stat.h>

static enum file_type_word file_type(uint32_t mode)
{
        switch (mode & S_IFMT) {
        case S_IFREG:  return FILE_REGULAR;
        case S_IFDIR:  return FILE_DIRECTORY;
        case S_IFLNK:  return FILE_SYMLINK;
        case S_IFIFO:  return FILE_FIFO;
        case S_IFSOCK: return FILE_SOCKET;
        default:       return FILE_DEVICE;
        }
}

void devshm_fill(struct builder *builder, struct object *object, const struct shmdir_file *file)
{
        struct buf target = { 0 };

        builder_uint(builder, object, FIELD_FILE_TYPE, file_type(file->facts->mode));
        if (S_ISLNK(file->facts->mode)) {
                if (peek_target(file->dir, file->name, &target) == 0)
                        builder_text(builder, object, FIELD_TARGET, buf_text(&target));
                else
                        builder_unknown(builder, object, FIELD_TARGET);
        }
        buf_done(&target);
}

static const uint16_t fields[] = {
        FIELD_NAME, FIELD_FILE_TYPE, FIELD_TARGET, FIELD_INODE, FIELD_DEV,
        FIELD_OWNER, FIELD_GROUP, FIELD_MODE, FIELD_STATE,
        FIELD_LINKED, FIELD_LINKS, FIELD_CREATED_AT, FIELD_CHANGED_AT, FIELD_MODIFIED_AT,
};

static const uint16_t table[] = {
        FIELD_REF, FIELD_FILE_TYPE, FIELD_OWNER, FIELD_MODE, FIELD_AGE_SECONDS, FIELD_HOLDERS,
};

static const uint16_t summary[] = { FIELD_FILE_TYPE, FIELD_TARGET };

const struct kind kind_devshm = {
        .name = "devshm",
        .title = N_("Other file in /dev/shm"),
        .scope = NAMESPACE_MNT,
        .address = ADDRESS_NAME,
        .family = FAMILY_POSIX,
        .fields = fields, .nfields = COUNT(fields),
        .columns = table, .ncolumns = COUNT(table),
        .summary = summary, .nsummary = COUNT(summary),
        .scan = shmdir_scan,
};
