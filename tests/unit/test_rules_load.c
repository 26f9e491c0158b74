/* Each kind of mistake in a rulebook is named with file, line and column. */
#include "rulebook_small.h"
#include "rules/rules.h"

struct mistake {
    const char *file, *find, *replace;
    const char *message; /* "LINE:COLUMN: words", in that file. */
};

static void expect_mistake(const struct mistake *mistake)
{
    CHECK_CTX(ctx);
    struct rulebook *book = NULL;
    const char *folder = book_write(&ctx, mistake->file, mistake->find, mistake->replace);
    enum fault fault = rules_load(&ctx, folder, &book);
    check_folder_remove(folder);
    if (fault != FAULT_RULEBOOK_INVALID) {
        rules_destroy(book);
        fail_msg("no mistake was seen: %s", mistake->message);
    }
    assert_null(book);
    /* Whole lines: what stands before and after is a line's end or nothing. */
    const char *line =
        arena_printf(ctx.arena, "\n%s/%s:%s\n", folder, mistake->file, mistake->message);
    check_holds(arena_printf(ctx.arena, "\n%s\n", ctx.note), line);
}

#define EXPECT_MISTAKES(rows)                                                                      \
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows)[0]; i++) {                                  \
        expect_mistake(&(rows)[i]);                                                                \
    }

static void the_good_book_loads(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct rulebook *book = NULL;
    const char *folder = book_write(&ctx, NULL, NULL, NULL);
    enum fault fault = rules_load(&ctx, folder, &book);
    check_folder_remove(folder);
    if (fault != FAULT_NONE) {
        fail_msg("%s", ctx.note);
    }
    assert_string_equal(book->code, "small");
    assert_int_equal(book->region, 421303);
    assert_int_equal(book->procedures_count, 2);
    const struct rules_procedure *parent = rules_procedure(book, "parent");
    const struct rules_action *send = rules_action(parent, "send");
    assert_int_equal(send->from, 1u << rules_state(parent, "begun")->index);
    assert_ptr_equal(send->to, rules_state(parent, "waiting"));
    assert_int_equal(send->materials, MATERIALS_REQUIRED);
    assert_ptr_equal(send->dated_by, rules_fact(parent, "day"));
    assert_int_equal(send->effects_count, 2);
    assert_int_equal(send->effects[0].kind, EFFECT_OPEN);
    assert_true(send->effects[0].with_materials);
    assert_string_equal(send->effects[0].facts[0].to, "title");
    assert_string_equal(send->effects[0].facts[0].from, "subject");
    assert_true(rules_action(parent, "close")->by_system);
    assert_int_equal(rules_action(parent, "close")->by, 0);
    /* `open` means all states that are not final. */
    assert_int_equal(rules_action(parent, "remind")->from, 3);
    assert_null(rules_action(parent, "remind")->to);
    const struct rules_deadline *clock = rules_deadline(parent, "send_within");
    assert_int_equal(clock->within.count, 5);
    assert_ptr_equal(clock->setting, rules_setting(book, "answer_within"));
    assert_int_equal(clock->met_by, 1u << send->index);
    const struct rules_deadline *inner =
        rules_deadline(rules_procedure(book, "child"), "leave_within");
    assert_true(inner->from[0].parent);
    assert_string_equal(inner->from[0].action, "send");
    assert_int_equal(rules_fact(parent, "secret")->seen_by, 1);
    assert_ptr_equal(rules_party(parent, "other")->recorded_by, rules_party(parent, "handler"));
    rules_destroy(book);
    rules_destroy(NULL);
}

static void the_edition_is_of_all_files(void **state)
{
    (void)state;
    char first[17] = "";
    for (size_t i = 0; i <= BOOK_FILES; i++) {
        CHECK_CTX(ctx);
        struct rulebook *book = NULL;
        const char *name = i == 0 ? NULL : book_files[i - 1].name;
        const char *text = i == 0 ? NULL : arena_printf(ctx.arena, "%s# x\n", book_file_text(name));
        const char *folder = book_write(&ctx, name, NULL, text);
        assert_int_equal(rules_load(&ctx, folder, &book), FAULT_NONE);
        check_folder_remove(folder);
        assert_int_equal(strlen(book->edition), 16);
        if (i == 0) {
            memcpy(first, book->edition, sizeof first);
        } else {
            assert_string_not_equal(first, book->edition);
        }
        rules_destroy(book);
    }
}

static void mistakes_in_the_shared_files(void **state)
{
    (void)state;
    static const struct mistake rows[] = {
        {"rulebook.yaml", "code: small", "cod: small",
         "1:1: unknown key 'cod'; did you mean 'code'?"},
        {"rulebook.yaml", "code: small\n", "", "1:1: key 'code' is missing"},
        {"rulebook.yaml", "2021-06-01", "2021-06-31", "4:16: a day like 2021-06-01 is expected"},
        {"rulebook.yaml", "421303", "x",
         "5:9: 'region' must be a whole number from 100000 to 999999"},
        {"rulebook.yaml", "{zh: 小, en: Small}", "Small", "2:8: a list of keys is expected here"},
        {"rulebook.yaml", ", en: Small", "", "2:8: key 'en' is missing"},
        {"rulebook.yaml", NULL, "- a\n", "1:1: a list of keys is expected here"},
        {"rulebook.yaml", NULL, "", "1:1: the file is empty"},
        {"articles.yaml", NULL, "a: b\n", "1:1: a list is expected"},
        {"articles.yaml", "number: \"2\"", "number: \"1\"", "2:3: article '1' stands twice"},
        {"articles.yaml", "number: \"2\", ", "", "2:3: key 'number' is missing"},
        {"vocabularies.yaml", NULL, "a: b\n", "1:1: a list is expected"},
        {"vocabularies.yaml", "code: duty", "code: crime", "5:7: term 'crime' stands twice"},
        {"vocabularies.yaml", "kinds: [police]", "kinds: [policy]",
         "4:7: unknown kind of body 'policy'"},
        {"vocabularies.yaml", "code: sector", "code: grounds",
         "9:3: vocabulary 'grounds' stands twice"},
        {"vocabularies.yaml", "  terms:\n", "  trems:\n",
         "3:3: unknown key 'trems'; did you mean 'terms'?"},
        {"settings.yaml", NULL, "x\n", "1:1: a list is expected"},
        {"settings.yaml", "5wd", "5wdays", "1:3: 'value' must be a period like 5wd or a number"},
        {"settings.yaml", ", why: {zh: 丁, en: D}", "", "2:3: key 'why' is missing"},
        {"competence.yaml", NULL, "{}\n", "1:1: a list is expected"},
        {"competence.yaml", "category: land", "category: lnad",
         "4:3: 'lnad' is no term of 'trade_category'"},
        {"competence.yaml", "stage: award", "stage: x", "2:3: 'x' is no term of 'trade_stage'"},
        {"competence.yaml", "bid, sector: water", "bid, sector: air",
         "1:3: 'air' is no term of 'sector'"},
    };
    EXPECT_MISTAKES(rows);
}

static const char parent_file[] = "procedures/a_parent.yaml";
static const char child_file[] = "procedures/child.yaml";

static void mistakes_in_head_and_parties(void **state)
{
    (void)state;
    static const struct mistake rows[] = {
        {parent_file, "prefix: FU", "prefix: Fu", "1:1: 'prefix' must be two capital letters"},
        {parent_file, "prefix: FU", "prefix: FUU", "1:1: 'prefix' must be two capital letters"},
        {parent_file, "articles: [\"1\"]\nsteps", "articles: [\"9\"]\nsteps",
         "1:1: articles.yaml has no article '9'"},
        {parent_file, "steps:\n  - {zh: 始, en: Begin}\n", "steps:\n  - Begin\n",
         "7:5: key 'zh' is missing"},
        {parent_file, "purpose: {zh: 目的, en: Purpose}\n", "purpse: x\n",
         "3:1: unknown key 'purpse'; did you mean 'purpose'?"},
        {parent_file, "kinds: [police], rec", "kinds: [], rec",
         "11:5: 'kinds' must name at least one kind of body"},
        {parent_file, "kinds: [police], rec", "kinds: {a: b}, rec",
         "11:53: 'kinds' must be a list of words"},
        {parent_file, "kinds: [police], rec", "kinds: [[a]], rec", "11:54: a word is expected"},
        {parent_file, "recorded_by: handler", "recorded_by: nobody",
         "11:5: there is no party 'nobody'"},
        {parent_file, "code: other", "code: system",
         "11:5: 'system' is no party; call it otherwise"},
        {parent_file, "code: other", "code: handler", "11:5: 'handler' stands twice"},
        {child_file, "code: child\n", "code: parent\n", "1:1: procedure 'parent' stands twice"},
        {child_file,
         "parties:\n  - {code: sender, label: {zh: 送, en: Sender}, kinds: [supervisor, "
         "regulator]}\n",
         "parties: none\n", "6:10: 'parties' must be a list"},
        {child_file, "kinds: [supervisor, regulator]}\n",
         "kinds: [supervisor]}\n  - {code: spare, label: {zh: 空, en: Spare}, kinds: [police]}\n",
         "8:5: nothing ever fills the party 'spare'"},
        {child_file, "prefix: ZI\n", "prefix: ZI\nportal: true\n",
         "1:1: 'portal' needs a start by a party of the public"},
        {child_file, "prefix: ZI\n", "prefix: ZI\nportal: perhaps\n",
         "5:9: 'portal' must be true or false"},
    };
    EXPECT_MISTAKES(rows);
}

static void mistakes_in_facts(void **state)
{
    (void)state;
    static const struct mistake rows[] = {
        {parent_file, "type: date", "type: dat", "16:5: unknown type 'dat'; did you mean date"},
        {parent_file, "type: date", "type: whenever", "16:5: unknown type 'whenever'"},
        {parent_file, ", type: date", "", "16:5: key 'type' is missing"},
        {parent_file, "type: date", "type: date, min: -1",
         "16:59: 'min' must be a whole number from 0 to 1000000000000"},
        {parent_file, "vocabulary: grounds", "vocabulary: ground",
         "14:5: there is no vocabulary 'ground'"},
        {parent_file, ", vocabulary: grounds", "",
         "14:5: 'vocabulary' goes with type term or terms"},
        {parent_file, "type: date", "type: date, vocabulary: grounds",
         "16:5: 'vocabulary' goes with type term or terms"},
        {parent_file, "party: other", "party: othr", "15:5: there is no party 'othr'"},
        {parent_file, "kinds_by: ground", "kinds_by: subject",
         "15:5: 'kinds_by' must name a fact of type term"},
        {parent_file, ", seen_by: [handler]", "", "17:5: 'seen_by' goes with secrecy restricted"},
        {parent_file, "seen_by: [handler]", "seen_by: [nobody]",
         "17:5: there is no party 'nobody'"},
        {parent_file, "secrecy: restricted", "secrecy: hidden",
         "17:5: 'secrecy' is open, restricted or sealed"},
        {parent_file, "seen_by: [handler]", "seen_by: [handler], search: true",
         "17:5: a fact that is not open can not be searched or be the title"},
        {parent_file, ", title: true", "", "13:3: exactly one fact must be the title"},
        {parent_file, "type: date", "type: line, title: true",
         "13:3: exactly one fact must be the title"},
        {parent_file, "code: day", "code: ground", "16:5: 'ground' stands twice"},
    };
    EXPECT_MISTAKES(rows);
}

static void mistakes_in_states(void **state)
{
    (void)state;
    static const struct mistake rows[] = {
        {parent_file, "holder: other", "holder: othr", "20:5: there is no party 'othr'"},
        {parent_file, "holder: other", "holder: other, materials_for: [handler, othr]",
         "20:5: there is no party 'othr'"},
        {parent_file, "holder: other, ", "", "20:5: an open state needs a holder"},
        {parent_file, "final: true", "final: true, holder: other",
         "21:5: a final state has no holder"},
        {parent_file, "final: true, step: 1", "final: true, step: 2",
         "21:67: 'step' must be a whole number from 0 to 1"},
        {parent_file, ", reason: {zh: 戊, en: E}", "",
         "20:5: state 'waiting' has no clock and gives no reason"},
        {parent_file, "actions:\n",
         "  - {code: lost, label: {zh: 失, en: Lost}, holder: other, reason: {zh: 子, en: "
         "K}}\nactions:\n",
         "22:5: state 'lost' can not be reached"},
        {parent_file, "final: true, step", "holder: other, reason: {zh: 丑, en: L}, step",
         "21:5: state 'closed' is a dead end"},
        {parent_file, "{code: waiting", "{code: open",
         "20:5: 'open' means all open states; call the state otherwise"},
        {parent_file, "    from: [waiting]\n    to: closed\n",
         "    from: [begun]\n    to: closed\n", "20:5: state 'waiting' is a dead end"},
    };
    EXPECT_MISTAKES(rows);
}

static void mistakes_in_actions(void **state)
{
    (void)state;
    static const struct mistake rows[] = {
        {parent_file, "from: [waiting]", "from: [wating]", "52:5: there is no state 'wating'"},
        {parent_file, "from: [waiting]", "from: [closed]",
         "52:5: nothing leaves the final state 'closed'"},
        {parent_file, "    from: [waiting]\n", "",
         "52:5: an action has 'starts: true' or 'from', not both"},
        {parent_file, "    from: [waiting]\n", "    from: [waiting]\n    starts: true\n",
         "52:5: an action has 'starts: true' or 'from', not both"},
        {parent_file, "to: closed", "to: close", "52:5: there is no state 'close'"},
        {parent_file, "    to: begun\n", "", "23:5: key 'to' is missing"},
        {parent_file, "by: [system]", "by: [nobody]", "52:5: there is no party 'nobody'"},
        {parent_file, "by: [system]", "by: [system, handler]",
         "52:5: 'by' must name parties, or system alone"},
        {parent_file, "    by: [system]\n", "", "52:5: 'by' must name parties, or system alone"},
        {parent_file, "roles: [handler]", "roles: [boss]", "23:5: unknown role 'boss'"},
        {parent_file, "    roles: [head]\n", "",
         "46:5: nobody may do 'remind': 'roles' says who of the body"},
        {parent_file, "    articles: \"1\"\n", "",
         "52:5: an action names its article, or says why in 'local'"},
        {parent_file, "articles: \"1\"", "articles: \"7\"",
         "52:5: articles.yaml has no article '7'"},
        {parent_file, "needs: [day]", "needs: [night]", "32:5: there is no fact 'night'"},
        {parent_file, "takes: [ground, ", "takes: [grund, ", "23:5: there is no fact 'grund'"},
        {parent_file, "dated_by: day", "dated_by: subject",
         "32:5: 'dated_by' must name an open fact of type date or minute"},
        {parent_file, "materials: required", "materials: some",
         "32:5: 'materials' is none, optional or required"},
        {parent_file, "code: remind", "code: send", "46:5: 'send' stands twice"},
        {parent_file, "    starts: true\n    to: begun\n", "    from: [begun]\n    to: begun\n",
         "1:1: no action starts this procedure"},
    };
    EXPECT_MISTAKES(rows);
}

static void mistakes_in_conditions(void **state)
{
    (void)state;
    static const struct mistake rows[] = {
        {parent_file, "{no_open: child}", "{no_opn: child}",
         "58:13: unknown key 'no_opn'; did you mean 'no_open'?"},
        {parent_file, "{no_open: child}", "{no_open: cild}", "52:5: there is no procedure 'cild'"},
        {parent_file, "{no_open: child}", "{no_open: []}", "58:12: 'no_open' names one procedure"},
        {parent_file, "{no_open: child}", "{overdue: false}", "58:12: 'overdue' can only be true"},
        {parent_file, "{no_open: child}", "overdue", "58:12: a list of keys is expected here"},
        {parent_file, "fact: ground, is", "fact: grund, is", "42:12: there is no fact 'grund'"},
        {parent_file, "is: [crime, funds]", "is: [crime, fund]",
         "42:12: 'fund' is no term of 'grounds'"},
        {parent_file, "is: [crime, funds]", "is: []",
         "42:12: a condition needs is, not, set, overdue, no_open, sealed, children or fewer"},
        {parent_file, ", is: [crime, funds]", "",
         "42:12: a condition needs is, not, set, overdue, no_open, sealed, children or fewer"},
        {parent_file, "set: true", "set: maybe", "42:66: 'set' must be true or false"},
        {parent_file, "when: [{no_open: child}]", "when: overdue", "58:11: 'when' must be a list"},
    };
    EXPECT_MISTAKES(rows);
}

static void mistakes_in_effects(void **state)
{
    (void)state;
    static const struct mistake rows[] = {
        {parent_file, "- list: materials", "- lst: materials",
         "45:9: unknown key 'lst'; did you mean 'list'?"},
        {parent_file, "- list: materials", "- {list: materials, sign: receipt}",
         "45:9: an effect is one of open, act, list, sign, unseal, freeze"},
        {parent_file, "- list: materials", "- materials",
         "45:9: an effect is one of open, act, list, sign, unseal, freeze"},
        {parent_file, "procedure: child", "procedure: chld", "32:5: there is no procedure 'chld'"},
        {parent_file, "procedure: child, ", "", "44:15: key 'procedure' is missing"},
        {parent_file, "action: arrive", "action: leave",
         "32:5: 'child' does not start with 'leave'"},
        {parent_file, "{sender: handler}", "{sendr: handler}",
         "32:5: the parties 'sendr: handler' do not exist, or are many"},
        {parent_file, "{sender: handler}", "{sender: nobody}",
         "32:5: the parties 'sender: nobody' do not exist, or are many"},
        {parent_file, "{sender: handler}", "[sender]", "44:59: 'parties' must map theirs to ours"},
        {parent_file, "{sender: handler}", "{sender: [a]}", "44:68: a word is expected"},
        {parent_file, "{title: subject}", "{title: subjct}", "32:5: there is no fact 'subjct'"},
        {parent_file, "{title: subject}", "{titel: subject}", "32:5: 'child' has no fact 'titel'"},
        {parent_file, ", facts: {title: subject}", "",
         "32:5: 'child.arrive' needs the fact 'title'"},
        {child_file, "on: parent", "on: parnt", "22:21: 'on' is parent or child"},
        {child_file, "action: close", "action: clse",
         "15:5: no linked procedure has the action 'clse'"},
        {child_file, "optional: true", "optional: 1", "22:59: 'optional' must be true or false"},
    };
    EXPECT_MISTAKES(rows);
}

static void mistakes_in_deadlines(void **state)
{
    (void)state;
    static const struct mistake rows[] = {
        {parent_file, "obligor: handler", "obligor: nobody", "60:5: there is no party 'nobody'"},
        {parent_file, "within: answer_within", "within: 5days",
         "60:5: '5days' is neither a period like 5wd nor a setting with one"},
        {parent_file, "within: answer_within", "within: copies",
         "60:5: 'copies' is neither a period like 5wd nor a setting with one"},
        {parent_file, "from: [begin]", "from: [start]", "60:5: there is no action 'start'"},
        {parent_file, "    from: [begin]\n", "", "60:5: 'from' must name what starts the clock"},
        {parent_file, "from: [begin]", "from: [parent.begin]",
         "60:5: no procedure that opens this one has the action 'begin'"},
        {child_file, "parent.send", "parent.sned",
         "24:5: no procedure that opens this one has the action 'sned'"},
        {parent_file, "met_by: [send]", "met_by: [sned]", "60:5: there is no action 'sned'"},
        {parent_file, "    met_by: [send]\n", "", "60:5: nothing can meet this clock"},
        {parent_file, "lifted_by: [close]", "paused_by: [close]",
         "60:5: 'paused_by' and 'resumed_by' go together"},
        {parent_file, "strength: statutory", "strength: strong",
         "60:5: 'strength' is statutory, local or target"},
        {parent_file, "    articles: [\"1\"]\n    strength", "    strength",
         "60:5: a statutory clock names its article"},
        {parent_file, "strength: statutory", "strength: target",
         "60:5: a clock that is not statutory says why in 'local'"},
    };
    EXPECT_MISTAKES(rows);
}

static void an_article_needs_a_carrier(void **state)
{
    (void)state;
    static const struct mistake row = {"articles.yaml", ", carried: {zh: 甲, en: A}", "", NULL};
    CHECK_CTX(ctx);
    struct rulebook *book = NULL;
    const char *folder = book_write(&ctx, row.file, row.find, row.replace);
    assert_int_equal(rules_load(&ctx, folder, &book), FAULT_RULEBOOK_INVALID);
    check_folder_remove(folder);
    check_holds(ctx.note, ": article '2' has no carrier");
}

static const char *rows_text(struct arena *arena, const char *format, unsigned count)
{
    struct buffer text;
    buffer_init(&text, arena);
    for (unsigned i = 0; i < count; i++) {
        const char *hash = strchr(format, '#');
        buffer_printf(&text, "%.*s%u%s", (int)(hash - format), format, i, hash + 1);
    }
    return text.data;
}

static void lists_have_limits(void **state)
{
    (void)state;
    static const struct {
        const char *before, *row, *message;
        unsigned count;
    } rows[] = {
        {"facts:\n", "  - {code: p#, label: {zh: 甲, en: A}, kinds: [police]}\n",
         "at most 15 parties", 16},
        {"states:\n", "  - {code: f#, label: {zh: 甲, en: A}, type: flag}\n", "at most 64 facts",
         64},
        {"actions:\n", "  - {code: s#, label: {zh: 甲, en: A}, final: true}\n", "at most 64 states",
         64},
        {"deadlines:\n",
         "  - {code: a#, label: {zh: 甲, en: A}, from: here, by: sender, local: {zh: 甲, en: A}}\n",
         "at most 64 actions", 64},
        {"  - code: leave_within\n",
         "  - {code: d#, label: {zh: 甲, en: A}, obligor: sender, within: 1d, from: arrive, "
         "met_by: leave, "
         "local: {zh: 甲, en: A}, strength: local}\n",
         "at most 64 deadlines", 64},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        CHECK_CTX(ctx);
        struct rulebook *book = NULL;
        const char *more = rows_text(ctx.arena, rows[i].row, rows[i].count);
        const char *folder = book_write(&ctx, child_file, rows[i].before,
                                        arena_printf(ctx.arena, "%s%s", more, rows[i].before));
        assert_int_equal(rules_load(&ctx, folder, &book), FAULT_RULEBOOK_INVALID);
        check_folder_remove(folder);
        check_holds(ctx.note, rows[i].message);
    }
}

static void all_mistakes_in_one_report(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct rulebook *book = NULL;
    const char *folder = book_write(&ctx, "settings.yaml", NULL, "- x\n- {value: q}\n");
    (void)check_write(ctx.arena, folder, "articles.yaml", "[1\n");
    assert_int_equal(rules_load(&ctx, folder, &book), FAULT_RULEBOOK_INVALID);
    check_folder_remove(folder);
    check_holds(ctx.note, "articles.yaml:2:1: did not find expected ',' or ']'");
    check_holds(ctx.note, "settings.yaml:1:3: a list of keys is expected here");
    check_holds(ctx.note, "settings.yaml:2:3: 'value' must be a period");
}

static void missing_files_are_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < 5; i++) {
        CHECK_CTX(ctx);
        struct rulebook *book = NULL;
        const char *folder = book_write(&ctx, NULL, NULL, NULL);
        const char *path = arena_printf(ctx.arena, "%s/%s", folder, book_files[i].name);
        assert_int_equal(unlink(path), 0);
        assert_int_equal(rules_load(&ctx, folder, &book), FAULT_RULEBOOK_INVALID);
        check_folder_remove(folder);
        check_holds(ctx.note, arena_printf(ctx.arena, "%s:1:1: ", path));
    }
    CHECK_CTX(ctx);
    struct rulebook *book = NULL;
    assert_int_equal(rules_load(&ctx, "/nowhere", &book), FAULT_IO_FAILED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_good_book_loads),
        cmocka_unit_test(the_edition_is_of_all_files),
        cmocka_unit_test(mistakes_in_the_shared_files),
        cmocka_unit_test(mistakes_in_head_and_parties),
        cmocka_unit_test(mistakes_in_facts),
        cmocka_unit_test(mistakes_in_states),
        cmocka_unit_test(mistakes_in_actions),
        cmocka_unit_test(mistakes_in_conditions),
        cmocka_unit_test(mistakes_in_effects),
        cmocka_unit_test(mistakes_in_deadlines),
        cmocka_unit_test(an_article_needs_a_carrier),
        cmocka_unit_test(lists_have_limits),
        cmocka_unit_test(all_mistakes_in_one_report),
        cmocka_unit_test(missing_files_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
