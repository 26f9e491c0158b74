/* Parts that are many, children for each body, and clocks that extend, run until a day, or act when
 * they run out: what is right loads, and each mistake is named with file, line and column. */
#include "rulebook_small.h"
#include "rules/rules.h"

static const char parent_file[] = "procedures/a_parent.yaml";
static const char child_file[] = "procedures/child.yaml";

/* The small book with several places of one file changed. */
struct change {
    const char *file, *find, *replace;
};

enum { CHANGES_MAX = 4 };

struct row {
    struct change changes[CHANGES_MAX];
    const char *message; /* Part of the report; NULL: the book is good. */
};

static const char *write_changed(struct ctx *ctx, const struct change *changes)
{
    const char *folder = book_write(ctx, NULL, NULL, NULL);
    for (size_t i = 0; i < BOOK_FILES; i++) {
        const char *text = book_files[i].text;
        for (size_t k = 0; k < CHANGES_MAX && changes[k].file != NULL; k++) {
            if (strcmp(changes[k].file, book_files[i].name) == 0) {
                text = book_changed(ctx->arena, text, changes[k].find, changes[k].replace);
            }
        }
        (void)check_write(ctx->arena, folder, book_files[i].name, text);
    }
    return folder;
}

static void expect_row(const struct row *row)
{
    CHECK_CTX(ctx);
    struct rulebook *book = NULL;
    const char *folder = write_changed(&ctx, row->changes);
    enum fault fault = rules_load(&ctx, folder, &book);
    check_folder_remove(folder);
    if (fault == FAULT_NONE) {
        rules_destroy(book);
    }
    if (row->message == NULL && fault != FAULT_NONE) {
        fail_msg("%s", ctx.note);
    } else if (row->message != NULL && fault == FAULT_NONE) {
        fail_msg("no mistake was seen: %s", row->message);
    } else if (row->message != NULL) {
        check_holds(ctx.note, row->message);
    }
}

#define EXPECT_ROWS(rows)                                                                          \
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows)[0]; i++) {                                  \
        expect_row(&(rows)[i]);                                                                    \
    }

#define FRIENDS                                                                                    \
    "  - {code: friends, label: {zh: 友, en: Friends}, kinds: [regulator], many: true}\nfacts:\n" \
    "  - {code: bodies, label: {zh: 位, en: Bodies}, type: bodies, party: friends, min: 2}\n"

static void parts_that_are_many(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {{{parent_file, "facts:\n", FRIENDS}}, NULL},
        {{{parent_file, "kinds: [police], rec", "kinds: [police], many: true, rec"}},
         "type bodies goes with a party that is 'many', body with one"},
        {{{parent_file, "type: body, party", "type: bodies, party"}},
         "type bodies goes with a party that is 'many', body with one"},
        {{{parent_file, "kinds: [police], rec",
           "kinds: [police], many: true, automatic: true, rec"}},
         "a party is 'many' or 'automatic', not both"},
        {{{parent_file, "facts:\n", FRIENDS},
          {parent_file, "waiting, label: {zh: 等, en: Waiting}, holder: other",
           "waiting, label: {zh: 等, en: Waiting}, holder: friends"}},
         "a party that is 'many' can not hold a matter"},
        {{{parent_file, "facts:\n", FRIENDS},
          {parent_file, "obligor: handler", "obligor: friends"}},
         "a party that is 'many' owes nothing itself"},
        {{{parent_file, "facts:\n", FRIENDS},
          {parent_file, "{sender: handler}", "{sender: friends}"}},
         "the parties 'sender: friends' do not exist, or are many"},
        {{{parent_file, "type: date", "type: date, kinds: [police]"}},
         "'party' and 'kinds' go with type body or bodies"},
    };
    EXPECT_ROWS(rows);
}

static void children_for_each_body(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {{{parent_file, "facts:\n", FRIENDS},
          {parent_file, "parties: {sender: handler}", "each: bodies, as: sender"}},
         NULL},
        {{{parent_file, "parties: {sender: handler}", "each: subject, as: sender"}},
         "'each' must name an open fact of type bodies"},
        {{{parent_file, "facts:\n", FRIENDS},
          {parent_file, "parties: {sender: handler}", "each: bodies, as: nobody"}},
         "'as' must name a party of 'child' that is one body"},
        {{{parent_file, "parties: {sender: handler}", "each: bodies"}},
         "'each' and 'as' go together"},
        {{{parent_file, "facts: {title: subject}", "set: {title: 固定}"}}, NULL},
        {{{parent_file, "facts: {title: subject}", "set: {titel: x}"}},
         "'child' has no fact 'titel'"},
        {{{child_file, "type: line, title", "type: line, max: 2, title"},
          {parent_file, "facts: {title: subject}", "set: {title: 三个字}"}},
         "'三个字' is no value of the fact 'title'"},
        {{{parent_file, "{no_open: child}", "{children: child, in: [gone]}"}}, NULL},
        {{{parent_file, "{no_open: child}", "{children: child, in: [gon]}"}},
         "'child' has no state 'gon'"},
        {{{parent_file, "{no_open: child}", "{children: chld, in: [gone]}"}},
         "there is no procedure 'chld'"},
        {{{parent_file, "{no_open: child}", "{children: child}"}},
         "'children' needs the states they must be 'in'"},
    };
    EXPECT_ROWS(rows);
}

#define FIRM "facts:\n  - {code: firm, label: {zh: 企, en: Firm}, type: credit_code}\n"

static void how_often_a_year(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {{{parent_file, "facts:\n", FIRM},
          {parent_file, "{no_open: child}", "{fewer: copies, fact: firm}"}},
         NULL},
        {{{parent_file, "facts:\n", FIRM},
          {parent_file, "{no_open: child}", "{fewer: answer_within, fact: firm}"}},
         "'fewer' names a setting that is a number"},
        {{{parent_file, "{no_open: child}", "{fewer: copies, fact: subject}"}},
         "'fewer' counts by an open fact of type credit_code"},
        {{{parent_file, "{no_open: child}", "{fewer: copies}"}}, "key 'fact' is missing"},
    };
    EXPECT_ROWS(rows);
}

#define LONGER                                                                                     \
    "  - {code: longer, label: {zh: 延, en: Longer}, from: [begun], by: [handler],"               \
    " roles: [head], local: {zh: 丑, en: L}, needs: [why]}\n  - code: remind\n"
#define WHY "facts:\n  - {code: why, label: {zh: 由, en: Why}, type: text}\n"

static void clocks_are_extended(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {{{parent_file, "facts:\n", WHY},
          {parent_file, "  - code: remind\n", LONGER},
          {parent_file, "met_by: [send]\n",
           "met_by: [send]\n    extended_by: [longer]\n    extension: 5wd\n"}},
         NULL},
        {{{parent_file, "met_by: [send]\n", "met_by: [send]\n    extension: 5wd\n"}},
         "'extended_by' and 'extension' go together"},
        {{{parent_file, "met_by: [send]\n",
           "met_by: [send]\n    extended_by: [remind]\n    extension: 5wd\n"}},
         "'remind' extends a clock: only approver or head, and it needs a text as reason"},
        {{{parent_file, "facts:\n", WHY},
          {parent_file, "  - code: remind\n", LONGER},
          {parent_file, "met_by: [send]\n",
           "met_by: [send]\n    extended_by: [longer]\n    extension: 5h\n"}},
         "a period of hours is never extended"},
        {{{parent_file, "facts:\n", WHY},
          {parent_file, "  - code: remind\n", LONGER},
          {parent_file, "met_by: [send]\n",
           "met_by: [send]\n    extended_by: [longer]\n    extension: copies\n"}},
         "'copies' is neither a period like 5wd nor a setting with one"},
    };
    EXPECT_ROWS(rows);
}

static void clocks_run_until_a_day(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {{{parent_file, "within: answer_within", "until: day"}}, NULL},
        {{{parent_file, "within: answer_within", "until: subject"}},
         "'until' must name an open fact of type date or minute"},
        {{{parent_file, "within: answer_within", "within: 5wd\n    until: day"}},
         "'until' goes without 'within', 'paused_by' and 'extended_by': a new day is set"},
        {{{child_file, "met_by: [leave]\n", "lifted_by: [leave]\n    on_expiry: leave\n"}},
         "'on_expiry' names an action by system without needs that ends this clock"},
        {{{child_file, "by: [sender]\n", "by: [system]\n"},
          {child_file, "met_by: [leave]\n", "lifted_by: [leave]\n    on_expiry: leave\n"}},
         NULL},
        {{{child_file, "by: [sender]\n", "by: [system]\n"},
          {child_file, "met_by: [leave]\n", "met_by: [arrive]\n    on_expiry: leave\n"}},
         "'on_expiry' names an action by system without needs that ends this clock"},
    };
    EXPECT_ROWS(rows);
}

static void standing_matters(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {{{child_file, "prefix: ZI\n", "prefix: ZI\nstanding: true\n"}},
         "a standing procedure starts with an action by system without needs"},
        {{{child_file, "prefix: ZI\n", "prefix: ZI\nstanding: true\n"},
          {child_file, "needs: [title]", "takes: [title]"}},
         NULL},
    };
    EXPECT_ROWS(rows);
}

static void bodies_are_sorted_and_bounded(void **state)
{
    (void)state;
    static const struct rules_fact fact = {.code = "bodies", .type = FACT_BODIES, .min = 2};
    static const struct {
        const char *value, *canonical; /* NULL: refused. */
    } rows[] = {
        {"water,finance", "finance,water"},
        {"water,finance,water", "finance,water"},
        {"water", NULL},
        {"water,water", NULL},
        {"water,Finance", NULL},
        {"water,,finance", NULL},
        {",water,finance", NULL},
        {"water finance", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        CHECK_CTX(ctx);
        const char *canonical = NULL;
        enum fault fault = rules_fact_check(&ctx, &fact, "facts.bodies", rows[i].value, &canonical);
        assert_int_equal(fault, rows[i].canonical == NULL ? FAULT_INVALID_FIELD : FAULT_NONE);
        if (rows[i].canonical != NULL) {
            assert_string_equal(canonical, rows[i].canonical);
        }
    }
    CHECK_CTX(ctx);
    struct buffer many;
    const char *canonical = NULL;
    buffer_init(&many, ctx.arena);
    for (unsigned i = 0; i < 31; i++) {
        buffer_printf(&many, "%sb%u", i == 0 ? "" : ",", i);
    }
    assert_int_equal(rules_fact_check(&ctx, &fact, "f", many.data, &canonical),
                     FAULT_INVALID_FIELD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_that_are_many),
        cmocka_unit_test(children_for_each_body),
        cmocka_unit_test(how_often_a_year),
        cmocka_unit_test(clocks_are_extended),
        cmocka_unit_test(clocks_run_until_a_day),
        cmocka_unit_test(standing_matters),
        cmocka_unit_test(bodies_are_sorted_and_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
