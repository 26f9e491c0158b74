#pragma once
/*
 * The only place that reads the time. Only main, http, job and cli may call it (tools/tidy checks);
 * everything below takes the time as a parameter.
 */
#include <stdint.h>

/* Milliseconds since 1970-01-01 UTC: the set time if clock_set was called, else the system's. */
int64_t clock_now_ms(void);
/* For durations: never set, never goes back. */
int64_t clock_monotonic_us(void);
/* Stops the clock at a time: for tests and demonstrations. 0 gives the system's time back. */
void clock_set(int64_t now_ms);
