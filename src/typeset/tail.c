/* After the text: attachments, signature and date, note (GB/T 9704-2012, 7.3.4 to 7.3.6). */
#include "base/text.h"
#include "typeset/compose.h"

#include <string.h>

enum {
    INDENT = 2 * CELL,
    DATE_RIGHT = 4 * CELL, /* 右空四字 */
    NAME_RIGHT = 2 * CELL, /* A name so long that it can't be centred above that. */
    SIGN_GAP = 2, /* Lines: the seal's upper edge reaches to within one line of the text. */
    SIGN_LINES_MAX = 10,
};

static enum fault width_of(struct composer *composer, const char *path, const char *text,
                           int *ret_width)
{
    struct items items;
    enum fault fault = items_of(composer, path, text, &style_body, &items);
    *ret_width = fault == FAULT_NONE ? items_width(items.list, items.count) : 0;
    return fault;
}

/* 附件：1. 甲 / 2. 乙, each name's lines hanging below its first character. */
static enum fault attachment(struct composer *composer, size_t index, int label_width)
{
    const struct content *content = composer->content;
    struct arena *arena = composer->ctx->arena;
    const char *label = index > 0 ? "" : say(composer, "附件：", "Attachments: ");
    const char *number =
        content->attachments_count > 1 ? arena_printf(arena, "%zu. ", index + 1) : "";
    const char *path = arena_printf(arena, "attachments.%zu", index);
    const char *text = arena_printf(arena, "%s%s%s", label, number, content->attachments[index]);
    int number_width = 0;
    enum fault fault = width_of(composer, path, number, &number_width);
    if (fault != FAULT_NONE) {
        return fault;
    }
    int first = INDENT + (index == 0 ? 0 : label_width);
    return flow_text(composer, path, text, &style_body, first, INDENT + label_width + number_width);
}

static enum fault attachment_rows(struct composer *composer)
{
    const struct content *content = composer->content;
    int label_width = 0;
    if (content->attachments_count == 0) {
        return FAULT_NONE;
    }
    enum fault fault =
        width_of(composer, "attachments", say(composer, "附件：", "Attachments:"), &label_width);
    flow_gap(composer, 1);
    composer->rows[composer->rows_count - 1].keep_next = true;
    for (size_t i = 0; i < content->attachments_count && fault == FAULT_NONE; i++) {
        fault = attachment(composer, i, label_width);
    }
    return fault;
}

static void tail_gap(struct composer *composer, bool shrinks)
{
    struct row *row = flow_row(composer, ROW_GAP, LINE);
    row->tail = true;
    row->shrinks = shrinks;
}

static enum fault centred(struct composer *composer, const char *path, const char *text, int centre,
                          struct row **ret_row)
{
    struct items items;
    enum fault fault = items_of(composer, path, text, &style_body, &items);
    if (fault != FAULT_NONE) {
        return fault;
    }
    int width = items_width(items.list, items.count);
    if (width > TEXT_WIDTH) {
        return ctx_field(composer->ctx, path, "This is too long for its line.", "此项超出一行。");
    }
    struct row *row = flow_row(composer, ROW_LINE, LINE);
    row->tail = true;
    row->signature = true;
    row->line = (struct line){.items = items.list,
                              .count = items.count,
                              .x = centre - width / 2,
                              .width = width,
                              .fit = FIT_LEFT,
                              .style = &style_body};
    *ret_row = row;
    return FAULT_NONE;
}

/* Each line of `signed` is one body: a paper of several has as many. */
static size_t split(struct arena *arena, const char *text, const char **ret_lines)
{
    size_t count = 0;
    while (text != NULL && text[0] != 0 && count < SIGN_LINES_MAX) {
        size_t length = strcspn(text, "\n");
        if (length > 0) {
            ret_lines[count++] = arena_bytes(arena, text, length);
        }
        text += length + (text[length] == '\n');
    }
    return count;
}

/* Signature and date are centred on one axis, which the date's place gives; a long name moves it.
 */
static enum fault find_axis(struct composer *composer, const char *const *names, size_t count,
                            const char *date, int *ret_axis)
{
    int width = 0;
    enum fault fault = width_of(composer, "date", date == NULL ? "" : date, &width);
    int axis = TEXT_LEFT + TEXT_WIDTH - DATE_RIGHT - width / 2;
    for (size_t i = 0; i < count && fault == FAULT_NONE; i++) {
        fault = width_of(composer, "signed", names[i], &width);
        int right = width + NAME_RIGHT <= TEXT_WIDTH ? NAME_RIGHT : 0;
        int rightmost = TEXT_LEFT + TEXT_WIDTH - right - width / 2;
        axis = rightmost < axis ? rightmost : axis;
    }
    *ret_axis = axis;
    return fault;
}

static enum fault sign_rows(struct composer *composer)
{
    const struct content *content = composer->content;
    const char *names[SIGN_LINES_MAX];
    size_t count = split(composer->ctx->arena, content->signed_by, names);
    const char *date = content->date == NULL
                           ? NULL
                           : content_day(composer->ctx->arena, content->lang, content->date);
    int axis = 0;
    if (count == 0 && date == NULL) {
        return FAULT_NONE;
    }
    enum fault fault = find_axis(composer, names, count, date, &axis);
    struct row *row = NULL;
    for (unsigned i = 0; i < SIGN_GAP; i++) {
        tail_gap(composer, i > 0);
    }
    for (size_t i = 0; i < count && fault == FAULT_NONE; i++) {
        fault = centred(composer, "signed", names[i], axis, &row);
    }
    if (date != NULL && fault == FAULT_NONE) {
        fault = centred(composer, "date", date, axis, &row);
    }
    if (fault == FAULT_NONE) {
        row->seal = count > 0;
    }
    return fault;
}

static enum fault note_rows(struct composer *composer)
{
    const struct content *content = composer->content;
    const char *note = content->note;
    int width = 0;
    if (note == NULL) {
        return FAULT_NONE;
    }
    if (!text_starts(note, "（") && !text_starts(note, "(")) {
        note = arena_printf(composer->ctx->arena, "%s%s%s", say(composer, "（", "("), note,
                            say(composer, "）", ")"));
    }
    enum fault fault = width_of(composer, "note", note, &width);
    /* The seal reaches one line below the date: a long note begins below it. */
    if (content->signed_by != NULL && INDENT + width > TEXT_WIDTH - DATE_RIGHT - 2 * SEAL_RADIUS) {
        tail_gap(composer, true);
    }
    size_t before = composer->rows_count;
    if (fault == FAULT_NONE) {
        fault = flow_text(composer, "note", note, &style_body, INDENT, 0);
    }
    for (size_t i = before; i < composer->rows_count; i++) {
        composer->rows[i].tail = true;
    }
    return fault;
}

enum fault tail_rows(struct composer *composer)
{
    enum fault fault = attachment_rows(composer);
    if (fault == FAULT_NONE) {
        fault = sign_rows(composer);
    }
    return fault == FAULT_NONE ? note_rows(composer) : fault;
}
