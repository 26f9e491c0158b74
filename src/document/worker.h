#pragma once
/* One worker process and the socket to it. One thread at a time. */
#include "document/document.h"

#include <stdbool.h>
#include <sys/types.h>

struct worker {
    pid_t pid; /* 0: none is running. */
    int socket;
    unsigned papers; /* Set since it was started. */
};

enum worker_end {
    WORKER_ANSWERED, /* The fault, if any, is about the paper: the worker lives on. */
    WORKER_LATE,     /* No answer in time. */
    WORKER_DIED,     /* It ended, or broke the protocol. */
};

/* False if it can't be started. */
bool worker_spawn(struct worker *worker, const struct typesetters_options *options);
/* Ends it, whatever it is doing. */
void worker_kill(struct worker *worker);
/* Sends one paper and waits for the answer until `until_us` (monotonic). The fault is that of the
 * paper. */
enum worker_end worker_set(struct worker *worker, struct ctx *ctx, const char *content,
                           size_t count, enum typeset_format format, int64_t until_us,
                           enum fault *ret_fault, struct typeset_result *ret_result);
