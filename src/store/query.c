#include "store/query.h"

#include <assert.h>

void query_init(struct query *query, struct arena *arena)
{
    *query = (struct query){.args_count = 0};
    buffer_init(&query->text, arena);
}

void query_add(struct query *query, const char *text)
{
    buffer_text(&query->text, text);
}

unsigned query_number(struct query *query, struct sql_value value)
{
    assert(query->args_count < QUERY_ARGS);
    query->args[query->args_count++] = value;
    return (unsigned)query->args_count;
}

void query_value(struct query *query, struct sql_value value)
{
    buffer_printf(&query->text, "$%u", query_number(query, value));
}

enum fault query_run(struct query *query, struct ctx *ctx, struct store_tx *tx,
                     struct sql_rows **ret_rows)
{
    return sql_query_built(tx, ctx, query->text.data, query->args, query->args_count, ret_rows);
}

enum fault query_finish(struct query *query, struct ctx *ctx, struct store_tx *tx)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = query_run(query, ctx, tx, &rows);
    while (fault == FAULT_NONE && sql_next(rows)) {
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}
