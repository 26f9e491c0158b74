#pragma once
/* Private to store: the parts of a store. */
#include "base/limit.h"
#include "store/driver.h"

#include <pthread.h>

enum { WRITERS_MAX = 16, READERS_MAX = 16 };

/* A batch has at least so many jobs, if so many wait. */
enum { BATCH_LEAST = 8 };

/* A write that waits or is at work. `next` links the queue. */
struct job {
    struct job *next;
    struct ctx *ctx;
    store_work *work;
    store_done *done;
    void *arg;
    enum fault fault;
};

struct queue {
    pthread_mutex_t mutex;
    pthread_cond_t filled;
    struct job *first, *last;
    unsigned length;
    bool closing;
};

struct readers {
    pthread_mutex_t mutex;
    pthread_cond_t returned;
    struct store_conn *idle[READERS_MAX];
    unsigned idle_count, open_count;
};

struct store {
    const struct store_driver *driver;
    char *url;
    bool temporary; /* The file goes when the store closes. */
    bool has_events;
    void (*on_commit)(void *arg);
    void *on_commit_arg;
    struct queue queue;
    struct readers readers;
    pthread_t writers[WRITERS_MAX];
    unsigned writers_count;
    pthread_t sequencer;
    bool sequencing;
    pthread_mutex_t wake_mutex; /* The sequencer of PostgreSQL sleeps on these. */
    pthread_cond_t wake;
    bool pending, stopping;
    _Atomic uint64_t jobs, batches, batch_faults, retries, busy;
};

/* store_open over a driver of the caller's choice: tests put a failing one around the real one. */
enum fault store_open_with(struct ctx *ctx, const struct store_options *options,
                           const struct store_driver *driver, struct store **ret_store) MUST_CHECK;
/* writer.c: the thread of one writer; arg is the store. */
void *writer_run(void *arg);
/* queue.c: wakes who waits in store_write. */
void store_job_finish(struct job *job);
/* sequencer.c: PostgreSQL's thread. */
void *sequencer_run(void *arg);
void sequencer_wake(struct store *store);
/* Takes up to `most` jobs, waiting for the first; NULL when closing and empty. */
struct job *queue_take(struct queue *queue, unsigned most);
