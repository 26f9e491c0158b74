/* Reminders and escalation, day by day, with days counted by hand. The clock is a complaint of
 * Monday 2023-05-08: notice within 3 working days, so Thursday 2023-05-11. No holiday lies near. */
#include "base/id.h"
#include "job/job.h"
#include "rig.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

static int64_t the_matter;
static int64_t seen; /* The newest message already looked at. */

static void remind(const char *minute)
{
    RIG_CTX(ctx, minute);
    rig_good(&ctx, job_remind(&ctx, rig_place.store, &rig_place.office));
}

/* Messages about the clock `notice` since the last look: "login kind", by kind and login. */
static const char *news(void)
{
    const char *text = rig_ask(
        arena_printf(rig_arena,
                     "SELECT a.login, n.kind FROM message n JOIN account a ON a.region = n.region"
                     " AND a.id = n.account JOIN deadline d ON d.region = n.region"
                     " AND d.id = n.deadline WHERE d.code = 'notice' AND n.id > %lld"
                     " ORDER BY n.kind, a.login",
                     (long long)seen),
        2);
    seen = strtoll(rig_ask("SELECT coalesce(max(id), 0) FROM message", 1), NULL, 10);
    return text;
}

static void expect_news(const char *minute, const char *expected)
{
    remind(minute);
    assert_string_equal(news(), expected);
    /* Again, and once more later that day: nothing twice. */
    remind(minute);
    assert_string_equal(news(), "");
}

static int with_complaint(void **state)
{
    int failed = rig_open(state);
    seen = 0;
    the_matter = rig_complaint("2023-05-08T09:00", "housing");
    return failed;
}

static void every_rung_once(void **state)
{
    (void)state;
    expect_news("2023-05-08T09:01", "");
    expect_news("2023-05-09T10:00", "");
    expect_news("2023-05-10T08:59", ""); /* Yellow since midnight, but before office hours. */
    expect_news("2023-05-10T09:00", "housing.handler yellow");
    expect_news("2023-05-11T16:59", "");
    expect_news("2023-05-11T23:59", "");
    expect_news("2023-05-12T00:01", ""); /* Red, at night. */
    expect_news("2023-05-12T09:00", "housing.handler red");
    expect_news("2023-05-12T16:59", "");
    expect_news("2023-05-12T17:00", "");
    expect_news("2023-05-13T10:00", ""); /* Saturday. */
    expect_news("2023-05-14T10:00", "");
    expect_news("2023-05-15T09:00", "housing.approver approver\nhousing.handler daily"); /* 2. */
    expect_news("2023-05-16T09:30", "housing.handler daily");                            /* 3. */
    expect_news("2023-05-17T11:00", "housing.handler daily\nhousing.head head");         /* 4. */
    expect_news("2023-05-18T11:00", "housing.handler daily");
    expect_news("2023-05-19T11:00",
                "housing.handler daily\nsupervisor.handler supervisor"); /* 6. */
    expect_news("2023-05-22T11:00", "housing.handler daily");
}

static void a_met_clock_is_silent(void **state)
{
    (void)state;
    const char *const facts[] = {"notice_body", "曾都区交通运输局", "notice_text",
                                 "应由交通运输局查处。", NULL};
    expect_news("2023-05-10T09:00", "housing.handler yellow");
    (void)rig_act("2023-05-10T10:00", "housing.handler", the_matter, NULL, "notify", facts);
    expect_news("2023-05-12T09:00", "");
    expect_news("2023-05-15T09:00", "");
}

/* The program was not running for two weeks: each rung once, and no daily one beside red. */
static void what_was_missed_is_made_up_for(void **state)
{
    (void)state;
    expect_news("2023-05-22T09:00", "housing.approver approver\nhousing.head head\n"
                                    "housing.handler red\nsupervisor.handler supervisor");
    expect_news("2023-05-23T09:00", "housing.handler daily");
}

/* Correction pauses `review`, not `notice`: so its ladder is looked at. */
static const char *review_news(const char *minute)
{
    remind(minute);
    return rig_ask("SELECT n.kind, n.due_ms FROM message n JOIN deadline d ON d.region = n.region"
                   " AND d.id = n.deadline WHERE d.code = 'review' ORDER BY n.id",
                   1);
}

static void a_paused_clock_is_silent_and_begins_anew(void **state)
{
    (void)state;
    const char *const asks[] = {"correction_items", "补充身份证明。", NULL};
    assert_string_equal(review_news("2023-05-08T10:00"), "");
    (void)rig_act("2023-05-09T10:00", "housing.handler", the_matter, NULL, "ask_correction", asks);
    assert_string_equal(review_news("2023-05-10T09:00"), "");
    assert_string_equal(review_news("2023-05-12T09:00"), "");
    assert_string_equal(review_news("2023-05-19T09:00"), "");
    (void)rig_act("2023-05-22T15:00", NULL, the_matter, NULL, "correct", NULL);
    /* Nothing of the three days had been counted when it paused on the 9th, a day that does not
     * count either; it goes on from the 22nd: 23, 24, 25 May. */
    assert_string_equal(rig_ask("SELECT due_date - 19487 FROM deadline WHERE code = 'review'", 1),
                        "15");
    assert_string_equal(review_news("2023-05-23T09:00"), "");
    assert_string_equal(review_news("2023-05-24T09:00"), "yellow");
    assert_string_equal(review_news("2023-05-26T09:00"), "yellow\nred");
}

static void *remind_there(void *arg)
{
    SCOPED_ARENA arena = arena_create();
    struct ctx ctx;
    (void)arg;
    ctx_init(&ctx, arena, rig_minute("2023-05-22T09:00"));
    return job_remind(&ctx, rig_place.store, &rig_place.office) == FAULT_NONE ? NULL : rig_folder;
}

/* Two that run at once on one database: each message once. */
static void two_processes_share_the_work(void **state)
{
    (void)state;
    RIG_CTX(ctx, "2023-05-22T09:00");
    for (int i = 0; i < 40; i++) {
        (void)rig_complaint("2023-05-08T09:00", "housing");
    }
    pthread_t other;
    void *result = NULL;
    assert_int_equal(pthread_create(&other, NULL, remind_there, NULL), 0);
    rig_good(&ctx, job_remind(&ctx, rig_place.store, &rig_place.office));
    assert_int_equal(pthread_join(other, &result), 0);
    assert_null(result);
    assert_string_equal(rig_ask("SELECT count(*), count(DISTINCT n.deadline) FROM message n"
                                " WHERE n.kind = 'red'",
                                2),
                        "123 123");
    assert_string_equal(rig_ask("SELECT count(*) FROM message WHERE kind = 'supervisor'", 1), "82");
}

static void bodies_without_accounts_tell_nobody(void **state)
{
    (void)state;
    rig_run("UPDATE account SET active = 0 WHERE org = 'housing'");
    expect_news("2023-05-10T09:00", "");
    expect_news("2023-05-19T09:00", "supervisor.handler supervisor");
}

/* Only what is due is read: a run reads no clock whose next rung lies ahead. */
static void nothing_is_read_that_is_not_due(void **state)
{
    (void)state;
    remind("2023-05-08T10:00");
    assert_string_equal(rig_ask("SELECT count(*) FROM deadline WHERE ended_ms IS NULL"
                                " AND remind_ms < 1683561600000",
                                1),
                        "0"); /* 2023-05-09 00:00 in Beijing. */
    assert_string_equal(rig_ask("SELECT count(*) FROM deadline WHERE ended_ms IS NULL", 1), "3");
}

static void note_org(void *arg, const char *org)
{
    if (strcmp(org, "housing") == 0) {
        atomic_store((atomic_bool *)arg, true);
    }
}

/* However late the thread's first turn comes: what was written once the start returned is told. */
static void what_comes_after_the_start_is_told(void **state)
{
    (void)state;
    atomic_bool told = false;
    struct jobs *jobs = jobs_start(&(struct jobs_options){.store = rig_place.store,
                                                          .office = &rig_place.office,
                                                          .tell = note_org,
                                                          .tell_arg = &told});
    /* Today's, or the thread sweeps it away; not by a run of the reminders, which the thread's own
     * run, at today's date, might forestall. */
    int64_t now_ms = (int64_t)time(NULL) * 1000;
    rig_run(arena_printf(rig_arena,
                         "INSERT INTO message (region, id, account, kind, created_ms)"
                         " SELECT region, %lld, id, 'red', %lld FROM account"
                         " WHERE login = 'housing.handler'",
                         (long long)id_make(now_ms), (long long)now_ms));
    for (int i = 0; i < 600 && !atomic_load(&told); i++) {
        (void)nanosleep(&(struct timespec){.tv_nsec = 50 * 1000 * 1000}, NULL);
    }
    jobs_stop(jobs);
    assert_true(atomic_load(&told));
}

int main(int argc, char **argv)
{
    rig_main(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_rung_once, with_complaint, rig_close),
        cmocka_unit_test_setup_teardown(a_met_clock_is_silent, with_complaint, rig_close),
        cmocka_unit_test_setup_teardown(what_was_missed_is_made_up_for, with_complaint, rig_close),
        cmocka_unit_test_setup_teardown(a_paused_clock_is_silent_and_begins_anew, with_complaint,
                                        rig_close),
        cmocka_unit_test_setup_teardown(two_processes_share_the_work, with_complaint, rig_close),
        cmocka_unit_test_setup_teardown(bodies_without_accounts_tell_nobody, with_complaint,
                                        rig_close),
        cmocka_unit_test_setup_teardown(what_comes_after_the_start_is_told, with_complaint,
                                        rig_close),
        cmocka_unit_test_setup_teardown(nothing_is_read_that_is_not_due, with_complaint, rig_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
