/* How often a key may try; the time is the ctx's. */
#include "check.h"
#include "people/people.h"

enum { WINDOW_MS = 600000 };

static void as_many_as_the_limit_then_no_more(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct rate_limiter *limiter = rate_limiter_create(3, WINDOW_MS);
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(rate_limiter_try(limiter, &ctx, "a"), FAULT_NONE);
    }
    assert_int_equal(rate_limiter_try(limiter, &ctx, "a"), FAULT_RATE_LIMITED);
    assert_string_equal(ctx.note, "Too many attempts; wait 10 minutes.");
    assert_int_equal(rate_limiter_try(limiter, &ctx, "b"), FAULT_NONE);
    rate_limiter_destroy(limiter);
    rate_limiter_destroy(NULL);
}

static void the_window_ends(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct rate_limiter *limiter = rate_limiter_create(2, WINDOW_MS);
    assert_int_equal(rate_limiter_try(limiter, &ctx, "a"), FAULT_NONE);
    ctx.now_ms += WINDOW_MS - 1;
    assert_int_equal(rate_limiter_try(limiter, &ctx, "a"), FAULT_NONE);
    assert_int_equal(rate_limiter_try(limiter, &ctx, "a"), FAULT_RATE_LIMITED);
    ctx.now_ms += 1;
    assert_int_equal(rate_limiter_try(limiter, &ctx, "a"), FAULT_NONE);
    /* A clock set back does not lock anybody out for longer than a window. */
    ctx.now_ms -= 10LL * WINDOW_MS;
    assert_int_equal(rate_limiter_try(limiter, &ctx, "a"), FAULT_NONE);
    assert_int_equal(rate_limiter_try(limiter, &ctx, "a"), FAULT_NONE);
    assert_int_equal(rate_limiter_try(limiter, &ctx, "a"), FAULT_RATE_LIMITED);
    rate_limiter_destroy(limiter);
}

static void a_key_can_be_forgotten(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct rate_limiter *limiter = rate_limiter_create(1, WINDOW_MS);
    assert_int_equal(rate_limiter_try(limiter, &ctx, "a"), FAULT_NONE);
    rate_limiter_clear(limiter, "b");
    assert_int_equal(rate_limiter_try(limiter, &ctx, "a"), FAULT_RATE_LIMITED);
    rate_limiter_clear(limiter, "a");
    assert_int_equal(rate_limiter_try(limiter, &ctx, "a"), FAULT_NONE);
    rate_limiter_destroy(limiter);
}

/* A flood of keys takes no memory and never keeps a new key from its tries. */
static void a_flood_of_keys(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct rate_limiter *limiter = rate_limiter_create(1, WINDOW_MS);
    for (unsigned i = 0; i < 20000; i++) {
        char key[32];
        (void)snprintf(key, sizeof key, "10.0.%u.%u", i / 256, i % 256);
        assert_int_equal(rate_limiter_try(limiter, &ctx, key), FAULT_NONE);
        assert_int_equal(rate_limiter_try(limiter, &ctx, key), FAULT_RATE_LIMITED);
    }
    rate_limiter_destroy(limiter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_many_as_the_limit_then_no_more),
        cmocka_unit_test(the_window_ends),
        cmocka_unit_test(a_key_can_be_forgotten),
        cmocka_unit_test(a_flood_of_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
