/*
 * OFD (GB/T 33190-2016): a ZIP archive of XML parts and fonts. Every glyph stands where it stands
 * in the PDF, because both are drawn from the same operations. Lengths are millimetres; within an
 * object they count from the upper left of its boundary.
 */
#include "base/digest.h"
#include "base/text.h"
#include "typeset/write.h"
#include "typeset/zip.h"

#include <stdlib.h>
#include <string.h>

#define XML_HEAD  "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
#define OFD_NAMES "xmlns:ofd=\"http://www.ofdspec.org/2016\""

struct ofd {
    struct zip zip;
    struct arena *arena;
    const struct subsets *subsets;
    unsigned last_id;
};

/* Fonts have the numbers after the pages'; 1000 pages is more than a paper has. */
enum { FONT_IDS = 10000, OBJECT_IDS = 20000 };

static const char *font_file(struct arena *arena, const struct subset *subset)
{
    return arena_printf(arena, "font_%u.%s", subset->number, subset->face->cff ? "otf" : "ttf");
}

static void add_lengths(struct buffer *out, const int *lengths, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buffer_text(out, i == 0 ? "" : " ");
        millimetres_add(out, lengths[i]);
    }
}

static void open_object(struct ofd *ofd, struct buffer *out, const char *name, const int box[4])
{
    buffer_printf(out, "<ofd:%s ID=\"%u\" Boundary=\"", name, ++ofd->last_id);
    add_lengths(out, box, 4);
    buffer_char(out, '"');
}

static void add_colour(struct buffer *out, enum colour colour, const char *element)
{
    const uint8_t *parts = colours[colour];
    buffer_printf(out, "<ofd:%s Value=\"%u %u %u\"/>", element, parts[0], parts[1], parts[2]);
}

/* Equal distances in a row are common: "g 26 5.571" says 26 times the same. */
static void add_distances(struct buffer *out, const struct op *op)
{
    for (size_t i = 1; i < op->glyphs_count;) {
        int distance = op->glyphs[i].x - op->glyphs[i - 1].x;
        size_t same = 1;
        while (i + same < op->glyphs_count &&
               op->glyphs[i + same].x - op->glyphs[i + same - 1].x == distance) {
            same++;
        }
        if (i > 1) {
            buffer_char(out, ' ');
        }
        if (same > 2) {
            buffer_printf(out, "g %zu ", same);
        } else {
            same = 1;
        }
        millimetres_add(out, distance);
        i += same;
    }
}

static void add_code(struct buffer *out, const struct op *op, int x, int y)
{
    buffer_text(out, "<ofd:TextCode X=\"");
    millimetres_add(out, x);
    buffer_text(out, "\" Y=\"");
    millimetres_add(out, y);
    buffer_char(out, '"');
    if (op->glyphs_count > 1) {
        buffer_text(out, " DeltaX=\"");
        add_distances(out, op);
        buffer_char(out, '"');
    }
    buffer_char(out, '>');
    for (size_t i = 0; i < op->glyphs_count; i++) {
        char one[8] = {0};
        struct buffer text;
        buffer_init(&text, out->arena);
        utf8_add(&text, op->glyphs[i].code);
        memcpy(one, text.data, text.count);
        xml_text(out, one);
    }
    buffer_text(out, "</ofd:TextCode>");
}

/* Plain text has a boundary of its own size; narrowed and sloped text is moved by its matrix. */
static void add_text(struct ofd *ofd, struct buffer *out, const struct op *op)
{
    const struct subset *subset = subset_of(ofd->subsets, op->face);
    const struct op_glyph *first = &op->glyphs[0];
    const struct op_glyph *last = &op->glyphs[op->glyphs_count - 1];
    bool moved = op->sloped || op->stretch != 1000;
    int left = op->size / 2;
    int above = op->size * 6 / 5;
    int box[4] = {op->x + first->x - left, op->y - above, last->x - first->x + 2 * op->size,
                  op->size * 8 / 5};
    if (moved) {
        box[0] = box[1] = 0;
        box[2] = PAGE_WIDTH;
        box[3] = PAGE_HEIGHT;
    }
    open_object(ofd, out, "TextObject", box);
    if (moved) {
        buffer_printf(out, " CTM=\"%s ",
                      op->sloped ? "0.7071 -0.7071 0.7071 0.7071"
                                 : arena_printf(ofd->arena, "%d.%03d 0 0 1", op->stretch / 1000,
                                                op->stretch % 1000));
        add_lengths(out, (const int[]){op->x, op->y}, 2);
        buffer_char(out, '"');
    }
    buffer_printf(out, " Font=\"%u\" Size=\"", FONT_IDS + subset->number);
    millimetres_add(out, op->size);
    buffer_text(out, "\">");
    add_colour(out, op->colour, "FillColor");
    add_code(out, op, moved ? first->x : left, moved ? 0 : above);
    buffer_text(out, "</ofd:TextObject>\n");
}

static void add_rectangle(struct buffer *out, int x, int y, int width, int height)
{
    buffer_text(out, "M ");
    add_lengths(out, (const int[]){x, y}, 2);
    buffer_text(out, " L ");
    add_lengths(out, (const int[]){x + width, y}, 2);
    buffer_text(out, " L ");
    add_lengths(out, (const int[]){x + width, y + height}, 2);
    buffer_text(out, " L ");
    add_lengths(out, (const int[]){x, y + height}, 2);
    buffer_text(out, " C ");
}

static void add_run(void *arg, int left, int top, int width, int height)
{
    add_rectangle(arg, left, top, width, height);
}

static void add_filled(struct ofd *ofd, struct buffer *out, const struct op *op)
{
    open_object(ofd, out, "PathObject", (const int[]){op->x, op->y, op->width, op->height});
    buffer_text(out, " Stroke=\"false\" Fill=\"true\">");
    add_colour(out, op->colour, "FillColor");
    buffer_text(out, "<ofd:AbbreviatedData>");
    if (op->kind == OP_MATRIX) {
        op_runs(op, add_run, out);
    } else {
        add_rectangle(out, 0, 0, op->width, op->height);
    }
    buffer_text(out, "</ofd:AbbreviatedData></ofd:PathObject>\n");
}

/* Four curves; 0.5523 makes them round. */
static void add_ring(struct ofd *ofd, struct buffer *out, const struct op *op)
{
    static const int turns[4][2] = {{1, 0}, {0, -1}, {-1, 0}, {0, 1}};
    int radius = op->height;
    int handle = (int)(radius * INT64_C(5523) / 10000);
    int half = radius + op->width;
    const int box[4] = {op->x - half, op->y - half, 2 * half, 2 * half};
    open_object(ofd, out, "PathObject", box);
    buffer_text(out, " LineWidth=\"");
    millimetres_add(out, op->width);
    buffer_text(out, "\">");
    add_colour(out, op->colour, "StrokeColor");
    buffer_text(out, "<ofd:AbbreviatedData>M ");
    add_lengths(out, (const int[]){half + radius, half}, 2);
    for (unsigned i = 0; i < 4; i++) {
        const int *a = turns[i];
        const int *b = turns[(i + 1) % 4];
        const int points[6] = {half + a[0] * radius + b[0] * handle,
                               half + a[1] * radius + b[1] * handle,
                               half + b[0] * radius + a[0] * handle,
                               half + b[1] * radius + a[1] * handle,
                               half + b[0] * radius,
                               half + b[1] * radius};
        buffer_text(out, " B ");
        add_lengths(out, points, 6);
    }
    buffer_text(out, " C</ofd:AbbreviatedData></ofd:PathObject>\n");
}

static void add_page(struct ofd *ofd, unsigned index, const struct page *page)
{
    struct buffer out;
    buffer_init(&out, ofd->arena);
    buffer_text(&out, XML_HEAD "<ofd:Page " OFD_NAMES ">\n<ofd:Content>\n");
    buffer_printf(&out, "<ofd:Layer ID=\"%u\" Type=\"Body\">\n", ++ofd->last_id);
    for (const struct op *op = page->first; op != NULL; op = op->next) {
        if (op->kind == OP_TEXT) {
            add_text(ofd, &out, op);
        } else if (op->kind == OP_RING) {
            add_ring(ofd, &out, op);
        } else {
            add_filled(ofd, &out, op);
        }
    }
    buffer_text(&out, "</ofd:Layer>\n</ofd:Content>\n</ofd:Page>\n");
    zip_add(&ofd->zip, arena_printf(ofd->arena, "Doc_0/Pages/Page_%u/Content.xml", index), out.data,
            out.count);
}

static void add_fonts(struct ofd *ofd)
{
    struct buffer out;
    buffer_init(&out, ofd->arena);
    buffer_text(&out, XML_HEAD "<ofd:Res " OFD_NAMES " BaseLoc=\"Res\">\n<ofd:Fonts>\n");
    const struct subset *subset = ofd->subsets->first;
    for (; subset != NULL; subset = subset->next) {
        const char *file = font_file(ofd->arena, subset);
        unsigned count = 0;
        const char *data = hb_blob_get_data(subset->whole, &count);
        buffer_printf(&out, "<ofd:Font ID=\"%u\" FontName=\"", FONT_IDS + subset->number);
        xml_text(&out, subset->face->postscript);
        buffer_text(&out, "\" FamilyName=\"");
        xml_text(&out, subset->face->family);
        buffer_printf(&out, "\"><ofd:FontFile>%s</ofd:FontFile></ofd:Font>\n", file);
        zip_add(&ofd->zip, arena_printf(ofd->arena, "Doc_0/Res/%s", file), data, count);
    }
    buffer_text(&out, "</ofd:Fonts>\n</ofd:Res>\n");
    zip_add(&ofd->zip, "Doc_0/PublicRes.xml", out.data, out.count);
}

static void add_document(struct ofd *ofd, const struct pages *pages)
{
    struct buffer out;
    buffer_init(&out, ofd->arena);
    buffer_printf(&out,
                  XML_HEAD "<ofd:Document " OFD_NAMES ">\n<ofd:CommonData>\n"
                           "<ofd:MaxUnitID>%u</ofd:MaxUnitID>\n"
                           "<ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox>"
                           "</ofd:PageArea>\n<ofd:PublicRes>PublicRes.xml</ofd:PublicRes>\n"
                           "</ofd:CommonData>\n<ofd:Pages>\n",
                  ofd->last_id);
    for (unsigned i = 0; i < pages->count; i++) {
        buffer_printf(&out, "<ofd:Page ID=\"%u\" BaseLoc=\"Pages/Page_%u/Content.xml\"/>\n", i + 1,
                      i);
    }
    buffer_text(&out, "</ofd:Pages>\n</ofd:Document>\n");
    zip_add(&ofd->zip, "Doc_0/Document.xml", out.data, out.count);
}

static void add_root(struct ofd *ofd, const struct document_info *info)
{
    struct buffer out;
    uint8_t digest[DIGEST_BYTES];
    char id[2 * 16 + 1];
    digest_sha256(ofd->zip.file->data, ofd->zip.file->count, digest);
    text_hex(digest, 16, id);
    buffer_init(&out, ofd->arena);
    buffer_printf(&out,
                  XML_HEAD "<ofd:OFD " OFD_NAMES " Version=\"1.0\" DocType=\"OFD\">\n"
                           "<ofd:DocBody>\n<ofd:DocInfo><ofd:DocID>%s</ofd:DocID><ofd:Title>",
                  id);
    xml_text(&out, info->title);
    buffer_text(&out, "</ofd:Title>");
    if (info->author != NULL) {
        buffer_text(&out, "<ofd:Author>");
        xml_text(&out, info->author);
        buffer_text(&out, "</ofd:Author>");
    }
    if (info->created != NULL) {
        buffer_printf(&out, "<ofd:CreationDate>%.10s</ofd:CreationDate>", info->created);
    }
    buffer_text(&out,
                "<ofd:Creator>liandong</ofd:Creator></ofd:DocInfo>\n"
                "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>\n</ofd:DocBody>\n</ofd:OFD>\n");
    zip_add(&ofd->zip, "OFD.xml", out.data, out.count);
}

void ofd_write(struct buffer *file, const struct pages *pages, const struct subsets *subsets,
               const struct document_info *info)
{
    struct ofd ofd = {.arena = file->arena, .subsets = subsets, .last_id = OBJECT_IDS};
    unsigned index = 0;
    zip_begin(&ofd.zip, file);
    for (const struct page *page = pages->first; page != NULL; page = page->next) {
        add_page(&ofd, index++, page);
    }
    add_fonts(&ofd);
    add_document(&ofd, pages);
    add_root(&ofd, info);
    zip_end(&ofd.zip);
}
