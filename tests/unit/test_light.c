/* Lights and what remains are derived from the clock, the calendar and the moment. */
#include "calendar/date.h"
#include "check.h"
#include "matter/matter.h"

static struct calendar *the_calendar;
static struct office office;

static int setup(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    enum fault fault = calendar_load(&ctx, SOURCE_DIR "/calendars/cn.yaml", &the_calendar);
    office = (struct office){.calendar = the_calendar, .yellow_days = 1};
    return fault == FAULT_NONE ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    calendar_destroy(the_calendar);
    return 0;
}

static int64_t at(const char *minute)
{
    int64_t ms = 0;
    assert_true(minute_parse(minute, &ms));
    return ms;
}

static struct clock due_on(const char *day)
{
    int32_t date = 0;
    assert_true(date_parse(day, &date));
    return (struct clock){
        .within = {5, SPAN_WORKING_DAY}, .due_date = date, .due_ms = date_start_ms(date + 1)};
}

static void from_green_to_red(void **state)
{
    (void)state;
    /* Due on Sunday 2021-09-26, which is worked; the 25th is not. */
    const struct clock clock = due_on("2021-09-26");
    static const struct {
        const char *now;
        enum light light;
        int64_t remaining;
    } rows[] = {{"2021-09-17T16:40", LIGHT_GREEN, 5},  {"2021-09-18T00:00", LIGHT_GREEN, 4},
                {"2021-09-21T12:00", LIGHT_GREEN, 4},  {"2021-09-23T23:59", LIGHT_GREEN, 2},
                {"2021-09-24T00:00", LIGHT_YELLOW, 1}, {"2021-09-25T12:00", LIGHT_YELLOW, 1},
                {"2021-09-26T00:00", LIGHT_YELLOW, 0}, {"2021-09-26T23:59", LIGHT_YELLOW, 0},
                {"2021-09-27T00:00", LIGHT_RED, -1},   {"2021-09-28T09:00", LIGHT_RED, -2},
                {"2021-10-08T09:00", LIGHT_RED, -5}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (clock_light(&office, &clock, at(rows[i].now)) != rows[i].light) {
            fail_msg("%s: %s", rows[i].now,
                     light_code(clock_light(&office, &clock, at(rows[i].now))));
        }
        assert_int_equal(clock_remaining(&office, &clock, at(rows[i].now)), rows[i].remaining);
    }
}

static void overdue_over_days_off_is_at_least_one(void **state)
{
    (void)state;
    const struct clock clock = due_on("2021-09-30");
    assert_int_equal(clock_remaining(&office, &clock, at("2021-10-01T00:00")), -1);
    assert_int_equal(clock_remaining(&office, &clock, at("2021-10-07T23:59")), -1);
    assert_int_equal(clock_remaining(&office, &clock, at("2021-10-08T00:00")), -1);
    assert_int_equal(clock_remaining(&office, &clock, at("2021-10-09T00:00")), -2);
}

static void hours(void **state)
{
    (void)state;
    const struct clock clock = {.within = {24, SPAN_HOUR},
                                .due_ms = at("2026-02-14T09:30"),
                                .due_date = date_of_ms(at("2026-02-14T09:30"))};
    static const struct {
        const char *now;
        int64_t remaining;
    } rows[] = {{"2026-02-13T09:30", 24}, {"2026-02-13T09:31", 23}, {"2026-02-14T09:29", 0},
                {"2026-02-14T09:30", -1}, {"2026-02-14T10:29", -1}, {"2026-02-14T10:30", -2}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(clock_remaining(&office, &clock, at(rows[i].now)), rows[i].remaining);
    }
    assert_int_equal(clock_light(&office, &clock, at("2026-02-14T09:29")), LIGHT_YELLOW);
    assert_int_equal(clock_light(&office, &clock, at("2026-02-14T09:30")), LIGHT_RED);
}

static void paused_and_ended(void **state)
{
    (void)state;
    struct clock clock = due_on("2021-09-26");
    clock.paused_ms = at("2021-09-20T09:00");
    assert_int_equal(clock_light(&office, &clock, at("2021-09-20T09:00")), LIGHT_GREY);
    assert_int_equal(clock_light(&office, &clock, at("2022-09-20T09:00")), LIGHT_GREY);
    static const struct {
        const char *ended;
        enum light light;
    } rows[] = {{"met", LIGHT_MET}, {"late", LIGHT_LATE}, {"lifted", LIGHT_LIFTED}};
    for (size_t i = 0; i < 3; i++) {
        clock.ended_ms = 1;
        clock.ended = rows[i].ended;
        assert_int_equal(clock_light(&office, &clock, at("2022-09-20T09:00")), rows[i].light);
        assert_string_equal(light_code(rows[i].light), rows[i].ended);
    }
}

/* Lists find yellow clocks by a moment: it must agree with the light of each clock, at each time.
 */
static void the_lists_moment_agrees_with_the_lights(void **state)
{
    (void)state;
    for (unsigned yellow = 0; yellow <= 3; yellow++) {
        office.yellow_days = yellow;
        for (int32_t today = date_join(2021, 9, 1); today < date_join(2021, 10, 20); today++) {
            CHECK_CTX(ctx);
            int64_t now_ms = date_start_ms(today) + 9 * 3600000;
            int64_t until_ms = clock_yellow_until_ms(&office, &ctx, now_ms);
            for (int32_t due = today - 3; due < today + 20; due++) {
                /* Clocks in days end on working days. */
                if (!calendar_is_working(the_calendar, due)) {
                    continue;
                }
                struct clock clock = {.within = {5, SPAN_WORKING_DAY},
                                      .due_date = due,
                                      .due_ms = date_start_ms(due + 1)};
                enum light light = clock_light(&office, &clock, now_ms);
                bool yellow_by_list = clock.due_ms > now_ms && clock.due_ms <= until_ms;
                assert_int_equal(light == LIGHT_YELLOW, yellow_by_list);
            }
        }
    }
    office.yellow_days = 1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(from_green_to_red),
        cmocka_unit_test(overdue_over_days_off_is_at_least_one),
        cmocka_unit_test(hours),
        cmocka_unit_test(paused_and_ended),
        cmocka_unit_test(the_lists_moment_agrees_with_the_lights),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
