#include "base/id.h"
#include "base/random.h"
#include "check.h"

static const int64_t epoch_ms = 1577836800000; /* 2020-01-01T00:00:00Z */

static void ids_only_grow(void **state)
{
    (void)state;
    int64_t last = 0;
    for (unsigned i = 0; i < 100000; i++) {
        /* Time stands still, goes on, and even goes back. */
        int64_t id = id_make(1631868000000 + i / 1000 - (i % 5000 == 0 ? 1000 : 0));
        assert_true(id > last);
        last = id;
    }
    assert_true(id_make(0) > last);
}

static void the_time_is_in_the_id(void **state)
{
    (void)state;
    /* Later than any id made before, so the time decides. */
    int64_t now_ms = 1900000000000;
    assert_int_equal(id_make(now_ms) >> 21, now_ms - epoch_ms);
}

/* Within a millisecond ids follow one another: drifting to the top of the random part would bring
 * several programs together there. */
static void a_millisecond_is_filled_in_order(void **state)
{
    (void)state;
    int64_t first = id_make(1900000001000);
    for (int i = 1; i <= 1000; i++) {
        assert_int_equal(id_make(1900000001000), first + i);
    }
}

static void text_and_back(void **state)
{
    (void)state;
    static const struct {
        int64_t id;
        const char *text;
    } pairs[] = {{1, "0000000000001"},
                 {31, "000000000000z"},
                 {32, "0000000000010"},
                 {INT64_MAX, "7zzzzzzzzzzzz"}};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        char text[ID_TEXT];
        int64_t back = 0;
        id_format(pairs[i].id, text);
        assert_string_equal(text, pairs[i].text);
        assert_true(id_parse(text, &back));
        assert_int_equal(back, pairs[i].id);
    }
    for (int bit = 0; bit < 63; bit++) {
        char text[ID_TEXT];
        int64_t back = 0;
        id_format((int64_t)1 << bit, text);
        assert_true(id_parse(text, &back));
        assert_int_equal(back, (int64_t)1 << bit);
    }
    int64_t id = 0;
    assert_true(id_parse("7ZZZZZZZZZZZZ", &id));
    assert_int_equal(id, INT64_MAX);
}

static void refuses_other_texts(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "0000000000000",  /* zero */
                                      "8000000000000",  /* the sign */
                                      "zzzzzzzzzzzzz",  /* beyond 64 bits */
                                      "000000000001",   /* 12 */
                                      "00000000000001", /* 14 */
                                      "000000000000i",
                                      "000000000000l",
                                      "000000000000o",
                                      "000000000000u",
                                      "000000000000-",
                                      "00000000000 1",
                                      "00000000000\xE4\xB8",
                                      "-000000000001"};
    int64_t id = 77;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(id_parse(bad[i], &id));
        assert_int_equal(id, 77);
    }
}

int main(void)
{
    random_start();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_only_grow),
        cmocka_unit_test(the_time_is_in_the_id),
        cmocka_unit_test(a_millisecond_is_filled_in_order),
        cmocka_unit_test(text_and_back),
        cmocka_unit_test(refuses_other_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
