/* What could be read in two ways is refused before anything looks at it. */
#include "check.h"
#include "http_rig.h"

static int setup(void **state)
{
    (void)state;
    return rig_start(1000) ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    rig_stop();
    return 0;
}

static void expect_bytes(const void *request, size_t count, int status)
{
    char answer[8193] = "";
    char line[32];
    ssize_t got = rig_exchange(request, count, answer, 8192);
    (void)snprintf(line, sizeof line, "HTTP/1.1 %d ", status);
    if (got <= 0 || strncmp(answer, line, strlen(line)) != 0) {
        fail_msg("not %d but \"%s\" to \"%s\"", status, answer, (const char *)request);
    }
}

static void expect(const char *request, int status)
{
    expect_bytes(request, strlen(request), status);
}

#define GET "GET /get/1/2 HTTP/1.1\r\nConnection: close\r\n"
#define POST                                                                                       \
    "POST /json HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n"

static void plain_requests_pass(void **state)
{
    (void)state;
    expect(GET "Host: x\r\n\r\n", 200);
    expect(POST "Content-Length: 2\r\n\r\n{}", 200);
    expect(POST "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 200);
    expect("HEAD /get/1/2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 200);
}

static void lengths_that_can_be_read_two_ways(void **state)
{
    (void)state;
    expect(POST "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 400);
    expect(POST "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 400);
    expect(POST "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", 400);
    expect(POST "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", 400);
    expect(POST "Content-Length: +2\r\n\r\n{}", 400);
    expect(POST "Content-Length: -2\r\n\r\n{}", 400);
    expect(POST "Content-Length: 0x2\r\n\r\n{}", 400);
    expect(POST "Content-Length: 2,2\r\n\r\n{}", 400);
    expect(POST "Content-Length:\r\n\r\n{}", 400);
    expect(POST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400);
    expect(POST "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400);
    expect(POST "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400);
}

static void hosts(void **state)
{
    (void)state;
    expect(GET "\r\n", 400);
    expect(GET "Host: a\r\nHost: b\r\n\r\n", 400);
    expect("GET /get/1/2 HTTP/1.0\r\n\r\n", 200);
    expect("GET /get/1/2 HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", 400);
}

static void names_and_values(void **state)
{
    (void)state;
    expect(GET "Host: x\r\nX-A : 1\r\n\r\n", 400);
    expect(GET "Host: x\r\nX\x01Y: 1\r\n\r\n", 400);
    expect(GET "Host: x\r\nX-A: 1\x7F\r\n\r\n", 400);
    expect(GET "Host: x\r\nX-A: \x1B[0m\r\n\r\n", 400);
    expect(GET "Host: x\r\nX-A: 一 tab\there\r\n\r\n", 200);
}

static void methods(void **state)
{
    (void)state;
    expect("BREW /get/1/2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 501);
    expect("get /get/1/2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 501);
    expect("DELETE /get/1/2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 405);
    expect("GET /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 404);
}

static void paths_and_queries(void **state)
{
    (void)state;
    static const struct {
        const char *target;
        int status;
    } rows[] = {{"/get/%E4%B8%AD/2", 200}, {"/get/%FF/2", 400},     {"/get/%00/2", 400},
                {"/get/%4/2", 400},        {"/get/%zz/2", 400},     {"/get/1", 404},
                {"/get/1/2/", 404},        {"/get//2", 404},        {"/get/1/2?q=%E4%B8%AD", 200},
                {"/get/1/2?q=%FF", 400},   {"/get/1/2?q=%zz", 400}, {"/get/../2", 200},
                {"/get/1/2?q", 200}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        SCOPED_ARENA arena = arena_create();
        expect(arena_printf(arena, "GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                            rows[i].target),
               rows[i].status);
    }
}

static void bodies(void **state)
{
    (void)state;
    expect(POST "Content-Length: 1\r\n\r\n\xFF", 400);
    expect("POST /json HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}",
           415);
    expect("POST /up HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: text/plain\r\n"
           "Content-Length: 2\r\n\r\n{}",
           415);
    SCOPED_ARENA arena = arena_create();
    struct buffer body;
    buffer_init(&body, arena);
    for (size_t i = 0; i < 1024 * 1024; i++) {
        buffer_char(&body, ' ');
    }
    expect(arena_printf(arena, POST "Content-Length: 1048576\r\n\r\n%s", body.data), 200);
    expect(arena_printf(arena, POST "Content-Length: 1048577\r\n\r\n%s ", body.data), 413);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_requests_pass),
        cmocka_unit_test(lengths_that_can_be_read_two_ways),
        cmocka_unit_test(hosts),
        cmocka_unit_test(names_and_values),
        cmocka_unit_test(methods),
        cmocka_unit_test(paths_and_queries),
        cmocka_unit_test(bodies),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
