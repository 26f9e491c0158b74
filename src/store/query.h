#pragma once
/*
 * A statement put together at run time: text and its numbered values grow side by side, so that a
 * value can never slip into the text. For lists with optional filters; fixed statements stand whole
 * in the function that uses them.
 */
#include "base/buffer.h"
#include "store/sql.h"

#include <stddef.h>

enum { QUERY_ARGS = 32 };

struct query {
    struct buffer text;
    struct sql_value args[QUERY_ARGS];
    size_t args_count;
};

void query_init(struct query *query, struct arena *arena);
/* Adds constant text; never what came from outside. */
void query_add(struct query *query, const char *text);
/* Adds "$n" for a value and keeps the value. */
void query_value(struct query *query, struct sql_value value);
/* Keeps the value and gives its number, for text made elsewhere (search_condition). */
unsigned query_number(struct query *query, struct sql_value value);
/* Runs it to its end, for what gives no rows. */
enum fault query_finish(struct query *query, struct ctx *ctx, struct store_tx *tx) MUST_CHECK;
/* Runs it: sql_query_built. */
enum fault query_run(struct query *query, struct ctx *ctx, struct store_tx *tx,
                     struct sql_rows **ret_rows) MUST_CHECK;
