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

static void read_within(struct loading *l, const struct yaml_node *node,
                        struct rules_deadline *deadline)
{
    const char *within = yaml_text(&l->report, node, "within", true);
    if (within == NULL || span_parse(within, &deadline->within)) {
        return;
    }
    deadline->setting = rules_setting(l->book, within);
    if (deadline->setting == NULL || deadline->setting->span.count == 0) {
        yaml_wrong(&l->report, node, "'%s' is neither a period like 5wd nor a setting with one",
                   within);
        return;
    }
    deadline->within = deadline->setting->span;
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
    static const char *const keys[] = {"code",       "label",     "obligor",   "within", "from",
                                       "met_by",     "lifted_by", "paused_by", "when",   "articles",
                                       "resumed_by", "local",     "strength",  NULL};
    yaml_only(&l->report, node, keys);
    deadline->label = read_label(l, node, "label", true);
    deadline->local = read_label(l, node, "local", false);
    deadline->articles = load_row_articles(l, node, &deadline->articles_count);
    const char *obligor = yaml_text(&l->report, node, "obligor", true);
    deadline->obligor = obligor == NULL ? NULL : rules_party(procedure, obligor);
    if (obligor != NULL && deadline->obligor == NULL) {
        yaml_wrong(&l->report, node, "there is no party '%s'", obligor);
    }
    read_within(l, node, deadline);
    read_from(l, node, procedure, deadline);
    read_strength(l, node, deadline);
    deadline->met_by = read_action_mask(l, node, "met_by", procedure);
    deadline->lifted_by = read_action_mask(l, node, "lifted_by", procedure);
    deadline->paused_by = read_action_mask(l, node, "paused_by", procedure);
    deadline->resumed_by = read_action_mask(l, node, "resumed_by", procedure);
    if (deadline->met_by == 0) {
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
