#pragma once
/*
 * Issued papers become PDF: outside any transaction, by the typesetters, soon after the commit that
 * issued them. The queue is the table (matter/paper.h): several processes share the work, and what
 * a killed one had begun another takes up a minute later. A failure blocks nothing: it is recorded,
 * told once, and tried again.
 */
#include "document/document.h"
#include "matter/paper.h"
#include "store/store.h"

struct paper_setting_options {
    struct store *store;
    const struct office *office; /* Its public_url is what the papers' codes lead to. */
    struct typesetters *typesetters;
    /* Called after a matter's paper was set; NULL: nobody wants to know. */
    void (*changed)(void *arg, int64_t matter);
    void *changed_arg;
};

struct paper_round {
    unsigned set, failed, busy; /* What became of those that were tried. */
    int64_t next_ms;            /* When the next one comes; 0: none waits. */
};
/* One round as of ctx->now_ms: all that wait, 64 at most. */
enum fault job_papers(struct ctx *ctx, const struct paper_setting_options *options,
                      struct paper_round *ret_round) MUST_CHECK;

/* A thread that runs rounds: when the office's paper_bell rings, and every 20 seconds. */
struct paper_setter;
struct paper_setter *paper_setter_start(const struct paper_setting_options *options);
/* Waits for the paper at work. NULL is allowed. */
void paper_setter_stop(struct paper_setter *setter);
