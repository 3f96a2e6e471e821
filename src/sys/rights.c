/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/rights.h"

#include "base/i18n.h"
#include "base/number.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/utsname.h>

enum { STATUS_MOST = 1 << 16 };

static const struct {
        unsigned bit;                   /* linux/capability.h */
        const char *name, *allows;
} known[RIGHTS] = {
        { 2,  "CAP_DAC_READ_SEARCH", N_("read every file, queue and semaphore") },
        { 15, "CAP_IPC_OWNER",       N_("read every System V object") },
        { 19, "CAP_SYS_PTRACE",      N_("look into the descriptors and mappings of every process") },
        { 21, "CAP_SYS_ADMIN",       N_("mount a private mqueue, enter other namespaces") },
        { 40, "CAP_CHECKPOINT_RESTORE", N_("look at what is mapped but has no name any more") },
};

int rights_read(const struct host *host, struct right ret[RIGHTS])
{
        struct buf file = { 0 };
        struct text rest, line;
        int err = host_read(host, "/proc/self/status", STATUS_MOST, &file);

        if (err == 0)
                err = -ENODATA;
        rest = buf_text(&file);
        while (err == -ENODATA && text_split(&rest, '\n', &line)) {
                uint64_t bits;

                if (!text_starts(line, TEXT("CapEff:\t")))
                        continue;
                err = number_parse_base(text_from(line, 8), 16, UINT64_MAX, &bits);
                for (unsigned i = 0; err == 0 && i < RIGHTS; i++)
                        ret[i] = (struct right){ known[i].name, known[i].allows, bits >> known[i].bit & 1 };
        }
        buf_done(&file);
        return err;
}

void rights_guard_streams(void)
{
        /* Read-only and of no use: what is written to a closed stdout must fail, not land in some file. */
        for (int fd = 0; fd <= 2; fd++)
                if (fcntl(fd, F_GETFD) < 0 && errno == EBADF && open("/dev/null", O_RDONLY) < 0)
                        return;
}

void rights_kernel(struct buf *out)
{
        struct utsname name;

        if (uname(&name) == 0)
                buf_printf(out, "%s %s %s", name.sysname, name.release, name.machine);
}
