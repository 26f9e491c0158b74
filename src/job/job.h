#pragma once
/*
 * What the clock does, not a person: sweeping away uploads nobody used, old idempotency answers and
 * expired sessions. One thread; reads the clock.
 */
#include "matter/matter.h"
#include "store/store.h"

struct jobs;

struct jobs *jobs_start(struct store *store, const struct office *office);
/* Waits for the job at work to end. */
void jobs_stop(struct jobs *jobs);
/* One sweep as of ctx->now_ms: what the thread does every ten minutes. */
enum fault job_sweep(struct ctx *ctx, struct store *store, const struct office *office) MUST_CHECK;
