/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "collect/logind.h"

#include "sys/logind.h"

void collect_logind(const struct host *host, struct builder *builder)
{
        static const enum remove_ipc meaning[] = {
                [LOGIND_SILENT] = REMOVE_IPC_DEFAULT, [LOGIND_NO] = REMOVE_IPC_NO, [LOGIND_YES] = REMOVE_IPC_YES,
        };
        struct snapshot_origin *origin = builder_origin(builder);
        struct buf names = { 0 };

        if (!builder_want(builder)->limits)
                return;
        origin->remove_ipc = meaning[logind_remove_ipc(host)];
        if (logind_lingering(host, &names) == 0)
                origin->lingering = arena_text(builder_arena(builder), buf_text(&names));
        buf_done(&names);
}
