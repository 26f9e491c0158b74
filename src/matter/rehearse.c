/* What would have come out otherwise of one matter: clocks, competence, refusals, a way on. */
#include "matter/rehearse.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { SECTORS_MAX = 16 };

struct comparing {
    struct ctx *ctx;
    const struct rehearsal *rehearsal;
    const struct rulebook *own;
    const struct past *past;
    struct folded old, new;
    struct rehearsed *found;
    size_t capacity;
};

static struct difference *add_difference(struct comparing *c, enum difference_kind kind,
                                         const char *code)
{
    struct rehearsed *found = c->found;
    if (found->count == c->capacity) {
        c->capacity = c->capacity == 0 ? 4 : c->capacity * 2;
        struct difference *larger = arena_array(c->ctx->arena, c->capacity, sizeof *larger);
        if (found->count > 0) {
            memcpy(larger, found->differences, found->count * sizeof *larger);
        }
        found->differences = larger;
    }
    struct difference *difference = &found->differences[found->count++];
    *difference = (struct difference){.kind = kind, .code = code};
    return difference;
}

/* ---- Clocks ---- */

static enum verdict verdict_of(const struct clock *clock, int64_t now_ms)
{
    if (clock->ended != NULL) {
        return strcmp(clock->ended, "met") == 0    ? VERDICT_MET
               : strcmp(clock->ended, "late") == 0 ? VERDICT_LATE
                                                   : VERDICT_LIFTED;
    }
    if (clock->paused_ms != 0) {
        return VERDICT_PAUSED;
    }
    return now_ms >= clock->due_ms ? VERDICT_LATE : VERDICT_OPEN;
}

/* The clock with this code that was opened as the `nth`, from 0. */
static const struct clock *nth_clock(const struct folded *folded, const char *code, size_t nth)
{
    for (size_t i = 0; i < folded->clocks_count; i++) {
        const struct clock *clock = &folded->clocks[i].clock;
        if (strcmp(clock->rule->code, code) == 0 && nth-- == 0) {
            return clock;
        }
    }
    return NULL;
}

static size_t place_among_its_code(const struct folded *folded, size_t place)
{
    size_t nth = 0;
    for (size_t i = 0; i < place; i++) {
        const char *code = folded->clocks[i].clock.rule->code;
        nth += strcmp(code, folded->clocks[place].clock.rule->code) == 0 ? 1 : 0;
    }
    return nth;
}

static void tell_clock(struct comparing *c, enum difference_kind kind, const struct clock *old,
                       const struct clock *new)
{
    const struct clock *either = new != NULL ? new : old;
    int64_t now_ms = c->rehearsal->now_ms;
    struct difference *difference = add_difference(c, kind, either->rule->code);
    difference->obligor = either->obligor;
    difference->hours = either->within.unit == SPAN_HOUR && either->within.count > 0;
    difference->old_due_ms = old == NULL ? 0 : old->due_ms;
    difference->new_due_ms = new == NULL ? 0 : new->due_ms;
    difference->old_verdict = old == NULL ? VERDICT_NONE : verdict_of(old, now_ms);
    difference->new_verdict = new == NULL ? VERDICT_NONE : verdict_of(new, now_ms);
}

static void compare_clocks(struct comparing *c)
{
    for (size_t i = 0; i < c->old.clocks_count; i++) {
        const struct clock *old = &c->old.clocks[i].clock;
        const struct clock *new =
            nth_clock(&c->new, old->rule->code, place_among_its_code(&c->old, i));
        if (new == NULL) {
            tell_clock(c, DIFFERENCE_CLOCK_GONE, old, NULL);
        } else if (old->due_ms != new->due_ms ||
                   verdict_of(old, c->rehearsal->now_ms) != verdict_of(new, c->rehearsal->now_ms)) {
            tell_clock(c, DIFFERENCE_CLOCK_MOVED, old, new);
        }
    }
    for (size_t i = 0; i < c->new.clocks_count; i++) {
        const struct clock *new = &c->new.clocks[i].clock;
        if (nth_clock(&c->old, new->rule->code, place_among_its_code(&c->new, i)) == NULL) {
            tell_clock(c, DIFFERENCE_CLOCK_NEW, NULL, new);
        }
    }
}

/* ---- Competence ---- */

/* The last value on record of the fact whose terms are this vocabulary. */
static const char *term_of(const struct folded *folded, const char *vocabulary)
{
    for (size_t i = 0; i < folded->procedure->facts_count; i++) {
        const struct rules_fact *fact = &folded->procedure->facts[i];
        if (fact->type == FACT_TERM && fact->vocabulary != NULL &&
            strcmp(fact->vocabulary->code, vocabulary) == 0 && folded->facts[i].value != NULL) {
            return folded->facts[i].value;
        }
    }
    return NULL;
}

static int compare_words(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *sectors_of(struct ctx *ctx, const struct rulebook *book, const char *category,
                              const char *stage)
{
    const char *sectors[SECTORS_MAX];
    size_t count = rules_competent(book, category, stage, sectors, SECTORS_MAX);
    qsort(sectors, count, sizeof sectors[0], compare_words);
    struct buffer text;
    buffer_init(&text, ctx->arena);
    for (size_t i = 0; i < count; i++) {
        buffer_printf(&text, "%s%s", i == 0 ? "" : ",", sectors[i]);
    }
    return text.data;
}

static void compare_competence(struct comparing *c)
{
    const char *category = term_of(&c->old, "trade_category");
    const char *stage = term_of(&c->old, "trade_stage");
    if (category == NULL) {
        return;
    }
    const char *old = sectors_of(c->ctx, c->own, category, stage);
    const char *new = sectors_of(c->ctx, c->rehearsal->book, category, stage);
    if (strcmp(old, new) != 0) {
        struct difference *difference = add_difference(c, DIFFERENCE_ELSEWHERE, category);
        difference->by = stage;
        difference->old_sectors = old;
        difference->new_sectors = new;
    }
}

/* ---- Refusals ---- */

static void compare_refusals(struct comparing *c)
{
    for (size_t i = 0; i < c->past->events_count; i++) {
        bool news = c->new.refusals[i] != REFUSAL_NONE && c->old.refusals[i] == REFUSAL_NONE;
        if (news) {
            struct difference *difference =
                add_difference(c, DIFFERENCE_REFUSED, c->past->events[i].action);
            difference->refusal = c->new.refusals[i];
            difference->by = c->new.refused_by[i];
            difference->happened_ms = c->past->events[i].happened_ms;
        }
    }
}

/* ---- A way on ---- */

static void tell_stuck(struct comparing *c, enum stuck stuck, const char *code)
{
    add_difference(c, DIFFERENCE_STUCK, code)->stuck = stuck;
}

static bool somebody_may(const struct comparing *c, const struct rules_procedure *procedure,
                         const struct rules_action *action)
{
    for (size_t i = 0; i < procedure->parties_count && !action->by_system; i++) {
        const struct rules_party *party = &procedure->parties[i];
        bool there = party->many || past_party_org(c->past, party) != NULL ||
                     past_party_org(c->past, party->recorded_by) != NULL;
        if (there && (action->by & 1u << i) != 0) {
            return true;
        }
    }
    return action->by_system;
}

static bool leads_out(const struct comparing *c, const struct rules_procedure *procedure,
                      const struct rules_state *state)
{
    for (size_t i = 0; i < procedure->actions_count; i++) {
        const struct rules_action *action = &procedure->actions[i];
        bool out = !action->starts && action->to != NULL && action->to != state &&
                   (action->from & 1ull << state->index) != 0;
        if (out && somebody_may(c, procedure, action)) {
            return true;
        }
    }
    return false;
}

/* Facts on record of which the new procedure knows nothing. */
static void tell_unknown_facts(struct comparing *c, const struct rules_procedure *procedure)
{
    for (size_t i = 0; i < c->old.procedure->facts_count; i++) {
        const char *code = c->old.procedure->facts[i].code;
        if (c->old.facts[i].set && rules_fact(procedure, code) == NULL) {
            tell_stuck(c, STUCK_FACT, code);
        }
    }
}

static void look_for_way(struct comparing *c, const struct rules_procedure *procedure)
{
    if (c->past->final) {
        return;
    }
    if (procedure == NULL) {
        tell_stuck(c, STUCK_PROCEDURE, c->past->procedure);
        return;
    }
    const struct rules_state *state = rules_state(procedure, c->past->state);
    if (state == NULL) {
        tell_stuck(c, STUCK_STATE, c->past->state);
    } else if (!state->final && past_party_org(c->past, state->holder) == NULL) {
        tell_stuck(c, STUCK_HOLDER, state->holder->code);
    } else if (!state->final && !leads_out(c, procedure, state)) {
        tell_stuck(c, STUCK_WAY, state->code);
    }
    tell_unknown_facts(c, procedure);
}

/* ---- All of it ---- */

enum fault rehearse_matter(struct ctx *ctx, const struct rehearsal *rehearsal,
                           const struct rulebook *own, const struct past *past,
                           struct rehearsed *ret_rehearsed)
{
    *ret_rehearsed = (struct rehearsed){.past = past};
    struct comparing c = {
        .ctx = ctx, .rehearsal = rehearsal, .own = own, .past = past, .found = ret_rehearsed};
    const struct rules_procedure *old = rules_procedure(own, past->procedure);
    const struct rules_procedure *new = rules_procedure(rehearsal->book, past->procedure);
    assert(old != NULL);
    enum fault fault = rehearse_fold(ctx, rehearsal->calendar, old, past, &c.old);
    if (fault == FAULT_NONE && new != NULL) {
        fault = rehearse_fold(ctx, rehearsal->calendar, new, past, &c.new);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    if (new != NULL) {
        compare_clocks(&c);
        compare_refusals(&c);
    }
    compare_competence(&c);
    look_for_way(&c, new);
    return FAULT_NONE;
}
