#pragma once
/*
 * From content to pages, private to this layer. Text becomes items (characters with faces and
 * widths), items become lines, lines and table rows become the rows of one flow, the flow is cut
 * into pages. Measures of GB/T 9704-2012 in micrometres.
 */
#include "typeset/content.h"
#include "typeset/fonts.h"
#include "typeset/ops.h"

enum {
    TEXT_LEFT = 28000, /* 订口 */
    TEXT_TOP = 37000,  /* 天头 */
    TEXT_WIDTH = 156000,
    TEXT_BOTTOM = TEXT_TOP + 225000,
    LINES_PER_PAGE = 22,
    LINE = 225000 / LINES_PER_PAGE,
    SIZE_2 = 7761,       /* 二号, 22 pt */
    SIZE_3 = 5644,       /* 三号, 16 pt */
    SIZE_4 = 4939,       /* 四号, 14 pt */
    SIZE_SMALL_4 = 4233, /* 小四, 12 pt */
    SIZE_5 = 3704,       /* 五号, 10.5 pt */
    SIZE_SMALL_5 = 3175, /* 小五, 9 pt */
    CELL = 5571,         /* 28 characters in 156 mm: a little less than 三号 is wide. */
    SEAL_RADIUS = 21000, /* County offices' seals measure 42 mm. */
};

/* How characters look. `cell` is what an ideograph takes of the line. */
struct style {
    enum role role;
    int size;
    int cell;
    enum colour colour;
};

extern const struct style style_body;

struct item {
    uint32_t code;
    uint32_t glyph;
    const struct face *face;
    int width;
    int shift;   /* From the item's left to the glyph's origin. */
    int squeeze; /* How much narrower it may get: the empty half of punctuation. */
    bool squeeze_left;
    bool wide; /* Ideographs and their punctuation. */
    bool space;
    bool break_before;
};

struct items {
    struct item *list;
    size_t count;
};

enum fit { FIT_LEFT, FIT_BOTH, FIT_CENTER, FIT_RIGHT };

/* One line on its place; `x` is where its column begins. */
struct line {
    const struct item *items;
    size_t count;
    int x;
    int width; /* Of the column. */
    enum fit fit;
    const struct style *style;
};

enum row_kind { ROW_LINE, ROW_GAP, ROW_CELLS };

struct table_row; /* table.h */
struct foot;      /* foot.c */

struct row {
    enum row_kind kind;
    int height;
    bool is_text;   /* Running text: what a page must not be without. */
    bool keep_next; /* Never the last one on a page. */
    bool tail;      /* Signature and what comes after: stays together on the last page. */
    bool shrinks;   /* A gap that may go when one line decides about a page. */
    bool signature; /* Of a body, or the date below it. */
    bool seal;      /* Drafts show the seal's place around this line's middle. */
    struct line line;
    const struct table_row *cells;
};

struct composer {
    struct ctx *ctx;
    const struct fonts *fonts;
    const struct content *content;
    struct pages pages;
    struct row *rows;
    size_t rows_count;
    size_t rows_room;
    struct foot *foot_parts;
    int foot; /* Height of what stands at the foot of the last page. */
};

/* Chinese or English, by the paper's language: what the page says in words of its own. */
static inline const char *say(const struct composer *composer, const char *zh, const char *en)
{
    return composer->content->lang == LANG_EN ? en : zh;
}

/* items.c: INVALID_FIELD names a character no font has. */
enum fault items_of(struct composer *composer, const char *path, const char *text,
                    const struct style *style, struct items *ret_items) MUST_CHECK;
int items_width(const struct item *items, size_t count);

/* kinsoku.c: which characters may not begin or end a line. */
bool may_not_begin(uint32_t code);
bool may_not_end(uint32_t code);
/* Takes a whole square of the line. */
bool is_wide(uint32_t code, enum lang lang);

/* line.c: how many items from `from` go on a line of `width`; at least one. */
size_t line_count(const struct items *items, size_t from, int width);
/* Draws with the optical middle of the characters at `middle`. Returns where the ink's column
 * began.
 */
int line_draw(struct composer *composer, struct page *page, const struct line *line, int middle);

/* flow.c */
struct row *flow_row(struct composer *composer, enum row_kind kind, int height);
void flow_gap(struct composer *composer, unsigned lines);
/* A paragraph: its first line begins at `first`, the others at `rest` from the left. */
enum fault flow_text(struct composer *composer, const char *path, const char *text,
                     const struct style *style, int first, int rest) MUST_CHECK;
/* Cuts the flow into pages; `top` is where it begins on the first one, which exists already. */
void flow_cut(struct composer *composer, int top);

/* title.c: lines of about the same length, never as long as they can be. */
enum fault title_rows(struct composer *composer, const char *path, const char *text,
                      const struct style *style) MUST_CHECK;
/* head.c: what stands above the title, drawn at once; where the flow begins. */
enum fault head_draw(struct composer *composer, int *ret_top) MUST_CHECK;
/* tail.c: attachments, signature, note. */
enum fault tail_rows(struct composer *composer) MUST_CHECK;
/* foot.c: copies, printing, the code to check the paper by; first its height, later its drawing. */
enum fault foot_measure(struct composer *composer) MUST_CHECK;
void foot_draw(struct composer *composer);
/* Where room is short the code may stand at the left of the signature; false if it can't. */
bool foot_move_beside(struct composer *composer);
void foot_move_back(struct composer *composer);
/* Draws it there, if that is its place. */
void foot_draw_beside(struct composer *composer, struct page *page, int bottom);
/* mark.c: page numbers, the mark of a draft, the place of the seal. */
enum fault mark_pages(struct composer *composer) MUST_CHECK;
void mark_seal(struct composer *composer, struct page *page, int x, int y);
/* compose.c: the whole paper. */
enum fault compose(struct composer *composer) MUST_CHECK;
