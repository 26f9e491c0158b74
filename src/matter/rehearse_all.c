/* All matters, a batch after the other: each batch is one snapshot, and its memory is used again.
 */
#include "matter/rehearse.h"

#include <string.h>

enum { BATCH = 256 };

struct going_through {
    const struct office *office;
    struct rehearsal rehearsal;
    rehearse_found *found;
    void *arg;
    struct rehearse_summary *summary;
};

static bool is_late(enum verdict verdict)
{
    return verdict == VERDICT_LATE;
}

static void count(struct rehearse_summary *summary, const struct rehearsed *rehearsed)
{
    summary->different += rehearsed->count > 0 ? 1 : 0;
    for (size_t i = 0; i < rehearsed->count; i++) {
        const struct difference *difference = &rehearsed->differences[i];
        bool before = is_late(difference->old_verdict);
        bool after = is_late(difference->new_verdict);
        summary->differences[difference->kind]++;
        summary->newly_late += after && !before ? 1 : 0;
        summary->no_longer_late += before && !after ? 1 : 0;
    }
}

static enum fault rehearse_one(struct ctx *ctx, struct going_through *g, const struct past *past)
{
    const struct rulebook *own = office_edition(g->office, past->edition);
    g->summary->matters++;
    g->summary->events += (int64_t)past->events_count;
    if (own == NULL || rules_procedure(own, past->procedure) == NULL) {
        g->summary->unknown_edition++;
        return FAULT_NONE;
    }
    struct rehearsed rehearsed;
    enum fault fault = rehearse_matter(ctx, &g->rehearsal, own, past, &rehearsed);
    if (fault == FAULT_NONE) {
        count(g->summary, &rehearsed);
    }
    return fault == FAULT_NONE && rehearsed.count > 0 ? g->found(ctx, &rehearsed, g->arg) : fault;
}

static enum fault one_batch(struct ctx *ctx, struct store *store, struct going_through *g,
                            struct past_reading *reading)
{
    enum fault fault = store_read(store, ctx, past_read, reading);
    for (size_t i = 0; i < reading->ret_count && fault == FAULT_NONE; i++) {
        fault = rehearse_one(ctx, g, &reading->ret_pasts[i]);
        reading->after = reading->ret_pasts[i].id;
    }
    return fault;
}

enum fault rehearse_all(struct ctx *ctx, struct store *store, const struct office *office,
                        const struct rulebook *book, const struct rehearse_range *range,
                        rehearse_found *found, void *arg, struct rehearse_summary *ret_summary)
{
    struct going_through g = {
        .office = office,
        .rehearsal = {.calendar = office->calendar, .book = book, .now_ms = ctx->now_ms},
        .found = found,
        .arg = arg,
        .summary = ret_summary};
    struct past_reading reading = {.office = office, .max = BATCH, .range = *range};
    struct arena *outer = ctx->arena;
    struct arena *own = arena_create();
    enum fault fault = FAULT_NONE;
    const char *note = NULL;
    *ret_summary = (struct rehearse_summary){0};
    ctx->arena = own;
    do {
        arena_reset(own);
        fault = one_batch(ctx, store, &g, &reading);
    } while (fault == FAULT_NONE && reading.ret_count == BATCH);
    /* The note outlives the batch. */
    note = ctx->note == NULL ? NULL : arena_text(outer, ctx->note);
    ctx_clear(ctx);
    ctx->note = note;
    ctx->arena = outer;
    arena_destroy(own);
    return fault;
}
