#pragma once
/*
 * Transactions over SQLite or PostgreSQL. Every access is a function of a transaction: store_read
 * runs it on this thread's read-only connection in one snapshot, store_write hands it to the writer
 * and returns when it is durable. Nobody outside this layer sees BEGIN.
 *
 * A store is shared by all threads; store_close waits until all writes are done.
 */
#include "base/ctx.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;
struct store_tx; /* One transaction; statements: store/sql.h. */

struct store_options {
    const char *url;        /* "sqlite:PATH", "sqlite::memory:" or "postgresql://..." */
    const char *schema_dir; /* Migrations: NNNN_topic.sql. */
    unsigned writers; /* PostgreSQL writer threads; 0: a good default. SQLite always has one. */
    /* Called in a thread of the store after new events have their numbers, so when the feed has
     * grown; may be NULL. Must not block. */
    void (*on_commit)(void *arg);
    void *on_commit_arg;
};

/*
 * The work of one transaction. It may run more than once (serialization, a batch that failed to
 * commit), so it changes nothing but the transaction and the result fields of `arg`. Any fault
 * rolls the work back, and only this work.
 */
typedef enum fault store_work(struct ctx *ctx, struct store_tx *tx, void *arg);
/* Called once in the writer's thread when a submitted job is durable or has failed. Must not block.
 */
typedef void store_done(struct ctx *ctx, enum fault fault, void *arg);

/* Opens, migrates, starts the writer. Faults: STORE_FAILED, STORE_LOST, with a note. */
enum fault store_open(struct ctx *ctx, const struct store_options *options,
                      struct store **ret_store) MUST_CHECK;
/* Refuses new writes (STOPPING) and finishes the queue; reads go on. The server stops in between.
 */
void store_drain(struct store *store);
/* Drains, then closes all connections. Nobody may use the store any more. */
void store_close(struct store *store);

enum fault store_read(struct store *store, struct ctx *ctx, store_work *work, void *arg) MUST_CHECK;
enum fault store_write(struct store *store, struct ctx *ctx, store_work *work,
                       void *arg) MUST_CHECK;
/*
 * Faults of the store itself: BUSY and STOPPING (not begun), STORE_FULL, STORE_RETRY, STORE_FAILED
 * (nothing changed), STORE_LOST (nothing changed, or, as the note then says, the connection broke
 * during COMMIT and nobody knows: ask again with the same Idempotency-Key).
 */
/*
 * Like store_write, but returns at once; `done` tells the end. Until then the writer owns ctx, its
 * arena and arg. BUSY when the queue is full, STOPPING when closing: then `done` is not called.
 */
enum fault store_submit(struct store *store, struct ctx *ctx, store_work *work, store_done *done,
                        void *arg) MUST_CHECK;

struct store_figures {
    uint64_t jobs, batches, batch_faults, retries, busy;
    unsigned queue_length;
};
void store_figures(struct store *store, struct store_figures *ret_figures);
/* "sqlite" or "postgresql". */
const char *store_scheme(const struct store *store);
