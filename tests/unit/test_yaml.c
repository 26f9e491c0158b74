#include "base/yaml.h"
#include "check.h"

static struct yaml_node *parse(struct ctx *ctx, struct yaml_report *report, const char *text)
{
    yaml_report_init(report, ctx->arena);
    return yaml_parse(report, "f.yaml", text, strlen(text));
}

static void remembers_where_everything_stands(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct yaml_report report;
    struct yaml_node *root =
        parse(&ctx, &report, "# head\na: 1\nlist:\n  - {zh: 围标, en: \"no\"}\n  - x\n");
    assert_int_equal(report.count, 0);
    assert_int_equal(root->kind, YAML_MAPPING);
    assert_int_equal(root->count, 2);
    const struct yaml_node *list = yaml_get(root, "list");
    assert_int_equal(list->kind, YAML_SEQUENCE);
    assert_int_equal(list->count, 2);
    assert_int_equal(list->line, 4);
    assert_int_equal(list->column, 3);
    assert_int_equal(list->key->line, 3);
    const struct yaml_node *en = yaml_get(list->children, "en");
    assert_string_equal(en->text, "no");
    assert_true(en->quoted);
    assert_int_equal(en->line, 4);
    assert_int_equal(en->column, 18);
    assert_string_equal(yaml_get(list->children, "zh")->text, "围标");
    assert_false(yaml_get(list->children, "zh")->quoted);
    assert_string_equal(list->children->next->text, "x");
    assert_null(list->children->next->next);
    assert_null(yaml_get(list, "zh"));
    assert_null(yaml_get(NULL, "zh"));
    assert_null(yaml_get(root, "none"));
}

static void mistakes_name_file_line_column(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"", "f.yaml:1:1: the file is empty"},
        {"# only\n", "f.yaml:2:1: the file is empty"},
        {"a: 1\na: 2\n", "f.yaml:2:1: this key stands twice"},
        {"a: &x 1\n", "f.yaml:1:4: anchors and tags are not used here"},
        {"a: !!int 1\n", "f.yaml:1:4: anchors and tags are not used here"},
        {"a: &x [1]\n", "f.yaml:1:4: anchors, aliases and tags are not used here"},
        {"a: !x {b: 1}\n", "f.yaml:1:4: anchors, aliases and tags are not used here"},
        {"a: *x\n", "f.yaml:1:4: anchors, aliases and tags are not used here"},
        {"[a]: 1\n", "f.yaml:1:1: a key must be a plain word"},
        {"a: 1\n---\nb: 2\n", "f.yaml:2:1: a second document is not used here"},
        {"a: [1\nb: 2\n", "f.yaml:2:2: did not find expected ',' or ']'"},
        {"a:\n\tb: 1\n", "f.yaml:2:1: found character that cannot start any token"},
        {"a: \"\\0\"\n", "f.yaml:1:4: the text is not valid UTF-8"},
        {"a: \xFF\n", "f.yaml:1:1: invalid leading UTF-8 octet"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        CHECK_CTX(ctx);
        struct yaml_report report;
        assert_null(parse(&ctx, &report, rows[i].text));
        assert_int_equal(report.count, 1);
        assert_string_equal(report.lines[0], rows[i].message);
    }
}

static void depth_is_limited(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct yaml_report report;
    char text[200] = "";
    memset(text, '[', 24);
    memset(text + 24, ']', 24);
    assert_non_null(parse(&ctx, &report, text));
    memset(text, '[', 25);
    memset(text + 25, ']', 25);
    assert_null(parse(&ctx, &report, text));
    assert_string_equal(report.lines[0], "f.yaml:1:25: nested too deeply");
}

static void fields_have_types(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct yaml_report report;
    const struct yaml_node *root =
        parse(&ctx, &report, "t: word\nempty: \"\"\nlist: [a]\nn: 12\nbig: 13\ny: true\nq: yes\n");
    assert_string_equal(yaml_text(&report, root, "t", true), "word");
    assert_null(yaml_text(&report, root, "none", false));
    assert_int_equal(yaml_int(&report, root, "n", 0, 12, 7), 12);
    assert_int_equal(yaml_int(&report, root, "none", 0, 12, 7), 7);
    assert_true(yaml_bool(&report, root, "y", false));
    assert_true(yaml_bool(&report, root, "none", true));
    assert_int_equal(report.count, 0);
    assert_null(yaml_text(&report, root, "none", true));
    assert_null(yaml_text(&report, root, "empty", false));
    assert_null(yaml_text(&report, root, "list", false));
    assert_int_equal(yaml_int(&report, root, "big", 0, 12, 7), 7);
    assert_int_equal(yaml_int(&report, root, "list", 0, 12, 7), 7);
    assert_false(yaml_bool(&report, root, "q", false));
    static const char *const lines[] = {
        "f.yaml:1:1: key 'none' is missing",
        "f.yaml:2:8: 'empty' must be a text",
        "f.yaml:3:7: 'list' must be a text",
        "f.yaml:5:6: 'big' must be a whole number from 0 to 12",
        "f.yaml:3:7: 'list' must be a whole number from 0 to 12",
        "f.yaml:7:4: 'q' must be true or false",
    };
    assert_int_equal(report.count, sizeof lines / sizeof lines[0]);
    for (size_t i = 0; i < report.count; i++) {
        assert_string_equal(report.lines[i], lines[i]);
    }
}

static void unknown_keys_get_the_nearest_word(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    static const char *const allowed[] = {"label", "within", "obligor", NULL};
    struct yaml_report report;
    const struct yaml_node *root = parse(&ctx, &report, "label: a\nwithni: b\nxyz: c\n");
    yaml_only(&report, root, allowed);
    assert_int_equal(report.count, 2);
    assert_string_equal(report.lines[0],
                        "f.yaml:2:1: unknown key 'withni'; did you mean 'within'?");
    assert_string_equal(report.lines[1], "f.yaml:3:1: unknown key 'xyz'");
    yaml_only(&report, root->children, allowed);
    assert_string_equal(report.lines[2], "f.yaml:1:8: a list of keys is expected here");
    yaml_only(&report, NULL, allowed);
    assert_int_equal(report.count, 3);
}

static void nearest_is_by_edit_distance(void **state)
{
    (void)state;
    static const char *const words[] = {"line", "text", "term", "terms", NULL};
    assert_string_equal(yaml_nearest("lien", words), "line");
    assert_string_equal(yaml_nearest("term", words), "term");
    assert_string_equal(yaml_nearest("termss", words), "terms");
    assert_string_equal(yaml_nearest("txt", words), "text");
    assert_null(yaml_nearest("minute", words));
    char large[200];
    memset(large, 'a', sizeof large);
    large[sizeof large - 1] = 0;
    assert_null(yaml_nearest(large, words));
    assert_null(yaml_nearest("line", words + 4));
}

static void a_file_that_is_not_there_is_a_mistake(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct yaml_report report;
    yaml_report_init(&report, ctx.arena);
    assert_null(yaml_load(&ctx, &report, "/nowhere/x.yaml"));
    assert_int_equal(report.count, 1);
    check_holds(report.lines[0], "/nowhere/x.yaml:1:1: ");
}

static void many_mistakes_are_all_kept(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    struct yaml_report report;
    const struct yaml_node *root = parse(&ctx, &report, "a: 1\n");
    for (int i = 0; i < 100; i++) {
        yaml_wrong(&report, root, "mistake %d", i);
    }
    assert_int_equal(report.count, 100);
    assert_string_equal(report.lines[0], "f.yaml:1:1: mistake 0");
    assert_string_equal(report.lines[99], "f.yaml:1:1: mistake 99");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(remembers_where_everything_stands),
        cmocka_unit_test(mistakes_name_file_line_column),
        cmocka_unit_test(depth_is_limited),
        cmocka_unit_test(fields_have_types),
        cmocka_unit_test(unknown_keys_get_the_nearest_word),
        cmocka_unit_test(nearest_is_by_edit_distance),
        cmocka_unit_test(a_file_that_is_not_there_is_a_mistake),
        cmocka_unit_test(many_mistakes_are_all_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
