/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/order.h"

#include "base/escape.h"
#include "base/i18n.h"
#include "base/memory.h"

#include <stdlib.h>

enum { REFERENCES_SHOWN = 3 };          /* of an order on many objects */

struct order *order_new(enum order_type type, struct scene *scene)
{
        struct order *order = memory_new(sizeof(*order));

        order->type = type;
        order->scene = scene_take(scene);
        arena_init(&order->arena);
        return order;
}

void order_free(struct order *order)
{
        if (!order)
                return;
        plan_done(&order->plan);
        free(order->objects);
        arena_done(&order->arena);
        scene_drop(order->scene);
        free(order);
}

size_t order_count(const struct order *order)
{
        switch (order->type) {
        case ORDER_REMOVE:
                return order->plan.nchosen;
        case ORDER_SAVE:
        case ORDER_SET:
                return order->n;
        case ORDER_SIGNAL:
                break;
        }
        return 1;
}

/* A word that the shell passes on unchanged. */
static void put_word(struct text word, struct buf *out)
{
        struct buf plain = { 0 };

        escape_word(&plain, word, NULL);
        if (text_equal(buf_text(&plain), word) && word.len) {
                buf_add(out, word);
        } else {
                buf_byte(out, '\'');
                for (size_t i = 0; i < word.len; i++)
                        if (word.data[i] == '\'')
                                buf_string(out, "'\\''");
                        else
                                buf_byte(out, word.data[i]);
                buf_byte(out, '\'');
        }
        buf_done(&plain);
}

static void put_references(const struct order *order, struct buf *out)
{
        size_t shown = 0, n = order_count(order), of = order->type == ORDER_REMOVE ? order->plan.n : order->n;

        for (size_t i = 0; i < of && shown < REFERENCES_SHOWN; i++) {
                const struct plan_row *row = order->type == ORDER_REMOVE ? &order->plan.rows[i] : NULL;

                if (row && !row->chosen)
                        continue;
                buf_byte(out, ' ');
                buf_add(out, row ? row->object->ref : order->objects[i]->ref);
                shown++;
        }
        if (n > shown)
                buf_printf(out, P_(" ... (%zu more)", " ... (%zu more)", n - shown), n - shown);
}

static void put_remove(const struct order *order, const struct plan_row *one, struct buf *out)
{
        const struct plan_row *rows = one ? one : order->plan.rows;
        size_t n = one ? 1 : order->plan.n;
        bool force = false, protected = false;

        for (size_t i = 0; i < n; i++) {
                const struct plan_row *row = &rows[i];

                if (!row->chosen)
                        continue;
                force |= row->forced && row->used;
                protected |= row->forced && row->verdict.verdict == VERDICT_PROTECTED;
        }
        buf_string(out, "ipcview rm");
        if (force)
                buf_string(out, " --force");
        if (protected)
                buf_string(out, " --protected");
        if (order->drain && order->save_to)
                buf_string(out, " --drain");
        if (order->save_to) {
                struct buf option = { 0 };

                buf_printf(&option, "--save=%s", order->save_to);
                buf_byte(out, ' ');
                put_word(buf_text(&option), out);
                buf_done(&option);
        }
}

static void put_signal(const struct order *order, struct buf *out)
{
        const struct word_set *words = field_get(FIELD_SIGNALS)->words;
        const char *name = order->signal > 0 && (unsigned)order->signal <= words->nwords ?
                           words->words[order->signal - 1] : NULL;

        if (name && text_starts(text_of(name), TEXT("SIG")))
                buf_printf(out, "kill -s %s %d", name + strlen("SIG"), (int)order->process->pid);
        else
                buf_printf(out, "kill -%d %d", order->signal, (int)order->process->pid);
}

void order_command(const struct order *order, const struct plan_row *row, const struct object *object, struct buf *out)
{
        switch (order->type) {
        case ORDER_REMOVE:
                put_remove(order, row, out);
                object = row ? row->object : NULL;
                break;
        case ORDER_SAVE:
                buf_string(out, order->drain ? "ipcview save --drain" : "ipcview save");
                break;
        case ORDER_SET:
                buf_string(out, "ipcview set");
                break;
        case ORDER_SIGNAL:
                put_signal(order, out);
                return;
        }
        if (object) {
                buf_byte(out, ' ');
                buf_add(out, object->ref);
        } else {
                put_references(order, out);
        }
        for (unsigned i = 0; i < order->nassignments; i++) {
                buf_byte(out, ' ');
                put_word(text_of(order->typed[i]), out);
        }
        if (order->type == ORDER_SAVE) {
                buf_byte(out, ' ');
                put_word(text_of(order->save_to), out);
        }
}

void outcome_done(struct outcome *outcome)
{
        buf_done(&outcome->command);
        buf_done(&outcome->result);
}
