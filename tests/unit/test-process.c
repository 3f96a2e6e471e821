/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/process-facts.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tree.h"

/* What comes before the processor, in a line with a name that looks like its end. */
#define AHEAD "7 (x) 1) S 1 7 7 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 3 0 17 123 456 7 1 2 3 4 5 6 7 8 9 0 1 2 17 "
#define TAIL " S 1 7 7 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 3 0 1795287852 123 456\n"

static void stat_lines(void **state)
{
        struct process_stat stat;

        (void)state;
        assert_int_equal(process_parse_stat(TEXT("2011 (nginx)" TAIL), &stat), 0);
        assert_text(stat.comm, TEXT("nginx"));
        assert_int_equal(stat.state, 'S');
        assert_int_equal(stat.flags, 4194560);
        assert_int_equal(stat.nthreads, 3);
        assert_true(stat.start == 1795287852);

        assert_int_equal(process_parse_stat(TEXT("7 ()" TAIL), &stat), 0);
        assert_text(stat.comm, TEXT(""));
        assert_int_equal(process_parse_stat(TEXT("7 (a) R 1\nb)" TAIL), &stat), 0);
        assert_text(stat.comm, TEXT("a) R 1\nb"));
        assert_int_equal(stat.state, 'S');
        assert_int_equal(process_parse_stat(TEXT("7 (((()" TAIL), &stat), 0);
        assert_text(stat.comm, TEXT("((("));
        assert_int_equal(process_parse_stat(TEXT("7 (x) Z 1 7 7 0 -1 4294967295 1 2 3 4 5 6 7 8 20 0 1 0 "
                                                 "18446744073709551615 0"), &stat), 0);
        assert_int_equal(stat.flags, UINT32_MAX);
        assert_true(stat.start == UINT64_MAX);
        assert_int_equal(process_parse_stat(TEXT("7 (x) S 1 7 5 34819 99 0 1 2 3 4 5 6 7 8 20 0 3 0 17 123"), &stat), 0);
        assert_int_equal(stat.parent, 1);
        assert_int_equal(stat.session, 5);
        assert_true(stat.terminal == (UINT64_C(136) << 32 | 3));
        assert_int_equal(stat.foreground, 99);
        /* pts/1048575: the minor's upper bits lie above the major, and the kernel prints a negative number */
        assert_int_equal(process_parse_stat(TEXT("7 (x) S 1 7 5 -1013505 -1 0 1 2 3 4 5 6 7 8 20 0 3 0 17 123"), &stat), 0);
        assert_true(stat.terminal == (UINT64_C(136) << 32 | 1048575));
        assert_int_equal(stat.foreground, -1);
}

static void processors(void **state)
{
        static const char *const bad[] = {
                "", "7", "7 (x)" TAIL, "7 (x 1 2 3", AHEAD, AHEAD "3", AHEAD "3 ", AHEAD "x 0", AHEAD "-1 0",
                AHEAD "4294967296 0",
        };

        (void)state;
        for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
                assert_int_equal(process_parse_processor(text_of(bad[i])), -EBADMSG);
        assert_int_equal(process_parse_processor(TEXT(AHEAD "3 0 0 0 0 0\n")), 3);
        assert_int_equal(process_parse_processor(TEXT("7 (a) R 1 2 3 4 5 6 7 8 9 1 1 1 1 1" TAIL)), -EBADMSG);
}

static void bad_stat_lines(void **state)
{
        static const char *const bad[] = {
                "",
                "7",
                "7 (x",
                "7 x)" TAIL,
                "(x)" TAIL,
                " (x)" TAIL,
                "7(x)" TAIL,
                "7 )x(" TAIL,
                "x (x)" TAIL,
                "4294967296 (x)" TAIL,
                "7 (x) SS 1 7 7 0 -1 0 1 2 3 4 5 6 7 8 20 0 3 0 17 123\n",
                "7 (x) 1 1 7 7 0 -1 0 1 2 3 4 5 6 7 8 20 0 3 0 17 123\n",
                "7 (x) S 1 7 7 0 -1 4294967296 1 2 3 4 5 6 7 8 20 0 3 0 17 123\n",
                "7 (x) S 1 7 -7 0 -1 0 1 2 3 4 5 6 7 8 20 0 3 0 17 123\n",
                "7 (x) S 1 7 7 x -1 0 1 2 3 4 5 6 7 8 20 0 3 0 17 123\n",
                "7 (x) S 1 7 7 4294967296 -1 0 1 2 3 4 5 6 7 8 20 0 3 0 17 123\n",
                "7 (x) S 1 7 7 0 x 0 1 2 3 4 5 6 7 8 20 0 3 0 17 123\n",
                "7 (x) S 1 7 7 0 -1 0 1 2 3 4 5 6 7 8 20 0 -3 0 17 123\n",
                "7 (x) S 1 7 7 0 -1 0 1 2 3 4 5 6 7 8 20 0 3 0 18446744073709551616 123\n",
                "7 (x) S 1 7 7 0 -1 0 1 2 3 4 5 6 7 8 20 0 3 0 17",        /* 17, or the start of 1795? */
                "7 (x) S 1 7 7 0 -1 0 1 2 3 4 5 6 7 8 20 0 3\n",
        };
        struct process_stat stat = { .nthreads = 42 };

        (void)state;
        for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
                assert_int_equal(process_parse_stat(text_of(bad[i]), &stat), -EBADMSG);
        assert_int_equal(stat.nthreads, 42);
}

static int parse_uid(const char *text, uid_t *ret)
{
        struct process_status status = { .uid = *ret };
        int r = process_parse_status(text_of(text), &status);

        *ret = status.uid;
        return r;
}

static void uids(void **state)
{
        uid_t uid = 42;

        (void)state;
        assert_int_equal(parse_uid("Name:\tUid: 3\nGid:\t1\t2\t3\t4\nUid:\t1000\t4294967294\t0\t0\n", &uid), 0);
        assert_int_equal(uid, 4294967294u);
        assert_int_equal(parse_uid("Uid:\t1000\n", &uid), -EBADMSG);
        assert_int_equal(parse_uid("Uid:\t1000\t4294967296\n", &uid), -EBADMSG);
        assert_int_equal(parse_uid("Name:\tx\n", &uid), -EBADMSG);
        assert_int_equal(parse_uid("", &uid), -EBADMSG);
        assert_int_equal(uid, 4294967294u);
        assert_int_equal(parse_uid("Uid:\t1\t2\t3\t4\nUid:\t5\t6\t7\t8\n", &uid), 0);
        assert_int_equal(uid, 2);
}

#define SIGNALS_WITHOUT_QUEUE \
        "SigPnd:\t0000000000000001\nShdPnd:\t8000000000000000\nSigBlk:\tffffffffffffffff\n" \
        "SigIgn:\t0000000000001000\nSigCgt:\t0000000180000002\n"

static void signal_sets(void **state)
{
        struct process_status status = { 0 };

        (void)state;
        assert_int_equal(process_parse_status(TEXT("Uid:\t0\t7\t0\t0\nThreads:\t1\nSigQ:\t3/31400\n"
                                                   SIGNALS_WITHOUT_QUEUE "CapInh:\tffff\nSeccomp:\t0\n"), &status), 0);
        assert_int_equal(status.uid, 7);
        assert_true(status.has_signals);
        assert_true(status.signals.pending == 1);
        assert_true(status.signals.process_pending == UINT64_C(1) << 63);
        assert_true(status.signals.blocked == UINT64_MAX);
        assert_true(status.signals.ignored == 0x1000);
        assert_true(status.signals.caught == 0x180000002);
        assert_true(status.signals.queued == 3);
        assert_true(status.signals.queued_limit == 31400);
}

/* A line that is missing or is nothing of the kind: then nothing is told of signals. */
static void broken_signal_sets(void **state)
{
        static const char *const bad[] = {
                "Uid:\t0\t7\n",
                "Uid:\t0\t7\n" SIGNALS_WITHOUT_QUEUE,
                "Uid:\t0\t7\nSigQ:\t3\n" SIGNALS_WITHOUT_QUEUE,
                "Uid:\t0\t7\nSigQ:\t3/\n" SIGNALS_WITHOUT_QUEUE,
                "Uid:\t0\t7\nSigQ:\t-3/4\n" SIGNALS_WITHOUT_QUEUE,
                "Uid:\t0\t7\nSigQ:\t3/18446744073709551616\n" SIGNALS_WITHOUT_QUEUE,
                "Uid:\t0\t7\nSigQ:\t3/4\nSigPnd:\t10000000000000000\n",
                "Uid:\t0\t7\nSigQ:\t3/4\nSigPnd:\t\nSig\nSigX:\t0\n",
        };

        (void)state;
        for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
                struct process_status status = { .has_signals = true };

                assert_int_equal(process_parse_status(text_of(bad[i]), &status), 0);
                assert_int_equal(status.uid, 7);
                assert_false(status.has_signals);
        }
}

static void the_signals_of_this_process(void **state)
{
        struct process_status status = { 0 };
        sigset_t set, old;
        int dir;

        (void)state;
        dir = open("/proc/self", O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (dir < 0)
                skip();
        sigemptyset(&set);
        sigaddset(&set, SIGUSR2);
        sigaddset(&set, SIGRTMAX);
        assert_int_equal(sigprocmask(SIG_SETMASK, &set, &old), 0);
        assert_int_equal(process_read_status(dir, &status), 0);
        assert_int_equal(sigprocmask(SIG_SETMASK, &old, NULL), 0);
        close(dir);
        assert_int_equal(status.uid, geteuid());
        assert_true(status.has_signals);
        assert_true(status.signals.blocked == (UINT64_C(1) << (SIGUSR2 - 1) | UINT64_C(1) << (SIGRTMAX - 1)));
}

static void assert_cgroup(const char *file, const char *expected)
{
        struct text path;

        assert_int_equal(process_parse_cgroup(text_of(file), &path), 0);
        assert_text(path, text_of(expected));
}

static void control_groups(void **state)
{
        struct text path;

        (void)state;
        assert_cgroup("0::/system.slice/nginx.service\n", "/system.slice/nginx.service");
        assert_cgroup("12:cpu,cpuacct:/c\n9:name=systemd:/user.slice/a:b\n0::/\n", "/user.slice/a:b");
        assert_cgroup("12:cpu:/\n9:memory:/docker/x\n1:name=systemd:/\n", "/docker/x");
        assert_cgroup("9:memory:/m\n1:name=systemd:/s\n0::/u\n", "/u");
        assert_cgroup("9:memory:/\n0::/\n", "/");
        assert_cgroup("junk\n0::relative\n0::/x", "/x");
        assert_int_equal(process_parse_cgroup(TEXT(""), &path), -EBADMSG);
        assert_int_equal(process_parse_cgroup(TEXT("0::\n1:x\n"), &path), -EBADMSG);
}

static void units(void **state)
{
        static const char *const cases[][2] = {
                { "/system.slice/nginx.service", "nginx.service" },
                { "/system.slice/nginx.service/worker/0", "nginx.service" },
                { "/user.slice/user-0.slice/user@0.service/app.slice/app-x\\x2dy.scope", "app-x\\x2dy.scope" },
                { "/user.slice/user-1000.slice", "user-1000.slice" },
                { "/system.slice/dev-mqueue.mount", "dev-mqueue.mount" },
                { "/system.slice/_cpu.service", "cpu.service" },
                { "/system.slice/a.service (deleted)", "a.service" },
                { "/system.slice/a.service/", "a.service" },
                { "/system.slice/\033[31m.service", "system.slice" },
                { "/a b.service", NULL },
                { "/.service", NULL },
                { "/docker/0123", NULL },
                { "/", NULL },
                { "", NULL },
        };
        struct text unit;

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                assert_int_equal(cgroup_unit(text_of(cases[i][0]), &unit), cases[i][1] != NULL);
                if (cases[i][1])
                        assert_text(unit, text_of(cases[i][1]));
        }
}

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void containers(void **state)
{
        static const char *const cases[][2] = {
                { "/system.slice/docker-" ID ".scope", "0123456789ab" },
                { "/system.slice/docker-" ID ".scope/init.scope", "0123456789ab" },
                { "/user.slice/user-1.slice/user@1.service/user.slice/libpod-" ID ".scope/container", "0123456789ab" },
                { "/machine.slice/libpod-conmon-" ID ".scope", NULL },
                { "/kubepods.slice/kubepods-pod1.slice/crio-" ID ".scope", "0123456789ab" },
                { "/kubepods.slice/kubepods-pod1.slice/cri-containerd-" ID ".scope", "0123456789ab" },
                { "/kubepods/burstable/pod6f/" ID, "0123456789ab" },
                { "/kubepodsx/burstable/pod6f/" ID, NULL },
                { "/docker/" ID, "0123456789ab" },
                { "/docker/" ID "/nested/deep", "0123456789ab" },
                { "/x/" ID, NULL },
                { "/docker/0123456789ab", NULL },
                { "/docker/" ID "0", NULL },
                { "/docker/0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef", NULL },
                { "/system.slice/xdocker-" ID ".scope", NULL },
                { "/system.slice/docker-" ID ".scopex", NULL },
                { "/docker/" ID "/system.slice/docker-fedcba9876540123456789abcdef0123456789abcdef0123456789abcdef0123.scope",
                  "fedcba987654" },
                { "/lxc/web/init.scope", "web" },
                { "/lxc.payload.web.1/system.slice/a.service", "web.1" },
                { "/lxc.monitor.web", NULL },
                { "/lxc.payload.", NULL },
                { "/lxc", NULL },
                { "/machine.slice/machine-my\\x2dvm.scope/payload", "my-vm" },
                { "/machine.slice/machine-a-b\\x.scope", "a/b\\x" },
                { "/machine.slice/machine-x.scope/supervisor", NULL },
                { "/machine.slice/systemd-nspawn@web\\x2d1.service/payload/init.scope", "web-1" },
                { "/machine.slice/machine-.scope", NULL },
                { "/machine.slice", NULL },
                { "/system.slice/docker.service", NULL },
                { "", NULL },
        };

        (void)state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                struct buf name = { 0 };

                buf_byte(&name, '>');
                assert_int_equal(cgroup_container(text_of(cases[i][0]), &name), cases[i][1] != NULL);
                assert_string_equal(name.data + 1, cases[i][1] ? cases[i][1] : "");
                buf_done(&name);
        }
}

/* The copy says the same when the first one says something else, or nothing any more. */
static void copied_facts(void **state)
{
        struct process_facts facts = { 0 }, copy;
        struct tree tree;
        char *path;
        int dir;

        (void)state;
        tree_init(&tree);
        tree_file(&tree, "/proc/7/cgroup", "0::/machine.slice/machine-web.scope\n");
        tree_file(&tree, "/proc/7/stat", "7 (web)" TAIL);
        tree_file(&tree, "/proc/8/cgroup", "0::/\n");
        path = tree_path(&tree, "/proc/7/");
        dir = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
        free(path);
        process_facts_read(&facts, dir, PART_CGROUP | PART_STAT);
        close(dir);
        process_facts_copy(&facts, &copy);

        process_facts_clear(&facts);
        path = tree_path(&tree, "/proc/8/");
        dir = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
        free(path);
        process_facts_read(&facts, dir, PART_CGROUP);
        close(dir);
        assert_int_equal(facts.cgroup_err, 0);
        assert_null(facts.unit.data);
        assert_false(facts.in_container);
        process_facts_done(&facts);

        assert_text(buf_text(&copy.cgroup), TEXT("/machine.slice/machine-web.scope"));
        assert_text(copy.unit, TEXT("machine-web.scope"));
        assert_true(copy.unit.data >= copy.cgroup.data && copy.unit.data < copy.cgroup.data + copy.cgroup.len);
        assert_true(copy.in_container);
        assert_text(buf_text(&copy.container), TEXT("web"));
        assert_text(copy.stat.comm, TEXT("web"));
        process_facts_done(&copy);
        tree_done(&tree);
}

static void a_recorded_process(void **state)
{
        struct process_stat stat;
        struct buf buf = { 0 }, out = { 0 };
        struct tree tree;
        uint64_t inode = 0, inodes[3];
        struct process_status status = { .uid = 42 };
        char *path;
        int dir;

        (void)state;
        tree_init(&tree);
        tree_file(&tree, "/proc/7/stat", "7 (a\nb\\n) R 1)" TAIL);
        tree_bytes(&tree, "/proc/7/cmdline", TEXT("nginx: worker\0-c\0\0x\0\0\0\0"));
        tree_file(&tree, "/proc/7/status", "Name:\tx\nUid:\t1000\t33\t33\t33\n");
        tree_file(&tree, "/proc/7/cgroup", "0::/system.slice/nginx.service\n");
        tree_link(&tree, "/proc/7/ns/ipc", "ipc:[4026531839]");
        tree_link(&tree, "/proc/7/ns/mnt", "net:[4026531839]");
        tree_link(&tree, "/proc/7/ns/net", "net:[]");
        tree_file(&tree, "/proc/8/stat", "");
        tree_link(&tree, "/proc/8/cmdline", "/etc/passwd");
        tree_fifo(&tree, "/proc/8/status");
        tree_link(&tree, "/proc/8/ns", "/proc/self/ns");

        path = tree_path(&tree, "/proc/7/");
        dir = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
        free(path);
        assert_true(dir >= 0);
        assert_int_equal(process_read_stat(dir, &buf, &stat), 0);
        assert_text(stat.comm, TEXT("a\nb\\n) R 1"));
        buf_string(&out, ">");
        assert_int_equal(process_read_command(dir, &out), 0);
        assert_text(buf_text(&out), TEXT(">nginx: worker -c  x"));
        assert_int_equal(process_read_status(dir, &status), 0);
        assert_int_equal(status.uid, 33);
        assert_int_equal(process_read_namespace(dir, "ipc", &inode), 0);
        assert_int_equal(inode, 4026531839u);
        assert_int_equal(process_read_namespace(dir, "mnt", &inode), -EBADMSG);
        assert_int_equal(process_read_namespace(dir, "net", &inode), -EBADMSG);
        assert_int_equal(process_read_namespace(dir, "user", &inode), -ENOENT);
        process_read_namespaces(dir, (const char *const[]){ "mnt", "ipc", "user" }, 3, inodes);
        assert_int_equal(inodes[0], 0);
        assert_int_equal(inodes[1], 4026531839u);
        assert_int_equal(inodes[2], 0);
        buf_clear(&out);
        assert_int_equal(process_read_cgroup(dir, &out), 0);
        assert_string_equal(out.data, "/system.slice/nginx.service");
        close(dir);

        /* No file of this one is what it should be; nothing outside is read, nothing blocks. */
        path = tree_path(&tree, "/proc/8/");
        dir = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
        free(path);
        assert_int_equal(process_read_stat(dir, &buf, &stat), -EBADMSG);
        assert_int_equal(process_read_command(dir, &out), -EINVAL);
        assert_int_equal(process_read_status(dir, &status), -EINVAL);
        assert_int_equal(process_read_namespace(dir, "ipc", &inode), -ENOTDIR);
        process_read_namespaces(dir, (const char *const[]){ "ipc" }, 1, inodes);
        assert_int_equal(inodes[0], 0);
        assert_int_equal(process_read_cgroup(dir, &out), -ENOENT);
        assert_string_equal(out.data, "/system.slice/nginx.service");
        assert_int_equal(status.uid, 33);
        close(dir);

        buf_done(&buf);
        buf_done(&out);
        tree_done(&tree);
}

static void a_long_command_is_cut(void **state)
{
        struct buf content = { 0 }, out = { 0 };
        struct tree tree;
        int dir;

        (void)state;
        tree_init(&tree);
        for (unsigned i = 0; i < 100000; i++)
                buf_byte(&content, 'x');
        tree_bytes(&tree, "/cmdline", buf_text(&content));
        dir = open(tree.root, O_PATH | O_DIRECTORY | O_CLOEXEC);
        assert_int_equal(process_read_command(dir, &out), 0);
        assert_int_equal(out.len, 32 * 1024);
        assert_int_equal(out.data[out.len], 0);
        close(dir);
        buf_done(&content);
        buf_done(&out);
        tree_done(&tree);
}

static void start_times(void **state)
{
        struct host *host;
        struct tree tree;

        (void)state;
        tree_init(&tree);
        assert_int_equal(host_open(tree.root, &host), 0);
        assert_int_equal(process_start_time(host, 1), 0);
        host_close(host);

        tree_file(&tree, "/proc/stat", "cpu  1 2 3\nintr 0 0\nbtime 1795287852\nprocesses 7\n");
        assert_int_equal(host_open(tree.root, &host), 0);
        assert_true(process_start_time(host, 0) == INT64_C(1795287852000000000));
        assert_true(process_start_time(host, 150) == INT64_C(1795287853500000000));
        assert_int_equal(process_start_time(host, UINT64_MAX), 0);
        assert_int_equal(process_start_time(host, UINT64_MAX / 10000000), 0);
        host_close(host);
        tree_done(&tree);
}

/* What a process may call itself, as the running kernel writes it. */
static void the_name_of_this_process(void **state)
{
        struct process_stat stat;
        struct buf buf = { 0 };
        char old[16];
        int dir;

        (void)state;
        dir = open("/proc/self", O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (dir < 0)
                skip();
        assert_int_equal(prctl(PR_GET_NAME, old), 0);
        assert_int_equal(prctl(PR_SET_NAME, "a) R 1\nb\\n(\033"), 0);
        assert_int_equal(process_read_stat(dir, &buf, &stat), 0);
        assert_int_equal(prctl(PR_SET_NAME, old), 0);
        assert_text(stat.comm, TEXT("a) R 1\nb\\n(\033"));
        assert_int_equal(stat.state, 'R');
        assert_int_equal(stat.nthreads, 1);
        close(dir);
        buf_done(&buf);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(stat_lines),
                cmocka_unit_test(processors),
                cmocka_unit_test(bad_stat_lines),
                cmocka_unit_test(uids),
                cmocka_unit_test(signal_sets),
                cmocka_unit_test(broken_signal_sets),
                cmocka_unit_test(the_signals_of_this_process),
                cmocka_unit_test(control_groups),
                cmocka_unit_test(units),
                cmocka_unit_test(containers),
                cmocka_unit_test(copied_facts),
                cmocka_unit_test(a_recorded_process),
                cmocka_unit_test(a_long_command_is_cut),
                cmocka_unit_test(start_times),
                cmocka_unit_test(the_name_of_this_process),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
