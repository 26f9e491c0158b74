#include "base/digest.h"
#include "typeset/write.h"

#include <ctype.h>
#include <string.h>

static struct subset *add_subset(struct subsets *subsets, const struct face *face)
{
    struct subset **place = &subsets->first;
    unsigned number = 1;
    for (; *place != NULL; place = &(*place)->next, number++) {
        if ((*place)->face == face) {
            return *place;
        }
    }
    *place = arena_alloc(subsets->arena, sizeof **place);
    (*place)->face = face;
    (*place)->number = number;
    (*place)->codes = hb_set_create();
    return *place;
}

static void collect(struct subsets *subsets, const struct pages *pages)
{
    for (const struct page *page = pages->first; page != NULL; page = page->next) {
        for (const struct op *op = page->first; op != NULL; op = op->next) {
            if (op->kind != OP_TEXT) {
                continue;
            }
            struct subset *subset = add_subset(subsets, op->face);
            for (size_t i = 0; i < op->glyphs_count; i++) {
                hb_set_add(subset->codes, op->glyphs[i].code);
            }
        }
    }
}

/* Only what draws the characters: no features, no vertical writing, no instructions for screens. */
static hb_subset_input_t *make_input(const struct subset *subset)
{
    static const hb_tag_t dropped[] = {
        HB_TAG('G', 'S', 'U', 'B'), HB_TAG('G', 'P', 'O', 'S'), HB_TAG('G', 'D', 'E', 'F'),
        HB_TAG('B', 'A', 'S', 'E'), HB_TAG('V', 'O', 'R', 'G'), HB_TAG('v', 'm', 't', 'x'),
        HB_TAG('v', 'h', 'e', 'a'), HB_TAG('D', 'S', 'I', 'G'), HB_TAG('k', 'e', 'r', 'n')};
    hb_subset_input_t *input = hb_subset_input_create_or_fail();
    if (input == NULL) {
        return NULL;
    }
    hb_set_union(hb_subset_input_unicode_set(input), subset->codes);
    hb_set_clear(hb_subset_input_set(input, HB_SUBSET_SETS_LAYOUT_FEATURE_TAG));
    hb_set_t *tables = hb_subset_input_set(input, HB_SUBSET_SETS_DROP_TABLE_TAG);
    for (size_t i = 0; i < sizeof dropped / sizeof dropped[0]; i++) {
        hb_set_add(tables, dropped[i]);
    }
    hb_subset_input_set_flags(input, HB_SUBSET_FLAGS_NO_HINTING | HB_SUBSET_FLAGS_DESUBROUTINIZE);
    return input;
}

static bool cut(struct subset *subset)
{
    hb_subset_input_t *input = make_input(subset);
    if (input == NULL) {
        return false;
    }
    subset->hb = hb_subset_or_fail(subset->face->hb, input);
    hb_subset_input_destroy(input);
    if (subset->hb == NULL) {
        return false;
    }
    subset->whole = hb_face_reference_blob(subset->hb);
    hb_face_t *part = hb_face_create(subset->whole, 0);
    hb_face_destroy(subset->hb);
    subset->hb = part;
    subset->font = hb_font_create(part);
    subset->program = subset->face->cff ? hb_face_reference_table(part, HB_TAG('C', 'F', 'F', ' '))
                                        : hb_blob_reference(subset->whole);
    return hb_blob_get_length(subset->program) > 0;
}

enum fault subsets_make(struct ctx *ctx, const struct pages *pages, struct subsets *ret_subsets)
{
    *ret_subsets = (struct subsets){.arena = ctx->arena};
    collect(ret_subsets, pages);
    for (struct subset *subset = ret_subsets->first; subset != NULL; subset = subset->next) {
        if (!cut(subset)) {
            return ctx_fail(ctx, FAULT_INTERNAL, "The font %s can not be embedded.",
                            "字体%s无法嵌入。", subset->face->family);
        }
    }
    return FAULT_NONE;
}

void subsets_done(struct subsets *subsets)
{
    for (struct subset *subset = subsets->first; subset != NULL; subset = subset->next) {
        hb_set_destroy(subset->codes);
        hb_font_destroy(subset->font);
        hb_face_destroy(subset->hb);
        hb_blob_destroy(subset->program);
        hb_blob_destroy(subset->whole);
    }
}

const struct subset *subset_of(const struct subsets *subsets, const struct face *face)
{
    const struct subset *subset = subsets->first;
    while (subset->face != face) {
        subset = subset->next;
    }
    return subset;
}

uint32_t subset_code(const struct subset *subset, uint32_t code)
{
    const struct face *face = subset->face;
    hb_codepoint_t glyph = 0;
    if (face->keyed) {
        uint32_t original = face_glyph(face, code);
        return face->cids == NULL ? original : face->cids[original];
    }
    (void)hb_font_get_nominal_glyph(subset->font, code, &glyph);
    return glyph;
}

const char *subset_name(struct arena *arena, const struct subset *subset)
{
    uint8_t digest[DIGEST_BYTES];
    unsigned count = 0;
    const char *data = hb_blob_get_data(subset->program, &count);
    digest_sha256(data, count, digest);
    char *name = arena_printf(arena, "ABCDEF+%s", subset->face->postscript);
    for (size_t i = 0; i < 6; i++) {
        name[i] = (char)('A' + digest[i] % 26);
    }
    for (char *c = name + 7; *c != 0; c++) {
        *c = isalnum((unsigned char)*c) || *c == '-' ? *c : '_';
    }
    return name;
}
