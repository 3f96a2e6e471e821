/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "admin/journal-block.h"

#include "admin/journal-line.h"
#include "sys/state.h"

enum { LINE_USUAL = 700 };

static void add_refs(struct journal_block *block, const char *result, size_t first)
{
        struct writer *writer = &block->writer;

        journal_line_open(writer, &block->lines, block->host, "remove");
        WRITER_KEY(writer, "result");
        writer_word(writer, result);
        WRITER_KEY(writer, "refs");
        writer_open(writer, '[');
        for (size_t i = first; i < block->n; i++)
                writer_text(writer, block->refs[i]);
        writer_close(writer, ']');
        journal_line_author(writer, block->journal);
        writer_close(writer, '}');
}

static int write_lines(struct journal_block *block)
{
        int r = block->lines.len ? journal_write(block->journal, buf_text(&block->lines)) : 0;

        buf_clear(&block->lines);
        return r;
}

int journal_block_begin(struct journal_block *block)
{
        if (!block->journal || block->n == 0)
                return 0;
        buf_reserve(&block->lines, JOURNAL_BLOCK_MOST * LINE_USUAL);
        add_refs(block, "intended", 0);
        return write_lines(block);
}

int journal_block_end(struct journal_block *block, size_t done)
{
        if (!block->journal)
                return 0;
        if (done < block->n)
                add_refs(block, "withdrawn", done);
        block->n = 0;
        return write_lines(block);
}

void journal_block_done(struct journal_block *block)
{
        buf_done(&block->lines);
}
