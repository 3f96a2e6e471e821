/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tui/detail.h"

#include "base/array.h"
#include "base/escape.h"
#include "base/i18n.h"
#include "tui/flow.h"
#include "tui/view-cells.h"

enum { ITEMS_MOST = 24, FINDINGS_MOST = 4, COMMANDS_MOST = 40 };

/* --- values ---------------------------------------------------------------- */

static bool is_told_elsewhere(const struct object *object, uint16_t field)
{
        static const uint16_t elsewhere[] = { FIELD_ID, FIELD_STATE, FIELD_OWNER, FIELD_GROUP, FIELD_MODE };
        const struct kind *kind = object->key.kind;

        for (unsigned i = 0; i < COUNT(elsewhere); i++)
                if (elsewhere[i] == field)
                        return true;
        if (field == (kind_named(kind) ? FIELD_NAME : FIELD_INODE))
                return true;
        for (unsigned i = 0; i < kind->nhistory; i++)
                if (kind->history[i].rows == NO_ROWS &&
                    (kind->history[i].life == field || kind->history[i].pid == field))
                        return true;
        return false;
}

static const struct value *find_value(const struct object *object, uint16_t field)
{
        const struct value *value = row_get(object_row(object), field);

        return value && (value->type == VALUE_UNKNOWN || value_is_set(value)) ? value : NULL;
}

/* The name of a field without its unit, which the value has. */
static struct text short_name(const struct field *field)
{
        static const struct text units[] = { { "_bytes", 6 }, { "_at", 3 } };
        struct text name = text_of(field->name);

        for (unsigned i = 0; i < COUNT(units); i++)
                if (text_ends(name, units[i]))
                        name.len -= units[i].len;
        return name;
}

/* "size 64M", "attached 4d ago" */
static void put_value(struct flow *flow, const struct value *value, const struct format *format)
{
        const struct field *field = field_get(value->field);
        struct format ago = *format;
        struct buf text = { 0 };

        ago.time = TIME_RELATIVE;
        format_value(&text, value, &ago);
        buf_add(&flow->item, short_name(field));
        buf_byte(&flow->item, ' ');
        if (field->unit == UNIT_TIME && value->type == VALUE_UINT && text.data[0] != '-')
                buf_printf(&flow->item, _("%s ago"), text.data);
        else
                buf_add(&flow->item, buf_text(&text));
        flow_put(flow);
        buf_done(&text);
}

/* Who may use it comes together: "app:staff 0660". */
static void put_owner(struct flow *flow, const struct object *object, const struct format *format)
{
        static const uint16_t fields[] = { FIELD_OWNER, FIELD_GROUP, FIELD_MODE };
        const struct value *value;

        for (unsigned i = 0; i < 3; i++) {
                value = row_get(object_row(object), fields[i]);
                if (!value)
                        continue;
                if (flow->item.len > 0)
                        buf_byte(&flow->item, i == 1 ? ':' : ' ');
                format_value(&flow->item, value, format);
        }
        flow_put(flow);
}

/* Mostly the creator is the owner. */
static bool is_owner_again(const struct object *object, const struct value *value)
{
        const struct value *owner;

        if (value->field != FIELD_CREATOR && value->field != FIELD_CREATOR_GROUP)
                return false;
        owner = row_get(object_row(object), value->field == FIELD_CREATOR ? FIELD_OWNER : FIELD_GROUP);
        return owner && owner->type == value->type && owner->u == value->u;
}

static void put_values(struct flow *flow, const struct object *object, const struct format *format)
{
        const struct value *state = find_value(object, FIELD_STATE);

        flow_begin(flow, NULL);
        if (state) {
                format_value(&flow->item, state, format);
                flow_put(flow);
        }
        put_owner(flow, object, format);
        for (unsigned i = 0; i < object->nvalues; i++) {
                const struct value *value = find_value(object, object->values[i].field);

                if (!value || value->type == VALUE_ROWS || is_told_elsewhere(object, value->field))
                        continue;
                if (!is_owner_again(object, value))
                        put_value(flow, value, format);
        }
        flow_end(flow);
}

/* "created by 1999 (dead)" */
static void put_history(struct flow *flow, const struct object *object, const struct format *format)
{
        const struct kind *kind = object->key.kind;

        flow_begin(flow, NULL);
        for (unsigned i = 0; i < kind->nhistory; i++) {
                const struct value *pid = find_value(object, kind->history[i].pid);
                const struct value *life = find_value(object, kind->history[i].life);
                const struct process *process;

                if (kind->history[i].rows != NO_ROWS || !pid || pid->type != VALUE_UINT)
                        continue;
                buf_printf(&flow->item, "%s ", _(kind->history[i].role));
                process = life && life->type == VALUE_WORD && life->u == LIFE_ALIVE
                        ? snapshot_process(format->snapshot, (pid_t)pid->u) : NULL;
                if (process) {
                        cell_process(flow->ui, process, &flow->item);
                } else {
                        format_value(&flow->item, pid, format);
                        if (life) {
                                buf_string(&flow->item, " (");
                                format_value(&flow->item, life, format);
                                buf_byte(&flow->item, ')');
                        }
                }
                flow_put(flow);
        }
        flow_end(flow);
}

/* --- who ------------------------------------------------------------------- */

static void put_holders(struct flow *flow, const struct object *object, const struct format *format)
{
        unsigned holders = 0, same;

        flow_begin(flow, _("Held by:"));
        for (unsigned i = 0; i < object->nholds; i += same) {
                const struct process *process = object->holds[i].process;

                for (same = 1; i + same < object->nholds && object->holds[i + same].process == process;)
                        same++;
                if (++holders > ITEMS_MOST)
                        continue;
                cell_process(flow->ui, process, &flow->item);
                buf_byte(&flow->item, ' ');
                cell_holds(object, process, 1, &flow->item);
                flow_put(flow);
        }
        flow_more(flow, holders > ITEMS_MOST ? holders - ITEMS_MOST : 0);
        if (holders == 0) {
                buf_string(&flow->item, !format->snapshot->want.holders ? _("nobody looked")
                                        : snapshot_complete(format->snapshot) ? _("nobody")
                                        : _("nobody that is visible"));
                flow_put(flow);
        }
        flow_end(flow);
}

static void put_waiters(struct flow *flow, const struct object *object)
{
        if (object->nwaits == 0)
                return;
        flow_begin(flow, _("Waiting:"));
        for (unsigned i = 0; i < object->nwaits && i < ITEMS_MOST; i++) {
                cell_process(flow->ui, object->waits[i].process, &flow->item);
                buf_byte(&flow->item, ' ');
                cell_wait(flow->ui, &object->waits[i], false, &flow->item);
                flow_put(flow);
        }
        flow_more(flow, object->nwaits > ITEMS_MOST ? object->nwaits - ITEMS_MOST : 0);
        flow_end(flow);
}

/* "unix:@log nginx[2011]" */
static void put_peers(struct flow *flow, const struct object *object)
{
        if (object->npeers == 0)
                return;
        flow_begin(flow, _("Other end:"));
        for (unsigned i = 0; i < object->npeers && i < ITEMS_MOST; i++) {
                const struct object *peer = object->peers[i];

                buf_add(&flow->item, peer->ref);
                if (peer->nholds > 0) {
                        buf_byte(&flow->item, ' ');
                        cell_process(flow->ui, peer->holds[0].process, &flow->item);
                }
                if (object_count_holders(peer) > 1)
                        buf_printf(&flow->item, " +%u", object_count_holders(peer) - 1);
                flow_put(flow);
        }
        flow_more(flow, object->npeers > ITEMS_MOST ? object->npeers - ITEMS_MOST : 0);
        flow_end(flow);
}

/* --- what to think of it --------------------------------------------------- */

static void put_findings(struct flow *flow, const struct object *object, const struct process *process)
{
        const struct findings *findings = &flow->ui->scene->findings;
        unsigned met = 0;

        for (size_t i = 0; i < findings->n && met < FINDINGS_MOST; i++) {
                const struct finding *finding = &findings->list[i];

                if (object ? finding->object != object : finding->process != process || finding->object)
                        continue;
                flow_begin(flow, severity_sign(finding->severity));
                flow_words(flow, text_of(_(finding->rule->title)));
                buf_byte(flow->out, ':');
                flow->x++;
                flow_words(flow, finding->evidence);
                flow_end(flow);
                met++;
        }
}

static void put_verdict(struct flow *flow, const struct object *object)
{
        struct verdict_report report;
        struct buf text = { 0 }, detail = { 0 };

        verdict_read(flow->ui->scene->judge, object, &report);
        flow_begin(flow, _("Removal:"));
        /* The words of `rm`: also in its JSON. */
        flow_words(flow, text_of(verdict_word(report.verdict)));
        if (report.nreasons > 0) {
                buf_printf(&text, "- %s", _(report.reasons[0].text));
                verdict_reason_detail(&report.reasons[0], &detail);
                escape_display(&text, buf_text(&detail), flow->ui->options.utf8);
                flow_words(flow, buf_text(&text));
        }
        flow_end(flow);
        buf_done(&text);
        buf_done(&detail);
}

/* For panes that are high enough: a line for each that has it, with what it was started as. */
static void put_commands(struct flow *flow, const struct object *object, const struct format *format)
{
        const struct process *last = NULL;
        unsigned n = 0;

        for (unsigned i = 0; i < object->nholds && n < COMMANDS_MOST; i++) {
                const struct process *process = object->holds[i].process;
                const struct value *command = row_get(process_row(process), FIELD_COMMAND);

                if (process == last)
                        continue;
                last = process;
                /* Kernel threads, and who is gone in mid-walk, have a name only. */
                if (!command || command->type != VALUE_TEXT || text_equal(value_text(command), process->comm))
                        continue;
                if (n++ == 0)
                        buf_byte(flow->out, '\n');
                flow_begin(flow, NULL);
                buf_printf(&flow->item, "%d ", process->pid);
                cell_user(flow->ui, process, &flow->item);
                buf_byte(&flow->item, ' ');
                format_value(&flow->item, command, format);
                flow_put(flow);
                flow_end(flow);
        }
}

/* --- from outside ---------------------------------------------------------- */

static void detail_object(const struct ui *ui, const struct object *object, unsigned width, struct buf *out)
{
        struct flow flow = { .ui = ui, .out = out, .width = width, .gap = ITEM_GAP };
        struct format format = ui_format(ui);

        put_values(&flow, object, &format);
        put_findings(&flow, object, NULL);
        put_holders(&flow, object, &format);
        put_waiters(&flow, object);
        put_peers(&flow, object);
        put_history(&flow, object, &format);
        put_verdict(&flow, object);
        put_commands(&flow, object, &format);
        buf_done(&flow.item);
}

void detail_ghost(const struct ui *ui, const struct ghost *ghost, unsigned width, struct buf *out)
{
        struct flow flow = { .ui = ui, .out = out, .width = width, .gap = ITEM_GAP };
        struct format format = ui_format(ui);

        flow_begin(&flow, NULL);
        buf_string(&flow.item, _("It is gone. It was:"));
        flow_put(&flow);
        put_values(&flow, &ghost->object, &format);
        put_history(&flow, &ghost->object, &format);
        buf_done(&flow.item);
}

/* Its objects, kind by kind: "pipe 3", "unix 12". */
static void put_counts(struct flow *flow, const struct process *process)
{
        unsigned same;

        flow_begin(flow, _("Has:"));
        for (unsigned i = 0; i < process->nholds; i += same) {
                unsigned order = process->holds[i]->object->kind_order, objects = 1;

                for (same = 1; i + same < process->nholds; same++) {
                        const struct object *object = process->holds[i + same]->object;

                        if (object->kind_order != order)
                                break;
                        objects += object != process->holds[i + same - 1]->object;
                }
                buf_printf(&flow->item, "%s %u", process->holds[i]->object->key.kind->name, objects);
                flow_put(flow);
        }
        if (process->nholds == 0) {
                buf_string(&flow->item, _("nothing that is visible"));
                flow_put(flow);
        }
        flow_end(flow);
}

static void detail_process(const struct ui *ui, const struct process *process, unsigned width, struct buf *out)
{
        static const uint16_t fields[] = {
                FIELD_PROCESS_STATE, FIELD_UNIT, FIELD_CONTAINER, FIELD_DESCRIPTOR_COUNT, FIELD_THREAD_COUNT,
                FIELD_COMMAND,
        };
        struct flow flow = { .ui = ui, .out = out, .width = width, .gap = ITEM_GAP };
        struct format format = ui_format(ui);

        flow_begin(&flow, NULL);
        cell_user(ui, process, &flow.item);
        flow_put(&flow);
        for (unsigned i = 0; i < COUNT(fields); i++) {
                const struct value *value = row_get(process_row(process), fields[i]);

                if (value && (value->type == VALUE_UNKNOWN || value_is_set(value)))
                        put_value(&flow, value, &format);
        }
        flow_end(&flow);
        put_findings(&flow, NULL, process);
        if (process->nwaits > 0) {
                flow_begin(&flow, _("Waits in:"));
                for (unsigned i = 0; i < process->nwaits && i < ITEMS_MOST; i++) {
                        cell_wait(ui, process->waits[i], true, &flow.item);
                        flow_put(&flow);
                }
                flow_end(&flow);
        }
        put_counts(&flow, process);
        buf_done(&flow.item);
}

void detail_subject(const struct ui *ui, struct subject subject, unsigned width, struct buf *out)
{
        const struct object *object = scene_object(ui->scene, subject);
        const struct process *process = scene_process(ui->scene, subject);
        const struct ghost *ghost = scene_ghost(ui->scene, subject);

        if (object)
                detail_object(ui, object, width, out);
        else if (process)
                detail_process(ui, process, width, out);
        else if (ghost)
                detail_ghost(ui, ghost, width, out);
}

void detail_title(const struct ui *ui, struct subject subject, struct buf *out)
{
        const struct object *object = scene_object(ui->scene, subject);
        const struct process *process = scene_process(ui->scene, subject);
        const struct ghost *ghost = scene_ghost(ui->scene, subject);

        if (process)
                cell_process(ui, process, out);
        object = object ? object : ghost ? &ghost->object : NULL;
        if (!object)
                return;
        buf_add(out, object->ref);
        buf_printf(out, " %s", _(object->key.kind->title));
}
