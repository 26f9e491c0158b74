/* The full disk, by SQLite's limit of pages: an honest answer, nothing half done, and work again
 * when there is room. */
#include "contract.h"

#include <stdlib.h>
#include <string.h>

enum { THREADS = 6, ROUNDS = 60, PIECE_BYTES = 6000, ROOM_PAGES = 150 };

static const char *sqlite_with_room(struct world *world)
{
    int64_t pages = number_of(world, "SELECT page_count FROM pragma_page_count");
    return arena_printf(world->arena, "%s?max_page_count=%lld", world->url,
                        (long long)pages + ROOM_PAGES);
}

struct piece {
    int64_t id;
    size_t bytes;
};

/* Two rows: there together or not at all. */
static enum fault insert_piece(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    const struct piece *piece = arg;
    void *data = arena_alloc(ctx->arena, piece->bytes);
    enum fault fault = FAULT_NONE;
    for (int64_t i = 0; i < 2 && fault == FAULT_NONE; i++) {
        fault =
            sql_run(tx, ctx, "INSERT INTO thing (id, bytes) VALUES ($1, $2)",
                    SQL_ARGS(sql_int(2 * piece->id + i), sql_blob(data, piece->bytes / 2)), NULL);
    }
    return fault;
}

struct filling {
    struct world *world;
    int64_t base;
    unsigned there, full, other;
    bool acknowledged[ROUNDS];
};

static void *fill(void *arg)
{
    struct filling *filling = arg;
    for (int64_t i = 0; i < ROUNDS; i++) {
        SCOPED_ARENA arena = arena_create();
        struct ctx ctx;
        ctx_init(&ctx, arena, 0);
        struct piece piece = {.id = filling->base + i, .bytes = PIECE_BYTES};
        enum fault fault = store_write(filling->world->store, &ctx, insert_piece, &piece);
        filling->acknowledged[i] = fault == FAULT_NONE;
        filling->there += fault == FAULT_NONE ? 1 : 0;
        filling->full += fault == FAULT_STORE_FULL ? 1 : 0;
        filling->other += fault != FAULT_NONE && fault != FAULT_STORE_FULL ? 1 : 0;
    }
    return NULL;
}

struct asked {
    int64_t id, rows;
};

static enum fault count_piece(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct asked *asked = arg;
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_one(tx, ctx, "SELECT count(*) FROM thing WHERE id IN ($1, $2)",
                               SQL_ARGS(sql_int(2 * asked->id), sql_int(2 * asked->id + 1)), &rows);
    if (fault == FAULT_NONE) {
        asked->rows = sql_column_int(rows, 0);
    }
    return fault;
}

static int64_t rows_of_piece(struct world *world, int64_t id)
{
    struct asked asked = {.id = id};
    assert_int_equal(read_now(world, count_piece, &asked), FAULT_NONE);
    return asked.rows;
}

static void reopen_with_little_room(struct world *world)
{
    const char *url = sqlite_with_room(world);
    world_close(world);
    assert_int_equal(world_try_open(world, url, 1, NULL), FAULT_NONE);
}

static bool has_no_limit(struct world *world)
{
    return on_postgres() || strcmp(world->url, "sqlite::memory:") == 0;
}

static void a_full_disk_is_told_and_survived(void **state)
{
    struct world *world = *state;
    static struct filling fillings[THREADS];
    pthread_t threads[THREADS];
    if (has_no_limit(world)) {
        skip();
    }
    reopen_with_little_room(world);
    for (int i = 0; i < THREADS; i++) {
        fillings[i] = (struct filling){.world = world, .base = i * ROUNDS};
        assert_int_equal(pthread_create(&threads[i], NULL, fill, &fillings[i]), 0);
    }
    unsigned there = 0;
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(fillings[i].other, 0);
        assert_int_equal(fillings[i].there + fillings[i].full, ROUNDS);
        there += fillings[i].there;
        for (int64_t k = 0; k < ROUNDS; k++) {
            assert_int_equal(rows_of_piece(world, i * ROUNDS + k),
                             fillings[i].acknowledged[k] ? 2 : 0);
        }
    }
    assert_true(there > 20 && there < THREADS * ROUNDS);
    struct piece piece = {.id = 99999, .bytes = PIECE_BYTES};
    assert_int_equal(write_now(world, insert_piece, &piece), FAULT_STORE_FULL);
    assert_int_equal(write_constant(world, "DELETE FROM thing WHERE id < 200"), FAULT_NONE);
    assert_int_equal(write_now(world, insert_piece, &piece), FAULT_NONE);
    assert_int_equal(number_of(world, "SELECT count(*) FROM pragma_integrity_check"
                                      " WHERE integrity_check <> 'ok'"),
                     0);
}

/* In one group: the one that does not fit is refused, the small ones beside it are kept. */
static void what_fits_is_kept_beside_what_does_not(void **state)
{
    struct world *world = *state;
    enum { COUNT = 4 };
    struct gate gate;
    struct latch latch;
    struct sent sent[COUNT];
    struct piece pieces[COUNT] = {{1, 100}, {2, 2000000}, {3, 100}, {4, 100}};
    if (has_no_limit(world)) {
        skip();
    }
    reopen_with_little_room(world);
    latch_init(&latch, COUNT);
    gate_close(world, &gate);
    for (int i = 0; i < COUNT; i++) {
        assert_int_equal(send_job(world, &sent[i], &latch, insert_piece, &pieces[i]), FAULT_NONE);
    }
    assert_int_equal(gate_open(&gate), FAULT_NONE);
    latch_wait(&latch);
    for (int i = 0; i < COUNT; i++) {
        assert_int_equal(sent[i].fault, i == 1 ? FAULT_STORE_FULL : FAULT_NONE);
        assert_int_equal(rows_of_piece(world, pieces[i].id), i == 1 ? 0 : 2);
        sent_free(&sent[i]);
    }
}

int contract_full_disk(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(a_full_disk_is_told_and_survived),
        WORLD_TEST(what_fits_is_kept_beside_what_does_not),
    };
    return cmocka_run_group_tests_name("full disk", tests, NULL, NULL);
}
