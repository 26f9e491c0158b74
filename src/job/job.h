#pragma once
/*
 * What the clock does, not a person: sweeping away uploads nobody used, old idempotency answers and
 * expired sessions. One thread; reads the clock.
 */
#include "matter/matter.h"
#include "store/store.h"

#include <stdbool.h>

struct jobs;

/* Is called in the job's thread, soon after accounts of a body got messages, from whatever
 * process. */
typedef void jobs_tell(void *arg, const char *org);
/* `acts` false: standing matters and what ran out wait until somebody asks for them (a test that
 * sets the clock says itself when). Messages that come
 * after the start returns are told; `tell` NULL: to nobody. */
struct jobs_options {
    struct store *store;
    const struct office *office;
    bool acts;
    jobs_tell *tell;
    void *tell_arg;
};
struct jobs *jobs_start(const struct jobs_options *options);
/* Waits for the job at work to end. */
void jobs_stop(struct jobs *jobs);
/* What the program does by itself as of ctx->now_ms: acts for clocks that ran out, opens standing
 * matters. Every minute. */
enum fault job_expire(struct ctx *ctx, struct store *store, const struct office *office) MUST_CHECK;
enum fault job_stand(struct ctx *ctx, struct store *store, const struct office *office) MUST_CHECK;
/* Takes up editions of the rulebook that were adopted since. Every five seconds. */
enum fault job_editions(struct ctx *ctx, struct store *store,
                        const struct office *office) MUST_CHECK;
/* Adds what happened to the sums of the figures. Every few seconds. */
enum fault job_figures(struct ctx *ctx, struct store *store,
                       const struct office *office) MUST_CHECK;
/* One sweep as of ctx->now_ms: what the thread does every ten minutes. */
enum fault job_sweep(struct ctx *ctx, struct store *store, const struct office *office) MUST_CHECK;
/* Takes up a calendar that was loaded since. Every minute. */
enum fault job_calendar(struct ctx *ctx, struct store *store,
                        const struct office *office) MUST_CHECK;
/* Reminders that are due at ctx->now_ms, in office hours only; 10,000 clocks at most, the next run
 * goes on. Every minute. */
enum fault job_remind(struct ctx *ctx, struct store *store, const struct office *office) MUST_CHECK;
