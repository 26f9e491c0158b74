/* The public's door: file a complaint or report, follow it with the receipt code, act with it. */
#include "api/endpoints.h"
#include "api/input.h"
#include "api/reply.h"
#include "calendar/date.h"

static const struct rules_action *portal_start(const struct rules_procedure *procedure)
{
    for (size_t i = 0; procedure != NULL && i < procedure->actions_count; i++) {
        const struct rules_action *action = &procedure->actions[i];
        for (size_t k = 0; action->starts && k < procedure->parties_count; k++) {
            bool open = (action->by & 1u << k) != 0 &&
                        (procedure->parties[k].kinds & 1u << ORG_PUBLIC) != 0;
            if (open) {
                return action;
            }
        }
    }
    return NULL;
}

static enum fault find_start(struct ctx *ctx, const struct api *api, const char *code,
                             const struct rules_procedure **ret_procedure,
                             const struct rules_action **ret_action)
{
    *ret_procedure =
        code == NULL ? NULL : rules_procedure(office_book(api->office, ctx->now_ms), code);
    *ret_action =
        *ret_procedure != NULL && (*ret_procedure)->portal ? portal_start(*ret_procedure) : NULL;
    return *ret_action != NULL
               ? FAULT_NONE
               : ctx_field(ctx, "procedure", "One of the procedures open to the public.",
                           "应为向公众开放的事项。");
}

enum fault portal_form_get(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    const struct rules_procedure *procedure = NULL;
    const struct rules_action *action = NULL;
    enum fault fault =
        find_start(ctx, http_owner(request), http_query(request, "procedure"), &procedure, &action);
    if (fault != FAULT_NONE) {
        return fault;
    }
    static const char *const needs[] = {"none", "optional", "required"};
    struct reply_json *made = reply_begin(ctx);
    json_open(&made->json);
    json_put_text(&made->json, "procedure", procedure->code);
    json_put_text(&made->json, "action", action->code);
    json_put_label(&made->json, "label", &procedure->label);
    json_put_label(&made->json, "purpose", &procedure->purpose);
    json_key(&made->json, "form");
    put_form(&made->json, procedure, action, NULL);
    json_put_text(&made->json, "materials", needs[action->materials]);
    json_close(&made->json);
    reply_end(reply, made, 200);
    return FAULT_NONE;
}

static struct actor *code_actor(struct ctx *ctx, const struct api *api, int64_t matter)
{
    struct actor *actor = arena_alloc(ctx->arena, sizeof *actor);
    *actor = (struct actor){
        .kind = ACTOR_CODE, .region = api->office->region, .name = "", .matter = matter};
    ctx->actor = actor;
    return actor;
}

struct filed_view {
    const struct api *api;
    struct json_writer *json;
    const struct act_call *call;
};

static enum fault put_filed(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct filed_view *filed = arg;
    struct view view = {.api = filed->api, .ctx = ctx, .tx = tx};
    enum fault fault =
        matter_read(ctx, tx, filed->api->office, filed->call->ret_matter, &view.matter);
    if (fault != FAULT_NONE) {
        return fault;
    }
    json_open(filed->json);
    json_put_text(filed->json, "code", filed->call->ret_code);
    json_put_text(filed->json, "reference", view.matter->reference);
    json_put_time(filed->json, "received", view.matter->created_ms);
    json_key(filed->json, "due");
    json_list(filed->json);
    for (size_t i = 0; i < view.matter->clocks_count; i++) {
        if (view.matter->clocks[i].ended_ms == 0) {
            put_clock(filed->json, &view, &view.matter->clocks[i]);
        }
    }
    json_end(filed->json);
    json_close(filed->json);
    return FAULT_NONE;
}

static enum fault filed_now(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    const struct act_call *call = http_suspended_arg(request);
    const struct api *api = http_owner(request);
    reply_announce(ctx, api, call->ret_matter);
    (void)code_actor(ctx, api, call->ret_matter);
    struct reply_json *made = reply_begin(ctx);
    struct filed_view filed = {.api = api, .json = &made->json, .call = call};
    enum fault fault = store_read(api->store, ctx, put_filed, &filed);
    reply_end(reply, made, 201);
    return fault;
}

enum fault portal_post(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    (void)reply;
    static const char *const keys[] = {"procedure", "facts", "materials", NULL};
    const struct api *api = http_owner(request);
    SCOPED_JSON body = NULL;
    enum fault fault = input_object(ctx, request, keys, &body);
    if (fault != FAULT_NONE) {
        return fault;
    }
    struct act_call *call = arena_alloc(ctx->arena, sizeof *call);
    call->office = api->office;
    const struct rules_procedure *procedure = NULL;
    const struct rules_action *action = NULL;
    fault = find_start(ctx, api, input_text(ctx, body, "procedure", true), &procedure, &action);
    if (fault != FAULT_NONE) {
        return fault;
    }
    call->input.procedure = procedure->code;
    call->input.action = action->code;
    enum fault facts = input_facts(ctx, body, &call->input);
    enum fault files = input_materials(ctx, body, &call->input);
    fault = facts != FAULT_NONE ? facts : files;
    if (fault == FAULT_NONE) {
        fault = input_headers(ctx, request, false, &call->input);
    }
    (void)code_actor(ctx, api, 0);
    return fault == FAULT_NONE ? reply_after_write(ctx, request, matter_act, filed_now, call)
                               : fault;
}

struct following {
    const struct api *api;
    struct json_writer *json;
    const char *code;
    int64_t matter;
};

static enum fault find_by_code(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct following *following = arg;
    return matter_by_code(ctx, tx, following->api->office, following->code, &following->matter);
}

/* Wrong codes are counted by address, so that codes can't be guessed. */
static enum fault follow_code(struct ctx *ctx, struct http_request *request, const char *code,
                              struct following *following)
{
    const struct api *api = http_owner(request);
    following->api = api;
    following->code = code;
    const char *peer = input_peer(api, request);
    enum fault fault = rate_limiter_check(api->code_tries, ctx, peer);
    if (fault == FAULT_NONE) {
        fault = store_read(api->store, ctx, find_by_code, following);
    }
    if (fault == FAULT_NOT_FOUND) {
        enum fault limited = rate_limiter_try(api->code_tries, ctx, peer);
        return limited == FAULT_NONE ? fault : limited;
    }
    if (fault == FAULT_NONE) {
        (void)code_actor(ctx, api, following->matter);
    }
    return fault;
}

enum fault portal_matter(struct ctx *ctx, struct http_request *request, const char *code,
                         int64_t *ret_matter)
{
    struct following following = {.matter = 0};
    enum fault fault = follow_code(ctx, request, code, &following);
    *ret_matter = following.matter;
    return fault;
}

static void put_steps(struct json_writer *json, const struct matter *matter)
{
    json_key(json, "steps");
    json_list(json);
    for (size_t i = 0; i < matter->procedure->steps_count; i++) {
        bool past = i < matter->state->step || matter->state->final;
        json_open(json);
        json_put_label(json, "label", &matter->procedure->steps[i]);
        json_put_bool(json, "done", past);
        json_put_bool(json, "current", i == matter->state->step && !matter->state->final);
        json_close(json);
    }
    json_end(json);
}

static void put_visible_facts(struct json_writer *json, const struct matter *matter)
{
    json_key(json, "facts");
    json_list(json);
    for (size_t i = 0; i < matter->procedure->facts_count; i++) {
        const struct rules_fact *fact = &matter->procedure->facts[i];
        const struct fact_value *value = &matter->facts[i];
        if (!value->set || value->hidden) {
            continue;
        }
        json_open(json);
        json_put_text(json, "code", fact->code);
        json_put_label(json, "label", &fact->label);
        json_put_text(json, "type", fact_type_code(fact->type));
        json_put_text(json, "vocabulary", fact->vocabulary == NULL ? NULL : fact->vocabulary->code);
        json_key(json, "value");
        put_fact_value(json, fact, value->value);
        json_close(json);
    }
    json_end(json);
}

/* What happened, without who: the public learns the body's acts, not its people. */
static enum fault put_progress(struct json_writer *json, const struct view *view)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault =
        sql_query(view->tx, view->ctx,
                  "SELECT action, happened_ms FROM event"
                  " WHERE region = $1 AND matter = $2 ORDER BY version LIMIT 500",
                  SQL_ARGS(sql_int(view->ctx->actor->region), sql_int(view->matter->id)), &rows);
    json_key(json, "progress");
    json_list(json);
    while (fault == FAULT_NONE && sql_next(rows)) {
        const struct rules_action *action =
            rules_action(view->matter->procedure, sql_column_text(rows, 0));
        if (action == NULL) {
            continue;
        }
        json_open(json);
        json_put_time(json, "time", sql_column_int(rows, 1));
        json_put_label(json, "label", &action->label);
        json_close(json);
    }
    json_end(json);
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

static void put_follow_head(struct json_writer *json, const struct matter *matter)
{
    json_put_text(json, "reference", matter->reference);
    json_put_text(json, "title", matter->title);
    json_put_text(json, "procedure", matter->procedure->code);
    json_put_label(json, "procedure_label", &matter->procedure->label);
    json_put_text(json, "state", matter->state->code);
    json_put_label(json, "state_label", &matter->state->label);
    json_put_bool(json, "final", matter->state->final);
    json_put_text(json, "holder", matter->holder);
    json_put_time(json, "received", matter->created_ms);
}

static enum fault put_follow(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct following *following = arg;
    struct json_writer *json = following->json;
    struct view view = {.api = following->api, .ctx = ctx, .tx = tx};
    enum fault fault =
        matter_read(ctx, tx, following->api->office, following->matter, &view.matter);
    if (fault != FAULT_NONE) {
        return fault;
    }
    json_open(json);
    put_follow_head(json, view.matter);
    put_steps(json, view.matter);
    put_visible_facts(json, view.matter);
    json_key(json, "clocks");
    json_list(json);
    for (size_t i = 0; i < view.matter->clocks_count; i++) {
        put_clock(json, &view, &view.matter->clocks[i]);
    }
    json_end(json);
    fault = put_progress(json, &view);
    if (fault == FAULT_NONE) {
        fault = put_materials(json, &view);
    }
    if (fault == FAULT_NONE) {
        fault = put_actions(json, &view);
    }
    if (fault == FAULT_NONE) {
        fault = put_public_papers(json, &view);
    }
    json_close(json);
    return fault;
}

static enum fault reply_follow(struct ctx *ctx, struct http_request *request,
                               struct http_reply *reply, int64_t matter)
{
    const struct api *api = http_owner(request);
    struct reply_json *made = reply_begin(ctx);
    struct following following = {.api = api, .json = &made->json, .matter = matter};
    enum fault fault = store_read(api->store, ctx, put_follow, &following);
    reply_end(reply, made, 200);
    return fault;
}

enum fault portal_follow_post(struct ctx *ctx, struct http_request *request,
                              struct http_reply *reply)
{
    static const char *const keys[] = {"code", NULL};
    SCOPED_JSON body = NULL;
    struct following following = {.matter = 0};
    enum fault fault = input_object(ctx, request, keys, &body);
    const char *code = fault == FAULT_NONE ? input_text(ctx, body, "code", true) : NULL;
    fault = fault == FAULT_NONE ? ctx_fields_fault(ctx) : fault;
    if (fault == FAULT_NONE) {
        fault = follow_code(ctx, request, code, &following);
    }
    return fault == FAULT_NONE ? reply_follow(ctx, request, reply, following.matter) : fault;
}

static enum fault acted_by_code(struct ctx *ctx, struct http_request *request,
                                struct http_reply *reply)
{
    const struct act_call *call = http_suspended_arg(request);
    reply_announce(ctx, http_owner(request), call->ret_matter);
    return reply_follow(ctx, request, reply, call->ret_matter);
}

enum fault portal_act_post(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    (void)reply;
    static const char *const keys[] = {"code", "action", "facts", "materials", NULL};
    SCOPED_JSON body = NULL;
    struct following following = {.matter = 0};
    struct act_call *call = arena_alloc(ctx->arena, sizeof *call);
    call->office = ((const struct api *)http_owner(request))->office;
    enum fault fault = input_object(ctx, request, keys, &body);
    const char *code = fault == FAULT_NONE ? input_text(ctx, body, "code", true) : NULL;
    call->input.action = fault == FAULT_NONE ? input_text(ctx, body, "action", true) : NULL;
    fault = fault == FAULT_NONE ? ctx_fields_fault(ctx) : fault;
    if (fault == FAULT_NONE) {
        fault = follow_code(ctx, request, code, &following);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    call->input.matter = following.matter;
    enum fault facts = input_facts(ctx, body, &call->input);
    enum fault files = input_materials(ctx, body, &call->input);
    fault = facts != FAULT_NONE ? facts : files;
    if (fault == FAULT_NONE) {
        fault = input_headers(ctx, request, false, &call->input);
    }
    return fault == FAULT_NONE ? reply_after_write(ctx, request, matter_act, acted_by_code, call)
                               : fault;
}
