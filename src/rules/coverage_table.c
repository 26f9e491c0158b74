/* The table of features by article, as the README shows it. */
#include "rules/figure.h"
#include "rules/paper.h"
#include "rules/rules.h"

#include <stdlib.h>
#include <string.h>

/* "14(3)" belongs to "14". */
static bool belongs(const char *number, long article)
{
    return strtol(number, NULL, 10) == article;
}

static bool any_belongs(const char *const *numbers, size_t count, long article)
{
    for (size_t i = 0; i < count; i++) {
        if (belongs(numbers[i], article)) {
            return true;
        }
    }
    return false;
}

static bool procedure_carries(const struct rules_procedure *p, long article)
{
    for (size_t i = 0; i < p->actions_count; i++) {
        if (any_belongs(p->actions[i].articles, p->actions[i].articles_count, article)) {
            return true;
        }
    }
    for (size_t i = 0; i < p->deadlines_count; i++) {
        if (any_belongs(p->deadlines[i].articles, p->deadlines[i].articles_count, article)) {
            return true;
        }
    }
    return false;
}

/* What stands in a cell must not end it. */
static void add_cell(struct buffer *buffer, const char *text)
{
    for (const char *p = text; *p != 0; p++) {
        buffer_char(buffer, *p == '|' || *p == '\n' ? ' ' : *p);
    }
}

static void add_what(const struct rulebook *book, long article, enum lang lang,
                     struct buffer *buffer)
{
    size_t count = 0;
    bool whole = false;
    for (size_t i = 0; i < book->articles_count && !whole; i++) {
        const struct rules_article *a = &book->articles[i];
        if (belongs(a->number, article)) {
            buffer_text(buffer, count++ == 0 ? "" : lang == LANG_EN ? "; " : "；");
            add_cell(buffer, label_text(&a->requires, lang));
            whole = strchr(a->number, '(') == NULL;
        }
    }
}

/* Their codes; of many only the number. */
static size_t add_procedures(const struct rulebook *book, long article, enum lang lang,
                             struct buffer *buffer)
{
    enum { CODES_MAX = 8 };
    size_t count = 0;
    size_t told = 0;
    for (size_t i = 0; i < book->procedures_count; i++) {
        count += procedure_carries(&book->procedures[i], article) ? 1 : 0;
    }
    for (size_t i = 0; i < book->procedures_count && count <= CODES_MAX; i++) {
        if (procedure_carries(&book->procedures[i], article)) {
            buffer_printf(buffer, "%s`%s`",
                          told++ == 0       ? ""
                          : lang == LANG_EN ? ", "
                                            : "、",
                          book->procedures[i].code);
        }
    }
    if (count > CODES_MAX) {
        buffer_printf(buffer, lang == LANG_EN ? "%zu procedures" : "%zu个程序", count);
    }
    return count;
}

static size_t count_papers(const struct rulebook *book, long article)
{
    size_t count = 0;
    for (size_t i = 0; i < book->papers_count; i++) {
        count +=
            any_belongs(book->papers[i].articles, book->papers[i].articles_count, article) ? 1 : 0;
    }
    return count;
}

static bool has_indicator(const struct rulebook *book, long article)
{
    const struct figures *figures = book->figures;
    for (size_t i = 0; figures != NULL && i < figures->indicators_count; i++) {
        const char *number = figures->indicators[i].article;
        if (number != NULL && belongs(number, article)) {
            return true;
        }
    }
    return false;
}

/* Procedures, papers by their number, indicators, and what a feature carries. */
static void add_where(const struct rulebook *book, long article, enum lang lang,
                      struct buffer *buffer)
{
    bool en = lang == LANG_EN;
    const char *comma = en ? ", " : "、";
    size_t count = add_procedures(book, article, lang, buffer);
    if (has_indicator(book, article)) {
        buffer_printf(buffer, "%s%s", count++ == 0 ? "" : comma, en ? "indicators" : "考核指标");
    }
    size_t papers = count_papers(book, article);
    if (papers > 0) {
        buffer_printf(buffer, en ? "%s%zu paper%s" : "%s%zu种文书%s", count++ == 0 ? "" : comma,
                      papers, en && papers > 1 ? "s" : "");
    }
    for (size_t i = 0; i < book->articles_count; i++) {
        const struct rules_article *a = &book->articles[i];
        if (belongs(a->number, article) && a->carried.zh != NULL) {
            buffer_text(buffer, count++ == 0 ? "" : en ? "; " : "；");
            add_cell(buffer, label_text(&a->carried, lang));
        }
    }
}

void rules_coverage_table(const struct rulebook *book, enum lang lang, struct buffer *buffer)
{
    long last = 0;
    buffer_text(buffer,
                lang == LANG_EN ? "| article | what | where |\n" : "| 条文 | 内容 | 承载 |\n");
    buffer_text(buffer, "|---|---|---|\n");
    for (size_t i = 0; i < book->articles_count; i++) {
        long article = strtol(book->articles[i].number, NULL, 10);
        if (article == last) {
            continue;
        }
        last = article;
        buffer_printf(buffer, "| %ld | ", article);
        add_what(book, article, lang, buffer);
        buffer_text(buffer, " | ");
        add_where(book, article, lang, buffer);
        buffer_text(buffer, " |\n");
    }
}
