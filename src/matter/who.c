/*
 * Who may perform an action: somebody of a body that has the right part in the matter, in one of
 * the action's roles. The acts of a part whose body is no user of the system (a city-level office,
 * the public at the counter) are recorded by the part that the rulebook names. Who filed over the
 * portal acts with the code alone: no body withdraws a complaint in its maker's name.
 */
#include "matter/record.h"

bool members_has(const struct members *members, const struct org *org)
{
    for (size_t i = 0; i < members->count; i++) {
        if (members->orgs[i] == org) {
            return true;
        }
    }
    return false;
}

uint32_t who_parties(const struct matter *matter, const struct actor *actor)
{
    uint32_t parties = 0;
    for (size_t i = 0; i < matter->procedure->parties_count; i++) {
        const struct org *org = matter->parties[i];
        bool public_part = org != NULL && org->kind == ORG_PUBLIC;
        bool own = actor->kind == ACTOR_CODE
                       ? public_part
                       : org != NULL && actor->org != NULL && org == actor->org;
        bool member = actor->org != NULL && members_has(&matter->members[i], actor->org);
        if (own || member) {
            parties |= 1u << i;
        }
    }
    return parties;
}

/* Is one of them no user of the system? */
static bool has_absent(const struct members *members)
{
    for (size_t i = 0; i < members->count; i++) {
        if (!members->orgs[i]->user) {
            return true;
        }
    }
    return false;
}

/* Parts that the holder of `own` parts acts for, because their bodies are no users. */
static uint32_t recorded_parties(const struct matter *matter, uint32_t own)
{
    uint32_t recorded = 0;
    for (size_t i = 0; i < matter->procedure->parties_count; i++) {
        const struct rules_party *party = &matter->procedure->parties[i];
        const struct org *org = matter->parties[i];
        bool alone = matter->self_filed && org != NULL && org->kind == ORG_PUBLIC;
        bool absent = (org != NULL && !org->user && !alone) || has_absent(&matter->members[i]);
        if (absent && party->recorded_by != NULL && (own & 1u << party->recorded_by->index) != 0) {
            recorded |= 1u << i;
        }
    }
    return recorded;
}

static bool role_fits(const struct rules_action *action, const struct actor *actor)
{
    return actor->kind != ACTOR_ACCOUNT || (action->roles & actor->roles) != 0;
}

bool who_may(const struct matter *matter, const struct rules_action *action,
             const struct actor *actor)
{
    if (actor->kind == ACTOR_SYSTEM) {
        return true;
    }
    if (action->by_system || !role_fits(action, actor)) {
        return false;
    }
    uint32_t own = who_parties(matter, actor);
    return (action->by & (own | recorded_parties(matter, own))) != 0;
}

static enum org_kind actor_org_kind(const struct actor *actor)
{
    return actor->org == NULL ? ORG_PUBLIC : actor->org->kind;
}

bool who_may_start(const struct rules_action *action, const struct rules_procedure *procedure,
                   const struct actor *actor, const struct rules_party **ret_party)
{
    if (!action->starts || action->by_system || !role_fits(action, actor)) {
        return false;
    }
    for (size_t i = 0; i < procedure->parties_count; i++) {
        const struct rules_party *party = &procedure->parties[i];
        bool fits =
            (action->by & 1u << i) != 0 && (party->kinds & 1u << actor_org_kind(actor)) != 0;
        if (fits) {
            *ret_party = party;
            return true;
        }
    }
    return false;
}
