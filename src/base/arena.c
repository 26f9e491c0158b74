#include "base/arena.h"

#include <assert.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Blocks in a list, newest first. Memory past `used` of a block is zero: it came from calloc, and
 * reset clears what was used. */
struct block {
    struct block *next;
    size_t size;
    size_t used;
    alignas(max_align_t) unsigned char data[];
};

struct arena {
    struct block *blocks;
    size_t used_bytes;
};

enum { BLOCK_BYTES = 8192 };

static struct block *block_create(size_t size)
{
    struct block *block = calloc(1, sizeof *block + size);
    if (block == NULL) {
        fputs("liandong: no memory\n", stderr);
        abort();
    }
    block->size = size;
    return block;
}

struct arena *arena_create(void)
{
    struct arena *arena = calloc(1, sizeof *arena);
    if (arena == NULL) {
        abort();
    }
    return arena;
}

void arena_destroy(struct arena *arena)
{
    if (arena == NULL) {
        return;
    }
    struct block *block = arena->blocks;
    while (block != NULL) {
        struct block *next = block->next;
        free(block);
        block = next;
    }
    free(arena);
}

void arena_reset(struct arena *arena)
{
    assert(arena != NULL);
    struct block *keep = NULL;
    struct block *block = arena->blocks;
    while (block != NULL) {
        struct block *next = block->next;
        if (keep == NULL && block->size == BLOCK_BYTES) {
            keep = block;
        } else {
            free(block);
        }
        block = next;
    }
    if (keep != NULL) {
        memset(keep->data, 0, keep->used);
        keep->used = 0;
        keep->next = NULL;
    }
    arena->blocks = keep;
    arena->used_bytes = 0;
}

#ifndef ARENA_DEBUG
static size_t rounded(size_t bytes)
{
    size_t unit = alignof(max_align_t);
    assert(bytes <= SIZE_MAX / 2);
    return bytes == 0 ? unit : (bytes + unit - 1) / unit * unit;
}
#endif

void *arena_alloc(struct arena *arena, size_t bytes)
{
    assert(arena != NULL);
    arena->used_bytes += bytes;
#ifdef ARENA_DEBUG
    struct block *own = block_create(bytes);
    own->used = bytes;
    own->next = arena->blocks;
    arena->blocks = own;
    return own->data;
#else
    size_t need = rounded(bytes);
    struct block *block = arena->blocks;
    if (block == NULL || block->size - block->used < need) {
        struct block *fresh = block_create(need > BLOCK_BYTES / 4 ? need : BLOCK_BYTES);
        /* A large piece goes behind the current block, which keeps serving small ones. */
        if (block != NULL && need > BLOCK_BYTES / 4) {
            fresh->next = block->next;
            block->next = fresh;
        } else {
            fresh->next = block;
            arena->blocks = fresh;
        }
        block = fresh;
    }
    void *memory = block->data + block->used;
    block->used += need;
    return memory;
#endif
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
    assert(size == 0 || count <= SIZE_MAX / 2 / size);
    return arena_alloc(arena, count * size);
}

char *arena_bytes(struct arena *arena, const void *data, size_t bytes)
{
    char *copy = arena_alloc(arena, bytes + 1);
    if (bytes > 0) {
        memcpy(copy, data, bytes);
    }
    return copy;
}

char *arena_text(struct arena *arena, const char *text)
{
    assert(text != NULL);
    return arena_bytes(arena, text, strlen(text));
}

char *arena_vprintf(struct arena *arena, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    assert(length >= 0);
    char *text = arena_alloc(arena, (size_t)length + 1);
    (void)vsnprintf(text, (size_t)length + 1, format, args);
    return text;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = arena_vprintf(arena, format, args);
    va_end(args);
    return text;
}

size_t arena_used_bytes(const struct arena *arena)
{
    return arena->used_bytes;
}

void arena_scoped(struct arena **arena)
{
    arena_destroy(*arena);
    *arena = NULL;
}
