/*
 * Does the steps through the engine, as their actors and at their time. Several dozen share one
 * transaction: the year then costs a few syncs. A step that the engine refuses ends it all.
 */
#include "base/id.h"
#include "cli/demo.h"

#include <assert.h>
#include <string.h>

enum { BATCH_STEPS = 64 };

struct batch {
    struct demo *demo;
    struct demo_step *steps;
    size_t count;
};

static struct demo_named *named(struct demo_run *run, const char *procedure)
{
    for (size_t i = 0; i < run->matters_count; i++) {
        if (strcmp(run->matters[i].procedure, procedure) == 0) {
            return &run->matters[i];
        }
    }
    return NULL;
}

static void name_matter(struct demo_run *run, const char *procedure, int64_t id)
{
    struct demo_named *there = named(run, procedure);
    if (there == NULL) {
        assert(run->matters_count < DEMO_CHILDREN);
        there = &run->matters[run->matters_count++];
    }
    *there = (struct demo_named){.procedure = procedure, .id = id};
}

/* "id=arrived,id=missing" for what was listed. Missing are those before the letter, which is
 * the last. */
static enum fault tick(struct ctx *ctx, struct store_tx *tx, const struct demo_step *step,
                       int64_t id, const char **ret_ticks)
{
    struct matter *matter = NULL;
    struct material *materials = NULL;
    size_t count = 0;
    enum fault fault = matter_read(ctx, tx, &step->run->demo->place->office, id, &matter);
    if (fault == FAULT_NONE) {
        fault = matter_materials(ctx, tx, matter, &materials, &count);
    }
    struct buffer ticks;
    buffer_init(&ticks, ctx->arena);
    for (size_t i = 0; i < count && fault == FAULT_NONE; i++) {
        char text[ID_TEXT];
        bool gone = i + 1 < count && i + 1 + step->missing >= count;
        id_format(materials[i].id, text);
        buffer_printf(&ticks, "%s%s=%s", ticks.count == 0 ? "" : ",", text,
                      gone ? "missing" : "arrived");
    }
    *ret_ticks = ticks.data;
    return fault;
}

static const struct rules_fact *ticks_fact(const struct rules_action *action)
{
    for (size_t i = 0; i < action->needs_count; i++) {
        if (action->needs[i]->type == FACT_TICKS) {
            return action->needs[i];
        }
    }
    return NULL;
}

static enum fault upload(struct ctx *ctx, struct store_tx *tx, struct demo_step *step,
                         struct act_input *input)
{
    int64_t *ids = arena_array(ctx->arena, step->uploads_count + 1, sizeof *ids);
    enum fault fault = FAULT_NONE;
    for (size_t i = 0; i < step->uploads_count && fault == FAULT_NONE; i++) {
        fault = matter_upload_add(ctx, tx, &step->uploads[i]);
        ids[i] = step->uploads[i].ret_id;
    }
    input->uploads = ids;
    input->uploads_count = step->uploads_count;
    return fault;
}

/* The matter an effect has just opened under this one becomes the run's newest of its kind. */
static enum fault name_child(struct ctx *ctx, struct store_tx *tx, struct demo_step *step,
                             int64_t parent)
{
    const struct rules_effect *open = NULL;
    for (size_t i = 0; i < step->action->effects_count; i++) {
        open = step->action->effects[i].kind == EFFECT_OPEN ? &step->action->effects[i] : open;
    }
    if (open == NULL) {
        return FAULT_NONE;
    }
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_one(
        tx, ctx, "SELECT id FROM matter WHERE region = $1 AND parent = $2 ORDER BY id DESC LIMIT 1",
        SQL_ARGS(sql_int(ctx->actor->region), sql_int(parent)), &rows);
    if (fault == FAULT_NONE) {
        const struct rulebook *book = step->run->demo->place->book;
        name_matter(step->run, rules_procedure(book, open->procedure)->code,
                    sql_column_int(rows, 0));
    }
    return fault;
}

static enum fault act(struct ctx *ctx, struct store_tx *tx, struct demo_step *step,
                      struct act_call *call)
{
    const struct rules_fact *ticks = ticks_fact(step->action);
    struct act_fact *facts = arena_array(ctx->arena, step->facts_count + 1, sizeof *facts);
    if (step->facts_count > 0) {
        memcpy(facts, step->facts, step->facts_count * sizeof *facts);
    }
    call->input.facts = facts;
    call->input.facts_count = step->facts_count;
    enum fault fault = upload(ctx, tx, step, &call->input);
    if (fault == FAULT_NONE && ticks != NULL) {
        struct act_fact *fact = &facts[call->input.facts_count++];
        fact->code = ticks->code;
        fault = tick(ctx, tx, step, call->input.matter, &fact->value);
    }
    return fault == FAULT_NONE ? matter_act(ctx, tx, call) : fault;
}

static enum fault refused(struct ctx *ctx, const struct ctx *own, const struct demo_step *step,
                          enum fault fault)
{
    const char *why = own->note;
    if (why == NULL && own->fields != NULL) {
        why = arena_printf(ctx->arena, "%s: %s", own->fields->path, own->fields->text);
    }
    const char *what = arena_printf(
        ctx->arena, "%s:%u: scenario %s: %s.%s as %s: %s (%s)", step->node->file, step->node->line,
        yaml_get(step->run->scenario, "code")->text, step->procedure->code, step->action->code,
        step->actor->login == NULL ? "public" : step->actor->login, fault_name(fault),
        why == NULL ? "-" : why);
    return ctx_fail(ctx, fault, "%s", "%s", what);
}

/* Of several that were opened for each body: the one in which the step's body takes part. */
static enum fault find_share(struct ctx *ctx, struct store_tx *tx, const struct demo_step *step,
                             int64_t *matter)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault =
        sql_one(tx, ctx,
                "SELECT m.id FROM matter m JOIN matter_party p ON p.region = m.region"
                " AND p.matter = m.id WHERE m.region = $1 AND m.procedure = $2 AND p.org = $3"
                " AND m.parent = (SELECT parent FROM matter WHERE region = $1 AND id = $4)"
                " ORDER BY m.id DESC LIMIT 1",
                SQL_ARGS(sql_int(ctx->actor->region), sql_text(step->procedure->code),
                         sql_text(step->of), sql_int(*matter)),
                &rows);
    *matter = fault == FAULT_NONE ? sql_column_int(rows, 0) : 0;
    return fault;
}

/* Which matter the step acts on; 0 if it starts one. */
static enum fault find_matter(struct ctx *ctx, struct store_tx *tx, const struct demo_step *step,
                              int64_t *ret_matter)
{
    const struct demo_named *newest =
        step->action->starts ? NULL : named(step->run, step->procedure->code);
    *ret_matter = newest == NULL ? 0 : newest->id;
    return newest == NULL || step->of == NULL ? FAULT_NONE : find_share(ctx, tx, step, ret_matter);
}

/* What ran out by now acts, oldest first. */
static enum fault expire(struct ctx *ctx, struct store_tx *tx, const struct office *office)
{
    struct expired expired = {.after_id = 0};
    enum fault fault = matter_expired(ctx, tx, &expired);
    for (size_t i = 0; i < expired.ret_count && fault == FAULT_NONE; i++) {
        struct expiry expiry = {.office = office, .deadline = expired.ret_ids[i]};
        fault = matter_expire(ctx, tx, &expiry);
    }
    return fault;
}

/* The program by itself, at the step's time. */
static enum fault run_self(struct ctx *ctx, struct store_tx *tx, struct demo_step *step)
{
    const struct office *office = &step->run->demo->place->office;
    const struct actor system = {.kind = ACTOR_SYSTEM, .region = office->region, .name = ""};
    struct ctx own = *ctx;
    own.actor = &system;
    own.now_ms = step->at_ms;
    if (strcmp(step->self, "expiry") == 0) {
        return expire(&own, tx, office);
    }
    struct standing standing = {.office = office};
    enum fault fault = matter_stand(&own, tx, &standing);
    if (fault == FAULT_NONE && standing.ret_opened > 0) {
        assert(step->procedure != NULL);
        name_matter(step->run, step->procedure->code, standing.ret_matter);
    }
    return fault;
}

static enum fault do_step(struct ctx *ctx, struct store_tx *tx, struct demo_step *step)
{
    struct demo *demo = step->run->demo;
    if (step->self != NULL) {
        return run_self(ctx, tx, step);
    }
    struct act_call call = {.office = &demo->place->office,
                            .input = {.matter = 0,
                                      .procedure = step->procedure->code,
                                      .action = step->action->code,
                                      .version = -1}};
    struct actor actor = *step->actor;
    struct ctx own = *ctx;
    own.actor = &actor;
    own.now_ms = step->at_ms;
    enum fault fault = find_matter(&own, tx, step, &call.input.matter);
    if (actor.kind == ACTOR_CODE) {
        actor.matter = call.input.matter;
    }
    fault = fault == FAULT_NONE ? act(&own, tx, step, &call) : fault;
    if (fault == FAULT_NONE) {
        name_matter(step->run, step->procedure->code, call.ret_matter);
        fault = name_child(&own, tx, step, call.ret_matter);
    }
    if (call.ret_coded) {
        memcpy(demo->code, call.ret_code, sizeof demo->code);
    }
    return fault == FAULT_NONE ? FAULT_NONE : refused(ctx, &own, step, fault);
}

/* Work of one transaction. If it runs again, the names are given again. */
static enum fault do_batch(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct batch *batch = arg;
    enum fault fault = FAULT_NONE;
    for (size_t i = 0; i < batch->count && fault == FAULT_NONE; i++) {
        fault = do_step(ctx, tx, &batch->steps[i]);
    }
    return fault;
}

/* In an arena of its own: a year's transactions would gather a lot. */
static enum fault write_batch(struct batch *batch)
{
    SCOPED_ARENA arena = arena_create();
    struct ctx *outer = batch->demo->ctx;
    struct ctx ctx = *outer;
    ctx.arena = arena;
    enum fault fault = store_write(batch->demo->place->store, &ctx, do_batch, batch);
    return fault == FAULT_NONE || ctx.note == NULL
               ? fault
               : ctx_fail(outer, fault, "%s", "%s", arena_text(outer->arena, ctx.note));
}

enum fault demo_perform(struct demo *demo)
{
    enum fault fault = FAULT_NONE;
    for (size_t first = 0; first < demo->steps_count && fault == FAULT_NONE; first += BATCH_STEPS) {
        struct batch batch = {.demo = demo, .steps = demo->steps + first};
        size_t left = demo->steps_count - first;
        batch.count = left < BATCH_STEPS ? left : BATCH_STEPS;
        for (size_t i = 0; i < batch.count && fault == FAULT_NONE; i++) {
            fault = demo_prepare(&batch.steps[i]);
        }
        fault = fault == FAULT_NONE ? write_batch(&batch) : fault;
    }
    return fault;
}
