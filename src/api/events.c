/* The history of a matter, and the explanation of its clocks. */
#include "api/endpoints.h"
#include "api/input.h"
#include "api/reply.h"
#include "base/id.h"
#include "calendar/date.h"
#include "matter/recount.h"

#include <string.h>

struct history {
    const struct api *api;
    struct json_writer *json;
    int64_t id;
    const struct matter *matter;
    struct ctx *ctx;
    struct store_tx *tx;
};

/* The name of an account by its id in text; NULL: not known any more. */
static const char *account_name(const struct history *history, const char *account)
{
    int64_t id = 0;
    SCOPED(sql_rows) rows = NULL;
    struct ctx *ctx = history->ctx;
    if (!id_parse(account, &id)) {
        return NULL;
    }
    enum fault fault =
        sql_query(history->tx, ctx, "SELECT name FROM account WHERE region = $1 AND id = $2",
                  SQL_ARGS(sql_int(ctx->actor->region), sql_int(id)), &rows);
    return fault == FAULT_NONE && sql_next(rows) ? arena_text(ctx->arena, sql_column_text(rows, 0))
                                                 : NULL;
}

static void put_event_facts(struct json_writer *json, const struct matter *matter, json_t *facts)
{
    json_key(json, "facts");
    json_list(json);
    const char *code = NULL;
    json_t *value = NULL;
    json_object_foreach(facts, code, value)
    {
        const struct rules_fact *fact = rules_fact(matter->procedure, code);
        if (fact == NULL) {
            continue;
        }
        json_open(json);
        json_put_text(json, "code", code);
        json_put_label(json, "label", &fact->label);
        if (json_is_true(value) && fact->secrecy != SECRECY_OPEN) {
            json_put_bool(json, "hidden", true);
        } else {
            json_key(json, "value");
            put_fact_value(json, fact, json_string_value(value));
        }
        json_close(json);
    }
    json_end(json);
}

/* A file's name may tell what is in it: it is for who may read the file. */
static void put_event_materials(struct json_writer *json, const json_t *materials, bool readable)
{
    json_key(json, "materials");
    json_list(json);
    for (size_t i = 0; readable && i < json_array_size(materials); i++) {
        const json_t *item = json_array_get(materials, i);
        if (json_object_get(item, "id") == NULL) {
            continue;
        }
        json_open(json);
        json_put_text(json, "id", json_string_value(json_object_get(item, "id")));
        json_put_text(json, "name", json_string_value(json_object_get(item, "name")));
        json_close(json);
    }
    json_end(json);
}

/* The papers it issued; who drafted and approved them, by name. */
static void put_event_papers(struct json_writer *json, const struct history *history,
                             const json_t *papers)
{
    static const char *const texts[] = {"id",         "code",   "number", "content_sha256",
                                        "pdf_sha256", "pdf_sm3"};
    static const char *const people[] = {"drafted_by", "approved_by"};
    json_key(json, "papers");
    json_list(json);
    for (size_t i = 0; i < json_array_size(papers); i++) {
        const json_t *paper = json_array_get(papers, i);
        json_open(json);
        for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++) {
            const char *text = json_string_value(json_object_get(paper, texts[k]));
            if (text != NULL) {
                json_put_text(json, texts[k], text);
            }
        }
        for (size_t k = 0; k < sizeof people / sizeof people[0]; k++) {
            const char *account = json_string_value(json_object_get(paper, people[k]));
            if (account != NULL) {
                json_put_text(json, people[k], account_name(history, account));
            }
        }
        json_close(json);
    }
    json_end(json);
}

static void put_event_clocks(struct json_writer *json, const struct matter *matter,
                             const json_t *clocks)
{
    json_key(json, "clocks");
    json_list(json);
    for (size_t i = 0; i < json_array_size(clocks); i++) {
        const json_t *item = json_array_get(clocks, i);
        const char *code = json_string_value(json_object_get(item, "code"));
        const struct rules_deadline *rule = rules_deadline(matter->procedure, code);
        const json_t *due = json_object_get(item, "due_ms");
        if (rule == NULL) {
            continue;
        }
        json_open(json);
        json_put_text(json, "code", code);
        json_put_label(json, "label", &rule->label);
        json_put_text(json, "change", json_string_value(json_object_get(item, "change")));
        if (due != NULL) {
            put_date(json, "due", date_of_ms(json_integer_value(due) - 1));
        }
        json_close(json);
    }
    json_end(json);
}

/* Of what the program does that no rulebook has. */
static const struct label *program_label(const char *action)
{
    return strcmp(action, PAPER_SET_ACTION) == 0 ? &paper_set_label : matter_recount_label(action);
}

static void put_event_head(struct json_writer *json, const struct history *history,
                           const struct sql_rows *rows)
{
    const struct matter *matter = history->matter;
    const struct rules_action *action = rules_action(matter->procedure, sql_column_text(rows, 2));
    const struct org *org =
        directory_org(history->api->office->directory, sql_column_text(rows, 5));
    json_key(json, "number");
    if (sql_column_null(rows, 0)) {
        json_none(json);
    } else {
        json_int(json, sql_column_int(rows, 0));
    }
    put_id(json, "id", sql_column_int(rows, 1));
    json_put_text(json, "action", sql_column_text(rows, 2));
    const struct label *label =
        action != NULL ? &action->label : program_label(sql_column_text(rows, 2));
    if (label != NULL) {
        json_put_label(json, "label", label);
    }
    json_put_text(json, "from", sql_column_text(rows, 3));
    json_put_text(json, "to", sql_column_text(rows, 4));
    json_put_text(json, "org", sql_column_text(rows, 5));
    if (org != NULL) {
        json_put_label(json, "org_label", &org->short_name);
    }
    json_put_text(json, "by", sql_column_text(rows, 6));
    json_put_time(json, "time", sql_column_int(rows, 7));
    json_put_time(json, "recorded", sql_column_int(rows, 8));
}

static void put_event(struct json_writer *json, const struct history *history,
                      const struct sql_rows *rows)
{
    json_open(json);
    put_event_head(json, history, rows);
    SCOPED_JSON body = json_loads(sql_column_text(rows, 9), 0, NULL);
    put_event_facts(json, history->matter, json_object_get(body, "facts"));
    put_event_materials(json, json_object_get(body, "materials"),
                        matter_reads_materials(history->ctx->actor, history->matter));
    put_event_clocks(json, history->matter, json_object_get(body, "clocks"));
    put_event_papers(json, history, json_object_get(body, "papers"));
    json_close(json);
}

static enum fault list_events(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct history *history = arg;
    struct matter *matter = NULL;
    enum fault fault = matter_read(ctx, tx, history->api->office, history->id, &matter);
    if (fault != FAULT_NONE) {
        return fault;
    }
    history->matter = matter;
    history->ctx = ctx;
    history->tx = tx;
    SCOPED(sql_rows) rows = NULL;
    fault = sql_query(
        tx, ctx,
        "SELECT e.number, e.id, e.action, e.from_state, e.to_state, e.org, a.name, e.happened_ms,"
        " e.recorded_ms, e.body FROM event e LEFT JOIN account a ON a.region = e.region"
        " AND a.id = e.account WHERE e.region = $1 AND e.matter = $2 ORDER BY e.version LIMIT 1000",
        SQL_ARGS(sql_int(ctx->actor->region), sql_int(history->id)), &rows);
    while (fault == FAULT_NONE && sql_next(rows)) {
        put_event(history->json, history, rows);
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

static enum fault send_events(struct ctx *ctx, const struct api *api, struct http_reply *reply,
                              int64_t matter)
{
    struct reply_json *made = reply_begin(ctx);
    struct history history = {.api = api, .json = &made->json, .id = matter};
    json_open(&made->json);
    json_key(&made->json, "items");
    json_list(&made->json);
    enum fault fault = store_read(api->store, ctx, list_events, &history);
    json_end(&made->json);
    json_put_text(&made->json, "next", NULL);
    json_close(&made->json);
    reply_end(reply, made, 200);
    return fault;
}

static enum fault events_recorded(struct ctx *ctx, struct http_request *request,
                                  struct http_reply *reply)
{
    const struct reading *reading = http_suspended_arg(request);
    return send_events(ctx, http_owner(request), reply, reading->matter);
}

enum fault events_get(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    const struct api *api = http_owner(request);
    struct reading *reading = arena_alloc(ctx->arena, sizeof *reading);
    reading->what = "events";
    bool restricted = false;
    enum fault fault = input_id(ctx, request, "id", &reading->matter);
    if (fault == FAULT_NONE) {
        fault = reply_restricted(ctx, api, reading->matter, &restricted);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    /* The history tells what the matter tells: its reading is recorded as well. */
    return restricted
               ? reply_after_write(ctx, request, matter_record_reading, events_recorded, reading)
               : send_events(ctx, api, reply, reading->matter);
}

struct explaining {
    const struct api *api;
    struct json_writer *json;
    int64_t matter, clock;
};

static const struct clock *find_clock(const struct matter *matter, int64_t id)
{
    for (size_t i = 0; i < matter->clocks_count; i++) {
        if (matter->clocks[i].id == id) {
            return &matter->clocks[i];
        }
    }
    return NULL;
}

/* A clock that runs until a day somebody set has nothing to count. */
static void explain_until(struct json_writer *json, const struct clock *clock)
{
    char text[MINUTE_TEXT];
    struct label rule = {
        .zh = "以所填日期为期限，当日24时届满；不计算工作日",
        .en = "The day that was set is the limit; it ends at 24:00, nothing is counted"};
    json_open(json);
    minute_format(clock->from_ms, text);
    json_put_text(json, "from", text);
    json_put_text(json, "within", WITHIN_UNTIL);
    if (clock->rule->until->type == FACT_MINUTE) {
        rule =
            (struct label){.zh = "以所填时刻为期限", .en = "The minute that was set is the limit"};
        minute_format(clock->due_ms, text);
    } else {
        date_format(clock->due_date, text);
    }
    json_put_text(json, "due", text);
    json_put_bool(json, "provisional", false);
    json_put_text(json, "calendar", clock->calendar);
    json_put_label(json, "rule", &rule);
    json_key(json, "days");
    json_list(json);
    json_end(json);
    json_close(json);
}

/* The first period as ever, and in "extension" the further one, counted on from its last day. */
static enum fault explain_extended(struct ctx *ctx, const struct calendar *calendar,
                                   const struct clock *clock, const struct pause *pauses,
                                   size_t count, struct json_writer *json)
{
    struct buffer texts[2];
    struct json_writer writers[2];
    int64_t from_ms = date_start_ms(clock->first_due_date);
    size_t before = 0;
    while (before < count && pauses[before].until_ms != 0 && pauses[before].until_ms <= from_ms) {
        before++;
    }
    for (unsigned i = 0; i < 2; i++) {
        buffer_init(&texts[i], ctx->arena);
        json_writer_init(&writers[i], &texts[i]);
    }
    enum fault fault = calendar_explain_json(calendar, ctx, clock->from_ms, &clock->within, pauses,
                                             count, &writers[0]);
    if (fault == FAULT_NONE) {
        fault = calendar_explain_json(calendar, ctx, from_ms, &clock->extension, pauses + before,
                                      count - before, &writers[1]);
    }
    if (fault == FAULT_NONE) {
        int inner = (int)texts[0].count - 1;
        json_raw(json, arena_printf(ctx->arena, "%.*s,\"extension\":%s}", inner, texts[0].data,
                                    texts[1].data));
    }
    return fault;
}

static enum fault explain(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct explaining *explaining = arg;
    const struct office *office = explaining->api->office;
    struct matter *matter = NULL;
    enum fault fault = matter_read(ctx, tx, office, explaining->matter, &matter);
    const struct clock *clock = fault == FAULT_NONE ? find_clock(matter, explaining->clock) : NULL;
    if (clock == NULL) {
        return fault == FAULT_NONE ? FAULT_NOT_FOUND : fault;
    }
    struct pause *pauses = NULL;
    size_t count = 0;
    if (clock->rule->until != NULL) {
        explain_until(explaining->json, clock);
        return FAULT_NONE;
    }
    struct calendar *owned = NULL;
    const struct calendar *calendar = NULL;
    fault = clock_pauses(ctx, tx, clock, &pauses, &count);
    if (fault == FAULT_NONE) {
        fault = calendars_of_clock(ctx, tx, office, clock, &owned, &calendar);
    }
    if (fault == FAULT_NONE && clock->extension.count > 0) {
        fault = explain_extended(ctx, calendar, clock, pauses, count, explaining->json);
    } else if (fault == FAULT_NONE) {
        fault = calendar_explain_json(calendar, ctx, clock->from_ms, &clock->within, pauses, count,
                                      explaining->json);
    }
    calendar_destroy(owned);
    return fault;
}

enum fault explanation_get(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    const struct api *api = http_owner(request);
    struct reply_json *made = reply_begin(ctx);
    struct explaining explaining = {.api = api, .json = &made->json};
    enum fault fault = input_id(ctx, request, "id", &explaining.matter);
    if (fault == FAULT_NONE) {
        fault = input_id(ctx, request, "clock", &explaining.clock);
    }
    if (fault == FAULT_NONE) {
        fault = store_read(api->store, ctx, explain, &explaining);
    }
    reply_end(reply, made, 200);
    return fault;
}
