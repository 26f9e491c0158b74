/* Actions: who, from where to where, with what, and what follows. */
#include "rules/inner.h"

enum { ACTIONS_MAX = 64 };

const char **load_row_articles(struct loading *l, const struct yaml_node *at, size_t *ret_count)
{
    const char **numbers = read_words(l, at, "articles", ret_count);
    for (size_t i = 0; i < *ret_count; i++) {
        bool known = false;
        for (size_t k = 0; k < l->book->articles_count; k++) {
            known = known || strcmp(l->book->articles[k].number, numbers[i]) == 0;
        }
        if (!known) {
            yaml_wrong(&l->report, at, "articles.yaml has no article '%s'", numbers[i]);
        }
    }
    return numbers;
}

static void read_from(struct loading *l, const struct yaml_node *node,
                      const struct rules_procedure *procedure, struct rules_action *action)
{
    size_t count = 0;
    const char **states = read_words(l, node, "from", &count);
    for (size_t i = 0; i < count; i++) {
        const struct rules_state *state = rules_state(procedure, states[i]);
        bool all = strcmp(states[i], "open") == 0 && count == 1;
        for (size_t k = 0; all && k < procedure->states_count; k++) {
            action->from |= procedure->states[k].final ? 0 : 1ull << k;
        }
        if (!all && state == NULL) {
            yaml_wrong(&l->report, node, "there is no state '%s'", states[i]);
        } else if (!all && state->final) {
            yaml_wrong(&l->report, node, "nothing leaves the final state '%s'", states[i]);
        } else if (!all) {
            action->from |= 1ull << state->index;
        }
    }
    if (action->starts == (count > 0)) {
        yaml_wrong(&l->report, node, "an action has 'starts: true' or 'from', not both");
    }
}

static void read_to(struct loading *l, const struct yaml_node *node,
                    const struct rules_procedure *procedure, struct rules_action *action)
{
    const char *to = yaml_text(&l->report, node, "to", action->starts);
    if (to == NULL) {
        return;
    }
    action->to = rules_state(procedure, to);
    if (action->to == NULL) {
        yaml_wrong(&l->report, node, "there is no state '%s'", to);
    }
}

static void read_by(struct loading *l, const struct yaml_node *node,
                    const struct rules_procedure *procedure, struct rules_action *action)
{
    size_t count = 0;
    const char **parties = read_words(l, node, "by", &count);
    for (size_t i = 0; i < count; i++) {
        const struct rules_party *party = rules_party(procedure, parties[i]);
        if (strcmp(parties[i], "system") == 0) {
            action->by_system = true;
        } else if (party == NULL) {
            yaml_wrong(&l->report, node, "there is no party '%s'", parties[i]);
        } else {
            action->by |= 1u << party->index;
        }
    }
    if (count == 0 || (action->by_system && count > 1)) {
        yaml_wrong(&l->report, node, "'by' must name parties, or system alone");
    }
}

/* Of a body somebody acts, in a role; of the public anybody who holds the matter's code. */
static bool wants_roles(const struct rules_procedure *procedure, const struct rules_action *action)
{
    bool wants = false;
    for (size_t i = 0; i < procedure->parties_count; i++) {
        bool may = (action->by & 1u << i) != 0;
        wants = wants || (may && (procedure->parties[i].kinds & ~(1u << ORG_PUBLIC)) != 0);
    }
    return wants;
}

static void read_roles(struct loading *l, const struct yaml_node *node,
                       const struct rules_procedure *procedure, struct rules_action *action)
{
    size_t count = 0;
    const char **roles = read_words(l, node, "roles", &count);
    for (size_t i = 0; i < count; i++) {
        enum role role;
        if (role_parse(roles[i], &role)) {
            action->roles |= 1u << role;
        } else {
            yaml_wrong(&l->report, node, "unknown role '%s'", roles[i]);
        }
    }
    if (count == 0 && wants_roles(procedure, action)) {
        yaml_wrong(&l->report, node, "nobody may do '%s': 'roles' says who of the body",
                   action->code);
    }
}

static const struct rules_fact **read_facts(struct loading *l, const struct yaml_node *node,
                                            const char *key,
                                            const struct rules_procedure *procedure,
                                            size_t *ret_count)
{
    size_t count = 0;
    const char **codes = read_words(l, node, key, &count);
    const struct rules_fact **facts = kept_array(l, count, sizeof *facts);
    *ret_count = 0;
    for (size_t i = 0; i < count; i++) {
        const struct rules_fact *fact = rules_fact(procedure, codes[i]);
        if (fact == NULL) {
            yaml_wrong(&l->report, node, "there is no fact '%s'", codes[i]);
        } else {
            facts[(*ret_count)++] = fact;
        }
    }
    return facts;
}

static void read_materials(struct loading *l, const struct yaml_node *node,
                           struct rules_action *action)
{
    static const char *const words[] = {"none", "optional", "required"};
    const char *need = yaml_text(&l->report, node, "materials", false);
    for (unsigned i = 0; need != NULL && i < 3; i++) {
        if (strcmp(words[i], need) == 0) {
            action->materials = (enum materials_need)i;
            return;
        }
    }
    if (need != NULL) {
        yaml_wrong(&l->report, node, "'materials' is none, optional or required");
    }
}

const struct rules_fact *read_moment_fact(struct loading *l, const struct yaml_node *node,
                                          const char *key, const struct rules_procedure *procedure)
{
    const char *code = yaml_text(&l->report, node, key, false);
    if (code == NULL) {
        return NULL;
    }
    const struct rules_fact *fact = rules_fact(procedure, code);
    bool right = fact != NULL && (fact->type == FACT_DATE || fact->type == FACT_MINUTE) &&
                 fact->secrecy == SECRECY_OPEN;
    if (!right) {
        yaml_wrong(&l->report, node, "'%s' must name an open fact of type date or minute", key);
    }
    return right ? fact : NULL;
}

static struct rules_pair *read_pairs(struct loading *l, const struct yaml_node *node,
                                     const char *key, size_t *ret_count)
{
    const struct yaml_node *map = yaml_get(node, key);
    *ret_count = 0;
    if (map == NULL) {
        return NULL;
    }
    if (map->kind != YAML_MAPPING) {
        yaml_wrong(&l->report, map, "'%s' must map theirs to ours", key);
        return NULL;
    }
    struct rules_pair *pairs = kept_array(l, map->count, sizeof *pairs);
    for (const struct yaml_node *item = map->children; item != NULL; item = item->next) {
        if (item->kind != YAML_SCALAR) {
            yaml_wrong(&l->report, item, "a word is expected");
            continue;
        }
        pairs[(*ret_count)++] = (struct rules_pair){.to = arena_text(l->arena, item->key->text),
                                                    .from = arena_text(l->arena, item->text)};
    }
    return pairs;
}

static void load_open(struct loading *l, const struct yaml_node *node, struct rules_effect *effect)
{
    static const char *const keys[] = {"procedure", "action", "parties", "facts", "materials",
                                       "set",       "each",   "as",      NULL};
    yaml_only(&l->report, node, keys);
    effect->kind = EFFECT_OPEN;
    effect->procedure = read_text(l, node, "procedure", true);
    effect->action = read_text(l, node, "action", true);
    effect->with_materials = yaml_bool(&l->report, node, "materials", false);
    effect->parties = read_pairs(l, node, "parties", &effect->parties_count);
    effect->facts = read_pairs(l, node, "facts", &effect->facts_count);
    effect->constants = read_pairs(l, node, "set", &effect->constants_count);
    effect->each = read_text(l, node, "each", false);
    effect->as = read_text(l, node, "as", false);
    if ((effect->each == NULL) != (effect->as == NULL)) {
        yaml_wrong(&l->report, node, "'each' and 'as' go together");
    }
}

static void load_act(struct loading *l, const struct yaml_node *node, struct rules_effect *effect)
{
    static const char *const keys[] = {"on",    "procedure", "action", "optional",
                                       "facts", "set",       NULL};
    yaml_only(&l->report, node, keys);
    effect->kind = EFFECT_ACT;
    const char *on = yaml_text(&l->report, node, "on", true);
    effect->on_parent = on != NULL && strcmp(on, "parent") == 0;
    if (on != NULL && !effect->on_parent && strcmp(on, "child") != 0) {
        yaml_wrong(&l->report, node, "'on' is parent or child");
    }
    effect->procedure = read_text(l, node, "procedure", !effect->on_parent);
    effect->action = read_text(l, node, "action", true);
    effect->optional = yaml_bool(&l->report, node, "optional", false);
    effect->facts = read_pairs(l, node, "facts", &effect->facts_count);
    effect->constants = read_pairs(l, node, "set", &effect->constants_count);
}

static void load_freeze(struct loading *l, const struct yaml_node *node,
                        const struct rules_procedure *procedure, struct rules_effect *effect)
{
    effect->kind = EFFECT_FREEZE;
    effect->period = read_text(l, node, "freeze", true);
    const struct rules_fact *fact =
        effect->period == NULL ? NULL : rules_fact(procedure, effect->period);
    if (fact == NULL || fact->type != FACT_LINE || fact->secrecy != SECRECY_OPEN) {
        yaml_wrong(&l->report, node, "'freeze' names an open line with the period, 2026Q3");
    }
}

static void load_effect(struct loading *l, const struct yaml_node *node,
                        const struct rules_procedure *procedure, struct rules_effect *effect)
{
    static const char *const keys[] = {"open", "act", "list", "sign", "unseal", "freeze", NULL};
    yaml_only(&l->report, node, keys);
    if (node->kind != YAML_MAPPING || node->count != 1) {
        yaml_wrong(&l->report, node, "an effect is one of open, act, list, sign, unseal, freeze");
        return;
    }
    const struct yaml_node *body = node->children;
    const char *kind = body->key->text;
    if (strcmp(kind, "open") == 0) {
        load_open(l, body, effect);
    } else if (strcmp(kind, "act") == 0) {
        load_act(l, body, effect);
    } else if (strcmp(kind, "list") == 0) {
        effect->kind = EFFECT_LIST;
    } else if (strcmp(kind, "sign") == 0) {
        effect->kind = EFFECT_SIGN;
    } else if (strcmp(kind, "freeze") == 0) {
        load_freeze(l, node, procedure, effect);
    } else {
        effect->kind = EFFECT_UNSEAL;
    }
}

static void load_effects(struct loading *l, const struct yaml_node *node,
                         const struct rules_procedure *procedure, struct rules_action *action)
{
    const struct yaml_node *list = read_list(l, node, "effects", false);
    action->effects_count = list == NULL ? 0 : list->count;
    action->effects = kept_array(l, action->effects_count, sizeof *action->effects);
    for (size_t i = 0; i < action->effects_count; i++) {
        load_effect(l, item_at(list, i), procedure, &action->effects[i]);
    }
}

static void load_action(struct loading *l, const struct yaml_node *node,
                        const struct rules_procedure *procedure, struct rules_action *action)
{
    static const char *const keys[] = {
        "code",  "label", "help",  "starts",    "from", "to",       "by",      "roles", "articles",
        "local", "needs", "takes", "materials", "when", "dated_by", "effects", "paper", NULL};
    yaml_only(&l->report, node, keys);
    action->label = read_label(l, node, "label", true);
    action->help = read_label(l, node, "help", false);
    action->local = read_label(l, node, "local", false);
    action->starts = yaml_bool(&l->report, node, "starts", false);
    action->articles = load_row_articles(l, node, &action->articles_count);
    if (action->articles_count == 0 && action->local.zh == NULL) {
        yaml_wrong(&l->report, node, "an action names its article, or says why in 'local'");
    }
    read_from(l, node, procedure, action);
    read_to(l, node, procedure, action);
    read_by(l, node, procedure, action);
    read_roles(l, node, procedure, action);
    read_materials(l, node, action);
    action->needs = read_facts(l, node, "needs", procedure, &action->needs_count);
    action->takes = read_facts(l, node, "takes", procedure, &action->takes_count);
    action->dated_by = read_moment_fact(l, node, "dated_by", procedure);
    action->paper_code = read_text(l, node, "paper", false);
    action->when = load_conditions(l, node, procedure, &action->when_count);
    load_effects(l, node, procedure, action);
}

void load_actions(struct loading *l, const struct yaml_node *root,
                  struct rules_procedure *procedure)
{
    const struct yaml_node *list = read_list(l, root, "actions", true);
    size_t count = list == NULL ? 0 : list->count;
    procedure->actions = kept_array(l, count, sizeof *procedure->actions);
    if (count > ACTIONS_MAX) {
        yaml_wrong(&l->report, list, "at most %d actions", ACTIONS_MAX);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        struct rules_action *action = &procedure->actions[i];
        const struct yaml_node *node = item_at(list, i);
        action->index = (unsigned)i;
        action->code = read_text(l, node, "code", true);
        action->code = action->code == NULL ? "?" : action->code;
        if (rules_action(procedure, action->code) != NULL) {
            yaml_wrong(&l->report, node, "'%s' stands twice", action->code);
        }
        load_action(l, node, procedure, action);
        procedure->actions_count++;
    }
}
