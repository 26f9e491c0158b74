/*
 * Which article is carried by what: actions, clocks, papers, terms, indicators, features; and which
 * story exercises each. Strict: an article that nothing carries, that is not built yet, or that no
 * story exercises is told, and so is a number that is left out.
 */
#include "rules/figure.h"
#include "rules/paper.h"
#include "rules/rules.h"

#include <stdlib.h>
#include <string.h>

static bool names(const char *const *articles, size_t count, const char *number)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(articles[i], number) == 0) {
            return true;
        }
    }
    return false;
}

/* One article being told. */
struct telling {
    const struct rulebook *book;
    const struct rules_stories *stories; /* NULL: not asked for. */
    const char *number;
    enum lang lang;
    struct buffer *buffer;
    size_t carriers, exercised;
};

static void tell(struct telling *t, const struct label *kind, const char *owner, const char *code,
                 const char *label, const char *story)
{
    t->carriers++;
    t->exercised += story != NULL ? 1 : 0;
    buffer_printf(t->buffer, "        %s %s%s%s (%s)", label_text(kind, t->lang),
                  owner == NULL ? "" : owner, owner == NULL ? "" : ".", code, label);
    if (t->stories != NULL) {
        buffer_printf(t->buffer, " <- %s", story == NULL ? "-" : story);
    }
    buffer_char(t->buffer, '\n');
}

static const char *action_story(const struct telling *t, size_t procedure, size_t action)
{
    return t->stories == NULL ? NULL : t->stories->procedures[procedure].actions[action];
}

static void tell_actions(struct telling *t, size_t place)
{
    static const struct label kind = {"操作", "action"};
    const struct rules_procedure *p = &t->book->procedures[place];
    for (size_t i = 0; i < p->actions_count; i++) {
        const struct rules_action *action = &p->actions[i];
        if (names(action->articles, action->articles_count, t->number)) {
            tell(t, &kind, p->code, action->code, label_text(&action->label, t->lang),
                 action_story(t, place, i));
        }
    }
}

static void tell_clocks(struct telling *t, size_t place)
{
    static const struct label kind = {"期限", "clock"};
    const struct rules_procedure *p = &t->book->procedures[place];
    for (size_t i = 0; i < p->deadlines_count; i++) {
        const struct rules_deadline *deadline = &p->deadlines[i];
        if (!names(deadline->articles, deadline->articles_count, t->number)) {
            continue;
        }
        char within[16] = "until";
        if (deadline->within.count > 0) {
            span_format(&deadline->within, within);
        }
        tell(t, &kind, p->code, deadline->code, within,
             t->stories == NULL ? NULL : t->stories->procedures[place].deadlines[i]);
    }
}

/* The story that performs the action which issues the paper. */
static const char *paper_story(const struct telling *t, const struct rules_paper *paper)
{
    for (size_t i = 0; i < t->book->procedures_count; i++) {
        const struct rules_procedure *p = &t->book->procedures[i];
        for (size_t k = 0; k < p->actions_count; k++) {
            if (p->actions[k].paper == paper && action_story(t, i, k) != NULL) {
                return action_story(t, i, k);
            }
        }
    }
    return NULL;
}

static void tell_papers(struct telling *t)
{
    static const struct label kind = {"文书", "paper"};
    for (size_t i = 0; i < t->book->papers_count; i++) {
        const struct rules_paper *paper = &t->book->papers[i];
        if (names(paper->articles, paper->articles_count, t->number)) {
            tell(t, &kind, NULL, paper->code, label_text(&paper->label, t->lang),
                 paper_story(t, paper));
        }
    }
}

static void tell_terms(struct telling *t)
{
    static const struct label kind = {"情形", "term"};
    for (size_t i = 0; i < t->book->vocabularies_count; i++) {
        const struct rules_vocabulary *v = &t->book->vocabularies[i];
        for (size_t k = 0; k < v->terms_count; k++) {
            const struct rules_term *term = &v->terms[k];
            if (term->article != NULL && strcmp(term->article, t->number) == 0) {
                tell(t, &kind, v->code, term->code, label_text(&term->label, t->lang),
                     t->stories == NULL ? NULL : t->stories->terms[i][k]);
            }
        }
    }
}

static void tell_indicators(struct telling *t)
{
    static const struct label kind = {"指标", "indicator"};
    const struct figures *figures = t->book->figures;
    for (size_t i = 0; figures != NULL && i < figures->indicators_count; i++) {
        const struct indicator *indicator = &figures->indicators[i];
        if (indicator->article != NULL && strcmp(indicator->article, t->number) == 0) {
            tell(t, &kind, NULL, indicator->code, label_text(&indicator->label, t->lang), NULL);
        }
    }
}

/* Everything that carries the article; the feature last, if it names one. */
static void tell_carriers(struct telling *t, const struct rules_article *article)
{
    static const struct label kind = {"机制", "feature"};
    for (size_t i = 0; i < t->book->procedures_count; i++) {
        tell_actions(t, i);
        tell_clocks(t, i);
    }
    tell_papers(t);
    tell_terms(t);
    tell_indicators(t);
    if (article->carried.zh != NULL) {
        t->carriers++;
        t->exercised++;
        buffer_printf(t->buffer, "        %s %s\n", label_text(&kind, t->lang),
                      label_text(&article->carried, t->lang));
    }
}

struct counts {
    size_t carried, pending, missing, unshown, gaps;
};

static void tell_article(const struct telling *base, const struct rules_article *article,
                         struct counts *counts)
{
    struct telling t = *base;
    bool en = t.lang == LANG_EN;
    t.number = article->number;
    buffer_printf(t.buffer, "%-7s %s\n", article->number, label_text(&article->requires, t.lang));
    tell_carriers(&t, article);
    if (article->pending.zh != NULL) {
        counts->pending++;
        buffer_printf(t.buffer, "        %s: %s\n", en ? "PENDING" : "待建",
                      label_text(&article->pending, t.lang));
    } else if (t.carriers == 0) {
        counts->missing++;
        buffer_printf(t.buffer, "        %s\n", en ? "NOT CARRIED" : "无承载");
    } else if (t.stories != NULL && t.exercised == 0) {
        counts->unshown++;
        buffer_printf(t.buffer, "        %s\n", en ? "NO STORY" : "无案例演示");
    } else {
        counts->carried++;
    }
}

/* "14(3)" is article 14, item 3; "14" has item 0. */
static void split_number(const char *number, long *ret_article, long *ret_item)
{
    char *end = NULL;
    *ret_article = strtol(number, &end, 10);
    *ret_item = *end == '(' ? strtol(end + 1, NULL, 10) : 0;
}

/* Articles and items stand in order, and none is left out. */
static void tell_gaps(const struct rulebook *book, enum lang lang, struct buffer *buffer,
                      struct counts *counts)
{
    long article = 0;
    long item = 0;
    for (size_t i = 0; i < book->articles_count; i++) {
        long next = 0;
        long next_item = 0;
        split_number(book->articles[i].number, &next, &next_item);
        bool follows =
            (next == article && next_item == item + 1) || (next == article + 1 && next_item <= 1);
        if (!follows) {
            counts->gaps++;
            buffer_printf(buffer,
                          lang == LANG_EN ? "%s: something before it is missing or out of order\n"
                                          : "%s：此前有缺漏或次序不对\n",
                          book->articles[i].number);
        }
        article = next;
        item = next_item;
    }
}

bool rules_coverage(const struct rulebook *book, const struct rules_stories *stories,
                    enum lang lang, struct buffer *buffer)
{
    struct counts counts = {0};
    struct telling base = {.book = book, .stories = stories, .lang = lang, .buffer = buffer};
    for (size_t i = 0; i < book->articles_count; i++) {
        tell_article(&base, &book->articles[i], &counts);
    }
    tell_gaps(book, lang, buffer, &counts);
    buffer_printf(buffer, "%zu carried, %zu pending, %zu not carried, %zu without a story\n",
                  counts.carried, counts.pending, counts.missing, counts.unshown);
    return counts.pending + counts.missing + counts.unshown + counts.gaps == 0;
}
