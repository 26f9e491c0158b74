#pragma once
/*
 * Figures as files. Plain values in the ctx's arena; whoever made the figures has decided who may
 * see them. Any thread.
 */
#include "base/ctx.h"
#include "matter/figure.h"

struct report_table {
    const char *code;
    const char *title;
    const char **heads; /* The first column is text, the others are numbers. */
    size_t columns_count;
    const char **cells; /* Row by row. */
    size_t rows_count;
};

struct report {
    const char *title;
    const char *subtitle; /* The period, and when it was counted. */
    enum lang lang;
    int64_t made_ms;
    struct report_table *tables;
    size_t tables_count;
};

/* In the ctx's language. */
struct report report_of_figures(struct ctx *ctx, const struct figures_asked *figures);
struct report report_of_appraisal(struct ctx *ctx, const struct appraisal *appraisal);

struct report_file {
    const char *bytes; /* In the ctx's arena. */
    size_t count;
};
/* UTF-8 with its mark, CRLF; a cell that a spreadsheet would run gets an apostrophe. */
void report_csv(struct ctx *ctx, const struct report *report, struct report_file *ret_file);
/* A sheet for each table. IO_FAILED if there is no room for temporary files. */
enum fault report_xlsx(struct ctx *ctx, const struct report *report,
                       struct report_file *ret_file) MUST_CHECK;
/* The content of document/README.md: for typesetters_set. */
const char *report_content(struct ctx *ctx, const struct report *report);
