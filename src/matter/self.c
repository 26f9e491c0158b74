/* What the program does by itself: clocks that run out, and matters that always stand open. */
#include "base/limit.h"
#include "matter/record.h"

#include <assert.h>
#include <string.h>

static enum fault find_clock(struct ctx *ctx, struct store_tx *tx, const struct expiry *expiry,
                             int64_t *ret_matter)
{
    SCOPED(sql_rows) rows = NULL;
    *ret_matter = 0;
    enum fault fault = sql_query(
        tx, ctx,
        "SELECT matter FROM deadline WHERE region = $1 AND id = $2 AND expires = 1"
        " AND ended_ms IS NULL AND paused_ms IS NULL AND due_ms <= $3",
        SQL_ARGS(sql_int(expiry->office->region), sql_int(expiry->deadline), sql_int(ctx->now_ms)),
        &rows);
    if (fault == FAULT_NONE && sql_next(rows)) {
        *ret_matter = sql_column_int(rows, 0);
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

/* The clock as it is now that the matter is locked; NULL: it no longer waits for this. */
static const struct clock *waiting_clock(const struct matter *matter, int64_t id, int64_t now_ms)
{
    for (size_t i = 0; i < matter->clocks_count; i++) {
        const struct clock *clock = &matter->clocks[i];
        bool waits = clock->id == id && clock->ended_ms == 0 && clock->paused_ms == 0 &&
                     clock->due_ms <= now_ms;
        if (waits) {
            return clock;
        }
    }
    return NULL;
}

/* The lock raised the version; nothing happened, so it goes back. */
static enum fault leave(struct ctx *ctx, struct store_tx *tx, const struct expiry *expiry,
                        int64_t matter)
{
    return sql_run(tx, ctx, "UPDATE matter SET version = version - 1 WHERE region = $1 AND id = $2",
                   SQL_ARGS(sql_int(expiry->office->region), sql_int(matter)), NULL);
}

/* It can't be done in this state: the clock goes on as a red one, and is not asked again. */
static enum fault give_up(struct ctx *ctx, struct store_tx *tx, const struct expiry *expiry,
                          int64_t matter)
{
    enum fault fault =
        sql_run(tx, ctx, "UPDATE deadline SET expires = 0 WHERE region = $1 AND id = $2",
                SQL_ARGS(sql_int(expiry->office->region), sql_int(expiry->deadline)), NULL);
    return fault == FAULT_NONE ? leave(ctx, tx, expiry, matter) : fault;
}

enum fault matter_expire(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct expiry *expiry = arg;
    int64_t id = 0;
    assert(ctx->actor != NULL && ctx->actor->kind == ACTOR_SYSTEM);
    expiry->ret_done = false;
    enum fault fault = find_clock(ctx, tx, expiry, &id);
    if (fault != FAULT_NONE || id == 0) {
        return fault;
    }
    struct performing p = {.office = expiry->office, .ctx = ctx, .tx = tx};
    fault = record_load(ctx, tx, expiry->office, id, true, &p.matter);
    if (fault != FAULT_NONE) {
        return fault;
    }
    const struct clock *clock = waiting_clock(p.matter, expiry->deadline, ctx->now_ms);
    if (clock == NULL) {
        /* Ended, paused or moved while we waited for the lock: it runs out another time. */
        return leave(ctx, tx, expiry, id);
    }
    p.from = p.matter->state;
    p.action = clock->rule->on_expiry;
    p.set_before = facts_set(p.matter);
    bool possible = p.action != NULL && (p.action->from & 1ull << p.from->index) != 0 &&
                    action_allowed(&p, p.action, NULL);
    if (!possible) {
        return give_up(ctx, tx, expiry, id);
    }
    /* As of the due moment, but never before the step before it. */
    p.expired_ms = clock->due_ms > p.matter->happened_ms ? clock->due_ms : p.matter->happened_ms;
    expiry->ret_done = true;
    return perform(&p);
}

enum fault matter_expired(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct expired *expired = arg;
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_query(
        tx, ctx,
        "SELECT id, due_ms FROM deadline WHERE expires = 1 AND ended_ms IS NULL"
        " AND paused_ms IS NULL AND due_ms <= $1 AND region = $2"
        " AND (due_ms > $3 OR (due_ms = $3 AND id > $4)) ORDER BY due_ms, id LIMIT $5",
        SQL_ARGS(sql_int(ctx->now_ms), sql_int(ctx->actor->region), sql_int(expired->after_due_ms),
                 sql_int(expired->after_id), sql_int(EXPIRED_PAGE)),
        &rows);
    expired->ret_count = 0;
    while (fault == FAULT_NONE && expired->ret_count < EXPIRED_PAGE && sql_next(rows)) {
        expired->ret_ids[expired->ret_count++] = sql_column_int(rows, 0);
        expired->ret_last_due_ms = sql_column_int(rows, 1);
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

static enum fault stands(struct ctx *ctx, struct store_tx *tx, const struct office *office,
                         const char *procedure, bool *ret_stands)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_query(tx, ctx,
                                 "SELECT id FROM matter WHERE region = $1 AND procedure = $2"
                                 " AND standing = 1 AND final = 0",
                                 SQL_ARGS(sql_int(office->region), sql_text(procedure)), &rows);
    *ret_stands = fault != FAULT_NONE || sql_next(rows);
    return fault;
}

static const struct rules_action *standing_start(const struct rules_procedure *procedure)
{
    for (size_t i = 0; i < procedure->actions_count; i++) {
        if (procedure->actions[i].starts && procedure->actions[i].by_system) {
            return &procedure->actions[i];
        }
    }
    return NULL;
}

/* Only where the bodies that hold it are there: a region without a committee has no plenary. */
static bool has_bodies(const struct office *office, const struct rules_action *start)
{
    const struct rules_party *holder = start->to->holder;
    for (unsigned kind = 0; holder != NULL && kind < ORG_KINDS_COUNT; kind++) {
        bool there = (holder->kinds & 1u << kind) != 0 &&
                     directory_only(office->directory, (enum org_kind)kind) != NULL;
        if (there) {
            return true;
        }
    }
    return false;
}

enum fault matter_stand(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct standing *standing = arg;
    const struct rulebook *book = office_book(standing->office, ctx->now_ms);
    enum fault fault = FAULT_NONE;
    assert(ctx->actor != NULL && ctx->actor->kind == ACTOR_SYSTEM);
    standing->ret_opened = 0;
    for (size_t i = 0; i < book->procedures_count && fault == FAULT_NONE; i++) {
        const struct rules_procedure *procedure = &book->procedures[i];
        const struct rules_action *start = procedure->standing ? standing_start(procedure) : NULL;
        bool there = true;
        if (start != NULL && has_bodies(standing->office, start)) {
            fault = stands(ctx, tx, standing->office, procedure->code, &there);
        }
        if (fault == FAULT_NONE && !there) {
            struct performing p = {
                .office = standing->office, .ctx = ctx, .tx = tx, .action = start};
            p.matter = record_new(ctx, standing->office, procedure);
            fault = perform(&p);
            standing->ret_opened++;
            standing->ret_matter = p.matter->id;
        }
    }
    return fault;
}
