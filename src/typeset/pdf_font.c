#include "typeset/pdf.h"

#include <stdlib.h>
#include <string.h>

int pdf_width(const struct subset *subset, uint32_t code)
{
    return face_advance(subset->face, face_glyph(subset->face, code), 1000);
}

/* Characters by the number the text uses for them. */
struct used {
    uint32_t number;
    uint32_t code;
};

static int by_number(const void *a, const void *b)
{
    const struct used *first = a;
    const struct used *second = b;
    if (first->number != second->number) {
        return first->number < second->number ? -1 : 1;
    }
    return first->code < second->code ? -1 : first->code > second->code;
}

/* One entry for each number: where two characters share a glyph the first one stands for both. */
static size_t list_used(struct arena *arena, const struct subset *subset, struct used **ret_used)
{
    size_t room = hb_set_get_population(subset->codes);
    struct used *used = arena_array(arena, room, sizeof *used);
    size_t count = 0;
    hb_codepoint_t code = HB_SET_VALUE_INVALID;
    while (hb_set_next(subset->codes, &code)) {
        used[count++] = (struct used){.number = subset_code(subset, code), .code = code};
    }
    qsort(used, count, sizeof *used, by_number);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || used[kept - 1].number != used[i].number) {
            used[kept++] = used[i];
        }
    }
    *ret_used = used;
    return kept;
}

static void write_unicode(struct pdf *pdf, unsigned number, const struct used *used, size_t count)
{
    enum { AT_ONCE = 100 };
    struct buffer map;
    buffer_init(&map, pdf->file->arena);
    buffer_text(&map, "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
                      "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
                      "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
                      "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n");
    for (size_t from = 0; from < count; from += AT_ONCE) {
        size_t to = from + AT_ONCE < count ? from + AT_ONCE : count;
        buffer_printf(&map, "%zu beginbfchar\n", to - from);
        for (size_t i = from; i < to; i++) {
            uint32_t code = used[i].code;
            buffer_printf(&map, "<%04X> <", used[i].number);
            if (code >= 0x10000) {
                buffer_printf(&map, "%04X%04X", 0xD800 + ((code - 0x10000) >> 10),
                              0xDC00 + ((code - 0x10000) & 0x3FF));
            } else {
                buffer_printf(&map, "%04X", code);
            }
            buffer_text(&map, ">\n");
        }
        buffer_text(&map, "endbfchar\n");
    }
    buffer_text(&map, "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n");
    pdf_stream(pdf, number, "", map.data, map.count, true);
}

static int read_i16(const char *data, unsigned count, unsigned offset)
{
    if (offset + 2 > count) {
        return 0;
    }
    return (int16_t)((uint8_t)data[offset] << 8 | (uint8_t)data[offset + 1]);
}

static void write_descriptor(struct pdf *pdf, unsigned number, unsigned file,
                             const struct subset *subset, const char *name)
{
    hb_blob_t *head = hb_face_reference_table(subset->face->hb, HB_TAG('h', 'e', 'a', 'd'));
    unsigned count = 0;
    const char *data = hb_blob_get_data(head, &count);
    int upem = (int)subset->face->upem;
    int box[4];
    for (unsigned i = 0; i < 4; i++) {
        box[i] = read_i16(data, count, 36 + 2 * i) * 1000 / upem;
    }
    hb_blob_destroy(head);
    pdf_begin(pdf, number);
    buffer_printf(pdf->file,
                  "<< /Type /FontDescriptor /FontName /%s /Flags 4 /FontBBox [%d %d %d %d]"
                  " /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 740 /StemV %u"
                  " /%s %u 0 R >>\n",
                  name, box[0], box[1], box[2], box[3], subset->face->weight >= 600 ? 140U : 80U,
                  subset->face->cff ? "FontFile3" : "FontFile2", file);
    pdf_end(pdf);
}

static void write_descendant(struct pdf *pdf, unsigned number, unsigned descriptor,
                             const struct subset *subset, const char *name, const struct used *used,
                             size_t count)
{
    bool cff = subset->face->cff;
    pdf_begin(pdf, number);
    buffer_printf(pdf->file,
                  "<< /Type /Font /Subtype /CIDFontType%d /BaseFont /%s /CIDSystemInfo <<"
                  " /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>%s"
                  " /FontDescriptor %u 0 R /DW 1000 /W [",
                  cff ? 0 : 2, name, cff ? "" : " /CIDToGIDMap /Identity", descriptor);
    for (size_t i = 0; i < count; i++) {
        int width = pdf_width(subset, used[i].code);
        if (width != 1000) {
            buffer_printf(pdf->file, " %u [%d]", used[i].number, width);
        }
    }
    buffer_text(pdf->file, " ] >>\n");
    pdf_end(pdf);
}

void pdf_font(struct pdf *pdf, unsigned number, const struct subset *subset)
{
    struct used *used = NULL;
    struct arena *arena = pdf->file->arena;
    size_t count = list_used(arena, subset, &used);
    const char *name = subset_name(arena, subset);
    unsigned descendant = pdf_number(pdf);
    unsigned descriptor = pdf_number(pdf);
    unsigned unicode = pdf_number(pdf);
    unsigned file = pdf_number(pdf);
    unsigned bytes = 0;
    const char *data = hb_blob_get_data(subset->program, &bytes);
    pdf_begin(pdf, number);
    buffer_printf(pdf->file,
                  "<< /Type /Font /Subtype /Type0 /BaseFont /%s /Encoding /Identity-H"
                  " /DescendantFonts [%u 0 R] /ToUnicode %u 0 R >>\n",
                  name, descendant, unicode);
    pdf_end(pdf);
    write_descendant(pdf, descendant, descriptor, subset, name, used, count);
    write_descriptor(pdf, descriptor, file, subset, name);
    write_unicode(pdf, unicode, used, count);
    const char *entries =
        subset->face->cff ? "/Subtype /CIDFontType0C" : arena_printf(arena, "/Length1 %u", bytes);
    pdf_stream(pdf, file, entries, data, bytes, true);
}
