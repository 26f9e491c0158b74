/* Stands between the engine and sql.h (the linker's --wrap), and writes down what passes. */
#include "bare.h"
#include "base/id.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static _Thread_local struct recording *current;

void record_begin(struct recording *recording)
{
    current = recording;
    current->count = 0;
}

void record_end(void)
{
    current = NULL;
}

static void *copied(const void *data, size_t bytes)
{
    char *copy = malloc(bytes + 1);
    if (copy == NULL) {
        abort();
    }
    memcpy(copy, data, bytes);
    copy[bytes] = 0;
    return copy;
}

static void copy_value(struct sql_value *to, const struct sql_value *from)
{
    *to = *from;
    if (from->kind == SQL_TEXT) {
        to->bytes = strlen(from->data);
        to->data = copied(from->data, to->bytes);
    } else if (from->kind == SQL_BLOB) {
        to->data = copied(from->data, from->bytes);
    }
}

static void note(const char *text, const struct sql_value *args, size_t args_count)
{
    if (current == NULL) {
        return;
    }
    assert(current->count < STATEMENTS_MAX && args_count <= ARGS_MAX);
    struct statement *statement = &current->statements[current->count++];
    statement->text = copied(text, strlen(text));
    statement->args_count = args_count;
    statement->writes = strncmp(text, "SELECT", 6) != 0;
    for (size_t i = 0; i < args_count; i++) {
        copy_value(&statement->args[i], &args[i]);
    }
}

#define WATCH(name, last_type)                                                                     \
    enum fault __real_##name(struct store_tx *tx, struct ctx *ctx, const char *statement,          \
                             const struct sql_value *args, size_t count, last_type ret_last);      \
    enum fault __wrap_##name(struct store_tx *tx, struct ctx *ctx, const char *statement,          \
                             const struct sql_value *args, size_t count, last_type ret_last);      \
    enum fault __wrap_##name(struct store_tx *tx, struct ctx *ctx, const char *statement,          \
                             const struct sql_value *args, size_t count, last_type ret_last)       \
    {                                                                                              \
        note(statement, args, count);                                                              \
        return __real_##name(tx, ctx, statement, args, count, ret_last);                           \
    }

WATCH(sql_run, int64_t *)
WATCH(sql_query, struct sql_rows **)
WATCH(sql_query_built, struct sql_rows **)
WATCH(sql_one, struct sql_rows **)
