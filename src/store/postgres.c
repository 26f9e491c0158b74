/*
 * PostgreSQL through libpq. Values go as text with the types left to the server; statements are
 * prepared once for each connection. Notes carry the server's primary message only: its detail
 * would name values.
 */
#include "store/postgres_inner.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CACHE_SLOTS = 512, ARGS_MAX = 32 };

struct postgres_conn {
    struct store_conn head;
    PGconn *pg;
    bool broken;       /* It failed in a way that only a new connection can mend. */
    const char *begin; /* A BEGIN that goes out with the first statement; NULL: none. */
    bool ending;       /* A ROLLBACK was sent, its answer not yet read. */
    const char *prepared[CACHE_SLOTS];
};

static enum fault fault_of(const char *state)
{
    static const struct {
        const char *state;
        enum fault fault;
    } rows[] = {
        {"23505", FAULT_DUPLICATE},  {"40001", FAULT_STORE_RETRY}, {"40P01", FAULT_STORE_RETRY},
        {"53100", FAULT_STORE_FULL}, {"57P01", FAULT_STORE_LOST},  {"57P02", FAULT_STORE_LOST},
        {"57P03", FAULT_STORE_LOST}, {"53300", FAULT_BUSY},        {"55P03", FAULT_BUSY},
        {"57014", FAULT_BUSY},
    };
    for (size_t i = 0; state != NULL && i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(rows[i].state, state) == 0) {
            return rows[i].fault;
        }
    }
    return FAULT_STORE_FAILED;
}

static bool lost(const struct store_conn *head)
{
    const struct postgres_conn *conn = (const struct postgres_conn *)head;
    return conn->broken || PQstatus(conn->pg) != CONNECTION_OK;
}

/*
 * An error without SQLSTATE is libpq's own: it could not talk to the server. Its status may still
 * say OK then (it could not send, but has not yet read the end), so we remember it.
 */
static enum fault fail(struct postgres_conn *conn, struct ctx *ctx, const PGresult *result)
{
    const char *state = result == NULL ? NULL : PQresultErrorField(result, PG_DIAG_SQLSTATE);
    conn->broken = conn->broken || state == NULL;
    if (lost(&conn->head)) {
        return ctx_fail(ctx, FAULT_STORE_LOST, "The database can not be reached.",
                        "无法连接数据库。");
    }
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    return ctx_fail(ctx, fault_of(state), "database: %s", "数据库：%s",
                    message == NULL ? "?" : message);
}

static void disconnect(struct store_conn *head)
{
    struct postgres_conn *conn = (struct postgres_conn *)head;
    PQfinish(conn->pg);
    texts_free(head);
    free(conn);
}

static bool good(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

/* A transaction that has not reached the server ends here; any other statement takes it along. */
static bool ends_unsent(struct postgres_conn *conn, const char *text)
{
    bool ends =
        conn->begin != NULL && (strcmp(text, "COMMIT") == 0 || strcmp(text, "ROLLBACK") == 0);
    if (ends) {
        conn->begin = NULL;
    }
    return ends;
}

static enum fault execute(struct store_conn *head, struct ctx *ctx, const char *text)
{
    struct postgres_conn *conn = (struct postgres_conn *)head;
    if (ends_unsent(conn, text)) {
        return FAULT_NONE;
    }
    const char *whole =
        conn->begin == NULL ? text : arena_printf(ctx->arena, "%s; %s", conn->begin, text);
    conn->begin = NULL;
    PGresult *result = PQexec(conn->pg, whole);
    enum fault fault = good(result) ? FAULT_NONE : fail(conn, ctx, result);
    if (fault == FAULT_NONE && strcmp(text, "COMMIT") == 0 &&
        strcmp(PQcmdStatus(result), "COMMIT") != 0) {
        /* After a statement failed, COMMIT rolls back and calls that success. */
        fault = ctx_fail(ctx, FAULT_STORE_FAILED, "database: the transaction was broken before",
                         "数据库：事务此前已失败");
    }
    PQclear(result);
    return fault;
}

static void drop_answers(PGconn *pg)
{
    for (PGresult *result = PQgetResult(pg); result != NULL; result = PQgetResult(pg)) {
        PQclear(result);
    }
}

static enum fault begin(struct store_conn *head, struct ctx *ctx, bool read_only)
{
    struct postgres_conn *conn = (struct postgres_conn *)head;
    if (conn->ending) {
        drop_answers(conn->pg);
        conn->ending = false;
    }
    /* What the server said while nobody listened: its farewell, then the end. */
    bool there = PQconsumeInput(conn->pg) == 1 && PQconsumeInput(conn->pg) == 1;
    conn->broken = conn->broken || !there;
    if (lost(head)) {
        return fail(conn, ctx, NULL);
    }
    conn->begin = read_only ? "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" : "BEGIN";
    return FAULT_NONE;
}

static void end_read(struct store_conn *head)
{
    struct postgres_conn *conn = (struct postgres_conn *)head;
    if (conn->begin != NULL) {
        conn->begin = NULL;
        return;
    }
    conn->ending = PQsendQuery(conn->pg, "ROLLBACK") == 1 && PQflush(conn->pg) == 0;
    conn->broken = conn->broken || !conn->ending;
}

static void ignore_notice(void *arg, const PGresult *result)
{
    (void)arg;
    (void)result;
}

static enum fault connect_to(struct ctx *ctx, const char *url, bool read_only,
                             struct store_conn **ret_conn)
{
    struct postgres_conn *conn = calloc(1, sizeof *conn);
    if (conn == NULL) {
        abort();
    }
    conn->head.driver = &driver_postgres;
    /* What the URL says itself comes later and wins. */
    const char *const keys[] = {"connect_timeout", "tcp_user_timeout", "dbname", NULL};
    const char *const values[] = {"10", "30000", url, NULL};
    conn->pg = PQconnectdbParams(keys, values, 1);
    enum fault fault = FAULT_NONE;
    if (lost(&conn->head)) {
        fault =
            ctx_fail(ctx, FAULT_STORE_LOST, "The database can not be reached.", "无法连接数据库。");
    } else {
        (void)PQsetNoticeReceiver(conn->pg, ignore_notice, NULL);
        fault = execute(&conn->head, ctx,
                        "SET client_encoding = 'UTF8'; SET bytea_output = 'hex';"
                        " SET lock_timeout = '10s'; SET statement_timeout = '60s';"
                        " SET synchronous_commit = on");
    }
    if (fault == FAULT_NONE && read_only) {
        fault = execute(&conn->head, ctx, "SET default_transaction_read_only = on");
    }
    if (fault != FAULT_NONE) {
        disconnect(&conn->head);
        return fault;
    }
    *ret_conn = &conn->head;
    return FAULT_NONE;
}

/* Prepares a text in the connection's cache on first use and gives its name; false: not cached. If
 * the server refuses the text, *ret_refusal is its answer. */
static bool prepared_name(struct postgres_conn *conn, const char *text, char ret_name[16],
                          PGresult **ret_refusal)
{
    size_t start = ((uintptr_t)text >> 3) * 2654435761u % CACHE_SLOTS;
    for (size_t i = 0; i < 16; i++) {
        size_t slot = (start + i) % CACHE_SLOTS;
        (void)snprintf(ret_name, 16, "s%zu", slot);
        if (conn->prepared[slot] == text) {
            return true;
        }
        if (conn->prepared[slot] != NULL) {
            continue;
        }
        PGresult *result = PQprepare(conn->pg, ret_name, text, 0, NULL);
        if (!good(result)) {
            *ret_refusal = result;
            return false;
        }
        PQclear(result);
        conn->prepared[slot] = text;
        return true;
    }
    return false;
}

/* The answer of a pipeline's last statement, or of the first that failed. */
static PGresult *pipeline_answer(PGconn *pg)
{
    PGresult *answer = NULL;
    bool over = false;
    while (!over && PQstatus(pg) == CONNECTION_OK) {
        PGresult *result = PQgetResult(pg); /* NULL between two statements. */
        over = PQresultStatus(result) == PGRES_PIPELINE_SYNC;
        bool wanted = result != NULL && !over && (answer == NULL || good(answer));
        PQclear(wanted ? answer : result);
        answer = wanted ? result : answer;
    }
    return answer;
}

/* BEGIN and the first statement in one go. `name`: of a prepared statement; NULL: `text` is run. */
static PGresult *begin_and_query(struct postgres_conn *conn, const char *name, const char *text,
                                 const char *const *values, size_t count)
{
    PGconn *pg = conn->pg;
    int n = (int)count;
    const char *begin_text = conn->begin;
    conn->begin = NULL;
    bool sent = PQenterPipelineMode(pg) == 1 &&
                PQsendQueryParams(pg, begin_text, 0, NULL, NULL, NULL, NULL, 0) == 1;
    sent =
        sent && (name != NULL ? PQsendQueryPrepared(pg, name, n, values, NULL, NULL, 0)
                              : PQsendQueryParams(pg, text, n, NULL, values, NULL, NULL, 0)) == 1;
    sent = sent && PQpipelineSync(pg) == 1;
    PGresult *answer = sent ? pipeline_answer(pg) : NULL;
    conn->broken = conn->broken || PQexitPipelineMode(pg) != 1;
    return answer;
}

static PGresult *send_query(struct postgres_conn *conn, const char *text, bool kept,
                            const char *const *values, size_t count)
{
    char name[16];
    PGresult *refusal = NULL;
    bool prepared = kept && prepared_name(conn, text, name, &refusal);
    if (refusal != NULL) {
        return refusal;
    }
    if (conn->begin != NULL) {
        return begin_and_query(conn, prepared ? name : NULL, text, values, count);
    }
    return prepared ? PQexecPrepared(conn->pg, name, (int)count, values, NULL, NULL, 0)
                    : PQexecParams(conn->pg, text, (int)count, NULL, values, NULL, NULL, 0);
}

static enum fault query(struct store_conn *head, struct ctx *ctx, const char *text, bool kept,
                        const struct sql_value *args, size_t args_count, struct sql_rows **ret_rows)
{
    struct postgres_conn *conn = (struct postgres_conn *)head;
    const char *values[ARGS_MAX];
    assert(args_count <= ARGS_MAX);
    for (size_t i = 0; i < args_count; i++) {
        values[i] = postgres_value(ctx->arena, &args[i]);
    }
    PGresult *result = send_query(conn, text, kept, values, args_count);
    if (!good(result)) {
        enum fault fault = fail(conn, ctx, result);
        PQclear(result);
        return fault;
    }
    *ret_rows = postgres_rows(ctx->arena, result);
    return FAULT_NONE;
}

static bool in_transaction(const struct store_conn *head)
{
    const struct postgres_conn *conn = (const struct postgres_conn *)head;
    if (conn->begin != NULL || conn->ending) {
        return conn->begin != NULL;
    }
    PGTransactionStatusType status = PQtransactionStatus(conn->pg);
    return status == PQTRANS_INTRANS || status == PQTRANS_INERROR || status == PQTRANS_ACTIVE;
}

const struct store_driver driver_postgres = {
    .scheme = "postgresql",
    .dialect = DIALECT_POSTGRES,
    .writers = 8,
    .connect = connect_to,
    .disconnect = disconnect,
    .execute = execute,
    .begin = begin,
    .end_read = end_read,
    .query = query,
    .next = postgres_next,
    .column_int = postgres_column_int,
    .column_text = postgres_column_text,
    .column_blob = postgres_column_blob,
    .column_null = postgres_column_null,
    .changed = postgres_changed,
    .close = postgres_close,
    .in_transaction = in_transaction,
    .lost = lost,
};

const struct store_driver *driver_of(const char *url)
{
    if (strncmp(url, "sqlite:", 7) == 0) {
        return &driver_sqlite;
    }
    bool postgres = strncmp(url, "postgresql://", 13) == 0 || strncmp(url, "postgres://", 11) == 0;
    return postgres ? &driver_postgres : NULL;
}
