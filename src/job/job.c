#include "job/job.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "job/remind_inner.h"
#include "matter/message.h"
#include "store/sql.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TICK_MS = 5 * 1000, DAY_MS = 24 * 3600 * 1000, SWEEP_ROWS = 1000 };

struct jobs {
    struct store *store;
    const struct office *office;
    bool acts;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    bool stopping;
    struct news news; /* Of the thread, once it runs. */
};

struct sweep {
    const struct office *office;
    char **orphans; /* Digests of files that no row names any more. */
    size_t orphans_count;
};

static enum fault delete_old(struct ctx *ctx, struct store_tx *tx)
{
    int64_t day_ago = ctx->now_ms - DAY_MS;
    enum fault fault = sql_run(tx, ctx, "DELETE FROM replay WHERE created_ms < $1",
                               SQL_ARGS(sql_int(day_ago)), NULL);
    if (fault == FAULT_NONE) {
        fault = sql_run(tx, ctx, "DELETE FROM session WHERE expires_ms < $1",
                        SQL_ARGS(sql_int(ctx->now_ms)), NULL);
    }
    return fault;
}

/* Deletes up to a thousand uploads older than a day (the next sweep goes on), and remembers files
 * that thereby lost their last row. */
static enum fault delete_uploads(struct ctx *ctx, struct store_tx *tx, struct sweep *sweep)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault =
        sql_query(tx, ctx,
                  "DELETE FROM upload WHERE id IN (SELECT u.id FROM upload u"
                  " WHERE u.created_ms < $1 AND u.paper IS NULL ORDER BY u.created_ms LIMIT $2)"
                  " RETURNING sha256",
                  SQL_ARGS(sql_int(ctx->now_ms - DAY_MS), sql_int(SWEEP_ROWS)), &rows);
    while (fault == FAULT_NONE && sql_next(rows) && sweep->orphans_count < SWEEP_ROWS) {
        sweep->orphans[sweep->orphans_count++] = arena_text(ctx->arena, sql_column_text(rows, 0));
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

static enum fault is_used(struct ctx *ctx, struct store_tx *tx, const char *sha256, bool *ret_used)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_query(tx, ctx,
                                 "SELECT 1 FROM material WHERE sha256 = $1 UNION ALL"
                                 " SELECT 1 FROM upload WHERE sha256 = $1 UNION ALL"
                                 " SELECT 1 FROM paper WHERE pdf_sha256 = $1 LIMIT 1",
                                 SQL_ARGS(sql_text(sha256)), &rows);
    *ret_used = fault != FAULT_NONE || sql_next(rows);
    return fault;
}

static enum fault sweep_rows(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct sweep *sweep = arg;
    sweep->orphans = arena_array(ctx->arena, SWEEP_ROWS, sizeof *sweep->orphans);
    sweep->orphans_count = 0;
    enum fault fault = delete_old(ctx, tx);
    if (fault == FAULT_NONE) {
        fault = message_sweep(ctx, tx);
    }
    if (fault == FAULT_NONE) {
        fault = delete_uploads(ctx, tx, sweep);
    }
    size_t kept = 0;
    for (size_t i = 0; i < sweep->orphans_count && fault == FAULT_NONE; i++) {
        bool used = true;
        fault = is_used(ctx, tx, sweep->orphans[i], &used);
        if (!used) {
            sweep->orphans[kept++] = sweep->orphans[i];
        }
    }
    sweep->orphans_count = kept;
    return fault;
}

/* A file touched within a day stays: the same content may have come again, its row not yet written.
 */
static void unlink_old(struct ctx *ctx, const char *path)
{
    struct stat status;
    if (stat(path, &status) == 0 && (int64_t)status.st_mtime * 1000 < ctx->now_ms - DAY_MS) {
        (void)unlink(path);
    }
}

/* Files that were arriving when the program was killed. */
static void sweep_arriving(struct ctx *ctx, const struct office *office)
{
    char **names = NULL;
    size_t count = 0;
    enum fault fault = file_list(ctx, office->uploads_dir, "", &names, &count);
    for (size_t i = 0; i < count && fault == FAULT_NONE; i++) {
        unlink_old(ctx, arena_printf(ctx->arena, "%s/%s", office->uploads_dir, names[i]));
    }
    ctx_clear(ctx);
}

enum fault job_sweep(struct ctx *ctx, struct store *store, const struct office *office)
{
    struct sweep sweep = {.office = office};
    enum fault fault = store_write(store, ctx, sweep_rows, &sweep);
    /* The rows are gone for good; now the files may go. */
    for (size_t i = 0; i < sweep.orphans_count && fault == FAULT_NONE; i++) {
        unlink_old(ctx, matter_file_path(ctx->arena, office, sweep.orphans[i]));
    }
    sweep_arriving(ctx, office);
    return fault;
}

static bool wait_tick(struct jobs *jobs)
{
    struct timespec until = clock_wait_until(TICK_MS);
    (void)pthread_mutex_lock(&jobs->mutex);
    int code = 0;
    while (!jobs->stopping && code == 0) {
        code = pthread_cond_timedwait(&jobs->wake, &jobs->mutex, &until);
    }
    bool stopping = jobs->stopping;
    (void)pthread_mutex_unlock(&jobs->mutex);
    return !stopping;
}

/* What is done how often: every so many ticks of five seconds. The first time at the first tick. */
static const struct {
    const char *name;
    unsigned ticks;
    enum fault (*work)(struct ctx *ctx, struct store *store, const struct office *office);
    bool acts; /* The program acts in matters by itself. */
} works[] = {
    {"figures", 1, job_figures, false},    {"stand", 120, job_stand, true},
    {"editions", 1, job_editions, false},  {"expire", 12, job_expire, true},
    {"calendar", 12, job_calendar, false}, {"remind", 12, job_remind, false},
    {"sweep", 120, job_sweep, false},
};

static void run_due(struct jobs *jobs, struct arena *arena, unsigned tick)
{
    for (size_t i = 0; i < sizeof works / sizeof works[0]; i++) {
        if (tick % works[i].ticks != 0 || (works[i].acts && !jobs->acts)) {
            continue;
        }
        struct ctx ctx;
        ctx_init(&ctx, arena, clock_now_ms());
        enum fault fault = works[i].work(&ctx, jobs->store, jobs->office);
        if (fault != FAULT_NONE) {
            log_line("error", "job=%s fault=%s", works[i].name, fault_name(fault));
        }
        arena_reset(arena);
    }
}

static void tell_news(struct jobs *jobs, struct arena *arena)
{
    struct ctx ctx;
    ctx_init(&ctx, arena, clock_now_ms());
    /* A hint only: what fails is told at the next tick. */
    (void)!news_tell(&jobs->news, &ctx, jobs->store, jobs->office->region);
    arena_reset(arena);
}

static void *run(void *arg)
{
    struct jobs *jobs = arg;
    struct arena *arena = arena_create();
    unsigned tick = 0;
    do {
        run_due(jobs, arena, tick++);
        tell_news(jobs, arena);
    } while (wait_tick(jobs));
    arena_destroy(arena);
    return NULL;
}

struct jobs *jobs_start(const struct jobs_options *options)
{
    struct jobs *jobs = calloc(1, sizeof *jobs);
    if (jobs == NULL) {
        abort();
    }
    jobs->store = options->store;
    jobs->office = options->office;
    jobs->acts = options->acts;
    jobs->news = (struct news){.tell = options->tell, .arg = options->tell_arg};
    /* What is there already is no news; what comes once the caller goes on is. */
    SCOPED_ARENA arena = arena_create();
    tell_news(jobs, arena);
    (void)pthread_mutex_init(&jobs->mutex, NULL);
    (void)pthread_cond_init(&jobs->wake, NULL);
    int failed = pthread_create(&jobs->thread, NULL, run, jobs);
    assert(failed == 0);
    return jobs;
}

void jobs_stop(struct jobs *jobs)
{
    (void)pthread_mutex_lock(&jobs->mutex);
    jobs->stopping = true;
    (void)pthread_cond_signal(&jobs->wake);
    (void)pthread_mutex_unlock(&jobs->mutex);
    (void)pthread_join(jobs->thread, NULL);
    (void)pthread_cond_destroy(&jobs->wake);
    (void)pthread_mutex_destroy(&jobs->mutex);
    free(jobs);
}
