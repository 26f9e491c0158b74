/*
 * Papers below HTTP, on a database of their own: numbers under concurrency, who sees which,
 * setting, failing, trying again. papers sqlite|postgres RULEBOOK_DIR
 */
#include "base/clock.h"
#include "base/file.h"
#include "base/random.h"
#include "base/text.h"
#include "calendar/date.h"
#include "district.h"

#include <pthread.h>
#include <sys/stat.h>
/* clang-format off */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *which, *rulebook;
static struct district district;
static struct typesetters *typesetters;
static int64_t morning; /* 2026-03-02, 09:00 */

enum { MINUTE_MS = 60 * 1000 };

static int start(void **state)
{
    (void)state;
    bool parsed = minute_parse("2026-03-02T09:00", &morning);
    assert_true(parsed);
    district_open(&district, which, rulebook, morning);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    district_close(&district);
    return 0;
}

static enum fault notify(int64_t matter, const char *text)
{
    return district_act(&district, "supervisor.handler", matter, "notify", morning, "notice_body",
                        "水利局", "notice_text", text, NULL);
}

/* One round of setting at a time; the typesetters given. */
static struct paper_round set_at(int64_t now_ms, struct typesetters *with)
{
    SCOPED_ARENA arena = arena_create();
    struct ctx ctx;
    ctx_init(&ctx, arena, now_ms);
    struct actor actor = {.kind = ACTOR_SYSTEM, .region = district.place.office.region, .name = ""};
    ctx.actor = &actor;
    const struct paper_setting_options options = {
        .store = district.place.store, .office = &district.place.office, .typesetters = with};
    struct paper_round round;
    assert_int_equal(job_papers(&ctx, &options, &round), FAULT_NONE);
    return round;
}

/* The only paper of a matter, as the handler sees it. */
static struct paper only_paper(struct ctx *ctx, struct arena *arena, int64_t matter)
{
    struct paper *papers = NULL;
    district_ctx(&district, ctx, arena, "supervisor.handler", 0, morning);
    assert_int_equal(district_papers(&district, ctx, matter, &papers), 1);
    return papers[0];
}

/* The digest stands in the event, which more people read than the paper: it must not tell them
 * whether a name they guess is in it. */
static void a_digest_tells_nothing(void **state)
{
    (void)state;
    SCOPED_ARENA arena = arena_create();
    struct ctx ctx;
    int64_t matter = district_complaint(&district, "摘要不泄露内容的投诉", morning);
    assert_int_equal(notify(matter, "请向有管辖权的部门提出。"), FAULT_NONE);
    struct paper paper = only_paper(&ctx, arena, matter);
    struct digest digest;
    char hex[DIGEST_HEX];
    digest_of(paper.content, strlen(paper.content), &digest);
    text_hex(digest.sha256, DIGEST_BYTES, hex);
    assert_string_not_equal(paper.sha256, hex);
    text_hex(digest.sm3, DIGEST_BYTES, hex);
    assert_string_not_equal(paper.sm3, hex);
    /* Who has the paper, and so its code, can make it again. */
    const char *digested = arena_printf(arena, "%s\n%s", paper.content, paper.check);
    digest_of(digested, strlen(digested), &digest);
    text_hex(digest.sha256, DIGEST_BYTES, hex);
    assert_string_equal(paper.sha256, hex);
    text_hex(digest.sm3, DIGEST_BYTES, hex);
    assert_string_equal(paper.sm3, hex);
}

/* ---- Numbers ---- */

enum { THREADS = 16, EACH = 12 };

static void *notify_many(void *arg)
{
    int64_t *wrong = arg;
    for (int i = 0; i < EACH; i++) {
        int64_t matter = district_complaint(&district, "同时办理的投诉", morning);
        /* Refused in between, by its facts and by its conditions. */
        *wrong += notify(matter, "短") == FAULT_INVALID_FIELD ? 0 : 1;
        *wrong += notify(matter, "请向有管辖权的部门提出。") == FAULT_NONE ? 0 : 1;
        *wrong += district_act(&district, "supervisor.approver", matter, "urge", morning,
                               "urge_text", "请抓紧办理", NULL) == FAULT_RULE_REFUSED
                      ? 0
                      : 1;
    }
    return NULL;
}

static void numbers_have_no_gap(void **state)
{
    (void)state;
    pthread_t threads[THREADS];
    int64_t wrong[THREADS] = {0};
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, notify_many, &wrong[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        (void)pthread_join(threads[i], NULL);
        assert_int_equal(wrong[i], 0);
    }
    static const char of_word[] = " FROM paper WHERE word = '曾公监告' AND year = 2026";
    SCOPED_ARENA arena = arena_create();
    int64_t all = THREADS * EACH;
    assert_int_equal(
        district_count(&district, arena_printf(arena, "SELECT count(DISTINCT seq)%s", of_word), 0),
        all);
    assert_int_equal(
        district_count(&district, arena_printf(arena, "SELECT count(*)%s", of_word), 0), all);
    assert_int_equal(
        district_count(&district, arena_printf(arena, "SELECT max(seq)%s", of_word), 0), all);
    assert_int_equal(district_count(&district, "SELECT last FROM paper_counter", 0), all);
}

/* The action is done, its number given; then the transaction fails. */
static enum fault act_and_fail(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    enum fault fault = matter_act(ctx, tx, arg);
    return fault == FAULT_NONE ? FAULT_CONFLICT : fault;
}

static void a_refused_action_gives_its_number_back(void **state)
{
    (void)state;
    int64_t matter = district_complaint(&district, "退回编号的投诉", morning);
    assert_int_equal(notify(matter, "请向有管辖权的部门提出。"), FAULT_NONE);
    int64_t last = district_count(&district, "SELECT last FROM paper_counter", 0);
    SCOPED_ARENA arena = arena_create();
    struct ctx ctx;
    const struct act_fact facts[] = {{.code = "notice_body", .value = "水利局"},
                                     {.code = "notice_text", .value = "请向其提出投诉。"}};
    district_ctx(&district, &ctx, arena, "supervisor.handler", 0, morning);
    struct act_call call = {
        .office = &district.place.office,
        .input = {
            .matter = matter, .action = "notify", .version = -1, .facts = facts, .facts_count = 2}};
    assert_int_equal(store_write(district.place.store, &ctx, act_and_fail, &call), FAULT_CONFLICT);
    assert_int_equal(district_count(&district, "SELECT last FROM paper_counter", 0), last);
    assert_int_equal(notify(matter, "请向有管辖权的部门提出。"), FAULT_NONE);
    assert_int_equal(district_count(&district, "SELECT max(seq) FROM paper", 0), last + 1);
}

/* ---- Who sees which ---- */

struct seen {
    const char *login;
    const char *codes; /* Of the papers it sees, in order. */
};

static void expect_seen(int64_t matter, const struct seen *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        SCOPED_ARENA arena = arena_create();
        struct ctx ctx;
        struct paper *papers = NULL;
        struct buffer codes;
        buffer_init(&codes, arena);
        district_ctx(&district, &ctx, arena, rows[i].login, matter, morning);
        size_t found = district_papers(&district, &ctx, matter, &papers);
        for (size_t k = 0; k < found; k++) {
            buffer_printf(&codes, "%s%s", k == 0 ? "" : " ", papers[k].rule->code);
        }
        if (strcmp(codes.data, rows[i].codes) != 0) {
            fail_msg("%s sees [%s], expected [%s]", rows[i].login, codes.data, rows[i].codes);
        }
    }
}

static void each_party_sees_its_papers(void **state)
{
    (void)state;
    int64_t complaint = district_complaint(&district, "投诉与移送的公文", morning);
    assert_int_equal(notify(complaint, "请向有管辖权的部门提出。"), FAULT_NONE);
    assert_int_equal(district_act(&district, "supervisor.handler", complaint, "transfer", morning,
                                  "transfer_ground", "other_duty", "transfer_to", "water",
                                  "case_summary", "属水利工程监督事项。", NULL),
                     FAULT_NONE);
    int64_t transfer = district_child(&district, complaint);
    const struct seen of_complaint[] = {{"supervisor.handler", "competence_notice"},
                                        {"supervisor.head", "competence_notice"},
                                        {"public", "competence_notice"},
                                        {"water.handler", ""},
                                        {"housing.handler", ""},
                                        /* It names the complainant: not for those without part. */
                                        {"service.auditor", ""}};
    expect_seen(complaint, of_complaint, sizeof of_complaint / sizeof of_complaint[0]);
    int64_t at = morning + MINUTE_MS;
    assert_int_equal(district_act(&district, "supervisor.approver", transfer, "approve", at, NULL),
                     FAULT_NONE);
    district_upload(&district, "supervisor.handler", "证据.txt", at);
    assert_int_equal(district_act(&district, "supervisor.handler", transfer, "send", at,
                                  "delivery_method", "email", NULL),
                     FAULT_NONE);
    const struct seen of_transfer[] = {{"supervisor.handler", "transfer_letter"},
                                       {"water.handler", "transfer_letter"},
                                       {"water.head", "transfer_letter"},
                                       {"housing.handler", ""},
                                       {"service.auditor", "transfer_letter"}};
    expect_seen(transfer, of_transfer, sizeof of_transfer / sizeof of_transfer[0]);
    /* An urging letter goes to who must act, and to nobody else. */
    int64_t late = morning + 30ll * 24 * 3600 * 1000;
    assert_int_equal(district_act(&district, "supervisor.head", transfer, "urge", late, "urge_text",
                                  "请尽快签收。", NULL),
                     FAULT_NONE);
    const struct seen urged[] = {{"water.handler", "transfer_letter transfer_urging"},
                                 {"supervisor.handler", "transfer_letter transfer_urging"}};
    expect_seen(transfer, urged, 2);
}

/* ---- Setting ---- */

static void issued_papers_are_set_once(void **state)
{
    (void)state;
    int64_t matter = district_complaint(&district, "排版一次的投诉", morning);
    assert_int_equal(notify(matter, "请向有管辖权的部门提出。"), FAULT_NONE);
    int64_t version = district_count(&district, "SELECT version FROM matter WHERE id = $1", matter);
    while (set_at(morning, typesetters).set > 0) {
    }
    assert_int_equal(
        district_count(&district, "SELECT count(*) FROM paper WHERE pdf <> 'ready'", 0), 0);
    assert_int_equal(district_count(&district, "SELECT version FROM matter WHERE id = $1", matter),
                     version + 1);
    SCOPED_ARENA arena = arena_create();
    struct ctx ctx;
    struct paper paper = only_paper(&ctx, arena, matter);
    assert_string_equal(paper.pdf, "ready");
    assert_int_equal(paper.pages, 1);
    /* The file is what the row says, and setting the content again gives the same bytes. */
    char *bytes = NULL;
    size_t count = 0;
    const char *path = matter_file_path(arena, &district.place.office, paper.pdf_sha256);
    assert_int_equal(file_read(&ctx, path, 16 * 1024 * 1024, &bytes, &count), FAULT_NONE);
    assert_int_equal(count, paper.pdf_bytes);
    const char *content =
        paper_setting(arena, paper.content, "https://ldjg.example.org", paper.check);
    struct typeset_result result;
    assert_int_equal(
        typesetters_set(typesetters, &ctx, content, strlen(content), TYPESET_PDF, &result),
        FAULT_NONE);
    assert_int_equal(result.count, count);
    assert_memory_equal(result.bytes, bytes, count);
    assert_string_equal(result.fonts, paper.fonts);
    char sha256[DIGEST_HEX];
    uint8_t digest[DIGEST_BYTES];
    digest_sha256(bytes, count, digest);
    text_hex(digest, DIGEST_BYTES, sha256);
    assert_string_equal(sha256, paper.pdf_sha256);
}

/* Two processes at the same queue: each paper is set by one of them. */
static void *set_until_empty(void *arg)
{
    int64_t *set = arg;
    for (struct paper_round round = set_at(morning, typesetters); round.set > 0;
         round = set_at(morning, typesetters)) {
        *set += round.set;
    }
    return NULL;
}

static void two_setters_share_the_queue(void **state)
{
    (void)state;
    enum { PAPERS = 24 };
    int64_t before = district_count(
        &district, "SELECT count(*) FROM event WHERE action = '" PAPER_SET_ACTION "'", 0);
    for (int i = 0; i < PAPERS; i++) {
        int64_t matter = district_complaint(&district, "两个进程的投诉", morning);
        assert_int_equal(notify(matter, "请向有管辖权的部门提出。"), FAULT_NONE);
    }
    pthread_t thread;
    int64_t set[2] = {0};
    assert_int_equal(pthread_create(&thread, NULL, set_until_empty, &set[1]), 0);
    (void)set_until_empty(&set[0]);
    (void)pthread_join(thread, NULL);
    assert_int_equal(set[0] + set[1], PAPERS);
    assert_int_equal(
        district_count(&district,
                       "SELECT count(*) FROM event WHERE action = '" PAPER_SET_ACTION "'", 0),
        before + PAPERS);
}

/* Who claimed one and died loses it after a minute; his late answer changes nothing. */
static void a_dead_claim_is_taken_over(void **state)
{
    (void)state;
    int64_t matter = district_complaint(&district, "中断排版的投诉", morning);
    assert_int_equal(notify(matter, "请向有管辖权的部门提出。"), FAULT_NONE);
    SCOPED_ARENA arena = arena_create();
    struct ctx ctx;
    struct paper paper = only_paper(&ctx, arena, matter);
    struct paper_job job = {.office = &district.place.office, .paper = paper.id};
    assert_int_equal(store_write(district.place.store, &ctx, paper_claim, &job), FAULT_NONE);
    assert_true(job.ret_claimed);
    struct paper_job second = job;
    assert_int_equal(store_write(district.place.store, &ctx, paper_claim, &second), FAULT_NONE);
    assert_false(second.ret_claimed);
    assert_int_equal(set_at(morning + MINUTE_MS - 1, typesetters).set, 0);
    assert_int_equal(set_at(morning + MINUTE_MS, typesetters).set, 1);
    struct paper_outcome late = {.job = &job, .fonts = "", .pages = 7};
    assert_int_equal(store_write(district.place.store, &ctx, paper_set, &late), FAULT_NONE);
    assert_false(late.ret_kept);
    struct paper_outcome failed = {.job = &job, .fault = FAULT_INTERNAL};
    assert_int_equal(store_write(district.place.store, &ctx, paper_failed, &failed), FAULT_NONE);
    assert_false(failed.ret_kept);
    paper = only_paper(&ctx, arena, matter);
    assert_string_equal(paper.pdf, "ready");
    assert_int_equal(paper.pages, 1);
}

/* The program is ended and started again with papers waiting. */
static void a_restart_forgets_nothing(void **state)
{
    (void)state;
    int64_t matter = district_complaint(&district, "重启之前的投诉", morning);
    assert_int_equal(notify(matter, "请向有管辖权的部门提出。"), FAULT_NONE);
    district_reopen(&district, morning);
    assert_int_equal(set_at(morning, typesetters).set, 1);
    SCOPED_ARENA arena = arena_create();
    struct ctx ctx;
    assert_string_equal(only_paper(&ctx, arena, matter).pdf, "ready");
}

/* ---- Failing ---- */

static const char told[] = "SELECT count(*) FROM message WHERE kind = 'paper_failed'";

/* U+E000 is nobody's character: no font has it. The other paper of the round is set. */
static void what_can_not_be_set_blocks_nothing(void **state)
{
    (void)state;
    int64_t bad = district_complaint(&district, "不能排版的投诉", morning);
    int64_t good = district_complaint(&district, "可以排版的投诉", morning);
    int64_t before = district_count(&district, told, 0);
    assert_int_equal(notify(bad, "请向\xee\x80\x80提出投诉。"), FAULT_NONE);
    assert_int_equal(notify(good, "请向有管辖权的部门提出。"), FAULT_NONE);
    struct paper_round round = set_at(morning, typesetters);
    assert_int_equal(round.set, 1);
    assert_int_equal(round.failed, 1);
    SCOPED_ARENA arena = arena_create();
    struct ctx ctx;
    struct paper paper = only_paper(&ctx, arena, bad);
    assert_string_equal(paper.pdf, "failed");
    assert_non_null(strstr(paper.error, "E000"));
    assert_string_equal(only_paper(&ctx, arena, good).pdf, "ready");
    /* Handler, approver and head of the body are told, once. */
    assert_int_equal(district_count(&district, told, 0), before + 3);
    assert_int_equal(set_at(morning + 9999, typesetters).failed, 0);
    round = set_at(morning + 10000, typesetters);
    assert_int_equal(round.failed, 1);
    /* The second wait is twice as long. */
    assert_int_equal(set_at(morning + 10000 + 19999, typesetters).failed, 0);
    assert_int_equal(set_at(morning + 10000 + 20000, typesetters).failed, 1);
    assert_int_equal(district_count(&district, told, 0), before + 3);
    /* Never longer than six hours. */
    int64_t at = morning + 30000;
    for (int i = 0; i < 20; i++) {
        at += 6ll * 3600 * 1000;
        assert_int_equal(set_at(at, typesetters).failed, 1);
    }
}

/* A typesetter that only dies: the papers wait, and are set when there is a good one. */
static void a_broken_typesetter_is_survived(void **state)
{
    (void)state;
    SCOPED_ARENA arena = arena_create();
    struct ctx ctx;
    ctx_init(&ctx, arena, morning);
    struct typesetters *broken = NULL;
    const struct typesetters_options options = {
        .program = "/bin/false", .workers = 1, .timeout_ms = 2000, .start_wait_ms = 1};
    assert_int_equal(typesetters_start(&ctx, &options, &broken), FAULT_NONE);
    int64_t matter = district_complaint(&district, "排版程序损坏时的投诉", morning);
    assert_int_equal(notify(matter, "请向有管辖权的部门提出。"), FAULT_NONE);
    struct paper_round round = set_at(morning, broken);
    typesetters_stop(broken);
    assert_int_equal(round.set, 0);
    assert_int_equal(round.failed + round.busy, 1);
    round = set_at(morning + 10000, typesetters);
    assert_int_equal(round.set, 1);
    struct paper paper = only_paper(&ctx, arena, matter);
    assert_string_equal(paper.pdf, "ready");
    assert_null(paper.error);
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        return 2;
    }
    which = argv[1];
    rulebook = argv[2];
    random_start();
    SCOPED_ARENA arena = arena_create();
    struct ctx ctx;
    ctx_init(&ctx, arena, 0);
    const struct typesetters_options options = {.workers = 2};
    if (typesetters_start(&ctx, &options, &typesetters) != FAULT_NONE) {
        (void)fprintf(stderr, "%s\n", ctx.note);
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_digest_tells_nothing, start, stop),
        cmocka_unit_test_setup_teardown(numbers_have_no_gap, start, stop),
        cmocka_unit_test_setup_teardown(a_refused_action_gives_its_number_back, start, stop),
        cmocka_unit_test_setup_teardown(each_party_sees_its_papers, start, stop),
        cmocka_unit_test_setup_teardown(issued_papers_are_set_once, start, stop),
        cmocka_unit_test_setup_teardown(two_setters_share_the_queue, start, stop),
        cmocka_unit_test_setup_teardown(a_dead_claim_is_taken_over, start, stop),
        cmocka_unit_test_setup_teardown(a_restart_forgets_nothing, start, stop),
        cmocka_unit_test_setup_teardown(what_can_not_be_set_blocks_nothing, start, stop),
        cmocka_unit_test_setup_teardown(a_broken_typesetter_is_survived, start, stop),
    };
    int status = cmocka_run_group_tests(tests, NULL, NULL);
    typesetters_stop(typesetters);
    return status;
}
