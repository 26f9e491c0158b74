/* What handlers ask of a request. */
#include "http/inner.h"

#include <arpa/inet.h>
#include <string.h>

void *http_owner(const struct http_request *request)
{
    return request->server->options.owner;
}

const char *http_path_value(const struct http_request *request, const char *name)
{
    for (size_t i = 0; i < request->values_count; i++) {
        if (strcmp(request->values[i].name, name) == 0) {
            return request->values[i].value;
        }
    }
    return NULL;
}

const char *http_query(const struct http_request *request, const char *name)
{
    const char *raw = MHD_lookup_connection_value(request->connection, MHD_GET_ARGUMENT_KIND, name);
    if (raw == NULL) {
        return NULL;
    }
    const char *value = percent_decode(request->arena, raw, strlen(raw));
    return value == NULL ? "" : value;
}

const char *http_header(const struct http_request *request, const char *name)
{
    return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
}

bool etag_matches(const struct http_request *request, const char *etag)
{
    const char *list = http_header(request, "If-None-Match");
    size_t length = strlen(etag);
    for (const char *p = list; p != NULL && *p != 0;) {
        p += strspn(p, " \t,");
        size_t item = strcspn(p, ",");
        const char *tag = strncmp(p, "W/", 2) == 0 ? p + 2 : p;
        if (*p == '*' || strncmp(tag, etag, length) == 0) {
            return true;
        }
        p += item;
    }
    return false;
}

bool http_reply_known(const struct http_request *request, struct http_reply *reply,
                      const char *etag)
{
    http_reply_header(reply, "ETag", etag);
    bool known = etag_matches(request, etag);
    reply->status = known ? 304 : reply->status;
    return known;
}

const char *http_cookie(const struct http_request *request, const char *name)
{
    return MHD_lookup_connection_value(request->connection, MHD_COOKIE_KIND, name);
}

const char *http_body(const struct http_request *request, size_t *ret_bytes)
{
    *ret_bytes = request->body.count;
    return request->body.data;
}

const struct http_upload *http_uploads(const struct http_request *request)
{
    return request->uploads;
}

const char *http_form(const struct http_request *request, const char *name)
{
    for (const struct form_field *field = request->fields; field != NULL; field = field->next) {
        if (strcmp(field->name, name) == 0) {
            return field->value.data;
        }
    }
    return NULL;
}

static const struct sockaddr *address_of(const struct http_request *request)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    return info == NULL ? NULL : info->client_addr;
}

const char *http_peer(const struct http_request *request)
{
    const struct sockaddr *address = address_of(request);
    char *text = arena_alloc(request->arena, INET6_ADDRSTRLEN);
    if (address != NULL && address->sa_family == AF_INET) {
        const struct sockaddr_in *four = (const struct sockaddr_in *)(const void *)address;
        (void)inet_ntop(AF_INET, &four->sin_addr, text, INET6_ADDRSTRLEN);
    } else if (address != NULL && address->sa_family == AF_INET6) {
        const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)(const void *)address;
        (void)inet_ntop(AF_INET6, &six->sin6_addr, text, INET6_ADDRSTRLEN);
    }
    return text;
}

bool http_peer_is_loopback(const struct http_request *request)
{
    const char *peer = http_peer(request);
    return text_starts(peer, "127.") || strcmp(peer, "::1") == 0;
}

enum http_method http_request_method(const struct http_request *request)
{
    return request->method;
}

const struct http_route *http_request_route(const struct http_request *request)
{
    return request->route;
}
