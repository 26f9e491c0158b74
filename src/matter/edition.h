#pragma once
/*
 * The editions of the regulation that run side by side: a matter stays under the one it began
 * under, and what begins begins under the one in force on that day. The rules of each lie in the
 * data folder, rulebooks/EDITION, and the table `edition` says which there must be: nothing may run
 * under a wrong rule, so one that is missing or changed is a fault, never a guess.
 *
 * A running program takes up what was adopted meanwhile (editions_refresh, once a minute). Books
 * are immutable and live as long as `struct editions`; any thread may read while one refreshes.
 */
#include "matter/matter.h"
#include "store/store.h"

struct edition {
    const char *edition; /* 16 hex digits; what matter.edition says. */
    const char *runs_as; /* The edition whose copy is run; release 0.1 kept no copies. */
    struct rulebook *book;
    int32_t takes_effect; /* Day. */
    int64_t adopted_ms;
    const char *adopted_by;
};

/* Copies lie below `folder`; made when the first is adopted. */
struct editions *editions_create(const char *folder);
void editions_destroy(struct editions *editions);

/* Those taken up, in the order they were; the count only grows. */
size_t editions_count(const struct editions *editions);
const struct edition *editions_at(const struct editions *editions, size_t index);

/* The region whose editions the store holds; 0 if it holds none. With several, `preferred` counts
 * if it is among them. */
enum fault editions_region(struct ctx *ctx, struct store *store, int64_t preferred,
                           int64_t *ret_region) MUST_CHECK;
/* Takes up what is registered for the region and not yet taken up. RULEBOOK_INVALID names what is
 * missing or changed; the others are taken up all the same. */
enum fault editions_refresh(struct editions *editions, struct ctx *ctx, struct store *store,
                            int64_t region) MUST_CHECK;

struct adoption {
    const char *folder; /* A rulebook that rules_load accepts. */
    int32_t takes_effect;
    const char *by;
    bool first; /* Nothing is registered yet: matters of release 0.1 go on under it. */
    bool found; /* Nobody named it, it lay beside the program: RULE_REFUSED if it is the first and
                   matters began under another, whose words it may not know. */
    char ret_edition[RULES_EDITION_TEXT];
};
/* Keeps a copy, reads it back, registers it, takes it up. DUPLICATE if it was adopted before;
 * RULE_REFUSED if it is to take effect before today though there are matters. */
enum fault editions_adopt(struct editions *editions, struct ctx *ctx, struct store *store,
                          struct adoption *adoption) MUST_CHECK;
/* How many matters began under each edition taken up, open ones and all; by its place. */
struct edition_use {
    int64_t open, all;
};
struct editions_counting {
    const struct editions *editions;
    int64_t region;
    struct edition_use *ret_uses; /* In the ctx's arena. */
};
/* Work of a read transaction; arg: struct editions_counting. */
enum fault editions_use(struct ctx *ctx, struct store_tx *tx, void *arg) MUST_CHECK;
