#pragma once
/*
 * Rehearsing a rulebook: recorded matters are folded from their events once under the edition they
 * ran under and once under the new one, and what would have come out otherwise is told. Nothing is
 * written. rehearse_fold and rehearse_matter are pure functions of what they are given; the same
 * fold proves in the tests that the events alone give the matter's row.
 *
 * Values live in the ctx's arena.
 */
#include "matter/matter.h"
#include "store/store.h"

/* ---- What is on record of one matter ---- */

struct past_fact {
    const char *code;
    const char *value; /* NULL: cleared, or `hidden`. */
    bool hidden;       /* Set, but the event doesn't say to what. */
};

struct past_event {
    int64_t id;
    const char *action;
    const char *org; /* Who acted; NULL: the public or the system. */
    const char *to_state;
    int64_t version;
    int64_t recorded_ms, happened_ms;
    struct past_fact *facts;
    size_t facts_count;
};

/* An action of the parent: clocks may start there. */
struct past_act {
    int64_t id;
    const char *action;
    int64_t happened_ms;
};

struct past_party {
    const char *party, *org;
};

struct past {
    int64_t id;
    const char *reference, *procedure, *edition, *state;
    bool final;
    int64_t parent;        /* 0: none. */
    const char *opened_by; /* The parent's action. */
    struct past_event *events;
    size_t events_count;
    struct past_party *parties;
    size_t parties_count;
    struct past_act *parent_acts; /* Oldest first. */
    size_t parent_acts_count;
};

/* ---- Folding ---- */

/* Why an action can't be performed under a rulebook. */
enum refusal {
    REFUSAL_NONE,
    REFUSAL_ACTION, /* There is no such action. */
    REFUSAL_STATE,  /* Not in this state. */
    REFUSAL_BODY,   /* Not by a body with this part. */
    REFUSAL_FACT,   /* A fact it needs is missing. */
    REFUSAL_WHEN,   /* A condition doesn't hold. */
    REFUSAL_CLOCK,  /* The clock it extends can't be extended. */
};

struct folded_clock {
    struct clock clock; /* Id 0; obligor as the parties are now, NULL: nobody. */
    struct pause *pauses;
    size_t pauses_count;
};

struct folded {
    const struct rules_procedure *procedure;
    const struct rules_state *state; /* NULL: the rulebook has no such state. */
    int64_t version;
    struct fact_value *facts; /* By fact index; hidden ones have no value. */
    struct folded_clock *clocks;
    size_t clocks_count;
    enum refusal *refusals;  /* By place of the event. */
    const char **refused_by; /* The fact, state or clock that is in the way; NULL. */
};

/* Folds the events under a procedure. What it refuses is noted, and the fold goes on from the state
 * on record. */
enum fault rehearse_fold(struct ctx *ctx, const struct calendar *calendar,
                         const struct rules_procedure *procedure, const struct past *past,
                         struct folded *ret_folded) MUST_CHECK;
const char *past_party_org(const struct past *past, const struct rules_party *party);

/* ---- Comparing ---- */

enum difference_kind {
    DIFFERENCE_CLOCK_MOVED,
    DIFFERENCE_CLOCK_NEW,
    DIFFERENCE_CLOCK_GONE,
    DIFFERENCE_ELSEWHERE, /* The competence table names other sectors. */
    DIFFERENCE_REFUSED,
    DIFFERENCE_STUCK, /* It is open, and could not go on. */
    DIFFERENCE_KINDS_COUNT
};

/* How a clock stands now. */
enum verdict {
    VERDICT_NONE,
    VERDICT_OPEN,
    VERDICT_MET,
    VERDICT_LATE,
    VERDICT_LIFTED,
    VERDICT_PAUSED
};

enum stuck {
    STUCK_NOT,
    STUCK_PROCEDURE, /* There is no such procedure. */
    STUCK_STATE,     /* There is no such state. */
    STUCK_WAY,       /* Nothing that somebody could do leads out of its state. */
    STUCK_HOLDER,    /* Nobody has the part that must act. */
    STUCK_FACT,      /* It has a fact that is no longer known. */
};

struct difference {
    enum difference_kind kind;
    const char *code;               /* Of the clock, the action, or what is missing. */
    const char *obligor;            /* Clocks: the body. */
    int64_t old_due_ms, new_due_ms; /* INT64_MAX: paused. */
    bool hours;
    enum verdict old_verdict, new_verdict;
    const char *old_sectors, *new_sectors; /* Joined by commas; "" for none. */
    enum refusal refusal;
    const char *by; /* What is in the way. */
    int64_t happened_ms;
    enum stuck stuck;
};

struct rehearsed {
    const struct past *past;
    struct difference *differences;
    size_t count;
};

struct rehearsal {
    const struct calendar *calendar;
    const struct rulebook *book; /* The new one. */
    int64_t now_ms;
};

/* Compares one matter under its own edition and under the new one. */
enum fault rehearse_matter(struct ctx *ctx, const struct rehearsal *rehearsal,
                           const struct rulebook *own, const struct past *past,
                           struct rehearsed *ret_rehearsed) MUST_CHECK;

/* ---- All of them ---- */

struct rehearse_summary {
    int64_t matters, events, different;
    int64_t differences[DIFFERENCE_KINDS_COUNT];
    int64_t newly_late, no_longer_late;
    int64_t unknown_edition; /* Matters whose own edition isn't there. */
};

/* Called for each matter with differences, oldest first; its arena is used again afterwards. */
typedef enum fault rehearse_found(struct ctx *ctx, const struct rehearsed *found, void *arg);

struct rehearse_range {
    int64_t from_ms, to_ms; /* Begun in [from, to). */
};

/* Goes through the region's matters in batches, each in a snapshot of its own; memory does not grow
 * with their number. */
enum fault rehearse_all(struct ctx *ctx, struct store *store, const struct office *office,
                        const struct rulebook *book, const struct rehearse_range *range,
                        rehearse_found *found, void *arg,
                        struct rehearse_summary *ret_summary) MUST_CHECK;

/* What is on record of matters with ids after `after`, in order: at most `max`. */
struct past_reading {
    const struct office *office;
    int64_t after, max;
    struct rehearse_range range;
    struct past *ret_pasts;
    size_t ret_count;
};
/* Work of a read transaction; arg: struct past_reading. */
enum fault past_read(struct ctx *ctx, struct store_tx *tx, void *arg) MUST_CHECK;
