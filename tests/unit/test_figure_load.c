/* appraisal.yaml: a good one is compiled to each event's own list; each mistake is named. */
#include "rulebook_small.h"
#include "rules/figure.h"

static const char good[] =
    "measures:\n"
    "  - {code: begun, label: {zh: 始, en: Begun}, count: started parent, body: handler, by: "
    "ground}\n"
    "  - {code: sent, label: {zh: 送, en: Sent}, count: action parent.send, body: actor}\n"
    "  - {code: ended, label: {zh: 终, en: Ended}, count: closed parent, body: handler}\n"
    "  - {code: late, label: {zh: 迟, en: Late}, count: clock *.* late, body: obligor}\n"
    "  - {code: met, label: {zh: 准, en: Met}, count: clock parent.send_within met, body: "
    "obligor}\n"
    "tables:\n"
    "  - code: grounds\n"
    "    label: {zh: 表, en: Table}\n"
    "    rows: grounds\n"
    "    columns:\n"
    "      - {code: begun, label: {zh: 始, en: Begun}, count: [begun]}\n"
    "  - code: bodies\n"
    "    label: {zh: 表, en: Table}\n"
    "    rows: body\n"
    "    columns:\n"
    "      - {code: days, label: {zh: 天, en: Days}, days: [ended]}\n"
    "      - {code: share, label: {zh: 率, en: Share}, percent: [met], of: [met, late, overdue]}\n"
    "indicators:\n"
    "  - {code: timely, label: {zh: 准, en: Timely}, article: \"1\", weight: 100, valid_from: "
    "2021-06-01,\n"
    "     better: high, none_at: 60, numerator: [met], denominator: [met, late, overdue]}\n";

static enum fault load(struct ctx *ctx, const char *text, const char **ret_path,
                       struct rulebook **ret_book)
{
    const char *folder = book_write(ctx, NULL, NULL, NULL);
    *ret_path = check_write(ctx->arena, folder, "appraisal.yaml", text);
    enum fault fault = rules_load(ctx, folder, ret_book);
    check_folder_remove(folder);
    return fault;
}

static void a_good_one_is_compiled(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct rulebook *book = NULL;
    const char *path = NULL;
    if (load(&ctx, good, &path, &book) != FAULT_NONE) {
        fail_msg("%s", ctx.note);
    }
    const struct figures *figures = book->figures;
    const struct rules_procedure *parent = rules_procedure(book, "parent");
    const struct procedure_figures *found = &figures->procedures[parent - book->procedures];
    assert_int_equal(figures->measures_count, 5);
    const struct rules_action *send = rules_action(parent, "send");
    assert_int_equal(found->actions[send->index].count, 1);
    assert_string_equal(found->actions[send->index].items[0]->code, "sent");
    for (size_t i = 0; i < parent->actions_count; i++) {
        size_t begun = parent->actions[i].starts ? 1 : 0;
        assert_int_equal(found->actions[i].count, begun + (i == send->index ? 1 : 0));
    }
    assert_int_equal(found->closed.count, 1);
    const struct rules_deadline *clock = rules_deadline(parent, "send_within");
    bool target = clock->strength == STRENGTH_TARGET;
    assert_int_equal(found->deadlines[clock->index].count, target ? 1 : 2);
    assert_ptr_equal(figures_measure(figures, "begun")->by, rules_fact(parent, "ground"));
    const struct indicator *timely = figures_indicator(figures, "timely");
    assert_true(timely->bottom.overdue);
    assert_false(timely->top.overdue);
    assert_string_equal(timely->formula.en, "Met / (Met + Late + open and overdue)");
    assert_ptr_equal(figures_table(figures, "grounds")->rows, rules_vocabulary(book, "grounds"));
    rules_destroy(book);
}

static void a_book_may_do_without(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct rulebook *book = NULL;
    const char *folder = book_write(&ctx, NULL, NULL, NULL);
    assert_int_equal(rules_load(&ctx, folder, &book), FAULT_NONE);
    check_folder_remove(folder);
    assert_int_equal(book->figures->measures_count, 0);
    assert_non_null(book->figures->procedures);
    rules_destroy(book);
}

static void each_mistake_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *find, *replace, *message;
    } rows[] = {
        {"count: started parent, ", "count: started nobody, ",
         "2:5: there is no procedure 'nobody'"},
        {"count: started parent, ", "count: begun parent, ",
         "2:5: 'count' is action P.A, started P, closed P or clock P.D met|late|..."},
        {"parent.send, body", "parent.sent, body", "3:5: there is no action 'sent'"},
        {"parent.send, body", "*.nothing, body", "3:5: there is no action 'nothing'"},
        {"parent.send_within met", "parent.sent_within met",
         "6:5: there is no deadline 'sent_within'"},
        {"parent.send_within met", "parent.send_within done",
         "6:5: a clock is opened, met, late or lifted, not 'done'"},
        {"body: handler, by: ground", "body: nobody, by: ground",
         "2:5: there is no party 'nobody'"},
        {"body: handler, by: ground", "body: obligor, by: ground",
         "2:5: only a clock has an obligor"},
        {"by: ground", "by: secret", "2:5: 'secret' is no term"},
        {"by: ground", "by: gone", "2:5: there is no fact 'gone'"},
        {"{code: ended", "{code: sent", "4:5: 'sent' stands twice"},
        {"{code: ended", "{code: _ended", "4:5: '_ended' can not be a code here"},
        {"{code: ended", "{code: overdue",
         "4:5: 'overdue' is counted when asked; call it otherwise"},
        {"count: [begun]", "count: [begin]", "12:9: there is no measure 'begin'"},
        {"count: [begun]", "count: [sent]", "12:9: 'sent' is not split by 'grounds'"},
        {"count: [begun]", "count: [overdue]", "12:9: 'overdue' is known of bodies only"},
        {"rows: grounds", "rows: ground", "8:5: there is no vocabulary 'ground'"},
        {"percent: [met], of: [met, late, overdue]", "percent: [met]",
         "18:9: 'of' must name measures"},
        {"days: [ended]", "days: [ended], count: [ended]",
         "17:9: a column has one of count, days, percent"},
        {"weight: 100", "weight: 90", "20:3: the weights are 90 together, not 100"},
        {"article: \"1\"", "article: \"9\"", "20:5: there is no article '9'"},
        {"none_at: 60", "none_at: 100", "20:5: 'full_at' and 'none_at' go against 'better'"},
        {"better: high", "better: more", "20:5: 'better' is high or low"},
        {"2021-06-01,", "2021-06-31,", "20:5: 'valid_from' is a day like 2021-06-01"},
        {"indicators:", "indicator:", "1:1: key 'indicators' is missing"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        CHECK_CTX(ctx);
        struct rulebook *book = NULL;
        const char *path = NULL;
        const char *text = book_changed(ctx.arena, good, rows[i].find, rows[i].replace);
        enum fault fault = load(&ctx, text, &path, &book);
        if (fault != FAULT_RULEBOOK_INVALID) {
            rules_destroy(book);
            fail_msg("no mistake was seen: %s", rows[i].message);
        }
        const char *line = arena_printf(ctx.arena, "\n%s:%s\n", path, rows[i].message);
        check_holds(arena_printf(ctx.arena, "\n%s\n", ctx.note), line);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_one_is_compiled),
        cmocka_unit_test(a_book_may_do_without),
        cmocka_unit_test(each_mistake_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
