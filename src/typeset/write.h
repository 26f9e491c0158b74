#pragma once
/* From pages to a file, private to this layer: the two backends and what they share. */
#include "base/buffer.h"
#include "typeset/content.h"
#include "typeset/fonts.h"
#include "typeset/ops.h"

/* The characters of one face that a paper uses, and the part of the font that draws them. */
struct subset {
    const struct face *face;
    struct subset *next;
    unsigned number; /* From 1, in the order of appearance. */
    hb_set_t *codes;
    hb_face_t *hb; /* The part, as a face: for glyph numbers. */
    hb_font_t *font;
    hb_blob_t *whole;   /* A complete OpenType or TrueType file. */
    hb_blob_t *program; /* For PDF: its CFF table, or the whole TrueType file. */
};

struct subsets {
    struct arena *arena;
    struct subset *first;
};

/* One for each face the pages use. Memory of HarfBuzz: subsets_done frees it. INTERNAL if a font
 * can't be cut. */
enum fault subsets_make(struct ctx *ctx, const struct pages *pages,
                        struct subsets *ret_subsets) MUST_CHECK;
void subsets_done(struct subsets *subsets);
const struct subset *subset_of(const struct subsets *subsets, const struct face *face);
/* The number a PDF text uses for the character: of its glyph in the part, or its identifier. */
uint32_t subset_code(const struct subset *subset, uint32_t code);
/* "ABCDEF+Name": six letters that depend on the characters. */
const char *subset_name(struct arena *arena, const struct subset *subset);

struct document_info {
    const char *title;
    const char *author;
    const char *created; /* 2026-10-14T08:00:00Z or NULL. */
    enum lang lang;
};

void pdf_write(struct buffer *file, const struct pages *pages, const struct subsets *subsets,
               const struct document_info *info);
void ofd_write(struct buffer *file, const struct pages *pages, const struct subsets *subsets,
               const struct document_info *info);

/* deflate.c: zlib's form, and the raw form archives use. */
void deflate_add(struct buffer *out, const void *data, size_t count, bool raw);
/* xml.c */
void xml_text(struct buffer *out, const char *text);
/* A character as UTF-8. */
void utf8_add(struct buffer *out, uint32_t code);
/* Micrometres as millimetres with three decimals at most: "28", "27.125". */
void millimetres_add(struct buffer *out, int length);
