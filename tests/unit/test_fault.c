/* fault.c and ctx.c: the table, and how a failure is recorded. */
#include "base/fault.h"
#include "check.h"

static const enum fault all[] = {
#define FAULT(name, number, status, en, zh) FAULT_##name,
#include "base/tbl/fault.h"
#undef FAULT
};
enum { FAULTS = sizeof all / sizeof all[0] };

static void the_table_is_well_formed(void **state)
{
    (void)state;
    for (size_t i = 0; i < FAULTS; i++) {
        assert_in_range(all[i], 1000, 1299);
        assert_in_range(fault_status(all[i]), 400, 599);
        assert_true(fault_name(all[i])[0] != 0 && fault_meaning_en(all[i])[0] != 0);
        assert_true(fault_meaning_zh(all[i])[0] != 0);
        for (size_t k = 0; k < i; k++) {
            assert_int_not_equal(all[i], all[k]);
            assert_string_not_equal(fault_name(all[i]), fault_name(all[k]));
        }
    }
}

/* Programs outside depend on these: they may never change. */
static void numbers_are_permanent(void **state)
{
    (void)state;
    assert_int_equal(FAULT_INVALID_FIELD, 1001);
    assert_int_equal(FAULT_RULE_REFUSED, 1006);
    assert_int_equal(FAULT_VERSION_STALE, 1013);
    assert_int_equal(FAULT_STORE_FULL, 1103);
    assert_int_equal(fault_status(FAULT_VERSION_STALE), 412);
    assert_int_equal(fault_status(FAULT_RULE_REFUSED), 422);
    assert_int_equal(fault_status(FAULT_NONE), 200);
    assert_string_equal(fault_name(FAULT_NOT_FOUND), "NOT_FOUND");
}

static void a_note_is_in_the_language_of_who_asks(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    assert_int_equal(ctx_fail(&ctx, FAULT_CONFLICT, "Closed: %s", "已办结：%s", "A1"),
                     FAULT_CONFLICT);
    assert_string_equal(ctx.note, "Closed: A1");
    ctx.lang = LANG_ZH;
    assert_int_equal(ctx_fail(&ctx, FAULT_CONFLICT, "Closed: %s", "已办结：%s", "A1"),
                     FAULT_CONFLICT);
    assert_string_equal(ctx.note, "已办结：A1");
}

static void field_notes_gather_and_are_cleared(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    assert_int_equal(ctx_fields_fault(&ctx), FAULT_NONE);
    assert_int_equal(ctx_field(&ctx, "a", "one", "一"), FAULT_INVALID_FIELD);
    assert_int_equal(ctx_field(&ctx, "b", "two %d", "二 %d", 2), FAULT_INVALID_FIELD);
    assert_int_equal(ctx_fields_fault(&ctx), FAULT_INVALID_FIELD);
    assert_string_equal(ctx.fields->path, "b");
    assert_string_equal(ctx.fields->text, "two 2");
    assert_string_equal(ctx.fields->next->path, "a");
    assert_null(ctx.fields->next->next);
    ctx_clear(&ctx);
    assert_null(ctx.note);
    assert_int_equal(ctx_fields_fault(&ctx), FAULT_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_is_well_formed),
        cmocka_unit_test(numbers_are_permanent),
        cmocka_unit_test(a_note_is_in_the_language_of_who_asks),
        cmocka_unit_test(field_notes_gather_and_are_cleared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
