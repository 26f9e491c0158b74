/* Takes up editions of the rulebook that were adopted since. */
#include "matter/edition.h"

#include "job/job.h"

enum fault job_editions(struct ctx *ctx, struct store *store, const struct office *office)
{
    return editions_refresh(office->editions, ctx, store, office->region);
}
