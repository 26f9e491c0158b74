#include "store/store.h"

#include "store/inner.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- Reading ---- */

/* A connection for reading: an idle one, a new one, or the next that comes back. */
static enum fault take_reader(struct store *store, struct ctx *ctx, struct store_conn **ret_conn,
                              bool *ret_fresh)
{
    struct readers *readers = &store->readers;
    *ret_conn = NULL;
    (void)pthread_mutex_lock(&readers->mutex);
    while (readers->idle_count == 0 && readers->open_count == READERS_MAX) {
        (void)pthread_cond_wait(&readers->returned, &readers->mutex);
    }
    if (readers->idle_count > 0) {
        *ret_conn = readers->idle[--readers->idle_count];
    } else {
        readers->open_count++;
    }
    (void)pthread_mutex_unlock(&readers->mutex);
    *ret_fresh = *ret_conn == NULL;
    if (!*ret_fresh) {
        return FAULT_NONE;
    }
    enum fault fault = store->driver->connect(ctx, store->url, true, ret_conn);
    if (fault != FAULT_NONE) {
        (void)pthread_mutex_lock(&readers->mutex);
        readers->open_count--;
        (void)pthread_cond_signal(&readers->returned);
        (void)pthread_mutex_unlock(&readers->mutex);
    }
    return fault;
}

static void return_reader(struct store *store, struct store_conn *conn)
{
    struct readers *readers = &store->readers;
    bool gone = conn->driver->lost(conn) || conn->driver->in_transaction(conn);
    if (gone) {
        conn->driver->disconnect(conn);
    }
    (void)pthread_mutex_lock(&readers->mutex);
    if (gone) {
        readers->open_count--;
    } else {
        readers->idle[readers->idle_count++] = conn;
    }
    (void)pthread_cond_signal(&readers->returned);
    (void)pthread_mutex_unlock(&readers->mutex);
}

/*
 * A connection with a read transaction. An idle connection may have broken since its last use (the
 * database was restarted): then the next is tried. A new one is the last, so this ends.
 */
static enum fault begin_read(struct store *store, struct ctx *ctx, struct store_conn **ret_conn)
{
    for (;;) {
        struct store_conn *conn = NULL;
        bool fresh = false;
        enum fault fault = take_reader(store, ctx, &conn, &fresh);
        if (fault != FAULT_NONE) {
            return fault;
        }
        fault = conn->driver->begin(conn, ctx, true);
        if (fault == FAULT_NONE) {
            *ret_conn = conn;
            return FAULT_NONE;
        }
        bool again = !fresh && conn->driver->lost(conn);
        return_reader(store, conn);
        if (!again) {
            return fault;
        }
        ctx->note = NULL;
    }
}

enum fault store_read(struct store *store, struct ctx *ctx, store_work *work, void *arg)
{
    struct store_conn *conn = NULL;
    enum fault fault = begin_read(store, ctx, &conn);
    if (fault != FAULT_NONE) {
        return fault;
    }
    struct store_tx tx = {.conn = conn};
    fault = work(ctx, &tx, arg);
    if (conn->driver->in_transaction(conn)) {
        conn->driver->end_read(conn);
    }
    return_reader(store, conn);
    return fault;
}

/* ---- Opening and closing ---- */

static enum fault prepare_database(struct ctx *ctx, struct store *store,
                                   const struct store_options *options)
{
    struct store_conn *conn = NULL;
    enum fault fault = store->driver->connect(ctx, store->url, false, &conn);
    if (fault != FAULT_NONE) {
        return fault;
    }
    if (options->schema_dir != NULL) {
        fault = store_migrate(ctx, conn, options->schema_dir);
    }
    struct store_tx tx = {.conn = conn};
    if (fault == FAULT_NONE) {
        fault = store_has_events(ctx, &tx, &store->has_events);
    }
    store->driver->disconnect(conn);
    return fault;
}

/* "sqlite::memory:" is a file that nobody else finds and that goes with the store: writer and
 * readers are different connections and must see the same database. */
static char *own_url(struct ctx *ctx, const char *url, bool *ret_temporary)
{
    static const char memory[] = "sqlite::memory:";
    *ret_temporary = strncmp(url, memory, strlen(memory)) == 0;
    if (!*ret_temporary) {
        return strdup(url);
    }
    const char *folder = getenv("TMPDIR");
    char *path = arena_printf(ctx->arena, "%s/liandong-XXXXXX", folder == NULL ? "/tmp" : folder);
    int fd = mkstemp(path);
    if (fd >= 0) {
        (void)close(fd);
    }
    return strdup(arena_printf(ctx->arena, "sqlite:%s%s", path, url + strlen(memory)));
}

static void start_threads(struct store *store, unsigned writers)
{
    unsigned wanted = store->driver->writers == 1 ? 1
                      : writers == 0              ? store->driver->writers
                                                  : writers;
    store->writers_count = wanted > WRITERS_MAX ? WRITERS_MAX : wanted;
    for (unsigned i = 0; i < store->writers_count; i++) {
        int failed = pthread_create(&store->writers[i], NULL, writer_run, store);
        assert(failed == 0);
    }
    store->sequencing = store->driver->dialect == DIALECT_POSTGRES && store->has_events;
    if (store->sequencing) {
        int failed = pthread_create(&store->sequencer, NULL, sequencer_run, store);
        assert(failed == 0);
    }
}

static void init_locks(struct store *store)
{
    (void)pthread_mutex_init(&store->queue.mutex, NULL);
    (void)pthread_cond_init(&store->queue.filled, NULL);
    (void)pthread_mutex_init(&store->readers.mutex, NULL);
    (void)pthread_cond_init(&store->readers.returned, NULL);
    (void)pthread_mutex_init(&store->wake_mutex, NULL);
    (void)pthread_cond_init(&store->wake, NULL);
}

static void remove_temporary(const struct store *store)
{
    if (!store->temporary) {
        return;
    }
    char path[512];
    static const char *const endings[] = {"", "-wal", "-shm"};
    const char *name = store->url + strlen("sqlite:");
    int length = (int)strcspn(name, "?");
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        (void)snprintf(path, sizeof path, "%.*s%s", length, name, endings[i]);
        (void)unlink(path);
    }
}

static void free_store(struct store *store)
{
    remove_temporary(store);
    (void)pthread_mutex_destroy(&store->queue.mutex);
    (void)pthread_cond_destroy(&store->queue.filled);
    (void)pthread_mutex_destroy(&store->readers.mutex);
    (void)pthread_cond_destroy(&store->readers.returned);
    (void)pthread_mutex_destroy(&store->wake_mutex);
    (void)pthread_cond_destroy(&store->wake);
    free(store->url);
    free(store);
}

enum fault store_open_with(struct ctx *ctx, const struct store_options *options,
                           const struct store_driver *driver, struct store **ret_store)
{
    struct store *store = calloc(1, sizeof *store);
    if (store == NULL) {
        abort();
    }
    store->driver = driver;
    store->url = own_url(ctx, options->url, &store->temporary);
    store->on_commit = options->on_commit;
    store->on_commit_arg = options->on_commit_arg;
    init_locks(store);
    enum fault fault = prepare_database(ctx, store, options);
    if (fault != FAULT_NONE) {
        free_store(store);
        return fault;
    }
    start_threads(store, options->writers);
    *ret_store = store;
    return FAULT_NONE;
}

enum fault store_open(struct ctx *ctx, const struct store_options *options,
                      struct store **ret_store)
{
    const struct store_driver *driver = driver_of(options->url);
    return driver != NULL ? store_open_with(ctx, options, driver, ret_store)
                          : ctx_fail(ctx, FAULT_STORE_FAILED,
                                     "The store's address begins with sqlite: or postgresql://.",
                                     "数据库地址应以sqlite:或postgresql://开头。");
}

static void stop_writers(struct store *store)
{
    (void)pthread_mutex_lock(&store->queue.mutex);
    store->queue.closing = true;
    (void)pthread_cond_broadcast(&store->queue.filled);
    (void)pthread_mutex_unlock(&store->queue.mutex);
    for (unsigned i = 0; i < store->writers_count; i++) {
        (void)pthread_join(store->writers[i], NULL);
    }
}

static void stop_sequencer(struct store *store)
{
    if (!store->sequencing) {
        return;
    }
    (void)pthread_mutex_lock(&store->wake_mutex);
    store->stopping = true;
    (void)pthread_cond_signal(&store->wake);
    (void)pthread_mutex_unlock(&store->wake_mutex);
    (void)pthread_join(store->sequencer, NULL);
}

void store_drain(struct store *store)
{
    stop_writers(store);
    store->writers_count = 0;
}

void store_close(struct store *store)
{
    if (store == NULL) {
        return;
    }
    stop_writers(store);
    stop_sequencer(store);
    for (unsigned i = 0; i < store->readers.idle_count; i++) {
        store->driver->disconnect(store->readers.idle[i]);
    }
    free_store(store);
}

void store_figures(struct store *store, struct store_figures *ret_figures)
{
    (void)pthread_mutex_lock(&store->queue.mutex);
    unsigned length = store->queue.length;
    (void)pthread_mutex_unlock(&store->queue.mutex);
    *ret_figures = (struct store_figures){.jobs = store->jobs,
                                          .batches = store->batches,
                                          .batch_faults = store->batch_faults,
                                          .retries = store->retries,
                                          .busy = store->busy,
                                          .queue_length = length};
}

const char *store_scheme(const struct store *store)
{
    return store->driver->scheme;
}
