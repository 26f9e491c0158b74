/* What everybody may know: bodies, competence, periods, codes, and a demonstration's
 * accounts. */
#include "api/endpoints.h"
#include "api/input.h"
#include "api/reply.h"
#include "base/credit_code.h"
#include "base/text.h"
#include "calendar/date.h"

#include <string.h>

static void put_organisation(struct json_writer *json, const struct org *org)
{
    json_open(json);
    json_put_text(json, "code", org->code);
    json_put_text(json, "kind", org_kind_code(org->kind));
    json_put_text(json, "sector", org->sector);
    json_put_label(json, "name", &org->name);
    json_put_label(json, "short", &org->short_name);
    json_put_bool(json, "user", org->user);
    json_close(json);
}

enum fault organisations_get(struct ctx *ctx, struct http_request *request,
                             struct http_reply *reply)
{
    const struct directory *directory =
        ((const struct api *)http_owner(request))->office->directory;
    struct reply_json *made = reply_begin(ctx);
    json_open(&made->json);
    json_key(&made->json, "items");
    json_list(&made->json);
    for (size_t i = 0; i < directory->orgs_count; i++) {
        put_organisation(&made->json, &directory->orgs[i]);
    }
    json_end(&made->json);
    json_close(&made->json);
    reply_end(reply, made, 200);
    return FAULT_NONE;
}

enum { SECTORS_MAX = 16 };

static bool has_sector(const struct org *org, const char *const *sectors, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (org->sector != NULL && strcmp(org->sector, sectors[i]) == 0 &&
            org->kind != ORG_OUTSIDE) {
            return true;
        }
    }
    return false;
}

enum fault competence_get(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    const struct office *office = ((const struct api *)http_owner(request))->office;
    const char *category = http_query(request, "category");
    if (category == NULL) {
        return ctx_field(ctx, "category", "This field is missing.", "缺少此字段。");
    }
    const char *sectors[SECTORS_MAX];
    size_t count = rules_competent(office_book(office, ctx->now_ms), category,
                                   http_query(request, "stage"), sectors, SECTORS_MAX);
    struct reply_json *made = reply_begin(ctx);
    json_open(&made->json);
    json_key(&made->json, "sectors");
    json_list(&made->json);
    for (size_t i = 0; i < count; i++) {
        json_text(&made->json, sectors[i]);
    }
    json_end(&made->json);
    json_key(&made->json, "organisations");
    json_list(&made->json);
    for (size_t i = 0; i < office->directory->orgs_count; i++) {
        if (has_sector(&office->directory->orgs[i], sectors, count)) {
            json_text(&made->json, office->directory->orgs[i].code);
        }
    }
    json_end(&made->json);
    json_close(&made->json);
    reply_end(reply, made, 200);
    return FAULT_NONE;
}

static enum fault read_start(struct ctx *ctx, const char *text, int64_t *ret_ms)
{
    int32_t date = 0;
    if (text != NULL && minute_parse(text, ret_ms)) {
        return FAULT_NONE;
    }
    if (text == NULL || !date_parse(text, &date)) {
        return ctx_field(ctx, "from",
                         "A day (2026-02-13) or minute (2026-02-13T09:30) is expected.",
                         "应为日期（2026-02-13）或时刻（2026-02-13T09:30）。");
    }
    *ret_ms = date_start_ms(date);
    return FAULT_NONE;
}

enum fault deadline_get(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    const struct office *office = ((const struct api *)http_owner(request))->office;
    const char *within = http_query(request, "within");
    int64_t from_ms = 0;
    struct span span;
    enum fault fault = read_start(ctx, http_query(request, "from"), &from_ms);
    if (within == NULL || !span_parse(within, &span)) {
        fault = ctx_field(ctx, "within", "A period like 5wd, 7d, 24h, 3m, 1y is expected.",
                          "应为期限，如5wd、7d、24h、3m、1y。");
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    struct reply_json *made = reply_begin(ctx);
    fault = calendar_explain_json(office->calendar, ctx, from_ms, &span, NULL, 0, &made->json);
    if (fault != FAULT_NONE) {
        /* A date that the calendar does not reach is the asker's mistake here. */
        return ctx_field(ctx, "from", "The calendar does not reach this date.",
                         "日历不包含该日期。");
    }
    reply_end(reply, made, 200);
    return FAULT_NONE;
}

enum fault code_get(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    const char *code = http_path_value(request, "code");
    enum credit_code_mistake mistake = credit_code_check(code);
    struct reply_json *made = reply_begin(ctx);
    json_open(&made->json);
    json_put_text(&made->json, "code", code);
    json_put_bool(&made->json, "ok", mistake == CREDIT_CODE_OK);
    json_key(&made->json, "mistake");
    if (mistake == CREDIT_CODE_OK) {
        json_none(&made->json);
    } else {
        const struct label *label = credit_code_label(mistake);
        json_open(&made->json);
        json_put_text(&made->json, "zh", label->zh);
        json_put_text(&made->json, "en", label->en);
        json_close(&made->json);
    }
    json_close(&made->json);
    reply_end(reply, made, 200);
    return FAULT_NONE;
}

static void put_demo_account(struct json_writer *json, const struct api *api,
                             const struct sql_rows *rows)
{
    const struct org *org = directory_org(api->office->directory, sql_column_text(rows, 2));
    json_open(json);
    json_put_text(json, "login", sql_column_text(rows, 0));
    json_put_text(json, "password", api->demo_password);
    json_put_text(json, "name", sql_column_text(rows, 1));
    if (org != NULL) {
        json_put_label(json, "org", &org->name);
    }
    json_key(json, "roles");
    json_list(json);
    json_text(json, sql_column_text(rows, 3));
    json_end(json);
    json_close(json);
}

struct demo_listing {
    const struct api *api;
    struct json_writer *json;
};

static enum fault list_demo(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct demo_listing *listing = arg;
    SCOPED(sql_rows) rows = NULL;
    enum fault fault =
        sql_query(tx, ctx,
                  "SELECT a.login, a.name, a.org, min(r.role) FROM account a"
                  " JOIN account_role r ON r.region = a.region AND r.account = a.id"
                  " WHERE a.region = $1 AND a.active = 1 GROUP BY a.id, a.login, a.name, a.org"
                  " ORDER BY a.id",
                  SQL_ARGS(sql_int(listing->api->office->region)), &rows);
    while (fault == FAULT_NONE && sql_next(rows)) {
        put_demo_account(listing->json, listing->api, rows);
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

enum fault demo_get(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    const struct api *api = http_owner(request);
    struct reply_json *made = reply_begin(ctx);
    struct demo_listing listing = {.api = api, .json = &made->json};
    json_open(&made->json);
    json_put_bool(&made->json, "demo", api->demo);
    json_key(&made->json, "accounts");
    json_list(&made->json);
    enum fault fault = FAULT_NONE;
    if (api->demo && input_is_local(request)) {
        fault = store_read(api->store, ctx, list_demo, &listing);
    }
    json_end(&made->json);
    json_close(&made->json);
    reply_end(reply, made, 200);
    return fault;
}
