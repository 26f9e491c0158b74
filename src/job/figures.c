/* Adds what happened to the sums of the figures, every few seconds. */
#include "base/log.h"
#include "job/job.h"
#include "matter/tally.h"

enum { RUNS_MAX = 50 };

/* A record that was never counted (release 0.1 did not): once, in one transaction. */
static enum fault count_all(struct ctx *ctx, struct store *store, const struct office *office)
{
    struct tally_recount recount = {.office = office, .repair = true};
    enum fault fault = store_write(store, ctx, tally_recount, &recount);
    log_line("info", "job=figures counted=%lld", (long long)recount.ret_events);
    return fault;
}

enum fault job_figures(struct ctx *ctx, struct store *store, const struct office *office)
{
    enum fault fault = FAULT_NONE;
    struct tally_folding folding = {.office = office, .ret_added = 1};
    for (unsigned i = 0; i < RUNS_MAX && fault == FAULT_NONE && folding.ret_added > 0; i++) {
        /* Asked first without writing: mostly there is nothing to do. */
        fault = store_read(store, ctx, tally_waiting, &folding);
        if (fault == FAULT_NONE && folding.ret_never) {
            return count_all(ctx, store, office);
        }
        if (fault == FAULT_NONE && folding.ret_added > 0) {
            fault = store_write(store, ctx, tally_fold, &folding);
        }
    }
    return fault;
}
