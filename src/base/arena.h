#pragma once
/*
 * Memory that is freed all at once: one arena for each request or job. Nothing is freed singly. One
 * thread uses an arena at a time; handing a request to the writer hands its arena over too.
 * No memory aborts. With -DARENA_DEBUG each allocation is its own block, so that sanitizers see
 * overflows.
 */
#include <stdarg.h>
#include <stddef.h>

struct arena;

struct arena *arena_create(void);
void arena_destroy(struct arena *arena);
/* Frees everything allocated, keeps the first block for the next use. */
void arena_reset(struct arena *arena);
/* Zeroed memory aligned for any type; bytes may be 0. */
void *arena_alloc(struct arena *arena, size_t bytes) __attribute__((malloc, returns_nonnull));
/* An array of zeroed elements; aborts on overflow of count * size. */
void *arena_array(struct arena *arena, size_t count, size_t size)
    __attribute__((malloc, returns_nonnull));
char *arena_text(struct arena *arena, const char *text);
/* Copies `bytes` bytes and ends them with a zero byte. */
char *arena_bytes(struct arena *arena, const void *data, size_t bytes);
char *arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *arena, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));
/* How many bytes were handed out since creation or reset. */
size_t arena_used_bytes(const struct arena *arena);

/* Cleanup for SCOPED(arena): `SCOPED(arena) arena = arena_create();` frees it at the block's end.
 */
void arena_scoped(struct arena **arena);
#define SCOPED_ARENA __attribute__((cleanup(arena_scoped))) struct arena *
