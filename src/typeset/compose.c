#include "typeset/compose.h"

#include "base/text.h"
#include "typeset/table.h"

#include <string.h>

enum { INDENT = 2 * CELL };

static const struct style style_title = {ROLE_TITLE, SIZE_2, SIZE_2, COLOUR_BLACK};
static const struct style style_kai = {ROLE_KAI, SIZE_3, CELL, COLOUR_BLACK};
/* 一、（一）1. （1） */
static const struct style heading_styles[LEVEL_MAX] = {{ROLE_HEI, SIZE_3, CELL, COLOUR_BLACK},
                                                       {ROLE_KAI, SIZE_3, CELL, COLOUR_BLACK},
                                                       {ROLE_FANG, SIZE_3, CELL, COLOUR_BLACK},
                                                       {ROLE_FANG, SIZE_3, CELL, COLOUR_BLACK}};

/* Notices and reports have no banner: who and which number stand with the title. */
static enum fault heading_rows(struct composer *composer)
{
    const struct content *content = composer->content;
    bool banner = content->format == FORMAT_LETTER || content->format == FORMAT_FILE;
    enum fault fault = FAULT_NONE;
    if (content->format == FORMAT_PLAIN && content->organ != NULL) {
        fault = title_rows(composer, "organ", content->organ, &style_title);
    }
    if (fault == FAULT_NONE) {
        fault = title_rows(composer, "title", content->title, &style_title);
    }
    if (content->format == FORMAT_REPORT && content->organ != NULL && fault == FAULT_NONE) {
        fault = title_rows(composer, "organ", content->organ, &style_kai);
    }
    if (!banner && content->number != NULL && fault == FAULT_NONE) {
        fault = title_rows(composer, "number", content->number, &style_body);
    }
    flow_gap(composer, 1);
    return fault;
}

static enum fault addressee_rows(struct composer *composer)
{
    const char *to = composer->content->to;
    if (to == NULL) {
        return FAULT_NONE;
    }
    size_t length = strlen(to);
    bool colon = to[length - 1] == ':' || (length >= 3 && strcmp(to + length - 3, "：") == 0);
    const char *text =
        arena_printf(composer->ctx->arena, "%s%s", to, colon ? "" : say(composer, "：", ":"));
    return flow_text(composer, "to", text, &style_body, 0, 0);
}

static enum fault item_rows(struct composer *composer, const struct content_item *item)
{
    if (item->kind == CONTENT_TABLE) {
        return table_rows(composer, item->path, item->table);
    }
    if (item->text == NULL) {
        return FAULT_NONE;
    }
    bool heading = item->kind == CONTENT_HEADING;
    const struct style *style = heading ? &heading_styles[item->level - 1] : &style_body;
    size_t before = composer->rows_count;
    enum fault fault = flow_text(composer, item->path, item->text, style, INDENT, 0);
    for (size_t i = before; i < composer->rows_count; i++) {
        composer->rows[i].is_text = true;
        composer->rows[i].keep_next = heading;
    }
    return fault;
}

static enum fault all_rows(struct composer *composer)
{
    enum fault fault = heading_rows(composer);
    if (fault == FAULT_NONE) {
        fault = addressee_rows(composer);
    }
    for (size_t i = 0; i < composer->content->items_count && fault == FAULT_NONE; i++) {
        fault = item_rows(composer, &composer->content->items[i]);
    }
    return fault == FAULT_NONE ? tail_rows(composer) : fault;
}

/* 首页必须显示正文: a long title moves up until a line of the text stands on the first page. */
static int raise_top(const struct composer *composer, int top)
{
    int needed = 0;
    for (size_t i = 0; i < composer->rows_count; i++) {
        needed += composer->rows[i].height;
        if (composer->rows[i].is_text) {
            break;
        }
    }
    int lowest =
        composer->content->format == FORMAT_LETTER || composer->content->format == FORMAT_FILE
            ? top - 2 * LINE
            : TEXT_TOP;
    while (top + needed > TEXT_BOTTOM && top - LINE >= lowest) {
        top -= LINE;
    }
    return top;
}

enum fault compose(struct composer *composer)
{
    int top = 0;
    composer->pages.arena = composer->ctx->arena;
    (void)pages_add(&composer->pages);
    enum fault fault = head_draw(composer, &top);
    if (fault == FAULT_NONE) {
        fault = all_rows(composer);
    }
    if (fault == FAULT_NONE) {
        fault = foot_measure(composer);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    flow_cut(composer, raise_top(composer, top));
    foot_draw(composer);
    return mark_pages(composer);
}
