/* PostgreSQL only: connections that break, a server that stops, transactions that collide. */
#include "base/limit.h"
#include "contract.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SKIP_ON_SQLITE()                                                                           \
    do {                                                                                           \
        if (!on_postgres()) {                                                                      \
            skip();                                                                                \
        }                                                                                          \
    } while (0)

/* Ends all other connections to the test's database; gives their count. Usable in any thread. */
static int kill_connections(const struct world *world)
{
    PGconn *pg = PQconnectdb(world->url);
    PGresult *result = PQexec(pg, "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                                  " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                                  " AND backend_type = 'client backend'");
    int count = PQresultStatus(result) == PGRES_TUPLES_OK ? PQntuples(result) : -1;
    PQclear(result);
    PQfinish(pg);
    return count;
}

/* The store opens its connections in threads of its own: waits until there are so many. */
static void wait_for_connections(struct world *world, int64_t wanted)
{
    static const char asked[] = "SELECT count(*) FROM pg_stat_activity"
                                " WHERE datname = current_database()"
                                " AND backend_type = 'client backend'";
    struct timespec pause = {.tv_nsec = 50 * 1000 * 1000};
    for (unsigned tries = 0; number_of(world, asked) < wanted && tries < 400; tries++) {
        (void)nanosleep(&pause, NULL);
    }
}

struct killing {
    struct world *world;
    int runs;
    int kill_until; /* In how many runs the connection is cut between the two statements. */
};

static enum fault insert_cut_insert(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct killing *killing = arg;
    struct thing first = {.id = 1};
    struct thing second = {.id = 2};
    enum fault fault = insert_thing(ctx, tx, &first);
    if (killing->runs++ < killing->kill_until) {
        MUST(kill_connections(killing->world) >= 1);
    }
    return fault == FAULT_NONE ? insert_thing(ctx, tx, &second) : fault;
}

/* Before COMMIT was sent nothing is there: the work is run again on a new connection. */
static void a_connection_cut_in_the_middle_is_replaced(void **state)
{
    SKIP_ON_SQLITE();
    struct world *world = *state;
    struct killing killing = {.world = world, .kill_until = 1};
    assert_int_equal(write_now(world, insert_cut_insert, &killing), FAULT_NONE);
    assert_int_equal(killing.runs, 2);
    assert_int_equal(number_of(world, "SELECT count(*) FROM thing"), 2);
}

/* Work that always brings the connection down is not tried for ever. */
static void work_that_cuts_every_time_is_given_up(void **state)
{
    SKIP_ON_SQLITE();
    struct world *world = *state;
    struct killing killing = {.world = world, .kill_until = 100};
    struct thing thing = {.id = 9};
    assert_int_equal(write_now(world, insert_cut_insert, &killing), FAULT_STORE_LOST);
    assert_int_equal(killing.runs, 2);
    assert_string_equal(world->ctx.note, "The database can not be reached.");
    assert_int_equal(write_now(world, insert_thing, &thing), FAULT_NONE);
    assert_int_equal(number_of(world, "SELECT sum(id) FROM thing"), 9);
}

static void idle_connections_that_broke_are_replaced(void **state)
{
    SKIP_ON_SQLITE();
    struct world *world = *state;
    assert_int_equal(number_of(world, "SELECT count(*) FROM thing"), 0);
    wait_for_connections(world, 5);
    assert_true(kill_connections(world) >= 5);
    assert_int_equal(number_of(world, "SELECT count(*) FROM thing"), 0);
    for (int64_t id = 1; id <= 20; id++) {
        struct thing thing = {.id = id};
        assert_int_equal(write_now(world, insert_thing, &thing), FAULT_NONE);
    }
    assert_int_equal(number_of(world, "SELECT count(*) FROM thing"), 20);
}

static enum fault read_cut_read(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct killing *killing = arg;
    struct constant constant = {.statement = "SELECT count(*) FROM thing"};
    enum fault fault = run_constant(ctx, tx, &constant);
    assert_int_equal(fault, FAULT_NONE);
    killing->runs++;
    assert_true(kill_connections(killing->world) >= 1);
    return run_constant(ctx, tx, &constant);
}

/* A read may already have written half its answer: it is told, not run again. */
static void a_read_cut_in_the_middle_is_told(void **state)
{
    SKIP_ON_SQLITE();
    struct world *world = *state;
    struct killing killing = {.world = world};
    assert_int_equal(read_now(world, read_cut_read, &killing), FAULT_STORE_LOST);
    assert_int_equal(killing.runs, 1);
    assert_string_equal(world->ctx.note, "The database can not be reached.");
    assert_int_equal(number_of(world, "SELECT count(*) FROM thing"), 0);
}

static void server(const char *what)
{
    const char *address = getenv("LIANDONG_TEST_POSTGRES");
    const char *folder = strstr(address, "host=") + strlen("host=");
    char command[1000];
    (void)snprintf(command, sizeof command, SOURCE_DIR "/tests/store/postgres-server %s '%s'", what,
                   folder);
    assert_int_equal(system(command), 0);
}

static void a_server_that_stops_is_told_and_comes_back(void **state)
{
    SKIP_ON_SQLITE();
    struct world *world = *state;
    struct constant constant = {.statement = "SELECT count(*) FROM thing"};
    struct thing things[3] = {{.id = 1}, {.id = 2}, {.id = 3}};
    assert_int_equal(write_now(world, insert_thing, &things[0]), FAULT_NONE);
    server("stop");
    enum fault stopped_write = write_now(world, insert_thing, &things[1]);
    const char *note = world->ctx.note;
    enum fault stopped_read = read_now(world, run_constant, &constant);
    server("start");
    assert_int_equal(stopped_write, FAULT_STORE_LOST);
    assert_string_equal(note, "The database can not be reached.");
    assert_int_equal(stopped_read, FAULT_STORE_LOST);
    assert_int_equal(write_now(world, insert_thing, &things[2]), FAULT_NONE);
    assert_int_equal(number_of(world, "SELECT sum(id) FROM thing"), 1 + 3);
}

/* ---- Collisions ---- */

struct meeting {
    struct latch *both; /* In their first runs both wait until the other has come as far. */
    const char *first, *second;
    bool serializable;
    int runs;
};

static enum fault meet(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct meeting *meeting = arg;
    enum fault fault = FAULT_NONE;
    if (meeting->serializable) {
        fault = sql_run(tx, ctx, "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE", SQL_NO_ARGS, NULL);
    }
    if (fault == FAULT_NONE) {
        fault = sql_run(tx, ctx, meeting->first, SQL_NO_ARGS, NULL);
    }
    if (meeting->runs++ == 0) {
        latch_down(meeting->both);
        latch_wait(meeting->both);
    }
    return fault == FAULT_NONE ? sql_run(tx, ctx, meeting->second, SQL_NO_ARGS, NULL) : fault;
}

static void let_two_meet(struct world *world, struct meeting meetings[2])
{
    struct latch both;
    struct latch done;
    struct sent sent[2];
    latch_init(&both, 2);
    latch_init(&done, 2);
    for (int i = 0; i < 2; i++) {
        meetings[i].both = &both;
        assert_int_equal(send_job(world, &sent[i], &done, meet, &meetings[i]), FAULT_NONE);
    }
    latch_wait(&done);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(sent[i].fault, FAULT_NONE);
        assert_null(sent[i].ctx.note);
        sent_free(&sent[i]);
    }
    struct store_figures figures;
    store_figures(world->store, &figures);
    assert_true(figures.retries >= 1);
    assert_int_equal(meetings[0].runs + meetings[1].runs, 2 + figures.retries);
}

static void a_serialization_failure_is_run_again(void **state)
{
    SKIP_ON_SQLITE();
    struct world *world = *state;
    struct meeting meetings[2];
    for (int i = 0; i < 2; i++) {
        meetings[i] =
            (struct meeting){.first = "SELECT value FROM counter WHERE id = 1",
                             .second = "UPDATE counter SET value = value + 1 WHERE id = 1",
                             .serializable = true};
    }
    let_two_meet(world, meetings);
    assert_int_equal(number_of(world, "SELECT value FROM counter WHERE id = 1"), 2);
}

static void a_deadlock_is_run_again(void **state)
{
    SKIP_ON_SQLITE();
    struct world *world = *state;
    const char *one = "UPDATE counter SET value = value + 1 WHERE id = 1";
    const char *two = "UPDATE counter SET value = value + 1 WHERE id = 2";
    struct meeting meetings[2] = {{.first = one, .second = two}, {.first = two, .second = one}};
    let_two_meet(world, meetings);
    assert_int_equal(number_of(world, "SELECT value FROM counter WHERE id = 1"), 2);
    assert_int_equal(number_of(world, "SELECT value FROM counter WHERE id = 2"), 2);
}

int contract_lost(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(a_connection_cut_in_the_middle_is_replaced),
        WORLD_TEST(work_that_cuts_every_time_is_given_up),
        WORLD_TEST(idle_connections_that_broke_are_replaced),
        WORLD_TEST(a_read_cut_in_the_middle_is_told),
        WORLD_TEST(a_server_that_stops_is_told_and_comes_back),
        WORLD_TEST(a_serialization_failure_is_run_again),
        WORLD_TEST(a_deadlock_is_run_again),
    };
    return cmocka_run_group_tests_name("lost connections", tests, NULL, NULL);
}
