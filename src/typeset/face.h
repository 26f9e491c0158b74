#pragma once
/* One face of a font file: its glyphs and measures. Made once, then only read. */
#include "base/buffer.h"

#include <hb-subset.h>
#include <hb.h>
#include <stdbool.h>
#include <stdint.h>

struct face {
    hb_face_t *hb;
    hb_font_t *font;
    struct FT_FaceRec_
        *outlines; /* FreeType's view: identifiers, exact ink. NULL if it has none. */
    struct FT_LibraryRec_ *library;
    const char *file; /* Base name of its file. */
    unsigned index;   /* In the file: collections hold several. */
    char *family;     /* In English, or whatever language there is. */
    char *style;
    char *version;
    char *postscript;
    unsigned weight; /* 400 regular, 700 bold. */
    unsigned upem;
    int centre;   /* Height of the optical centre of an ideograph over the baseline, in units. */
    bool centred; /* Its comma stands in the middle of its square, as on Taiwan. */
    bool cff;     /* Outlines: CFF, else TrueType. */
    bool keyed;   /* CFF by character identifiers: then `cids` says which for each glyph. */
    uint32_t *cids;
    unsigned glyphs;
    bool measured; /* face_measure was called. */
};

/* What can be said cheaply: names and weight. NULL if this is no usable font. */
struct face *face_open(struct arena *arena, hb_blob_t *blob, unsigned index, const char *file);
void face_close(struct face *face);
/* Does the face bear this name, in any language? */
bool face_is_named(const struct face *face, const char *family);
/* Reads measures and identifiers: for faces that are going to be used. */
void face_measure(struct arena *arena, struct face *face);
/* 0 if the face has none. */
uint32_t face_glyph(const struct face *face, uint32_t code);
/* In the units of `size`: a size in micrometres gives micrometres. */
int face_advance(const struct face *face, uint32_t glyph, int size);
/* How far the ink reaches above the baseline and below it (negative), and its sides. */
struct face_ink {
    int top, bottom, left, right;
};
struct face_ink face_ink(const struct face *face, uint32_t glyph, int size);
