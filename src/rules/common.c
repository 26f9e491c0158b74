/* What all procedures share: header, articles, vocabularies, settings, competence. */
#include "base/text.h"
#include "calendar/date.h"
#include "rules/inner.h"

static const struct yaml_node *load_file(struct loading *l, const char *folder, const char *name)
{
    return yaml_load(l->ctx, &l->report, arena_printf(l->ctx->arena, "%s/%s", folder, name));
}

/* A file that is one list; NULL after reporting. */
static const struct yaml_node *load_rows(struct loading *l, const char *folder, const char *name)
{
    const struct yaml_node *root = load_file(l, folder, name);
    if (root != NULL && root->kind != YAML_SEQUENCE) {
        yaml_wrong(&l->report, root, "a list is expected");
        return NULL;
    }
    return root;
}

void load_header(struct loading *l, const char *folder)
{
    static const char *const keys[] = {"code",   "title",       "document_number", "in_force_from",
                                       "region", "legal_basis", "catalogue",       NULL};
    const struct yaml_node *root = load_file(l, folder, "rulebook.yaml");
    if (root == NULL) {
        return;
    }
    yaml_only(&l->report, root, keys);
    l->book->code = read_text(l, root, "code", true);
    l->book->title = read_label(l, root, "title", true);
    l->book->document_number = read_text(l, root, "document_number", true);
    l->book->region = yaml_int(&l->report, root, "region", 100000, 999999, 0);
    const char *day = yaml_text(&l->report, root, "in_force_from", true);
    if (day != NULL && !date_parse(day, &l->book->in_force_from)) {
        yaml_wrong(&l->report, yaml_get(root, "in_force_from"),
                   "a day like 2021-06-01 is expected");
    }
}

static void load_article(struct loading *l, const struct yaml_node *node,
                         struct rules_article *article)
{
    static const char *const keys[] = {"number", "requires", "carried", "pending", NULL};
    yaml_only(&l->report, node, keys);
    article->number = read_text(l, node, "number", true);
    article->requires = read_label(l, node, "requires", true);
    article->carried = read_label(l, node, "carried", false);
    article->pending = read_label(l, node, "pending", false);
    if (article->number == NULL) {
        article->number = "?";
    }
}

void load_articles(struct loading *l, const char *folder)
{
    const struct yaml_node *root = load_rows(l, folder, "articles.yaml");
    if (root == NULL) {
        return;
    }
    l->book->articles = kept_array(l, root->count, sizeof *l->book->articles);
    for (const struct yaml_node *node = root->children; node != NULL; node = node->next) {
        struct rules_article *article = &l->book->articles[l->book->articles_count++];
        load_article(l, node, article);
        for (size_t i = 0; i + 1 < l->book->articles_count; i++) {
            if (strcmp(l->book->articles[i].number, article->number) == 0) {
                yaml_wrong(&l->report, node, "article '%s' stands twice", article->number);
            }
        }
    }
}

static void load_term(struct loading *l, const struct yaml_node *node, struct rules_term *term)
{
    static const char *const keys[] = {"code", "label", "kinds", "article", NULL};
    yaml_only(&l->report, node, keys);
    term->code = read_text(l, node, "code", true);
    term->label = read_label(l, node, "label", true);
    term->article = read_text(l, node, "article", false);
    term->code = term->code == NULL ? "?" : term->code;
    term->kinds = read_kinds(l, node);
}

void load_vocabularies(struct loading *l, const char *folder)
{
    static const char *const keys[] = {"code", "label", "terms", NULL};
    const struct yaml_node *root = load_rows(l, folder, "vocabularies.yaml");
    if (root == NULL) {
        return;
    }
    l->book->vocabularies = kept_array(l, root->count, sizeof *l->book->vocabularies);
    for (const struct yaml_node *node = root->children; node != NULL; node = node->next) {
        struct rules_vocabulary *v = &l->book->vocabularies[l->book->vocabularies_count];
        yaml_only(&l->report, node, keys);
        v->code = read_text(l, node, "code", true);
        v->label = read_label(l, node, "label", true);
        const struct yaml_node *terms = read_list(l, node, "terms", true);
        if (v->code == NULL || terms == NULL) {
            continue;
        }
        if (rules_vocabulary(l->book, v->code) != NULL) {
            yaml_wrong(&l->report, node, "vocabulary '%s' stands twice", v->code);
        }
        l->book->vocabularies_count++;
        v->terms = kept_array(l, terms->count, sizeof *v->terms);
        for (const struct yaml_node *term = terms->children; term != NULL; term = term->next) {
            load_term(l, term, &v->terms[v->terms_count]);
            if (rules_term(v, v->terms[v->terms_count].code) != NULL) {
                yaml_wrong(&l->report, term, "term '%s' stands twice",
                           v->terms[v->terms_count].code);
            }
            v->terms_count++;
        }
    }
}

void load_settings(struct loading *l, const char *folder)
{
    static const char *const keys[] = {"code", "label", "value", "why", "article", NULL};
    const struct yaml_node *root = load_rows(l, folder, "settings.yaml");
    if (root == NULL) {
        return;
    }
    l->book->settings = kept_array(l, root->count, sizeof *l->book->settings);
    for (const struct yaml_node *node = root->children; node != NULL; node = node->next) {
        struct rules_setting *setting = &l->book->settings[l->book->settings_count++];
        yaml_only(&l->report, node, keys);
        setting->code = read_text(l, node, "code", true);
        setting->label = read_label(l, node, "label", true);
        setting->why = read_label(l, node, "why", true);
        setting->value = read_text(l, node, "value", true);
        setting->article = read_text(l, node, "article", false);
        setting->code = setting->code == NULL ? "?" : setting->code;
        setting->value = setting->value == NULL ? "0" : setting->value;
        int64_t number = 0;
        if (!span_parse(setting->value, &setting->span) &&
            !text_to_int(setting->value, 0, 1000000, &number)) {
            yaml_wrong(&l->report, node, "'value' must be a period like 5wd or a number");
        }
    }
}

static void check_term(struct loading *l, const struct yaml_node *at, const char *vocabulary,
                       const char *code)
{
    const struct rules_vocabulary *v = rules_vocabulary(l->book, vocabulary);
    if (code != NULL && (v == NULL || rules_term(v, code) == NULL)) {
        yaml_wrong(&l->report, at, "'%s' is no term of '%s'", code, vocabulary);
    }
}

void load_competence(struct loading *l, const char *folder)
{
    static const char *const keys[] = {"category", "stage", "sector", NULL};
    const struct yaml_node *root = load_rows(l, folder, "competence.yaml");
    if (root == NULL) {
        return;
    }
    l->book->competence = kept_array(l, root->count, sizeof *l->book->competence);
    for (const struct yaml_node *node = root->children; node != NULL; node = node->next) {
        struct rules_competence *row = &l->book->competence[l->book->competence_count++];
        yaml_only(&l->report, node, keys);
        row->category = read_text(l, node, "category", true);
        row->stage = read_text(l, node, "stage", false);
        row->sector = read_text(l, node, "sector", true);
        check_term(l, node, "trade_category", row->category);
        check_term(l, node, "trade_stage", row->stage);
        check_term(l, node, "sector", row->sector);
    }
}
