/* SPDX-License-Identifier: GPL-2.0-or-later */
/* columns: the field dictionary. */
#include "base/array.h"
#include "base/i18n.h"
#include "command/message.h"
#include "command/session.h"
#include "kind/kinds.h"

static const char *type_name(const struct field *field)
{
        switch (field->unit) {
        case UNIT_BYTES:     return "bytes";
        case UNIT_TIME:      return "time";
        case UNIT_SECONDS:   return "span";
        case UNIT_PID:       return "pid";
        case UNIT_UID:       return "user";
        case UNIT_GID:       return "group";
        case UNIT_MODE:      return "mode";
        case UNIT_KEY:       return "key";
        case UNIT_DEV:       return "device";
        case UNIT_NAMESPACE: return "namespace";
        case UNIT_NONE:      break;
        }
        switch (field->type) {
        case VALUE_BOOL:   return "bool";
        case VALUE_TEXT:   return "text";
        case VALUE_WORD:   return "word";
        case VALUE_WORDS:  return "words";
        case VALUE_ROWS:   return "rows";
        case VALUE_RECORD: return "record";
        default:           return "number";
        }
}

/* The kinds that have it; "all" for what every object has. */
static void add_kinds(struct buf *out, uint16_t field)
{
        unsigned n = 0;

        for (unsigned i = 0; i < all_kinds.nkinds; i++)
                if (kind_has_field(all_kinds.kinds[i], field)) {
                        if (n++)
                                buf_byte(out, ',');
                        buf_string(out, all_kinds.kinds[i]->name);
                }
        if (n == all_kinds.nkinds) {
                buf_clear(out);
                buf_string(out, "all");
        }
}

/* The closed vocabulary of a word field, or the members of a row. */
static void add_vocabulary(struct buf *out, const struct field *field)
{
        if (field->words) {
                buf_string(out, ": ");
                for (unsigned i = 0; i < field->words->nwords; i++)
                        buf_printf(out, "%s%s", i ? " " : "", field->words->words[i]);
        }
        if (field->members) {
                buf_string(out, ": ");
                for (unsigned i = 0; i < field->nmembers; i++)
                        buf_printf(out, "%s%s", i ? " " : "", field_get(field->members[i])->name);
        }
}

static void print(struct session *session)
{
        const struct column columns[] = {
                { _("FIELD"), ALIGN_LEFT, 0 }, { _("TYPE"), ALIGN_LEFT, 0 }, { _("KINDS"), ALIGN_LEFT, 8 },
                { _("MEANING"), ALIGN_LEFT, 0 },
        };
        struct table table;
        struct buf text = { 0 };

        table_init(&table, &session->arena, columns, COUNT(columns));
        for (uint16_t i = 0; i < FIELD_COUNT; i++) {
                const struct field *field = field_get(i);

                table_add(&table, text_of(field->name), STYLE_NONE, true);
                table_add(&table, text_of(type_name(field)), STYLE_NONE, true);
                buf_clear(&text);
                add_kinds(&text, i);
                table_add(&table, buf_text(&text), STYLE_NONE, false);
                buf_clear(&text);
                buf_string(&text, _(field->help));
                add_vocabulary(&text, field);
                table_add(&table, buf_text(&text), STYLE_NONE, false);
        }
        session->look.width = 0;
        table_print(&table, &session->look, &session->sink.buf);
        table_done(&table);
        buf_done(&text);
}

static enum exit_status run(struct invocation *invocation)
{
        struct session session;
        enum exit_status status;

        if (invocation->settings.json) {
                message(invocation, "--json", _("see 'ipcview schema' for the dictionary as JSON"));
                return STATUS_USAGE;
        }
        status = session_open(&session, invocation);
        if (status == STATUS_DONE)
                print(&session);
        return session_close(&session, status);
}

const struct command command_columns = {
        .name = "columns",
        .usage = "",
        .no_arguments = true,
        .summary = N_("the field dictionary: columns, filter words, sort keys, JSON members"),
        .run = run,
};
