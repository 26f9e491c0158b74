#include "typeset/ops.h"

const uint8_t colours[][3] = {
    [COLOUR_BLACK] = {0, 0, 0}, [COLOUR_RED] = {226, 0, 0}, [COLOUR_PALE] = {226, 226, 226}};

struct page *pages_add(struct pages *pages)
{
    struct page *page = arena_alloc(pages->arena, sizeof *page);
    if (pages->last == NULL) {
        pages->first = page;
    } else {
        pages->last->next = page;
    }
    pages->last = page;
    pages->count++;
    return page;
}

struct op *page_op(struct pages *pages, struct page *page, enum op_kind kind, enum colour colour)
{
    struct op *op = arena_alloc(pages->arena, sizeof *op);
    op->kind = kind;
    op->colour = colour;
    op->stretch = 1000;
    if (page->last == NULL) {
        page->first = op;
    } else {
        page->last->next = op;
    }
    page->last = op;
    return op;
}

/* Four numbers say where, as everywhere in this layer. */
void page_box(struct pages *pages, struct page *page, enum colour colour, int x, int y, int width,
              int height)
{
    struct op *op = page_op(pages, page, OP_BOX, colour);
    op->x = x;
    op->y = y;
    op->width = width;
    op->height = height;
}

void op_runs(const struct op *op, void (*run)(void *arg, int left, int top, int width, int height),
             void *arg)
{
    for (int row = 0; row < op->modules; row++) {
        int top = op->height * row / op->modules;
        int bottom = op->height * (row + 1) / op->modules;
        for (int from = 0; from < op->modules; from++) {
            int to = from;
            while (to < op->modules && op->matrix[row * op->modules + to] != 0) {
                to++;
            }
            if (to > from) {
                int left = op->width * from / op->modules;
                run(arg, left, top, op->width * to / op->modules - left, bottom - top);
                from = to;
            }
        }
    }
}
