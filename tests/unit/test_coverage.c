/* Which article is carried by what; the drawing; the rulebook as JSON. */
#include "rulebook_small.h"
#include "rules/rules.h"

static struct rulebook *load(struct ctx *ctx)
{
    struct rulebook *book = NULL;
    const char *folder = book_write(ctx, NULL, NULL, NULL);
    assert_int_equal(rules_load(ctx, folder, &book), FAULT_NONE);
    check_folder_remove(folder);
    return book;
}

static void every_article_is_told_with_what_carries_it(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct buffer text;
    struct rulebook *book = load(&ctx);
    buffer_init(&text, ctx.arena);
    /* One article is pending: that is not whole. */
    assert_false(rules_coverage(book, NULL, LANG_EN, &text));
    assert_string_equal(text.data, "1       One\n"
                                   "        action parent.begin (Begin: [it])\n"
                                   "        action parent.close (Close)\n"
                                   "        clock parent.send_within (5wd)\n"
                                   "        term grounds.crime (Crime)\n"
                                   "2       Two\n"
                                   "        feature A\n"
                                   "3       Three\n"
                                   "        PENDING: B\n"
                                   "2 carried, 1 pending, 0 not carried, 0 without a story\n");
    rules_destroy(book);
}

static bool is_whole(struct ctx *ctx, const struct rulebook *book, const char *piece)
{
    struct buffer text;
    buffer_init(&text, ctx->arena);
    bool whole = rules_coverage(book, NULL, LANG_ZH, &text);
    check_holds(text.data, piece);
    return whole;
}

static void what_is_missing_is_told(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct rulebook *book = load(&ctx);
    struct rules_article *articles = book->articles;
    articles[2].carried = articles[2].pending;
    articles[2].pending = (struct label){NULL, NULL};
    assert_true(is_whole(&ctx, book, "\n        机制 乙\n3 carried, 0 pending"));
    /* A loaded book has a carrier for each; take one away. */
    articles[1].carried = (struct label){NULL, NULL};
    assert_false(is_whole(&ctx, book, "\n2       二\n        无承载\n3       三\n"));
    articles[1].carried = articles[2].carried;
    /* Numbers that leave something out, or stand in the wrong order. */
    static const struct {
        const char *second, *third;
        bool whole;
    } rows[] = {{"2", "3", true},    {"2", "2(1)", true},     {"2(1)", "2(2)", true},
                {"2(1)", "3", true}, {"2", "4", false},       {"2(2)", "3", false},
                {"3", "2", false},   {"2(1)", "2(3)", false}, {"1(1)", "1(2)", true},
                {"2", "3(1)", true}, {"2", "3(2)", false},    {"2", "2", false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        articles[1].number = rows[i].second;
        articles[2].number = rows[i].third;
        bool whole = is_whole(&ctx, book, rows[i].whole ? "0 pending" : "此前有缺漏或次序不对");
        if (whole != rows[i].whole) {
            fail_msg("1, %s, %s", rows[i].second, rows[i].third);
        }
    }
    rules_destroy(book);
}

/* A story that performs what an article's only carrier is. */
static void which_story_exercises_what(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct buffer text;
    struct rulebook *book = NULL;
    struct rules_stories stories;
    const char *folder =
        book_write(&ctx, "articles.yaml", "pending: {zh: 乙, en: B}", "carried: {zh: 乙, en: B}");
    const char *examples = arena_printf(ctx.arena, "%s/examples", folder);
    assert_int_equal(file_make_folder(&ctx, examples, 0700), FAULT_NONE);
    assert_int_equal(rules_load(&ctx, folder, &book), FAULT_NONE);
    assert_int_equal(rules_stories(&ctx, folder, book, &stories), FAULT_NONE);
    buffer_init(&text, ctx.arena);
    assert_false(rules_coverage(book, &stories, LANG_EN, &text));
    check_holds(text.data, "        action parent.begin (Begin: [it]) <- -\n");
    check_holds(text.data, "        NO STORY\n2       Two\n");
    check_holds(text.data, "2 carried, 0 pending, 0 not carried, 1 without a story\n");
    (void)check_write(ctx.arena, examples, "a.yaml",
                      "code: a\nlabel: {zh: 甲, en: A}\nsteps:\n"
                      "  - {at: 2021-09-17T09:00, as: water.handler, matter: m, do: parent.begin,"
                      " facts: {subject: x}}\n");
    (void)check_write(ctx.arena, examples, "b.yaml",
                      "code: b\nlabel: {zh: 甲, en: A}\nsteps:\n"
                      "  - {at: 2021-09-17T09:00, as: water.handler, matter: m, do: parent.begin,"
                      " facts: {subject: x, ground: crime}, expect: {clocks: {send_within:"
                      " 2021-09-24}}}\n");
    assert_int_equal(rules_stories(&ctx, folder, book, &stories), FAULT_NONE);
    buffer_init(&text, ctx.arena);
    assert_true(rules_coverage(book, &stories, LANG_EN, &text));
    check_holds(text.data, "        action parent.begin (Begin: [it]) <- a.yaml\n");
    check_holds(text.data, "        action parent.close (Close) <- -\n");
    check_holds(text.data, "        clock parent.send_within (5wd) <- b.yaml\n");
    check_holds(text.data, "        term grounds.crime (Crime) <- b.yaml\n");
    check_folder_remove(folder);
    rules_destroy(book);
}

static void the_readmes_table(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct buffer text;
    struct rulebook *book = load(&ctx);
    book->articles[2].number = "2(1)";
    book->articles[2].carried = (struct label){"丙|丁", "C|D"};
    buffer_init(&text, ctx.arena);
    rules_coverage_table(book, LANG_EN, &text);
    assert_string_equal(text.data, "| article | what | where |\n|---|---|---|\n"
                                   "| 1 | One | `parent` |\n| 2 | Two | A; C D |\n");
    buffer_init(&text, ctx.arena);
    rules_coverage_table(book, LANG_ZH, &text);
    assert_string_equal(text.data, "| 条文 | 内容 | 承载 |\n|---|---|---|\n"
                                   "| 1 | 一 | `parent` |\n| 2 | 二 | 甲；丙 丁 |\n");
    rules_destroy(book);
}

static void the_drawing(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct buffer text;
    struct rulebook *book = load(&ctx);
    buffer_init(&text, ctx.arena);
    rules_graph(rules_procedure(book, "parent"), LANG_EN, &text);
    assert_string_equal(text.data, "stateDiagram-v2\n"
                                   "    state \"Begun\" as begun\n"
                                   "    state \"Waiting\" as waiting\n"
                                   "    state \"Closed\" as closed\n"
                                   "    [*] --> begun : Begin   it \n"
                                   "    begun --> waiting : Send\n"
                                   "    waiting --> closed : Close\n"
                                   "    closed --> [*]\n");
    buffer_init(&text, ctx.arena);
    rules_graph(rules_procedure(book, "child"), LANG_ZH, &text);
    check_holds(text.data, "    here --> gone : 离\n");
    rules_destroy(book);
}

static void as_json(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct buffer text;
    struct json_writer json;
    struct rulebook *book = load(&ctx);
    buffer_init(&text, ctx.arena);
    json_writer_init(&json, &text);
    rules_json(book, &json);
    assert_int_equal(json.depth, 0);
    check_holds(text.data, "{\"code\":\"small\"");
    check_holds(text.data, "\"document_number\":\"小发〔2021〕1号\"");
    check_holds(text.data, "\"code\":\"answer_within\"");
    check_holds(text.data, "\"within\":\"5wd\"");
    check_holds(text.data, "\"kinds\":[\"police\"]");
    rules_destroy(book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_article_is_told_with_what_carries_it),
        cmocka_unit_test(what_is_missing_is_told),
        cmocka_unit_test(which_story_exercises_what),
        cmocka_unit_test(the_readmes_table),
        cmocka_unit_test(the_drawing),
        cmocka_unit_test(as_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
