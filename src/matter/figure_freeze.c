/*
 * An appraisal fixes the figures of a period: they are counted as of now, kept as bytes, and the
 * event tells their digest. Bodies then confirm these figures or object to them.
 */
#include "base/digest.h"
#include "base/text.h"
#include "calendar/date.h"
#include "matter/figure.h"
#include "matter/record.h"

#include <assert.h>
#include <string.h>

void figure_put_value(struct json_writer *json, const struct figure_value *value)
{
    if (value->set) {
        json_raw(json, figure_text(json->buffer->arena, value));
    } else {
        json_none(json);
    }
}

static void put_number(struct json_writer *json, const char *key, const struct figure_value *value)
{
    json_key(json, key);
    figure_put_value(json, value);
}

void appraisal_put_marks(struct json_writer *json, const struct appraisal *appraisal,
                         const struct appraisal_body *body)
{
    put_number(json, "score", &body->score);
    json_key(json, "values");
    json_list(json);
    for (size_t i = 0; i < appraisal->indicators_count; i++) {
        const struct appraisal_value *value = &body->values[i];
        json_open(json);
        json_put_text(json, "indicator", value->indicator->code);
        json_put_int(json, "numerator", value->top);
        json_put_int(json, "denominator", value->bottom);
        put_number(json, "value", &value->value);
        put_number(json, "score", &value->score);
        json_close(json);
    }
    json_end(json);
}

const char *appraisal_text(struct ctx *ctx, const struct appraisal *appraisal)
{
    struct buffer text;
    struct json_writer json;
    buffer_init(&text, ctx->arena);
    json_writer_init(&json, &text);
    json_open(&json);
    json_put_text(&json, "period", appraisal->period.text);
    json_key(&json, "bodies");
    json_list(&json);
    for (size_t i = 0; i < appraisal->bodies_count; i++) {
        json_open(&json);
        json_put_text(&json, "org", appraisal->bodies[i].org->code);
        appraisal_put_marks(&json, appraisal, &appraisal->bodies[i]);
        json_close(&json);
    }
    json_end(&json);
    json_close(&json);
    return text.data;
}

static enum fault read_period(struct performing *p, const struct rules_effect *effect,
                              struct figure_period *ret_period)
{
    const struct rules_fact *fact = rules_fact(p->matter->procedure, effect->period);
    assert(fact != NULL);
    const char *path = arena_printf(p->ctx->arena, "facts.%s", fact->code);
    if (!figure_period_parse(p->ctx->arena, p->matter->facts[fact->index].value, ret_period)) {
        return ctx_field(p->ctx, path, "A year or quarter like 2026 or 2026Q3 is expected.",
                         "应为年份或季度，如2026或2026Q3。");
    }
    if (ret_period->to >= date_of_ms(p->ctx->now_ms)) {
        return ctx_field(p->ctx, path, "This period is not over yet.", "该评议期尚未结束。");
    }
    return FAULT_NONE;
}

static enum fault keep(struct performing *p, const char *period, const char *text,
                       const char *sha256, const char *sm3)
{
    return sql_run(
        p->tx, p->ctx,
        "INSERT INTO appraisal_result (region, matter, period, text, sha256, sm3, made_ms)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)"
        " ON CONFLICT (region, matter) DO UPDATE SET period = excluded.period,"
        " text = excluded.text, sha256 = excluded.sha256, sm3 = excluded.sm3,"
        " made_ms = excluded.made_ms",
        SQL_ARGS(sql_int(p->office->region), sql_int(p->matter->id), sql_text(period),
                 sql_text(text), sql_text(sha256), sql_text(sm3), sql_int(p->ctx->now_ms)),
        NULL);
}

enum fault figures_freeze(struct performing *p, const struct rules_effect *effect)
{
    struct appraisal_asked asked = {.office = p->office};
    enum fault fault = read_period(p, effect, &asked.period);
    if (fault == FAULT_NONE) {
        fault = appraisal_read(p->ctx, p->tx, &asked);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    const char *text = appraisal_text(p->ctx, &asked.ret_appraisal);
    struct digest digest;
    char *sha256 = arena_alloc(p->ctx->arena, DIGEST_HEX);
    char *sm3 = arena_alloc(p->ctx->arena, DIGEST_HEX);
    digest_of(text, strlen(text), &digest);
    text_hex(digest.sha256, DIGEST_BYTES, sha256);
    text_hex(digest.sm3, DIGEST_BYTES, sm3);
    p->figures_json =
        arena_printf(p->ctx->arena, "{\"period\":\"%s\",\"sha256\":\"%s\",\"sm3\":\"%s\"}",
                     asked.period.text, sha256, sm3);
    return keep(p, asked.period.text, text, sha256, sm3);
}

void figures_note(struct performing *p, struct json_writer *json)
{
    if (p->figures_json != NULL) {
        json_key(json, "figures");
        json_raw(json, p->figures_json);
    }
}

/* The bodies are told by the action `publish` of the matter that fixed it. */
static enum fault was_published(struct ctx *ctx, struct store_tx *tx, struct appraisal_fixed *fixed)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_query(
        tx, ctx,
        "SELECT 1 FROM event WHERE region = $1 AND matter = $2 AND action = 'publish' LIMIT 1",
        SQL_ARGS(sql_int(ctx->actor->region), sql_int(fixed->matter)), &rows);
    fixed->published = fault == FAULT_NONE && sql_next(rows);
    return fault;
}

enum fault appraisal_fixed(struct ctx *ctx, struct store_tx *tx, const char *period,
                           struct appraisal_fixed *ret_fixed)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_one(tx, ctx,
                               "SELECT matter, text, sha256, sm3, made_ms FROM appraisal_result"
                               " WHERE region = $1 AND period = $2 ORDER BY made_ms DESC LIMIT 1",
                               SQL_ARGS(sql_int(ctx->actor->region), sql_text(period)), &rows);
    if (fault != FAULT_NONE) {
        return fault;
    }
    *ret_fixed =
        (struct appraisal_fixed){.matter = sql_column_int(rows, 0),
                                 .text = arena_text(ctx->arena, sql_column_text(rows, 1)),
                                 .sha256 = arena_text(ctx->arena, sql_column_text(rows, 2)),
                                 .sm3 = arena_text(ctx->arena, sql_column_text(rows, 3)),
                                 .made_ms = sql_column_int(rows, 4)};
    return was_published(ctx, tx, ret_fixed);
}
