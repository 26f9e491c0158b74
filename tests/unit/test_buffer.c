#include "base/buffer.h"
#include "check.h"

static void grows_and_keeps_all(void **state)
{
    (void)state;
    SCOPED_ARENA arena = arena_create();
    struct buffer buffer;
    buffer_init(&buffer, arena);
    assert_string_equal(buffer.data, "");
    for (unsigned i = 0; i < 10000; i++) {
        buffer_char(&buffer, (char)('a' + i % 26));
        assert_int_equal(buffer.count, i + 1);
        assert_int_equal(buffer.data[buffer.count], 0);
    }
    for (unsigned i = 0; i < 10000; i++) {
        assert_int_equal(buffer.data[i], 'a' + i % 26);
    }
}

static void takes_bytes_texts_and_formats(void **state)
{
    (void)state;
    SCOPED_ARENA arena = arena_create();
    struct buffer buffer;
    buffer_init(&buffer, arena);
    buffer_add(&buffer, "a\0b", 3);
    buffer_add(&buffer, NULL, 0);
    buffer_text(&buffer, "");
    buffer_text(&buffer, "串标");
    buffer_printf(&buffer, "%03d|%s", 7, "x");
    assert_int_equal(buffer.count, 3 + 6 + 5);
    assert_memory_equal(buffer.data, "a\0b串标007|x", 15);
}

static void takes_a_piece_larger_than_twice_itself(void **state)
{
    (void)state;
    SCOPED_ARENA arena = arena_create();
    struct buffer buffer;
    buffer_init(&buffer, arena);
    char *large = arena_alloc(arena, 100000);
    memset(large, 'q', 99999);
    buffer_text(&buffer, "head");
    buffer_text(&buffer, large);
    assert_int_equal(buffer.count, 4 + 99999);
    assert_memory_equal(buffer.data, "headq", 5);
    assert_int_equal(buffer.data[buffer.count - 1], 'q');
    assert_int_equal(buffer.data[buffer.count], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grows_and_keeps_all),
        cmocka_unit_test(takes_bytes_texts_and_formats),
        cmocka_unit_test(takes_a_piece_larger_than_twice_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
