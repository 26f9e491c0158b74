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

static void every_article_gets_a_line(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct buffer text;
    struct rulebook *book = load(&ctx);
    buffer_init(&text, ctx.arena);
    assert_true(rules_coverage(book, LANG_EN, &text));
    assert_string_equal(text.data, "1      parent.begin (Begin: [it]), parent.close (Close), "
                                   "parent:send_within [5wd]\n"
                                   "2      A\n"
                                   "3      PENDING: B\n"
                                   "2 carried, 1 pending, 0 not carried\n");
    /* A loaded book has a carrier for each; take one away. */
    book->articles[1].carried = (struct label){NULL, NULL};
    buffer_init(&text, ctx.arena);
    assert_false(rules_coverage(book, LANG_ZH, &text));
    check_holds(text.data, "\n2      无承载\n3      待建: 乙\n");
    check_holds(text.data, "1 carried, 1 pending, 1 not carried\n");
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
        cmocka_unit_test(every_article_gets_a_line),
        cmocka_unit_test(the_drawing),
        cmocka_unit_test(as_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
