/* Numbers as they are written in a row, and added up. */
#include "calendar/date.h"
#include "check.h"
#include "matter/figure.h"
#include "matter/tally_inner.h"

static struct tally_row key(int unit, int64_t period, const char *measure, const char *body)
{
    return (struct tally_row){
        .unit = unit, .period = period, .measure = measure, .body = body, .split = ""};
}

static void entries_go_to_their_day_and_month(void **state)
{
    (void)state;
    SCOPED_ARENA arena = arena_create();
    struct tally_sums sums;
    tally_sums_init(&sums, arena);
    int32_t last = date_join(2026, 1, 31);
    tally_sums_add_entry(&sums, last, "_closed,,,1,4;_closed,water,,1,4;points,water,,87,0;");
    tally_sums_add_entry(&sums, last + 1, "_closed,water,,1,6;");
    tally_sums_add_entry(&sums, last, "_closed,water,,1,2;");
    assert_int_equal(sums.count, 8);
    struct tally_row day = key(UNIT_DAY, last, "_closed", "water");
    assert_int_equal(tally_sums_find(&sums, &day)->amount, 2);
    assert_int_equal(tally_sums_find(&sums, &day)->days, 6);
    struct tally_row month = key(UNIT_MONTH, 2026 * 12 + 1, "_closed", "water");
    assert_int_equal(tally_sums_find(&sums, &month)->amount, 1);
    struct tally_row points = key(UNIT_MONTH, 2026 * 12, "points", "water");
    assert_int_equal(tally_sums_find(&sums, &points)->amount, 87);
    struct tally_row none = key(UNIT_DAY, last, "_closed", "housing");
    assert_null(tally_sums_find(&sums, &none));
}

static void broken_entries_end_where_they_break(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned count;
    } rows[] = {{"", 0},
                {"a,b,c,1,0", 0},
                {"a,b,1,0;", 0},
                {"a,b,c,x,0;", 0},
                {"a,b,c,1,0;a,b,c,1;", 1},
                {"a,b,c,d,1,0;", 0},
                {"a,,,1,0;b,,,-2,3;", 2}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct tally_scan scan = {.at = rows[i].text};
        unsigned count = 0;
        while (tally_next(&scan)) {
            count++;
        }
        assert_int_equal(count, rows[i].count);
    }
    char longer[4 * TALLY_CODE_MAX + 16];
    memset(longer, 'a', sizeof longer);
    memcpy(longer + sizeof longer - 9, ",,,1,0;", 8);
    struct tally_scan scan = {.at = longer};
    assert_false(tally_next(&scan));
}

static void many_keys_stay_apart(void **state)
{
    (void)state;
    SCOPED_ARENA arena = arena_create();
    struct tally_sums sums;
    tally_sums_init(&sums, arena);
    for (int i = 0; i < 20000; i++) {
        struct tally_row row = key(UNIT_DAY, i % 5000, i % 2 == 0 ? "a" : "b", "water");
        row.amount = i;
        tally_sums_add(&sums, &row);
    }
    assert_int_equal(sums.count, 5000);
    const struct tally_row *rows = tally_sums_sorted(&sums);
    int64_t all = 0;
    for (size_t i = 0; i < sums.count; i++) {
        all += rows[i].amount;
        assert_true(i == 0 || rows[i - 1].period <= rows[i].period);
    }
    assert_int_equal(all, 19999LL * 20000 / 2);
}

static void sums_are_found_by_measure_body_and_split(void **state)
{
    (void)state;
    struct tally_row rows[] = {
        {.measure = "a", .body = "housing", .split = "x", .amount = 1, .days = 10},
        {.measure = "a", .body = "water", .split = "x", .amount = 2, .days = 20},
        {.measure = "a", .body = "water", .split = "y", .amount = 4, .days = 40},
        {.measure = "ab", .body = "water", .split = "x", .amount = 8, .days = 80}};
    struct tally tally = {.rows = rows, .count = 4};
    assert_int_equal(tally_sum(&tally, "a", NULL, NULL).amount, 7);
    assert_int_equal(tally_sum(&tally, "a", "water", NULL).days, 60);
    assert_int_equal(tally_sum(&tally, "a", NULL, "x").amount, 3);
    assert_int_equal(tally_sum(&tally, "a", "water", "y").amount, 4);
    assert_int_equal(tally_sum(&tally, "ab", NULL, NULL).amount, 8);
    assert_int_equal(tally_sum(&tally, "b", NULL, NULL).amount, 0);
}

static void periods_have_their_days(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *from, *to;
    } rows[] = {{"2026", "2026-01-01", "2026-12-31"},
                {"2026Q1", "2026-01-01", "2026-03-31"},
                {"2024Q1", "2024-01-01", "2024-03-31"},
                {"2026Q4", "2026-10-01", "2026-12-31"}};
    static const char *const wrong[] = {"", "2026Q0", "2026Q5", "26Q1", "2026q1", "2026Q", "x026"};
    SCOPED_ARENA arena = arena_create();
    struct figure_period period;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char from[DATE_TEXT];
        char to[DATE_TEXT];
        assert_true(figure_period_parse(arena, rows[i].text, &period));
        date_format(period.from, from);
        date_format(period.to, to);
        assert_string_equal(from, rows[i].from);
        assert_string_equal(to, rows[i].to);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_false(figure_period_parse(arena, wrong[i], &period));
    }
    assert_false(figure_period_parse(arena, NULL, &period));
}

static void values_are_written_with_their_point(void **state)
{
    (void)state;
    SCOPED_ARENA arena = arena_create();
    assert_string_equal(figure_text(arena, &(struct figure_value){true, 12, 0}), "12");
    assert_string_equal(figure_text(arena, &(struct figure_value){true, 5, 1}), "0.5");
    assert_string_equal(figure_text(arena, &(struct figure_value){true, 10000, 2}), "100.00");
    assert_string_equal(figure_text(arena, &(struct figure_value){true, 7, 2}), "0.07");
    assert_string_equal(figure_text(arena, &(struct figure_value){false, 7, 2}), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_go_to_their_day_and_month),
        cmocka_unit_test(broken_entries_end_where_they_break),
        cmocka_unit_test(many_keys_stay_apart),
        cmocka_unit_test(sums_are_found_by_measure_body_and_split),
        cmocka_unit_test(periods_have_their_days),
        cmocka_unit_test(values_are_written_with_their_point),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
