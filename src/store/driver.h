#pragma once
/*
 * Private to store: what a database must be able to do; two constants implement it. One thread uses
 * a connection at a time.
 */
#include "store/sql.h"
#include "store/store.h"

struct store_conn;

/* Where the two databases truly differ, code asks for this. */
enum dialect { DIALECT_SQLITE, DIALECT_POSTGRES };

struct store_driver {
    const char *scheme;
    enum dialect dialect;
    unsigned writers; /* 1: the database has a single writer. */
    enum fault (*connect)(struct ctx *ctx, const char *url, bool read_only,
                          struct store_conn **ret_conn);
    void (*disconnect)(struct store_conn *conn);
    /* Statements without values or rows, several at once: BEGIN, COMMIT, a migration. A COMMIT that
     * did not commit (PostgreSQL's answer inside a broken transaction) is a fault. */
    enum fault (*execute)(struct store_conn *conn, struct ctx *ctx, const char *text);
    /*
     * Begins a transaction. PostgreSQL sends it with the first statement: one way to the server
     * less, and a connection that is seen to have ended is STORE_LOST here already.
     */
    enum fault (*begin)(struct store_conn *conn, struct ctx *ctx, bool read_only);
    /* Ends a transaction that only read. PostgreSQL does not wait for the answer. */
    void (*end_read)(struct store_conn *conn);
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
};

enum { TEXTS_SLOTS = 256 };

/* The heads of what the drivers allocate. */
struct store_conn {
    const struct store_driver *driver;
    char *texts[TEXTS_SLOTS]; /* texts.c */
};
struct sql_rows {
    const struct store_driver *driver;
    enum fault fault;
};
/* Words to be indexed when the transaction ends; in the arena of the job that put them. */
struct words {
    struct words *next;
    int64_t id;
    const char *before, *now; /* As the index knows them; `before` NULL: nothing. */
};
struct words_list {
    struct words *first, *last;
};
struct store_tx {
    struct store_conn *conn;
    struct words_list *late; /* Where search_put leaves its words; NULL: it writes them at once. */
};

extern const struct store_driver driver_sqlite;
extern const struct store_driver driver_postgres;
/* By the head of the URL; NULL if none fits. */
const struct store_driver *driver_of(const char *url);

/* search.c: writes what search_put left; inside the open transaction. */
enum fault store_index(struct ctx *ctx, struct store_tx *tx,
                       const struct words_list *list) MUST_CHECK;
void words_append(struct words_list *list, const struct words_list *more);
/* migrate.c */
enum fault store_migrate(struct ctx *ctx, struct store_conn *conn,
                         const char *schema_dir) MUST_CHECK;
/* sequence.c: numbers for committed events; inside an open transaction. *ret_given may be NULL. */
enum fault store_sequence(struct ctx *ctx, struct store_tx *tx, int64_t *ret_given) MUST_CHECK;
/* Whether the schema has events at all; without them there is nothing to number. */
enum fault store_has_events(struct ctx *ctx, struct store_tx *tx, bool *ret_has) MUST_CHECK;
/* texts.c: the connection's own copy of a text, always the same for the same words; NULL if there
 * is no place for it. texts_free: when the connection ends, after its statements. */
const char *texts_keep(struct store_conn *conn, const char *text);
void texts_free(struct store_conn *conn);
