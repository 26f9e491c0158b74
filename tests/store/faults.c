/*
 * Every call fails once: for n = 1, 2, ... the n-th connect, statement, row or COMMIT of a fixed
 * piece of work fails, until the work passes. After each: what was acknowledged is there, what was
 * refused is not, nothing is half done, and the store works again.
 */
#include "contract.h"
#include "faulty.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* More jobs than a batch must have, and slow enough that the batch is cut in the middle. */
enum { JOBS = BATCH_LEAST + 4, REFUSED = 2, CALLS_MAX = 2000, JOB_NS = 1000000 };

/* Two things and an event: three rows that are there together or not at all. */
struct triple {
    int64_t id;
    enum fault refusal;
};

static enum fault insert_triple(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    const struct triple *triple = arg;
    const struct timespec pause = {.tv_nsec = JOB_NS};
    (void)nanosleep(&pause, NULL);
    struct thing first = {.id = 2 * triple->id};
    struct thing second = {.id = 2 * triple->id + 1, .refusal = triple->refusal};
    enum fault fault = insert_thing(ctx, tx, &first);
    if (fault == FAULT_NONE) {
        fault = sql_run(tx, ctx,
                        "INSERT INTO event (region, id, matter, version, action, recorded_ms,"
                        " happened_ms, to_state, body) VALUES (1, $1, $1, 1, 'a', 0, 0, 's', '{}')",
                        SQL_ARGS(sql_int(triple->id)), NULL);
    }
    return fault == FAULT_NONE ? insert_thing(ctx, tx, &second) : fault;
}

struct counting {
    int64_t id, rows;
};

static enum fault count_triple(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct counting *counting = arg;
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_one(
        tx, ctx,
        "SELECT (SELECT count(*) FROM thing WHERE id IN ($1, $2))"
        " + (SELECT count(*) FROM event WHERE id = $3)",
        SQL_ARGS(sql_int(2 * counting->id), sql_int(2 * counting->id + 1), sql_int(counting->id)),
        &rows);
    if (fault == FAULT_NONE) {
        counting->rows = sql_column_int(rows, 0);
    }
    return fault;
}

static void check_triple(struct world *world, const struct triple *triple, enum fault answer,
                         bool unknown_allowed)
{
    struct counting counting = {.id = triple->id};
    assert_int_equal(read_now(world, count_triple, &counting), FAULT_NONE);
    bool unknown = unknown_allowed && answer == FAULT_STORE_LOST && counting.rows == 3;
    if (!unknown) {
        assert_int_equal(counting.rows, answer == FAULT_NONE ? 3 : 0);
    }
    if (triple->refusal != FAULT_NONE) {
        assert_int_not_equal(answer, FAULT_NONE);
    }
}

/* A group that waits behind a held writer, a single write, a read. True if the fault happened. */
static bool work_once(struct world *world, enum faulty_mode mode, unsigned n, int64_t base)
{
    struct gate gate;
    struct latch latch;
    struct sent sent[JOBS];
    struct triple triples[JOBS + 1];
    latch_init(&latch, JOBS);
    gate_close(world, &gate);
    for (int64_t i = 0; i < JOBS; i++) {
        triples[i] = (struct triple){base + i, i == REFUSED ? FAULT_RULE_REFUSED : FAULT_NONE};
        assert_int_equal(send_job(world, &sent[i], &latch, insert_triple, &triples[i]), FAULT_NONE);
    }
    faulty_arm(mode, n);
    enum fault held = gate_open(&gate);
    latch_wait(&latch);
    triples[JOBS] = (struct triple){.id = base + JOBS};
    enum fault single = write_now(world, insert_triple, &triples[JOBS]);
    struct counting counting = {.id = base};
    enum fault reading = read_now(world, count_triple, &counting);
    bool fired = faulty_disarm();
    if (!fired) {
        assert_int_equal(held, FAULT_NONE);
        assert_int_equal(reading, FAULT_NONE);
        assert_int_equal(single, FAULT_NONE);
    }
    for (int i = 0; i < JOBS; i++) {
        assert_int_equal(sent[i].answers, 1);
        check_triple(world, &triples[i], sent[i].fault, mode == FAULTY_UNKNOWN);
        enum fault expected = i == REFUSED ? FAULT_RULE_REFUSED : FAULT_NONE;
        assert_int_equal(fired ? expected : sent[i].fault, expected);
        sent_free(&sent[i]);
    }
    check_triple(world, &triples[JOBS], single, mode == FAULTY_UNKNOWN);
    return fired;
}

static void fail_each_call(struct world *world, enum faulty_mode mode)
{
    world_close(world);
    world_open(world, 1, faulty_driver(world->url));
    bool fired = true;
    unsigned n = 0;
    while (fired) {
        int64_t base = 100 * (int64_t)++n;
        assert_true(n < CALLS_MAX);
        fired = work_once(world, mode, n, base);
        struct triple after = {.id = base + 50};
        assert_int_equal(write_now(world, insert_triple, &after), FAULT_NONE);
        check_triple(world, &after, FAULT_NONE, false);
    }
    /* Fewer would mean that the fault was not really tried everywhere. */
    assert_true(n > (mode == FAULTY_UNKNOWN ? 2 : 20));
    world_wait_numbered(world);
    int64_t events = number_of(world, "SELECT count(*) FROM event");
    assert_int_equal(number_of(world, "SELECT max(number) FROM event"), events);
    assert_int_equal(number_of(world, "SELECT last FROM event_counter"), events);
}

static void any_call_may_fail(void **state)
{
    fail_each_call(*state, FAULTY_CALL);
}

static void any_statement_may_end_the_transaction(void **state)
{
    fail_each_call(*state, FAULTY_ENDED);
}

static void the_connection_may_break_anywhere(void **state)
{
    fail_each_call(*state, FAULTY_LOST);
}

static void the_answer_to_a_commit_may_be_lost(void **state)
{
    fail_each_call(*state, FAULTY_UNKNOWN);
}

/* Opening, with all its migrations, breaks off at each call; the next opening goes on. */
static void opening_may_fail_anywhere(void **state)
{
    struct world *world = *state;
    struct world fresh;
    world_make(&fresh);
    bool fired = true;
    unsigned n = 0;
    unsigned refused = 0;
    while (fired) {
        assert_true(++n < CALLS_MAX);
        const struct store_driver *driver = faulty_driver(fresh.url);
        faulty_arm(FAULTY_CALL, n);
        enum fault fault = world_try_open(&fresh, fresh.url, 1, driver);
        refused += fault == FAULT_NONE ? 0 : 1;
        if (fault == FAULT_NONE) {
            struct thing thing = {.id = n};
            enum fault ignored = write_now(&fresh, insert_thing, &thing);
            (void)ignored;
            world_close(&fresh);
        }
        fired = faulty_disarm();
    }
    assert_true(refused > 20);
    world_open(&fresh, 1, NULL);
    assert_int_equal(number_of(&fresh, "SELECT count(*) FROM schema_version"),
                     number_of(world, "SELECT count(*) FROM schema_version"));
    world_free(&fresh);
}

int contract_faults(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(any_call_may_fail),
        WORLD_TEST(any_statement_may_end_the_transaction),
        WORLD_TEST(the_connection_may_break_anywhere),
        WORLD_TEST(the_answer_to_a_commit_may_be_lost),
        WORLD_TEST(opening_may_fail_anywhere),
    };
    return cmocka_run_group_tests_name("faults", tests, NULL, NULL);
}
