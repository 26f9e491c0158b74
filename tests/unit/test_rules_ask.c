/* Looking up, conditions, competence. */
#include "rulebook_small.h"
#include "rules/rules.h"

static struct rulebook *the_book;

static int setup(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    const char *folder = book_write(&ctx, NULL, NULL, NULL);
    enum fault fault = rules_load(&ctx, folder, &the_book);
    check_folder_remove(folder);
    return fault == FAULT_NONE ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    rules_destroy(the_book);
    return 0;
}

static void look_ups_find_by_code_or_not(void **state)
{
    (void)state;
    const struct rules_procedure *parent = rules_procedure(the_book, "parent");
    assert_null(rules_procedure(the_book, "paren"));
    assert_null(rules_procedure(the_book, NULL));
    assert_null(rules_action(parent, ""));
    assert_null(rules_state(parent, "opened"));
    assert_null(rules_fact(parent, NULL));
    assert_null(rules_party(parent, "x"));
    assert_null(rules_deadline(parent, "x"));
    assert_null(rules_vocabulary(the_book, "x"));
    assert_null(rules_setting(the_book, "x"));
    const struct rules_vocabulary *grounds = rules_vocabulary(the_book, "grounds");
    assert_string_equal(rules_term(grounds, "crime")->label.en, "Crime");
    assert_int_equal(rules_term(grounds, "crime")->kinds, 1u << ORG_POLICE);
    assert_int_equal(rules_term(grounds, "funds")->kinds, 1u << ORG_FUND_PAYER);
    assert_int_equal(rules_term(grounds, "duty")->kinds, 0);
    assert_null(rules_term(grounds, "c"));
}

static void codes_of_the_tables(void **state)
{
    (void)state;
    for (unsigned i = 0; i < ORG_KINDS_COUNT; i++) {
        enum org_kind kind = ORG_KINDS_COUNT;
        assert_true(org_kind_parse(org_kind_code((enum org_kind)i), &kind));
        assert_int_equal(kind, i);
        assert_true(org_kind_label(kind)->zh[0] != 0 && org_kind_label(kind)->en[0] != 0);
    }
    for (unsigned i = 0; i < ROLES_COUNT; i++) {
        enum role role = ROLES_COUNT;
        assert_true(role_parse(role_code((enum role)i), &role));
        assert_int_equal(role, i);
        assert_true(role_label(role)->zh[0] != 0 && role_label(role)->en[0] != 0);
    }
    enum org_kind kind;
    enum role role;
    assert_false(org_kind_parse("Police", &kind));
    assert_false(role_parse("", &role));
    assert_string_equal(fact_type_code(FACT_CREDIT_CODE), "credit_code");
    assert_string_equal(strength_code(STRENGTH_TARGET), "target");
}

/* A matter for conditions: values by index of the fact. */
struct pretended {
    const char *values[8];
    uint64_t set_before;
    bool overdue;
    const char *open_child;
};

static const char *value_of(const void *matter, const struct rules_fact *fact)
{
    return ((const struct pretended *)matter)->values[fact->index];
}

static bool was_set(const void *matter, const struct rules_fact *fact)
{
    return (((const struct pretended *)matter)->set_before & 1ull << fact->index) != 0;
}

static bool is_overdue(const void *matter)
{
    return ((const struct pretended *)matter)->overdue;
}

static bool has_open(const void *matter, const char *procedure)
{
    const char *open = ((const struct pretended *)matter)->open_child;
    return open != NULL && strcmp(open, procedure) == 0;
}

static bool holds(const struct rules_condition *condition, const struct pretended *matter)
{
    const struct rules_facts_view view = {.value = value_of,
                                          .is_set = was_set,
                                          .overdue = is_overdue,
                                          .open_child = has_open,
                                          .matter = matter};
    const struct rules_condition *broken = NULL;
    bool good = rules_holds(condition, 1, &view, &broken);
    assert_ptr_equal(broken, good ? NULL : condition);
    assert_int_equal(rules_holds(condition, 1, &view, NULL), good);
    return good;
}

static void each_condition(void **state)
{
    (void)state;
    const struct rules_fact *ground = rules_fact(rules_procedure(the_book, "parent"), "ground");
    const char *two[] = {"crime", "funds"};
    const char *child[] = {"child"};
    struct pretended none = {.overdue = false};
    struct pretended crime = {.overdue = true, .open_child = "child"};
    struct pretended duty = {.open_child = "other"};
    crime.values[ground->index] = "crime";
    crime.set_before = 1ull << ground->index;
    duty.values[ground->index] = "duty";
    struct rules_condition c = {
        .kind = CONDITION_IS, .fact = ground, .values = two, .values_count = 2};
    assert_false(holds(&c, &none));
    assert_true(holds(&c, &crime));
    assert_false(holds(&c, &duty));
    c.kind = CONDITION_NOT;
    assert_true(holds(&c, &none));
    assert_false(holds(&c, &crime));
    assert_true(holds(&c, &duty));
    /* Set and unset ask how it was before the action: the value of `duty` comes with it. */
    c.kind = CONDITION_SET;
    assert_true(holds(&c, &crime));
    assert_false(holds(&c, &duty));
    c.kind = CONDITION_UNSET;
    assert_false(holds(&c, &crime));
    assert_true(holds(&c, &duty));
    c = (struct rules_condition){.kind = CONDITION_OVERDUE};
    assert_true(holds(&c, &crime));
    assert_false(holds(&c, &duty));
    c = (struct rules_condition){.kind = CONDITION_NO_OPEN, .values = child, .values_count = 1};
    assert_false(holds(&c, &crime));
    assert_true(holds(&c, &duty));
    assert_true(holds(&c, &none));
}

static void all_must_hold_and_the_first_broken_is_told(void **state)
{
    (void)state;
    const struct rules_action *send = rules_action(rules_procedure(the_book, "parent"), "send");
    const struct rules_fact *ground = rules_fact(rules_procedure(the_book, "parent"), "ground");
    struct pretended matter = {.overdue = false};
    const struct rules_facts_view view = {.value = value_of,
                                          .is_set = was_set,
                                          .overdue = is_overdue,
                                          .open_child = has_open,
                                          .matter = &matter};
    const struct rules_condition *broken = NULL;
    assert_true(rules_holds(NULL, 0, &view, &broken));
    assert_null(broken);
    assert_false(rules_holds(send->when, send->when_count, &view, &broken));
    assert_ptr_equal(broken, &send->when[0]);
    matter.values[ground->index] = "funds";
    assert_false(rules_holds(send->when, send->when_count, &view, &broken));
    assert_ptr_equal(broken, &send->when[1]);
    matter.set_before = 1ull << rules_fact(rules_procedure(the_book, "parent"), "body")->index;
    assert_true(rules_holds(send->when, send->when_count, &view, NULL));
}

static void conditions_in_words(void **state)
{
    (void)state;
    SCOPED_ARENA arena = arena_create();
    const struct rules_action *send = rules_action(rules_procedure(the_book, "parent"), "send");
    assert_string_equal(rules_condition_words(arena, &send->when[0], LANG_EN),
                        "'Ground' must be Crime or Funds.");
    assert_string_equal(rules_condition_words(arena, &send->when[0], LANG_ZH),
                        "“由”须为犯罪或资金。");
    assert_string_equal(rules_condition_words(arena, &send->when[1], LANG_EN),
                        "'Body' must be given first.");
    for (unsigned kind = CONDITION_IS; kind <= CONDITION_NO_OPEN; kind++) {
        struct rules_condition c = send->when[0];
        c.kind = (enum condition_kind)kind;
        assert_true(strlen(rules_condition_words(arena, &c, LANG_ZH)) > 6);
        assert_true(strlen(rules_condition_words(arena, &c, LANG_EN)) > 6);
    }
}

static void competence_by_category_and_stage(void **state)
{
    (void)state;
    const char *sectors[4];
    assert_int_equal(rules_competent(the_book, "works", "bid", sectors, 4), 1); /* Water, once. */
    assert_string_equal(sectors[0], "water");
    assert_int_equal(rules_competent(the_book, "works", "award", sectors, 4), 2);
    assert_string_equal(sectors[0], "roads");
    assert_string_equal(sectors[1], "water");
    assert_int_equal(rules_competent(the_book, "works", NULL, sectors, 4), 1);
    assert_string_equal(sectors[0], "water");
    assert_int_equal(rules_competent(the_book, "land", "bid", sectors, 4), 1);
    assert_string_equal(sectors[0], "roads");
    assert_int_equal(rules_competent(the_book, "nothing", "bid", sectors, 4), 0);
    assert_int_equal(rules_competent(the_book, "works", "award", sectors, 1), 1);
    assert_int_equal(rules_competent(the_book, "works", "award", sectors, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(look_ups_find_by_code_or_not),
        cmocka_unit_test(codes_of_the_tables),
        cmocka_unit_test(each_condition),
        cmocka_unit_test(all_must_hold_and_the_first_broken_is_told),
        cmocka_unit_test(conditions_in_words),
        cmocka_unit_test(competence_by_category_and_stage),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
