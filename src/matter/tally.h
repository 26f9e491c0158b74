#pragma once
/*
 * Figures: what happened, counted (article 23). Each event writes, in its own transaction, one row
 * that says which measures it raises (tally_entry); a job adds those rows up by month and day
 * (tally). Whoever reads adds to the sums the rows of events that are not yet in them, so a figure
 * is right at any moment, and no two writers ever wait for the same sum.
 *
 * An event counts on the day it was recorded, so the figures of a past period never change. Days
 * taken are natural days from the day a matter was recorded to the day it ended: a corrected
 * calendar changes no figure. Values live in the ctx's arena.
 */
#include "matter/matter.h"
#include "rules/figure.h"

/* Measures that every event raises, whatever the rulebook counts; their codes begin with '_':
 * a matter began; it ended (for the region, and for each body with a part in it); a clock was met
 * late. */
#define TALLY_STARTED "_started"
#define TALLY_CLOSED  "_closed"
#define TALLY_LATE    "_late"

/* One sum. `unit` and `period` are of the tables' rows, 0 in what tally_read gives. */
struct tally_row {
    int64_t unit, period;
    const char *measure;
    const char *body;  /* "" for the whole region. */
    const char *split; /* "" if not split or not said. */
    int64_t amount;
    int64_t days;
};

struct tally_month {
    int month; /* 12 * year + month - 1 */
    int64_t started, closed, late;
};

/* What was read: rows sorted by measure, body, split, each once; the months of the period. */
struct tally {
    struct tally_row *rows;
    size_t count;
    struct tally_month *months;
    size_t months_count;
};

/* Adds up the days from..to, both included. Work of a read transaction. */
enum fault tally_read(struct ctx *ctx, struct store_tx *tx, const struct office *office,
                      int32_t from, int32_t to, struct tally *ret_tally) MUST_CHECK;
/* The sum of one measure; NULL body or split: all of them. */
struct tally_row tally_sum(const struct tally *tally, const char *measure, const char *body,
                           const char *split);

/* Open running clocks past their due moment, targets left out: those due in a period by obligor
 * (rows: body, amount), and how many there are at all (ret_all NULL: not
 * asked, so only the period is looked at). */
struct tally_due {
    int64_t from_ms, until_ms; /* Due after the one, and not after the other. */
};
enum fault tally_overdue(struct ctx *ctx, struct store_tx *tx, const struct office *office,
                         const struct tally_due *due, struct tally *ret_tally,
                         int64_t *ret_all) MUST_CHECK;

/* ---- A figure opened to its events ---- */

struct tally_wanted {
    const char **measures;
    size_t measures_count;
    const char *body;  /* NULL: any. */
    const char *split; /* NULL: any. */
    int32_t from, to;
    int32_t after_day; /* Where the page before ended; 0: begin at the newest. */
    int64_t after_event;
};
struct tally_found {
    int32_t day;
    int64_t event;
};
/* The events behind a sum, newest first, at most `max`. */
enum fault tally_events(struct ctx *ctx, struct store_tx *tx, const struct tally_wanted *wanted,
                        struct tally_found *found, size_t max, size_t *ret_count) MUST_CHECK;

/* ---- Keeping the sums ---- */

/* Adds the next events to the sums. Work of a write transaction; arg: struct tally_folding. Two
 * processes that do it at once wait for one another and never add an event twice. */
struct tally_folding {
    const struct office *office;
    bool ret_never;    /* The record was never counted: tally_recount must come first. */
    int64_t ret_added; /* Events that were passed; 0: nothing is left. */
};
/* How much waits (ret_never, ret_added). Work of a read transaction; arg: struct tally_folding. */
enum fault tally_waiting(struct ctx *ctx, struct store_tx *tx, void *arg) MUST_CHECK;
enum fault tally_fold(struct ctx *ctx, struct store_tx *tx, void *arg) MUST_CHECK;

/*
 * Counts everything again, from the events alone, and compares. With `repair` the tables are then
 * made right (work of a write transaction), else nothing changes (a read transaction will do).
 */
struct tally_recount {
    const struct office *office;
    bool repair;
    int64_t ret_events;
    int64_t ret_differences;
    const char *ret_lines; /* The first of them, one a line. */
};
enum fault tally_recount(struct ctx *ctx, struct store_tx *tx, void *arg) MUST_CHECK;
