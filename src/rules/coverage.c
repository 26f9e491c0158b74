/* Which article is carried by what; and the drawing of a procedure. */
#include "rules/rules.h"

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

static size_t add_carriers(const struct rulebook *book, const char *number, enum lang lang,
                           struct buffer *buffer)
{
    size_t found = 0;
    for (size_t i = 0; i < book->procedures_count; i++) {
        const struct rules_procedure *p = &book->procedures[i];
        for (size_t k = 0; k < p->actions_count; k++) {
            if (names(p->actions[k].articles, p->actions[k].articles_count, number)) {
                const char *label = label_text(&p->actions[k].label, lang);
                buffer_printf(buffer, "%s%s.%s (%s)", found++ == 0 ? "" : ", ", p->code,
                              p->actions[k].code, label);
            }
        }
        for (size_t k = 0; k < p->deadlines_count; k++) {
            if (names(p->deadlines[k].articles, p->deadlines[k].articles_count, number)) {
                char within[16];
                span_format(&p->deadlines[k].within, within);
                buffer_printf(buffer, "%s%s:%s [%s]", found++ == 0 ? "" : ", ", p->code,
                              p->deadlines[k].code, within);
            }
        }
    }
    return found;
}

bool rules_coverage(const struct rulebook *book, enum lang lang, struct buffer *buffer)
{
    size_t carried = 0;
    size_t pending = 0;
    size_t missing = 0;
    bool en = lang == LANG_EN;
    for (size_t i = 0; i < book->articles_count; i++) {
        const struct rules_article *article = &book->articles[i];
        buffer_printf(buffer, "%-7s", article->number);
        size_t found = add_carriers(book, article->number, lang, buffer);
        if (article->carried.zh != NULL) {
            buffer_printf(buffer, "%s%s", found++ == 0 ? "" : "; ",
                          label_text(&article->carried, lang));
        }
        if (article->pending.zh != NULL) {
            buffer_printf(buffer, "%s%s: %s", found == 0 ? "" : "; ", en ? "PENDING" : "待建",
                          label_text(&article->pending, lang));
        }
        if (found == 0 && article->pending.zh == NULL) {
            buffer_text(buffer, en ? "NOT CARRIED" : "无承载");
            missing++;
        }
        pending += article->pending.zh != NULL ? 1 : 0;
        carried += article->pending.zh == NULL && found > 0 ? 1 : 0;
        buffer_char(buffer, '\n');
    }
    buffer_printf(buffer, "%zu carried, %zu pending, %zu not carried\n", carried, pending, missing);
    return missing == 0;
}

/* Mermaid takes quotes and brackets amiss. */
static void add_plain(struct buffer *buffer, const char *text)
{
    for (const char *p = text; *p != 0; p++) {
        buffer_char(buffer, strchr("\"<>{}[]:;#", *p) == NULL ? *p : ' ');
    }
}

static void add_edge(const struct rules_procedure *procedure, const struct rules_action *action,
                     const char *from, enum lang lang, struct buffer *buffer)
{
    (void)procedure;
    buffer_printf(buffer, "    %s --> %s : ", from, action->to->code);
    add_plain(buffer, label_text(&action->label, lang));
    buffer_char(buffer, '\n');
}

void rules_graph(const struct rules_procedure *procedure, enum lang lang, struct buffer *buffer)
{
    buffer_text(buffer, "stateDiagram-v2\n");
    for (size_t i = 0; i < procedure->states_count; i++) {
        buffer_printf(buffer, "    state \"");
        add_plain(buffer, label_text(&procedure->states[i].label, lang));
        buffer_printf(buffer, "\" as %s\n", procedure->states[i].code);
    }
    for (size_t i = 0; i < procedure->actions_count; i++) {
        const struct rules_action *action = &procedure->actions[i];
        if (action->starts) {
            add_edge(procedure, action, "[*]", lang, buffer);
        }
        for (size_t k = 0; action->to != NULL && k < procedure->states_count; k++) {
            if ((action->from & 1ull << k) != 0) {
                add_edge(procedure, action, procedure->states[k].code, lang, buffer);
            }
        }
    }
    for (size_t i = 0; i < procedure->states_count; i++) {
        if (procedure->states[i].final) {
            buffer_printf(buffer, "    %s --> [*]\n", procedure->states[i].code);
        }
    }
}
