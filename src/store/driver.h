#pragma once
/*
 * Private to store: what a database must be able to do; two constants implement it. One thread uses
 * a connection at a time.
 */
#include "store/sql.h"
#include "store/store.h"

struct store_conn;

struct store_driver {
    const char *scheme;
    unsigned writers; /* 1: the database has a single writer. */
    enum fault (*connect)(struct ctx *ctx, const char *url, bool read_only,
                          struct store_conn **ret_conn);
    void (*disconnect)(struct store_conn *conn);
    /* Statements without values or rows, several at once: BEGIN, COMMIT, a migration. */
    enum fault (*execute)(struct store_conn *conn, struct ctx *ctx, const char *text);
    /* `kept`: the text lives as long as the connection and is prepared once. */
    enum fault (*query)(struct store_conn *conn, struct ctx *ctx, const char *text, bool kept,
                        const struct sql_value *args, size_t args_count,
                        struct sql_rows **ret_rows);
    bool (*next)(struct sql_rows *rows);
    int64_t (*column_int)(const struct sql_rows *rows, unsigned column);
    const char *(*column_text)(const struct sql_rows *rows, unsigned column);
    const void *(*column_blob)(const struct sql_rows *rows, unsigned column, size_t *ret_bytes);
    bool (*column_null)(const struct sql_rows *rows, unsigned column);
    int64_t (*changed)(const struct sql_rows *rows);
    void (*close)(struct sql_rows *rows);
    bool (*in_transaction)(const struct store_conn *conn);
    bool (*lost)(const struct store_conn *conn); /* The connection is gone. */
    const char *begin_write;
    const char *begin_read;
};

/* The heads of what the drivers allocate. */
struct store_conn {
    const struct store_driver *driver;
};
struct sql_rows {
    const struct store_driver *driver;
    enum fault fault;
};
struct store_tx {
    struct store_conn *conn;
};

extern const struct store_driver driver_sqlite;
extern const struct store_driver driver_postgres;
/* By the head of the URL; NULL if none fits. */
const struct store_driver *driver_of(const char *url);

/* migrate.c */
enum fault store_migrate(struct ctx *ctx, struct store_conn *conn,
                         const char *schema_dir) MUST_CHECK;
/* sequence.c: numbers for committed events; inside an open transaction. *ret_given may be NULL. */
enum fault store_sequence(struct ctx *ctx, struct store_tx *tx, int64_t *ret_given) MUST_CHECK;
enum fault store_has_events(struct ctx *ctx, struct store_tx *tx, bool *ret_has) MUST_CHECK;
