/*
 * Clocks from events: opened, met, lifted, paused, resumed, extended, moved as clock.c does it, but
 * from the record and under any rulebook. The walk test (tests/story/walk.c) compares the two.
 */
#include "calendar/date.h"
#include "matter/rehearse_inner.h"

#include <string.h>

static bool in_mask(uint64_t mask, const struct folding *f)
{
    return f->action != NULL && (mask & 1ull << f->action->index) != 0;
}

static void end_clock(const struct folding *f, struct clock *clock, const char *ended)
{
    clock->ended_ms = f->event->recorded_ms;
    clock->ended = ended;
}

static void add_pause(const struct folding *f, struct folded_clock *folded)
{
    size_t count = folded->pauses_count;
    struct pause *larger = arena_array(f->ctx->arena, count + 1, sizeof *larger);
    if (count > 0) {
        memcpy(larger, folded->pauses, count * sizeof *larger);
    }
    larger[count] = (struct pause){f->event->happened_ms, 0};
    folded->pauses = larger;
    folded->pauses_count = count + 1;
    folded->clock.paused_ms = f->event->happened_ms;
}

static enum fault count_again(const struct folding *f, struct folded_clock *folded)
{
    struct counted counted;
    enum fault fault = clock_count(f->ctx, f->calendar, &folded->clock, folded->pauses,
                                   folded->pauses_count, &counted);
    if (fault == FAULT_NONE) {
        folded->clock.first_due_date = counted.first.date;
        folded->clock.due_ms = counted.last.due_ms;
        folded->clock.due_date = counted.last.date;
        folded->clock.provisional = counted.last.provisional;
    }
    return fault;
}

static enum fault resume_clock(const struct folding *f, struct folded_clock *folded)
{
    folded->pauses[folded->pauses_count - 1].until_ms = f->event->happened_ms;
    folded->clock.paused_ms = 0;
    return count_again(f, folded);
}

static enum fault extend_clock(struct folding *f, struct folded_clock *folded)
{
    struct clock *clock = &folded->clock;
    if (clock->extension.count > 0 || f->event->happened_ms >= clock->due_ms ||
        clock->paused_ms != 0) {
        fold_refuse(f, REFUSAL_CLOCK, clock->rule->code);
        return FAULT_NONE;
    }
    clock->extension = clock->rule->extension;
    return count_again(f, folded);
}

/* The day or minute of the fact; false if it can't be read. */
static bool read_until(const struct folding *f, const struct rules_deadline *rule,
                       struct due *ret_due)
{
    const struct fact_value *value = &f->folded->facts[rule->until->index];
    *ret_due = (struct due){0};
    if (!value->set || value->value == NULL) {
        return false;
    }
    if (rule->until->type == FACT_MINUTE) {
        bool good = minute_parse(value->value, &ret_due->due_ms);
        ret_due->date = date_of_ms(ret_due->due_ms);
        return good;
    }
    bool good = date_parse(value->value, &ret_due->date);
    ret_due->due_ms = date_start_ms(ret_due->date + 1);
    return good;
}

static enum fault act_on(struct folding *f, struct folded_clock *folded)
{
    struct clock *clock = &folded->clock;
    const struct rules_deadline *rule = clock->rule;
    struct due due;
    if (in_mask(rule->met_by, f)) {
        bool late = f->event->happened_ms >= clock->due_ms && f->action != rule->on_expiry;
        end_clock(f, clock, late ? "late" : "met");
    } else if (f->folded->state == NULL || f->folded->state->final || in_mask(rule->lifted_by, f) ||
               !fold_holds(f, rule->when, rule->when_count, false)) {
        end_clock(f, clock, "lifted");
    } else if (in_mask(rule->paused_by, f) && clock->paused_ms == 0) {
        add_pause(f, folded);
    } else if (in_mask(rule->resumed_by, f) && clock->paused_ms != 0) {
        return resume_clock(f, folded);
    } else if (in_mask(rule->extended_by, f)) {
        return extend_clock(f, folded);
    } else if (rule->until != NULL && (f->changed & 1ull << rule->until->index) != 0 &&
               read_until(f, rule, &due)) {
        clock->due_ms = due.due_ms;
        clock->due_date = due.date;
    }
    return FAULT_NONE;
}

static bool was_opened(const struct folded *folded, const struct rules_deadline *rule, bool ever)
{
    for (size_t i = 0; i < folded->clocks_count; i++) {
        const struct clock *clock = &folded->clocks[i].clock;
        if (clock->rule == rule && (ever || clock->ended_ms == 0)) {
            return true;
        }
    }
    return false;
}

/* When an own action last happened before this event; 0: never. */
static int64_t last_own(const struct folding *f, const char *action)
{
    for (size_t i = f->place; i-- > 0;) {
        if (strcmp(f->past->events[i].action, action) == 0) {
            return f->past->events[i].happened_ms;
        }
    }
    return 0;
}

/*
 * When an action of the parent last happened. Ids grow with time. The action that opened this
 * matter writes its event after the matter's first one, but counts already.
 */
static int64_t last_parent(const struct folding *f, const char *action)
{
    const struct past *past = f->past;
    bool opens = f->starts && past->opened_by != NULL && strcmp(past->opened_by, action) == 0;
    int64_t found = 0;
    for (size_t i = 0; i < past->parent_acts_count; i++) {
        const struct past_act *act = &past->parent_acts[i];
        if (strcmp(act->action, action) != 0) {
            continue;
        }
        if (act->id < f->event->id) {
            found = act->happened_ms;
        } else {
            return opens ? act->happened_ms : found;
        }
    }
    return found;
}

static int64_t find_anchor(const struct folding *f, const struct rules_deadline *rule)
{
    int64_t found = 0;
    for (size_t i = 0; i < rule->from_count && found == 0; i++) {
        const struct rules_anchor *anchor = &rule->from[i];
        if (anchor->parent) {
            found = last_parent(f, anchor->action);
        } else if (strcmp(anchor->action, f->event->action) == 0) {
            found = f->event->happened_ms;
        } else if (!f->starts) {
            found = last_own(f, anchor->action);
        }
    }
    return found;
}

static bool own_anchor(const struct folding *f, const struct rules_deadline *rule)
{
    for (size_t i = 0; i < rule->from_count; i++) {
        if (!rule->from[i].parent && strcmp(rule->from[i].action, f->event->action) == 0) {
            return true;
        }
    }
    return false;
}

static bool asks_changed_fact(const struct folding *f, const struct rules_deadline *rule)
{
    for (size_t i = 0; i < rule->when_count; i++) {
        const struct rules_fact *fact = rule->when[i].fact;
        if (fact != NULL && (f->changed & 1ull << fact->index) != 0) {
            return true;
        }
    }
    return false;
}

static enum fault open_clock(const struct folding *f, const struct rules_deadline *rule,
                             int64_t from_ms)
{
    size_t count = f->folded->clocks_count;
    struct folded_clock *clocks = arena_array(f->ctx->arena, count + 1, sizeof *clocks);
    if (count > 0) {
        memcpy(clocks, f->folded->clocks, count * sizeof *clocks);
    }
    clocks[count] =
        (struct folded_clock){.clock = {.rule = rule, .within = rule->within, .from_ms = from_ms}};
    f->folded->clocks = clocks;
    f->folded->clocks_count = count + 1;
    if (rule->until == NULL) {
        return count_again(f, &clocks[count]);
    }
    struct due due;
    if (read_until(f, rule, &due)) {
        clocks[count].clock.due_ms = due.due_ms;
        clocks[count].clock.due_date = due.date;
    }
    return FAULT_NONE;
}

static enum fault maybe_open(const struct folding *f, const struct rules_deadline *rule)
{
    struct due day;
    bool own = own_anchor(f, rule);
    bool day_came = rule->until != NULL && (f->changed & 1ull << rule->until->index) != 0;
    bool late_start =
        (asks_changed_fact(f, rule) || day_came) && !was_opened(f->folded, rule, true);
    if ((rule->until != NULL && !read_until(f, rule, &day)) ||
        (!own && !f->starts && !late_start) || was_opened(f->folded, rule, false) ||
        !fold_holds(f, rule->when, rule->when_count, false)) {
        return FAULT_NONE;
    }
    int64_t from_ms = own && !f->starts ? f->event->happened_ms : find_anchor(f, rule);
    return from_ms == 0 ? FAULT_NONE : open_clock(f, rule, from_ms);
}

/* An action whose work is to extend, and nothing runs that it could. */
static void check_extends(struct folding *f)
{
    const struct rules_procedure *procedure = f->folded->procedure;
    const char *extends = NULL;
    bool running = false;
    for (size_t i = 0; i < procedure->deadlines_count; i++) {
        const struct rules_deadline *rule = &procedure->deadlines[i];
        bool asked = in_mask(rule->extended_by, f);
        extends = asked ? rule->code : extends;
        running = running || (asked && was_opened(f->folded, rule, false));
    }
    if (extends != NULL && !running) {
        fold_refuse(f, REFUSAL_CLOCK, extends);
    }
}

enum fault fold_clocks(struct folding *f)
{
    enum fault fault = FAULT_NONE;
    check_extends(f);
    for (size_t i = 0; i < f->folded->clocks_count && fault == FAULT_NONE; i++) {
        if (f->folded->clocks[i].clock.ended_ms == 0) {
            fault = act_on(f, &f->folded->clocks[i]);
        }
    }
    const struct rules_procedure *procedure = f->folded->procedure;
    bool goes_on = f->folded->state != NULL && !f->folded->state->final;
    for (size_t i = 0; i < procedure->deadlines_count && fault == FAULT_NONE && goes_on; i++) {
        fault = maybe_open(f, &procedure->deadlines[i]);
    }
    return fault;
}
