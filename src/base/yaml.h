#pragma once
/*
 * Reads a YAML file into a tree that remembers where everything stands, so that every later mistake
 * can name file, line and column. Anchors, aliases, tags and second documents are refused: rule
 * files are data that people read. Scalars are text; the reader of a field decides its type.
 *
 * Mistakes are collected, not thrown: yaml_wrong adds one, and the caller asks the count at the
 * end. The tree lives in the ctx's arena.
 */
#include "base/ctx.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum yaml_kind { YAML_SCALAR, YAML_SEQUENCE, YAML_MAPPING };

struct yaml_node {
    enum yaml_kind kind;
    const char *file;
    unsigned line;              /* From 1. */
    unsigned column;            /* From 1. */
    const char *text;           /* Of a scalar; never NULL for one. */
    bool quoted;                /* The scalar was written in quotes or as a block. */
    struct yaml_node *key;      /* In a mapping: this entry's key. */
    struct yaml_node *children; /* First item, or first value of a mapping. */
    struct yaml_node *next;     /* Next sibling. */
    size_t count;               /* Children. */
};

/* The mistakes of one load, in the order found; the texts name file:line:column. */
struct yaml_report {
    struct arena *arena;
    char **lines;
    size_t count;
    size_t capacity;
};

void yaml_report_init(struct yaml_report *report, struct arena *arena);
/* Adds "file:line:column: message". */
void yaml_wrong(struct yaml_report *report, const struct yaml_node *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Parses text already in memory; `file` is only for messages. NULL root if there were mistakes. */
struct yaml_node *yaml_parse(struct yaml_report *report, const char *file, const char *data,
                             size_t count);
/* Reads and parses a file; a file that can not be read is a mistake too. */
struct yaml_node *yaml_load(struct ctx *ctx, struct yaml_report *report, const char *path);

/* The value of a key, or NULL. */
struct yaml_node *yaml_get(const struct yaml_node *mapping, const char *key);
/* Reports each key that is not in `allowed` (NULL-terminated), with the nearest word. */
void yaml_only(struct yaml_report *report, const struct yaml_node *mapping,
               const char *const *allowed);
/* The scalar text of a key. If missing: reports when `required`, and gives NULL. */
const char *yaml_text(struct yaml_report *report, const struct yaml_node *mapping, const char *key,
                      bool required);
/* A whole number in [min, max]; `fallback` if the key is missing or wrong (wrong is reported). */
int64_t yaml_int(struct yaml_report *report, const struct yaml_node *mapping, const char *key,
                 int64_t min, int64_t max, int64_t fallback);
/* true/false; `fallback` if missing or wrong (wrong is reported). */
bool yaml_bool(struct yaml_report *report, const struct yaml_node *mapping, const char *key,
               bool fallback);
/* The nearest of `words` to `word` by edit distance at most 2, or NULL. */
const char *yaml_nearest(const char *word, const char *const *words);
