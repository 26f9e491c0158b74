/* A server's clock that is put back, or stands still: what follows never lies before what it
 * follows. The clock is the 90 natural days of a case opened on Tuesday 2023-05-09: 2023-08-07. */
#include "rig.h"

static int64_t the_case;

static int with_case(void **state)
{
    int failed = rig_open(state);
    const char *const opens[] = {"subject",
                                 "出借资质案",
                                 "summary",
                                 "检查发现出借资质线索。",
                                 "discovered_at",
                                 "2023-05-09",
                                 "respondent",
                                 "随州某水利公司",
                                 NULL};
    const char *const officers[] = {"officers", "陈静（鄂Z401）、胡长河（鄂Z402）", "recusal",
                                    "true", NULL};
    the_case = rig_act("2023-05-09T09:00", "water.handler", 0, "case", "open_found", opens);
    (void)rig_act("2023-05-09T10:00", "water.head", the_case, NULL, "name_officers", officers);
    return failed;
}

static void pause_at(const char *minute)
{
    const char *const facts[] = {"pause_reason", "review", "pause_evidence", "委托专家复核。",
                                 NULL};
    (void)rig_act(minute, "water.approver", the_case, NULL, "pause", facts);
}

static void resume_at(const char *minute)
{
    const char *const facts[] = {"resume_note", "专家意见已收到。", NULL};
    (void)rig_act(minute, "water.handler", the_case, NULL, "resume", facts);
}

static void expect_due(const char *day)
{
    assert_string_equal(
        rig_ask("SELECT due_date - 19576 FROM deadline WHERE code = 'decide' AND ended IS NULL", 1),
        day); /* Day 19576 is 2023-08-07. */
}

/* Two pauses that begin at the same moment: one day is not counted. */
static void paused_twice_at_one_moment(void **state)
{
    (void)state;
    expect_due("0");
    pause_at("2023-05-10T10:00");
    resume_at("2023-05-10T10:00");
    pause_at("2023-05-10T10:00");
    resume_at("2023-05-10T16:00");
    expect_due("1");
}

static void put_back_during_a_pause(void **state)
{
    (void)state;
    pause_at("2023-05-10T10:00");
    resume_at("2023-05-09T16:00");
    expect_due("1");
    pause_at("2023-05-09T09:30");
    resume_at("2023-05-12T09:00");
    expect_due("3");
    assert_string_equal(rig_ask("SELECT count(*) FROM event a JOIN event b ON a.region = b.region"
                                " AND a.matter = b.matter AND b.version = a.version + 1"
                                " WHERE b.happened_ms < a.happened_ms",
                                1),
                        "0");
}

int main(int argc, char **argv)
{
    rig_main(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(paused_twice_at_one_moment, with_case, rig_close),
        cmocka_unit_test_setup_teardown(put_back_during_a_pause, with_case, rig_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
