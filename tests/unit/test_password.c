/* Passwords: hashed with their parameters, checked, limited to two at a time. */
#include "base/random.h"
#include "check.h"
#include "people/people.h"

#include <pthread.h>
#include <stdatomic.h>

static void a_hash_belongs_to_its_password(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    const char *hash = NULL;
    const char *again = NULL;
    bool right = false;
    assert_int_equal(people_password_hash(&ctx, "联动-2021", true, &hash), FAULT_NONE);
    assert_int_equal(people_password_hash(&ctx, "联动-2021", true, &again), FAULT_NONE);
    assert_ptr_equal(strstr(hash, "$argon2id$"), hash);
    assert_string_not_equal(hash, again); /* Salted. */
    assert_null(strstr(hash, "2021"));
    assert_int_equal(people_password_check(&ctx, hash, "联动-2021", &right), FAULT_NONE);
    assert_true(right);
    static const char *const wrong[] = {"", "联动-2022", "联动-2021 ", "联动-202", "LIANDONG-2021"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        right = true;
        assert_int_equal(people_password_check(&ctx, hash, wrong[i], &right), FAULT_NONE);
        assert_false(right);
    }
}

static void the_strong_form_takes_its_memory(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    const char *hash = NULL;
    assert_int_equal(people_password_hash(&ctx, "x", false, &hash), FAULT_NONE);
    check_holds(hash, "$m=65536,t=2,p=1$");
}

static void nobody_has_no_password(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    bool right = true;
    assert_int_equal(people_password_check(&ctx, NULL, "x", &right), FAULT_NONE);
    assert_false(right);
    right = true;
    assert_int_equal(people_password_check(&ctx, "no hash", "x", &right), FAULT_NONE);
    assert_false(right);
}

enum { THREADS = 6 };
static _Atomic unsigned done;

static void *check_many(void *arg)
{
    (void)arg;
    SCOPED_ARENA arena = arena_create();
    struct ctx ctx;
    ctx_init(&ctx, arena, 0);
    for (unsigned i = 0; i < 3; i++) {
        const char *hash = NULL;
        bool right = false;
        /* Weak ones take a millisecond: nobody waits as long as two seconds. */
        if (people_password_hash(&ctx, "x", true, &hash) == FAULT_NONE &&
            people_password_check(&ctx, hash, "x", &right) == FAULT_NONE && right) {
            done++;
        }
    }
    return NULL;
}

static void many_at_once_all_get_their_turn(void **state)
{
    (void)state;
    pthread_t threads[THREADS];
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, check_many, NULL), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    assert_int_equal(done, THREADS * 3);
}

int main(void)
{
    random_start();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hash_belongs_to_its_password),
        cmocka_unit_test(the_strong_form_takes_its_memory),
        cmocka_unit_test(nobody_has_no_password),
        cmocka_unit_test(many_at_once_all_get_their_turn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
