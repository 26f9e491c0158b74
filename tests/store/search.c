/* Search over Chinese and Latin text: the same words are found on both databases. */
#include "contract.h"
#include "store/query.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct text {
    int64_t id;
    const char *old, *now;
};

static enum fault put_text(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    const struct text *text = arg;
    return search_put(tx, ctx, text->id, text->old, text->now);
}

static void put(struct world *world, int64_t id, const char *old, const char *now)
{
    struct thing thing = {.id = id};
    struct text text = {.id = id, .old = old, .now = now};
    if (old == NULL) {
        assert_int_equal(write_now(world, insert_thing, &thing), FAULT_NONE);
    }
    assert_int_equal(write_now(world, put_text, &text), FAULT_NONE);
}

struct put_job {
    struct thing thing;
    struct text text;
    enum fault refusal;
};

static enum fault put_all(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct put_job *job = arg;
    enum fault fault = insert_thing(ctx, tx, &job->thing);
    if (fault == FAULT_NONE) {
        fault = put_text(ctx, tx, &job->text);
    }
    return fault == FAULT_NONE ? job->refusal : fault;
}

struct finding {
    const char *typed;
    char found[100]; /* "1 3 " or "nothing to look for". */
};

static enum fault find(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct finding *finding = arg;
    struct query query;
    const char *words = search_words(tx, ctx->arena, finding->typed);
    if (words == NULL) {
        (void)snprintf(finding->found, sizeof finding->found, "no word");
        return FAULT_NONE;
    }
    query_init(&query, ctx->arena);
    query_add(&query, "SELECT t.id FROM thing t WHERE t.id > ");
    query_value(&query, sql_int(0));
    unsigned number = query_number(&query, sql_text(words));
    query_add(&query, " AND ");
    query_add(&query, search_condition(tx, ctx->arena, "t.id", number));
    query_add(&query, " ORDER BY t.id");
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = query_run(&query, ctx, tx, &rows);
    while (fault == FAULT_NONE && sql_next(rows)) {
        size_t used = strlen(finding->found);
        (void)snprintf(finding->found + used, sizeof finding->found - used, "%lld ",
                       (long long)sql_column_int(rows, 0));
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

static void must_find(struct world *world, const char *typed, const char *expected)
{
    struct finding finding = {.typed = typed};
    enum fault fault = read_now(world, find, &finding);
    if (fault != FAULT_NONE || strcmp(finding.found, expected) != 0) {
        print_error("'%s': %s %s\n", typed, fault == FAULT_NONE ? "" : fault_name(fault),
                    world->ctx.note == NULL ? "" : world->ctx.note);
    }
    assert_int_equal(fault, FAULT_NONE);
    assert_string_equal(finding.found, expected);
}

static void put_texts(struct world *world)
{
    put(world, 1, NULL, "某水厂工程投标人围标串标");
    put(world, 2, NULL, "评标委员会成员收受财物，涉嫌串标。");
    put(world, 3, NULL, "TS20210917-7K3FQ Water Works Ltd 招标文件设置不合理条件");
    put(world, 4, NULL, "围墙工程；标段二；𠮷田建设");
    put(world, 5, NULL, "ＡＢＣ建设１２３号 café 91420000123456789X");
}

static void chinese_words_are_found(void **state)
{
    put_texts(*state);
    must_find(*state, "围标", "1 ");
    must_find(*state, "串标", "1 2 ");
    must_find(*state, "围标串标", "1 ");
    must_find(*state, "标串", "1 ");
    must_find(*state, "标围", "");
    must_find(*state, "招标文件", "3 ");
    must_find(*state, "评标委员会成员", "2 ");
    must_find(*state, "评标成员", "");
    must_find(*state, "𠮷田", "4 ");
    must_find(*state, "田建设", "4 ");
}

static void a_word_does_not_cross_punctuation(void **state)
{
    put_texts(*state);
    must_find(*state, "工程标段", "");
    must_find(*state, "财物涉嫌", "");
    must_find(*state, "财物，涉嫌", "2 ");
}

static void one_character_is_found_anywhere(void **state)
{
    put_texts(*state);
    must_find(*state, "围", "1 4 ");
    must_find(*state, "标", "1 2 3 4 ");
    must_find(*state, "二", "4 ");
    must_find(*state, "嫌", "2 ");
    must_find(*state, "𠮷", "4 ");
    must_find(*state, "猫", "");
}

static void latin_words_are_found_by_their_beginning(void **state)
{
    put_texts(*state);
    must_find(*state, "water", "3 ");
    must_find(*state, "WAT", "3 ");
    must_find(*state, "ater", "");
    must_find(*state, "ts20210917-7k3fq", "3 ");
    must_find(*state, "7K3", "3 ");
    must_find(*state, "works water", "3 ");
    must_find(*state, "abc", "5 ");
    must_find(*state, "ａｂｃ", "5 ");
    must_find(*state, "123", "5 ");
    must_find(*state, "91420000123456789x", "5 ");
    must_find(*state, "1e10", "");
}

static void several_words_must_all_be_there(void **state)
{
    put_texts(*state);
    must_find(*state, "串标 水厂", "1 ");
    must_find(*state, "水厂 串标", "1 ");
    must_find(*state, "串标 water", "");
    must_find(*state, "招标 WATER 条件", "3 ");
}

/* Whatever is typed is words; the databases' query languages can not be reached. */
static void typed_text_is_never_a_query(void **state)
{
    put_texts(*state);
    static const char *const empty[] = {"",       "   ", "\"", "'", "*", "()",
                                        "。，；", "-",   "\\", "😀", "$1"};
    for (size_t i = 0; i < 10; i++) {
        must_find(*state, empty[i], "no word");
    }
    must_find(*state, "\"围标\" OR \"串标\"", "");
    must_find(*state, "围标*", "1 ");
    must_find(*state, "围标' | '串标", "1 ");
    must_find(*state, "围标:*)", "1 ");
    must_find(*state, "NEAR(围标 串标)", "");
    must_find(*state, "words:围标", "");
    must_find(*state, "!围标", "1 ");
    must_find(*state, "{words} : 围标 ^ - + AND", "");
    must_find(*state, "'); DROP TABLE thing; --", "");
    must_find(*state, "a <-> b & !c \\' || x", "");
    must_find(*state, "标\xF0\x9F\x98\x80", "1 2 3 4 ");
    assert_int_equal(number_of(*state, "SELECT count(*) FROM thing"), 5);
}

static void changed_text_is_found_by_its_new_words_only(void **state)
{
    put(*state, 1, NULL, "围标串标");
    put(*state, 2, NULL, "围标");
    put(*state, 1, "围标串标", "借用资质 abc");
    must_find(*state, "围标", "2 ");
    must_find(*state, "标", "2 ");
    must_find(*state, "资质", "1 ");
    put(*state, 1, "借用资质 abc", "");
    must_find(*state, "abc", "");
    put(*state, 1, "", "围标");
    must_find(*state, "围标", "1 2 ");
}

/* In one group: what was refused is not found, what was kept is. */
static void only_kept_words_are_found(void **state)
{
    struct world *world = *state;
    enum { COUNT = 4 };
    struct gate gate;
    struct latch latch;
    struct sent sent[COUNT];
    struct put_job jobs[COUNT];
    latch_init(&latch, COUNT);
    gate_close(world, &gate);
    for (int64_t i = 0; i < COUNT; i++) {
        jobs[i] = (struct put_job){.thing = {.id = i + 1},
                                   .text = {.id = i + 1, .now = "围标线索"},
                                   .refusal = i == 1 ? FAULT_RULE_REFUSED : FAULT_NONE};
        assert_int_equal(send_job(world, &sent[i], &latch, put_all, &jobs[i]), FAULT_NONE);
    }
    assert_int_equal(gate_open(&gate), FAULT_NONE);
    latch_wait(&latch);
    for (int i = 0; i < COUNT; i++) {
        assert_int_equal(sent[i].fault, jobs[i].refusal);
        sent_free(&sent[i]);
    }
    must_find(world, "围标", "1 3 4 ");
    put(world, 2, NULL, "围标");
    put(world, 3, "围标线索", "线索");
    must_find(world, "围标", "1 2 4 ");
}

static void large_texts_are_indexed(void **state)
{
    struct world *world = *state;
    char *latin = arena_alloc(world->arena, 100001);
    memset(latin, 'x', 100000);
    char *chinese = arena_alloc(world->arena, 3 * 20000 + 10);
    for (size_t i = 0; i < 15000; i++) {
        memcpy(chinese + 3 * i, i % 2 == 0 ? "工" : "程", 3);
    }
    memcpy(chinese + 3 * 15000, "串标围", 10);
    put(world, 1, NULL, latin);
    put(world, 2, NULL, chinese);
    must_find(world, latin, "1 ");
    must_find(world, "xxx", "1 ");
    must_find(world, "串标围", "2 ");
    must_find(world, "程串标", "2 ");
    put(world, 1, latin, "短");
    put(world, 2, chinese, "短");
    must_find(world, "短", "1 2 ");
    must_find(world, "工程", "");
}

int contract_search(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(chinese_words_are_found),
        WORLD_TEST(a_word_does_not_cross_punctuation),
        WORLD_TEST(one_character_is_found_anywhere),
        WORLD_TEST(latin_words_are_found_by_their_beginning),
        WORLD_TEST(several_words_must_all_be_there),
        WORLD_TEST(typed_text_is_never_a_query),
        WORLD_TEST(changed_text_is_found_by_its_new_words_only),
        WORLD_TEST(only_kept_words_are_found),
        WORLD_TEST(large_texts_are_indexed),
    };
    return cmocka_run_group_tests_name("search", tests, NULL, NULL);
}
