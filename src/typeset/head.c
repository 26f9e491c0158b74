/* Above the title: GB/T 9704-2012, 7.2 for the file format, 10.1 for the letter format. */
#include "typeset/compose.h"

enum {
    FILE_BANNER_TOP = TEXT_TOP + 35000,
    LETTER_BANNER_TOP = 30000,
    BANNER_SIZE = 16200,   /* What a banner would like to be high, ... */
    BANNER_WIDTH = 150000, /* ... while it is not wider than this, ... */
    STRETCH_MIN = 680,     /* ... narrowed to two thirds rather than made small. */
    RULE_GAP = 4000,
    FILE_RULE = 530, /* 1.5 pt */
    LETTER_LEFT = 20000,
    LETTER_RULES = 170000,
    RULE_THICK = 1060, /* 3 pt */
    RULE_BETWEEN = 530,
    RULE_THIN = 350,
    DOUBLE_RULE = RULE_THICK + RULE_BETWEEN + RULE_THIN,
    LETTER_FOOT = PAGE_HEIGHT - 20000,
    BELOW_RULES = SIZE_3 * 7 / 8,
};

static const struct style style_hei = {ROLE_HEI, SIZE_3, CELL, COLOUR_BLACK};

static enum fault draw_text(struct composer *composer, const char *path, const char *text,
                            const struct style *style, enum fit fit, int middle)
{
    struct items items;
    enum fault fault = items_of(composer, path, text, style, &items);
    if (fault != FAULT_NONE) {
        return fault;
    }
    if (items_width(items.list, items.count) > TEXT_WIDTH) {
        return ctx_field(composer->ctx, path, "This is too long for its line.", "此项超出一行。");
    }
    const struct line line = {.items = items.list,
                              .count = items.count,
                              .x = TEXT_LEFT,
                              .width = TEXT_WIDTH,
                              .fit = fit,
                              .style = style};
    (void)line_draw(composer, composer->pages.first, &line, middle);
    return FAULT_NONE;
}

static struct face_ink ink_of(const struct items *items, int size)
{
    struct face_ink all = {.top = 0, .bottom = size};
    for (size_t i = 0; i < items->count; i++) {
        struct face_ink ink = face_ink(items->list[i].face, items->list[i].glyph, size);
        all.top = ink.top > all.top ? ink.top : all.top;
        all.bottom = ink.bottom < all.bottom ? ink.bottom : all.bottom;
    }
    return all;
}

/* Sets the banner with its ink's top at `top`; a long name is narrowed, a longer one made smaller.
 * Gives where its ink ends. */
static enum fault draw_banner(struct composer *composer, int top, int *ret_bottom)
{
    struct style style = {ROLE_TITLE, BANNER_SIZE, BANNER_SIZE, COLOUR_RED};
    struct items items;
    enum fault fault = items_of(composer, "organ", composer->content->organ, &style, &items);
    if (fault != FAULT_NONE) {
        return fault;
    }
    int64_t natural = items_width(items.list, items.count);
    int stretch = 1000;
    int size = BANNER_SIZE;
    if (natural > BANNER_WIDTH) {
        int64_t fitting = BANNER_WIDTH * INT64_C(1000) / natural;
        stretch = fitting < STRETCH_MIN ? STRETCH_MIN : (int)fitting;
        size = (int)(BANNER_SIZE * fitting / stretch);
    }
    if (size < SIZE_3) {
        return ctx_field(composer->ctx, "organ", "The name is too long for a banner.",
                         "发文机关标志过长。");
    }
    style.size = style.cell = size;
    fault = items_of(composer, "organ", composer->content->organ, &style, &items);
    if (fault != FAULT_NONE) {
        return fault;
    }
    int width = items_width(items.list, items.count);
    int x = (PAGE_WIDTH - width * stretch / 1000) / 2;
    struct face_ink ink = ink_of(&items, size);
    const struct line line = {.items = items.list,
                              .count = items.count,
                              .width = width,
                              .fit = FIT_LEFT,
                              .style = &style};
    struct op *before = composer->pages.first->last;
    (void)line_draw(composer, composer->pages.first, &line, 0);
    struct op *op = before == NULL ? composer->pages.first->first : before->next;
    for (; op != NULL; op = op->next) {
        op->x = x + op->x * stretch / 1000;
        op->y = top + ink.top;
        op->stretch = stretch;
    }
    *ret_bottom = top + ink.top - ink.bottom;
    return FAULT_NONE;
}

/* The grid line that begins at or below `y`. */
static int grid_line(int y)
{
    return y <= TEXT_TOP ? 0 : (y - TEXT_TOP + LINE - 1) / LINE;
}

/* Secrecy and urgency one below the other at the left; gives how many lines they took. */
static enum fault draw_marks(struct composer *composer, int top, int pitch, int *ret_lines)
{
    const struct content *content = composer->content;
    const char *const texts[] = {content->secrecy, content->urgency};
    static const char *const paths[] = {"secrecy", "urgency"};
    *ret_lines = 0;
    for (size_t i = 0; i < 2; i++) {
        if (texts[i] != NULL) {
            enum fault fault = draw_text(composer, paths[i], texts[i], &style_hei, FIT_LEFT,
                                         top + *ret_lines * pitch + pitch / 2);
            if (fault != FAULT_NONE) {
                return fault;
            }
            (*ret_lines)++;
        }
    }
    return FAULT_NONE;
}

static enum fault draw_file(struct composer *composer, int *ret_top)
{
    const struct content *content = composer->content;
    int lines = 0;
    int bottom = 0;
    enum fault fault = draw_marks(composer, TEXT_TOP, LINE, &lines);
    if (fault == FAULT_NONE) {
        fault = draw_banner(composer, FILE_BANNER_TOP, &bottom);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    int line = grid_line(bottom) + 2;
    int middle = TEXT_TOP + line * LINE + LINE / 2;
    if (content->number != NULL) {
        fault = draw_text(composer, "number", content->number, &style_body, FIT_CENTER, middle);
    }
    int rule = middle + SIZE_3 / 2 + RULE_GAP;
    page_box(&composer->pages, composer->pages.first, COLOUR_RED, TEXT_LEFT, rule - FILE_RULE / 2,
             TEXT_WIDTH, FILE_RULE);
    *ret_top = TEXT_TOP + (grid_line(rule) + 2) * LINE;
    return fault;
}

static void draw_double(struct composer *composer, int top, bool thick_first)
{
    int first = thick_first ? RULE_THICK : RULE_THIN;
    int second = thick_first ? RULE_THIN : RULE_THICK;
    struct page *page = composer->pages.first;
    page_box(&composer->pages, page, COLOUR_RED, LETTER_LEFT, top, LETTER_RULES, first);
    page_box(&composer->pages, page, COLOUR_RED, LETTER_LEFT, top + DOUBLE_RULE - second,
             LETTER_RULES, second);
}

static enum fault draw_letter(struct composer *composer, int *ret_top)
{
    const struct content *content = composer->content;
    int bottom = 0;
    int lines = 0;
    enum fault fault = draw_banner(composer, LETTER_BANNER_TOP, &bottom);
    if (fault != FAULT_NONE) {
        return fault;
    }
    draw_double(composer, bottom + RULE_GAP, true);
    draw_double(composer, LETTER_FOOT - DOUBLE_RULE, false);
    int pitch = SIZE_3 * 3 / 2;
    int top = bottom + RULE_GAP + DOUBLE_RULE + BELOW_RULES;
    fault = draw_marks(composer, top + SIZE_3 / 2 - pitch / 2, pitch, &lines);
    if (fault == FAULT_NONE && content->number != NULL) {
        fault = draw_text(composer, "number", content->number, &style_body, FIT_RIGHT,
                          top + SIZE_3 / 2);
    }
    int last = top + SIZE_3 + (lines > 1 ? (lines - 1) * pitch : 0);
    *ret_top = TEXT_TOP + (grid_line(last) + 2) * LINE;
    return fault;
}

/* Notices and reports: marks in the first lines, no red. */
static enum fault draw_plain(struct composer *composer, int *ret_top)
{
    int lines = 0;
    enum fault fault = draw_marks(composer, TEXT_TOP, LINE, &lines);
    *ret_top = TEXT_TOP + (lines > 1 ? lines : 1) * LINE;
    return fault;
}

enum fault head_draw(struct composer *composer, int *ret_top)
{
    switch (composer->content->format) {
    case FORMAT_LETTER:
        return draw_letter(composer, ret_top);
    case FORMAT_FILE:
        return draw_file(composer, ret_top);
    default:
        return draw_plain(composer, ret_top);
    }
}
