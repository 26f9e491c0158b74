#pragma once
/* Private to api: what the endpoints of figures share. */
#include "api/reply.h"
#include "matter/figure.h"
#include "report/report.h"

/* Whose own numbers the actor sees besides the totals; NULL: everybody's. */
const char *figure_only(const struct actor *actor);
/* "from" and "to" of the query (default: this year so far). INVALID_FIELD. */
enum fault figure_days(struct ctx *ctx, const struct http_request *request,
                       struct figure_period *ret_period) MUST_CHECK;
/* "period": 2026 or 2026Q3; INVALID_FIELD. */
enum fault figure_quarter(struct ctx *ctx, const struct http_request *request,
                          struct figure_period *ret_period) MUST_CHECK;
/* Is a file asked for ("format")? INVALID_FIELD if it is no known one. */
enum figure_format { FIGURE_JSON, FIGURE_CSV, FIGURE_XLSX, FIGURE_PDF };
enum fault figure_format(struct ctx *ctx, const struct http_request *request,
                         enum figure_format *ret_format) MUST_CHECK;
/* Sends a report as a file; a handler ends with it. The PDF is set in a thread of its own. */
enum fault figure_send(struct ctx *ctx, struct http_request *request, struct http_reply *reply,
                       const struct report *report, enum figure_format format,
                       const char *name) MUST_CHECK;
/* The events behind a sum, as the page lists them. */
enum fault figure_events(struct ctx *ctx, struct http_request *request, struct http_reply *reply,
                         struct tally_wanted *wanted) MUST_CHECK;
