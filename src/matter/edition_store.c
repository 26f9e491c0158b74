/* What the store says of editions: which there must be, and taking them up. */
#include "matter/edition_inner.h"

#include <string.h>

struct listing {
    int64_t region, preferred;
    struct edition *rows;
    size_t count;
};

static enum fault read_regions(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct listing *listing = arg;
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_query(tx, ctx, "SELECT DISTINCT region FROM edition ORDER BY region",
                                 SQL_NO_ARGS, &rows);
    while (fault == FAULT_NONE && sql_next(rows)) {
        int64_t region = sql_column_int(rows, 0);
        bool better = listing->region == 0 || region == listing->preferred;
        listing->region = better ? region : listing->region;
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

enum fault editions_region(struct ctx *ctx, struct store *store, int64_t preferred,
                           int64_t *ret_region)
{
    struct listing listing = {.preferred = preferred};
    enum fault fault = store_read(store, ctx, read_regions, &listing);
    *ret_region = listing.region;
    return fault;
}

static enum fault read_rows(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct listing *listing = arg;
    SCOPED(sql_rows) rows = NULL;
    enum fault fault =
        sql_query(tx, ctx,
                  "SELECT edition, runs_as, takes_effect, adopted_ms, adopted_by"
                  " FROM edition WHERE region = $1 ORDER BY takes_effect, adopted_ms,"
                  " edition",
                  SQL_ARGS(sql_int(listing->region)), &rows);
    listing->rows = arena_array(ctx->arena, EDITIONS_MAX, sizeof *listing->rows);
    listing->count = 0;
    while (fault == FAULT_NONE && listing->count < EDITIONS_MAX && sql_next(rows)) {
        listing->rows[listing->count++] =
            (struct edition){.edition = arena_text(ctx->arena, sql_column_text(rows, 0)),
                             .runs_as = arena_text(ctx->arena, sql_column_text(rows, 1)),
                             .takes_effect = (int32_t)sql_column_int(rows, 2),
                             .adopted_ms = sql_column_int(rows, 3),
                             .adopted_by = arena_text(ctx->arena, sql_column_text(rows, 4))};
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

static bool taken_up(const struct editions *editions, const char *edition)
{
    for (size_t i = 0; i < editions_count(editions); i++) {
        if (strcmp(editions_at(editions, i)->edition, edition) == 0) {
            return true;
        }
    }
    return false;
}

static enum fault take_up_all(struct editions *editions, struct ctx *ctx,
                              const struct listing *listing)
{
    enum fault fault = FAULT_NONE;
    int32_t unread_from = INT32_MAX;
    for (size_t i = 0; i < listing->count; i++) {
        const struct edition *row = &listing->rows[i];
        if (taken_up(editions, row->edition)) {
            continue;
        }
        enum fault wrong = edition_take_up(editions, ctx, row);
        if (wrong != FAULT_NONE && row->takes_effect < unread_from) {
            unread_from = row->takes_effect;
        }
        fault = fault == FAULT_NONE ? wrong : fault;
    }
    atomic_store(&editions->unread_from, unread_from);
    return fault;
}

enum fault editions_refresh(struct editions *editions, struct ctx *ctx, struct store *store,
                            int64_t region)
{
    struct listing listing = {.region = region};
    enum fault fault = store_read(store, ctx, read_rows, &listing);
    if (fault != FAULT_NONE) {
        return fault;
    }
    (void)pthread_mutex_lock(&editions->mutex);
    fault = take_up_all(editions, ctx, &listing);
    (void)pthread_mutex_unlock(&editions->mutex);
    return fault;
}

enum fault editions_use(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct editions_counting *counting = arg;
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_query(
        tx, ctx,
        "SELECT edition, CAST(coalesce(sum(1 - final), 0) AS BIGINT), count(*) FROM matter"
        " WHERE region = $1 GROUP BY edition",
        SQL_ARGS(sql_int(counting->region)), &rows);
    size_t count = editions_count(counting->editions);
    counting->ret_uses = arena_array(ctx->arena, count, sizeof *counting->ret_uses);
    while (fault == FAULT_NONE && sql_next(rows)) {
        for (size_t i = 0; i < count; i++) {
            const char *edition = editions_at(counting->editions, i)->edition;
            if (strcmp(edition, sql_column_text(rows, 0)) == 0) {
                counting->ret_uses[i] =
                    (struct edition_use){sql_column_int(rows, 1), sql_column_int(rows, 2)};
            }
        }
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}
