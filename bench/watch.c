/*
 * Linked into bench_watch, the server with ears: every distinct statement that passes sql.h is
 * appended to the file $BENCH_STATEMENTS, one on a line. bench/plans asks the database how it runs
 * them.
 */
#include "store/sql.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SEEN_MAX = 1024 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static char *seen[SEEN_MAX];

static void note(const char *text)
{
    (void)pthread_mutex_lock(&mutex);
    size_t i = 0;
    while (i < SEEN_MAX && seen[i] != NULL && strcmp(seen[i], text) != 0) {
        i++;
    }
    if (i < SEEN_MAX && seen[i] == NULL) {
        const char *name = getenv("BENCH_STATEMENTS");
        FILE *file = name == NULL ? NULL : fopen(name, "a");
        seen[i] = strdup(text);
        if (file != NULL) {
            (void)fprintf(file, "%s\n", text);
            (void)fclose(file);
        }
    }
    (void)pthread_mutex_unlock(&mutex);
}

#define WATCH(name, last_type)                                                                     \
    enum fault __real_##name(struct store_tx *tx, struct ctx *ctx, const char *statement,          \
                             const struct sql_value *args, size_t count, last_type ret_last);      \
    enum fault __wrap_##name(struct store_tx *tx, struct ctx *ctx, const char *statement,          \
                             const struct sql_value *args, size_t count, last_type ret_last);      \
    enum fault __wrap_##name(struct store_tx *tx, struct ctx *ctx, const char *statement,          \
                             const struct sql_value *args, size_t count, last_type ret_last)       \
    {                                                                                              \
        note(statement);                                                                           \
        return __real_##name(tx, ctx, statement, args, count, ret_last);                           \
    }

WATCH(sql_run, int64_t *)
WATCH(sql_query, struct sql_rows **)
WATCH(sql_query_built, struct sql_rows **)
WATCH(sql_one, struct sql_rows **)
