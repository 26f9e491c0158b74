/*
 * The writer. SQLite: one thread, group commit. Batches form by themselves: while one commit waits
 * for the disk, the next jobs gather. PostgreSQL: several threads, one transaction each; the server
 * groups commits.
 *
 *   take all that wait -> BEGIN -> each: SAVEPOINT, work, RELEASE or ROLLBACK TO -> numbers ->
 * COMMIT
 *   -> then, and only then, everybody is answered
 *
 * If the transaction is lost on the way (SQLite ends it whole on a full disk; a SAVEPOINT outside
 * would silently begin a new one) or the commit fails, all are run again one by one, and each gets
 * its own answer.
 */
#include "store/inner.h"

#include <assert.h>
#include <stdlib.h>

struct writer {
    struct store *store;
    struct store_conn *conn;
    struct arena *arena;
    struct ctx ctx; /* For what is nobody's job: BEGIN, COMMIT, numbers. */
};

static enum fault execute(struct writer *writer, const char *text)
{
    return writer->conn->driver->execute(writer->conn, &writer->ctx, text);
}

static void roll_back(struct writer *writer)
{
    if (writer->conn->driver->in_transaction(writer->conn)) {
        enum fault ignored = execute(writer, "ROLLBACK");
        (void)ignored;
    }
}

static enum fault run_work(struct writer *writer, struct job *job)
{
    struct store_tx tx = {.conn = writer->conn};
    ctx_clear(job->ctx);
    return job->work(job->ctx, &tx, job->arg);
}

static enum fault give_numbers(struct writer *writer)
{
    struct store_tx tx = {.conn = writer->conn};
    bool here = writer->conn->driver == &driver_sqlite && writer->store->has_events;
    return here ? store_sequence(&writer->ctx, &tx, NULL) : FAULT_NONE;
}

/* One job in a transaction of its own. */
static void run_alone(struct writer *writer, struct job *job)
{
    job->fault = execute(writer, writer->conn->driver->begin_write);
    if (job->fault == FAULT_NONE) {
        job->fault = run_work(writer, job);
    }
    if (job->fault == FAULT_NONE && !writer->conn->driver->in_transaction(writer->conn)) {
        job->fault = FAULT_STORE_FAILED;
    }
    if (job->fault == FAULT_NONE) {
        job->fault = give_numbers(writer);
    }
    if (job->fault == FAULT_NONE) {
        job->fault = execute(writer, "COMMIT");
    }
    roll_back(writer);
}

/* Runs a job inside the batch. False if the whole transaction is gone. */
static bool run_in_batch(struct writer *writer, struct job *job)
{
    if (execute(writer, "SAVEPOINT job") != FAULT_NONE) {
        return false;
    }
    job->fault = run_work(writer, job);
    if (!writer->conn->driver->in_transaction(writer->conn)) {
        return false;
    }
    if (job->fault != FAULT_NONE && execute(writer, "ROLLBACK TO job") != FAULT_NONE) {
        return false;
    }
    return execute(writer, "RELEASE job") == FAULT_NONE;
}

static bool run_batch(struct writer *writer, struct job *jobs)
{
    bool whole = execute(writer, writer->conn->driver->begin_write) == FAULT_NONE;
    for (struct job *job = jobs; job != NULL && whole; job = job->next) {
        whole = run_in_batch(writer, job);
    }
    whole = whole && give_numbers(writer) == FAULT_NONE;
    whole = whole && execute(writer, "COMMIT") == FAULT_NONE;
    roll_back(writer);
    return whole;
}

static void answer(struct writer *writer, struct job *jobs)
{
    bool durable = false;
    while (jobs != NULL) {
        struct job *next = jobs->next; /* After `done` the job may be gone. */
        durable = durable || jobs->fault == FAULT_NONE;
        store_done *done = jobs->done;
        struct ctx *ctx = jobs->ctx;
        void *arg = jobs->arg;
        enum fault fault = jobs->fault;
        if (done != NULL) {
            free(jobs);
            done(ctx, fault, arg);
        } else {
            store_job_finish(jobs);
        }
        jobs = next;
    }
    struct store *store = writer->store;
    if (durable && writer->conn != NULL && writer->conn->driver == &driver_postgres) {
        sequencer_wake(store);
    } else if (durable && store->on_commit != NULL) {
        store->on_commit(store->on_commit_arg);
    }
}

/* PostgreSQL: one job, again on a conflict with another transaction or, if nothing was committed,
 * on a connection that broke before. */
static void run_with_retries(struct writer *writer, struct job *job)
{
    for (unsigned tries = 0;; tries++) {
        run_alone(writer, job);
        if (job->fault != FAULT_STORE_RETRY || tries == LIMIT_WRITE_RETRIES) {
            return;
        }
        writer->store->retries++;
    }
}

static enum fault reconnect(struct writer *writer)
{
    if (writer->conn != NULL && !writer->conn->driver->lost(writer->conn)) {
        return FAULT_NONE;
    }
    if (writer->conn != NULL) {
        writer->conn->driver->disconnect(writer->conn);
        writer->conn = NULL;
    }
    return writer->store->driver->connect(&writer->ctx, writer->store->url, false, &writer->conn);
}

static void fail_all(struct job *jobs, enum fault fault)
{
    for (; jobs != NULL; jobs = jobs->next) {
        ctx_clear(jobs->ctx);
        jobs->fault = fault;
    }
}

static void serve(struct writer *writer, struct job *jobs)
{
    enum fault fault = reconnect(writer);
    writer->store->batches++;
    if (fault != FAULT_NONE) {
        fail_all(jobs, fault);
    } else if (jobs->next == NULL) {
        run_with_retries(writer, jobs);
    } else if (!run_batch(writer, jobs)) {
        writer->store->batch_faults++;
        for (struct job *job = jobs; job != NULL; job = job->next) {
            run_alone(writer, job);
        }
    }
    answer(writer, jobs);
    arena_reset(writer->arena);
}

void *writer_run(void *arg)
{
    struct store *store = arg;
    struct writer writer = {.store = store, .arena = arena_create()};
    ctx_init(&writer.ctx, writer.arena, 0);
    unsigned most = store->driver->writers == 1 ? LIMIT_WRITE_BATCH : 1;
    /* Connecting is tried again at the first job. */
    enum fault ignored = reconnect(&writer);
    (void)ignored;
    for (struct job *jobs = queue_take(&store->queue, most); jobs != NULL;
         jobs = queue_take(&store->queue, most)) {
        serve(&writer, jobs);
    }
    if (writer.conn != NULL) {
        writer.conn->driver->disconnect(writer.conn);
    }
    arena_destroy(writer.arena);
    return NULL;
}
