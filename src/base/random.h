#pragma once
/* Unpredictable bytes from the system (libsodium). Thread-safe after random_start. */
#include <stddef.h>
#include <stdint.h>

/* Call once in main before anything else of libsodium; aborts if the system has no randomness. */
void random_start(void);
void random_bytes(void *ret_bytes, size_t count);
/* Evenly distributed in [0, bound). */
uint32_t random_below(uint32_t bound);
