/* Accounts after they were made: password, roles, lock, and what becomes of their sessions. */
#include "people_rig.h"

static enum fault make_account(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    const struct new_account account = {.login = "li",
                                        .name = "李四",
                                        .org = "water",
                                        .password_hash = "first",
                                        .roles = 1u << ROLE_HANDLER};
    return people_account_add(ctx, tx, RIG_REGION, &account, arg);
}

static enum fault sign_in(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    return people_session_make(ctx, tx, arg);
}

static enum fault count_sessions(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_one(tx, ctx, "SELECT count(*) FROM session", SQL_NO_ARGS, &rows);
    *(int64_t *)arg = fault == FAULT_NONE ? sql_column_int(rows, 0) : -1;
    return fault;
}

static int64_t sessions(struct ctx *ctx)
{
    int64_t count = -1;
    assert_int_equal(store_read(rig_store, ctx, count_sessions, &count), FAULT_NONE);
    return count;
}

static enum fault credentials_of(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    return people_credentials(ctx, tx, arg);
}

struct listing {
    struct account_row *rows;
    size_t count;
};

static enum fault list(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct listing *listing = arg;
    return people_accounts(ctx, tx, RIG_REGION, &listing->rows, &listing->count);
}

static void a_changed_password_ends_the_other_sessions(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    int64_t id = 0;
    assert_int_equal(store_write(rig_store, &ctx, make_account, &id), FAULT_NONE);
    struct session_make here = {.region = RIG_REGION, .account = id};
    struct session_make elsewhere = here;
    assert_int_equal(store_write(rig_store, &ctx, sign_in, &here), FAULT_NONE);
    assert_int_equal(store_write(rig_store, &ctx, sign_in, &elsewhere), FAULT_NONE);
    assert_int_equal(sessions(&ctx), 2);
    struct account_change change = {.region = RIG_REGION,
                                    .login = "li",
                                    .password_hash = "second",
                                    .active = -1,
                                    .keep_token = here.ret_token};
    assert_int_equal(store_write(rig_store, &ctx, people_account_change, &change), FAULT_NONE);
    assert_int_equal(sessions(&ctx), 1);
    struct credentials found = {.region = RIG_REGION, .login = "li"};
    assert_int_equal(store_read(rig_store, &ctx, credentials_of, &found), FAULT_NONE);
    assert_string_equal(found.ret_hash, "second");
}

static void a_lock_ends_all_and_hides_the_login(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct account_change change = {.region = RIG_REGION, .login = "li", .active = 0};
    assert_int_equal(store_write(rig_store, &ctx, people_account_change, &change), FAULT_NONE);
    assert_int_equal(sessions(&ctx), 0);
    struct credentials found = {.region = RIG_REGION, .login = "li"};
    assert_int_equal(store_read(rig_store, &ctx, credentials_of, &found), FAULT_NONE);
    assert_int_equal(found.ret_account, 0);
    change.active = 1;
    change.roles = 1u << ROLE_APPROVER | 1u << ROLE_ARCHIVIST;
    assert_int_equal(store_write(rig_store, &ctx, people_account_change, &change), FAULT_NONE);
    struct listing listing = {.count = 0};
    assert_int_equal(store_read(rig_store, &ctx, list, &listing), FAULT_NONE);
    assert_int_equal(listing.count, 1);
    assert_string_equal(listing.rows[0].login, "li");
    assert_string_equal(listing.rows[0].name, "李四");
    assert_true(listing.rows[0].active);
    assert_int_equal(listing.rows[0].roles, 1u << ROLE_APPROVER | 1u << ROLE_ARCHIVIST);
}

static void nobody_is_not_found(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct account_change change = {.region = RIG_REGION, .login = "nobody", .active = 0};
    assert_int_equal(store_write(rig_store, &ctx, people_account_change, &change), FAULT_NOT_FOUND);
    /* Another region's account is nobody's here. */
    change = (struct account_change){.region = OTHER_REGION, .login = "li", .active = 0};
    assert_int_equal(store_write(rig_store, &ctx, people_account_change, &change), FAULT_NOT_FOUND);
}

static void passwords_that_will_not_do(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    static const struct {
        const char *password;
        enum fault fault;
    } rows[] = {{"", FAULT_INVALID_FIELD},
                {"123456789", FAULT_INVALID_FIELD},
                {"1234567890", FAULT_NONE},
                {"一二三四五六七八九", FAULT_INVALID_FIELD},
                {"一二三四五六七八九十", FAULT_NONE},
                {"zhangsan-water", FAULT_INVALID_FIELD}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(people_password_good(&ctx, "new", "zhangsan-water", rows[i].password),
                         rows[i].fault);
    }
    char *longest = memset(arena_alloc(ctx.arena, 202), 'x', 201);
    assert_int_equal(people_password_good(&ctx, "new", "li", longest), FAULT_INVALID_FIELD);
    longest[200] = 0;
    assert_int_equal(people_password_good(&ctx, "new", "li", longest), FAULT_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_changed_password_ends_the_other_sessions),
        cmocka_unit_test(a_lock_ends_all_and_hides_the_login),
        cmocka_unit_test(nobody_is_not_found),
        cmocka_unit_test(passwords_that_will_not_do),
    };
    return cmocka_run_group_tests(tests, rig_people_start, rig_people_stop);
}
