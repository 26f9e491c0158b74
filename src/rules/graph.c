/* The drawing of a procedure. */
#include "rules/rules.h"

#include <string.h>

/* Mermaid takes quotes and brackets amiss. */
static void add_plain(struct buffer *buffer, const char *text)
{
    for (const char *p = text; *p != 0; p++) {
        buffer_char(buffer, strchr("\"<>{}[]:;#", *p) == NULL ? *p : ' ');
    }
}

static void add_edge(const struct rules_action *action, const char *from, enum lang lang,
                     struct buffer *buffer)
{
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
            add_edge(action, "[*]", lang, buffer);
        }
        for (size_t k = 0; action->to != NULL && k < procedure->states_count; k++) {
            if ((action->from & 1ull << k) != 0) {
                add_edge(action, procedure->states[k].code, lang, buffer);
            }
        }
    }
    for (size_t i = 0; i < procedure->states_count; i++) {
        if (procedure->states[i].final) {
            buffer_printf(buffer, "    %s --> [*]\n", procedure->states[i].code);
        }
    }
}
