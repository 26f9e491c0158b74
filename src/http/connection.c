/*
 * The library's callbacks. One request:
 *
 *   header complete -> guard, route, authorize -> body arrives -> handler -> reply
 *                                                            \-> suspended -> http_resume -> finish
 * -> reply
 *
 * The library calls connection_handle again and again; `phase` says where the request is.
 */
#include "base/clock.h"
#include "base/limit.h"
#include "base/log.h"
#include "base/random.h"
#include "http/inner.h"

#include <arpa/inet.h>
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static enum lang language_of(struct http_request *request)
{
    const char *cookie = http_cookie(request, "lang");
    if (cookie != NULL) {
        return strcmp(cookie, "en") == 0 ? LANG_EN : LANG_ZH;
    }
    const char *accept = http_header(request, "Accept-Language");
    return accept != NULL && strncasecmp(accept, "en", 2) == 0 ? LANG_EN : LANG_ZH;
}

static struct http_request *request_create(struct http_server *server,
                                           struct MHD_Connection *connection)
{
    struct arena *arena = arena_create();
    struct http_request *request = arena_alloc(arena, sizeof *request);
    request->server = server;
    request->connection = connection;
    request->arena = arena;
    request->begun_us = clock_monotonic_us();
    ctx_init(&request->ctx, arena, clock_now_ms());
    uint8_t secret[8];
    char *id = arena_alloc(arena, 2 * sizeof secret + 1);
    random_bytes(secret, sizeof secret);
    text_hex(secret, sizeof secret, id);
    request->ctx.request_id = id;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    request->socket = info == NULL ? NULL : info->socket_context;
    buffer_init(&request->body, arena);
    request->ctx.lang = language_of(request);
    server->live++;
    return request;
}

/* A reader that takes the reply by drops must not hold the connection for ever: 4 KiB/s at least.
 */
static void limit_reading(struct http_request *request)
{
    enum { READ_MS = 60000, BYTES_IN_MS = 4 };
    deadline_set(request, READ_MS + (int64_t)request->reply.body_bytes / BYTES_IN_MS);
}

static enum MHD_Result answer(struct http_request *request, enum fault fault, const char *allow)
{
    request->phase = PHASE_HANDLED;
    request->fault = fault;
    if (fault != FAULT_NONE) {
        reply_problem(request, fault, allow);
    }
    enum MHD_Result sent = send_reply(request);
    limit_reading(request);
    return sent;
}

/* "application/json", perhaps with charset=utf-8; JSON is never in another encoding. */
static bool is_json(const char *type)
{
    static const char json[] = "application/json";
    if (type == NULL || strncasecmp(type, json, sizeof json - 1) != 0) {
        return false;
    }
    const char *rest = type + sizeof json - 1;
    rest += strspn(rest, " \t");
    const char *charset = strcasestr(rest, "charset=");
    bool utf8 = charset == NULL || strncasecmp(charset + 8, "utf-8", 5) == 0 ||
                strncasecmp(charset + 8, "\"utf-8\"", 7) == 0;
    return (*rest == 0 || *rest == ';') && utf8;
}

static enum fault begin_body(struct http_request *request)
{
    if (request->route->body == HTTP_UPLOAD) {
        deadline_set(request, request->server->options.upload_stall_ms);
        return multipart_begin(request);
    }
    deadline_set(request, request->server->options.body_timeout_ms);
    if (request->route->body == HTTP_JSON && !is_json(http_header(request, "Content-Type"))) {
        return ctx_fail(&request->ctx, FAULT_MEDIA_TYPE, "application/json is expected.",
                        "应为application/json。");
    }
    return FAULT_NONE;
}

/*
 * Refused without reading the body. But a client that is still sending when the connection closes
 * often never sees the answer: then the body is read to its end, kept nowhere, and answered after.
 */
static enum MHD_Result refuse(struct http_request *request, enum fault fault, bool framed)
{
    bool asks = http_header(request, "Expect") != NULL;
    if (!framed || asks) {
        (void)deadline_clear(request);
        return answer(request, fault, request->allow);
    }
    const struct http_options *options = &request->server->options;
    bool upload = request->route != NULL && request->route->body == HTTP_UPLOAD;
    request->fault = fault;
    deadline_set(request, upload ? options->upload_stall_ms : options->body_timeout_ms);
    return MHD_YES;
}

/* The header is there: everything that can be refused without the body is refused now. */
static enum MHD_Result begin(struct http_server *server, struct MHD_Connection *connection,
                             const char *url, const char *method, const char *version, void **slot)
{
    struct http_request *request = request_create(server, connection);
    *slot = request;
    enum fault fault = guard_check(request, url, method, version);
    if (fault != FAULT_NONE) {
        /* Where the request ends is not sure; its connection closes. */
        return refuse(request, fault, false);
    }
    fault = route_find(request, url, &request->allow);
    if (fault == FAULT_NOT_FOUND && request->method == HTTP_GET) {
        request->file = static_find(server, url);
        if (request->file != NULL) {
            return MHD_YES;
        }
    }
    if (fault == FAULT_NONE && server->options.authorize != NULL) {
        fault = server->options.authorize(&request->ctx, request, request->route->permission);
    }
    if (fault == FAULT_NONE) {
        fault = begin_body(request);
    }
    if (request->socket != NULL) {
        request->socket->in_body = true;
    }
    return fault == FAULT_NONE ? MHD_YES : refuse(request, fault, true);
}

static void take_json(struct http_request *request, const char *data, size_t bytes)
{
    if (request->fault != FAULT_NONE) {
        return;
    }
    if (request->route == NULL || request->route->body == HTTP_NO_BODY ||
        request->body.count + bytes > LIMIT_BODY_BYTES) {
        request->fault =
            ctx_fail(&request->ctx, FAULT_TOO_LARGE, "The body is too large.", "请求内容过大。");
        return;
    }
    buffer_add(&request->body, data, bytes);
}

static void take_upload(struct http_request *request, const char *data, size_t bytes)
{
    if (request->fault != FAULT_NONE) {
        return;
    }
    if (request->bytes_in > 2 * request->server->options.upload_bytes_max + FORM_BYTES) {
        request->fault = ctx_fail(&request->ctx, FAULT_TOO_LARGE,
                                  "The files are too large together; send them one by one.",
                                  "文件合计过大，请分别上传。");
        return;
    }
    request->fault = multipart_add(request, data, bytes);
}

/* An upload may take as long as it needs while it goes on. */
static void note_progress(struct http_request *request, size_t bytes)
{
    request->progress_bytes += (int64_t)bytes;
    if (request->progress_bytes >= 32 * 1024) {
        request->progress_bytes = 0;
        deadline_set(request, request->server->options.upload_stall_ms);
    }
}

enum { FLOOD_BYTES = 64 * 1024 * 1024 };

static enum MHD_Result take_data(struct http_request *request, const char *data, size_t *bytes)
{
    request->bytes_in += (int64_t)*bytes;
    request->server->bytes_in += *bytes;
    if (request->route != NULL && request->route->body == HTTP_UPLOAD) {
        take_upload(request, data, *bytes);
        note_progress(request, *bytes);
    } else {
        take_json(request, data, *bytes);
    }
    /* Far beyond any limit there is no use in reading on. */
    int64_t most = 2 * request->server->options.upload_bytes_max + FLOOD_BYTES;
    bool flood = request->fault != FAULT_NONE && request->bytes_in > most;
    *bytes = 0;
    return flood ? MHD_NO : MHD_YES;
}

static enum MHD_Result after_handler(struct http_request *request, enum fault fault)
{
    if (fault != FAULT_NONE) {
        return answer(request, fault, request->allow);
    }
    if (request->streaming) {
        request->phase = PHASE_HANDLED;
        return stream_begin(request);
    }
    return answer(request, FAULT_NONE, NULL);
}

/* The body is there: is it one? */
static enum fault end_body(struct http_request *request)
{
    if (request->multipart != NULL) {
        enum fault ended = multipart_end(request);
        return request->fault == FAULT_NONE ? ended : request->fault;
    }
    if (request->fault == FAULT_NONE && !text_is_utf8(request->body.data, request->body.count)) {
        return ctx_fail(&request->ctx, FAULT_MALFORMED, "The body is not valid UTF-8.",
                        "请求内容不是有效的UTF-8。");
    }
    return request->fault;
}

static enum MHD_Result run_handler(struct http_request *request)
{
    if (!deadline_clear(request)) {
        return MHD_NO;
    }
    if (request->file != NULL) {
        request->phase = PHASE_HANDLED;
        enum MHD_Result sent = static_send(request, request->file);
        limit_reading(request);
        return sent;
    }
    enum fault fault = end_body(request);
    request->reply.status = 200;
    if (fault == FAULT_NONE) {
        fault = request->route->handler(&request->ctx, request, &request->reply);
    }
    /* From http_suspend on, the request belongs to who will resume it. */
    enum phase phase = request->phase;
    if (phase == PHASE_SUSPENDED || phase == PHASE_RESUMED) {
        return MHD_YES;
    }
    return after_handler(request, fault);
}

static enum MHD_Result go_on(struct http_request *request)
{
    enum fault fault = request->fault;
    if (fault == FAULT_NONE) {
        fault = request->finish(&request->ctx, request, &request->reply);
    }
    return after_handler(request, fault);
}

enum MHD_Result connection_handle(void *cls, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *data,
                                  size_t *data_bytes, void **slot)
{
    struct http_request *request = *slot;
    if (request == NULL) {
        return begin(cls, connection, url, method, version, slot);
    }
    enum phase phase = request->phase;
    switch (phase) {
    case PHASE_BODY:
        return *data_bytes > 0 ? take_data(request, data, data_bytes) : run_handler(request);
    case PHASE_RESUMED:
        return go_on(request);
    case PHASE_SUSPENDED:
    case PHASE_HANDLED:
        *data_bytes = 0;
        return MHD_YES;
    }
    return MHD_NO;
}

void http_suspend(struct http_request *request, http_handler *finish, void *arg)
{
    assert(request->phase == PHASE_BODY);
    request->finish = finish;
    request->finish_arg = arg;
    request->phase = PHASE_SUSPENDED;
    request->server->suspended++;
    MHD_suspend_connection(request->connection);
}

void http_resume(struct http_request *request, enum fault fault)
{
    assert(request->phase == PHASE_SUSPENDED);
    request->fault = fault;
    request->server->suspended--;
    struct MHD_Connection *connection = request->connection;
    request->phase = PHASE_RESUMED;
    MHD_resume_connection(connection);
}

void *http_suspended_arg(const struct http_request *request)
{
    return request->finish_arg;
}
