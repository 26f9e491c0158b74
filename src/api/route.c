/* The table of routes, and who may use them. */
#include "api/endpoints.h"
#include "api/input.h"
#include "api/reply.h"

#include <sodium.h>
#include <string.h>

enum permission {
    PERMISSION_PUBLIC,
    PERMISSION_PORTAL,
    PERMISSION_SESSION,
    PERMISSION_CASES,
    PERMISSION_TEST
};

static const struct http_route routes[] = {
#define HTTP_BODY_NO_BODY HTTP_NO_BODY
#define HTTP_BODY_JSON    HTTP_JSON
#define HTTP_BODY_UPLOAD  HTTP_UPLOAD
#define ROUTE(METHOD, pattern, PERMISSION, BODY, handler, summary)                                 \
    {HTTP_##METHOD, pattern, PERMISSION_##PERMISSION, HTTP_BODY_##BODY, handler},
#include "api/tbl/route.h"
#undef ROUTE
};

const struct http_route *api_routes(size_t *ret_count)
{
    *ret_count = sizeof routes / sizeof routes[0];
    return routes;
}

void api_init(struct api *api)
{
    const int64_t minute_ms = 60 * 1000;
    *api = (struct api){.heavy = heavy_create(),
                        .rulebooks = rulebook_texts_create(),
                        .sign_in_tries = rate_limiter_create(10, 15 * minute_ms),
                        .sign_in_faults = rate_limiter_create(50, 15 * minute_ms),
                        .portal_tries = rate_limiter_create(60, 60 * minute_ms),
                        .feed_tries = rate_limiter_create(120, 15 * minute_ms),
                        .code_tries = rate_limiter_create(20, 15 * minute_ms)};
}

void api_drain(struct api *api)
{
    heavy_destroy(api->heavy);
    api->heavy = NULL;
}

void api_done(struct api *api)
{
    api_drain(api);
    rulebook_texts_destroy(api->rulebooks);
    rate_limiter_destroy(api->sign_in_tries);
    rate_limiter_destroy(api->sign_in_faults);
    rate_limiter_destroy(api->portal_tries);
    rate_limiter_destroy(api->code_tries);
    rate_limiter_destroy(api->feed_tries);
}

struct finding {
    const struct directory *directory;
    const char *token;
    struct actor *actor;
};

static enum fault find_actor(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct finding *finding = arg;
    return people_session_actor(ctx, tx, finding->directory, finding->token, &finding->actor);
}

/* A changing request of a session must carry the token that only our own pages know. */
static enum fault check_csrf(struct ctx *ctx, const struct http_request *request,
                             const struct actor *actor)
{
    if (http_request_method(request) == HTTP_GET) {
        return FAULT_NONE;
    }
    const char *token = http_header(request, "X-CSRF-Token");
    size_t length = strlen(actor->csrf);
    bool same =
        token != NULL && strlen(token) == length && sodium_memcmp(token, actor->csrf, length) == 0;
    return same ? FAULT_NONE
                : ctx_fail(ctx, FAULT_FORBIDDEN, "The X-CSRF-Token header is missing or wrong.",
                           "缺少X-CSRF-Token或其值不正确。");
}

static enum fault authorize_test(struct ctx *ctx, const struct api *api,
                                 const struct http_request *request)
{
    (void)ctx;
    return api->test_clock && input_is_local(request) ? FAULT_NONE : FAULT_NOT_FOUND;
}

enum fault api_authorize(struct ctx *ctx, struct http_request *request, unsigned permission)
{
    const struct api *api = http_owner(request);
    if (permission == PERMISSION_TEST) {
        return authorize_test(ctx, api, request);
    }
    if (permission == PERMISSION_PUBLIC) {
        return FAULT_NONE;
    }
    if (permission == PERMISSION_PORTAL) {
        /* Counted before the body is read: an upload over the limit must not fill the disk. */
        return rate_limiter_try(api->portal_tries, ctx, input_peer(api, request));
    }
    struct finding finding = {.directory = api->office->directory,
                              .token = http_cookie(request, "session")};
    if (finding.token == NULL) {
        return FAULT_UNAUTHENTICATED;
    }
    enum fault fault = store_read(api->store, ctx, find_actor, &finding);
    if (fault != FAULT_NONE) {
        return fault;
    }
    ctx->actor = finding.actor;
    if (permission == PERMISSION_CASES && !people_reads_matters(finding.actor)) {
        return FAULT_FORBIDDEN;
    }
    return check_csrf(ctx, request, finding.actor);
}
