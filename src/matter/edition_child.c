/*
 * Under which edition a child begins that an effect opens: the one in force, if parent and child
 * understand each other across the two editions, else the parent's own. What both may say to one
 * another is looked at once, when the child begins; from then on each goes by its own rules.
 */
#include "matter/record.h"

#include <assert.h>
#include <string.h>

static bool knows_facts(const struct rules_procedure *procedure, const struct rules_effect *effect)
{
    for (size_t i = 0; i < effect->facts_count; i++) {
        if (rules_fact(procedure, effect->facts[i].to) == NULL) {
            return false;
        }
    }
    for (size_t i = 0; i < effect->constants_count; i++) {
        if (rules_fact(procedure, effect->constants[i].to) == NULL) {
            return false;
        }
    }
    return true;
}

static bool knows_parties(const struct rules_procedure *procedure,
                          const struct rules_effect *effect)
{
    for (size_t i = 0; i < effect->parties_count; i++) {
        if (rules_party(procedure, effect->parties[i].to) == NULL) {
            return false;
        }
    }
    return effect->as == NULL || rules_party(procedure, effect->as) != NULL;
}

/* Can `to` do what an action of `from` asks of it? What is optional may come to nothing. */
static bool understands(const struct rules_procedure *from, const struct rules_procedure *to,
                        bool to_parent)
{
    for (size_t i = 0; i < from->actions_count; i++) {
        for (size_t k = 0; k < from->actions[i].effects_count; k++) {
            const struct rules_effect *effect = &from->actions[i].effects[k];
            bool asks = effect->kind == EFFECT_ACT && effect->on_parent == to_parent &&
                        !effect->optional &&
                        (effect->procedure == NULL || strcmp(effect->procedure, to->code) == 0);
            if (asks && (rules_action(to, effect->action) == NULL || !knows_facts(to, effect))) {
                return false;
            }
        }
    }
    return true;
}

/* The child's clocks that start in the parent's record. */
static bool knows_anchors(const struct rules_procedure *parent, const struct rules_procedure *child)
{
    for (size_t i = 0; i < child->deadlines_count; i++) {
        const struct rules_deadline *deadline = &child->deadlines[i];
        bool asks = false;
        bool known = false;
        for (size_t k = 0; k < deadline->from_count; k++) {
            asks = asks || deadline->from[k].parent;
            known = known || !deadline->from[k].parent ||
                    rules_action(parent, deadline->from[k].action) != NULL;
        }
        if (asks && !known) {
            return false;
        }
    }
    return true;
}

bool edition_fits(const struct rules_procedure *parent, const struct rules_effect *effect,
                  const struct rules_procedure *child)
{
    const struct rules_action *start = child == NULL ? NULL : rules_action(child, effect->action);
    return start != NULL && start->starts && knows_facts(child, effect) &&
           knows_parties(child, effect) && understands(parent, child, false) &&
           understands(child, parent, true) && knows_anchors(parent, child);
}

const struct rules_procedure *edition_of_child(const struct performing *p,
                                               const struct rules_effect *effect)
{
    const struct rulebook *own = office_book_of(p->office, p->matter->procedure);
    const struct rulebook *in_force = office_book(p->office, p->ctx->now_ms);
    const struct rules_procedure *child = rules_procedure(in_force, effect->procedure);
    if (in_force != own && edition_fits(p->matter->procedure, effect, child)) {
        return child;
    }
    child = rules_procedure(own, effect->procedure);
    assert(child != NULL);
    return child;
}
