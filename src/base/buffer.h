#pragma once
/*
 * A growing run of bytes in an arena; always ends with a zero byte that is not counted. One thread
 * at a time, lives as long as its arena.
 */
#include "base/arena.h"

#include <stddef.h>
#include <stdint.h>

struct buffer {
    struct arena *arena;
    char *data;
    size_t count;
    size_t capacity;
};

void buffer_init(struct buffer *buffer, struct arena *arena);
void buffer_add(struct buffer *buffer, const void *data, size_t count);
void buffer_text(struct buffer *buffer, const char *text);
void buffer_char(struct buffer *buffer, char c);
void buffer_printf(struct buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
