/* Transactions: groups, the queue, snapshots, who may write. */
#include "base/limit.h"
#include "contract.h"

#include <stdlib.h>
#include <string.h>

enum { GROUP = 50 };

static struct store_figures figures_of(struct world *world)
{
    struct store_figures figures;
    store_figures(world->store, &figures);
    return figures;
}

/* Sends `count` things while the writer is held, lets it go, and waits for all answers. */
static void send_group(struct world *world, struct thing *things, struct sent *sent, unsigned count)
{
    struct gate gate;
    struct latch latch;
    latch_init(&latch, count);
    gate_close(world, &gate);
    for (unsigned i = 0; i < count; i++) {
        assert_int_equal(send_job(world, &sent[i], &latch, insert_thing, &things[i]), FAULT_NONE);
    }
    assert_int_equal(figures_of(world).queue_length, count);
    assert_int_equal(gate_open(&gate), FAULT_NONE);
    latch_wait(&latch);
    for (unsigned i = 0; i < count; i++) {
        assert_int_equal(sent[i].answers, 1);
        sent_free(&sent[i]);
    }
}

static void reopen_with_one_writer(struct world *world)
{
    world_close(world);
    world_open(world, 1, NULL);
}

/* What waits while the writer works becomes few transactions on SQLite: none smaller than pays. */
static void waiting_writes_share_a_commit(void **state)
{
    struct world *world = *state;
    struct thing things[GROUP];
    struct sent sent[GROUP];
    reopen_with_one_writer(world);
    for (int64_t i = 0; i < GROUP; i++) {
        things[i] = (struct thing){.id = i};
    }
    struct store_figures before = figures_of(world);
    send_group(world, things, sent, GROUP);
    struct store_figures after = figures_of(world);
    assert_int_equal(after.jobs - before.jobs, GROUP + 1);
    uint64_t batches = after.batches - before.batches;
    assert_true(on_postgres() ? batches == GROUP + 1
                              : batches <= 1 + (GROUP + BATCH_LEAST - 1) / BATCH_LEAST);
    assert_int_equal(after.batch_faults, 0);
    for (int i = 0; i < GROUP; i++) {
        assert_int_equal(sent[i].fault, FAULT_NONE);
    }
    assert_int_equal(number_of(world, "SELECT count(*) FROM thing"), GROUP);
}

/* One that fails takes back its own rows and nobody else's. */
static void a_refusal_rolls_back_only_itself(void **state)
{
    struct world *world = *state;
    struct thing things[6] = {{.id = 1, .name = "a"}, {.id = 2, .refusal = FAULT_RULE_REFUSED},
                              {.id = 3, .name = "c"}, {.id = 1, .name = "again"},
                              {.id = 5, .name = "a"}, {.id = 6, .name = "f"}};
    const enum fault expected[6] = {FAULT_NONE,      FAULT_RULE_REFUSED, FAULT_NONE,
                                    FAULT_DUPLICATE, FAULT_DUPLICATE,    FAULT_NONE};
    struct sent sent[6];
    reopen_with_one_writer(world);
    struct store_figures before = figures_of(world);
    send_group(world, things, sent, 6);
    for (int i = 0; i < 6; i++) {
        assert_int_equal(sent[i].fault, expected[i]);
    }
    if (!on_postgres()) {
        assert_int_equal(figures_of(world).batches - before.batches, 2);
    }
    assert_int_equal(figures_of(world).batch_faults, 0);
    assert_int_equal(number_of(world, "SELECT count(*) FROM thing"), 3);
    assert_int_equal(number_of(world, "SELECT sum(id) FROM thing"), 1 + 3 + 6);
}

struct seeing {
    struct world *world;
    struct latch latch;
    int64_t seen[3];
    unsigned count;
};

static enum fault count_things(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_one(tx, ctx, "SELECT count(*) FROM thing", SQL_NO_ARGS, &rows);
    if (fault == FAULT_NONE) {
        *(int64_t *)arg = sql_column_int(rows, 0);
    }
    return fault;
}

struct looking_job {
    struct thing thing;
    struct seeing *seeing;
};

static enum fault insert_looking(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    return insert_thing(ctx, tx, &((struct looking_job *)arg)->thing);
}

static void look(struct ctx *ctx, enum fault fault, void *arg)
{
    struct seeing *seeing = ((struct looking_job *)arg)->seeing;
    int64_t seen = -1;
    MUST(fault == FAULT_NONE);
    MUST(store_read(seeing->world->store, ctx, count_things, &seen) == FAULT_NONE);
    seeing->seen[seeing->count++] = seen;
    latch_down(&seeing->latch);
}

/* Nobody is answered before the commit: the first answer already sees the whole group. */
static void answers_come_after_the_commit(void **state)
{
    struct world *world = *state;
    struct seeing seeing = {.world = world};
    struct gate gate;
    struct ctx ctxs[3];
    struct arena *arenas[3];
    struct looking_job jobs[3];
    reopen_with_one_writer(world);
    latch_init(&seeing.latch, 3);
    gate_close(world, &gate);
    for (int i = 0; i < 3; i++) {
        jobs[i] = (struct looking_job){.thing = {.id = i}, .seeing = &seeing};
        arenas[i] = arena_create();
        ctx_init(&ctxs[i], arenas[i], 0);
        assert_int_equal(store_submit(world->store, &ctxs[i], insert_looking, look, &jobs[i]),
                         FAULT_NONE);
    }
    int64_t early = -1;
    assert_int_equal(read_now(world, count_things, &early), FAULT_NONE);
    assert_int_equal(early, 0);
    assert_int_equal(gate_open(&gate), FAULT_NONE);
    latch_wait(&seeing.latch);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(seeing.seen[i], on_postgres() ? i + 1 : 3);
        arena_destroy(arenas[i]);
    }
}

static void a_full_queue_is_busy(void **state)
{
    struct world *world = *state;
    static struct thing things[LIMIT_WRITE_QUEUE + 1];
    static struct sent sent[LIMIT_WRITE_QUEUE + 1];
    struct gate gate;
    struct latch latch;
    reopen_with_one_writer(world);
    latch_init(&latch, LIMIT_WRITE_QUEUE);
    gate_close(world, &gate);
    for (int64_t i = 0; i <= LIMIT_WRITE_QUEUE; i++) {
        things[i] = (struct thing){.id = i};
        enum fault fault = send_job(world, &sent[i], &latch, insert_thing, &things[i]);
        assert_int_equal(fault, i < LIMIT_WRITE_QUEUE ? FAULT_NONE : FAULT_BUSY);
    }
    assert_int_equal(figures_of(world).busy, 1);
    assert_int_equal(figures_of(world).queue_length, LIMIT_WRITE_QUEUE);
    assert_int_equal(gate_open(&gate), FAULT_NONE);
    latch_wait(&latch);
    for (int i = 0; i <= LIMIT_WRITE_QUEUE; i++) {
        assert_int_equal(sent[i].answers, i < LIMIT_WRITE_QUEUE ? 1 : 0);
        assert_int_equal(sent[i].fault, FAULT_NONE);
        sent_free(&sent[i]);
    }
    assert_int_equal(number_of(world, "SELECT count(*) FROM thing"), LIMIT_WRITE_QUEUE);
    assert_int_equal(write_now(world, insert_thing, &things[LIMIT_WRITE_QUEUE]), FAULT_NONE);
}

static void a_drained_store_finishes_and_refuses(void **state)
{
    struct world *world = *state;
    enum { COUNT = 200 };
    static struct thing things[COUNT + 1];
    static struct sent sent[COUNT];
    struct latch latch;
    latch_init(&latch, COUNT);
    for (int64_t i = 0; i <= COUNT; i++) {
        things[i] = (struct thing){.id = i};
    }
    for (int i = 0; i < COUNT; i++) {
        assert_int_equal(send_job(world, &sent[i], &latch, insert_thing, &things[i]), FAULT_NONE);
    }
    store_drain(world->store);
    for (int i = 0; i < COUNT; i++) {
        assert_int_equal(sent[i].answers, 1);
        assert_int_equal(sent[i].fault, FAULT_NONE);
        sent_free(&sent[i]);
    }
    assert_int_equal(write_now(world, insert_thing, &things[COUNT]), FAULT_STOPPING);
    assert_int_equal(number_of(world, "SELECT count(*) FROM thing"), COUNT);
}

static void a_reader_can_not_write(void **state)
{
    struct world *world = *state;
    struct thing thing = {.id = 1};
    struct constant create = {.statement = "CREATE TABLE other (id BIGINT)"};
    assert_int_equal(read_now(world, insert_thing, &thing), FAULT_STORE_FAILED);
    assert_non_null(world->ctx.note);
    assert_int_equal(read_now(world, run_constant, &create), FAULT_STORE_FAILED);
    assert_int_equal(number_of(world, "SELECT count(*) FROM thing"), 0);
}

struct snapshot {
    struct world *world;
    int64_t before, after;
};

static enum fault read_around_a_write(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct snapshot *snapshot = arg;
    struct thing thing = {.id = 1};
    enum fault fault = count_things(ctx, tx, &snapshot->before);
    assert_int_equal(fault, FAULT_NONE);
    assert_int_equal(write_now(snapshot->world, insert_thing, &thing), FAULT_NONE);
    return count_things(ctx, tx, &snapshot->after);
}

static void a_read_sees_one_moment(void **state)
{
    struct snapshot snapshot = {.world = *state, .before = -1, .after = -1};
    assert_int_equal(read_now(*state, read_around_a_write, &snapshot), FAULT_NONE);
    assert_int_equal(snapshot.before, 0);
    assert_int_equal(snapshot.after, 0);
    assert_int_equal(number_of(*state, "SELECT count(*) FROM thing"), 1);
}

static enum fault swallow(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    (void)arg;
    struct thing thing = {.id = 1};
    enum fault first = insert_thing(ctx, tx, &thing);
    enum fault second = insert_thing(ctx, tx, &thing);
    MUST(first == FAULT_NONE && second == FAULT_DUPLICATE);
    return FAULT_NONE;
}

/* Work that overlooks a failed statement: whatever is answered, it must be true. PostgreSQL takes
 * back everything and calls the COMMIT a success. */
static void an_overlooked_failure_is_not_acknowledged(void **state)
{
    enum fault fault = write_now(*state, swallow, NULL);
    int64_t there = number_of(*state, "SELECT count(*) FROM thing");
    assert_int_equal(fault, on_postgres() ? FAULT_STORE_FAILED : FAULT_NONE);
    assert_int_equal(there, fault == FAULT_NONE ? 1 : 0);
}

static enum fault insert_event(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    return sql_run(tx, ctx,
                   "INSERT INTO event (region, id, matter, version, action, recorded_ms,"
                   " happened_ms, to_state, body) VALUES (1, $1, $1, 1, 'a', 0, 0, 's', '{}')",
                   SQL_ARGS(sql_int(*(const int64_t *)arg)), NULL);
}

static void the_feed_tells_when_it_grows(void **state)
{
    struct world *world = *state;
    struct thing thing = {.id = 1};
    int64_t id = 7;
    assert_int_equal(write_now(world, insert_thing, &thing), FAULT_NONE);
    assert_int_equal(write_now(world, insert_event, &id), FAULT_NONE);
    assert_int_equal(write_now(world, insert_event, &id), FAULT_DUPLICATE);
    world_wait_numbered(world);
    assert_int_equal(number_of(world, "SELECT number FROM event WHERE id = 7"), 1);
    assert_int_equal(number_of(world, "SELECT last FROM event_counter"), 1);
    world_close(world);
    assert_int_equal(world->grown_count, 1);
}

static enum fault always_retry(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct thing thing = {.id = 1};
    *(int *)arg += 1;
    enum fault fault = insert_thing(ctx, tx, &thing);
    MUST(fault == FAULT_NONE);
    MUST(ctx->note == NULL);
    return ctx_fail(ctx, FAULT_STORE_RETRY, "met another", "冲突");
}

static void retries_are_bounded(void **state)
{
    struct world *world = *state;
    int runs = 0;
    assert_int_equal(write_now(world, always_retry, &runs), FAULT_STORE_RETRY);
    assert_int_equal(runs, LIMIT_WRITE_RETRIES + 1);
    assert_string_equal(world->ctx.note, "met another");
    assert_int_equal(figures_of(world).retries, LIMIT_WRITE_RETRIES);
    assert_int_equal(number_of(world, "SELECT count(*) FROM thing"), 0);
}

/* The id that another program's has met; the second run makes another. */
static enum fault insert_next(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    int *runs = arg;
    struct thing thing = {.id = ++*runs};
    return insert_thing(ctx, tx, &thing);
}

static void an_id_that_is_taken_is_made_anew(void **state)
{
    struct world *world = *state;
    int alone = 0;
    assert_int_equal(write_constant(world, "INSERT INTO thing (id) VALUES (1)"), FAULT_NONE);
    assert_int_equal(write_now(world, insert_next, &alone), FAULT_NONE);
    assert_int_equal(alone, 2);
    /* Twice in a row it is no chance: the caller hears of it. */
    struct thing taken = {.id = 1};
    assert_int_equal(write_now(world, insert_thing, &taken), FAULT_DUPLICATE);
    assert_int_equal(number_of(world, "SELECT count(*) FROM thing"), 2);
}

static void in_a_group_too(void **state)
{
    struct world *world = *state;
    struct gate gate;
    struct latch latch;
    struct sent sent[3];
    int runs[3] = {0, 0, 0};
    reopen_with_one_writer(world);
    latch_init(&latch, 3);
    gate_close(world, &gate);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(send_job(world, &sent[i], &latch, insert_next, &runs[i]), FAULT_NONE);
    }
    assert_int_equal(gate_open(&gate), FAULT_NONE);
    latch_wait(&latch);
    /* The first takes 1, the second meets it and takes 2, the third meets both. */
    assert_int_equal(sent[0].fault, FAULT_NONE);
    assert_int_equal(sent[1].fault, FAULT_NONE);
    assert_int_equal(sent[2].fault, FAULT_DUPLICATE);
    assert_int_equal(number_of(world, "SELECT count(*) FROM thing"), 2);
    for (int i = 0; i < 3; i++) {
        sent_free(&sent[i]);
    }
}

static void wrong_addresses_are_refused(void **state)
{
    struct world *world = *state;
    world_close(world);
    assert_int_equal(world_try_open(world, "mysql://here", 0, NULL), FAULT_STORE_FAILED);
    assert_int_equal(world_try_open(world, "sqlite:/no/such/folder/x.db", 0, NULL),
                     FAULT_STORE_FAILED);
    assert_int_equal(world_try_open(world, "postgresql:///x?host=/no/such/folder", 0, NULL),
                     FAULT_STORE_LOST);
    assert_null(world->store);
}

int contract_transactions(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(waiting_writes_share_a_commit),
        WORLD_TEST(a_refusal_rolls_back_only_itself),
        WORLD_TEST(answers_come_after_the_commit),
        WORLD_TEST(a_full_queue_is_busy),
        WORLD_TEST(a_drained_store_finishes_and_refuses),
        WORLD_TEST(a_reader_can_not_write),
        WORLD_TEST(a_read_sees_one_moment),
        WORLD_TEST(an_overlooked_failure_is_not_acknowledged),
        WORLD_TEST(the_feed_tells_when_it_grows),
        WORLD_TEST(retries_are_bounded),
        WORLD_TEST(an_id_that_is_taken_is_made_anew),
        WORLD_TEST(in_a_group_too),
        WORLD_TEST(wrong_addresses_are_refused),
    };
    return cmocka_run_group_tests_name("transactions", tests, NULL, NULL);
}
