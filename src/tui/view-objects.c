/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Objects as rows: a view for each family of kinds, and one for any of them. */
#include "base/array.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "model/query.h"
#include "tui/ui.h"

#include <stddef.h>
#include <stdlib.h>

enum {
        NARROW_SCREEN = 92, WIDE_SCREEN = 140,
        SPARK_NARROW = 8,               /* columns of the screen, like the next */
        HOLDERS_LEAST = 10,
        NAME_SHARE = 5,                 /* a reference gets a fifth of the screen, if it is that long */
        COLUMNS_MANY = 9,
        TURNS = 4,
};

/* Of many kinds at once; those of `list`. */
static const uint16_t common_columns[] = {
        FIELD_REF, FIELD_SIZE_BYTES, FIELD_OWNER, FIELD_MODE, FIELD_STATE, FIELD_AGE_SECONDS, FIELD_SUMMARY,
        FIELD_HOLDERS,
};

/* --- which kinds ----------------------------------------------------------- */

uint64_t view_shown_kinds(const struct ui *ui, const struct level *level)
{
        const struct kind_set *set = ui->scene->snapshot->kinds;
        enum family family = level->view->family;
        uint64_t kinds = 0;

        if (family == FAMILY_COUNT)
                return level->kinds ? level->kinds : UINT64_MAX;
        for (unsigned i = 0; i < set->nkinds; i++)
                if (set->kinds[i]->family == family)
                        kinds |= UINT64_C(1) << i;
        return kinds;
}

/* The one kind that is shown, or NULL: there are several. */
static const struct kind *single_kind(const struct kind_set *set, uint64_t kinds)
{
        const struct kind *single = NULL;

        for (unsigned i = 0; i < set->nkinds; i++)
                if (kinds >> i & 1) {
                        if (single)
                                return NULL;
                        single = set->kinds[i];
                }
        return single;
}

static bool any_has_field(const struct kind_set *set, uint64_t kinds, uint16_t field)
{
        for (unsigned i = 0; i < set->nkinds; i++)
                if (kinds >> i & 1 && kind_has_field(set->kinds[i], field))
                        return true;
        return false;
}

static bool any_is_measured(const struct kind_set *set, uint64_t kinds)
{
        uint16_t field;

        for (unsigned i = 0; i < set->nkinds; i++)
                if (kinds >> i & 1 && track_measure(set->kinds[i], &field))
                        return true;
        return false;
}

/* --- rows ------------------------------------------------------------------ */

struct selection {
        const struct ui *ui;
        const struct scene *scene;
        const struct query *query;
        uint64_t kinds;
        const struct object **objects;
        size_t n, all;
};

/* Objects lie by kind: the first that is of this one, or of those behind it. */
static size_t first_of(const struct snapshot *snapshot, unsigned kind_order)
{
        size_t low = 0, high = snapshot->nobjects;

        while (low < high) {
                size_t middle = low + (high - low) / 2;

                if (snapshot->objects[middle].kind_order < kind_order)
                        low = middle + 1;
                else
                        high = middle;
        }
        return low;
}

static void consider(struct selection *selection, const struct object *object)
{
        selection->all++;
        if (!selection->query || query_match(selection->query, selection->scene->snapshot, object))
                selection->objects[selection->n++] = object;
}

/* What is of other kinds is not even looked at. */
static void consider_living(struct selection *selection)
{
        const struct snapshot *snapshot = selection->scene->snapshot;

        for (unsigned kind = 0; kind < snapshot->kinds->nkinds; kind++) {
                size_t end;

                if (!(selection->kinds >> kind & 1))
                        continue;
                end = first_of(snapshot, kind + 1);
                for (size_t i = first_of(snapshot, kind); i < end; i++)
                        consider(selection, &snapshot->objects[i]);
        }
}

static bool is_shown(const struct selection *selection, const struct ghost *ghost)
{
        return selection->ui->now - ghost->gone_at < GHOST_NS;
}

static int compare_objects(const void *a, const void *b)
{
        return object_compare(*(const struct object *const *)a, *(const struct object *const *)b);
}

/* Where among the first `n` an object that is not there would stand. */
static size_t place_for(const struct selection *selection, const struct object *object, size_t n)
{
        size_t low = 0;

        while (low < n) {
                size_t middle = low + (n - low) / 2;

                if (object_compare(selection->objects[middle], object) < 0)
                        low = middle + 1;
                else
                        n = middle;
        }
        return low;
}

/* Those that are gone stand behind the others: to where they would be in the order of the snapshot. */
static void merge_ghosts(struct selection *selection, size_t living)
{
        size_t to = selection->n, nghosts = selection->n - living;
        const struct object **ghosts;

        if (nghosts == 0)
                return;
        ghosts = memory_new(nghosts * sizeof(*ghosts));
        memcpy(ghosts, selection->objects + living, nghosts * sizeof(*ghosts));
        qsort(ghosts, nghosts, sizeof(*ghosts), compare_objects);
        while (nghosts > 0) {
                size_t place = place_for(selection, ghosts[--nghosts], living), behind = living - place;

                to -= behind;
                memmove(selection->objects + to, selection->objects + place, behind * sizeof(*ghosts));
                selection->objects[--to] = ghosts[nghosts];
                living = place;
        }
        free(ghosts);
}

static const struct ghost *ghost_of(const struct scene *scene, const struct object *object)
{
        uintptr_t first = (uintptr_t)scene->ghosts, place = (uintptr_t)object;

        if (scene->nghosts == 0 || place < first || place >= first + scene->nghosts * sizeof(*scene->ghosts))
                return NULL;
        return (const struct ghost *)(place - offsetof(struct ghost, object));
}

struct measured {
        const struct object *object;
        size_t place;
        uint64_t level;
};

static int compare_measured(const void *a, const void *b)
{
        const struct measured *left = a, *right = b;

        if (left->level != right->level)
                return left->level < right->level ? -1 : 1;
        return left->place < right->place ? -1 : left->place > right->place;
}

static int compare_measured_down(const void *a, const void *b)
{
        const struct measured *left = a, *right = b;

        if (left->level != right->level)
                return left->level > right->level ? -1 : 1;
        return left->place < right->place ? -1 : left->place > right->place;
}

/* What nothing can be measured of, or is gone, comes last or first: as 0. */
static void sort_by_activity(struct selection *selection, bool descending)
{
        struct measured *items = memory_new((selection->n + 1) * sizeof(*items));

        for (size_t i = 0; i < selection->n; i++) {
                const struct object *object = selection->objects[i];
                const struct track *track = ghost_of(selection->scene, object) ? NULL :
                                            scene_track(selection->scene, object);

                items[i] = (struct measured){ object, i, track && track->measured ? track->level : 0 };
        }
        qsort(items, selection->n, sizeof(*items), descending ? compare_measured_down : compare_measured);
        for (size_t i = 0; i < selection->n; i++)
                selection->objects[i] = items[i].object;
        free(items);
}

static void add_row(const struct scene *scene, const struct object *object, struct rows *rows)
{
        const struct ghost *ghost = ghost_of(scene, object);

        rows_add(rows, (struct row_item){
                .type = ghost ? ROW_GHOST : ROW_OBJECT,
                .subject = ghost ? subject_of_object(object) : scene->subjects[object - scene->snapshot->objects],
                .thing = ghost ? (const void *)ghost : object,
        });
}

static void fill(const struct ui *ui, const struct level *level, struct rows *rows)
{
        const struct view_settings *settings = ui_settings(ui, level->view);
        const struct scene *scene = ui->scene;
        const struct snapshot *snapshot = scene->snapshot;
        struct selection selection = {
                .ui = ui, .scene = scene, .query = settings->query, .kinds = view_shown_kinds(ui, level),
        };
        size_t living;

        selection.objects = memory_new((snapshot->nobjects + scene->nghosts + 1) * sizeof(*selection.objects));
        consider_living(&selection);
        living = selection.n;
        for (size_t i = 0; i < scene->nghosts; i++)
                if (selection.kinds >> scene->ghosts[i].object.kind_order & 1 &&
                    is_shown(&selection, &scene->ghosts[i]))
                        consider(&selection, &scene->ghosts[i].object);
        merge_ghosts(&selection, living);

        if (settings->sort == COLUMN_ACTIVITY)
                sort_by_activity(&selection, settings->descending);
        else if (settings->sort < FIELD_COUNT && settings->sort != FIELD_SUMMARY)
                sort_objects(snapshot, selection.objects, selection.n,
                             (struct sort_key){ settings->sort, settings->descending });
        rows_expect(rows, selection.n);
        for (size_t i = 0; i < selection.n; i++)
                add_row(scene, selection.objects[i], rows);
        rows->all = selection.all;
        free(selection.objects);
}

/* --- columns --------------------------------------------------------------- */

static struct view_column column_of(const struct ui *ui, uint16_t id)
{
        unsigned least;

        if (id == COLUMN_ACTIVITY)
                return (struct view_column){
                        { _("ACTIVITY"), ALIGN_LEFT, ui->width < WIDE_SCREEN ? SPARK_NARROW : TRACK_SAMPLES }, .id = id,
                };
        least = format_least(id);
        /* Nothing says more than the name; and of who has it the name, without a pid, more than nobody. */
        if (id == FIELD_REF && least < ui->width / NAME_SHARE)
                least = ui->width / NAME_SHARE;
        if (id == FIELD_HOLDERS && ui->width < NARROW_SCREEN)
                least = HOLDERS_LEAST;
        return (struct view_column){ { _(field_get(id)->title), format_align(id), least }, .id = id };
}

static void add_column(const struct ui *ui, uint16_t id, struct view_column ret[COLUMNS_MOST], unsigned *n)
{
        if (*n < COLUMNS_MOST)
                ret[(*n)++] = column_of(ui, id);
}

/*
 * Connections have many columns: on most screens there is no room for all of them. Who has it and who is at the other
 * end is what one comes for; the numbers follow by scrolling.
 */
static bool is_crowded(const struct ui *ui, const struct kind *kind)
{
        bool has_peers = false;

        for (unsigned i = 0; kind && i < kind->ncolumns; i++)
                has_peers |= kind->columns[i] == FIELD_PEERS;
        return has_peers && kind->ncolumns >= COLUMNS_MANY && ui->width < WIDE_SCREEN;
}

/* What comes in which turn, where it is crowded. */
static unsigned turn_of(uint16_t id)
{
        switch (id) {
        case FIELD_PEERS:
                return 1;
        case FIELD_SOCKET_TYPE:
        case FIELD_OWNER:
                return 2;
        default:
                return format_align(id) == ALIGN_LEFT ? 0 : 3;
        }
}

static void add_kind_columns(const struct ui *ui, const struct kind *kind, struct view_column ret[COLUMNS_MOST],
                             unsigned *n)
{
        bool crowded = is_crowded(ui, kind);

        for (unsigned turn = 0; turn < (crowded ? TURNS : 1); turn++)
                for (unsigned i = 0; i < kind->ncolumns; i++)
                        if (!crowded || turn_of(kind->columns[i]) == turn)
                                add_column(ui, kind->columns[i], ret, n);
}

/* Before who has it, which may be long; where there is little room, behind everything else. */
static void insert_activity(const struct ui *ui, const struct kind *kind, struct view_column ret[COLUMNS_MOST],
                            unsigned *n)
{
        unsigned at = is_crowded(ui, kind) || ui->width < NARROW_SCREEN ? *n : 0;

        while (at < *n && ret[at].id != FIELD_HOLDERS && ret[at].id != FIELD_SUMMARY)
                at++;
        if (*n == COLUMNS_MOST)
                return;
        memmove(&ret[at + 1], &ret[at], (*n - at) * sizeof(*ret));
        ret[at] = column_of(ui, COLUMN_ACTIVITY);
        (*n)++;
}

static unsigned columns(const struct ui *ui, const struct level *level, struct view_column ret[COLUMNS_MOST])
{
        const struct view_settings *settings = ui_settings(ui, level->view);
        const struct kind_set *set = ui->scene->snapshot->kinds;
        uint64_t kinds = view_shown_kinds(ui, level);
        const struct kind *kind = single_kind(set, kinds);
        unsigned n = 0;

        if (settings->ncolumns > 0) {
                for (unsigned i = 0; i < settings->ncolumns; i++)
                        add_column(ui, settings->columns[i], ret, &n);
                return n;
        }
        if (kind)
                add_kind_columns(ui, kind, ret, &n);
        else
                for (unsigned i = 0; i < COUNT(common_columns); i++)
                        if (any_has_field(set, kinds, common_columns[i]))
                                add_column(ui, common_columns[i], ret, &n);
        /* One moment has no course. */
        if (any_is_measured(set, kinds) && !(ui->options.recorded && ui->scene->number <= 1))
                insert_activity(ui, kind, ret, &n);
        return n;
}

/* --- cells ----------------------------------------------------------------- */

static enum style put_ghost(const struct object *object, uint16_t id, const struct format *format, struct buf *out)
{
        struct value value;

        if (id == FIELD_STATE)
                /* TRANSLATORS: in a table: the object does not exist any more */
                buf_string(out, _("gone"));
        else if (id == FIELD_HOLDERS || id == FIELD_PEERS || id == FIELD_WAITERS || id == FIELD_SUMMARY ||
                 id >= FIELD_COUNT || !snapshot_value(format->snapshot, object, id, &value))
                buf_byte(out, '-');
        else
                format_value(out, &value, format);
        return STYLE_DIM;
}

static enum style cell(const struct ui *ui, const struct level *level, const struct row_item *item,
                       const struct view_column *column, struct buf *out)
{
        struct format format = ui_format(ui);
        const struct object *object = item->thing;
        struct value value;

        (void)level;
        format.most = column->most;
        if (item->type == ROW_GHOST)
                return put_ghost(&((const struct ghost *)item->thing)->object, column->id, &format, out);
        if (column->id == COLUMN_ACTIVITY) {
                track_sparkline(scene_track(ui->scene, object), column->column.least, ui->options.utf8, out);
                return STYLE_GOOD;
        }
        if (column->id >= FIELD_COUNT || format_composed(out, object, column->id, &format))
                return STYLE_NONE;
        if (!snapshot_value(format.snapshot, object, column->id, &value)) {
                buf_byte(out, '-');
                return STYLE_NONE;
        }
        format_value(out, &value, &format);
        return format_style(&value);
}

#define OBJECTS_VIEW(NAME, TITLE, TAB, DIGIT, FAMILY)                                                   \
        const struct view view_##NAME = {                                                               \
                .name = #NAME, .title = TITLE, .tab = TAB, .digit = DIGIT,                              \
                .flags = VIEW_OBJECTS | VIEW_SORTS, .family = FAMILY,                                   \
                .fill = fill, .columns = columns, .cell = cell,                                         \
        }

OBJECTS_VIEW(shm, N_("System V shared memory"), N_("Shm"), '2', FAMILY_SHM);
OBJECTS_VIEW(sem, N_("System V semaphores"), N_("Sem"), '3', FAMILY_SEM);
OBJECTS_VIEW(msg, N_("System V queues"), N_("Msg"), '4', FAMILY_MSG);
OBJECTS_VIEW(posix, N_("POSIX queues, semaphores, memory"), N_("POSIX"), '5', FAMILY_POSIX);
OBJECTS_VIEW(pipe, N_("Pipes and FIFOs"), N_("Pipe"), '6', FAMILY_PIPE);
OBJECTS_VIEW(unix, N_("Unix sockets"), N_("Unix"), '7', FAMILY_UNIX);
OBJECTS_VIEW(event, N_("Event descriptors"), N_("Event"), '8', FAMILY_EVENT);
OBJECTS_VIEW(other, N_("Other sockets, terminals, locks"), N_("Other"), '9', FAMILY_OTHER);
OBJECTS_VIEW(objects, N_("Objects"), NULL, 0, FAMILY_COUNT);
