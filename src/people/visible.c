/*
 * Who may see which matters. This is the only place that says so, and everything that reads matters
 * goes through it: one matter, lists, search, counts, events, materials, the feed.
 *
 *   an account that works on cases   the matters its body is a party of
 *   an auditor                       all matters of the region (changes nothing)
 *   a receipt code                   its one matter
 *   the system                       all
 *   anybody else (system or body administrators without a case role)   none
 */
#include "people/people.h"
#include "store/store.h"

#include <assert.h>

static const uint32_t case_roles =
    1u << ROLE_HANDLER | 1u << ROLE_APPROVER | 1u << ROLE_HEAD | 1u << ROLE_ARCHIVIST;
static const uint32_t audit_roles = 1u << ROLE_AUDITOR;

bool people_reads_matters(const struct actor *actor)
{
    return actor != NULL &&
           (actor->kind != ACTOR_ACCOUNT || (actor->roles & (case_roles | audit_roles)) != 0);
}

bool people_sees_all(const struct actor *actor)
{
    return actor->kind == ACTOR_SYSTEM ||
           (actor->kind == ACTOR_ACCOUNT && (actor->roles & audit_roles) != 0);
}

bool people_sees_figures(const struct actor *actor)
{
    static const uint32_t kinds = 1u << ORG_SUPERVISOR | 1u << ORG_COMMITTEE | 1u << ORG_GOVERNMENT;
    return people_sees_all(actor) || (actor->kind == ACTOR_ACCOUNT && people_reads_matters(actor) &&
                                      (kinds & 1u << actor->org->kind) != 0);
}

static bool through_viewers(const struct actor *actor)
{
    return actor->kind == ACTOR_ACCOUNT && people_reads_matters(actor) && !people_sees_all(actor);
}

static void add_region(const struct actor *actor, struct query *query, const char *table)
{
    query_add(query, table);
    query_add(query, " WHERE m.region = ");
    query_value(query, sql_int(actor->region));
}

void people_visible_from(const struct actor *actor, struct query *query)
{
    assert(actor != NULL);
    if (!people_reads_matters(actor)) {
        add_region(actor, query, " FROM matter m");
        query_add(query, " AND 0 = 1");
    } else if (through_viewers(actor)) {
        add_region(
            actor, query,
            " FROM matter_viewer v JOIN matter m ON m.region = v.region AND m.id = v.matter");
        query_add(query, " AND v.region = ");
        query_value(query, sql_int(actor->region));
        query_add(query, " AND v.org = ");
        query_value(query, sql_text(actor->org->code));
    } else if (actor->kind == ACTOR_CODE) {
        add_region(actor, query, " FROM matter m");
        query_add(query, " AND m.id = ");
        query_value(query, sql_int(actor->matter));
    } else {
        add_region(actor, query, " FROM matter m");
    }
}

const char *people_visible_id(const struct actor *actor)
{
    return through_viewers(actor) ? "v.matter" : "m.id";
}

void people_visible_one(const struct actor *actor, struct query *query, const char *column)
{
    people_visible_from(actor, query);
    query_add(query, " AND m.id = ");
    query_add(query, column);
}

static void add_own(const struct actor *actor, struct query *query)
{
    bool reads = people_reads_matters(actor) && actor->org != NULL;
    query_value(query, sql_text(reads ? actor->org->code : ""));
    query_add(query, reads ? "" : " AND 0 = 1");
}

void people_owed_from(const struct actor *actor, struct query *query)
{
    query_add(query, " FROM deadline d WHERE d.region = ");
    query_value(query, sql_int(actor->region));
    query_add(query, " AND d.ended_ms IS NULL AND d.obligor = ");
    add_own(actor, query);
}

void people_held_from(const struct actor *actor, struct query *query)
{
    query_add(query, " FROM matter m WHERE m.region = ");
    query_value(query, sql_int(actor->region));
    query_add(query, " AND m.final = 0 AND m.holder = ");
    add_own(actor, query);
}

enum fault people_check_visible(struct ctx *ctx, struct store_tx *tx, int64_t matter)
{
    struct query query;
    query_init(&query, ctx->arena);
    query_add(&query, "SELECT m.id");
    people_visible_from(ctx->actor, &query);
    query_add(&query, " AND m.id = ");
    query_value(&query, sql_int(matter));
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = query_run(&query, ctx, tx, &rows);
    if (fault != FAULT_NONE) {
        return fault;
    }
    if (sql_next(rows)) {
        return FAULT_NONE;
    }
    fault = sql_fault(rows);
    return fault == FAULT_NONE ? FAULT_NOT_FOUND : fault;
}
