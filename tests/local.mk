# SPDX-License-Identifier: GPL-2.0-or-later
# Everything that `make check` runs speaks TAP, so that each case counts.
# tests/check-sources.sh fails when a file is missing here.

# Programs without an entry of their own are made of the one file of their name.
unit_tests = \
	tests/unit/test-action \
	tests/unit/test-arena \
	tests/unit/test-base64 \
	tests/unit/test-browse-state \
	tests/unit/test-builder-row \
	tests/unit/test-buf \
	tests/unit/test-columns \
	tests/unit/test-configuration \
	tests/unit/test-consent \
	tests/unit/test-copy \
	tests/unit/test-copy-place \
	tests/unit/test-counterpart \
	tests/unit/test-cpu-clocks \
	tests/unit/test-dialog \
	tests/unit/test-dialog-acts \
	tests/unit/test-escape \
	tests/unit/test-exposition \
	tests/unit/test-fd-table \
	tests/unit/test-fdinfo \
	tests/unit/test-file-replace \
	tests/unit/test-findings \
	tests/unit/test-findings-unrecorded \
	tests/unit/test-format \
	tests/unit/test-getfd \
	tests/unit/test-grid \
	tests/unit/test-host \
	tests/unit/test-journal \
	tests/unit/test-journal-entries \
	tests/unit/test-json \
	tests/unit/test-json-pretty \
	tests/unit/test-json-read \
	tests/unit/test-kcmp \
	tests/unit/test-key \
	tests/unit/test-layout \
	tests/unit/test-layout-places \
	tests/unit/test-limits \
	tests/unit/test-limits-text \
	tests/unit/test-list \
	tests/unit/test-listings \
	tests/unit/test-locks \
	tests/unit/test-logind \
	tests/unit/test-manifest \
	tests/unit/test-map \
	tests/unit/test-messages \
	tests/unit/test-mounts \
	tests/unit/test-mqueue-text \
	tests/unit/test-named \
	tests/unit/test-number \
	tests/unit/test-overview \
	tests/unit/test-plan \
	tests/unit/test-process \
	tests/unit/test-procnet \
	tests/unit/test-prompt \
	tests/unit/test-protection \
	tests/unit/test-query \
	tests/unit/test-query-errors \
	tests/unit/test-reference \
	tests/unit/test-relations \
	tests/unit/test-resolver \
	tests/unit/test-pulse \
	tests/unit/test-scene \
	tests/unit/test-scene-sums \
	tests/unit/test-signals \
	tests/unit/test-sleepers \
	tests/unit/test-sockdiag \
	tests/unit/test-sort \
	tests/unit/test-state \
	tests/unit/test-table \
	tests/unit/test-thresholds \
	tests/unit/test-ui \
	tests/unit/test-ui-events \
	tests/unit/test-ui-find \
	tests/unit/test-utf8 \
	tests/unit/test-views \
	tests/unit/test-waits \
	tests/unit/test-walk \
	tests/unit/test-walk-live \
	tests/unit/test-writer

unit_headers = \
	tests/unit/child.h \
	tests/unit/copy.h \
	tests/unit/dialog.h \
	tests/unit/layout.h \
	tests/unit/judged.h \
	tests/unit/sample.h \
	tests/unit/scene.h \
	tests/unit/tree.h \
	tests/unit/trouble.h \
	tests/unit/tui.h

# A target makes two programs: one with libFuzzer, one that only replays the corpus.
fuzzers = \
	tests/fuzz/fuzz-cgroup \
	tests/fuzz/fuzz-columns \
	tests/fuzz/fuzz-escape \
	tests/fuzz/fuzz-fdinfo \
	tests/fuzz/fuzz-json-read \
	tests/fuzz/fuzz-limits \
	tests/fuzz/fuzz-locks \
	tests/fuzz/fuzz-manifest \
	tests/fuzz/fuzz-maps \
	tests/fuzz/fuzz-messages \
	tests/fuzz/fuzz-mountinfo \
	tests/fuzz/fuzz-mq-messages \
	tests/fuzz/fuzz-number \
	tests/fuzz/fuzz-procnet \
	tests/fuzz/fuzz-query \
	tests/fuzz/fuzz-recorded \
	tests/fuzz/fuzz-reference \
	tests/fuzz/fuzz-sockdiag \
	tests/fuzz/fuzz-stat \
	tests/fuzz/fuzz-syscall
replays = \
	tests/fuzz/replay-cgroup \
	tests/fuzz/replay-columns \
	tests/fuzz/replay-escape \
	tests/fuzz/replay-fdinfo \
	tests/fuzz/replay-json-read \
	tests/fuzz/replay-limits \
	tests/fuzz/replay-locks \
	tests/fuzz/replay-manifest \
	tests/fuzz/replay-maps \
	tests/fuzz/replay-messages \
	tests/fuzz/replay-mountinfo \
	tests/fuzz/replay-mq-messages \
	tests/fuzz/replay-number \
	tests/fuzz/replay-procnet \
	tests/fuzz/replay-query \
	tests/fuzz/replay-recorded \
	tests/fuzz/replay-reference \
	tests/fuzz/replay-sockdiag \
	tests/fuzz/replay-stat \
	tests/fuzz/replay-syscall

cli_tests = \
	tests/cli/check.bats \
	tests/cli/configuration.bats \
	tests/cli/from.bats \
	tests/cli/metrics.bats \
	tests/cli/rm.bats \
	tests/cli/trees.bats \
	tests/tui/frames.bats

live_tests = \
	tests/live/agreement.bats \
	tests/live/asleep.bats \
	tests/live/check.bats \
	tests/live/churn.bats \
	tests/live/create.bats \
	tests/live/events.bats \
	tests/live/from.bats \
	tests/live/holders.bats \
	tests/live/hostile.bats \
	tests/live/inet.bats \
	tests/live/journal.bats \
	tests/live/limits.bats \
	tests/live/locks.bats \
	tests/live/memfd.bats \
	tests/live/metrics.bats \
	tests/live/mq.bats \
	tests/live/msg.bats \
	tests/live/named-acts.bats \
	tests/live/namespaces.bats \
	tests/live/netlink.bats \
	tests/live/peers.bats \
	tests/live/pipes.bats \
	tests/live/psem.bats \
	tests/live/pshm.bats \
	tests/live/pty.bats \
	tests/live/rm-consent.bats \
	tests/live/rm-many.bats \
	tests/live/rm.bats \
	tests/live/save-killed.bats \
	tests/live/save.bats \
	tests/live/schema.bats \
	tests/live/sem.bats \
	tests/live/set.bats \
	tests/live/shm.bats \
	tests/live/signals.bats \
	tests/live/sysv-acts.bats \
	tests/live/unix.bats \
	tests/live/user.bats \
	tests/live/waits.bats

# In a terminal that tmux(1) makes, in the sandbox of the live tests.
terminal_tests = \
	tests/tui/remove.bats \
	tests/tui/terminal.bats

check_scripts = \
	tests/check-banned.sh \
	tests/check-layers.sh \
	tests/check-manual.sh \
	tests/check-shell.sh \
	tests/check-sources.sh \
	tests/check-style.sh \
	tests/check-translations.sh

# What unit tests link; everything else names its libraries.
LDADD = $(ipcview_libs) $(CMOCKA_LIBS)

if HAVE_CMOCKA
check_PROGRAMS += $(unit_tests)
TESTS += $(unit_tests)
else
TESTS += tests/unit/missing.sh
endif

# What `make bench` needs is built by `make check`, too, so that it keeps compiling.
bench_programs = \
	tests/bench/crowd \
	tests/bench/keys \
	tests/bench/stopwatch

check_PROGRAMS += $(replays) $(bench_programs) tests/tui/monkey tests/live/asleep tests/live/maker tests/live/named-acts \
	tests/live/sysv-acts
TESTS += $(replays) tests/tui/monkey $(check_scripts) $(cli_tests) $(live_tests) $(terminal_tests)

# What needs no namespaces: for .ci/run, where the live tests have run before.
portable_tests = $(unit_tests) $(replays) tests/tui/monkey $(check_scripts) $(cli_tests)

print-portable-tests:
	@echo $(portable_tests)

.PHONY: print-portable-tests

tests_live_asleep_SOURCES = \
	tests/live/asleep-acts.c \
	tests/live/asleep-blocks.c \
	tests/live/asleep-child.c \
	tests/live/asleep-late.c \
	tests/live/asleep-lives.c \
	tests/live/asleep-steps.c \
	tests/live/asleep.c \
	tests/live/asleep.h
tests_live_asleep_LDADD = $(ipcview_libs)
tests_live_maker_SOURCES = \
	tests/live/maker-args.c \
	tests/live/maker-child.c \
	tests/live/maker-ends.c \
	tests/live/maker-ends.h \
	tests/live/maker-events.c \
	tests/live/maker-mq.c \
	tests/live/maker-pipe.c \
	tests/live/maker-posix.c \
	tests/live/maker-socket.c \
	tests/live/maker-sysv.c \
	tests/live/maker-wait.c \
	tests/live/maker.c \
	tests/live/maker.h
tests_live_maker_LDADD =
tests_live_sysv_acts_SOURCES = \
	tests/live/sysv-acts-copy.c \
	tests/live/sysv-acts-remove.c \
	tests/live/sysv-acts.c \
	tests/live/sysv-acts.h
tests_live_sysv_acts_LDADD = $(ipcview_libs)
tests_live_named_acts_SOURCES = tests/live/named-acts.c
tests_live_named_acts_LDADD = $(ipcview_libs)
tests_tui_monkey_SOURCES = \
	tests/tui/monkey-scene.c \
	tests/tui/monkey.c \
	tests/tui/monkey.h
tests_tui_monkey_LDADD = $(ipcview_libs)
tests_bench_crowd_LDADD =
tests_bench_keys_LDADD =
tests_bench_stopwatch_LDADD =

EXTRA_DIST += \
	$(check_scripts) \
	$(cli_tests) \
	$(live_tests) \
	$(terminal_tests) \
	$(unit_headers) \
	tests/bench/run \
	tests/cli/ipcview.rules.test.yml \
	tests/fuzz/corpus \
	tests/live/admin.bash \
	tests/live/agreement.py \
	tests/live/ask.py \
	tests/live/contents.py \
	tests/live/filler.py \
	tests/live/live.bash \
	tests/live/sandbox \
	tests/run-bats \
	tests/strip-c.awk \
	tests/tap.sh \
	tests/tui/terminal.bash \
	tests/cli/trees.bash \
	tests/trees \
	tests/tui/frames \
	tests/tui/golden \
	tests/unit/missing.sh \
	tests/validate-json.py

# --- how they are run -------------------------------------------------------

TEST_EXTENSIONS = .sh .bats
tap_driver = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
LOG_DRIVER = $(tap_driver)
SH_LOG_DRIVER = $(tap_driver)
BATS_LOG_DRIVER = $(tap_driver)
SH_LOG_COMPILER = $(SHELL)
BATS_LOG_COMPILER = $(SHELL) $(top_srcdir)/tests/run-bats

AM_TESTS_ENVIRONMENT = \
	CMOCKA_MESSAGE_OUTPUT=TAP; export CMOCKA_MESSAGE_OUTPUT; \
	UBSAN_OPTIONS=print_stacktrace=1; export UBSAN_OPTIONS; \
	LC_ALL=C.UTF-8; export LC_ALL; TZ=UTC; export TZ; \
	unset LANGUAGE NO_COLOR CLICOLOR_FORCE COLUMNS LINES; \
	top_srcdir='$(abs_top_srcdir)'; export top_srcdir; \
	top_builddir='$(abs_top_builddir)'; export top_builddir; \
	IPCVIEW='$(abs_top_builddir)/src/ipcview'; export IPCVIEW; \
	MAKER='$(abs_top_builddir)/tests/live/maker'; export MAKER; \
	PYTHON='$(PYTHON)'; export PYTHON; \
	PROMTOOL='$(PROMTOOL)'; export PROMTOOL; \
	TMUX_PROGRAM='$(TMUX_PROGRAM)'; export TMUX_PROGRAM; \
	BATS='$(BATS)'; export BATS;

# Scripts and static checks alone.
lint:
	@status=0; for script in $(check_scripts); do \
		echo "$$script"; \
		srcdir='$(srcdir)' $(SHELL) $(srcdir)/$$script || status=1; \
	done; exit $$status

# Speed and memory, measured on a large machine made in a sandbox.
bench: all $(bench_programs)
	@$(AM_TESTS_ENVIRONMENT) $(srcdir)/tests/bench/run

# --- fuzzing ----------------------------------------------------------------

# With --enable-fuzzers: each target for FUZZ_SECONDS, from its corpus. New finds go to the
# build tree; what is worth keeping is copied to tests/fuzz/corpus by hand.
FUZZ_SECONDS = 60

if FUZZERS
noinst_PROGRAMS += $(fuzzers)
fuzz: $(fuzzers)
	@for fuzzer in $(fuzzers); do \
		name=$${fuzzer##*/fuzz-}; \
		echo "fuzz $$name"; \
		$(MKDIR_P) tests/fuzz/new/$$name && \
		$$fuzzer -max_total_time=$(FUZZ_SECONDS) -max_len=65536 -print_final_stats=1 \
			-artifact_prefix=tests/fuzz/new/$$name- \
			tests/fuzz/new/$$name $(srcdir)/tests/fuzz/corpus/$$name || exit 1; \
	done
else
fuzz:
	@echo 'fuzz: configure with CC=clang --enable-fuzzers first' >&2; exit 1
endif

clean-local:
	rm -rf tests/fuzz/new

fuzz_ldflags = $(AM_LDFLAGS) -fsanitize=fuzzer
fuzz_ldadd = $(ipcview_libs)
replay_sources = tests/fuzz/replay.c
replay_ldadd = $(ipcview_libs)

tests_fuzz_fuzz_cgroup_SOURCES = tests/fuzz/fuzz-cgroup.c
tests_fuzz_fuzz_cgroup_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_cgroup_LDADD = $(fuzz_ldadd)
tests_fuzz_replay_cgroup_SOURCES = tests/fuzz/fuzz-cgroup.c $(replay_sources)
tests_fuzz_replay_cgroup_LDADD = $(replay_ldadd)

tests_fuzz_fuzz_columns_SOURCES = tests/fuzz/fuzz-columns.c
tests_fuzz_fuzz_columns_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_columns_LDADD = $(fuzz_ldadd)
tests_fuzz_replay_columns_SOURCES = tests/fuzz/fuzz-columns.c $(replay_sources)
tests_fuzz_replay_columns_LDADD = $(replay_ldadd)

tests_fuzz_fuzz_escape_SOURCES = tests/fuzz/fuzz-escape.c
tests_fuzz_fuzz_escape_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_escape_LDADD = $(fuzz_ldadd)
tests_fuzz_replay_escape_SOURCES = tests/fuzz/fuzz-escape.c $(replay_sources)
tests_fuzz_replay_escape_LDADD = $(replay_ldadd)

tests_fuzz_fuzz_fdinfo_SOURCES = tests/fuzz/fuzz-fdinfo.c
tests_fuzz_fuzz_fdinfo_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_fdinfo_LDADD = $(fuzz_ldadd)
tests_fuzz_replay_fdinfo_SOURCES = tests/fuzz/fuzz-fdinfo.c $(replay_sources)
tests_fuzz_replay_fdinfo_LDADD = $(replay_ldadd)

tests_fuzz_fuzz_json_read_SOURCES = tests/fuzz/fuzz-json-read.c
tests_fuzz_fuzz_json_read_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_json_read_LDADD = $(fuzz_ldadd)
tests_fuzz_replay_json_read_SOURCES = tests/fuzz/fuzz-json-read.c $(replay_sources)
tests_fuzz_replay_json_read_LDADD = $(replay_ldadd)

tests_fuzz_fuzz_limits_SOURCES = tests/fuzz/fuzz-limits.c
tests_fuzz_fuzz_limits_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_limits_LDADD = $(fuzz_ldadd)
tests_fuzz_replay_limits_SOURCES = tests/fuzz/fuzz-limits.c $(replay_sources)
tests_fuzz_replay_limits_LDADD = $(replay_ldadd)

tests_fuzz_fuzz_locks_SOURCES = tests/fuzz/fuzz-locks.c
tests_fuzz_fuzz_locks_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_locks_LDADD = $(fuzz_ldadd)
tests_fuzz_replay_locks_SOURCES = tests/fuzz/fuzz-locks.c $(replay_sources)
tests_fuzz_replay_locks_LDADD = $(replay_ldadd)

tests_fuzz_fuzz_manifest_SOURCES = tests/fuzz/fuzz-manifest.c
tests_fuzz_fuzz_manifest_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_manifest_LDADD = $(fuzz_ldadd)
tests_fuzz_replay_manifest_SOURCES = tests/fuzz/fuzz-manifest.c $(replay_sources)
tests_fuzz_replay_manifest_LDADD = $(replay_ldadd)

tests_fuzz_fuzz_maps_SOURCES = tests/fuzz/fuzz-maps.c
tests_fuzz_fuzz_maps_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_maps_LDADD = $(fuzz_ldadd)
tests_fuzz_replay_maps_SOURCES = tests/fuzz/fuzz-maps.c $(replay_sources)
tests_fuzz_replay_maps_LDADD = $(replay_ldadd)

tests_fuzz_fuzz_messages_SOURCES = tests/fuzz/fuzz-messages.c
tests_fuzz_fuzz_messages_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_messages_LDADD = $(fuzz_ldadd)
tests_fuzz_replay_messages_SOURCES = tests/fuzz/fuzz-messages.c $(replay_sources)
tests_fuzz_replay_messages_LDADD = $(replay_ldadd)

tests_fuzz_fuzz_mountinfo_SOURCES = tests/fuzz/fuzz-mountinfo.c
tests_fuzz_fuzz_mountinfo_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_mountinfo_LDADD = $(fuzz_ldadd)
tests_fuzz_replay_mountinfo_SOURCES = tests/fuzz/fuzz-mountinfo.c $(replay_sources)
tests_fuzz_replay_mountinfo_LDADD = $(replay_ldadd)

tests_fuzz_fuzz_mq_messages_SOURCES = tests/fuzz/fuzz-mq-messages.c
tests_fuzz_fuzz_mq_messages_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_mq_messages_LDADD = $(fuzz_ldadd)
tests_fuzz_replay_mq_messages_SOURCES = tests/fuzz/fuzz-mq-messages.c $(replay_sources)
tests_fuzz_replay_mq_messages_LDADD = $(replay_ldadd)

tests_fuzz_fuzz_number_SOURCES = tests/fuzz/fuzz-number.c
tests_fuzz_fuzz_number_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_number_LDADD = $(fuzz_ldadd)
tests_fuzz_replay_number_SOURCES = tests/fuzz/fuzz-number.c $(replay_sources)
tests_fuzz_replay_number_LDADD = $(replay_ldadd)

tests_fuzz_fuzz_query_SOURCES = tests/fuzz/fuzz-query.c
tests_fuzz_fuzz_query_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_query_LDADD = $(fuzz_ldadd)
tests_fuzz_replay_query_SOURCES = tests/fuzz/fuzz-query.c $(replay_sources)
tests_fuzz_replay_query_LDADD = $(replay_ldadd)

tests_fuzz_fuzz_recorded_SOURCES = tests/fuzz/fuzz-recorded.c
tests_fuzz_fuzz_recorded_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_recorded_LDADD = $(fuzz_ldadd)
tests_fuzz_replay_recorded_SOURCES = tests/fuzz/fuzz-recorded.c $(replay_sources)
tests_fuzz_replay_recorded_LDADD = $(replay_ldadd)

tests_fuzz_fuzz_reference_SOURCES = tests/fuzz/fuzz-reference.c
tests_fuzz_fuzz_reference_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_reference_LDADD = $(fuzz_ldadd)
tests_fuzz_replay_reference_SOURCES = tests/fuzz/fuzz-reference.c $(replay_sources)
tests_fuzz_replay_reference_LDADD = $(replay_ldadd)

tests_fuzz_fuzz_stat_SOURCES = tests/fuzz/fuzz-stat.c
tests_fuzz_fuzz_stat_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_stat_LDADD = $(fuzz_ldadd)
tests_fuzz_replay_stat_SOURCES = tests/fuzz/fuzz-stat.c $(replay_sources)
tests_fuzz_replay_stat_LDADD = $(replay_ldadd)

tests_fuzz_fuzz_syscall_SOURCES = tests/fuzz/fuzz-syscall.c
tests_fuzz_fuzz_syscall_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_syscall_LDADD = $(fuzz_ldadd)
tests_fuzz_replay_syscall_SOURCES = tests/fuzz/fuzz-syscall.c $(replay_sources)
tests_fuzz_replay_syscall_LDADD = $(replay_ldadd)

tests_fuzz_fuzz_procnet_SOURCES = tests/fuzz/fuzz-procnet.c
tests_fuzz_fuzz_procnet_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_procnet_LDADD = $(fuzz_ldadd)
tests_fuzz_replay_procnet_SOURCES = tests/fuzz/fuzz-procnet.c $(replay_sources)
tests_fuzz_replay_procnet_LDADD = $(replay_ldadd)

tests_fuzz_fuzz_sockdiag_SOURCES = tests/fuzz/fuzz-sockdiag.c
tests_fuzz_fuzz_sockdiag_LDFLAGS = $(fuzz_ldflags)
tests_fuzz_fuzz_sockdiag_LDADD = $(fuzz_ldadd)
tests_fuzz_replay_sockdiag_SOURCES = tests/fuzz/fuzz-sockdiag.c $(replay_sources)
tests_fuzz_replay_sockdiag_LDADD = $(replay_ldadd)
