/* Reads what tables and indicators are made of, in one snapshot. */
#include "calendar/date.h"
#include "matter/figure.h"

#include <string.h>

/* Open clocks whose day lies in the period and is past; and all that are past. */
static enum fault read_overdue(struct ctx *ctx, struct store_tx *tx, const struct office *office,
                               const struct figure_period *period, struct tally *ret_overdue,
                               int64_t *ret_all)
{
    struct tally_due due = {date_start_ms(period->from), date_start_ms(period->to + 1)};
    return tally_overdue(ctx, tx, office, &due, ret_overdue, ret_all);
}

enum fault appraisal_read(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct appraisal_asked *asked = arg;
    struct tally tally;
    struct tally overdue;
    enum fault fault =
        tally_read(ctx, tx, asked->office, asked->period.from, asked->period.to, &tally);
    if (fault == FAULT_NONE) {
        fault = read_overdue(ctx, tx, asked->office, &asked->period, &overdue, NULL);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    struct figure_basis basis = {.book = office_book(asked->office, ctx->now_ms),
                                 .directory = asked->office->directory,
                                 .tally = &tally,
                                 .overdue = &overdue,
                                 .only = asked->only};
    appraisal_make(ctx, &basis, &asked->period, &asked->ret_appraisal);
    return FAULT_NONE;
}

/* Begun and not yet ended: of the whole record, not of the period. Each has a holder, and the index
 * of what somebody holds has just these, so that the work doesn't grow with the years. */
static enum fault count_open(struct ctx *ctx, struct store_tx *tx, const struct office *office,
                             int64_t *ret_open)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_one(
        tx, ctx, "SELECT count(*) FROM matter WHERE region = $1 AND holder > '' AND final = 0",
        SQL_ARGS(sql_int(office->region)), &rows);
    *ret_open = fault == FAULT_NONE ? sql_column_int(rows, 0) : 0;
    return fault;
}

enum fault figures_read(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct figures_asked *asked = arg;
    const struct rulebook *book = office_book(asked->office, ctx->now_ms);
    struct tally overdue;
    enum fault fault =
        tally_read(ctx, tx, asked->office, asked->period.from, asked->period.to, &asked->ret_tally);
    if (fault == FAULT_NONE) {
        fault = read_overdue(ctx, tx, asked->office, &asked->period, &overdue, &asked->ret_overdue);
    }
    if (fault == FAULT_NONE && asked->table == NULL) {
        fault = count_open(ctx, tx, asked->office, &asked->ret_open);
    }
    struct figure_basis basis = {.book = book,
                                 .directory = asked->office->directory,
                                 .tally = &asked->ret_tally,
                                 .overdue = &overdue,
                                 .only = asked->only};
    const struct figures *figures = book->figures;
    asked->ret_tables =
        arena_array(ctx->arena, figures->tables_count + 1, sizeof *asked->ret_tables);
    asked->ret_tables_count = 0;
    for (size_t i = 0; i < figures->tables_count && fault == FAULT_NONE; i++) {
        if (asked->table == NULL || strcmp(asked->table, figures->tables[i].code) == 0) {
            figure_show(ctx, &basis, &figures->tables[i],
                        &asked->ret_tables[asked->ret_tables_count++]);
        }
    }
    return fault;
}
