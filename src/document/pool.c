#include "base/clock.h"
#include "document/frame.h"
#include "document/worker.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WORKERS_MAX = 16 };

struct place {
    struct worker worker;
    bool taken;
};

struct typesetters {
    struct arena *arena; /* Holds the options' texts. */
    struct typesetters_options options;
    pthread_mutex_t mutex; /* Guards `taken` only: who has taken a place owns its worker. */
    pthread_cond_t freed;
    struct place places[WORKERS_MAX];
};

const char *typesetters_program(struct arena *arena)
{
    char *path = arena_alloc(arena, 4096 + sizeof "/liandong-typeset");
    ssize_t length = readlink("/proc/self/exe", path, 4095);
    path[length < 0 ? 0 : length] = 0;
    char *slash = strrchr(path, '/');
    memcpy(slash == NULL ? path : slash, "/liandong-typeset", sizeof "/liandong-typeset");
    return path;
}

static unsigned either(unsigned value, unsigned otherwise)
{
    return value == 0 ? otherwise : value;
}

static struct typesetters *create(const struct typesetters_options *options)
{
    struct typesetters *pool = calloc(1, sizeof *pool);
    if (pool == NULL) {
        abort();
    }
    pool->arena = arena_create();
    const char *program = options->program;
    const char *fonts = options->fonts_dir;
    pool->options = (struct typesetters_options){
        .program =
            program == NULL ? typesetters_program(pool->arena) : arena_text(pool->arena, program),
        .fonts_dir = fonts == NULL ? NULL : arena_text(pool->arena, fonts),
        .workers = either(options->workers, 2),
        .timeout_ms = either(options->timeout_ms, 10000),
        .memory_mb = either(options->memory_mb, 1024),
        .papers_max = either(options->papers_max, 1000),
        .start_wait_ms = either(options->start_wait_ms, 5000),
    };
    if (pool->options.workers > WORKERS_MAX) {
        pool->options.workers = WORKERS_MAX;
    }
    (void)pthread_mutex_init(&pool->mutex, NULL);
    (void)pthread_cond_init(&pool->freed, NULL);
    return pool;
}

enum fault typesetters_start(struct ctx *ctx, const struct typesetters_options *options,
                             struct typesetters **ret_pool)
{
    struct typesetters *pool = create(options);
    if (access(pool->options.program, X_OK) != 0) {
        (void)ctx_fail(ctx, FAULT_IO_FAILED, "There is no typesetting program at %s.",
                       "找不到公文排版程序：%s。", pool->options.program);
        typesetters_stop(pool);
        return FAULT_IO_FAILED;
    }
    for (unsigned i = 0; i < pool->options.workers; i++) {
        /* One that does not start now is tried again when it is wanted. */
        (void)worker_spawn(&pool->places[i].worker, &pool->options);
    }
    *ret_pool = pool;
    return FAULT_NONE;
}

void typesetters_stop(struct typesetters *pool)
{
    if (pool == NULL) {
        return;
    }
    for (unsigned i = 0; i < pool->options.workers; i++) {
        assert(!pool->places[i].taken);
        worker_kill(&pool->places[i].worker);
    }
    (void)pthread_cond_destroy(&pool->freed);
    (void)pthread_mutex_destroy(&pool->mutex);
    arena_destroy(pool->arena);
    free(pool);
}

/* A free place, one with a running worker if there is a choice. */
static struct place *find_free(struct typesetters *pool)
{
    struct place *found = NULL;
    for (unsigned i = 0; i < pool->options.workers; i++) {
        struct place *place = &pool->places[i];
        if (!place->taken &&
            (found == NULL || (found->worker.pid == 0 && place->worker.pid != 0))) {
            found = place;
        }
    }
    return found;
}

static struct place *take(struct typesetters *pool)
{
    struct timespec until = clock_wait_until(pool->options.timeout_ms);
    int code = 0;
    (void)pthread_mutex_lock(&pool->mutex);
    struct place *place = find_free(pool);
    while (place == NULL && code == 0) {
        code = pthread_cond_timedwait(&pool->freed, &pool->mutex, &until);
        place = find_free(pool);
    }
    if (place != NULL) {
        place->taken = true;
    }
    (void)pthread_mutex_unlock(&pool->mutex);
    return place;
}

static void give_back(struct typesetters *pool, struct place *place)
{
    (void)pthread_mutex_lock(&pool->mutex);
    place->taken = false;
    (void)pthread_cond_signal(&pool->freed);
    (void)pthread_mutex_unlock(&pool->mutex);
}

static enum fault no_worker(struct ctx *ctx)
{
    return ctx_fail(ctx, FAULT_IO_FAILED, "The typesetting program could not be started.",
                    "公文排版程序无法启动。");
}

static enum fault tell_end(struct ctx *ctx, enum worker_end end)
{
    if (end == WORKER_LATE) {
        return ctx_fail(ctx, FAULT_INTERNAL, "Setting the document took too long and was ended.",
                        "公文排版超时，已终止。");
    }
    return ctx_fail(ctx, FAULT_INTERNAL, "The typesetting program ended unexpectedly.",
                    "公文排版程序意外退出。");
}

struct paper {
    const char *content;
    size_t count;
    enum typeset_format format;
};

static enum worker_end set_once(struct typesetters *pool, struct worker *worker, struct ctx *ctx,
                                const struct paper *paper, enum fault *ret_fault,
                                struct typeset_result *ret_result)
{
    /* A worker that has set nothing yet may still be loading its fonts. */
    int64_t wait_ms = pool->options.timeout_ms;
    wait_ms += worker->papers == 0 ? pool->options.start_wait_ms : 0;
    enum worker_end end = worker_set(worker, ctx, paper->content, paper->count, paper->format,
                                     clock_monotonic_us() + wait_ms * 1000, ret_fault, ret_result);
    if (end != WORKER_ANSWERED || worker->papers >= pool->options.papers_max) {
        worker_kill(worker);
    }
    return end;
}

static enum fault set_with(struct typesetters *pool, struct worker *worker, struct ctx *ctx,
                           const struct paper *paper, struct typeset_result *ret_result)
{
    enum fault fault = FAULT_NONE;
    /* A worker may have died while idle, which is no fault of this paper: it gets a new one. A
     * paper that kills a new worker too is not tried again. */
    bool fresh = worker->papers == 0;
    for (int attempt = 0; attempt < 2; attempt++) {
        if (worker->pid == 0) {
            fresh = true;
            if (!worker_spawn(worker, &pool->options)) {
                return no_worker(ctx);
            }
        }
        enum worker_end end = set_once(pool, worker, ctx, paper, &fault, ret_result);
        if (end == WORKER_ANSWERED) {
            return fault;
        }
        if (end == WORKER_LATE || fresh) {
            return tell_end(ctx, end);
        }
    }
    return tell_end(ctx, WORKER_DIED);
}

enum fault typesetters_set(struct typesetters *pool, struct ctx *ctx, const char *content,
                           size_t count, enum typeset_format format,
                           struct typeset_result *ret_result)
{
    assert(format == TYPESET_PDF || format == TYPESET_OFD);
    if (count > FRAME_QUESTION_BYTES) {
        return ctx_fail(ctx, FAULT_TOO_LARGE, "The document's content is larger than 1 MB.",
                        "公文内容超过1MB。");
    }
    struct place *place = take(pool);
    if (place == NULL) {
        return ctx_fail(ctx, FAULT_BUSY, "All typesetters are busy; try again.",
                        "公文排版繁忙，请稍后再试。");
    }
    const struct paper paper = {.content = content, .count = count, .format = format};
    enum fault fault = set_with(pool, &place->worker, ctx, &paper, ret_result);
    give_back(pool, place);
    return fault;
}
