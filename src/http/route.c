/* Which row of the table a path belongs to. */
#include "http/inner.h"

#include <string.h>

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    char lower = (char)(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

char *percent_decode(struct arena *arena, const char *text, size_t bytes)
{
    char *made = arena_alloc(arena, bytes + 1);
    size_t count = 0;
    for (size_t i = 0; i < bytes; i++) {
        char c = text[i];
        if (c == '%') {
            int high = i + 1 < bytes ? hex_digit(text[i + 1]) : -1;
            int low = i + 2 < bytes ? hex_digit(text[i + 2]) : -1;
            if (high < 0 || low < 0 || (high == 0 && low == 0)) {
                return NULL;
            }
            c = (char)(high << 4 | low);
            i += 2;
        }
        made[count++] = c;
    }
    made[count] = 0;
    return text_is_utf8(made, count) ? made : NULL;
}

/* The part up to the next slash. */
static size_t segment(const char *text)
{
    return strcspn(text, "/");
}

/* Does the path fit the pattern? Values are kept in the request. False with *ret_bad for a bad
 * escape. */
static bool fits(struct http_request *request, const char *pattern, const char *path, bool *ret_bad)
{
    request->values_count = 0;
    while (*pattern != 0 && *path != 0) {
        size_t want = segment(pattern);
        size_t have = segment(path);
        if (want > 0 && pattern[0] == '{') {
            struct path_value *value = &request->values[request->values_count++];
            value->name = arena_bytes(request->arena, pattern + 1, want - 2);
            value->value = percent_decode(request->arena, path, have);
            *ret_bad = *ret_bad || value->value == NULL;
            if (have == 0) {
                return false;
            }
        } else if (want != have || strncmp(pattern, path, want) != 0) {
            return false;
        }
        pattern += want;
        path += have;
        if (*pattern != *path) {
            return false;
        }
        pattern += *pattern == '/' ? 1 : 0;
        path += *path == '/' ? 1 : 0;
    }
    return *pattern == 0 && *path == 0;
}

static const char *method_name(enum http_method method)
{
    static const char *const names[] = {"GET, HEAD", "POST", "PUT", "PATCH", "DELETE"};
    return names[method];
}

enum fault route_find(struct http_request *request, const char *path, const char **ret_allow)
{
    const struct http_options *options = &request->server->options;
    *ret_allow = NULL;
    for (size_t i = 0; i < options->routes_count; i++) {
        bool bad = false;
        if (!fits(request, options->routes[i].pattern, path, &bad)) {
            continue;
        }
        if (bad) {
            return ctx_fail(&request->ctx, FAULT_MALFORMED, "The path is not valid.",
                            "路径编码不正确。");
        }
        if (options->routes[i].method == request->method) {
            request->route = &options->routes[i];
            return FAULT_NONE;
        }
        const char *name = method_name(options->routes[i].method);
        *ret_allow =
            *ret_allow == NULL ? name : arena_printf(request->arena, "%s, %s", *ret_allow, name);
    }
    return *ret_allow == NULL ? FAULT_NOT_FOUND : FAULT_METHOD;
}
