#pragma once
/* Private to api: writing what goes out, and running durable writes without holding a thread. */
#include "api/api.h"
#include "api/heavy.h"
#include "base/json_writer.h"
#include "matter/paper.h"

/* A JSON reply under construction; lives in the ctx's arena. */
struct reply_json {
    struct buffer buffer;
    struct json_writer json;
};

struct reply_json *reply_begin(struct ctx *ctx);
/* Sends it with a status. */
void reply_end(struct http_reply *reply, struct reply_json *made, int status);

void put_id(struct json_writer *json, const char *key, int64_t id);
/* A time, or null for 0. */
void put_time_or_null(struct json_writer *json, const char *key, int64_t time_ms);
void put_date(struct json_writer *json, const char *key, int32_t date);

/* matter_json.c: docs/api.md says the shapes. */
struct view {
    const struct api *api;
    struct ctx *ctx;
    struct store_tx *tx;
    struct matter *matter;
    const char *code; /* A receipt code just made, shown this once; else NULL. */
};
enum fault put_matter(struct json_writer *json, const struct view *view) MUST_CHECK;
void put_clock(struct json_writer *json, const struct view *view, const struct clock *clock);
void put_fact_value(struct json_writer *json, const struct rules_fact *fact, const char *value);
void put_form(struct json_writer *json, const struct rules_procedure *procedure,
              const struct rules_action *action, const struct matter *matter);
void put_material(struct json_writer *json, const struct material *material);
enum fault put_actions(struct json_writer *json, const struct view *view) MUST_CHECK;
enum fault put_materials(struct json_writer *json, const struct view *view) MUST_CHECK;

/*
 * Runs `work` as a durable write while the connection sleeps, then `finish` in the server's thread
 * with http_suspended_arg(request) == arg. A handler ends with `return reply_after_write(...)`.
 */
enum fault reply_after_write(struct ctx *ctx, struct http_request *request, store_work *work,
                             http_handler *finish, void *arg) MUST_CHECK;
/*
 * The same for heavy work: it runs in a thread of its own and ends with reply_write, or with
 * http_resume and a fault.
 */
enum fault reply_after_heavy(struct ctx *ctx, struct http_request *request, heavy_work *work,
                             http_handler *finish, void *arg) MUST_CHECK;
/* Of a request that sleeps already: hands the write in; the request is resumed when it is durable.
 */
void reply_write(struct ctx *ctx, struct http_request *request, store_work *work, void *arg);
/* Must a reading of this matter be recorded first? NOT_FOUND if ctx->actor may not see it. */
enum fault reply_restricted(struct ctx *ctx, const struct api *api, int64_t matter,
                            bool *ret_restricted) MUST_CHECK;
/* Replies with a matter; `code` is a receipt code that was just made (NULL: none). */
enum fault reply_matter(struct ctx *ctx, struct http_request *request, struct http_reply *reply,
                        int64_t id, const char *code, int status) MUST_CHECK;
/* Tells the pages of every body that sees the matter, its parent and children that something
 * changed. */
void reply_announce(struct ctx *ctx, const struct api *api, int64_t matter);
/* act.c: after matter_act; the suspended arg is its struct act_call. */
enum fault reply_acted(struct ctx *ctx, struct http_request *request, struct http_reply *reply);
/* material.c: is the stored file still what was digested? */
enum fault reply_check_file(struct ctx *ctx, const char *path, const char *sha256) MUST_CHECK;
/* paper.c */
enum fault put_papers(struct json_writer *json, const struct view *view) MUST_CHECK;
/* "drafts" of the workbench. */
enum fault put_waiting_drafts(struct json_writer *json, struct ctx *ctx, struct store_tx *tx,
                              const struct api *api) MUST_CHECK;
void put_action_paper(struct json_writer *json, const struct rules_action *action);
/* paper_pdf.c: the PDF of a paper to whom the receipt code belongs; ctx->actor is the code's. */
enum fault reply_public_paper(struct ctx *ctx, struct http_request *request,
                              struct http_reply *reply, int64_t matter, int64_t paper) MUST_CHECK;
/* portal.c: the matter a receipt code belongs to; then the code's holder is ctx->actor. */
enum fault portal_matter(struct ctx *ctx, struct http_request *request, const char *code,
                         int64_t *ret_matter) MUST_CHECK;
/* paper_portal.c: the papers addressed to the public. */
enum fault put_public_papers(struct json_writer *json, const struct view *view) MUST_CHECK;
/* edition.c: the texts of GET /rulebook. */
struct rulebook_texts *rulebook_texts_create(void);
void rulebook_texts_destroy(struct rulebook_texts *texts);
/* Whose stream of hints it is: its session. */
uint64_t owner_of_session(const struct http_request *request);
/* What a body hears of. */
uint64_t topic_of_org(const char *code);
