#pragma once
/*
 * Full-text search over Chinese and Latin text, the same on both databases: our own tokenizer makes
 * overlapping two-character words (bigrams), so that 围标 is found; FTS5 or tsvector hold them.
 * Table `matter_words` belongs to this module; `id` is the searched row's id.
 */
#include "base/ctx.h"

#include <stdint.h>

struct store_tx;

/* Puts or replaces the words of row `id`; they are found after the commit, not before. `old_text`
 * is what was put before (NULL: nothing). */
enum fault search_put(struct store_tx *tx, struct ctx *ctx, int64_t id, const char *old_text,
                      const char *text) MUST_CHECK;
/*
 * A condition for WHERE that is true for rows whose words match the text parameter `number`
 * (so: "... AND %s" with column "m.id"). Static text by database: e.g.
 * "m.id IN (SELECT rowid FROM matter_words WHERE matter_words MATCH $3)". Allocated in the arena.
 */
const char *search_condition(struct store_tx *tx, struct arena *arena, const char *column,
                             unsigned number);
/* The value for that parameter, made from what a person typed; NULL if it holds no word. */
const char *search_words(struct store_tx *tx, struct arena *arena, const char *typed);
