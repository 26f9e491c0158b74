#include "base/digest.h"
#include "people/people.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* A fixed table: a flood of different keys overwrites old ones and takes no memory. A key is known
 * by its digest. */
enum { SLOTS = 4096 };

struct slot {
    uint64_t key;
    int64_t since_ms;
    unsigned count;
};

struct rate_limiter {
    pthread_mutex_t mutex;
    unsigned limit;
    int64_t window_ms;
    struct slot slots[SLOTS];
};

struct rate_limiter *rate_limiter_create(unsigned limit, int64_t window_ms)
{
    struct rate_limiter *limiter = calloc(1, sizeof *limiter);
    if (limiter == NULL) {
        abort();
    }
    (void)pthread_mutex_init(&limiter->mutex, NULL);
    limiter->limit = limit;
    limiter->window_ms = window_ms;
    return limiter;
}

void rate_limiter_destroy(struct rate_limiter *limiter)
{
    if (limiter != NULL) {
        (void)pthread_mutex_destroy(&limiter->mutex);
        free(limiter);
    }
}

static uint64_t key_of(const char *key)
{
    uint8_t digest[DIGEST_BYTES];
    digest_sha256(key, strlen(key), digest);
    uint64_t number = 0;
    memcpy(&number, digest, sizeof number);
    return number;
}

enum fault rate_limiter_try(struct rate_limiter *limiter, struct ctx *ctx, const char *key)
{
    uint64_t number = key_of(key);
    struct slot *slot = &limiter->slots[number % SLOTS];
    (void)pthread_mutex_lock(&limiter->mutex);
    bool old = ctx->now_ms - slot->since_ms >= limiter->window_ms || ctx->now_ms < slot->since_ms;
    if (slot->key != number || old) {
        *slot = (struct slot){.key = number, .since_ms = ctx->now_ms};
    }
    bool allowed = slot->count < limiter->limit;
    slot->count += allowed ? 1 : 0;
    (void)pthread_mutex_unlock(&limiter->mutex);
    if (allowed) {
        return FAULT_NONE;
    }
    long long minutes = (long long)(limiter->window_ms / 60000);
    return ctx_fail(ctx, FAULT_RATE_LIMITED, "Too many attempts; wait %lld minutes.",
                    "尝试次数过多，请%lld分钟后再试。", minutes);
}

void rate_limiter_clear(struct rate_limiter *limiter, const char *key)
{
    uint64_t number = key_of(key);
    struct slot *slot = &limiter->slots[number % SLOTS];
    (void)pthread_mutex_lock(&limiter->mutex);
    if (slot->key == number) {
        slot->count = 0;
    }
    (void)pthread_mutex_unlock(&limiter->mutex);
}
