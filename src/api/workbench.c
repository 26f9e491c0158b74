/* The workbench: what my body owes, most urgent first, and the figures above it. */
#include "api/endpoints.h"
#include "api/reply.h"
#include "calendar/date.h"
#include "matter/tally.h"

struct counts {
    int64_t mine, red, yellow, green, grey, closed_month;
};

struct working {
    const struct api *api;
    struct json_writer *json;
    struct counts counts;
};

/* The open clocks that my body owes, of matters that it sees. */
static void add_open_duties(struct ctx *ctx, struct query *query)
{
    query_add(query, " FROM deadline d JOIN matter o ON o.region = d.region AND o.id = d.matter"
                     " WHERE d.region = ");
    query_value(query, sql_int(ctx->actor->region));
    query_add(query, " AND d.obligor = ");
    query_value(query, sql_text(ctx->actor->org->code));
    query_add(query, " AND d.ended_ms IS NULL AND EXISTS (SELECT 1 ");
    /* The predicate names its matter m; here it is asked for each duty's. */
    people_visible_one(ctx->actor, query, "d.matter");
    query_add(query, ")");
}

/* Grey, red, yellow and green in one pass over the index of what the body owes. */
static enum fault count_clocks(struct ctx *ctx, struct store_tx *tx, struct working *working)
{
    int64_t yellow_ms = clock_yellow_until_ms(working->api->office, ctx, ctx->now_ms);
    struct query query;
    query_init(&query, ctx->arena);
    unsigned now = query_number(&query, sql_int(ctx->now_ms));
    unsigned yellow = query_number(&query, sql_int(yellow_ms));
    query_add(&query, arena_printf(ctx->arena,
                                   "SELECT coalesce(sum(CASE WHEN d.paused_ms IS NOT NULL"
                                   " THEN 1 ELSE 0 END), 0),"
                                   " coalesce(sum(CASE WHEN d.paused_ms IS NULL AND d.due_ms <= $%u"
                                   " THEN 1 ELSE 0 END), 0),"
                                   " coalesce(sum(CASE WHEN d.paused_ms IS NULL AND d.due_ms > $%u"
                                   " AND d.due_ms <= $%u THEN 1 ELSE 0 END), 0),"
                                   " coalesce(sum(CASE WHEN d.paused_ms IS NULL AND d.due_ms > $%u"
                                   " AND d.due_ms > $%u THEN 1 ELSE 0 END), 0)",
                                   now, now, yellow, now, yellow));
    people_owed_from(ctx->actor, &query);
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = query_run(&query, ctx, tx, &rows);
    if (fault == FAULT_NONE && sql_next(rows)) {
        working->counts.grey = sql_column_int(rows, 0);
        working->counts.red = sql_column_int(rows, 1);
        working->counts.yellow = sql_column_int(rows, 2);
        working->counts.green = sql_column_int(rows, 3);
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

static enum fault count_held(struct ctx *ctx, struct store_tx *tx, int64_t *ret_count)
{
    struct query query;
    query_init(&query, ctx->arena);
    query_add(&query, "SELECT count(*)");
    people_held_from(ctx->actor, &query);
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = query_run(&query, ctx, tx, &rows);
    if (fault == FAULT_NONE && sql_next(rows)) {
        *ret_count = sql_column_int(rows, 0);
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

/* What ended this month and my body had a part in: from the figures, not from the matters. */
static enum fault count_closed(struct ctx *ctx, struct store_tx *tx, const struct office *office,
                               int64_t *ret_count)
{
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    date_split(date_of_ms(ctx->now_ms), &year, &month, &day);
    int32_t first = date_join(year, month, 1);
    int32_t next = month == 12 ? date_join(year + 1, 1, 1) : date_join(year, month + 1, 1);
    struct tally tally;
    enum fault fault = tally_read(ctx, tx, office, first, next - 1, &tally);
    const char *body = people_sees_all(ctx->actor) ? "" : ctx->actor->org->code;
    *ret_count = fault == FAULT_NONE ? tally_sum(&tally, TALLY_CLOSED, body, NULL).amount : 0;
    return fault;
}

static enum fault count_matters(struct ctx *ctx, struct store_tx *tx, struct working *working)
{
    enum fault fault = count_held(ctx, tx, &working->counts.mine);
    return fault == FAULT_NONE
               ? count_closed(ctx, tx, working->api->office, &working->counts.closed_month)
               : fault;
}

/* Would the action settle the clock now: meet it, or carry it on elsewhere (a transfer)? */
static bool may_settle(const struct rules_deadline *rule, const struct rules_action *action,
                       const struct rules_state *state, const struct actor *actor)
{
    return state != NULL && ((rule->met_by | rule->lifted_by) & 1ull << action->index) != 0 &&
           (action->from & 1ull << state->index) != 0 &&
           (action->by & 1u << rule->obligor->index) != 0 && (action->roles & actor->roles) != 0;
}

static void put_duty(struct json_writer *json, const struct working *working, struct ctx *ctx,
                     const struct sql_rows *rows)
{
    const struct office *office = working->api->office;
    const struct rulebook *book = office_edition(office, sql_column_text(rows, 14));
    const struct rules_procedure *procedure =
        book == NULL ? NULL : rules_procedure(book, sql_column_text(rows, 3));
    const struct rules_deadline *rule =
        procedure == NULL ? NULL : rules_deadline(procedure, sql_column_text(rows, 6));
    struct clock clock = {.id = sql_column_int(rows, 5), .rule = rule};
    const struct rules_state *state =
        procedure == NULL ? NULL : rules_state(procedure, sql_column_text(rows, 4));
    bool until = rule != NULL && rule->until != NULL;
    if (rule == NULL || (!until && !span_parse(sql_column_text(rows, 8), &clock.within))) {
        return;
    }
    clock.obligor = sql_column_text(rows, 7);
    clock.from_ms = sql_column_int(rows, 9);
    clock.due_ms = sql_column_int(rows, 10);
    clock.due_date = (int32_t)sql_column_int(rows, 11);
    clock.provisional = sql_column_int(rows, 12) != 0;
    clock.paused_ms = sql_column_int(rows, 13);
    struct view view = {.api = working->api, .ctx = ctx};
    json_open(json);
    json_key(json, "matter");
    json_open(json);
    put_id(json, "id", sql_column_int(rows, 0));
    json_put_text(json, "reference", sql_column_text(rows, 1));
    json_put_text(json, "title", sql_column_text(rows, 2));
    json_put_text(json, "procedure", procedure->code);
    json_put_text(json, "state", sql_column_text(rows, 4));
    json_close(json);
    json_key(json, "clock");
    put_clock(json, &view, &clock);
    json_key(json, "actions");
    json_list(json);
    for (size_t i = 0; i < procedure->actions_count; i++) {
        if (may_settle(rule, &procedure->actions[i], state, ctx->actor)) {
            json_text(json, procedure->actions[i].code);
        }
    }
    json_end(json);
    json_close(json);
}

static enum fault list_duties(struct ctx *ctx, struct store_tx *tx, struct working *working)
{
    SCOPED(sql_rows) rows = NULL;
    struct query query;
    query_init(&query, ctx->arena);
    query_add(&query, "SELECT o.id, o.reference, o.title, o.procedure, o.state, d.id, d.code,"
                      " d.obligor, d.within, d.from_ms, d.due_ms, d.due_date, d.provisional,"
                      " d.paused_ms, o.edition");
    add_open_duties(ctx, &query);
    query_add(&query, " ORDER BY d.due_ms LIMIT 100");
    enum fault fault = query_run(&query, ctx, tx, &rows);
    json_key(working->json, "items");
    json_list(working->json);
    while (fault == FAULT_NONE && sql_next(rows)) {
        put_duty(working->json, working, ctx, rows);
    }
    json_end(working->json);
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

static void put_counts(struct json_writer *json, const struct counts *counts)
{
    json_key(json, "counts");
    json_open(json);
    json_put_int(json, "mine", counts->mine);
    json_put_int(json, "red", counts->red);
    json_put_int(json, "yellow", counts->yellow);
    json_put_int(json, "green", counts->green);
    json_put_int(json, "grey", counts->grey);
    json_put_int(json, "closed_month", counts->closed_month);
    json_close(json);
}

static enum fault read_workbench(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct working *working = arg;
    enum fault fault = count_clocks(ctx, tx, working);
    if (fault == FAULT_NONE) {
        fault = count_matters(ctx, tx, working);
    }
    json_open(working->json);
    put_counts(working->json, &working->counts);
    if (fault == FAULT_NONE) {
        fault = list_duties(ctx, tx, working);
    }
    if (fault == FAULT_NONE) {
        fault = put_waiting_drafts(working->json, ctx, tx, working->api);
    }
    json_close(working->json);
    return fault;
}

enum fault workbench_get(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    const struct api *api = http_owner(request);
    struct reply_json *made = reply_begin(ctx);
    struct working working = {.api = api, .json = &made->json};
    enum fault fault = store_read(api->store, ctx, read_workbench, &working);
    reply_end(reply, made, 200);
    return fault;
}
