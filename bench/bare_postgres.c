/*
 * The statements of the recorded action, reads included, through bare libpq: each connection has a
 * thread, everything is prepared. Another connection gives the events their numbers meanwhile, as
 * the store's sequencer does.
 */
#include "bare.h"

#include <libpq-fe.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { CONNECTIONS_MAX = 64, NUMBER_PAUSE_US = 1000 };

struct bare {
    const struct recording *recording;
    const struct bare_options *options;
    pthread_barrier_t ready;
    _Atomic bool over;
    _Atomic unsigned long done;
    _Atomic unsigned threads;
};

static void check(PGconn *pg, PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        (void)fprintf(stderr, "bench_bare: %s", PQerrorMessage(pg));
        exit(1);
    }
    PQclear(result);
}

static PGconn *open_connection(const char *url)
{
    PGconn *pg = PQconnectdb(url);
    check(pg, PQexec(pg, "SET synchronous_commit = on"));
    return pg;
}

static void name_of(size_t number, char ret_name[24])
{
    (void)snprintf(ret_name, 24, "s%zu", number);
}

static const char *text_of(const struct sql_value *value, char *room, size_t size)
{
    switch (value->kind) {
    case SQL_INT:
        (void)snprintf(room, size, "%lld", (long long)value->integer);
        return room;
    case SQL_TEXT:
        return value->data;
    case SQL_BLOB:
        room[0] = '\\';
        room[1] = 'x';
        for (size_t i = 0; i < value->bytes && 2 * i + 5 < size; i++) {
            (void)snprintf(room + 2 + 2 * i, 3, "%02x", ((const unsigned char *)value->data)[i]);
        }
        return room;
    case SQL_NULL:
        break;
    }
    return NULL;
}

static void run(PGconn *pg, size_t number, const struct statement *statement)
{
    const char *values[ARGS_MAX];
    char room[ARGS_MAX][256];
    char name[24];
    for (size_t i = 0; i < statement->args_count; i++) {
        values[i] = text_of(&statement->args[i], room[i], sizeof room[i]);
    }
    name_of(number, name);
    check(pg, PQexecPrepared(pg, name, (int)statement->args_count, values, NULL, NULL, 0));
}

static void *act(void *arg)
{
    struct bare *bare = arg;
    struct turning *turning = turning_create(bare->recording, bare->threads++);
    PGconn *pg = open_connection(bare->options->url);
    size_t count = 0;
    const struct statement *statements = turning_statements(turning, &count);
    for (size_t i = 0; i < count; i++) {
        char name[24];
        name_of(i, name);
        check(pg, PQprepare(pg, name, statements[i].text, 0, NULL));
    }
    (void)pthread_barrier_wait(&bare->ready);
    while (!bare->over) {
        turning_next(turning);
        check(pg, PQexec(pg, "BEGIN"));
        for (size_t i = 0; i < count; i++) {
            run(pg, i, &statements[i]);
        }
        check(pg, PQexec(pg, "COMMIT"));
        bare->done++;
    }
    PQfinish(pg);
    return NULL;
}

static void *number(void *arg)
{
    struct bare *bare = arg;
    PGconn *pg = open_connection(bare->options->url);
    while (!bare->over) {
        check(pg, PQexec(pg, "BEGIN"));
        check(pg, PQexec(pg, "SELECT pg_advisory_xact_lock(4213030002)"));
        PGresult *given = PQexec(
            pg, "UPDATE event SET number = (SELECT last FROM event_counter WHERE id = 1)"
                " + fresh.place FROM (SELECT region, id, row_number() OVER (ORDER BY id) AS place"
                " FROM event WHERE number IS NULL) AS fresh"
                " WHERE event.region = fresh.region AND event.id = fresh.id");
        char count[128];
        (void)snprintf(count, sizeof count,
                       "UPDATE event_counter SET last = last + %lu WHERE id = 1",
                       strtoul(PQcmdTuples(given), NULL, 10));
        check(pg, given);
        check(pg, PQexec(pg, count));
        check(pg, PQexec(pg, "COMMIT"));
        (void)usleep(NUMBER_PAUSE_US);
    }
    PQfinish(pg);
    return NULL;
}

double bare_postgres(const struct recording *recording, const struct bare_options *options)
{
    static struct bare bare;
    pthread_t threads[CONNECTIONS_MAX + 1];
    unsigned count = options->group < CONNECTIONS_MAX ? options->group : CONNECTIONS_MAX;
    bare.recording = recording;
    bare.options = options;
    (void)pthread_barrier_init(&bare.ready, NULL, count + 1);
    for (unsigned i = 0; i < count; i++) {
        (void)pthread_create(&threads[i], NULL, act, &bare);
    }
    (void)pthread_create(&threads[count], NULL, number, &bare);
    (void)pthread_barrier_wait(&bare.ready);
    struct timespec pause = {
        .tv_sec = (time_t)options->seconds,
        .tv_nsec = (long)((options->seconds - (double)(time_t)options->seconds) * 1e9)};
    (void)nanosleep(&pause, NULL);
    unsigned long done = bare.done;
    bare.over = true;
    for (unsigned i = 0; i <= count; i++) {
        (void)pthread_join(threads[i], NULL);
    }
    return (double)done / options->seconds;
}
