/* Values, rows and statements: the same on both databases. */
#include "base/buffer.h"
#include "contract.h"

#include <stdlib.h>
#include <string.h>

struct trip {
    struct sql_value name, bytes, small;
};

static enum fault put_values(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    const struct trip *trip = arg;
    return sql_run(tx, ctx, "INSERT INTO thing (id, name, bytes, small) VALUES ($1, $2, $3, $4)",
                   SQL_ARGS(sql_int(7), trip->name, trip->bytes, trip->small), NULL);
}

static enum fault compare(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    const struct trip *trip = arg;
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_one(tx, ctx, "SELECT small, name, bytes FROM thing WHERE id = $1",
                               SQL_ARGS(sql_int(7)), &rows);
    assert_int_equal(fault, FAULT_NONE);
    size_t bytes = 99;
    const void *data = sql_column_blob(rows, 2, &bytes);
    assert_int_equal(sql_column_null(rows, 0), trip->small.kind == SQL_NULL);
    assert_int_equal(sql_column_null(rows, 1), trip->name.kind == SQL_NULL);
    assert_int_equal(sql_column_null(rows, 2), trip->bytes.kind == SQL_NULL);
    assert_int_equal(sql_column_int(rows, 0), trip->small.integer);
    if (trip->name.kind == SQL_NULL) {
        assert_null(sql_column_text(rows, 1));
    } else {
        assert_string_equal(sql_column_text(rows, 1), trip->name.data);
    }
    assert_int_equal(bytes, trip->bytes.bytes);
    assert_non_null(data);
    if (bytes > 0) {
        assert_memory_equal(data, trip->bytes.data, bytes);
    }
    assert_false(sql_next(rows));
    return sql_fault(rows);
}

static enum fault remove_all(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    return sql_run(tx, ctx, "DELETE FROM thing", SQL_NO_ARGS, arg);
}

static void round_trip(struct world *world, struct sql_value name, struct sql_value bytes,
                       struct sql_value small)
{
    struct trip trip = {.name = name, .bytes = bytes, .small = small};
    int64_t removed = 0;
    assert_int_equal(write_now(world, put_values, &trip), FAULT_NONE);
    assert_int_equal(read_now(world, compare, &trip), FAULT_NONE);
    assert_int_equal(write_now(world, remove_all, &removed), FAULT_NONE);
    assert_int_equal(removed, 1);
}

static void values_come_back(void **state)
{
    struct world *world = *state;
    uint8_t all[256];
    for (size_t i = 0; i < sizeof all; i++) {
        all[i] = (uint8_t)i;
    }
    char *large = arena_alloc(world->arena, 20001 * 3);
    for (size_t i = 0; i < 20000; i++) {
        memcpy(large + 3 * i, "标", 3);
    }
    uint8_t *megabyte = arena_alloc(world->arena, 1 << 20);
    memset(megabyte, 0x5C, 1 << 20);
    round_trip(world, sql_text("a"), sql_blob(all, sizeof all), sql_int(1));
    round_trip(world, sql_text(""), sql_blob(NULL, 0), sql_int(0));
    round_trip(world, sql_null(), sql_null(), sql_null());
    round_trip(world, sql_text(NULL), sql_blob("\0", 1), sql_int(-1));
    round_trip(world, sql_text("围标串标 𠮷 '\"\\\\x41 $1 ?1 %s\n\t{}"), sql_blob("\\x41", 4),
               sql_int(INT64_MIN));
    round_trip(world, sql_text("'); DROP TABLE thing; --"), sql_null(), sql_int(99));
    round_trip(world, sql_text(large), sql_blob(megabyte, 1 << 20), sql_int(-INT64_MAX));
}

static enum fault largest(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    (void)arg;
    SCOPED(sql_rows) rows = NULL;
    enum fault fault =
        sql_one(tx, ctx, "UPDATE counter SET value = $1 WHERE id = 1 RETURNING value, value - 1",
                SQL_ARGS(sql_int(INT64_MAX)), &rows);
    MUST(fault == FAULT_NONE);
    MUST(sql_column_int(rows, 0) == INT64_MAX);
    MUST(sql_column_int(rows, 1) == INT64_MAX - 1);
    return FAULT_NONE;
}

static void the_largest_number_fits(void **state)
{
    assert_int_equal(write_now(*state, largest, NULL), FAULT_NONE);
}

static enum fault read_order(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    SCOPED(sql_rows) rows = NULL;
    struct buffer *joined = arg;
    enum fault fault =
        sql_query(tx, ctx, "SELECT name FROM thing ORDER BY name NULLS FIRST", SQL_NO_ARGS, &rows);
    while (fault == FAULT_NONE && sql_next(rows)) {
        const char *name = sql_column_text(rows, 0);
        buffer_printf(joined, "%s ", name == NULL ? "-" : name);
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

/* Text is ordered by its bytes, whatever the locale: cursors of lists depend on it. */
static void text_order_is_bytes(void **state)
{
    struct world *world = *state;
    static const char *const names[] = {"中", "b", "Z", "é", "a", "一", "𠮷", NULL, "B", "10", "9"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct thing thing = {.id = (int64_t)i, .name = names[i]};
        assert_int_equal(write_now(world, insert_thing, &thing), FAULT_NONE);
    }
    struct buffer joined;
    buffer_init(&joined, world->arena);
    assert_int_equal(read_now(world, read_order, &joined), FAULT_NONE);
    assert_string_equal(joined.data, "- 10 9 B Z a b é 一 中 𠮷 ");
}

static enum fault swap_parameters(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    SCOPED(sql_rows) rows = NULL;
    (void)arg;
    enum fault fault = sql_one(tx, ctx,
                               "SELECT CAST($3 AS BIGINT), CAST($1 AS TEXT), CAST($3 AS BIGINT),"
                               " CAST($2 AS TEXT), CAST($1 AS TEXT)",
                               SQL_ARGS(sql_text("one"), sql_text("two"), sql_int(3)), &rows);
    assert_int_equal(fault, FAULT_NONE);
    assert_int_equal(sql_column_int(rows, 0), 3);
    assert_string_equal(sql_column_text(rows, 1), "one");
    assert_int_equal(sql_column_int(rows, 2), 3);
    assert_string_equal(sql_column_text(rows, 3), "two");
    assert_string_equal(sql_column_text(rows, 4), "one");
    return FAULT_NONE;
}

static void parameters_go_by_number(void **state)
{
    assert_int_equal(read_now(*state, swap_parameters, NULL), FAULT_NONE);
}

static int64_t changed_by(struct ctx *ctx, struct store_tx *tx, const char *statement)
{
    int64_t changed = -1;
    enum fault fault = sql_run(tx, ctx, statement, SQL_NO_ARGS, &changed);
    MUST(fault == FAULT_NONE);
    return changed;
}

static enum fault count_changes(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    (void)arg;
    const char *insert = "INSERT INTO thing (id, small) VALUES (1, 1), (2, 2), (3, 3)";
    const char *nothing = "INSERT INTO thing (id) VALUES (1) ON CONFLICT (id) DO NOTHING";
    const char *upsert = "INSERT INTO thing (id, small) VALUES (1, 9) ON CONFLICT (id)"
                         " DO UPDATE SET small = excluded.small";
    MUST(changed_by(ctx, tx, insert) == 3);
    MUST(changed_by(ctx, tx, nothing) == 0);
    MUST(changed_by(ctx, tx, upsert) == 1);
    MUST(changed_by(ctx, tx, "UPDATE thing SET small = small + 1") == 3);
    MUST(changed_by(ctx, tx, "UPDATE thing SET small = 1 WHERE id = 77") == 0);
    MUST(changed_by(ctx, tx, "DELETE FROM thing WHERE small = 10") == 1);
    MUST(changed_by(ctx, tx, "DELETE FROM thing WHERE id > 1 RETURNING id") == 2);
    return FAULT_NONE;
}

static void changed_rows_are_counted(void **state)
{
    assert_int_equal(write_now(*state, count_changes, NULL), FAULT_NONE);
}

static enum fault insert_returning(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    (void)arg;
    SCOPED(sql_rows) rows = NULL;
    const char *statement = "INSERT INTO thing (name, id) VALUES ($2, $1) RETURNING id, name";
    enum fault fault = sql_one(tx, ctx, statement, SQL_ARGS(sql_int(5), sql_text("five")), &rows);
    MUST(fault == FAULT_NONE);
    MUST(sql_column_int(rows, 0) == 5);
    MUST(strcmp(sql_column_text(rows, 1), "five") == 0);
    for (int i = 0; i < 3; i++) {
        MUST(!sql_next(rows));
    }
    return sql_fault(rows);
}

/* Asking for a row after the last one must not run the statement again. */
static void the_end_of_rows_stays_the_end(void **state)
{
    assert_int_equal(write_now(*state, insert_returning, NULL), FAULT_NONE);
    assert_int_equal(number_of(*state, "SELECT count(*) FROM thing"), 1);
}

static enum fault nested(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    static const char statement[] = "SELECT id FROM thing WHERE id > $1 ORDER BY id";
    int64_t *pairs = arg;
    SCOPED(sql_rows) outer = NULL;
    enum fault fault = sql_query(tx, ctx, statement, SQL_ARGS(sql_int(0)), &outer);
    while (fault == FAULT_NONE && sql_next(outer)) {
        SCOPED(sql_rows) inner = NULL;
        fault = sql_query(tx, ctx, statement, SQL_ARGS(sql_int(sql_column_int(outer, 0))), &inner);
        while (fault == FAULT_NONE && sql_next(inner)) {
            *pairs += 1;
        }
    }
    return fault;
}

static void a_statement_may_be_open_twice(void **state)
{
    for (int64_t id = 1; id <= 5; id++) {
        struct thing thing = {.id = id};
        assert_int_equal(write_now(*state, insert_thing, &thing), FAULT_NONE);
    }
    int64_t pairs = 0;
    assert_int_equal(read_now(*state, nested, &pairs), FAULT_NONE);
    assert_int_equal(pairs, 10);
}

static void broken_constraints_are_told_apart(void **state)
{
    struct world *world = *state;
    const char *first = "INSERT INTO thing (id, name) VALUES (1, 'x')";
    const char *same_id = "INSERT INTO thing (id) VALUES (1)";
    const char *same_name = "INSERT INTO thing (id, name) VALUES (2, 'x')";
    const char *check = "INSERT INTO thing (id, small) VALUES (3, 100)";
    const char *missing = "INSERT INTO thing (id) VALUES (NULL)";
    const char *wrong = "SELECT nothing FROM nowhere";
    assert_int_equal(write_constant(world, first), FAULT_NONE);
    assert_int_equal(write_constant(world, same_id), FAULT_DUPLICATE);
    assert_int_equal(write_constant(world, same_name), FAULT_DUPLICATE);
    assert_int_equal(write_constant(world, check), FAULT_STORE_FAILED);
    assert_int_equal(write_constant(world, missing), FAULT_STORE_FAILED);
    assert_int_equal(write_constant(world, wrong), FAULT_STORE_FAILED);
    assert_non_null(world->ctx.note);
    assert_int_equal(number_of(world, "SELECT count(*) FROM thing"), 1);
}

static enum fault no_row(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    (void)arg;
    SCOPED(sql_rows) rows = NULL;
    return sql_one(tx, ctx, "SELECT id FROM thing WHERE id = $1", SQL_ARGS(sql_int(1)), &rows);
}

static void no_row_is_not_found(void **state)
{
    struct world *world = *state;
    assert_int_equal(read_now(world, no_row, NULL), FAULT_NOT_FOUND);
    assert_null(world->ctx.note);
}

int contract_values(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(values_come_back),
        WORLD_TEST(the_largest_number_fits),
        WORLD_TEST(text_order_is_bytes),
        WORLD_TEST(parameters_go_by_number),
        WORLD_TEST(changed_rows_are_counted),
        WORLD_TEST(the_end_of_rows_stays_the_end),
        WORLD_TEST(a_statement_may_be_open_twice),
        WORLD_TEST(broken_constraints_are_told_apart),
        WORLD_TEST(no_row_is_not_found),
    };
    return cmocka_run_group_tests_name("values", tests, NULL, NULL);
}
