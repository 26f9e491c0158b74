#include "api/reply.h"

#include "base/digest.h"
#include "base/id.h"
#include "calendar/date.h"

#include <string.h>

struct reply_json *reply_begin(struct ctx *ctx)
{
    struct reply_json *made = arena_alloc(ctx->arena, sizeof *made);
    buffer_init(&made->buffer, ctx->arena);
    json_writer_init(&made->json, &made->buffer);
    return made;
}

void reply_end(struct http_reply *reply, struct reply_json *made, int status)
{
    http_reply_buffer(reply, status, &made->buffer);
}

void put_id(struct json_writer *json, const char *key, int64_t id)
{
    char text[ID_TEXT];
    id_format(id, text);
    json_put_text(json, key, text);
}

void put_time_or_null(struct json_writer *json, const char *key, int64_t time_ms)
{
    if (time_ms == 0 || time_ms == INT64_MAX) {
        json_key(json, key);
        json_none(json);
        return;
    }
    json_put_time(json, key, time_ms);
}

void put_date(struct json_writer *json, const char *key, int32_t date)
{
    char text[DATE_TEXT];
    date_format(date, text);
    json_put_text(json, key, text);
}

/* A write on its way: who waits for it, and what it does. */
struct write_job {
    struct http_request *request;
    store_work *work;
    void *arg;
};

static enum fault run_job(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct write_job *job = arg;
    return job->work(ctx, tx, job->arg);
}

static void end_job(struct ctx *ctx, enum fault fault, void *arg)
{
    struct write_job *job = arg;
    (void)ctx;
    http_resume(job->request, fault);
}

void reply_write(struct ctx *ctx, struct http_request *request, store_work *work, void *arg)
{
    const struct api *api = http_owner(request);
    struct write_job *job = arena_alloc(ctx->arena, sizeof *job);
    *job = (struct write_job){.request = request, .work = work, .arg = arg};
    enum fault fault = store_submit(api->store, ctx, run_job, end_job, job);
    if (fault != FAULT_NONE) {
        http_resume(request, fault);
    }
}

enum fault reply_after_write(struct ctx *ctx, struct http_request *request, store_work *work,
                             http_handler *finish, void *arg)
{
    http_suspend(request, finish, arg);
    reply_write(ctx, request, work, arg);
    return FAULT_NONE;
}

enum fault reply_after_heavy(struct ctx *ctx, struct http_request *request, heavy_work *work,
                             http_handler *finish, void *arg)
{
    const struct api *api = http_owner(request);
    http_suspend(request, finish, arg);
    enum fault fault =
        api->heavy == NULL ? FAULT_STOPPING : heavy_submit(api->heavy, ctx, work, arg);
    if (fault != FAULT_NONE) {
        http_resume(request, fault);
    }
    return FAULT_NONE;
}

struct restricted_question {
    int64_t matter;
    bool restricted;
};

static enum fault ask_restricted(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct restricted_question *question = arg;
    struct query query;
    query_init(&query, ctx->arena);
    query_add(&query, "SELECT m.restricted");
    people_visible_from(ctx->actor, &query);
    query_add(&query, " AND m.id = ");
    query_value(&query, sql_int(question->matter));
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = query_run(&query, ctx, tx, &rows);
    if (fault != FAULT_NONE) {
        return fault;
    }
    if (!sql_next(rows)) {
        fault = sql_fault(rows);
        return fault == FAULT_NONE ? FAULT_NOT_FOUND : fault;
    }
    question->restricted = sql_column_int(rows, 0) != 0;
    return FAULT_NONE;
}

enum fault reply_restricted(struct ctx *ctx, const struct api *api, int64_t matter,
                            bool *ret_restricted)
{
    struct restricted_question question = {.matter = matter};
    enum fault fault = store_read(api->store, ctx, ask_restricted, &question);
    *ret_restricted = question.restricted;
    return fault;
}

struct matter_reply {
    const struct api *api;
    int64_t id;
    int64_t version;
    const char *code;
    struct json_writer *json;
};

static enum fault read_and_put(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct matter_reply *wanted = arg;
    struct view view = {.api = wanted->api, .ctx = ctx, .tx = tx, .code = wanted->code};
    enum fault fault = matter_read(ctx, tx, wanted->api->office, wanted->id, &view.matter);
    if (fault != FAULT_NONE) {
        return fault;
    }
    wanted->version = view.matter->version;
    return put_matter(wanted->json, &view);
}

enum fault reply_matter(struct ctx *ctx, struct http_request *request, struct http_reply *reply,
                        int64_t id, const char *code, int status)
{
    const struct api *api = http_owner(request);
    struct reply_json *made = reply_begin(ctx);
    struct matter_reply wanted = {.api = api, .id = id, .code = code, .json = &made->json};
    enum fault fault = store_read(api->store, ctx, read_and_put, &wanted);
    if (fault != FAULT_NONE) {
        return fault;
    }
    reply_end(reply, made, status);
    long long version = (long long)wanted.version;
    http_reply_header(reply, "ETag", arena_printf(ctx->arena, "\"%lld\"", version));
    return FAULT_NONE;
}

static uint64_t short_digest(const char *text)
{
    uint8_t digest[DIGEST_BYTES];
    uint64_t number = 0;
    digest_sha256(text, strlen(text), digest);
    memcpy(&number, digest, sizeof number);
    return number;
}

uint64_t topic_of_org(const char *code)
{
    return short_digest(code) | 1; /* Never 0, which hears all. */
}

uint64_t owner_of_session(const struct http_request *request)
{
    const char *token = http_cookie(request, "session");
    return short_digest(token == NULL ? "" : token);
}

/* More than that many bodies and linked matters at once: the rest learn it at their next load. */
enum { HINTS_MAX = 512 };

struct announcing {
    int64_t region;
    int64_t matter;
    int64_t ids[HINTS_MAX]; /* Which matter each topic is told of; equal ids lie together. */
    uint64_t topics[HINTS_MAX];
    size_t count;
};

static enum fault find_viewers(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct announcing *announcing = arg;
    SCOPED(sql_rows) rows = NULL;
    enum fault fault =
        sql_query(tx, ctx,
                  /* The few ids come first: CROSS JOIN keeps SQLite from reading all viewers. */
                  "SELECT near.id, v.org FROM (SELECT CAST($2 AS BIGINT) AS id UNION"
                  " SELECT m.id FROM matter m WHERE m.region = $1 AND m.parent = $2 UNION"
                  " SELECT c.parent FROM matter c WHERE c.region = $1 AND c.id = $2"
                  " AND c.parent IS NOT NULL) AS near CROSS JOIN matter_viewer v"
                  " WHERE v.region = $1 AND v.matter = near.id ORDER BY near.id",
                  SQL_ARGS(sql_int(announcing->region), sql_int(announcing->matter)), &rows);
    while (fault == FAULT_NONE && announcing->count < HINTS_MAX && sql_next(rows)) {
        announcing->ids[announcing->count] = sql_column_int(rows, 0);
        announcing->topics[announcing->count++] = topic_of_org(sql_column_text(rows, 1));
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

/* Each body hears only of matters that it sees. */
static void publish(struct ctx *ctx, const struct api *api, const struct announcing *announcing)
{
    for (size_t first = 0, next = 0; first < announcing->count; first = next) {
        while (next < announcing->count && announcing->ids[next] == announcing->ids[first]) {
            next++;
        }
        char id[ID_TEXT];
        id_format(announcing->ids[first], id);
        http_publish(api->server, announcing->topics + first, next - first, "changed",
                     arena_printf(ctx->arena, "{\"matter\": \"%s\"}", id));
    }
}

void reply_announce(struct ctx *ctx, const struct api *api, int64_t matter)
{
    if (!http_has_streams(api->server)) {
        return;
    }
    struct announcing *announcing = arena_alloc(ctx->arena, sizeof *announcing);
    announcing->region = api->office->region;
    announcing->matter = matter;
    /* A hint only: a page that misses it sees the change at its next load. */
    if (store_read(api->store, ctx, find_viewers, announcing) == FAULT_NONE) {
        publish(ctx, api, announcing);
    }
    ctx_clear(ctx);
}

void api_changed(struct api *api, int64_t matter)
{
    SCOPED_ARENA arena = arena_create();
    struct ctx ctx;
    ctx_init(&ctx, arena, 0);
    reply_announce(&ctx, api, matter);
}
