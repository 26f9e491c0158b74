/* The one predicate under which matters are read, for every kind of actor. */
#include "people_rig.h"

/* Matters 1 to 4 of our region: seen by supervisor and water, by water, by roads, by nobody; matter
 * 5 of the other region is seen by its supervisor and water. */
static enum fault add_matters(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    (void)arg;
    static const struct {
        int64_t region, id;
        const char *viewers[2];
    } rows[] = {{RIG_REGION, 1, {"supervisor", "water"}},
                {RIG_REGION, 2, {"water", NULL}},
                {RIG_REGION, 3, {"roads", NULL}},
                {RIG_REGION, 4, {NULL, NULL}},
                {OTHER_REGION, 5, {"supervisor", "water"}}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        enum fault fault = sql_run(
            tx, ctx,
            "INSERT INTO matter (region, id, reference, procedure, edition, state, final, title,"
            " version, restricted, created_ms, updated_ms, happened_ms, self_filed, paused, words)"
            " VALUES ($1, $2, $3, 'p', 'e', 's', 0, 't', 1, 0, 0, 0, 0, 0, 0, '')",
            SQL_ARGS(sql_int(rows[i].region), sql_int(rows[i].id),
                     sql_text(arena_printf(ctx->arena, "R%zu", i))),
            NULL);
        for (size_t k = 0; k < 2 && rows[i].viewers[k] != NULL && fault == FAULT_NONE; k++) {
            fault = sql_run(tx, ctx,
                            "INSERT INTO matter_viewer (region, org, matter) VALUES ($1, $2, $3)",
                            SQL_ARGS(sql_int(rows[i].region), sql_text(rows[i].viewers[k]),
                                     sql_int(rows[i].id)),
                            NULL);
        }
        if (fault != FAULT_NONE) {
            return fault;
        }
    }
    return FAULT_NONE;
}

static int start(void **state)
{
    if (rig_people_start(state) != 0) {
        return -1;
    }
    CHECK_CTX(ctx);
    return store_write(rig_store, &ctx, add_matters, NULL) == FAULT_NONE ? 0 : -1;
}

/* Masks of the matters seen, three ways. */
struct seen {
    unsigned listed, one, checked;
};

static enum fault look(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct seen *seen = arg;
    struct query query;
    *seen = (struct seen){0};
    query_init(&query, ctx->arena);
    query_add(&query, "SELECT m.id");
    people_visible_from(ctx->actor, &query);
    query_add(&query, " AND m.final = 0 ORDER BY m.id");
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = query_run(&query, ctx, tx, &rows);
    while (fault == FAULT_NONE && sql_next(rows)) {
        unsigned bit = 1u << sql_column_int(rows, 0);
        assert_int_equal(seen->listed & bit, 0); /* Each once. */
        seen->listed |= bit;
    }
    struct query other;
    query_init(&other, ctx->arena);
    query_add(&other, "SELECT x.id FROM matter x WHERE EXISTS (SELECT 1");
    people_visible_one(ctx->actor, &other, "x.id");
    query_add(&other, ")");
    SCOPED(sql_rows) found = NULL;
    fault = fault == FAULT_NONE ? query_run(&other, ctx, tx, &found) : fault;
    while (fault == FAULT_NONE && sql_next(found)) {
        seen->one |= 1u << sql_column_int(found, 0);
    }
    for (int64_t id = 1; id <= 6 && fault == FAULT_NONE; id++) {
        enum fault one = people_check_visible(ctx, tx, id);
        assert_true(one == FAULT_NONE || one == FAULT_NOT_FOUND);
        seen->checked |= one == FAULT_NONE ? 1u << id : 0;
    }
    return fault;
}

static void expect_seen(const struct actor *actor, unsigned expected)
{
    CHECK_CTX(ctx);
    struct seen seen;
    ctx.actor = actor;
    assert_int_equal(store_read(rig_store, &ctx, look, &seen), FAULT_NONE);
    assert_int_equal(seen.listed, expected);
    assert_int_equal(seen.one, expected);
    assert_int_equal(seen.checked, expected);
}

enum { M1 = 1 << 1, M2 = 1 << 2, M3 = 1 << 3, M4 = 1 << 4, M5 = 1 << 5 };

static const struct org supervisor = {.code = "supervisor", .kind = ORG_SUPERVISOR};
static const struct org water = {.code = "water", .kind = ORG_REGULATOR};
static const struct org nobody = {.code = "nobody", .kind = ORG_REGULATOR};

static void bodies_see_what_they_are_party_of(void **state)
{
    (void)state;
    static const enum role roles[] = {ROLE_HANDLER, ROLE_APPROVER, ROLE_HEAD, ROLE_ARCHIVIST};
    for (size_t i = 0; i < 4; i++) {
        struct actor actor = {
            .kind = ACTOR_ACCOUNT, .region = RIG_REGION, .org = &water, .roles = 1u << roles[i]};
        assert_true(people_reads_matters(&actor));
        expect_seen(&actor, M1 | M2);
        actor.org = &supervisor;
        expect_seen(&actor, M1);
        actor.org = &nobody;
        expect_seen(&actor, 0);
        actor.org = &supervisor;
        actor.region = OTHER_REGION;
        expect_seen(&actor, M5);
    }
}

static void administrators_see_nothing(void **state)
{
    (void)state;
    static const uint32_t masks[] = {0, 1u << ROLE_ORG_ADMIN, 1u << ROLE_SYSTEM_ADMIN,
                                     1u << ROLE_ORG_ADMIN | 1u << ROLE_SYSTEM_ADMIN};
    for (size_t i = 0; i < 4; i++) {
        struct actor actor = {
            .kind = ACTOR_ACCOUNT, .region = RIG_REGION, .org = &supervisor, .roles = masks[i]};
        assert_false(people_reads_matters(&actor));
        expect_seen(&actor, 0);
    }
    assert_false(people_reads_matters(NULL));
}

static void an_auditor_sees_the_region(void **state)
{
    (void)state;
    struct actor actor = {.kind = ACTOR_ACCOUNT,
                          .region = RIG_REGION,
                          .org = &supervisor,
                          .roles = 1u << ROLE_AUDITOR};
    assert_true(people_reads_matters(&actor));
    expect_seen(&actor, M1 | M2 | M3 | M4);
    actor.region = OTHER_REGION;
    expect_seen(&actor, M5);
}

static void a_code_sees_its_matter(void **state)
{
    (void)state;
    struct actor actor = {.kind = ACTOR_CODE, .region = RIG_REGION, .matter = 3};
    assert_true(people_reads_matters(&actor));
    expect_seen(&actor, M3);
    actor.matter = 5; /* Of another region. */
    expect_seen(&actor, 0);
    actor.matter = 0; /* Before it exists. */
    expect_seen(&actor, 0);
}

static void the_system_sees_its_region(void **state)
{
    (void)state;
    struct actor actor = {.kind = ACTOR_SYSTEM, .region = RIG_REGION};
    expect_seen(&actor, M1 | M2 | M3 | M4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bodies_see_what_they_are_party_of),
        cmocka_unit_test(administrators_see_nothing),
        cmocka_unit_test(an_auditor_sees_the_region),
        cmocka_unit_test(a_code_sees_its_matter),
        cmocka_unit_test(the_system_sees_its_region),
    };
    return cmocka_run_group_tests(tests, start, rig_people_stop);
}
