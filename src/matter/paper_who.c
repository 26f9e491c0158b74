/*
 * Who may do what with a paper. Somebody of the issuing body may draft it whatever his role; an
 * approver or the head approves; what was approved, any of them may issue, because the approver
 * stands for it. Without approval, only who may perform the action itself.
 */
#include "matter/paper_inner.h"

static const uint32_t approving_roles = 1u << ROLE_APPROVER | 1u << ROLE_HEAD;
static const uint32_t drafting_roles =
    1u << ROLE_HANDLER | 1u << ROLE_APPROVER | 1u << ROLE_HEAD | 1u << ROLE_ARCHIVIST;

bool paper_drafter(const struct matter *matter, const struct rules_action *action,
                   const struct actor *actor)
{
    const struct rules_paper *paper = action->paper;
    if (paper == NULL || action->by_system || actor->kind != ACTOR_ACCOUNT ||
        (actor->roles & drafting_roles) == 0) {
        return false;
    }
    return matter->parties[paper->issuer->index] == actor->org && actor->org != NULL;
}

bool paper_approver(const struct matter *matter, const struct rules_action *action,
                    const struct actor *actor)
{
    /* What only the head may do, only the head approves. */
    uint32_t roles = action->roles & approving_roles;
    roles = roles == 0 ? approving_roles : roles;
    return paper_drafter(matter, action, actor) && (actor->roles & roles) != 0;
}

unsigned paper_can(const struct matter *matter, const struct paper *paper,
                   const struct actor *actor)
{
    bool open = paper->state == PAPER_DRAFT || paper->state == PAPER_APPROVED;
    if (!open || !paper_drafter(matter, paper->action, actor)) {
        return 0;
    }
    unsigned can = PAPER_CAN_EDIT | PAPER_CAN_DROP;
    if (paper->state == PAPER_DRAFT && paper_approver(matter, paper->action, actor)) {
        can |= PAPER_CAN_APPROVE;
    }
    if (paper->state == PAPER_APPROVED || who_may(matter, paper->action, actor)) {
        can |= PAPER_CAN_ISSUE;
    }
    return can;
}

uint64_t matter_draftable(struct ctx *ctx, struct store_tx *tx, const struct office *office,
                          const struct matter *matter)
{
    struct matter copy = *matter;
    struct performing p = {.office = office,
                           .ctx = ctx,
                           .tx = tx,
                           .matter = &copy,
                           .from = matter->state,
                           .set_before = facts_set(matter)};
    uint64_t mask = 0;
    for (size_t i = 0; i < matter->procedure->actions_count; i++) {
        const struct rules_action *action = &matter->procedure->actions[i];
        bool here = !action->starts && (action->from & 1ull << matter->state->index) != 0 &&
                    paper_drafter(matter, action, ctx->actor) &&
                    clocks_let(matter, action, ctx->now_ms);
        mask |= here && action_offered(&p, action) ? 1ull << i : 0;
    }
    return mask;
}
