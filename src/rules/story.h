#pragma once
/*
 * Stories: examples/NAME.yaml beside the procedures. A story is a list of steps with what must be
 * true after each. The checker uses them (a row no story exercises is refused); the test programs
 * run them through the engine and over HTTP. Read-only once loaded; lives in the given ctx's arena.
 */
#include "base/yaml.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct story_pair {
    const char *key;
    const char *value; /* Lists and mappings of ticks are joined: "a,b" and "name=arrived,...". */
};

struct story_expect {
    const char *state, *holder; /* NULL: not asked. */
    struct story_pair *clocks;  /* Open clocks: code -> due ("2021-09-23", a minute for hours). */
    size_t clocks_count;
    bool clocks_given;         /* Then the open clocks must be exactly these. */
    struct story_pair *lights; /* code -> green, yellow, red, grey. */
    size_t lights_count;
    struct story_pair *ended; /* code -> met, late (met after due), lifted. */
    size_t ended_count;
    struct story_pair *facts; /* code -> value as the step's actor sees it. */
    size_t facts_count;
    const char **actions; /* Exactly these actions are offered to `as`. */
    size_t actions_count;
    bool actions_given;
    struct story_pair
        *receipt; /* sender, receiver -> "body name"; file name -> arrived, missing. */
    size_t receipt_count;
    bool hidden; /* `as` can not see the matter at all. */
};

struct story_step {
    const struct yaml_node *node; /* For messages. */
    int64_t at_ms;
    const char *
        as; /* "supervisor.handler": organisation code . role; "public"; "code" = by receipt code */
    const char *matter;    /* The story's own name for the matter: "c". */
    const char *procedure; /* do: "complaint.submit" */
    const char *action;    /* NULL: only look. */
    struct story_pair *facts;
    size_t facts_count;
    const char **materials; /* File names to upload and attach. */
    size_t materials_count;
    const char *child;           /* Name given to the matter that this step opened. */
    struct story_pair *children; /* Opened for each body: name -> the body's code. */
    size_t children_count;
    const char *run;     /* "expiry": clocks that ran out act; "standing": standing matters open. */
    const char *refused; /* The fault's name this step must meet; nothing may change. */
    bool stale;          /* Send an old version. */
    const char *key;     /* Idempotency-Key; the same key again must give the same answer. */
    struct story_expect expect;
};

struct story {
    const char *code;
    struct label label;
    const char *file;
    struct story_step *steps;
    size_t steps_count;
};

/* Loads one story; NULL if mistakes were reported. */
struct story *story_load(struct ctx *ctx, struct yaml_report *report, const char *path);
