/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/process-facts.h"

static const char *const namespace_names[PROCESS_NS_COUNT] = {
        [PROCESS_NS_IPC] = "ipc", [PROCESS_NS_MNT] = "mnt", [PROCESS_NS_NET] = "net", [PROCESS_NS_PID] = "pid",
        [PROCESS_NS_USER] = "user",
};

/* Worked out here, because what is kept of a process is told many times. */
static void read_cgroup(struct process_facts *facts, int dir)
{
        buf_clear(&facts->cgroup);
        buf_clear(&facts->container);
        facts->unit = (struct text){ 0 };
        facts->in_container = false;
        facts->cgroup_err = process_read_cgroup(dir, &facts->cgroup);
        if (facts->cgroup_err < 0)
                return;
        (void)cgroup_unit(buf_text(&facts->cgroup), &facts->unit);
        facts->in_container = cgroup_container(buf_text(&facts->cgroup), &facts->container);
}

void process_facts_read(struct process_facts *facts, int dir, unsigned parts)
{
        parts = process_facts_missing(facts, parts);
        facts->parts |= parts;
        if (parts & PART_STAT)
                facts->stat_err = process_read_stat(dir, &facts->stat_text, &facts->stat);
        if (parts & PART_COMMAND) {
                buf_clear(&facts->command);
                facts->command_err = process_read_command(dir, &facts->command);
        }
        if (parts & PART_STATUS)
                facts->status_err = process_read_status(dir, &facts->status);
        if (parts & PART_CGROUP)
                read_cgroup(facts, dir);
        if (parts & PART_NAMESPACES)
                process_read_namespaces(dir, namespace_names, PROCESS_NS_COUNT, facts->namespaces);
        if (parts & PART_LIMITS) {
                facts->limits = (struct process_limits){ 0 };
                facts->limits_err = limits_read_process(dir, &facts->limits);
        }
}

static struct buf copy_of(const struct buf *buf)
{
        struct buf copy = { 0 };

        if (buf->len > 0)
                buf_add(&copy, buf_text(buf));
        return copy;
}

void process_facts_copy(const struct process_facts *facts, struct process_facts *ret)
{
        *ret = *facts;
        ret->stat_text = copy_of(&facts->stat_text);
        ret->command = copy_of(&facts->command);
        ret->cgroup = copy_of(&facts->cgroup);
        ret->container = copy_of(&facts->container);
        if (facts->parts & PART_CGROUP && facts->unit.data)
                ret->unit.data = ret->cgroup.data + (facts->unit.data - facts->cgroup.data);
        if (facts->parts & PART_STAT && facts->stat_err == 0)
                ret->stat.comm.data = ret->stat_text.data + (facts->stat.comm.data - facts->stat_text.data);
}

void process_facts_clear(struct process_facts *facts)
{
        facts->parts = 0;
}

void process_facts_done(struct process_facts *facts)
{
        buf_done(&facts->stat_text);
        buf_done(&facts->command);
        buf_done(&facts->cgroup);
        buf_done(&facts->container);
        *facts = (struct process_facts){ 0 };
}
