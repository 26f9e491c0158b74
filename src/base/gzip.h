#pragma once
/* Compression in the form browsers take (RFC 1952), for what is made once and sent often. */
#include "base/arena.h"

#include <stddef.h>

/* The compressed bytes in the arena. */
void *gzip_of(struct arena *arena, const void *data, size_t count, size_t *ret_count)
    __attribute__((returns_nonnull));
