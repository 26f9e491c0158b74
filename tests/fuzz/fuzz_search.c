/* Search words: the first line is indexed, the rest is typed. A typed word never breaks the query,
 * and a text is found by itself. */
#include "base/buffer.h"
#include "base/text.h"
#include "fuzz.h"
#include "store/driver.h"
#include "store/search.h"

static struct store_conn *conn;
static struct arena *begin_arena;

static void clean_up(void)
{
    driver_sqlite.disconnect(conn);
    arena_destroy(begin_arena);
}

void fuzz_begin(void)
{
    struct ctx ctx;
    begin_arena = arena_create();
    ctx_init(&ctx, begin_arena, 0);
    fuzz_must(driver_sqlite.connect(&ctx, "sqlite::memory:", false, &conn) == FAULT_NONE,
              "the database opens");
    fuzz_must(
        driver_sqlite.execute(conn, &ctx,
                              "CREATE VIRTUAL TABLE matter_words USING fts5 (words, content = '',"
                              " tokenize = 'unicode61')") == FAULT_NONE,
        "the table is made");
    (void)atexit(clean_up);
}

/* How many rows match; -1: the words hold none to search for. */
static int64_t matches(struct ctx *ctx, struct store_tx *tx, const char *typed)
{
    const char *words = search_words(tx, ctx->arena, typed);
    if (words == NULL) {
        return -1;
    }
    const char *statement =
        arena_printf(ctx->arena, "SELECT count(*) FROM (SELECT 1 AS id) x WHERE %s",
                     search_condition(tx, ctx->arena, "x.id", 1));
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_query_built(tx, ctx, statement, SQL_ARGS(sql_text(words)), &rows);
    fuzz_must(fault == FAULT_NONE && sql_next(rows), "typed words never break the query");
    return sql_column_int(rows, 0);
}

void fuzz_one(const char *data, size_t count)
{
    SCOPED_ARENA arena = arena_create();
    struct ctx ctx;
    ctx_init(&ctx, arena, 0);
    struct store_tx tx = {.conn = conn};
    char *text = arena_bytes(arena, data, count);
    char *typed = strchr(text, '\n');
    if (!text_is_utf8(text, count) || typed == NULL) {
        return;
    }
    *typed++ = 0;
    fuzz_must(driver_sqlite.execute(conn, &ctx, "BEGIN") == FAULT_NONE, "a transaction begins");
    fuzz_must(search_put(&tx, &ctx, 1, NULL, text) == FAULT_NONE, "any text can be indexed");
    (void)matches(&ctx, &tx, typed);
    fuzz_must(matches(&ctx, &tx, text) != 0, "a text is found by itself");
    fuzz_must(driver_sqlite.execute(conn, &ctx, "ROLLBACK") == FAULT_NONE, "a transaction ends");
}
