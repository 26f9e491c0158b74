/*
 * The heart of the feed: while many threads write, a reader that asks for "number > N" meets every
 * event exactly once, the numbers have no gap, and what was acknowledged earlier has the lower
 * number.
 */
#include "contract.h"

#include <stdlib.h>
#include <string.h>

enum { THREADS = 10, JOBS = 120, EVENTS_MAX = THREADS * JOBS * 2 };

/* Ids as the product makes them: of one process, only growing. */
static _Atomic int64_t last_id;

struct writing {
    struct world *world;
    struct store *store; /* One of several over the same database, like several programs. */
    unsigned seed;
    int64_t acknowledged[JOBS * 2];
    unsigned acknowledged_count;
    unsigned refused_count;
    unsigned wrong_count;
};

struct event_job {
    unsigned dice;
    int64_t ids[2];
    unsigned ids_count;
};

static enum fault add_event(struct ctx *ctx, struct store_tx *tx, int64_t id)
{
    return sql_run(tx, ctx,
                   "INSERT INTO event (region, id, matter, version, action, recorded_ms,"
                   " happened_ms, to_state, body) VALUES (1, $1, $1, 1, 'a', 0, 0, 's', '{}')",
                   SQL_ARGS(sql_int(id)), NULL);
}

/* One or two events; some wait between id and commit, so that commits overtake one another; some
 * are refused after they wrote. */
static enum fault act(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct event_job *job = arg;
    enum fault fault = FAULT_NONE;
    job->ids_count = 1 + job->dice % 2;
    for (unsigned i = 0; i < job->ids_count && fault == FAULT_NONE; i++) {
        job->ids[i] = ++last_id;
        fault = add_event(ctx, tx, job->ids[i]);
    }
    if (fault == FAULT_NONE && on_postgres() && job->dice % 5 == 0) {
        SCOPED(sql_rows) rows = NULL;
        fault = sql_one(tx, ctx, "SELECT pg_sleep(0.003)", SQL_NO_ARGS, &rows);
    }
    bool refuse = job->dice % 7 == 0;
    return fault == FAULT_NONE && refuse ? FAULT_RULE_REFUSED : fault;
}

static void *write_events(void *arg)
{
    struct writing *writing = arg;
    SCOPED_ARENA arena = arena_create();
    for (int i = 0; i < JOBS; i++) {
        struct ctx ctx;
        ctx_init(&ctx, arena, 0);
        struct event_job job = {.dice = (unsigned)rand_r(&writing->seed)};
        enum fault fault = store_write(writing->store, &ctx, act, &job);
        enum fault expected = job.dice % 7 == 0 ? FAULT_RULE_REFUSED : FAULT_NONE;
        writing->wrong_count += fault == expected ? 0 : 1;
        writing->refused_count += fault == FAULT_NONE ? 0 : 1;
        for (unsigned k = 0; k < job.ids_count && fault == FAULT_NONE; k++) {
            writing->acknowledged[writing->acknowledged_count++] = job.ids[k];
        }
        arena_reset(arena);
    }
    return NULL;
}

struct following {
    struct world *world;
    int64_t ids[EVENTS_MAX + 1]; /* By number. */
    int64_t last;
    unsigned pages;
    unsigned gaps;
};

static enum fault read_page(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct following *following = arg;
    SCOPED(sql_rows) rows = NULL;
    enum fault fault =
        sql_query(tx, ctx, "SELECT number, id FROM event WHERE number > $1 ORDER BY number LIMIT 7",
                  SQL_ARGS(sql_int(following->last)), &rows);
    while (fault == FAULT_NONE && sql_next(rows)) {
        int64_t number = sql_column_int(rows, 0);
        following->gaps += number == following->last + 1 ? 0 : 1;
        following->last = number;
        if (number >= 1 && number <= EVENTS_MAX) {
            following->ids[number] = sql_column_int(rows, 1);
        }
    }
    following->pages++;
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

static int64_t number_by_id(const struct following *following, int64_t id)
{
    for (int64_t number = 1; number <= following->last; number++) {
        if (following->ids[number] == id) {
            return number;
        }
    }
    return 0;
}

/* Every acknowledged event was met, in the order of the answers to its writer. */
static void check_writer(const struct following *following, const struct writing *writing)
{
    int64_t before = 0;
    assert_int_equal(writing->wrong_count, 0);
    assert_true(writing->refused_count > 0);
    for (unsigned i = 0; i < writing->acknowledged_count; i++) {
        int64_t number = number_by_id(following, writing->acknowledged[i]);
        assert_true(number > before);
        before = number;
    }
}

static void follow_writers(struct world *world, struct store *const *stores, unsigned stores_count)
{
    static struct writing writings[THREADS];
    static struct following following;
    pthread_t threads[THREADS];
    following = (struct following){.world = world};
    for (unsigned i = 0; i < THREADS; i++) {
        writings[i] =
            (struct writing){.world = world, .store = stores[i % stores_count], .seed = i + 1};
        assert_int_equal(pthread_create(&threads[i], NULL, write_events, &writings[i]), 0);
    }
    unsigned joined = 0;
    while (joined < THREADS) {
        assert_int_equal(read_now(world, read_page, &following), FAULT_NONE);
        joined += pthread_tryjoin_np(threads[joined], NULL) == 0 ? 1 : 0;
    }
    world_wait_numbered(world);
    for (int64_t last = -1; last != following.last;) {
        last = following.last;
        assert_int_equal(read_now(world, read_page, &following), FAULT_NONE);
    }
    assert_int_equal(following.gaps, 0);
    int64_t total = 0;
    for (int i = 0; i < THREADS; i++) {
        check_writer(&following, &writings[i]);
        total += writings[i].acknowledged_count;
    }
    assert_int_equal(following.last, total);
    assert_int_equal(number_of(world, "SELECT count(*) FROM event"), total);
    assert_int_equal(number_of(world, "SELECT last FROM event_counter"), total);
}

static void a_follower_misses_nothing(void **state)
{
    struct world *world = *state;
    world_close(world);
    world_open(world, 8, NULL);
    follow_writers(world, &world->store, 1);
}

/* The same with three stores over one database, as three programs would. */
static void a_follower_of_several_programs_misses_nothing(void **state)
{
    struct world *world = *state;
    struct store *stores[3] = {world->store};
    if (strcmp(world->url, "sqlite::memory:") == 0) {
        skip();
    }
    for (int i = 1; i < 3; i++) {
        world_open(world, 4, NULL);
        stores[i] = world->store;
    }
    world->store = stores[0];
    follow_writers(world, stores, 3);
    store_close(stores[1]);
    store_close(stores[2]);
}

static enum fault add_unnumbered(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    (void)arg;
    enum fault fault = FAULT_NONE;
    for (int64_t id = 30; id > 20 && fault == FAULT_NONE; id--) {
        fault = add_event(ctx, tx, id);
    }
    return fault;
}

/* A program that died between commit and numbering: the next one to start gives the numbers. */
static void numbers_left_over_are_given_at_the_start(void **state)
{
    struct world *world = *state;
    if (strcmp(world->url, "sqlite::memory:") == 0) {
        skip();
    }
    assert_int_equal(write_now(world, add_unnumbered, NULL), FAULT_NONE);
    world_wait_numbered(world);
    assert_int_equal(write_constant(world, "UPDATE event SET number = NULL"), FAULT_NONE);
    world_wait_numbered(world);
    world_close(world);
    world_open(world, 1, NULL);
    world_wait_numbered(world);
    assert_int_equal(number_of(world, "SELECT max(number) - min(number) FROM event"), 9);
    assert_int_equal(number_of(world, "SELECT number FROM event WHERE id = 21"), 11);
    assert_int_equal(number_of(world, "SELECT number FROM event WHERE id = 30"), 20);
}

int contract_numbers(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(a_follower_misses_nothing),
        WORLD_TEST(a_follower_of_several_programs_misses_nothing),
        WORLD_TEST(numbers_left_over_are_given_at_the_start),
    };
    return cmocka_run_group_tests_name("numbers", tests, NULL, NULL);
}
