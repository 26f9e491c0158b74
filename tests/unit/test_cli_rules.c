/* `liandong rules`. */
#include "rulebook_small.h"
#include "run.h"

static void the_districts_rulebook_is_good(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct ran ran = run_program(&ctx, "rules check", NULL);
    assert_string_equal(ran.err, "");
    assert_int_equal(ran.status, 0);
    assert_ptr_equal(strstr(ran.out, "zengdu-2021: "), ran.out);
    check_holds(ran.out, ": good\n");
}

static void a_broken_book_names_file_and_line(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    const char *folder = book_write(&ctx, "settings.yaml", "5wd", "fivewd");
    struct ran ran = run_program(&ctx, arena_printf(ctx.arena, "rules check '%s'", folder), NULL);
    assert_int_equal(ran.status, 1);
    assert_string_equal(ran.out, "");
    assert_ptr_equal(
        strstr(ran.err, arena_printf(ctx.arena, "%s/settings.yaml:1:3: 'value' must be", folder)),
        ran.err);
    ran = run_program(&ctx, arena_printf(ctx.arena, "rules graph parent '%s'", folder), NULL);
    assert_int_equal(ran.status, 1);
    check_holds(ran.err, "settings.yaml:1:3: ");
    check_folder_remove(folder);
    ran = run_program(&ctx, "rules check /nowhere", NULL);
    assert_int_equal(ran.status, 1);
    check_holds(ran.err, "/nowhere");
}

static void rows_without_a_story_are_refused(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    const char *folder = book_write(&ctx, NULL, NULL, NULL);
    assert_int_equal(file_make_folder(&ctx, arena_printf(ctx.arena, "%s/examples", folder), 0700),
                     FAULT_NONE);
    struct ran ran = run_program(&ctx, arena_printf(ctx.arena, "rules check '%s'", folder), NULL);
    assert_int_equal(ran.status, 1);
    check_holds(ran.err, "parent: no story performs the action 'begin'\n");
    check_folder_remove(folder);
}

static void graph_coverage_and_json(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    const char *folder = book_write(&ctx, NULL, NULL, NULL);
    assert_int_equal(file_make_folder(&ctx, arena_printf(ctx.arena, "%s/examples", folder), 0700),
                     FAULT_NONE);
    struct ran ran = run_program(
        &ctx, arena_printf(ctx.arena, "rules graph parent '%s' --lang en", folder), NULL);
    assert_int_equal(ran.status, 0);
    assert_ptr_equal(strstr(ran.out, "stateDiagram-v2\n"), ran.out);
    check_holds(ran.out, "    begun --> waiting : Send\n");
    ran = run_program(&ctx, arena_printf(ctx.arena, "rules graph nothing '%s'", folder), NULL);
    assert_int_equal(ran.status, 1);
    assert_string_equal(ran.out, "");
    check_holds(ran.err, "there is no procedure 'nothing'");
    ran = run_program(&ctx, arena_printf(ctx.arena, "rules coverage '%s' --lang en", folder), NULL);
    assert_int_equal(ran.status, 1);
    check_holds(ran.out, "1 carried, 1 pending, 0 not carried, 1 without a story\n");
    ran = run_program(
        &ctx, arena_printf(ctx.arena, "rules coverage '%s' --markdown --lang en", folder), NULL);
    assert_int_equal(ran.status, 0);
    check_holds(ran.out, "| article | what | where |\n");
    ran = run_program(&ctx, arena_printf(ctx.arena, "rules json '%s'", folder), NULL);
    assert_int_equal(ran.status, 0);
    assert_ptr_equal(strstr(ran.out, "{\"code\":\"small\","), ran.out);
    assert_string_equal(ran.out + ran.out_count - 2, "}\n");
    check_folder_remove(folder);
}

static void every_procedure_of_the_district_can_be_drawn(void **state)
{
    (void)state;
    static const char *const codes[] = {"complaint", "report", "case", "transfer", "assistance"};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        CHECK_CTX(ctx);
        struct ran ran =
            run_program(&ctx, arena_printf(ctx.arena, "rules graph %s", codes[i]), NULL);
        assert_int_equal(ran.status, 0);
        check_holds(ran.out, "    [*] --> ");
        check_holds(ran.out, " --> [*]\n");
    }
}

/* The numbered items of the regulation's own text, each an article of its own. */
static void every_item_of_the_regulation_is_listed(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    static const struct {
        int article, items;
    } rows[] = {{12, 4}, {14, 3}, {18, 6}, {24, 5}};
    struct ran ran = run_program(&ctx, "rules coverage --lang en", NULL);
    assert_int_equal(ran.status, 0);
    check_holds(ran.out, " 0 pending, 0 not carried, 0 without a story\n");
    for (int article = 1; article <= 25; article++) {
        check_holds(ran.out, arena_printf(ctx.arena, "\n%d", article) + (article == 1 ? 1 : 0));
    }
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (int item = 1; item <= rows[i].items; item++) {
            check_holds(ran.out, arena_printf(ctx.arena, "\n%d(%d) ", rows[i].article, item));
        }
    }
}

/* A year of the demonstration comes out the same under the rulebook it was played under. */
static void rehearsing_the_demonstration(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    const char *data = check_folder(ctx.arena);
    struct ran ran = run_program(
        &ctx, arena_printf(ctx.arena, "init --demo --data '%s' --as-of 2026-06-30T18:00", data),
        NULL);
    assert_int_equal(ran.status, 0);
    const char *flags = arena_printf(ctx.arena, "--data '%s' --as-of 2026-06-30T18:00", data);
    ran = run_program(&ctx,
                      arena_printf(ctx.arena,
                                   "rules rehearse '%s/rulebooks/zengdu-2021' %s --lang en",
                                   SOURCE_DIR, flags),
                      NULL);
    assert_string_equal(ran.err, "");
    assert_int_equal(ran.status, 0);
    check_holds(ran.out,
                " 0 would have come out otherwise\nclocks newly late: 0, no longer late: 0\n");
    ran = run_program(&ctx, arena_printf(ctx.arena, "rules editions %s --lang en", flags), NULL);
    assert_int_equal(ran.status, 0);
    check_holds(ran.out, "\tzengdu-2021\t2021-06-01\tcurrent\t");
    ran = run_program(&ctx, "rules rehearse /nowhere --data /nowhere", NULL);
    assert_int_equal(ran.status, 1);
    check_folder_remove(data);
}

static void wrong_command_lines(void **state)
{
    (void)state;
    expect_run("rules adopt", NULL, 2, "");
    expect_run("rules adopt a b", NULL, 2, "");
    expect_run("rules rehearse", NULL, 2, "");
    expect_run("rules editions a", NULL, 2, "");
    expect_run("rules check --as-of then", NULL, 2, "");
    expect_run("rules", NULL, 2, "");
    expect_run("rules chek", NULL, 2, "");
    expect_run("rules graph", NULL, 2, "");
    expect_run("rules check a b", NULL, 2, "");
    expect_run("rules graph a b c", NULL, 2, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_districts_rulebook_is_good),
        cmocka_unit_test(a_broken_book_names_file_and_line),
        cmocka_unit_test(rows_without_a_story_are_refused),
        cmocka_unit_test(graph_coverage_and_json),
        cmocka_unit_test(every_procedure_of_the_district_can_be_drawn),
        cmocka_unit_test(every_item_of_the_regulation_is_listed),
        cmocka_unit_test(rehearsing_the_demonstration),
        cmocka_unit_test(wrong_command_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
