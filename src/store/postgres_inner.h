#pragma once
/* Private to the driver of PostgreSQL: values on their way, and rows. */
#include "store/driver.h"

#include <libpq-fe.h>

/* As the server reads it; NULL: null. In the arena, or the value's own text. */
const char *postgres_value(struct arena *arena, const struct sql_value *value);
/* Rows before the first; they own the result. */
struct sql_rows *postgres_rows(struct arena *arena, PGresult *result);
/* What driver.h says of the same names. */
bool postgres_next(struct sql_rows *rows);
int64_t postgres_column_int(const struct sql_rows *rows, unsigned column);
const char *postgres_column_text(const struct sql_rows *rows, unsigned column);
const void *postgres_column_blob(const struct sql_rows *rows, unsigned column, size_t *ret_bytes);
bool postgres_column_null(const struct sql_rows *rows, unsigned column);
int64_t postgres_changed(const struct sql_rows *rows);
void postgres_close(struct sql_rows *rows);
