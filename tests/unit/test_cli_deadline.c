/* `liandong deadline`: a contract other programs use. */
#include "base/buffer.h"
#include "run.h"

#define FORM   "error: a line is FROM, one blank, WITHIN\n"
#define FROM   "error: FROM must be a day (2026-02-13) or a minute (2026-02-13T09:30)\n"
#define WITHIN "error: WITHIN must be like 5wd, 7d, 24h, 3m, 1y (at most 10000)\n"
#define LONGER "error: the line is too long\n"
#define RANGE  "error: The calendar holds 2021-01-01 to 2040-12-31 only.\n"

static void expect_batch(const char *input, int status, const char *out)
{
    expect_run("deadline --batch --lang en", input, status, out);
}

static void one_date_then_the_explanation(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct ran zh = run_program(&ctx, "deadline --from 2026-02-13 --within 5wd", NULL);
    assert_int_equal(zh.status, 0);
    assert_string_equal(zh.err, "");
    assert_ptr_equal(strstr(zh.out, "2026-02-27\n期限：5个工作日。"), zh.out);
    check_holds(zh.out, "\n2026-02-14     1  春节调休上班\n2026-02-15     -  春节放假\n");
    check_holds(zh.out, "\n2026-02-27     5  工作日\n日历版本：");
    struct ran en = run_program(&ctx, "deadline --within 5wd --from 2026-02-13 --lang en", NULL);
    assert_int_equal(en.status, 0);
    assert_ptr_equal(strstr(en.out, "2026-02-27\nPeriod: 5 working days. "), en.out);
    check_holds(en.out, "\n2026-02-27     5  working day\nCalendar edition: ");
}

static void one_as_json(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct ran ran =
        run_program(&ctx, "deadline --from 2026-02-13T09:30 --within 24h --json", NULL);
    assert_int_equal(ran.status, 0);
    const char *head =
        "{\"from\":\"2026-02-13T09:30\",\"within\":\"24h\",\"due\":\"2026-02-14T09:30\","
        "\"provisional\":false,\"calendar\":\"";
    assert_ptr_equal(strstr(ran.out, head), ran.out);
    static const char tail[] = ",\"days\":[]}\n";
    assert_string_equal(ran.out + ran.out_count - strlen(tail), tail);
}

static void a_provisional_date_says_so(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct ran ran = run_program(&ctx, "deadline --from 2026-12-30 --within 10wd", NULL);
    assert_int_equal(ran.status, 0);
    assert_ptr_equal(strstr(ran.out, "2027-01-14 provisional\n"), ran.out);
    ran = run_program(&ctx, "deadline --from 2026-12-30 --within 10wd --json", NULL);
    check_holds(ran.out, "\"due\":\"2027-01-14\",\"provisional\":true");
}

static void wrong_command_lines_end_with_2(void **state)
{
    (void)state;
    static const char *const rows[] = {"deadline",
                                       "deadline --from 2026-02-13",
                                       "deadline --within 5wd",
                                       "deadline --from 2026-02-30 --within 5wd",
                                       "deadline --from 2026-02-13 --within 5",
                                       "deadline --from 2026-02-13 --within 10001wd",
                                       "deadline --from",
                                       "deadline --form 2026-02-13 --within 5wd",
                                       "deadline 2026-02-13 5wd",
                                       "deadline --from '' --within ''",
                                       "dedline",
                                       ""};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        expect_run(rows[i], NULL, 2, "");
    }
}

static void what_can_not_be_answered_ends_with_1(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "deadline --from 1999-01-01 --within 5wd --lang en",
        "deadline --from 2026-01-01 --within 10000y --lang en --json"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        CHECK_CTX(ctx);
        struct ran ran = run_program(&ctx, rows[i], NULL);
        assert_int_equal(ran.status, 1);
        assert_string_equal(ran.out, "");
        assert_string_equal(ran.err, "The calendar holds 2021-01-01 to 2040-12-31 only.\n");
    }
    CHECK_CTX(ctx);
    struct ran ran = run_program(
        &ctx, "deadline --from 2026-02-13 --within 5wd --calendar /nowhere/c.yaml --lang en", NULL);
    assert_int_equal(ran.status, 1);
    check_holds(ran.err, "/nowhere/c.yaml: No such file");
}

static void a_batch_of_good_lines(void **state)
{
    (void)state;
    expect_batch(
        "2021-09-17 3wd\n2021-09-30 5wd\n2022-01-28 5wd\n2024-02-08 10wd\n2025-12-31 3wd\n"
        "2026-02-13 5wd\n2026-04-30 3wd\n2021-09-24 7d\n2026-02-11 7d\n2024-09-07 7d\n"
        "2021-09-24 30wd\n",
        0,
        "2021-09-23\n2021-10-13\n2022-02-09\n2024-02-28\n2026-01-06\n2026-02-27\n2026-05-08\n"
        "2021-10-08\n2026-02-24\n2024-09-14\n2021-11-10\n");
    expect_batch("2021-01-31 1m\n2024-02-29 1y\n2026-02-13T09:30 24h\n2026-02-13 24h\n"
                 "2021-09-17T16:40 3wd\n2026-12-28 4wd\n2026-12-31T23:00 2h\n",
                 0,
                 "2021-03-01\n2025-02-28\n2026-02-14T09:30\n2026-02-14T00:00\n2021-09-23\n"
                 "2027-01-04 provisional\n2027-01-01T01:00\n");
    expect_batch("", 0, "");
}

static void each_bad_line_has_its_own_answer_and_good_ones_go_on(void **state)
{
    (void)state;
    static const struct {
        const char *line, *answer;
    } rows[] = {{"", FORM},
                {" ", FROM},
                {"2026-02-13", FORM},
                {"2026-02-13\t5wd", FORM},
                {"2026-02-13  5wd", WITHIN},
                {" 2026-02-13 5wd", FROM},
                {"2026-02-13 5wd ", WITHIN},
                {"2026-02-13 5wd x", WITHIN},
                {"2026-02-29 5wd", FROM},
                {"2026-2-13 5wd", FROM},
                {"2026-02-13T25:00 5wd", FROM},
                {"2026-02-13T09:30:00 5wd", FROM},
                {"999999999999999999999-02-13 5wd", FROM},
                {"2026-02-13 99999999999999999999999wd", WITHIN},
                {"2026-02-13 4294967301wd", WITHIN},
                {"2026-02-13 10001wd", WITHIN},
                {"2026-02-13 0wd", WITHIN},
                {"2026-02-13 -5wd", WITHIN},
                {"2026-02-13 5WD", WITHIN},
                {"2026-02-13 五wd", WITHIN},
                {"起点 期限", FROM},
                {"\xFF\xFE \x80", FROM},
                {"1999-12-31 5wd", RANGE},
                {"2041-01-01 5wd", RANGE},
                {"2026-02-13 10000wd", RANGE},
                {"2026-02-13 10000d", RANGE},
                {"2026-02-13 10000m", RANGE},
                {"2026-02-13 10000y", RANGE},
                {"2040-12-31 1wd", RANGE},
                {"2026-02-13\r", FORM}};
    SCOPED_ARENA arena = arena_create();
    struct buffer input;
    struct buffer expected;
    buffer_init(&input, arena);
    buffer_init(&expected, arena);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        buffer_printf(&input, "%s\n2026-02-13 5wd\n", rows[i].line);
        buffer_printf(&expected, "%s2026-02-27\n", rows[i].answer);
    }
    expect_batch(input.data, 1, expected.data);
}

static void line_ends(void **state)
{
    (void)state;
    expect_batch("2026-02-13 5wd\r\n2026-02-13 24h\r\n", 0, "2026-02-27\n2026-02-14T00:00\n");
    expect_batch("2026-02-13 5wd\n2026-02-13 24h", 0, "2026-02-27\n2026-02-14T00:00\n");
    expect_batch("2026-02-13 5wd\n\n", 1, "2026-02-27\n" FORM);
    expect_batch("2026-02-13 5wd\r\r\n", 1, WITHIN);
}

static void a_zero_byte_is_a_bad_line(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    static const char input[] = "2026-02-13\0 5wd\n2026-02-13 5wd\0\n\0\n2026-02-13 5wd\n";
    struct ran ran = run_bytes(&ctx, "deadline --batch --lang en", input, sizeof input - 1);
    assert_string_equal(ran.out, FORM FORM FORM "2026-02-27\n");
    assert_int_equal(ran.status, 1);
}

/* Lines of every length around the limits, and some beyond the program's buffer of 1 MiB. */
static void very_long_lines(void **state)
{
    (void)state;
    static const size_t lengths[] = {
        255,     256,           257,           65536,          (1 << 20) - 1,
        1 << 20, (1 << 20) + 1, (2 << 20) - 1, (2 << 20) + 17, 5 << 20};
    SCOPED_ARENA arena = arena_create();
    struct buffer input;
    struct buffer expected;
    buffer_init(&input, arena);
    buffer_init(&expected, arena);
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        char *line = arena_alloc(arena, lengths[i] + 1);
        memset(line, 'x', lengths[i]);
        buffer_printf(&input, "%s\n2026-02-13 5wd\n", line);
        buffer_text(&expected, lengths[i] < 256 ? FORM : LONGER);
        buffer_text(&expected, "2026-02-27\n");
    }
    char *last = arena_alloc(arena, (3 << 20) + 1);
    memset(last, 'y', 3 << 20);
    buffer_text(&input, last); /* Without a line end. */
    buffer_text(&expected, LONGER);
    expect_batch(input.data, 1, expected.data);
}

/* More lines than the buffers hold: none lost, none doubled, in order. */
static void many_lines_stay_in_order(void **state)
{
    (void)state;
    enum { LINES = 200000 };
    SCOPED_ARENA arena = arena_create();
    struct buffer input;
    struct buffer expected;
    buffer_init(&input, arena);
    buffer_init(&expected, arena);
    for (unsigned i = 0; i < LINES; i++) {
        unsigned minute = i % 1440;
        char line[64];
        char due[64];
        (void)snprintf(line, sizeof line, "2026-03-%02uT%02u:%02u 24h\n", 1 + i % 30, minute / 60,
                       minute % 60);
        (void)snprintf(due, sizeof due, "2026-03-%02uT%02u:%02u\n", 2 + i % 30, minute / 60,
                       minute % 60);
        buffer_text(&input, line);
        buffer_text(&expected, due);
    }
    expect_batch(input.data, 0, expected.data);
}

static void mistakes_in_chinese_too(void **state)
{
    (void)state;
    expect_run("deadline --batch", "x\nx 1d\n2026-01-01 x\n1999-01-01 1d\n", 1,
               "error: 每行应为“起点 期限”，中间一个空格\n"
               "error: 起点应为日期（2026-02-13）或时刻（2026-02-13T09:30）\n"
               "error: 期限应为5wd、7d、24h、3m、1y等形式（最多10000）\n"
               "error: 日历只包含2021-01-01至2040-12-31。\n");
}

static void an_answer_that_can_not_be_written_is_a_failure(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct ran ran = run_program(&ctx, "deadline --batch > /dev/full", "2026-02-13 5wd\n");
    assert_int_equal(ran.status, 1);
    ran = run_program(&ctx, "deadline --from 2026-02-13 --within 5wd > /dev/full", NULL);
    assert_int_equal(ran.status, 1);
    assert_string_not_equal(ran.err, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_date_then_the_explanation),
        cmocka_unit_test(one_as_json),
        cmocka_unit_test(a_provisional_date_says_so),
        cmocka_unit_test(wrong_command_lines_end_with_2),
        cmocka_unit_test(what_can_not_be_answered_ends_with_1),
        cmocka_unit_test(a_batch_of_good_lines),
        cmocka_unit_test(each_bad_line_has_its_own_answer_and_good_ones_go_on),
        cmocka_unit_test(line_ends),
        cmocka_unit_test(a_zero_byte_is_a_bad_line),
        cmocka_unit_test(very_long_lines),
        cmocka_unit_test(many_lines_stay_in_order),
        cmocka_unit_test(mistakes_in_chinese_too),
        cmocka_unit_test(an_answer_that_can_not_be_written_is_a_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
