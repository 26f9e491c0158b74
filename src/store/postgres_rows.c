/* What goes to PostgreSQL and comes back from it: all values are text. */
#include "base/text.h"
#include "store/postgres_inner.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct postgres_rows {
    struct sql_rows head;
    PGresult *result;
    int row;
    struct arena *arena;
};

static const char *bytea_text(struct arena *arena, const struct sql_value *value)
{
    char *text = arena_alloc(arena, 2 * value->bytes + 3);
    text[0] = '\\';
    text[1] = 'x';
    text_hex(value->data, value->bytes, text + 2);
    return text;
}

const char *postgres_value(struct arena *arena, const struct sql_value *value)
{
    switch (value->kind) {
    case SQL_NULL:
        return NULL;
    case SQL_INT:
        return arena_printf(arena, "%lld", (long long)value->integer);
    case SQL_TEXT:
        return value->data;
    case SQL_BLOB:
        return bytea_text(arena, value);
    }
    return NULL;
}

struct sql_rows *postgres_rows(struct arena *arena, PGresult *result)
{
    struct postgres_rows *rows = arena_alloc(arena, sizeof *rows);
    *rows = (struct postgres_rows){
        .head = {.driver = &driver_postgres}, .result = result, .row = -1, .arena = arena};
    return &rows->head;
}

bool postgres_next(struct sql_rows *head)
{
    struct postgres_rows *rows = (struct postgres_rows *)head;
    return ++rows->row < PQntuples(rows->result);
}

static const char *field(const struct sql_rows *head, unsigned column)
{
    const struct postgres_rows *rows = (const struct postgres_rows *)head;
    return PQgetisnull(rows->result, rows->row, (int)column)
               ? NULL
               : PQgetvalue(rows->result, rows->row, (int)column);
}

int64_t postgres_column_int(const struct sql_rows *rows, unsigned column)
{
    const char *text = field(rows, column);
    return text == NULL ? 0 : strtoll(text, NULL, 10);
}

const char *postgres_column_text(const struct sql_rows *rows, unsigned column)
{
    return field(rows, column);
}

const void *postgres_column_blob(const struct sql_rows *head, unsigned column, size_t *ret_bytes)
{
    const struct postgres_rows *rows = (const struct postgres_rows *)head;
    const char *text = field(head, column);
    *ret_bytes = 0;
    if (text == NULL || strncmp(text, "\\x", 2) != 0) {
        return "";
    }
    size_t bytes = strlen(text + 2) / 2;
    uint8_t *data = arena_alloc(rows->arena, bytes + 1);
    bool right = text_unhex(text + 2, data, bytes);
    assert(right);
    *ret_bytes = bytes;
    return data;
}

bool postgres_column_null(const struct sql_rows *rows, unsigned column)
{
    return field(rows, column) == NULL;
}

int64_t postgres_changed(const struct sql_rows *rows)
{
    return strtoll(PQcmdTuples(((const struct postgres_rows *)rows)->result), NULL, 10);
}

void postgres_close(struct sql_rows *rows)
{
    PQclear(((struct postgres_rows *)rows)->result);
}
