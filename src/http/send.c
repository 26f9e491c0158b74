/* Replies on their way out: security headers on everything, files with ranges. */
#include "http/inner.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void add_security_headers(struct MHD_Response *response)
{
    static const struct http_header headers[] = {
        {"Content-Security-Policy",
         "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
         "object-src "
         "'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"},
        {"X-Content-Type-Options", "nosniff"},
        {"X-Frame-Options", "DENY"},
        {"Referrer-Policy", "no-referrer"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
    };
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        (void)MHD_add_response_header(response, headers[i].name, headers[i].value);
    }
}

/* attachment; filename*=UTF-8''... (RFC 6266, RFC 5987) */
static const char *disposition(struct arena *arena, const char *name)
{
    struct buffer text;
    buffer_init(&text, arena);
    buffer_text(&text, "attachment; filename*=UTF-8''");
    for (const unsigned char *p = (const unsigned char *)name; *p != 0; p++) {
        bool plain = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
                     (*p >= '0' && *p <= '9') || *p == '.' || *p == '-' || *p == '_';
        if (plain) {
            buffer_char(&text, (char)*p);
        } else {
            buffer_printf(&text, "%%%02X", *p);
        }
    }
    return text.data;
}

/* "bytes=A-B" or "bytes=A-": one range within the file. */
static bool parse_range(struct arena *arena, const char *header, int64_t bytes, int64_t *ret_first,
                        int64_t *ret_last)
{
    if (header == NULL || !text_starts(header, "bytes=") || strchr(header, ',') != NULL) {
        return false;
    }
    const char *first = header + 6;
    const char *dash = strchr(first, '-');
    if (dash == NULL || dash == first) {
        return false;
    }
    *ret_last = bytes - 1;
    bool good =
        text_to_int(arena_bytes(arena, first, (size_t)(dash - first)), 0, bytes - 1, ret_first);
    if (good && dash[1] != 0) {
        good = text_to_int(dash + 1, *ret_first, INT64_MAX, ret_last);
        *ret_last = *ret_last < bytes ? *ret_last : bytes - 1;
    }
    return good;
}

static struct MHD_Response *file_response(struct http_request *request)
{
    struct http_reply *reply = &request->reply;
    struct stat status;
    int fd = open(reply->file_path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &status) != 0) {
        if (fd >= 0) {
            (void)close(fd);
        }
        return NULL;
    }
    int64_t bytes = status.st_size;
    int64_t first = 0;
    int64_t last = bytes - 1;
    const char *range = http_header(request, "Range");
    /* A range on condition (If-Range) names a validator; downloads have none, so all is sent. */
    bool ranged = bytes > 0 && http_header(request, "If-Range") == NULL;
    if (!ranged || !parse_range(request->arena, range, bytes, &first, &last)) {
        first = 0;
        last = bytes - 1;
    } else {
        reply->status = 206;
        http_reply_header(reply, "Content-Range",
                          arena_printf(request->arena, "bytes %lld-%lld/%lld", (long long)first,
                                       (long long)last, (long long)bytes));
    }
    http_reply_header(reply, "Accept-Ranges", "bytes");
    if (reply->file_name != NULL) {
        http_reply_header(reply, "Content-Disposition",
                          disposition(request->arena, reply->file_name));
    }
    reply->body_bytes = (size_t)(last - first + 1);
    return MHD_create_response_from_fd_at_offset64((uint64_t)(last - first + 1), fd,
                                                   (uint64_t)first);
}

static bool has_header(const struct http_reply *reply, const char *name)
{
    for (unsigned i = 0; i < reply->headers_count; i++) {
        if (strcasecmp(reply->headers[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

static void add_headers(struct MHD_Response *response, const struct http_request *request)
{
    const struct http_reply *reply = &request->reply;
    const char *type =
        reply->media_type == NULL ? "application/json; charset=utf-8" : reply->media_type;
    add_security_headers(response);
    if (reply->status != 204 && reply->status != 304) {
        (void)MHD_add_response_header(response, "Content-Type", type);
    }
    (void)MHD_add_response_header(response, "X-Request-Id", request->ctx.request_id);
    for (unsigned i = 0; i < reply->headers_count; i++) {
        (void)MHD_add_response_header(response, reply->headers[i].name, reply->headers[i].value);
    }
    if (!has_header(reply, "Cache-Control")) {
        (void)MHD_add_response_header(response, "Cache-Control", "no-store");
    }
}

enum MHD_Result send_reply(struct http_request *request)
{
    struct http_reply *reply = &request->reply;
    struct MHD_Response *response = NULL;
    if (reply->file_path != NULL) {
        response = file_response(request);
        if (response == NULL) {
            reply_problem(request, FAULT_IO_FAILED, NULL);
        }
    }
    if (response == NULL) {
        /* The body lies in the request's arena, which lives until the reply is sent. */
        union {
            const char *in;
            void *out;
        } body = {.in = reply->body == NULL ? "" : reply->body};
        response =
            MHD_create_response_from_buffer(reply->body_bytes, body.out, MHD_RESPMEM_PERSISTENT);
    }
    if (response == NULL) {
        return MHD_NO;
    }
    add_headers(response, request);
    request->server->bytes_out += reply->body_bytes;
    enum MHD_Result queued =
        MHD_queue_response(request->connection, (unsigned)reply->status, response);
    MHD_destroy_response(response);
    return queued;
}
