#pragma once
/*
 * The contract of the store, the same for every database: store_contract sqlite::memory: |
 * sqlite:file | postgres [NAME]. Each test has a database of its own, with the product's schema and
 * the tables of the tests. Threads of a test only record; the test's own thread asserts.
 */
#include "base/ctx.h"
#include "store/inner.h"
#include "store/search.h"
#include "store/sql.h"
#include "store/store.h"

/* cmocka.h needs the others before it. */
/* clang-format off */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

struct world {
    struct arena *arena;
    struct ctx ctx;
    const char *folder; /* Temporary; holds the schema and the SQLite file. */
    const char *schema;
    const char *url;
    struct store *store;
    pthread_mutex_t mutex;
    pthread_cond_t grown; /* The feed has grown. */
    unsigned grown_count;
};

bool on_postgres(void);
/* A fresh database, not opened. */
void world_make(struct world *world);
/* Opens the store; `driver` NULL: the real one. */
enum fault world_try_open(struct world *world, const char *url, unsigned writers,
                          const struct store_driver *driver);
void world_open(struct world *world, unsigned writers, const struct store_driver *driver);
void world_close(struct world *world);
/* Closes, and removes the folder. */
void world_free(struct world *world);
/* Waits until every committed event has its number; fails the test after ten seconds. */
void world_wait_numbered(struct world *world);
/* For cmocka: a world with an open store of four writers. */
int world_set_up(void **state);
int world_tear_down(void **state);
#define WORLD_TEST(name) cmocka_unit_test_setup_teardown(name, world_set_up, world_tear_down)

/* For work that runs in the writer's thread, where cmocka can not assert: the test fails at its
 * end. */
#define MUST(condition) must((condition), #condition, __FILE__, __LINE__)
void must(bool right, const char *condition, const char *file, int line);

/* One write, with a ctx of its own; the note is kept in the world's arena. */
enum fault write_now(struct world *world, store_work *work, void *arg);
enum fault read_now(struct world *world, store_work *work, void *arg);
/* Inserts into `thing`; the work of `struct thing`. */
struct thing {
    int64_t id;
    const char *name;
    enum fault refusal; /* What the work returns after a successful insert. */
};
enum fault insert_thing(struct ctx *ctx, struct store_tx *tx, void *arg);
/* Runs one constant statement; the work of `struct constant`. */
struct constant {
    const char *statement;
};
enum fault run_constant(struct ctx *ctx, struct store_tx *tx, void *arg);
enum fault write_constant(struct world *world, const char *statement);
/* The number in the first row; `statement` is a constant. */
int64_t number_of(struct world *world, const char *statement);

/* Counts down to nothing; who waits goes on then. */
struct latch {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    unsigned left;
};
void latch_init(struct latch *latch, unsigned left);
void latch_down(struct latch *latch);
void latch_wait(struct latch *latch);

/* A submitted job and its answer. */
struct sent {
    struct arena *arena;
    struct ctx ctx;
    struct latch *latch;
    enum fault fault;
    unsigned answers;
};
/* The answer of the store is recorded, and the latch goes down. */
enum fault send_job(struct world *world, struct sent *sent, struct latch *latch, store_work *work,
                    void *arg);
void sent_done(struct ctx *ctx, enum fault fault, void *arg);
void sent_free(struct sent *sent);

/* A job that holds the writer until it is opened: what comes meanwhile gathers in the queue. */
struct gate {
    struct latch entered, opened;
    struct latch done;
    struct sent sent;
};
void gate_close(struct world *world, struct gate *gate);
/* Lets the writer go on and waits for the gate's own answer. */
enum fault gate_open(struct gate *gate);

/* ---- The parts of the contract ---- */
int contract_values(void);
int contract_transactions(void);
int contract_migrations(void);
int contract_search(void);
int contract_numbers(void);
int contract_faults(void);
int contract_full_disk(void);
int contract_lost(void);
