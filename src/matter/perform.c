/*
 * One action of one matter, from facts to event. The caller has loaded (and locked) the matter and
 * checked who asks; an effect comes straight here. Its steps are the table below.
 */
#include "base/id.h"
#include "matter/record.h"

#include <assert.h>
#include <string.h>

void event_begin(struct performing *p)
{
    struct event_body *body = &p->body;
    struct buffer *buffers[] = {&body->facts, &body->materials, &body->clocks, &body->children};
    struct json_writer *writers[] = {&body->facts_json, &body->materials_json, &body->clocks_json,
                                     &body->children_json};
    for (size_t i = 0; i < sizeof buffers / sizeof buffers[0]; i++) {
        buffer_init(buffers[i], p->ctx->arena);
        json_writer_init(writers[i], buffers[i]);
    }
    json_open(&body->facts_json);
    json_list(&body->materials_json);
    json_list(&body->clocks_json);
    json_list(&body->children_json);
}

/*
 * Two that count how many matters are alike would both still find room: the second waits here for
 * the first's commit. The row is only its lock, and is swept with the keys it stands among.
 */
static enum fault lock_alike(struct performing *p)
{
    enum fault fault = FAULT_NONE;
    for (size_t i = 0; i < p->action->when_count && fault == FAULT_NONE; i++) {
        const struct rules_condition *condition = &p->action->when[i];
        bool counts = condition->kind == CONDITION_FEWER;
        const char *value = counts ? p->matter->facts[condition->fact->index].value : NULL;
        if (value != NULL) {
            fault = sql_run(
                p->tx, p->ctx,
                "INSERT INTO replay (region, scope, key, request_sha256, matter, version,"
                " created_ms) VALUES ($1, 'alike', $2, $3, 0, 0, $4) ON CONFLICT (region, scope,"
                " key) DO UPDATE SET created_ms = excluded.created_ms",
                SQL_ARGS(
                    sql_int(p->office->region),
                    sql_text(arena_printf(p->ctx->arena, "%s %s", condition->fact->code, value)),
                    sql_blob("", 0), sql_int(p->ctx->now_ms)),
                NULL);
        }
    }
    return fault;
}

static enum fault check_conditions(struct performing *p)
{
    const struct rules_condition *broken = NULL;
    enum fault fault = lock_alike(p);
    if (fault != FAULT_NONE) {
        return fault;
    }
    if (action_allowed(p, p->action, &broken)) {
        return FAULT_NONE;
    }
    const char *words = rules_condition_words(p->ctx->arena, broken, p->ctx->lang);
    return ctx_fail(p->ctx, FAULT_RULE_REFUSED, "Not now: %s", "当前不能办理：%s", words);
}

static void move_state(struct performing *p)
{
    struct matter *m = p->matter;
    m->state = p->action->to == NULL ? p->from : p->action->to;
    assert(m->state != NULL);
    m->holder = m->state->final ? NULL : party_org_code(m, m->state->holder);
}

static void begin(struct performing *p)
{
    struct matter *m = p->matter;
    if (p->from == NULL) {
        m->id = id_make(p->ctx->now_ms);
        m->version = 1;
        m->created_ms = p->ctx->now_ms;
    }
    size_t bytes = m->procedure->parties_count * sizeof *m->parties;
    p->parties_before = arena_alloc(p->ctx->arena, bytes);
    if (p->from != NULL) {
        memcpy(p->parties_before, m->parties, bytes);
    }
    p->set_before = facts_set(m);
    event_begin(p);
}

static enum fault move(struct performing *p)
{
    move_state(p);
    return clocks_apply(p);
}

static enum fault copy_parents_materials(struct performing *p)
{
    return p->copy_materials ? materials_copy(p, p->opened_parent) : FAULT_NONE;
}

/* In this order: the event comes after all it tells of, and what it counts for after the event. */
static enum fault (*const steps[])(struct performing *p) = {
    facts_apply,
    check_conditions,
    move,
    record_save,
    facts_save,
    parties_save,
    copy_parents_materials,
    materials_attach,
    effects_run,
    papers_issue,
    record_event,
    tally_event,
};

enum fault perform(struct performing *p)
{
    enum fault fault = FAULT_NONE;
    begin(p);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0] && fault == FAULT_NONE; i++) {
        fault = steps[i](p);
    }
    return fault;
}
