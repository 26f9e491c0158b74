#pragma once
/* Are the figures what the events say? Counted again before and after adding up; prints what
 * differs. */
#include "matter/tally.h"
#include "store/store.h"

#include <stdio.h>

/* How many differences; 1 if it could not be counted. */
static inline int64_t recount_once(struct ctx *ctx, struct store *store,
                                   const struct office *office, const char *name)
{
    struct tally_recount recount = {.office = office};
    enum fault fault = store_read(store, ctx, tally_recount, &recount);
    if (fault != FAULT_NONE) {
        (void)printf("%s: recount: %s (%s)\n", name, fault_name(fault),
                     ctx->note == NULL ? "-" : ctx->note);
        return 1;
    }
    if (recount.ret_differences > 0) {
        (void)printf("%s: %lld differences in the figures:\n%s", name,
                     (long long)recount.ret_differences, recount.ret_lines);
    }
    return recount.ret_differences;
}

static inline enum fault recount_fold(struct ctx *ctx, struct store *store,
                                      const struct office *office)
{
    struct tally_folding folding = {.office = office, .ret_added = 1};
    enum fault fault = FAULT_NONE;
    while (fault == FAULT_NONE && folding.ret_added > 0) {
        fault = store_write(store, ctx, tally_fold, &folding);
    }
    if (fault == FAULT_NONE && folding.ret_never) {
        struct tally_recount recount = {.office = office, .repair = true};
        fault = store_write(store, ctx, tally_recount, &recount);
    }
    return fault;
}

/* Entries alone, then with everything added up. */
static inline int64_t recount_differences(struct ctx *ctx, struct store *store,
                                          const struct office *office, const char *name)
{
    int64_t before = recount_once(ctx, store, office, name);
    if (recount_fold(ctx, store, office) != FAULT_NONE) {
        (void)printf("%s: the figures could not be added up\n", name);
        return before + 1;
    }
    return before + recount_once(ctx, store, office, name);
}
