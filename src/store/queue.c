/* The bounded queue of writes, and the two ways to hand one in. */
#include "store/inner.h"

#include <assert.h>
#include <stdlib.h>

struct job *queue_take(struct queue *queue, unsigned most)
{
    (void)pthread_mutex_lock(&queue->mutex);
    while (queue->first == NULL && !queue->closing) {
        (void)pthread_cond_wait(&queue->filled, &queue->mutex);
    }
    struct job *jobs = queue->first;
    struct job *last = jobs;
    unsigned taken = jobs == NULL ? 0 : 1;
    while (taken < most && last != NULL && last->next != NULL) {
        last = last->next;
        taken++;
    }
    if (jobs != NULL) {
        queue->first = last->next;
        queue->last = queue->first == NULL ? NULL : queue->last;
        queue->length -= taken;
        last->next = NULL;
    }
    (void)pthread_mutex_unlock(&queue->mutex);
    return jobs;
}

static enum fault put(struct store *store, struct job *job)
{
    struct queue *queue = &store->queue;
    enum fault fault = FAULT_NONE;
    (void)pthread_mutex_lock(&queue->mutex);
    if (queue->closing) {
        fault = FAULT_STOPPING;
    } else if (queue->length >= LIMIT_WRITE_QUEUE) {
        fault = FAULT_BUSY;
        store->busy++;
    } else {
        job->next = NULL;
        if (queue->last == NULL) {
            queue->first = job;
        } else {
            queue->last->next = job;
        }
        queue->last = job;
        queue->length++;
        store->jobs++;
        (void)pthread_cond_signal(&queue->filled);
    }
    (void)pthread_mutex_unlock(&queue->mutex);
    return fault;
}

enum fault store_submit(struct store *store, struct ctx *ctx, store_work *work, store_done *done,
                        void *arg)
{
    assert(done != NULL);
    struct job *job = calloc(1, sizeof *job);
    if (job == NULL) {
        abort();
    }
    *job = (struct job){.ctx = ctx, .work = work, .done = done, .arg = arg};
    enum fault fault = put(store, job);
    if (fault != FAULT_NONE) {
        free(job);
    }
    return fault;
}

/* A caller that waits: its job lies on its stack. */
struct waiting {
    struct job job;
    pthread_mutex_t mutex;
    pthread_cond_t finished;
    bool over;
};

void store_job_finish(struct job *job)
{
    struct waiting *waiting = (struct waiting *)job;
    (void)pthread_mutex_lock(&waiting->mutex);
    waiting->over = true;
    (void)pthread_cond_signal(&waiting->finished);
    (void)pthread_mutex_unlock(&waiting->mutex);
}

enum fault store_write(struct store *store, struct ctx *ctx, store_work *work, void *arg)
{
    struct waiting waiting = {.job = {.ctx = ctx, .work = work, .arg = arg}};
    (void)pthread_mutex_init(&waiting.mutex, NULL);
    (void)pthread_cond_init(&waiting.finished, NULL);
    enum fault fault = put(store, &waiting.job);
    if (fault == FAULT_NONE) {
        (void)pthread_mutex_lock(&waiting.mutex);
        while (!waiting.over) {
            (void)pthread_cond_wait(&waiting.finished, &waiting.mutex);
        }
        (void)pthread_mutex_unlock(&waiting.mutex);
        fault = waiting.job.fault;
    }
    (void)pthread_cond_destroy(&waiting.finished);
    (void)pthread_mutex_destroy(&waiting.mutex);
    return fault;
}
