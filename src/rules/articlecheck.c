/* Does each article have something that carries it? */
#include "rules/inner.h"

/* A term that some fact asks for carries its article. */
static bool term_carries(const struct rulebook *book, const char *number)
{
    for (size_t i = 0; i < book->vocabularies_count; i++) {
        for (size_t k = 0; k < book->vocabularies[i].terms_count; k++) {
            const char *article = book->vocabularies[i].terms[k].article;
            if (article != NULL && strcmp(article, number) == 0) {
                return true;
            }
        }
    }
    return false;
}

static bool has_carrier(const struct rulebook *book, const char *number)
{
    if (term_carries(book, number)) {
        return true;
    }
    for (size_t i = 0; i < book->procedures_count; i++) {
        const struct rules_procedure *p = &book->procedures[i];
        for (size_t k = 0; k < p->actions_count; k++) {
            for (size_t n = 0; n < p->actions[k].articles_count; n++) {
                if (strcmp(p->actions[k].articles[n], number) == 0) {
                    return true;
                }
            }
        }
        for (size_t k = 0; k < p->deadlines_count; k++) {
            for (size_t n = 0; n < p->deadlines[k].articles_count; n++) {
                if (strcmp(p->deadlines[k].articles[n], number) == 0) {
                    return true;
                }
            }
        }
    }
    return false;
}

void check_articles(struct loading *l, const struct yaml_node *at)
{
    for (size_t i = 0; i < l->book->articles_count; i++) {
        const struct rules_article *article = &l->book->articles[i];
        bool carried = article->carried.zh != NULL || article->pending.zh != NULL ||
                       has_carrier(l->book, article->number);
        if (!carried) {
            yaml_wrong(&l->report, at, "article '%s' has no carrier", article->number);
        }
    }
}
