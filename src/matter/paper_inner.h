#pragma once
/* Private to matter: how a paper is made. */
#include "matter/paper.h"
#include "matter/record.h"

/* What a paper is made from: an action at work, its facts applied. */
struct composing {
    struct performing *p;
    const struct rules_paper *rule;
    const struct org *org; /* Whose paper it is. */
    const char *number;    /* NULL: none, or not yet. */
};

/* paper_words.c: a wording with its values, as people write them in Chinese. RULE_REFUSED if one
 * isn't there. */
enum fault paper_wording(const struct composing *c, const struct rules_wording *wording,
                         const char **ret_text) MUST_CHECK;
/* Whom it addresses; NULL: nobody. */
enum fault paper_addressee(const struct composing *c, const char **ret_text) MUST_CHECK;
/* The code of the one body it addresses; NULL: none, or nobody of ours. */
const char *paper_to_org(const struct composing *c);
/* The bodies of a part, joined; NULL: nobody. */
const char *paper_party_names(const struct composing *c, const struct rules_party *party);

/* paper_compose.c: the content for the typesetter (src/document/README.md), and the title alone. */
enum fault paper_compose(const struct composing *c, const char **ret_title,
                         const char **ret_content) MUST_CHECK;

/* paper_text.c: what lies in the box of a paper's row: the title, then the content of an issued
 * paper or the facts of a draft. */
const char *paper_text_issued(struct arena *arena, const char *title, const char *content);
const char *paper_text_draft(struct arena *arena, const char *title, const struct act_fact *facts,
                             size_t count);
void paper_text_read(struct arena *arena, const char *text, struct paper *paper);

/* paper_read.c */
struct vault_box paper_close(struct ctx *ctx, const struct office *office, int64_t matter,
                             int64_t paper, const char *text);
enum fault paper_open(struct ctx *ctx, const struct office *office, int64_t matter, int64_t paper,
                      const struct vault_box *box, const char **ret_text) MUST_CHECK;
/* Of whatever state, asking nobody's right. */
enum fault paper_load(struct ctx *ctx, struct store_tx *tx, const struct office *office,
                      const struct matter *matter, int64_t id, struct paper **ret_paper) MUST_CHECK;

/* paper_who.c */
/* Is the actor one of the body that would issue the action's paper, in a role that works on cases?
 * Drafting, and issuing what was approved, needs no more. */
bool paper_drafter(const struct matter *matter, const struct rules_action *action,
                   const struct actor *actor);
/* May the actor approve? */
bool paper_approver(const struct matter *matter, const struct rules_action *action,
                    const struct actor *actor);
/* What the actor may do with a draft. */
unsigned paper_can(const struct matter *matter, const struct paper *paper,
                   const struct actor *actor);
