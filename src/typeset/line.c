#include "typeset/compose.h"

#include <stdlib.h>

/* The line without the spaces at its end. */
static size_t trimmed(const struct item *items, size_t count)
{
    while (count > 0 && items[count - 1].space) {
        count--;
    }
    return count;
}

static int squeeze_of(const struct item *items, size_t count)
{
    int squeeze = 0;
    for (size_t i = 0; i < count; i++) {
        squeeze += items[i].squeeze;
    }
    return squeeze;
}

/* The first place after `end` where a line may end; at most the end of the text. */
static size_t next_end(const struct items *items, size_t end)
{
    end++;
    while (end < items->count && !items->list[end].break_before) {
        end++;
    }
    return end;
}

/* A word longer than the whole line has to be cut somewhere. */
static size_t cut_word(const struct items *items, size_t from, int width)
{
    size_t count = 1;
    int used = items->list[from].width;
    while (from + count < items->count && used + items->list[from + count].width <= width) {
        used += items->list[from + count].width;
        count++;
    }
    return count;
}

size_t line_count(const struct items *items, size_t from, int width)
{
    const struct item *first = items->list + from;
    size_t end = from;
    size_t next = next_end(items, from);
    while (items_width(first, trimmed(first, next - from)) <= width) {
        end = next;
        if (end == items->count) {
            return end - from;
        }
        next = next_end(items, end);
    }
    if (end == from) {
        return cut_word(items, from, width);
    }
    /* Punctuation that may not begin a line: make room for it, if that is the smaller change. */
    size_t more = trimmed(first, next - from);
    int shrink = items_width(first, more) - width;
    int stretch = width - items_width(first, trimmed(first, end - from));
    if (shrink <= squeeze_of(first, more) && shrink <= stretch) {
        end = next;
    }
    return end - from;
}

/* How a line is made as wide as its column. */
struct adjust {
    int shrink;  /* To take away in all, ... */
    int squeeze; /* ... of so much that could be. */
    int stretch; /* To add in all, ... */
    int gaps;    /* ... at so many places. */
};

static bool is_gap(const struct item *before, const struct item *after)
{
    return before->space || before->wide || after->wide;
}

static struct adjust adjust_of(const struct line *line, size_t count)
{
    struct adjust adjust = {0};
    int slack = line->width - items_width(line->items, count);
    if (slack < 0) {
        adjust.squeeze = squeeze_of(line->items, count);
        adjust.shrink = abs(slack) < adjust.squeeze ? abs(slack) : adjust.squeeze;
    } else if (line->fit == FIT_BOTH) {
        for (size_t i = 1; i < count; i++) {
            adjust.gaps += is_gap(&line->items[i - 1], &line->items[i]);
        }
        /* Where that would tear the line apart it stays short. */
        adjust.stretch = slack <= adjust.gaps * line->style->size / 2 ? slack : 0;
    }
    return adjust;
}

static int begin_of(const struct line *line, size_t count, const struct adjust *adjust)
{
    int used = items_width(line->items, count) - adjust->shrink;
    if (line->fit == FIT_CENTER) {
        return line->x + (line->width - used) / 2;
    }
    return line->fit == FIT_RIGHT ? line->x + line->width - used : line->x;
}

static struct op *text_op(struct composer *composer, struct page *page, const struct line *line,
                          const struct face *face, size_t room)
{
    const struct style *style = line->style;
    struct op *op = page_op(&composer->pages, page, OP_TEXT, style->colour);
    op->face = face;
    op->size = style->size;
    op->glyphs = arena_array(composer->pages.arena, room, sizeof *op->glyphs);
    return op;
}

static int baseline(const struct face *face, int size, int middle)
{
    return middle + (int)((int64_t)face->centre * size / (int64_t)face->upem);
}

int line_draw(struct composer *composer, struct page *page, const struct line *line, int middle)
{
    size_t count = trimmed(line->items, line->count);
    struct adjust adjust = adjust_of(line, count);
    int begin = begin_of(line, count, &adjust);
    int x = begin;
    int gaps_done = 0;
    int squeeze_done = 0;
    struct op *op = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct item *item = &line->items[i];
        if (i > 0 && adjust.stretch > 0 && is_gap(item - 1, item)) {
            gaps_done++;
            x += adjust.stretch * gaps_done / adjust.gaps -
                 adjust.stretch * (gaps_done - 1) / adjust.gaps;
        }
        int squeeze = 0;
        if (adjust.shrink > 0 && item->squeeze > 0) {
            int64_t shrink = adjust.shrink;
            squeeze = (int)(shrink * (squeeze_done + item->squeeze) / adjust.squeeze -
                            shrink * squeeze_done / adjust.squeeze);
            squeeze_done += item->squeeze;
        }
        if (op == NULL || op->face != item->face) {
            op = text_op(composer, page, line, item->face, count - i);
            op->x = x;
            op->y = baseline(item->face, op->size, middle);
        }
        op->glyphs[op->glyphs_count++] =
            (struct op_glyph){.glyph = item->glyph,
                              .code = item->code,
                              .x = x - op->x + item->shift - (item->squeeze_left ? squeeze : 0)};
        x += item->width - squeeze;
    }
    return begin;
}
