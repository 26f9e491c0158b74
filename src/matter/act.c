/* The one way in: who asks, may he, for the version he read, and was it asked before. */
#include "base/id.h"
#include "base/limit.h"
#include "matter/record.h"

#include <assert.h>
#include <string.h>

static const char *scope_of(struct ctx *ctx)
{
    if (ctx->actor->account == 0) {
        return ctx->actor->kind == ACTOR_CODE ? "portal" : "system";
    }
    char *id = arena_alloc(ctx->arena, ID_TEXT);
    id_format(ctx->actor->account, id);
    return id;
}

/* What was answered to this key before; NOT_FOUND if it is new. */
static enum fault find_replay(struct ctx *ctx, struct store_tx *tx, struct act_call *call)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_one(
        tx, ctx,
        "SELECT request_sha256, matter, version FROM replay"
        " WHERE region = $1 AND scope = $2 AND key = $3",
        SQL_ARGS(sql_int(call->office->region), sql_text(scope_of(ctx)), sql_text(call->input.key)),
        &rows);
    if (fault != FAULT_NONE) {
        return fault;
    }
    size_t bytes = 0;
    const void *request = sql_column_blob(rows, 0, &bytes);
    if (bytes != DIGEST_BYTES || memcmp(request, call->input.request, DIGEST_BYTES) != 0) {
        return ctx_fail(ctx, FAULT_KEY_REUSED, "This Idempotency-Key belongs to another request.",
                        "此幂等键已用于另一请求。");
    }
    call->ret_matter = sql_column_int(rows, 1);
    call->ret_version = sql_column_int(rows, 2);
    call->ret_replayed = true;
    return FAULT_NONE;
}

/*
 * Takes the key at the beginning: on PostgreSQL a second request with the same key waits here until
 * the first has committed, and then finds its answer.
 */
static enum fault take_key(struct ctx *ctx, struct store_tx *tx, struct act_call *call,
                           bool *ret_taken)
{
    int64_t changed = 0;
    enum fault fault = sql_run(
        tx, ctx,
        "INSERT INTO replay (region, scope, key, request_sha256, matter, version, created_ms)"
        " VALUES ($1, $2, $3, $4, 0, 0, $5) ON CONFLICT (region, scope, key) DO NOTHING",
        SQL_ARGS(sql_int(call->office->region), sql_text(scope_of(ctx)), sql_text(call->input.key),
                 sql_blob(call->input.request, DIGEST_BYTES), sql_int(ctx->now_ms)),
        &changed);
    *ret_taken = changed == 1;
    return fault;
}

static enum fault keep_answer(struct ctx *ctx, struct store_tx *tx, const struct act_call *call)
{
    if (call->input.key == NULL) {
        return FAULT_NONE;
    }
    return sql_run(tx, ctx,
                   "UPDATE replay SET matter = $4, version = $5"
                   " WHERE region = $1 AND scope = $2 AND key = $3",
                   SQL_ARGS(sql_int(call->office->region), sql_text(scope_of(ctx)),
                            sql_text(call->input.key), sql_int(call->ret_matter),
                            sql_int(call->ret_version)),
                   NULL);
}

static struct performing performing_of(struct ctx *ctx, struct store_tx *tx, struct act_call *call)
{
    return (struct performing){.office = call->office,
                               .ctx = ctx,
                               .tx = tx,
                               .facts = call->input.facts,
                               .facts_count = call->input.facts_count,
                               .uploads = call->input.uploads,
                               .uploads_count = call->input.uploads_count,
                               .preview = call->input.preview ? &call->ret_preview : NULL};
}

static enum fault no_such_action(struct ctx *ctx)
{
    return ctx_fail(ctx, FAULT_NOT_FOUND, "The rulebook has no such action.", "规则中没有此操作。");
}

static enum fault start(struct ctx *ctx, struct store_tx *tx, struct act_call *call)
{
    const struct act_input *input = &call->input;
    const struct rules_procedure *procedure =
        rules_procedure(office_book(call->office, ctx->now_ms), input->procedure);
    const struct rules_action *action =
        procedure == NULL ? NULL : rules_action(procedure, input->action);
    if (action == NULL || !action->starts) {
        return no_such_action(ctx);
    }
    struct performing p = performing_of(ctx, tx, call);
    p.matter = record_new(ctx, call->office, procedure);
    p.matter->self_filed = ctx->actor->kind == ACTOR_CODE;
    p.action = action;
    uint8_t mac[DIGEST_BYTES];
    call->ret_coded = procedure->portal;
    if (call->ret_coded) {
        code_make(call->office, ctx, input->key, input->request, call->ret_code);
        code_mac(call->office, call->ret_code, mac);
        p.code_mac = mac;
    }
    enum fault fault = office_ready(call->office, ctx);
    if (fault == FAULT_NONE) {
        fault = perform(&p);
    }
    call->ret_matter = p.matter->id;
    call->ret_version = p.matter->version;
    return fault;
}

static enum fault check_version(struct ctx *ctx, const struct act_call *call,
                                const struct matter *matter)
{
    /* Loading raised the version by one. */
    if (call->input.version < 0 || call->input.version == matter->version - 1) {
        return FAULT_NONE;
    }
    return ctx_fail(ctx, FAULT_VERSION_STALE, "%s has changed since you read it; load it again.",
                    "%s已有更新，请刷新后再办理。", matter->reference);
}

static enum fault check_may(struct ctx *ctx, const struct performing *p)
{
    const char *label = label_text(&p->action->label, ctx->lang);
    if (!who_may(p->matter, p->action, ctx->actor) && !draft_lets(p)) {
        return ctx_fail(ctx, FAULT_FORBIDDEN, "Your body or role may not do this: %s.",
                        "您所在单位或岗位无权办理：%s。", label);
    }
    if ((p->action->from & 1ull << p->from->index) == 0) {
        const char *state = label_text(&p->from->label, ctx->lang);
        return ctx_fail(ctx, FAULT_RULE_REFUSED, "In the state '%s' this can not be done: %s.",
                        "当前状态“%s”下不能办理：%s。", state, label);
    }
    return FAULT_NONE;
}

static enum fault go_on(struct ctx *ctx, struct store_tx *tx, struct act_call *call)
{
    enum fault fault = people_check_visible(ctx, tx, call->input.matter);
    struct performing p = performing_of(ctx, tx, call);
    if (fault == FAULT_NONE) {
        fault = record_load(ctx, tx, call->office, call->input.matter, true, &p.matter);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    p.from = p.matter->state;
    p.action = rules_action(p.matter->procedure, call->input.action);
    if (p.action == NULL || p.action->starts) {
        return no_such_action(ctx);
    }
    fault = draft_take(&p, call->input.draft, call->input.revision);
    if (fault == FAULT_NONE) {
        fault = check_may(ctx, &p);
    }
    if (fault == FAULT_NONE && !papers_only_since(&p, call->input.version)) {
        fault = check_version(ctx, call, p.matter);
    }
    if (fault == FAULT_NONE) {
        fault = perform(&p);
    }
    call->ret_matter = p.matter->id;
    call->ret_version = p.matter->version;
    return fault;
}

/* The same request again: the same matter, version and code. */
static enum fault answer_again(struct ctx *ctx, struct store_tx *tx, struct act_call *call)
{
    enum fault fault = find_replay(ctx, tx, call);
    const struct rules_procedure *procedure =
        call->input.matter == 0
            ? rules_procedure(office_book(call->office, ctx->now_ms), call->input.procedure)
            : NULL;
    if (fault == FAULT_NONE && procedure != NULL && procedure->portal) {
        call->ret_coded = true;
        code_make(call->office, ctx, call->input.key, call->input.request, call->ret_code);
    }
    return fault;
}

enum fault matter_act(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct act_call *call = arg;
    assert(ctx->actor != NULL && call->input.action != NULL);
    call->ret_replayed = false;
    call->ret_preview = NULL;
    call->ret_coded = false;
    bool taken = true;
    enum fault fault = FAULT_NONE;
    if (call->input.key != NULL) {
        fault = take_key(ctx, tx, call, &taken);
    }
    if (fault == FAULT_NONE && !taken) {
        return answer_again(ctx, tx, call);
    }
    if (fault == FAULT_NONE) {
        fault = call->input.matter == 0 ? start(ctx, tx, call) : go_on(ctx, tx, call);
    }
    if (fault == FAULT_NONE) {
        fault = ctx_fields_fault(ctx);
    }
    return fault == FAULT_NONE ? keep_answer(ctx, tx, call) : fault;
}
