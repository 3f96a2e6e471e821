/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Heading and rows. Cells are made of the rows on the screen only, and widths
 * follow from them: never less than what is usual for the column, so that they
 * seldom change while one scrolls.
 */
#include "base/i18n.h"
#include "base/utf8.h"
#include "tui/layout-private.h"

enum { WIDTH_LOOSE = 100, SIGN_WIDTH = 2 /* " v" */, TITLE_LEAST = 8 };

/* A column that is drawn. */
struct strip {
        struct view_column column;
        unsigned x, width;
        struct cell *cells;             /* one for each row on the screen; width USHRT_MAX at most */
        unsigned title;                 /* columns, if it takes more than the cells; else 0 */
};

struct picture {
        struct arena arena;
        struct strip strips[COLUMNS_MOST];
        unsigned n;
        size_t first, nrows;            /* rows on the screen */
        bool left, right;               /* there are more columns on that side */
        unsigned gap;
        struct needle needle;           /* what is searched for */
};

/* What values of that sort mostly take. */
static unsigned usual_width(const struct view_column *column)
{
        if (column->id >= FIELD_COUNT)
                return column->column.least;
        switch (column->id) {
        case FIELD_REF:
                return 12;
        case FIELD_STATE:
                return 8;
        case FIELD_SUMMARY:
        case FIELD_HOLDERS:
                return 16;
        }
        switch (field_get(column->id)->unit) {
        case UNIT_BYTES:
                return 5;
        case UNIT_UID:
        case UNIT_GID:
                return 6;
        case UNIT_PID:
                return 7;
        case UNIT_KEY:
                return 10;
        case UNIT_SECONDS:
                return 4;
        default:
                return 0;
        }
}

static bool is_spanning(const struct row_item *item)
{
        return item->type == ROW_TEXT || item->type == ROW_HEADING;
}

static void fill_cell(const struct ui *ui, struct picture *picture, const struct strip *strip, size_t i,
                      struct buf *text)
{
        const struct level *level = ui_level(ui);
        struct cell *cell = &strip->cells[i];
        unsigned width;

        buf_clear(text);
        cell->style = (unsigned char)level->view->cell(ui, level, &ui->rows.items[picture->first + i], &strip->column,
                                                       text);
        cell->data = arena_text(&picture->arena, buf_text(text)).data;
        cell->len = (unsigned)text->len;
        width = utf8_columns(buf_text(text));
        cell->width = (unsigned short)(width < GRID_MOST ? width : GRID_MOST);
}

static void fill_strip(const struct ui *ui, struct picture *picture, struct strip *strip, struct buf *text)
{
        strip->cells = ARENA_ARRAY(&picture->arena, struct cell, picture->nrows + 1);
        for (size_t i = 0; i < picture->nrows; i++) {
                if (is_spanning(&ui->rows.items[picture->first + i]))
                        continue;
                fill_cell(ui, picture, strip, i, text);
                if (strip->cells[i].width > strip->width)
                        strip->width = strip->cells[i].width;
        }
}

/* The widths when nothing is cut, but lists at the edge of the screen: they may have thousands of names. */
static void fill_picture(const struct ui *ui, const struct layout *layout, struct picture *picture)
{
        const struct view_settings *settings = ui_settings(ui, ui_level(ui)->view);
        struct buf text = { 0 };

        for (unsigned i = 0; i < picture->n; i++) {
                struct strip *strip = &picture->strips[i];
                unsigned usual = usual_width(&strip->column);

                strip->width = usual;
                strip->column.most = layout->body_width;
                fill_strip(ui, picture, strip, &text);
                strip->title = utf8_columns(text_of(strip->column.column.title));
                if (settings->sort == strip->column.id)
                        strip->title += SIGN_WIDTH;
                if (strip->title > strip->width)
                        strip->width = strip->title;
                else
                        strip->title = 0;
        }
        buf_done(&text);
}

/* So many columns from the first have room at their least; the others are reached by scrolling. */
static unsigned count_fitting(const struct picture *picture, unsigned room)
{
        size_t total = 0;
        unsigned n;

        for (n = 0; n < picture->n; n++) {
                unsigned least = picture->strips[n].column.column.least, width = picture->strips[n].width;

                width = least > 0 && width > least ? least : width;
                total += width + (n > 0 ? picture->gap : 0);
                if (n > 0 && total > room)
                        break;
        }
        return n;
}

/* A title that is longer than its cells, and long, gives way where not all columns fit. */
static void shorten_titles(struct picture *picture, unsigned sorted)
{
        for (unsigned i = 0; i < picture->n; i++) {
                struct strip *strip = &picture->strips[i];
                unsigned least = TITLE_LEAST;

                if (strip->title <= TITLE_LEAST || strip->column.id == sorted)
                        continue;
                for (size_t k = 0; k < picture->nrows; k++)
                        least = strip->cells[k].width > least ? strip->cells[k].width : least;
                strip->width = strip->width > least ? least : strip->width;
        }
}

/* table_fit() leaves two columns between cells: what is less of that here is room for them. */
static void fit(struct picture *picture, unsigned room)
{
        struct column columns[COLUMNS_MOST];
        unsigned widths[COLUMNS_MOST], x = GUTTER;
        struct table table = { .columns = columns, .ncolumns = picture->n, .widths = widths };
        unsigned fitted[COLUMNS_MOST];

        for (unsigned i = 0; i < picture->n; i++) {
                columns[i] = picture->strips[i].column.column;
                widths[i] = picture->strips[i].width;
        }
        table_fit(&table, room + (picture->n - 1) * (2 - picture->gap), true, fitted);
        for (unsigned i = 0; i < picture->n; i++) {
                picture->strips[i].x = x;
                picture->strips[i].width = x - GUTTER + fitted[i] <= room ? fitted[i] : room - (x - GUTTER);
                x += fitted[i] + picture->gap;
        }
}

static bool is_list(uint16_t id)
{
        return id == FIELD_HOLDERS || id == FIELD_PEERS || id == FIELD_WAITERS;
}

/* A list that has no room tells how many more there are, instead of being cut in the middle of a name. */
static void shorten_lists(const struct ui *ui, struct picture *picture)
{
        struct buf text = { 0 };

        for (unsigned i = 0; i < picture->n; i++) {
                struct strip *strip = &picture->strips[i];

                strip->column.most = strip->width;
                for (size_t k = 0; k < picture->nrows && is_list(strip->column.id); k++)
                        if (strip->cells[k].width > strip->width)
                                fill_cell(ui, picture, strip, k, &text);
        }
        buf_done(&text);
}

/* The first column stays where it is, those behind it are passed over. */
static void choose_columns(const struct ui *ui, struct picture *picture)
{
        const struct level *level = ui_level(ui);
        struct view_column columns[COLUMNS_MOST];
        unsigned n = level->view->columns(ui, level, columns), left = level->left;

        if (n > 0 && left > n - 1)
                left = n - 1;
        for (unsigned i = 0; i < n; i++)
                if (i == 0 || i > left)
                        picture->strips[picture->n++].column = columns[i];
        picture->left = left > 0 && n > 1;
}

static void make_picture(const struct ui *ui, const struct layout *layout, struct picture *picture)
{
        unsigned room = layout->body_width - GUTTER, fitting;

        *picture = (struct picture){ .first = ui_level(ui)->top, .gap = layout->body_width >= WIDTH_LOOSE ? 2 : 1 };
        arena_init(&picture->arena);
        needle_make(&picture->needle, ui_sought(ui));
        if (picture->first < ui->rows.n)
                picture->nrows = ui->rows.n - picture->first;
        if (picture->nrows > layout->body_height)
                picture->nrows = layout->body_height;
        choose_columns(ui, picture);
        fill_picture(ui, layout, picture);
        fitting = count_fitting(picture, room);
        if (fitting < picture->n) {
                shorten_titles(picture, ui_settings(ui, ui_level(ui)->view)->sort);
                fitting = count_fitting(picture, room);
        }
        picture->right = fitting < picture->n;
        if (picture->right)
                fitting = count_fitting(picture, --room);       /* the sign that says so needs a column */
        picture->n = fitting;
        if (picture->n > 0)
                fit(picture, room);
        shorten_lists(ui, picture);
}

static void picture_done(struct picture *picture)
{
        needle_done(&picture->needle);
        arena_done(&picture->arena);
}

/* --- drawing --------------------------------------------------------------- */

static void draw_heading(const struct ui *ui, const struct layout *layout, const struct picture *picture,
                         struct grid *grid)
{
        const struct view_settings *settings = ui_settings(ui, ui_level(ui)->view);
        struct buf title = { 0 };

        if (layout->heading_height == 0)
                return;
        grid_fill(grid, 0, layout->heading_y, layout->body_width, ' ', LOOK_REVERSE);
        for (unsigned i = 0; i < picture->n; i++) {
                const struct strip *strip = &picture->strips[i];
                bool sorted = settings->sort == strip->column.id;

                buf_clear(&title);
                buf_string(&title, strip->column.column.title);
                if (sorted)
                        buf_string(&title, settings->descending ? " v" : " ^");
                grid_put_cut(grid, strip->x, layout->heading_y, strip->width, buf_text(&title),
                             LOOK_REVERSE | (sorted ? LOOK_BOLD : 0), strip->column.column.align, ui->options.utf8);
        }
        if (picture->left)
                grid_put(grid, 0, layout->heading_y, 1, TEXT("<"), LOOK_REVERSE | LOOK_BOLD);
        if (picture->right)
                grid_put(grid, layout->body_width - 1, layout->heading_y, 1, TEXT(">"), LOOK_REVERSE | LOOK_BOLD);
        buf_done(&title);
}

/* Has what the column shows changed since the snapshot before? */
static bool has_changed(const struct track *track, const struct object *object, uint16_t id)
{
        switch (id) {
        case FIELD_HOLDERS:
                return track->changed & CHANGED_HOLDERS;
        case FIELD_PEERS:
                return track->changed & CHANGED_PEERS;
        case FIELD_WAITERS:
                return track->changed & CHANGED_WAITERS;
        }
        for (unsigned i = 0; i < object->nvalues && i < 61; i++)
                if (object->values[i].field == id)
                        return track->changed >> i & 1;
        return false;
}

/* What stands in the gutter beside the cursor. */
static struct text row_sign(const struct ui *ui, const struct row_item *item, const struct track *track,
                            enum style *ret_style)
{
        *ret_style = STYLE_NONE;
        if (ui_marked(ui, item->subject)) {
                *ret_style = STYLE_TITLE;
                return TEXT("*");
        }
        if (item->type == ROW_GHOST) {
                *ret_style = STYLE_DIM;
                return TEXT("-");
        }
        if (track && track->fresh) {
                *ret_style = STYLE_GOOD;
                return TEXT("+");
        }
        return track && track->changed ? TEXT("~") : TEXT(" ");
}

static void draw_cell(const struct ui *ui, const struct picture *picture, const struct strip *strip,
                      const struct cell *cell, bool changed, unsigned look, unsigned y, struct grid *grid)
{
        struct text text = { cell->data ? cell->data : "", cell->len };
        unsigned width = cell->width < strip->width ? cell->width : strip->width;
        unsigned x = strip->column.column.align == ALIGN_RIGHT ? strip->x + strip->width - width : strip->x;

        grid_put_cut(grid, strip->x, y, strip->width, text, look | cell->style, strip->column.column.align,
                     ui->options.utf8);
        /* In the last column of what is cut stands the sign that says so. */
        layout_mark_matches(&picture->needle, text, 0, grid, x, y, cell->width > width ? width - 1 : width);
        if (changed)
                grid_put(grid, x - 1, y, 1, TEXT("~"), look | STYLE_WARN);
}

static void draw_row(const struct ui *ui, const struct layout *layout, const struct picture *picture, size_t i,
                     struct grid *grid)
{
        const struct row_item *item = &ui->rows.items[picture->first + i];
        const struct object *object = item->type == ROW_OBJECT ? item->thing : NULL;
        const struct track *track = object ? scene_track(ui->scene, object) : NULL;
        bool cursor = picture->first + i == ui_level(ui)->at;
        unsigned y = layout->body_y + (unsigned)i, look = 0;
        enum style style;
        struct text sign;

        if (is_spanning(item)) {
                layout_draw_line(ui, layout, item, y, grid);
        } else {
                sign = row_sign(ui, item, track, &style);
                look |= item->type == ROW_GHOST ? LOOK_DIM : 0;
                look |= ui_marked(ui, item->subject) ? LOOK_BOLD : 0;
                grid_put(grid, 1, y, 1, sign, look | style);
                for (unsigned k = 0; k < picture->n; k++)
                        draw_cell(ui, picture, &picture->strips[k], &picture->strips[k].cells[i],
                                  track && !track->fresh && has_changed(track, object, picture->strips[k].column.id),
                                  look, y, grid);
        }
        if (!cursor || item->type == ROW_HEADING)
                return;
        grid_put(grid, 0, y, 1, TEXT(">"), LOOK_BOLD);
        grid_look(grid, 0, y, layout->body_width, LOOK_REVERSE);
        grid->cursor = true;
        grid->cursor_x = 0;
        grid->cursor_y = y;
}

void layout_draw_table(const struct ui *ui, const struct layout *layout, struct grid *grid)
{
        struct picture picture;

        make_picture(ui, layout, &picture);
        draw_heading(ui, layout, &picture, grid);
        for (size_t i = 0; i < picture.nrows; i++)
                draw_row(ui, layout, &picture, i, grid);
        picture_done(&picture);
}

bool layout_column_at(const struct ui *ui, const struct layout *layout, unsigned x, uint16_t *ret)
{
        struct picture picture;
        bool found = false;

        if (!ui->scene || ui_level(ui)->view->flags & VIEW_SCROLLS)
                return false;
        make_picture(ui, layout, &picture);
        for (unsigned i = 0; i < picture.n && !found; i++)
                if (x >= picture.strips[i].x && x - picture.strips[i].x < picture.strips[i].width) {
                        *ret = picture.strips[i].column.id;
                        found = true;
                }
        picture_done(&picture);
        return found;
}
