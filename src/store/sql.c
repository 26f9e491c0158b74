#include "store/sql.h"

#include "store/driver.h"

#include <assert.h>

enum fault sql_query(struct store_tx *tx, struct ctx *ctx, const char *statement,
                     const struct sql_value *args, size_t args_count, struct sql_rows **ret_rows)
{
    return tx->conn->driver->query(tx->conn, ctx, statement, true, args, args_count, ret_rows);
}

enum fault sql_query_built(struct store_tx *tx, struct ctx *ctx, const char *statement,
                           const struct sql_value *args, size_t args_count,
                           struct sql_rows **ret_rows)
{
    const char *kept = texts_keep(tx->conn, statement);
    return tx->conn->driver->query(tx->conn, ctx, kept == NULL ? statement : kept, kept != NULL,
                                   args, args_count, ret_rows);
}

enum fault sql_run(struct store_tx *tx, struct ctx *ctx, const char *statement,
                   const struct sql_value *args, size_t args_count, int64_t *ret_changed)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_query(tx, ctx, statement, args, args_count, &rows);
    if (fault != FAULT_NONE) {
        return fault;
    }
    while (sql_next(rows)) {
    }
    if (rows->fault == FAULT_NONE && ret_changed != NULL) {
        *ret_changed = rows->driver->changed(rows);
    }
    return rows->fault;
}

enum fault sql_one(struct store_tx *tx, struct ctx *ctx, const char *statement,
                   const struct sql_value *args, size_t args_count, struct sql_rows **ret_rows)
{
    enum fault fault = sql_query(tx, ctx, statement, args, args_count, ret_rows);
    if (fault != FAULT_NONE) {
        return fault;
    }
    if (sql_next(*ret_rows)) {
        return FAULT_NONE;
    }
    return (*ret_rows)->fault == FAULT_NONE ? FAULT_NOT_FOUND : (*ret_rows)->fault;
}

bool sql_next(struct sql_rows *rows)
{
    return rows->fault == FAULT_NONE && rows->driver->next(rows);
}

enum fault sql_fault(const struct sql_rows *rows)
{
    return rows->fault;
}

int64_t sql_column_int(const struct sql_rows *rows, unsigned column)
{
    return rows->driver->column_int(rows, column);
}

const char *sql_column_text(const struct sql_rows *rows, unsigned column)
{
    return rows->driver->column_text(rows, column);
}

const void *sql_column_blob(const struct sql_rows *rows, unsigned column, size_t *ret_bytes)
{
    return rows->driver->column_blob(rows, column, ret_bytes);
}

bool sql_column_null(const struct sql_rows *rows, unsigned column)
{
    return rows->driver->column_null(rows, column);
}

void sql_rows_scoped(struct sql_rows **rows)
{
    if (*rows != NULL) {
        (*rows)->driver->close(*rows);
        *rows = NULL;
    }
}
