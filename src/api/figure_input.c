/* What the endpoints of figures are asked, and in which form the answer goes out. */
#include "api/figure.h"
#include "base/text.h"
#include "calendar/date.h"
#include "document/document.h"

#include <string.h>

const char *figure_only(const struct actor *actor)
{
    return people_sees_figures(actor) || actor->org == NULL ? NULL : actor->org->code;
}

static enum fault read_day(struct ctx *ctx, const struct http_request *request, const char *name,
                           int32_t fallback, int32_t *ret_day)
{
    const char *text = http_query(request, name);
    *ret_day = fallback;
    if (text == NULL || text[0] == 0 || date_parse(text, ret_day)) {
        return FAULT_NONE;
    }
    return ctx_field(ctx, name, "A day like 2026-02-13 is expected.", "应为日期，如2026-02-13。");
}

enum fault figure_days(struct ctx *ctx, const struct http_request *request,
                       struct figure_period *ret_period)
{
    enum { DAYS_MAX = 366 * 20 };
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    int32_t today = date_of_ms(ctx->now_ms);
    date_split(today, &year, &month, &day);
    enum fault from = read_day(ctx, request, "from", date_join(year, 1, 1), &ret_period->from);
    enum fault to = read_day(ctx, request, "to", today, &ret_period->to);
    if (from != FAULT_NONE || to != FAULT_NONE) {
        return from != FAULT_NONE ? from : to;
    }
    if (ret_period->to < ret_period->from || ret_period->to - ret_period->from > DAYS_MAX) {
        return ctx_field(ctx, "to", "It must not lie before 'from', nor 20 years after.",
                         "不能早于起始日期，也不能超过20年。");
    }
    char first[DATE_TEXT];
    char last[DATE_TEXT];
    date_format(ret_period->from, first);
    date_format(ret_period->to, last);
    ret_period->text = arena_printf(ctx->arena, "%s~%s", first, last);
    return FAULT_NONE;
}

enum fault figure_quarter(struct ctx *ctx, const struct http_request *request,
                          struct figure_period *ret_period)
{
    return figure_period_parse(ctx->arena, http_query(request, "period"), ret_period)
               ? FAULT_NONE
               : ctx_field(ctx, "period", "A year or quarter like 2026 or 2026Q3 is expected.",
                           "应为年份或季度，如2026或2026Q3。");
}

enum fault figure_format(struct ctx *ctx, const struct http_request *request,
                         enum figure_format *ret_format)
{
    static const char *const formats[] = {"json", "csv", "xlsx", "pdf"};
    const char *text = http_query(request, "format");
    *ret_format = FIGURE_JSON;
    if (text == NULL || text[0] == 0) {
        return FAULT_NONE;
    }
    for (unsigned i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        if (strcmp(text, formats[i]) == 0) {
            *ret_format = (enum figure_format)i;
            return FAULT_NONE;
        }
    }
    return ctx_field(ctx, "format", "One of json, csv, xlsx, pdf.", "应为json、csv、xlsx或pdf。");
}

/* ---- Files ---- */

struct setting_pdf {
    struct ctx *ctx;
    struct http_request *request;
    const struct report *report;
    const char *name;
    struct typeset_result result;
};

static void head(struct http_reply *reply, struct ctx *ctx, const char *name, const char *ending)
{
    http_reply_header(reply, "Content-Disposition",
                      arena_printf(ctx->arena, "attachment; filename=\"%s.%s\"", name, ending));
}

static void set_pdf(void *arg)
{
    struct setting_pdf *setting = arg;
    const struct api *api = http_owner(setting->request);
    const char *content = report_content(setting->ctx, setting->report);
    http_resume(setting->request, typesetters_set(api->typesetters, setting->ctx, content,
                                                  strlen(content), TYPESET_PDF, &setting->result));
}

static enum fault send_pdf(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    struct setting_pdf *setting = http_suspended_arg(request);
    head(reply, ctx, setting->name, "pdf");
    reply->status = 200;
    reply->media_type = "application/pdf";
    reply->body = setting->result.bytes;
    reply->body_bytes = setting->result.count;
    return FAULT_NONE;
}

static enum fault start_pdf(struct ctx *ctx, struct http_request *request,
                            const struct report *report, const char *name)
{
    const struct api *api = http_owner(request);
    if (api->typesetters == NULL) {
        return ctx_fail(ctx, FAULT_IO_FAILED, "This server sets no papers.",
                        "本服务器未启用排版。");
    }
    struct report *kept = arena_alloc(ctx->arena, sizeof *kept);
    struct setting_pdf *setting = arena_alloc(ctx->arena, sizeof *setting);
    *kept = *report;
    *setting = (struct setting_pdf){.ctx = ctx, .request = request, .report = kept, .name = name};
    return reply_after_heavy(ctx, request, set_pdf, send_pdf, setting);
}

enum fault figure_send(struct ctx *ctx, struct http_request *request, struct http_reply *reply,
                       const struct report *report, enum figure_format format, const char *name)
{
    struct report_file file;
    if (format == FIGURE_PDF) {
        return start_pdf(ctx, request, report, name);
    }
    if (format == FIGURE_CSV) {
        report_csv(ctx, report, &file);
    } else {
        enum fault fault = report_xlsx(ctx, report, &file);
        if (fault != FAULT_NONE) {
            return fault;
        }
    }
    head(reply, ctx, name, format == FIGURE_CSV ? "csv" : "xlsx");
    reply->status = 200;
    reply->media_type = format == FIGURE_CSV
                            ? "text/csv; charset=utf-8"
                            : "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    reply->body = file.bytes;
    reply->body_bytes = file.count;
    return FAULT_NONE;
}
