/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "command/browse-files.h"

#include "base/memory.h"
#include "command/saved.h"

#include <stdlib.h>

enum exit_status browse_files_read(const struct invocation *invocation, const struct browse_options *options,
                                   struct snapshot ***ret)
{
        struct snapshot **snapshots = memory_new((options->nfiles + 1) * sizeof(struct snapshot *));
        enum exit_status status = STATUS_DONE;

        for (unsigned i = 0; i < options->nfiles && status == STATUS_DONE; i++)
                status = saved_read(invocation, options->files[i], &snapshots[i]);
        if (status == STATUS_DONE) {
                *ret = snapshots;
                return status;
        }
        for (unsigned i = 0; i < options->nfiles; i++)
                snapshot_free(snapshots[i]);
        free(snapshots);
        return status;
}
