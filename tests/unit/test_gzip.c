#include "base/gzip.h"
#include "check.h"

#include <zlib.h>

static void comes_back_as_it_was(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct {
        size_t count;
        const char *data;
    } texts[] = {{0, ""}, {3, "abc"}, {100000, memset(malloc(100000), 'x', 100000)}};
    for (size_t i = 0; i < 3; i++) {
        size_t made_count = 0;
        void *made = gzip_of(ctx.arena, texts[i].data, texts[i].count, &made_count);
        unsigned char *back = arena_alloc(ctx.arena, texts[i].count + 1);
        z_stream stream = {.next_in = made,
                           .avail_in = (unsigned)made_count,
                           .next_out = back,
                           .avail_out = (unsigned)texts[i].count + 1};
        assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
        assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
        assert_int_equal(stream.total_out, texts[i].count);
        assert_memory_equal(back, texts[i].data, texts[i].count);
        assert_int_equal(inflateEnd(&stream), Z_OK);
        assert_true(texts[i].count < 1000 || made_count < 1000);
    }
    free((void *)(uintptr_t)texts[2].data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(comes_back_as_it_was)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
