#pragma once
/* Private to matter: how an event's numbers are found, written and added up. */
#include "matter/tally.h"

enum { UNIT_MONTH = 1, UNIT_DAY = 2 };

/* What became of a clock in an event. */
struct tally_change {
    const char *deadline; /* Its code. */
    enum clock_change change;
    const char *obligor;
    struct tally_change *next;
};

/*
 * One event, as the measures ask about it. Live it is what is being performed; in a recount it is
 * what the events before it say. Codes, not pointers: the book that counts may be another edition
 * than the one the matter runs under.
 */
struct tally_source {
    const struct rulebook *book; /* Whose measures count. */
    const char *procedure;
    const char *action;
    bool starts, closes;
    int64_t days;       /* Since it was recorded; for `closes`. */
    const char *actor;  /* Body; NULL: the public or the system. */
    const char *holder; /* Before the action; NULL when it starts. */
    const struct tally_change *changes;
    const char **bodies; /* Each body with a part, once; for `closes`. */
    size_t bodies_count;
    const char *(*party)(const void *who, const char *code);
    const char *(*fact)(const void *who, const char *code);
    const void *who;
};
/* Appends the numbers it raises. */
void tally_counts(const struct tally_source *source, struct buffer *counts);

/* Reads the numbers of a row of tally_entry, one after the other; `row` has texts of `text`. */
enum { TALLY_CODE_MAX = 100 };
struct tally_scan {
    const char *at; /* Begin here. */
    struct tally_row row;
    char text[4 * TALLY_CODE_MAX];
};
/* The next number into `row`; false at the end. */
bool tally_next(struct tally_scan *scan);

/* Sums by key, in an arena. */
struct tally_sums {
    struct arena *arena;
    struct tally_row *slots;
    size_t capacity, count;
};
void tally_sums_init(struct tally_sums *sums, struct arena *arena);
/* The texts are copied when the key is new. */
void tally_sums_add(struct tally_sums *sums, const struct tally_row *row);
/* NULL if there is none. */
const struct tally_row *tally_sums_find(const struct tally_sums *sums, const struct tally_row *key);
/* All rows, in the order of unit, period, measure, body, split. */
struct tally_row *tally_sums_sorted(const struct tally_sums *sums);
/* Adds all numbers of an entry to its day and its month. */
void tally_sums_add_entry(struct tally_sums *sums, int32_t day, const char *counts);
int tally_month_of(int32_t day);

/* Up to which event number the sums go; *ret_known false: never counted. */
enum fault tally_last(struct ctx *ctx, struct store_tx *tx, int64_t region, int64_t *ret_last,
                      bool *ret_known) MUST_CHECK;
enum fault tally_insert(struct ctx *ctx, struct store_tx *tx, int64_t region,
                        const struct tally_row *row) MUST_CHECK;

/* tally_replay.c: a matter told again by its events, oldest first. */
struct replay;
struct replay *replay_create(const struct office *office);
void replay_destroy(struct replay *replay);
/* One event's row; `counts` gets what it raises. Columns: see replay_columns. */
enum fault replay_event(struct replay *replay, struct ctx *ctx, struct store_tx *tx,
                        const struct sql_rows *row, struct buffer *counts) MUST_CHECK;
#define REPLAY_COLUMNS                                                                             \
    "e.matter, e.version, e.id, e.number, e.recorded_ms, e.action, e.org, e.from_state,"           \
    " e.to_state, e.body, m.procedure, m.edition"
