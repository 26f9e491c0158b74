#pragma once
/* Performs the steps of a story, without looking at what comes of them. One thread. */
#include "cli/office.h"
#include "rules/story.h"

enum { PLAY_NAMES = 64 };

/* The story's own names for its matters. */
struct named {
    const char *name;
    int64_t id;
    char code[RECEIPT_CODE_TEXT];
};

struct play {
    struct workplace *place;
    const char *data_dir;
    const struct story_step *step; /* The one at hand. */
    struct named names[PLAY_NAMES];
    size_t names_count;
    bool keyless; /* No Idempotency-Key is sent: the story is told again in the same record. */
    const char *unopened; /* A child that the last step names but did not open; NULL: none. */
    /* What is entered instead of a fact's value; NULL: as the story says. */
    const char *(*enter)(void *arg, struct arena *arena, const struct story_pair *fact,
                         const char *value);
    void *enter_arg;
};

struct named *play_name(struct play *play, const char *name);
/* Who the step acts as; NULL: no such account. */
struct actor *play_actor(struct play *play, struct ctx *ctx, int64_t matter);
/* Does what the step does, as ctx->actor; names what it starts and opens. */
enum fault play_do(struct play *play, struct ctx *ctx) MUST_CHECK;

/* A matter as the ctx's actor sees it. Work of a read transaction. */
struct looking {
    const struct office *office;
    int64_t id;
    struct matter *matter;
    struct material *materials;
    size_t materials_count;
    uint64_t offers;
};
enum fault play_look(struct ctx *ctx, struct store_tx *tx, void *arg) MUST_CHECK;
