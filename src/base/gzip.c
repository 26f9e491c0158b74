#include "base/gzip.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <zlib.h>

enum { GZIP_WINDOW = 15 + 16 }; /* 16 asks for the gzip header. */

void *gzip_of(struct arena *arena, const void *data, size_t count, size_t *ret_count)
{
    z_stream stream = {.zalloc = NULL};
    if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, GZIP_WINDOW, 9, Z_DEFAULT_STRATEGY) !=
        Z_OK) {
        abort(); /* No memory. */
    }
    size_t room = deflateBound(&stream, count);
    unsigned char *made = arena_alloc(arena, room);
    /* zlib only reads it. */
    stream.next_in = (unsigned char *)(uintptr_t)data;
    stream.avail_in = (unsigned)count;
    stream.next_out = made;
    stream.avail_out = (unsigned)room;
    int end = deflate(&stream, Z_FINISH);
    assert(end == Z_STREAM_END);
    *ret_count = stream.total_out;
    (void)deflateEnd(&stream);
    return made;
}
