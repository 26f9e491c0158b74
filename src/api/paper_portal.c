/* Papers for the public: those addressed to who follows his matter, and the check of any. */
#include "api/endpoints.h"
#include "api/input.h"
#include "api/reply.h"
#include "base/id.h"
#include "base/text.h"
#include "calendar/date.h"

#include <string.h>

enum fault put_public_papers(struct json_writer *json, const struct view *view)
{
    struct paper *papers = NULL;
    size_t count = 0;
    enum fault fault =
        matter_papers(view->ctx, view->tx, view->api->office, view->matter, &papers, &count);
    json_key(json, "papers");
    json_list(json);
    for (size_t i = 0; i < count; i++) {
        if (!paper_to_public(view->matter, &papers[i])) {
            continue;
        }
        json_open(json);
        put_id(json, "id", papers[i].id);
        json_put_label(json, "label", &papers[i].rule->label);
        json_put_text(json, "number", papers[i].number);
        json_put_text(json, "title", papers[i].title);
        json_put_time(json, "issued", papers[i].issued.time_ms);
        json_put_text(json, "pdf", papers[i].pdf);
        json_close(json);
    }
    json_end(json);
    return fault;
}

enum fault portal_paper_post(struct ctx *ctx, struct http_request *request,
                             struct http_reply *reply)
{
    static const char *const keys[] = {"code", "paper", NULL};
    SCOPED_JSON body = NULL;
    int64_t matter = 0;
    int64_t paper = 0;
    enum fault fault = input_object(ctx, request, keys, &body);
    const char *code = fault == FAULT_NONE ? input_text(ctx, body, "code", true) : NULL;
    const char *id = fault == FAULT_NONE ? input_text(ctx, body, "paper", true) : NULL;
    fault = fault == FAULT_NONE ? ctx_fields_fault(ctx) : fault;
    if (fault == FAULT_NONE) {
        fault = portal_matter(ctx, request, code, &matter);
    }
    if (fault == FAULT_NONE && !id_parse(id, &paper)) {
        fault = FAULT_NOT_FOUND;
    }
    return fault == FAULT_NONE ? reply_public_paper(ctx, request, reply, matter, paper) : fault;
}

static enum fault find_checked(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    return paper_check(ctx, tx, arg);
}

/* Small letters, blanks and hyphens make no other code: people type it from the page. */
static const char *plain_check(struct arena *arena, const char *text)
{
    char *copy = arena_text(arena, text);
    size_t count = 0;
    for (const char *p = copy; *p != 0; p++) {
        if (*p != ' ' && *p != '-') {
            copy[count++] = (char)(*p >= 'a' && *p <= 'z' ? *p - 'a' + 'A' : *p);
        }
    }
    copy[count] = 0;
    return copy;
}

enum fault portal_paper_get(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    const struct api *api = http_owner(request);
    struct paper_checked checked = {
        .office = api->office, .check = plain_check(ctx->arena, http_path_value(request, "check"))};
    /* Guessing 128 bits is hopeless; asking without end is still not free. */
    enum fault fault = rate_limiter_check(api->code_tries, ctx, input_peer(api, request));
    if (fault == FAULT_NONE) {
        fault = store_read(api->store, ctx, find_checked, &checked);
    }
    if (fault == FAULT_NOT_FOUND) {
        enum fault limited = rate_limiter_try(api->code_tries, ctx, input_peer(api, request));
        fault = limited == FAULT_NONE ? fault : limited;
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    struct reply_json *made = reply_begin(ctx);
    json_open(&made->json);
    json_put_text(&made->json, "state", "issued");
    json_put_text(&made->json, "number", checked.number);
    put_date(&made->json, "date", date_of_ms(checked.issued_ms));
    if (checked.org != NULL) {
        json_put_label(&made->json, "org", &checked.org->name);
    }
    json_put_text(&made->json, "sha256", checked.sha256);
    json_put_text(&made->json, "sm3", checked.sm3);
    json_close(&made->json);
    reply_end(reply, made, 200);
    return FAULT_NONE;
}
