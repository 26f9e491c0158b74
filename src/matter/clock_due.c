/*
 * How a clock's due moment is counted anew: after a pause, with its one extension, when the day it
 * runs until changes, or under another calendar.
 */
#include "calendar/date.h"
#include "matter/record.h"

#include <assert.h>
#include <string.h>

enum fault clock_pause(struct performing *p, struct clock *clock)
{
    clock->paused_ms = p->happened_ms;
    clock_note(p, clock, "paused");
    enum fault fault = sql_run(
        p->tx, p->ctx,
        "INSERT INTO deadline_pause (region, deadline, from_ms, until_ms) VALUES ($1, $2, $3, 0)"
        /* Paused again at the moment at which it paused before. */
        " ON CONFLICT (region, deadline, from_ms) DO UPDATE SET until_ms = 0",
        SQL_ARGS(sql_int(p->office->region), sql_int(clock->id), sql_int(clock->paused_ms)), NULL);
    if (fault != FAULT_NONE) {
        return fault;
    }
    return sql_run(
        p->tx, p->ctx, "UPDATE deadline SET paused_ms = $3 WHERE region = $1 AND id = $2",
        SQL_ARGS(sql_int(p->office->region), sql_int(clock->id), sql_int(clock->paused_ms)), NULL);
}

enum fault clock_pauses(struct ctx *ctx, struct store_tx *tx, const struct clock *clock,
                        struct pause **ret_pauses, size_t *ret_count)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_query(tx, ctx,
                                 "SELECT from_ms, until_ms FROM deadline_pause"
                                 " WHERE region = $1 AND deadline = $2 ORDER BY from_ms",
                                 SQL_ARGS(sql_int(ctx->actor->region), sql_int(clock->id)), &rows);
    struct pause *pauses = NULL;
    size_t count = 0;
    size_t capacity = 0;
    while (fault == FAULT_NONE && sql_next(rows)) {
        if (count == capacity) {
            capacity = capacity == 0 ? 4 : capacity * 2;
            struct pause *larger = arena_array(ctx->arena, capacity, sizeof *larger);
            if (count > 0) {
                memcpy(larger, pauses, count * sizeof *larger);
            }
            pauses = larger;
        }
        pauses[count++] = (struct pause){sql_column_int(rows, 0), sql_column_int(rows, 1)};
    }
    fault = fault == FAULT_NONE ? sql_fault(rows) : fault;
    if (fault == FAULT_NONE) {
        *ret_pauses = pauses;
        *ret_count = count;
    }
    return fault;
}

/*
 * The due moment from the start, the period, the pauses and the extension: the further period
 * begins when the first has ended, its first day is the day after.
 */
enum fault clock_count(struct ctx *ctx, const struct calendar *calendar, const struct clock *clock,
                       const struct pause *pauses, size_t count, struct counted *ret_counted)
{
    assert(clock->within.count > 0);
    enum fault fault = calendar_due(calendar, ctx, clock->from_ms, &clock->within, pauses, count,
                                    &ret_counted->first);
    ret_counted->last = ret_counted->first;
    if (fault != FAULT_NONE || clock->extension.count == 0 ||
        ret_counted->first.due_ms == INT64_MAX) {
        return fault;
    }
    int64_t from_ms = date_start_ms(ret_counted->first.date);
    size_t before = 0;
    while (before < count && pauses[before].until_ms != 0 && pauses[before].until_ms <= from_ms) {
        before++;
    }
    fault = calendar_due(calendar, ctx, from_ms, &clock->extension, pauses + before, count - before,
                         &ret_counted->last);
    ret_counted->last.provisional = ret_counted->last.provisional || ret_counted->first.provisional;
    return fault;
}

static void take_due(struct performing *p, struct clock *clock, const struct counted *counted)
{
    clock->first_due_date = counted->first.date;
    clock->due_ms = counted->last.due_ms;
    clock->due_date = counted->last.date;
    clock->provisional = counted->last.provisional;
    clock->calendar = calendar_edition(p->office->calendar);
}

static struct sql_value extension_value(const struct clock *clock, char text[16])
{
    if (clock->extension.count == 0) {
        return sql_null();
    }
    span_format(&clock->extension, text);
    return sql_text(text);
}

static enum fault save_due(struct performing *p, const struct clock *clock)
{
    char text[16];
    return sql_run(
        p->tx, p->ctx,
        "UPDATE deadline SET paused_ms = NULL, due_ms = $3, due_date = $4,"
        " provisional = $5, calendar = $6, extension = $7, first_due_date = $8,"
        " remind_ms = 0, expires = $9"
        " WHERE region = $1 AND id = $2",
        SQL_ARGS(sql_int(p->office->region), sql_int(clock->id), sql_int(clock->due_ms),
                 sql_int(clock->due_date), sql_int(clock->provisional ? 1 : 0),
                 sql_text(clock->calendar), extension_value(clock, text),
                 clock->extension.count == 0 ? sql_null() : sql_int(clock->first_due_date),
                 sql_int(clock->rule->on_expiry != NULL ? 1 : 0)),
        NULL);
}

enum fault clock_resume(struct performing *p, struct clock *clock)
{
    enum fault fault = sql_run(
        p->tx, p->ctx,
        "UPDATE deadline_pause SET until_ms = $3"
        " WHERE region = $1 AND deadline = $2 AND until_ms = 0",
        SQL_ARGS(sql_int(p->office->region), sql_int(clock->id), sql_int(p->happened_ms)), NULL);
    struct pause *pauses = NULL;
    size_t count = 0;
    if (fault == FAULT_NONE) {
        fault = clock_pauses(p->ctx, p->tx, clock, &pauses, &count);
    }
    struct counted counted;
    if (fault == FAULT_NONE) {
        fault = clock_count(p->ctx, p->office->calendar, clock, pauses, count, &counted);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    clock->paused_ms = 0;
    take_due(p, clock, &counted);
    clock_note(p, clock, "resumed");
    return save_due(p, clock);
}

/* Once, with a reason (the action's), before it has run out. */
enum fault clock_extend(struct performing *p, struct clock *clock)
{
    const char *label = label_text(&clock->rule->label, p->ctx->lang);
    if (clock->extension.count > 0) {
        return ctx_fail(p->ctx, FAULT_RULE_REFUSED, "'%s' has been extended once already.",
                        "“%s”已经延长过一次。", label);
    }
    if (p->happened_ms >= clock->due_ms) {
        return ctx_fail(p->ctx, FAULT_RULE_REFUSED, "'%s' has run out; it can't be extended now.",
                        "“%s”已经届满，不能再延长。", label);
    }
    if (clock->paused_ms != 0) {
        return ctx_fail(p->ctx, FAULT_RULE_REFUSED, "'%s' is paused; resume it first.",
                        "“%s”已中止，请先恢复。", label);
    }
    struct pause *pauses = NULL;
    size_t count = 0;
    struct counted counted;
    clock->extension = clock->rule->extension;
    enum fault fault = clock_pauses(p->ctx, p->tx, clock, &pauses, &count);
    if (fault == FAULT_NONE) {
        fault = clock_count(p->ctx, p->office->calendar, clock, pauses, count, &counted);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    take_due(p, clock, &counted);
    clock_note(p, clock, "extended");
    return save_due(p, clock);
}

/* Who enters a day that is over has mistyped it: the clock would be overdue from its beginning. */
static enum fault refuse_past(struct performing *p, const struct rules_fact *fact, int64_t due_ms)
{
    bool entered = (p->changed_facts & 1ull << fact->index) != 0;
    if (!entered || due_ms > p->happened_ms) {
        return FAULT_NONE;
    }
    return ctx_field(p->ctx, arena_printf(p->ctx->arena, "facts.%s", fact->code),
                     "This is over already; it must lie ahead.",
                     "该时间已过，请填写今天或以后的时间。");
}

/* The end of the day, or the minute, that the fact says. */
enum fault clock_until(struct performing *p, const struct rules_deadline *rule, struct due *ret_due)
{
    const char *value = p->matter->facts[rule->until->index].value;
    assert(value != NULL);
    *ret_due = (struct due){0};
    bool good = rule->until->type == FACT_MINUTE ? minute_parse(value, &ret_due->due_ms)
                                                 : date_parse(value, &ret_due->date);
    if (!good) {
        return ctx_fail(p->ctx, FAULT_INTERNAL, "A stored day can't be read.", "日期无法读取。");
    }
    if (rule->until->type == FACT_MINUTE) {
        ret_due->date = date_of_ms(ret_due->due_ms);
    } else {
        ret_due->due_ms = date_start_ms(ret_due->date + 1);
    }
    return refuse_past(p, rule->until, ret_due->due_ms);
}

enum fault clock_move(struct performing *p, struct clock *clock)
{
    struct due due;
    if (!p->matter->facts[clock->rule->until->index].set) {
        return FAULT_NONE;
    }
    enum fault fault = clock_until(p, clock->rule, &due);
    if (fault != FAULT_NONE || due.due_ms == clock->due_ms) {
        return fault;
    }
    struct counted counted = {.first = due, .last = due};
    take_due(p, clock, &counted);
    clock_note(p, clock, "moved");
    return save_due(p, clock);
}
