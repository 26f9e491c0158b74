/* Uploads over a real connection: what arrives, what is refused, and that nothing stays behind. */
#include "check.h"
#include "http_rig.h"

#include <dirent.h>

enum { UPLOAD_MAX = 100000, ANSWER = 8192 };

static int setup(void **state)
{
    (void)state;
    return rig_start(UPLOAD_MAX) ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    rig_stop();
    return 0;
}

static void no_file_stays(void)
{
    DIR *dir = opendir(rig_folder);
    assert_non_null(dir);
    for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        assert_int_equal(entry->d_name[0], '.');
    }
    assert_int_equal(closedir(dir), 0);
}

static void expect_bytes(const void *body, size_t count, int status, const char *piece)
{
    char answer[ANSWER + 1] = "";
    char line[32];
    ssize_t got = rig_upload(body, count, answer, ANSWER);
    assert_true(got > 0);
    (void)snprintf(line, sizeof line, "HTTP/1.1 %d ", status);
    if (strncmp(answer, line, strlen(line)) != 0) {
        fail_msg("%zu bytes: not %d but %s", count, status, answer);
    }
    check_holds(answer, piece);
}

static void expect(const char *body, int status, const char *piece)
{
    expect_bytes(body, strlen(body), status, piece);
}

#define PART(disposition, content)                                                                 \
    "--bb\r\nContent-Disposition: form-data; " disposition "\r\n\r\n" content "\r\n"
#define END "--bb--\r\n"

static void files_and_fields(void **state)
{
    (void)state;
    expect(PART("name=\"file\"; filename=\"a.txt\"", "hello") END, 200,
           "\"files\":[{\"name\":\"a.txt\",\"type\":\"text/plain; charset=utf-8\",\"bytes\":5,"
           "\"there\":true}]");
    expect(PART("name=\"note\"", "一句话") PART("name=\"f\"; filename=\"一.pdf\"", "%PDF-1.4\n")
               PART("name=\"f\"; filename=\"b\"", "\x89PNG\r\n\x1a\nx") END,
           200,
           "\"note\":\"一句话\",\"body\":0,\"files\":[{\"name\":\"一.pdf\",\"type\":\"application/"
           "pdf\","
           "\"bytes\":9,\"there\":true},{\"name\":\"b\",\"type\":\"image/png\",\"bytes\":9,"
           "\"there\":true}]");
    expect(END, 200, "\"files\":[]");
}

static void content_that_looks_like_a_boundary(void **state)
{
    (void)state;
    expect(PART("name=\"f\"; filename=\"a\"", "\r\n--c\r\n--\r\n-bb--\r\n--b") END, 200,
           "\"bytes\":21,");
}

static void paths_in_names_are_cut(void **state)
{
    (void)state;
    expect(PART("name=\"f\"; filename=\"/etc/passwd\"", "x") END, 200, "\"name\":\"passwd\"");
    expect(PART("name=\"f\"; filename=\"../../x/y.txt\"", "x") END, 200, "\"name\":\"y.txt\"");
    expect(PART("name=\"f\"; filename=\"..\"", "x") END, 400, "A file name is not usable.");
    expect(PART("name=\"f\"; filename=\"a/\"", "x") END, 400, "A file name is not usable.");
    expect(PART("name=\"f\"; filename=\"\xFF\"", "x") END, 400, "A file name is not usable.");
    expect(PART("name=\"f\"; filename=\"a\x01\"", "x") END, 400, "A file name is not usable.");
}

static void empty_and_unnamed_parts(void **state)
{
    (void)state;
    expect(PART("name=\"f\"; filename=\"a.txt\"", "") END, 400, "a.txt is empty.");
    expect(PART("filename=\"a.txt\"", "x") END, 400, "has no name");
    expect("--bb\r\n\r\nx\r\n" END, 400, "has no name");
}

static void too_much(void **state)
{
    (void)state;
    SCOPED_ARENA arena = arena_create();
    struct buffer body;
    buffer_init(&body, arena);
    for (unsigned i = 0; i < 21; i++) {
        buffer_printf(&body, PART("name=\"f\"; filename=\"%u\"", "x"), i);
    }
    expect(arena_printf(arena, "%s" END, body.data), 413, "At most 20 files at once.");
    char *large = arena_alloc(arena, UPLOAD_MAX + 2);
    memset(large, 'x', UPLOAD_MAX);
    expect(arena_printf(arena, PART("name=\"f\"; filename=\"a\"", "%s") END, large), 200,
           "\"bytes\":100000,");
    large[UPLOAD_MAX] = 'x';
    expect(arena_printf(arena, PART("name=\"f\"; filename=\"a\"", "%s") END, large), 413,
           "TOO_LARGE");
    expect(arena_printf(arena, PART("name=\"note\"", "%s") END, large), 413, "TOO_LARGE");
}

static void what_is_no_form(void **state)
{
    (void)state;
    expect("", 400, "\"code\":1007");
    expect("hello", 400, "\"code\":1007");
    expect("--bb\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a\"\r\n\r\nhello", 400,
           "\"code\":1007");
    static const char zero[] = PART("name=\"f\"; filename=\"a\"", "h\0i") END;
    expect_bytes(zero, sizeof zero - 1, 200, "\"bytes\":3,\"there\":true}");
    expect_bytes(zero, sizeof zero - 1, 200, "\"type\":\"application/octet-stream\"");
    expect(PART("name=\"f\"; filename=\"a\"", "x") "--bb-", 400, "\"code\":1007");
    expect("--bb\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a\"\r\n\r\nx--bb--\r\n",
           400, "\"code\":1007");
}

/* A form must end with its last boundary: what is cut off anywhere before is not taken as a file.
 */
static void a_form_cut_off_anywhere_is_refused(void **state)
{
    (void)state;
    SCOPED_ARENA arena = arena_create();
    char *large = arena_alloc(arena, UPLOAD_MAX);
    memset(large, 'x', UPLOAD_MAX - 1);
    const char *whole = arena_printf(
        arena, PART("name=\"note\"", "n") PART("name=\"f\"; filename=\"a\"", "%s") END, large);
    size_t count = strlen(whole);
    for (size_t cut = 1; cut < count; cut += cut < 200 || cut > count - 30 ? 1 : 9973) {
        expect_bytes(whole, cut, 400, "\"code\":1007");
    }
    expect_bytes(whole, count - 2, 200,
                 "\"bytes\":99999,"); /* The last line's end may be missing. */
}

static void nothing_stays_behind(void **state)
{
    (void)state;
    /* Every connection is over; stopping waits for the last of them. */
    rig_stop();
    assert_int_equal(access(rig_folder, F_OK), -1);
    assert_true(rig_start(UPLOAD_MAX));
    no_file_stays();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_and_fields),
        cmocka_unit_test(content_that_looks_like_a_boundary),
        cmocka_unit_test(paths_in_names_are_cut),
        cmocka_unit_test(empty_and_unnamed_parts),
        cmocka_unit_test(too_much),
        cmocka_unit_test(what_is_no_form),
        cmocka_unit_test(a_form_cut_off_anywhere_is_refused),
        cmocka_unit_test(nothing_stays_behind),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
