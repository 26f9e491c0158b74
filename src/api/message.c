/* What an account is told: listed, counted, marked as read. */
#include "matter/message.h"

#include "api/endpoints.h"
#include "api/input.h"
#include "api/reply.h"
#include "base/id.h"
#include "base/limit.h"
#include "base/text.h"
#include "calendar/date.h"
#include "store/query.h"

#include <string.h>

/* More than that many unread are not counted. */
enum { UNREAD_MAX = 1000 };

struct listing {
    const struct api *api;
    struct json_writer *json;
    bool unread;
    int64_t after, limit;
    int64_t count, last, unread_count;
};

/* Messages of the account; those of matters only while it sees them. `unread`: those alone. */
static void add_mine(struct ctx *ctx, struct query *query, bool unread)
{
    query_add(query, " WHERE n.region = ");
    query_value(query, sql_int(ctx->actor->region));
    query_add(query, " AND n.account = ");
    query_value(query, sql_int(ctx->actor->account));
    if (unread) {
        query_add(query, " AND n.read_ms IS NULL");
    }
    query_add(query, " AND (n.matter IS NULL OR EXISTS (SELECT 1");
    people_visible_one(ctx->actor, query, "n.matter");
    query_add(query, "))");
}

/* The clock a message is about, from the columns 10 on; false if the rules do not know it. */
static bool read_clock(const struct listing *listing, const struct sql_rows *rows,
                       struct clock *clock)
{
    const struct rulebook *book =
        sql_column_null(rows, 9) ? NULL
                                 : office_edition(listing->api->office, sql_column_text(rows, 9));
    const struct rules_procedure *procedure =
        book == NULL ? NULL : rules_procedure(book, sql_column_text(rows, 8));
    const char *code = sql_column_text(rows, 10);
    *clock = (struct clock){
        .rule = procedure == NULL || code == NULL ? NULL : rules_deadline(procedure, code),
        .due_ms = sql_column_int(rows, 12),
        .due_date = (int32_t)sql_column_int(rows, 13),
        .paused_ms = sql_column_int(rows, 14),
        .ended_ms = sql_column_int(rows, 15),
        .ended = sql_column_text(rows, 16)};
    if (clock->rule != NULL) {
        (void)span_parse(sql_column_text(rows, 11), &clock->within);
    }
    return clock->rule != NULL;
}

static void put_message_matter(struct json_writer *json, const struct sql_rows *rows)
{
    json_key(json, "matter");
    if (sql_column_null(rows, 5)) {
        json_none(json);
        return;
    }
    json_open(json);
    put_id(json, "id", sql_column_int(rows, 5));
    json_put_text(json, "reference", sql_column_text(rows, 6));
    json_put_text(json, "title", sql_column_text(rows, 7));
    json_put_text(json, "procedure", sql_column_text(rows, 8));
    json_close(json);
}

static void put_message_clock(struct json_writer *json, const struct listing *listing,
                              const struct ctx *ctx, const struct clock *clock)
{
    json_key(json, "clock");
    if (clock->rule == NULL) {
        json_none(json);
        return;
    }
    json_open(json);
    json_put_text(json, "code", clock->rule->code);
    json_put_label(json, "label", &clock->rule->label);
    put_date(json, "due", clock->due_date);
    put_time_or_null(json, "due_time", clock->due_ms);
    json_put_text(json, "light", light_code(clock_light(listing->api->office, clock, ctx->now_ms)));
    json_close(json);
}

static struct label name_of(struct ctx *ctx, const struct listing *listing,
                            const struct sql_rows *rows)
{
    const struct org *org =
        sql_column_null(rows, 17)
            ? NULL
            : directory_org(listing->api->office->directory, sql_column_text(rows, 17));
    const char *person = sql_column_text(rows, 18);
    if (person != NULL) {
        const char *copy = arena_text(ctx->arena, person);
        return (struct label){copy, copy};
    }
    return org == NULL ? (struct label){NULL, NULL} : org->short_name;
}

static void put_message(struct json_writer *json, struct listing *listing, struct ctx *ctx,
                        const struct sql_rows *rows)
{
    struct clock clock;
    struct message_words words = {.due_ms = sql_column_int(rows, 3),
                                  .was_due_ms = sql_column_int(rows, 4),
                                  .created_ms = sql_column_int(rows, 2),
                                  .name = name_of(ctx, listing, rows)};
    if (read_clock(listing, rows, &clock)) {
        words.rule = clock.rule;
        words.minute = clock_ends_at_minute(&clock);
    }
    if (!message_parse(sql_column_text(rows, 1), &words.kind)) {
        return;
    }
    struct label text = message_text(ctx->arena, listing->api->office, &words);
    json_open(json);
    put_id(json, "id", sql_column_int(rows, 0));
    json_put_time(json, "time", words.created_ms);
    json_put_text(json, "kind", message_code(words.kind));
    put_message_matter(json, rows);
    put_message_clock(json, listing, ctx, &clock);
    json_put_label(json, "text", &text);
    json_put_bool(json, "read", !sql_column_null(rows, 19));
    json_close(json);
}

static enum fault count_unread(struct ctx *ctx, struct store_tx *tx, struct listing *listing)
{
    struct query query;
    query_init(&query, ctx->arena);
    query_add(&query, "SELECT count(*) FROM (SELECT 1 FROM message n");
    add_mine(ctx, &query, true);
    query_add(&query, " LIMIT ");
    query_value(&query, sql_int(UNREAD_MAX));
    query_add(&query, ") AS few");
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = query_run(&query, ctx, tx, &rows);
    listing->unread_count = fault == FAULT_NONE && sql_next(rows) ? sql_column_int(rows, 0) : 0;
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

static enum fault list_messages(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct listing *listing = arg;
    struct query query;
    query_init(&query, ctx->arena);
    query_add(&query,
              "SELECT n.id, n.kind, n.created_ms, n.due_ms, n.was_due_ms, o.id, o.reference,"
              " o.title, o.procedure, o.edition, d.code, d.within, d.due_ms, d.due_date,"
              " d.paused_ms, d.ended_ms, d.ended, d.obligor, a.name, n.read_ms FROM message n"
              " LEFT JOIN matter o ON o.region = n.region AND o.id = n.matter"
              " LEFT JOIN deadline d ON d.region = n.region AND d.id = n.deadline"
              " LEFT JOIN account a ON a.region = n.region AND a.id = n.about");
    add_mine(ctx, &query, listing->unread);
    query_add(&query, " AND n.id < ");
    query_value(&query, sql_int(listing->after));
    query_add(&query, " ORDER BY n.id DESC LIMIT ");
    query_value(&query, sql_int(listing->limit + 1));
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = query_run(&query, ctx, tx, &rows);
    while (fault == FAULT_NONE && sql_next(rows)) {
        if (listing->count++ == listing->limit) {
            break;
        }
        put_message(listing->json, listing, ctx, rows);
        listing->last = sql_column_int(rows, 0);
    }
    fault = fault == FAULT_NONE ? sql_fault(rows) : fault;
    return fault == FAULT_NONE ? count_unread(ctx, tx, listing) : fault;
}

static enum fault read_wishes(struct ctx *ctx, struct http_request *request,
                              struct listing *listing)
{
    const char *unread = http_query(request, "unread");
    const char *after = http_query(request, "after");
    enum fault fault = input_number(ctx, request, "limit", 1, LIMIT_LIST_ROWS, 20, &listing->limit);
    listing->unread = text_equal(unread, "true");
    listing->after = INT64_MAX;
    if (unread != NULL && unread[0] != 0 && !listing->unread && strcmp(unread, "false") != 0) {
        fault = ctx_field(ctx, "unread", "true or false.", "应为true或false。");
    }
    if (after != NULL && after[0] != 0 && !id_parse(after, &listing->after)) {
        fault = ctx_field(ctx, "after", "This is no cursor of this list.", "翻页位置无效。");
    }
    return fault;
}

enum fault messages_get(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    const struct api *api = http_owner(request);
    struct reply_json *made = reply_begin(ctx);
    struct listing listing = {.api = api, .json = &made->json};
    enum fault fault = read_wishes(ctx, request, &listing);
    json_open(&made->json);
    json_key(&made->json, "items");
    json_list(&made->json);
    if (fault == FAULT_NONE) {
        fault = store_read(api->store, ctx, list_messages, &listing);
    }
    json_end(&made->json);
    if (listing.count > listing.limit) {
        put_id(&made->json, "next", listing.last);
    } else {
        json_put_text(&made->json, "next", NULL);
    }
    json_put_int(&made->json, "unread", listing.unread_count);
    json_close(&made->json);
    reply_end(reply, made, 200);
    return fault;
}

/* ---- Marking as read ---- */

struct marking {
    bool all;
    int64_t ids[LIMIT_LIST_ROWS];
    size_t count;
};

static enum fault mark(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    const struct marking *marking = arg;
    struct query query;
    query_init(&query, ctx->arena);
    enum fault fault = FAULT_NONE;
    if (marking->all) {
        return sql_run(tx, ctx,
                       "UPDATE message SET read_ms = $3 WHERE region = $1 AND account = $2"
                       " AND read_ms IS NULL",
                       SQL_ARGS(sql_int(ctx->actor->region), sql_int(ctx->actor->account),
                                sql_int(ctx->now_ms)),
                       NULL);
    }
    for (size_t i = 0; i < marking->count && fault == FAULT_NONE; i++) {
        fault = sql_run(tx, ctx,
                        "UPDATE message SET read_ms = $4 WHERE region = $1 AND id = $3"
                        " AND account = $2 AND read_ms IS NULL",
                        SQL_ARGS(sql_int(ctx->actor->region), sql_int(ctx->actor->account),
                                 sql_int(marking->ids[i]), sql_int(ctx->now_ms)),
                        NULL);
    }
    return fault;
}

static enum fault marked(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    (void)ctx;
    (void)request;
    reply->status = 204;
    return FAULT_NONE;
}

static enum fault read_ids(struct ctx *ctx, const json_t *ids, struct marking *marking)
{
    if (!json_is_array(ids) || json_array_size(ids) > LIMIT_LIST_ROWS) {
        return ctx_field(ctx, "ids", "A list of at most %d ids is expected.",
                         "应为编号列表，最多%d个。", LIMIT_LIST_ROWS);
    }
    for (size_t i = 0; i < json_array_size(ids); i++) {
        const char *text = json_string_value(json_array_get(ids, i));
        if (text == NULL || !id_parse(text, &marking->ids[marking->count++])) {
            return ctx_field(ctx, "ids", "This is no id.", "编号无效。");
        }
    }
    return FAULT_NONE;
}

enum fault messages_read_post(struct ctx *ctx, struct http_request *request,
                              struct http_reply *reply)
{
    (void)reply;
    static const char *const keys[] = {"ids", "all", NULL};
    SCOPED_JSON body = NULL;
    enum fault fault = input_object(ctx, request, keys, &body);
    if (fault != FAULT_NONE) {
        return fault;
    }
    struct marking *marking = arena_alloc(ctx->arena, sizeof *marking);
    const json_t *ids = json_object_get(body, "ids");
    const json_t *all = json_object_get(body, "all");
    marking->all = json_is_true(all);
    if (ids != NULL && all == NULL) {
        fault = read_ids(ctx, ids, marking);
    } else if (ids != NULL || !marking->all) {
        fault = ctx_field(ctx, "ids", "Either ids, or all: true.", "应提供ids，或all: true。");
    }
    return fault == FAULT_NONE ? reply_after_write(ctx, request, mark, marked, marking) : fault;
}

void api_tell_messages(void *arg, const char *org)
{
    const struct api *api = arg;
    uint64_t topic = topic_of_org(org);
    http_publish(api->server, &topic, 1, "message", "{}");
}
