#include "check.h"

#include <stdalign.h>

static void gives_zeroed_aligned_memory(void **state)
{
    (void)state;
    SCOPED_ARENA arena = arena_create();
    for (size_t bytes = 0; bytes < 600; bytes++) {
        unsigned char *piece = arena_alloc(arena, bytes);
        assert_int_equal((uintptr_t)piece % alignof(max_align_t), 0);
        for (size_t i = 0; i < bytes; i++) {
            assert_int_equal(piece[i], 0);
        }
        memset(piece, 0xA5, bytes);
    }
}

static void pieces_do_not_overlap(void **state)
{
    (void)state;
    enum { COUNT = 300 };
    SCOPED_ARENA arena = arena_create();
    unsigned char *pieces[COUNT];
    size_t sizes[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        /* Small ones, some of a whole block, some far larger. */
        sizes[i] = i % 50 == 49 ? 20000 : i % 20 == 19 ? 8192 : i * 7 % 100;
        pieces[i] = arena_alloc(arena, sizes[i]);
        memset(pieces[i], (int)(i & 255), sizes[i]);
    }
    for (size_t i = 0; i < COUNT; i++) {
        for (size_t k = 0; k < sizes[i]; k++) {
            assert_int_equal(pieces[i][k], i & 255);
        }
    }
}

static void memory_is_zero_again_after_reset(void **state)
{
    (void)state;
    SCOPED_ARENA arena = arena_create();
    for (unsigned round = 0; round < 3; round++) {
        unsigned char *small = arena_alloc(arena, 1000);
        unsigned char *large = arena_alloc(arena, 100000);
        for (size_t i = 0; i < 1000; i++) {
            assert_int_equal(small[i], 0);
        }
        memset(small, 1, 1000);
        memset(large, 1, 100000);
        assert_int_equal(arena_used_bytes(arena), 101000);
        arena_reset(arena);
        assert_int_equal(arena_used_bytes(arena), 0);
    }
}

static void copies_text_and_bytes(void **state)
{
    (void)state;
    SCOPED_ARENA arena = arena_create();
    char own[] = "围标";
    char *copy = arena_text(arena, own);
    own[0] = 'x';
    assert_string_equal(copy, "围标");
    char *bytes = arena_bytes(arena, "a\0b", 3);
    assert_memory_equal(bytes, "a\0b\0", 4);
    assert_string_equal(arena_bytes(arena, NULL, 0), "");
}

static void formats_text_of_any_length(void **state)
{
    (void)state;
    SCOPED_ARENA arena = arena_create();
    char *text = arena_printf(arena, "%s-%d-%5000d", "事项", 7, 8);
    assert_int_equal(strlen(text), 6 + 3 + 5000);
    assert_int_equal(text[strlen(text) - 1], '8');
    assert_string_equal(arena_printf(arena, "%s", ""), "");
}

static void scoped_arena_is_cleared(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    arena_scoped(&arena);
    assert_null(arena);
    arena_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_zeroed_aligned_memory),
        cmocka_unit_test(pieces_do_not_overlap),
        cmocka_unit_test(memory_is_zero_again_after_reset),
        cmocka_unit_test(copies_text_and_bytes),
        cmocka_unit_test(formats_text_of_any_length),
        cmocka_unit_test(scoped_arena_is_cleared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
