/*
 * liandong deadline --from 2026-02-13 --within 5wd [--json] [--lang zh|en] [--calendar FILE]
 * liandong deadline --batch < lines          each line "FROM WITHIN" -> "DUE" or "DUE provisional"
 */
#include "base/limit.h"
#include "base/text.h"
#include "calendar/calendar.h"
#include "calendar/date.h"
#include "cli/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_BYTES = 256, CHUNK_BYTES = 1 << 20 };

static bool parse_from(const char *text, int64_t *ret_ms)
{
    int32_t date = 0;
    if (minute_parse(text, ret_ms)) {
        return true;
    }
    if (!date_parse(text, &date)) {
        return false;
    }
    *ret_ms = date_start_ms(date);
    return true;
}

/* Writes the due day or minute; returns its length. */
static size_t put_due(const struct span *span, const struct due *due, char text[MINUTE_TEXT])
{
    if (span->unit == SPAN_HOUR) {
        minute_format(due->due_ms, text);
        return MINUTE_TEXT - 1;
    }
    date_format(due->date, text);
    return DATE_TEXT - 1;
}

enum line_mistake { LINE_FORM, LINE_FROM, LINE_WITHIN, LINE_LENGTH };

struct batch {
    const struct calendar *calendar;
    struct ctx *ctx;
    char *out;
    size_t out_count;
    bool skipping; /* Inside a line that was refused as too long. */
    bool bad;
};

static void flush(struct batch *batch)
{
    (void)fwrite(batch->out, 1, batch->out_count, stdout);
    batch->out_count = 0;
}

static void put(struct batch *batch, const char *text, size_t bytes)
{
    if (batch->out_count + bytes > CHUNK_BYTES) {
        flush(batch);
    }
    memcpy(batch->out + batch->out_count, text, bytes);
    batch->out_count += bytes;
}

static void put_error(struct batch *batch, const char *what)
{
    static const char head[] = "error: ";
    batch->bad = true;
    put(batch, head, sizeof head - 1);
    put(batch, what, strlen(what));
    put(batch, "\n", 1);
}

static void refuse(struct batch *batch, enum line_mistake mistake)
{
    static const struct label labels[] = {
        {"每行应为“起点 期限”，中间一个空格", "a line is FROM, one blank, WITHIN"},
        {"起点应为日期（2026-02-13）或时刻（2026-02-13T09:30）",
         "FROM must be a day (2026-02-13) or a minute (2026-02-13T09:30)"},
        {"期限应为5wd、7d、24h、3m、1y等形式（最多10000）",
         "WITHIN must be like 5wd, 7d, 24h, 3m, 1y (at most 10000)"},
        {"本行过长", "the line is too long"},
    };
    put_error(batch, label_text(&labels[mistake], batch->ctx->lang));
}

static void do_line(struct batch *batch, char *line, size_t bytes)
{
    struct span span;
    struct due due;
    int64_t from_ms = 0;
    char *blank = memchr(line, ' ', bytes);
    if (memchr(line, 0, bytes) != NULL || blank == NULL) {
        refuse(batch, LINE_FORM);
        return;
    }
    *blank = 0;
    if (!parse_from(line, &from_ms)) {
        refuse(batch, LINE_FROM);
        return;
    }
    if (!span_parse(blank + 1, &span)) {
        refuse(batch, LINE_WITHIN);
        return;
    }
    if (calendar_due(batch->calendar, batch->ctx, from_ms, &span, NULL, 0, &due) != FAULT_NONE) {
        put_error(batch, batch->ctx->note);
        arena_reset(batch->ctx->arena);
        return;
    }
    char text[MINUTE_TEXT];
    size_t length = put_due(&span, &due, text);
    put(batch, text, length);
    if (due.provisional) {
        static const char mark[] = " provisional";
        put(batch, mark, sizeof mark - 1);
    }
    put(batch, "\n", 1);
}

static void take_line(struct batch *batch, char *line, size_t bytes)
{
    if (bytes > 0 && line[bytes - 1] == '\r') {
        bytes--;
    }
    if (bytes >= LINE_BYTES) {
        refuse(batch, LINE_LENGTH);
        return;
    }
    char copy[LINE_BYTES];
    memcpy(copy, line, bytes);
    copy[bytes] = 0;
    do_line(batch, copy, bytes);
}

/* Takes the whole lines of a chunk; gives how many bytes at its end are the beginning of one more.
 */
static size_t take_lines(struct batch *batch, char *chunk, size_t count)
{
    char *line = chunk;
    char *end = memchr(line, '\n', count);
    while (end != NULL) {
        if (!batch->skipping) {
            take_line(batch, line, (size_t)(end - line));
        }
        batch->skipping = false;
        line = end + 1;
        end = memchr(line, '\n', (size_t)(chunk + count - line));
    }
    size_t kept = (size_t)(chunk + count - line);
    memmove(chunk, line, kept);
    if (kept < CHUNK_BYTES) {
        return kept;
    }
    if (!batch->skipping) {
        refuse(batch, LINE_LENGTH);
    }
    batch->skipping = true; /* The rest of this line, up to its end. */
    return 0;
}

static int run_batch(struct ctx *ctx, const struct calendar *calendar, FILE *in)
{
    struct batch batch = {.calendar = calendar, .ctx = ctx, .out = malloc(CHUNK_BYTES)};
    char *chunk = malloc(CHUNK_BYTES);
    if (batch.out == NULL || chunk == NULL) {
        abort();
    }
    size_t kept = 0;
    for (size_t got = fread(chunk, 1, CHUNK_BYTES, in); got > 0;
         got = fread(chunk + kept, 1, CHUNK_BYTES - kept, in)) {
        kept = take_lines(&batch, chunk, kept + got);
    }
    if (kept > 0 && !batch.skipping) {
        take_line(&batch, chunk, kept);
    }
    flush(&batch);
    free(chunk);
    free(batch.out);
    bool lost = ferror(in) != 0 || fflush(stdout) != 0 || ferror(stdout) != 0;
    return batch.bad || lost ? 1 : 0;
}

static enum fault print_one(struct ctx *ctx, const struct calendar *calendar, int64_t from_ms,
                            const struct span *span, bool json)
{
    struct buffer text;
    struct due due;
    buffer_init(&text, ctx->arena);
    enum fault fault = calendar_due(calendar, ctx, from_ms, span, NULL, 0, &due);
    if (fault != FAULT_NONE) {
        return fault;
    }
    if (json) {
        struct json_writer writer;
        json_writer_init(&writer, &text);
        fault = calendar_explain_json(calendar, ctx, from_ms, span, NULL, 0, &writer);
        buffer_char(&text, '\n');
    } else {
        char day[MINUTE_TEXT];
        (void)put_due(span, &due, day);
        buffer_printf(&text, "%s%s\n", day, due.provisional ? " provisional" : "");
        fault = calendar_explain_text(calendar, ctx, from_ms, span, NULL, 0, ctx->lang, &text);
    }
    (void)fwrite(text.data, 1, text.count, stdout);
    if (fflush(stdout) != 0) {
        return ctx_fail(ctx, FAULT_IO_FAILED, "The answer could not be written.", "结果无法写出。");
    }
    return fault;
}

static int run_one(struct ctx *ctx, const struct calendar *calendar, const char *from,
                   const char *within, bool json)
{
    int64_t from_ms = 0;
    struct span span;
    if (from == NULL || !parse_from(from, &from_ms)) {
        (void)fputs("--from: a day (2026-02-13) or minute (2026-02-13T09:30) is needed\n", stderr);
        return 2;
    }
    if (within == NULL || !span_parse(within, &span)) {
        (void)fputs("--within: a period like 5wd, 7d, 24h, 3m, 1y is needed\n", stderr);
        return 2;
    }
    enum fault fault = print_one(ctx, calendar, from_ms, &span, json);
    return fault == FAULT_NONE ? 0 : cli_failed(ctx, fault);
}

int cli_deadline(int argc, char **argv)
{
    const char *from = NULL;
    const char *within = NULL;
    const char *lang = "zh";
    const char *path = NULL;
    bool batch = false;
    bool json = false;
    const struct cli_flag flags[] = {{"--from", &from, NULL},   {"--within", &within, NULL},
                                     {"--lang", &lang, NULL},   {"--calendar", &path, NULL},
                                     {"--batch", NULL, &batch}, {"--json", NULL, &json}};
    size_t words = 0;
    if (!cli_flags(argc, argv, flags, sizeof flags / sizeof flags[0], NULL, 0, &words)) {
        return 2;
    }
    struct arena *arena = arena_create();
    struct ctx ctx;
    struct calendar *calendar = NULL;
    ctx_init(&ctx, arena, 0);
    ctx.lang = strcmp(lang, "en") == 0 ? LANG_EN : LANG_ZH;
    path = path != NULL ? path : cli_share_path(arena, "calendars/cn.yaml");
    enum fault fault = calendar_load(&ctx, path, &calendar);
    int status = 0;
    if (fault != FAULT_NONE) {
        status = cli_failed(&ctx, fault);
    } else {
        status =
            batch ? run_batch(&ctx, calendar, stdin) : run_one(&ctx, calendar, from, within, json);
    }
    calendar_destroy(calendar);
    arena_destroy(arena);
    return status;
}
