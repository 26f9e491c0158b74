/* CSV (RFC 4180) for spreadsheets: they run what begins like a formula, so nothing may. */
#include "report/report.h"

#include <string.h>

static bool is_number(const char *text)
{
    return text[0] != 0 && text[strspn(text, "0123456789.")] == 0;
}

static void put_cell(struct buffer *text, const char *cell)
{
    buffer_char(text, '"');
    if (strchr("=+-@\t\r\n", cell[0]) != NULL && cell[0] != 0 && !is_number(cell)) {
        buffer_char(text, '\'');
    }
    for (const char *at = cell; *at != 0; at++) {
        if (*at == '"') {
            buffer_char(text, '"');
        }
        buffer_char(text, *at);
    }
    buffer_char(text, '"');
}

static void put_line(struct buffer *text, const char *const *cells, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0) {
            buffer_char(text, ',');
        }
        if (is_number(cells[i])) {
            buffer_text(text, cells[i]);
        } else {
            put_cell(text, cells[i]);
        }
    }
    buffer_text(text, "\r\n");
}

void report_csv(struct ctx *ctx, const struct report *report, struct report_file *ret_file)
{
    struct buffer text;
    buffer_init(&text, ctx->arena);
    buffer_text(&text, "\xEF\xBB\xBF");
    put_line(&text, &report->title, 1);
    put_line(&text, &report->subtitle, 1);
    for (size_t i = 0; i < report->tables_count; i++) {
        const struct report_table *table = &report->tables[i];
        buffer_text(&text, "\r\n");
        put_line(&text, &table->title, 1);
        put_line(&text, table->heads, table->columns_count);
        for (size_t k = 0; k < table->rows_count; k++) {
            put_line(&text, &table->cells[k * table->columns_count], table->columns_count);
        }
    }
    *ret_file = (struct report_file){text.data, text.count};
}
