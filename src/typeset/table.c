#include "typeset/table.h"

#include <string.h>

enum {
    PAD_X = 1000,
    PAD_Y = 1200,
    RULE = 200,
    WIDE_TABLE = 6, /* From so many columns on the letters are smaller. */
    CELL_LINES_MAX = 4000,
    COLUMN_MIN = 9000,
};

static const struct style styles[2][2] = {
    {{ROLE_FANG, SIZE_SMALL_4, SIZE_SMALL_4, COLOUR_BLACK},
     {ROLE_HEI, SIZE_SMALL_4, SIZE_SMALL_4, COLOUR_BLACK}},
    {{ROLE_FANG, SIZE_5, SIZE_5, COLOUR_BLACK}, {ROLE_HEI, SIZE_5, SIZE_5, COLOUR_BLACK}},
};

struct column {
    int x, width;
    enum align align;
};

struct cell {
    struct line *lines;
    size_t count;
};

struct table_row {
    const struct column *columns;
    size_t columns_count;
    const struct table_row *head; /* NULL: this is the head. */
    struct cell cells[COLUMNS_MAX];
    int leading;
    int height;
};

static int leading_of(const struct style *style)
{
    return style->size * 29 / 20;
}

/* The lines of one cell; a line feed in it begins a new one. */
static enum fault fill_cell(struct composer *composer, const char *path, const char *text,
                            const struct style *style, const struct column *column,
                            struct cell *cell)
{
    static const enum fit fits[] = {FIT_LEFT, FIT_CENTER, FIT_RIGHT};
    int width = column->width - 2 * PAD_X;
    size_t room = 0;
    text = text == NULL ? "" : text;
    while (text[0] != 0) {
        struct items items;
        size_t length = strcspn(text, "\n");
        enum fault fault = items_of(composer, path, arena_bytes(composer->ctx->arena, text, length),
                                    style, &items);
        if (fault != FAULT_NONE) {
            return fault;
        }
        for (size_t from = 0; from < items.count && cell->count < CELL_LINES_MAX;) {
            size_t count = line_count(&items, from, width);
            if (cell->count == room) {
                room = room * 2 + 4;
                struct line *grown = arena_array(composer->ctx->arena, room, sizeof *grown);
                if (cell->count > 0) {
                    memcpy(grown, cell->lines, cell->count * sizeof *grown);
                }
                cell->lines = grown;
            }
            cell->lines[cell->count++] = (struct line){.items = items.list + from,
                                                       .count = count,
                                                       .x = column->x + PAD_X,
                                                       .width = width,
                                                       .fit = fits[column->align],
                                                       .style = style};
            from += count;
        }
        text += length + (text[length] == '\n');
    }
    return FAULT_NONE;
}

static enum fault text_width(struct composer *composer, const char *path, const char *text,
                             const struct style *style, int *width)
{
    struct items items;
    enum fault fault = items_of(composer, path, text == NULL ? "" : text, style, &items);
    if (fault == FAULT_NONE) {
        int needed = items_width(items.list, items.count) + 2 * PAD_X + RULE;
        *width = needed > *width ? needed : *width;
    }
    return fault;
}

/* What a column asks for: its share, or its widest text up to a half of the page. */
static enum fault ask_width(struct composer *composer, const char *path,
                            const struct content_table *table, size_t column,
                            const struct style *style, int *ret_width)
{
    int width = COLUMN_MIN;
    const struct content_column *asked = &table->columns[column];
    enum fault fault = text_width(composer, path, asked->label, style, &width);
    for (size_t i = 0; i < table->rows_count && i < 200 && fault == FAULT_NONE; i++) {
        const char *row = arena_printf(composer->ctx->arena, "%s.rows.%zu", path, i);
        fault = text_width(composer, row, table->cells[i * table->columns_count + column], style,
                           &width);
    }
    *ret_width = width < TEXT_WIDTH / 2 ? width : TEXT_WIDTH / 2;
    return fault;
}

static enum fault place_columns(struct composer *composer, const char *path,
                                const struct content_table *table, const struct style *style,
                                struct column *columns)
{
    int64_t asked[COLUMNS_MAX];
    int64_t total = 0;
    bool shares = true;
    for (size_t i = 0; i < table->columns_count; i++) {
        shares = shares && table->columns[i].share > 0;
    }
    for (size_t i = 0; i < table->columns_count; i++) {
        int width = (int)table->columns[i].share;
        enum fault fault = shares ? FAULT_NONE : ask_width(composer, path, table, i, style, &width);
        if (fault != FAULT_NONE) {
            return fault;
        }
        asked[i] = width;
        total += width;
    }
    int64_t before = 0;
    for (size_t i = 0; i < table->columns_count; i++) {
        int left = TEXT_LEFT + (int)(TEXT_WIDTH * before / total);
        before += asked[i];
        columns[i] = (struct column){.x = left,
                                     .width = TEXT_LEFT + (int)(TEXT_WIDTH * before / total) - left,
                                     .align = table->columns[i].align};
        if (columns[i].width < 2 * PAD_X + style->size) {
            return ctx_field(composer->ctx, path, "A column of the table is too narrow.",
                             "表格有一列过窄。");
        }
    }
    return FAULT_NONE;
}

static size_t most_lines(const struct table_row *row)
{
    size_t most = 1;
    for (size_t i = 0; i < row->columns_count; i++) {
        most = row->cells[i].count > most ? row->cells[i].count : most;
    }
    return most;
}

/* A row longer than a page comes in parts. */
static void add_parts(struct composer *composer, const struct table_row *whole, int room)
{
    size_t most = most_lines(whole);
    size_t at_once = (size_t)((room - 2 * PAD_Y) / whole->leading);
    for (size_t from = 0; from < most; from += at_once) {
        size_t count = most - from < at_once ? most - from : at_once;
        struct table_row *part = arena_alloc(composer->ctx->arena, sizeof *part);
        *part = *whole;
        part->height = (int)count * part->leading + 2 * PAD_Y;
        for (size_t i = 0; i < part->columns_count; i++) {
            struct cell *cell = &part->cells[i];
            size_t skipped = cell->count < from ? cell->count : from;
            cell->lines += skipped;
            cell->count -= skipped;
            cell->count = cell->count < count ? cell->count : count;
        }
        struct row *row = flow_row(composer, ROW_CELLS, part->height);
        row->cells = part;
        row->is_text = true;
        row->keep_next = part->head == NULL;
    }
}

static enum fault make_head(struct composer *composer, const char *path,
                            const struct content_table *table, const struct style *style,
                            struct table_row *head)
{
    for (size_t i = 0; i < table->columns_count; i++) {
        struct column column = head->columns[i];
        column.align = ALIGN_CENTER;
        enum fault fault =
            fill_cell(composer, path, table->columns[i].label, style, &column, &head->cells[i]);
        if (fault != FAULT_NONE) {
            return fault;
        }
    }
    head->leading = leading_of(style);
    head->height = (int)most_lines(head) * head->leading + 2 * PAD_Y;
    if (head->height > 4 * LINE) {
        return ctx_field(composer->ctx, path, "The head of the table is too high.", "表头过高。");
    }
    return FAULT_NONE;
}

static enum fault add_row(struct composer *composer, const char *path, const char **texts,
                          const struct style *style, const struct table_row *head)
{
    struct table_row row = {.columns = head->columns,
                            .columns_count = head->columns_count,
                            .head = head,
                            .leading = leading_of(style)};
    for (size_t i = 0; i < row.columns_count; i++) {
        enum fault fault =
            fill_cell(composer, path, texts[i], style, &row.columns[i], &row.cells[i]);
        if (fault != FAULT_NONE) {
            return fault;
        }
    }
    add_parts(composer, &row, TEXT_BOTTOM - TEXT_TOP - head->height);
    return FAULT_NONE;
}

static void add_space(struct composer *composer)
{
    (void)flow_row(composer, ROW_GAP, LINE / 3);
}

enum fault table_rows(struct composer *composer, const char *path,
                      const struct content_table *table)
{
    const struct style *pair = styles[table->columns_count >= WIDE_TABLE];
    struct column *columns =
        arena_array(composer->ctx->arena, table->columns_count, sizeof *columns);
    enum fault fault = place_columns(composer, path, table, &pair[0], columns);
    if (fault != FAULT_NONE) {
        return fault;
    }
    struct table_row *head = arena_alloc(composer->ctx->arena, sizeof *head);
    head->columns = columns;
    head->columns_count = table->columns_count;
    fault = make_head(composer, path, table, &pair[1], head);
    if (fault != FAULT_NONE) {
        return fault;
    }
    add_space(composer);
    add_parts(composer, head, head->height + head->leading);
    for (size_t i = 0; i < table->rows_count && fault == FAULT_NONE; i++) {
        const char *row_path = arena_printf(composer->ctx->arena, "%s.rows.%zu", path, i);
        fault =
            add_row(composer, row_path, table->cells + i * table->columns_count, &pair[0], head);
    }
    add_space(composer);
    return fault;
}

int table_repeat_height(const struct table_row *row)
{
    return row->head == NULL ? 0 : row->head->height;
}

int table_draw_repeat(struct composer *composer, struct page *page, const struct table_row *row,
                      int y)
{
    table_draw(composer, page, row->head, y);
    return y + row->head->height;
}

/* Cells of a row stand in the middle of its height, except where a long one runs beside them. */
static void draw_cell(struct composer *composer, struct page *page, const struct table_row *row,
                      const struct cell *cell, int y)
{
    int height = (int)cell->count * row->leading;
    int top = y + (row->height - height) / 2;
    for (size_t i = 0; i < cell->count; i++) {
        int middle = top + (int)i * row->leading + row->leading / 2;
        (void)line_draw(composer, page, &cell->lines[i], middle);
    }
}

void table_draw(struct composer *composer, struct page *page, const struct table_row *row, int y)
{
    struct pages *pages = &composer->pages;
    int left = TEXT_LEFT - RULE / 2;
    page_box(pages, page, COLOUR_BLACK, left, y - RULE / 2, TEXT_WIDTH + RULE, RULE);
    page_box(pages, page, COLOUR_BLACK, left, y + row->height - RULE / 2, TEXT_WIDTH + RULE, RULE);
    for (size_t i = 0; i < row->columns_count; i++) {
        page_box(pages, page, COLOUR_BLACK, row->columns[i].x - RULE / 2, y, RULE, row->height);
        draw_cell(composer, page, row, &row->cells[i], y);
    }
    page_box(pages, page, COLOUR_BLACK, TEXT_LEFT + TEXT_WIDTH - RULE / 2, y, RULE, row->height);
}
