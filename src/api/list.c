/* Lists of matters: filters, search, sorting, cursors. Everything goes through the visibility
 * predicate. */
#include "api/endpoints.h"
#include "api/input.h"
#include "api/reply.h"
#include "base/id.h"
#include "base/limit.h"
#include "base/text.h"
#include "calendar/date.h"
#include "store/search.h"

#include <stdio.h>
#include <string.h>

enum sort { SORT_CREATED, SORT_UPDATED, SORT_DUE };

struct listing {
    const struct api *api;
    struct http_request *request;
    struct json_writer *json;
    enum sort sort;
    int64_t limit;
    int64_t after_value; /* Of the cursor: the sort column, and the id. */
    int64_t after_id;
    bool continued;
    /* The last row written, for the next cursor. */
    int64_t last_value, last_id;
    int64_t count;
};

/* Without a wish the newest come first; among running clocks the most urgent. */
static enum sort usual_sort(const struct listing *listing)
{
    const char *light = http_query(listing->request, "light");
    bool running =
        text_equal(light, "red") || text_equal(light, "yellow") || text_equal(light, "green");
    return running ? SORT_DUE : SORT_CREATED;
}

static enum fault read_sort(struct ctx *ctx, struct listing *listing)
{
    static const char *const names[] = {"created", "updated", "due"};
    const char *sort = http_query(listing->request, "sort");
    listing->sort = usual_sort(listing);
    if (sort == NULL || sort[0] == 0) {
        return FAULT_NONE;
    }
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(sort, names[i]) == 0) {
            listing->sort = (enum sort)i;
            return FAULT_NONE;
        }
    }
    return ctx_field(ctx, "sort", "One of created, updated, due.", "应为created、updated或due。");
}

/* A cursor is "value.id": where the page before ended. */
static enum fault read_cursor(struct ctx *ctx, struct listing *listing)
{
    const char *after = http_query(listing->request, "after");
    if (after == NULL || after[0] == 0) {
        return FAULT_NONE;
    }
    const char *dot = strchr(after, '.');
    bool right = dot != NULL &&
                 text_to_int(arena_bytes(ctx->arena, after, (size_t)(dot - after)), 0, INT64_MAX,
                             &listing->after_value) &&
                 id_parse(dot + 1, &listing->after_id);
    listing->continued = right;
    return right ? FAULT_NONE
                 : ctx_field(ctx, "after", "This is no cursor of this list.", "翻页位置无效。");
}

static void filter_text(struct query *query, const struct listing *listing, const char *name,
                        const char *column)
{
    const char *value = http_query(listing->request, name);
    if (value != NULL && value[0] != 0) {
        query_add(query, " AND ");
        query_add(query, column);
        query_add(query, " = ");
        query_value(query, sql_text(value));
    }
}

static enum fault filter_day(struct ctx *ctx, struct query *query, const struct listing *listing,
                             const char *name, bool end)
{
    const char *value = http_query(listing->request, name);
    int32_t date = 0;
    if (value == NULL || value[0] == 0) {
        return FAULT_NONE;
    }
    if (!date_parse(value, &date)) {
        return ctx_field(ctx, name, "A day like 2026-02-13 is expected.",
                         "应为日期，如2026-02-13。");
    }
    query_add(query, end ? " AND m.created_ms < " : " AND m.created_ms >= ");
    query_value(query, sql_int(date_start_ms(end ? date + 1 : date)));
    return FAULT_NONE;
}

static enum fault filter_light(struct ctx *ctx, struct query *query, const struct listing *listing)
{
    const char *light = http_query(listing->request, "light");
    if (light == NULL || light[0] == 0) {
        return FAULT_NONE;
    }
    int64_t yellow_ms = clock_yellow_until_ms(listing->api->office, ctx, ctx->now_ms);
    query_add(query, " AND m.final = 0 AND m.due_ms ");
    if (strcmp(light, "red") == 0) {
        query_add(query, "<= ");
        query_value(query, sql_int(ctx->now_ms));
    } else if (strcmp(light, "yellow") == 0) {
        query_add(query, "> ");
        query_value(query, sql_int(ctx->now_ms));
        query_add(query, " AND m.due_ms <= ");
        query_value(query, sql_int(yellow_ms));
    } else if (strcmp(light, "green") == 0) {
        query_add(query, "> ");
        query_value(query, sql_int(yellow_ms));
    } else if (strcmp(light, "grey") == 0) {
        query_add(query, "IS NULL AND m.paused = 1");
    } else {
        return ctx_field(ctx, "light", "One of red, yellow, green, grey.",
                         "应为red、yellow、green或grey。");
    }
    return FAULT_NONE;
}

static enum fault filter_body(struct ctx *ctx, struct query *query, const struct listing *listing)
{
    const char *body = http_query(listing->request, "body");
    const char *role = http_query(listing->request, "role");
    bool holder = text_equal(role, "holder");
    if (role != NULL && role[0] != 0 && !holder && strcmp(role, "party") != 0) {
        return ctx_field(ctx, "role", "holder or party.", "应为holder或party。");
    }
    if (body == NULL || body[0] == 0) {
        return FAULT_NONE;
    }
    if (holder) {
        query_add(query, " AND m.holder = ");
        query_value(query, sql_text(body));
        return FAULT_NONE;
    }
    /* Alone in its part, or one of several. */
    static const char *const tables[] = {"matter_party", "matter_member"};
    unsigned org = query_number(query, sql_text(body));
    query_add(query, " AND (");
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        query_add(query, arena_printf(ctx->arena,
                                      "%sEXISTS (SELECT 1 FROM %s p WHERE p.region = m.region"
                                      " AND p.matter = m.id AND p.org = $%u)",
                                      i == 0 ? "" : " OR ", tables[i], org));
    }
    query_add(query, ")");
    return FAULT_NONE;
}

static enum fault filter_open(struct ctx *ctx, struct query *query, const struct listing *listing)
{
    const char *open = http_query(listing->request, "open");
    if (text_equal(open, "true")) {
        query_add(query, " AND m.final = 0");
    } else if (text_equal(open, "false")) {
        query_add(query, " AND m.final = 1");
    } else if (open != NULL && open[0] != 0) {
        return ctx_field(ctx, "open", "true or false.", "应为true或false。");
    }
    return FAULT_NONE;
}

static void filter_words(struct ctx *ctx, struct store_tx *tx, struct query *query,
                         const struct listing *listing)
{
    const char *typed = http_query(listing->request, "q");
    const char *words = typed == NULL ? NULL : search_words(tx, ctx->arena, typed);
    if (words != NULL) {
        unsigned number = query_number(query, sql_text(words));
        query_add(query, " AND ");
        query_add(query, search_condition(tx, ctx->arena, "m.id", number));
    } else if (typed != NULL && typed[0] != 0) {
        query_add(query, " AND 0 = 1");
    }
}

static void add_order(const struct ctx *ctx, struct query *query, const struct listing *listing)
{
    static const char *const columns[] = {NULL, "m.updated_ms", "m.due_ms"};
    bool rising = listing->sort == SORT_DUE;
    const char *column = columns[listing->sort];
    /* Ids grow with time: the newest first is by id, in the order of the predicate's own table. */
    bool grey = text_equal(http_query(listing->request, "light"), "grey");
    /* What is paused has an index of its own. */
    const char *id = column == NULL && !grey ? people_visible_id(ctx->actor) : "m.id";
    if (listing->sort == SORT_DUE) {
        query_add(query, " AND m.due_ms IS NOT NULL AND m.final = 0");
    }
    if (listing->continued && column == NULL) {
        query_add(query, " AND ");
        query_add(query, id);
        query_add(query, " < ");
        query_value(query, sql_int(listing->after_id));
    } else if (listing->continued) {
        query_add(query, " AND (");
        query_add(query, column);
        query_add(query, rising ? ", m.id) > (" : ", m.id) < (");
        query_value(query, sql_int(listing->after_value));
        query_add(query, ", ");
        query_value(query, sql_int(listing->after_id));
        query_add(query, ")");
    }
    query_add(query, " ORDER BY ");
    if (column != NULL) {
        query_add(query, column);
        query_add(query, rising ? ", " : " DESC, ");
    }
    query_add(query, id);
    query_add(query, rising ? " LIMIT " : " DESC LIMIT ");
    query_value(query, sql_int(listing->limit + 1));
}

static enum fault build(struct ctx *ctx, struct store_tx *tx, struct listing *listing,
                        struct query *query)
{
    query_init(query, ctx->arena);
    query_add(query, "SELECT m.id, m.reference, m.title, m.procedure, m.state, m.final, m.holder,"
                     " m.version, m.created_ms, m.updated_ms, m.due_ms, m.paused");
    people_visible_from(ctx->actor, query);
    filter_text(query, listing, "procedure", "m.procedure");
    filter_text(query, listing, "state", "m.state");
    /* One after the other: each adds to the statement. All are asked, so that all mistakes are
     * told. */
    enum fault faults[5];
    faults[0] = filter_body(ctx, query, listing);
    faults[1] = filter_open(ctx, query, listing);
    faults[2] = filter_light(ctx, query, listing);
    faults[3] = filter_day(ctx, query, listing, "from", false);
    faults[4] = filter_day(ctx, query, listing, "to", true);
    filter_words(ctx, tx, query, listing);
    add_order(ctx, query, listing);
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        if (faults[i] != FAULT_NONE) {
            return faults[i];
        }
    }
    return FAULT_NONE;
}

static void put_due(struct json_writer *json, const struct listing *listing, struct ctx *ctx,
                    int64_t due_ms, bool paused)
{
    if (due_ms == 0) {
        json_put_text(json, "light", paused ? "grey" : "none");
        put_time_or_null(json, "due_time", 0);
        json_put_text(json, "due", NULL);
        return;
    }
    /* A list shows the earliest clock as a day: an hour clock's due moment lies in its day. */
    struct clock clock = {.due_ms = due_ms, .due_date = date_of_ms(due_ms - 1)};
    enum light light = clock_light(listing->api->office, &clock, ctx->now_ms);
    json_put_text(json, "light", light_code(light));
    put_time_or_null(json, "due_time", due_ms);
    put_date(json, "due", clock.due_date);
    json_put_int(json, "remaining", clock_remaining(listing->api->office, &clock, ctx->now_ms));
    json_put_text(json, "unit", "wd");
}

static void put_row(struct json_writer *json, const struct listing *listing, struct ctx *ctx,
                    const struct sql_rows *rows)
{
    json_open(json);
    put_id(json, "id", sql_column_int(rows, 0));
    json_put_text(json, "reference", sql_column_text(rows, 1));
    json_put_text(json, "title", sql_column_text(rows, 2));
    json_put_text(json, "procedure", sql_column_text(rows, 3));
    json_put_text(json, "state", sql_column_text(rows, 4));
    json_put_bool(json, "final", sql_column_int(rows, 5) != 0);
    json_put_text(json, "holder", sql_column_text(rows, 6));
    json_put_int(json, "version", sql_column_int(rows, 7));
    json_put_time(json, "created", sql_column_int(rows, 8));
    json_put_time(json, "updated", sql_column_int(rows, 9));
    bool final = sql_column_int(rows, 5) != 0;
    put_due(json, listing, ctx, final ? 0 : sql_column_int(rows, 10),
            !final && sql_column_int(rows, 11) != 0);
    json_close(json);
}

static enum fault list_matters(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct listing *listing = arg;
    struct query query;
    enum fault fault = build(ctx, tx, listing, &query);
    SCOPED(sql_rows) rows = NULL;
    if (fault == FAULT_NONE) {
        fault = query_run(&query, ctx, tx, &rows);
    }
    while (fault == FAULT_NONE && sql_next(rows)) {
        if (listing->count++ == listing->limit) {
            break;
        }
        put_row(listing->json, listing, ctx, rows);
        static const unsigned columns[] = {0, 9, 10};
        listing->last_id = sql_column_int(rows, 0);
        listing->last_value = sql_column_int(rows, columns[listing->sort]);
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

static void put_next(struct json_writer *json, const struct listing *listing)
{
    json_key(json, "next");
    if (listing->count <= listing->limit) {
        json_none(json);
        return;
    }
    char id[ID_TEXT];
    id_format(listing->last_id, id);
    long long value = listing->sort == SORT_CREATED ? 0 : (long long)listing->last_value;
    json_text(json, arena_printf(json->buffer->arena, "%lld.%s", value, id));
}

enum fault matters_get(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    const struct api *api = http_owner(request);
    struct reply_json *made = reply_begin(ctx);
    struct listing listing = {.api = api, .request = request, .json = &made->json};
    enum fault fault = input_number(ctx, request, "limit", 1, LIMIT_LIST_ROWS, 20, &listing.limit);
    enum fault sort = read_sort(ctx, &listing);
    enum fault cursor = read_cursor(ctx, &listing);
    fault = fault == FAULT_NONE ? sort : fault;
    fault = fault == FAULT_NONE ? cursor : fault;
    json_open(&made->json);
    json_key(&made->json, "items");
    json_list(&made->json);
    if (fault == FAULT_NONE) {
        fault = store_read(api->store, ctx, list_matters, &listing);
    }
    json_end(&made->json);
    put_next(&made->json, &listing);
    json_close(&made->json);
    reply_end(reply, made, 200);
    return fault;
}
