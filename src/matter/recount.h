#pragma once
/*
 * Calendars in force, and what a new one does to clocks that run. Every calendar that was in force
 * lies in the database, whole; the highest number counts. Loading one counts every open clock anew,
 * in one transaction with the calendar itself; ended clocks are never touched, paused ones are
 * counted when they are resumed.
 *
 * A running program takes a new calendar up by itself (calendars_refresh, once a minute). Those it
 * used before live as long as `struct calendars`: other threads may still count with them.
 */
#include "matter/matter.h"
#include "store/store.h"

/* Of one office, whose calendar it replaces; the office must not move in memory. */
struct calendars *calendars_create(struct office *office);
/* After all threads that count have ended. NULL is allowed. */
void calendars_destroy(struct calendars *calendars);
/* Sets office->calendar to the newest kept in the store. If none is, the file `shipped` becomes the
 * first. */
enum fault calendars_open(struct calendars *calendars, struct ctx *ctx, struct store *store,
                          const char *shipped) MUST_CHECK;
/* Takes up a newer one, and counts clocks anew that were opened in between with the old one. */
enum fault calendars_refresh(struct calendars *calendars, struct ctx *ctx,
                             struct store *store) MUST_CHECK;

/* One row of the table of calendars. */
struct calendar_kept {
    int64_t number; /* 0: none is kept. */
    const char *edition;
    int64_t loaded_ms;
    const char *text;
};
/* The newest, or the one with `edition` (NULL: the newest). NOT_FOUND for an edition. */
enum fault calendars_kept(struct ctx *ctx, struct store_tx *tx, int64_t region, const char *edition,
                          struct calendar_kept *ret_kept) MUST_CHECK;

/* By which calendar a clock is explained: the one in force, or, if it ended under another that is
 * kept, that one; *ret_owned is then to be destroyed (else NULL). */
enum fault calendars_of_clock(struct ctx *ctx, struct store_tx *tx, const struct office *office,
                              const struct clock *clock, struct calendar **ret_owned,
                              const struct calendar **ret_calendar) MUST_CHECK;

/* A clock whose due moment another calendar changes, or settles. */
struct moved {
    int64_t matter, clock;
    const char *reference;
    const struct rules_deadline *rule;
    const char *obligor;
    int64_t was_ms, due_ms;
    int32_t was_date, due_date;
    bool was_provisional, provisional;
};

struct recount {
    const struct office *office;
    const struct calendar *next;
    const char *text;        /* Of `next`: kept as the newest. NULL: it is kept already. */
    struct moved *ret_moved; /* By matter, then clock; in the ctx's arena. */
    size_t ret_count;
    size_t ret_open; /* Open clocks looked at. */
};
/* What would move. Work of a read transaction; arg: struct recount. */
enum fault matter_recount_look(struct ctx *ctx, struct store_tx *tx, void *arg) MUST_CHECK;
/* Moves it: rows, one event `due_moved` for each matter, a message for each clock that moved; and
 * keeps the calendar. Work of a write transaction; arg: struct recount. */
enum fault matter_recount(struct ctx *ctx, struct store_tx *tx, void *arg) MUST_CHECK;
/* What the history calls the event; NULL for other codes. */
const struct label *matter_recount_label(const char *action);
