#pragma once
/*
 * Statements inside a transaction. One SQL text for both databases: parameters $1, $2 ... , BIGINT,
 * TEXT, BYTEA, ON CONFLICT, RETURNING; no now(), no booleans (0/1), no JSON operators; ids are
 * ours. schema/README.md lists what the common subset allows. Statements are prepared once for each
 * connection and text. `statement` must be a string constant or live as long as the store.
 *
 *     SCOPED(sql_rows) rows = NULL;
 *     enum fault fault = sql_query(tx, ctx, "SELECT id, name FROM org WHERE region = $1",
 *                                  SQL_ARGS(sql_int(region)), &rows);
 *     while (fault == FAULT_NONE && sql_next(rows)) { ... sql_column_int(rows, 0) ... }
 *     if (fault == FAULT_NONE) fault = sql_fault(rows);
 */
#include "base/ctx.h"
#include "base/scoped.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store_tx;
struct sql_rows;

enum sql_kind { SQL_NULL, SQL_INT, SQL_TEXT, SQL_BLOB };

struct sql_value {
    enum sql_kind kind;
    int64_t integer;
    const void *data; /* TEXT: UTF-8 with zero byte; BLOB: bytes. */
    size_t bytes;     /* BLOB only. */
};

static inline struct sql_value sql_int(int64_t value)
{
    return (struct sql_value){.kind = SQL_INT, .integer = value};
}
static inline struct sql_value sql_text(const char *text)
{
    return (struct sql_value){.kind = text == NULL ? SQL_NULL : SQL_TEXT, .data = text};
}
static inline struct sql_value sql_blob(const void *data, size_t bytes)
{
    return (struct sql_value){.kind = SQL_BLOB, .data = data, .bytes = bytes};
}
static inline struct sql_value sql_null(void)
{
    return (struct sql_value){.kind = SQL_NULL};
}

/* Two arguments: the values and their count. */
#define SQL_ARGS(...)                                                                              \
    (const struct sql_value[]){__VA_ARGS__},                                                       \
        sizeof((const struct sql_value[]){__VA_ARGS__}) / sizeof(struct sql_value)
#define SQL_NO_ARGS NULL, 0

/* Runs a statement that gives rows. On success *ret_rows must be closed (SCOPED does). */
enum fault sql_query(struct store_tx *tx, struct ctx *ctx, const char *statement,
                     const struct sql_value *args, size_t args_count,
                     struct sql_rows **ret_rows) MUST_CHECK;
/* Runs a statement to its end; `ret_changed` (may be NULL) gets the number of rows it touched.
 * A broken unique or primary key is DUPLICATE; other constraints STORE_FAILED. */
enum fault sql_run(struct store_tx *tx, struct ctx *ctx, const char *statement,
                   const struct sql_value *args, size_t args_count,
                   int64_t *ret_changed) MUST_CHECK;
/* For statements built at run time (lists with optional filters): copied and prepared each time. */
enum fault sql_query_built(struct store_tx *tx, struct ctx *ctx, const char *statement,
                           const struct sql_value *args, size_t args_count,
                           struct sql_rows **ret_rows) MUST_CHECK;

/* Moves to the next row; false at the end or on a fault (ask sql_fault). */
bool sql_next(struct sql_rows *rows);
/* What ended the rows: FAULT_NONE, or why reading broke off. */
enum fault sql_fault(const struct sql_rows *rows);
/* Columns from 0. NULL reads as 0, NULL pointer, 0 bytes. Text lives until the next sql_next:
 * copy it with arena_text to keep it. */
int64_t sql_column_int(const struct sql_rows *rows, unsigned column);
const char *sql_column_text(const struct sql_rows *rows, unsigned column);
const void *sql_column_blob(const struct sql_rows *rows, unsigned column, size_t *ret_bytes);
bool sql_column_null(const struct sql_rows *rows, unsigned column);
void sql_rows_scoped(struct sql_rows **rows);

/*
 * One row or none: runs, moves to the first row. NOT_FOUND without a note if there is none.
 * The rows must still be closed.
 */
enum fault sql_one(struct store_tx *tx, struct ctx *ctx, const char *statement,
                   const struct sql_value *args, size_t args_count,
                   struct sql_rows **ret_rows) MUST_CHECK;
