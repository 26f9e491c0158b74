/* Papers as JSON (docs/api.md, PAPER), and the steps of a draft. */
#include "api/endpoints.h"
#include "api/input.h"
#include "api/reply.h"

#include <string.h>

static void put_step(struct json_writer *json, const char *key, const struct paper_step *step)
{
    json_key(json, key);
    if (step->time_ms == 0) {
        json_none(json);
        return;
    }
    json_open(json);
    json_put_time(json, "time", step->time_ms);
    json_put_text(json, "by", step->name);
    json_close(json);
}

/* The typesetter's words are for people who can do something about them: in Chinese, as told. */
static void put_error(struct json_writer *json, const struct paper *paper)
{
    json_key(json, "error");
    if (paper->error == NULL) {
        json_none(json);
        return;
    }
    json_open(json);
    json_put_text(json, "zh", paper->error);
    json_put_text(json, "en", paper->error);
    json_close(json);
}

static void put_can(struct json_writer *json, unsigned can)
{
    static const struct {
        unsigned bit;
        const char *code;
    } steps[] = {{PAPER_CAN_EDIT, "edit"},
                 {PAPER_CAN_APPROVE, "approve"},
                 {PAPER_CAN_ISSUE, "issue"},
                 {PAPER_CAN_DROP, "drop"}};
    json_key(json, "can");
    json_list(json);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        if ((can & steps[i].bit) != 0) {
            json_text(json, steps[i].code);
        }
    }
    json_end(json);
}

/* What a draft says, in the form in which it is edited again. */
static void put_draft_facts(struct json_writer *json, const struct paper *paper)
{
    json_key(json, "facts");
    json_open(json);
    for (size_t i = 0; i < paper->facts_count; i++) {
        const struct rules_fact *fact = rules_fact(paper->rule->procedure, paper->facts[i].code);
        if (fact != NULL) {
            json_key(json, fact->code);
            put_fact_value(json, fact, paper->facts[i].value);
        }
    }
    json_close(json);
}

static void put_digests(struct json_writer *json, const struct paper *paper)
{
    json_put_text(json, "pdf", paper->pdf);
    put_error(json, paper);
    json_put_text(json, "sha256", paper->pdf_sha256);
    json_put_text(json, "sm3", paper->pdf_sm3);
    json_put_text(json, "content_sha256", paper->sha256);
    json_put_text(json, "content_sm3", paper->sm3);
    json_key(json, "pages");
    if (paper->pages == 0) {
        json_none(json);
    } else {
        json_int(json, paper->pages);
    }
    json_put_text(json, "check", paper->check);
}

static void put_fields(struct json_writer *json, const struct paper *paper)
{
    put_id(json, "id", paper->id);
    json_put_text(json, "code", paper->rule->code);
    json_put_label(json, "label", &paper->rule->label);
    json_put_text(json, "state", paper_state_code(paper->state));
    json_put_text(json, "number", paper->number);
    json_put_text(json, "title", paper->title);
    json_put_text(json, "org", paper->org == NULL ? NULL : paper->org->code);
    json_put_text(json, "action", paper->action->code);
    json_put_label(json, "action_label", &paper->action->label);
    put_step(json, "drafted", &paper->drafted);
    put_step(json, "approved", &paper->approved);
    put_step(json, "issued", &paper->issued);
    put_digests(json, paper);
    put_can(json, paper->can);
}

/* Which text of a draft this is: for who approves or issues what he has read. */
static void put_revision(struct json_writer *json, const struct paper *paper)
{
    json_put_int(json, "revision", paper->drafted.time_ms);
}

static void put_its_matter(struct json_writer *json, const struct paper_waiting *waiting)
{
    json_key(json, "matter");
    json_open(json);
    put_id(json, "id", waiting->matter);
    json_put_text(json, "reference", waiting->reference);
    json_put_text(json, "title", waiting->title);
    json_put_text(json, "procedure", waiting->procedure->code);
    json_put_int(json, "version", waiting->version);
    json_close(json);
}

static enum fault put_paper(struct json_writer *json, const struct view *view,
                            const struct paper *paper)
{
    struct material *uploads = NULL;
    size_t count = 0;
    bool open = paper->state == PAPER_DRAFT || paper->state == PAPER_APPROVED;
    enum fault fault =
        open ? paper_uploads(view->ctx, view->tx, paper, &uploads, &count) : FAULT_NONE;
    json_open(json);
    put_fields(json, paper);
    if (open) {
        put_revision(json, paper);
        put_draft_facts(json, paper);
        json_key(json, "materials");
        json_list(json);
        for (size_t i = 0; i < count; i++) {
            put_material(json, &uploads[i]);
        }
        json_end(json);
    }
    json_close(json);
    return fault;
}

enum fault put_papers(struct json_writer *json, const struct view *view)
{
    struct paper *papers = NULL;
    size_t count = 0;
    enum fault fault =
        matter_papers(view->ctx, view->tx, view->api->office, view->matter, &papers, &count);
    json_key(json, "papers");
    json_list(json);
    for (size_t i = 0; i < count && fault == FAULT_NONE; i++) {
        fault = put_paper(json, view, &papers[i]);
    }
    json_end(json);
    return fault;
}

void put_action_paper(struct json_writer *json, const struct rules_action *action)
{
    rules_json_paper(json, action);
}

enum { DRAFTS_MAX = 50 };

/* That it waits, and where; what it says is read in its matter, where a reading is recorded. */
enum fault put_waiting_drafts(struct json_writer *json, struct ctx *ctx, struct store_tx *tx,
                              const struct api *api)
{
    struct paper_waiting *waiting = NULL;
    size_t count = 0;
    enum fault fault = papers_drafted(ctx, tx, api->office, DRAFTS_MAX, &waiting, &count);
    json_key(json, "drafts");
    json_list(json);
    for (size_t i = 0; i < count; i++) {
        json_open(json);
        put_fields(json, &waiting[i].paper);
        put_its_matter(json, &waiting[i]);
        json_close(json);
    }
    json_end(json);
    return fault;
}

/* ---- Steps of a draft ---- */

struct paper_call {
    const struct api *api;
    struct json_writer *json;
    struct paper_drafting drafting;
    struct paper_decision decision;
};

static enum fault show_paper(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct paper_call *call = arg;
    struct view view = {.api = call->api, .ctx = ctx, .tx = tx};
    struct paper *paper = NULL;
    enum fault fault = matter_read(ctx, tx, call->api->office, call->decision.matter, &view.matter);
    if (fault == FAULT_NONE) {
        fault = matter_paper(ctx, tx, call->api->office, view.matter, call->decision.paper, &paper);
    }
    return fault == FAULT_NONE ? put_paper(call->json, &view, paper) : fault;
}

static enum fault send_paper(struct ctx *ctx, struct http_request *request,
                             struct http_reply *reply, int status)
{
    struct paper_call *call = http_suspended_arg(request);
    struct reply_json *made = reply_begin(ctx);
    call->json = &made->json;
    reply_announce(ctx, call->api, call->decision.matter);
    enum fault fault = store_read(call->api->store, ctx, show_paper, call);
    reply_end(reply, made, status);
    return fault;
}

static enum fault drafted(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    struct paper_call *call = http_suspended_arg(request);
    call->decision.paper = call->drafting.ret_paper;
    return send_paper(ctx, request, reply, call->drafting.paper == 0 ? 201 : 200);
}

static enum fault decided(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    return send_paper(ctx, request, reply, 200);
}

static enum fault draft_work(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    return paper_draft(ctx, tx, &((struct paper_call *)arg)->drafting);
}

static enum fault approve_work(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    return paper_approve(ctx, tx, &((struct paper_call *)arg)->decision);
}

static enum fault drop_work(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    return paper_drop(ctx, tx, &((struct paper_call *)arg)->decision);
}

static enum fault begin_call(struct ctx *ctx, struct http_request *request, bool with_paper,
                             struct paper_call **ret_call)
{
    struct paper_call *call = arena_alloc(ctx->arena, sizeof *call);
    call->api = http_owner(request);
    call->decision.office = call->api->office;
    call->drafting.office = call->api->office;
    enum fault fault = input_id(ctx, request, "id", &call->decision.matter);
    if (fault == FAULT_NONE && with_paper) {
        fault = input_id(ctx, request, "paper", &call->decision.paper);
    }
    call->drafting.matter = call->decision.matter;
    call->drafting.paper = call->decision.paper;
    *ret_call = call;
    return fault;
}

/* "revision": the text that was read; 0 where it isn't said. */
static enum fault read_revision(struct ctx *ctx, const struct http_request *request,
                                int64_t *ret_revision)
{
    return input_number(ctx, request, "revision", 1, INT64_MAX, 0, ret_revision);
}

/* Facts and files are read as an action's are. */
static enum fault read_draft(struct ctx *ctx, const json_t *body, struct paper_drafting *drafting)
{
    struct act_input input = {.matter = drafting->matter};
    enum fault facts = input_facts(ctx, body, &input);
    enum fault files = input_materials(ctx, body, &input);
    drafting->facts = input.facts;
    drafting->facts_count = input.facts_count;
    drafting->uploads = input.uploads;
    drafting->uploads_count = input.uploads_count;
    enum fault fault = facts != FAULT_NONE ? facts : files;
    return fault == FAULT_NONE ? ctx_fields_fault(ctx) : fault;
}

enum fault papers_post(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    (void)reply;
    static const char *const keys[] = {"action", "facts", "materials", NULL};
    SCOPED_JSON body = NULL;
    struct paper_call *call = NULL;
    enum fault fault = begin_call(ctx, request, false, &call);
    if (fault == FAULT_NONE) {
        fault = input_object(ctx, request, keys, &body);
    }
    if (fault == FAULT_NONE) {
        call->drafting.action = input_text(ctx, body, "action", true);
        fault = read_draft(ctx, body, &call->drafting);
    }
    return fault == FAULT_NONE ? reply_after_write(ctx, request, draft_work, drafted, call) : fault;
}

enum fault paper_put(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    (void)reply;
    static const char *const keys[] = {"facts", "materials", NULL};
    SCOPED_JSON body = NULL;
    struct paper_call *call = NULL;
    enum fault fault = begin_call(ctx, request, true, &call);
    if (fault == FAULT_NONE) {
        fault = input_object(ctx, request, keys, &body);
    }
    if (fault == FAULT_NONE) {
        fault = read_draft(ctx, body, &call->drafting);
    }
    return fault == FAULT_NONE ? reply_after_write(ctx, request, draft_work, drafted, call) : fault;
}

enum fault paper_approve_post(struct ctx *ctx, struct http_request *request,
                              struct http_reply *reply)
{
    (void)reply;
    struct paper_call *call = NULL;
    enum fault fault = begin_call(ctx, request, true, &call);
    if (fault == FAULT_NONE) {
        fault = read_revision(ctx, request, &call->decision.revision);
    }
    return fault == FAULT_NONE ? reply_after_write(ctx, request, approve_work, decided, call)
                               : fault;
}

enum fault paper_drop_post(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    (void)reply;
    struct paper_call *call = NULL;
    enum fault fault = begin_call(ctx, request, true, &call);
    return fault == FAULT_NONE ? reply_after_write(ctx, request, drop_work, decided, call) : fault;
}

/* ---- Issuing: an action, its facts from the draft ---- */

static enum fault find_action(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct act_call *call = arg;
    struct matter *matter = NULL;
    struct paper *paper = NULL;
    enum fault fault = matter_read(ctx, tx, call->office, call->input.matter, &matter);
    if (fault == FAULT_NONE) {
        fault = matter_paper(ctx, tx, call->office, matter, call->input.draft, &paper);
    }
    if (fault == FAULT_NONE) {
        call->input.action = paper->action->code;
    }
    return fault;
}

enum fault paper_issue_post(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    (void)reply;
    const struct api *api = http_owner(request);
    struct act_call *call = arena_alloc(ctx->arena, sizeof *call);
    call->office = api->office;
    enum fault fault = input_id(ctx, request, "id", &call->input.matter);
    if (fault == FAULT_NONE) {
        fault = input_id(ctx, request, "paper", &call->input.draft);
    }
    if (fault == FAULT_NONE) {
        fault = read_revision(ctx, request, &call->input.revision);
    }
    if (fault == FAULT_NONE) {
        fault = store_read(api->store, ctx, find_action, call);
    }
    if (fault == FAULT_NONE) {
        fault = input_headers(ctx, request, true, &call->input);
    }
    return fault == FAULT_NONE ? reply_after_write(ctx, request, matter_act, reply_acted, call)
                               : fault;
}
