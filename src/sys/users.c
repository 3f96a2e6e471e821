/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/recorded.h"

#include "base/arena.h"
#include "base/map.h"
#include "base/memory.h"
#include "base/number.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>

struct users {
        struct arena arena;
        struct map names;               /* (id, 0) -> struct text, in the arena */
};

/* NAME:PASSWORD:ID:..., the same in passwd(5) and group(5). */
static void add_line(struct users *users, struct text line)
{
        struct text name, password, digits;
        uint64_t id;
        void **place;

        if (!text_split(&line, ':', &name) || !text_split(&line, ':', &password) ||
            !text_split(&line, ':', &digits) || name.len == 0 || number_parse(digits, UINT32_MAX, &id) < 0)
                return;
        place = map_place(&users->names, id, 0);
        /* As getpwuid(3): the first of several names wins. */
        if (!*place) {
                struct text *kept = ARENA_NEW(&users->arena, struct text);

                *kept = arena_text(&users->arena, name);
                *place = kept;
        }
}

struct users *users_parse(struct text text)
{
        struct users *users = memory_new(sizeof(*users));
        struct text line;

        arena_init(&users->arena);
        while (text_split(&text, '\n', &line))
                add_line(users, line);
        return users;
}

void users_free(struct users *users)
{
        if (!users)
                return;
        map_done(&users->names);
        arena_done(&users->arena);
        free(users);
}

bool users_name(const struct users *users, uint32_t id, struct buf *out)
{
        const struct text *name = map_get(&users->names, id, 0);

        if (name)
                buf_add(out, *name);
        return name;
}

/* What is asked of the name service: the name of an id, or the id of a name. */
struct question {
        bool group;
        const char *name;               /* NULL: asked for */
        uint32_t id;                    /* else this is */
        struct buf *out;
        bool found;
};

static void answer(struct question *question, const char *name, uint32_t id)
{
        question->found = question->name || *name;
        if (question->name)
                question->id = id;
        else
                buf_string(question->out, name);
}

/* 0, or an errno: ERANGE asks for more room. */
static int ask_user(struct question *question, char *room, size_t size)
{
        struct passwd entry, *found = NULL;
        int r = question->name ? getpwnam_r(question->name, &entry, room, size, &found)
                               : getpwuid_r((uid_t)question->id, &entry, room, size, &found);

        if (r == 0 && found && found->pw_name)
                answer(question, found->pw_name, found->pw_uid);
        return r;
}

static int ask_group(struct question *question, char *room, size_t size)
{
        struct group entry, *found = NULL;
        int r = question->name ? getgrnam_r(question->name, &entry, room, size, &found)
                               : getgrgid_r((gid_t)question->id, &entry, room, size, &found);

        if (r == 0 && found && found->gr_name)
                answer(question, found->gr_name, found->gr_gid);
        return r;
}

static bool ask(struct question *question)
{
        /* A group with very many members takes megabytes; beyond that there is no name. */
        enum { ROOM_FIRST = 1024, ROOM_MOST = 64 << 20, INTERRUPTIONS = 100 };
        unsigned interruptions = 0;
        char *room = NULL;
        int r = ERANGE;

        for (size_t size = ROOM_FIRST; r == ERANGE && size <= ROOM_MOST; size *= 2) {
                room = memory_resize(room, size, 1);
                do
                        r = (question->group ? ask_group : ask_user)(question, room, size);
                while (r == EINTR && interruptions++ < INTERRUPTIONS);
        }
        free(room);
        return r == 0 && question->found;
}

bool users_ask_user(uid_t uid, struct buf *out)
{
        return ask(&(struct question){ .id = uid, .out = out });
}

bool users_ask_group(gid_t gid, struct buf *out)
{
        return ask(&(struct question){ .group = true, .id = gid, .out = out });
}

static bool ask_id(bool group, struct text name, uint32_t *ret)
{
        struct question question = { .group = group };
        struct buf string = { 0 };
        bool found = false;

        /* A name with a NUL would be cut, and be another name. */
        if (name.len && !memchr(name.data, 0, name.len)) {
                buf_add(&string, name);
                question.name = string.data;
                found = ask(&question);
        }
        if (found)
                *ret = question.id;
        buf_done(&string);
        return found;
}

bool users_ask_user_id(struct text name, uid_t *ret)
{
        return ask_id(false, name, ret);
}

bool users_ask_group_id(struct text name, gid_t *ret)
{
        return ask_id(true, name, ret);
}
