/* Which row a path belongs to, and what it carries. */
#include "check.h"
#include "http/inner.h"

static enum fault handler(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    (void)ctx;
    (void)request;
    (void)reply;
    return FAULT_NONE;
}

static const struct http_route routes[] = {
    {HTTP_GET, "/a", 1, HTTP_NO_BODY, handler},
    {HTTP_POST, "/a", 2, HTTP_JSON, handler},
    {HTTP_GET, "/a/{id}", 3, HTTP_NO_BODY, handler},
    {HTTP_POST, "/a/{id}/actions/{action}", 4, HTTP_JSON, handler},
    {HTTP_GET, "/", 5, HTTP_NO_BODY, handler},
};

/* The permission of the row found, as its name; or the fault. */
static int found(struct arena *arena, enum http_method method, const char *path,
                 struct http_request *request, const char **ret_allow)
{
    static struct http_server server = {
        .options = {.routes = routes, .routes_count = sizeof routes / sizeof routes[0]}};
    *request = (struct http_request){.server = &server, .arena = arena, .method = method};
    ctx_init(&request->ctx, arena, 0);
    enum fault fault = route_find(request, path, ret_allow);
    return fault == FAULT_NONE ? (int)request->route->permission : (int)fault;
}

static void rows_by_path_and_method(void **state)
{
    (void)state;
    static const struct {
        enum http_method method;
        const char *path;
        int expected;
        const char *allow;
    } rows[] = {{HTTP_GET, "/a", 1, NULL},
                {HTTP_POST, "/a", 2, "GET, HEAD"},
                {HTTP_GET, "/a/x", 3, NULL},
                {HTTP_POST, "/a/x/actions/y", 4, NULL},
                {HTTP_GET, "/", 5, NULL},
                {HTTP_DELETE, "/a", FAULT_METHOD, "GET, HEAD, POST"},
                {HTTP_GET, "/a/x/actions/y", FAULT_METHOD, "POST"},
                {HTTP_GET, "/b", FAULT_NOT_FOUND, NULL},
                {HTTP_GET, "", FAULT_NOT_FOUND, NULL},
                {HTTP_GET, "a", FAULT_NOT_FOUND, NULL},
                {HTTP_GET, "/a/", FAULT_NOT_FOUND, NULL},
                {HTTP_GET, "//a", FAULT_NOT_FOUND, NULL},
                {HTTP_GET, "/a/x/", FAULT_NOT_FOUND, NULL},
                {HTTP_GET, "/A", FAULT_NOT_FOUND, NULL},
                {HTTP_GET, "/ab", FAULT_NOT_FOUND, NULL},
                {HTTP_POST, "/a//actions/y", FAULT_NOT_FOUND, NULL},
                {HTTP_POST, "/a/x/actions", FAULT_NOT_FOUND, NULL},
                {HTTP_GET, "/a/%zz", FAULT_MALFORMED, NULL}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        SCOPED_ARENA arena = arena_create();
        struct http_request request;
        const char *allow = NULL;
        int got = found(arena, rows[i].method, rows[i].path, &request, &allow);
        if (got != rows[i].expected) {
            fail_msg("%s: %d", rows[i].path, got);
        }
        if (got == FAULT_METHOD) {
            assert_string_equal(allow, rows[i].allow);
        }
    }
}

static void values_are_decoded(void **state)
{
    (void)state;
    SCOPED_ARENA arena = arena_create();
    struct http_request request;
    const char *allow = NULL;
    assert_int_equal(found(arena, HTTP_POST, "/a/%E5%9B%B4/actions/x%2Fy%20+", &request, &allow),
                     4);
    assert_string_equal(http_path_value(&request, "id"), "围");
    assert_string_equal(http_path_value(&request, "action"), "x/y +");
    assert_null(http_path_value(&request, "other"));
}

static void escapes_are_strict(void **state)
{
    (void)state;
    SCOPED_ARENA arena = arena_create();
    static const char *const bad[] = {"%",  "%4",  "%g0",    "%0g",       "%00",
                                      "a%", "%FF", "%C0%80", "%ED%A0%80", "%%30"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_null(percent_decode(arena, bad[i], strlen(bad[i])));
    }
    assert_string_equal(percent_decode(arena, "", 0), "");
    assert_string_equal(percent_decode(arena, "%41%4a%4A", 9), "AJJ");
    assert_string_equal(percent_decode(arena, "a%41", 1), "a");
    assert_null(percent_decode(arena, "%41", 2));
    assert_string_equal(percent_decode(arena, "%F0%A0%AE%B7", 12), "𠮷");
}

static void file_names_are_cleaned(void **state)
{
    (void)state;
    SCOPED_ARENA arena = arena_create();
    static const char *const rows[][2] = {{"a.pdf", "a.pdf"},
                                          {"/etc/passwd", "passwd"},
                                          {"C:\\x\\y.doc", "y.doc"},
                                          {"../../a", "a"},
                                          {"a/b\\c/d", "d"},
                                          {"围标 材料.pdf", "围标 材料.pdf"},
                                          {" ", " "},
                                          {"", NULL},
                                          {".", NULL},
                                          {"..", NULL},
                                          {"a/", NULL},
                                          {"a/..", NULL},
                                          {"a\nb", NULL},
                                          {"a\tb", NULL},
                                          {"a\x01", NULL},
                                          {"\xFF", NULL},
                                          {"a\u202Efdp.exe", NULL},
                                          {"...", "..."},
                                          {".a", ".a"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *clean = file_name_clean(arena, rows[i][0]);
        if (!text_equal(clean, rows[i][1])) {
            fail_msg("\"%s\" became \"%s\"", rows[i][0], clean == NULL ? "(null)" : clean);
        }
    }
    struct buffer large;
    buffer_init(&large, arena);
    for (unsigned i = 0; i < 200; i++) {
        buffer_text(&large, "字");
    }
    assert_non_null(file_name_clean(arena, large.data));
    buffer_text(&large, "字");
    assert_null(file_name_clean(arena, large.data));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_by_path_and_method),
        cmocka_unit_test(values_are_decoded),
        cmocka_unit_test(escapes_are_strict),
        cmocka_unit_test(file_names_are_cleaned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
