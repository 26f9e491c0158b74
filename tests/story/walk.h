#pragma once
/* Random walks over every procedure: shared by walk.c (the walk), walk_act.c (acting), walk_facts.c
 * (what people enter), walk_story.c (a beginning) and walk_check.c (what must hold). One thread. */
#include "cli/office.h"
#include "matter/record.h"
#include "matter/rehearse.h"

enum { FAMILY_MAX = 40 };

struct walking {
    struct workplace place;
    const struct rulebook *book;
    const struct walk_stories *stories;
    const char *folder; /* Its data. */
    struct actor system;
    uint64_t seed, random;
    unsigned step;
    bool tracing; /* Each step is told. */
    int64_t now_ms;
    int64_t first;                      /* 0: nothing began. */
    int64_t family[FAMILY_MAX];         /* The matter the walk began, and what it opened. */
    struct matter *matters[FAMILY_MAX]; /* As they are now; in the walk's arena. */
    int64_t checked[FAMILY_MAX];        /* The version that was checked. */
    size_t family_count;
    struct arena *arena; /* Of the walk. */
    unsigned *performed; /* By procedure * 64 + action; of all walks. */
    unsigned acts, refusals, expired, wrong;
};

/* In [0, bound); the same for the same seed. */
uint64_t walk_below(struct walking *w, uint64_t bound);
bool walk_chance(struct walking *w, unsigned percent);
/* Prints seed, step and what is wrong. */
void walk_complain(struct walking *w, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Place of the action in `performed`. */
unsigned *walk_performed(const struct walking *w, const struct rules_procedure *procedure,
                         const struct rules_action *action);

/* walk_act.c */
void walk_be_account(struct walking *w, struct actor *actor, const struct org *org, uint32_t roles);
void walk_be_public(const struct walking *w, struct actor *actor, int64_t matter);
/* A body with a user whose kind may take the part; NULL: none. */
const struct org *walk_some_body(struct walking *w, uint32_t kinds);
/* A body that has one of the action's parts, or records it; false if nobody could. */
bool walk_be_party(struct walking *w, struct actor *actor, const struct matter *m,
                   const struct rules_action *action);
/* Performs it; true if it was done. */
bool walk_act(struct walking *w, struct ctx *ctx, const struct rules_procedure *procedure,
              const struct matter *m, const struct rules_action *action, bool wild);
void walk_add(struct walking *w, int64_t id);
/* What is new in the family is loaded and checked. */
void walk_look_around(struct walking *w, struct ctx *ctx);
/* The program acts for what has run out. */
void walk_expire(struct walking *w, struct ctx *ctx);
const char *walk_why(const struct ctx *ctx);

/* walk_story.c */
struct walk_stories *walk_stories_load(struct ctx *ctx, const char *rulebook);
/* Begins with some part of some story; w->first is 0 if it did not even begin. */
void walk_begin_told(struct walking *w);
/* A right one that hardly anybody has. */
const char *walk_credit_code(struct walking *w, struct arena *arena);

/* walk_facts.c: values for what the action needs and some of what it takes. `matter` is NULL when
 * one starts. With `wild`, some are missing or nonsense. */
void walk_facts(struct walking *w, struct ctx *ctx, const struct rules_procedure *procedure,
                const struct matter *matter, const struct rules_action *action, bool wild,
                struct act_input *input);

/* walk_check.c */
struct matter *walk_load(struct walking *w, struct ctx *ctx, int64_t id);
/* Holder and clock of an open matter; its row against its events; its events, after the version
 * that was checked before, against the rulebook. */
void walk_check(struct walking *w, struct ctx *ctx, const struct matter *m, int64_t checked);
/* A refusal leaves nothing: no row made after `marker`, no version raised. */
void walk_check_untouched(struct walking *w, struct ctx *ctx, int64_t marker, int64_t matter,
                          int64_t version);
