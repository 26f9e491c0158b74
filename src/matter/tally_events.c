/*
 * A figure opened to its events. The sums say on which days there are any; only the entries of
 * those days, and of events that are not in the sums yet, are looked through.
 */
#include "calendar/date.h"
#include "matter/tally_inner.h"
#include "store/query.h"

#include <stdlib.h>
#include <string.h>

struct days {
    struct arena *arena;
    int32_t *items;
    size_t count, capacity;
};

static void add_day(struct days *days, int32_t day)
{
    if (days->count == days->capacity) {
        size_t capacity = days->capacity == 0 ? 64 : days->capacity * 2;
        int32_t *items = arena_array(days->arena, capacity, sizeof *items);
        if (days->count > 0) {
            memcpy(items, days->items, days->count * sizeof *items);
        }
        days->items = items;
        days->capacity = capacity;
    }
    days->items[days->count++] = day;
}

static int newest_first(const void *one, const void *two)
{
    int32_t a = *(const int32_t *)one;
    int32_t b = *(const int32_t *)two;
    return a < b ? 1 : a > b ? -1 : 0;
}

static int32_t last_day(const struct tally_wanted *wanted)
{
    return wanted->after_day != 0 && wanted->after_day < wanted->to ? wanted->after_day
                                                                    : wanted->to;
}

static enum fault summed_days(struct ctx *ctx, struct store_tx *tx,
                              const struct tally_wanted *wanted, const char *measure,
                              struct days *days)
{
    struct query query;
    query_init(&query, ctx->arena);
    query_add(&query, "SELECT DISTINCT period FROM tally WHERE unit = 2 AND region = ");
    query_value(&query, sql_int(ctx->actor->region));
    query_add(&query, " AND measure = ");
    query_value(&query, sql_text(measure));
    query_add(&query, " AND period >= ");
    query_value(&query, sql_int(wanted->from));
    query_add(&query, " AND period <= ");
    query_value(&query, sql_int(last_day(wanted)));
    if (wanted->body != NULL) {
        query_add(&query, " AND body = ");
        query_value(&query, sql_text(wanted->body));
    }
    if (wanted->split != NULL) {
        query_add(&query, " AND split = ");
        query_value(&query, sql_text(wanted->split));
    }
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = query_run(&query, ctx, tx, &rows);
    while (fault == FAULT_NONE && sql_next(rows)) {
        add_day(days, (int32_t)sql_column_int(rows, 0));
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

/* Days of events that are not in the sums yet. */
static enum fault tail_days(struct ctx *ctx, struct store_tx *tx, const struct tally_wanted *wanted,
                            struct days *days)
{
    int64_t last = 0;
    bool known = false;
    enum fault fault = tally_last(ctx, tx, ctx->actor->region, &last, &known);
    SCOPED(sql_rows) rows = NULL;
    if (fault == FAULT_NONE) {
        fault = sql_query(tx, ctx,
                          "SELECT DISTINCT (recorded_ms + 28800000) / 86400000 FROM event"
                          " WHERE number > $1 AND +region = $2"
                          " UNION SELECT DISTINCT (recorded_ms + 28800000) / 86400000 FROM event"
                          " WHERE number IS NULL AND +region = $2",
                          SQL_ARGS(sql_int(last), sql_int(ctx->actor->region)), &rows);
    }
    while (fault == FAULT_NONE && sql_next(rows)) {
        int32_t day = (int32_t)sql_column_int(rows, 0);
        if (day >= wanted->from && day <= last_day(wanted)) {
            add_day(days, day);
        }
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

/* Does the entry raise what is wanted? */
static bool raises(const struct tally_wanted *wanted, const char *counts)
{
    struct tally_scan scan = {.at = counts};
    while (tally_next(&scan)) {
        bool asked = (wanted->body == NULL || strcmp(scan.row.body, wanted->body) == 0) &&
                     (wanted->split == NULL || strcmp(scan.row.split, wanted->split) == 0);
        for (size_t i = 0; i < wanted->measures_count && asked; i++) {
            if (strcmp(scan.row.measure, wanted->measures[i]) == 0) {
                return true;
            }
        }
    }
    return false;
}

static enum fault look_through(struct ctx *ctx, struct store_tx *tx,
                               const struct tally_wanted *wanted, int32_t day,
                               struct tally_found *found, size_t max, size_t *count)
{
    /* Where the last page ended in the middle of this day, it goes on below that event. */
    int64_t before = day == wanted->after_day ? wanted->after_event : INT64_MAX;
    SCOPED(sql_rows) rows = NULL;
    enum fault fault =
        sql_query(tx, ctx,
                  "SELECT event, counts FROM tally_entry WHERE region = $1 AND day = $2"
                  " AND event < $3 ORDER BY event DESC",
                  SQL_ARGS(sql_int(ctx->actor->region), sql_int(day), sql_int(before)), &rows);
    while (fault == FAULT_NONE && *count < max && sql_next(rows)) {
        if (raises(wanted, sql_column_text(rows, 1))) {
            found[(*count)++] = (struct tally_found){day, sql_column_int(rows, 0)};
        }
    }
    return fault == FAULT_NONE && *count < max ? sql_fault(rows) : fault;
}

enum fault tally_events(struct ctx *ctx, struct store_tx *tx, const struct tally_wanted *wanted,
                        struct tally_found *found, size_t max, size_t *ret_count)
{
    struct days days = {.arena = ctx->arena};
    enum fault fault = tail_days(ctx, tx, wanted, &days);
    for (size_t i = 0; i < wanted->measures_count && fault == FAULT_NONE; i++) {
        fault = summed_days(ctx, tx, wanted, wanted->measures[i], &days);
    }
    if (days.count > 0) {
        qsort(days.items, days.count, sizeof *days.items, newest_first);
    }
    *ret_count = 0;
    for (size_t i = 0; i < days.count && fault == FAULT_NONE && *ret_count < max; i++) {
        bool again = i > 0 && days.items[i] == days.items[i - 1];
        if (!again) {
            fault = look_through(ctx, tx, wanted, days.items[i], found, max, ret_count);
        }
    }
    return fault;
}
