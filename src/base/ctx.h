#pragma once
/*
 * What every operation needs to know about the request or job it works for. Owned by who runs the
 * request; one thread at a time. The time is set once, so one request sees one time.
 */
#include "base/arena.h"
#include "base/fault.h"
#include "base/lang.h"

#include <stddef.h>
#include <stdint.h>

struct actor; /* Who asks: people/people.h. Layers below it only pass it on. */

/* One thing wrong with one input field. `path` names it as the client does: "facts.respondent". */
struct field_note {
    const char *path;
    const char *text;
    struct field_note *next;
};

struct ctx {
    struct arena *arena;       /* Freed when the request ends. */
    const struct actor *actor; /* NULL before sign-in. */
    int64_t now_ms;            /* Milliseconds since 1970-01-01 UTC. Tests set it. */
    enum lang lang;            /* In which language notes are written. */
    const char *request_id;    /* For the log and the reply; never NULL after ctx_init. */
    const char *note;          /* What went wrong, for the person; NULL if nothing. */
    struct field_note *fields; /* What is wrong with which field, newest first. */
};

/* Sets everything to its rest value; `arena` stays the caller's. */
void ctx_init(struct ctx *ctx, struct arena *arena, int64_t now_ms);

/*
 * Record why, in the language of the one who asks, and return the fault:
 *     return ctx_fail(ctx, FAULT_CONFLICT, "Matter %s is closed.", "事项%s已办结。", reference);
 * Both texts take the same arguments in the same order. Notes go to the person, never to the log.
 */
enum fault ctx_fail(struct ctx *ctx, enum fault fault, const char *en, const char *zh, ...)
    __attribute__((format(printf, 3, 5), format(printf, 4, 5)));
/* Record that a field is wrong; always returns FAULT_INVALID_FIELD. Several may be recorded. */
enum fault ctx_field(struct ctx *ctx, const char *path, const char *en, const char *zh, ...)
    __attribute__((format(printf, 3, 5), format(printf, 4, 5)));
/* Forget note and fields: before work is run again. */
void ctx_clear(struct ctx *ctx);
/* FAULT_INVALID_FIELD when a field was recorded, else FAULT_NONE. */
enum fault ctx_fields_fault(const struct ctx *ctx);
