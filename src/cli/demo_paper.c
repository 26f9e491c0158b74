/*
 * The papers of the demonstration: real small files, a page of text each, as PDF (Chinese set in a
 * font the reader's program has) or plain text. They are put straight to their place and not
 * synced: five hundred syncs would cost more than all else, and a demonstration can be made anew.
 */
#include "base/file.h"
#include "base/text.h"
#include "cli/demo.h"

#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINE_CHARACTERS = 36, PDF_OBJECTS = 6 };

/* The paper's lines, wrapped; wraps by characters, as Chinese is set. */
static void wrap(struct buffer *lines, const char *text)
{
    unsigned column = 0;
    while (*text != 0) {
        const char *next = text;
        uint32_t point = text_next(&next);
        if (point == '\n' || column == LINE_CHARACTERS) {
            buffer_char(lines, '\n');
            column = 0;
        }
        if (point != '\n') {
            buffer_add(lines, text, (size_t)(next - text));
            column++;
        }
        text = next;
    }
}

/* One line as hex of UTF-16, as the encoding UniGB-UTF16-H asks. All our characters are in plane 0.
 */
static void put_hex(struct buffer *page, const char *line, size_t bytes)
{
    const char *end = line + bytes;
    buffer_char(page, '<');
    while (line < end) {
        buffer_printf(page, "%04X", (unsigned)text_next(&line) & 0xffff);
    }
    buffer_text(page, "> Tj T*\n");
}

static const char *page_content(struct arena *arena, const char *title, const char *lines)
{
    struct buffer page;
    buffer_init(&page, arena);
    buffer_text(&page, "BT /F1 18 Tf 24 TL 72 760 Td\n");
    put_hex(&page, title, strlen(title));
    buffer_text(&page, "/F1 12 Tf 20 TL T*\n");
    while (*lines != 0) {
        size_t count = strcspn(lines, "\n");
        put_hex(&page, lines, count);
        lines += count + (lines[count] == '\n' ? 1 : 0);
    }
    buffer_text(&page, "ET");
    return page.data;
}

static void end_object(struct buffer *pdf, size_t *offset)
{
    buffer_text(pdf, "endobj\n");
    *offset = pdf->count;
}

static struct buffer make_pdf(struct arena *arena, const char *title, const char *lines)
{
    static const char *const fixed[] = {
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 6 0 R"
        " /Resources << /Font << /F1 4 0 R >> >> >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UTF16-H"
        " /DescendantFonts [5 0 R] >>",
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /W [1 95 500]"
        " /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >>"
        " /FontDescriptor << /Type /FontDescriptor /FontName /STSong-Light /Flags 6"
        " /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120"
        " /CapHeight 880 /StemV 93 >> >>",
    };
    const char *content = page_content(arena, title, lines);
    size_t offsets[PDF_OBJECTS + 1];
    struct buffer pdf;
    buffer_init(&pdf, arena);
    buffer_text(&pdf, "%PDF-1.5\n");
    offsets[0] = pdf.count;
    for (unsigned i = 0; i + 1 < PDF_OBJECTS; i++) {
        buffer_printf(&pdf, "%u 0 obj\n%s\n", i + 1, fixed[i]);
        end_object(&pdf, &offsets[i + 1]);
    }
    buffer_printf(&pdf, "%u 0 obj\n<< /Length %zu >>\nstream\n%s\nendstream\n",
                  (unsigned)PDF_OBJECTS, strlen(content), content);
    end_object(&pdf, &offsets[PDF_OBJECTS]);
    buffer_printf(&pdf, "xref\n0 %u\n0000000000 65535 f \n", (unsigned)PDF_OBJECTS + 1);
    for (unsigned i = 0; i < PDF_OBJECTS; i++) {
        buffer_printf(&pdf, "%010zu 00000 n \n", offsets[i]);
    }
    buffer_printf(&pdf, "trailer\n<< /Size %u /Root 1 0 R >>\nstartxref\n%zu\n%%%%EOF\n",
                  (unsigned)PDF_OBJECTS + 1, offsets[PDF_OBJECTS]);
    return pdf;
}

/* The text under papers/NAME, else under papers/any. */
static struct buffer paper_lines(struct demo_step *step, const struct yaml_node *at,
                                 const char *title)
{
    struct demo *demo = step->run->demo;
    const struct yaml_node *papers = yaml_get(demo->texts, "papers");
    const struct yaml_node *paper = papers == NULL ? NULL : yaml_get(papers, title);
    paper = paper == NULL && papers != NULL ? yaml_get(papers, "any") : paper;
    struct buffer lines;
    buffer_init(&lines, demo->arena);
    if (paper == NULL || paper->text == NULL) {
        yaml_wrong(&demo->report, at, "there is no text for the paper '%s'", title);
    } else {
        wrap(&lines, demo_expand(step->run, step, paper, paper->text));
    }
    return lines;
}

static enum fault put_file(struct ctx *ctx, const char *path, const struct buffer *data)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    ssize_t done = fd < 0 ? -1 : write(fd, data->data, data->count);
    bool whole = done == (ssize_t)data->count;
    if (fd >= 0 && close(fd) != 0) {
        whole = false;
    }
    return whole ? FAULT_NONE
                 : ctx_fail(ctx, FAULT_IO_FAILED, "%s could not be written.", "%s写入失败。", path);
}

static enum fault place_file(struct demo *demo, const struct buffer *data,
                             const struct digest *digest)
{
    const struct office *office = &demo->place->office;
    char sha256[DIGEST_HEX];
    text_hex(digest->sha256, DIGEST_BYTES, sha256);
    const char *folder = arena_printf(demo->arena, "%s/%.2s", office->files_dir, sha256);
    enum fault fault = file_make_folder(demo->ctx, folder, 0700);
    return fault == FAULT_NONE
               ? put_file(demo->ctx, matter_file_path(demo->arena, office, sha256), data)
               : fault;
}

enum fault demo_paper(struct demo_step *step, const struct yaml_node *at, const char *name,
                      struct new_upload *ret_upload)
{
    struct demo *demo = step->run->demo;
    const char *dot = strrchr(name, '.');
    const char *title = dot == NULL ? name : arena_bytes(demo->arena, name, (size_t)(dot - name));
    bool plain = dot != NULL && strcmp(dot, ".txt") == 0;
    struct buffer lines = paper_lines(step, at, title);
    struct buffer data = lines;
    if (!plain) {
        data = make_pdf(demo->arena, title, lines.data);
    }
    *ret_upload =
        (struct new_upload){.region = demo->place->office.region,
                            .name = dot == NULL ? arena_printf(demo->arena, "%s.pdf", name) : name,
                            .media_type = plain ? "text/plain" : "application/pdf",
                            .bytes = (int64_t)data.count};
    digest_of(data.data, data.count, &ret_upload->digest);
    return place_file(demo, &data, &ret_upload->digest);
}
