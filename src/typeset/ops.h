#pragma once
/*
 * What lies on the pages, in neutral operations that every backend can draw. Lengths in
 * micrometres, origin at the upper left of the page, y down. All of it lives in one arena.
 */
#include "typeset/face.h"

enum { PAGE_WIDTH = 210000, PAGE_HEIGHT = 297000 };

enum colour { COLOUR_BLACK, COLOUR_RED, COLOUR_PALE };

/* What each colour is, 0 to 255. */
extern const uint8_t colours[][3];

enum op_kind {
    OP_TEXT,   /* Glyphs of one face on one baseline. */
    OP_BOX,    /* A filled rectangle: rules too. */
    OP_RING,   /* A circle's line. */
    OP_MATRIX, /* Squares of a two-dimensional code. */
};

struct op_glyph {
    uint32_t glyph;
    uint32_t code; /* The character it stands for. */
    int x;         /* From the operation's own x, before slope. */
};

struct op {
    enum op_kind kind;
    enum colour colour;
    bool aside; /* Not part of the text: marks, page numbers. */
    int x, y;   /* Text: start of the baseline. Box, matrix: upper left. Ring: centre. */
    int width;  /* Box, matrix: extent. Ring: thickness of the line. */
    int height; /* Box, matrix: extent. Ring: radius. */
    /* Text only. */
    const struct face *face;
    int size;
    int stretch; /* Of the width, in thousandths. */
    bool sloped; /* Rises at 45 degrees. */
    struct op_glyph *glyphs;
    size_t glyphs_count;
    /* Matrix only: `modules` times `modules` bytes, 1 is dark. */
    const uint8_t *matrix;
    int modules;
    struct op *next;
};

struct page {
    struct op *first;
    struct op *last;
    struct page *next;
};

struct pages {
    struct arena *arena;
    struct page *first;
    struct page *last;
    unsigned count;
};

struct page *pages_add(struct pages *pages);
struct op *page_op(struct pages *pages, struct page *page, enum op_kind kind, enum colour colour);
/* Calls `run` for each rectangle of dark neighbours in a row, from the matrix's own upper left: one
 * rectangle, so that no hair line shows between them. */
void op_runs(const struct op *op, void (*run)(void *arg, int left, int top, int width, int height),
             void *arg);
void page_box(struct pages *pages, struct page *page, enum colour colour, int x, int y, int width,
              int height);
