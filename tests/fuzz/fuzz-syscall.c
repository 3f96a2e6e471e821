/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/cpu-clocks.h"
#include "sys/waits.h"

#include <errno.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool truth)
{
        if (!truth)
                abort();
}

/* The texts of /proc/PID/syscall and sched, the first as each machine would mean it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        const struct text text = { (const char *)data, size };
        struct wait_line line = { .number = -42 };
        uint64_t clock = 42;
        int r;

        r = wait_parse(text, &line);
        check(r == 1 || ((r == 0 || r == -EBADMSG) && line.number == -42));
        for (unsigned machine = 0; r == 1 && machine <= MACHINE_UNKNOWN; machine++) {
                struct wait_call call = { .operation = NULL };

                if (!wait_decode(&line, (enum wait_machine)machine, &call)) {
                        check(!call.operation);
                        continue;
                }
                check(machine != MACHINE_UNKNOWN && call.operation && *call.operation);
                check(call.target <= WAIT_PATH);
                check((call.target != WAIT_POLL && call.target != WAIT_SELECT) || call.count > 0);
        }
        r = cpu_clocks_parse(text, &clock);
        check(r == 0 || (r == -EBADMSG && clock == 42));
        return 0;
}
