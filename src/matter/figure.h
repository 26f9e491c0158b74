#pragma once
/*
 * Tables and indicators made of counted measures (rules/figure.h says which), as one person may see
 * them. Plain values in the ctx's arena; whoever prints them, as JSON, CSV, XLSX or PDF, prints the
 * same.
 */
#include "matter/tally.h"

/* A whole number with `decimals` digits behind the point; not set: nothing to divide by. */
struct figure_value {
    bool set;
    int64_t number;
    unsigned decimals;
};
/* "12", "95.5"; "" if not set. */
const char *figure_text(struct arena *arena, const struct figure_value *value);

/* Days of a period, both included. */
struct figure_period {
    const char *text; /* "2026", "2026Q3", or "2026-01-01~2026-09-30" */
    int32_t from, to;
};
/* "2026" or "2026Q3". False if it is neither. */
bool figure_period_parse(struct arena *arena, const char *text, struct figure_period *ret_period);

struct figure_row {
    const char *key; /* Code of the body or term; "" if the term was not said. */
    struct label label;
    struct figure_value *values; /* By column. */
};

struct figure_shown {
    const struct figure_table *table;
    struct figure_row *rows;
    size_t rows_count;
    struct figure_value *total; /* Of the whole region. */
};

/* What all tables are made of. */
struct figure_basis {
    const struct rulebook *book;
    const struct directory *directory;
    const struct tally *tally;
    const struct tally *overdue; /* tally_overdue */
    const char *only;            /* Whose own numbers are shown; NULL: everybody's. */
};
void figure_show(struct ctx *ctx, const struct figure_basis *basis,
                 const struct figure_table *table, struct figure_shown *ret_shown);

struct appraisal_value {
    const struct indicator *indicator;
    int64_t top, bottom;
    struct figure_value value; /* Percent. */
    struct figure_value score; /* Of its weight. */
};

struct appraisal_body {
    const struct org *org;
    struct figure_value score;      /* Of a hundred, over the indicators that apply. */
    struct appraisal_value *values; /* By indicator. */
};

struct appraisal {
    struct figure_period period;
    const struct indicator **indicators; /* Those in force on the period's last day. */
    size_t indicators_count;
    struct appraisal_body *bodies;
    size_t bodies_count;
};
void appraisal_make(struct ctx *ctx, const struct figure_basis *basis,
                    const struct figure_period *period, struct appraisal *ret_appraisal);
/* The canonical bytes of a result: what is digested when a period is closed. */
void figure_put_value(struct json_writer *json, const struct figure_value *value);
/* "score" and "values" of a body: what an answer shows and what is fixed. */
void appraisal_put_marks(struct json_writer *json, const struct appraisal *appraisal,
                         const struct appraisal_body *body);
const char *appraisal_text(struct ctx *ctx, const struct appraisal *appraisal);

/* The appraisal of a period as of now. Work of a read transaction. `only` as in figure_basis. */
struct appraisal_asked {
    const struct office *office;
    struct figure_period period;
    const char *only;
    struct appraisal ret_appraisal;
};
enum fault appraisal_read(struct ctx *ctx, struct store_tx *tx, void *arg) MUST_CHECK;

/* The result of a period that an appraisal has fixed, the newest; NOT_FOUND if none has. */
struct appraisal_fixed {
    int64_t matter;
    const char *text, *sha256, *sm3;
    int64_t made_ms;
    bool published; /* The bodies have been told. */
};
enum fault appraisal_fixed(struct ctx *ctx, struct store_tx *tx, const char *period,
                           struct appraisal_fixed *ret_fixed) MUST_CHECK;

/* The tables of a period, with what stands above them. */
struct figures_asked {
    const struct office *office;
    struct figure_period period;
    const char *only;
    const char *table; /* Only this one; NULL: all. */
    struct tally ret_tally;
    struct figure_shown *ret_tables;
    size_t ret_tables_count;
    int64_t ret_open, ret_overdue; /* Matters and clocks of the region, now. */
};
enum fault figures_read(struct ctx *ctx, struct store_tx *tx, void *arg) MUST_CHECK;
