#pragma once
/*
 * The endpoints: fields in, action, reply. Introduces http to people and matter, which don't know
 * it. One `struct api` for each server; it outlives the server. Handlers run in the server's
 * threads.
 */
#include "base/ctx.h"
#include "http/http.h"
#include "matter/matter.h"
#include "people/people.h"
#include "store/store.h"

#include <stdbool.h>
#include <stddef.h>

struct heavy;
struct typesetters;
struct rulebook_texts;

struct api {
    struct store *store;
    struct heavy *heavy;        /* Threads for passwords. */
    struct http_server *server; /* Set after http_start. */
    const struct office *office;
    bool demo;                           /* Offer the known accounts, on loopback only. */
    const char *demo_password;           /* Of all of them; NULL without demo. */
    bool test_clock;                     /* Tests may set the clock. */
    bool secure_cookies;                 /* Behind TLS. */
    struct typesetters *typesetters;     /* For previews; NULL: there is no typesetter. */
    bool mail_available;                 /* The server was told how to send mail. */
    bool trust_proxy;                    /* X-Real-IP says who the other side is. */
    struct rulebook_texts *rulebooks;    /* GET /rulebook: each edition's text, made once. */
    struct rate_limiter *sign_in_tries;  /* By login. */
    struct rate_limiter *sign_in_faults; /* By address. */
    struct rate_limiter *portal_tries;   /* By address: filing, uploading. */
    struct rate_limiter *code_tries;     /* By address: wrong receipt codes. */
    struct rate_limiter *feed_tries;     /* By address: calendar feeds. */
};

/* Makes the limiters; the rest is filled by the caller. */
void api_init(struct api *api);
/* No more passwords are checked: after http_quiesce, before store_drain. */
void api_drain(struct api *api);
void api_done(struct api *api);

/* Tells the pages that something about the matter changed: what the program did by itself. */
void api_changed(struct api *api, int64_t matter);

/* For jobs_listen; arg: the struct api. Tells the pages of a body's people that they have messages.
 */
void api_tell_messages(void *arg, const char *org);

const struct http_route *api_routes(size_t *ret_count);
/* For http_options.authorize; the options' owner is the struct api. */
enum fault api_authorize(struct ctx *ctx, struct http_request *request, unsigned permission);
