/*
 * Has every open state a clock, or a reason for having none? For each deadline the states in which
 * it may run: those the opening action leads to, and on from there along actions that neither meet
 * nor lift it.
 */
#include "rules/inner.h"

static uint64_t after(const struct rules_action *action, uint64_t from)
{
    return action->to == NULL ? from & action->from : 1ull << action->to->index;
}

static bool opens_here(const struct rules_deadline *deadline, const struct rules_action *action)
{
    for (size_t i = 0; i < deadline->from_count; i++) {
        bool own = !deadline->from[i].parent && strcmp(deadline->from[i].action, action->code) == 0;
        if (own || (deadline->from[i].parent && action->starts)) {
            return true;
        }
    }
    return false;
}

static uint64_t running_in(const struct rules_procedure *procedure,
                           const struct rules_deadline *deadline)
{
    uint64_t states = 0;
    for (uint64_t before = 1; before != states;) {
        before = states;
        for (size_t i = 0; i < procedure->actions_count; i++) {
            const struct rules_action *action = &procedure->actions[i];
            bool ends = ((deadline->met_by | deadline->lifted_by) & 1ull << i) != 0;
            if (opens_here(deadline, action)) {
                states |= after(action, action->from);
            } else if (!ends && (action->from & states) != 0) {
                states |= after(action, states);
            }
        }
    }
    return states;
}

void check_clocks(struct loading *l, const struct yaml_node *root,
                  const struct rules_procedure *procedure)
{
    uint64_t covered = 0;
    for (size_t i = 0; i < procedure->deadlines_count; i++) {
        covered |= running_in(procedure, &procedure->deadlines[i]);
    }
    for (size_t i = 0; i < procedure->states_count; i++) {
        const struct rules_state *state = &procedure->states[i];
        if (!state->final && state->reason.zh == NULL && (covered & 1ull << i) == 0) {
            yaml_wrong(&l->report, item_at(yaml_get(root, "states"), i),
                       "state '%s' has no clock and gives no reason", state->code);
        }
    }
}
