/*
 * Another calendar, and what it does to clocks that run. Counted by hand: a complaint of Tuesday
 * 2026-12-29 owes notice and review within 3 working days, transfer within 5. By the shipped
 * calendar (2027 without a notice, New Year's Day off alone) they count
 *     30, 31 December, 4 January | 5, 6 January
 * and are provisional. The test's notice for 2027 gives 1 to 4 January off and makes Saturday the
 * 9th a working day:
 *     30, 31 December, 5 January | 6, 7 January
 * So does the correction that one of them was asked for, 5 working days as well.
 */
#include "base/limit.h"
#include "rig.h"

static const char shipped[] = SOURCE_DIR "/calendars/cn.yaml";
static const char four_days[] =
    "  - year: 2027\n"
    "    notice: 试验〔2026〕1号\n"
    "    off:\n"
    "      - {from: 2027-01-01, to: 2027-01-04, name: {zh: 元旦, en: New Year}}\n"
    "    work: [2027-01-09]\n";
static const char one_day[] =
    "  - year: 2027\n"
    "    notice: 试验〔2026〕2号\n"
    "    off:\n"
    "      - {from: 2027-01-01, to: 2027-01-01, name: {zh: 元旦, en: New Year}}\n";

static int64_t first;  /* Open. */
static int64_t second; /* Noticed in time: one clock has ended. */
static int64_t third;  /* Its review is paused. */

/* The shipped calendar with the year 2027 published as `year` says. */
static const char *with_2027(struct ctx *ctx, const char *year)
{
    char *text = NULL;
    size_t count = 0;
    rig_good(ctx, file_read(ctx, shipped, LIMIT_RULE_FILE_BYTES, &text, &count));
    char *provisional = strstr(text, "\nprovisional:");
    char *from = strstr(text, "  - year: 2027");
    char *to = strstr(text, "  - year: 2028");
    assert_true(provisional != NULL && provisional < from && from < to);
    return arena_printf(rig_arena, "%.*s\n%s%.*s%s", (int)(provisional - text), text, year,
                        (int)(from - provisional), provisional, to);
}

static int with_matters(void **state)
{
    const char *const notice[] = {"notice_body", "曾都区交通运输局", "notice_text",
                                  "应由交通运输局查处。", NULL};
    const char *const asks[] = {"correction_items", "补充身份证明。", NULL};
    int failed = rig_open(state);
    first = rig_complaint("2026-12-29T09:00", "housing");
    second = rig_complaint("2026-12-29T09:00", "housing");
    third = rig_complaint("2026-12-29T09:00", "housing");
    (void)rig_act("2026-12-29T10:00", "housing.handler", second, NULL, "notify", notice);
    (void)rig_act("2026-12-29T11:00", "housing.handler", third, NULL, "ask_correction", asks);
    return failed;
}

/* Clocks of a matter: code, day in January 2027 (2027-01-01 is day 20819), provisional, ended,
 * paused. */
static const char *clocks_of(int64_t matter)
{
    return rig_ask(arena_printf(rig_arena,
                                "SELECT code, due_date - 20818, provisional,"
                                " coalesce(ended, '-'), CASE WHEN paused_ms IS NULL THEN '-'"
                                " ELSE 'paused' END FROM deadline WHERE matter = %lld"
                                " AND code IN ('notice', 'review', 'transfer') ORDER BY code",
                                (long long)matter),
                   5);
}

static const char before_first[] = "notice 4 1 - -\nreview 4 1 - -\ntransfer 6 1 - -";
static const char before_second[] = "notice 4 1 met -\nreview 4 1 met -\ntransfer 6 1 - -";
static const char before_third[] = "notice 4 1 - -\nreview 4 1 - paused\ntransfer 6 1 - -";

static void expect_untouched(void)
{
    assert_string_equal(clocks_of(first), before_first);
    assert_string_equal(clocks_of(second), before_second);
    assert_string_equal(clocks_of(third), before_third);
    assert_string_equal(rig_ask("SELECT count(*) FROM event WHERE action = 'due_moved'", 1), "0");
    assert_string_equal(rig_ask("SELECT count(*) FROM message WHERE kind = 'moved'", 1), "0");
    assert_string_equal(rig_ask("SELECT count(*) FROM calendar_edition", 1), "1");
}

struct counting {
    struct recount recount;
    struct calendar *next;
};

static struct counting prepare(struct ctx *ctx, const char *year)
{
    static struct actor system = {.kind = ACTOR_SYSTEM, .login = "system", .name = ""};
    struct counting c = {.recount.office = &rig_place.office};
    c.recount.text = with_2027(ctx, year);
    rig_good(ctx, calendar_read(ctx, "next.yaml", c.recount.text, strlen(c.recount.text), &c.next));
    c.recount.next = c.next;
    system.region = rig_place.office.region;
    ctx->actor = &system;
    return c;
}

/* "code was -> due" of what moved, in the order told. */
static const char *moved_text(const struct recount *recount)
{
    struct buffer text;
    buffer_init(&text, rig_arena);
    for (size_t i = 0; i < recount->ret_count; i++) {
        const struct moved *m = &recount->ret_moved[i];
        char was[DATE_TEXT];
        char due[DATE_TEXT];
        date_format(m->was_date, was);
        date_format(m->due_date, due);
        buffer_printf(&text, "%s%d %s %s>%s%s", i == 0 ? "" : "\n",
                      m->matter == first    ? 1
                      : m->matter == second ? 2
                                            : 3,
                      m->rule->code, was, due, m->provisional ? " provisional" : "");
    }
    return text.data;
}

static void looking_changes_nothing(void **state)
{
    (void)state;
    RIG_CTX(ctx, "2026-12-30T09:00");
    expect_untouched();
    struct counting c = prepare(&ctx, four_days);
    rig_good(&ctx, store_read(rig_place.store, &ctx, matter_recount_look, &c.recount));
    assert_string_equal(moved_text(&c.recount), "1 review 2027-01-04>2027-01-05\n"
                                                "1 notice 2027-01-04>2027-01-05\n"
                                                "1 transfer 2027-01-06>2027-01-07\n"
                                                "2 transfer 2027-01-06>2027-01-07\n"
                                                "3 notice 2027-01-04>2027-01-05\n"
                                                "3 transfer 2027-01-06>2027-01-07\n"
                                                "3 correct 2027-01-06>2027-01-07");
    expect_untouched();
    calendar_destroy(c.next);
}

static void open_clocks_move_and_ended_ones_stay(void **state)
{
    (void)state;
    RIG_CTX(ctx, "2026-12-30T09:00");
    struct counting c = prepare(&ctx, four_days);
    const char *versions = rig_ask("SELECT sum(version) FROM matter", 1);
    rig_good(&ctx, store_write(rig_place.store, &ctx, matter_recount, &c.recount));
    assert_int_equal(c.recount.ret_count, 7);
    assert_string_equal(clocks_of(first), "notice 5 0 - -\nreview 5 0 - -\ntransfer 7 0 - -");
    assert_string_equal(clocks_of(second), "notice 4 1 met -\nreview 4 1 met -\ntransfer 7 0 - -");
    assert_string_equal(clocks_of(third), "notice 5 0 - -\nreview 4 1 - paused\ntransfer 7 0 - -");
    /* One event for each matter, whose version it is, and the lists' due day goes along. */
    assert_int_equal(strtol(rig_ask("SELECT sum(version) FROM matter", 1), NULL, 10),
                     strtol(versions, NULL, 10) + 3);
    assert_string_equal(rig_ask("SELECT count(*), count(DISTINCT e.matter) FROM event e JOIN"
                                " matter m ON m.region = e.region AND m.id = e.matter"
                                " AND m.version = e.version WHERE e.action = 'due_moved'",
                                2),
                        "3 3");
    const char *body =
        rig_ask(arena_printf(rig_arena,
                             "SELECT body FROM event WHERE action = 'due_moved' AND matter ="
                             " %lld",
                             (long long)second),
                1);
    check_holds(body, "\"code\":\"transfer\",\"change\":\"moved\",\"due_ms\":1799337600000,"
                      "\"was_ms\":1799251200000");
    assert_string_equal(rig_ask(arena_printf(rig_arena, "SELECT due_ms FROM matter WHERE id = %lld",
                                             (long long)first),
                                1),
                        "1799164800000"); /* 24:00 of 5 January. */
    /* A notice for each clock, to both bodies that see it. */
    assert_string_equal(rig_ask("SELECT a.login, count(*) FROM message n JOIN account a ON"
                                " a.region = n.region AND a.id = n.account WHERE n.kind = 'moved'"
                                " GROUP BY a.login ORDER BY a.login",
                                2),
                        "housing.handler 7\nsupervisor.handler 7");
    assert_string_equal(rig_ask("SELECT max(number) FROM calendar_edition", 1), "2");
    /* Again: nothing is left to do. */
    c.recount.text = NULL;
    rig_good(&ctx, store_read(rig_place.store, &ctx, matter_recount_look, &c.recount));
    assert_int_equal(c.recount.ret_count, 0);
    calendar_destroy(c.next);
}

/* The notice changes no day: what was provisional stands, on the record but without a message. */
static void provisional_days_settle(void **state)
{
    (void)state;
    RIG_CTX(ctx, "2026-12-30T09:00");
    struct counting c = prepare(&ctx, one_day);
    rig_good(&ctx, store_write(rig_place.store, &ctx, matter_recount, &c.recount));
    assert_int_equal(c.recount.ret_count, 7);
    assert_string_equal(clocks_of(first), "notice 4 0 - -\nreview 4 0 - -\ntransfer 6 0 - -");
    assert_string_equal(rig_ask("SELECT count(*) FROM message WHERE kind = 'moved'", 1), "0");
    check_holds(rig_ask("SELECT body FROM event WHERE action = 'due_moved' LIMIT 1", 1),
                "\"change\":\"settled\"");
    calendar_destroy(c.next);
}

/* It breaks off in the middle (a message that may not be written): nothing of it is there. */
static void all_or_nothing(void **state)
{
    (void)state;
    RIG_CTX(ctx, "2026-12-30T09:00");
    struct counting c = prepare(&ctx, four_days);
    rig_run("CREATE UNIQUE INDEX message_few ON message (account, matter)");
    enum fault fault = store_write(rig_place.store, &ctx, matter_recount, &c.recount);
    assert_int_not_equal(fault, FAULT_NONE);
    expect_untouched();
    rig_run("DROP INDEX message_few");
    ctx_clear(&ctx);
    rig_good(&ctx, store_write(rig_place.store, &ctx, matter_recount, &c.recount));
    assert_int_equal(c.recount.ret_count, 7);
    calendar_destroy(c.next);
}

/* The remainder is counted with the new calendar when the paused clock goes on. */
static void a_paused_clock_keeps_its_remainder(void **state)
{
    (void)state;
    RIG_CTX(ctx, "2026-12-30T09:00");
    struct counting c = prepare(&ctx, four_days);
    rig_good(&ctx, store_write(rig_place.store, &ctx, matter_recount, &c.recount));
    rig_good(&ctx, calendars_refresh(rig_place.office.calendars, &ctx, rig_place.store));
    /* Paused on the 29th, so all three days are left: 5, 6, 7 January after the 31st. */
    (void)rig_act("2026-12-31T15:00", NULL, third, NULL, "correct", NULL);
    assert_string_equal(clocks_of(third), "notice 5 0 - -\nreview 7 0 - -\ntransfer 7 0 - -");
    calendar_destroy(c.next);
}

/* Two further working days, given before: 5, 6 January become 6, 7. */
static void an_extension_is_counted_on(void **state)
{
    (void)state;
    RIG_CTX(ctx, "2026-12-30T09:00");
    rig_run(arena_printf(rig_arena,
                         "UPDATE deadline SET extension = '2wd', first_due_date = due_date,"
                         " due_date = due_date + 2, due_ms = due_ms + 172800000"
                         " WHERE code = 'notice' AND matter = %lld",
                         (long long)first));
    struct counting c = prepare(&ctx, four_days);
    rig_good(&ctx, store_write(rig_place.store, &ctx, matter_recount, &c.recount));
    assert_string_equal(rig_ask(arena_printf(rig_arena,
                                             "SELECT due_date - 20818, first_due_date - 20818 FROM"
                                             " deadline WHERE code = 'notice' AND matter = %lld",
                                             (long long)first),
                                2),
                        "7 5");
    calendar_destroy(c.next);
}

/* Another process opened a clock with the old calendar in between. */
static void a_running_program_takes_it_up(void **state)
{
    (void)state;
    RIG_CTX(ctx, "2026-12-30T09:00");
    struct counting c = prepare(&ctx, four_days);
    rig_good(&ctx, store_write(rig_place.store, &ctx, matter_recount, &c.recount));
    assert_string_not_equal(calendar_edition(rig_place.office.calendar), calendar_edition(c.next));
    int64_t late = rig_complaint("2026-12-29T17:00", "housing");
    assert_string_equal(clocks_of(late), before_first);
    rig_good(&ctx, calendars_refresh(rig_place.office.calendars, &ctx, rig_place.store));
    assert_string_equal(calendar_edition(rig_place.office.calendar), calendar_edition(c.next));
    assert_string_equal(clocks_of(late), "notice 5 0 - -\nreview 5 0 - -\ntransfer 7 0 - -");
    int64_t later = rig_complaint("2026-12-29T18:00", "housing");
    assert_string_equal(clocks_of(later), "notice 5 0 - -\nreview 5 0 - -\ntransfer 7 0 - -");
    calendar_destroy(c.next);
}

/* Years that open clocks need are missing: refused as a whole, and it says which matter. */
static void a_calendar_that_is_too_short_is_refused(void **state)
{
    (void)state;
    RIG_CTX(ctx, "2026-12-30T09:00");
    static const char text[] =
        "years:\n  - year: 2026\n    notice: 甲\n    off:\n"
        "      - {from: 2026-01-01, to: 2026-01-01, name: {zh: 甲, en: A}}\n";
    struct counting c = prepare(&ctx, four_days);
    calendar_destroy(c.next);
    rig_good(&ctx, calendar_read(&ctx, "short.yaml", text, strlen(text), &c.next));
    c.recount.next = c.next;
    c.recount.text = text;
    assert_int_equal(store_write(rig_place.store, &ctx, matter_recount, &c.recount),
                     FAULT_CALENDAR_INVALID);
    check_holds(ctx.note, "TS2026");
    expect_untouched();
    calendar_destroy(c.next);
}

int main(int argc, char **argv)
{
    rig_main(argc, argv);
#define WITH(test) cmocka_unit_test_setup_teardown(test, with_matters, rig_close)
    const struct CMUnitTest tests[] = {
        WITH(looking_changes_nothing),
        WITH(open_clocks_move_and_ended_ones_stay),
        WITH(provisional_days_settle),
        WITH(all_or_nothing),
        WITH(a_paused_clock_keeps_its_remainder),
        WITH(an_extension_is_counted_on),
        WITH(a_running_program_takes_it_up),
        WITH(a_calendar_that_is_too_short_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
