/* Editions side by side: which counts when, what is kept, what is refused. */
#include "engine_rig.h"

#include <string.h>

static const struct act_fact subject = {.code = "subject", .value = "题"};

/* The small book with another period; the folder is the caller's. */
static const char *shorter_book(struct ctx *ctx)
{
    return book_write(ctx, "settings.yaml", "value: 5wd", "value: 3wd");
}

static const struct edition *newest(const struct rig *rig)
{
    return editions_at(rig->office.editions, editions_count(rig->office.editions) - 1);
}

static void a_new_edition_counts_from_its_day(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct rig rig;
    rig_open(&rig, &ctx);
    const struct rulebook *first = office_book(&rig.office, at("2021-09-17T10:00"));
    const char *folder = shorter_book(&ctx);
    assert_int_equal(rig_adopt(&rig, &ctx, folder, "2021-10-01", false), FAULT_NONE);
    check_folder_remove(folder);
    const struct rulebook *second = newest(&rig)->book;
    assert_ptr_not_equal(first, second);
    assert_ptr_equal(office_book(&rig.office, at("2021-09-30T23:59")), first);
    assert_ptr_equal(office_book(&rig.office, at("2021-10-01T00:00")), second);
    /* Before all editions the earliest counts. */
    assert_ptr_equal(office_book(&rig.office, at("2020-01-01T00:00")), first);
    assert_ptr_equal(office_edition(&rig.office, first->edition), first);
    assert_ptr_equal(office_edition(&rig.office, second->edition), second);
    assert_null(office_edition(&rig.office, "0000000000000000"));
    assert_null(office_edition(&rig.office, NULL));
    rig_close(&rig);
}

static void a_matter_stays_under_its_edition(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct rig rig;
    int64_t old = 0;
    int64_t new = 0;
    rig_open(&rig, &ctx);
    assert_int_equal(rig_act(&rig, &ctx, "2021-09-17T10:00", "parent", "begin", &old, &subject, 1),
                     FAULT_NONE);
    const char *folder = shorter_book(&ctx);
    assert_int_equal(rig_adopt(&rig, &ctx, folder, "2021-09-18", false), FAULT_NONE);
    check_folder_remove(folder);
    assert_int_equal(rig_act(&rig, &ctx, "2021-09-18T10:00", "parent", "begin", &new, &subject, 1),
                     FAULT_NONE);
    assert_int_equal(rig_act(&rig, &ctx, "2021-09-18T11:00", "parent", "remind", &old, NULL, 0),
                     FAULT_NONE);
    const struct matter *first = rig_matter(&rig, &ctx, old);
    const struct matter *second = rig_matter(&rig, &ctx, new);
    assert_string_equal(first->edition, editions_at(rig.office.editions, 0)->edition);
    assert_string_equal(second->edition, newest(&rig)->edition);
    /* 17 September, Friday. The 18th is worked, the 19th to 21st are off, then 22, 23, 24, 26. */
    assert_int_equal(first->clocks[0].due_date, day("2021-09-26"));
    assert_int_equal(second->clocks[0].due_date, day("2021-09-24"));
    rig_close(&rig);
}

static void what_adopting_refuses(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct rig rig;
    int64_t matter = 0;
    rig_open(&rig, &ctx);
    const char *same = book_write(&ctx, NULL, NULL, NULL);
    const char *other = shorter_book(&ctx);
    const char *third = book_write(&ctx, "settings.yaml", "value: 5wd", "value: 4wd");
    assert_int_equal(rig_adopt(&rig, &ctx, same, "2021-10-01", false), FAULT_DUPLICATE);
    /* Nothing has begun: any day will do. */
    assert_int_equal(rig_adopt(&rig, &ctx, other, "2021-07-01", false), FAULT_NONE);
    assert_int_equal(
        rig_act(&rig, &ctx, "2021-09-17T10:00", "parent", "begin", &matter, &subject, 1),
        FAULT_NONE);
    assert_int_equal(rig_adopt(&rig, &ctx, third, "2021-09-16", false), FAULT_RULE_REFUSED);
    assert_int_equal(editions_count(rig.office.editions), 2);
    /* Today will do; the copy kept by the refused attempt is used. */
    assert_int_equal(rig_adopt(&rig, &ctx, third, "2021-09-17", false), FAULT_NONE);
    assert_int_equal(editions_count(rig.office.editions), 3);
    assert_string_equal(newest(&rig)->adopted_by, "test");
    check_folder_remove(same);
    check_folder_remove(other);
    check_folder_remove(third);
    rig_close(&rig);
}

static void of_two_on_one_day_the_later_adopted_counts(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct rig rig;
    rig_open(&rig, &ctx);
    const char *wrong = shorter_book(&ctx);
    const char *right = book_write(&ctx, "settings.yaml", "value: 5wd", "value: 4wd");
    assert_int_equal(rig_adopt(&rig, &ctx, wrong, "2021-10-01", false), FAULT_NONE);
    ctx.now_ms += 1000;
    assert_int_equal(rig_adopt(&rig, &ctx, right, "2021-10-01", false), FAULT_NONE);
    assert_ptr_equal(office_book(&rig.office, at("2021-10-01T00:00")), newest(&rig)->book);
    check_folder_remove(wrong);
    check_folder_remove(right);
    rig_close(&rig);
}

/* Another program on the same store and folder. */
static struct editions *other_program(const struct rig *rig, struct ctx *ctx, enum fault *ret_fault)
{
    struct editions *editions =
        editions_create(arena_printf(ctx->arena, "%s/rulebooks", rig->data));
    ctx_clear(ctx);
    *ret_fault = editions_refresh(editions, ctx, rig_store, RIG_REGION);
    return editions;
}

static void a_running_program_takes_it_up(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct rig rig;
    enum fault fault = FAULT_NONE;
    rig_open(&rig, &ctx);
    struct editions *other = other_program(&rig, &ctx, &fault);
    assert_int_equal(fault, FAULT_NONE);
    assert_int_equal(editions_count(other), 1);
    const struct rulebook *before = editions_at(other, 0)->book;
    const char *folder = shorter_book(&ctx);
    assert_int_equal(rig_adopt(&rig, &ctx, folder, "2021-10-01", false), FAULT_NONE);
    check_folder_remove(folder);
    assert_int_equal(editions_refresh(other, &ctx, rig_store, RIG_REGION), FAULT_NONE);
    assert_int_equal(editions_count(other), 2);
    assert_ptr_equal(editions_at(other, 0)->book, before);
    assert_int_equal(editions_refresh(other, &ctx, rig_store, RIG_REGION), FAULT_NONE);
    assert_int_equal(editions_count(other), 2);
    int64_t region = 0;
    assert_int_equal(editions_region(&ctx, rig_store, 0, &region), FAULT_NONE);
    assert_int_equal(region, RIG_REGION);
    editions_destroy(other);
    rig_close(&rig);
}

static void a_changed_or_missing_copy_is_named(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct rig rig;
    enum fault fault = FAULT_NONE;
    int64_t matter = 0;
    rig_open(&rig, &ctx);
    const char *folder = shorter_book(&ctx);
    assert_int_equal(rig_adopt(&rig, &ctx, folder, "2021-10-01", false), FAULT_NONE);
    check_folder_remove(folder);
    const char *edition = newest(&rig)->edition;
    const char *copy = arena_printf(ctx.arena, "%s/rulebooks/%s", rig.data, edition);
    /* Changed: still a good rulebook, but not the one adopted. */
    (void)check_write(ctx.arena, copy, "settings.yaml",
                      book_changed(ctx.arena, book_file_text("settings.yaml"), "5wd", "2wd"));
    struct editions *other = other_program(&rig, &ctx, &fault);
    assert_int_equal(fault, FAULT_RULEBOOK_INVALID);
    check_holds(ctx.note, edition);
    check_holds(ctx.note, "are not those that were adopted");
    /* The other edition is there all the same; but from that day on nothing may begin. */
    assert_int_equal(editions_count(other), 1);
    struct office office = rig.office;
    office.editions = other;
    ctx.now_ms = at("2021-09-30T23:59");
    assert_int_equal(office_ready(&office, &ctx), FAULT_NONE);
    ctx.now_ms = at("2021-10-01T00:00");
    assert_int_equal(office_ready(&office, &ctx), FAULT_RULEBOOK_INVALID);
    struct rig broken = rig;
    broken.office.editions = other;
    assert_int_equal(
        rig_act(&broken, &ctx, "2021-10-08T10:00", "parent", "begin", &matter, &subject, 1),
        FAULT_RULEBOOK_INVALID);
    /* A matter that another program began under it: ask again later. */
    assert_int_equal(
        rig_act(&rig, &ctx, "2021-10-08T10:00", "parent", "begin", &matter, &subject, 1),
        FAULT_NONE);
    assert_int_equal(
        rig_act(&broken, &ctx, "2021-10-08T11:00", "parent", "remind", &matter, NULL, 0),
        FAULT_BUSY);
    /* Repaired, it goes on. */
    (void)check_write(ctx.arena, copy, "settings.yaml",
                      book_changed(ctx.arena, book_file_text("settings.yaml"), "5wd", "3wd"));
    assert_int_equal(editions_refresh(other, &ctx, rig_store, RIG_REGION), FAULT_NONE);
    assert_int_equal(
        rig_act(&broken, &ctx, "2021-10-08T11:00", "parent", "remind", &matter, NULL, 0),
        FAULT_NONE);
    assert_int_equal(office_ready(&office, &ctx), FAULT_NONE);
    editions_destroy(other);
    /* Missing altogether. */
    check_folder_remove(copy);
    other = other_program(&rig, &ctx, &fault);
    assert_int_equal(fault, FAULT_RULEBOOK_INVALID);
    check_holds(ctx.note, "can't be read");
    check_holds(ctx.note, edition);
    editions_destroy(other);
    rig_close(&rig);
}

static enum fault forget_editions(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    (void)arg;
    enum fault fault = sql_run(tx, ctx, "DELETE FROM edition", SQL_NO_ARGS, NULL);
    return fault == FAULT_NONE ? sql_run(tx, ctx, "UPDATE matter SET edition = 'aaaaaaaaaaaaaaaa'",
                                         SQL_NO_ARGS, NULL)
                               : fault;
}

/* A rulebook that only lay beside the program is not taken for the one they began under. */
static void check_a_found_one_is_refused(struct rig *rig, struct ctx *ctx, const char *folder)
{
    struct adoption adoption = {.folder = folder,
                                .takes_effect = day("2021-06-01"),
                                .by = "init",
                                .first = true,
                                .found = true};
    assert_int_equal(editions_adopt(rig->office.editions, ctx, rig_store, &adoption),
                     FAULT_RULE_REFUSED);
    check_holds(ctx->note, "aaaaaaaaaaaaaaaa");
    check_holds(ctx->note, "--rulebook");
    ctx_clear(ctx);
    int64_t region = 1;
    assert_int_equal(editions_region(ctx, rig_store, 0, &region), FAULT_NONE);
    assert_int_equal(region, 0);
}

/* Release 0.1 kept no copies: what it began goes on under the first edition registered. */
static void matters_of_the_first_release_go_on(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct rig rig;
    int64_t matter = 0;
    rig_open(&rig, &ctx);
    assert_int_equal(
        rig_act(&rig, &ctx, "2021-09-17T10:00", "parent", "begin", &matter, &subject, 1),
        FAULT_NONE);
    assert_int_equal(store_write(rig_store, &ctx, forget_editions, NULL), FAULT_NONE);
    editions_destroy(rig.office.editions);
    rig.office.editions = editions_create(arena_printf(ctx.arena, "%s/rulebooks", rig.data));
    const char *folder = shorter_book(&ctx);
    check_a_found_one_is_refused(&rig, &ctx, folder);
    assert_int_equal(rig_adopt(&rig, &ctx, folder, "2021-06-01", true), FAULT_NONE);
    check_folder_remove(folder);
    assert_int_equal(editions_count(rig.office.editions), 2);
    const struct rulebook *book = office_book(&rig.office, at("2021-09-18T10:00"));
    assert_ptr_equal(office_edition(&rig.office, "aaaaaaaaaaaaaaaa"), book);
    assert_int_equal(rig_act(&rig, &ctx, "2021-09-18T11:00", "parent", "remind", &matter, NULL, 0),
                     FAULT_NONE);
    assert_string_equal(rig_matter(&rig, &ctx, matter)->edition, "aaaaaaaaaaaaaaaa");
    struct editions_counting counting = {.editions = rig.office.editions, .region = RIG_REGION};
    assert_int_equal(store_read(rig_store, &ctx, editions_use, &counting), FAULT_NONE);
    bool second = strcmp(newest(&rig)->edition, "aaaaaaaaaaaaaaaa") == 0;
    assert_int_equal(counting.ret_uses[second ? 1 : 0].open, 1);
    assert_int_equal(counting.ret_uses[second ? 0 : 1].all, 0);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_edition_counts_from_its_day),
        cmocka_unit_test(a_matter_stays_under_its_edition),
        cmocka_unit_test(what_adopting_refuses),
        cmocka_unit_test(of_two_on_one_day_the_later_adopted_counts),
        cmocka_unit_test(a_running_program_takes_it_up),
        cmocka_unit_test(a_changed_or_missing_copy_is_named),
        cmocka_unit_test(matters_of_the_first_release_go_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
