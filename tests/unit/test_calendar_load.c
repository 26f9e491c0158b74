/* Mistakes in a calendar's file are named with their place. */
#include "calendar/calendar.h"
#include "calendar/date.h"
#include "check.h"

static const char head[] = "years:\n  - year: 2021\n    notice: n\n    off:\n";
static const char good_off[] =
    "      - {from: 2021-10-01, to: 2021-10-07, name: {zh: 国庆节, en: National Day}}\n";

struct mistake {
    const char *text, *message; /* After "FILE:". */
};

static void expect_mistake(const struct mistake *mistake)
{
    CHECK_CTX(ctx);
    const char *folder = check_folder(ctx.arena);
    const char *path = check_write(ctx.arena, folder, "c.yaml", mistake->text);
    struct calendar *calendar = NULL;
    assert_int_equal(calendar_load(&ctx, path, &calendar), FAULT_CALENDAR_INVALID);
    assert_null(calendar);
    check_holds(ctx.note, arena_printf(ctx.arena, "%s:%s", path, mistake->message));
    check_folder_remove(folder);
}

static void mistakes_in_the_frame(void **state)
{
    (void)state;
    static const struct mistake rows[] = {
        {"", "1:1: the file is empty"},
        {"years: []\n", "1:1: 'years' must list at least one year"},
        {"yaers: []\n", "1:1: unknown key 'yaers'; did you mean 'years'?"},
        {"- 1\n", "1:1: 'years' must list at least one year"},
        {"years:\n  - year: 1900\n    notice: n\n    off: []\n",
         "2:11: 'year' must be a whole number from 1950 to 2190"},
        {"years:\n  - notice: n\n    off: []\n", "2:5: key 'year' is missing"},
        {"years:\n  - x\n", "2:5: key 'year' is missing"},
        {"years:\n  - year: 2021\n    off: []\n", "2:5: key 'notice' is missing"},
        {"years:\n  - year: 2021\n    notice: n\n", "2:5: 'off' must list the days off"},
        {"years:\n  - {year: 2021, notice: n, off: []}\n  - {year: 2023, notice: n, off: []}\n",
         "3:5: the years must follow one another"},
        {"years:\n  - {year: 2021, notice: n, off: []}\nprovisional:\n  - {year: 2023, off: []}\n",
         "4:5: the years must follow one another"},
        {"years:\n  - {year: 2021, notice: n, off: []}\nprovisional: x\n",
         "3:14: 'provisional' must be a list"},
        {"years:\n  - {year: 2021, notice: n, off: [], work: 2021-01-02}\n",
         "2:44: 'work' must be a list"},
        {"years:\n  - {year: 2021, notice: n, off: []}\n"
         "provisional:\n  - {year: 2022, off: [], work: [2022-01-01]}\n",
         "4:33: a provisional year has no make-up days"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        expect_mistake(&rows[i]);
    }
}

static void mistakes_in_the_days(void **state)
{
    (void)state;
    static const struct mistake rows[] = {
        {"      - {from: 2021-10-01, to: 2021-10-07}\n", "5:9: 'name' needs zh and en"},
        {"      - {from: 2021-10-01, name: {zh: a, en: b}}\n", "5:9: 'from' and 'to' are needed"},
        {"      - x\n", "5:9: a list of keys is expected here"},
        {"      - {from: 2021-10-32, to: 2021-10-07, name: {zh: a, en: b}}\n",
         "5:16: a day like 2026-02-13 is expected"},
        {"      - {from: [1], to: 2021-10-07, name: {zh: a, en: b}}\n",
         "5:16: a day like 2026-02-13 is expected"},
        {"      - {from: 2021-10-01, to: 2022-10-07, name: {zh: a, en: b}}\n",
         "5:32: the day lies outside the year 2021"},
        {"      - {from: 2021-10-07, to: 2021-10-01, name: {zh: a, en: b}}\n",
         "5:32: 'to' lies before 'from'"},
        {"      - {from: 2021-10-01, to: 2021-10-02, name: {zh: a, en: b}}\n"
         "      - {from: 2021-10-02, to: 2021-10-03, name: {zh: a, en: b}}\n",
         "6:16: a day off stands twice"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        SCOPED_ARENA arena = arena_create();
        struct mistake row = {arena_printf(arena, "%s%s", head, rows[i].text), rows[i].message};
        expect_mistake(&row);
    }
}

static void mistakes_in_the_make_up_days(void **state)
{
    (void)state;
    static const struct mistake rows[] = {
        {"[2021-10-02]", "6:12: the day is a day off too"},
        {"[2021-10-08]", "6:12: a make-up day must be a Saturday or Sunday"},
        {"[2021-10-09, 2021-10-09]", "6:24: the make-up day stands twice"},
        {"[2020-10-10]", "6:12: the day lies outside the year 2021"},
        {"[x]", "6:12: a day like 2026-02-13 is expected"},
        {"[{for: 2021-10-01}]", "6:12: key 'day' is missing"},
        {"[{day: 2021-10-09, four: 2021-10-01}]", "6:30: unknown key 'four'; did you mean 'for'?"},
        {"[{day: 2021-10-09, for: 2021-10-08}]", "6:35: 'for' must name a day off"},
        {"[{day: 2021-10-09, for: x}]", "6:35: a day like 2026-02-13 is expected"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        SCOPED_ARENA arena = arena_create();
        struct mistake row = {
            arena_printf(arena, "%s%s    work: %s\n", head, good_off, rows[i].text),
            rows[i].message};
        expect_mistake(&row);
    }
}

static void all_mistakes_in_one_report(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    const char *folder = check_folder(ctx.arena);
    const char *path = check_write(
        ctx.arena, folder, "c.yaml",
        arena_printf(ctx.arena, "%s%s    work: [2021-10-02, 2021-10-08]\n", head, good_off));
    struct calendar *calendar = NULL;
    assert_int_equal(calendar_load(&ctx, path, &calendar), FAULT_CALENDAR_INVALID);
    assert_string_equal(ctx.note,
                        arena_printf(ctx.arena,
                                     "%s:6:12: the day is a day off too\n"
                                     "%s:6:24: a make-up day must be a Saturday or Sunday",
                                     path, path));
    assert_int_equal(calendar_load(&ctx, arena_printf(ctx.arena, "%s/none", folder), &calendar),
                     FAULT_IO_FAILED);
    check_folder_remove(folder);
}

static void the_smallest_calendar(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    const char *folder = check_folder(ctx.arena);
    const char *path =
        check_write(ctx.arena, folder, "c.yaml",
                    arena_printf(ctx.arena, "%s%s    work: [2021-10-09]\n", head, good_off));
    struct calendar *calendar = NULL;
    assert_int_equal(calendar_load(&ctx, path, &calendar), FAULT_NONE);
    assert_int_equal(calendar_day(calendar, date_join(2021, 10, 9)), DAY_MAKEUP);
    assert_int_equal(calendar_day(calendar, date_join(2021, 10, 7)), DAY_HOLIDAY);
    assert_int_equal(calendar_published_until(calendar), date_join(2021, 12, 31));
    calendar_destroy(calendar);
    calendar_destroy(NULL);
    check_folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_in_the_frame),
        cmocka_unit_test(mistakes_in_the_days),
        cmocka_unit_test(mistakes_in_the_make_up_days),
        cmocka_unit_test(all_mistakes_in_one_report),
        cmocka_unit_test(the_smallest_calendar),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
