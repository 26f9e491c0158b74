#include "base/bell.h"

#include "base/clock.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { FRESH_US = 5 * 1000 * 1000, LOOK_MS = 1000 };

struct bell {
    pthread_mutex_t mutex;
    pthread_cond_t rung;
    _Atomic int64_t marked_us; /* 0: never. */
    bool ringing, stopped;
};

struct bell *bell_create(void)
{
    struct bell *bell = calloc(1, sizeof *bell);
    if (bell == NULL) {
        abort();
    }
    (void)pthread_mutex_init(&bell->mutex, NULL);
    (void)pthread_cond_init(&bell->rung, NULL);
    return bell;
}

void bell_destroy(struct bell *bell)
{
    if (bell != NULL) {
        (void)pthread_cond_destroy(&bell->rung);
        (void)pthread_mutex_destroy(&bell->mutex);
        free(bell);
    }
}

void bell_mark(struct bell *bell)
{
    atomic_store(&bell->marked_us, clock_monotonic_us());
}

static bool is_fresh(struct bell *bell)
{
    int64_t marked_us = atomic_load(&bell->marked_us);
    return marked_us != 0 && clock_monotonic_us() - marked_us < FRESH_US;
}

void bell_ring(struct bell *bell)
{
    if (!is_fresh(bell)) {
        return;
    }
    (void)pthread_mutex_lock(&bell->mutex);
    bell->ringing = true;
    (void)pthread_cond_signal(&bell->rung);
    (void)pthread_mutex_unlock(&bell->mutex);
}

void bell_stop(struct bell *bell)
{
    (void)pthread_mutex_lock(&bell->mutex);
    bell->stopped = true;
    (void)pthread_cond_broadcast(&bell->rung);
    (void)pthread_mutex_unlock(&bell->mutex);
}

bool bell_wait(struct bell *bell, int64_t most_ms)
{
    int64_t left_ms = most_ms;
    (void)pthread_mutex_lock(&bell->mutex);
    while (!bell->stopped && !bell->ringing && left_ms > 0) {
        int64_t step_ms = left_ms < LOOK_MS ? left_ms : LOOK_MS;
        struct timespec until = clock_wait_until(step_ms);
        if (pthread_cond_timedwait(&bell->rung, &bell->mutex, &until) != 0) {
            left_ms = is_fresh(bell) ? 0 : left_ms - step_ms;
        }
    }
    bell->ringing = false;
    bool going_on = !bell->stopped;
    (void)pthread_mutex_unlock(&bell->mutex);
    return going_on;
}
