/* What every test of the contract needs: a database, jobs, latches. */
#include "base/file.h"
#include "contract.h"
#include "testdb.h"

#include <errno.h>
#include <time.h>

static const char *which;
static _Atomic unsigned wrong;

static const char test_schema[] =
    "CREATE TABLE thing (id BIGINT NOT NULL PRIMARY KEY, name TEXT, bytes BYTEA,\n"
    "    small BIGINT CHECK (small < 100));\n"
    "CREATE UNIQUE INDEX thing_name ON thing (name);\n"
    "CREATE TABLE counter (id BIGINT NOT NULL PRIMARY KEY, value BIGINT NOT NULL);\n"
    "INSERT INTO counter (id, value) VALUES (1, 0);\n"
    "INSERT INTO counter (id, value) VALUES (2, 0);\n";

void must(bool right, const char *condition, const char *file, int line)
{
    if (!right) {
        wrong++;
        (void)fprintf(stderr, "%s:%d: not so: %s\n", file, line, condition);
    }
}

bool on_postgres(void)
{
    return strcmp(which, "postgres") == 0;
}

static void make_schema(struct world *world)
{
    char **names = NULL;
    size_t count = 0;
    world->schema = arena_printf(world->arena, "%s/schema", world->folder);
    enum fault fault = file_make_folder(&world->ctx, world->schema, 0700);
    assert_int_equal(fault, FAULT_NONE);
    fault = file_list(&world->ctx, SOURCE_DIR "/schema", ".sql", &names, &count);
    assert_int_equal(fault, FAULT_NONE);
    assert_true(count >= 3);
    for (size_t i = 0; i < count; i++) {
        const char *from = arena_printf(world->arena, SOURCE_DIR "/schema/%s", names[i]);
        const char *to = arena_printf(world->arena, "%s/%s", world->schema, names[i]);
        assert_int_equal(symlink(from, to), 0);
    }
    const char *own = arena_printf(world->arena, "%s/9001_test.sql", world->schema);
    fault = file_write(&world->ctx, own, test_schema, strlen(test_schema), 0600);
    assert_int_equal(fault, FAULT_NONE);
}

static const char *url_of(struct world *world)
{
    return strcmp(which, "sqlite:file") == 0
               ? arena_printf(world->arena, "sqlite:%s/store.db", world->folder)
               : testdb_url(world->arena, which);
}

void world_make(struct world *world)
{
    *world = (struct world){.arena = arena_create()};
    ctx_init(&world->ctx, world->arena, 1600000000000);
    world->ctx.lang = LANG_EN;
    const char *base = getenv("TMPDIR");
    char *folder =
        arena_printf(world->arena, "%s/liandong-store-XXXXXX", base == NULL ? "/tmp" : base);
    world->folder = mkdtemp(folder);
    assert_non_null(world->folder);
    (void)pthread_mutex_init(&world->mutex, NULL);
    (void)pthread_cond_init(&world->grown, NULL);
    make_schema(world);
    world->url = url_of(world);
}

static void feed_grew(void *arg)
{
    struct world *world = arg;
    (void)pthread_mutex_lock(&world->mutex);
    world->grown_count++;
    (void)pthread_cond_broadcast(&world->grown);
    (void)pthread_mutex_unlock(&world->mutex);
}

enum fault world_try_open(struct world *world, const char *url, unsigned writers,
                          const struct store_driver *driver)
{
    struct store_options options = {.url = url,
                                    .schema_dir = world->schema,
                                    .writers = writers,
                                    .on_commit = feed_grew,
                                    .on_commit_arg = world};
    return driver == NULL ? store_open(&world->ctx, &options, &world->store)
                          : store_open_with(&world->ctx, &options, driver, &world->store);
}

void world_open(struct world *world, unsigned writers, const struct store_driver *driver)
{
    enum fault fault = world_try_open(world, world->url, writers, driver);
    if (fault != FAULT_NONE) {
        print_error("%s: %s\n", fault_name(fault), world->ctx.note);
    }
    assert_int_equal(fault, FAULT_NONE);
}

void world_close(struct world *world)
{
    store_close(world->store);
    world->store = NULL;
}

int world_set_up(void **state)
{
    struct world *world = calloc(1, sizeof *world);
    assert_non_null(world);
    world_make(world);
    world_open(world, 4, NULL);
    *state = world;
    return 0;
}

void world_free(struct world *world)
{
    world_close(world);
    const char *command = arena_printf(world->arena, "rm -rf '%s'", world->folder);
    wrong += system(command) == 0 ? 0 : 1;
    (void)pthread_cond_destroy(&world->grown);
    (void)pthread_mutex_destroy(&world->mutex);
    arena_destroy(world->arena);
}

int world_tear_down(void **state)
{
    world_free(*state);
    free(*state);
    int status = (int)wrong;
    wrong = 0;
    return status;
}

enum fault write_now(struct world *world, store_work *work, void *arg)
{
    SCOPED_ARENA arena = arena_create();
    struct ctx ctx;
    ctx_init(&ctx, arena, world->ctx.now_ms);
    ctx.lang = LANG_EN;
    enum fault fault = store_write(world->store, &ctx, work, arg);
    world->ctx.note = ctx.note == NULL ? NULL : arena_text(world->arena, ctx.note);
    return fault;
}

enum fault read_now(struct world *world, store_work *work, void *arg)
{
    SCOPED_ARENA arena = arena_create();
    struct ctx ctx;
    ctx_init(&ctx, arena, world->ctx.now_ms);
    ctx.lang = LANG_EN;
    enum fault fault = store_read(world->store, &ctx, work, arg);
    world->ctx.note = ctx.note == NULL ? NULL : arena_text(world->arena, ctx.note);
    return fault;
}

enum fault insert_thing(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    const struct thing *thing = arg;
    enum fault fault = sql_run(tx, ctx, "INSERT INTO thing (id, name) VALUES ($1, $2)",
                               SQL_ARGS(sql_int(thing->id), sql_text(thing->name)), NULL);
    if (fault == FAULT_NONE && thing->refusal != FAULT_NONE) {
        return ctx_fail(ctx, thing->refusal, "refused", "拒绝");
    }
    return fault;
}

enum fault run_constant(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    const struct constant *constant = arg;
    return sql_run(tx, ctx, constant->statement, SQL_NO_ARGS, NULL);
}

enum fault write_constant(struct world *world, const char *statement)
{
    struct constant constant = {.statement = statement};
    return write_now(world, run_constant, &constant);
}

struct number_call {
    const char *statement;
    int64_t number;
};

static enum fault read_number(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct number_call *call = arg;
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_one(tx, ctx, call->statement, SQL_NO_ARGS, &rows);
    if (fault == FAULT_NONE) {
        call->number = sql_column_int(rows, 0);
    }
    return fault;
}

int64_t number_of(struct world *world, const char *statement)
{
    struct number_call call = {.statement = statement};
    assert_int_equal(read_now(world, read_number, &call), FAULT_NONE);
    return call.number;
}

/* Sleeps until the feed grows, or a tenth of a second: another program may have made it grow. */
static void wait_grown(struct world *world, unsigned before)
{
    struct timespec until;
    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += 100000000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    int code = 0;
    (void)pthread_mutex_lock(&world->mutex);
    while (world->grown_count == before && code != ETIMEDOUT) {
        code = pthread_cond_timedwait(&world->grown, &world->mutex, &until);
    }
    (void)pthread_mutex_unlock(&world->mutex);
}

void world_wait_numbered(struct world *world)
{
    for (int tries = 0; tries < 100; tries++) {
        (void)pthread_mutex_lock(&world->mutex);
        unsigned before = world->grown_count;
        (void)pthread_mutex_unlock(&world->mutex);
        if (number_of(world, "SELECT count(*) FROM event WHERE number IS NULL") == 0) {
            return;
        }
        wait_grown(world, before);
    }
    fail_msg("events stayed without a number");
}

void latch_init(struct latch *latch, unsigned left)
{
    (void)pthread_mutex_init(&latch->mutex, NULL);
    (void)pthread_cond_init(&latch->changed, NULL);
    latch->left = left;
}

void latch_down(struct latch *latch)
{
    (void)pthread_mutex_lock(&latch->mutex);
    latch->left -= latch->left > 0 ? 1 : 0;
    (void)pthread_cond_broadcast(&latch->changed);
    (void)pthread_mutex_unlock(&latch->mutex);
}

void latch_wait(struct latch *latch)
{
    (void)pthread_mutex_lock(&latch->mutex);
    while (latch->left > 0) {
        (void)pthread_cond_wait(&latch->changed, &latch->mutex);
    }
    (void)pthread_mutex_unlock(&latch->mutex);
}

void sent_done(struct ctx *ctx, enum fault fault, void *arg)
{
    (void)arg;
    struct sent *sent = (struct sent *)((char *)ctx - offsetof(struct sent, ctx));
    sent->fault = fault;
    sent->answers++;
    latch_down(sent->latch);
}

enum fault send_job(struct world *world, struct sent *sent, struct latch *latch, store_work *work,
                    void *arg)
{
    *sent = (struct sent){.arena = arena_create(), .latch = latch};
    ctx_init(&sent->ctx, sent->arena, world->ctx.now_ms);
    sent->ctx.lang = LANG_EN;
    return store_submit(world->store, &sent->ctx, work, sent_done, arg);
}

void sent_free(struct sent *sent)
{
    arena_destroy(sent->arena);
}

static enum fault hold(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    (void)ctx;
    (void)tx;
    struct gate *gate = arg;
    latch_down(&gate->entered);
    latch_wait(&gate->opened);
    return FAULT_NONE;
}

void gate_close(struct world *world, struct gate *gate)
{
    latch_init(&gate->entered, 1);
    latch_init(&gate->opened, 1);
    latch_init(&gate->done, 1);
    assert_int_equal(send_job(world, &gate->sent, &gate->done, hold, gate), FAULT_NONE);
    latch_wait(&gate->entered);
}

enum fault gate_open(struct gate *gate)
{
    latch_down(&gate->opened);
    latch_wait(&gate->done);
    sent_free(&gate->sent);
    return gate->sent.fault;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        (void)fputs("store_contract sqlite::memory:|sqlite:file|postgres [TEST]\n", stderr);
        return 2;
    }
    which = argv[1];
    if (argc > 2) {
        cmocka_set_test_filter(argv[2]);
    }
    /* First, because a PostgreSQL that was stopped at once looks through all its databases. */
    int failed = contract_lost();
    failed += contract_values();
    failed += contract_transactions();
    failed += contract_migrations();
    failed += contract_search();
    failed += contract_numbers();
    failed += contract_faults();
    failed += contract_full_disk();
    return failed == 0 ? 0 : 1;
}
