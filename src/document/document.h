#pragma once
/*
 * Official papers as PDF or OFD: a pool of worker processes that set them (src/typeset). The
 * content is JSON, described in README.md here. One pool for the program; every function is for any
 * thread. Setting a paper takes tens of milliseconds and blocks: never call it inside a
 * transaction.
 */
#include "base/ctx.h"

#include <stddef.h>
#include <stdint.h>

struct typesetters;

enum typeset_format { TYPESET_PDF, TYPESET_OFD };

enum { TYPESET_FONTS_HEX = 65 };

/* Zero or NULL takes the default. */
struct typesetters_options {
    const char *program;    /* liandong-typeset; NULL: beside the running program. */
    const char *fonts_dir;  /* The office's own (licensed) fonts, preferred to all others. */
    unsigned workers;       /* Processes; 2. */
    unsigned timeout_ms;    /* For one paper, waiting for a free worker included; 10000. */
    unsigned memory_mb;     /* Address space of one worker; 1024. */
    unsigned papers_max;    /* A worker is replaced after so many papers; 1000. */
    unsigned start_wait_ms; /* How long a new worker may load fonts beyond timeout_ms; 5000. */
};

struct typeset_result {
    const char *bytes; /* The file, in ctx's arena. */
    size_t count;
    unsigned pages;
    char fonts[TYPESET_FONTS_HEX]; /* Which set of fonts was used: the same set, the same hex. */
};

/* IO_FAILED with a note if there is no such program. Workers load their fonts in the background. */
enum fault typesetters_start(struct ctx *ctx, const struct typesetters_options *options,
                             struct typesetters **ret_pool) MUST_CHECK;
/* Ends the workers. Nobody may be inside typesetters_set any more. NULL is fine. */
void typesetters_stop(struct typesetters *pool);
/*
 * INVALID_FIELD: this content can never be set, the note says what and why. BUSY: no worker became
 * free in time. IO_FAILED: no worker or no usable font. INTERNAL: the worker crashed, or was killed
 * because it took too long; the next paper gets a new one.
 */
enum fault typesetters_set(struct typesetters *pool, struct ctx *ctx, const char *content,
                           size_t count, enum typeset_format format,
                           struct typeset_result *ret_result) MUST_CHECK;
/* Where liandong-typeset lies beside the running program, whether it is there or not. */
const char *typesetters_program(struct arena *arena);
