/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/escape.h"
#include "sys/recorded.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool truth)
{
        if (!truth)
                abort();
}

/* Every path of the file is found again. */
static void check_paths(const struct recorded *recorded, struct text text)
{
        struct text line, word;
        struct buf path = { 0 };

        while (text_split(&text, '\n', &line)) {
                bool space;

                if (!text_word(&line, &word))
                        continue;
                space = text_equal(word, TEXT("statvfs"));
                if (!space && !text_equal(word, TEXT("stat")))
                        continue;
                check(text_word(&line, &word));
                buf_clear(&path);
                check(escape_parse_word(word, &path, NULL) == 0);
                if (space) {
                        const struct space_facts *facts = recorded_space(recorded, buf_text(&path));

                        check(facts && facts->free_bytes <= facts->bytes && facts->free_files <= facts->files);
                        continue;
                }
                check(recorded_stat(recorded, buf_text(&path)) != NULL);
                check((recorded_stat(recorded, buf_text(&path))->mode & S_IFMT) != 0);
        }
        buf_done(&path);
}

/* The texts of .ipcview, and of passwd(5). */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        const struct text text = { (const char *)data, size };
        struct recorded *recorded = NULL;
        struct users *users;
        struct buf name = { 0 };
        int r;

        r = recorded_parse(text, &recorded);
        check(r == 0 || (r == -EINVAL && !recorded));
        if (r == 0)
                check_paths(recorded, text);
        recorded_free(recorded);

        users = users_parse(text);
        for (uint32_t id = 0; id < 10; id++)
                if (users_name(users, id, &name))
                        check(name.len > 0 && !memchr(name.data, '\n', name.len));
        users_free(users);
        buf_done(&name);
        return 0;
}
