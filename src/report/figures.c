/* Reports made of figures. */
#include "calendar/date.h"
#include "report/report.h"

#include <string.h>

static const char *day_text(struct ctx *ctx, int32_t day)
{
    char text[DATE_TEXT];
    date_format(day, text);
    return arena_text(ctx->arena, text);
}

static const char *subtitle(struct ctx *ctx, const struct figure_period *period)
{
    char made[MINUTE_TEXT];
    minute_format(ctx->now_ms, made);
    made[10] = ' ';
    return arena_printf(ctx->arena,
                        ctx->lang == LANG_EN ? "%s to %s; counted at %s" : "%s至%s；统计时间：%s",
                        day_text(ctx, period->from), day_text(ctx, period->to), made);
}

static struct report begin(struct ctx *ctx, const char *title, const struct figure_period *period,
                           size_t tables)
{
    return (struct report){.title = title,
                           .subtitle = subtitle(ctx, period),
                           .lang = ctx->lang,
                           .made_ms = ctx->now_ms,
                           .tables =
                               arena_array(ctx->arena, tables + 1, sizeof(struct report_table))};
}

static void begin_table(struct ctx *ctx, struct report_table *table, size_t columns, size_t rows)
{
    table->columns_count = columns;
    table->heads = arena_array(ctx->arena, columns, sizeof *table->heads);
    table->cells = arena_array(ctx->arena, columns * (rows + 1), sizeof *table->cells);
}

static const char *heading(struct ctx *ctx, const struct figure_column *column)
{
    static const struct label percent = {"（%）", " (%)"};
    static const struct label days = {"（天）", " (days)"};
    const char *unit = column->kind == COLUMN_PERCENT ? label_text(&percent, ctx->lang)
                       : column->kind == COLUMN_DAYS  ? label_text(&days, ctx->lang)
                                                      : "";
    return arena_printf(ctx->arena, "%s%s", label_text(&column->label, ctx->lang), unit);
}

static void put_row(struct ctx *ctx, struct report_table *table, const char *label,
                    const struct figure_value *values)
{
    const char **cells = &table->cells[table->rows_count++ * table->columns_count];
    cells[0] = label;
    for (size_t i = 1; i < table->columns_count; i++) {
        cells[i] = figure_text(ctx->arena, &values[i - 1]);
    }
}

static const char *rows_label(struct ctx *ctx, const struct figure_table *table)
{
    static const struct label body = {"单位", "Body"};
    return label_text(table->rows == NULL ? &body : &table->rows->label, ctx->lang);
}

static void put_table(struct ctx *ctx, const struct figure_shown *shown, struct report_table *table)
{
    static const struct label total = {"合计", "Total"};
    const struct figure_table *figure = shown->table;
    table->code = figure->code;
    table->title = label_text(&figure->label, ctx->lang);
    begin_table(ctx, table, figure->columns_count + 1, shown->rows_count + 1);
    table->heads[0] = rows_label(ctx, figure);
    for (size_t i = 0; i < figure->columns_count; i++) {
        table->heads[i + 1] = heading(ctx, &figure->columns[i]);
    }
    for (size_t i = 0; i < shown->rows_count; i++) {
        put_row(ctx, table, label_text(&shown->rows[i].label, ctx->lang), shown->rows[i].values);
    }
    put_row(ctx, table, label_text(&total, ctx->lang), shown->total);
}

struct report report_of_figures(struct ctx *ctx, const struct figures_asked *figures)
{
    static const struct label title = {"公共资源交易联动监督管理统计表",
                                       "Joint supervision of public-resource trading: statistics"};
    struct report report =
        begin(ctx, label_text(&title, ctx->lang), &figures->period, figures->ret_tables_count);
    for (size_t i = 0; i < figures->ret_tables_count; i++) {
        put_table(ctx, &figures->ret_tables[i], &report.tables[report.tables_count++]);
    }
    return report;
}

static const char *indicator_heading(struct ctx *ctx, const struct indicator *indicator)
{
    return arena_printf(ctx->arena, ctx->lang == LANG_EN ? "%s (%u)" : "%s（%u分）",
                        label_text(&indicator->label, ctx->lang), indicator->weight);
}

/* Bodies by indicators: the marks, and the whole. */
static void put_marks(struct ctx *ctx, const struct appraisal *appraisal,
                      struct report_table *table)
{
    static const struct label title = {"得分", "Marks"};
    static const struct label body = {"单位", "Body"};
    static const struct label whole = {"总分", "Score"};
    table->code = "marks";
    table->title = label_text(&title, ctx->lang);
    begin_table(ctx, table, appraisal->indicators_count + 2, appraisal->bodies_count);
    table->heads[0] = label_text(&body, ctx->lang);
    for (size_t i = 0; i < appraisal->indicators_count; i++) {
        table->heads[i + 1] = indicator_heading(ctx, appraisal->indicators[i]);
    }
    table->heads[appraisal->indicators_count + 1] = label_text(&whole, ctx->lang);
    for (size_t i = 0; i < appraisal->bodies_count; i++) {
        const struct appraisal_body *row = &appraisal->bodies[i];
        const char **cells = &table->cells[table->rows_count++ * table->columns_count];
        cells[0] = label_text(&row->org->short_name, ctx->lang);
        for (size_t k = 0; k < appraisal->indicators_count; k++) {
            cells[k + 1] = figure_text(ctx->arena, &row->values[k].score);
        }
        cells[appraisal->indicators_count + 1] = figure_text(ctx->arena, &row->score);
    }
}

/* For each indicator: of how many how many, and the percent. */
static void put_indicator(struct ctx *ctx, const struct appraisal *appraisal, size_t place,
                          struct report_table *table)
{
    static const struct label heads[] = {{"单位", "Body"},
                                         {"分子", "Numerator"},
                                         {"分母", "Denominator"},
                                         {"比率（%）", "Percent"},
                                         {"得分", "Marks"}};
    const struct indicator *indicator = appraisal->indicators[place];
    table->code = indicator->code;
    table->title =
        arena_printf(ctx->arena, ctx->lang == LANG_EN ? "%s: %s (article %s)" : "%s：%s（第%s条）",
                     label_text(&indicator->label, ctx->lang),
                     label_text(&indicator->formula, ctx->lang), indicator->article);
    begin_table(ctx, table, 5, appraisal->bodies_count);
    for (size_t i = 0; i < 5; i++) {
        table->heads[i] = label_text(&heads[i], ctx->lang);
    }
    for (size_t i = 0; i < appraisal->bodies_count; i++) {
        const struct appraisal_body *row = &appraisal->bodies[i];
        const struct appraisal_value *value = &row->values[place];
        const char **cells = &table->cells[table->rows_count++ * 5];
        cells[0] = label_text(&row->org->short_name, ctx->lang);
        cells[1] = arena_printf(ctx->arena, "%lld", (long long)value->top);
        cells[2] = arena_printf(ctx->arena, "%lld", (long long)value->bottom);
        cells[3] = figure_text(ctx->arena, &value->value);
        cells[4] = figure_text(ctx->arena, &value->score);
    }
}

struct report report_of_appraisal(struct ctx *ctx, const struct appraisal *appraisal)
{
    static const struct label title = {"联动监督管理评议考核结果",
                                       "Appraisal of joint supervision"};
    struct report report = begin(ctx, label_text(&title, ctx->lang), &appraisal->period,
                                 appraisal->indicators_count + 1);
    put_marks(ctx, appraisal, &report.tables[report.tables_count++]);
    for (size_t i = 0; i < appraisal->indicators_count; i++) {
        put_indicator(ctx, appraisal, i, &report.tables[report.tables_count++]);
    }
    return report;
}
