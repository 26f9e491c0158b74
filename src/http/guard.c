/*
 * The library of Debian 12 lets requests through that two programs could read in two ways
 * (CWE-444). Here they are refused before anything else looks at them.
 */
#include "base/limit.h"
#include "http/inner.h"

#include <string.h>
#include <strings.h>

struct seen {
    unsigned lengths, encodings, hosts;
    bool bad_name, bad_value, bad_encoding, bad_length;
};

static bool is_token(const char *name, size_t bytes)
{
    static const char others[] = "!#$%&'*+-.^_`|~";
    for (size_t i = 0; i < bytes; i++) {
        char c = name[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && (c == 0 || strchr(others, c) == NULL)) {
            return false;
        }
    }
    return bytes > 0;
}

static bool has_control(const char *value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        unsigned char c = (unsigned char)value[i];
        if ((c < 0x20 && c != '\t') || c == 0x7F) {
            return true;
        }
    }
    return false;
}

static bool named(const char *name, size_t bytes, const char *wanted)
{
    return bytes == strlen(wanted) && strncasecmp(name, wanted, bytes) == 0;
}

static enum MHD_Result look_at(void *cls, enum MHD_ValueKind kind, const char *name,
                               size_t name_bytes, const char *value, size_t value_bytes)
{
    struct seen *seen = cls;
    (void)kind;
    seen->bad_name = seen->bad_name || !is_token(name, name_bytes);
    seen->bad_value = seen->bad_value || has_control(value, value_bytes);
    if (named(name, name_bytes, "Content-Length")) {
        seen->lengths++;
        seen->bad_length =
            seen->bad_length || value_bytes == 0 || strspn(value, "0123456789") != value_bytes;
    } else if (named(name, name_bytes, "Transfer-Encoding")) {
        seen->encodings++;
        seen->bad_encoding = seen->bad_encoding || strcasecmp(value, "chunked") != 0;
    } else if (named(name, name_bytes, "Host")) {
        seen->hosts++;
    }
    return MHD_YES;
}

/* Handlers read query values as they need them; a bad one is refused before any of them runs. */
static enum MHD_Result look_at_query(void *cls, enum MHD_ValueKind kind, const char *name,
                                     size_t name_bytes, const char *value, size_t value_bytes)
{
    struct http_request *request = cls;
    (void)kind;
    bool good = percent_decode(request->arena, name, name_bytes) != NULL &&
                (value == NULL || percent_decode(request->arena, value, value_bytes) != NULL);
    if (!good) {
        request->fault = FAULT_MALFORMED;
    }
    return good ? MHD_YES : MHD_NO;
}

static enum fault check_query(struct http_request *request)
{
    (void)MHD_get_connection_values_n(request->connection, MHD_GET_ARGUMENT_KIND, look_at_query,
                                      request);
    enum fault fault = request->fault;
    request->fault = FAULT_NONE;
    return fault == FAULT_NONE
               ? fault
               : ctx_fail(&request->ctx, fault, "The query is not valid.", "查询参数编码不正确。");
}

static bool too_long(const struct http_request *request)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    return info != NULL && info->header_size > LIMIT_HEADER_BYTES;
}

static const struct {
    const char *name;
    enum http_method method;
    bool head;
} methods[] = {{"GET", HTTP_GET, false},     {"HEAD", HTTP_GET, true},
               {"POST", HTTP_POST, false},   {"PUT", HTTP_PUT, false},
               {"PATCH", HTTP_PATCH, false}, {"DELETE", HTTP_DELETE, false}};

/* A blank or a byte outside ASCII in the path: where does the path end? */
static bool is_path(const char *path)
{
    for (const unsigned char *p = (const unsigned char *)path; *p != 0; p++) {
        if (*p <= 0x20 || *p >= 0x7F) {
            return false;
        }
    }
    return path[0] == '/';
}

enum fault guard_check(struct http_request *request, const char *path, const char *method,
                       const char *version)
{
    struct ctx *ctx = &request->ctx;
    struct seen seen = {.lengths = 0};
    (void)MHD_get_connection_values_n(request->connection, MHD_HEADER_KIND, look_at, &seen);
    bool two_ways = seen.lengths > 1 || seen.encodings > 1 || seen.bad_encoding ||
                    (seen.lengths > 0 && seen.encodings > 0) || seen.bad_length;
    if (two_ways || seen.bad_name || seen.bad_value) {
        return ctx_fail(ctx, FAULT_MALFORMED, "The request's header is malformed.",
                        "请求头格式不正确。");
    }
    if (strcmp(version, "HTTP/1.0") != 0 ? seen.hosts != 1 : seen.hosts > 1) {
        return ctx_fail(ctx, FAULT_MALFORMED, "One Host header is needed.",
                        "应有且仅有一个Host头。");
    }
    if (too_long(request)) {
        return FAULT_HEADER_TOO_LARGE;
    }
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        if (strcmp(methods[i].name, method) == 0) {
            request->method = methods[i].method;
            request->head = methods[i].head;
            return is_path(path) ? check_query(request)
                                 : ctx_fail(ctx, FAULT_MALFORMED, "The path is not valid.",
                                            "路径编码不正确。");
        }
    }
    return FAULT_NOT_IMPLEMENTED;
}
