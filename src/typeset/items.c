#include "base/text.h"
#include "typeset/compose.h"

#include <string.h>

enum {
    CODE_MIN = 11, /* From this length on a run of letters and digits may be broken, ... */
    CODE_PART = 6, /* ... each time after so many. */
};

const struct style style_body = {ROLE_FANG, SIZE_3, CELL, COLOUR_BLACK};

/* Joiners, marks of direction and of variants: they have no width and no glyph of their own. */
static bool is_invisible(uint32_t code)
{
    return (code >= 0x200B && code <= 0x200F) || code == 0x2060 || code == 0xFEFF || code == 0xAD ||
           (code >= 0xFE00 && code <= 0xFE0F) || (code >= 0xE0100 && code <= 0xE01EF);
}

static bool is_space(uint32_t code)
{
    return code == ' ' || code == '\t' || code == '\n' || code == 0xA0;
}

/* English has its own quotation marks in the same places of the code; the fonts draw them wide. */
static uint32_t narrow_quote(uint32_t code)
{
    switch (code) {
    case 0x2018:
    case 0x2019:
        return '\'';
    case 0x201C:
    case 0x201D:
        return '"';
    default:
        return code;
    }
}

/* The characters to be set: one space between words, none beside an ideograph, because lines are
 * stretched at spaces first. */
static size_t clean(const struct composer *composer, const char *text, uint32_t *ret_codes)
{
    enum lang lang = composer->content->lang;
    size_t count = 0;
    bool space = false;
    for (uint32_t code = text_next(&text); code != 0; code = text_next(&text)) {
        if (is_invisible(code)) {
            continue;
        }
        if (is_space(code)) {
            space = true;
            continue;
        }
        code = lang == LANG_EN ? narrow_quote(code) : code;
        if (space && count > 0 && !is_wide(code, lang) && !is_wide(ret_codes[count - 1], lang)) {
            ret_codes[count++] = ' ';
        }
        space = false;
        ret_codes[count++] = code;
    }
    return count;
}

static enum fault no_glyph(struct composer *composer, const char *path, uint32_t code)
{
    char text[5] = {0};
    if (code < 0x800) {
        text[0] = (char)(code < 0x80 ? code : 0xC0 | code >> 6);
        text[1] = (char)(code < 0x80 ? 0 : 0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        text[0] = (char)(0xE0 | code >> 12);
        text[1] = (char)(0x80 | (code >> 6 & 0x3F));
        text[2] = (char)(0x80 | (code & 0x3F));
    } else {
        text[0] = (char)(0xF0 | code >> 18);
        text[1] = (char)(0x80 | (code >> 12 & 0x3F));
        text[2] = (char)(0x80 | (code >> 6 & 0x3F));
        text[3] = (char)(0x80 | (code & 0x3F));
    }
    return ctx_field(composer->ctx, path, "No font has the character %s (U+%04X).",
                     "没有字体包含字符“%s”（U+%04X）。", text, code);
}

static int at_most(int value, int limit)
{
    return value < limit ? value : limit;
}

/* The empty half of a wide punctuation mark, as the font draws it. */
static void measure_squeeze(struct item *item, const struct style *style)
{
    struct face_ink ink = face_ink(item->face, item->glyph, style->size);
    item->squeeze_left = may_not_end(item->code);
    int empty = item->squeeze_left ? item->shift + ink.left : item->width - item->shift - ink.right;
    int squeeze = at_most(empty - style->size / 20, style->size * 9 / 20);
    item->squeeze = squeeze > 0 ? squeeze : 0;
}

static enum fault make_item(struct composer *composer, const char *path, uint32_t code,
                            const struct style *style, struct item *ret_item)
{
    struct item *item = ret_item;
    item->code = code;
    item->space = code == ' ';
    item->wide = is_wide(code, composer->content->lang);
    item->face = fonts_face(composer->fonts, style->role, code, &item->glyph);
    if (item->face == NULL) {
        return no_glyph(composer, path, code);
    }
    int advance = face_advance(item->face, item->glyph, style->size);
    item->width = advance;
    if (item->wide) {
        item->width = style->cell;
        item->shift = (style->cell - advance) / 2;
        if (may_not_end(code) || (may_not_begin(code) && code != 0x2014 && code != 0x2026)) {
            measure_squeeze(item, style);
        }
    }
    return FAULT_NONE;
}

static bool may_break(const struct item *before, const struct item *after)
{
    if (after->space || may_not_begin(after->code) || may_not_end(before->code)) {
        return false;
    }
    if (before->code == after->code && (after->code == 0x2014 || after->code == 0x2026)) {
        return false;
    }
    return before->space || before->wide || after->wide;
}

/* Credit codes and digests are longer than a line leaves room for: they may be cut in pieces. */
static void cut_codes(struct items *items)
{
    size_t begin = 0;
    for (size_t i = 0; i <= items->count; i++) {
        bool inside = i < items->count && !items->list[i].wide && !items->list[i].space;
        if (inside) {
            continue;
        }
        for (size_t k = begin + CODE_PART; i - begin >= CODE_MIN && k + 3 < i; k += CODE_PART) {
            items->list[k].break_before = true;
        }
        begin = i + 1;
    }
}

enum fault items_of(struct composer *composer, const char *path, const char *text,
                    const struct style *style, struct items *ret_items)
{
    struct arena *arena = composer->ctx->arena;
    uint32_t *codes = arena_array(arena, text_length(text) * 2 + 1, sizeof *codes);
    struct items items = {.count = clean(composer, text, codes)};
    items.list = arena_array(arena, items.count + 1, sizeof *items.list);
    for (size_t i = 0; i < items.count; i++) {
        enum fault fault = make_item(composer, path, codes[i], style, &items.list[i]);
        if (fault != FAULT_NONE) {
            return fault;
        }
        items.list[i].break_before = i > 0 && may_break(&items.list[i - 1], &items.list[i]);
    }
    if (composer->content->lang == LANG_ZH || items.count > 0) {
        cut_codes(&items);
    }
    *ret_items = items;
    return FAULT_NONE;
}

int items_width(const struct item *items, size_t count)
{
    int width = 0;
    for (size_t i = 0; i < count; i++) {
        width += items[i].width;
    }
    return width;
}
