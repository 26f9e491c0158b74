#pragma once
/*
 * Private to api: reading what came in. JSON is taken apart here and nowhere else; strings are
 * copied into the ctx's arena. Each reader records what is wrong with which field.
 */
#include "api/api.h"

#include <jansson.h>

/* Parses the body: an object with none but the allowed keys (NULL-terminated). The caller frees it
 * with json_scoped. MALFORMED with line and column, INVALID_FIELD for other keys. */
enum fault input_object(struct ctx *ctx, const struct http_request *request,
                        const char *const *allowed, json_t **ret_object) MUST_CHECK;
void input_scoped(json_t **object);
#define SCOPED_JSON __attribute__((cleanup(input_scoped))) json_t *

/* A text field; NULL with INVALID_FIELD recorded if it is missing (when required) or no text. */
const char *input_text(struct ctx *ctx, const json_t *object, const char *key, bool required);
/* "facts" and "materials" of an action into the call's input. */
enum fault input_facts(struct ctx *ctx, const json_t *object, struct act_input *input) MUST_CHECK;
enum fault input_materials(struct ctx *ctx, const json_t *object,
                           struct act_input *input) MUST_CHECK;
/* Idempotency-Key and the digest of the request; If-Match when `versioned`. */
enum fault input_headers(struct ctx *ctx, const struct http_request *request, bool versioned,
                         struct act_input *input) MUST_CHECK;
/* An id from the path. NOT_FOUND if it isn't one. */
enum fault input_id(struct ctx *ctx, const struct http_request *request, const char *name,
                    int64_t *ret_id) MUST_CHECK;
/* A number from the query within limits; `fallback` when absent. */
enum fault input_number(struct ctx *ctx, const struct http_request *request, const char *name,
                        int64_t min, int64_t max, int64_t fallback, int64_t *ret_value) MUST_CHECK;
/* Is the other side on this machine? Not if a proxy passed the request on, whoever is behind it. */
bool input_is_local(const struct http_request *request);
/* The other side's address: the proxy's word for it if the server trusts one. */
const char *input_peer(const struct api *api, const struct http_request *request);
