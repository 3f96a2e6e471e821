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

/*
 * One question to the name service. Returns 0 (appended, or *ret_found false)
 * or an errno: ERANGE asks for more room.
 */
static int ask(bool group, uint32_t id, char *room, size_t size, struct buf *out, bool *ret_found)
{
        const char *name = NULL;
        int r;

        if (group) {
                struct group entry, *found = NULL;

                r = getgrgid_r((gid_t)id, &entry, room, size, &found);
                name = found ? found->gr_name : NULL;
        } else {
                struct passwd entry, *found = NULL;

                r = getpwuid_r((uid_t)id, &entry, room, size, &found);
                name = found ? found->pw_name : NULL;
        }
        if (r != 0)
                return r;
        *ret_found = name && *name;
        if (*ret_found)
                buf_string(out, name);
        return 0;
}

static bool ask_growing(bool group, uint32_t id, struct buf *out)
{
        /* A group with very many members takes megabytes; beyond that there is no name. */
        enum { ROOM_FIRST = 1024, ROOM_MOST = 64 << 20, INTERRUPTIONS = 100 };
        bool found = false;
        unsigned interruptions = 0;
        char *room = NULL;
        int r = ERANGE;

        for (size_t size = ROOM_FIRST; r == ERANGE && size <= ROOM_MOST; size *= 2) {
                room = memory_resize(room, size, 1);
                do
                        r = ask(group, id, room, size, out, &found);
                while (r == EINTR && interruptions++ < INTERRUPTIONS);
        }
        free(room);
        return r == 0 && found;
}

bool users_ask_user(uid_t uid, struct buf *out)
{
        return ask_growing(false, uid, out);
}

bool users_ask_group(gid_t gid, struct buf *out)
{
        return ask_growing(true, gid, out);
}
