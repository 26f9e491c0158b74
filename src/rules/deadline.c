/* Clocks, declared once: who owes, how long, from when, met by what. */
#include "base/text.h"
#include "rules/inner.h"

enum { DEADLINES_MAX = 64 };

uint64_t read_action_mask(struct loading *l, const struct yaml_node *at, const char *key,
                          const struct rules_procedure *procedure)
{
    size_t count = 0;
    uint64_t mask = 0;
    const char **codes = read_words(l, at, key, &count);
    for (size_t i = 0; i < count; i++) {
        const struct rules_action *action = rules_action(procedure, codes[i]);
        if (action == NULL) {
            yaml_wrong(&l->report, at, "there is no action '%s'", codes[i]);
        } else {
            mask |= 1ull << action->index;
        }
    }
    return mask;
}

static void read_span(struct loading *l, const struct yaml_node *node, const char *key,
                      struct span *ret_span, const struct rules_setting **ret_setting)
{
    const char *text = yaml_text(&l->report, node, key, true);
    if (text == NULL || span_parse(text, ret_span)) {
        return;
    }
    *ret_setting = rules_setting(l->book, text);
    if (*ret_setting == NULL || (*ret_setting)->span.count == 0) {
        yaml_wrong(&l->report, node, "'%s' is neither a period like 5wd nor a setting with one",
                   text);
        return;
    }
    *ret_span = (*ret_setting)->span;
}

static void read_within(struct loading *l, const struct yaml_node *node,
                        struct rules_deadline *deadline)
{
    if (yaml_get(node, "until") != NULL) {
        return;
    }
    read_span(l, node, "within", &deadline->within, &deadline->setting);
}

/* "until: FACT" instead of a period. */
static void read_until(struct loading *l, const struct yaml_node *node,
                       const struct rules_procedure *procedure, struct rules_deadline *deadline)
{
    deadline->until = read_moment_fact(l, node, "until", procedure);
    if (deadline->until == NULL) {
        return;
    }
    if (yaml_get(node, "within") != NULL || deadline->paused_by != 0 ||
        deadline->extended_by != 0) {
        yaml_wrong(
            &l->report, node,
            "'until' goes without 'within', 'paused_by' and 'extended_by': a new day is set");
    }
}

static bool has_reason(const struct rules_action *action)
{
    for (size_t i = 0; i < action->needs_count; i++) {
        if (action->needs[i]->type == FACT_TEXT) {
            return true;
        }
    }
    return false;
}

/* One extension, with a reason, by an approver. */
static void read_extension(struct loading *l, const struct yaml_node *node,
                           const struct rules_procedure *procedure, struct rules_deadline *deadline)
{
    const struct rules_setting *setting = NULL;
    deadline->extended_by = read_action_mask(l, node, "extended_by", procedure);
    if ((deadline->extended_by == 0) != (yaml_get(node, "extension") == NULL)) {
        yaml_wrong(&l->report, node, "'extended_by' and 'extension' go together");
        return;
    }
    if (deadline->extended_by == 0) {
        return;
    }
    read_span(l, node, "extension", &deadline->extension, &setting);
    if (deadline->extension.unit == SPAN_HOUR || deadline->within.unit == SPAN_HOUR) {
        yaml_wrong(&l->report, node, "a period of hours is never extended");
    }
    for (size_t i = 0; i < procedure->actions_count; i++) {
        const struct rules_action *action = &procedure->actions[i];
        bool approved =
            action->roles != 0 && (action->roles & ~(1u << ROLE_APPROVER | 1u << ROLE_HEAD)) == 0;
        if ((deadline->extended_by & 1ull << i) != 0 && (!approved || !has_reason(action))) {
            yaml_wrong(&l->report, node,
                       "'%s' extends a clock: only approver or head, and it needs a text as reason",
                       action->code);
        }
    }
}

static void read_on_expiry(struct loading *l, const struct yaml_node *node,
                           const struct rules_procedure *procedure, struct rules_deadline *deadline)
{
    const char *code = yaml_text(&l->report, node, "on_expiry", false);
    if (code == NULL) {
        return;
    }
    const struct rules_action *action = rules_action(procedure, code);
    bool right = action != NULL && action->by_system && !action->starts && action->needs_count == 0;
    bool ends = right && ((deadline->met_by | deadline->lifted_by) & 1ull << action->index) != 0;
    if (!right || !ends) {
        yaml_wrong(&l->report, node,
                   "'on_expiry' names an action by system without needs that ends this clock");
        return;
    }
    deadline->on_expiry = action;
}

static void read_from(struct loading *l, const struct yaml_node *node,
                      const struct rules_procedure *procedure, struct rules_deadline *deadline)
{
    const char **words = read_words(l, node, "from", &deadline->from_count);
    deadline->from = kept_array(l, deadline->from_count, sizeof *deadline->from);
    for (size_t i = 0; i < deadline->from_count; i++) {
        bool parent = text_starts(words[i], "parent.");
        deadline->from[i].parent = parent;
        deadline->from[i].action = parent ? words[i] + strlen("parent.") : words[i];
        if (!parent && rules_action(procedure, words[i]) == NULL) {
            yaml_wrong(&l->report, node, "there is no action '%s'", words[i]);
        }
    }
    if (deadline->from_count == 0) {
        yaml_wrong(&l->report, node, "'from' must name what starts the clock");
    }
}

static void read_strength(struct loading *l, const struct yaml_node *node,
                          struct rules_deadline *deadline)
{
    const char *strength = yaml_text(&l->report, node, "strength", true);
    for (unsigned i = 0; strength != NULL && i <= STRENGTH_TARGET; i++) {
        if (strcmp(strength_code((enum strength)i), strength) == 0) {
            deadline->strength = (enum strength)i;
            strength = NULL;
        }
    }
    if (strength != NULL) {
        yaml_wrong(&l->report, node, "'strength' is statutory, local or target");
    }
    if (deadline->strength == STRENGTH_STATUTORY && deadline->articles_count == 0) {
        yaml_wrong(&l->report, node, "a statutory clock names its article");
    }
    if (deadline->strength != STRENGTH_STATUTORY && deadline->local.zh == NULL) {
        yaml_wrong(&l->report, node, "a clock that is not statutory says why in 'local'");
    }
}

static void load_deadline(struct loading *l, const struct yaml_node *node,
                          const struct rules_procedure *procedure, struct rules_deadline *deadline)
{
    static const char *const keys[] = {
        "code",      "label",     "obligor",     "within",    "from",       "met_by",
        "lifted_by", "paused_by", "when",        "articles",  "resumed_by", "local",
        "strength",  "until",     "extended_by", "extension", "on_expiry",  NULL};
    yaml_only(&l->report, node, keys);
    deadline->label = read_label(l, node, "label", true);
    deadline->local = read_label(l, node, "local", false);
    deadline->articles = load_row_articles(l, node, &deadline->articles_count);
    const char *obligor = yaml_text(&l->report, node, "obligor", true);
    deadline->obligor = obligor == NULL ? NULL : rules_party(procedure, obligor);
    if (obligor != NULL && deadline->obligor == NULL) {
        yaml_wrong(&l->report, node, "there is no party '%s'", obligor);
    } else if (obligor != NULL && deadline->obligor->many) {
        yaml_wrong(&l->report, node, "a party that is 'many' owes nothing itself");
    }
    read_within(l, node, deadline);
    read_from(l, node, procedure, deadline);
    read_strength(l, node, deadline);
    deadline->met_by = read_action_mask(l, node, "met_by", procedure);
    deadline->lifted_by = read_action_mask(l, node, "lifted_by", procedure);
    deadline->paused_by = read_action_mask(l, node, "paused_by", procedure);
    deadline->resumed_by = read_action_mask(l, node, "resumed_by", procedure);
    read_extension(l, node, procedure, deadline);
    read_until(l, node, procedure, deadline);
    read_on_expiry(l, node, procedure, deadline);
    if (deadline->met_by == 0 && deadline->on_expiry == NULL) {
        yaml_wrong(&l->report, node, "nothing can meet this clock");
    }
    if ((deadline->paused_by == 0) != (deadline->resumed_by == 0)) {
        yaml_wrong(&l->report, node, "'paused_by' and 'resumed_by' go together");
    }
    deadline->when = load_conditions(l, node, procedure, &deadline->when_count);
}

void load_deadlines(struct loading *l, const struct yaml_node *root,
                    struct rules_procedure *procedure)
{
    const struct yaml_node *list = read_list(l, root, "deadlines", true);
    size_t count = list == NULL ? 0 : list->count;
    procedure->deadlines = kept_array(l, count, sizeof *procedure->deadlines);
    if (count > DEADLINES_MAX) {
        yaml_wrong(&l->report, list, "at most %d deadlines", DEADLINES_MAX);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        struct rules_deadline *deadline = &procedure->deadlines[i];
        const struct yaml_node *node = item_at(list, i);
        deadline->index = (unsigned)i;
        deadline->code = read_text(l, node, "code", true);
        deadline->code = deadline->code == NULL ? "?" : deadline->code;
        if (rules_deadline(procedure, deadline->code) != NULL) {
            yaml_wrong(&l->report, node, "'%s' stands twice", deadline->code);
        }
        load_deadline(l, node, procedure, deadline);
        procedure->deadlines_count++;
    }
}
