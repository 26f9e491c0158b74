#pragma once
/* A fresh database for each test: a temporary SQLite file, or a new database in the PostgreSQL that
 * tests/lib/with-postgres started. */
#include "base/arena.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* `which`: "postgres", or a SQLite address that is taken as it is. Aborts if PostgreSQL is not
 * there. */
static inline const char *testdb_url(struct arena *arena, const char *which)
{
    static unsigned number;
    const char *server = getenv("LIANDONG_TEST_POSTGRES");
    if (strcmp(which, "postgres") != 0) {
        return which;
    }
    if (server == NULL) {
        (void)fputs("LIANDONG_TEST_POSTGRES is not set: run through tests/lib/with-postgres\n",
                    stderr);
        abort();
    }
    PGconn *pg = PQconnectdb(server);
    const char *name = arena_printf(arena, "test%u_%u", (unsigned)getpid(), ++number);
    PGresult *made = PQexec(pg, arena_printf(arena,
                                             "CREATE DATABASE %s ENCODING 'UTF8'"
                                             " LOCALE 'C.UTF-8' TEMPLATE template0",
                                             name));
    if (PQresultStatus(made) != PGRES_COMMAND_OK) {
        (void)fprintf(stderr, "%s", PQerrorMessage(pg));
        abort();
    }
    PQclear(made);
    PQfinish(pg);
    const char *slash = strstr(server, "/postgres?");
    return arena_printf(arena, "%.*s/%s%s", (int)(slash - server), server, name,
                        slash + strlen("/postgres"));
}
