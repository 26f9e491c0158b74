/* Accounts, sessions, the directory. */
#include "people_rig.h"

struct made {
    int64_t account;
    struct session_make session;
};

static enum fault make_account(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct made *made = arg;
    const struct new_account account = {.login = "zhang",
                                        .name = "张三",
                                        .org = "water",
                                        .password_hash = "h",
                                        .roles = 1u << ROLE_HANDLER | 1u << ROLE_HEAD};
    return people_account_add(ctx, tx, RIG_REGION, &account, &made->account);
}

static enum fault sign_in(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct made *made = arg;
    made->session = (struct session_make){.region = RIG_REGION, .account = made->account};
    return people_session_make(ctx, tx, &made->session);
}

struct asking {
    const char *token;
    const struct directory *directory;
    struct actor *ret_actor;
};

static enum fault ask(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct asking *asking = arg;
    return people_session_actor(ctx, tx, asking->directory, asking->token, &asking->ret_actor);
}

static enum fault load_directory(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct directory **ret_directory = arg;
    return people_directory_load(ctx, tx, RIG_REGION, ret_directory);
}

static void a_session_from_sign_in_to_its_end(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct made made = {0};
    struct directory *directory = NULL;
    assert_int_equal(store_write(rig_store, &ctx, make_account, &made), FAULT_NONE);
    assert_int_equal(store_write(rig_store, &ctx, make_account, &made), FAULT_DUPLICATE);
    assert_int_equal(store_write(rig_store, &ctx, sign_in, &made), FAULT_NONE);
    assert_int_equal(strlen(made.session.ret_token), SESSION_TOKEN_TEXT - 1);
    assert_int_equal(store_read(rig_store, &ctx, load_directory, &directory), FAULT_NONE);
    struct asking asking = {.token = made.session.ret_token, .directory = directory};
    assert_int_equal(store_read(rig_store, &ctx, ask, &asking), FAULT_NONE);
    assert_int_equal(asking.ret_actor->kind, ACTOR_ACCOUNT);
    assert_int_equal(asking.ret_actor->account, made.account);
    assert_string_equal(asking.ret_actor->name, "张三");
    assert_string_equal(asking.ret_actor->org->code, "water");
    assert_int_equal(asking.ret_actor->roles, 1u << ROLE_HANDLER | 1u << ROLE_HEAD);
    assert_string_equal(asking.ret_actor->csrf, made.session.ret_csrf);
    /* To the last moment, and not after. */
    int64_t start_ms = ctx.now_ms;
    ctx.now_ms = start_ms + (int64_t)SESSION_HOURS * 3600000 - 1;
    assert_int_equal(store_read(rig_store, &ctx, ask, &asking), FAULT_NONE);
    ctx.now_ms += 1;
    assert_int_equal(store_read(rig_store, &ctx, ask, &asking), FAULT_UNAUTHENTICATED);
    ctx.now_ms = start_ms;
    assert_int_equal(store_write(rig_store, &ctx, people_session_end, made.session.ret_token),
                     FAULT_NONE);
    assert_int_equal(store_read(rig_store, &ctx, ask, &asking), FAULT_UNAUTHENTICATED);
    people_directory_destroy(directory);
}

static void other_tokens_are_nobodys(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct directory *directory = NULL;
    assert_int_equal(store_read(rig_store, &ctx, load_directory, &directory), FAULT_NONE);
    static const char *const tokens[] = {
        "", "x", "' OR 1=1 --", "0000000000000000000000000000000000000000000000000000000000000000"};
    for (size_t i = 0; i < sizeof tokens / sizeof tokens[0]; i++) {
        struct asking asking = {.token = tokens[i], .directory = directory};
        assert_int_equal(store_read(rig_store, &ctx, ask, &asking), FAULT_UNAUTHENTICATED);
        assert_null(asking.ret_actor);
    }
    people_directory_destroy(directory);
}

static void the_directory(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct directory *directory = NULL;
    assert_int_equal(store_read(rig_store, &ctx, load_directory, &directory), FAULT_NONE);
    assert_int_equal(directory->orgs_count, 4); /* And the public. */
    assert_string_equal(directory_org(directory, "water")->sector, "water");
    assert_true(directory_org(directory, "water")->user);
    assert_false(directory_org(directory, "roads")->user);
    assert_int_equal(directory_org(directory, ORG_CODE_PUBLIC)->kind, ORG_PUBLIC);
    assert_null(directory_org(directory, "x"));
    assert_null(directory_org(directory, NULL));
    assert_string_equal(directory_only(directory, ORG_SUPERVISOR)->code, "supervisor");
    assert_null(directory_only(directory, ORG_REGULATOR)); /* Two. */
    assert_null(directory_only(directory, ORG_POLICE));
    people_directory_destroy(directory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_session_from_sign_in_to_its_end),
        cmocka_unit_test(other_tokens_are_nobodys),
        cmocka_unit_test(the_directory),
    };
    return cmocka_run_group_tests(tests, rig_people_start, rig_people_stop);
}
