/* What an action does beyond its own matter, as its row in the rulebook says. */
#include "base/id.h"
#include "matter/record.h"

#include <assert.h>
#include <string.h>

enum { UNSEAL_HOURS = 24 };

/* Our value of each pair under its name over there; a value that isn't set is left out. A fact from
 * the vault that is handed on is opened for the hand-over. */
static enum fault carry_facts(struct performing *p, const struct rules_effect *effect,
                              struct act_fact **ret_facts, size_t *ret_count)
{
    size_t most = effect->facts_count + effect->constants_count + 1;
    struct act_fact *facts = arena_array(p->ctx->arena, most, sizeof *facts);
    size_t count = 0;
    enum fault fault = FAULT_NONE;
    for (size_t i = 0; i < effect->facts_count && fault == FAULT_NONE; i++) {
        const struct rules_fact *fact = rules_fact(p->matter->procedure, effect->facts[i].from);
        assert(fact != NULL);
        const struct fact_value *value = &p->matter->facts[fact->index];
        const char *text = value->value;
        if (!value->set) {
            continue;
        }
        if (text == NULL) {
            fault = vault_open(p->ctx, p->office, p->matter, fact, &text);
        }
        facts[count++] = (struct act_fact){.code = effect->facts[i].to, .value = text};
    }
    for (size_t i = 0; i < effect->constants_count; i++) {
        facts[count++] =
            (struct act_fact){.code = effect->constants[i].to, .value = effect->constants[i].from};
    }
    *ret_facts = facts;
    *ret_count = count;
    return fault;
}

static void note_child(struct performing *p, const struct matter *child)
{
    struct json_writer *json = &p->body.children_json;
    char id[ID_TEXT];
    id_format(child->id, id);
    json_open(json);
    json_put_text(json, "id", id);
    json_put_text(json, "procedure", child->procedure->code);
    json_put_text(json, "reference", child->reference);
    json_close(json);
}

/* What another matter's action needs to run from here. */
static enum fault prepare(struct performing *p, const struct rules_effect *effect,
                          struct performing *other)
{
    if (p->depth + 1 >= EFFECT_DEPTH) {
        return ctx_fail(p->ctx, FAULT_RULEBOOK_INVALID, "Effects call one another too deeply.",
                        "规则效果嵌套过深。");
    }
    *other = (struct performing){
        .office = p->office, .ctx = p->ctx, .tx = p->tx, .by_effect = true, .depth = p->depth + 1};
    struct act_fact *facts = NULL;
    enum fault fault = carry_facts(p, effect, &facts, &other->facts_count);
    other->facts = facts;
    return fault;
}

/* `body`: which takes the part `as` of the child; NULL: no part. */
static enum fault open_child(struct performing *p, const struct rules_effect *effect,
                             const struct org *body)
{
    const struct rules_procedure *procedure = edition_of_child(p, effect);
    struct performing child;
    enum fault fault = prepare(p, effect, &child);
    if (fault != FAULT_NONE) {
        return fault;
    }
    child.matter = record_new(p->ctx, p->office, procedure);
    child.matter->parent = p->matter->id;
    child.action = rules_action(procedure, effect->action);
    assert(child.action != NULL);
    child.opened_parent = p->matter->id;
    child.opened_by = p->action->code;
    child.opened_ms = p->happened_ms;
    child.copy_materials = effect->with_materials;
    for (size_t i = 0; i < effect->parties_count; i++) {
        const struct rules_party *theirs = rules_party(procedure, effect->parties[i].to);
        const struct rules_party *ours = rules_party(p->matter->procedure, effect->parties[i].from);
        assert(theirs != NULL && ours != NULL);
        child.matter->parties[theirs->index] = p->matter->parties[ours->index];
    }
    if (body != NULL) {
        const struct rules_party *party = rules_party(procedure, effect->as);
        assert(party != NULL);
        child.matter->parties[party->index] = body;
    }
    fault = perform(&child);
    if (fault == FAULT_NONE) {
        note_child(p, child.matter);
    }
    return fault;
}

/* One child for each body that the fact names. */
static enum fault open_children_each(struct performing *p, const struct rules_effect *effect)
{
    const struct rules_fact *fact = rules_fact(p->matter->procedure, effect->each);
    assert(fact != NULL);
    const char *code = p->matter->facts[fact->index].value;
    enum fault fault = FAULT_NONE;
    while (code != NULL && *code != 0 && fault == FAULT_NONE) {
        size_t length = strcspn(code, ",");
        const struct org *org =
            directory_org(p->office->directory, arena_bytes(p->ctx->arena, code, length));
        assert(org != NULL);
        fault = open_child(p, effect, org);
        code += length + (code[length] == ',' ? 1 : 0);
    }
    return fault;
}

static enum fault act_on(struct performing *p, const struct rules_effect *effect, int64_t other_id)
{
    struct performing other;
    enum fault fault = prepare(p, effect, &other);
    if (fault == FAULT_NONE) {
        fault = record_load(p->ctx, p->tx, p->office, other_id, true, &other.matter);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    other.from = other.matter->state;
    other.action = rules_action(other.matter->procedure, effect->action);
    bool possible = other.action != NULL && (other.action->from & 1ull << other.from->index) != 0;
    if (!possible && effect->optional) {
        /* The lock raised the version; nothing happened, so it goes back. */
        return sql_run(p->tx, p->ctx,
                       "UPDATE matter SET version = version - 1 WHERE region = $1 AND id = $2",
                       SQL_ARGS(sql_int(p->office->region), sql_int(other_id)), NULL);
    }
    if (!possible) {
        return ctx_fail(p->ctx, FAULT_RULE_REFUSED, "The linked matter %s can not go on this way.",
                        "关联事项%s当前不能进行此操作。", other.matter->reference);
    }
    return perform(&other);
}

static enum fault open_children(struct performing *p, const char *procedure, int64_t **ret_ids,
                                size_t *ret_count)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_query(
        p->tx, p->ctx,
        "SELECT id FROM matter WHERE region = $1 AND parent = $2"
        " AND procedure = $3 AND final = 0 ORDER BY id LIMIT 100",
        SQL_ARGS(sql_int(p->office->region), sql_int(p->matter->id), sql_text(procedure)), &rows);
    int64_t *ids = arena_array(p->ctx->arena, 100, sizeof *ids);
    size_t count = 0;
    while (fault == FAULT_NONE && count < 100 && sql_next(rows)) {
        ids[count++] = sql_column_int(rows, 0);
    }
    *ret_ids = ids;
    *ret_count = count;
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

static enum fault act_elsewhere(struct performing *p, const struct rules_effect *effect)
{
    if (effect->on_parent) {
        return p->matter->parent == 0 ? FAULT_NONE : act_on(p, effect, p->matter->parent);
    }
    int64_t *ids = NULL;
    size_t count = 0;
    enum fault fault = open_children(p, effect->procedure, &ids, &count);
    for (size_t i = 0; i < count && fault == FAULT_NONE; i++) {
        fault = act_on(p, effect, ids[i]);
    }
    return fault;
}

static enum fault unseal(struct performing *p)
{
    int64_t until_ms = p->ctx->now_ms + (int64_t)UNSEAL_HOURS * 3600 * 1000;
    return sql_run(p->tx, p->ctx,
                   "INSERT INTO unseal (region, matter, account, until_ms) VALUES ($1, $2, $3, $4)"
                   " ON CONFLICT (region, matter, account) DO UPDATE SET"
                   " until_ms = excluded.until_ms",
                   SQL_ARGS(sql_int(p->office->region), sql_int(p->matter->id),
                            sql_int(p->ctx->actor->account), sql_int(until_ms)),
                   NULL);
}

static enum fault run_one(struct performing *p, const struct rules_effect *effect)
{
    switch (effect->kind) {
    case EFFECT_OPEN:
        return effect->each == NULL ? open_child(p, effect, NULL) : open_children_each(p, effect);
    case EFFECT_ACT:
        return act_elsewhere(p, effect);
    case EFFECT_LIST:
        return materials_list(p);
    case EFFECT_SIGN: {
        enum fault fault = materials_tick(p);
        return fault == FAULT_NONE ? receipt_sign(p) : fault;
    }
    case EFFECT_UNSEAL:
        return unseal(p);
    case EFFECT_FREEZE:
        return figures_freeze(p, effect);
    }
    assert(!"an effect outside the list");
    return FAULT_INTERNAL;
}

enum fault effects_run(struct performing *p)
{
    enum fault fault = FAULT_NONE;
    for (size_t i = 0; i < p->action->effects_count && fault == FAULT_NONE; i++) {
        fault = run_one(p, &p->action->effects[i]);
    }
    return fault;
}
