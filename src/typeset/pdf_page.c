#include "typeset/pdf.h"

#include <stdlib.h>

/* PDF counts from the lower left. */
static void add_point(struct buffer *out, int x, int y)
{
    pdf_points(out, x);
    buffer_char(out, ' ');
    pdf_points(out, PAGE_HEIGHT - y);
    buffer_char(out, ' ');
}

static void add_colour(struct buffer *out, enum colour colour, bool stroke)
{
    const uint8_t *parts = colours[colour];
    if (colour == COLOUR_BLACK) { /* One ink, whatever prints it. */
        buffer_text(out, stroke ? "0 G\n" : "0 g\n");
        return;
    }
    for (unsigned i = 0; i < 3; i++) {
        buffer_printf(out, "%u.%03u ", parts[i] / 255U, parts[i] % 255U * 1000 / 255);
    }
    buffer_text(out, stroke ? "RG\n" : "rg\n");
}

/* Where the glyphs are not where the font's widths would put them, numbers between them move the
 * place, in thousandths of the size. */
static void add_glyphs(struct buffer *out, const struct op *op, const struct subset *subset)
{
    int64_t place = 0; /* In thousandths of the size, times 1. */
    bool open = false;
    buffer_char(out, '[');
    for (size_t i = 0; i < op->glyphs_count; i++) {
        const struct op_glyph *glyph = &op->glyphs[i];
        int64_t wanted = ((int64_t)glyph->x * 1000 + op->size / 2) / op->size;
        if (wanted != place) {
            buffer_printf(out, "%s%d", open ? ">" : "", (int)(place - wanted));
            open = false;
        }
        buffer_printf(out, "%s%04X", open ? "" : "<", subset_code(subset, glyph->code));
        open = true;
        place = wanted + pdf_width(subset, glyph->code);
    }
    buffer_text(out, open ? ">] TJ\n" : "] TJ\n");
}

static void add_text(struct buffer *out, const struct op *op, const struct subsets *subsets)
{
    const struct subset *subset = subset_of(subsets, op->face);
    buffer_text(out, "BT ");
    add_colour(out, op->colour, false);
    buffer_printf(out, "/F%u ", subset->number);
    pdf_points(out, op->size);
    buffer_text(out, " Tf ");
    if (op->sloped) {
        buffer_text(out, ".7071 .7071 -.7071 .7071 ");
    } else {
        buffer_printf(out, "%d.%03d 0 0 1 ", op->stretch / 1000, op->stretch % 1000);
    }
    add_point(out, op->x, op->y);
    buffer_text(out, "Tm\n");
    add_glyphs(out, op, subset);
    buffer_text(out, "ET\n");
}

static void add_box(struct buffer *out, int x, int y, int width, int height)
{
    add_point(out, x, y + height);
    pdf_points(out, width);
    buffer_char(out, ' ');
    pdf_points(out, height);
    buffer_text(out, " re\n");
}

struct matrix_at {
    struct buffer *out;
    const struct op *op;
};

static void add_run(void *arg, int left, int top, int width, int height)
{
    const struct matrix_at *at = arg;
    add_box(at->out, at->op->x + left, at->op->y + top, width, height);
}

static void add_matrix(struct buffer *out, const struct op *op)
{
    struct matrix_at at = {.out = out, .op = op};
    op_runs(op, add_run, &at);
    buffer_text(out, "f\n");
}

/* Four curves; 0.5523 makes them round. */
static void add_ring(struct buffer *out, const struct op *op)
{
    static const int turns[4][2] = {{1, 0}, {0, -1}, {-1, 0}, {0, 1}};
    int radius = op->height;
    int handle = (int)(radius * INT64_C(5523) / 10000);
    add_point(out, op->x + radius, op->y);
    buffer_text(out, "m\n");
    for (unsigned i = 0; i < 4; i++) {
        const int *a = turns[i];
        const int *b = turns[(i + 1) % 4];
        add_point(out, op->x + a[0] * radius + b[0] * handle,
                  op->y + a[1] * radius + b[1] * handle);
        add_point(out, op->x + b[0] * radius + a[0] * handle,
                  op->y + b[1] * radius + a[1] * handle);
        add_point(out, op->x + b[0] * radius, op->y + b[1] * radius);
        buffer_text(out, "c\n");
    }
    pdf_points(out, op->width);
    buffer_text(out, " w s\n");
}

static void add_op(struct buffer *out, const struct op *op, const struct subsets *subsets)
{
    if (op->kind == OP_TEXT) {
        add_text(out, op, subsets);
        return;
    }
    add_colour(out, op->colour, op->kind == OP_RING);
    if (op->kind == OP_BOX) {
        add_box(out, op->x, op->y, op->width, op->height);
        buffer_text(out, "f\n");
    } else if (op->kind == OP_MATRIX) {
        add_matrix(out, op);
    } else {
        add_ring(out, op);
    }
}

void pdf_page(struct buffer *out, const struct page *page, const struct subsets *subsets)
{
    for (const struct op *op = page->first; op != NULL; op = op->next) {
        if (op->aside) {
            buffer_text(out, "/Artifact BMC\n");
        }
        add_op(out, op, subsets);
        if (op->aside) {
            buffer_text(out, "EMC\n");
        }
    }
}
