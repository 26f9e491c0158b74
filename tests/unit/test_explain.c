/* The explanation says what the count says, for every day. */
#include "calendar_slow.h"

static const char *explained(struct ctx *ctx, const char *from, const char *within, bool json)
{
    struct span span;
    struct buffer text;
    struct json_writer writer;
    int64_t from_ms = 0;
    buffer_init(&text, ctx->arena);
    json_writer_init(&writer, &text);
    if (!minute_parse(from, &from_ms)) {
        from_ms = date_start_ms(day_of(from));
    }
    assert_true(span_parse(within, &span));
    enum fault fault =
        json ? calendar_explain_json(the_calendar, ctx, from_ms, &span, NULL, 0, &writer)
             : calendar_explain_text(the_calendar, ctx, from_ms, &span, NULL, 0, ctx->lang, &text);
    assert_int_equal(fault, FAULT_NONE);
    return text.data;
}

static void text_in_chinese(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    ctx.lang = LANG_ZH;
    const char *edition = calendar_edition(the_calendar);
    assert_string_equal(explained(&ctx, "2021-09-17", "5wd", false),
                        arena_printf(ctx.arena,
                                     "期限：5个工作日。自次日起算，只计工作日（含调休上班日）。\n"
                                     "2021-09-18     1  中秋节调休上班\n"
                                     "2021-09-19     -  中秋节放假\n"
                                     "2021-09-20     -  中秋节放假\n"
                                     "2021-09-21     -  中秋节放假\n"
                                     "2021-09-22     2  工作日\n"
                                     "2021-09-23     3  工作日\n"
                                     "2021-09-24     4  工作日\n"
                                     "2021-09-25     -  周末\n"
                                     "2021-09-26     5  国庆节调休上班\n"
                                     "日历版本：%s\n",
                                     edition));
}

static void text_in_english(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    const char *edition = calendar_edition(the_calendar);
    assert_string_equal(
        explained(&ctx, "2026-12-30", "3d", false),
        arena_printf(
            ctx.arena,
            "Period: 3 days. Counted from the next day, every day; a last day that is a "
            "rest day moves to the next working day.\n"
            "2026-12-31     1  working day\n"
            "2027-01-01     2  day off (New Year) (provisional: no notice yet)\n"
            "2027-01-02     3  weekend (provisional: no notice yet)\n"
            "2027-01-03     -  weekend (provisional: no notice yet); the last day moves on\n"
            "2027-01-04     -  working day (provisional: no notice yet); the last day moves "
            "on\n"
            "Calendar edition: %s\n",
            edition));
}

static void as_json(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    const char *edition = calendar_edition(the_calendar);
    assert_string_equal(
        explained(&ctx, "2026-02-13T09:30", "1wd", true),
        arena_printf(
            ctx.arena,
            "{\"from\":\"2026-02-13T09:30\",\"within\":\"1wd\",\"due\":\"2026-02-14\","
            "\"provisional\":false,\"calendar\":\"%s\",\"rule\":{\"zh\":"
            "\"自次日起算，只计工作日（含调休上班日）\",\"en\":\"Counted from the next day; "
            "only days that are worked count, make-up days included\"},\"days\":[{\"date\":"
            "\"2026-02-14\",\"kind\":\"makeup\",\"counted\":1,\"why\":{\"zh\":"
            "\"春节调休上班\",\"en\":\"make-up working day (Spring Festival)\"}}]}",
            edition));
    assert_string_equal(
        explained(&ctx, "2026-02-14T09:30", "24h", true),
        arena_printf(
            ctx.arena,
            "{\"from\":\"2026-02-14T09:30\",\"within\":\"24h\",\"due\":"
            "\"2026-02-15T09:30\",\"provisional\":false,\"calendar\":\"%s\",\"rule\":"
            "{\"zh\":\"自该时刻起算，节假日不扣除\",\"en\":\"Counted from the minute; rest "
            "days are not left out\"},\"days\":[]}",
            edition));
}

static void a_long_one_is_cut(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    const char *json = explained(&ctx, "2021-01-04", "3y", true);
    check_holds(json, "],\"cut\":true}");
    size_t days = 0;
    for (const char *p = strstr(json, "\"date\""); p != NULL; p = strstr(p + 1, "\"date\"")) {
        days++;
    }
    assert_int_equal(days, 800);
    assert_null(strstr(explained(&ctx, "2021-01-04", "1y", true), "\"cut\""));
}

/* What a walk over the listed days finds. */
struct listed {
    int32_t first, last; /* Days. */
    int64_t number;      /* The highest. */
    int32_t at;          /* The day that has it. */
    size_t lines;
};

static struct listed read_lines(const char *text)
{
    struct listed listed = {0};
    /* The first line is the rule, the last the edition. */
    for (const char *line = strchr(text, '\n') + 1; line[0] == '2'; line = strchr(line, '\n') + 1) {
        char day[DATE_TEXT] = "";
        memcpy(day, line, DATE_TEXT - 1);
        listed.last = day_of(day);
        listed.first = listed.lines == 0 ? listed.last : listed.first;
        assert_int_equal(listed.last, listed.first + (int32_t)listed.lines);
        listed.lines++;
        const char *number = line + DATE_TEXT - 1 + strspn(line + DATE_TEXT - 1, " ");
        if (*number != '-') {
            /* Numbers follow one another without a gap. */
            assert_int_equal(strtol(number, NULL, 10), ++listed.number);
            listed.at = listed.last;
        }
    }
    return listed;
}

static void check_agreement(int32_t from, const struct span *span, const struct pause *pauses,
                            size_t count)
{
    CHECK_CTX(ctx);
    struct buffer text;
    struct due due;
    int64_t from_ms = date_start_ms(from) + 3600000;
    buffer_init(&text, ctx.arena);
    assert_int_equal(calendar_due(the_calendar, &ctx, from_ms, span, pauses, count, &due),
                     FAULT_NONE);
    assert_int_equal(
        calendar_explain_text(the_calendar, &ctx, from_ms, span, pauses, count, LANG_EN, &text),
        FAULT_NONE);
    struct listed listed = read_lines(text.data);
    assert_int_equal(listed.first, from + 1);
    assert_int_equal(listed.last, due.date);
    if (span->unit == SPAN_WORKING_DAY) {
        assert_int_equal(listed.number, span->count);
        assert_int_equal(listed.at, due.date);
    } else if (span->unit == SPAN_DAY) {
        assert_int_equal(listed.number, span->count);
        for (int32_t date = listed.at; date < due.date; date++) {
            assert_false(slow_works(date));
        }
        assert_true(slow_works(due.date));
    }
}

static void agrees_with_the_count_on_every_day(void **state)
{
    (void)state;
    static const char *const spans[] = {"1wd", "3wd", "5wd", "10wd", "30wd",
                                        "7d",  "15d", "1m",  "3m"};
    for (size_t i = 0; i < sizeof spans / sizeof spans[0]; i++) {
        struct span span;
        assert_true(span_parse(spans[i], &span));
        for (int32_t from = day_of("2021-01-01"); from <= day_of("2026-12-31"); from++) {
            check_agreement(from, &span, NULL, 0);
        }
    }
}

static void agrees_with_the_count_through_pauses(void **state)
{
    (void)state;
    static const char *const spans[] = {"1wd", "5wd", "30wd", "1d", "7d", "15d", "1m"};
    for (size_t i = 0; i < sizeof spans / sizeof spans[0]; i++) {
        struct span span;
        assert_true(span_parse(spans[i], &span));
        for (int32_t from = day_of("2021-01-01"); from <= day_of("2022-12-31"); from++) {
            struct pause pauses[2] = {
                {date_start_ms(from + 2) + 7200000, date_start_ms(from + 4)},
                {date_start_ms(from + 6), date_start_ms(from + 6 + from % 40) + 60000}};
            check_agreement(from, &span, pauses, 2);
        }
    }
}

static void paused_days_say_so(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct buffer text;
    struct span span = {.count = 2, .unit = SPAN_WORKING_DAY};
    struct pause pause = {date_start_ms(day_of("2021-11-02")), date_start_ms(day_of("2021-11-03"))};
    buffer_init(&text, ctx.arena);
    assert_int_equal(calendar_explain_text(the_calendar, &ctx, date_start_ms(day_of("2021-11-01")),
                                           &span, &pause, 1, LANG_EN, &text),
                     FAULT_NONE);
    check_holds(text.data, "2021-11-02     -  paused, not counted\n"
                           "2021-11-03     1  working day\n"
                           "2021-11-04     2  working day\n");
}

static void an_open_pause_has_no_due_day(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct buffer text;
    struct json_writer writer;
    struct span span = {.count = 5, .unit = SPAN_WORKING_DAY};
    struct pause pause = {date_start_ms(day_of("2021-11-03")), 0};
    buffer_init(&text, ctx.arena);
    json_writer_init(&writer, &text);
    assert_int_equal(calendar_explain_json(the_calendar, &ctx, date_start_ms(day_of("2021-11-01")),
                                           &span, &pause, 1, &writer),
                     FAULT_NONE);
    check_holds(text.data, "\"due\":null,\"provisional\":false");
    check_holds(text.data,
                "\"date\":\"2021-11-03\",\"kind\":\"work\",\"counted\":null,\"why\":{\"zh\":"
                "\"期限中止，不计入\"");
    assert_null(strstr(text.data, "2021-11-04"));
}

static void outside_is_a_fault(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct buffer text;
    struct json_writer writer;
    struct span span = {.count = 1, .unit = SPAN_DAY};
    int64_t from_ms = date_start_ms(day_of("2040-12-31"));
    buffer_init(&text, ctx.arena);
    json_writer_init(&writer, &text);
    assert_int_equal(calendar_explain_json(the_calendar, &ctx, from_ms, &span, NULL, 0, &writer),
                     FAULT_CALENDAR_INVALID);
    assert_int_equal(
        calendar_explain_text(the_calendar, &ctx, from_ms, &span, NULL, 0, LANG_ZH, &text),
        FAULT_CALENDAR_INVALID);
    assert_int_equal(text.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_in_chinese),
        cmocka_unit_test(text_in_english),
        cmocka_unit_test(as_json),
        cmocka_unit_test(a_long_one_is_cut),
        cmocka_unit_test(agrees_with_the_count_on_every_day),
        cmocka_unit_test(agrees_with_the_count_through_pauses),
        cmocka_unit_test(paused_days_say_so),
        cmocka_unit_test(an_open_pause_has_no_due_day),
        cmocka_unit_test(outside_is_a_fault),
    };
    return cmocka_run_group_tests(tests, calendar_setup, calendar_teardown);
}
