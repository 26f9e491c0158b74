/* What the conditions of actions and clocks ask of a matter. */
#include "calendar/date.h"
#include "matter/record.h"

/* What the conditions of an action or clock ask. */
struct asking {
    const struct performing *p;
    bool before; /* SET and UNSET ask how it was before the action. */
};

static const char *value_of(const void *asked, const struct rules_fact *fact)
{
    const struct asking *asking = asked;
    const struct fact_value *value = &asking->p->matter->facts[fact->index];
    /* A value in the vault is there, but its words are nobody's condition. */
    return !value->set ? NULL : value->value == NULL ? "" : value->value;
}

static bool is_set(const void *asked, const struct rules_fact *fact)
{
    const struct asking *asking = asked;
    return asking->before ? (asking->p->set_before & 1ull << fact->index) != 0
                          : asking->p->matter->facts[fact->index].set;
}

static bool is_overdue(const void *asked)
{
    const struct asking *asking = asked;
    const struct matter *matter = asking->p->matter;
    for (size_t i = 0; i < matter->clocks_count; i++) {
        const struct clock *clock = &matter->clocks[i];
        bool running = clock->ended_ms == 0 && clock->paused_ms == 0;
        if (running && asking->p->ctx->now_ms >= clock->due_ms) {
            return true;
        }
    }
    return false;
}

static bool has_open_child(const void *asked, const char *procedure)
{
    const struct performing *p = ((const struct asking *)asked)->p;
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_query(
        p->tx, p->ctx,
        "SELECT id FROM matter WHERE region = $1 AND parent = $2"
        " AND procedure = $3 AND final = 0 LIMIT 1",
        SQL_ARGS(sql_int(p->office->region), sql_int(p->matter->id), sql_text(procedure)), &rows);
    /* A store that fails here fails the next statement of the action too. */
    return fault == FAULT_NONE && sql_next(rows);
}

static bool has_sealed(const void *asked)
{
    const struct matter *matter = ((const struct asking *)asked)->p->matter;
    for (size_t i = 0; i < matter->procedure->facts_count; i++) {
        if (matter->procedure->facts[i].secrecy == SECRECY_SEALED && matter->facts[i].set) {
            return true;
        }
    }
    return false;
}

static bool children_in(const void *asked, const struct rules_condition *condition)
{
    const struct performing *p = ((const struct asking *)asked)->p;
    struct query query;
    query_init(&query, p->ctx->arena);
    query_add(&query, "SELECT id FROM matter WHERE region = ");
    query_value(&query, sql_int(p->office->region));
    query_add(&query, " AND parent = ");
    query_value(&query, sql_int(p->matter->id));
    query_add(&query, " AND procedure = ");
    query_value(&query, sql_text(condition->procedure));
    for (size_t i = 0; i < condition->values_count && query.args_count < QUERY_ARGS; i++) {
        query_add(&query, " AND state <> ");
        query_value(&query, sql_text(condition->values[i]));
    }
    query_add(&query, " LIMIT 1");
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = query_run(&query, p->ctx, p->tx, &rows);
    return fault == FAULT_NONE && !sql_next(rows);
}

/* Other matters of this procedure, begun in this calendar year, with the same value. */
static int64_t alike_this_year(const void *asked, const struct rules_fact *fact)
{
    const struct performing *p = ((const struct asking *)asked)->p;
    const struct fact_value *value = &p->matter->facts[fact->index];
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    if (!value->set || value->value == NULL) {
        return 0;
    }
    date_split(date_of_ms(p->ctx->now_ms), &year, &month, &day);
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_one(
        p->tx, p->ctx,
        "SELECT COUNT(*) FROM fact f JOIN matter m ON m.region = f.region AND m.id = f.matter"
        " WHERE f.region = $1 AND length(f.value) = 18 AND f.value = $2 AND f.code = $3"
        " AND m.procedure = $4 AND m.created_ms >= $5 AND m.id <> $6",
        SQL_ARGS(sql_int(p->office->region), sql_text(value->value), sql_text(fact->code),
                 sql_text(p->matter->procedure->code),
                 sql_int(date_start_ms(date_join(year, 1, 1))), sql_int(p->matter->id)),
        &rows);
    return fault == FAULT_NONE ? sql_column_int(rows, 0) : 0;
}

static bool hold(struct asking *asking, const struct rules_condition *conditions, size_t count,
                 const struct rules_condition **ret_broken)
{
    struct rules_facts_view view = {.value = value_of,
                                    .is_set = is_set,
                                    .overdue = is_overdue,
                                    .open_child = has_open_child,
                                    .sealed = has_sealed,
                                    .children_in = children_in,
                                    .alike_this_year = alike_this_year,
                                    .matter = asking};
    return rules_holds(conditions, count, &view, ret_broken);
}

bool facts_hold(struct performing *p, const struct rules_condition *conditions, size_t count)
{
    struct asking asking = {.p = p};
    return hold(&asking, conditions, count, NULL);
}

bool action_allowed(struct performing *p, const struct rules_action *action,
                    const struct rules_condition **ret_broken)
{
    struct asking asking = {.p = p, .before = true};
    return hold(&asking, action->when, action->when_count, ret_broken);
}

/* What the action's own form asks for is not known before it is filled in. */
static bool is_entered(const struct rules_action *action, const struct rules_condition *condition)
{
    return (condition->kind == CONDITION_IS || condition->kind == CONDITION_NOT) &&
           rules_asks(action, condition->fact);
}

bool action_offered(struct performing *p, const struct rules_action *action)
{
    struct asking asking = {.p = p, .before = true};
    bool good = true;
    for (size_t i = 0; i < action->when_count && good; i++) {
        good = is_entered(action, &action->when[i]) || hold(&asking, &action->when[i], 1, NULL);
    }
    return good;
}
