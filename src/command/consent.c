/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "command/consent.h"

#include "base/i18n.h"
#include "base/number.h"
#include "output/removal.h"
#include "sys/terminal.h"

#include <strings.h>

static struct text trimmed(struct text text)
{
        while (text.len && strchr(" \t\r", text.data[0]) && text.data[0])
                text = text_from(text, 1);
        while (text.len && strchr(" \t\r", text.data[text.len - 1]) && text.data[text.len - 1])
                text.len--;
        return text;
}

static bool is_word(struct text answer, const char *word)
{
        return answer.len == strlen(word) && strncasecmp(answer.data, word, answer.len) == 0;
}

bool consent_is_yes(struct text answer)
{
        answer = trimmed(answer);
        /* TRANSLATORS: "y" and "yes" are the answers that agree to a removal; the English ones count, too. */
        return answer.len && (is_word(answer, "y") || is_word(answer, "yes") ||
                              is_word(answer, _("y")) || is_word(answer, _("yes")));
}

bool consent_is_number(struct text answer, size_t number)
{
        uint64_t given;

        return number_parse(trimmed(answer), UINT64_MAX, &given) == 0 && given == number;
}

static void put_question(const struct plan *plan, struct buf *out)
{
        const size_t n = plan->nchosen;

        if (!plan_needs_number(plan)) {
                /* TRANSLATORS: the letter in capitals is what an empty answer means */
                buf_printf(out, P_("Remove %zu object? [y/N] ", "Remove %zu objects? [y/N] ", n), n);
                return;
        }
        if (plan->nforced)
                buf_printf(out, P_("%zu of them is in use or protected.\n", "%zu of them are in use or protected.\n",
                                   plan->nforced), plan->nforced);
        if (plan->nothers)
                buf_printf(out, P_("%zu of them belongs to another user.\n", "%zu of them belong to other users.\n",
                                   plan->nothers), plan->nothers);
        buf_printf(out, P_("To remove %zu object, type this number: ", "To remove %zu objects, type this number: ", n),
                   n);
}

static enum consent ask_at(const struct terminal *terminal, const struct plan *plan, struct buf *question)
{
        struct buf answer = { 0 };
        enum consent consent = CONSENT_DENIED;

        put_question(plan, question);
        if (terminal_write(terminal, buf_text(question)) < 0)
                return CONSENT_NOBODY;
        if (terminal_read_line(terminal, &answer) < 0)
                terminal_write(terminal, TEXT("\n"));
        else if (plan_needs_number(plan) ? consent_is_number(buf_text(&answer), plan->nchosen)
                                            : consent_is_yes(buf_text(&answer)))
                consent = CONSENT_GIVEN;
        buf_done(&answer);
        return consent;
}

enum consent consent_ask(struct session *session, const struct plan *plan, bool taken)
{
        struct terminal terminal;
        struct buf text = { 0 };
        enum consent consent;

        if (terminal_find(taken, &terminal) < 0)
                return CONSENT_NOBODY;
        removal_put_plan(plan, &session->format, &session->look, &text);
        consent = ask_at(&terminal, plan, &text);
        terminal_close(&terminal);
        buf_done(&text);
        return consent;
}
