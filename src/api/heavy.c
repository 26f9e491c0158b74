#include "api/heavy.h"

#include <assert.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

enum { THREADS = 2, WAITING_MAX = 32 };

struct task {
    heavy_work *work;
    void *arg;
};

struct heavy {
    pthread_t threads[THREADS];
    pthread_mutex_t mutex;
    pthread_cond_t filled;
    struct task waiting[WAITING_MAX]; /* A ring. */
    unsigned first, count;
    bool closing;
};

/* The next task; false when closing and nothing waits. */
static bool take(struct heavy *heavy, struct task *ret_task)
{
    (void)pthread_mutex_lock(&heavy->mutex);
    while (heavy->count == 0 && !heavy->closing) {
        (void)pthread_cond_wait(&heavy->filled, &heavy->mutex);
    }
    bool there = heavy->count > 0;
    if (there) {
        *ret_task = heavy->waiting[heavy->first];
        heavy->first = (heavy->first + 1) % WAITING_MAX;
        heavy->count--;
    }
    (void)pthread_mutex_unlock(&heavy->mutex);
    return there;
}

static void *run(void *arg)
{
    struct task task;
    while (take(arg, &task)) {
        task.work(task.arg);
    }
    return NULL;
}

struct heavy *heavy_create(void)
{
    struct heavy *heavy = calloc(1, sizeof *heavy);
    if (heavy == NULL) {
        abort();
    }
    (void)pthread_mutex_init(&heavy->mutex, NULL);
    (void)pthread_cond_init(&heavy->filled, NULL);
    for (unsigned i = 0; i < THREADS; i++) {
        int failed = pthread_create(&heavy->threads[i], NULL, run, heavy);
        assert(failed == 0);
    }
    return heavy;
}

enum fault heavy_submit(struct heavy *heavy, struct ctx *ctx, heavy_work *work, void *arg)
{
    (void)pthread_mutex_lock(&heavy->mutex);
    bool full = heavy->count == WAITING_MAX || heavy->closing;
    if (!full) {
        unsigned last = (heavy->first + heavy->count++) % WAITING_MAX;
        heavy->waiting[last] = (struct task){.work = work, .arg = arg};
        (void)pthread_cond_signal(&heavy->filled);
    }
    (void)pthread_mutex_unlock(&heavy->mutex);
    return full ? ctx_fail(ctx, FAULT_BUSY, "Too much is waiting to be done; try again.",
                           "待处理的请求过多，请稍后再试。")
                : FAULT_NONE;
}

void heavy_destroy(struct heavy *heavy)
{
    if (heavy == NULL) {
        return;
    }
    (void)pthread_mutex_lock(&heavy->mutex);
    heavy->closing = true;
    (void)pthread_cond_broadcast(&heavy->filled);
    (void)pthread_mutex_unlock(&heavy->mutex);
    for (unsigned i = 0; i < THREADS; i++) {
        (void)pthread_join(heavy->threads[i], NULL);
    }
    (void)pthread_mutex_destroy(&heavy->mutex);
    (void)pthread_cond_destroy(&heavy->filled);
    free(heavy);
}
