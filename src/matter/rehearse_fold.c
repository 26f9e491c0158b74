/*
 * A matter from its events alone. The engine's order (perform.c): facts, conditions, state, clocks.
 * What the record does not say (who held which role, how other matters stood) is taken to be right.
 */
#include "matter/rehearse_inner.h"

#include <string.h>

const char *past_party_org(const struct past *past, const struct rules_party *party)
{
    for (size_t i = 0; party != NULL && i < past->parties_count; i++) {
        if (strcmp(past->parties[i].party, party->code) == 0) {
            return past->parties[i].org;
        }
    }
    return NULL;
}

void fold_refuse(struct folding *f, enum refusal refusal, const char *by)
{
    if (f->folded->refusals[f->place] == REFUSAL_NONE) {
        f->folded->refusals[f->place] = refusal;
        f->folded->refused_by[f->place] = by;
    }
}

/* ---- Conditions ---- */

struct fold_asking {
    const struct folding *f;
    bool before;
};

static const char *value_of(const void *asked, const struct rules_fact *fact)
{
    const struct fact_value *value =
        &((const struct fold_asking *)asked)->f->folded->facts[fact->index];
    return !value->set ? NULL : value->value == NULL ? "" : value->value;
}

static bool is_set(const void *asked, const struct rules_fact *fact)
{
    const struct fold_asking *asking = asked;
    return asking->before ? (asking->f->set_before & 1ull << fact->index) != 0
                          : asking->f->folded->facts[fact->index].set;
}

static bool is_overdue(const void *asked)
{
    const struct folding *f = ((const struct fold_asking *)asked)->f;
    for (size_t i = 0; i < f->folded->clocks_count; i++) {
        const struct clock *clock = &f->folded->clocks[i].clock;
        if (clock->ended_ms == 0 && clock->paused_ms == 0 &&
            f->event->recorded_ms >= clock->due_ms) {
            return true;
        }
    }
    return false;
}

static bool has_sealed(const void *asked)
{
    const struct folded *folded = ((const struct fold_asking *)asked)->f->folded;
    for (size_t i = 0; i < folded->procedure->facts_count; i++) {
        if (folded->procedure->facts[i].secrecy == SECRECY_SEALED && folded->facts[i].set) {
            return true;
        }
    }
    return false;
}

/* How other matters stood then is not asked: what was done could be done. */
static bool no_open_child(const void *asked, const char *procedure)
{
    (void)asked;
    (void)procedure;
    return false;
}

static bool children_fit(const void *asked, const struct rules_condition *condition)
{
    (void)asked;
    (void)condition;
    return true;
}

static int64_t none_alike(const void *asked, const struct rules_fact *fact)
{
    (void)asked;
    (void)fact;
    return 0;
}

bool fold_holds(const struct folding *f, const struct rules_condition *conditions, size_t count,
                bool before)
{
    struct fold_asking asking = {.f = f, .before = before};
    struct rules_facts_view view = {.value = value_of,
                                    .is_set = is_set,
                                    .overdue = is_overdue,
                                    .open_child = no_open_child,
                                    .sealed = has_sealed,
                                    .children_in = children_fit,
                                    .alike_this_year = none_alike,
                                    .matter = &asking};
    return rules_holds(conditions, count, &view, NULL);
}

/* ---- One event ---- */

static uint64_t mask_of_set(const struct folded *folded)
{
    uint64_t mask = 0;
    for (size_t i = 0; i < folded->procedure->facts_count; i++) {
        mask |= folded->facts[i].set ? 1ull << i : 0;
    }
    return mask;
}

static void apply_facts(struct folding *f)
{
    f->set_before = mask_of_set(f->folded);
    f->changed = 0;
    for (size_t i = 0; i < f->event->facts_count; i++) {
        const struct past_fact *past = &f->event->facts[i];
        const struct rules_fact *fact = rules_fact(f->folded->procedure, past->code);
        if (fact == NULL) {
            continue;
        }
        f->folded->facts[fact->index] =
            (struct fact_value){.set = past->hidden || past->value != NULL,
                                .hidden = past->hidden,
                                .value = past->value,
                                .action = f->event->action,
                                .set_ms = f->event->recorded_ms};
        f->changed |= 1ull << fact->index;
    }
}

/* Who has the part as of this event: the fact set last among those that name its body. NULL with
 * *ret_unknown: the fact that names it comes later. */
static const char *party_now(const struct folding *f, const struct rules_party *party,
                             bool *ret_unknown)
{
    const struct rules_procedure *procedure = f->folded->procedure;
    const struct fact_value *last = NULL;
    bool named = false;
    for (size_t i = 0; party != NULL && i < procedure->facts_count; i++) {
        const struct rules_fact *fact = &procedure->facts[i];
        if (fact->type != FACT_BODY || fact->party != party) {
            continue;
        }
        const struct fact_value *value = &f->folded->facts[i];
        bool later = value->value != NULL && (last == NULL || value->set_ms >= last->set_ms);
        last = later ? value : last;
        named = true;
    }
    if (last != NULL) {
        return last->value;
    }
    *ret_unknown = *ret_unknown || named;
    return named ? NULL : past_party_org(f->past, party);
}

/* Has the acting body one of the parts? What the program or the public did is taken to be right. */
static bool body_may(const struct folding *f)
{
    if (f->event->org == NULL || f->action->by_system) {
        return true;
    }
    const struct rules_procedure *procedure = f->folded->procedure;
    for (size_t i = 0; i < procedure->parties_count; i++) {
        const struct rules_party *party = &procedure->parties[i];
        bool unknown = party->many;
        const char *org = party_now(f, party, &unknown);
        const char *recorder = party_now(f, party->recorded_by, &unknown);
        bool has = (org != NULL && strcmp(org, f->event->org) == 0) ||
                   (recorder != NULL && strcmp(recorder, f->event->org) == 0) || unknown;
        if (has && (f->action->by & 1u << i) != 0) {
            return true;
        }
    }
    return false;
}

static const struct rules_fact *missing_fact(const struct folding *f)
{
    for (size_t i = 0; i < f->action->needs_count; i++) {
        if (!f->folded->facts[f->action->needs[i]->index].set) {
            return f->action->needs[i];
        }
    }
    return NULL;
}

static void judge(struct folding *f)
{
    const struct rules_state *state = f->folded->state;
    if (f->action == NULL || f->action->starts != f->starts) {
        fold_refuse(f, REFUSAL_ACTION, NULL);
        return;
    }
    if (!f->starts && (state == NULL || (f->action->from & 1ull << state->index) == 0)) {
        fold_refuse(f, REFUSAL_STATE, state == NULL ? NULL : state->code);
    } else if (!(f->starts ? body_may(f) : f->body_may)) {
        fold_refuse(f, REFUSAL_BODY, f->event->org);
    } else if (missing_fact(f) != NULL) {
        fold_refuse(f, REFUSAL_FACT, missing_fact(f)->code);
    } else if (!fold_holds(f, f->action->when, f->action->when_count, true)) {
        fold_refuse(f, REFUSAL_WHEN, NULL);
    }
}

static void move_state(struct folding *f)
{
    struct folded *folded = f->folded;
    bool refused = folded->refusals[f->place] != REFUSAL_NONE;
    if (refused || f->action == NULL) {
        folded->state = rules_state(folded->procedure, f->event->to_state);
    } else if (f->action->to != NULL) {
        folded->state = f->action->to;
    }
}

static enum fault fold_event(struct folding *f)
{
    f->event = &f->past->events[f->place];
    f->starts = f->place == 0;
    f->action = rules_action(f->folded->procedure, f->event->action);
    /* Who may is asked before the action names another body; who starts has its part by starting.
     */
    f->body_may = f->action == NULL || body_may(f);
    apply_facts(f);
    judge(f);
    move_state(f);
    f->folded->version = f->event->version;
    return fold_clocks(f);
}

enum fault rehearse_fold(struct ctx *ctx, const struct calendar *calendar,
                         const struct rules_procedure *procedure, const struct past *past,
                         struct folded *ret_folded)
{
    *ret_folded = (struct folded){.procedure = procedure};
    ret_folded->facts = arena_array(ctx->arena, procedure->facts_count, sizeof *ret_folded->facts);
    ret_folded->refusals =
        arena_array(ctx->arena, past->events_count, sizeof *ret_folded->refusals);
    ret_folded->refused_by =
        arena_array(ctx->arena, past->events_count, sizeof *ret_folded->refused_by);
    struct folding f = {.ctx = ctx, .calendar = calendar, .past = past, .folded = ret_folded};
    enum fault fault = FAULT_NONE;
    for (; f.place < past->events_count && fault == FAULT_NONE; f.place++) {
        fault = fold_event(&f);
    }
    for (size_t i = 0; i < ret_folded->clocks_count; i++) {
        struct clock *clock = &ret_folded->clocks[i].clock;
        clock->obligor = past_party_org(past, clock->rule->obligor);
    }
    return fault;
}
