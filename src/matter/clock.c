/*
 * Clocks. Declared once in the rulebook; here they are opened, met, lifted, paused and resumed by
 * the actions that their declaration names. No action knows of a clock.
 *
 *            open --met_by--> met (late if it happened after the due moment)
 *             | ^ --lifted_by, final state, condition no longer holds--> lifted
 *   paused_by v | resumed_by (counted on with the remainder)
 *           paused                                          extended_by: once, see clock_due.c
 */
#include "base/id.h"
#include "matter/record.h"

#include <assert.h>
#include <string.h>

void clock_note(struct performing *p, const struct clock *clock, const char *change)
{
    struct json_writer *json = &p->body.clocks_json;
    char id[ID_TEXT];
    id_format(clock->id, id);
    json_open(json);
    json_put_text(json, "id", id);
    json_put_text(json, "code", clock->rule->code);
    json_put_text(json, "change", change);
    if (strcmp(change, "opened") == 0) {
        json_put_text(json, "obligor", clock->obligor);
    }
    tally_clock(p, clock, change);
    if (clock->due_ms != INT64_MAX) {
        json_put_int(json, "due_ms", clock->due_ms);
    }
    json_close(json);
}

static enum fault end_clock(struct performing *p, struct clock *clock, const char *ended)
{
    clock->ended_ms = p->ctx->now_ms;
    clock->ended = ended;
    clock_note(p, clock, ended);
    return sql_run(p->tx, p->ctx,
                   "UPDATE deadline SET ended_ms = $3, ended = $4 WHERE region = $1 AND id = $2",
                   SQL_ARGS(sql_int(p->office->region), sql_int(clock->id),
                            sql_int(clock->ended_ms), sql_text(ended)),
                   NULL);
}

static struct clock *append_clock(struct performing *p)
{
    struct matter *matter = p->matter;
    struct clock *clocks = arena_array(p->ctx->arena, matter->clocks_count + 1, sizeof *clocks);
    if (matter->clocks_count > 0) {
        memcpy(clocks, matter->clocks, matter->clocks_count * sizeof *clocks);
    }
    matter->clocks = clocks;
    return &clocks[matter->clocks_count++];
}

static enum fault save_clock(struct performing *p, const struct clock *clock)
{
    char within[16];
    span_format(&clock->within, within);
    return sql_run(p->tx, p->ctx,
                   "INSERT INTO deadline (region, id, matter, code, obligor, within, strength,"
                   " from_ms, due_ms, due_date, provisional, calendar, expires)"
                   " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
                   SQL_ARGS(sql_int(p->office->region), sql_int(clock->id), sql_int(p->matter->id),
                            sql_text(clock->rule->code), sql_text(clock->obligor), sql_text(within),
                            sql_text(strength_code(clock->rule->strength)), sql_int(clock->from_ms),
                            sql_int(clock->due_ms), sql_int(clock->due_date),
                            sql_int(clock->provisional ? 1 : 0), sql_text(clock->calendar),
                            sql_int(clock->rule->on_expiry != NULL ? 1 : 0)),
                   NULL);
}

static enum fault open_clock(struct performing *p, const struct rules_deadline *rule,
                             int64_t from_ms)
{
    struct due due;
    enum fault fault = rule->until != NULL ? clock_until(p, rule, &due)
                                           : calendar_due(p->office->calendar, p->ctx, from_ms,
                                                          &rule->within, NULL, 0, &due);
    if (fault != FAULT_NONE) {
        return fault;
    }
    const char *obligor = party_org_code(p->matter, rule->obligor);
    struct clock *clock = append_clock(p);
    *clock = (struct clock){.id = id_make(p->ctx->now_ms),
                            .rule = rule,
                            .obligor = obligor == NULL ? "" : obligor,
                            .within = rule->within,
                            .from_ms = from_ms,
                            .due_ms = due.due_ms,
                            .due_date = due.date,
                            .provisional = due.provisional,
                            .calendar = calendar_edition(p->office->calendar)};
    clock_note(p, clock, "opened");
    return save_clock(p, clock);
}

static bool in_mask(uint64_t mask, const struct rules_action *action)
{
    return (mask & 1ull << action->index) != 0;
}

/* What the action does to one open clock. */
static enum fault act_on(struct performing *p, struct clock *clock)
{
    const struct rules_deadline *rule = clock->rule;
    if (in_mask(rule->met_by, p->action)) {
        /* What was done in time and entered afterwards was done in time; the event keeps both
         * times. What the program does when the clock runs out is never late. */
        bool late = p->happened_ms >= clock->due_ms && p->action != rule->on_expiry;
        return end_clock(p, clock, late ? "late" : "met");
    }
    bool idle = p->matter->state->final || in_mask(rule->lifted_by, p->action) ||
                !facts_hold(p, rule->when, rule->when_count);
    if (idle) {
        return end_clock(p, clock, "lifted");
    }
    if (in_mask(rule->paused_by, p->action) && clock->paused_ms == 0) {
        return clock_pause(p, clock);
    }
    if (in_mask(rule->resumed_by, p->action) && clock->paused_ms != 0) {
        return clock_resume(p, clock);
    }
    if (in_mask(rule->extended_by, p->action)) {
        return clock_extend(p, clock);
    }
    bool moved = rule->until != NULL && (p->changed_facts & 1ull << rule->until->index) != 0;
    return moved ? clock_move(p, clock) : FAULT_NONE;
}

static bool is_open(const struct matter *matter, const struct rules_deadline *rule, bool ever)
{
    for (size_t i = 0; i < matter->clocks_count; i++) {
        if (matter->clocks[i].rule == rule && (ever || matter->clocks[i].ended_ms == 0)) {
            return true;
        }
    }
    return false;
}

/* When an action of a matter last happened; 0: never. */
static enum fault last_happened(struct performing *p, int64_t matter, const char *action,
                                int64_t *ret_ms)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault =
        sql_query(p->tx, p->ctx,
                  "SELECT happened_ms FROM event WHERE region = $1 AND matter = $2"
                  " AND action = $3 ORDER BY version DESC LIMIT 1",
                  SQL_ARGS(sql_int(p->office->region), sql_int(matter), sql_text(action)), &rows);
    *ret_ms = fault == FAULT_NONE && sql_next(rows) ? sql_column_int(rows, 0) : 0;
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

/* The first anchor of the list that has happened, this action included. */
static enum fault find_anchor(struct performing *p, const struct rules_deadline *rule,
                              int64_t *ret_ms)
{
    enum fault fault = FAULT_NONE;
    *ret_ms = 0;
    for (size_t i = 0; i < rule->from_count && fault == FAULT_NONE && *ret_ms == 0; i++) {
        const struct rules_anchor *anchor = &rule->from[i];
        if (!anchor->parent && strcmp(anchor->action, p->action->code) == 0) {
            *ret_ms = p->happened_ms;
        } else if (!anchor->parent && p->from != NULL) {
            fault = last_happened(p, p->matter->id, anchor->action, ret_ms);
        } else if (anchor->parent && p->opened_by != NULL &&
                   strcmp(anchor->action, p->opened_by) == 0) {
            *ret_ms = p->opened_ms;
        } else if (anchor->parent && p->matter->parent != 0) {
            fault = last_happened(p, p->matter->parent, anchor->action, ret_ms);
        }
    }
    return fault;
}

/* A fact with the day of an `until` clock may come later than the action that starts it. */
static bool day_came(const struct performing *p, const struct rules_deadline *rule)
{
    return rule->until != NULL && (p->changed_facts & 1ull << rule->until->index) != 0 &&
           p->matter->facts[rule->until->index].set;
}

static bool asks_changed_fact(const struct performing *p, const struct rules_deadline *rule)
{
    for (size_t i = 0; i < rule->when_count; i++) {
        const struct rules_fact *fact = rule->when[i].fact;
        if (fact != NULL && (p->changed_facts & 1ull << fact->index) != 0) {
            return true;
        }
    }
    return false;
}

static bool own_anchor(const struct performing *p, const struct rules_deadline *rule)
{
    for (size_t i = 0; i < rule->from_count; i++) {
        if (!rule->from[i].parent && strcmp(rule->from[i].action, p->action->code) == 0) {
            return true;
        }
    }
    return false;
}

/*
 * Opens a clock when its action is performed; at the start also from the parent's record; and, if
 * it never ran, when a fact its condition asks for has just changed so that it holds.
 */
static enum fault maybe_open(struct performing *p, const struct rules_deadline *rule)
{
    bool own = own_anchor(p, rule);
    bool late_start =
        (asks_changed_fact(p, rule) || day_came(p, rule)) && !is_open(p->matter, rule, true);
    if (rule->until != NULL && !p->matter->facts[rule->until->index].set) {
        return FAULT_NONE;
    }
    if ((!own && p->from != NULL && !late_start) || is_open(p->matter, rule, false) ||
        !facts_hold(p, rule->when, rule->when_count)) {
        return FAULT_NONE;
    }
    int64_t from_ms = 0;
    enum fault fault = FAULT_NONE;
    if (own && p->from != NULL) {
        from_ms = p->happened_ms;
    } else {
        fault = find_anchor(p, rule, &from_ms);
    }
    return fault == FAULT_NONE && from_ms != 0 ? open_clock(p, rule, from_ms) : fault;
}

void clocks_earliest(struct matter *matter)
{
    matter->due_ms = 0;
    matter->paused = false;
    for (size_t i = 0; i < matter->clocks_count; i++) {
        const struct clock *clock = &matter->clocks[i];
        matter->paused = matter->paused || (clock->ended_ms == 0 && clock->paused_ms != 0);
        bool counts = clock->ended_ms == 0 && clock->paused_ms == 0 &&
                      clock->rule->strength != STRENGTH_TARGET;
        if (counts && (matter->due_ms == 0 || clock->due_ms < matter->due_ms)) {
            matter->due_ms = clock->due_ms;
        }
    }
}

bool clocks_let(const struct matter *matter, const struct rules_action *action, int64_t now_ms)
{
    bool extends = false;
    bool running = false;
    for (size_t i = 0; i < matter->procedure->deadlines_count; i++) {
        extends = extends || in_mask(matter->procedure->deadlines[i].extended_by, action);
    }
    for (size_t i = 0; extends && i < matter->clocks_count; i++) {
        const struct clock *clock = &matter->clocks[i];
        bool asked = clock->ended_ms == 0 && in_mask(clock->rule->extended_by, action);
        bool can = clock->extension.count == 0 && clock->paused_ms == 0 && now_ms < clock->due_ms;
        if (asked && !can) {
            return false;
        }
        running = running || asked;
    }
    return !extends || running;
}

/* An action whose only work is to extend is refused when there is nothing that runs. */
static enum fault check_extends(struct performing *p)
{
    bool extends = false;
    bool running = false;
    const struct rules_procedure *procedure = p->matter->procedure;
    for (size_t i = 0; i < procedure->deadlines_count; i++) {
        bool asked = in_mask(procedure->deadlines[i].extended_by, p->action);
        extends = extends || asked;
        running = running || (asked && is_open(p->matter, &procedure->deadlines[i], false));
    }
    return extends && !running
               ? ctx_fail(p->ctx, FAULT_RULE_REFUSED, "No running clock can be extended by this.",
                          "没有可以延长的期限。")
               : FAULT_NONE;
}

enum fault clocks_apply(struct performing *p)
{
    enum fault fault = check_extends(p);
    for (size_t i = 0; i < p->matter->clocks_count && fault == FAULT_NONE; i++) {
        if (p->matter->clocks[i].ended_ms == 0) {
            fault = act_on(p, &p->matter->clocks[i]);
        }
    }
    const struct rules_procedure *procedure = p->matter->procedure;
    for (size_t i = 0; i < procedure->deadlines_count && fault == FAULT_NONE; i++) {
        if (!p->matter->state->final) {
            fault = maybe_open(p, &procedure->deadlines[i]);
        }
    }
    clocks_earliest(p->matter);
    return fault;
}
