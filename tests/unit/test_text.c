#include "base/text.h"
#include "check.h"

static void accepts_valid_utf8(void **state)
{
    (void)state;
    static const char *const good[] = {"",
                                       "a",
                                       "\x7F",
                                       "\xC2\x80",
                                       "é",
                                       "\xDF\xBF",
                                       "\xE0\xA0\x80",
                                       "围标",
                                       "\xED\x9F\xBF",
                                       "\xEE\x80\x80",
                                       "\xEF\xBF\xBF",
                                       "\xF0\x90\x80\x80",
                                       "\xF4\x8F\xBF\xBF",
                                       "𠮷"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_true(text_is_utf8(good[i], strlen(good[i])));
    }
}

static void refuses_what_is_not_utf8(void **state)
{
    (void)state;
    static const char *const bad[] = {"\x80",
                                      "a\xBF",
                                      "\xC0\x80",
                                      "\xC1\xBF",
                                      "\xC2",
                                      "\xC2\x41",
                                      "\xE0\x9F\xBF",
                                      "\xE4\xB8",
                                      "\xED\xA0\x80",
                                      "\xED\xBF\xBF",
                                      "\xF0\x8F\xBF\xBF",
                                      "\xF4\x90\x80\x80",
                                      "\xF5\x80\x80\x80",
                                      "\xFF",
                                      "\xF0\x90\x80",
                                      "\xE4\xB8\xADx\xFE"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(text_is_utf8(bad[i], strlen(bad[i])));
    }
    assert_false(text_is_utf8("a\0b", 3));
    /* A sequence cut by the given count, though more bytes follow. */
    assert_false(text_is_utf8("中", 2));
}

static void counts_and_walks_characters(void **state)
{
    (void)state;
    const char *text = "a é 中𠮷";
    static const uint32_t points[] = {'a', ' ', 0xE9, ' ', 0x4E2D, 0x20BB7, 0};
    assert_int_equal(text_length(text), 6);
    for (size_t i = 0; i < sizeof points / sizeof points[0]; i++) {
        assert_int_equal(text_next(&text), points[i]);
    }
    assert_int_equal(text_next(&text), 0);
    assert_int_equal(*text, 0);
}

static void compares(void **state)
{
    (void)state;
    assert_true(text_equal("ab", "ab"));
    assert_false(text_equal("ab", "abc"));
    assert_true(text_equal(NULL, NULL));
    assert_false(text_equal(NULL, ""));
    assert_false(text_equal("", NULL));
    assert_true(text_starts("parent.accept", "parent."));
    assert_true(text_starts("x", ""));
    assert_false(text_starts("par", "parent."));
}

static void finds_control_characters(void **state)
{
    (void)state;
    static const char *const bad[] = {"a\x01",  "\r",       "\x1B[0m", "\x7F",  "\xC2\x85",
                                      "\u202A", "x\u202Ey", "\u2066",  "\u2069"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_true(text_has_control(bad[i]));
    }
    assert_false(text_has_control(""));
    assert_false(text_has_control("一\t二\n三"));
    assert_false(text_has_control("\u2029\u202F\u2065\u00A0"));
    assert_true(text_has_control("\uFFFE"));
    assert_true(text_has_control("\uFFFF"));
    assert_true(text_has_control("\uFDD0"));
    assert_true(text_has_control("\U0010FFFF"));
    assert_false(text_has_control("\uFFFD\uFDCF\uFDF0\U0001FFFD"));
}

static void reads_whole_numbers(void **state)
{
    (void)state;
    int64_t value = 77;
    assert_true(text_to_int("0", 0, 10, &value));
    assert_int_equal(value, 0);
    assert_true(text_to_int("-12", -20, 10, &value));
    assert_int_equal(value, -12);
    assert_true(text_to_int("9223372036854775807", 0, INT64_MAX, &value));
    assert_int_equal(value, INT64_MAX);
    assert_true(text_to_int("-9223372036854775808", INT64_MIN, 0, &value));
    assert_int_equal(value, INT64_MIN);
    static const char *const bad[] = {"",    "-",   "+1",  " 1", "1 ", "1.0",
                                      "0x1", "--1", "1e3", "11", "-1", "9223372036854775808",
                                      "１"};
    value = 77;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(text_to_int(bad[i], 0, 10, &value));
    }
    assert_false(text_to_int("9223372036854775808", 0, INT64_MAX, &value));
    assert_int_equal(value, 77);
}

static void writes_and_reads_hex(void **state)
{
    (void)state;
    static const uint8_t bytes[] = {0x00, 0x0F, 0xA5, 0xFF};
    char hex[9];
    uint8_t back[4] = {0};
    text_hex(bytes, 4, hex);
    assert_string_equal(hex, "000fa5ff");
    assert_true(text_unhex("000FA5ff", back, 4));
    assert_memory_equal(back, bytes, 4);
    assert_false(text_unhex("000fa5f", back, 4));
    assert_false(text_unhex("000fa5ff0", back, 4));
    assert_false(text_unhex("000fa5fg", back, 4));
    assert_false(text_unhex("000fa5f ", back, 4));
    assert_true(text_unhex("", back, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accepts_valid_utf8),          cmocka_unit_test(refuses_what_is_not_utf8),
        cmocka_unit_test(counts_and_walks_characters), cmocka_unit_test(compares),
        cmocka_unit_test(finds_control_characters),    cmocka_unit_test(reads_whole_numbers),
        cmocka_unit_test(writes_and_reads_hex),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
