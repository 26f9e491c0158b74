/*
 * The rows of the recorded action through the bare SQLite interface: same settings, same groups
 * (one transaction, a savepoint for each action when there are several), the same numbering of
 * events at the end of each group. Nothing is read, checked or parsed. The searched words come
 * after the last savepoint: FTS5 writes a segment at each, which more than doubles the work.
 */
#include "bare.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { GROUP_MAX = 64, LATER_MAX = 4 * GROUP_MAX };

/* A statement that waits for the end of the group, with its own texts. */
struct later {
    size_t number;
    struct statement statement;
};

struct bare {
    sqlite3 *db;
    struct later later[LATER_MAX];
    size_t later_count;
    struct turning *turning;
    sqlite3_stmt *prepared[STATEMENTS_MAX];
    int places[STATEMENTS_MAX][ARGS_MAX]; /* "$3" is the third argument, wherever it stands. */
    sqlite3_stmt *begin, *savepoint, *release, *number, *count, *commit;
};

static void check(const struct bare *bare, int code)
{
    if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW) {
        (void)fprintf(stderr, "bench_bare: %s\n", sqlite3_errmsg(bare->db));
        exit(1);
    }
}

static sqlite3_stmt *prepare(struct bare *bare, const char *text)
{
    sqlite3_stmt *statement = NULL;
    check(bare,
          sqlite3_prepare_v3(bare->db, text, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL));
    return statement;
}

static void open_database(struct bare *bare, const char *path)
{
    check(bare, sqlite3_open(path, &bare->db));
    check(bare, sqlite3_exec(bare->db,
                             "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                             " PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY;"
                             " PRAGMA cache_size=-32000;",
                             NULL, NULL, NULL));
    bare->begin = prepare(bare, "BEGIN IMMEDIATE");
    bare->savepoint = prepare(bare, "SAVEPOINT job");
    bare->release = prepare(bare, "RELEASE job");
    bare->commit = prepare(bare, "COMMIT");
    bare->number = prepare(
        bare,
        "UPDATE event SET number = (SELECT last FROM event_counter WHERE id = 1) + fresh.place"
        " FROM (SELECT region, id, row_number() OVER (ORDER BY id) AS place FROM event"
        " WHERE number IS NULL) AS fresh"
        " WHERE event.region = fresh.region AND event.id = fresh.id");
    bare->count = prepare(bare, "UPDATE event_counter SET last = last + $1 WHERE id = 1");
}

static void step(struct bare *bare, sqlite3_stmt *statement)
{
    check(bare, sqlite3_step(statement));
    check(bare, sqlite3_reset(statement));
}

static int bind_one(sqlite3_stmt *statement, int index, const struct sql_value *value)
{
    switch (value->kind) {
    case SQL_INT:
        return sqlite3_bind_int64(statement, index, value->integer);
    case SQL_TEXT:
        return sqlite3_bind_text(statement, index, value->data, (int)value->bytes, SQLITE_STATIC);
    case SQL_BLOB:
        return sqlite3_bind_blob64(statement, index, value->data, value->bytes, SQLITE_STATIC);
    case SQL_NULL:
        break;
    }
    return sqlite3_bind_null(statement, index);
}

static void prepare_recorded(struct bare *bare, const struct recording *recording)
{
    for (size_t i = 0; i < recording->count; i++) {
        const struct statement *statement = &recording->statements[i];
        if (!statement->writes) {
            continue;
        }
        bare->prepared[i] = prepare(bare, statement->text);
        for (size_t j = 0; j < statement->args_count; j++) {
            char name[24];
            (void)snprintf(name, sizeof name, "$%zu", j + 1);
            bare->places[i][j] = sqlite3_bind_parameter_index(bare->prepared[i], name);
        }
    }
}

static void run(struct bare *bare, size_t number, const struct statement *statement)
{
    for (size_t i = 0; i < statement->args_count; i++) {
        int place = bare->places[number][i];
        if (place > 0) {
            check(bare, bind_one(bare->prepared[number], place, &statement->args[i]));
        }
    }
    step(bare, bare->prepared[number]);
}

static void put_later(struct bare *bare, size_t number, const struct statement *statement)
{
    if (bare->later_count == LATER_MAX) {
        abort();
    }
    struct later *later = &bare->later[bare->later_count++];
    later->number = number;
    later->statement = *statement;
    for (size_t i = 0; i < statement->args_count; i++) {
        struct sql_value *value = &later->statement.args[i];
        value->data = value->kind == SQL_TEXT ? strdup(value->data) : value->data;
    }
}

static void run_later(struct bare *bare)
{
    for (size_t i = 0; i < bare->later_count; i++) {
        struct later *later = &bare->later[i];
        run(bare, later->number, &later->statement);
        for (size_t j = 0; j < later->statement.args_count; j++) {
            if (later->statement.args[j].kind == SQL_TEXT) {
                union {
                    const void *in;
                    void *out;
                } text = {.in = later->statement.args[j].data};
                free(text.out);
            }
        }
    }
    bare->later_count = 0;
}

static void act(struct bare *bare, bool grouped)
{
    size_t count = 0;
    turning_next(bare->turning);
    const struct statement *statements = turning_statements(bare->turning, &count);
    if (grouped) {
        step(bare, bare->savepoint);
    }
    for (size_t i = 0; i < count; i++) {
        bool words = strstr(statements[i].text, "matter_words") != NULL;
        if (grouped && words) {
            put_later(bare, i, &statements[i]);
        } else if (statements[i].writes) {
            run(bare, i, &statements[i]);
        }
    }
    if (grouped) {
        step(bare, bare->release);
    }
}

static double seconds_now(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

double bare_sqlite(const struct recording *recording, const struct bare_options *options)
{
    static struct bare bare;
    bare.turning = turning_create(recording, 0);
    open_database(&bare, options->url + strlen("sqlite:"));
    prepare_recorded(&bare, recording);
    unsigned long done = 0;
    double begun = seconds_now();
    double now = begun;
    for (; now - begun < options->seconds; now = seconds_now()) {
        step(&bare, bare.begin);
        for (unsigned i = 0; i < options->group; i++) {
            act(&bare, options->group > 1);
        }
        run_later(&bare);
        step(&bare, bare.number);
        check(&bare, sqlite3_bind_int64(bare.count, 1, options->group));
        step(&bare, bare.count);
        step(&bare, bare.commit);
        done += options->group;
    }
    return (double)done / (now - begun);
}
