/* Who waits is woken by a ring after a mark, not by a ring alone, and always by the end. */
#include "base/bell.h"
#include "base/clock.h"
#include "check.h"

#include <pthread.h>

enum { LONG_MS = 60 * 1000 };

static int64_t wait_us(struct bell *bell, int64_t most_ms, bool *ret_going_on)
{
    int64_t from_us = clock_monotonic_us();
    *ret_going_on = bell_wait(bell, most_ms);
    return clock_monotonic_us() - from_us;
}

static void a_ring_after_a_mark_is_heard(void **state)
{
    (void)state;
    struct bell *bell = bell_create();
    bool going_on = false;
    bell_mark(bell);
    bell_ring(bell);
    assert_true(wait_us(bell, LONG_MS, &going_on) < 1000 * 1000);
    assert_true(going_on);
    /* The mark is still fresh: any commit after it may have been the marked one. */
    bell_ring(bell);
    assert_true(wait_us(bell, LONG_MS, &going_on) < 1000 * 1000);
    bell_destroy(bell);
    bell_destroy(NULL);
}

static void a_ring_without_a_mark_is_not(void **state)
{
    (void)state;
    struct bell *bell = bell_create();
    bool going_on = false;
    bell_ring(bell);
    assert_true(wait_us(bell, 50, &going_on) >= 50 * 1000);
    assert_true(going_on);
    bell_destroy(bell);
}

/* A commit of another process rings no bell here: a fresh mark makes the waiter look. */
static void a_mark_alone_is_looked_after(void **state)
{
    (void)state;
    struct bell *bell = bell_create();
    bool going_on = false;
    bell_mark(bell);
    assert_true(wait_us(bell, LONG_MS, &going_on) < 5 * 1000 * 1000);
    assert_true(going_on);
    bell_destroy(bell);
}

static void *ring(void *bell)
{
    bell_mark(bell);
    bell_ring(bell);
    return NULL;
}

static void *stop(void *bell)
{
    bell_stop(bell);
    return NULL;
}

static void another_thread_wakes_and_ends_it(void **state)
{
    (void)state;
    struct bell *bell = bell_create();
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, ring, bell), 0);
    assert_true(bell_wait(bell, LONG_MS));
    (void)pthread_join(thread, NULL);
    assert_int_equal(pthread_create(&thread, NULL, stop, bell), 0);
    while (bell_wait(bell, LONG_MS)) {
    }
    (void)pthread_join(thread, NULL);
    assert_false(bell_wait(bell, LONG_MS));
    bell_destroy(bell);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ring_after_a_mark_is_heard),
        cmocka_unit_test(a_ring_without_a_mark_is_not),
        cmocka_unit_test(a_mark_alone_is_looked_after),
        cmocka_unit_test(another_thread_wakes_and_ends_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
