/* Conditions: "fact operator value", and what asks for other matters and clocks. */
#include "base/text.h"
#include "rules/inner.h"

/* "overdue: true": a condition that asks for no fact. */
static bool load_bare_condition(struct loading *l, const struct yaml_node *node, const char *key,
                                enum condition_kind kind, struct rules_condition *condition)
{
    if (yaml_get(node, key) == NULL) {
        return false;
    }
    condition->kind = kind;
    if (!yaml_bool(&l->report, node, key, true)) {
        yaml_wrong(&l->report, node, "'%s' can only be true", key);
    }
    return true;
}

/* "children: PROCEDURE, in: [state, ...]". */
static void load_children_condition(struct loading *l, const struct yaml_node *node,
                                    struct rules_condition *condition)
{
    condition->kind = CONDITION_CHILDREN;
    condition->procedure = read_text(l, node, "children", true);
    condition->values = read_words(l, node, "in", &condition->values_count);
    if (condition->values_count == 0) {
        yaml_wrong(&l->report, node, "'children' needs the states they must be 'in'");
    }
}

static const struct rules_fact *condition_fact(struct loading *l, const struct yaml_node *node,
                                               const struct rules_procedure *procedure)
{
    const char *code = yaml_text(&l->report, node, "fact", true);
    const struct rules_fact *fact = code == NULL ? NULL : rules_fact(procedure, code);
    if (code != NULL && fact == NULL) {
        yaml_wrong(&l->report, node, "there is no fact '%s'", code);
    }
    return fact;
}

/* "fewer: SETTING, fact: FACT". */
static void load_fewer_condition(struct loading *l, const struct yaml_node *node,
                                 struct rules_condition *condition)
{
    int64_t number = 0;
    const char *code = yaml_text(&l->report, node, "fewer", true);
    condition->kind = CONDITION_FEWER;
    condition->setting = code == NULL ? NULL : rules_setting(l->book, code);
    if (condition->setting == NULL ||
        !text_to_int(condition->setting->value, 1, 1000000, &number)) {
        yaml_wrong(&l->report, node, "'fewer' names a setting that is a number");
    }
    bool right = condition->fact != NULL && condition->fact->type == FACT_CREDIT_CODE &&
                 condition->fact->secrecy == SECRECY_OPEN;
    if (!right) {
        yaml_wrong(&l->report, node, "'fewer' counts by an open fact of type credit_code");
    }
}

static void load_condition(struct loading *l, const struct yaml_node *node,
                           const struct rules_procedure *procedure,
                           struct rules_condition *condition)
{
    static const char *const keys[] = {"fact",   "is",       "not", "set",   "overdue", "no_open",
                                       "sealed", "children", "in",  "fewer", NULL};
    yaml_only(&l->report, node, keys);
    if (load_bare_condition(l, node, "overdue", CONDITION_OVERDUE, condition) ||
        load_bare_condition(l, node, "sealed", CONDITION_SEALED, condition)) {
        return;
    }
    if (yaml_get(node, "no_open") != NULL) {
        condition->kind = CONDITION_NO_OPEN;
        condition->values = read_words(l, node, "no_open", &condition->values_count);
        if (condition->values_count != 1) {
            yaml_wrong(&l->report, node, "'no_open' names one procedure");
        }
        return;
    }
    if (yaml_get(node, "children") != NULL) {
        load_children_condition(l, node, condition);
        return;
    }
    condition->fact = condition_fact(l, node, procedure);
    if (yaml_get(node, "fewer") != NULL) {
        load_fewer_condition(l, node, condition);
        return;
    }
    if (yaml_get(node, "set") != NULL) {
        condition->kind =
            yaml_bool(&l->report, node, "set", true) ? CONDITION_SET : CONDITION_UNSET;
        return;
    }
    bool negated = yaml_get(node, "not") != NULL;
    condition->kind = negated ? CONDITION_NOT : CONDITION_IS;
    condition->values = read_words(l, node, negated ? "not" : "is", &condition->values_count);
    if (condition->values_count == 0) {
        yaml_wrong(&l->report, node,
                   "a condition needs is, not, set, overdue, no_open, sealed, children or fewer");
    }
    const struct rules_vocabulary *v = condition->fact == NULL ? NULL : condition->fact->vocabulary;
    for (size_t i = 0; v != NULL && i < condition->values_count; i++) {
        if (rules_term(v, condition->values[i]) == NULL) {
            yaml_wrong(&l->report, node, "'%s' is no term of '%s'", condition->values[i], v->code);
        }
    }
}

struct rules_condition *load_conditions(struct loading *l, const struct yaml_node *at,
                                        const struct rules_procedure *procedure, size_t *ret_count)
{
    const struct yaml_node *list = read_list(l, at, "when", false);
    size_t count = list == NULL ? 0 : list->count;
    struct rules_condition *conditions = kept_array(l, count, sizeof *conditions);
    for (size_t i = 0; i < count; i++) {
        load_condition(l, item_at(list, i), procedure, &conditions[i]);
    }
    *ret_count = count;
    return conditions;
}
