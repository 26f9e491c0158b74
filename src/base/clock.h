#pragma once
/*
 * The only place that reads the time. Only main, http, job and cli may ask what time it is
 * (tools/tidy checks); everything below takes the time as a parameter.
 */
#include <stdint.h>
#include <time.h>

/* Milliseconds since 1970-01-01 UTC: the set time if clock_set was called, else the system's. */
int64_t clock_now_ms(void);
/* For durations: never set, never goes back. */
int64_t clock_monotonic_us(void);
/* The moment `wait_ms` from now, for pthread_cond_timedwait and sem_timedwait; any layer may wait.
 */
struct timespec clock_wait_until(int64_t wait_ms);
/* Stops the clock at a time: for tests and demonstrations. 0 gives the system's time back. */
void clock_set(int64_t now_ms);
