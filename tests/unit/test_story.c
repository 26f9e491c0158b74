/* Stories are read strictly, and `rules check` wants every row exercised. */
#include "rulebook_small.h"
#include "rules/rules.h"
#include "rules/story.h"

static const char good[] =
    "code: one\n"
    "label: {zh: 一, en: One}\n"
    "steps:\n"
    "  - at: 2021-09-17T16:40\n"
    "    as: supervisor.handler\n"
    "    do: parent.begin\n"
    "    matter: p\n"
    "    facts: {subject: 围标, ground: crime, body: police}\n"
    "    materials: [a.pdf, b.pdf]\n"
    "    expect:\n"
    "      state: begun\n"
    "      clocks: {send_within: 2021-09-26}\n"
    "      actions: [send, remind]\n"
    "  - {at: 2021-09-18T09:00, as: supervisor.head, matter: p, do: parent.remind}\n"
    "  - {at: 2021-09-18T10:00, as: supervisor.head, matter: p, do: parent.send, facts: "
    "{day: 2021-09-18}, materials: [c.pdf], child: c}\n"
    "  - {at: 2021-09-18T10:00, as: supervisor.head, matter: c, expect: {clocks: "
    "{leave_within: 2021-09-23}, lights: {leave_within: yellow}}}\n"
    "  - {at: 2021-09-19T10:00, as: supervisor.head, matter: c, do: child.leave}\n";

static struct story *load(struct ctx *ctx, struct yaml_report *report, const char *text)
{
    const char *folder = check_folder(ctx->arena);
    const char *path = check_write(ctx->arena, folder, "s.yaml", text);
    yaml_report_init(report, ctx->arena);
    struct story *story = story_load(ctx, report, path);
    check_folder_remove(folder);
    return story;
}

static void a_story_is_read_whole(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct yaml_report report;
    struct story *story = load(&ctx, &report, good);
    assert_non_null(story);
    assert_string_equal(story->code, "one");
    assert_int_equal(story->steps_count, 5);
    const struct story_step *step = &story->steps[0];
    assert_int_equal(step->at_ms, 1631868000000);
    assert_string_equal(step->procedure, "parent");
    assert_string_equal(step->action, "begin");
    assert_int_equal(step->facts_count, 3);
    assert_string_equal(step->facts[0].value, "围标");
    assert_int_equal(step->materials_count, 2);
    assert_true(step->expect.clocks_given && step->expect.actions_given);
    assert_string_equal(step->expect.clocks[0].value, "2021-09-26");
    assert_int_equal(step->expect.actions_count, 2);
    assert_null(story->steps[3].action);
    assert_string_equal(story->steps[2].child, "c");
    assert_false(story->steps[1].expect.clocks_given);
}

static void mistakes_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *find, *replace, *message;
    } rows[] = {
        {"code: one\n", "", ":1:1: key 'code' is missing"},
        {"2021-09-17T16:40", "2021-09-17", ":4:5: 'at' is a minute like 2021-09-17T16:40"},
        {"2021-09-17T16:40", "2022-09-17T16:40", ":14:5: time goes back here"},
        {"do: parent.begin", "do: begin", ":4:5: 'do' is procedure.action"},
        {"    as: supervisor.handler\n", "", ":4:5: key 'as' is missing"},
        {"    matter: p\n", "", ":4:5: key 'matter' is missing"},
        {"{subject: 围标, ground: crime, body: police}", "[a]",
         ":8:12: 'facts' must map codes to values"},
        {"[a.pdf, b.pdf]", "a.pdf", ":9:16: 'materials' must be a list"},
        {"      state: begun", "      sate: begun",
         ":11:7: unknown key 'sate'; did you mean 'state'?"},
        {"    expect:\n", "    exepct:\n", ":10:5: unknown key 'exepct'; did you mean 'expect'?"},
        {"steps:\n", "setps:\n", ":1:1: 'steps' must list the steps"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        CHECK_CTX(ctx);
        struct yaml_report report;
        assert_null(
            load(&ctx, &report, book_changed(ctx.arena, good, rows[i].find, rows[i].replace)));
        bool found = false;
        for (size_t k = 0; k < report.count; k++) {
            found = found || strstr(report.lines[k], rows[i].message) != NULL;
        }
        if (!found) {
            fail_msg("%s: %s", rows[i].message, report.count > 0 ? report.lines[0] : "none");
        }
    }
}

static enum fault check_with(struct ctx *ctx, const char *story, struct buffer *report)
{
    const char *folder = book_write(ctx, NULL, NULL, NULL);
    const char *examples = arena_printf(ctx->arena, "%s/examples", folder);
    assert_int_equal(file_make_folder(ctx, examples, 0700), FAULT_NONE);
    (void)check_write(ctx->arena, examples, "s.yaml", story);
    buffer_init(report, ctx->arena);
    enum fault fault = rules_check(ctx, folder, report);
    check_folder_remove(folder);
    return fault;
}

static void a_book_whose_rows_are_all_exercised_is_good(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct buffer report;
    enum fault fault = check_with(&ctx, good, &report);
    if (fault != FAULT_NONE) {
        fail_msg("%s", report.data);
    }
    check_holds(report.data, "small: 2 procedures, 6 actions, 2 clocks, edition ");
}

static void rows_nobody_exercises_are_refused(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct buffer report;
    const char *story = book_changed(
        ctx.arena, good,
        "  - {at: 2021-09-18T09:00, as: supervisor.head, matter: p, do: parent.remind}\n", "");
    story = book_changed(ctx.arena, story, "{leave_within: 2021-09-23}", "{}");
    assert_int_equal(check_with(&ctx, story, &report), FAULT_RULEBOOK_INVALID);
    assert_string_equal(report.data, "parent: no story performs the action 'remind'\n"
                                     "child: no story shows the clock 'leave_within'\n");
}

static void what_the_book_does_not_have_is_refused(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct buffer report;
    const char *story = book_changed(ctx.arena, good, "do: parent.remind", "do: parent.remember");
    assert_int_equal(check_with(&ctx, story, &report), FAULT_RULEBOOK_INVALID);
    check_holds(report.data, "s.yaml:14:5: the rulebook has no 'parent.remember'\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_story_is_read_whole),
        cmocka_unit_test(mistakes_are_named),
        cmocka_unit_test(a_book_whose_rows_are_all_exercised_is_good),
        cmocka_unit_test(rows_nobody_exercises_are_refused),
        cmocka_unit_test(what_the_book_does_not_have_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
