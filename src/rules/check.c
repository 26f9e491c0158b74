/* What can only be seen with everything loaded: reachability, effects, parts that nobody fills,
 * clocks. */
#include "rules/inner.h"

struct checking {
    struct loading *l;
    const struct yaml_node *root;
    const struct rules_procedure *procedure;
};

static const struct yaml_node *row(const struct checking *c, const char *list, size_t index)
{
    const struct yaml_node *item = item_at(yaml_get(c->root, list), index);
    return item == NULL ? c->root : item;
}

static uint64_t leads_to(const struct rules_action *action, uint64_t from)
{
    if (action->to != NULL) {
        return 1ull << action->to->index;
    }
    return from & action->from;
}

/* States reachable from the start, forwards. */
static uint64_t reachable(const struct rules_procedure *procedure)
{
    uint64_t states = 0;
    for (uint64_t before = 1; before != states;) {
        before = states;
        for (size_t i = 0; i < procedure->actions_count; i++) {
            const struct rules_action *action = &procedure->actions[i];
            if (action->starts || (action->from & states) != 0) {
                states |= leads_to(action, states);
            }
        }
    }
    return states;
}

/* States from which a final one can be reached. */
static uint64_t ending(const struct rules_procedure *procedure)
{
    uint64_t states = 0;
    for (size_t i = 0; i < procedure->states_count; i++) {
        states |= procedure->states[i].final ? 1ull << i : 0;
    }
    for (uint64_t before = 0; before != states;) {
        before = states;
        for (size_t i = 0; i < procedure->actions_count; i++) {
            const struct rules_action *action = &procedure->actions[i];
            bool ends = action->to != NULL && (states & 1ull << action->to->index) != 0;
            states |= ends ? action->from : 0;
        }
    }
    return states;
}

static void check_states(const struct checking *c)
{
    uint64_t there = reachable(c->procedure);
    uint64_t out = ending(c->procedure);
    for (size_t i = 0; i < c->procedure->states_count; i++) {
        const struct rules_state *state = &c->procedure->states[i];
        if ((there & 1ull << i) == 0) {
            yaml_wrong(&c->l->report, row(c, "states", i), "state '%s' can not be reached",
                       state->code);
        }
        if ((out & 1ull << i) == 0) {
            yaml_wrong(&c->l->report, row(c, "states", i), "state '%s' is a dead end", state->code);
        }
    }
}

static const struct rules_procedure *opened(const struct checking *c, const struct yaml_node *at,
                                            const struct rules_effect *effect)
{
    const struct rules_procedure *other = rules_procedure(c->l->book, effect->procedure);
    if (other == NULL) {
        yaml_wrong(&c->l->report, at, "there is no procedure '%s'", effect->procedure);
    }
    return other;
}

static void check_fact_pairs(const struct checking *c, const struct yaml_node *at,
                             const struct rules_effect *effect, const struct rules_procedure *other)
{
    for (size_t i = 0; i < effect->facts_count; i++) {
        if (rules_fact(c->procedure, effect->facts[i].from) == NULL) {
            yaml_wrong(&c->l->report, at, "there is no fact '%s'", effect->facts[i].from);
        }
        if (other != NULL && rules_fact(other, effect->facts[i].to) == NULL) {
            yaml_wrong(&c->l->report, at, "'%s' has no fact '%s'", other->code,
                       effect->facts[i].to);
        }
    }
}

static bool action_has(const struct rules_action *action, const char *code)
{
    for (size_t i = 0; i < action->needs_count; i++) {
        if (strcmp(action->needs[i]->code, code) == 0) {
            return true;
        }
    }
    for (size_t i = 0; i < action->takes_count; i++) {
        if (strcmp(action->takes[i]->code, code) == 0) {
            return true;
        }
    }
    return false;
}

/* What one matter tells another may not overwrite what the other's action has no word for. */
static void check_facts_taken(const struct checking *c, const struct yaml_node *at,
                              const struct rules_effect *effect, const struct rules_action *action)
{
    for (size_t i = 0; i < effect->facts_count; i++) {
        if (!action_has(action, effect->facts[i].to)) {
            yaml_wrong(&c->l->report, at, "'%s' neither needs nor takes the fact '%s'",
                       action->code, effect->facts[i].to);
        }
    }
}

static bool pair_fills(const struct rules_pair *pairs, size_t count, const char *code)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(pairs[i].to, code) == 0) {
            return true;
        }
    }
    return false;
}

/* "set: {fact: value}": the fact must be there and the value be one of it. */
static void check_constants(const struct checking *c, const struct yaml_node *at,
                            const struct rules_effect *effect, const struct rules_procedure *other)
{
    for (size_t i = 0; i < effect->constants_count; i++) {
        const struct rules_fact *fact = rules_fact(other, effect->constants[i].to);
        const char *canonical = NULL;
        if (fact == NULL) {
            yaml_wrong(&c->l->report, at, "'%s' has no fact '%s'", other->code,
                       effect->constants[i].to);
        } else if (rules_fact_check(c->l->ctx, fact, "set", effect->constants[i].from,
                                    &canonical) != FAULT_NONE) {
            yaml_wrong(&c->l->report, at, "'%s' is no value of the fact '%s'",
                       effect->constants[i].from, fact->code);
            ctx_clear(c->l->ctx);
        }
    }
}

static void check_each(const struct checking *c, const struct yaml_node *at,
                       const struct rules_effect *effect, const struct rules_procedure *other)
{
    if (effect->each == NULL || effect->as == NULL) {
        return;
    }
    const struct rules_fact *fact = rules_fact(c->procedure, effect->each);
    const struct rules_party *party = rules_party(other, effect->as);
    if (fact == NULL || fact->type != FACT_BODIES || fact->secrecy != SECRECY_OPEN) {
        yaml_wrong(&c->l->report, at, "'each' must name an open fact of type bodies");
    }
    if (party == NULL || party->many) {
        yaml_wrong(&c->l->report, at, "'as' must name a party of '%s' that is one body",
                   other->code);
    }
}

/* A body fact that names the party `as` is set by the program. */
static bool named_by_each(const struct rules_effect *effect, const struct rules_fact *fact)
{
    return effect->as != NULL && fact->type == FACT_BODY && fact->party != NULL &&
           strcmp(fact->party->code, effect->as) == 0;
}

static void check_open(const struct checking *c, const struct yaml_node *at,
                       const struct rules_effect *effect)
{
    const struct rules_procedure *other = opened(c, at, effect);
    if (other == NULL) {
        return;
    }
    const struct rules_action *start = rules_action(other, effect->action);
    if (start == NULL || !start->starts) {
        yaml_wrong(&c->l->report, at, "'%s' does not start with '%s'", other->code, effect->action);
        return;
    }
    check_fact_pairs(c, at, effect, other);
    check_constants(c, at, effect, other);
    check_each(c, at, effect, other);
    for (size_t i = 0; i < effect->parties_count; i++) {
        const struct rules_party *theirs = rules_party(other, effect->parties[i].to);
        const struct rules_party *ours = rules_party(c->procedure, effect->parties[i].from);
        if (theirs == NULL || ours == NULL || theirs->many || ours->many) {
            yaml_wrong(&c->l->report, at, "the parties '%s: %s' do not exist, or are many",
                       effect->parties[i].to, effect->parties[i].from);
        }
    }
    for (size_t i = 0; i < start->needs_count; i++) {
        const char *code = start->needs[i]->code;
        bool filled = pair_fills(effect->facts, effect->facts_count, code) ||
                      pair_fills(effect->constants, effect->constants_count, code) ||
                      named_by_each(effect, start->needs[i]);
        if (!filled) {
            yaml_wrong(&c->l->report, at, "'%s.%s' needs the fact '%s'", other->code, start->code,
                       start->needs[i]->code);
        }
    }
}

static bool opens(const struct rules_procedure *parent, const char *child)
{
    for (size_t i = 0; i < parent->actions_count; i++) {
        for (size_t k = 0; k < parent->actions[i].effects_count; k++) {
            const struct rules_effect *effect = &parent->actions[i].effects[k];
            if (effect->kind == EFFECT_OPEN && effect->procedure != NULL &&
                strcmp(effect->procedure, child) == 0) {
                return true;
            }
        }
    }
    return false;
}

static void check_act(const struct checking *c, const struct yaml_node *at,
                      const struct rules_effect *effect)
{
    bool known = false;
    for (size_t i = 0; i < c->l->book->procedures_count; i++) {
        const struct rules_procedure *other = &c->l->book->procedures[i];
        bool linked = effect->on_parent ? opens(other, c->procedure->code)
                                        : effect->procedure != NULL &&
                                              strcmp(other->code, effect->procedure) == 0;
        const struct rules_action *action = linked ? rules_action(other, effect->action) : NULL;
        known = known || action != NULL;
        if (action != NULL) {
            check_fact_pairs(c, at, effect, other);
            check_constants(c, at, effect, other);
            check_facts_taken(c, at, effect, action);
        }
    }
    if (!known) {
        yaml_wrong(&c->l->report, at, "no linked procedure has the action '%s'", effect->action);
    }
}

static void check_effects(const struct checking *c)
{
    for (size_t i = 0; i < c->procedure->actions_count; i++) {
        const struct rules_action *action = &c->procedure->actions[i];
        const struct yaml_node *at = row(c, "actions", i);
        for (size_t k = 0; k < action->effects_count; k++) {
            if (action->effects[k].kind == EFFECT_OPEN && action->effects[k].procedure != NULL &&
                action->effects[k].action != NULL) {
                check_open(c, at, &action->effects[k]);
            } else if (action->effects[k].kind == EFFECT_ACT && action->effects[k].action != NULL) {
                check_act(c, at, &action->effects[k]);
            }
        }
    }
}

static void check_conditions(const struct checking *c, const struct yaml_node *at,
                             const struct rules_condition *conditions, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *code = conditions[i].kind == CONDITION_NO_OPEN    ? conditions[i].values[0]
                           : conditions[i].kind == CONDITION_CHILDREN ? conditions[i].procedure
                                                                      : NULL;
        const struct rules_procedure *other =
            code == NULL ? NULL : rules_procedure(c->l->book, code);
        if (code != NULL && other == NULL) {
            yaml_wrong(&c->l->report, at, "there is no procedure '%s'", code);
        }
        for (size_t k = 0; other != NULL && conditions[i].kind == CONDITION_CHILDREN &&
                           k < conditions[i].values_count;
             k++) {
            if (rules_state(other, conditions[i].values[k]) == NULL) {
                yaml_wrong(&c->l->report, at, "'%s' has no state '%s'", code,
                           conditions[i].values[k]);
            }
        }
    }
}

static void check_all_conditions(const struct checking *c)
{
    for (size_t i = 0; i < c->procedure->actions_count; i++) {
        check_conditions(c, row(c, "actions", i), c->procedure->actions[i].when,
                         c->procedure->actions[i].when_count);
    }
    for (size_t i = 0; i < c->procedure->deadlines_count; i++) {
        check_conditions(c, row(c, "deadlines", i), c->procedure->deadlines[i].when,
                         c->procedure->deadlines[i].when_count);
    }
}

static void check_anchors(const struct checking *c)
{
    for (size_t i = 0; i < c->procedure->deadlines_count; i++) {
        const struct rules_deadline *deadline = &c->procedure->deadlines[i];
        for (size_t k = 0; k < deadline->from_count; k++) {
            bool known = !deadline->from[k].parent;
            for (size_t n = 0; n < c->l->book->procedures_count && !known; n++) {
                const struct rules_procedure *parent = &c->l->book->procedures[n];
                known = opens(parent, c->procedure->code) &&
                        rules_action(parent, deadline->from[k].action) != NULL;
            }
            if (!known) {
                yaml_wrong(&c->l->report, row(c, "deadlines", i),
                           "no procedure that opens this one has the action '%s'",
                           deadline->from[k].action);
            }
        }
    }
}

static bool filled_by_open(const struct checking *c, const struct rules_party *party)
{
    for (size_t i = 0; i < c->l->book->procedures_count; i++) {
        const struct rules_procedure *parent = &c->l->book->procedures[i];
        for (size_t k = 0; k < parent->actions_count; k++) {
            for (size_t n = 0; n < parent->actions[k].effects_count; n++) {
                const struct rules_effect *effect = &parent->actions[k].effects[n];
                bool ours = effect->kind == EFFECT_OPEN && effect->procedure != NULL &&
                            strcmp(effect->procedure, c->procedure->code) == 0;
                bool each = ours && effect->as != NULL && strcmp(effect->as, party->code) == 0;
                if (each ||
                    (ours && pair_fills(effect->parties, effect->parties_count, party->code))) {
                    return true;
                }
            }
        }
    }
    return false;
}

static void check_parties(const struct checking *c)
{
    bool starts = false;
    bool public_start = false;
    for (size_t i = 0; i < c->procedure->parties_count; i++) {
        const struct rules_party *party = &c->procedure->parties[i];
        bool filled = party->automatic || filled_by_open(c, party);
        for (size_t k = 0; k < c->procedure->facts_count; k++) {
            filled = filled || c->procedure->facts[k].party == party;
        }
        for (size_t k = 0; k < c->procedure->actions_count; k++) {
            const struct rules_action *action = &c->procedure->actions[k];
            bool starter = action->starts && (action->by & 1u << i) != 0;
            filled = filled || starter;
            public_start = public_start || (starter && (party->kinds & 1u << ORG_PUBLIC) != 0);
            starts = starts || action->starts;
        }
        if (!filled) {
            yaml_wrong(&c->l->report, row(c, "parties", i), "nothing ever fills the party '%s'",
                       party->code);
        }
    }
    if (!starts) {
        yaml_wrong(&c->l->report, c->root, "no action starts this procedure");
    }
    if (c->procedure->portal && !public_start) {
        yaml_wrong(&c->l->report, c->root, "'portal' needs a start by a party of the public");
    }
}

/* What the program opens by itself needs nobody and nothing. */
static void check_standing(const struct checking *c)
{
    bool found = !c->procedure->standing;
    for (size_t i = 0; i < c->procedure->actions_count; i++) {
        const struct rules_action *action = &c->procedure->actions[i];
        found = found || (action->starts && action->by_system && action->needs_count == 0);
    }
    if (!found) {
        yaml_wrong(&c->l->report, c->root,
                   "a standing procedure starts with an action by system without needs");
    }
}

void check_book(struct loading *l, struct yaml_node *const *roots)
{
    for (size_t i = 0; i < l->book->procedures_count; i++) {
        struct checking c = {.l = l, .root = roots[i], .procedure = &l->book->procedures[i]};
        check_states(&c);
        check_effects(&c);
        check_all_conditions(&c);
        check_anchors(&c);
        check_parties(&c);
        check_standing(&c);
        check_clocks(l, roots[i], c.procedure);
    }
    if (l->book->procedures_count > 0) {
        check_articles(l, roots[0]);
    }
}
