/* A measure: what is counted, whose number it is, and what splits it. */
#include "base/text.h"
#include "rules/figure_inner.h"

static const char *const change_codes[CHANGES_COUNT] = {"opened", "met", "late", "lifted"};

const char *clock_change_code(enum clock_change change)
{
    return change_codes[change];
}

/* "complaint.reject" into procedure and what stands after the point ("" if nothing). */
static const char *read_place(struct loading *l, const struct yaml_node *node, const char *word,
                              struct measure *measure)
{
    const char *dot = strchr(word, '.');
    size_t bytes = dot == NULL ? strlen(word) : (size_t)(dot - word);
    const char *procedure = arena_bytes(l->ctx->arena, word, bytes);
    measure->procedure = rules_procedure(l->book, procedure);
    bool all = strcmp(procedure, "*") == 0 &&
               (measure->kind == MEASURE_CLOCK || measure->kind == MEASURE_ACTION);
    if (measure->procedure == NULL && !all) {
        yaml_wrong(&l->report, node, "there is no procedure '%s'", procedure);
        return NULL;
    }
    return dot == NULL ? "" : dot + 1;
}

static void read_clock(struct loading *l, const struct yaml_node *node, const char *inner,
                       const char *change, struct measure *measure)
{
    bool known = false;
    for (unsigned i = 0; i < CHANGES_COUNT; i++) {
        if (strcmp(change_codes[i], change) == 0) {
            measure->change = (enum clock_change)i;
            known = true;
        }
    }
    if (!known) {
        yaml_wrong(&l->report, node, "a clock is opened, met, late or lifted, not '%s'", change);
    }
    if (strcmp(inner, "*") == 0) {
        return;
    }
    measure->deadline =
        measure->procedure == NULL ? NULL : rules_deadline(measure->procedure, inner);
    if (measure->deadline == NULL) {
        yaml_wrong(&l->report, node, "there is no deadline '%s'", inner);
    }
}

/* An action of one procedure, or of all that have one of this name. */
static void read_action(struct loading *l, const struct yaml_node *node, const char *code,
                        struct measure *measure)
{
    bool known = false;
    for (size_t i = 0; i < l->book->procedures_count; i++) {
        const struct rules_procedure *procedure = &l->book->procedures[i];
        bool asked = measure->procedure == NULL || measure->procedure == procedure;
        known = known || (asked && rules_action(procedure, code) != NULL);
    }
    measure->action = arena_text(l->arena, code);
    if (!known) {
        yaml_wrong(&l->report, node, "there is no action '%s'", code);
    }
}

static bool kind_of(const char *word, enum measure_kind *ret_kind)
{
    static const char *const kinds[] = {"action", "started", "closed", "clock"};
    for (unsigned i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(kinds[i], word) == 0) {
            *ret_kind = (enum measure_kind)i;
            return true;
        }
    }
    return false;
}

/* "action P.A", "started P", "closed P", "clock P.D late" */
static bool read_count(struct loading *l, const struct yaml_node *node, struct measure *measure)
{
    const char *count = yaml_text(&l->report, node, "count", true);
    char *words[4] = {NULL};
    size_t found = 0;
    if (count == NULL) {
        return false;
    }
    for (const char *word = count; *word != 0 && found < 4;) {
        size_t bytes = strcspn(word, " ");
        words[found++] = arena_bytes(l->ctx->arena, word, bytes);
        word += bytes + strspn(word + bytes, " ");
    }
    bool right = found >= 2 && kind_of(words[0], &measure->kind) &&
                 found == (measure->kind == MEASURE_CLOCK ? 3 : 2);
    if (!right) {
        yaml_wrong(&l->report, node,
                   "'count' is action P.A, started P, closed P or clock P.D met|late|...");
        return false;
    }
    const char *inner = read_place(l, node, words[1], measure);
    if (inner == NULL) {
        return false;
    }
    if (measure->kind == MEASURE_CLOCK) {
        read_clock(l, node, inner, words[2], measure);
    } else if (measure->kind == MEASURE_ACTION) {
        read_action(l, node, inner, measure);
    } else if (inner[0] != 0) {
        yaml_wrong(&l->report, node, "'%s' names a procedure only", words[0]);
    }
    return true;
}

/* A fact of the procedure that the record may show; NULL after reporting. */
static const struct rules_fact *read_fact(struct loading *l, const struct yaml_node *node,
                                          const char *code, enum fact_type type,
                                          const struct measure *measure)
{
    const struct rules_fact *fact =
        measure->procedure == NULL ? NULL : rules_fact(measure->procedure, code);
    if (fact == NULL) {
        yaml_wrong(&l->report, node, "there is no fact '%s'", code);
    } else if (fact->type != type) {
        yaml_wrong(&l->report, node, "'%s' is no %s", code, fact_type_code(type));
    } else if (fact->secrecy != SECRECY_OPEN) {
        yaml_wrong(&l->report, node, "'%s' is not open to all parties: figures are", code);
    } else {
        return fact;
    }
    return NULL;
}

static void read_body(struct loading *l, const struct yaml_node *node, struct measure *measure)
{
    const char *body = yaml_text(&l->report, node, "body", true);
    if (body == NULL) {
        return;
    }
    if (strcmp(body, "actor") == 0) {
        measure->body = MEASURE_OF_ACTOR;
    } else if (strcmp(body, "holder") == 0) {
        measure->body = MEASURE_OF_HOLDER;
    } else if (strcmp(body, "obligor") == 0) {
        measure->body = MEASURE_OF_OBLIGOR;
        if (measure->kind != MEASURE_CLOCK) {
            yaml_wrong(&l->report, node, "only a clock has an obligor");
        }
    } else if (text_starts(body, "fact ")) {
        measure->body = MEASURE_OF_FACT;
        measure->body_fact = read_fact(l, node, body + strlen("fact "), FACT_BODY, measure);
    } else {
        measure->body = MEASURE_OF_PARTY;
        measure->party = measure->procedure == NULL ? NULL : rules_party(measure->procedure, body);
        if (measure->party == NULL) {
            yaml_wrong(&l->report, node, "there is no party '%s'", body);
        } else if (measure->party->many) {
            yaml_wrong(&l->report, node, "party '%s' is many: whose number is it?", body);
        }
    }
}

static void read_strengths(struct loading *l, const struct yaml_node *node, struct measure *measure)
{
    size_t count = 0;
    const char **words = read_words(l, node, "strength", &count);
    if (count > 0 && measure->kind != MEASURE_CLOCK) {
        yaml_wrong(&l->report, node, "'strength' is asked of clocks");
    }
    /* A target is an early aim of one's own: missing it is no delay. */
    measure->strengths = 1u << STRENGTH_STATUTORY | 1u << STRENGTH_LOCAL;
    if (count > 0 || measure->deadline != NULL) {
        measure->strengths = count > 0 ? 0 : UINT32_MAX;
    }
    for (size_t i = 0; i < count; i++) {
        bool known = false;
        for (unsigned k = 0; k <= STRENGTH_TARGET; k++) {
            bool same = strcmp(strength_code((enum strength)k), words[i]) == 0;
            measure->strengths |= same ? 1u << k : 0;
            known = known || same;
        }
        if (!known) {
            yaml_wrong(&l->report, node, "'strength' is statutory, local or target");
        }
    }
}

void load_measure(struct loading *l, const struct yaml_node *node, struct measure *measure)
{
    static const char *const keys[] = {"code", "label", "count",    "body",
                                       "by",   "sum",   "strength", NULL};
    yaml_only(&l->report, node, keys);
    if (!read_count(l, node, measure)) {
        return;
    }
    read_body(l, node, measure);
    read_strengths(l, node, measure);
    const char *by = yaml_text(&l->report, node, "by", false);
    const char *sum = yaml_text(&l->report, node, "sum", false);
    measure->by = by == NULL ? NULL : read_fact(l, node, by, FACT_TERM, measure);
    measure->sum = sum == NULL ? NULL : read_fact(l, node, sum, FACT_INTEGER, measure);
}

/* ---- By event ---- */

static void add(struct loading *l, struct measure_list *list, const struct measure *measure)
{
    const struct measure **items = kept_array(l, list->count + 1, sizeof(struct measure *));
    if (list->count > 0) {
        memcpy(items, list->items, list->count * sizeof *items);
    }
    items[list->count++] = measure;
    list->items = items;
}

static void add_clocks(struct loading *l, const struct rules_procedure *procedure,
                       struct procedure_figures *found, const struct measure *measure)
{
    for (size_t i = 0; i < procedure->deadlines_count; i++) {
        const struct rules_deadline *deadline = &procedure->deadlines[i];
        bool asked = measure->deadline == NULL || measure->deadline == deadline;
        if (asked && (measure->strengths & 1u << deadline->strength) != 0) {
            add(l, &found->deadlines[i], measure);
        }
    }
}

static void add_measure(struct loading *l, const struct rules_procedure *procedure,
                        struct procedure_figures *found, const struct measure *measure)
{
    if (measure->procedure != NULL && measure->procedure != procedure) {
        return;
    }
    switch (measure->kind) {
    case MEASURE_ACTION: {
        const struct rules_action *action = rules_action(procedure, measure->action);
        if (action != NULL) {
            add(l, &found->actions[action->index], measure);
        }
        break;
    }
    case MEASURE_STARTED:
        for (size_t i = 0; i < procedure->actions_count; i++) {
            if (procedure->actions[i].starts) {
                add(l, &found->actions[i], measure);
            }
        }
        break;
    case MEASURE_CLOSED:
        add(l, &found->closed, measure);
        break;
    case MEASURE_CLOCK:
        add_clocks(l, procedure, found, measure);
        break;
    }
}

void compile_figures(struct loading *l, struct figures *figures)
{
    size_t count = l->book->procedures_count;
    figures->procedures = kept_array(l, count, sizeof *figures->procedures);
    for (size_t i = 0; i < count; i++) {
        const struct rules_procedure *procedure = &l->book->procedures[i];
        struct procedure_figures *found = &figures->procedures[i];
        found->actions = kept_array(l, procedure->actions_count, sizeof *found->actions);
        found->deadlines = kept_array(l, procedure->deadlines_count, sizeof *found->deadlines);
        for (size_t k = 0; k < figures->measures_count; k++) {
            add_measure(l, procedure, found, &figures->measures[k]);
        }
    }
}
