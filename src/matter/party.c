/* Who has which part in a matter, and who thereby sees it. */
#include "base/limit.h"
#include "matter/record.h"
#include "store/query.h"

#include <assert.h>
#include <string.h>

const char *party_org_code(const struct matter *matter, const struct rules_party *party)
{
    const struct org *org = party == NULL ? NULL : matter->parties[party->index];
    return org == NULL ? NULL : org->code;
}

/* The starter takes the first part that its kind may have among those the action names. */
static enum fault fill_starter(struct performing *p)
{
    const struct actor *actor = p->ctx->actor;
    if (p->from != NULL || p->by_effect || actor->kind == ACTOR_SYSTEM) {
        return FAULT_NONE;
    }
    const struct rules_party *party = NULL;
    if (!who_may_start(p->action, p->matter->procedure, actor, &party)) {
        return ctx_fail(p->ctx, FAULT_FORBIDDEN, "You may not start this: %s.",
                        "您无权发起此事项：%s。", label_text(&p->action->label, p->ctx->lang));
    }
    const char *code = actor->org == NULL ? ORG_CODE_PUBLIC : actor->org->code;
    p->matter->parties[party->index] = directory_org(p->office->directory, code);
    return FAULT_NONE;
}

static bool kind_allowed(const struct performing *p, const struct rules_fact *fact,
                         const struct org *org)
{
    bool allowed = fact->kinds == 0 || (fact->kinds & 1u << org->kind) != 0;
    if (!allowed || fact->kinds_by == NULL) {
        return allowed;
    }
    const struct fact_value *leader = &p->matter->facts[fact->kinds_by->index];
    const struct rules_term *term = leader->set && leader->value != NULL
                                        ? rules_term(fact->kinds_by->vocabulary, leader->value)
                                        : NULL;
    return term == NULL || term->kinds == 0 || (term->kinds & 1u << org->kind) != 0;
}

static bool is_starters_part(const struct performing *p, const struct rules_party *party)
{
    return p->from == NULL && !p->by_effect && p->ctx->actor->kind == ACTOR_ACCOUNT &&
           p->matter->parties[party->index] == p->ctx->actor->org;
}

static enum fault fill_by_fact(struct performing *p, const struct rules_fact *fact)
{
    struct fact_value *value = &p->matter->facts[fact->index];
    const char *path = arena_printf(p->ctx->arena, "facts.%s", fact->code);
    uint64_t asked = 1ull << fact->index;
    asked |= fact->kinds_by == NULL ? 0 : 1ull << fact->kinds_by->index;
    if (!value->set || value->value == NULL || (p->changed_facts & asked) == 0) {
        return FAULT_NONE;
    }
    const struct org *org = directory_org(p->office->directory, value->value);
    if (org == NULL || org->kind == ORG_PUBLIC) {
        return ctx_field(p->ctx, path, "There is no such body.", "没有这个单位。");
    }
    if (!kind_allowed(p, fact, org)) {
        return ctx_field(p->ctx, path, "This body can not be chosen here.", "此处不能选择该单位。");
    }
    if (fact->party == NULL) {
        return FAULT_NONE;
    }
    if (is_starters_part(p, fact->party) && org != p->ctx->actor->org) {
        return ctx_field(p->ctx, path, "You can only act for your own body.",
                         "只能以本单位名义办理。");
    }
    p->matter->parties[fact->party->index] = org;
    return FAULT_NONE;
}

/* All bodies that a fact names take the part that is many. */
static enum fault fill_members(struct performing *p, const struct rules_fact *fact)
{
    const struct fact_value *value = &p->matter->facts[fact->index];
    const char *path = arena_printf(p->ctx->arena, "facts.%s", fact->code);
    if ((p->changed_facts & 1ull << fact->index) == 0 || (value->set && value->value == NULL)) {
        return FAULT_NONE;
    }
    struct members members = {.orgs =
                                  arena_array(p->ctx->arena, LIMIT_BODIES, sizeof(struct org *))};
    for (const char *code = value->set ? value->value : ""; *code != 0;) {
        size_t length = strcspn(code, ",");
        const struct org *org =
            directory_org(p->office->directory, arena_bytes(p->ctx->arena, code, length));
        if (org == NULL || org->kind == ORG_PUBLIC) {
            return ctx_field(p->ctx, path, "There is no such body.", "没有这个单位。");
        }
        if (!kind_allowed(p, fact, org)) {
            return ctx_field(p->ctx, path, "This body can not be chosen here: %s.",
                             "此处不能选择该单位：%s。", label_text(&org->name, p->ctx->lang));
        }
        assert(members.count < LIMIT_BODIES);
        members.orgs[members.count++] = org;
        code += length + (code[length] == ',' ? 1 : 0);
    }
    if (fact->party != NULL) {
        p->matter->members[fact->party->index] = members;
        p->members_changed |= 1u << fact->party->index;
    }
    return FAULT_NONE;
}

static void fill_automatic(struct performing *p)
{
    for (size_t i = 0; p->from == NULL && i < p->matter->procedure->parties_count; i++) {
        const struct rules_party *party = &p->matter->procedure->parties[i];
        for (unsigned kind = 0; party->automatic && kind < ORG_KINDS_COUNT; kind++) {
            bool wanted = (party->kinds & 1u << kind) != 0 && p->matter->parties[i] == NULL;
            if (wanted) {
                p->matter->parties[i] = directory_only(p->office->directory, (enum org_kind)kind);
            }
        }
    }
}

/* A body that starts a matter needn't name itself: the fact that would name it is set for it. */
static void name_starter(struct performing *p)
{
    for (size_t i = 0; p->from == NULL && i < p->matter->procedure->facts_count; i++) {
        const struct rules_fact *fact = &p->matter->procedure->facts[i];
        struct fact_value *value = &p->matter->facts[i];
        bool named = fact->type == FACT_BODY && fact->party != NULL && !value->set;
        const struct org *org = named ? p->matter->parties[fact->party->index] : NULL;
        if (org != NULL) {
            *value = (struct fact_value){.set = true,
                                         .value = org->code,
                                         .action = p->action->code,
                                         .set_ms = p->ctx->now_ms};
            p->changed_facts |= 1ull << i;
        }
    }
}

enum fault parties_fill(struct performing *p)
{
    enum fault fault = fill_starter(p);
    if (fault != FAULT_NONE) {
        return fault;
    }
    for (size_t i = 0; i < p->matter->procedure->facts_count; i++) {
        const struct rules_fact *fact = &p->matter->procedure->facts[i];
        if (fact->type != FACT_BODY && fact->type != FACT_BODIES) {
            continue;
        }
        enum fault wrong = fact->type == FACT_BODY ? fill_by_fact(p, fact) : fill_members(p, fact);
        fault = fault == FAULT_NONE ? wrong : fault;
    }
    fill_automatic(p);
    name_starter(p);
    return fault;
}

/*
 * A body sees a matter from when it starts it, first holds it, or first owes a clock in it; an
 * automatic part sees it at once. So the receiver of a transfer does not see the draft.
 */
static bool sees_now(const struct performing *p, const struct rules_party *party)
{
    const struct org *org = p->matter->parties[party->index];
    bool came = p->from != p->matter->state || org != p->parties_before[party->index];
    bool holds = p->matter->state->holder == party && came;
    if (p->from != NULL || tally_owes(p, org)) {
        return holds || tally_owes(p, org);
    }
    bool acts = p->ctx->actor->kind == ACTOR_ACCOUNT && org == p->ctx->actor->org;
    return holds || acts || party->automatic;
}

/* Who has which part: the parts that are new, in one statement. */
static enum fault save_parts(struct performing *p)
{
    struct query query;
    unsigned count = 0;
    query_init(&query, p->ctx->arena);
    query_add(&query, "INSERT INTO matter_party (region, matter, party, org) VALUES");
    (void)query_number(&query, sql_int(p->office->region));
    (void)query_number(&query, sql_int(p->matter->id));
    for (size_t i = 0; i < p->matter->procedure->parties_count; i++) {
        const struct org *org = p->matter->parties[i];
        if (org == NULL || org == p->parties_before[i]) {
            continue;
        }
        query_add(&query, count++ == 0 ? " ($1, $2, " : ", ($1, $2, ");
        query_value(&query, sql_text(p->matter->procedure->parties[i].code));
        query_add(&query, ", ");
        query_value(&query, sql_text(org->code));
        query_add(&query, ")");
    }
    query_add(&query, " ON CONFLICT (region, matter, party) DO UPDATE SET org = excluded.org");
    return count == 0 ? FAULT_NONE : query_finish(&query, p->ctx, p->tx);
}

static bool listed_before(const struct performing *p, size_t place)
{
    for (size_t i = 0; i < place; i++) {
        if (p->matter->parties[i] == p->matter->parties[place] &&
            sees_now(p, &p->matter->procedure->parties[i])) {
            return true;
        }
    }
    return false;
}

/* Who sees it from now on. */
static enum fault save_viewers(struct performing *p)
{
    struct query query;
    unsigned count = 0;
    query_init(&query, p->ctx->arena);
    query_add(&query, "INSERT INTO matter_viewer (region, matter, org) VALUES");
    (void)query_number(&query, sql_int(p->office->region));
    (void)query_number(&query, sql_int(p->matter->id));
    for (size_t i = 0; i < p->matter->procedure->parties_count; i++) {
        const struct org *org = p->matter->parties[i];
        bool sees = org != NULL && org->kind != ORG_PUBLIC &&
                    sees_now(p, &p->matter->procedure->parties[i]);
        if (sees && !listed_before(p, i)) {
            query_add(&query, count++ == 0 ? " ($1, $2, " : ", ($1, $2, ");
            query_value(&query, sql_text(org->code));
            query_add(&query, ")");
        }
    }
    query_add(&query, " ON CONFLICT (region, org, matter) DO NOTHING");
    return count == 0 ? FAULT_NONE : query_finish(&query, p->ctx, p->tx);
}

/* Who is in a part that is many, and so sees the matter from now on. Who is no longer in it keeps
 * seeing what it took part in. */
static enum fault save_members(struct performing *p, const struct rules_party *party)
{
    const struct members *members = &p->matter->members[party->index];
    enum fault fault = sql_run(
        p->tx, p->ctx,
        "DELETE FROM matter_member WHERE region = $1 AND matter = $2"
        " AND party = $3",
        SQL_ARGS(sql_int(p->office->region), sql_int(p->matter->id), sql_text(party->code)), NULL);
    for (size_t i = 0; i < members->count && fault == FAULT_NONE; i++) {
        const char *org = members->orgs[i]->code;
        fault = sql_run(p->tx, p->ctx,
                        "INSERT INTO matter_member (region, matter, party, org)"
                        " VALUES ($1, $2, $3, $4)",
                        SQL_ARGS(sql_int(p->office->region), sql_int(p->matter->id),
                                 sql_text(party->code), sql_text(org)),
                        NULL);
        if (fault == FAULT_NONE) {
            fault = sql_run(
                p->tx, p->ctx,
                "INSERT INTO matter_viewer (region, matter, org) VALUES ($1, $2, $3)"
                " ON CONFLICT (region, org, matter) DO NOTHING",
                SQL_ARGS(sql_int(p->office->region), sql_int(p->matter->id), sql_text(org)), NULL);
        }
    }
    return fault;
}

enum fault parties_save(struct performing *p)
{
    enum fault fault = save_parts(p);
    if (fault == FAULT_NONE) {
        fault = save_viewers(p);
    }
    for (size_t i = 0; i < p->matter->procedure->parties_count && fault == FAULT_NONE; i++) {
        if ((p->members_changed & 1u << i) != 0) {
            fault = save_members(p, &p->matter->procedure->parties[i]);
        }
    }
    return fault;
}
