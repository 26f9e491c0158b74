#pragma once
/* A PDF file as it grows: objects in order, their places remembered. Private to this layer. */
#include "typeset/write.h"

enum { PDF_OBJECTS_MAX = 40000 };

struct pdf {
    struct buffer *file;
    size_t *places; /* Of object n in the file; 0: not written yet. */
    unsigned objects_count;
};

unsigned pdf_number(struct pdf *pdf);
void pdf_begin(struct pdf *pdf, unsigned number);
void pdf_end(struct pdf *pdf);
/* A stream object; `entries` are further entries of its dictionary. Compressed if `pack`. */
void pdf_stream(struct pdf *pdf, unsigned number, const char *entries, const void *data,
                size_t count, bool pack);
/* A text for people: in UTF-16 with its mark, as hexadecimal. */
void pdf_text(struct buffer *out, const char *text);
/* Micrometres as points. */
void pdf_points(struct buffer *out, int length);
/* pdf_font.c: writes the font's objects, the first of which has `number`. */
void pdf_font(struct pdf *pdf, unsigned number, const struct subset *subset);
/* pdf_page.c: the operators of one page. */
void pdf_page(struct buffer *out, const struct page *page, const struct subsets *subsets);
/* Width of a character in thousandths of the size, as the font object tells readers. */
int pdf_width(const struct subset *subset, uint32_t code);
