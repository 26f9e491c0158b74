/* The record of many matters at once: a batch's rows, events, parts, and what their parents did. */
#include "matter/rehearse.h"

#include <jansson.h>
#include <string.h>

static const char *kept(struct ctx *ctx, const struct sql_rows *rows, unsigned column)
{
    const char *text = sql_column_text(rows, column);
    return text == NULL ? NULL : arena_text(ctx->arena, text);
}

static enum fault read_matters(struct ctx *ctx, struct store_tx *tx, struct past_reading *reading)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_query(
        tx, ctx,
        "SELECT id, reference, procedure, edition, state, final, parent, opened_by FROM matter"
        " WHERE region = $1 AND id > $2 AND created_ms >= $3 AND created_ms < $4"
        " ORDER BY id LIMIT $5",
        SQL_ARGS(sql_int(reading->office->region), sql_int(reading->after),
                 sql_int(reading->range.from_ms), sql_int(reading->range.to_ms),
                 sql_int(reading->max)),
        &rows);
    reading->ret_pasts = arena_array(ctx->arena, (size_t)reading->max, sizeof *reading->ret_pasts);
    reading->ret_count = 0;
    while (fault == FAULT_NONE && reading->ret_count < (size_t)reading->max && sql_next(rows)) {
        reading->ret_pasts[reading->ret_count++] =
            (struct past){.id = sql_column_int(rows, 0),
                          .reference = kept(ctx, rows, 1),
                          .procedure = kept(ctx, rows, 2),
                          .edition = kept(ctx, rows, 3),
                          .state = kept(ctx, rows, 4),
                          .final = sql_column_int(rows, 5) != 0,
                          .parent = sql_column_int(rows, 6),
                          .opened_by = kept(ctx, rows, 7)};
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

/* Rows come in the order of the matters; moves on to the one with this id, NULL if it is not of the
 * batch (a --from in between). */
static struct past *move_to(struct past_reading *reading, size_t *place, int64_t id)
{
    while (*place < reading->ret_count && reading->ret_pasts[*place].id < id) {
        (*place)++;
    }
    bool there = *place < reading->ret_count && reading->ret_pasts[*place].id == id;
    return there ? &reading->ret_pasts[*place] : NULL;
}

/* One more element of a list that grows in the arena; `size` of an element. */
static void *grow(struct ctx *ctx, void **list, size_t *count, size_t size)
{
    bool full = *count == 0 || (*count >= 4 && (*count & (*count - 1)) == 0);
    if (full) {
        void *larger = arena_array(ctx->arena, *count == 0 ? 4 : *count * 2, size);
        if (*count > 0) {
            memcpy(larger, *list, *count * size);
        }
        *list = larger;
    }
    return (char *)*list + (*count)++ * size;
}

static enum fault read_facts(struct ctx *ctx, const char *body, struct past_event *event)
{
    json_t *root = json_loads(body, JSON_REJECT_DUPLICATES, NULL);
    json_t *facts = json_object_get(root, "facts");
    const char *code = NULL;
    json_t *value = NULL;
    event->facts = arena_array(ctx->arena, json_object_size(facts), sizeof *event->facts);
    json_object_foreach(facts, code, value)
    {
        const char *text = json_string_value(value);
        event->facts[event->facts_count++] =
            (struct past_fact){.code = arena_text(ctx->arena, code),
                               .value = text == NULL ? NULL : arena_text(ctx->arena, text),
                               .hidden = json_is_true(value)};
    }
    bool good = json_is_object(facts);
    json_decref(root);
    return good ? FAULT_NONE
                : ctx_fail(ctx, FAULT_INTERNAL, "An event can't be read.", "事件记录无法读取。");
}

static enum fault read_event(struct ctx *ctx, const struct sql_rows *rows, struct past *past)
{
    void *list = past->events;
    struct past_event *event = grow(ctx, &list, &past->events_count, sizeof *event);
    past->events = list;
    *event = (struct past_event){.id = sql_column_int(rows, 1),
                                 .action = kept(ctx, rows, 2),
                                 .org = kept(ctx, rows, 3),
                                 .to_state = kept(ctx, rows, 4),
                                 .version = sql_column_int(rows, 5),
                                 .recorded_ms = sql_column_int(rows, 6),
                                 .happened_ms = sql_column_int(rows, 7)};
    return read_facts(ctx, sql_column_text(rows, 8), event);
}

static enum fault read_events(struct ctx *ctx, struct store_tx *tx, struct past_reading *reading)
{
    SCOPED(sql_rows) rows = NULL;
    size_t place = 0;
    enum fault fault = sql_query(
        tx, ctx,
        "SELECT matter, id, action, org, to_state, version, recorded_ms, happened_ms, body"
        " FROM event WHERE region = $1 AND matter >= $2 AND matter <= $3"
        " ORDER BY matter, version",
        SQL_ARGS(sql_int(reading->office->region), sql_int(reading->ret_pasts[0].id),
                 sql_int(reading->ret_pasts[reading->ret_count - 1].id)),
        &rows);
    while (fault == FAULT_NONE && sql_next(rows)) {
        struct past *past = move_to(reading, &place, sql_column_int(rows, 0));
        fault = past == NULL ? FAULT_NONE : read_event(ctx, rows, past);
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

static enum fault read_parties(struct ctx *ctx, struct store_tx *tx, struct past_reading *reading)
{
    SCOPED(sql_rows) rows = NULL;
    size_t place = 0;
    enum fault fault =
        sql_query(tx, ctx,
                  "SELECT matter, party, org FROM matter_party WHERE region = $1 AND matter >= $2"
                  " AND matter <= $3 ORDER BY matter, party",
                  SQL_ARGS(sql_int(reading->office->region), sql_int(reading->ret_pasts[0].id),
                           sql_int(reading->ret_pasts[reading->ret_count - 1].id)),
                  &rows);
    while (fault == FAULT_NONE && sql_next(rows)) {
        struct past *past = move_to(reading, &place, sql_column_int(rows, 0));
        if (past != NULL) {
            void *list = past->parties;
            struct past_party *party = grow(ctx, &list, &past->parties_count, sizeof *party);
            past->parties = list;
            *party = (struct past_party){kept(ctx, rows, 1), kept(ctx, rows, 2)};
        }
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

static enum fault read_parent(struct ctx *ctx, struct store_tx *tx, const struct office *office,
                              struct past *past)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault =
        sql_query(tx, ctx,
                  "SELECT id, action, happened_ms FROM event WHERE region = $1 AND matter = $2"
                  " ORDER BY version",
                  SQL_ARGS(sql_int(office->region), sql_int(past->parent)), &rows);
    while (fault == FAULT_NONE && sql_next(rows)) {
        void *list = past->parent_acts;
        struct past_act *act = grow(ctx, &list, &past->parent_acts_count, sizeof *act);
        past->parent_acts = list;
        *act =
            (struct past_act){sql_column_int(rows, 0), kept(ctx, rows, 1), sql_column_int(rows, 2)};
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

enum fault past_read(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct past_reading *reading = arg;
    enum fault fault = read_matters(ctx, tx, reading);
    if (fault != FAULT_NONE || reading->ret_count == 0) {
        return fault;
    }
    fault = read_events(ctx, tx, reading);
    if (fault == FAULT_NONE) {
        fault = read_parties(ctx, tx, reading);
    }
    for (size_t i = 0; i < reading->ret_count && fault == FAULT_NONE; i++) {
        if (reading->ret_pasts[i].parent != 0) {
            fault = read_parent(ctx, tx, reading->office, &reading->ret_pasts[i]);
        }
    }
    return fault;
}
