/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/process.h"

#include "base/number.h"
#include "sys/file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum {
        STAT_MOST    = 16 * 1024,
        STAT_LINE    = 2048,            /* 52 numbers and a name of 64 bytes */
        STATUS_MOST  = 256 * 1024,      /* lists every group */
        CGROUP_MOST  = 256 * 1024,
        COMMAND_MOST = 32 * 1024,
        TICKS_RECORDED = 100,           /* USER_HZ of all but a few old architectures */
};

/* Fields of /proc/PID/stat, counted from 1 as in proc_pid_stat(5). */
enum {
        FIELD_STATE = 3, FIELD_PARENT = 4, FIELD_SESSION = 6, FIELD_TERMINAL = 7, FIELD_FOREGROUND = 8, FIELD_FLAGS = 9,
        FIELD_THREADS = 20, FIELD_START = 22, FIELD_PROCESSOR = 39,
};

static bool is_state(struct text word)
{
        return word.len == 1 && ((word.data[0] >= 'A' && word.data[0] <= 'Z') ||
                                 (word.data[0] >= 'a' && word.data[0] <= 'z'));
}

/* new_encode_dev() of linux/kdev_t.h: the minor's upper bits lie above the major. The kernel writes it as an int. */
static uint64_t decode_terminal(int64_t number)
{
        uint32_t dev = (uint32_t)number;

        return (uint64_t)(dev >> 8 & 0xfff) << 32 | (dev & 0xff) | (dev >> 12 & 0xfff00);
}

static bool parse_fields(struct text rest, struct process_stat *stat)
{
        uint64_t number;
        int64_t integer;
        struct text word;

        for (unsigned field = FIELD_STATE; field <= FIELD_START; field++) {
                if (!text_word(&rest, &word))
                        return false;
                switch (field) {
                case FIELD_STATE:
                        if (!is_state(word))
                                return false;
                        stat->state = word.data[0];
                        break;
                case FIELD_PARENT:
                        if (number_parse(word, INT32_MAX, &number) < 0)
                                return false;
                        stat->parent = (pid_t)number;
                        break;
                case FIELD_SESSION:
                        if (number_parse(word, INT32_MAX, &number) < 0)
                                return false;
                        stat->session = (pid_t)number;
                        break;
                case FIELD_TERMINAL:
                        if (number_parse_int(word, INT32_MIN, UINT32_MAX, &integer) < 0)
                                return false;
                        stat->terminal = decode_terminal(integer);
                        break;
                case FIELD_FOREGROUND:
                        if (number_parse_int(word, INT32_MIN, INT32_MAX, &integer) < 0)
                                return false;
                        stat->foreground = (pid_t)integer;
                        break;
                case FIELD_FLAGS:
                        if (number_parse(word, UINT32_MAX, &number) < 0)
                                return false;
                        stat->flags = (unsigned)number;
                        break;
                case FIELD_THREADS:
                        if (number_parse(word, INT32_MAX, &number) < 0)
                                return false;
                        stat->nthreads = (unsigned)number;
                        break;
                case FIELD_START:
                        if (number_parse(word, UINT64_MAX, &stat->start) < 0)
                                return false;
                        break;
                }
        }
        /* Another field follows: so the start was not cut short. */
        return text_word(&rest, &word);
}

int process_parse_stat(struct text text, struct process_stat *ret)
{
        struct process_stat stat = { 0 };
        const char *open, *close;
        struct text pid, rest;
        uint64_t number;

        open = memchr(text.data, '(', text.len);
        close = memrchr(text.data, ')', text.len);
        if (!open || !close || close < open || open == text.data)
                return -EBADMSG;
        pid = (struct text){ text.data, (size_t)(open - text.data) - 1 };
        rest = text_from(text, (size_t)(close - text.data) + 1);
        if (open[-1] != ' ' || number_parse(pid, INT32_MAX, &number) < 0)
                return -EBADMSG;
        stat.comm = (struct text){ open + 1, (size_t)(close - open) - 1 };
        if (!parse_fields(rest, &stat))
                return -EBADMSG;
        *ret = stat;
        return 0;
}

int process_read_stat(int dir, struct buf *buf, struct process_stat *ret)
{
        int r;

        buf_clear(buf);
        r = file_read_at(dir, "stat", STAT_MOST, buf);
        return r < 0 ? r : process_parse_stat(buf_text(buf), ret);
}

int process_parse_processor(struct text text)
{
        const char *close = memrchr(text.data, ')', text.len);
        struct text rest, word;
        uint64_t number;

        if (!close)
                return -EBADMSG;
        rest = text_from(text, (size_t)(close - text.data) + 1);
        for (unsigned field = FIELD_STATE; field <= FIELD_PROCESSOR; field++)
                if (!text_word(&rest, &word))
                        return -EBADMSG;
        /* Another field follows: so it was not cut short. */
        if (number_parse(word, INT32_MAX, &number) < 0 || !text_word(&rest, &word))
                return -EBADMSG;
        return (int)number;
}

int process_read_processor(int dir)
{
        char text[STAT_LINE];
        ssize_t n = file_read_start(dir, "stat", text, sizeof(text));

        return n < 0 ? (int)n : process_parse_processor((struct text){ text, (size_t)n });
}

int64_t process_start_time(const struct host *host, uint64_t ticks)
{
        int64_t boot = host_boot_time(host);
        long rate = host_live(host) ? sysconf(_SC_CLK_TCK) : TICKS_RECORDED;
        uint64_t per_tick, since_boot;

        if (boot <= 0 || rate <= 0)
                return 0;
        per_tick = 1000000000 / (uint64_t)rate;
        if (__builtin_mul_overflow(ticks, per_tick, &since_boot) || since_boot > (uint64_t)(INT64_MAX - boot))
                return 0;
        return boot + (int64_t)since_boot;
}

int process_read_command(int dir, struct buf *out)
{
        size_t old = out->len;
        int fd = file_open(dir, "cmdline"), r;

        if (fd < 0)
                return fd;
        r = file_read_head(fd, COMMAND_MOST, out);
        close(fd);
        if (r < 0)
                return r;
        /* A rewritten title leaves a tail of NULs. */
        while (out->len > old && out->data[out->len - 1] == 0)
                out->len--;
        out->data[out->len] = 0;
        for (size_t i = old; i < out->len; i++)
                if (out->data[i] == 0)
                        out->data[i] = ' ';
        return 0;
}

/* "Uid:\tREAL\tEFFECTIVE\t..." */
static bool parse_uid(struct text rest, uid_t *ret_real, uid_t *ret)
{
        struct text real, effective;
        uint64_t real_uid, uid;

        if (!text_word(&rest, &real) || !text_word(&rest, &effective) ||
            number_parse(real, UINT32_MAX, &real_uid) < 0 || number_parse(effective, UINT32_MAX, &uid) < 0)
                return false;
        *ret_real = (uid_t)real_uid;
        *ret = (uid_t)uid;
        return true;
}

/* "SigQ:\tQUEUED/LIMIT" */
static bool parse_queue(struct text rest, struct process_signals *signals)
{
        struct text word, queued;

        return text_word(&rest, &word) && text_split(&word, '/', &queued) &&
               number_parse(queued, UINT64_MAX, &signals->queued) == 0 &&
               number_parse(word, UINT64_MAX, &signals->queued_limit) == 0;
}

static bool parse_signals(struct text key, struct text rest, struct process_signals *signals)
{
        const struct {
                const char *key;
                uint64_t *set;
        } sets[] = {
                { "SigPnd", &signals->pending }, { "ShdPnd", &signals->process_pending },
                { "SigBlk", &signals->blocked }, { "SigIgn", &signals->ignored }, { "SigCgt", &signals->caught },
        };
        struct text word;

        if (text_equal(key, TEXT("SigQ")))
                return parse_queue(rest, signals);
        for (size_t i = 0; i < sizeof(sets) / sizeof(*sets); i++)
                if (text_equal(key, text_of(sets[i].key)))
                        return text_word(&rest, &word) && number_parse_base(word, 16, UINT64_MAX, sets[i].set) == 0;
        return false;
}

/* The name of the process is escaped in the first line, so no line can be forged. */
int process_parse_status(struct text text, struct process_status *ret)
{
        struct process_status status = { 0 };
        struct text line, key;
        bool has_uid = false;
        unsigned signals = 0;

        while (text_split(&text, '\n', &line)) {
                if (!text_split(&line, ':', &key))
                        continue;
                if (text_equal(key, TEXT("Uid")) && !has_uid) {
                        if (!parse_uid(line, &status.real_uid, &status.uid))
                                return -EBADMSG;
                        has_uid = true;
                } else if (key.len > 3 && key.data[0] == 'S') {
                        signals += parse_signals(key, line, &status.signals);
                }
        }
        if (!has_uid)
                return -EBADMSG;
        status.has_signals = signals == 6;
        *ret = status;
        return 0;
}

int process_read_status(int dir, struct process_status *ret)
{
        struct buf text = { 0 };
        int r = file_read_at(dir, "status", STATUS_MOST, &text);

        if (r == 0)
                r = process_parse_status(buf_text(&text), ret);
        buf_done(&text);
        return r;
}

static int read_namespace(int ns, const char *name, uint64_t *ret)
{
        char link[64];
        ssize_t n = readlinkat(ns, name, link, sizeof(link));

        return n < 0 ? -errno : file_parse_link((struct text){ link, (size_t)n }, text_of(name), ret);
}

int process_read_namespace(int dir, const char *name, uint64_t *ret)
{
        int ns = file_open_directory(dir, "ns", O_PATH), r;

        if (ns < 0)
                return ns;
        r = read_namespace(ns, name, ret);
        close(ns);
        return r;
}

void process_read_namespaces(int dir, const char *const *names, unsigned n, uint64_t *ret)
{
        int ns = file_open_directory(dir, "ns", O_PATH);

        for (unsigned i = 0; i < n; i++)
                if (ns < 0 || read_namespace(ns, names[i], &ret[i]) < 0)
                        ret[i] = 0;
        if (ns >= 0)
                close(ns);
}

int process_parse_cgroup(struct text text, struct text *ret)
{
        struct text unified = { 0 }, systemd = { 0 }, other = { 0 }, any = { 0 };
        struct text line, id, controllers;

        /* HIERARCHY:CONTROLLERS:PATH, see cgroups(7) */
        while (text_split(&text, '\n', &line)) {
                if (!text_split(&line, ':', &id) || !text_split(&line, ':', &controllers) ||
                    line.len == 0 || line.data[0] != '/')
                        continue;
                if (!any.data)
                        any = line;
                if (line.len == 1)
                        continue;
                if (text_equal(id, TEXT("0")) && controllers.len == 0)
                        unified = line;
                else if (text_equal(controllers, TEXT("name=systemd")))
                        systemd = line;
                else if (!other.data)
                        other = line;
        }
        if (!any.data)
                return -EBADMSG;
        *ret = unified.data ? unified : systemd.data ? systemd : other.data ? other : any;
        return 0;
}

int process_read_cgroup(int dir, struct buf *out)
{
        struct buf text = { 0 };
        struct text path;
        int r = file_read_at(dir, "cgroup", CGROUP_MOST, &text);

        if (r == 0)
                r = process_parse_cgroup(buf_text(&text), &path);
        if (r == 0)
                buf_add(out, path);
        buf_done(&text);
        return r;
}

bool process_hidden(const struct host *host)
{
        struct buf text = { 0 };
        int r = host_read(host, "/proc/1/stat", 1 << 16, &text);

        buf_done(&text);
        return r < 0;
}
