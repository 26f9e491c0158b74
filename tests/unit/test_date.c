/* Days as numbers, against an odometer that knows nothing but the length of months. */
#include "calendar/date.h"
#include "check.h"

static unsigned month_days(int year, unsigned month)
{
    static const unsigned days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (leap && month == 2 ? 1 : 0);
}

static void three_centuries_by_odometer(void **state)
{
    (void)state;
    int year = 1900;
    unsigned month = 1;
    unsigned day = 1;
    unsigned weekday = 0; /* 1900-01-01 was a Monday. */
    for (int32_t date = -25567; year <= 2200; date++) {
        char expected[40];
        char text[DATE_TEXT];
        int32_t parsed = 0;
        int got_year = 0;
        unsigned got_month = 0;
        unsigned got_day = 0;
        (void)snprintf(expected, sizeof expected, "%04d-%02u-%02u", year, month, day);
        assert_int_equal(date_join(year, month, day), date);
        date_split(date, &got_year, &got_month, &got_day);
        assert_true(got_year == year && got_month == month && got_day == day);
        assert_int_equal(date_weekday(date), weekday);
        date_format(date, text);
        assert_string_equal(text, expected);
        assert_true(date_parse(text, &parsed));
        assert_int_equal(parsed, date);
        weekday = (weekday + 1) % 7;
        if (++day > month_days(year, month)) {
            day = 1;
            month = month == 12 ? 1 : month + 1;
            year += month == 1 ? 1 : 0;
        }
    }
}

static void known_days(void **state)
{
    (void)state;
    assert_int_equal(date_join(1970, 1, 1), 0);
    assert_int_equal(date_join(2021, 9, 17), 18887);
    assert_int_equal(date_weekday(date_join(2021, 9, 17)), 4);
    assert_int_equal(date_start_ms(0), -8LL * 3600 * 1000);
    assert_int_equal(date_start_ms(date_join(2021, 9, 17)), 1631808000000);
}

static void a_day_ends_at_midnight_in_beijing(void **state)
{
    (void)state;
    int32_t date = date_join(2021, 9, 17);
    int64_t start = date_start_ms(date);
    assert_int_equal(date_of_ms(start), date);
    assert_int_equal(date_of_ms(start - 1), date - 1);
    assert_int_equal(date_of_ms(start + 86399999), date);
    assert_int_equal(date_of_ms(start + 86400000), date + 1);
    assert_int_equal(date_of_ms(-1), 0);
    assert_int_equal(date_of_ms(-8LL * 3600 * 1000 - 1), -1);
}

static void other_forms_are_no_days(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",           "2021",       "2021-9-17",  "2021-09-17 ",      " 2021-09-17",
        "2021-02-29", "2100-02-29", "2021-04-31", "2021-00-10",       "2021-13-01",
        "2021-01-00", "2021-01-32", "1899-12-31", "2201-01-01",       "2021/09/17",
        "20210917",   "-021-09-17", "2021-09-1x", "2021-09-17T16:40", "２０２１-09-17",
        "0000-00-00", "2021-0 -17"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        int32_t date = 77;
        assert_false(date_parse(bad[i], &date));
        assert_int_equal(date, 77);
    }
    int32_t date = 0;
    assert_true(date_parse("2024-02-29", &date));
    assert_true(date_parse("2000-02-29", &date));
}

static void minutes_and_back(void **state)
{
    (void)state;
    int64_t ms = 0;
    assert_true(minute_parse("2021-09-17T16:40", &ms));
    assert_int_equal(ms, 1631868000000);
    for (int minute = 0; minute < 1440; minute++) {
        char expected[32];
        char text[MINUTE_TEXT];
        int64_t back = 0;
        int64_t moment = date_start_ms(date_join(2024, 2, 29)) + minute * 60000LL;
        (void)snprintf(expected, sizeof expected, "2024-02-29T%02d:%02d", minute / 60, minute % 60);
        minute_format(moment + 59999, text);
        assert_string_equal(text, expected);
        assert_true(minute_parse(text, &back));
        assert_int_equal(back, moment);
    }
}

static void other_forms_are_no_minutes(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "2021-09-17",
                                      "2021-09-17T",
                                      "2021-09-17T9:30",
                                      "2021-09-17T24:00",
                                      "2021-09-17T12:60",
                                      "2021-09-17 12:00",
                                      "2021-09-17t12:00",
                                      "2021-09-17T12:00:00",
                                      "2021-09-17T12:00Z",
                                      "2021-02-30T12:00",
                                      "2021-09-17T-1:00",
                                      "2021-09-17T12.00"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        int64_t ms = 77;
        assert_false(minute_parse(bad[i], &ms));
        assert_int_equal(ms, 77);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_centuries_by_odometer),
        cmocka_unit_test(known_days),
        cmocka_unit_test(a_day_ends_at_midnight_in_beijing),
        cmocka_unit_test(other_forms_are_no_days),
        cmocka_unit_test(minutes_and_back),
        cmocka_unit_test(other_forms_are_no_minutes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
