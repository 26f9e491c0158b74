/* Tables made of measures. */
#include "matter/figure.h"

#include "base/text.h"
#include "calendar/date.h"

#include <string.h>

const char *figure_text(struct arena *arena, const struct figure_value *value)
{
    static const int64_t powers[] = {1, 10, 100};
    if (!value->set) {
        return "";
    }
    if (value->decimals == 0) {
        return arena_printf(arena, "%lld", (long long)value->number);
    }
    int64_t power = powers[value->decimals];
    return arena_printf(arena, "%lld.%0*lld", (long long)(value->number / power),
                        (int)value->decimals, (long long)(value->number % power));
}

bool figure_period_parse(struct arena *arena, const char *text, struct figure_period *ret_period)
{
    int64_t year = 0;
    size_t length = text == NULL ? 0 : strlen(text);
    bool whole = length == 4;
    bool quarter = length == 6 && text[4] == 'Q' && text[5] >= '1' && text[5] <= '4';
    if ((!whole && !quarter) || !text_to_int(arena_bytes(arena, text, 4), 2000, 2199, &year)) {
        return false;
    }
    unsigned first = whole ? 1 : (unsigned)(text[5] - '1') * 3 + 1;
    unsigned after = whole ? 13 : first + 3;
    ret_period->text = arena_text(arena, text);
    ret_period->from = date_join((int)year, first, 1);
    ret_period->to =
        (after > 12 ? date_join((int)year + 1, 1, 1) : date_join((int)year, after, 1)) - 1;
    return true;
}

static int64_t sum_overdue(const struct figure_basis *basis, const char *body)
{
    int64_t sum = 0;
    for (size_t i = 0; i < basis->overdue->count; i++) {
        const struct tally_row *row = &basis->overdue->rows[i];
        sum += body == NULL || strcmp(row->body, body) == 0 ? row->amount : 0;
    }
    return sum;
}

static struct tally_row sum_set(const struct figure_basis *basis, const struct measure_set *set,
                                const char *body, const char *split)
{
    struct tally_row sum = {.amount = 0};
    for (size_t i = 0; i < set->count; i++) {
        struct tally_row one = tally_sum(basis->tally, set->items[i]->code, body, split);
        sum.amount += one.amount;
        sum.days += one.days;
    }
    sum.amount += set->overdue ? sum_overdue(basis, body) : 0;
    return sum;
}

/* a / b in units of the last decimal, halves up. */
static struct figure_value divide(int64_t a, int64_t b, int64_t scale, unsigned decimals)
{
    return b <= 0 ? (struct figure_value){.set = false}
                  : (struct figure_value){true, (a * scale * 2 + b) / (b * 2), decimals};
}

static struct figure_value cell(const struct figure_basis *basis,
                                const struct figure_column *column, const char *body,
                                const char *split)
{
    struct tally_row top = sum_set(basis, &column->top, body, split);
    if (column->kind == COLUMN_COUNT) {
        return (struct figure_value){true, top.amount, 0};
    }
    if (column->kind == COLUMN_DAYS) {
        return divide(top.days, top.amount, 10, 1);
    }
    struct tally_row bottom = sum_set(basis, &column->bottom, body, split);
    return divide(top.amount, bottom.amount, 1000, 1);
}

static struct figure_value *cells(struct ctx *ctx, const struct figure_basis *basis,
                                  const struct figure_table *table, const char *body,
                                  const char *split)
{
    struct figure_value *values = arena_array(ctx->arena, table->columns_count + 1, sizeof *values);
    for (size_t i = 0; i < table->columns_count; i++) {
        values[i] = cell(basis, &table->columns[i], body, split);
    }
    return values;
}

static bool anything(const struct figure_table *table, const struct figure_value *values)
{
    for (size_t i = 0; i < table->columns_count; i++) {
        if (values[i].set && values[i].number != 0) {
            return true;
        }
    }
    return false;
}

static void show_bodies(struct ctx *ctx, const struct figure_basis *basis,
                        struct figure_shown *shown)
{
    const struct directory *directory = basis->directory;
    shown->rows = arena_array(ctx->arena, directory->orgs_count + 1, sizeof *shown->rows);
    for (size_t i = 0; i < directory->orgs_count; i++) {
        const struct org *org = &directory->orgs[i];
        bool own = basis->only != NULL && strcmp(basis->only, org->code) == 0;
        if (org->kind == ORG_PUBLIC || (basis->only != NULL && !own)) {
            continue;
        }
        struct figure_row row = {.key = org->code,
                                 .label = org->short_name,
                                 .values = cells(ctx, basis, shown->table, org->code, NULL)};
        if (own || anything(shown->table, row.values)) {
            shown->rows[shown->rows_count++] = row;
        }
    }
}

static void show_terms(struct ctx *ctx, const struct figure_basis *basis,
                       struct figure_shown *shown)
{
    const struct rules_vocabulary *terms = shown->table->rows;
    shown->rows = arena_array(ctx->arena, terms->terms_count + 1, sizeof *shown->rows);
    for (size_t i = 0; i < terms->terms_count; i++) {
        shown->rows[shown->rows_count++] = (struct figure_row){
            .key = terms->terms[i].code,
            .label = terms->terms[i].label,
            .values = cells(ctx, basis, shown->table, basis->only, terms->terms[i].code)};
    }
    struct figure_row other = {.key = "",
                               .label = {"未注明", "Not stated"},
                               .values = cells(ctx, basis, shown->table, basis->only, "")};
    if (anything(shown->table, other.values)) {
        shown->rows[shown->rows_count++] = other;
    }
}

void figure_show(struct ctx *ctx, const struct figure_basis *basis,
                 const struct figure_table *table, struct figure_shown *ret_shown)
{
    *ret_shown = (struct figure_shown){.table = table};
    if (table->rows == NULL) {
        show_bodies(ctx, basis, ret_shown);
    } else {
        show_terms(ctx, basis, ret_shown);
    }
    ret_shown->total = cells(ctx, basis, table, NULL, NULL);
}

/* ---- Indicators ---- */

static int64_t within(int64_t value, int64_t low, int64_t high)
{
    return value < low ? low : value > high ? high : value;
}

/* Its share of the weight: all of it at full_at, none at none_at, in between on a straight line. */
static struct figure_value score_of(const struct indicator *indicator, int64_t percent_2)
{
    int64_t full = (int64_t)indicator->full_at * 100;
    int64_t none = (int64_t)indicator->none_at * 100;
    int64_t way = full > none ? percent_2 - none : none - percent_2;
    int64_t whole = full > none ? full - none : none - full;
    return divide(within(way, 0, whole) * indicator->weight, whole, 100, 2);
}

static struct appraisal_value appraise(const struct figure_basis *basis,
                                       const struct indicator *indicator, const char *body)
{
    struct appraisal_value value = {
        .indicator = indicator,
        .top = sum_set(basis, &indicator->top, body, NULL).amount,
        .bottom = sum_set(basis, &indicator->bottom, body, NULL).amount * indicator->scale};
    value.value = divide(value.top, value.bottom, 10000, 2);
    if (value.value.set) {
        value.score = score_of(indicator, value.value.number);
    }
    return value;
}

static bool appraise_body(struct ctx *ctx, const struct figure_basis *basis,
                          const struct appraisal *appraisal, struct appraisal_body *body)
{
    int64_t score = 0;
    int64_t weights = 0;
    body->values = arena_array(ctx->arena, appraisal->indicators_count + 1, sizeof *body->values);
    for (size_t i = 0; i < appraisal->indicators_count; i++) {
        struct appraisal_value *value = &body->values[i];
        *value = appraise(basis, appraisal->indicators[i], body->org->code);
        score += value->score.set ? value->score.number : 0;
        weights += value->score.set ? value->indicator->weight : 0;
    }
    body->score = divide(score, weights, 100, 2);
    return weights > 0;
}

void appraisal_make(struct ctx *ctx, const struct figure_basis *basis,
                    const struct figure_period *period, struct appraisal *ret_appraisal)
{
    const struct figures *figures = basis->book->figures;
    const struct directory *directory = basis->directory;
    *ret_appraisal =
        (struct appraisal){.period = *period,
                           .indicators = arena_array(ctx->arena, figures->indicators_count + 1,
                                                     sizeof *ret_appraisal->indicators),
                           .bodies = arena_array(ctx->arena, directory->orgs_count + 1,
                                                 sizeof *ret_appraisal->bodies)};
    for (size_t i = 0; i < figures->indicators_count; i++) {
        if (figures->indicators[i].valid_from <= period->to) {
            ret_appraisal->indicators[ret_appraisal->indicators_count++] = &figures->indicators[i];
        }
    }
    for (size_t i = 0; i < directory->orgs_count; i++) {
        struct appraisal_body body = {.org = &directory->orgs[i]};
        /* Organs outside the district are not the district's to appraise. */
        bool shown = body.org->kind != ORG_PUBLIC && body.org->kind != ORG_OUTSIDE &&
                     (basis->only == NULL || strcmp(basis->only, body.org->code) == 0);
        if (shown && appraise_body(ctx, basis, ret_appraisal, &body)) {
            ret_appraisal->bodies[ret_appraisal->bodies_count++] = body;
        }
    }
}
