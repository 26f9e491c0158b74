#pragma once
/* Private to matter/rehearse*.c: one event while it is folded. */
#include "matter/record.h"
#include "matter/rehearse.h"

struct folding {
    struct ctx *ctx;
    const struct calendar *calendar;
    const struct past *past;
    struct folded *folded;
    size_t place; /* Of the event. */
    const struct past_event *event;
    const struct rules_action *action;
    bool starts;
    bool body_may;       /* The acting body had one of the action's parts. */
    uint64_t changed;    /* Mask of facts this event changed. */
    uint64_t set_before; /* Mask of facts that were set before it. */
};

/* rehearse_clock.c: what the event does to the clocks; as clock.c does it. */
enum fault fold_clocks(struct folding *f) MUST_CHECK;
bool fold_holds(const struct folding *f, const struct rules_condition *conditions, size_t count,
                bool before);
void fold_refuse(struct folding *f, enum refusal refusal, const char *by);
