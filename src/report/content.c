/* The content of a PDF, as src/document/README.md describes it. */
#include "base/json_writer.h"
#include "calendar/date.h"
#include "report/report.h"

static void put_table(struct json_writer *json, const struct report_table *table)
{
    json_open(json);
    json_put_text(json, "heading", table->title);
    json_put_int(json, "level", 3);
    json_close(json);
    json_open(json);
    json_key(json, "table");
    json_open(json);
    json_key(json, "columns");
    json_list(json);
    for (size_t i = 0; i < table->columns_count; i++) {
        json_open(json);
        json_put_text(json, "label", table->heads[i]);
        json_put_int(json, "width", i == 0 ? 2 : 1);
        json_put_text(json, "align", i == 0 ? "left" : "center");
        json_close(json);
    }
    json_end(json);
    json_key(json, "rows");
    json_list(json);
    for (size_t i = 0; i < table->rows_count; i++) {
        json_list(json);
        for (size_t k = 0; k < table->columns_count; k++) {
            json_text(json, table->cells[i * table->columns_count + k]);
        }
        json_end(json);
    }
    json_end(json);
    json_close(json);
    json_close(json);
}

const char *report_content(struct ctx *ctx, const struct report *report)
{
    struct buffer text;
    struct json_writer json;
    char day[DATE_TEXT];
    buffer_init(&text, ctx->arena);
    json_writer_init(&json, &text);
    date_format(date_of_ms(report->made_ms), day);
    json_open(&json);
    json_put_text(&json, "format", "report");
    json_put_text(&json, "lang", report->lang == LANG_EN ? "en" : "zh");
    json_put_text(&json, "title", report->title);
    json_key(&json, "body");
    json_list(&json);
    json_open(&json);
    json_put_text(&json, "p", report->subtitle);
    json_close(&json);
    for (size_t i = 0; i < report->tables_count; i++) {
        put_table(&json, &report->tables[i]);
    }
    json_end(&json);
    json_put_text(&json, "date", day);
    json_put_text(&json, "created", arena_printf(ctx->arena, "%sT00:00:00Z", day));
    json_close(&json);
    return text.data;
}
