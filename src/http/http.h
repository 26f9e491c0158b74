#pragma once
/*
 * The HTTP server: routing, limits, bodies, uploads, replies, events. Knows no matter and no
 * person: it calls the handler of a route's row, and asks one `authorize` function of its owner
 * first. libmicrohttpd, epoll, a pool of four threads; a handler that writes suspends its
 * connection.
 *
 * Every request has its own arena and ctx; both end when the reply is sent.
 */
#include "base/buffer.h"
#include "base/ctx.h"
#include "base/digest.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http_server;
struct http_request;

enum http_method { HTTP_GET, HTTP_POST, HTTP_PUT, HTTP_PATCH, HTTP_DELETE };

/* What a request may carry. */
enum http_body {
    HTTP_NO_BODY,
    HTTP_JSON, /* application/json of at most LIMIT_BODY_BYTES, gathered before the handler runs. */
    HTTP_UPLOAD, /* multipart/form-data: files streamed to disk, see struct http_upload. */
};

/* A file that arrived: lies complete in the upload folder under `path`, synced. */
struct http_upload {
    const char *name; /* As the client calls it: UTF-8, no path, no control characters. */
    const char
        *media_type; /* By content (first bytes) where we know it, else application/octet-stream. */
    const char *path; /* Where it lies now. The handler renames it or leaves it to be deleted. */
    int64_t bytes;
    struct digest digest;
    struct http_upload *next;
};

struct http_header {
    const char *name;
    const char *value;
};

/* What goes out. Zeroed, status 200, before the handler runs. */
struct http_reply {
    int status;
    const char *media_type; /* Default application/json; charset=utf-8 */
    const char *body;       /* In the request's arena, or static. */
    size_t body_bytes;
    const char *file_path; /* Instead of body: this file is streamed (with Range support). */
    const char *file_name; /* Download under this name (RFC 6266 / 5987). NULL: shown in place. */
    struct http_header headers[12];
    unsigned headers_count;
};

typedef enum fault http_handler(struct ctx *ctx, struct http_request *request,
                                struct http_reply *reply);

struct http_route {
    enum http_method method;
    const char *pattern; /* "/api/v1/matters/{id}/actions/{action}" */
    unsigned permission; /* Opaque here; given to `authorize`. */
    enum http_body body;
    http_handler *handler;
};

struct http_options {
    const char *address;        /* "127.0.0.1", "::1", "0.0.0.0" ... */
    uint16_t port;              /* 0: any free one; http_port tells. */
    unsigned threads;           /* 0: 4 */
    unsigned connections_max;   /* 0: 4000 */
    unsigned header_timeout_ms; /* A request's header must be complete by then. 0: 10,000. */
    unsigned body_timeout_ms;   /* A JSON body must be complete by then. 0: 20,000. */
    unsigned
        upload_stall_ms; /* An upload that brings under 1 KiB/s over this long ends. 0: 30,000. */
    int64_t upload_bytes_max; /* One file; 0: LIMIT_UPLOAD_BYTES. */
    const char *upload_dir;   /* Where uploads are streamed to. */
    const char *web_dir;      /* Built pages to serve; NULL: none. */
    const struct http_route *routes;
    size_t routes_count;
    bool quiet;  /* Log faults of the server only, not every request. */
    void *owner; /* For handlers: http_owner(request). */
    /* Before each handler of a route: who asks, may he? Sets ctx->actor. NULL: all may. */
    enum fault (*authorize)(struct ctx *ctx, struct http_request *request, unsigned permission);
};

enum fault http_start(struct ctx *ctx, const struct http_options *options,
                      struct http_server **ret_server) MUST_CHECK;
/* Stops taking connections; requests at work go on. First step of the shutdown order. */
void http_quiesce(struct http_server *server);
/* After the writer has been stopped: waits for the last replies (2 s at most), then frees all. */
void http_stop(struct http_server *server);
uint16_t http_port(const struct http_server *server);

void *http_owner(const struct http_request *request);
/* The value of {name} in the route's pattern, decoded; never NULL for a name that is there. */
const char *http_path_value(const struct http_request *request, const char *name);
/* NULL if absent. Query values are decoded and valid UTF-8 (else the request was refused). */
const char *http_query(const struct http_request *request, const char *name);
const char *http_header(const struct http_request *request, const char *name);
const char *http_cookie(const struct http_request *request, const char *name);
/* The gathered JSON body (with zero byte). */
const char *http_body(const struct http_request *request, size_t *ret_bytes);
const struct http_upload *http_uploads(const struct http_request *request);
/* A text field of a multipart form; NULL if absent. */
const char *http_form(const struct http_request *request, const char *name);
/* The other side's address as text, "127.0.0.1". */
const char *http_peer(const struct http_request *request);
bool http_peer_is_loopback(const struct http_request *request);
enum http_method http_request_method(const struct http_request *request);
/* The row of this request's route. */
const struct http_route *http_request_route(const struct http_request *request);

void http_reply_header(struct http_reply *reply, const char *name, const char *value);
/* Sets the ETag (with its quotes); true, with status 304, if the client has this one already. */
bool http_reply_known(const struct http_request *request, struct http_reply *reply,
                      const char *etag);
/* Does the client take this coding ("gzip")? */
bool http_accepts(const struct http_request *request, const char *coding);
/* Points body at the buffer's text. */
void http_reply_buffer(struct http_reply *reply, int status, const struct buffer *buffer);

/*
 * A handler that must wait (for a durable write) calls http_suspend, hands the request to whoever
 * works, and returns FAULT_NONE at once without filling the reply. When the work is done, from any
 * thread, http_resume(request, fault) is called exactly once; then `finish` runs in the server's
 * thread with the request's own ctx and fills the reply (only when fault is FAULT_NONE; otherwise
 * the problem document is made from fault and ctx). After http_resume the caller must not touch the
 * request, its ctx or its arena.
 */
void http_suspend(struct http_request *request, http_handler *finish, void *arg);
void http_resume(struct http_request *request, enum fault fault);
/* The `arg` of http_suspend. */
void *http_suspended_arg(const struct http_request *request);

/*
 * Server-sent events: a handler calls http_event_stream and returns; the connection then stays
 * open. http_publish sends one event to each stream of one of the topics (0 hears all).
 * Thread-safe, does not block on slow readers (a reader too far behind is closed). A heartbeat goes
 * out every 20 s. A stream ends with its owner (a session: http_end_streams), and after ten
 * minutes: browsers come back by themselves, and are asked again who they are.
 */
void http_event_stream(struct http_request *request, uint64_t topic, uint64_t owner);
void http_end_streams(struct http_server *server, uint64_t owner);
void http_publish(struct http_server *server, const uint64_t *topics, size_t topics_count,
                  const char *event, const char *data);

/* Does any stream listen? If none, there is nothing to publish. */
bool http_has_streams(struct http_server *server);

struct http_figures {
    uint64_t requests, faults_4xx, faults_5xx, bytes_in, bytes_out;
    unsigned connections, suspended, streams;
};
void http_figures(struct http_server *server, struct http_figures *ret_figures);
