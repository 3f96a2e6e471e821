/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/flow.h"

#include "base/utf8.h"
#include "tui/view-cells.h"

void flow_end(struct flow *flow)
{
        if (flow->x > 0)
                buf_byte(flow->out, '\n');
        flow->x = 0;
}

void flow_begin(struct flow *flow, const char *label)
{
        flow_end(flow);
        flow->first = true;
        if (!label)
                return;
        buf_string(flow->out, label);
        flow->x = utf8_columns(text_of(label));
}

void flow_put(struct flow *flow)
{
        unsigned columns = utf8_columns(buf_text(&flow->item)), gap = flow->first ? flow->x > 0 : flow->gap;

        if (columns == 0)
                return;
        if (flow->x > HANG && flow->x + gap + columns > flow->width) {
                flow_end(flow);
                gap = HANG;
        }
        for (unsigned i = 0; i < gap; i++)
                buf_byte(flow->out, ' ');
        flow->x += gap;
        if (flow->x + columns > flow->width) {
                cell_cut(flow->ui, &flow->item, 0, flow->width > flow->x ? flow->width - flow->x : 1);
                columns = utf8_columns(buf_text(&flow->item));
        }
        buf_add(flow->out, buf_text(&flow->item));
        flow->x += columns;
        flow->first = false;
        buf_clear(&flow->item);
}

void flow_words(struct flow *flow, struct text text)
{
        struct text word;

        flow->gap = 1;
        while (text_word(&text, &word)) {
                buf_add(&flow->item, word);
                flow_put(flow);
        }
        flow->gap = ITEM_GAP;
}

void flow_more(struct flow *flow, size_t n)
{
        if (n == 0)
                return;
        buf_printf(&flow->item, "+%zu", n);
        flow_put(flow);
}
