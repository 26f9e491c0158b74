/* Health, figures, the interface's description, and the clock of a test server. */
#include "api/endpoints.h"
#include "api/input.h"
#include "api/reply.h"
#include "base/clock.h"
#include "base/text.h"
#include "calendar/date.h"

#include <stdio.h>
#include <string.h>

static enum fault ping(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    (void)arg;
    SCOPED(sql_rows) rows = NULL;
    return sql_one(tx, ctx, "SELECT 1", SQL_NO_ARGS, &rows);
}

enum fault health_get(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    const struct api *api = http_owner(request);
    enum fault fault = store_read(api->store, ctx, ping, NULL);
    struct reply_json *made = reply_begin(ctx);
    json_open(&made->json);
    json_put_text(&made->json, "status", "ok");
    json_put_text(&made->json, "version", LIANDONG_VERSION);
    json_close(&made->json);
    reply_end(reply, made, 200);
    return fault;
}

enum fault metrics_get(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    const struct api *api = http_owner(request);
    if (!input_is_local(request)) {
        return FAULT_NOT_FOUND;
    }
    struct store_figures store;
    struct http_figures http;
    store_figures(api->store, &store);
    http_figures(api->server, &http);
    const struct {
        const char *name;
        const char *type;
        unsigned long long value;
    } rows[] = {
        {"liandong_write_jobs_total", "counter", store.jobs},
        {"liandong_write_batches_total", "counter", store.batches},
        {"liandong_write_batch_faults_total", "counter", store.batch_faults},
        {"liandong_write_retries_total", "counter", store.retries},
        {"liandong_write_busy_total", "counter", store.busy},
        {"liandong_write_queue_length", "gauge", store.queue_length},
        {"liandong_http_requests_total", "counter", http.requests},
        {"liandong_http_faults_4xx_total", "counter", http.faults_4xx},
        {"liandong_http_faults_5xx_total", "counter", http.faults_5xx},
        {"liandong_http_connections", "gauge", http.connections},
        {"liandong_http_suspended", "gauge", http.suspended},
        {"liandong_http_streams", "gauge", http.streams},
    };
    struct buffer text;
    buffer_init(&text, ctx->arena);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        buffer_printf(&text, "# TYPE %s %s\n%s %llu\n", rows[i].name, rows[i].type, rows[i].name,
                      rows[i].value);
    }
    reply->media_type = "text/plain; version=0.0.4";
    http_reply_buffer(reply, 200, &text);
    return FAULT_NONE;
}

/* Sets the clock of a server that was started with --test-clock; the route is hidden otherwise. */
enum fault test_clock_post(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    static const char *const keys[] = {"now", NULL};
    SCOPED_JSON body = NULL;
    enum fault fault = input_object(ctx, request, keys, &body);
    const char *now = fault == FAULT_NONE ? input_text(ctx, body, "now", true) : NULL;
    int64_t now_ms = 0;
    if (fault == FAULT_NONE && (now == NULL || !minute_parse(now, &now_ms))) {
        fault = ctx_field(ctx, "now", "A minute like 2021-09-17T16:40 is expected.",
                          "应为时刻，如2021-09-17T16:40。");
    }
    if (fault == FAULT_NONE) {
        clock_set(now_ms);
        reply->status = 204;
    }
    return fault;
}

struct route_row {
    const char *method;
    const char *pattern;
    const char *permission;
    const char *body;
    const char *handler;
    const char *summary;
};

static const struct route_row route_rows[] = {
#define ROUTE(METHOD, pattern, PERMISSION, BODY, handler, summary)                                 \
    {#METHOD, pattern, #PERMISSION, #BODY, #handler, summary},
#include "api/tbl/route.h"
#undef ROUTE
};

static const char *lower(struct arena *arena, const char *word)
{
    char *copy = arena_text(arena, word);
    for (char *p = copy; *p != 0; p++) {
        *p = (char)(*p >= 'A' && *p <= 'Z' ? *p - 'A' + 'a' : *p);
    }
    return copy;
}

static const struct query_row {
    const char *pattern;
    const char *name;
    const char *type;
    const char *meaning;
} query_rows[] = {
#define QUERY(pattern, name, type, meaning) {pattern, name, type, meaning},
#include "api/tbl/query.h"
#undef QUERY
};

static void put_parameter(struct json_writer *json, const char *name, const char *in,
                          const char *type, const char *meaning)
{
    json_open(json);
    json_put_text(json, "name", name);
    json_put_text(json, "in", in);
    json_put_bool(json, "required", strcmp(in, "path") == 0);
    json_key(json, "schema");
    json_open(json);
    json_put_text(json, "type", type);
    json_close(json);
    if (meaning != NULL) {
        json_put_text(json, "description", meaning);
    }
    json_close(json);
}

/* Headers that acting needs, from what the route is. */
static void put_header_parameters(struct json_writer *json, const struct route_row *row)
{
    bool issues = strstr(row->pattern, "/papers/{paper}/issue") != NULL;
    bool acts = issues || strstr(row->pattern, "/actions/{action}") != NULL;
    bool starts = strcmp(row->method, "POST") == 0 && strstr(row->pattern, "/matters") != NULL &&
                  (issues || strstr(row->pattern, "/papers") == NULL);
    bool secured = strcmp(row->permission, "SESSION") == 0 || strcmp(row->permission, "CASES") == 0;
    if (acts) {
        put_parameter(json, "If-Match", "header", "string", "The version that was read");
    }
    if (starts || strcmp(row->pattern, "/api/v1/portal/act") == 0) {
        put_parameter(json, "Idempotency-Key", "header", "string", "Makes sending again safe");
    }
    if (secured && strcmp(row->method, "GET") != 0) {
        put_parameter(json, "X-CSRF-Token", "header", "string", "The token GET /session gave");
    }
}

static void put_parameters(struct json_writer *json, const struct route_row *row)
{
    struct arena *arena = json->buffer->arena;
    json_key(json, "parameters");
    json_list(json);
    for (const char *p = strchr(row->pattern, '{'); p != NULL; p = strchr(p + 1, '{')) {
        put_parameter(json, arena_bytes(arena, p + 1, strcspn(p + 1, "}")), "path", "string", NULL);
    }
    for (size_t i = 0; i < sizeof query_rows / sizeof query_rows[0]; i++) {
        bool here =
            strcmp(row->method, "GET") == 0 && strcmp(query_rows[i].pattern, row->pattern) == 0;
        if (here) {
            put_parameter(json, query_rows[i].name, "query", query_rows[i].type,
                          query_rows[i].meaning);
        }
    }
    put_header_parameters(json, row);
    json_end(json);
}

static void put_operation(struct json_writer *json, const struct route_row *row)
{
    json_key(json, lower(json->buffer->arena, row->method));
    json_open(json);
    json_put_text(json, "summary", row->summary);
    json_put_text(json, "operationId", row->handler);
    put_parameters(json, row);
    if (strcmp(row->body, "NO_BODY") != 0) {
        json_key(json, "requestBody");
        json_raw(
            json,
            strcmp(row->body, "JSON") == 0
                ? "{\"content\":{\"application/json\":{\"schema\":{\"type\":\"object\"}}}}"
                : "{\"content\":{\"multipart/form-data\":{\"schema\":{\"type\":\"object\"}}}}");
    }
    json_key(json, "security");
    json_raw(json, strcmp(row->permission, "PUBLIC") == 0 || strcmp(row->permission, "PORTAL") == 0
                       ? "[]"
                       : "[{\"session\":[]}]");
    json_key(json, "responses");
    json_raw(json, "{\"2XX\":{\"description\":\"Done\"},\"default\":{\"description\":\"Problem\","
                   "\"content\":{\"application/problem+json\":{\"schema\":"
                   "{\"$ref\":\"#/components/schemas/Problem\"}}}}}");
    json_close(json);
}

static void put_paths(struct json_writer *json)
{
    size_t count = sizeof route_rows / sizeof route_rows[0];
    json_key(json, "paths");
    json_open(json);
    for (size_t i = 0; i < count; i++) {
        bool test = strcmp(route_rows[i].permission, "TEST") == 0;
        bool first = i == 0 || strcmp(route_rows[i].pattern, route_rows[i - 1].pattern) != 0;
        if (test || !first) {
            continue;
        }
        json_key(json, route_rows[i].pattern);
        json_open(json);
        for (size_t k = i; k < count && strcmp(route_rows[k].pattern, route_rows[i].pattern) == 0;
             k++) {
            put_operation(json, &route_rows[k]);
        }
        json_close(json);
    }
    json_close(json);
}

enum fault openapi_get(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    (void)request;
    struct reply_json *made = reply_begin(ctx);
    json_open(&made->json);
    json_put_text(&made->json, "openapi", "3.1.0");
    json_key(&made->json, "info");
    json_open(&made->json);
    json_put_text(&made->json, "title", "Liandong");
    json_put_text(&made->json, "version", LIANDONG_VERSION);
    json_close(&made->json);
    put_paths(&made->json);
    json_key(&made->json, "components");
    json_raw(&made->json,
             "{\"securitySchemes\":{\"session\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":"
             "\"session\"}},\"schemas\":{\"Problem\":{\"type\":\"object\",\"properties\":{"
             "\"type\":{\"type\":\"string\"},\"title\":{\"type\":\"string\"},\"status\":{\"type\":"
             "\"integer\"},\"code\":{\"type\":\"integer\"},\"name\":{\"type\":\"string\"},"
             "\"detail\":{\"type\":\"string\"},\"fields\":{\"type\":\"array\"},\"request\":{"
             "\"type\":\"string\"}}}}}");
    json_close(&made->json);
    reply_end(reply, made, 200);
    return FAULT_NONE;
}
