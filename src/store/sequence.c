/*
 * Numbers for events, given after the commit. A counter inside the transaction would put all
 * commits in one row's queue (measured: 20 to 35 times slower); so an event is committed without
 * its number, and this gives committed events the next numbers, gap-free. Readers of the feed see
 * numbered events only, so they can't skip one that commits late: it gets a later number.
 */
#include "store/driver.h"

enum fault store_has_events(struct ctx *ctx, struct store_tx *tx, bool *ret_has)
{
    SCOPED(sql_rows) rows = NULL;
    const char *text = tx->conn->driver->dialect == DIALECT_SQLITE
                           ? "SELECT count(*) FROM sqlite_master WHERE name = 'event'"
                           : "SELECT count(*) FROM pg_tables WHERE tablename = 'event'"
                             " AND schemaname = current_schema()";
    enum fault fault = sql_one(tx, ctx, text, SQL_NO_ARGS, &rows);
    if (fault == FAULT_NONE) {
        *ret_has = sql_column_int(rows, 0) > 0;
    }
    return fault;
}

enum fault store_sequence(struct ctx *ctx, struct store_tx *tx, int64_t *ret_given)
{
    int64_t given = 0;
    enum fault fault = sql_run(
        tx, ctx,
        "UPDATE event SET number = (SELECT last FROM event_counter WHERE id = 1) + fresh.place"
        " FROM (SELECT region, id, row_number() OVER (ORDER BY id) AS place FROM event"
        " WHERE number IS NULL) AS fresh"
        " WHERE event.region = fresh.region AND event.id = fresh.id",
        SQL_NO_ARGS, &given);
    if (fault == FAULT_NONE && given > 0) {
        fault = sql_run(tx, ctx, "UPDATE event_counter SET last = last + $1 WHERE id = 1",
                        SQL_ARGS(sql_int(given)), NULL);
    }
    if (fault == FAULT_NONE && ret_given != NULL) {
        *ret_given = given;
    }
    return fault;
}
