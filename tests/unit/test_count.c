/* When periods end. */
#include "calendar_slow.h"

static void spans_are_read_strictly(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t count;
        enum span_unit unit;
    } good[] = {{"5wd", 5, SPAN_WORKING_DAY},
                {"1d", 1, SPAN_DAY},
                {"24h", 24, SPAN_HOUR},
                {"3m", 3, SPAN_MONTH},
                {"1y", 1, SPAN_YEAR},
                {"10000d", 10000, SPAN_DAY},
                {"10000wd", 10000, SPAN_WORKING_DAY}};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct span span;
        char back[16];
        assert_true(span_parse(good[i].text, &span));
        assert_int_equal(span.count, good[i].count);
        assert_int_equal(span.unit, good[i].unit);
        span_format(&span, back);
        assert_string_equal(back, good[i].text);
    }
    static const char *const bad[] = {"",
                                      "5",
                                      "wd",
                                      "0d",
                                      "05d",
                                      "-5d",
                                      "5 d",
                                      "5D",
                                      "5wdx",
                                      "5w",
                                      "+5d",
                                      "10001d",
                                      "4294967297d",
                                      "5.0d",
                                      " 5d",
                                      "5d ",
                                      "99999999999999999999d",
                                      "５d"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct span span;
        assert_false(span_parse(bad[i], &span));
    }
}

static void spans_in_words(void **state)
{
    (void)state;
    SCOPED_ARENA arena = arena_create();
    struct span span = {.count = 1, .unit = SPAN_WORKING_DAY};
    assert_string_equal(span_words(arena, &span, LANG_EN), "1 working day");
    assert_string_equal(span_words(arena, &span, LANG_ZH), "1个工作日");
    span = (struct span){.count = 24, .unit = SPAN_HOUR};
    assert_string_equal(span_words(arena, &span, LANG_EN), "24 hours");
    assert_string_equal(span_words(arena, &span, LANG_ZH), "24小时");
    span = (struct span){.count = 3, .unit = SPAN_MONTH};
    assert_string_equal(span_words(arena, &span, LANG_ZH), "3个月");
    span = (struct span){.count = 7, .unit = SPAN_DAY};
    assert_string_equal(span_words(arena, &span, LANG_ZH), "7日");
}

static struct due due_of(const char *from, const char *within)
{
    CHECK_CTX(ctx);
    struct span span;
    struct due due = {0};
    int64_t from_ms = 0;
    if (!minute_parse(from, &from_ms)) {
        from_ms = date_start_ms(day_of(from));
    }
    assert_true(span_parse(within, &span));
    assert_int_equal(calendar_due(the_calendar, &ctx, from_ms, &span, NULL, 0, &due), FAULT_NONE);
    return due;
}

struct vector {
    const char *from, *within, *due;
};

static void expect_vectors(const struct vector *vectors, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char text[MINUTE_TEXT];
        struct due due = due_of(vectors[i].from, vectors[i].within);
        if (strchr(vectors[i].due, 'T') != NULL) {
            minute_format(due.due_ms, text);
            assert_int_equal(due.date, date_of_ms(due.due_ms));
        } else {
            date_format(due.date, text);
            assert_int_equal(due.due_ms, date_start_ms(due.date + 1));
        }
        if (strcmp(text, vectors[i].due) != 0) {
            fail_msg("%s + %s is %s, not %s", vectors[i].from, vectors[i].within, text,
                     vectors[i].due);
        }
    }
}

static void vectors(void **state)
{
    (void)state;
    static const struct vector rows[] = {
        {"2021-09-17", "3wd", "2021-09-23"}, /* Saturday the 18th is worked, 19 to 21 are off. */
        {"2021-09-30", "5wd", "2021-10-13"}, /* Saturday the 9th counts. */
        {"2022-01-28", "5wd", "2022-02-09"}, /* 29 and 30 January count. */
        {"2024-02-08", "10wd", "2024-02-28"},
        {"2025-12-31", "3wd", "2026-01-06"}, /* Across the year; Sunday the 4th counts. */
        {"2026-02-13", "5wd", "2026-02-27"},
        {"2026-04-30", "3wd", "2026-05-08"},
        {"2021-09-24", "7d", "2021-10-08"}, /* 1 October is a day off: moves on. */
        {"2026-02-11", "7d", "2026-02-24"},
        {"2024-09-07", "7d", "2024-09-14"}, /* A Saturday, but worked: does not move. */
        {"2021-09-24", "30wd", "2021-11-10"},
        /* The first story of the rulebook. */
        {"2021-09-17T16:40", "3wd", "2021-09-23"},
        {"2021-09-17T16:40", "5wd", "2021-09-26"}, /* A Sunday that is worked. */
        {"2021-09-26", "5wd", "2021-10-08"},
        {"2021-09-28", "5wd", "2021-10-11"},
        {"2021-11-05", "10wd", "2021-11-19"},
        /* The time of day does not matter for days. */
        {"2026-02-13T00:00", "5wd", "2026-02-27"},
        {"2026-02-13T23:59", "5wd", "2026-02-27"},
        /* It may begin on a day off. */
        {"2026-02-16", "1wd", "2026-02-24"},
        {"2026-02-22", "1d", "2026-02-24"},
    };
    expect_vectors(rows, sizeof rows / sizeof rows[0]);
}

static void months_and_years(void **state)
{
    (void)state;
    static const struct vector rows[] = {
        {"2022-01-31", "1m", "2022-02-28"}, /* No 31st: the month's last day. */
        {"2024-01-31", "1m", "2024-02-29"},
        {"2021-01-31", "1m", "2021-03-01"}, /* 28 February was a Sunday. */
        {"2021-08-31", "1m", "2021-09-30"},
        {"2021-03-31", "3m", "2021-06-30"},
        {"2022-12-15", "1m", "2023-01-16"}, /* Across the year; a Sunday. */
        {"2021-11-30", "3m", "2022-02-28"},
        {"2021-05-17", "12m", "2022-05-17"},
        {"2024-02-29", "1y", "2025-02-28"}, /* No 29 February. */
        {"2024-02-29", "12m", "2025-02-28"},
        {"2021-03-17", "1y", "2022-03-17"},
        {"2025-02-18", "1y", "2026-02-24"}, /* Falls into the Spring Festival. */
    };
    expect_vectors(rows, sizeof rows / sizeof rows[0]);
}

static void hours_never_move(void **state)
{
    (void)state;
    static const struct vector rows[] = {
        {"2026-02-14T09:30", "24h", "2026-02-15T09:30"}, /* Ends on a day off. */
        {"2026-02-13", "24h", "2026-02-14T00:00"},
        {"2026-02-13T23:59", "1h", "2026-02-14T00:59"},
        {"2021-12-31T12:00", "48h", "2022-01-02T12:00"},
        {"2024-02-28T00:00", "10000h", "2025-04-19T16:00"},
        {"2026-12-31T23:00", "2h", "2027-01-01T01:00"},
    };
    expect_vectors(rows, sizeof rows / sizeof rows[0]);
    assert_false(due_of("2026-12-31T23:00", "2h").provisional);
}

static void working_days_of_the_years(void **state)
{
    (void)state;
    static const int32_t expected[] = {250, 249, 249, 251, 248, 248};
    for (int year = 2021; year <= 2026; year++) {
        int32_t before = date_join(year, 1, 1) - 1;
        int32_t last = date_join(year, 12, 31);
        int32_t counted = 0;
        for (int32_t date = before + 1; date <= last; date++) {
            counted += calendar_is_working(the_calendar, date) ? 1 : 0;
        }
        assert_int_equal(counted, expected[year - 2021]);
        assert_int_equal(calendar_working_days(the_calendar, before, last), expected[year - 2021]);
        assert_int_equal(calendar_working_days(the_calendar, last, before), -expected[year - 2021]);
    }
}

static void kinds_of_days(void **state)
{
    (void)state;
    static const struct {
        const char *day;
        enum day_kind kind;
    } rows[] = {
        {"2021-09-17", DAY_WORK},    {"2021-09-18", DAY_MAKEUP},  {"2021-09-19", DAY_HOLIDAY},
        {"2021-09-25", DAY_WEEKEND}, {"2021-09-26", DAY_MAKEUP},  {"2022-12-31", DAY_HOLIDAY},
        {"2026-02-23", DAY_HOLIDAY}, {"2026-02-28", DAY_MAKEUP},  {"2027-01-02", DAY_WEEKEND},
        {"2027-10-01", DAY_HOLIDAY}, {"2027-02-05", DAY_HOLIDAY}, {"2030-02-05", DAY_HOLIDAY},
        {"1999-10-01", DAY_WORK},    {"1999-10-02", DAY_WEEKEND}, {"2199-01-01", DAY_WORK}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(calendar_day(the_calendar, day_of(rows[i].day)), rows[i].kind);
    }
    assert_int_equal(calendar_published_until(the_calendar), day_of("2026-12-31"));
    assert_int_equal(strlen(calendar_edition(the_calendar)), 16);
}

static void provisional_past_the_last_notice(void **state)
{
    (void)state;
    assert_false(due_of("2026-12-28", "3wd").provisional);
    assert_int_equal(due_of("2026-12-28", "3wd").date, day_of("2026-12-31"));
    assert_true(due_of("2026-12-28", "4wd").provisional);
    assert_int_equal(due_of("2026-12-28", "4wd").date, day_of("2027-01-04"));
    assert_true(due_of("2026-12-01", "1m").provisional);
    assert_false(due_of("2026-11-30", "1m").provisional);
    assert_true(due_of("2030-03-01", "1d").provisional);
}

static void outside_the_table_is_said(void **state)
{
    (void)state;
    static const struct vector rows[] = {
        {"2020-12-31", "1d", ""},     {"1900-01-01", "5wd", ""},    {"2041-01-01", "1h", ""},
        {"2040-12-31", "1d", ""},     {"2040-12-31", "1wd", ""},    {"2040-12-01", "10000wd", ""},
        {"2026-01-01", "10000d", ""}, {"2026-01-01", "10000y", ""}, {"2026-01-01", "10000m", ""},
        {"2200-12-31", "10000h", ""}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        CHECK_CTX(ctx);
        struct span span;
        struct due due;
        assert_true(span_parse(rows[i].within, &span));
        int64_t from_ms = date_start_ms(day_of(rows[i].from));
        assert_int_equal(calendar_due(the_calendar, &ctx, from_ms, &span, NULL, 0, &due),
                         FAULT_CALENDAR_INVALID);
        assert_string_equal(ctx.note, "The calendar holds 2021-01-01 to 2040-12-31 only.");
    }
}

static void every_day_against_the_slow_count(void **state)
{
    (void)state;
    static const char *const spans[] = {"1wd", "3wd", "5wd", "10wd", "30wd", "1d",
                                        "7d",  "15d", "60d", "1m",   "3m",   "1y"};
    for (size_t i = 0; i < sizeof spans / sizeof spans[0]; i++) {
        struct span span;
        assert_true(span_parse(spans[i], &span));
        for (int32_t from = day_of("2021-01-01"); from <= day_of("2027-12-31"); from++) {
            CHECK_CTX(ctx);
            struct due due;
            assert_int_equal(
                calendar_due(the_calendar, &ctx, date_start_ms(from), &span, NULL, 0, &due),
                FAULT_NONE);
            int32_t expected = slow_due(from, &span, NULL, 0);
            if (due.date != expected) {
                char text[DATE_TEXT];
                date_format(from, text);
                fail_msg("%s + %s", text, spans[i]);
            }
            assert_int_equal(due.provisional, expected > day_of("2026-12-31"));
        }
    }
}

static void expect_paused(const char *within, const struct pause *pauses, size_t count,
                          const char *expected)
{
    CHECK_CTX(ctx);
    struct span span;
    struct due due;
    char text[MINUTE_TEXT];
    int64_t from_ms = 0;
    assert_true(span_parse(within, &span));
    assert_true(minute_parse("2021-11-01T10:00", &from_ms)); /* A Monday. */
    assert_int_equal(calendar_due(the_calendar, &ctx, from_ms, &span, pauses, count, &due),
                     FAULT_NONE);
    if (span.unit == SPAN_HOUR) {
        minute_format(due.due_ms, text);
    } else {
        date_format(due.date, text);
    }
    assert_string_equal(text, expected);
}

static int64_t minute_of(const char *text)
{
    int64_t ms = 0;
    assert_true(minute_parse(text, &ms));
    return ms;
}

static void pauses_are_not_counted(void **state)
{
    (void)state;
    /* Wednesday noon to Friday noon: three days are touched. */
    struct pause two[] = {{minute_of("2021-11-03T12:00"), minute_of("2021-11-05T12:00")},
                          {minute_of("2021-11-09T00:00"), minute_of("2021-11-10T00:00")}};
    expect_paused("5wd", NULL, 0, "2021-11-08");
    expect_paused("5wd", two, 1, "2021-11-11");
    expect_paused("5wd", two, 2, "2021-11-12");
    expect_paused("1wd", two, 2, "2021-11-02"); /* Over before the pause. */
    expect_paused("7d", two, 1, "2021-11-11");
    expect_paused("24h", two, 2, "2021-11-02T10:00");
    expect_paused("50h", two, 2, "2021-11-03T12:00"); /* Ends as the pause begins. */
    expect_paused("51h", two, 2, "2021-11-05T13:00");
    expect_paused("1m", two, 2, "2021-12-06"); /* 1 December, four days on: a Sunday. */
    /* From the very day of the start. */
    struct pause same = {minute_of("2021-11-01T11:00"), minute_of("2021-11-02T09:00")};
    expect_paused("1wd", &same, 1, "2021-11-03");
    expect_paused("2h", &same, 1, "2021-11-02T10:00");
    /* From before the start: only what lies after counts. */
    struct pause before = {minute_of("2021-10-01T00:00"), minute_of("2021-11-02T00:00")};
    expect_paused("1wd", &before, 1, "2021-11-02");
    expect_paused("1h", &before, 1, "2021-11-02T01:00");
}

static void an_open_pause_has_no_end(void **state)
{
    (void)state;
    static const char *const spans[] = {"5wd", "7d", "72h", "1m"};
    struct pause open = {minute_of("2021-11-03T12:00"), 0};
    for (size_t i = 0; i < 4; i++) {
        CHECK_CTX(ctx);
        struct span span;
        struct due due;
        assert_true(span_parse(spans[i], &span));
        assert_int_equal(
            calendar_due(the_calendar, &ctx, minute_of("2021-11-01T10:00"), &span, &open, 1, &due),
            FAULT_NONE);
        assert_true(due.due_ms == INT64_MAX);
        assert_int_equal(due.date, day_of("2021-11-03"));
        assert_false(due.provisional);
    }
    /* It began after the end: the end stands. */
    expect_paused("1wd", &open, 1, "2021-11-02");
    expect_paused("24h", &open, 1, "2021-11-02T10:00");
}

static uint32_t dice(uint32_t *seed, uint32_t sides)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) % sides;
}

static void random_pauses_against_the_slow_count(void **state)
{
    (void)state;
    static const char *const spans[] = {"1wd", "5wd", "30wd", "1d", "7d", "60d", "1m", "1y"};
    uint32_t seed = 20210917;
    for (unsigned round = 0; round < 20000; round++) {
        CHECK_CTX(ctx);
        struct pause pauses[3];
        struct span span;
        struct due due;
        int32_t from = day_of("2021-01-01") + (int32_t)dice(&seed, 1800);
        int64_t at = date_start_ms(from) + dice(&seed, 1440) * 60000LL;
        int64_t from_ms = at;
        for (unsigned i = 0; i < 3; i++) {
            at += 60000LL * (dice(&seed, 3) == 0 ? dice(&seed, 1440) : dice(&seed, 20000));
            pauses[i].from_ms = at;
            at += 60000LL * (1 + (dice(&seed, 3) == 0 ? dice(&seed, 1440) : dice(&seed, 30000)));
            pauses[i].until_ms = at;
        }
        size_t count = dice(&seed, 4);
        assert_true(span_parse(spans[dice(&seed, 8)], &span));
        assert_int_equal(calendar_due(the_calendar, &ctx, from_ms, &span, pauses, count, &due),
                         FAULT_NONE);
        int32_t expected = slow_due(from, &span, pauses, count);
        if (due.date != expected) {
            fail_msg("round %u, unit %d, count %u: %d days apart", round, (int)span.unit,
                     span.count, due.date - expected);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spans_are_read_strictly),
        cmocka_unit_test(spans_in_words),
        cmocka_unit_test(vectors),
        cmocka_unit_test(months_and_years),
        cmocka_unit_test(hours_never_move),
        cmocka_unit_test(working_days_of_the_years),
        cmocka_unit_test(kinds_of_days),
        cmocka_unit_test(provisional_past_the_last_notice),
        cmocka_unit_test(outside_the_table_is_said),
        cmocka_unit_test(every_day_against_the_slow_count),
        cmocka_unit_test(pauses_are_not_counted),
        cmocka_unit_test(an_open_pause_has_no_end),
        cmocka_unit_test(random_pauses_against_the_slow_count),
    };
    return cmocka_run_group_tests(tests, calendar_setup, calendar_teardown);
}
