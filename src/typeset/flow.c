#include "typeset/compose.h"
#include "typeset/table.h"

#include <assert.h>
#include <string.h>

enum { TEXT_ROWS_MIN = 2 }; /* Lines of running text a last page must have. */

struct row *flow_row(struct composer *composer, enum row_kind kind, int height)
{
    if (composer->rows_count == composer->rows_room) {
        size_t room = composer->rows_room * 2 + 64;
        struct row *grown = arena_array(composer->ctx->arena, room, sizeof *grown);
        if (composer->rows_count > 0) {
            memcpy(grown, composer->rows, composer->rows_count * sizeof *grown);
        }
        composer->rows = grown;
        composer->rows_room = room;
    }
    struct row *row = &composer->rows[composer->rows_count++];
    row->kind = kind;
    row->height = height;
    return row;
}

void flow_gap(struct composer *composer, unsigned lines)
{
    for (unsigned i = 0; i < lines; i++) {
        (void)flow_row(composer, ROW_GAP, LINE);
    }
}

static enum fault flow_paragraph(struct composer *composer, const char *path, const char *text,
                                 const struct style *style, int first, int rest)
{
    struct items items;
    enum fault fault = items_of(composer, path, text, style, &items);
    if (fault != FAULT_NONE) {
        return fault;
    }
    for (size_t from = 0; from < items.count;) {
        int indent = from == 0 ? first : rest;
        size_t count = line_count(&items, from, TEXT_WIDTH - indent);
        struct row *row = flow_row(composer, ROW_LINE, LINE);
        bool last = from + count == items.count;
        row->line = (struct line){.items = items.list + from,
                                  .count = count,
                                  .x = TEXT_LEFT + indent,
                                  .width = TEXT_WIDTH - indent,
                                  .fit = last ? FIT_LEFT : FIT_BOTH,
                                  .style = style};
        from += count;
    }
    return FAULT_NONE;
}

enum fault flow_text(struct composer *composer, const char *path, const char *text,
                     const struct style *style, int first, int rest)
{
    enum fault fault = FAULT_NONE;
    while (text[0] != 0 && fault == FAULT_NONE) {
        size_t length = strcspn(text, "\n");
        fault = flow_paragraph(composer, path, arena_bytes(composer->ctx->arena, text, length),
                               style, first, rest);
        text += length + (text[length] == '\n');
    }
    return fault;
}

/* Where the rows of one page begin and end. */
struct cut {
    size_t from, to;
};

static int height_of(const struct composer *composer, size_t from, size_t to)
{
    int height = 0;
    for (size_t i = from; i < to; i++) {
        height += composer->rows[i].height;
    }
    return height;
}

/* Space at the top of a page is none. */
static size_t skip_gaps(const struct composer *composer, size_t from)
{
    while (from < composer->rows_count && composer->rows[from].kind == ROW_GAP) {
        from++;
    }
    return from;
}

/* The head that a table repeats at the top of a page. */
static int repeated_height(const struct composer *composer, size_t from)
{
    const struct row *row = from < composer->rows_count ? &composer->rows[from] : NULL;
    return row != NULL && row->kind == ROW_CELLS ? table_repeat_height(row->cells) : 0;
}

/* Does the row before `end`, or the one before the gap there, belong to what comes next? */
static bool binds(const struct composer *composer, size_t from, size_t end)
{
    while (end > from && composer->rows[end - 1].kind == ROW_GAP) {
        end--;
    }
    return end > from && composer->rows[end - 1].keep_next;
}

/* How far the rows from `from` on fill the room; at least one row. */
static size_t fill(const struct composer *composer, size_t from, size_t limit, int room)
{
    size_t to = from;
    int used = repeated_height(composer, from);
    while (to < limit && used + composer->rows[to].height <= room) {
        used += composer->rows[to].height;
        to++;
    }
    if (to == limit) {
        return to;
    }
    size_t end = to;
    while (binds(composer, from, end)) {
        end--;
    }
    to = end > from ? end : to;
    return to > from ? to : from + 1;
}

static bool has_text(const struct composer *composer, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        if (composer->rows[i].is_text) {
            return true;
        }
    }
    return false;
}

static size_t tail_begin(const struct composer *composer)
{
    size_t tail = composer->rows_count;
    while (tail > 0 && composer->rows[tail - 1].tail) {
        tail--;
    }
    return tail;
}

/* Where a page that begins at `from` must end so that the last one, with the tail, has running
 * text; `otherwise` if there is not enough of it, because then nothing is won. */
static size_t pull_back(const struct composer *composer, size_t from, size_t tail, size_t otherwise)
{
    size_t at = tail;
    unsigned texts = 0;
    while (at > from && texts < TEXT_ROWS_MIN) {
        at--;
        texts += composer->rows[at].is_text;
    }
    while (binds(composer, from, at)) {
        at--;
    }
    /* Nor may the page that the rows leave be without text. */
    return at > from && has_text(composer, from, at) ? at : otherwise;
}

/* Takes lines out of the tail's gaps until it fits; false if it can't. */
static bool shrink_tail(struct composer *composer, size_t tail, int excess)
{
    int possible = 0;
    for (size_t i = tail; i < composer->rows_count; i++) {
        possible += composer->rows[i].shrinks ? composer->rows[i].height : 0;
    }
    if (excess > possible) {
        return false;
    }
    for (size_t i = tail; i < composer->rows_count && excess > 0; i++) {
        if (composer->rows[i].shrinks) {
            excess -= composer->rows[i].height;
            composer->rows[i].height = 0;
        }
    }
    return true;
}

static void draw_row(struct composer *composer, struct page *page, const struct row *row, int y)
{
    if (row->kind == ROW_CELLS) {
        table_draw(composer, page, row->cells, y);
    } else if (row->kind == ROW_LINE) {
        int begin = line_draw(composer, page, &row->line, y + row->height / 2);
        if (row->seal && composer->content->draft) {
            int width = items_width(row->line.items, row->line.count);
            mark_seal(composer, page, begin + width / 2, y - LINE / 2);
        }
    }
}

static void draw_page(struct composer *composer, struct page *page, struct cut cut, int y)
{
    if (repeated_height(composer, cut.from) > 0) {
        y = table_draw_repeat(composer, page, composer->rows[cut.from].cells, y);
    }
    for (size_t i = cut.from; i < cut.to; i++) {
        const struct row *row = &composer->rows[i];
        draw_row(composer, page, row, y);
        y += row->height;
        bool last_of_signature = row->signature && (i + 1 == cut.to || !row[1].signature);
        if (last_of_signature) {
            foot_draw_beside(composer, page, y);
        }
    }
}

/* Does all the rest fit on this page, if need be after some moving? */
static bool fits(struct composer *composer, size_t from, size_t tail, int room)
{
    int rows = repeated_height(composer, from) + height_of(composer, from, composer->rows_count);
    if (rows + composer->foot <= room) {
        return true;
    }
    bool moved = foot_move_beside(composer);
    if (rows + composer->foot <= room ||
        shrink_tail(composer, tail, rows + composer->foot - room)) {
        return true;
    }
    if (moved) { /* On a page of its own there is room again. */
        foot_move_back(composer);
    }
    return false;
}

/* A tail longer than a page can't stay together. */
static size_t find_tail(struct composer *composer)
{
    size_t tail = tail_begin(composer);
    int height = height_of(composer, tail, composer->rows_count) + composer->foot;
    return height > TEXT_BOTTOM - TEXT_TOP - TEXT_ROWS_MIN * LINE ? composer->rows_count : tail;
}

void flow_cut(struct composer *composer, int top)
{
    size_t tail = find_tail(composer);
    struct page *page = composer->pages.last;
    size_t from = 0;
    int y = top;
    for (;;) {
        size_t to = fill(composer, from, tail, TEXT_BOTTOM - y);
        if (to >= tail) {
            if (fits(composer, from, tail, TEXT_BOTTOM - y)) {
                break;
            }
            to = pull_back(composer, from, tail, tail);
        } else {
            size_t earlier = pull_back(composer, from, tail, to);
            to = earlier < to ? earlier : to;
        }
        draw_page(composer, page, (struct cut){from, to}, y);
        page = pages_add(&composer->pages);
        y = TEXT_TOP;
        from = skip_gaps(composer, to);
        /* Every page takes at least one row, but for a last one with the tail alone. */
        assert(composer->pages.count <= composer->rows_count + 2);
    }
    draw_page(composer, page, (struct cut){from, composer->rows_count}, y);
}
