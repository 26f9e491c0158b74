/* Takes up a calendar that was loaded since, by whichever process. */
#include "job/job.h"
#include "matter/recount.h"

enum fault job_calendar(struct ctx *ctx, struct store *store, const struct office *office)
{
    return office->calendars == NULL ? FAULT_NONE
                                     : calendars_refresh(office->calendars, ctx, store);
}
