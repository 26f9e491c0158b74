#pragma once
/* Private to rules: reading YAML into the structs of rules.h. */
#include "base/yaml.h"
#include "rules/rules.h"

#include <string.h>

struct loading {
    struct ctx *ctx;
    struct yaml_report report;
    struct rulebook *book;
    struct arena *arena; /* The book's. */
};

/* What is being read now, with its YAML, for messages of later checks. */
struct source {
    const struct yaml_node *procedure, *parties, *facts, *states, *actions, *deadlines;
};

/* read.c: fields of a mapping, copied into the book's arena. */
const char *read_text(struct loading *l, const struct yaml_node *at, const char *key,
                      bool required);
struct label read_label(struct loading *l, const struct yaml_node *at, const char *key,
                        bool required);
/* A list of words, or one word alone. */
const char **read_words(struct loading *l, const struct yaml_node *at, const char *key,
                        size_t *ret_count);
/* "kinds": a mask of org_kind; 0 if absent. */
uint32_t read_kinds(struct loading *l, const struct yaml_node *at);
const struct yaml_node *read_list(struct loading *l, const struct yaml_node *at, const char *key,
                                  bool required);
const struct yaml_node *item_at(const struct yaml_node *list, size_t index);
void *kept_array(struct loading *l, size_t count, size_t size);

/* common.c: rulebook, articles, vocabularies, settings, competence. */
void load_header(struct loading *l, const char *folder);
void load_articles(struct loading *l, const char *folder);
void load_vocabularies(struct loading *l, const char *folder);
void load_settings(struct loading *l, const char *folder);
void load_competence(struct loading *l, const char *folder);

/* procedure.c, action.c, condition.c, deadline.c */
void load_procedure(struct loading *l, const struct yaml_node *root,
                    struct rules_procedure *procedure);
void load_actions(struct loading *l, const struct yaml_node *root,
                  struct rules_procedure *procedure);
void load_deadlines(struct loading *l, const struct yaml_node *root,
                    struct rules_procedure *procedure);
struct rules_condition *load_conditions(struct loading *l, const struct yaml_node *at,
                                        const struct rules_procedure *procedure, size_t *ret_count);
/* Articles a row names, each of them listed in articles.yaml. */
const char **load_row_articles(struct loading *l, const struct yaml_node *at, size_t *ret_count);
/* The open date or minute fact that `key` names; NULL if it is absent or wrong. */
const struct rules_fact *read_moment_fact(struct loading *l, const struct yaml_node *node,
                                          const char *key, const struct rules_procedure *procedure);
/* A mask of the named actions. */
uint64_t read_action_mask(struct loading *l, const struct yaml_node *at, const char *key,
                          const struct rules_procedure *procedure);

/* ask.c: does a condition of kind IS or NOT allow this value of its fact (NULL: none)? */
bool condition_allows(const struct rules_condition *condition, const char *value);

/* check.c: what can only be seen with everything loaded. `roots` are the procedures' YAML in order.
 */
void check_book(struct loading *l, struct yaml_node *const *roots);
/* articlecheck.c: each article has a carrier. */
void check_articles(struct loading *l, const struct yaml_node *at);
/* clockcheck.c: for each state, whether some clock may run in it. */
void check_clocks(struct loading *l, const struct yaml_node *root,
                  const struct rules_procedure *procedure);

/* paper.c, papercheck.c: templates of official papers; `procedures` and `papers` are their YAML in
 * order. */
void load_papers(struct loading *l, const char *folder, struct yaml_node *const *procedures);
void check_papers(struct loading *l, struct yaml_node *const *procedures,
                  struct yaml_node *const *papers);
