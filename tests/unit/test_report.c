/* Files of figures: nothing in a CSV can be taken for a formula; an XLSX is a package; PDF content
 * is JSON. */
#include "check.h"
#include "report/report.h"

static struct report sample(void)
{
    static const char *heads[] = {"单位", "数"};
    static const char *cells[] = {"=1+1", "3", "-5", "-5", "a\"b", "2.5", "@x", "", "\ttab", "=A1"};
    static struct report_table table = {
        .code = "t",
        .title = "+表[1]:*?/\\'，一个超过三十一个字符的很长很长很长很长很长的名字",
        .heads = heads,
        .columns_count = 2,
        .cells = cells,
        .rows_count = 5};
    return (struct report){.title = "统计",
                           .subtitle = "2026",
                           .made_ms = 1631868000000,
                           .tables = &table,
                           .tables_count = 1};
}

static void csv_runs_nothing(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct report report = sample();
    struct report_file file;
    report_csv(&ctx, &report, &file);
    const char *text = arena_bytes(ctx.arena, file.bytes, file.count);
    check_holds(text, "\xEF\xBB\xBF\"统计\"\r\n");
    check_holds(text, "\"'+表");
    check_holds(text, "\r\n\"单位\",\"数\"\r\n\"'=1+1\",3\r\n\"'-5\",\"'-5\"\r\n\"a\"\"b\",2.5\r\n"
                      "\"'@x\",\"\"\r\n\"'\ttab\",\"'=A1\"\r\n");
}

static void xlsx_is_a_package(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct report report = sample();
    struct report_file file;
    assert_int_equal(report_xlsx(&ctx, &report, &file), FAULT_NONE);
    assert_true(file.count > 1000);
    assert_memory_equal(file.bytes, "PK\x03\x04", 4);
}

static void content_names_every_cell(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct report report = sample();
    const char *content = report_content(&ctx, &report);
    check_holds(content, "\"format\":\"report\"");
    check_holds(content, "[\"a\\\"b\",\"2.5\"]");
    check_holds(content, "\"created\":\"2021-09-17T00:00:00Z\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(csv_runs_nothing),
        cmocka_unit_test(xlsx_is_a_package),
        cmocka_unit_test(content_names_every_cell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
