/*
 * Statements that are put together at run time come in few forms but at new addresses each time.
 * The first of each form is kept with the connection, so that the drivers, who know statements by
 * address, prepare it once. A form that finds no place is prepared each time.
 */
#include "store/driver.h"

#include <stdlib.h>
#include <string.h>

enum { NEIGHBOURS = 8 };

/* FNV-1a. */
static uint64_t hash_of(const char *text)
{
    uint64_t hash = 14695981039346656037u;
    for (; *text != 0; text++) {
        hash = (hash ^ (unsigned char)*text) * 1099511628211u;
    }
    return hash;
}

const char *texts_keep(struct store_conn *conn, const char *text)
{
    uint64_t start = hash_of(text);
    for (unsigned i = 0; i < NEIGHBOURS; i++) {
        char **place = &conn->texts[(start + i) % TEXTS_SLOTS];
        if (*place == NULL) {
            *place = strdup(text);
            if (*place == NULL) {
                abort();
            }
        }
        if (strcmp(*place, text) == 0) {
            return *place;
        }
    }
    return NULL;
}

void texts_free(struct store_conn *conn)
{
    for (unsigned i = 0; i < TEXTS_SLOTS; i++) {
        free(conn->texts[i]);
    }
}
