/*
 * Papers as files. What is set by the typesetters for one request (previews, drafts, OFD) is made
 * in the threads for heavy work; a kept PDF is sent from its file.
 */
#include "api/endpoints.h"
#include "api/input.h"
#include "api/reply.h"
#include "base/text.h"
#include "document/document.h"

#include <string.h>

struct setting {
    const struct api *api;
    struct ctx *ctx;
    struct http_request *request;
    struct act_call call; /* What is tried to get the content of a draft or preview. */
    bool trying;
    struct reading reading; /* Of a restricted matter: recorded first. */
    bool restricted;
    struct paper *paper; /* NULL: a preview. */
    enum typeset_format format;
    const char *content;
    struct typeset_result result;
};

static enum fault no_typesetter(struct ctx *ctx)
{
    return ctx_fail(ctx, FAULT_IO_FAILED, "There is no typesetter on this server.",
                    "本服务器没有排版程序。");
}

/* Tries the action and takes the paper's content from it; nothing stays. */
static enum fault try_content(struct setting *s)
{
    enum fault fault = store_write(s->api->store, s->ctx, matter_act, &s->call);
    if (s->call.ret_preview == NULL) {
        return fault == FAULT_NONE ? FAULT_INTERNAL : fault;
    }
    ctx_clear(s->ctx);
    s->content = paper_setting_draft(s->ctx->arena, s->call.ret_preview);
    return FAULT_NONE;
}

static enum fault record_reading(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    return matter_record_reading(ctx, tx, &((struct setting *)arg)->reading);
}

static enum fault set_now(struct setting *s)
{
    enum fault fault = FAULT_NONE;
    if (s->api->typesetters == NULL) {
        return no_typesetter(s->ctx);
    }
    if (s->restricted) {
        fault = store_write(s->api->store, s->ctx, record_reading, s);
    }
    if (fault == FAULT_NONE && s->trying) {
        fault = try_content(s);
    }
    return fault == FAULT_NONE ? typesetters_set(s->api->typesetters, s->ctx, s->content,
                                                 strlen(s->content), s->format, &s->result)
                               : fault;
}

/* In a thread for heavy work, while the connection sleeps. */
static void work(void *arg)
{
    struct setting *s = arg;
    enum fault fault = set_now(s);
    http_resume(s->request, fault);
}

static const char *file_name(struct ctx *ctx, const struct setting *s)
{
    const char *ending = s->format == TYPESET_OFD ? "ofd" : "pdf";
    const char *label = s->paper == NULL ? "" : label_text(&s->paper->rule->label, LANG_ZH);
    const char *number = s->paper == NULL ? NULL : s->paper->number;
    return number == NULL ? arena_printf(ctx->arena, "%s.%s", label, ending)
                          : arena_printf(ctx->arena, "%s-%s.%s", label, number, ending);
}

static void describe(struct ctx *ctx, const struct http_request *request, struct http_reply *reply,
                     const struct setting *s)
{
    bool download = text_equal(http_query(request, "download"), "true");
    reply->media_type = s->format == TYPESET_OFD ? "application/ofd" : "application/pdf";
    /* No browser shows OFD. */
    reply->file_name = download || s->format == TYPESET_OFD ? file_name(ctx, s) : NULL;
    http_reply_header(reply, "Cache-Control", "private, no-store");
}

static enum fault send_set(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    const struct setting *s = http_suspended_arg(request);
    describe(ctx, request, reply, s);
    reply->body = s->result.bytes;
    reply->body_bytes = s->result.count;
    return FAULT_NONE;
}

static struct setting *setting_new(struct ctx *ctx, struct http_request *request)
{
    struct setting *s = arena_alloc(ctx->arena, sizeof *s);
    s->api = http_owner(request);
    s->ctx = ctx;
    s->request = request;
    s->call.office = s->api->office;
    s->call.input.version = -1;
    s->call.input.preview = true;
    return s;
}

/* ---- Previews ---- */

static enum fault read_preview(struct ctx *ctx, const json_t *body, struct setting *s)
{
    s->trying = true;
    s->call.input.action = input_text(ctx, body, "action", true);
    enum fault facts = input_facts(ctx, body, &s->call.input);
    enum fault files = input_materials(ctx, body, &s->call.input);
    enum fault fault = facts != FAULT_NONE ? facts : files;
    return fault == FAULT_NONE ? ctx_fields_fault(ctx) : fault;
}

enum fault paper_preview_post(struct ctx *ctx, struct http_request *request,
                              struct http_reply *reply)
{
    (void)reply;
    static const char *const keys[] = {"action", "facts", "materials", NULL};
    SCOPED_JSON body = NULL;
    struct setting *s = setting_new(ctx, request);
    enum fault fault = input_id(ctx, request, "id", &s->call.input.matter);
    if (fault == FAULT_NONE) {
        fault = input_object(ctx, request, keys, &body);
    }
    if (fault == FAULT_NONE) {
        fault = read_preview(ctx, body, s);
    }
    if (fault == FAULT_NONE) {
        /* What it shows of a restricted matter is read like the matter itself. */
        s->reading = (struct reading){.matter = s->call.input.matter, .what = "paper"};
        fault = reply_restricted(ctx, s->api, s->reading.matter, &s->restricted);
    }
    return fault == FAULT_NONE ? reply_after_heavy(ctx, request, work, send_set, s) : fault;
}

enum fault start_preview_post(struct ctx *ctx, struct http_request *request,
                              struct http_reply *reply)
{
    (void)reply;
    static const char *const keys[] = {"procedure", "action", "facts", "materials", NULL};
    SCOPED_JSON body = NULL;
    struct setting *s = setting_new(ctx, request);
    enum fault fault = input_object(ctx, request, keys, &body);
    if (fault == FAULT_NONE) {
        s->call.input.procedure = input_text(ctx, body, "procedure", true);
        fault = read_preview(ctx, body, s);
    }
    return fault == FAULT_NONE ? reply_after_heavy(ctx, request, work, send_set, s) : fault;
}

/* ---- The paper of a matter ---- */

static enum fault find_paper(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct setting *s = arg;
    struct matter *matter = NULL;
    enum fault fault = matter_read(ctx, tx, s->api->office, s->call.input.matter, &matter);
    if (fault == FAULT_NONE) {
        s->restricted = matter->restricted;
        fault = matter_paper(ctx, tx, s->api->office, matter, s->call.input.draft, &s->paper);
    }
    return fault;
}

/* A draft's content comes from trying it; an issued paper's is kept. */
static void choose_content(struct setting *s)
{
    const struct office *office = s->api->office;
    s->trying = s->paper->state == PAPER_DRAFT || s->paper->state == PAPER_APPROVED;
    s->call.input.action = s->paper->action->code;
    s->reading = (struct reading){.matter = s->paper->matter, .what = "paper"};
    if (s->paper->state == PAPER_ISSUED) {
        s->content =
            paper_setting(s->ctx->arena, s->paper->content,
                          office->public_url == NULL ? "" : office->public_url, s->paper->check);
    }
}

static enum fault send_file(struct ctx *ctx, const struct http_request *request,
                            struct http_reply *reply, const struct setting *s)
{
    describe(ctx, request, reply, s);
    reply->file_path = matter_file_path(ctx->arena, s->api->office, s->paper->pdf_sha256);
    return reply_check_file(ctx, reply->file_path, s->paper->pdf_sha256);
}

static enum fault send_recorded(struct ctx *ctx, struct http_request *request,
                                struct http_reply *reply)
{
    return send_file(ctx, request, reply, http_suspended_arg(request));
}

/* A kept PDF comes from disk: nothing is set, and only a reading written, if that. */
static enum fault keep_or_set(struct ctx *ctx, struct http_request *request,
                              struct http_reply *reply, struct setting *s)
{
    if (s->paper->state == PAPER_DROPPED) {
        return FAULT_NOT_FOUND;
    }
    choose_content(s);
    if (s->format != TYPESET_PDF || strcmp(s->paper->pdf, "ready") != 0) {
        return reply_after_heavy(ctx, request, work, send_set, s);
    }
    return s->restricted ? reply_after_write(ctx, request, record_reading, send_recorded, s)
                         : send_file(ctx, request, reply, s);
}

static enum fault send_paper(struct ctx *ctx, struct http_request *request,
                             struct http_reply *reply, enum typeset_format format)
{
    struct setting *s = setting_new(ctx, request);
    s->format = format;
    enum fault fault = input_id(ctx, request, "id", &s->call.input.matter);
    if (fault == FAULT_NONE) {
        fault = input_id(ctx, request, "paper", &s->call.input.draft);
    }
    if (fault == FAULT_NONE) {
        fault = store_read(s->api->store, ctx, find_paper, s);
    }
    return fault == FAULT_NONE ? keep_or_set(ctx, request, reply, s) : fault;
}

enum fault paper_pdf_get(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    return send_paper(ctx, request, reply, TYPESET_PDF);
}

enum fault paper_ofd_get(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    return send_paper(ctx, request, reply, TYPESET_OFD);
}

enum fault reply_public_paper(struct ctx *ctx, struct http_request *request,
                              struct http_reply *reply, int64_t matter, int64_t paper)
{
    struct setting *s = setting_new(ctx, request);
    s->format = TYPESET_PDF;
    s->call.input.matter = matter;
    s->call.input.draft = paper;
    enum fault fault = store_read(s->api->store, ctx, find_paper, s);
    /* Who filed it reads what was written to him: no reading of others. */
    s->restricted = false;
    return fault == FAULT_NONE ? keep_or_set(ctx, request, reply, s) : fault;
}
