/* PostgreSQL's sequencer: one process of those that share the database gives the numbers at a time.
 */
#include "base/clock.h"
#include "store/inner.h"

#include <errno.h>

/* Between two rounds: under load, events gather, and the rounds leave the machine to the writers.
 */
enum { FALLBACK_MS = 500, GATHER_MS = 5 };

void sequencer_wake(struct store *store)
{
    (void)pthread_mutex_lock(&store->wake_mutex);
    store->pending = true;
    (void)pthread_cond_signal(&store->wake);
    (void)pthread_mutex_unlock(&store->wake_mutex);
}

/* Sleeps until something was committed here, or a while (another process may have died with work
 * left). False when the store closes. */
static bool wait_for_work(struct store *store)
{
    struct timespec until = clock_wait_until(FALLBACK_MS);
    (void)pthread_mutex_lock(&store->wake_mutex);
    int code = 0;
    while (!store->pending && !store->stopping && code != ETIMEDOUT) {
        code = pthread_cond_timedwait(&store->wake, &store->wake_mutex, &until);
    }
    bool more = store->pending || !store->stopping;
    store->pending = false;
    (void)pthread_mutex_unlock(&store->wake_mutex);
    return more;
}

/* One transaction: the lock ends with it. The lock is waited for, so that after a wake everything
 * committed before is numbered when this returns. */
static enum fault number_all(struct ctx *ctx, struct store_conn *conn, int64_t *ret_given)
{
    struct store_tx tx = {.conn = conn};
    enum fault fault = conn->driver->begin(conn, ctx, false);
    if (fault == FAULT_NONE) {
        fault = conn->driver->execute(conn, ctx, "SELECT pg_advisory_xact_lock(4213030002)");
    }
    if (fault == FAULT_NONE) {
        fault = store_sequence(ctx, &tx, ret_given);
    }
    if (fault == FAULT_NONE) {
        return conn->driver->execute(conn, ctx, "COMMIT");
    }
    if (!conn->driver->lost(conn)) {
        enum fault ignored = conn->driver->execute(conn, ctx, "ROLLBACK");
        (void)ignored;
    }
    return fault;
}

/*
 * A plain scan of the index of unnumbered events marks the entries of numbered ones as dead, a
 * bitmap scan reads them all again until the next vacuum (100,000 of them: 0.8 ms against 14 ms).
 */
static enum fault connect_sequencer(struct store *store, struct ctx *ctx, struct store_conn **conn)
{
    enum fault fault = store->driver->connect(ctx, store->url, false, conn);
    return fault == FAULT_NONE ? (*conn)->driver->execute(*conn, ctx, "SET enable_bitmapscan = off")
                               : fault;
}

static void work_once(struct store *store, struct ctx *ctx, struct store_conn **conn)
{
    int64_t given = 0;
    if (*conn != NULL && (store->driver->lost(*conn) || store->driver->in_transaction(*conn))) {
        store->driver->disconnect(*conn);
        *conn = NULL;
    }
    enum fault fault = FAULT_NONE;
    if (*conn == NULL) {
        fault = connect_sequencer(store, ctx, conn);
    }
    if (fault == FAULT_NONE) {
        fault = number_all(ctx, *conn, &given);
    }
    if (fault == FAULT_NONE && given > 0 && store->on_commit != NULL) {
        store->on_commit(store->on_commit_arg);
    }
}

void *sequencer_run(void *arg)
{
    struct store *store = arg;
    struct arena *arena = arena_create();
    struct ctx ctx;
    ctx_init(&ctx, arena, 0);
    struct store_conn *conn = NULL;
    work_once(store, &ctx, &conn);
    const struct timespec gather = {.tv_nsec = GATHER_MS * 1000000L};
    while (wait_for_work(store)) {
        work_once(store, &ctx, &conn);
        arena_reset(arena);
        (void)nanosleep(&gather, NULL);
    }
    if (conn != NULL) {
        store->driver->disconnect(conn);
    }
    arena_destroy(arena);
    return NULL;
}
