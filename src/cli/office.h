#pragma once
/*
 * Opens what the engine works with: editions of the rulebook, calendar, store, bodies, keys. Used
 * by the subcommands and the test programs. One thread opens and closes; the parts are then shared.
 */
#include "api/api.h"
#include "matter/edition.h"
#include "matter/matter.h"
#include "matter/recount.h"
#include "store/store.h"

struct workplace {
    struct office office;
    struct arena *arena;
    struct editions *editions;
    const struct rulebook *book; /* In force when it was opened. */
    struct calendars *calendars;
    const struct calendar *calendar; /* In force when it was opened. */
    struct directory *directory;
    struct store *store;
    struct bell *bell; /* Rings when something was committed. */
};

struct workplace_options {
    const char *data_dir;
    const char *store_url;    /* NULL: sqlite:DATA/liandong.db */
    const char *rulebook_dir; /* Adopted first if none was; NULL: the share folder's zengdu-2021 */
    bool make;                /* Make folders and keys that are not there. */
};

enum fault workplace_open(struct ctx *ctx, const struct workplace_options *options,
                          struct workplace *ret_place) MUST_CHECK;
/* Reads the bodies again: after init has written them. */
enum fault workplace_reload(struct ctx *ctx, struct workplace *place) MUST_CHECK;
void workplace_close(struct workplace *place);
/* Opens `place`, does the work in it as of now, and prints what went wrong; gives the exit status.
 */
int cli_within(const struct workplace_options *options, struct workplace *place, enum lang lang,
               enum fault (*work)(struct ctx *ctx, void *arg), void *arg);

/* Writes the bodies and accounts of a YAML file; every account gets `password` (weakly hashed when
 * `weak`). */
enum fault workplace_load_bodies(struct ctx *ctx, struct workplace *place, const char *path,
                                 const char *password, bool weak) MUST_CHECK;
/* An account as an actor, by login; NOT_FOUND. In the ctx's arena. */
enum fault workplace_actor(struct ctx *ctx, struct workplace *place, const char *login,
                           struct actor **ret_actor) MUST_CHECK;
struct demo_made {
    size_t actions;
    char code[RECEIPT_CODE_TEXT]; /* With which the newest filing can be followed. */
};
/* Fills the year before ctx->now_ms with plausible matters: plays the scenarios of a folder
 * (texts.yaml, scenarios.yaml) through the engine. The bodies are there already. */
enum fault demo_fill(struct ctx *ctx, struct workplace *place, const char *folder,
                     struct demo_made *ret_made) MUST_CHECK;
