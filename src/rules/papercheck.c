/* What a paper's template must fulfil: its facts are there, and who reads it may read them. */
#include "rules/inner.h"
#include "rules/paper.h"

struct paper_check {
    struct loading *l;
    const struct rules_paper *paper;
    const struct yaml_node *root;
};

static bool named_in(const struct rules_fact *const *facts, size_t count,
                     const struct rules_fact *fact)
{
    for (size_t i = 0; i < count; i++) {
        if (facts[i] == fact) {
            return true;
        }
    }
    return false;
}

static bool needs(const struct rules_action *action, const struct rules_fact *fact)
{
    return named_in((const struct rules_fact *const *)action->needs, action->needs_count, fact);
}

/* A body that starts a matter names itself; a fact that all starts need is there from then on. */
static bool set_from_start(const struct rules_procedure *procedure, const struct rules_fact *fact)
{
    bool always = true;
    for (size_t i = 0; i < procedure->actions_count; i++) {
        always = always && (!procedure->actions[i].starts || needs(&procedure->actions[i], fact));
    }
    return always;
}

static bool set_by_issue(const struct rules_paper *paper, const struct rules_fact *fact)
{
    bool always = true;
    for (size_t i = 0; i < paper->procedure->actions_count; i++) {
        const struct rules_action *action = &paper->procedure->actions[i];
        always = always && (action->paper != paper || needs(action, fact));
    }
    return always;
}

static bool guarded(const struct rules_part *part, const struct rules_fact *fact)
{
    for (size_t i = 0; part != NULL && i < part->when_count; i++) {
        bool there = part->when[i].kind == CONDITION_SET || part->when[i].kind == CONDITION_IS;
        if (part->when[i].fact == fact && there) {
            return true;
        }
    }
    return false;
}

/* May everybody who reads the paper read the fact? Sealed ones nobody may, without unsealing; and
 * a holder may be any part. */
static bool readable(const struct rules_paper *paper, const struct rules_fact *fact)
{
    return fact->secrecy == SECRECY_OPEN ||
           (!paper->to_holder && fact->secrecy == SECRECY_RESTRICTED &&
            (paper->readers & ~fact->seen_by) == 0);
}

static void check_fact(const struct paper_check *c, const struct yaml_node *at,
                       const struct rules_part *part, const struct rules_fact *fact)
{
    if (fact->type == FACT_TICKS) {
        yaml_wrong(&c->l->report, at, "'%s' are ticks: the table 'receipt' shows them", fact->code);
    }
    if (!readable(c->paper, fact)) {
        yaml_wrong(&c->l->report, at, "not everybody who reads this paper may read '%s'",
                   fact->code);
    }
    bool there = set_from_start(c->paper->procedure, fact) || set_by_issue(c->paper, fact) ||
                 guarded(part, fact);
    if (!there) {
        yaml_wrong(&c->l->report, at,
                   "'%s' may be empty here: let the item stand under 'when: [{fact: %s, set:"
                   " true}]', or the action need it",
                   fact->code, fact->code);
    }
}

static bool opens(const struct rules_deadline *deadline, const struct rules_action *action)
{
    for (size_t i = 0; i < deadline->from_count; i++) {
        bool own = !deadline->from[i].parent;
        if (own && strcmp(deadline->from[i].action, action->code) == 0) {
            return true;
        }
    }
    return false;
}

/* A clock is there if each action that issues the paper opens it, or each start does. */
static bool clock_is_there(const struct rules_paper *paper, const struct rules_deadline *deadline)
{
    bool by_issue = true;
    bool by_start = true;
    for (size_t i = 0; i < paper->procedure->actions_count; i++) {
        const struct rules_action *action = &paper->procedure->actions[i];
        by_issue = by_issue && (action->paper != paper || opens(deadline, action));
        by_start = by_start && (!action->starts || opens(deadline, action));
    }
    return deadline->when_count == 0 && (by_issue || by_start);
}

/* Does every action that issues the paper sign a receipt? */
static bool signs(const struct rules_paper *paper)
{
    bool all = true;
    for (size_t i = 0; i < paper->procedure->actions_count; i++) {
        const struct rules_action *action = &paper->procedure->actions[i];
        bool signing = false;
        for (size_t k = 0; k < action->effects_count; k++) {
            signing = signing || action->effects[k].kind == EFFECT_SIGN;
        }
        all = all && (action->paper != paper || signing);
    }
    return all;
}

static void check_wording(const struct paper_check *c, const struct yaml_node *at,
                          const struct rules_part *part, const struct rules_wording *wording)
{
    for (size_t i = 0; i < wording->count; i++) {
        const struct rules_piece *piece = &wording->pieces[i];
        if (piece->kind == PIECE_FACT) {
            check_fact(c, at, part, piece->fact);
        } else if (piece->kind == PIECE_DUE && !clock_is_there(c->paper, piece->deadline)) {
            yaml_wrong(&c->l->report, at,
                       "the clock '%s' may not run then: neither each action of this paper nor"
                       " each start opens it",
                       piece->deadline->code);
        } else if (piece->kind == PIECE_NUMBER && c->paper->word == NULL) {
            yaml_wrong(&c->l->report, at, "this paper has no number: 'word' is missing");
        } else if (piece->kind >= PIECE_SENT_BY && !signs(c->paper)) {
            yaml_wrong(&c->l->report, at, "no receipt is signed by the action of this paper");
        }
    }
}

static void check_body(const struct paper_check *c)
{
    const struct yaml_node *list = yaml_get(c->root, "body");
    for (size_t i = 0; i < c->paper->parts_count; i++) {
        const struct rules_part *part = &c->paper->parts[i];
        const struct yaml_node *at = item_at(list, i);
        check_wording(c, at, part, &part->words);
        if (part->kind == PART_RECEIPT && !signs(c->paper)) {
            yaml_wrong(&c->l->report, at, "no receipt is signed by the action of this paper");
        }
    }
    list = yaml_get(c->root, "attachments");
    for (size_t i = 0; i < c->paper->attachments_count; i++) {
        check_wording(c, item_at(list, i), NULL, &c->paper->attachments[i]);
    }
}

/* Does the wording name something that not every party of the matter may read? */
static bool names_secret(const struct rules_wording *wording)
{
    for (size_t i = 0; i < wording->count; i++) {
        const struct rules_piece *piece = &wording->pieces[i];
        if (piece->kind == PIECE_FACT && piece->fact->secrecy != SECRECY_OPEN) {
            return true;
        }
    }
    return false;
}

static bool is_secret(const struct rules_paper *paper)
{
    bool secret = paper->to_fact != NULL && paper->to_fact->secrecy != SECRECY_OPEN;
    secret = secret || names_secret(&paper->title) || names_secret(&paper->note);
    for (size_t i = 0; i < paper->parts_count; i++) {
        secret = secret || names_secret(&paper->parts[i].words);
    }
    for (size_t i = 0; i < paper->attachments_count; i++) {
        secret = secret || names_secret(&paper->attachments[i]);
    }
    return secret;
}

static void check_used(const struct paper_check *c)
{
    for (size_t i = 0; i < c->paper->procedure->actions_count; i++) {
        if (c->paper->procedure->actions[i].paper == c->paper) {
            return;
        }
    }
    yaml_wrong(&c->l->report, c->root, "no action of '%s' issues the paper '%s'",
               c->paper->procedure->code, c->paper->code);
}

/* An action may issue only a paper that is there, of its own procedure, of a body that acts. */
static void check_action(struct loading *l, const struct yaml_node *at,
                         const struct rules_procedure *procedure, const struct rules_action *action)
{
    const struct rules_paper *paper = action->paper;
    if (action->paper_code == NULL) {
        return;
    }
    if (paper == NULL) {
        yaml_wrong(&l->report, at, "there is no paper documents/%s.yaml", action->paper_code);
    } else if (paper->procedure != procedure) {
        yaml_wrong(&l->report, at, "the paper '%s' belongs to the procedure '%s'", paper->code,
                   paper->procedure->code);
    } else if (!action->by_system && (action->by & 1u << paper->issuer->index) == 0) {
        yaml_wrong(&l->report, at, "'%s', whose paper '%s' is, does not perform this action",
                   paper->issuer->code, paper->code);
    }
}

void check_papers(struct loading *l, struct yaml_node *const *procedures,
                  struct yaml_node *const *papers)
{
    for (size_t i = 0; i < l->book->procedures_count; i++) {
        const struct rules_procedure *procedure = &l->book->procedures[i];
        const struct yaml_node *list = yaml_get(procedures[i], "actions");
        for (size_t k = 0; k < procedure->actions_count; k++) {
            check_action(l, item_at(list, k), procedure, &procedure->actions[k]);
        }
    }
    for (size_t i = 0; i < l->book->papers_count; i++) {
        struct rules_paper *paper = &l->book->papers[i];
        struct paper_check c = {.l = l, .paper = paper, .root = papers[i]};
        paper->secret = is_secret(paper);
        if (paper->to_fact != NULL) {
            check_fact(&c, yaml_get(c.root, "to"), NULL, paper->to_fact);
        }
        check_wording(&c, yaml_get(c.root, "title"), NULL, &paper->title);
        check_body(&c);
        check_wording(&c, yaml_get(c.root, "note"), NULL, &paper->note);
        check_used(&c);
    }
}
