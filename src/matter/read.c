/* Reading one matter as its reader may see it. */
#include "base/id.h"
#include "matter/record.h"

#include <string.h>

/* Opens the restricted facts that one of the reader's parts may see; the rest stay hidden. */
static enum fault open_facts(struct ctx *ctx, const struct office *office, struct matter *matter,
                             bool sealed)
{
    uint32_t own = who_parties(matter, ctx->actor);
    enum fault fault = FAULT_NONE;
    for (size_t i = 0; i < matter->procedure->facts_count && fault == FAULT_NONE; i++) {
        const struct rules_fact *fact = &matter->procedure->facts[i];
        struct fact_value *value = &matter->facts[i];
        bool may = (fact->secrecy == SECRECY_RESTRICTED && (fact->seen_by & own) != 0) ||
                   (fact->secrecy == SECRECY_SEALED && sealed);
        if (value->set && value->hidden && may) {
            fault = vault_open(ctx, office, matter, fact, &value->value);
            value->hidden = false;
        }
    }
    return fault;
}

enum fault matter_read(struct ctx *ctx, struct store_tx *tx, const struct office *office,
                       int64_t id, struct matter **ret_matter)
{
    enum fault fault = people_check_visible(ctx, tx, id);
    if (fault == FAULT_NONE) {
        fault = record_load(ctx, tx, office, id, false, ret_matter);
    }
    return fault == FAULT_NONE ? open_facts(ctx, office, *ret_matter, false) : fault;
}

enum fault matter_offers(struct ctx *ctx, struct store_tx *tx, const struct office *office,
                         const struct matter *matter, uint64_t *ret_actions)
{
    /* Conditions are asked with the values as stored, not as this reader sees them. */
    struct performing p = {.office = office, .ctx = ctx, .tx = tx};
    struct matter copy = *matter;
    p.matter = &copy;
    p.from = matter->state;
    p.set_before = facts_set(matter);
    uint64_t offers = 0;
    for (size_t i = 0; i < matter->procedure->actions_count; i++) {
        const struct rules_action *action = &matter->procedure->actions[i];
        bool fits = !action->starts && !action->by_system &&
                    (action->from & 1ull << matter->state->index) != 0 &&
                    who_may(matter, action, ctx->actor) && clocks_let(matter, action, ctx->now_ms);
        if (fits && action_offered(&p, action)) {
            offers |= 1ull << i;
        }
    }
    *ret_actions = offers;
    return FAULT_NONE;
}

enum fault matter_unsealed_until(struct ctx *ctx, struct store_tx *tx, const struct matter *matter,
                                 int64_t *ret_until_ms)
{
    *ret_until_ms = 0;
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_query(tx, ctx,
                                 "SELECT until_ms FROM unseal WHERE region = $1 AND matter = $2"
                                 " AND account = $3 AND until_ms > $4",
                                 SQL_ARGS(sql_int(ctx->actor->region), sql_int(matter->id),
                                          sql_int(ctx->actor->account), sql_int(ctx->now_ms)),
                                 &rows);
    if (fault == FAULT_NONE && sql_next(rows)) {
        *ret_until_ms = sql_column_int(rows, 0);
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

enum fault matter_unsealed(struct ctx *ctx, struct store_tx *tx, const struct office *office,
                           struct matter *matter, int64_t *ret_until_ms)
{
    enum fault fault = FAULT_FORBIDDEN;
    if (ctx->actor->kind == ACTOR_ACCOUNT) {
        fault = matter_unsealed_until(ctx, tx, matter, ret_until_ms);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    if (*ret_until_ms == 0) {
        return ctx_fail(ctx, FAULT_FORBIDDEN, "Unseal first, with a reason.",
                        "请先说明理由并办理启封。");
    }
    return open_facts(ctx, office, matter, true);
}

enum fault matter_record_reading(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    const struct reading *reading = arg;
    struct sql_value account = ctx->actor->account == 0 ? sql_null() : sql_int(ctx->actor->account);
    return sql_run(tx, ctx,
                   "INSERT INTO reading (region, id, matter, account, what, read_ms)"
                   " VALUES ($1, $2, $3, $4, $5, $6)",
                   SQL_ARGS(sql_int(ctx->actor->region), sql_int(id_make(ctx->now_ms)),
                            sql_int(reading->matter), account, sql_text(reading->what),
                            sql_int(ctx->now_ms)),
                   NULL);
}
