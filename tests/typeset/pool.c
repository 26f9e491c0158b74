/* pool LIANDONG-TYPESET TYPESET-BAD: the pool with the real typesetter and with one that
 * misbehaves. */
#include "check.h"
#include "document/document.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <time.h>

static const char *real_program;
static const char *bad_program;

static const char letter[] =
    "{\"format\":\"letter\",\"organ\":\"曾都区公共资源交易监督管理局\",\"title\":"
    "\"关于移送一案的函\","
    "\"number\":\"曾公监移〔2026〕12号\",\"to\":\"区水利局\",\"body\":[{\"p\":\"请依法办理。\"}],"
    "\"signed\":\"曾都区公共资源交易监督管理局\",\"date\":\"2026-10-14\"}";

static struct typesetters *start(struct ctx *ctx, const char *program, unsigned workers,
                                 unsigned timeout_ms)
{
    struct typesetters *pool = NULL;
    const struct typesetters_options options = {.program = program,
                                                .workers = workers,
                                                .timeout_ms = timeout_ms,
                                                .start_wait_ms = 30000,
                                                .papers_max = 50};
    assert_int_equal(typesetters_start(ctx, &options, &pool), FAULT_NONE);
    return pool;
}

static enum fault set(struct typesetters *pool, struct ctx *ctx, const char *content,
                      struct typeset_result *result)
{
    ctx_clear(ctx);
    *result = (struct typeset_result){0};
    return typesetters_set(pool, ctx, content, strlen(content), TYPESET_PDF, result);
}

/* A letter comes out as a PDF, the same each time and from each worker. */
static void test_sets(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct typesetters *pool = start(&ctx, real_program, 2, 30000);
    struct typeset_result first;
    struct typeset_result other;
    assert_int_equal(set(pool, &ctx, letter, &first), FAULT_NONE);
    assert_int_equal(first.pages, 1);
    assert_int_equal(strlen(first.fonts), 64);
    assert_memory_equal(first.bytes, "%PDF-1.7", 8);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(set(pool, &ctx, letter, &other), FAULT_NONE);
        assert_int_equal(other.count, first.count);
        assert_memory_equal(other.bytes, first.bytes, first.count);
        assert_string_equal(other.fonts, first.fonts);
    }
    assert_int_equal(typesetters_set(pool, &ctx, letter, sizeof letter - 1, TYPESET_OFD, &other),
                     FAULT_NONE);
    assert_memory_equal(other.bytes, "PK\3\4", 4);
    typesetters_stop(pool);
}

/* What is wrong with a content is told in the asker's language, and the worker lives on. */
static void test_refuses(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct typesetters *pool = start(&ctx, real_program, 1, 30000);
    struct typeset_result result;
    assert_int_equal(set(pool, &ctx, "{\"format\":\"letter\"}", &result), FAULT_INVALID_FIELD);
    check_holds(ctx.note, "organ: This is wanted.");
    ctx.lang = LANG_ZH;
    assert_int_equal(set(pool, &ctx, "[", &result), FAULT_INVALID_FIELD);
    assert_string_equal(ctx.note, "公文内容不是JSON对象。");
    assert_int_equal(set(pool, &ctx,
                         "{\"format\":\"plain\",\"title\":\"甲\",\"body\":[{\"p\":\"\\u0E01\"}]}",
                         &result),
                     FAULT_INVALID_FIELD);
    check_holds(ctx.note, "U+0E01");
    assert_int_equal(set(pool, &ctx, letter, &result), FAULT_NONE);
    char *large = arena_alloc(ctx.arena, 1024 * 1024 + 2);
    memset(large, ' ', 1024 * 1024 + 1);
    assert_int_equal(set(pool, &ctx, large, &result), FAULT_TOO_LARGE);
    typesetters_stop(pool);
}

static void test_no_program(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct typesetters *pool = NULL;
    const struct typesetters_options options = {.program = "/nowhere/liandong-typeset"};
    assert_int_equal(typesetters_start(&ctx, &options, &pool), FAULT_IO_FAILED);
    check_holds(ctx.note, "/nowhere/liandong-typeset");
    assert_null(pool);
}

/* After anything a worker can do, the next paper is set. */
static void test_misbehaviour(void **state)
{
    (void)state;
    static const struct {
        const char *content;
        const char *note;
    } cases[] = {{"crash", "ended unexpectedly"}, {"leave", "ended unexpectedly"},
                 {"half", "ended unexpectedly"},  {"nonsense", "ended unexpectedly"},
                 {"boast", "ended unexpectedly"}, {"strange", "ended unexpectedly"},
                 {"hang", "took too long"},       {"stall", "took too long"}};
    CHECK_CTX(ctx);
    struct typesetters *pool = start(&ctx, bad_program, 1, 1000);
    struct typeset_result result;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(set(pool, &ctx, "good", &result), FAULT_NONE);
        assert_int_equal(set(pool, &ctx, cases[i].content, &result), FAULT_INTERNAL);
        check_holds(ctx.note, cases[i].note);
        assert_null(result.bytes);
        assert_int_equal(set(pool, &ctx, "good", &result), FAULT_NONE);
        assert_string_equal(result.fonts, "set");
    }
    ctx.lang = LANG_ZH;
    assert_int_equal(set(pool, &ctx, "refuse", &result), FAULT_INVALID_FIELD);
    assert_string_equal(ctx.note, "不行");
    assert_int_equal(set(pool, &ctx, "long", &result), FAULT_NONE);
    assert_int_equal(result.count, 9 * 1024 * 1024);
    typesetters_stop(pool);
}

/* A worker that was killed while idle costs the next paper nothing. */
static void test_killed_idle(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct typesetters *pool = start(&ctx, bad_program, 1, 5000);
    struct typeset_result first;
    struct typeset_result second;
    assert_int_equal(set(pool, &ctx, "good", &first), FAULT_NONE);
    assert_int_equal(kill((pid_t)strtol(first.bytes, NULL, 10), SIGKILL), 0);
    assert_int_equal(set(pool, &ctx, "good", &second), FAULT_NONE);
    assert_string_not_equal(first.bytes, second.bytes);
    typesetters_stop(pool);
}

/* A worker is replaced after papers_max papers. */
static void test_replaced(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct typesetters *pool = start(&ctx, bad_program, 1, 5000);
    struct typeset_result first;
    struct typeset_result result;
    assert_int_equal(set(pool, &ctx, "good", &first), FAULT_NONE);
    for (int i = 1; i < 50; i++) {
        assert_int_equal(set(pool, &ctx, "good", &result), FAULT_NONE);
        assert_string_equal(first.bytes, result.bytes);
    }
    assert_int_equal(set(pool, &ctx, "good", &result), FAULT_NONE);
    assert_string_not_equal(first.bytes, result.bytes);
    typesetters_stop(pool);
}

/* Secrets of the server's environment and its open files stay with the server. */
static void test_surroundings(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    int kept = open("/dev/null", O_RDONLY); /* Without O_CLOEXEC, as some library might. */
    assert_int_equal(setenv("LIANDONG_SECRET", "s", 1), 0);
    struct typesetters *pool = start(&ctx, bad_program, 1, 5000);
    struct typeset_result result;
    assert_int_equal(set(pool, &ctx, "surroundings", &result), FAULT_NONE);
    assert_string_equal(result.bytes, "descriptors 3 environment none");
    typesetters_stop(pool);
    assert_int_equal(close(kept), 0);
}

struct asker {
    struct typesetters *pool;
    const char *content;
    unsigned good, busy, late, wrong;
    atomic_bool told;
    char pids[64][16];
};

static void *ask(void *arg)
{
    struct asker *asker = arg;
    for (unsigned i = 0; i < 20; i++) {
        CHECK_CTX(ctx);
        struct typeset_result result = {0};
        enum fault fault = set(asker->pool, &ctx, asker->content, &result);
        asker->good += fault == FAULT_NONE;
        asker->busy += fault == FAULT_BUSY;
        asker->late += fault == FAULT_INTERNAL;
        if (fault == FAULT_NONE) {
            (void)snprintf(asker->pids[i], sizeof asker->pids[i], "%s", result.bytes);
        }
    }
    return NULL;
}

/* Eight threads at two workers: everybody is served, by both. */
static void test_threads(void **state)
{
    (void)state;
    enum { THREADS = 8 };
    CHECK_CTX(ctx);
    static struct asker askers[THREADS];
    pthread_t threads[THREADS];
    struct typesetters *pool = start(&ctx, bad_program, 2, 20000);
    for (int i = 0; i < THREADS; i++) {
        askers[i] = (struct asker){.pool = pool, .content = "good"};
        assert_int_equal(pthread_create(&threads[i], NULL, ask, &askers[i]), 0);
    }
    unsigned good = 0;
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        good += askers[i].good;
    }
    assert_int_equal(good, THREADS * 20);
    typesetters_stop(pool);
}

static void *hang_once(void *arg)
{
    struct asker *asker = arg;
    CHECK_CTX(ctx);
    struct typeset_result result;
    /* The other thread may be quicker each time, and a worker that was used before hangs shorter
     * than it waits: again and again, until it was told. */
    while (!atomic_load(&asker->told)) {
        asker->late += set(asker->pool, &ctx, "hang", &result) == FAULT_INTERNAL;
    }
    return NULL;
}

/* Who can't be served in time is told so. Two hang one after the other on the only worker, so the
 * second one waited as long as the first one hung. */
static void test_busy(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct typesetters *pool = NULL;
    const struct typesetters_options options = {
        .program = bad_program, .workers = 1, .timeout_ms = 300, .start_wait_ms = 2000};
    assert_int_equal(typesetters_start(&ctx, &options, &pool), FAULT_NONE);
    struct asker asker = {.pool = pool};
    pthread_t thread;
    struct typeset_result result;
    assert_int_equal(pthread_create(&thread, NULL, hang_once, &asker), 0);
    enum fault fault = FAULT_NONE;
    const struct timespec pause = {.tv_nsec = 2 * 1000 * 1000};
    while (fault == FAULT_NONE) { /* Until the other thread has the worker. */
        fault = set(pool, &ctx, "good", &result);
        (void)nanosleep(&pause, NULL);
    }
    atomic_store(&asker.told, true);
    assert_int_equal(fault, FAULT_BUSY);
    check_holds(ctx.note, "busy");
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_true(asker.late >= 1);
    typesetters_stop(pool);
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        return 2;
    }
    real_program = argv[1];
    bad_program = argv[2];
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sets),         cmocka_unit_test(test_refuses),
        cmocka_unit_test(test_no_program),   cmocka_unit_test(test_misbehaviour),
        cmocka_unit_test(test_killed_idle),  cmocka_unit_test(test_replaced),
        cmocka_unit_test(test_surroundings), cmocka_unit_test(test_threads),
        cmocka_unit_test(test_busy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
