/* Starting a matter, acting on one, and reading it. */
#include "api/endpoints.h"
#include "api/input.h"
#include "api/reply.h"
#include "base/id.h"
#include "base/text.h"

static enum fault recorded(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    const struct reading *reading = http_suspended_arg(request);
    return reply_matter(ctx, request, reply, reading->matter, NULL, 200);
}

enum fault matter_get(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    struct reading *reading = arena_alloc(ctx->arena, sizeof *reading);
    reading->what = "matter";
    bool restricted = false;
    enum fault fault = input_id(ctx, request, "id", &reading->matter);
    if (fault == FAULT_NONE) {
        fault = reply_restricted(ctx, http_owner(request), reading->matter, &restricted);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    if (!restricted) {
        return reply_matter(ctx, request, reply, reading->matter, NULL, 200);
    }
    /* The reading of a restricted matter is on the record before its content goes out. */
    return reply_after_write(ctx, request, matter_record_reading, recorded, reading);
}

/* "Prefer: return=minimal" (RFC 7240): a program that has no page to draw needs no matter back. */
static bool wants_little(const struct http_request *request)
{
    return text_equal(http_header(request, "Prefer"), "return=minimal");
}

static void reply_little(struct ctx *ctx, struct http_reply *reply, const struct act_call *call)
{
    struct reply_json *made = reply_begin(ctx);
    json_open(&made->json);
    put_id(&made->json, "id", call->ret_matter);
    json_put_int(&made->json, "version", call->ret_version);
    if (call->ret_coded) {
        json_put_text(&made->json, "code", call->ret_code);
    }
    json_close(&made->json);
    reply_end(reply, made, call->input.matter == 0 ? 201 : 200);
    long long version = (long long)call->ret_version;
    http_reply_header(reply, "ETag", arena_printf(ctx->arena, "\"%lld\"", version));
    http_reply_header(reply, "Preference-Applied", "return=minimal");
}

enum fault reply_acted(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    const struct act_call *call = http_suspended_arg(request);
    reply_announce(ctx, http_owner(request), call->ret_matter);
    bool made = call->input.matter == 0;
    const char *code = call->ret_coded ? call->ret_code : NULL;
    enum fault fault = FAULT_NONE;
    if (wants_little(request)) {
        reply_little(ctx, reply, call);
    } else {
        fault = reply_matter(ctx, request, reply, call->ret_matter, code, made ? 201 : 200);
    }
    if (fault == FAULT_NONE && made) {
        char id[ID_TEXT];
        id_format(call->ret_matter, id);
        http_reply_header(reply, "Location", arena_printf(ctx->arena, "/api/v1/matters/%s", id));
    }
    return fault;
}

static enum fault read_call(struct ctx *ctx, const struct http_request *request, json_t *body,
                            struct act_call *call)
{
    enum fault fault = input_facts(ctx, body, &call->input);
    enum fault files = input_materials(ctx, body, &call->input);
    fault = fault == FAULT_NONE ? files : fault;
    fault = fault == FAULT_NONE ? ctx_fields_fault(ctx) : fault;
    return fault == FAULT_NONE ? input_headers(ctx, request, call->input.matter != 0, &call->input)
                               : fault;
}

enum fault matters_post(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    (void)reply;
    static const char *const keys[] = {"procedure", "action", "facts", "materials", NULL};
    SCOPED_JSON body = NULL;
    enum fault fault = input_object(ctx, request, keys, &body);
    if (fault != FAULT_NONE) {
        return fault;
    }
    struct act_call *call = arena_alloc(ctx->arena, sizeof *call);
    call->office = ((const struct api *)http_owner(request))->office;
    call->input.procedure = input_text(ctx, body, "procedure", true);
    call->input.action = input_text(ctx, body, "action", true);
    fault = read_call(ctx, request, body, call);
    return fault == FAULT_NONE ? reply_after_write(ctx, request, matter_act, reply_acted, call)
                               : fault;
}

enum fault action_post(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    (void)reply;
    static const char *const keys[] = {"facts", "materials", NULL};
    SCOPED_JSON body = NULL;
    struct act_call *call = arena_alloc(ctx->arena, sizeof *call);
    call->office = ((const struct api *)http_owner(request))->office;
    call->input.action = http_path_value(request, "action");
    enum fault fault = input_id(ctx, request, "id", &call->input.matter);
    if (fault == FAULT_NONE) {
        fault = input_object(ctx, request, keys, &body);
    }
    if (fault == FAULT_NONE) {
        fault = read_call(ctx, request, body, call);
    }
    return fault == FAULT_NONE ? reply_after_write(ctx, request, matter_act, reply_acted, call)
                               : fault;
}
