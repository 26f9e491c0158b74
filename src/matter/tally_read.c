/*
 * Reading figures: whole months from the months' sums, the days before and after them from the
 * days', and the entries of events that are not in the sums yet.
 */
#include "calendar/date.h"
#include "matter/tally_inner.h"

#include <assert.h>
#include <string.h>

struct reading_tally {
    struct ctx *ctx;
    struct store_tx *tx;
    int64_t region;
    int32_t from, to;
    struct tally_sums sums;
    struct tally *tally;
};

static int32_t month_start(int month)
{
    return date_join(month / 12, (unsigned)(month % 12) + 1, 1);
}

static void add_month(struct tally *tally, int month, const struct tally_row *row)
{
    if (row->measure[0] != '_' || row->body[0] != 0 || tally->months_count == 0) {
        return;
    }
    size_t place = (size_t)(month - tally->months[0].month);
    assert(place < tally->months_count);
    struct tally_month *found = &tally->months[place];
    found->started += strcmp(row->measure, TALLY_STARTED) == 0 ? row->amount : 0;
    found->closed += strcmp(row->measure, TALLY_CLOSED) == 0 ? row->amount : 0;
    found->late += strcmp(row->measure, TALLY_LATE) == 0 ? row->amount : 0;
}

static void add(struct reading_tally *reading, int month, struct tally_row *row)
{
    row->unit = 0;
    row->period = 0;
    add_month(reading->tally, month, row);
    tally_sums_add(&reading->sums, row);
}

static enum fault read_rows(struct reading_tally *reading, int unit, int64_t from, int64_t to)
{
    SCOPED(sql_rows) rows = NULL;
    if (from > to) {
        return FAULT_NONE;
    }
    enum fault fault = sql_query(
        reading->tx, reading->ctx,
        "SELECT period, measure, body, split, amount, days FROM tally"
        " WHERE region = $1 AND unit = $2 AND period >= $3 AND period <= $4",
        SQL_ARGS(sql_int(reading->region), sql_int(unit), sql_int(from), sql_int(to)), &rows);
    while (fault == FAULT_NONE && sql_next(rows)) {
        int64_t period = sql_column_int(rows, 0);
        struct tally_row row = {.measure = sql_column_text(rows, 1),
                                .body = sql_column_text(rows, 2),
                                .split = sql_column_text(rows, 3),
                                .amount = sql_column_int(rows, 4),
                                .days = sql_column_int(rows, 5)};
        add(reading, unit == UNIT_MONTH ? (int)period : tally_month_of((int32_t)period), &row);
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

static enum fault read_sums(struct reading_tally *reading)
{
    int first = tally_month_of(reading->from);
    int last = tally_month_of(reading->to);
    first += reading->from == month_start(first) ? 0 : 1;
    last -= reading->to + 1 == month_start(last + 1) ? 0 : 1;
    if (first > last) {
        return read_rows(reading, UNIT_DAY, reading->from, reading->to);
    }
    enum fault fault = read_rows(reading, UNIT_MONTH, first, last);
    if (fault == FAULT_NONE) {
        fault = read_rows(reading, UNIT_DAY, reading->from, month_start(first) - 1);
    }
    return fault == FAULT_NONE ? read_rows(reading, UNIT_DAY, month_start(last + 1), reading->to)
                               : fault;
}

static void add_entry(struct reading_tally *reading, int32_t day, const char *counts)
{
    struct tally_scan scan = {.at = counts};
    while (day >= reading->from && day <= reading->to && tally_next(&scan)) {
        add(reading, tally_month_of(day), &scan.row);
    }
}

/* On PostgreSQL an event may not have its number yet. */
static enum fault read_tail(struct reading_tally *reading)
{
    int64_t last = 0;
    bool known = false;
    enum fault fault = tally_last(reading->ctx, reading->tx, reading->region, &last, &known);
    SCOPED(sql_rows) rows = NULL;
    if (fault == FAULT_NONE) {
        fault = sql_query(
            reading->tx, reading->ctx,
            "SELECT t.day, t.counts FROM event e JOIN tally_entry t ON t.region = e.region"
            " AND t.day = (e.recorded_ms + 28800000) / 86400000 AND t.event = e.id"
            " WHERE e.number > $1 AND +e.region = $2"
            " UNION ALL SELECT t.day, t.counts FROM event e JOIN tally_entry t"
            " ON t.region = e.region AND t.day = (e.recorded_ms + 28800000) / 86400000"
            " AND t.event = e.id WHERE e.number IS NULL AND +e.region = $2",
            SQL_ARGS(sql_int(last), sql_int(reading->region)), &rows);
    }
    while (fault == FAULT_NONE && sql_next(rows)) {
        add_entry(reading, (int32_t)sql_column_int(rows, 0), sql_column_text(rows, 1));
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

enum fault tally_read(struct ctx *ctx, struct store_tx *tx, const struct office *office,
                      int32_t from, int32_t to, struct tally *ret_tally)
{
    assert(from <= to);
    struct reading_tally reading = {
        .ctx = ctx, .tx = tx, .region = office->region, .from = from, .to = to, .tally = ret_tally};
    *ret_tally =
        (struct tally){.months_count = (size_t)(tally_month_of(to) - tally_month_of(from) + 1)};
    ret_tally->months = arena_array(ctx->arena, ret_tally->months_count, sizeof *ret_tally->months);
    for (size_t i = 0; i < ret_tally->months_count; i++) {
        ret_tally->months[i].month = tally_month_of(from) + (int)i;
    }
    tally_sums_init(&reading.sums, ctx->arena);
    enum fault fault = read_sums(&reading);
    if (fault == FAULT_NONE) {
        fault = read_tail(&reading);
    }
    ret_tally->rows = tally_sums_sorted(&reading.sums);
    ret_tally->count = reading.sums.count;
    return fault;
}

struct tally_row tally_sum(const struct tally *tally, const char *measure, const char *body,
                           const char *split)
{
    struct tally_row sum = {.measure = measure, .body = body, .split = split};
    size_t low = 0;
    size_t high = tally->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(tally->rows[middle].measure, measure) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (size_t i = low; i < tally->count && strcmp(tally->rows[i].measure, measure) == 0; i++) {
        const struct tally_row *row = &tally->rows[i];
        if ((body == NULL || strcmp(row->body, body) == 0) &&
            (split == NULL || strcmp(row->split, split) == 0)) {
            sum.amount += row->amount;
            sum.days += row->days;
        }
    }
    return sum;
}

/* One body at a time: each is a range of the index, which has all that is asked. */
static enum fault count_overdue(struct ctx *ctx, struct store_tx *tx, const char *obligor,
                                const struct tally_due *due, int64_t since_ms, int64_t *ret_in,
                                int64_t *ret_all)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_one(
        tx, ctx,
        "SELECT count(*), coalesce(sum(CASE WHEN due_ms > $3 AND due_ms <= $4 THEN 1 ELSE 0 END),"
        " 0) FROM deadline WHERE region = $1 AND obligor = $2 AND ended_ms IS NULL"
        " AND due_ms > $5 AND due_ms <= $6 AND paused_ms IS NULL AND strength <> 'target'",
        SQL_ARGS(sql_int(ctx->actor->region), sql_text(obligor), sql_int(due->from_ms),
                 sql_int(due->until_ms), sql_int(since_ms), sql_int(ctx->now_ms)),
        &rows);
    *ret_all = fault == FAULT_NONE ? sql_column_int(rows, 0) : 0;
    *ret_in = fault == FAULT_NONE ? sql_column_int(rows, 1) : 0;
    return fault;
}

enum fault tally_overdue(struct ctx *ctx, struct store_tx *tx, const struct office *office,
                         const struct tally_due *due, struct tally *ret_tally, int64_t *ret_all)
{
    const struct directory *directory = office->directory;
    enum fault fault = FAULT_NONE;
    int64_t since_ms = ret_all == NULL ? due->from_ms : 0;
    int64_t sum = 0;
    *ret_tally = (struct tally){
        .rows = arena_array(ctx->arena, directory->orgs_count + 1, sizeof(struct tally_row))};
    for (size_t i = 0; i < directory->orgs_count && fault == FAULT_NONE; i++) {
        const struct org *org = &directory->orgs[i];
        int64_t in = 0;
        int64_t all = 0;
        if (org->kind == ORG_PUBLIC) {
            continue;
        }
        fault = count_overdue(ctx, tx, org->code, due, since_ms, &in, &all);
        sum += all;
        if (in > 0) {
            ret_tally->rows[ret_tally->count++] =
                (struct tally_row){.measure = "", .body = org->code, .split = "", .amount = in};
        }
    }
    if (ret_all != NULL) {
        *ret_all = sum;
    }
    return fault;
}
