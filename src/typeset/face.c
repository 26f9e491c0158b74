#include "typeset/face.h"

#include <ft2build.h>
#include <hb-ot.h>
#include <stdlib.h>
#include <string.h>
#include FT_FREETYPE_H
#include FT_BBOX_H
#include FT_CID_H

static char *name_of(struct arena *arena, hb_face_t *hb, hb_ot_name_id_t id, hb_language_t language)
{
    unsigned size = hb_ot_name_get_utf8(hb, id, language, NULL, NULL);
    if (size == 0 || size > 200) {
        return arena_text(arena, "");
    }
    char *text = arena_alloc(arena, size + 1);
    unsigned room = size + 1;
    (void)hb_ot_name_get_utf8(hb, id, language, &room, text);
    return text;
}

/* In English, else in the first language listed. */
static char *any_name(struct arena *arena, hb_face_t *hb, hb_ot_name_id_t id)
{
    char *name = name_of(arena, hb, id, hb_language_from_string("en", -1));
    if (name[0] != 0) {
        return name;
    }
    unsigned count = 0;
    const hb_ot_name_entry_t *entries = hb_ot_name_list_names(hb, &count);
    for (unsigned i = 0; i < count && name[0] == 0; i++) {
        if (entries[i].name_id == id) {
            name = name_of(arena, hb, id, entries[i].language);
        }
    }
    return name;
}

static unsigned read_u16(hb_face_t *hb, hb_tag_t tag, unsigned offset)
{
    hb_blob_t *table = hb_face_reference_table(hb, tag);
    unsigned count = 0;
    const char *data = hb_blob_get_data(table, &count);
    unsigned value = 0;
    if (offset + 2 <= count) {
        value = (unsigned)(uint8_t)data[offset] << 8 | (uint8_t)data[offset + 1];
    }
    hb_blob_destroy(table);
    return value;
}

static bool has_table(hb_face_t *hb, hb_tag_t tag)
{
    hb_blob_t *table = hb_face_reference_table(hb, tag);
    bool has = hb_blob_get_length(table) > 0;
    hb_blob_destroy(table);
    return has;
}

struct face *face_open(struct arena *arena, hb_blob_t *blob, unsigned index, const char *file)
{
    hb_face_t *hb = hb_face_create(blob, index);
    bool cff = has_table(hb, HB_TAG('C', 'F', 'F', ' '));
    bool outlines = cff || has_table(hb, HB_TAG('g', 'l', 'y', 'f'));
    bool variable = has_table(hb, HB_TAG('f', 'v', 'a', 'r'));
    bool italic = (read_u16(hb, HB_TAG('O', 'S', '/', '2'), 62) & 1) != 0;
    if (!outlines || hb_face_get_glyph_count(hb) == 0 || variable || italic) {
        hb_face_destroy(hb); /* Pictures of letters, or not one upright face. */
        return NULL;
    }
    struct face *face = arena_alloc(arena, sizeof *face);
    face->hb = hb;
    face->cff = cff;
    face->file = file;
    face->index = index;
    face->weight = read_u16(hb, HB_TAG('O', 'S', '/', '2'), 4);
    return face;
}

void face_close(struct face *face)
{
    if (face->measured) {
        hb_font_destroy(face->font);
        free(face->cids);
        FT_Done_Face(face->outlines);
        FT_Done_FreeType(face->library);
    }
    hb_face_destroy(face->hb);
}

bool face_is_named(const struct face *face, const char *family)
{
    unsigned count = 0;
    const hb_ot_name_entry_t *entries = hb_ot_name_list_names(face->hb, &count);
    for (unsigned i = 0; i < count; i++) {
        char name[200];
        unsigned room = sizeof name;
        if (entries[i].name_id != HB_OT_NAME_ID_FONT_FAMILY &&
            entries[i].name_id != HB_OT_NAME_ID_TYPOGRAPHIC_FAMILY) {
            continue;
        }
        (void)hb_ot_name_get_utf8(face->hb, entries[i].name_id, entries[i].language, &room, name);
        if (strcmp(name, family) == 0) {
            return true;
        }
    }
    return false;
}

/* HarfBuzz does not tell the character identifiers of a keyed CFF font, and takes the handles of
 * curves for ink; FreeType does better. */
static void open_outlines(struct face *face)
{
    hb_blob_t *blob = hb_face_reference_blob(face->hb);
    unsigned bytes = 0;
    const char *data = hb_blob_get_data(blob, &bytes);
    if (FT_Init_FreeType(&face->library) == 0 &&
        FT_New_Memory_Face(face->library, (const FT_Byte *)data, (FT_Long)bytes,
                           (FT_Long)face->index, &face->outlines) != 0) {
        face->outlines = NULL;
    }
    hb_blob_destroy(blob); /* The face keeps it. */
}

static void read_cids(struct face *face)
{
    FT_Bool keyed = 0;
    if (!face->cff || face->outlines == NULL ||
        FT_Get_CID_Is_Internally_CID_Keyed(face->outlines, &keyed) != 0 || !keyed) {
        return;
    }
    face->keyed = true;
    face->cids = calloc(face->glyphs, sizeof *face->cids);
    for (unsigned i = 0; face->cids != NULL && i < face->glyphs; i++) {
        FT_UInt cid = 0;
        (void)FT_Get_CID_From_Glyph_Index(face->outlines, i, &cid);
        face->cids[i] = cid;
    }
}

/* Designers hang their ideographs at different heights (FandolFang 0.08 em lower than most). What a
 * reader sees as the line is their middle, so that is what faces are aligned by. */
static int optical_centre(const struct face *face)
{
    static const uint32_t framed[] = {0x56FD, 0x56DE, 0x7530}; /* 国 回 田 */
    for (unsigned i = 0; i < sizeof framed / sizeof framed[0]; i++) {
        uint32_t glyph = face_glyph(face, framed[i]);
        if (glyph != 0) {
            struct face_ink ink = face_ink(face, glyph, (int)face->upem);
            return (ink.top + ink.bottom) / 2;
        }
    }
    return (int)face->upem * 38 / 100;
}

static bool is_comma_centred(const struct face *face)
{
    uint32_t glyph = face_glyph(face, 0xFF0C);
    struct face_ink ink = face_ink(face, glyph, 1000);
    return glyph != 0 && (ink.left + ink.right) / 2 > 350;
}

void face_measure(struct arena *arena, struct face *face)
{
    if (face->measured) {
        return;
    }
    face->measured = true;
    face->font = hb_font_create(face->hb);
    face->upem = hb_face_get_upem(face->hb);
    face->glyphs = hb_face_get_glyph_count(face->hb);
    face->family = any_name(arena, face->hb, HB_OT_NAME_ID_FONT_FAMILY);
    face->style = any_name(arena, face->hb, HB_OT_NAME_ID_FONT_SUBFAMILY);
    face->version = any_name(arena, face->hb, HB_OT_NAME_ID_VERSION_STRING);
    face->postscript = any_name(arena, face->hb, HB_OT_NAME_ID_POSTSCRIPT_NAME);
    open_outlines(face);
    read_cids(face);
    face->centre = optical_centre(face);
    face->centred = is_comma_centred(face);
}

uint32_t face_glyph(const struct face *face, uint32_t code)
{
    hb_codepoint_t glyph = 0;
    return hb_font_get_nominal_glyph(face->font, code, &glyph) ? glyph : 0;
}

static int scaled(const struct face *face, int64_t value, int size)
{
    int64_t upem = face->upem;
    int64_t product = value * size;
    return (int)((product >= 0 ? product + upem / 2 : product - upem / 2) / upem);
}

int face_advance(const struct face *face, uint32_t glyph, int size)
{
    return scaled(face, hb_font_get_glyph_h_advance(face->font, glyph), size);
}

struct face_ink face_ink(const struct face *face, uint32_t glyph, int size)
{
    FT_BBox box = {0, 0, 0, 0};
    if (face->outlines != NULL && FT_Load_Glyph(face->outlines, glyph, FT_LOAD_NO_SCALE) == 0) {
        (void)FT_Outline_Get_BBox(&face->outlines->glyph->outline, &box);
    }
    return (struct face_ink){.top = scaled(face, box.yMax, size),
                             .bottom = scaled(face, box.yMin, size),
                             .left = scaled(face, box.xMin, size),
                             .right = scaled(face, box.xMax, size)};
}
