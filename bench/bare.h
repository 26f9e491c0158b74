#pragma once
/*
 * Private to bench_bare: the statements of one action as the engine ran them, and loops that run
 * them again without engine, server and JSON.
 */
#include "store/sql.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { STATEMENTS_MAX = 128, ARGS_MAX = 32, IDS_MAX = 32 };

struct statement {
    const char *text;
    struct sql_value args[ARGS_MAX];
    size_t args_count;
    bool writes; /* INSERT, UPDATE or DELETE. */
};

/* One action. What must differ from turn to turn is known by its value: ids the engine made, and
 * texts that hold them. */
struct recording {
    struct statement statements[STATEMENTS_MAX];
    size_t count;
    int64_t ids[IDS_MAX];
    size_t ids_count;
    const char *reference; /* Of the matter: unique, and searched. */
    const char *key;       /* Idempotency-Key. */
};

/* record.c: between record_begin and record_end, what this thread asks of sql.h is written down. */
void record_begin(struct recording *recording);
void record_end(void);

/* One thread's copy of a recording: texts are its own, and are changed in place for each turn. */
struct turning;
struct turning *turning_create(const struct recording *recording, unsigned thread);
/* New ids, reference and key, of the same length as before. */
void turning_next(struct turning *turning);
const struct statement *turning_statements(const struct turning *turning, size_t *ret_count);

struct bare_options {
    const char *url;
    unsigned group; /* SQLite: actions of one transaction. PostgreSQL: connections. */
    double seconds;
};
/* Run the recording until the time is over; give actions a second. End the program on a fault. */
double bare_sqlite(const struct recording *recording, const struct bare_options *options);
double bare_postgres(const struct recording *recording, const struct bare_options *options);
