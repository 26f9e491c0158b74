/* What recorded matters would have come to under another rulebook. Days are counted by hand. */
#include "engine_rig.h"
#include "matter/rehearse.h"

#include <string.h>

/* ---- A record without a store ---- */

static struct calendar *the_calendar;
static struct rulebook *small;

static int setup(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    const char *folder = book_write(&ctx, NULL, NULL, NULL);
    enum fault fault = rules_load(&ctx, folder, &small);
    check_folder_remove(folder);
    fault = fault == FAULT_NONE
                ? calendar_load(&ctx, SOURCE_DIR "/calendars/cn.yaml", &the_calendar)
                : fault;
    return fault == FAULT_NONE ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    rules_destroy(small);
    calendar_destroy(the_calendar);
    return 0;
}

static struct past_fact subject[] = {{"subject", "题", false},
                                     {"ground", "crime", false},
                                     {"body", "police", false},
                                     {"secret", NULL, true}};
static struct past_fact sent_on[] = {{"day", "2021-09-24", false}};
static struct past_party parties[] = {{"handler", "supervisor"}, {"other", "police"}};

static struct past_event event(int64_t id, const char *action, const char *state,
                               const char *minute)
{
    return (struct past_event){.id = id,
                               .action = action,
                               .org = "supervisor",
                               .to_state = state,
                               .version = id,
                               .recorded_ms = at(minute),
                               .happened_ms = at(minute)};
}

/* Begun on Friday 17 September 2021, sent on the 24th: the fourth working day. */
struct record {
    struct past past;
    struct past_event events[3];
};

static void record(struct record *r, size_t events)
{
    *r = (struct record){.past = {.id = 1,
                                  .reference = "FU20210917-00000",
                                  .procedure = "parent",
                                  .state = events == 1 ? "begun" : "waiting",
                                  .parties = parties,
                                  .parties_count = 2,
                                  .events_count = events}};
    r->past.events = r->events;
    r->events[0] = event(1, "begin", "begun", "2021-09-17T10:00");
    r->events[0].facts = subject;
    r->events[0].facts_count = 4;
    r->events[1] = event(2, "send", "waiting", "2021-09-24T10:00");
    r->events[1].facts = sent_on;
    r->events[1].facts_count = 1;
    r->events[2] = event(3, "remind", "waiting", "2021-09-26T10:00");
}

static struct rehearsed compare(struct ctx *ctx, const struct past *past, const char *now,
                                const struct rulebook *book)
{
    struct rehearsal rehearsal = {.calendar = the_calendar, .book = book, .now_ms = at(now)};
    struct rehearsed found;
    assert_int_equal(rehearse_matter(ctx, &rehearsal, small, past, &found), FAULT_NONE);
    return found;
}

/* The one change of one file; the book is the caller's. */
static struct rulebook *changed(struct ctx *ctx, const char *file, const char *find,
                                const char *replace)
{
    struct rulebook *book = NULL;
    const char *folder = book_write(ctx, file, find, replace);
    if (rules_load(ctx, folder, &book) != FAULT_NONE) {
        fail_msg("%s", ctx->note);
    }
    check_folder_remove(folder);
    return book;
}

static void the_fold_gives_state_facts_and_clocks(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct record r;
    struct folded folded;
    const struct rules_procedure *p = rules_procedure(small, "parent");
    record(&r, 3);
    assert_int_equal(rehearse_fold(&ctx, the_calendar, p, &r.past, &folded), FAULT_NONE);
    assert_string_equal(folded.state->code, "waiting");
    assert_int_equal(folded.version, 3);
    assert_string_equal(folded.facts[rules_fact(p, "day")->index].value, "2021-09-24");
    const struct fact_value *secret = &folded.facts[rules_fact(p, "secret")->index];
    assert_true(secret->set && secret->hidden);
    assert_null(secret->value);
    assert_int_equal(folded.clocks_count, 1);
    const struct clock *clock = &folded.clocks[0].clock;
    assert_string_equal(clock->obligor, "supervisor");
    assert_int_equal(clock->due_date, day("2021-09-26"));
    assert_string_equal(clock->ended, "met");
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(folded.refusals[i], REFUSAL_NONE);
    }
    /* Cleared again. */
    static struct past_fact cleared[] = {{"ground", NULL, false}};
    r.events[2].facts = cleared;
    r.events[2].facts_count = 1;
    assert_int_equal(rehearse_fold(&ctx, the_calendar, p, &r.past, &folded), FAULT_NONE);
    assert_false(folded.facts[rules_fact(p, "ground")->index].set);
}

static void the_same_book_makes_no_difference(void **state)
{
    (void)state;
    for (size_t events = 1; events <= 3; events++) {
        CHECK_CTX(ctx);
        struct record r;
        record(&r, events);
        assert_int_equal(compare(&ctx, &r.past, "2021-09-30T10:00", small).count, 0);
    }
}

static void a_shorter_period(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct record r;
    struct rulebook *book = changed(&ctx, "settings.yaml", "value: 5wd", "value: 3wd");
    /* 18 (worked), 22, 23: due on the 23rd instead of the 26th; sent on the 24th is late. */
    record(&r, 2);
    struct rehearsed found = compare(&ctx, &r.past, "2021-09-30T10:00", book);
    assert_int_equal(found.count, 1);
    const struct difference *d = &found.differences[0];
    assert_int_equal(d->kind, DIFFERENCE_CLOCK_MOVED);
    assert_string_equal(d->code, "send_within");
    assert_string_equal(d->obligor, "supervisor");
    assert_int_equal(d->old_due_ms, at("2021-09-27T00:00"));
    assert_int_equal(d->new_due_ms, at("2021-09-24T00:00"));
    assert_int_equal(d->old_verdict, VERDICT_MET);
    assert_int_equal(d->new_verdict, VERDICT_LATE);
    /* Not sent yet: how it stands depends on now. */
    record(&r, 1);
    found = compare(&ctx, &r.past, "2021-09-23T23:59", book);
    assert_int_equal(found.count, 1);
    assert_int_equal(found.differences[0].old_verdict, VERDICT_OPEN);
    assert_int_equal(found.differences[0].new_verdict, VERDICT_OPEN);
    found = compare(&ctx, &r.past, "2021-09-24T00:00", book);
    assert_int_equal(found.differences[0].old_verdict, VERDICT_OPEN);
    assert_int_equal(found.differences[0].new_verdict, VERDICT_LATE);
    found = compare(&ctx, &r.past, "2021-09-27T00:00", book);
    assert_int_equal(found.differences[0].old_verdict, VERDICT_LATE);
    rules_destroy(book);
}

static void a_clock_more_or_less(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct record r;
    record(&r, 2);
    struct rulebook *book =
        changed(&ctx, "procedures/a_parent.yaml", "  - code: send_within", "  - code: send_by");
    struct rehearsed found = compare(&ctx, &r.past, "2021-09-30T10:00", book);
    assert_int_equal(found.count, 2);
    assert_int_equal(found.differences[0].kind, DIFFERENCE_CLOCK_GONE);
    assert_string_equal(found.differences[0].code, "send_within");
    assert_int_equal(found.differences[0].new_verdict, VERDICT_NONE);
    assert_int_equal(found.differences[1].kind, DIFFERENCE_CLOCK_NEW);
    assert_string_equal(found.differences[1].code, "send_by");
    assert_int_equal(found.differences[1].new_due_ms, at("2021-09-27T00:00"));
    rules_destroy(book);
}

static void refused_now(void **state)
{
    (void)state;
    static const struct {
        const char *find, *replace;
        enum refusal refusal;
        const char *action, *by;
    } rows[] = {
        /* The day is needed at the beginning already. */
        {"    needs: [subject]\n", "    needs: [subject, day]\n", REFUSAL_FACT, "begin", "day"},
        {"is: [crime, funds]}", "is: [funds]}", REFUSAL_WHEN, "send", NULL},
        {"{fact: body, set: true}]", "{fact: body, set: false}]", REFUSAL_WHEN, "send", NULL},
        {"  - code: remind\n", "  - code: nudge\n", REFUSAL_ACTION, "remind", NULL},
        {"    from: open\n    by: [handler]", "    from: [begun]\n    by: [handler]", REFUSAL_STATE,
         "remind", "waiting"},
        {"    from: open\n    by: [handler]", "    from: open\n    by: [other]", REFUSAL_BODY,
         "remind", "supervisor"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        CHECK_CTX(ctx);
        struct record r;
        record(&r, 3);
        struct rulebook *book =
            changed(&ctx, "procedures/a_parent.yaml", rows[i].find, rows[i].replace);
        /* A record by the police only where the part decides. */
        struct rehearsed found = compare(&ctx, &r.past, "2021-09-30T10:00", book);
        if (rows[i].refusal == REFUSAL_BODY) {
            /* The supervisor records what the police, who are no user here, do. */
            assert_int_equal(found.count, 0);
            rules_destroy(book);
            continue;
        }
        if (found.count != 1 || found.differences[0].kind != DIFFERENCE_REFUSED) {
            fail_msg("row %zu: %zu differences", i, found.count);
        }
        assert_int_equal(found.differences[0].refusal, rows[i].refusal);
        assert_string_equal(found.differences[0].code, rows[i].action);
        if (rows[i].by == NULL) {
            assert_null(found.differences[0].by);
        } else {
            assert_string_equal(found.differences[0].by, rows[i].by);
        }
        rules_destroy(book);
    }
}

static void refused_by_its_part(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct record r;
    record(&r, 3);
    r.events[2].org = "police";
    struct rulebook *book =
        changed(&ctx, "procedures/a_parent.yaml", "    from: open\n    by: [handler]",
                "    from: open\n    by: [handler, other]");
    struct rehearsal rehearsal = {
        .calendar = the_calendar, .book = small, .now_ms = at("2021-09-30T10:00")};
    struct rehearsed found;
    /* The other way round: it ran under the wide rule and is rehearsed under the narrow one. */
    assert_int_equal(rehearse_matter(&ctx, &rehearsal, book, &r.past, &found), FAULT_NONE);
    assert_int_equal(found.count, 1);
    assert_int_equal(found.differences[0].refusal, REFUSAL_BODY);
    assert_string_equal(found.differences[0].by, "police");
    rules_destroy(book);
}

static void stuck(const char *file, const char *find, const char *replace, enum stuck kind,
                  const char *code)
{
    CHECK_CTX(ctx);
    struct record r;
    record(&r, 2);
    struct rulebook *book = changed(&ctx, file, find, replace);
    struct rehearsed found = compare(&ctx, &r.past, "2021-09-24T11:00", book);
    const struct difference *d = found.count == 0 ? NULL : &found.differences[found.count - 1];
    if (d == NULL || d->kind != DIFFERENCE_STUCK || d->stuck != kind) {
        fail_msg("%s: %zu differences", code, found.count);
    }
    assert_string_equal(d->code, code);
    /* Ended ones can't be stuck. */
    r.past.final = true;
    found = compare(&ctx, &r.past, "2021-09-24T11:00", book);
    assert_true(found.count == 0 || found.differences[found.count - 1].kind != DIFFERENCE_STUCK);
    rules_destroy(book);
}

static void open_matters_that_could_not_go_on(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    const char *parent = "procedures/a_parent.yaml";
    const char *text = book_file_text(parent);
    /* A state is renamed wherever it stands. */
    const char *renamed = text;
    while (strstr(renamed, "waiting") != NULL) {
        const char *place = strstr(renamed, "waiting");
        renamed = arena_printf(ctx.arena, "%.*sresting%s", (int)(place - renamed), renamed,
                               place + strlen("waiting"));
    }
    stuck(parent, NULL, renamed, STUCK_STATE, "waiting");
    const char *other =
        book_changed(ctx.arena, text, "{code: secret, label", "{code: private, label");
    other = book_changed(ctx.arena, other, "takes: [ground, body, secret]",
                         "takes: [ground, body, private]");
    stuck(parent, NULL, other, STUCK_FACT, "secret");
}

static void nobody_to_act_and_no_such_procedure(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct record r;
    record(&r, 2);
    r.past.parties_count = 1;
    struct rehearsed found = compare(&ctx, &r.past, "2021-09-24T11:00", small);
    assert_int_equal(found.count, 1);
    assert_int_equal(found.differences[0].stuck, STUCK_HOLDER);
    assert_string_equal(found.differences[0].code, "other");
    struct rulebook without = *small;
    for (size_t i = 0; i < without.procedures_count; i++) {
        if (strcmp(without.procedures[i].code, "parent") != 0) {
            without.procedures = &small->procedures[i];
        }
    }
    without.procedures_count = 1;
    record(&r, 2);
    found = compare(&ctx, &r.past, "2021-09-24T11:00", &without);
    assert_int_equal(found.count, 1);
    assert_int_equal(found.differences[0].stuck, STUCK_PROCEDURE);
    assert_string_equal(found.differences[0].code, "parent");
}

/* ---- Through the store ---- */

static const struct act_fact the_subject = {.code = "subject", .value = "题"};

struct heap {
    size_t matters, clocks;
    const char *references;
    struct arena *arena;
};

static enum fault gather(struct ctx *ctx, const struct rehearsed *found, void *arg)
{
    (void)ctx;
    struct heap *heap = arg;
    heap->matters++;
    heap->clocks += found->count;
    heap->references = arena_printf(heap->arena, "%s%s ", heap->references, found->past->reference);
    return FAULT_NONE;
}

/* Six hundred matters, more than two batches: a day apart, each 10 minutes after the other. */
static void batches_and_days(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct rig rig;
    rig_open(&rig, &ctx);
    for (int i = 0; i < 600; i++) {
        SCOPED_ARENA arena = arena_create();
        struct ctx own = ctx;
        int64_t matter = 0;
        own.arena = arena;
        /* The first 300 on 17 September, the others on the 18th. */
        const char *minute = arena_printf(arena, "2021-09-%02dT%02d:%02d", i < 300 ? 17 : 18,
                                          8 + i % 300 / 30, i % 30);
        assert_int_equal(rig_act(&rig, &own, minute, "parent", "begin", &matter, &the_subject, 1),
                         FAULT_NONE);
    }
    struct rulebook *book = changed(&ctx, "settings.yaml", "value: 5wd", "value: 3wd");
    struct heap heap = {.references = "", .arena = ctx.arena};
    struct rehearse_summary summary;
    struct rehearse_range all = {at("2021-01-01T00:00"), at("2022-01-01T00:00")};
    ctx.now_ms = at("2021-09-24T10:00");
    assert_int_equal(
        rehearse_all(&ctx, rig_store, &rig.office, book, &all, gather, &heap, &summary),
        FAULT_NONE);
    assert_int_equal(summary.matters, 600);
    assert_int_equal(summary.events, 600);
    assert_int_equal(summary.different, 600);
    assert_int_equal(heap.matters, 600);
    assert_int_equal(summary.differences[DIFFERENCE_CLOCK_MOVED], 600);
    /* Due 23 September instead of 26 (late now), and 24 instead of 27 (not late yet). */
    assert_int_equal(summary.newly_late, 300);
    assert_int_equal(summary.no_longer_late, 0);
    struct rehearse_range second = {at("2021-09-18T00:00"), at("2021-09-19T00:00")};
    assert_int_equal(
        rehearse_all(&ctx, rig_store, &rig.office, book, &second, gather, &heap, &summary),
        FAULT_NONE);
    assert_int_equal(summary.matters, 300);
    assert_int_equal(summary.newly_late, 0);
    /* Under its own edition nothing differs. */
    assert_int_equal(rehearse_all(&ctx, rig_store, &rig.office,
                                  office_book(&rig.office, ctx.now_ms), &all, gather, &heap,
                                  &summary),
                     FAULT_NONE);
    assert_int_equal(summary.matters, 600);
    assert_int_equal(summary.different, 0);
    rules_destroy(book);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_fold_gives_state_facts_and_clocks),
        cmocka_unit_test(the_same_book_makes_no_difference),
        cmocka_unit_test(a_shorter_period),
        cmocka_unit_test(a_clock_more_or_less),
        cmocka_unit_test(refused_now),
        cmocka_unit_test(refused_by_its_part),
        cmocka_unit_test(open_matters_that_could_not_go_on),
        cmocka_unit_test(nobody_to_act_and_no_such_procedure),
        cmocka_unit_test(batches_and_days),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
