#include "typeset/write.h"

#include <stdlib.h>
#include <zlib.h>

void deflate_add(struct buffer *out, const void *data, size_t count, bool raw)
{
    z_stream stream = {0};
    if (deflateInit2(&stream, 6, Z_DEFLATED, raw ? -15 : 15, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
        abort(); /* No memory. */
    }
    uLong bound = deflateBound(&stream, count);
    unsigned char *room = arena_alloc(out->arena, bound);
    stream.next_in = (z_const Bytef *)(uintptr_t)data;
    stream.avail_in = (uInt)count;
    stream.next_out = room;
    stream.avail_out = (uInt)bound;
    if (deflate(&stream, Z_FINISH) != Z_STREAM_END) {
        abort(); /* The bound was enough. */
    }
    buffer_add(out, room, stream.total_out);
    (void)deflateEnd(&stream);
}
