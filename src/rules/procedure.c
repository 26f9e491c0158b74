/* Parties, facts and states of a procedure. */
#include "rules/inner.h"

enum { PLACES_MAX = 64, PARTIES_MAX = 15 };

static void load_party(struct loading *l, const struct yaml_node *node, struct rules_party *party)
{
    static const char *const keys[] = {"code", "label",       "kinds", "automatic",
                                       "many", "recorded_by", NULL};
    yaml_only(&l->report, node, keys);
    if (strcmp(party->code, "system") == 0) {
        yaml_wrong(&l->report, node, "'system' is no party; call it otherwise");
    }
    party->label = read_label(l, node, "label", true);
    party->automatic = yaml_bool(&l->report, node, "automatic", false);
    party->many = yaml_bool(&l->report, node, "many", false);
    if (party->many && party->automatic) {
        yaml_wrong(&l->report, node, "a party is 'many' or 'automatic', not both");
    }
    party->kinds = read_kinds(l, node);
    if (party->kinds == 0) {
        yaml_wrong(&l->report, node, "'kinds' must name at least one kind of body");
    }
}

static void link_parties(struct loading *l, const struct yaml_node *list,
                         struct rules_procedure *procedure)
{
    for (size_t i = 0; i < procedure->parties_count; i++) {
        const struct yaml_node *node = item_at(list, i);
        const char *by = yaml_text(&l->report, node, "recorded_by", false);
        if (by == NULL) {
            continue;
        }
        procedure->parties[i].recorded_by = rules_party(procedure, by);
        if (procedure->parties[i].recorded_by == NULL) {
            yaml_wrong(&l->report, node, "there is no party '%s'", by);
        }
    }
}

/* The code of each item, refused if it is missing or stands twice. */
static const char *read_code(struct loading *l, const struct yaml_node *list,
                             const struct yaml_node *node)
{
    const char *code = read_text(l, node, "code", true);
    for (const struct yaml_node *before = list->children; before != node && code != NULL;
         before = before->next) {
        const struct yaml_node *other = yaml_get(before, "code");
        if (other != NULL && other->kind == YAML_SCALAR && strcmp(other->text, code) == 0) {
            yaml_wrong(&l->report, node, "'%s' stands twice", code);
        }
    }
    return code == NULL ? "?" : code;
}

static void load_parties(struct loading *l, const struct yaml_node *root,
                         struct rules_procedure *procedure)
{
    const struct yaml_node *list = read_list(l, root, "parties", true);
    size_t count = list == NULL ? 0 : list->count;
    procedure->parties = kept_array(l, count, sizeof *procedure->parties);
    if (count > PARTIES_MAX) {
        yaml_wrong(&l->report, list, "at most %d parties", PARTIES_MAX);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        struct rules_party *party = &procedure->parties[i];
        party->index = (unsigned)i;
        party->code = read_code(l, list, item_at(list, i));
        load_party(l, item_at(list, i), party);
        procedure->parties_count++;
    }
    link_parties(l, list, procedure);
}

static void read_type(struct loading *l, const struct yaml_node *node, struct rules_fact *fact)
{
    static const char *const words[] = {
#define FACT_TYPE(CODE, code, what) #code,
#include "rules/tbl/fact_type.h"
#undef FACT_TYPE
        NULL};
    const char *type = yaml_text(&l->report, node, "type", true);
    for (unsigned i = 0; type != NULL && words[i] != NULL; i++) {
        if (strcmp(words[i], type) == 0) {
            fact->type = (enum fact_type)i;
            return;
        }
    }
    if (type != NULL) {
        const char *nearest = yaml_nearest(type, words);
        yaml_wrong(&l->report, node, "unknown type '%s'%s%s", type,
                   nearest == NULL ? "" : "; did you mean ", nearest == NULL ? "" : nearest);
    }
}

static void read_secrecy(struct loading *l, const struct yaml_node *node,
                         const struct rules_procedure *procedure, struct rules_fact *fact)
{
    static const char *const words[] = {"open", "restricted", "sealed"};
    const char *secrecy = yaml_text(&l->report, node, "secrecy", false);
    for (unsigned i = 0; secrecy != NULL && i < 3; i++) {
        if (strcmp(words[i], secrecy) == 0) {
            fact->secrecy = (enum secrecy)i;
            secrecy = NULL;
        }
    }
    if (secrecy != NULL) {
        yaml_wrong(&l->report, node, "'secrecy' is open, restricted or sealed");
    }
    size_t count = 0;
    const char **seen = read_words(l, node, "seen_by", &count);
    for (size_t i = 0; i < count; i++) {
        const struct rules_party *party = rules_party(procedure, seen[i]);
        if (party == NULL) {
            yaml_wrong(&l->report, node, "there is no party '%s'", seen[i]);
        } else {
            fact->seen_by |= 1u << party->index;
        }
    }
    if ((fact->secrecy == SECRECY_RESTRICTED) != (fact->seen_by != 0)) {
        yaml_wrong(&l->report, node, "'seen_by' goes with secrecy restricted");
    }
    if (fact->secrecy != SECRECY_OPEN && (fact->search || fact->title)) {
        yaml_wrong(&l->report, node, "a fact that is not open can not be searched or be the title");
    }
}

static void read_links(struct loading *l, const struct yaml_node *node,
                       const struct rules_procedure *procedure, struct rules_fact *fact)
{
    const char *vocabulary = yaml_text(&l->report, node, "vocabulary", false);
    const char *party = yaml_text(&l->report, node, "party", false);
    bool terms = fact->type == FACT_TERM || fact->type == FACT_TERMS;
    if (vocabulary != NULL) {
        fact->vocabulary = rules_vocabulary(l->book, vocabulary);
        if (fact->vocabulary == NULL) {
            yaml_wrong(&l->report, node, "there is no vocabulary '%s'", vocabulary);
        }
    }
    if (terms != (vocabulary != NULL)) {
        yaml_wrong(&l->report, node, "'vocabulary' goes with type term or terms");
    }
    if (party != NULL) {
        fact->party = rules_party(procedure, party);
        if (fact->party == NULL) {
            yaml_wrong(&l->report, node, "there is no party '%s'", party);
        }
    }
    fact->kinds = fact->party == NULL ? read_kinds(l, node) : fact->party->kinds;
    bool bodies = fact->type == FACT_BODY || fact->type == FACT_BODIES;
    if (!bodies && (party != NULL || fact->kinds != 0)) {
        yaml_wrong(&l->report, node, "'party' and 'kinds' go with type body or bodies");
    }
    if (bodies && fact->party != NULL && fact->party->many != (fact->type == FACT_BODIES)) {
        yaml_wrong(&l->report, node, "type bodies goes with a party that is 'many', body with one");
    }
}

static void load_fact(struct loading *l, const struct yaml_node *node,
                      const struct rules_procedure *procedure, struct rules_fact *fact)
{
    static const char *const keys[] = {"code",  "label",  "help",  "type",    "vocabulary",
                                       "party", "min",    "max",   "secrecy", "kinds_by",
                                       "kinds", "search", "title", "seen_by", NULL};
    yaml_only(&l->report, node, keys);
    fact->label = read_label(l, node, "label", true);
    fact->help = read_label(l, node, "help", false);
    read_type(l, node, fact);
    fact->min = yaml_int(&l->report, node, "min", 0, 1000000000000, 0);
    fact->max = yaml_int(&l->report, node, "max", 0, 1000000000000, 0);
    fact->search = yaml_bool(&l->report, node, "search", false);
    fact->title = yaml_bool(&l->report, node, "title", false);
    read_links(l, node, procedure, fact);
    read_secrecy(l, node, procedure, fact);
}

static void link_kinds(struct loading *l, const struct yaml_node *list,
                       struct rules_procedure *procedure)
{
    for (size_t i = 0; i < procedure->facts_count; i++) {
        const struct yaml_node *node = item_at(list, i);
        const char *by = yaml_text(&l->report, node, "kinds_by", false);
        if (by == NULL) {
            continue;
        }
        const struct rules_fact *leader = rules_fact(procedure, by);
        if (leader == NULL || leader->type != FACT_TERM) {
            yaml_wrong(&l->report, node, "'kinds_by' must name a fact of type term");
        }
        procedure->facts[i].kinds_by = leader;
    }
}

static void load_facts(struct loading *l, const struct yaml_node *root,
                       struct rules_procedure *procedure)
{
    const struct yaml_node *list = read_list(l, root, "facts", true);
    size_t count = list == NULL ? 0 : list->count;
    procedure->facts = kept_array(l, count, sizeof *procedure->facts);
    if (count > PLACES_MAX) {
        yaml_wrong(&l->report, list, "at most %d facts", PLACES_MAX);
        return;
    }
    unsigned titles = 0;
    for (size_t i = 0; i < count; i++) {
        struct rules_fact *fact = &procedure->facts[i];
        fact->index = (unsigned)i;
        fact->code = read_code(l, list, item_at(list, i));
        load_fact(l, item_at(list, i), procedure, fact);
        titles += fact->title ? 1 : 0;
        procedure->facts_count++;
    }
    if (titles != 1 && list != NULL) {
        yaml_wrong(&l->report, list, "exactly one fact must be the title");
    }
    link_kinds(l, list, procedure);
}

/* "materials_for: [party, ...]": in this state nobody else reads the materials. */
static void read_materials_for(struct loading *l, const struct yaml_node *node,
                               const struct rules_procedure *procedure, struct rules_state *state)
{
    size_t count = 0;
    const char **codes = read_words(l, node, "materials_for", &count);
    for (size_t i = 0; i < count; i++) {
        const struct rules_party *party = rules_party(procedure, codes[i]);
        if (party == NULL) {
            yaml_wrong(&l->report, node, "there is no party '%s'", codes[i]);
        } else {
            state->materials_for |= 1u << party->index;
        }
    }
}

static void load_state(struct loading *l, const struct yaml_node *node,
                       const struct rules_procedure *procedure, struct rules_state *state)
{
    static const char *const keys[] = {"code", "label",  "holder",        "final",
                                       "step", "reason", "materials_for", NULL};
    yaml_only(&l->report, node, keys);
    state->label = read_label(l, node, "label", true);
    state->reason = read_label(l, node, "reason", false);
    state->final = yaml_bool(&l->report, node, "final", false);
    state->step =
        (unsigned)yaml_int(&l->report, node, "step", 0, (int64_t)procedure->steps_count - 1, 0);
    read_materials_for(l, node, procedure, state);
    if (strcmp(state->code, "open") == 0) {
        yaml_wrong(&l->report, node, "'open' means all open states; call the state otherwise");
    }
    const char *holder = yaml_text(&l->report, node, "holder", false);
    state->holder = holder == NULL ? NULL : rules_party(procedure, holder);
    if (holder != NULL && state->holder == NULL) {
        yaml_wrong(&l->report, node, "there is no party '%s'", holder);
    } else if (state->final == (holder != NULL)) {
        yaml_wrong(&l->report, node,
                   state->final ? "a final state has no holder" : "an open state needs a holder");
    } else if (state->holder != NULL && state->holder->many) {
        yaml_wrong(&l->report, node, "a party that is 'many' can not hold a matter");
    }
}

static void load_states(struct loading *l, const struct yaml_node *root,
                        struct rules_procedure *procedure)
{
    const struct yaml_node *list = read_list(l, root, "states", true);
    size_t count = list == NULL ? 0 : list->count;
    procedure->states = kept_array(l, count, sizeof *procedure->states);
    if (count > PLACES_MAX) {
        yaml_wrong(&l->report, list, "at most %d states", PLACES_MAX);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        struct rules_state *state = &procedure->states[i];
        state->index = (unsigned)i;
        state->code = read_code(l, list, item_at(list, i));
        load_state(l, item_at(list, i), procedure, state);
        procedure->states_count++;
    }
}

static void load_head(struct loading *l, const struct yaml_node *root,
                      struct rules_procedure *procedure)
{
    procedure->label = read_label(l, root, "label", true);
    procedure->purpose = read_label(l, root, "purpose", true);
    procedure->prefix = read_text(l, root, "prefix", true);
    procedure->portal = yaml_bool(&l->report, root, "portal", false);
    procedure->restricted = yaml_bool(&l->report, root, "restricted", false);
    procedure->standing = yaml_bool(&l->report, root, "standing", false);
    procedure->articles = load_row_articles(l, root, &procedure->articles_count);
    const char *prefix = procedure->prefix;
    if (prefix != NULL && (strlen(prefix) != 2 || prefix[0] < 'A' || prefix[0] > 'Z' ||
                           prefix[1] < 'A' || prefix[1] > 'Z')) {
        yaml_wrong(&l->report, root, "'prefix' must be two capital letters");
    }
    const struct yaml_node *steps = read_list(l, root, "steps", true);
    procedure->steps = kept_array(l, steps == NULL ? 0 : steps->count, sizeof(struct label));
    for (const struct yaml_node *step = steps == NULL ? NULL : steps->children; step != NULL;
         step = step->next) {
        struct label *label = &procedure->steps[procedure->steps_count++];
        label->zh = read_text(l, step, "zh", true);
        label->en = read_text(l, step, "en", true);
    }
}

void load_procedure(struct loading *l, const struct yaml_node *root,
                    struct rules_procedure *procedure)
{
    static const char *const keys[] = {"code",   "label",   "purpose",    "prefix",   "articles",
                                       "portal", "steps",   "restricted", "parties",  "facts",
                                       "states", "actions", "deadlines",  "standing", NULL};
    yaml_only(&l->report, root, keys);
    load_head(l, root, procedure);
    load_parties(l, root, procedure);
    load_facts(l, root, procedure);
    load_states(l, root, procedure);
    load_actions(l, root, procedure);
    load_deadlines(l, root, procedure);
}
