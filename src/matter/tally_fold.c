/*
 * Adding entries up. Events have gap-free numbers in commit order, so "up to number N" says exactly
 * which are in the sums: none is missed, none is added twice.
 */
#include "matter/tally_inner.h"

/* How many events one transaction adds: some tens of milliseconds of the writer. */
enum { FOLD_EVENTS = 10000 };

enum fault tally_last(struct ctx *ctx, struct store_tx *tx, int64_t region, int64_t *ret_last,
                      bool *ret_known)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_query(tx, ctx, "SELECT last FROM tally_state WHERE region = $1",
                                 SQL_ARGS(sql_int(region)), &rows);
    *ret_last = 0;
    *ret_known = fault == FAULT_NONE && sql_next(rows);
    if (*ret_known) {
        *ret_last = sql_column_int(rows, 0);
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

enum fault tally_insert(struct ctx *ctx, struct store_tx *tx, int64_t region,
                        const struct tally_row *row)
{
    return sql_run(tx, ctx,
                   "INSERT INTO tally (region, unit, period, measure, body, split, amount, days)"
                   " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
                   " ON CONFLICT (region, unit, period, measure, body, split) DO UPDATE SET"
                   " amount = tally.amount + excluded.amount, days = tally.days + excluded.days",
                   SQL_ARGS(sql_int(region), sql_int(row->unit), sql_int(row->period),
                            sql_text(row->measure), sql_text(row->body), sql_text(row->split),
                            sql_int(row->amount), sql_int(row->days)),
                   NULL);
}

/* The number up to which this run goes. */
static enum fault find_end(struct ctx *ctx, struct store_tx *tx, int64_t last, int64_t *ret_end)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault =
        sql_one(tx, ctx, "SELECT last FROM event_counter WHERE id = 1", SQL_NO_ARGS, &rows);
    if (fault == FAULT_NONE) {
        int64_t newest = sql_column_int(rows, 0);
        *ret_end = newest > last + FOLD_EVENTS ? last + FOLD_EVENTS : newest;
    }
    return fault;
}

/* "+region" is no term for an index: what is asked is a few numbers, not a region's events. SQLite
 * would rather go through the region. */
static enum fault gather(struct ctx *ctx, struct store_tx *tx, int64_t region, int64_t last,
                         int64_t end, struct tally_sums *sums)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault =
        sql_query(tx, ctx,
                  "SELECT t.day, t.counts FROM event e JOIN tally_entry t ON t.region = e.region"
                  " AND t.day = (e.recorded_ms + 28800000) / 86400000 AND t.event = e.id"
                  " WHERE e.number > $1 AND e.number <= $2 AND +e.region = $3",
                  SQL_ARGS(sql_int(last), sql_int(end), sql_int(region)), &rows);
    while (fault == FAULT_NONE && sql_next(rows)) {
        tally_sums_add_entry(sums, (int32_t)sql_column_int(rows, 0), sql_column_text(rows, 1));
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

enum fault tally_waiting(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct tally_folding *folding = arg;
    int64_t last = 0;
    int64_t end = 0;
    bool known = false;
    enum fault fault = tally_last(ctx, tx, folding->office->region, &last, &known);
    if (fault == FAULT_NONE) {
        fault = find_end(ctx, tx, last, &end);
    }
    folding->ret_never = !known;
    folding->ret_added = fault == FAULT_NONE ? end - last : 0;
    return fault;
}

enum fault tally_fold(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct tally_folding *folding = arg;
    int64_t region = folding->office->region;
    int64_t last = 0;
    int64_t end = 0;
    bool known = false;
    /* Takes the row's lock, so that a second process waits here and then goes on from there. */
    enum fault fault = sql_run(tx, ctx, "UPDATE tally_state SET last = last WHERE region = $1",
                               SQL_ARGS(sql_int(region)), NULL);
    if (fault == FAULT_NONE) {
        fault = tally_last(ctx, tx, region, &last, &known);
    }
    if (fault == FAULT_NONE) {
        fault = find_end(ctx, tx, last, &end);
    }
    folding->ret_never = !known;
    folding->ret_added = known && fault == FAULT_NONE ? end - last : 0;
    if (folding->ret_added == 0) {
        return fault;
    }
    struct tally_sums sums;
    tally_sums_init(&sums, ctx->arena);
    fault = gather(ctx, tx, region, last, end, &sums);
    const struct tally_row *rows = tally_sums_sorted(&sums);
    for (size_t i = 0; i < sums.count && fault == FAULT_NONE; i++) {
        fault = tally_insert(ctx, tx, region, &rows[i]);
    }
    return fault == FAULT_NONE
               ? sql_run(tx, ctx, "UPDATE tally_state SET last = $2 WHERE region = $1",
                         SQL_ARGS(sql_int(region), sql_int(end)), NULL)
               : fault;
}
