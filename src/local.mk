# SPDX-License-Identifier: GPL-2.0-or-later
# Every source file, room by room. tests/check-sources.sh fails when one is missing here.

base_sources = \
	src/base/arena.c \
	src/base/arena.h \
	src/base/array.h \
	src/base/base64.c \
	src/base/base64.h \
	src/base/buf.c \
	src/base/buf.h \
	src/base/digits.h \
	src/base/escape.c \
	src/base/escape.h \
	src/base/i18n.h \
	src/base/json-writer.c \
	src/base/json-writer.h \
	src/base/map.c \
	src/base/map.h \
	src/base/memory.c \
	src/base/memory.h \
	src/base/number.c \
	src/base/number.h \
	src/base/table.c \
	src/base/table.h \
	src/base/text.c \
	src/base/text.h \
	src/base/thread.c \
	src/base/thread.h \
	src/base/utf8-ranges.h \
	src/base/utf8.c \
	src/base/utf8.h

sys_sources = \
	src/sys/cgroup.c \
	src/sys/columns.c \
	src/sys/columns.h \
	src/sys/copy-place.c \
	src/sys/copy-private.h \
	src/sys/copy-read.c \
	src/sys/copy-sum.c \
	src/sys/copy.c \
	src/sys/copy.h \
	src/sys/directory.c \
	src/sys/directory.h \
	src/sys/fdinfo.c \
	src/sys/fdinfo.h \
	src/sys/file-replace.c \
	src/sys/file-replace.h \
	src/sys/file.c \
	src/sys/file.h \
	src/sys/getfd.c \
	src/sys/getfd.h \
	src/sys/handle.c \
	src/sys/handle.h \
	src/sys/host.c \
	src/sys/host.h \
	src/sys/internal-fs.c \
	src/sys/internal-fs.h \
	src/sys/interrupt.c \
	src/sys/interrupt.h \
	src/sys/journal.c \
	src/sys/kcmp.c \
	src/sys/kcmp.h \
	src/sys/limits.c \
	src/sys/limits.h \
	src/sys/locks.c \
	src/sys/locks.h \
	src/sys/memfd.c \
	src/sys/memfd.h \
	src/sys/logind.c \
	src/sys/logind.h \
	src/sys/mounts.c \
	src/sys/mounts.h \
	src/sys/mqueue-acts.c \
	src/sys/mqueue-acts.h \
	src/sys/mqueue.c \
	src/sys/mqueue.h \
	src/sys/names.c \
	src/sys/names.h \
	src/sys/numbers.c \
	src/sys/numbers.h \
	src/sys/peek.c \
	src/sys/peek.h \
	src/sys/pipes.c \
	src/sys/pipes.h \
	src/sys/process.c \
	src/sys/process.h \
	src/sys/procnet.c \
	src/sys/procnet.h \
	src/sys/recorded.c \
	src/sys/recorded.h \
	src/sys/rights.c \
	src/sys/rights.h \
	src/sys/sockdiag-parse.c \
	src/sys/sockdiag-parse.h \
	src/sys/sockdiag-relay.c \
	src/sys/sockdiag-relay.h \
	src/sys/sockdiag.c \
	src/sys/sockdiag.h \
	src/sys/sockfd.c \
	src/sys/sockfd.h \
	src/sys/state-private.h \
	src/sys/state.c \
	src/sys/state.h \
	src/sys/syscalls.c \
	src/sys/syscalls.list \
	src/sys/sysv-acts.c \
	src/sys/sysv-acts.h \
	src/sys/sysv-contents.c \
	src/sys/sysv-contents.h \
	src/sys/sysv-foreign.c \
	src/sys/sysv-memory.c \
	src/sys/sysv-memory.h \
	src/sys/sysv-private.h \
	src/sys/sysv.c \
	src/sys/sysv.h \
	src/sys/terminal.c \
	src/sys/terminal.h \
	src/sys/threads.c \
	src/sys/threads.h \
	src/sys/users.c \
	src/sys/waits-memory.c \
	src/sys/waits-private.h \
	src/sys/waits.c \
	src/sys/waits.h \
	src/sys/walk-ahead.c \
	src/sys/walk-ahead.h \
	src/sys/walk-fd.c \
	src/sys/walk-map.c \
	src/sys/walk-path.c \
	src/sys/walk-private.h \
	src/sys/walk.c \
	src/sys/walk.h

model_sources = \
	src/model/acts.c \
	src/model/acts.h \
	src/model/builder-private.h \
	src/model/builder-seal.c \
	src/model/builder.c \
	src/model/builder.h \
	src/model/field.c \
	src/model/field.h \
	src/model/fields.list \
	src/model/kind.c \
	src/model/kind.h \
	src/model/limit.c \
	src/model/limit.h \
	src/model/limits.list \
	src/model/literal.c \
	src/model/literal.h \
	src/model/object.c \
	src/model/object.h \
	src/model/query-eval.c \
	src/model/query-lexer.c \
	src/model/query-pattern.c \
	src/model/query-private.h \
	src/model/query-test.c \
	src/model/query.c \
	src/model/query.h \
	src/model/reference.c \
	src/model/reference.h \
	src/model/resolver.c \
	src/model/resolver.h \
	src/model/snapshot.c \
	src/model/snapshot.h \
	src/model/sort.c \
	src/model/value-json.c \
	src/model/value-json.h \
	src/model/value.c \
	src/model/value.h \
	src/model/words.list

kind_sources = \
	src/kind/anon.c \
	src/kind/anonfile.c \
	src/kind/anonfile.h \
	src/kind/claim.h \
	src/kind/devshm.c \
	src/kind/endpoints.c \
	src/kind/endpoints.h \
	src/kind/epoll.c \
	src/kind/eventfd.c \
	src/kind/fanotify.c \
	src/kind/fifo-acts.c \
	src/kind/fifo.c \
	src/kind/file-acts.c \
	src/kind/file-acts.h \
	src/kind/file.c \
	src/kind/inet.c \
	src/kind/inotify.c \
	src/kind/iouring.c \
	src/kind/kinds.c \
	src/kind/kinds.h \
	src/kind/kinds.list \
	src/kind/lock.c \
	src/kind/memfd.c \
	src/kind/messages.c \
	src/kind/messages.h \
	src/kind/mq-acts.c \
	src/kind/mq-acts.h \
	src/kind/mq-copy.c \
	src/kind/mq-messages.c \
	src/kind/mq-messages.h \
	src/kind/mq.c \
	src/kind/msg-acts.c \
	src/kind/msg.c \
	src/kind/netlink.c \
	src/kind/packet.c \
	src/kind/path-acts.c \
	src/kind/path-acts.h \
	src/kind/path-name.c \
	src/kind/path-name.h \
	src/kind/pidfd.c \
	src/kind/pipe-ends.c \
	src/kind/pipe-ends.h \
	src/kind/pipe.c \
	src/kind/psem-acts.c \
	src/kind/psem-layout.c \
	src/kind/psem-layout.h \
	src/kind/psem.c \
	src/kind/pshm-acts.c \
	src/kind/pshm.c \
	src/kind/pty.c \
	src/kind/sem-acts.c \
	src/kind/sem.c \
	src/kind/shm-acts.c \
	src/kind/shm.c \
	src/kind/shmdir-acts.c \
	src/kind/shmdir-acts.h \
	src/kind/shmdir.c \
	src/kind/shmdir.h \
	src/kind/signalfd.c \
	src/kind/socket-claim.c \
	src/kind/socket.c \
	src/kind/sockets.c \
	src/kind/sockets.h \
	src/kind/sysv-acts.c \
	src/kind/sysv-acts.h \
	src/kind/sysv-make.c \
	src/kind/sysv-table.c \
	src/kind/sysv-table.h \
	src/kind/timerfd.c \
	src/kind/unix-acts.c \
	src/kind/unix-files.c \
	src/kind/unix-names.c \
	src/kind/unix-stale.c \
	src/kind/unix.c \
	src/kind/unix.h \
	src/kind/vsock.c \
	src/kind/waiting.h

collect_sources = \
	src/collect/collect.c \
	src/collect/collect.h \
	src/collect/fd-table.c \
	src/collect/fd-table.h \
	src/collect/history.c \
	src/collect/history.h \
	src/collect/holders.c \
	src/collect/holders.h \
	src/collect/later.c \
	src/collect/later.h \
	src/collect/limits-cgroup.c \
	src/collect/limits-foreign.c \
	src/collect/limits-system.c \
	src/collect/limits-walk.c \
	src/collect/limits.c \
	src/collect/limits.h \
	src/collect/logind.c \
	src/collect/logind.h \
	src/collect/processes.c \
	src/collect/processes.h \
	src/collect/waits.c \
	src/collect/waits.h

report_sources = \
	src/report/counterpart.c \
	src/report/counterpart.h \
	src/report/findings-cycles.c \
	src/report/findings-knots.c \
	src/report/findings-knots.h \
	src/report/findings-limits.c \
	src/report/findings-memory.c \
	src/report/findings-modes.c \
	src/report/findings-private.h \
	src/report/findings-queues.c \
	src/report/findings-sockets.c \
	src/report/findings-sysv.c \
	src/report/findings-text.c \
	src/report/findings.c \
	src/report/findings.h \
	src/report/findings.list \
	src/report/limits-charge.c \
	src/report/limits-private.h \
	src/report/limits.c \
	src/report/limits.h \
	src/report/protection.c \
	src/report/protection.h \
	src/report/totals.c \
	src/report/totals.h \
	src/report/verdict.c \
	src/report/verdict.h

admin_sources = \
	src/admin/create.c \
	src/admin/create.h \
	src/admin/deed.c \
	src/admin/deed.h \
	src/admin/journal-line.c \
	src/admin/journal-line.h \
	src/admin/journal-row.c \
	src/admin/manifest.c \
	src/admin/manifest.h \
	src/admin/plan.c \
	src/admin/plan.h \
	src/admin/restore.c \
	src/admin/restore.h \
	src/admin/save.c \
	src/admin/set.c \
	src/admin/set.h

output_sources = \
	src/output/exposition.c \
	src/output/exposition.h \
	src/output/findings.c \
	src/output/findings.h \
	src/output/format.c \
	src/output/format.h \
	src/output/json-change.c \
	src/output/json-copy.c \
	src/output/json-findings.c \
	src/output/json-journal.c \
	src/output/json-limits.c \
	src/output/json-node.c \
	src/output/json-node.h \
	src/output/json-object.c \
	src/output/json-private.h \
	src/output/json-removal.c \
	src/output/json-schema-acts.c \
	src/output/json-schema-findings.c \
	src/output/json-schema-limits.c \
	src/output/json-schema-objects.c \
	src/output/json.c \
	src/output/json.h \
	src/output/limits-explain.c \
	src/output/limits.c \
	src/output/limits.h \
	src/output/list.c \
	src/output/list.h \
	src/output/metrics-limits.c \
	src/output/metrics-objects.c \
	src/output/metrics-private.h \
	src/output/metrics.c \
	src/output/metrics.h \
	src/output/page-ends.c \
	src/output/page-parts.c \
	src/output/page-private.h \
	src/output/page.c \
	src/output/page.h \
	src/output/removal.c \
	src/output/removal.h \
	src/output/schema.c \
	src/output/schema.h \
	src/output/sink.c \
	src/output/sink.h


tui_sources =

command_sources = \
	src/command/assignments.c \
	src/command/assignments.h \
	src/command/check.c \
	src/command/check.h \
	src/command/columns.c \
	src/command/command.h \
	src/command/commands.c \
	src/command/commands.list \
	src/command/configuration.c \
	src/command/configuration.h \
	src/command/consent.c \
	src/command/consent.h \
	src/command/create.c \
	src/command/deeds.c \
	src/command/deeds.h \
	src/command/help.c \
	src/command/help.h \
	src/command/info.c \
	src/command/journal.c \
	src/command/journaling.c \
	src/command/journaling.h \
	src/command/limits-explain.c \
	src/command/limits.c \
	src/command/limits.h \
	src/command/list.c \
	src/command/message.c \
	src/command/message.h \
	src/command/metrics.c \
	src/command/object-set.c \
	src/command/object-set.h \
	src/command/options.c \
	src/command/options.h \
	src/command/progress.c \
	src/command/progress.h \
	src/command/references.c \
	src/command/references.h \
	src/command/rm-options.c \
	src/command/rm.c \
	src/command/rm.h \
	src/command/restore.c \
	src/command/save.c \
	src/command/schema.c \
	src/command/session.c \
	src/command/session.h \
	src/command/set.c \
	src/command/show.c \
	src/command/show.h \
	src/command/thresholds.c \
	src/command/thresholds.h \
	src/command/totals.c \
	src/command/totals.h

# All rooms in one library, so that the unit tests link what the program is made of.
noinst_LIBRARIES += src/libipcview.a
src_libipcview_a_SOURCES = \
	$(base_sources) \
	$(sys_sources) \
	$(model_sources) \
	$(kind_sources) \
	$(collect_sources) \
	$(report_sources) \
	$(output_sources) \
	$(admin_sources) \
	$(tui_sources) \
	$(command_sources)

ipcview_libs = src/libipcview.a $(JSON_C_LIBS) $(LIBMNL_LIBS) $(LIBXXHASH_LIBS) $(LIBINTL)

bin_PROGRAMS += src/ipcview
src_ipcview_SOURCES = src/main.c
src_ipcview_LDADD = $(ipcview_libs)

# What generated files were made with.
EXTRA_DIST += src/base/utf8-ranges.py
