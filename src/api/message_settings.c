/* How the signed-in person is reached: e-mail address, and the secret address of the calendar. */
#include "api/endpoints.h"
#include "api/input.h"
#include "api/reply.h"

static void put_contact(struct json_writer *json, const struct api *api,
                        const struct contact *contact)
{
    json_open(json);
    json_put_text(json, "email", contact->email);
    json_put_bool(json, "mail", contact->mail);
    json_put_bool(json, "mail_available", api->mail_available);
    put_time_or_null(json, "bounced", contact->bounced_ms);
    /* The address itself was shown once and is not known here any more. */
    json_key(json, "calendar");
    if (contact->feed) {
        json_bool(json, true);
    } else {
        json_none(json);
    }
    json_close(json);
}

static enum fault send_contact(struct ctx *ctx, const struct api *api, struct http_reply *reply)
{
    struct contact contact = {.email = NULL};
    enum fault fault = store_read(api->store, ctx, people_contact_read, &contact);
    struct reply_json *made = reply_begin(ctx);
    put_contact(&made->json, api, &contact);
    reply_end(reply, made, 200);
    return fault;
}

enum fault reminders_get(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    return send_contact(ctx, http_owner(request), reply);
}

static enum fault contact_changed(struct ctx *ctx, struct http_request *request,
                                  struct http_reply *reply)
{
    return send_contact(ctx, http_owner(request), reply);
}

enum fault reminders_put(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    (void)reply;
    static const char *const keys[] = {"email", "mail", NULL};
    SCOPED_JSON body = NULL;
    enum fault fault = input_object(ctx, request, keys, &body);
    if (fault != FAULT_NONE) {
        return fault;
    }
    struct contact *contact = arena_alloc(ctx->arena, sizeof *contact);
    const json_t *mail = json_object_get(body, "mail");
    const json_t *email = json_object_get(body, "email");
    contact->mail = json_is_true(mail);
    contact->email =
        email == NULL || json_is_null(email) ? NULL : input_text(ctx, body, "email", true);
    if (!json_is_boolean(mail)) {
        fault = ctx_field(ctx, "mail", "true or false is expected.", "应为true或false。");
    }
    if (contact->email != NULL && contact->email[0] == 0) {
        contact->email = NULL;
    }
    if (contact->email != NULL && !people_email_good(contact->email)) {
        fault = ctx_field(ctx, "email", "This is no e-mail address.", "电子邮箱地址不正确。");
    }
    if (contact->mail && contact->email == NULL) {
        fault = ctx_field(ctx, "email", "Mail needs an address.", "请填写电子邮箱。");
    }
    fault = fault == FAULT_NONE ? ctx_fields_fault(ctx) : fault;
    return fault == FAULT_NONE
               ? reply_after_write(ctx, request, people_contact_change, contact_changed, contact)
               : fault;
}

static enum fault feed_made(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    const struct api *api = http_owner(request);
    const char *secret = http_suspended_arg(request);
    struct reply_json *made = reply_begin(ctx);
    json_open(&made->json);
    json_put_text(&made->json, "url",
                  arena_printf(ctx->arena, "%s/calendar/%s.ics", api->office->public_url, secret));
    json_close(&made->json);
    reply_end(reply, made, 201);
    http_reply_header(reply, "Cache-Control", "no-store");
    return FAULT_NONE;
}

enum fault calendar_post(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    (void)reply;
    return reply_after_write(ctx, request, people_feed_make, feed_made,
                             arena_alloc(ctx->arena, FEED_SECRET_TEXT));
}

static enum fault feed_ended(struct ctx *ctx, struct http_request *request,
                             struct http_reply *reply)
{
    (void)ctx;
    (void)request;
    reply->status = 204;
    return FAULT_NONE;
}

enum fault calendar_delete(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    (void)reply;
    return reply_after_write(ctx, request, people_feed_end, feed_ended, NULL);
}
