/*
 * The writer. SQLite: one thread, group commit. Batches form by themselves: while one commit waits
 * for the disk, the next jobs gather. PostgreSQL: several threads, one transaction each; the server
 * groups commits.
 *
 *   take what waits -> BEGIN -> each: SAVEPOINT, work, RELEASE or ROLLBACK TO
 *   -> words, numbers -> COMMIT -> then, and only then, everybody is answered
 *
 * A batch is no larger than pays: once its work has taken several times what a commit takes, it is
 * committed, so that those in it are answered while the next is at work.
 *
 * If the transaction is lost on the way (SQLite ends it whole on a full disk; a SAVEPOINT outside
 * would silently begin a new one) or the commit fails, all are run again one by one, and each gets
 * its own answer.
 */
#include "base/clock.h"
#include "store/inner.h"

#include <assert.h>
#include <stdlib.h>
#include <time.h>

/* A batch is committed when its work has taken so many commits' time (inner.h: BATCH_LEAST). The
 * first guess of a commit's time is a quick disk's. */
enum { COMMITS_WORTH = 24, COMMIT_GUESS_US = 300 };

struct writer {
    struct store *store;
    struct store_conn *conn;
    struct arena *arena;
    struct ctx ctx; /* For what is nobody's job: a batch's BEGIN, COMMIT, numbers. */
    /* Words of the present transaction. They are written at its end: FTS5 writes a segment at each
     * savepoint, and a group has one for each job. */
    struct words_list late;
    int64_t given;     /* Numbers given to events while serving the present jobs. */
    int64_t commit_us; /* What commits take: a sliding mean. */
};

static enum fault execute(struct writer *writer, struct ctx *ctx, const char *text)
{
    return writer->conn->driver->execute(writer->conn, ctx, text);
}

static void roll_back(struct writer *writer)
{
    if (writer->conn->driver->in_transaction(writer->conn)) {
        enum fault ignored = execute(writer, &writer->ctx, "ROLLBACK");
        (void)ignored;
    }
}

static enum fault run_work(struct writer *writer, struct job *job)
{
    struct words_list late = {.first = NULL};
    struct store_tx tx = {.conn = writer->conn, .late = &late};
    ctx_clear(job->ctx);
    enum fault fault = job->work(job->ctx, &tx, job->arg);
    if (fault == FAULT_NONE) {
        words_append(&writer->late, &late);
    }
    return fault;
}

/* What comes after the last job: its words, and on SQLite, whose writer is alone, the numbers. */
static enum fault finish(struct writer *writer, struct ctx *ctx)
{
    struct store_tx tx = {.conn = writer->conn};
    int64_t given = 0;
    bool here = writer->conn->driver->dialect == DIALECT_SQLITE && writer->store->has_events;
    enum fault fault = store_index(ctx, &tx, &writer->late);
    if (fault == FAULT_NONE && here) {
        fault = store_sequence(ctx, &tx, &given);
    }
    writer->given += given;
    return fault;
}

static enum fault begin(struct writer *writer, struct ctx *ctx)
{
    writer->late = (struct words_list){.first = NULL};
    return writer->conn->driver->begin(writer->conn, ctx, false);
}

/* The connection broke while COMMIT was on its way: the only case in which nobody knows. */
static enum fault unknown_end(struct ctx *ctx)
{
    return ctx_fail(ctx, FAULT_STORE_LOST,
                    "The connection to the database broke while saving; it may or may not have been"
                    " saved. Look again before you repeat it.",
                    "保存时数据库连接中断，无法确定是否已保存，请先核实再重试。");
}

static enum fault commit_alone(struct writer *writer, struct ctx *ctx)
{
    enum fault fault = execute(writer, ctx, "COMMIT");
    return fault == FAULT_STORE_LOST ? unknown_end(ctx) : fault;
}

/* One job in a transaction of its own. True if COMMIT was sent: only before that is it certain that
 * a broken connection changed nothing. */
static bool run_alone(struct writer *writer, struct job *job)
{
    bool sent = false;
    ctx_clear(job->ctx);
    job->fault = begin(writer, job->ctx);
    if (job->fault == FAULT_NONE) {
        job->fault = run_work(writer, job);
    }
    if (job->fault == FAULT_NONE && !writer->conn->driver->in_transaction(writer->conn)) {
        job->fault = FAULT_STORE_FAILED;
    }
    if (job->fault == FAULT_NONE) {
        job->fault = finish(writer, job->ctx);
    }
    if (job->fault == FAULT_NONE) {
        sent = true;
        job->fault = commit_alone(writer, job->ctx);
    }
    roll_back(writer);
    return sent;
}

/* Runs a job inside the batch. False if the whole transaction is gone. */
static bool run_in_batch(struct writer *writer, struct job *job)
{
    if (execute(writer, &writer->ctx, "SAVEPOINT job") != FAULT_NONE) {
        return false;
    }
    job->fault = run_work(writer, job);
    /* An id may have met another program's: once more, with new ids. A real duplicate (a login that
     * is taken) is refused again. */
    if (job->fault == FAULT_DUPLICATE &&
        execute(writer, &writer->ctx, "ROLLBACK TO job") == FAULT_NONE) {
        job->fault = run_work(writer, job);
    }
    if (!writer->conn->driver->in_transaction(writer->conn)) {
        return false;
    }
    const char *end = job->fault == FAULT_NONE ? "RELEASE job" : "ROLLBACK TO job; RELEASE job";
    return execute(writer, &writer->ctx, end) == FAULT_NONE;
}

/* The commit of a batch; remembers how long it takes. */
static bool commit_batch(struct writer *writer)
{
    int64_t begun_us = clock_monotonic_us();
    bool done = execute(writer, &writer->ctx, "COMMIT") == FAULT_NONE;
    writer->commit_us += (clock_monotonic_us() - begun_us - writer->commit_us) / 8;
    return done;
}

/*
 * Jobs in the transaction that has begun: all, or as many as pay; then *ret_rest are those left for
 * the next. False if the transaction was lost: then nothing of them is there.
 */
static bool run_batch(struct writer *writer, struct job *jobs, struct job **ret_rest)
{
    int64_t until_us = clock_monotonic_us() + COMMITS_WORTH * writer->commit_us;
    bool whole = true;
    unsigned count = 0;
    for (struct job *job = jobs; job != NULL && whole; job = job->next) {
        whole = run_in_batch(writer, job);
        bool enough = ++count >= BATCH_LEAST && clock_monotonic_us() > until_us;
        if (whole && enough && job->next != NULL) {
            /* Cut here: from now on the rest is no part of this batch, whatever becomes of it. */
            *ret_rest = job->next;
            job->next = NULL;
        }
    }
    whole = whole && finish(writer, &writer->ctx) == FAULT_NONE;
    whole = whole && commit_batch(writer);
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
    if (durable && store->sequencing) {
        sequencer_wake(store);
    } else if (durable && writer->given > 0 && store->on_commit != NULL) {
        store->on_commit(store->on_commit_arg);
    }
}

/* A connection fit for a new transaction: one that could not even roll back is not. */
static enum fault reconnect(struct writer *writer)
{
    struct store_conn *conn = writer->conn;
    if (conn != NULL && !conn->driver->lost(conn) && !conn->driver->in_transaction(conn)) {
        return FAULT_NONE;
    }
    if (conn != NULL) {
        conn->driver->disconnect(conn);
        writer->conn = NULL;
    }
    return writer->store->driver->connect(&writer->ctx, writer->store->url, false, &writer->conn);
}

/* The one that lost waits, 2 ms to 64 ms, so that the winner gets through: at once again, the same
 * two meet again (a deadlock was seen to come back four times). */
static void step_back(unsigned tries)
{
    struct timespec pause = {.tv_nsec = 2000000L << tries};
    (void)nanosleep(&pause, NULL);
}

/*
 * One job, again on a conflict with another transaction; and once on a new connection if the old
 * one broke before COMMIT was sent (a restart of the database is not the person's affair). Once
 * only: a job that itself brings the connection down shall not do so six times.
 */
static void run_with_retries(struct writer *writer, struct job *job)
{
    bool lost = false;
    for (unsigned tries = 0;; tries++) {
        bool sent = run_alone(writer, job);
        bool broken = job->fault == FAULT_STORE_LOST && !sent && !lost;
        bool met_id = job->fault == FAULT_DUPLICATE && tries == 0; /* As in a batch. */
        bool again = broken || met_id || job->fault == FAULT_STORE_RETRY;
        if (!again || tries == LIMIT_WRITE_RETRIES || (broken && reconnect(writer) != FAULT_NONE)) {
            return;
        }
        lost = lost || broken;
        writer->store->retries++;
        step_back(tries);
    }
}

static void fail_all(struct writer *writer, struct job *jobs, enum fault fault)
{
    for (; jobs != NULL; jobs = jobs->next) {
        ctx_clear(jobs->ctx);
        const char *note = writer->ctx.note;
        jobs->ctx->note = note == NULL ? NULL : arena_text(jobs->ctx->arena, note);
        jobs->fault = fault;
    }
}

/* Several jobs: in one transaction, or if that fails one by one. If it can not even begin (another
 * process holds the database), one by one would only wait as many times. Gives what was left over.
 */
static struct job *serve_batch(struct writer *writer, struct job *jobs)
{
    struct job *rest = NULL;
    enum fault fault = begin(writer, &writer->ctx);
    if (fault != FAULT_NONE) {
        fail_all(writer, jobs, fault);
    } else if (!run_batch(writer, jobs, &rest)) {
        writer->store->batch_faults++;
        writer->given = 0;
        for (struct job *job = jobs; job != NULL; job = job->next) {
            (void)run_alone(writer, job);
        }
    }
    return rest;
}

/* Serves jobs from the list and gives those that are left. */
static struct job *serve(struct writer *writer, struct job *jobs)
{
    struct job *rest = NULL;
    ctx_clear(&writer->ctx);
    writer->given = 0;
    writer->store->batches++;
    enum fault fault = reconnect(writer);
    if (fault != FAULT_NONE) {
        fail_all(writer, jobs, fault);
    } else if (jobs->next == NULL) {
        run_with_retries(writer, jobs);
    } else {
        rest = serve_batch(writer, jobs);
    }
    answer(writer, jobs);
    arena_reset(writer->arena);
    return rest;
}

void *writer_run(void *arg)
{
    struct store *store = arg;
    struct writer writer = {.store = store, .arena = arena_create(), .commit_us = COMMIT_GUESS_US};
    ctx_init(&writer.ctx, writer.arena, 0);
    unsigned most = store->driver->writers == 1 ? LIMIT_WRITE_BATCH : 1;
    /* Connecting is tried again at the first job. */
    enum fault ignored = reconnect(&writer);
    (void)ignored;
    for (struct job *jobs = queue_take(&store->queue, most); jobs != NULL;
         jobs = queue_take(&store->queue, most)) {
        while (jobs != NULL) {
            jobs = serve(&writer, jobs);
        }
    }
    if (writer.conn != NULL) {
        writer.conn->driver->disconnect(writer.conn);
    }
    arena_destroy(writer.arena);
    return NULL;
}
