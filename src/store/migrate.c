/* Migrations: numbered files, forward only, each in one transaction, remembered with their digest.
 */
#include "base/buffer.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/limit.h"
#include "base/text.h"
#include "store/driver.h"

#include <stdio.h>
#include <string.h>

static const char create_version[] =
    "CREATE TABLE IF NOT EXISTS schema_version (number BIGINT NOT NULL PRIMARY KEY,"
    " name TEXT NOT NULL, sha256 TEXT NOT NULL, applied_ms BIGINT NOT NULL)";

/* Leaves out the blocks of the other database, and words only PostgreSQL knows. */
static const char *dialect(struct ctx *ctx, const struct store_driver *driver, char *text)
{
    struct buffer made;
    buffer_init(&made, ctx->arena);
    bool skipping = false;
    for (char *line = text; line != NULL && *line != 0;) {
        char *end = strchr(line, '\n');
        size_t length = end == NULL ? strlen(line) : (size_t)(end - line) + 1;
        if (strncmp(line, "-- only: ", 9) == 0) {
            skipping = strncmp(line + 9, driver->scheme, strlen(driver->scheme)) != 0;
        } else if (strncmp(line, "-- end", 6) == 0) {
            skipping = false;
        } else if (!skipping) {
            buffer_add(&made, line, length);
        }
        line = end == NULL ? NULL : end + 1;
    }
    for (char *word = made.data; driver->dialect == DIALECT_SQLITE && word != NULL;) {
        word = strstr(word, "BYTEA");
        if (word != NULL) {
            memcpy(word, "BLOB ", 5);
        }
    }
    return made.data;
}

static enum fault known_digest(struct ctx *ctx, struct store_tx *tx, int64_t number,
                               const char **ret_sha256)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_query(tx, ctx, "SELECT sha256 FROM schema_version WHERE number = $1",
                                 SQL_ARGS(sql_int(number)), &rows);
    *ret_sha256 = NULL;
    if (fault == FAULT_NONE && sql_next(rows)) {
        *ret_sha256 = arena_text(ctx->arena, sql_column_text(rows, 0));
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

static enum fault apply(struct ctx *ctx, struct store_tx *tx, const char *folder, const char *name)
{
    int64_t number = 0;
    char *data = NULL;
    size_t count = 0;
    if (!text_to_int(arena_bytes(ctx->arena, name, 4), 1, 9999, &number) || name[4] != '_') {
        return ctx_fail(ctx, FAULT_STORE_FAILED, "%s: a migration is called NNNN_topic.sql.",
                        "%s：迁移文件应命名为NNNN_topic.sql。", name);
    }
    enum fault fault = file_read(ctx, arena_printf(ctx->arena, "%s/%s", folder, name),
                                 LIMIT_RULE_FILE_BYTES, &data, &count);
    if (fault != FAULT_NONE) {
        return fault;
    }
    uint8_t digest[DIGEST_BYTES];
    char sha256[DIGEST_HEX];
    digest_sha256(data, count, digest);
    text_hex(digest, DIGEST_BYTES, sha256);
    const char *known = NULL;
    fault = known_digest(ctx, tx, number, &known);
    if (fault != FAULT_NONE || (known != NULL && strcmp(known, sha256) == 0)) {
        return fault;
    }
    if (known != NULL) {
        return ctx_fail(ctx, FAULT_STORE_FAILED, "%s has changed since it was applied.",
                        "%s在应用后被修改。", name);
    }
    fault = tx->conn->driver->execute(tx->conn, ctx, dialect(ctx, tx->conn->driver, data));
    if (fault != FAULT_NONE) {
        return fault;
    }
    return sql_run(
        tx, ctx,
        "INSERT INTO schema_version (number, name, sha256, applied_ms)"
        " VALUES ($1, $2, $3, $4)",
        SQL_ARGS(sql_int(number), sql_text(name), sql_text(sha256), sql_int(ctx->now_ms)), NULL);
}

/* On PostgreSQL two processes that start together wait for one another here, as long as it takes.
 */
static enum fault begin(struct ctx *ctx, struct store_conn *conn)
{
    enum fault fault = conn->driver->begin(conn, ctx, false);
    if (fault == FAULT_NONE && conn->driver->dialect == DIALECT_POSTGRES) {
        fault = conn->driver->execute(conn, ctx,
                                      "SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0;"
                                      " SELECT pg_advisory_xact_lock(4213030001)");
    }
    return fault;
}

/* A database that a later version of the program has migrated is not for this one. */
static enum fault refuse_newer(struct ctx *ctx, struct store_tx *tx, const char *last)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault =
        sql_query(tx, ctx, "SELECT name FROM schema_version ORDER BY number DESC LIMIT 1",
                  SQL_NO_ARGS, &rows);
    if (fault == FAULT_NONE && sql_next(rows) && strcmp(sql_column_text(rows, 0), last) > 0) {
        return ctx_fail(ctx, FAULT_STORE_FAILED,
                        "The database belongs to a newer version of the program (%s).",
                        "数据库属于更新版本的程序（%s）。", sql_column_text(rows, 0));
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

static enum fault one(struct ctx *ctx, struct store_conn *conn, const char *folder,
                      const char *name, const char *last)
{
    struct store_tx tx = {.conn = conn};
    enum fault fault = begin(ctx, conn);
    if (fault == FAULT_NONE) {
        fault = conn->driver->execute(conn, ctx, create_version);
    }
    if (fault == FAULT_NONE) {
        fault = refuse_newer(ctx, &tx, last);
    }
    if (fault == FAULT_NONE) {
        fault = apply(ctx, &tx, folder, name);
    }
    if (fault == FAULT_NONE) {
        fault = conn->driver->execute(conn, ctx, "COMMIT");
    }
    const char *note = ctx->note;
    if (conn->driver->in_transaction(conn)) {
        enum fault ignored = conn->driver->execute(conn, ctx, "ROLLBACK");
        (void)ignored;
    }
    ctx->note = note;
    return fault;
}

enum fault store_migrate(struct ctx *ctx, struct store_conn *conn, const char *schema_dir)
{
    char **names = NULL;
    size_t count = 0;
    enum fault fault = file_list(ctx, schema_dir, ".sql", &names, &count);
    for (size_t i = 0; i < count && fault == FAULT_NONE; i++) {
        fault = one(ctx, conn, schema_dir, names[i], names[count - 1]);
    }
    return fault;
}
