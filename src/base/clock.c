#include "base/clock.h"

#include <stdatomic.h>

/* Set by tests through the test clock, read by every thread. */
static _Atomic int64_t fixed_ms;

int64_t clock_now_ms(void)
{
    int64_t fixed = atomic_load(&fixed_ms);
    if (fixed != 0) {
        return fixed;
    }
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_monotonic_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

struct timespec clock_wait_until(int64_t wait_ms)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += wait_ms % 1000 * 1000000;
    until.tv_sec += wait_ms / 1000 + until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    return until;
}

void clock_set(int64_t now_ms)
{
    atomic_store(&fixed_ms, now_ms);
}
