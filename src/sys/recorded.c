/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/recorded.h"

#include "base/arena.h"
#include "base/escape.h"
#include "base/memory.h"
#include "base/number.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

struct fact {
        struct text path;               /* in the arena */
        struct file_facts facts;
};

/* Few: a machine has a handful of file systems that matter. */
struct space {
        struct text path;               /* in the arena */
        struct space_facts facts;
        struct space *next;
};

struct recorded {
        struct arena arena;
        struct space *spaces;
        struct fact *facts;             /* by path */
        size_t nfacts, size;
        bool has_time, has_uid;
        int64_t time;
        uid_t uid;
};

enum { NS_DIGITS = 9 };
static const int64_t ns_per_second = 1000000000;

/* SECONDS[.FRACTION] */
static int parse_time(struct text word, int64_t *ret)
{
        struct text fraction = { word.data, 0 };
        const char *point = memchr(word.data, '.', word.len);
        uint64_t seconds, ns = 0;

        if (point) {
                fraction = text_from(word, (size_t)(point - word.data) + 1);
                word.len = (size_t)(point - word.data);
                if (fraction.len > NS_DIGITS || number_parse(fraction, UINT64_MAX, &ns) < 0)
                        return -EINVAL;
                for (size_t i = fraction.len; i < NS_DIGITS; i++)
                        ns *= 10;
        }
        if (number_parse(word, (uint64_t)(INT64_MAX / ns_per_second) - 1, &seconds) < 0)
                return -EINVAL;
        *ret = (int64_t)seconds * ns_per_second + (int64_t)ns;
        return 0;
}

/* MAJOR:MINOR */
static int parse_dev(struct text word, uint64_t *ret)
{
        const char *colon = memchr(word.data, ':', word.len);
        uint64_t major, minor;
        size_t len;

        if (!colon)
                return -EINVAL;
        len = (size_t)(colon - word.data);
        if (number_parse((struct text){ word.data, len }, UINT32_MAX, &major) < 0 ||
            number_parse(text_from(word, len + 1), UINT32_MAX, &minor) < 0)
                return -EINVAL;
        *ret = major << 32 | minor;
        return 0;
}

/* Takes the next word as a number. */
static bool take_number(struct text *rest, unsigned base, uint64_t max, uint64_t *ret)
{
        struct text word;

        return text_word(rest, &word) && number_parse_base(word, base, max, ret) == 0;
}

static bool take_time(struct text *rest, int64_t *ret)
{
        struct text word;

        return text_word(rest, &word) && parse_time(word, ret) == 0;
}

static bool at_end(struct text rest)
{
        struct text word;

        return !text_word(&rest, &word);
}

/* DEV INODE MODE UID GID SIZE BLOCKS NLINK ATIME MTIME CTIME [BTIME] */
static int parse_facts(struct text rest, struct file_facts *ret)
{
        struct file_facts facts = { 0 };
        uint64_t mode, uid, gid, blocks, nlink;
        struct text dev;

        if (!text_word(&rest, &dev) || parse_dev(dev, &facts.dev) < 0 ||
            !take_number(&rest, 10, UINT64_MAX, &facts.inode) ||
            !take_number(&rest, 8, S_IFMT | 07777, &mode) ||
            !take_number(&rest, 10, UINT32_MAX, &uid) ||
            !take_number(&rest, 10, UINT32_MAX, &gid) ||
            !take_number(&rest, 10, UINT64_MAX, &facts.size) ||
            !take_number(&rest, 10, UINT64_MAX / 512, &blocks) ||
            !take_number(&rest, 10, UINT32_MAX, &nlink) ||
            !take_time(&rest, &facts.atime) || !take_time(&rest, &facts.mtime) ||
            !take_time(&rest, &facts.ctime))
                return -EINVAL;
        if (!at_end(rest) && (!take_time(&rest, &facts.btime) || !at_end(rest)))
                return -EINVAL;
        if (!(mode & S_IFMT))
                return -EINVAL;
        facts.mode = (uint32_t)mode;
        facts.uid = (uid_t)uid;
        facts.gid = (gid_t)gid;
        facts.allocated = blocks * 512;
        facts.nlink = (uint32_t)nlink;
        *ret = facts;
        return 0;
}

/* The %HH-escaped path of a fact, into the arena. */
static int take_path(struct recorded *recorded, struct text word, struct text *ret)
{
        struct buf decoded = { 0 };
        struct text path;
        int r = -EINVAL;

        if (escape_parse_word(word, &decoded, NULL) == 0) {
                path = buf_text(&decoded);
                if (path.len > 0 && path.data[0] == '/' && !memchr(path.data, 0, path.len)) {
                        *ret = arena_text(&recorded->arena, path);
                        r = 0;
                }
        }
        buf_done(&decoded);
        return r;
}

static int add_stat(struct recorded *recorded, struct text rest)
{
        struct text word, path;
        struct file_facts facts;

        if (!text_word(&rest, &word) || parse_facts(rest, &facts) < 0 || take_path(recorded, word, &path) < 0)
                return -EINVAL;
        if (recorded->nfacts == recorded->size) {
                recorded->size = recorded->size ? recorded->size * 2 : 16;
                recorded->facts = memory_resize(recorded->facts, recorded->size, sizeof(*recorded->facts));
        }
        recorded->facts[recorded->nfacts++] = (struct fact){ .path = path, .facts = facts };
        return 0;
}

/* BYTES FREE_BYTES FILES FREE_FILES */
static int add_space(struct recorded *recorded, struct text rest)
{
        struct space_facts facts;
        struct text word, path;
        struct space *space;

        if (!text_word(&rest, &word) || take_path(recorded, word, &path) < 0 ||
            recorded_space(recorded, path) ||
            !take_number(&rest, 10, UINT64_MAX, &facts.bytes) ||
            !take_number(&rest, 10, facts.bytes, &facts.free_bytes) ||
            !take_number(&rest, 10, UINT64_MAX, &facts.files) ||
            !take_number(&rest, 10, facts.files, &facts.free_files) || !at_end(rest))
                return -EINVAL;
        space = ARENA_NEW(&recorded->arena, struct space);
        *space = (struct space){ path, facts, recorded->spaces };
        recorded->spaces = space;
        return 0;
}

static int add_line(struct recorded *recorded, struct text line)
{
        struct text word;
        uint64_t uid;

        if (!text_word(&line, &word) || word.data[0] == '#')
                return 0;
        if (text_equal(word, TEXT("stat")))
                return add_stat(recorded, line);
        if (text_equal(word, TEXT("statvfs")))
                return add_space(recorded, line);
        if (text_equal(word, TEXT("time")) && !recorded->has_time) {
                recorded->has_time = true;
                return take_time(&line, &recorded->time) && at_end(line) ? 0 : -EINVAL;
        }
        if (text_equal(word, TEXT("uid")) && !recorded->has_uid) {
                if (!take_number(&line, 10, UINT32_MAX, &uid) || !at_end(line))
                        return -EINVAL;
                recorded->has_uid = true;
                recorded->uid = (uid_t)uid;
                return 0;
        }
        return -EINVAL;
}

static int compare_facts(const void *a, const void *b)
{
        const struct fact *left = a, *right = b;

        return text_compare(left->path, right->path);
}

int recorded_parse(struct text text, struct recorded **ret)
{
        struct recorded *recorded = memory_new(sizeof(*recorded));
        struct text line;

        arena_init(&recorded->arena);
        /* Without its newline the last number may be cut short, which nobody could see. */
        if (text.len > 0 && text.data[text.len - 1] != '\n')
                goto bad;
        while (text_split(&text, '\n', &line))
                if (add_line(recorded, line) < 0)
                        goto bad;

        if (recorded->nfacts > 0)
                qsort(recorded->facts, recorded->nfacts, sizeof(*recorded->facts), compare_facts);
        for (size_t i = 1; i < recorded->nfacts; i++)
                if (text_equal(recorded->facts[i - 1].path, recorded->facts[i].path))
                        goto bad;
        *ret = recorded;
        return 0;

bad:
        recorded_free(recorded);
        return -EINVAL;
}

void recorded_free(struct recorded *recorded)
{
        if (!recorded)
                return;
        free(recorded->facts);
        arena_done(&recorded->arena);
        free(recorded);
}

const struct file_facts *recorded_stat(const struct recorded *recorded, struct text path)
{
        const struct fact wanted = { .path = path };
        const struct fact *found;

        if (recorded->nfacts == 0)
                return NULL;
        found = bsearch(&wanted, recorded->facts, recorded->nfacts, sizeof(wanted), compare_facts);
        return found ? &found->facts : NULL;
}

const struct space_facts *recorded_space(const struct recorded *recorded, struct text path)
{
        for (const struct space *space = recorded->spaces; space; space = space->next)
                if (text_equal(space->path, path))
                        return &space->facts;
        return NULL;
}

bool recorded_time(const struct recorded *recorded, int64_t *ret)
{
        if (recorded->has_time)
                *ret = recorded->time;
        return recorded->has_time;
}

bool recorded_uid(const struct recorded *recorded, uid_t *ret)
{
        if (recorded->has_uid)
                *ret = recorded->uid;
        return recorded->has_uid;
}
