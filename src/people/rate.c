#include "base/digest.h"
#include "base/random.h"
#include "people/people.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/*
 * A fixed table: a flood of different keys takes no memory. A key is known by its digest, mixed
 * with a secret of the process: nobody can work out which keys share a set. In a full set the key
 * with the fewest tries makes room, so a new key never wipes out one that is being counted.
 */
enum { SETS = 1024, WAYS = 8 };

struct slot {
    uint64_t key;
    int64_t since_ms;
    unsigned count;
};

struct rate_limiter {
    pthread_mutex_t mutex;
    unsigned limit;
    int64_t window_ms;
    uint8_t secret[DIGEST_BYTES];
    struct slot sets[SETS][WAYS];
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
    random_bytes(limiter->secret, sizeof limiter->secret);
    return limiter;
}

void rate_limiter_destroy(struct rate_limiter *limiter)
{
    if (limiter != NULL) {
        (void)pthread_mutex_destroy(&limiter->mutex);
        free(limiter);
    }
}

static uint64_t key_of(const struct rate_limiter *limiter, const char *key)
{
    uint8_t digest[DIGEST_BYTES];
    digest_hmac(limiter->secret, sizeof limiter->secret, key, strlen(key), digest);
    uint64_t number = 0;
    memcpy(&number, digest, sizeof number);
    return number;
}

static bool is_over(const struct rate_limiter *limiter, const struct slot *slot, int64_t now_ms)
{
    return slot->count == 0 || now_ms - slot->since_ms >= limiter->window_ms ||
           now_ms < slot->since_ms;
}

/* The key's slot, or NULL if it has no tries in this window. With the mutex held. */
static struct slot *find(struct rate_limiter *limiter, uint64_t key, int64_t now_ms)
{
    struct slot *set = limiter->sets[key % SETS];
    for (unsigned i = 0; i < WAYS; i++) {
        if (set[i].key == key && !is_over(limiter, &set[i], now_ms)) {
            return &set[i];
        }
    }
    return NULL;
}

static struct slot *make_room(struct rate_limiter *limiter, uint64_t key, int64_t now_ms)
{
    struct slot *set = limiter->sets[key % SETS];
    struct slot *least = &set[0];
    for (unsigned i = 0; i < WAYS; i++) {
        if (is_over(limiter, &set[i], now_ms)) {
            least = &set[i];
            break;
        }
        least = set[i].count < least->count ? &set[i] : least;
    }
    *least = (struct slot){.key = key, .since_ms = now_ms};
    return least;
}

static enum fault limited(const struct rate_limiter *limiter, struct ctx *ctx)
{
    long long minutes = (long long)(limiter->window_ms / 60000);
    return ctx_fail(ctx, FAULT_RATE_LIMITED, "Too many attempts; wait %lld minutes.",
                    "尝试次数过多，请%lld分钟后再试。", minutes);
}

enum fault rate_limiter_check(struct rate_limiter *limiter, struct ctx *ctx, const char *key)
{
    uint64_t number = key_of(limiter, key);
    (void)pthread_mutex_lock(&limiter->mutex);
    const struct slot *slot = find(limiter, number, ctx->now_ms);
    bool allowed = slot == NULL || slot->count < limiter->limit;
    (void)pthread_mutex_unlock(&limiter->mutex);
    return allowed ? FAULT_NONE : limited(limiter, ctx);
}

enum fault rate_limiter_try(struct rate_limiter *limiter, struct ctx *ctx, const char *key)
{
    uint64_t number = key_of(limiter, key);
    (void)pthread_mutex_lock(&limiter->mutex);
    struct slot *slot = find(limiter, number, ctx->now_ms);
    slot = slot == NULL ? make_room(limiter, number, ctx->now_ms) : slot;
    bool allowed = slot->count < limiter->limit;
    slot->count += allowed ? 1 : 0;
    (void)pthread_mutex_unlock(&limiter->mutex);
    return allowed ? FAULT_NONE : limited(limiter, ctx);
}

void rate_limiter_clear(struct rate_limiter *limiter, const char *key)
{
    uint64_t number = key_of(limiter, key);
    struct slot *set = limiter->sets[number % SETS];
    (void)pthread_mutex_lock(&limiter->mutex);
    for (unsigned i = 0; i < WAYS; i++) {
        if (set[i].key == number) {
            set[i].count = 0;
        }
    }
    (void)pthread_mutex_unlock(&limiter->mutex);
}
