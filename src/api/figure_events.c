/* A figure opened to the events behind it. */
#include "api/endpoints.h"
#include "api/figure.h"
#include "base/id.h"
#include "base/text.h"
#include "calendar/date.h"

#include <string.h>

enum { PAGE_EVENTS = 50 };

struct opening {
    const struct api *api;
    struct json_writer *json;
    struct tally_wanted *wanted;
    struct tally_found found[PAGE_EVENTS + 1];
    size_t count;
};

/* "day.event": where the page before ended. */
static enum fault read_cursor(struct ctx *ctx, const struct http_request *request,
                              struct tally_wanted *wanted)
{
    const char *after = http_query(request, "after");
    if (after == NULL || after[0] == 0) {
        return FAULT_NONE;
    }
    const char *dot = strchr(after, '.');
    int64_t day = 0;
    bool right =
        dot != NULL &&
        text_to_int(arena_bytes(ctx->arena, after, (size_t)(dot - after)), 1, 200000, &day) &&
        id_parse(dot + 1, &wanted->after_event);
    wanted->after_day = (int32_t)day;
    return right ? FAULT_NONE
                 : ctx_field(ctx, "after", "This is no cursor of this list.", "翻页位置无效。");
}

/* May the actor see the matter? The title is shown only then. */
static enum fault is_visible(struct ctx *ctx, struct store_tx *tx, int64_t matter, bool *ret_seen)
{
    enum fault fault = people_check_visible(ctx, tx, matter);
    *ret_seen = fault == FAULT_NONE;
    return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
}

static void put_action(struct json_writer *json, const struct opening *opening,
                       const struct sql_rows *row)
{
    const struct rulebook *book = office_edition(opening->api->office, sql_column_text(row, 6));
    const struct rules_procedure *procedure =
        book == NULL ? NULL : rules_procedure(book, sql_column_text(row, 2));
    const struct rules_action *action =
        procedure == NULL ? NULL : rules_action(procedure, sql_column_text(row, 1));
    const struct label unknown = {sql_column_text(row, 1), sql_column_text(row, 1)};
    json_put_label(json, "action_label", action == NULL ? &unknown : &action->label);
}

static enum fault put_event(struct ctx *ctx, struct store_tx *tx, struct opening *opening,
                            const struct tally_found *found)
{
    SCOPED(sql_rows) row = NULL;
    bool seen = false;
    enum fault fault =
        sql_one(tx, ctx,
                "SELECT e.happened_ms, e.action, m.procedure, m.id, m.reference, m.title, m.edition"
                " FROM event e JOIN matter m ON m.region = e.region AND m.id = e.matter"
                " WHERE e.region = $1 AND e.id = $2",
                SQL_ARGS(sql_int(ctx->actor->region), sql_int(found->event)), &row);
    if (fault == FAULT_NONE) {
        fault = is_visible(ctx, tx, sql_column_int(row, 3), &seen);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    struct json_writer *json = opening->json;
    json_open(json);
    put_id(json, "event", found->event);
    json_put_time(json, "time", sql_column_int(row, 0));
    json_key(json, "matter");
    if (seen) {
        json_open(json);
        put_id(json, "id", sql_column_int(row, 3));
        json_put_text(json, "reference", sql_column_text(row, 4));
        json_put_text(json, "title", sql_column_text(row, 5));
        json_close(json);
    } else {
        json_none(json);
    }
    put_action(json, opening, row);
    json_close(json);
    return FAULT_NONE;
}

static enum fault list_events(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct opening *opening = arg;
    enum fault fault =
        tally_events(ctx, tx, opening->wanted, opening->found, PAGE_EVENTS + 1, &opening->count);
    for (size_t i = 0; i < opening->count && i < PAGE_EVENTS && fault == FAULT_NONE; i++) {
        fault = put_event(ctx, tx, opening, &opening->found[i]);
    }
    return fault;
}

enum fault figure_events(struct ctx *ctx, struct http_request *request, struct http_reply *reply,
                         struct tally_wanted *wanted)
{
    struct reply_json *made = reply_begin(ctx);
    struct opening opening = {.api = http_owner(request), .json = &made->json, .wanted = wanted};
    enum fault fault = read_cursor(ctx, request, wanted);
    json_open(&made->json);
    json_key(&made->json, "items");
    json_list(&made->json);
    if (fault == FAULT_NONE) {
        fault = store_read(opening.api->store, ctx, list_events, &opening);
    }
    json_end(&made->json);
    json_key(&made->json, "next");
    if (opening.count > PAGE_EVENTS) {
        char id[ID_TEXT];
        const struct tally_found *last = &opening.found[PAGE_EVENTS - 1];
        id_format(last->event, id);
        json_text(&made->json, arena_printf(ctx->arena, "%d.%s", (int)last->day, id));
    } else {
        json_none(&made->json);
    }
    json_close(&made->json);
    reply_end(reply, made, 200);
    return fault;
}

static void want_set(struct ctx *ctx, const struct measure_set *set, struct tally_wanted *wanted)
{
    const char **measures =
        arena_array(ctx->arena, wanted->measures_count + set->count + 1, sizeof *measures);
    for (size_t i = 0; i < wanted->measures_count; i++) {
        measures[i] = wanted->measures[i];
    }
    for (size_t i = 0; i < set->count; i++) {
        measures[wanted->measures_count++] = set->items[i]->code;
    }
    wanted->measures = measures;
}

static const struct figure_column *find_column(const struct figure_table *table, const char *code)
{
    for (size_t i = 0; code != NULL && i < table->columns_count; i++) {
        if (strcmp(table->columns[i].code, code) == 0) {
            return &table->columns[i];
        }
    }
    return NULL;
}

static enum fault forbidden(struct ctx *ctx)
{
    return ctx_fail(ctx, FAULT_FORBIDDEN, "You see the figures of your own body only.",
                    "您只能查看本单位的数据明细。");
}

/* The events of the numerator; those of the whole region for who sees everybody's. */
enum fault figure_events_get(struct ctx *ctx, struct http_request *request,
                             struct http_reply *reply)
{
    const struct api *api = http_owner(request);
    const struct figures *figures = office_book(api->office, ctx->now_ms)->figures;
    const struct figure_table *table = figures_table(figures, http_path_value(request, "table"));
    const struct figure_column *column =
        table == NULL ? NULL : find_column(table, http_query(request, "column"));
    if (column == NULL) {
        return FAULT_NOT_FOUND;
    }
    struct figure_period period;
    enum fault fault = figure_days(ctx, request, &period);
    if (fault != FAULT_NONE) {
        return fault;
    }
    const char *row = http_query(request, "row");
    const char *only = figure_only(ctx->actor);
    struct tally_wanted wanted = {.from = period.from, .to = period.to, .body = only};
    if (only != NULL && (row == NULL || (table->rows == NULL && strcmp(row, only) != 0))) {
        return forbidden(ctx);
    }
    if (row != NULL && table->rows == NULL) {
        wanted.body = row;
    } else if (row != NULL) {
        wanted.split = row;
    }
    want_set(ctx, &column->top, &wanted);
    return figure_events(ctx, request, reply, &wanted);
}

enum fault appraisal_events_get(struct ctx *ctx, struct http_request *request,
                                struct http_reply *reply)
{
    const struct api *api = http_owner(request);
    const struct figures *figures = office_book(api->office, ctx->now_ms)->figures;
    const char *code = http_query(request, "indicator");
    const char *org = http_query(request, "org");
    const struct indicator *indicator = code == NULL ? NULL : figures_indicator(figures, code);
    const char *only = figure_only(ctx->actor);
    if (indicator == NULL || org == NULL) {
        return FAULT_NOT_FOUND;
    }
    if (only != NULL && strcmp(org, only) != 0) {
        return forbidden(ctx);
    }
    struct figure_period period;
    enum fault fault = figure_quarter(ctx, request, &period);
    if (fault != FAULT_NONE) {
        return fault;
    }
    /* Everything that made the ratio: what counts for it, and what it is measured by. */
    struct tally_wanted wanted = {.from = period.from, .to = period.to, .body = org};
    want_set(ctx, &indicator->top, &wanted);
    want_set(ctx, &indicator->bottom, &wanted);
    return figure_events(ctx, request, reply, &wanted);
}
