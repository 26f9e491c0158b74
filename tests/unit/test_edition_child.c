/* Under which edition a child begins: whether parent and child understand each other. */
#include "engine_rig.h"
#include "matter/record.h"

/* The effect of parent.send that opens the child. */
static const struct rules_effect *opening(const struct rulebook *book)
{
    return &rules_action(rules_procedure(book, "parent"), "send")->effects[0];
}

static const struct rulebook *load_changed(struct ctx *ctx, struct rulebook **ret_book,
                                           const char *file, const char *find, const char *replace)
{
    const char *folder = book_write(ctx, file, find, replace);
    enum fault fault = rules_load(ctx, folder, ret_book);
    if (fault != FAULT_NONE) {
        fail_msg("%s", ctx->note);
    }
    check_folder_remove(folder);
    return *ret_book;
}

/* What a new edition may change of the child, and what keeps the child under the old one. */
static void what_fits(void **state)
{
    (void)state;
    static const struct {
        const char *what, *find, *replace;
        bool fits;
    } rows[] = {
        {"nothing", "prefix: ZI", "prefix: ZI", true},
        {"another period", "within: 2wd", "within: 4wd", true},
        {"another name of the procedure", "label: {zh: 子, en: Child}", "label: {zh: 女, en: Kid}",
         true},
    };
    CHECK_CTX(ctx);
    struct rulebook *old = NULL;
    (void)load_changed(&ctx, &old, NULL, NULL, NULL);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct rulebook *new = NULL;
        (void)load_changed(&ctx, &new, "procedures/child.yaml", rows[i].find, rows[i].replace);
        bool fits = edition_fits(rules_procedure(old, "parent"), opening(old),
                                 rules_procedure(new, "child"));
        if (fits != rows[i].fits) {
            fail_msg("%s", rows[i].what);
        }
        rules_destroy(new);
    }
    rules_destroy(old);
}

/* Whole books that differ can't be made by one change and still be good: loaded ones are bent. */
static void what_does_not_fit(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct rulebook *old = NULL;
    struct rulebook *new = NULL;
    (void)load_changed(&ctx, &old, NULL, NULL, NULL);
    (void)load_changed(&ctx, &new, NULL, NULL, NULL);
    const struct rules_procedure *parent = rules_procedure(old, "parent");
    const struct rules_effect *effect = opening(old);
    struct rules_procedure child = *rules_procedure(new, "child");
    assert_true(edition_fits(parent, effect, &child));
    assert_false(edition_fits(parent, effect, NULL));
    /* The fact that the parent hands on, its part, the start. */
    struct rules_fact fact = child.facts[0];
    fact.code = "heading";
    struct rules_procedure bent = child;
    bent.facts = &fact;
    assert_false(edition_fits(parent, effect, &bent));
    struct rules_party party = child.parties[0];
    party.code = "giver";
    bent = child;
    bent.parties = &party;
    assert_false(edition_fits(parent, effect, &bent));
    struct rules_action actions[2] = {child.actions[0], child.actions[1]};
    bent = child;
    bent.actions = actions;
    actions[0].code = "come";
    assert_false(edition_fits(parent, effect, &bent));
    actions[0] = child.actions[0];
    actions[0].starts = false;
    assert_false(edition_fits(parent, effect, &bent));
    /* What the child asks of its parent: optional may come to nothing, required may not. */
    actions[0] = child.actions[0];
    struct rules_effect back = child.actions[1].effects[0];
    actions[1].effects = &back;
    back.action = "finish";
    assert_true(edition_fits(parent, effect, &bent));
    back.optional = false;
    assert_false(edition_fits(parent, effect, &bent));
    back.action = "close";
    assert_true(edition_fits(parent, effect, &bent));
    /* Its clock starts with an action of the parent. */
    struct rules_anchor anchor = child.deadlines[0].from[0];
    struct rules_deadline deadline = child.deadlines[0];
    deadline.from = &anchor;
    bent = child;
    bent.deadlines = &deadline;
    anchor.action = "dispatch";
    assert_false(edition_fits(parent, effect, &bent));
    rules_destroy(old);
    rules_destroy(new);
}

/* Through the engine: the parent is old, the child begins under what is in force. */
static void a_child_begins_under_the_edition_in_force(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct rig rig;
    rig_open(&rig, &ctx);
    const char *folder = book_write(&ctx, "procedures/child.yaml", "within: 2wd", "within: 4wd");
    assert_int_equal(rig_adopt(&rig, &ctx, folder, "2021-10-08", false), FAULT_NONE);
    check_folder_remove(folder);
    const struct rulebook *first = editions_at(rig.office.editions, 0)->book;
    const struct rulebook *second = editions_at(rig.office.editions, 1)->book;
    struct matter matter = {.procedure = rules_procedure(first, "parent")};
    struct performing p = {.office = &rig.office, .ctx = &ctx, .matter = &matter};
    ctx.now_ms = at("2021-10-07T23:59");
    assert_ptr_equal(edition_of_child(&p, opening(first)), rules_procedure(first, "child"));
    ctx.now_ms = at("2021-10-08T00:00");
    assert_ptr_equal(edition_of_child(&p, opening(first)), rules_procedure(second, "child"));
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_fits),
        cmocka_unit_test(what_does_not_fit),
        cmocka_unit_test(a_child_begins_under_the_edition_in_force),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
