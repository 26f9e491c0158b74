/* For tests alone: what a server does by itself is done now. The route is hidden otherwise. */
#include "api/endpoints.h"
#include "api/input.h"
#include "job/job.h"

#include <string.h>

static const struct {
    const char *name;
    enum fault (*work)(struct ctx *ctx, struct store *store, const struct office *office);
} works[] = {{"expiry", job_expire},
             {"standing", job_stand},
             {"remind", job_remind},
             {"calendar", job_calendar}};

enum fault test_run_post(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    static const char *const keys[] = {"what", NULL};
    const struct api *api = http_owner(request);
    SCOPED_JSON body = NULL;
    enum fault fault = input_object(ctx, request, keys, &body);
    const char *what = fault == FAULT_NONE ? input_text(ctx, body, "what", true) : NULL;
    bool known = false;
    for (size_t i = 0; what != NULL && i < sizeof works / sizeof works[0] && !known; i++) {
        known = strcmp(works[i].name, what) == 0;
        fault = known ? works[i].work(ctx, api->store, api->office) : fault;
    }
    if (fault == FAULT_NONE && !known) {
        fault = ctx_field(ctx, "what", "Not something this server does.", "服务器没有此项工作。");
    }
    if (fault == FAULT_NONE) {
        reply->status = 204;
    }
    return fault;
}
