/* The feed: every event the reader may see, in commit order, never one skipped. And the hints. */
#include "api/endpoints.h"
#include "api/input.h"
#include "api/reply.h"
#include "base/limit.h"

/* How many event numbers one request looks through: a body with few matters gets an empty page with
 * a later `next` instead of a long wait. */
enum { SCAN_MAX = 20000 };

struct feeding {
    const struct api *api;
    struct json_writer *json;
    int64_t after, limit;
    int64_t next;
    int64_t count;
};

static void put_feed_event(struct json_writer *json, const struct sql_rows *rows)
{
    json_open(json);
    json_put_int(json, "number", sql_column_int(rows, 0));
    put_id(json, "matter", sql_column_int(rows, 1));
    json_put_text(json, "reference", sql_column_text(rows, 2));
    json_put_text(json, "procedure", sql_column_text(rows, 3));
    json_put_text(json, "action", sql_column_text(rows, 4));
    json_put_text(json, "from", sql_column_text(rows, 5));
    json_put_text(json, "to", sql_column_text(rows, 6));
    json_put_time(json, "time", sql_column_int(rows, 7));
    json_close(json);
}

static enum fault last_number(struct ctx *ctx, struct store_tx *tx, int64_t *ret_last)
{
    SCOPED(sql_rows) rows = NULL;
    /* The condition is that of the index: without it SQLite reads every event. */
    enum fault fault =
        sql_one(tx, ctx, "SELECT coalesce(max(number), 0) FROM event WHERE number IS NOT NULL",
                SQL_NO_ARGS, &rows);
    if (fault == FAULT_NONE) {
        *ret_last = sql_column_int(rows, 0);
    }
    return fault;
}

static enum fault read_feed(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct feeding *feeding = arg;
    int64_t last = 0;
    enum fault fault = last_number(ctx, tx, &last);
    int64_t until = feeding->after + SCAN_MAX < last ? feeding->after + SCAN_MAX : last;
    struct query query;
    query_init(&query, ctx->arena);
    query_add(&query, "SELECT e.number, e.matter, o.reference, o.procedure, e.action, e.from_state,"
                      " e.to_state, e.recorded_ms FROM event e JOIN matter o"
                      " ON o.region = e.region AND o.id = e.matter WHERE e.number > ");
    query_value(&query, sql_int(feeding->after));
    query_add(&query, " AND e.number <= ");
    query_value(&query, sql_int(until));
    query_add(&query, " AND EXISTS (SELECT 1");
    people_visible_one(ctx->actor, &query, "e.matter");
    query_add(&query, ") ORDER BY e.number LIMIT ");
    query_value(&query, sql_int(feeding->limit));
    SCOPED(sql_rows) rows = NULL;
    fault = fault == FAULT_NONE ? query_run(&query, ctx, tx, &rows) : fault;
    while (fault == FAULT_NONE && sql_next(rows)) {
        put_feed_event(feeding->json, rows);
        feeding->next = sql_column_int(rows, 0);
        feeding->count++;
    }
    if (feeding->count < feeding->limit) {
        feeding->next = until > feeding->after ? until : feeding->after;
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

enum fault feed_get(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    const struct api *api = http_owner(request);
    struct reply_json *made = reply_begin(ctx);
    struct feeding feeding = {.api = api, .json = &made->json};
    enum fault fault =
        input_number(ctx, request, "after", 0, INT64_MAX - SCAN_MAX - 1, 0, &feeding.after);
    enum fault limit = input_number(ctx, request, "limit", 1, LIMIT_FEED_ROWS, 100, &feeding.limit);
    fault = fault == FAULT_NONE ? limit : fault;
    json_open(&made->json);
    json_key(&made->json, "items");
    json_list(&made->json);
    if (fault == FAULT_NONE) {
        fault = store_read(api->store, ctx, read_feed, &feeding);
    }
    json_end(&made->json);
    json_put_int(&made->json, "next", feeding.next);
    json_close(&made->json);
    reply_end(reply, made, 200);
    return fault;
}

enum fault stream_get(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    (void)reply;
    /* An auditor sees all matters, so it hears of all. */
    bool all = people_sees_all(ctx->actor);
    http_event_stream(request, all ? 0 : topic_of_org(ctx->actor->org->code),
                      owner_of_session(request));
    return FAULT_NONE;
}
