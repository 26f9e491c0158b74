#pragma once
/* Private to matter/edition*.c: the editions in memory. */
#include "matter/edition.h"

#include <pthread.h>
#include <stdatomic.h>

enum { EDITIONS_MAX = 256 };

struct editions {
    struct arena *arena; /* Used under the mutex only. */
    const char *folder;
    pthread_mutex_t mutex;             /* One thread takes up at a time. */
    struct edition list[EDITIONS_MAX]; /* Written before the count says so, then never again. */
    atomic_size_t count;
    atomic_int_least32_t unread_from; /* The earliest day of an edition that could not be read. */
};

/* Reads a kept copy and takes it up; under the mutex. `row` is copied. */
enum fault edition_take_up(struct editions *editions, struct ctx *ctx, const struct edition *row);
/* Where an edition's copy lies. */
const char *edition_folder(struct arena *arena, const struct editions *editions,
                           const char *edition);
