/*
 * SQLite: write-ahead log, synchronous=FULL. In SQLite "$1" is a named parameter whose index is the
 * order of its first appearance, so values are bound by the number in the name.
 */
#include "store/driver.h"

#include <assert.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CACHE_SLOTS = 512, BUSY_MS = 10000 };

struct cached {
    const char *text;
    sqlite3_stmt *statement;
    bool busy; /* Rows are being read from it. */
};

struct sqlite_conn {
    struct store_conn head;
    sqlite3 *db;
    struct cached cache[CACHE_SLOTS];
};

struct sqlite_rows {
    struct sql_rows head;
    struct sqlite_conn *conn;
    struct ctx *ctx;
    sqlite3_stmt *statement;
    struct cached *slot; /* NULL: the statement is this row set's own. */
    bool over;           /* A further step would run the statement again. */
};

static enum fault fault_of(int code)
{
    switch (code & 0xFF) {
    case SQLITE_CONSTRAINT:
        return code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY
                   ? FAULT_DUPLICATE
                   : FAULT_STORE_FAILED;
    case SQLITE_FULL:
        return FAULT_STORE_FULL;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return FAULT_BUSY;
    default:
        return FAULT_STORE_FAILED;
    }
}

/* SQLite's messages name tables and columns, never values. */
static enum fault fail(const struct sqlite_conn *conn, struct ctx *ctx)
{
    enum fault fault = fault_of(sqlite3_extended_errcode(conn->db));
    const char *message = sqlite3_errmsg(conn->db);
    return ctx_fail(ctx, fault, "database: %s", "数据库：%s", message);
}

static void disconnect(struct store_conn *head)
{
    struct sqlite_conn *conn = (struct sqlite_conn *)head;
    for (size_t i = 0; i < CACHE_SLOTS; i++) {
        (void)sqlite3_finalize(conn->cache[i].statement);
    }
    (void)sqlite3_close(conn->db);
    texts_free(head);
    free(conn);
}

static enum fault execute(struct store_conn *head, struct ctx *ctx, const char *text);

static enum fault begin(struct store_conn *head, struct ctx *ctx, bool read_only)
{
    return execute(head, ctx, read_only ? "BEGIN" : "BEGIN IMMEDIATE");
}

static void end_read(struct store_conn *head)
{
    /* If it fails the transaction is still open, and the connection is closed for it. */
    (void)sqlite3_exec(((struct sqlite_conn *)head)->db, "ROLLBACK", NULL, NULL, NULL);
}

/* "sqlite:PATH" or, for tests of the full disk, "sqlite:PATH?max_page_count=N". */
static enum fault configure(struct sqlite_conn *conn, struct ctx *ctx, const char *query,
                            bool read_only)
{
    enum fault fault = execute(&conn->head, ctx,
                               "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                               " PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY;"
                               " PRAGMA cache_size=-32000; PRAGMA mmap_size=2147418112;");
    if (fault == FAULT_NONE && read_only) {
        fault = execute(&conn->head, ctx, "PRAGMA query_only=ON;");
    }
    if (fault == FAULT_NONE && query != NULL && strncmp(query, "max_page_count=", 15) == 0) {
        const char *pragma = arena_printf(ctx->arena, "PRAGMA %s;", query);
        fault = execute(&conn->head, ctx, pragma);
    }
    return fault;
}

/* SQLite counts its memory under one lock that all connections meet at, and nobody asks for it. */
static void prepare_library(void)
{
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static enum fault connect_to(struct ctx *ctx, const char *url, bool read_only,
                             struct store_conn **ret_conn)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, prepare_library);
    char *path = arena_text(ctx->arena, url + strlen("sqlite:"));
    char *query = strchr(path, '?');
    if (query != NULL) {
        *query++ = 0;
    }
    struct sqlite_conn *conn = calloc(1, sizeof *conn);
    if (conn == NULL) {
        abort();
    }
    conn->head.driver = &driver_sqlite;
    int code = sqlite3_open_v2(
        path, &conn->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
    enum fault fault = code == SQLITE_OK ? FAULT_NONE : fail(conn, ctx);
    (void)sqlite3_extended_result_codes(conn->db, 1);
    (void)sqlite3_busy_timeout(conn->db, BUSY_MS);
    if (fault == FAULT_NONE) {
        fault = configure(conn, ctx, query, read_only);
    }
    if (fault != FAULT_NONE) {
        disconnect(&conn->head);
        return fault;
    }
    *ret_conn = &conn->head;
    return FAULT_NONE;
}

static sqlite3_stmt *prepare(struct sqlite_conn *conn, const char *text, bool keep)
{
    sqlite3_stmt *statement = NULL;
    (void)sqlite3_prepare_v3(conn->db, text, -1, keep ? SQLITE_PREPARE_PERSISTENT : 0, &statement,
                             NULL);
    return statement;
}

/* The cache's slot for a text; NULL if its neighbourhood is full or it is in use. */
static struct cached *find_slot(struct sqlite_conn *conn, const char *text)
{
    size_t start = ((uintptr_t)text >> 3) * 2654435761u % CACHE_SLOTS;
    for (size_t i = 0; i < 16; i++) {
        struct cached *slot = &conn->cache[(start + i) % CACHE_SLOTS];
        if (slot->text == text) {
            return slot->busy ? NULL : slot;
        }
        if (slot->text == NULL) {
            slot->statement = prepare(conn, text, true);
            slot->text = slot->statement == NULL ? NULL : text;
            return slot->statement == NULL ? NULL : slot;
        }
    }
    return NULL;
}

/* BEGIN, SAVEPOINT, COMMIT and their like come with every job; several statements at once are a
 * migration. */
static enum fault execute(struct store_conn *head, struct ctx *ctx, const char *text)
{
    struct sqlite_conn *conn = (struct sqlite_conn *)head;
    const char *kept = strchr(text, ';') == NULL ? texts_keep(head, text) : NULL;
    struct cached *slot = kept == NULL ? NULL : find_slot(conn, kept);
    if (slot == NULL) {
        int code = sqlite3_exec(conn->db, text, NULL, NULL, NULL);
        return code == SQLITE_OK ? FAULT_NONE : fail(conn, ctx);
    }
    int code = sqlite3_step(slot->statement);
    while (code == SQLITE_ROW) {
        code = sqlite3_step(slot->statement);
    }
    enum fault fault = code == SQLITE_DONE ? FAULT_NONE : fail(conn, ctx);
    (void)sqlite3_reset(slot->statement);
    return fault;
}

static int bind_one(sqlite3_stmt *statement, int index, const struct sql_value *value)
{
    switch (value->kind) {
    case SQL_NULL:
        return sqlite3_bind_null(statement, index);
    case SQL_INT:
        return sqlite3_bind_int64(statement, index, value->integer);
    case SQL_TEXT:
        return sqlite3_bind_text(statement, index, value->data, -1, SQLITE_TRANSIENT);
    case SQL_BLOB:
        return sqlite3_bind_blob64(statement, index, value->bytes == 0 ? "" : value->data,
                                   value->bytes, SQLITE_TRANSIENT);
    }
    return SQLITE_MISUSE;
}

static int bind_all(sqlite3_stmt *statement, const struct sql_value *args, size_t args_count)
{
    int code = SQLITE_OK;
    int count = sqlite3_bind_parameter_count(statement);
    for (int i = 1; i <= count && code == SQLITE_OK; i++) {
        const char *name = sqlite3_bind_parameter_name(statement, i);
        long number = name == NULL ? 0 : strtol(name + 1, NULL, 10);
        assert(number >= 1 && (size_t)number <= args_count);
        code = bind_one(statement, i, &args[number - 1]);
    }
    return code;
}

static void close_rows(struct sql_rows *head)
{
    struct sqlite_rows *rows = (struct sqlite_rows *)head;
    if (rows->slot == NULL) {
        (void)sqlite3_finalize(rows->statement);
    } else {
        (void)sqlite3_reset(rows->statement);
        (void)sqlite3_clear_bindings(rows->statement);
        rows->slot->busy = false;
    }
}

static enum fault query(struct store_conn *head, struct ctx *ctx, const char *text, bool kept,
                        const struct sql_value *args, size_t args_count, struct sql_rows **ret_rows)
{
    struct sqlite_conn *conn = (struct sqlite_conn *)head;
    struct cached *slot = kept ? find_slot(conn, text) : NULL;
    sqlite3_stmt *statement = slot != NULL ? slot->statement : prepare(conn, text, false);
    if (statement == NULL) {
        return fail(conn, ctx);
    }
    struct sqlite_rows *rows = arena_alloc(ctx->arena, sizeof *rows);
    *rows = (struct sqlite_rows){.head = {.driver = &driver_sqlite},
                                 .conn = conn,
                                 .ctx = ctx,
                                 .statement = statement,
                                 .slot = slot};
    if (slot != NULL) {
        slot->busy = true;
    }
    if (bind_all(statement, args, args_count) != SQLITE_OK) {
        enum fault fault = fail(conn, ctx);
        close_rows(&rows->head);
        return fault;
    }
    *ret_rows = &rows->head;
    return FAULT_NONE;
}

static bool next(struct sql_rows *head)
{
    struct sqlite_rows *rows = (struct sqlite_rows *)head;
    int code = rows->over ? SQLITE_DONE : sqlite3_step(rows->statement);
    rows->over = code != SQLITE_ROW;
    if (code != SQLITE_ROW && code != SQLITE_DONE) {
        rows->head.fault = fail(rows->conn, rows->ctx);
    }
    return code == SQLITE_ROW;
}

static sqlite3_stmt *at(const struct sql_rows *rows)
{
    return ((const struct sqlite_rows *)rows)->statement;
}

static int64_t column_int(const struct sql_rows *rows, unsigned column)
{
    return sqlite3_column_int64(at(rows), (int)column);
}

static const char *column_text(const struct sql_rows *rows, unsigned column)
{
    return (const char *)sqlite3_column_text(at(rows), (int)column);
}

static const void *column_blob(const struct sql_rows *rows, unsigned column, size_t *ret_bytes)
{
    const void *data = sqlite3_column_blob(at(rows), (int)column);
    *ret_bytes = (size_t)sqlite3_column_bytes(at(rows), (int)column);
    return data == NULL ? "" : data;
}

static bool column_null(const struct sql_rows *rows, unsigned column)
{
    return sqlite3_column_type(at(rows), (int)column) == SQLITE_NULL;
}

static int64_t changed(const struct sql_rows *rows)
{
    return sqlite3_changes64(((const struct sqlite_rows *)rows)->conn->db);
}

static bool in_transaction(const struct store_conn *conn)
{
    return sqlite3_get_autocommit(((const struct sqlite_conn *)conn)->db) == 0;
}

static bool lost(const struct store_conn *conn)
{
    (void)conn;
    return false;
}

const struct store_driver driver_sqlite = {
    .scheme = "sqlite",
    .dialect = DIALECT_SQLITE,
    .writers = 1,
    .connect = connect_to,
    .disconnect = disconnect,
    .execute = execute,
    .begin = begin,
    .end_read = end_read,
    .query = query,
    .next = next,
    .column_int = column_int,
    .column_text = column_text,
    .column_blob = column_blob,
    .column_null = column_null,
    .changed = changed,
    .close = close_rows,
    .in_transaction = in_transaction,
    .lost = lost,
};
