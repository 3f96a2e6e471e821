/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A signal to one of those who have an object. */
#include "admin/journal-line.h"
#include "base/i18n.h"
#include "sys/signals.h"

#include <errno.h>

void deed_signal(struct deed *deed, const struct process *process, int signal)
{
        struct journal_note note = { .process = process, .signal = signal };
        int r = signals_send(deed->host, process->pid, process->start, signal);

        deed->act = (struct act){ .host = deed->host };
        deed->err = deed->journal_err = 0;
        switch (r) {
        case 0:
                deed->result = DEED_DONE;
                break;
        case -ESRCH:
                deed->result = DEED_GONE;
                break;
        case -ESTALE:
                deed->result = DEED_CHANGED;
                break;
        case -EINVAL:
                deed->result = DEED_REFUSED;
                deed->act.reason = N_("init, threads of the kernel and ipcview itself get no signals from here");
                break;
        default:
                deed->result = DEED_FAILED;
                deed->err = -r;
        }
        journal_note(deed, &note);
}
