/* Statistics, and the appraisal of bodies. */
#include "api/figure.h"

#include "api/endpoints.h"
#include "base/text.h"
#include "calendar/date.h"

#include <string.h>

static const char *unit_of(enum column_kind kind)
{
    static const char *const units[] = {"count", "days", "percent"};
    return units[kind];
}

static void put_values(struct json_writer *json, const char *key, const struct figure_value *values,
                       size_t count)
{
    json_key(json, key);
    json_list(json);
    for (size_t i = 0; i < count; i++) {
        figure_put_value(json, &values[i]);
    }
    json_end(json);
}

static void put_table(struct json_writer *json, const struct figure_shown *shown)
{
    static const struct label body = {"单位", "Body"};
    const struct figure_table *table = shown->table;
    json_open(json);
    json_put_text(json, "code", table->code);
    json_put_label(json, "label", &table->label);
    json_put_label(json, "rows_label", table->rows == NULL ? &body : &table->rows->label);
    json_key(json, "columns");
    json_list(json);
    for (size_t i = 0; i < table->columns_count; i++) {
        json_open(json);
        json_put_text(json, "code", table->columns[i].code);
        json_put_label(json, "label", &table->columns[i].label);
        json_put_text(json, "unit", unit_of(table->columns[i].kind));
        json_close(json);
    }
    json_end(json);
    json_key(json, "rows");
    json_list(json);
    for (size_t i = 0; i < shown->rows_count; i++) {
        json_open(json);
        json_put_text(json, "key", shown->rows[i].key);
        json_put_label(json, "label", &shown->rows[i].label);
        put_values(json, "values", shown->rows[i].values, table->columns_count);
        json_close(json);
    }
    json_end(json);
    put_values(json, "total", shown->total, table->columns_count);
    json_close(json);
}

static void put_headline(struct json_writer *json, const char *code, const char *zh, const char *en,
                         int64_t value)
{
    const struct label label = {zh, en};
    json_open(json);
    json_put_text(json, "code", code);
    json_put_label(json, "label", &label);
    json_put_int(json, "value", value);
    json_close(json);
}

static void put_headlines(struct json_writer *json, const struct figures_asked *asked)
{
    const struct tally *tally = &asked->ret_tally;
    json_key(json, "headline");
    json_list(json);
    put_headline(json, "started", "新收事项", "Matters begun",
                 tally_sum(tally, TALLY_STARTED, "", NULL).amount);
    put_headline(json, "closed", "办结事项", "Matters ended",
                 tally_sum(tally, TALLY_CLOSED, "", NULL).amount);
    put_headline(json, "late", "逾期履行", "Met late",
                 tally_sum(tally, TALLY_LATE, "", NULL).amount);
    put_headline(json, "open", "在办事项", "Open now", asked->ret_open);
    put_headline(json, "overdue", "当前逾期", "Overdue now", asked->ret_overdue);
    json_end(json);
}

static void put_months(struct json_writer *json, const struct tally *tally)
{
    json_key(json, "months");
    json_list(json);
    for (size_t i = 0; i < tally->months_count; i++) {
        const struct tally_month *month = &tally->months[i];
        json_open(json);
        json_put_text(json, "month",
                      arena_printf(json->buffer->arena, "%04d-%02d", month->month / 12,
                                   month->month % 12 + 1));
        json_put_int(json, "started", month->started);
        json_put_int(json, "closed", month->closed);
        json_put_int(json, "late", month->late);
        json_close(json);
    }
    json_end(json);
}

enum fault figures_get(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    const struct api *api = http_owner(request);
    struct figures_asked asked = {.office = api->office, .only = figure_only(ctx->actor)};
    enum fault fault = figure_days(ctx, request, &asked.period);
    if (fault == FAULT_NONE) {
        fault = store_read(api->store, ctx, figures_read, &asked);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    struct reply_json *made = reply_begin(ctx);
    json_open(&made->json);
    put_date(&made->json, "from", asked.period.from);
    put_date(&made->json, "to", asked.period.to);
    put_headlines(&made->json, &asked);
    put_months(&made->json, &asked.ret_tally);
    json_key(&made->json, "tables");
    json_list(&made->json);
    for (size_t i = 0; i < asked.ret_tables_count; i++) {
        put_table(&made->json, &asked.ret_tables[i]);
    }
    json_end(&made->json);
    json_close(&made->json);
    reply_end(reply, made, 200);
    return FAULT_NONE;
}

enum fault figure_table_get(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    const struct api *api = http_owner(request);
    struct figures_asked asked = {.office = api->office,
                                  .only = figure_only(ctx->actor),
                                  .table = http_path_value(request, "table")};
    enum figure_format format = FIGURE_JSON;
    enum fault fault = figure_days(ctx, request, &asked.period);
    enum fault form = figure_format(ctx, request, &format);
    fault = fault == FAULT_NONE ? form : fault;
    if (fault == FAULT_NONE && strcmp(asked.table, "all") == 0) {
        asked.table = NULL;
    }
    if (fault == FAULT_NONE) {
        fault = store_read(api->store, ctx, figures_read, &asked);
    }
    if (fault != FAULT_NONE || asked.ret_tables_count == 0) {
        return fault == FAULT_NONE ? FAULT_NOT_FOUND : fault;
    }
    if (format != FIGURE_JSON) {
        struct report report = report_of_figures(ctx, &asked);
        return figure_send(ctx, request, reply, &report, format,
                           asked.table == NULL ? "figures" : asked.table);
    }
    struct reply_json *made = reply_begin(ctx);
    put_table(&made->json, &asked.ret_tables[0]);
    reply_end(reply, made, 200);
    return FAULT_NONE;
}

/* ---- Appraisal ---- */

static void put_indicators(struct json_writer *json, const struct appraisal *appraisal)
{
    json_key(json, "indicators");
    json_list(json);
    for (size_t i = 0; i < appraisal->indicators_count; i++) {
        const struct indicator *indicator = appraisal->indicators[i];
        json_open(json);
        json_put_text(json, "code", indicator->code);
        json_put_label(json, "label", &indicator->label);
        json_put_int(json, "weight", indicator->weight);
        json_put_text(json, "article", indicator->article);
        json_put_text(json, "unit", "percent");
        json_put_label(json, "formula", &indicator->formula);
        json_close(json);
    }
    json_end(json);
}

static void put_body(struct json_writer *json, const struct appraisal *appraisal,
                     const struct appraisal_body *body)
{
    json_open(json);
    json_put_text(json, "org", body->org->code);
    json_put_label(json, "label", &body->org->short_name);
    appraisal_put_marks(json, appraisal, body);
    json_close(json);
}

struct appraising {
    struct appraisal_asked asked;
    bool is_fixed;
    struct appraisal_fixed fixed;
};

static enum fault read_appraisal(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct appraising *appraising = arg;
    enum fault fault = appraisal_read(ctx, tx, &appraising->asked);
    if (fault != FAULT_NONE) {
        return fault;
    }
    fault = appraisal_fixed(ctx, tx, appraising->asked.period.text, &appraising->fixed);
    appraising->is_fixed = fault == FAULT_NONE;
    return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
}

/* What an appraisal has fixed; whose figures they are reads them in his own matter. */
static void put_fixed(struct json_writer *json, const struct appraising *appraising)
{
    const struct appraisal_fixed *fixed = &appraising->fixed;
    json_put_bool(json, "published", appraising->is_fixed && fixed->published);
    json_key(json, "fixed");
    if (!appraising->is_fixed || appraising->asked.only != NULL) {
        json_none(json);
        return;
    }
    json_open(json);
    put_id(json, "matter", fixed->matter);
    json_put_time(json, "time", fixed->made_ms);
    json_put_text(json, "sha256", fixed->sha256);
    json_put_text(json, "sm3", fixed->sm3);
    json_key(json, "result");
    json_raw(json, fixed->text);
    json_close(json);
}

static void put_appraisal(struct json_writer *json, const struct appraising *appraising)
{
    const struct appraisal *appraisal = &appraising->asked.ret_appraisal;
    json_open(json);
    json_put_text(json, "period", appraisal->period.text);
    put_indicators(json, appraisal);
    json_key(json, "bodies");
    json_list(json);
    for (size_t i = 0; i < appraisal->bodies_count; i++) {
        put_body(json, appraisal, &appraisal->bodies[i]);
    }
    json_end(json);
    put_fixed(json, appraising);
    json_close(json);
}

enum fault appraisal_get(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    const struct api *api = http_owner(request);
    struct appraising appraising = {
        .asked = {.office = api->office, .only = figure_only(ctx->actor)}};
    enum figure_format format = FIGURE_JSON;
    enum fault fault = figure_quarter(ctx, request, &appraising.asked.period);
    enum fault form = figure_format(ctx, request, &format);
    fault = fault == FAULT_NONE ? form : fault;
    if (fault == FAULT_NONE) {
        fault = store_read(api->store, ctx, read_appraisal, &appraising);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    if (format != FIGURE_JSON) {
        struct report report = report_of_appraisal(ctx, &appraising.asked.ret_appraisal);
        return figure_send(ctx, request, reply, &report, format,
                           arena_printf(ctx->arena, "appraisal-%s", appraising.asked.period.text));
    }
    struct reply_json *made = reply_begin(ctx);
    put_appraisal(&made->json, &appraising);
    reply_end(reply, made, 200);
    return FAULT_NONE;
}
