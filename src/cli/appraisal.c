/*
 * liandong appraisal recompute --data DIR [--store URL] [--check]
 *     counts all figures again from the events alone. With --check nothing is changed: status 1 and
 *     a list if something differs. Without, the tables are made right in one transaction.
 * liandong appraisal report --data DIR [--store URL] --period 2026Q3 [--format csv|xlsx|pdf] [--out
 * FILE] statistics and appraisal of a year or quarter.
 */
#include "base/clock.h"
#include "base/file.h"
#include "base/random.h"
#include "cli/cli.h"
#include "cli/office.h"
#include "document/document.h"
#include "matter/figure.h"
#include "report/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct appraisal_command {
    const char *verb;
    const char *data_dir, *store_url, *period, *format, *out, *lang;
    bool check;
    struct workplace place;
    int status;
};

static enum fault recompute(struct ctx *ctx, struct appraisal_command *command)
{
    struct tally_recount recount = {.office = &command->place.office, .repair = !command->check};
    struct store *store = command->place.store;
    enum fault fault = command->check ? store_read(store, ctx, tally_recount, &recount)
                                      : store_write(store, ctx, tally_recount, &recount);
    if (fault != FAULT_NONE) {
        return fault;
    }
    (void)fputs(recount.ret_lines, stdout);
    (void)printf(ctx->lang == LANG_EN ? "%lld events counted, %lld differences%s\n"
                                      : "已重新统计%lld条记录，差异%lld处%s\n",
                 (long long)recount.ret_events, (long long)recount.ret_differences,
                 recount.ret_differences == 0 || command->check ? ""
                 : ctx->lang == LANG_EN                         ? ", made right"
                                                                : "，已更正");
    command->status = command->check && recount.ret_differences > 0 ? 1 : 0;
    return FAULT_NONE;
}

struct both {
    struct figures_asked figures;
    struct appraisal_asked appraisal;
};

static enum fault read_both(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct both *both = arg;
    enum fault fault = figures_read(ctx, tx, &both->figures);
    return fault == FAULT_NONE ? appraisal_read(ctx, tx, &both->appraisal) : fault;
}

/* The statistics, then the appraisal, in one report. */
static struct report join(struct ctx *ctx, const struct both *both)
{
    struct report figures = report_of_figures(ctx, &both->figures);
    struct report marks = report_of_appraisal(ctx, &both->appraisal.ret_appraisal);
    size_t count = figures.tables_count + marks.tables_count;
    struct report_table *tables = arena_array(ctx->arena, count + 1, sizeof *tables);
    memcpy(tables, figures.tables, figures.tables_count * sizeof *tables);
    memcpy(tables + figures.tables_count, marks.tables, marks.tables_count * sizeof *tables);
    figures.tables = tables;
    figures.tables_count = count;
    return figures;
}

static enum fault make_pdf(struct ctx *ctx, const struct report *report, struct report_file *file)
{
    const struct typesetters_options options = {.workers = 1, .timeout_ms = 60000};
    struct typesetters *pool = NULL;
    struct typeset_result result;
    const char *content = report_content(ctx, report);
    enum fault fault = typesetters_start(ctx, &options, &pool);
    if (fault == FAULT_NONE) {
        fault = typesetters_set(pool, ctx, content, strlen(content), TYPESET_PDF, &result);
    }
    typesetters_stop(pool);
    if (fault == FAULT_NONE) {
        *file = (struct report_file){result.bytes, result.count};
    }
    return fault;
}

static enum fault make_file(struct ctx *ctx, const struct appraisal_command *command,
                            const struct report *report, struct report_file *file)
{
    const char *format = command->format == NULL ? "csv" : command->format;
    if (strcmp(format, "csv") == 0) {
        report_csv(ctx, report, file);
        return FAULT_NONE;
    }
    if (strcmp(format, "xlsx") == 0) {
        return report_xlsx(ctx, report, file);
    }
    if (strcmp(format, "pdf") == 0) {
        return make_pdf(ctx, report, file);
    }
    return ctx_fail(ctx, FAULT_INVALID_FIELD, "--format is csv, xlsx or pdf.",
                    "--format 应为 csv、xlsx 或 pdf。");
}

static enum fault put_file(struct ctx *ctx, const struct appraisal_command *command,
                           const struct report_file *file)
{
    if (command->out != NULL) {
        return file_write(ctx, command->out, file->bytes, file->count, 0600);
    }
    bool written =
        fwrite(file->bytes, 1, file->count, stdout) == file->count && fflush(stdout) == 0;
    return written ? FAULT_NONE
                   : ctx_fail(ctx, FAULT_IO_FAILED, "The report could not be written.",
                              "报表无法写出。");
}

static enum fault make_report(struct ctx *ctx, struct appraisal_command *command)
{
    struct both both = {.figures = {.office = &command->place.office},
                        .appraisal = {.office = &command->place.office}};
    if (!figure_period_parse(ctx->arena, command->period, &both.figures.period)) {
        return ctx_fail(ctx, FAULT_INVALID_FIELD, "--period is a year or quarter: 2026, 2026Q3.",
                        "--period 应为年份或季度，如 2026、2026Q3。");
    }
    both.appraisal.period = both.figures.period;
    enum fault fault = store_read(command->place.store, ctx, read_both, &both);
    struct report_file file;
    if (fault == FAULT_NONE) {
        struct report report = join(ctx, &both);
        fault = make_file(ctx, command, &report, &file);
    }
    return fault == FAULT_NONE ? put_file(ctx, command, &file) : fault;
}

static enum fault do_asked(struct ctx *ctx, void *arg)
{
    struct appraisal_command *command = arg;
    const struct actor system = {
        .kind = ACTOR_SYSTEM, .region = command->place.office.region, .name = "", .csrf = ""};
    ctx->actor = &system;
    enum fault fault =
        strcmp(command->verb, "report") == 0 ? make_report(ctx, command) : recompute(ctx, command);
    ctx->actor = NULL;
    return fault;
}

static int open_and_run(struct appraisal_command *command)
{
    struct workplace_options options = {.data_dir = command->data_dir,
                                        .store_url = command->store_url};
    enum lang lang = command->lang == NULL              ? cli_lang()
                     : strcmp(command->lang, "en") == 0 ? LANG_EN
                                                        : LANG_ZH;
    int status = cli_within(&options, &command->place, lang, do_asked, command);
    return status == 0 ? command->status : status;
}

int cli_appraisal(int argc, char **argv)
{
    struct appraisal_command command = {.store_url = getenv("LIANDONG_STORE")};
    const char *words[1] = {NULL};
    const struct cli_flag flags[] = {
        {"--data", &command.data_dir, NULL}, {"--store", &command.store_url, NULL},
        {"--period", &command.period, NULL}, {"--format", &command.format, NULL},
        {"--out", &command.out, NULL},       {"--lang", &command.lang, NULL},
        {"--check", NULL, &command.check}};
    size_t count = 0;
    if (!cli_flags(argc, argv, flags, sizeof flags / sizeof flags[0], words, 1, &count)) {
        return 2;
    }
    command.verb = words[0];
    bool report = command.verb != NULL && strcmp(command.verb, "report") == 0;
    bool known = report || (command.verb != NULL && strcmp(command.verb, "recompute") == 0);
    if (!known || command.data_dir == NULL || (report && command.period == NULL)) {
        (void)fputs("liandong appraisal recompute --data DIR [--check]\n"
                    "liandong appraisal report --data DIR --period 2026|2026Q3"
                    " [--format csv|xlsx|pdf] [--out FILE]\n",
                    stderr);
        return 2;
    }
    return open_and_run(&command);
}
