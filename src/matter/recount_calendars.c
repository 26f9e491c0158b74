/* The calendars of a program that runs: the one it began with, and those it took up since. */
#include "base/file.h"
#include "base/limit.h"
#include "matter/recount.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* How many runs of the job look for clocks that other threads or processes still opened with the
 * calendar before: theirs take the new one up within a minute. */
enum { LOOKS_AFTER = 3, CALENDARS_MAX = 1000 };

struct calendars {
    struct office *office;
    struct calendar *owned[CALENDARS_MAX];
    size_t count;
    unsigned looks;
    const char *first_text; /* While the first is kept. */
};

struct calendars *calendars_create(struct office *office)
{
    struct calendars *calendars = calloc(1, sizeof *calendars);
    if (calendars == NULL) {
        abort();
    }
    calendars->office = office;
    return calendars;
}

void calendars_destroy(struct calendars *calendars)
{
    if (calendars == NULL) {
        return;
    }
    for (size_t i = 0; i < calendars->count; i++) {
        calendar_destroy(calendars->owned[i]);
    }
    free(calendars);
}

enum fault calendars_kept(struct ctx *ctx, struct store_tx *tx, int64_t region, const char *edition,
                          struct calendar_kept *ret_kept)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault =
        sql_query(tx, ctx,
                  "SELECT number, edition, loaded_ms, text FROM calendar_edition WHERE region = $1"
                  " AND edition = coalesce($2, edition) ORDER BY number DESC LIMIT 1",
                  SQL_ARGS(sql_int(region), sql_text(edition)), &rows);
    *ret_kept = (struct calendar_kept){.number = 0};
    if (fault != FAULT_NONE || !sql_next(rows)) {
        fault = fault == FAULT_NONE ? sql_fault(rows) : fault;
        return fault == FAULT_NONE && edition != NULL ? FAULT_NOT_FOUND : fault;
    }
    *ret_kept = (struct calendar_kept){.number = sql_column_int(rows, 0),
                                       .edition = arena_text(ctx->arena, sql_column_text(rows, 1)),
                                       .loaded_ms = sql_column_int(rows, 2),
                                       .text = arena_text(ctx->arena, sql_column_text(rows, 3))};
    return FAULT_NONE;
}

enum fault calendars_of_clock(struct ctx *ctx, struct store_tx *tx, const struct office *office,
                              const struct clock *clock, struct calendar **ret_owned,
                              const struct calendar **ret_calendar)
{
    struct calendar_kept kept;
    *ret_owned = NULL;
    *ret_calendar = office->calendar;
    if (clock->ended_ms == 0 || strcmp(clock->calendar, calendar_edition(*ret_calendar)) == 0) {
        return FAULT_NONE;
    }
    enum fault fault = calendars_kept(ctx, tx, office->region, clock->calendar, &kept);
    if (fault != FAULT_NONE) {
        return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault; /* From before calendars were kept. */
    }
    fault = calendar_read(ctx, "calendar", kept.text, strlen(kept.text), ret_owned);
    *ret_calendar = fault == FAULT_NONE ? *ret_owned : *ret_calendar;
    return fault;
}

struct asking {
    int64_t region;
    const char *current; /* NULL: the text is wanted in any case. */
    struct calendar_kept kept;
    bool newer;
};

/* Reads the whole text only if it is another than the one in use. */
static enum fault ask(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct asking *asking = arg;
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_query(tx, ctx,
                                 "SELECT edition FROM calendar_edition WHERE region = $1"
                                 " ORDER BY number DESC LIMIT 1",
                                 SQL_ARGS(sql_int(asking->region)), &rows);
    bool there = fault == FAULT_NONE && sql_next(rows);
    asking->newer = there && (asking->current == NULL ||
                              strcmp(sql_column_text(rows, 0), asking->current) != 0);
    fault = fault == FAULT_NONE ? sql_fault(rows) : fault;
    return fault == FAULT_NONE && asking->newer
               ? calendars_kept(ctx, tx, asking->region, NULL, &asking->kept)
               : fault;
}

static enum fault use(struct calendars *calendars, struct ctx *ctx, const char *text)
{
    struct calendar *calendar = NULL;
    assert(calendars->count < CALENDARS_MAX);
    enum fault fault = calendar_read(ctx, "calendar", text, strlen(text), &calendar);
    if (fault == FAULT_NONE) {
        calendars->owned[calendars->count++] = calendar;
        calendars->office->calendar = calendar;
    }
    return fault;
}

static enum fault keep_first(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    const struct calendars *calendars = arg;
    const struct office *office = calendars->office;
    struct calendar_kept kept;
    enum fault fault = calendars_kept(ctx, tx, office->region, NULL, &kept);
    if (fault != FAULT_NONE || kept.number != 0) {
        return fault;
    }
    return sql_run(tx, ctx,
                   "INSERT INTO calendar_edition (region, number, edition, loaded_ms, text)"
                   " VALUES ($1, 1, $2, $3, $4)",
                   SQL_ARGS(sql_int(office->region), sql_text(calendar_edition(office->calendar)),
                            sql_int(ctx->now_ms), sql_text(calendars->first_text)),
                   NULL);
}

enum fault calendars_open(struct calendars *calendars, struct ctx *ctx, struct store *store,
                          const char *shipped)
{
    struct asking asking = {.region = calendars->office->region};
    enum fault fault = store_read(store, ctx, ask, &asking);
    if (fault != FAULT_NONE || asking.newer) {
        return fault == FAULT_NONE ? use(calendars, ctx, asking.kept.text) : fault;
    }
    char *text = NULL;
    size_t count = 0;
    fault = file_read(ctx, shipped, LIMIT_RULE_FILE_BYTES, &text, &count);
    if (fault == FAULT_NONE) {
        fault = use(calendars, ctx, text);
    }
    calendars->first_text = text;
    return fault == FAULT_NONE ? store_write(store, ctx, keep_first, calendars) : fault;
}

/* Looks first: a write transaction only if there is something to move. */
static enum fault move_late(struct calendars *calendars, struct ctx *ctx, struct store *store)
{
    struct recount recount = {.office = calendars->office, .next = calendars->office->calendar};
    enum fault fault = store_read(store, ctx, matter_recount_look, &recount);
    return fault == FAULT_NONE && recount.ret_count > 0
               ? store_write(store, ctx, matter_recount, &recount)
               : fault;
}

enum fault calendars_refresh(struct calendars *calendars, struct ctx *ctx, struct store *store)
{
    const struct actor system = {
        .kind = ACTOR_SYSTEM, .region = calendars->office->region, .login = "system", .name = ""};
    struct asking asking = {.region = calendars->office->region,
                            .current = calendar_edition(calendars->office->calendar)};
    const struct actor *before = ctx->actor;
    enum fault fault = store_read(store, ctx, ask, &asking);
    if (fault == FAULT_NONE && asking.newer && calendars->count < CALENDARS_MAX) {
        fault = use(calendars, ctx, asking.kept.text);
        calendars->looks = LOOKS_AFTER;
    }
    if (fault == FAULT_NONE && calendars->looks > 0) {
        ctx->actor = &system;
        fault = move_late(calendars, ctx, store);
        ctx->actor = before;
        calendars->looks -= fault == FAULT_NONE ? 1 : 0;
    }
    return fault;
}
