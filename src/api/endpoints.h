#pragma once
/* Private to api: every handler of the route table, declared from it. */
#include "api/api.h"

#define ROUTE(METHOD, pattern, PERMISSION, BODY, handler, summary)                                 \
    enum fault handler(struct ctx *ctx, struct http_request *request, struct http_reply *reply);
#include "api/tbl/route.h"
#undef ROUTE
