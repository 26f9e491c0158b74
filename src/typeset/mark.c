/* Page numbers (GB/T 9704-2012, 7.5), the mark of a draft, the place of a draft's seal. */
#include "typeset/compose.h"

enum {
    NUMBER_BELOW = 7000, /* The dashes' height below the text. */
    NUMBER_GAP = SIZE_4 / 4,
    DRAFT_SIZE = 42000,
    SEAL_LINE = 1200,
};

static const struct style style_number = {ROLE_SONG, SIZE_4, SIZE_4, COLOUR_BLACK};
static const struct style style_draft = {ROLE_HEI, DRAFT_SIZE, DRAFT_SIZE * 5 / 4, COLOUR_PALE};
static const struct style style_seal = {ROLE_FANG, SIZE_SMALL_4, SIZE_SMALL_4, COLOUR_RED};

/* Draws a short text with its left end at `x` and marks it as no part of the paper's text. */
static enum fault aside(struct composer *composer, struct page *page, const char *text,
                        const struct style *style, int x, int middle)
{
    struct items items;
    enum fault fault = items_of(composer, "format", text, style, &items);
    if (fault != FAULT_NONE) {
        return fault;
    }
    const struct line line = {.items = items.list,
                              .count = items.count,
                              .x = x,
                              .width = TEXT_WIDTH,
                              .fit = FIT_LEFT,
                              .style = style};
    struct op *last = page->last;
    (void)line_draw(composer, page, &line, middle);
    for (struct op *op = last == NULL ? page->first : last->next; op != NULL; op = op->next) {
        op->aside = true;
    }
    return FAULT_NONE;
}

static enum fault width_of(struct composer *composer, const char *text, const struct style *style,
                           int *ret_width)
{
    struct items items;
    enum fault fault = items_of(composer, "format", text, style, &items);
    *ret_width = fault == FAULT_NONE ? items_width(items.list, items.count) : 0;
    return fault;
}

/* — 1 —: odd pages at the right, even ones at the left, one character in. */
static enum fault draw_number(struct composer *composer, struct page *page, unsigned number)
{
    const char *digits = arena_printf(composer->ctx->arena, "%u", number);
    int dash = 0;
    int width = 0;
    enum fault fault = width_of(composer, "—", &style_number, &dash);
    if (fault == FAULT_NONE) {
        fault = width_of(composer, digits, &style_number, &width);
    }
    int all = 2 * dash + 2 * NUMBER_GAP + width;
    int x = TEXT_LEFT + SIZE_4;
    if (number % 2 == 1) {
        x = TEXT_LEFT + TEXT_WIDTH - SIZE_4 - all;
    }
    int middle = TEXT_BOTTOM + NUMBER_BELOW;
    if (fault == FAULT_NONE) {
        fault = aside(composer, page, "—", &style_number, x, middle);
    }
    if (fault == FAULT_NONE) {
        fault = aside(composer, page, digits, &style_number, x + dash + NUMBER_GAP, middle);
    }
    if (fault == FAULT_NONE) {
        fault = aside(composer, page, "—", &style_number, x + all - dash, middle);
    }
    return fault;
}

/* Across the page, behind everything else. */
static enum fault draw_draft(struct composer *composer, struct page *page)
{
    const char *text = say(composer, "草稿", "DRAFT");
    struct page behind = {0};
    int width = 0;
    enum fault fault = width_of(composer, text, &style_draft, &width);
    if (fault == FAULT_NONE) {
        fault = aside(composer, &behind, text, &style_draft, 0, 0);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    /* Half the width along the slope, from the middle of the page; 0.7071 is its cosine. */
    for (struct op *op = behind.first; op != NULL; op = op->next) {
        int along = width / 2 - op->x;
        int above = op->y;
        op->sloped = true;
        op->x = PAGE_WIDTH / 2 - (along - above) * 707 / 1000;
        op->y = PAGE_HEIGHT / 2 + (along + above) * 707 / 1000;
    }
    if (behind.last != NULL) {
        behind.last->next = page->first;
        page->first = behind.first;
        page->last = page->last == NULL ? behind.last : page->last;
    }
    return FAULT_NONE;
}

enum fault mark_pages(struct composer *composer)
{
    const struct content *content = composer->content;
    unsigned number = 1;
    for (struct page *page = composer->pages.first; page != NULL; page = page->next, number++) {
        enum fault fault = FAULT_NONE;
        if (number > 1 || content->format != FORMAT_LETTER) {
            fault = draw_number(composer, page, number);
        }
        if (content->draft && fault == FAULT_NONE) {
            fault = draw_draft(composer, page);
        }
        if (fault != FAULT_NONE) {
            return fault;
        }
    }
    return FAULT_NONE;
}

void mark_seal(struct composer *composer, struct page *page, int x, int y)
{
    struct op *ring = page_op(&composer->pages, page, OP_RING, COLOUR_RED);
    const char *text = say(composer, "印章", "Seal");
    int width = 0;
    ring->x = x;
    ring->y = y;
    ring->width = SEAL_LINE;
    ring->height = SEAL_RADIUS - SEAL_LINE / 2;
    ring->aside = true;
    if (width_of(composer, text, &style_seal, &width) == FAULT_NONE) {
        /* A fault was impossible if measuring was not one. */
        enum fault fault =
            aside(composer, page, text, &style_seal, x - width / 2, y - SEAL_RADIUS / 2);
        (void)fault;
    }
}
