#include "base/buffer.h"

#include <assert.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

void buffer_init(struct buffer *buffer, struct arena *arena)
{
    *buffer = (struct buffer){.arena = arena, .capacity = 256};
    buffer->data = arena_alloc(arena, buffer->capacity);
}

static void reserve(struct buffer *buffer, size_t extra)
{
    assert(extra < SIZE_MAX / 4 && buffer->count < SIZE_MAX / 4);
    if (buffer->count + extra + 1 <= buffer->capacity) {
        return;
    }
    size_t capacity = buffer->capacity * 2;
    if (capacity < buffer->count + extra + 1) {
        capacity = buffer->count + extra + 1;
    }
    char *data = arena_alloc(buffer->arena, capacity);
    memcpy(data, buffer->data, buffer->count);
    buffer->data = data;
    buffer->capacity = capacity;
}

void buffer_add(struct buffer *buffer, const void *data, size_t count)
{
    reserve(buffer, count);
    if (count > 0) {
        memcpy(buffer->data + buffer->count, data, count);
    }
    buffer->count += count;
    buffer->data[buffer->count] = 0;
}

void buffer_text(struct buffer *buffer, const char *text)
{
    buffer_add(buffer, text, strlen(text));
}

void buffer_char(struct buffer *buffer, char c)
{
    buffer_add(buffer, &c, 1);
}

void buffer_printf(struct buffer *buffer, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *text = arena_vprintf(buffer->arena, format, args);
    va_end(args);
    buffer_text(buffer, text);
}
