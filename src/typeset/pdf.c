/*
 * PDF 1.7 that keeps to PDF/A-2u: fonts embedded, every character's Unicode told, colours defined
 * (as calibrated spaces put in the place of the devices'), metadata as XMP. The same pages give the
 * same bytes: no clock, no random number; the file's identifier is a digest of what it holds.
 */
#include "typeset/pdf.h"

#include "base/digest.h"
#include "base/text.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

unsigned pdf_number(struct pdf *pdf)
{
    assert(pdf->objects_count + 1 < PDF_OBJECTS_MAX);
    return ++pdf->objects_count;
}

void pdf_begin(struct pdf *pdf, unsigned number)
{
    pdf->places[number] = pdf->file->count;
    buffer_printf(pdf->file, "%u 0 obj\n", number);
}

void pdf_end(struct pdf *pdf)
{
    buffer_text(pdf->file, "endobj\n");
}

void pdf_stream(struct pdf *pdf, unsigned number, const char *entries, const void *data,
                size_t count, bool pack)
{
    struct buffer packed;
    buffer_init(&packed, pdf->file->arena);
    if (pack) {
        deflate_add(&packed, data, count, false);
    } else {
        buffer_add(&packed, data, count);
    }
    pdf_begin(pdf, number);
    buffer_printf(pdf->file, "<< %s%s /Length %zu >>\nstream\n", entries,
                  pack ? " /Filter /FlateDecode" : "", packed.count);
    buffer_add(pdf->file, packed.data, packed.count);
    buffer_text(pdf->file, "\nendstream\n");
    pdf_end(pdf);
}

void pdf_text(struct buffer *out, const char *text)
{
    buffer_text(out, "<FEFF");
    for (uint32_t code = text_next(&text); code != 0; code = text_next(&text)) {
        if (code >= 0x10000) {
            buffer_printf(out, "%04X%04X", 0xD800 + ((code - 0x10000) >> 10),
                          0xDC00 + ((code - 0x10000) & 0x3FF));
        } else {
            buffer_printf(out, "%04X", code);
        }
    }
    buffer_char(out, '>');
}

void pdf_points(struct buffer *out, int length)
{
    /* A point is 25400/72 micrometres; three decimals are a third of one. */
    int64_t value = ((int64_t)length * 72000 + (length < 0 ? -12700 : 12700)) / 25400;
    int64_t whole = llabs(value);
    buffer_printf(out, "%s%d", value < 0 ? "-" : "", (int)(whole / 1000));
    if (whole % 1000 != 0) {
        buffer_printf(out, ".%03d", (int)(whole % 1000));
    }
}

/* 2026-10-14T08:00:00Z as D:20261014080000Z. */
static void add_date(struct buffer *out, const char *created)
{
    buffer_text(out, "(D:");
    for (; *created != 0; created++) {
        if ((*created >= '0' && *created <= '9') || *created == 'Z') {
            buffer_char(out, *created);
        }
    }
    buffer_char(out, ')');
}

static void write_info(struct pdf *pdf, unsigned number, const struct document_info *info)
{
    pdf_begin(pdf, number);
    buffer_text(pdf->file, "<< /Title ");
    pdf_text(pdf->file, info->title);
    if (info->author != NULL) {
        buffer_text(pdf->file, " /Author ");
        pdf_text(pdf->file, info->author);
    }
    buffer_text(pdf->file, " /Producer (liandong)");
    if (info->created != NULL) {
        buffer_text(pdf->file, " /CreationDate ");
        add_date(pdf->file, info->created);
        buffer_text(pdf->file, " /ModDate ");
        add_date(pdf->file, info->created);
    }
    buffer_text(pdf->file, " >>\n");
    pdf_end(pdf);
}

static void write_metadata(struct pdf *pdf, unsigned number, const struct document_info *info)
{
    struct buffer xmp;
    buffer_init(&xmp, pdf->file->arena);
    buffer_text(&xmp, "<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
                      "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n"
                      "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
                      "<rdf:Description rdf:about=\"\""
                      " xmlns:dc=\"http://purl.org/dc/elements/1.1/\""
                      " xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\""
                      " xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\""
                      " xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\">\n"
                      "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>U</pdfaid:conformance>\n"
                      "<pdf:Producer>liandong</pdf:Producer>\n"
                      "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">");
    xml_text(&xmp, info->title);
    buffer_text(&xmp, "</rdf:li></rdf:Alt></dc:title>\n");
    if (info->author != NULL) {
        buffer_text(&xmp, "<dc:creator><rdf:Seq><rdf:li>");
        xml_text(&xmp, info->author);
        buffer_text(&xmp, "</rdf:li></rdf:Seq></dc:creator>\n");
    }
    if (info->created != NULL) {
        buffer_printf(&xmp,
                      "<xmp:CreateDate>%s</xmp:CreateDate><xmp:ModifyDate>%s</xmp:ModifyDate>\n",
                      info->created, info->created);
    }
    buffer_text(&xmp, "</rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"r\"?>");
    pdf_stream(pdf, number, "/Type /Metadata /Subtype /XML", xmp.data, xmp.count, false);
}

/* What all pages use: the fonts, and what grey and red are. */
static void write_resources(struct pdf *pdf, unsigned number, const struct subsets *subsets,
                            const unsigned *fonts)
{
    pdf_begin(pdf, number);
    buffer_text(pdf->file,
                "<< /ColorSpace << /DefaultGray [/CalGray << /WhitePoint [0.9505 1 1.089]"
                " /Gamma 2.2 >>]\n/DefaultRGB [/CalRGB << /WhitePoint [0.9505 1 1.089]"
                " /Gamma [2.2 2.2 2.2]\n/Matrix [0.4124 0.2126 0.0193 0.3576 0.7152 0.1192"
                " 0.1805 0.0722 0.9505] >>] >>\n/Font <<");
    for (const struct subset *subset = subsets->first; subset != NULL; subset = subset->next) {
        buffer_printf(pdf->file, " /F%u %u 0 R", subset->number, fonts[subset->number]);
    }
    buffer_text(pdf->file, " >> >>\n");
    pdf_end(pdf);
}

static void write_pages(struct pdf *pdf, unsigned tree, unsigned resources,
                        const struct pages *pages, const struct subsets *subsets)
{
    struct buffer kids;
    buffer_init(&kids, pdf->file->arena);
    for (const struct page *page = pages->first; page != NULL; page = page->next) {
        struct buffer operators;
        unsigned number = pdf_number(pdf);
        unsigned contents = pdf_number(pdf);
        buffer_printf(&kids, "%s%u 0 R", kids.count == 0 ? "" : " ", number);
        buffer_init(&operators, pdf->file->arena);
        pdf_page(&operators, page, subsets);
        pdf_begin(pdf, number);
        buffer_printf(pdf->file,
                      "<< /Type /Page /Parent %u 0 R /MediaBox [0 0 595.276 841.89]"
                      " /Resources %u 0 R /Contents %u 0 R >>\n",
                      tree, resources, contents);
        pdf_end(pdf);
        pdf_stream(pdf, contents, "", operators.data, operators.count, true);
    }
    pdf_begin(pdf, tree);
    buffer_printf(pdf->file, "<< /Type /Pages /Count %u /Kids [%s] >>\n", pages->count, kids.data);
    pdf_end(pdf);
}

static void write_trailer(struct pdf *pdf, unsigned catalog, unsigned info)
{
    uint8_t digest[DIGEST_BYTES];
    char id[2 * 16 + 1];
    digest_sha256(pdf->file->data, pdf->file->count, digest);
    text_hex(digest, 16, id);
    size_t table = pdf->file->count;
    buffer_printf(pdf->file, "xref\n0 %u\n0000000000 65535 f \n", pdf->objects_count + 1);
    for (unsigned i = 1; i <= pdf->objects_count; i++) {
        assert(pdf->places[i] != 0);
        buffer_printf(pdf->file, "%010zu 00000 n \n", pdf->places[i]);
    }
    buffer_printf(pdf->file,
                  "trailer\n<< /Size %u /Root %u 0 R /Info %u 0 R /ID [<%s> <%s>] >>\n"
                  "startxref\n%zu\n%%%%EOF\n",
                  pdf->objects_count + 1, catalog, info, id, id, table);
}

void pdf_write(struct buffer *file, const struct pages *pages, const struct subsets *subsets,
               const struct document_info *info)
{
    unsigned fonts[64] = {0};
    struct pdf pdf = {.file = file};
    pdf.places = arena_array(file->arena, PDF_OBJECTS_MAX, sizeof *pdf.places);
    buffer_text(file, "%PDF-1.7\n%\xE2\xE3\xCF\xD3\n");
    unsigned catalog = pdf_number(&pdf);
    unsigned tree = pdf_number(&pdf);
    unsigned about = pdf_number(&pdf);
    unsigned metadata = pdf_number(&pdf);
    unsigned resources = pdf_number(&pdf);
    for (const struct subset *subset = subsets->first; subset != NULL; subset = subset->next) {
        assert(subset->number < sizeof fonts / sizeof fonts[0]);
        fonts[subset->number] = pdf_number(&pdf);
        pdf_font(&pdf, fonts[subset->number], subset);
    }
    pdf_begin(&pdf, catalog);
    buffer_printf(file,
                  "<< /Type /Catalog /Pages %u 0 R /Metadata %u 0 R /Lang (%s)"
                  " /ViewerPreferences << /DisplayDocTitle true >> >>\n",
                  tree, metadata, info->lang == LANG_EN ? "en" : "zh-CN");
    pdf_end(&pdf);
    write_info(&pdf, about, info);
    write_metadata(&pdf, metadata, info);
    write_resources(&pdf, resources, subsets, fonts);
    write_pages(&pdf, tree, resources, pages, subsets);
    write_trailer(&pdf, catalog, about);
}
