/* XLSX by libxlsxwriter, which writes files only: a temporary one, read back and removed. */
#include "base/file.h"
#include "report/report.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>

enum { SHEET_NAME_CHARS = 28, FILE_BYTES_MAX = 64 * 1024 * 1024 };

struct writing {
    struct ctx *ctx;
    lxw_workbook *book;
    lxw_format *title, *head, *text, *number;
};

/* At most so many characters, none of those a sheet's name can not have, and no name twice. */
static const char *sheet_name(struct ctx *ctx, const char *title, size_t place)
{
    struct buffer name;
    buffer_init(&name, ctx->arena);
    buffer_printf(&name, "%zu ", place + 1);
    size_t chars = 0;
    for (const char *at = title; *at != 0; at++) {
        bool begins = ((unsigned char)*at & 0xC0) != 0x80;
        chars += begins ? 1 : 0;
        if (chars > SHEET_NAME_CHARS - 4) {
            break;
        }
        buffer_char(&name, strchr("[]:*?/\\'", *at) == NULL ? *at : ' ');
    }
    return name.data;
}

static void make_formats(struct writing *writing)
{
    writing->title = workbook_add_format(writing->book);
    format_set_bold(writing->title);
    format_set_font_size(writing->title, 14);
    writing->head = workbook_add_format(writing->book);
    format_set_bold(writing->head);
    format_set_text_wrap(writing->head);
    format_set_border(writing->head, LXW_BORDER_THIN);
    format_set_align(writing->head, LXW_ALIGN_CENTER);
    writing->text = workbook_add_format(writing->book);
    format_set_border(writing->text, LXW_BORDER_THIN);
    writing->number = workbook_add_format(writing->book);
    format_set_border(writing->number, LXW_BORDER_THIN);
}

static void put_cell(struct writing *writing, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column,
                     const char *cell)
{
    char *end = NULL;
    double number = column == 0 ? 0 : strtod(cell, &end);
    if (column > 0 && cell[0] != 0 && end != NULL && *end == 0) {
        (void)worksheet_write_number(sheet, row, column, number, writing->number);
    } else {
        /* Written as text: never taken for a formula. */
        (void)worksheet_write_string(sheet, row, column, cell, writing->text);
    }
}

static void put_sheet(struct writing *writing, const struct report *report, size_t place)
{
    const struct report_table *table = &report->tables[place];
    lxw_worksheet *sheet =
        workbook_add_worksheet(writing->book, sheet_name(writing->ctx, table->title, place));
    if (sheet == NULL) {
        return;
    }
    (void)worksheet_set_column(sheet, 0, 0, 28, NULL);
    (void)worksheet_set_column(sheet, 1, (lxw_col_t)table->columns_count, 14, NULL);
    (void)worksheet_write_string(sheet, 0, 0, table->title, writing->title);
    (void)worksheet_write_string(sheet, 1, 0, report->subtitle, NULL);
    for (size_t i = 0; i < table->columns_count; i++) {
        (void)worksheet_write_string(sheet, 3, (lxw_col_t)i, table->heads[i], writing->head);
    }
    worksheet_freeze_panes(sheet, 4, 1);
    for (size_t i = 0; i < table->rows_count; i++) {
        for (size_t k = 0; k < table->columns_count; k++) {
            put_cell(writing, sheet, (lxw_row_t)i + 4, (lxw_col_t)k,
                     table->cells[i * table->columns_count + k]);
        }
    }
}

static bool write_book(struct ctx *ctx, const struct report *report, const char *path)
{
    lxw_doc_properties properties = {.title = arena_text(ctx->arena, report->title),
                                     .created = (time_t)(report->made_ms / 1000)};
    struct writing writing = {.ctx = ctx, .book = workbook_new(path)};
    if (writing.book == NULL) {
        return false;
    }
    (void)workbook_set_properties(writing.book, &properties);
    make_formats(&writing);
    for (size_t i = 0; i < report->tables_count; i++) {
        put_sheet(&writing, report, i);
    }
    return workbook_close(writing.book) == LXW_NO_ERROR;
}

enum fault report_xlsx(struct ctx *ctx, const struct report *report, struct report_file *ret_file)
{
    const char *folder = getenv("TMPDIR");
    char *path = arena_printf(ctx->arena, "%s/liandong-XXXXXX", folder == NULL ? "/tmp" : folder);
    int file = mkstemp(path);
    char *bytes = NULL;
    if (file < 0) {
        return ctx_fail(ctx, FAULT_IO_FAILED, "No temporary file could be made.",
                        "无法创建临时文件。");
    }
    (void)close(file);
    bool written = write_book(ctx, report, path);
    enum fault fault = written ? file_read(ctx, path, FILE_BYTES_MAX, &bytes, &ret_file->count)
                               : ctx_fail(ctx, FAULT_IO_FAILED, "The table could not be written.",
                                          "表格无法写出。");
    (void)unlink(path);
    ret_file->bytes = bytes;
    return fault;
}
