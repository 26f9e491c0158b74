/* Templates of papers: what they come to, and each kind of mistake with file, line and column. */
#include "rulebook_small.h"
#include "rules/paper.h"

static const char parent_file[] = "procedures/a_parent.yaml";
static const char paper_file[] = "documents/sent_letter.yaml";

static const char good[] = "code: sent_letter\n"
                           "label: {zh: 函, en: Letter}\n"
                           "procedure: parent\n"
                           "issuer: handler\n"
                           "to: body\n"
                           "copies: [handler]\n"
                           "format: letter\n"
                           "word: 函\n"
                           "articles: [\"1\"]\n"
                           "title: 关于{subject}的函\n"
                           "body:\n"
                           "  - 致{party.other}，{day}，{due.send_within}。\n"
                           "  - {when: [{fact: ground, set: true}], text: \"{ground}\"}\n"
                           "  - {heading: 一、材料, level: 2}\n"
                           "  - {table: materials}\n"
                           "attachments: [\"{reference}\"]\n"
                           "note: \"{issuer}{today}{number}\"\n";

/* The small book, its action `send` issuing the letter; `text` is the template. */
static const char *write_book(struct ctx *ctx, const char *text, const char *action)
{
    const char *folder = book_write(ctx, parent_file, "    to: waiting\n",
                                    arena_printf(ctx->arena, "    to: waiting\n%s", action));
    const char *documents = arena_printf(ctx->arena, "%s/documents", folder);
    assert_int_equal(file_make_folder(ctx, documents, 0700), FAULT_NONE);
    (void)check_write(ctx->arena, folder, paper_file, text);
    return folder;
}

static void a_good_template_is_looked_up(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct rulebook *book = NULL;
    const char *folder = write_book(&ctx, good, "    paper: sent_letter\n");
    enum fault fault = rules_load(&ctx, folder, &book);
    check_folder_remove(folder);
    if (fault != FAULT_NONE) {
        fail_msg("%s", ctx.note);
    }
    const struct rules_procedure *parent = rules_procedure(book, "parent");
    const struct rules_paper *paper = rules_paper(book, "sent_letter");
    assert_non_null(paper);
    assert_ptr_equal(rules_action(parent, "send")->paper, paper);
    assert_null(rules_action(parent, "begin")->paper);
    assert_ptr_equal(paper->issuer, rules_party(parent, "handler"));
    /* The fact fills the party: naming one is naming the other. */
    assert_ptr_equal(paper->to_party, rules_party(parent, "other"));
    assert_null(paper->to_fact);
    assert_int_equal(paper->copies, 1u << rules_party(parent, "handler")->index);
    assert_int_equal(paper->readers, 3);
    assert_int_equal(paper->format, PAPER_LETTER);
    assert_false(paper->secret);
    assert_int_equal(paper->title.count, 3);
    assert_ptr_equal(paper->title.pieces[1].fact, rules_fact(parent, "subject"));
    assert_string_equal(paper->title.pieces[2].text, "的函");
    assert_int_equal(paper->parts_count, 4);
    assert_int_equal(paper->parts[0].words.count, 7);
    assert_int_equal(paper->parts[0].words.pieces[1].kind, PIECE_PARTY);
    assert_ptr_equal(paper->parts[0].words.pieces[5].deadline,
                     rules_deadline(parent, "send_within"));
    assert_int_equal(paper->parts[1].when_count, 1);
    assert_int_equal(paper->parts[2].kind, PART_HEADING);
    assert_int_equal(paper->parts[2].level, 2);
    assert_int_equal(paper->parts[3].kind, PART_MATERIALS);
    assert_int_equal(paper->attachments_count, 1);
    assert_int_equal(paper->note.count, 3);
    assert_null(rules_paper(book, "nonsense"));
    assert_null(rules_paper(book, NULL));
    rules_destroy(book);
}

static void load_with_mistake(const char *text, const char *action, const char *file,
                              const char *message)
{
    CHECK_CTX(ctx);
    struct rulebook *book = NULL;
    const char *folder = write_book(&ctx, text, action);
    enum fault fault = rules_load(&ctx, folder, &book);
    check_folder_remove(folder);
    if (fault != FAULT_RULEBOOK_INVALID) {
        rules_destroy(book);
        fail_msg("no mistake was seen: %s", message);
    }
    check_holds(arena_printf(ctx.arena, "\n%s\n", ctx.note),
                arena_printf(ctx.arena, "\n%s/%s:%s\n", folder, file, message));
}

static void mistakes_in_a_template(void **state)
{
    (void)state;
    static const struct {
        const char *find, *replace, *message;
    } rows[] = {
        {"code: sent_letter", "code: letter",
         "1:1: the file of the paper 'letter' is called letter.yaml"},
        {"code: sent_letter", "cod: sent_letter", "1:1: key 'code' is missing"},
        {"procedure: parent", "procedure: nobody", "3:12: there is no procedure 'nobody'"},
        {"issuer: handler", "issuer: nobody",
         "4:9: 'issuer' names the one party whose paper it is"},
        {"issuer: handler\n", "", "1:1: key 'issuer' is missing"},
        {"to: body", "to: day",
         "5:5: 'to' names a party, holder, or a fact of type line, person, body or bodies"},
        {"copies: [handler]", "copies: [nobody]", "6:9: there is no party 'nobody'"},
        {"format: letter", "format: card", "7:9: 'format' is letter, file or plain"},
        {"word: 函\n", "", "1:1: a letter or file has a number: 'word' is missing"},
        {"format: letter\nword: 函", "format: plain",
         "16:7: this paper has no number: 'word' is missing"},
        {"articles: [\"1\"]\n", "", "1:1: a paper names its article, or says why in 'local'"},
        {"articles: [\"1\"]", "articles: [\"9\"]", "1:1: articles.yaml has no article '9'"},
        {"{subject}", "{nobody}", "10:8: 'nobody' is no fact, party or other word a paper knows"},
        {"{subject}", "{ground}",
         "10:8: 'ground' may be empty here: let the item stand under 'when: [{fact: ground, set:"
         " true}]', or the action need it"},
        {"{subject}", "{subject", "10:8: a brace is not closed, or holds no name"},
        {"{subject}", "subject}", "10:8: a brace is closed that was not opened"},
        {"{subject}", "{}", "10:8: a brace is not closed, or holds no name"},
        {"{party.other}", "{party.nobody}",
         "12:5: 'party.nobody' is no fact, party or other word a paper knows"},
        {"{due.send_within}", "{due.nothing}",
         "12:5: 'due.nothing' is no fact, party or other word a paper knows"},
        {"{day}", "{secret}", "12:5: not everybody who reads this paper may read 'secret'"},
        {"{day}", "{receipt.sender}", "12:5: no receipt is signed by the action of this paper"},
        {"{table: materials}", "{table: receipt}",
         "15:5: no receipt is signed by the action of this paper"},
        {"{table: materials}", "{table: people}", "15:5: 'table' is materials or receipt"},
        {"level: 2", "level: 9", "14:28: 'level' must be a whole number from 1 to 4"},
        {"fact: ground, set: true", "fact: nobody, set: true", "13:13: there is no fact 'nobody'"},
        {"note:", "notes:", "17:1: unknown key 'notes'; did you mean 'note'?"},
        {"title:", "titel:", "1:1: key 'title' is missing"},
    };
    SCOPED_ARENA arena = arena_create();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *text = book_changed(arena, good, rows[i].find, rows[i].replace);
        load_with_mistake(text, "    paper: sent_letter\n", paper_file, rows[i].message);
    }
}

static void mistakes_between_action_and_paper(void **state)
{
    (void)state;
    SCOPED_ARENA arena = arena_create();
    load_with_mistake(good, "", paper_file,
                      "1:1: no action of 'parent' issues the paper 'sent_letter'");
    load_with_mistake(good, "    paper: nothing\n", parent_file,
                      "32:5: there is no paper documents/nothing.yaml");
    const char *of_child = book_changed(
        arena,
        "code: sent_letter\nlabel: {zh: 函, en: Letter}\nprocedure: child\nissuer: sender\n"
        "format: plain\nlocal: {zh: 辛, en: H}\ntitle: 函\nbody: [函]\n",
        "code", "code");
    load_with_mistake(of_child, "    paper: sent_letter\n", parent_file,
                      "32:5: the paper 'sent_letter' belongs to the procedure 'child'");
    const char *of_other = book_changed(arena, good, "issuer: handler\nto: body", "issuer: other");
    load_with_mistake(of_other, "    paper: sent_letter\n", parent_file,
                      "32:5: 'other', whose paper 'sent_letter' is, does not perform this action");
}

/* A clock that only some start opens may not run when the paper is made. */
static void a_clock_must_be_there(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct rulebook *book = NULL;
    const char *text = book_changed(ctx.arena, book_file_text(parent_file), "actions:\n",
                                    "actions:\n"
                                    "  - code: begin_otherwise\n"
                                    "    label: {zh: 另立, en: Otherwise}\n"
                                    "    starts: true\n"
                                    "    to: begun\n"
                                    "    by: [handler]\n"
                                    "    roles: [handler]\n"
                                    "    local: {zh: 丑, en: K}\n"
                                    "    needs: [subject]\n");
    text = book_changed(ctx.arena, text, "    to: waiting\n",
                        "    to: waiting\n    paper: sent_letter\n");
    const char *folder = book_write(&ctx, parent_file, NULL, text);
    const char *documents = arena_printf(ctx.arena, "%s/documents", folder);
    assert_int_equal(file_make_folder(&ctx, documents, 0700), FAULT_NONE);
    (void)check_write(ctx.arena, folder, paper_file, good);
    enum fault fault = rules_load(&ctx, folder, &book);
    check_folder_remove(folder);
    assert_int_equal(fault, FAULT_RULEBOOK_INVALID);
    check_holds(ctx.note,
                "documents/sent_letter.yaml:12:5: the clock 'send_within' may not run then:"
                " neither each action of this paper nor each start opens it");
}

/* A restricted fact may stand where all who read the paper may read it, and makes the paper secret;
 * not where the holder, whoever it is, reads it. */
static void a_restricted_fact_among_its_readers(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    static const char text[] = "code: sent_letter\n"
                               "label: {zh: 函, en: Letter}\n"
                               "procedure: parent\n"
                               "issuer: handler\n"
                               "format: plain\n"
                               "local: {zh: 辛, en: H}\n"
                               "title: 函\n"
                               "body: [{when: [{fact: secret, set: true}], text: \"{secret}\"}]\n";
    struct rulebook *book = NULL;
    const char *folder = write_book(&ctx, text, "    paper: sent_letter\n");
    enum fault fault = rules_load(&ctx, folder, &book);
    check_folder_remove(folder);
    assert_int_equal(fault, FAULT_NONE);
    assert_true(rules_paper(book, "sent_letter")->secret);
    assert_null(rules_paper(book, "sent_letter")->word);
    rules_destroy(book);
    const char *to_holder =
        book_changed(ctx.arena, text, "format: plain", "to: holder\nformat: plain");
    load_with_mistake(to_holder, "    paper: sent_letter\n", paper_file,
                      "9:8: not everybody who reads this paper may read 'secret'");
}

static void a_template_is_of_the_edition(void **state)
{
    (void)state;
    char editions[2][17];
    for (int i = 0; i < 2; i++) {
        CHECK_CTX(ctx);
        struct rulebook *book = NULL;
        const char *text = i == 0 ? good : book_changed(ctx.arena, good, "一、材料", "二、材料");
        const char *folder = write_book(&ctx, text, "    paper: sent_letter\n");
        assert_int_equal(rules_load(&ctx, folder, &book), FAULT_NONE);
        check_folder_remove(folder);
        (void)snprintf(editions[i], sizeof editions[i], "%s", book->edition);
        rules_destroy(book);
    }
    assert_string_not_equal(editions[0], editions[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_template_is_looked_up),
        cmocka_unit_test(mistakes_in_a_template),
        cmocka_unit_test(mistakes_between_action_and_paper),
        cmocka_unit_test(a_clock_must_be_there),
        cmocka_unit_test(a_restricted_fact_among_its_readers),
        cmocka_unit_test(a_template_is_of_the_edition),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
