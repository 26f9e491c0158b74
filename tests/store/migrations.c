/* Migrations: each once, in order, remembered; a changed, broken or newer one is refused. */
#include "base/file.h"
#include "contract.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Stays open over a refused opening of the same database. */
static void put_migration(struct world *world, const char *name, const char *text)
{
    const char *path = arena_printf(world->arena, "%s/%s", world->schema, name);
    (void)unlink(path);
    assert_int_equal(file_write(&world->ctx, path, text, strlen(text), 0600), FAULT_NONE);
}

static void remove_migration(struct world *world, const char *name)
{
    assert_int_equal(unlink(arena_printf(world->arena, "%s/%s", world->schema, name)), 0);
}

/* The in-memory database goes with its store: opening a second time needs a real one. */
static bool can_not_reopen(const struct world *world)
{
    return strcmp(world->url, "sqlite::memory:") == 0;
}

static enum fault open_again(struct world *world)
{
    world_close(world);
    world->ctx.note = NULL;
    return world_try_open(world, world->url, 1, NULL);
}

static void every_file_is_remembered(void **state)
{
    struct world *world = *state;
    char **names = NULL;
    size_t count = 0;
    assert_int_equal(file_list(&world->ctx, world->schema, ".sql", &names, &count), FAULT_NONE);
    assert_int_equal(number_of(world, "SELECT count(*) FROM schema_version"), count);
    assert_int_equal(number_of(world, "SELECT max(number) FROM schema_version"), 9001);
    assert_int_equal(number_of(world, "SELECT min(length(sha256)) FROM schema_version"), 64);
    assert_int_equal(number_of(world, "SELECT min(applied_ms) FROM schema_version"),
                     world->ctx.now_ms);
}

static void an_upgrade_keeps_what_is_there(void **state)
{
    struct world *world = *state;
    if (can_not_reopen(world)) {
        skip();
    }
    struct thing thing = {.id = 1, .name = "old"};
    assert_int_equal(write_now(world, insert_thing, &thing), FAULT_NONE);
    put_migration(world, "9002_more.sql",
                  "ALTER TABLE thing ADD COLUMN added BIGINT;\nUPDATE thing SET added = 5;\n");
    assert_int_equal(open_again(world), FAULT_NONE);
    assert_int_equal(number_of(world, "SELECT added FROM thing WHERE name = 'old'"), 5);
    assert_int_equal(write_constant(world, "UPDATE thing SET added = 6"), FAULT_NONE);
    assert_int_equal(open_again(world), FAULT_NONE);
    assert_int_equal(number_of(world, "SELECT added FROM thing WHERE name = 'old'"), 6);
}

static void a_changed_file_is_refused(void **state)
{
    struct world *world = *state;
    if (can_not_reopen(world)) {
        skip();
    }
    put_migration(world, "9002_more.sql", "CREATE TABLE more (id BIGINT);\n");
    assert_int_equal(open_again(world), FAULT_NONE);
    put_migration(world, "9002_more.sql", "CREATE TABLE more (id BIGINT); \n");
    put_migration(world, "9003_next.sql", "CREATE TABLE next (id BIGINT);\n");
    assert_int_equal(open_again(world), FAULT_STORE_FAILED);
    assert_string_equal(world->ctx.note, "9002_more.sql has changed since it was applied.");
    put_migration(world, "9002_more.sql", "CREATE TABLE more (id BIGINT);\n");
    assert_int_equal(open_again(world), FAULT_NONE);
    assert_int_equal(number_of(world, "SELECT count(*) FROM next"), 0);
}

/* A migration that fails half-way leaves nothing, and can be repaired. */
static void a_broken_file_leaves_nothing(void **state)
{
    struct world *world = *state;
    if (can_not_reopen(world)) {
        skip();
    }
    put_migration(world, "9002_half.sql",
                  "CREATE TABLE half (id BIGINT);\nINSERT INTO nowhere VALUES (1);\n");
    assert_int_equal(open_again(world), FAULT_STORE_FAILED);
    assert_non_null(strstr(world->ctx.note, "nowhere"));
    put_migration(world, "9002_half.sql", "CREATE TABLE half (id BIGINT);\n");
    assert_int_equal(open_again(world), FAULT_NONE);
    assert_int_equal(number_of(world, "SELECT count(*) FROM half"), 0);
}

static void a_newer_database_is_refused(void **state)
{
    struct world *world = *state;
    if (can_not_reopen(world)) {
        skip();
    }
    put_migration(world, "9002_more.sql", "CREATE TABLE more (id BIGINT);\n");
    assert_int_equal(open_again(world), FAULT_NONE);
    remove_migration(world, "9002_more.sql");
    assert_int_equal(open_again(world), FAULT_STORE_FAILED);
    assert_string_equal(world->ctx.note,
                        "The database belongs to a newer version of the program (9002_more.sql).");
}

static void a_wrong_name_is_refused(void **state)
{
    struct world *world = *state;
    if (can_not_reopen(world)) {
        skip();
    }
    put_migration(world, "90x2_more.sql", "CREATE TABLE more (id BIGINT);\n");
    assert_int_equal(open_again(world), FAULT_STORE_FAILED);
    assert_string_equal(world->ctx.note, "90x2_more.sql: a migration is called NNNN_topic.sql.");
}

static void each_database_gets_its_own_block(void **state)
{
    struct world *world = *state;
    if (can_not_reopen(world)) {
        skip();
    }
    put_migration(world, "9002_own.sql",
                  "CREATE TABLE own (which BIGINT);\n"
                  "-- only: sqlite\nINSERT INTO own (which) VALUES (1);\n-- end\n"
                  "-- only: postgresql\nINSERT INTO own (which) VALUES (2);\n-- end\n"
                  "INSERT INTO own (which) VALUES (4);\n");
    assert_int_equal(open_again(world), FAULT_NONE);
    assert_int_equal(number_of(world, "SELECT sum(which) FROM own"), on_postgres() ? 6 : 5);
}

struct opening {
    struct world *world;
    struct store *store;
    enum fault fault;
};

static void *open_beside(void *arg)
{
    struct opening *opening = arg;
    SCOPED_ARENA arena = arena_create();
    struct ctx ctx;
    ctx_init(&ctx, arena, 0);
    struct store_options options = {.url = opening->world->url,
                                    .schema_dir = opening->world->schema};
    opening->fault = store_open(&ctx, &options, &opening->store);
    return NULL;
}

/* Programs that start at the same moment apply each file once. */
static void several_may_open_at_once(void **state)
{
    enum { COUNT = 4 };
    struct world *world = *state;
    if (can_not_reopen(world)) {
        skip();
    }
    put_migration(world, "9002_more.sql", "UPDATE counter SET value = value + 1;\n");
    pthread_t threads[COUNT];
    struct opening openings[COUNT];
    for (int i = 0; i < COUNT; i++) {
        openings[i] = (struct opening){.world = world};
        assert_int_equal(pthread_create(&threads[i], NULL, open_beside, &openings[i]), 0);
    }
    for (int i = 0; i < COUNT; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(openings[i].fault, FAULT_NONE);
        store_close(openings[i].store);
    }
    assert_int_equal(number_of(world, "SELECT value FROM counter WHERE id = 1"), 1);
}

int contract_migrations(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(every_file_is_remembered),         WORLD_TEST(an_upgrade_keeps_what_is_there),
        WORLD_TEST(a_changed_file_is_refused),        WORLD_TEST(a_broken_file_leaves_nothing),
        WORLD_TEST(a_newer_database_is_refused),      WORLD_TEST(a_wrong_name_is_refused),
        WORLD_TEST(each_database_gets_its_own_block), WORLD_TEST(several_may_open_at_once),
    };
    return cmocka_run_group_tests_name("migrations", tests, NULL, NULL);
}
