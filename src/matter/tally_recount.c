/*
 * Counts everything again from the events alone: every entry and every sum must come out the same.
 * Goes through the events matter by matter in pages, so that memory stays small however long the
 * record is; what grows are the sums.
 */
#include "calendar/date.h"
#include "matter/tally_inner.h"

#include <string.h>

enum { PAGE_ROWS = 2000, LINES_MAX = 50 };

struct recounting {
    struct ctx *ctx;
    struct store_tx *tx;
    struct tally_recount *asked;
    struct replay *replay;
    struct arena *arena;          /* Of the sums. */
    struct tally_sums sums;       /* Up to the last number that was added up. */
    struct tally_sums later;      /* Of the numbers after it: a repair adds them. */
    int64_t region, last, newest; /* Numbers: in the sums; the highest there is. */
    int64_t matter, version;      /* Where the page before ended. */
    int64_t entries;              /* Events that raise something. */
    struct buffer lines;
};

static void differs(struct recounting *r, const char *what, const char *there, const char *right)
{
    if (r->asked->ret_differences++ < LINES_MAX) {
        buffer_printf(&r->lines, "%s: %s -> %s\n", what, there == NULL ? "-" : there,
                      right == NULL ? "-" : right);
    }
}

static enum fault put_entry(struct recounting *r, int32_t day, int64_t event, const char *counts)
{
    enum fault fault = sql_run(
        r->tx, r->ctx, "DELETE FROM tally_entry WHERE region = $1 AND day = $2 AND event = $3",
        SQL_ARGS(sql_int(r->region), sql_int(day), sql_int(event)), NULL);
    if (fault != FAULT_NONE || counts[0] == 0) {
        return fault;
    }
    return sql_run(r->tx, r->ctx,
                   "INSERT INTO tally_entry (region, day, event, counts) VALUES ($1, $2, $3, $4)",
                   SQL_ARGS(sql_int(r->region), sql_int(day), sql_int(event), sql_text(counts)),
                   NULL);
}

static enum fault take_row(struct recounting *r, const struct sql_rows *rows)
{
    struct buffer counts;
    buffer_init(&counts, r->ctx->arena);
    enum fault fault = replay_event(r->replay, r->ctx, r->tx, rows, &counts);
    if (fault != FAULT_NONE) {
        return fault;
    }
    const char *right = counts.count == 0 ? "" : counts.data;
    const char *there = sql_column_text(rows, 12);
    int32_t day = date_of_ms(sql_column_int(rows, 4));
    int64_t event = sql_column_int(rows, 2);
    int64_t number = sql_column_int(rows, 3);
    r->matter = sql_column_int(rows, 0);
    r->version = sql_column_int(rows, 1);
    r->asked->ret_events++;
    r->entries += right[0] == 0 ? 0 : 1;
    r->newest = number > r->newest ? number : r->newest;
    if (number != 0) {
        tally_sums_add_entry(number <= r->last ? &r->sums : &r->later, day, right);
    }
    if (strcmp(there == NULL ? "" : there, right) == 0) {
        return FAULT_NONE;
    }
    differs(r, arena_printf(r->ctx->arena, "event %lld", (long long)event), there, right);
    return r->asked->repair ? put_entry(r, day, event, right) : FAULT_NONE;
}

static enum fault take_page(struct recounting *r, size_t *ret_rows)
{
    SCOPED_ARENA arena = arena_create();
    struct ctx *ctx = r->ctx;
    struct arena *outer = ctx->arena;
    SCOPED(sql_rows) rows = NULL;
    *ret_rows = 0;
    ctx->arena = arena;
    enum fault fault = sql_query(
        r->tx, ctx,
        "SELECT " REPLAY_COLUMNS ", t.counts FROM event e"
        " JOIN matter m ON m.region = e.region AND m.id = e.matter"
        " LEFT JOIN tally_entry t ON t.region = e.region"
        " AND t.day = (e.recorded_ms + 28800000) / 86400000 AND t.event = e.id"
        " WHERE e.region = $1 AND (e.matter, e.version) > ($2, $3)"
        " ORDER BY e.matter, e.version LIMIT $4",
        SQL_ARGS(sql_int(r->region), sql_int(r->matter), sql_int(r->version), sql_int(PAGE_ROWS)),
        &rows);
    while (fault == FAULT_NONE && sql_next(rows)) {
        fault = take_row(r, rows);
        (*ret_rows)++;
    }
    fault = fault == FAULT_NONE ? sql_fault(rows) : fault;
    ctx->arena = outer;
    return fault;
}

/* Rows of the table that the sums don't have, or have otherwise. */
static enum fault compare_rows(struct recounting *r, size_t *ret_same)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault =
        sql_query(r->tx, r->ctx,
                  "SELECT unit, period, measure, body, split, amount, days FROM tally"
                  " WHERE region = $1",
                  SQL_ARGS(sql_int(r->region)), &rows);
    while (fault == FAULT_NONE && sql_next(rows)) {
        struct tally_row row = {.unit = sql_column_int(rows, 0),
                                .period = sql_column_int(rows, 1),
                                .measure = sql_column_text(rows, 2),
                                .body = sql_column_text(rows, 3),
                                .split = sql_column_text(rows, 4)};
        const struct tally_row *right = tally_sums_find(&r->sums, &row);
        row.amount = sql_column_int(rows, 5);
        row.days = sql_column_int(rows, 6);
        bool known = right != NULL;
        *ret_same += known ? 1 : 0;
        if (known ? right->amount == row.amount && right->days == row.days
                  : row.amount == 0 && row.days == 0) {
            continue;
        }
        const char *what =
            arena_printf(r->ctx->arena, "sum %lld/%lld %s %s %s", (long long)row.unit,
                         (long long)row.period, row.measure, row.body, row.split);
        differs(r, what,
                arena_printf(r->ctx->arena, "%lld, %lld days", (long long)row.amount,
                             (long long)row.days),
                known ? arena_printf(r->ctx->arena, "%lld, %lld days", (long long)right->amount,
                                     (long long)right->days)
                      : NULL);
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

static enum fault count_entries(struct recounting *r)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_one(r->tx, r->ctx, "SELECT count(*) FROM tally_entry WHERE region = $1",
                               SQL_ARGS(sql_int(r->region)), &rows);
    if (fault == FAULT_NONE && !r->asked->repair && sql_column_int(rows, 0) > r->entries) {
        differs(r, "entries of no event", "some", NULL);
    }
    return fault;
}

static enum fault compare_sums(struct recounting *r)
{
    size_t same = 0;
    enum fault fault = compare_rows(r, &same);
    if (fault == FAULT_NONE && same < r->sums.count) {
        differs(r, "sums that are missing",
                arena_printf(r->ctx->arena, "%zu of %zu", r->sums.count - same, r->sums.count),
                NULL);
    }
    return fault == FAULT_NONE ? count_entries(r) : fault;
}

/* Entries that belong to no event of the region. */
static enum fault drop_strays(struct recounting *r)
{
    return sql_run(r->tx, r->ctx,
                   "DELETE FROM tally_entry WHERE region = $1 AND NOT EXISTS (SELECT 1 FROM event e"
                   " WHERE e.region = tally_entry.region AND e.id = tally_entry.event)",
                   SQL_ARGS(sql_int(r->region)), NULL);
}

static enum fault write_sums(struct recounting *r)
{
    enum fault fault = drop_strays(r);
    if (fault == FAULT_NONE) {
        fault = sql_run(r->tx, r->ctx, "DELETE FROM tally WHERE region = $1",
                        SQL_ARGS(sql_int(r->region)), NULL);
    }
    const struct tally_row *later = tally_sums_sorted(&r->later);
    for (size_t i = 0; i < r->later.count; i++) {
        tally_sums_add(&r->sums, &later[i]);
    }
    const struct tally_row *rows = tally_sums_sorted(&r->sums);
    for (size_t i = 0; i < r->sums.count && fault == FAULT_NONE; i++) {
        fault = tally_insert(r->ctx, r->tx, r->region, &rows[i]);
    }
    return fault == FAULT_NONE ? sql_run(r->tx, r->ctx,
                                         "INSERT INTO tally_state (region, last) VALUES ($1, $2)"
                                         " ON CONFLICT (region) DO UPDATE SET last = excluded.last",
                                         SQL_ARGS(sql_int(r->region), sql_int(r->newest)), NULL)
                               : fault;
}

static enum fault run(struct recounting *r)
{
    bool known = false;
    size_t rows = PAGE_ROWS;
    enum fault fault = tally_last(r->ctx, r->tx, r->region, &r->last, &known);
    r->newest = r->last;
    while (rows == PAGE_ROWS && fault == FAULT_NONE) {
        fault = take_page(r, &rows);
    }
    if (fault == FAULT_NONE) {
        fault = compare_sums(r);
    }
    return fault == FAULT_NONE && r->asked->repair ? write_sums(r) : fault;
}

/* On PostgreSQL a repair shuts out who adds to the sums meanwhile; new events go on. */
static enum fault lock_state(struct recounting *r)
{
    return r->asked->repair
               ? sql_run(r->tx, r->ctx, "UPDATE tally_state SET last = last WHERE region = $1",
                         SQL_ARGS(sql_int(r->region)), NULL)
               : FAULT_NONE;
}

enum fault tally_recount(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct tally_recount *asked = arg;
    SCOPED_ARENA arena = arena_create();
    struct recounting r = {.ctx = ctx,
                           .tx = tx,
                           .asked = asked,
                           .arena = arena,
                           .replay = replay_create(asked->office),
                           .region = asked->office->region};
    asked->ret_events = 0;
    asked->ret_differences = 0;
    buffer_init(&r.lines, ctx->arena);
    tally_sums_init(&r.sums, arena);
    tally_sums_init(&r.later, arena);
    enum fault fault = lock_state(&r);
    if (fault == FAULT_NONE) {
        fault = run(&r);
    }
    asked->ret_lines = r.lines.data;
    replay_destroy(r.replay);
    return fault;
}
