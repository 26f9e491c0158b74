#pragma once
/*
 * Private to the demonstration: a district's year, made by running the engine through time.
 *
 *   texts.yaml + scenarios.yaml -> runs (one story each) -> steps in time order -> the engine
 *
 * Everything is chosen by hashing the seed with the name of what is chosen, so adding a phrase or a
 * scenario leaves all other runs as they were. One thread; all memory lies in the caller's arena.
 */
#include "base/yaml.h"
#include "cli/office.h"

enum { DEMO_CHILDREN = 16, DEMO_MATERIALS = 8 };

/* A word of a run that is settled: "project" -> "万店镇…". */
struct demo_word {
    const char *name;
    const char *value;
    struct demo_word *next;
};

/* The newest matter of each procedure in a run: "the transfer" is the last one opened. */
struct demo_named {
    const char *procedure;
    int64_t id;
};

/* One story: a scenario played once with a topic, a ground and persons of its own. */
struct demo_run {
    struct demo *demo;
    const struct yaml_node *scenario;
    const struct yaml_node *topic;  /* What is traded. */
    const struct yaml_node *ground; /* What is said to be wrong. */
    const struct yaml_node *result; /* How it ends. */
    uint64_t seed;
    unsigned serial;
    struct demo_word *words;
    struct demo_named matters[DEMO_CHILDREN];
    size_t matters_count;
};

/* One deed of a run. The first half is planned, the second prepared just before it is done. */
struct demo_step {
    struct demo_run *run;
    const struct yaml_node *node;  /* A word, or a mapping with `use`. */
    const struct yaml_node *piece; /* What `use` names. */
    int32_t date;
    int64_t at_ms;
    unsigned order; /* Within the whole plan: settles equal times. */

    const struct rules_procedure *procedure;
    const struct rules_action *action; /* NULL: the program acts by itself, as `self` says. */
    const char *self;                  /* "standing" or "expiry". */
    const char *of; /* Of the matters opened for each body, this body's; NULL: the newest. */
    const struct actor *actor;
    struct act_fact *facts;
    size_t facts_count;
    struct new_upload *uploads;
    size_t uploads_count;
    unsigned missing; /* Of the listed materials, how many the receiver ticks as missing. */
};

struct demo {
    struct ctx *ctx;
    struct arena *arena;
    struct workplace *place;
    struct yaml_report report;
    const struct yaml_node *texts, *script;
    uint64_t seed;
    struct demo_run *runs;
    size_t runs_count;
    struct demo_step *steps;
    size_t steps_count;
    struct actor **actors; /* Looked up so far. */
    size_t actors_count;
    char code[RECEIPT_CODE_TEXT]; /* Of a complaint that is still open. */
};

/* demo_words.c: an even choice below `bound` for the run and a name. */
unsigned demo_choose(const struct demo_run *run, const char *name, unsigned bound);
uint64_t demo_hash(uint64_t seed, const char *name);
/* Fills in every {name} of a text; what is not known is reported. `step` may be NULL. */
const char *demo_expand(struct demo_run *run, const struct demo_step *step,
                        const struct yaml_node *at, const char *text);
/* Settles a word of the run from here on. */
void demo_set(struct demo_run *run, const char *name, const char *value);
/* The account's actor; reports and gives NULL if there is none. */
const struct actor *demo_actor(struct demo *demo, const struct yaml_node *at, const char *login);
/* The scalar or node of a step: its own, else its piece's. */
const struct yaml_node *demo_step_get(const struct demo_step *step, const char *key);

/* demo_company.c: a valid credit code (GB 32100) for an invented company; the name decides it. */
const char *demo_credit_code(struct arena *arena, const char *name);

/* demo_plan.c: runs, and steps in time order, none after the last working day before now. */
enum fault demo_plan(struct demo *demo) MUST_CHECK;
/* demo_step.c: who, which facts, which materials. */
enum fault demo_prepare(struct demo_step *step) MUST_CHECK;
/* demo_paper.c: makes the file and puts it where materials lie. Not synced. */
enum fault demo_paper(struct demo_step *step, const struct yaml_node *at, const char *name,
                      struct new_upload *ret_upload) MUST_CHECK;
/* demo_run.c: does all steps, many in one transaction. */
enum fault demo_perform(struct demo *demo) MUST_CHECK;
/* RULEBOOK_INVALID with the first mistake in the note, if there is one. */
enum fault demo_mistake(struct demo *demo);
