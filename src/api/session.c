/* Signing in and out. */
#include "api/endpoints.h"
#include "api/input.h"
#include "api/reply.h"
#include "base/limit.h"

struct signing_in {
    struct ctx *ctx;
    struct http_request *request;
    struct credentials credentials;
    const char *password;
    struct session_make make;
};

struct changing {
    struct ctx *ctx;
    struct http_request *request;
    const char *old, *new;
    struct account_change change;
};

static void put_org(struct json_writer *json, const struct org *org)
{
    json_key(json, "org");
    json_open(json);
    json_put_text(json, "code", org->code);
    json_put_text(json, "kind", org_kind_code(org->kind));
    json_put_text(json, "sector", org->sector);
    json_put_label(json, "name", &org->name);
    json_put_label(json, "short", &org->short_name);
    json_close(json);
}

static void put_session(struct json_writer *json, const struct actor *actor, enum lang lang)
{
    json_open(json);
    json_key(json, "account");
    json_open(json);
    put_id(json, "id", actor->account);
    json_put_text(json, "login", actor->login);
    json_put_text(json, "name", actor->name);
    json_close(json);
    put_org(json, actor->org);
    json_key(json, "roles");
    json_list(json);
    for (unsigned role = 0; role < ROLES_COUNT; role++) {
        if ((actor->roles & 1u << role) != 0) {
            json_text(json, role_code((enum role)role));
        }
    }
    json_end(json);
    json_put_text(json, "csrf", actor->csrf);
    json_put_text(json, "lang", lang == LANG_EN ? "en" : "zh");
    json_close(json);
}

enum fault session_get(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    (void)request;
    struct reply_json *made = reply_begin(ctx);
    put_session(&made->json, ctx->actor, ctx->lang);
    reply_end(reply, made, 200);
    return FAULT_NONE;
}

struct session_reading {
    const struct directory *directory;
    const char *token;
    struct actor *actor;
};

static enum fault read_session(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct session_reading *reading = arg;
    return people_session_actor(ctx, tx, reading->directory, reading->token, &reading->actor);
}

static const char *cookie_of(struct ctx *ctx, const struct api *api, const char *token, int seconds)
{
    return arena_printf(ctx->arena, "session=%s; Path=/; HttpOnly; SameSite=Strict; Max-Age=%d%s",
                        token, seconds, api->secure_cookies ? "; Secure" : "");
}

static enum fault signed_in(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    const struct api *api = http_owner(request);
    struct signing_in *signing = http_suspended_arg(request);
    rate_limiter_clear(api->sign_in_tries, signing->credentials.login);
    struct session_reading reading = {.directory = api->office->directory,
                                      .token = signing->make.ret_token};
    enum fault fault = store_read(api->store, ctx, read_session, &reading);
    if (fault != FAULT_NONE) {
        return fault;
    }
    struct reply_json *made = reply_begin(ctx);
    put_session(&made->json, reading.actor, ctx->lang);
    reply_end(reply, made, 200);
    const char *token = signing->make.ret_token;
    http_reply_header(reply, "Set-Cookie", cookie_of(ctx, api, token, SESSION_HOURS * 3600));
    return FAULT_NONE;
}

/* Right login and password, or UNAUTHENTICATED that doesn't say which was wrong. */
static enum fault check_password(struct ctx *ctx, const struct http_request *request,
                                 struct credentials *credentials, const char *password)
{
    const struct api *api = http_owner(request);
    const char *peer = input_peer(api, request);
    enum fault fault = rate_limiter_check(api->sign_in_faults, ctx, peer);
    if (fault == FAULT_NONE) {
        fault = rate_limiter_try(api->sign_in_tries, ctx, credentials->login);
    }
    if (fault == FAULT_NONE) {
        fault = store_read(api->store, ctx, people_credentials, credentials);
    }
    bool right = false;
    if (fault == FAULT_NONE) {
        fault = people_password_check(ctx, credentials->ret_hash, password, &right);
    }
    if (fault != FAULT_NONE || right) {
        return fault;
    }
    fault = rate_limiter_try(api->sign_in_faults, ctx, peer);
    return fault != FAULT_NONE ? fault
                               : ctx_fail(ctx, FAULT_UNAUTHENTICATED, "Login or password is wrong.",
                                          "用户名或密码不正确。");
}

/* In a thread for heavy work, while the connection sleeps. */
static void sign_in(void *arg)
{
    struct signing_in *signing = arg;
    enum fault fault =
        check_password(signing->ctx, signing->request, &signing->credentials, signing->password);
    if (fault != FAULT_NONE) {
        http_resume(signing->request, fault);
        return;
    }
    signing->make.region = signing->credentials.region;
    signing->make.account = signing->credentials.ret_account;
    reply_write(signing->ctx, signing->request, people_session_make, &signing->make);
}

enum fault session_post(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    (void)reply;
    static const char *const keys[] = {"login", "password", NULL};
    SCOPED_JSON body = NULL;
    enum fault fault = input_object(ctx, request, keys, &body);
    if (fault != FAULT_NONE) {
        return fault;
    }
    const struct api *api = http_owner(request);
    if (api->demo && !input_is_local(request)) {
        return ctx_fail(ctx, FAULT_FORBIDDEN,
                        "Demonstration data has known passwords: sign in on this machine only.",
                        "演示数据口令公开，只能在本机登录。");
    }
    struct signing_in *signing = arena_alloc(ctx->arena, sizeof *signing);
    *signing = (struct signing_in){.ctx = ctx, .request = request};
    signing->credentials.region = api->office->region;
    signing->credentials.login = input_text(ctx, body, "login", true);
    signing->password = input_text(ctx, body, "password", true);
    fault = ctx_fields_fault(ctx);
    return fault == FAULT_NONE ? reply_after_heavy(ctx, request, sign_in, signed_in, signing)
                               : fault;
}

static enum fault signed_out(struct ctx *ctx, struct http_request *request,
                             struct http_reply *reply)
{
    const struct api *api = http_owner(request);
    http_end_streams(api->server, owner_of_session(request));
    reply->status = 204;
    http_reply_header(reply, "Set-Cookie", cookie_of(ctx, api, "", 0));
    return FAULT_NONE;
}

static enum fault end_session(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    return people_session_end(ctx, tx, arg);
}

enum fault session_delete(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    (void)reply;
    char *token = arena_text(ctx->arena, http_cookie(request, "session"));
    return reply_after_write(ctx, request, end_session, signed_out, token);
}

static enum fault password_changed(struct ctx *ctx, struct http_request *request,
                                   struct http_reply *reply)
{
    (void)ctx;
    (void)request;
    reply->status = 204;
    return FAULT_NONE;
}

/* The old password once more, so that an open desk is not enough. */
static enum fault check_old(struct ctx *ctx, const struct http_request *request, const char *old)
{
    struct credentials credentials = {.region = ctx->actor->region, .login = ctx->actor->login};
    enum fault fault = check_password(ctx, request, &credentials, old);
    if (fault == FAULT_UNAUTHENTICATED) {
        ctx_clear(ctx);
        return ctx_field(ctx, "old", "This is not your password.", "原口令不正确。");
    }
    if (fault == FAULT_NONE) {
        const struct api *api = http_owner(request);
        rate_limiter_clear(api->sign_in_tries, ctx->actor->login);
    }
    return fault;
}

static void change_password(void *arg)
{
    struct changing *changing = arg;
    struct ctx *ctx = changing->ctx;
    enum fault fault = check_old(ctx, changing->request, changing->old);
    if (fault == FAULT_NONE) {
        fault = people_password_hash(ctx, changing->new, false, &changing->change.password_hash);
    }
    if (fault != FAULT_NONE) {
        http_resume(changing->request, fault);
        return;
    }
    reply_write(ctx, changing->request, people_account_change, &changing->change);
}

enum fault session_password_post(struct ctx *ctx, struct http_request *request,
                                 struct http_reply *reply)
{
    (void)reply;
    static const char *const keys[] = {"old", "new", NULL};
    const struct api *api = http_owner(request);
    if (api->demo) {
        return ctx_fail(ctx, FAULT_FORBIDDEN, "The passwords of a demonstration stay known.",
                        "演示账号不能修改口令。");
    }
    SCOPED_JSON body = NULL;
    enum fault fault = input_object(ctx, request, keys, &body);
    if (fault != FAULT_NONE) {
        return fault;
    }
    struct changing *changing = arena_alloc(ctx->arena, sizeof *changing);
    *changing = (struct changing){.ctx = ctx, .request = request};
    changing->old = input_text(ctx, body, "old", true);
    changing->new = input_text(ctx, body, "new", true);
    changing->change = (struct account_change){.region = ctx->actor->region,
                                               .login = ctx->actor->login,
                                               .active = -1,
                                               .keep_token = http_cookie(request, "session")};
    fault = ctx_fields_fault(ctx);
    if (fault == FAULT_NONE) {
        fault = people_password_good(ctx, "new", ctx->actor->login, changing->new);
    }
    return fault == FAULT_NONE
               ? reply_after_heavy(ctx, request, change_password, password_changed, changing)
               : fault;
}
