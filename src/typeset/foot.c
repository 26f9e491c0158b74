/*
 * At the foot of the last page: the code to check the paper by, then copies and printing (版记;
 * GB/T 9704-2012, 7.4; in the letter format without rules and without printing, 10.1).
 */
#include "typeset/compose.h"

#include <assert.h>
#include <qrencode.h>
#include <string.h>

enum {
    FOOT_LINE = 8200,
    RULE_OUTER = 350,
    RULE_INNER = 250,
    QR_SIDE = 18000,
    QR_GAP = 3000,   /* Between the code and what is beside or below it. */
    FOOT_GAP = 2000, /* Above it all. */
    FOOT_MAX = 130000,
    QR_BYTES_MAX = 400,
    CHECK_LINES_MAX = 5,
    CHECK_WIDTH_MIN = 24000,
    BESIDE_GAP = 3000, /* From the signature and the seal, if the code stands beside them. */
    CHECK_LEADING = 4700,
};

static const struct style style_foot = {ROLE_FANG, SIZE_4, SIZE_4, COLOUR_BLACK};
static const struct style style_check = {ROLE_FANG, SIZE_SMALL_5, SIZE_SMALL_5, COLOUR_BLACK};

struct foot {
    struct line lines[64]; /* Copies, then printing; x and width are set. */
    size_t lines_count;
    size_t copies_count; /* How many of them are copies. */
    bool rules;
    struct items check_texts[CHECK_LINES_MAX]; /* As given, line by line; ... */
    size_t check_texts_count;
    struct line check[CHECK_LINES_MAX]; /* ... as they fit. */
    size_t check_count;
    const uint8_t *matrix;
    int modules;
    bool beside; /* The code stands beside the signature, not above the copies. */
};

static enum fault too_long(struct composer *composer, const char *path)
{
    return ctx_field(composer->ctx, path, "This is too long for the foot of the page.",
                     "此项过长，版记容纳不下。");
}

static enum fault add_copies(struct composer *composer, struct foot *foot)
{
    const char *label = say(composer, "抄送：", "Copies: ");
    const char *text = arena_printf(composer->ctx->arena, "%s%s", label, composer->content->copies);
    struct items items;
    struct items label_items;
    enum fault fault = items_of(composer, "copies", text, &style_foot, &items);
    if (fault == FAULT_NONE) {
        fault = items_of(composer, "copies", label, &style_foot, &label_items);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    int hanging = items_width(label_items.list, label_items.count);
    for (size_t from = 0; from < items.count;) {
        int indent = SIZE_4 + (from == 0 ? 0 : hanging);
        int width = TEXT_WIDTH - SIZE_4 - indent;
        size_t count = line_count(&items, from, width);
        if (foot->lines_count == sizeof foot->lines / sizeof foot->lines[0] - 2) {
            return too_long(composer, "copies");
        }
        foot->lines[foot->lines_count++] =
            (struct line){.items = items.list + from,
                          .count = count,
                          .x = TEXT_LEFT + indent,
                          .width = width,
                          .fit = from + count == items.count ? FIT_LEFT : FIT_BOTH,
                          .style = &style_foot};
        from += count;
    }
    foot->copies_count = foot->lines_count;
    return FAULT_NONE;
}

static enum fault add_printing(struct composer *composer, struct foot *foot, const char *path,
                               const char *text, enum fit fit)
{
    struct items items;
    enum fault fault = items_of(composer, path, text, &style_foot, &items);
    if (fault != FAULT_NONE) {
        return fault;
    }
    int width = TEXT_WIDTH - 2 * SIZE_4;
    if (items_width(items.list, items.count) > width) {
        return too_long(composer, path);
    }
    foot->lines[foot->lines_count++] = (struct line){.items = items.list,
                                                     .count = items.count,
                                                     .x = TEXT_LEFT + SIZE_4,
                                                     .width = width,
                                                     .fit = fit,
                                                     .style = &style_foot};
    return FAULT_NONE;
}

static enum fault add_printed(struct composer *composer, struct foot *foot)
{
    const struct content *content = composer->content;
    enum fault fault = FAULT_NONE;
    if (content->printed_organ != NULL) {
        fault = add_printing(composer, foot, "printed.organ", content->printed_organ, FIT_LEFT);
    }
    if (content->printed_date != NULL && fault == FAULT_NONE) {
        const char *day = content_day(composer->ctx->arena, content->lang, content->printed_date);
        const char *text =
            arena_printf(composer->ctx->arena, "%s%s%s", say(composer, "", "Printed "), day,
                         say(composer, "印发", ""));
        fault = add_printing(composer, foot, "printed.date", text, FIT_RIGHT);
    }
    return fault;
}

static enum fault add_matrix(struct composer *composer, struct foot *foot)
{
    const char *text = composer->content->qr;
    QRcode *code =
        strlen(text) > QR_BYTES_MAX ? NULL : QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    if (code == NULL) {
        return ctx_field(composer->ctx, "qr", "This is too long for a two-dimensional code.",
                         "此内容过长，无法生成二维码。");
    }
    size_t count = (size_t)code->width * (size_t)code->width;
    uint8_t *matrix = arena_alloc(composer->ctx->arena, count);
    for (size_t i = 0; i < count; i++) {
        matrix[i] = code->data[i] & 1;
    }
    foot->matrix = matrix;
    foot->modules = code->width;
    QRcode_free(code);
    return FAULT_NONE;
}

/* The lines beside the code in a column so wide; false if they do not fit. */
static bool wrap_check(struct foot *foot, int width)
{
    foot->check_count = 0;
    for (size_t i = 0; i < foot->check_texts_count; i++) {
        const struct items *items = &foot->check_texts[i];
        for (size_t from = 0; from < items->count;) {
            if (foot->check_count == CHECK_LINES_MAX) {
                return false;
            }
            size_t count = line_count(items, from, width);
            foot->check[foot->check_count++] = (struct line){.items = items->list + from,
                                                             .count = count,
                                                             .x = TEXT_LEFT + QR_SIDE + QR_GAP,
                                                             .width = width,
                                                             .fit = FIT_LEFT,
                                                             .style = &style_check};
            from += count;
        }
    }
    return true;
}

static enum fault add_check(struct composer *composer, struct foot *foot)
{
    const char *text = composer->content->check;
    while (text != NULL && text[0] != 0) {
        size_t length = strcspn(text, "\n");
        if (foot->check_texts_count == CHECK_LINES_MAX) {
            return too_long(composer, "check");
        }
        enum fault fault =
            items_of(composer, "check", arena_bytes(composer->ctx->arena, text, length),
                     &style_check, &foot->check_texts[foot->check_texts_count++]);
        if (fault != FAULT_NONE) {
            return fault;
        }
        text += length + (text[length] == '\n');
    }
    return wrap_check(foot, TEXT_WIDTH - QR_SIDE - QR_GAP) ? FAULT_NONE
                                                           : too_long(composer, "check");
}

/* The body that prints and the day share one line if they fit. */
static bool shares_line(const struct foot *foot)
{
    if (foot->lines_count - foot->copies_count != 2) {
        return false;
    }
    const struct line *organ = &foot->lines[foot->copies_count];
    return items_width(organ[0].items, organ[0].count) +
               items_width(organ[1].items, organ[1].count) + SIZE_4 <=
           organ[0].width;
}

static int lines_height(const struct foot *foot)
{
    size_t lines = foot->lines_count - (shares_line(foot) ? 1 : 0);
    return (int)lines * FOOT_LINE;
}

static enum fault measure(struct composer *composer, struct foot *foot)
{
    const struct content *content = composer->content;
    enum fault fault = FAULT_NONE;
    foot->rules = content->format == FORMAT_FILE;
    if (content->copies != NULL) {
        fault = add_copies(composer, foot);
    }
    if (foot->rules && fault == FAULT_NONE) {
        fault = add_printed(composer, foot);
    }
    if (content->qr != NULL && fault == FAULT_NONE) {
        fault = add_matrix(composer, foot);
    }
    if (content->check != NULL && fault == FAULT_NONE) {
        fault = add_check(composer, foot);
    }
    return fault;
}

static int code_height(const struct foot *foot)
{
    return foot->matrix != NULL || foot->check_texts_count > 0 ? QR_SIDE : 0;
}

static int foot_height(const struct foot *foot)
{
    int height = lines_height(foot);
    int code = foot->beside ? 0 : code_height(foot);
    height += code > 0 && height > 0 ? code + QR_GAP : code;
    return height > 0 ? height + FOOT_GAP : 0;
}

enum fault foot_measure(struct composer *composer)
{
    struct foot *foot = arena_alloc(composer->ctx->arena, sizeof *foot);
    composer->foot_parts = foot;
    enum fault fault = measure(composer, foot);
    composer->foot = foot_height(foot);
    if (composer->foot > FOOT_MAX && fault == FAULT_NONE) {
        return too_long(composer, "copies");
    }
    return fault;
}

/* Where the signature begins, or the seal if that reaches farther; 0 if there is none. */
static int signature_left(const struct composer *composer)
{
    int left = 0;
    for (size_t i = 0; i < composer->rows_count; i++) {
        const struct line *line = &composer->rows[i].line;
        if (composer->rows[i].signature) {
            int seal = line->x + line->width / 2 - SEAL_RADIUS;
            int own = line->x < seal ? line->x : seal;
            left = left == 0 || own < left ? own : left;
        }
    }
    return left;
}

void foot_move_back(struct composer *composer)
{
    struct foot *foot = composer->foot_parts;
    bool fits = wrap_check(foot, TEXT_WIDTH - QR_SIDE - QR_GAP);
    assert(fits); /* It did before. */
    foot->beside = false;
    composer->foot = foot_height(foot);
}

bool foot_move_beside(struct composer *composer)
{
    struct foot *foot = composer->foot_parts;
    int width = signature_left(composer) - BESIDE_GAP - TEXT_LEFT - QR_SIDE - QR_GAP;
    if (code_height(foot) == 0 || width < CHECK_WIDTH_MIN) {
        return false;
    }
    if (!wrap_check(foot, width)) {
        foot_move_back(composer);
        return false;
    }
    foot->beside = true;
    composer->foot = foot_height(foot);
    return true;
}

static void draw_rule(struct composer *composer, int y, int thickness)
{
    page_box(&composer->pages, composer->pages.last, COLOUR_BLACK, TEXT_LEFT, y - thickness / 2,
             TEXT_WIDTH, thickness);
}

static void draw_lines(struct composer *composer, const struct foot *foot, int top)
{
    int y = top;
    for (size_t i = 0; i < foot->lines_count; i++) {
        bool beside = i + 1 == foot->lines_count && shares_line(foot);
        if (foot->rules && i == foot->copies_count && i > 0) {
            draw_rule(composer, y, RULE_INNER);
        }
        y -= beside ? FOOT_LINE : 0;
        (void)line_draw(composer, composer->pages.last, &foot->lines[i], y + FOOT_LINE / 2);
        y += FOOT_LINE;
    }
    if (foot->rules && foot->lines_count > 0) {
        draw_rule(composer, top, RULE_OUTER);
        draw_rule(composer, y, RULE_OUTER);
    }
}

static void draw_code(struct composer *composer, struct page *page, const struct foot *foot,
                      int top)
{
    if (foot->matrix != NULL) {
        struct op *op = page_op(&composer->pages, page, OP_MATRIX, COLOUR_BLACK);
        op->x = TEXT_LEFT;
        op->y = top;
        op->width = op->height = QR_SIDE;
        op->matrix = foot->matrix;
        op->modules = foot->modules;
    }
    int lines = (int)foot->check_count;
    int leading = lines * CHECK_LEADING > QR_SIDE ? QR_SIDE / lines : CHECK_LEADING;
    int y = top + QR_SIDE - lines * leading;
    for (size_t i = 0; i < foot->check_count; i++) {
        (void)line_draw(composer, page, &foot->check[i], y + leading / 2);
        y += leading;
    }
}

void foot_draw_beside(struct composer *composer, struct page *page, int bottom)
{
    if (composer->foot_parts->beside) {
        draw_code(composer, page, composer->foot_parts, bottom - QR_SIDE);
    }
}

void foot_draw(struct composer *composer)
{
    const struct foot *foot = composer->foot_parts;
    int height = lines_height(foot);
    draw_lines(composer, foot, TEXT_BOTTOM - height);
    if (!foot->beside) {
        int top = TEXT_BOTTOM - height - (height > 0 ? QR_GAP : 0) - QR_SIDE;
        draw_code(composer, composer->pages.last, foot, top);
    }
}
