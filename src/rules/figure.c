/* Reads appraisal.yaml: measures, the tables made of them, and the indicators of article 23. */
#include "rules/figure.h"

#include "base/file.h"
#include "base/text.h"
#include "calendar/date.h"
#include "rules/figure_inner.h"

#include <unistd.h>

enum { MEASURES_MAX = 500, CODE_MAX = 60, WEIGHTS = 100 };

static const char overdue_word[] = "overdue";

static void wrong_code(struct loading *l, const struct yaml_node *node, const char *code)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
    if (code[0] == 0 || strlen(code) > CODE_MAX || code[strspn(code, allowed)] != 0 ||
        code[0] == '_') {
        yaml_wrong(&l->report, node, "'%s' can not be a code here", code);
    }
}

/* The label and the code, which nothing before has. */
static const char *read_head(struct loading *l, const struct yaml_node *node, struct label *label,
                             bool twice)
{
    const char *code = yaml_text(&l->report, node, "code", true);
    *label = read_label(l, node, "label", true);
    if (code == NULL) {
        return "?";
    }
    wrong_code(l, node, code);
    if (twice) {
        yaml_wrong(&l->report, node, "'%s' stands twice", code);
    }
    return arena_text(l->arena, code);
}

static const char *code_of(const struct yaml_node *node)
{
    const struct yaml_node *code = yaml_get(node, "code");
    return code != NULL && code->kind == YAML_SCALAR ? code->text : "";
}

static void load_measures(struct loading *l, const struct yaml_node *root, struct figures *figures)
{
    const struct yaml_node *list = read_list(l, root, "measures", true);
    if (list != NULL && list->count > MEASURES_MAX) {
        yaml_wrong(&l->report, list, "at most %d measures", MEASURES_MAX);
        return;
    }
    figures->measures = kept_array(l, list == NULL ? 0 : list->count, sizeof(struct measure));
    for (const struct yaml_node *node = list == NULL ? NULL : list->children; node != NULL;
         node = node->next) {
        struct measure *measure = &figures->measures[figures->measures_count];
        bool twice = figures_measure(figures, code_of(node)) != NULL;
        measure->code = read_head(l, node, &measure->label, twice);
        if (strcmp(measure->code, overdue_word) == 0) {
            yaml_wrong(&l->report, node, "'overdue' is counted when asked; call it otherwise");
        }
        load_measure(l, node, measure);
        figures->measures_count++;
    }
}

/* "top: [a, b, overdue]" */
static void read_set(struct loading *l, const struct yaml_node *node, const char *key,
                     const struct figures *figures, struct measure_set *set)
{
    size_t count = 0;
    const char **words = read_words(l, node, key, &count);
    set->items = kept_array(l, count, sizeof(struct measure *));
    for (size_t i = 0; i < count; i++) {
        const struct measure *measure = figures_measure(figures, words[i]);
        if (strcmp(words[i], overdue_word) == 0) {
            set->overdue = true;
        } else if (measure == NULL) {
            yaml_wrong(&l->report, node, "there is no measure '%s'", words[i]);
        } else {
            set->items[set->count++] = measure;
        }
    }
    if (count == 0) {
        yaml_wrong(&l->report, node, "'%s' must name measures", key);
    }
}

/* Do all numbers of a set have the table's kind of row? */
static void check_rows(struct loading *l, const struct yaml_node *node,
                       const struct rules_vocabulary *rows, const struct measure_set *set)
{
    for (size_t i = 0; rows != NULL && i < set->count; i++) {
        const struct rules_fact *by = set->items[i]->by;
        if (by == NULL || by->vocabulary != rows) {
            yaml_wrong(&l->report, node, "'%s' is not split by '%s'", set->items[i]->code,
                       rows->code);
        }
    }
    if (rows != NULL && set->overdue) {
        yaml_wrong(&l->report, node, "'overdue' is known of bodies only");
    }
}

static void load_column(struct loading *l, const struct yaml_node *node,
                        const struct figures *figures, const struct figure_table *table,
                        struct figure_column *column)
{
    static const char *const keys[] = {"code", "label", "count", "days", "percent", "of", NULL};
    static const char *const kinds[] = {"count", "days", "percent"};
    yaml_only(&l->report, node, keys);
    bool twice = false;
    for (size_t i = 0; i < table->columns_count; i++) {
        twice = twice || strcmp(table->columns[i].code, code_of(node)) == 0;
    }
    column->code = read_head(l, node, &column->label, twice);
    unsigned given = 0;
    for (unsigned i = 0; i < 3; i++) {
        if (yaml_get(node, kinds[i]) != NULL) {
            column->kind = (enum column_kind)i;
            given++;
        }
    }
    if (given != 1) {
        yaml_wrong(&l->report, node, "a column has one of count, days, percent");
        return;
    }
    read_set(l, node, kinds[column->kind], figures, &column->top);
    check_rows(l, node, table->rows, &column->top);
    if (column->kind == COLUMN_DAYS && column->top.overdue) {
        yaml_wrong(&l->report, node, "'overdue' has no days");
    }
    if (column->kind == COLUMN_PERCENT) {
        read_set(l, node, "of", figures, &column->bottom);
        check_rows(l, node, table->rows, &column->bottom);
    } else if (yaml_get(node, "of") != NULL) {
        yaml_wrong(&l->report, node, "'of' goes with percent");
    }
}

static void load_table(struct loading *l, const struct yaml_node *node, struct figures *figures)
{
    static const char *const keys[] = {"code", "label", "rows", "columns", NULL};
    struct figure_table *table = &figures->tables[figures->tables_count];
    yaml_only(&l->report, node, keys);
    bool twice = figures_table(figures, code_of(node)) != NULL;
    table->code = read_head(l, node, &table->label, twice);
    const char *rows = yaml_text(&l->report, node, "rows", true);
    if (rows != NULL && strcmp(rows, "body") != 0) {
        table->rows = rules_vocabulary(l->book, rows);
        if (table->rows == NULL) {
            yaml_wrong(&l->report, node, "there is no vocabulary '%s'", rows);
        }
    }
    const struct yaml_node *columns = read_list(l, node, "columns", true);
    table->columns = kept_array(l, columns == NULL ? 0 : columns->count, sizeof *table->columns);
    for (const struct yaml_node *column = columns == NULL ? NULL : columns->children;
         column != NULL; column = column->next) {
        load_column(l, column, figures, table, &table->columns[table->columns_count]);
        table->columns_count++;
    }
}

static void load_tables(struct loading *l, const struct yaml_node *root, struct figures *figures)
{
    const struct yaml_node *list = read_list(l, root, "tables", true);
    figures->tables = kept_array(l, list == NULL ? 0 : list->count, sizeof *figures->tables);
    for (const struct yaml_node *node = list == NULL ? NULL : list->children; node != NULL;
         node = node->next) {
        load_table(l, node, figures);
        figures->tables_count++;
    }
}

static void add_names(struct buffer *text, const struct measure_set *set, enum lang lang)
{
    for (size_t i = 0; i < set->count; i++) {
        buffer_printf(text, "%s%s", i == 0 ? "" : " + ", label_text(&set->items[i]->label, lang));
    }
    if (set->overdue) {
        buffer_printf(text, "%s%s", set->count == 0 ? "" : " + ",
                      lang == LANG_EN ? "open and overdue" : "逾期未办");
    }
}

static const char *formula(struct loading *l, const struct indicator *indicator, enum lang lang)
{
    struct buffer text;
    buffer_init(&text, l->arena);
    add_names(&text, &indicator->top, lang);
    buffer_text(&text, lang == LANG_EN ? " / (" : " ÷（");
    add_names(&text, &indicator->bottom, lang);
    buffer_text(&text, lang == LANG_EN ? ")" : "）");
    if (indicator->scale > 1) {
        buffer_printf(&text, lang == LANG_EN ? " of %u" : "，满分%u", indicator->scale);
    }
    return text.data;
}

static void load_indicator(struct loading *l, const struct yaml_node *node, struct figures *figures)
{
    static const char *const keys[] = {"code",       "label",  "article",     "weight",
                                       "valid_from", "better", "full_at",     "none_at",
                                       "numerator",  "scale",  "denominator", NULL};
    struct indicator *indicator = &figures->indicators[figures->indicators_count];
    yaml_only(&l->report, node, keys);
    bool twice = figures_indicator(figures, code_of(node)) != NULL;
    indicator->code = read_head(l, node, &indicator->label, twice);
    indicator->article = read_text(l, node, "article", true);
    indicator->weight = (unsigned)yaml_int(&l->report, node, "weight", 1, WEIGHTS, 1);
    indicator->scale = (unsigned)yaml_int(&l->report, node, "scale", 1, 1000, 1);
    const char *better = yaml_text(&l->report, node, "better", true);
    bool low = better != NULL && strcmp(better, "low") == 0;
    if (better != NULL && !low && strcmp(better, "high") != 0) {
        yaml_wrong(&l->report, node, "'better' is high or low");
    }
    indicator->full_at = (unsigned)yaml_int(&l->report, node, "full_at", 0, 100, low ? 0 : 100);
    indicator->none_at = (unsigned)yaml_int(&l->report, node, "none_at", 0, 100, low ? 100 : 0);
    if (low ? indicator->full_at >= indicator->none_at : indicator->full_at <= indicator->none_at) {
        yaml_wrong(&l->report, node, "'full_at' and 'none_at' go against 'better'");
    }
    const char *day = yaml_text(&l->report, node, "valid_from", true);
    if (day != NULL && !date_parse(day, &indicator->valid_from)) {
        yaml_wrong(&l->report, node, "'valid_from' is a day like 2021-06-01");
    }
    read_set(l, node, "numerator", figures, &indicator->top);
    read_set(l, node, "denominator", figures, &indicator->bottom);
    indicator->formula =
        (struct label){formula(l, indicator, LANG_ZH), formula(l, indicator, LANG_EN)};
    bool known = false;
    for (size_t i = 0; indicator->article != NULL && i < l->book->articles_count; i++) {
        known = known || strcmp(l->book->articles[i].number, indicator->article) == 0;
    }
    if (indicator->article != NULL && !known) {
        yaml_wrong(&l->report, node, "there is no article '%s'", indicator->article);
    }
}

static void load_indicators(struct loading *l, const struct yaml_node *root,
                            struct figures *figures)
{
    const struct yaml_node *list = read_list(l, root, "indicators", true);
    unsigned weights = 0;
    figures->indicators =
        kept_array(l, list == NULL ? 0 : list->count, sizeof *figures->indicators);
    for (const struct yaml_node *node = list == NULL ? NULL : list->children; node != NULL;
         node = node->next) {
        load_indicator(l, node, figures);
        weights += figures->indicators[figures->indicators_count++].weight;
    }
    if (list != NULL && weights != WEIGHTS) {
        yaml_wrong(&l->report, list, "the weights are %u together, not %d", weights, WEIGHTS);
    }
}

void load_figures(struct loading *l, const char *folder)
{
    static const char *const keys[] = {"measures", "tables", "indicators", NULL};
    struct figures *figures = arena_alloc(l->arena, sizeof *figures);
    const char *path = arena_printf(l->ctx->arena, "%s/" FIGURES_FILE, folder);
    l->book->figures = figures;
    /* A rulebook may do without; what is always counted (matter/tally.c) is counted then too. */
    const struct yaml_node *root =
        access(path, F_OK) != 0 ? NULL : yaml_load(l->ctx, &l->report, path);
    if (root != NULL) {
        yaml_only(&l->report, root, keys);
        load_measures(l, root, figures);
        load_tables(l, root, figures);
        load_indicators(l, root, figures);
    }
    if (l->report.count == 0) {
        compile_figures(l, figures);
    }
}

const struct measure *figures_measure(const struct figures *figures, const char *code)
{
    for (size_t i = 0; i < figures->measures_count; i++) {
        if (strcmp(figures->measures[i].code, code) == 0) {
            return &figures->measures[i];
        }
    }
    return NULL;
}

const struct figure_table *figures_table(const struct figures *figures, const char *code)
{
    for (size_t i = 0; i < figures->tables_count; i++) {
        if (strcmp(figures->tables[i].code, code) == 0) {
            return &figures->tables[i];
        }
    }
    return NULL;
}

const struct indicator *figures_indicator(const struct figures *figures, const char *code)
{
    for (size_t i = 0; i < figures->indicators_count; i++) {
        if (strcmp(figures->indicators[i].code, code) == 0) {
            return &figures->indicators[i];
        }
    }
    return NULL;
}
