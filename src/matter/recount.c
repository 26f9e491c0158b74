/* Counting open clocks anew under another calendar. */
#include "matter/recount.h"

#include "base/id.h"
#include "calendar/date.h"
#include "matter/message.h"
#include "matter/record.h"

#include <stdlib.h>
#include <string.h>

static const char event_code[] = "due_moved";
static const struct label event_label = {"工作日历更新，期限重新计算",
                                         "Due days counted anew under a new calendar"};

const struct label *matter_recount_label(const char *action)
{
    return strcmp(action, event_code) == 0 ? &event_label : NULL;
}

/* Clocks are looked at in pages, so that a million of them need little memory. */
enum { PAGE_ROWS = 5000 };

struct recounting {
    struct recount *asked;
    struct ctx *ctx;
    struct store_tx *tx;
    size_t capacity;
};

static struct moved *append(struct recounting *r)
{
    struct recount *asked = r->asked;
    if (asked->ret_count == r->capacity) {
        r->capacity = r->capacity == 0 ? 64 : r->capacity * 2;
        struct moved *larger = arena_array(r->ctx->arena, r->capacity, sizeof *larger);
        if (asked->ret_count > 0) {
            memcpy(larger, asked->ret_moved, asked->ret_count * sizeof *larger);
        }
        asked->ret_moved = larger;
    }
    return &asked->ret_moved[asked->ret_count++];
}

static enum fault cant_count(struct ctx *ctx, const char *reference, const char *code)
{
    const char *why = ctx->note == NULL ? "" : ctx->note;
    return ctx_fail(ctx, FAULT_CALENDAR_INVALID, "%s, %s: can't be counted with it. %s",
                    "%s的%s：无法用此日历计算。%s", reference, code, why);
}

/* Counts the clock under the next calendar; *ret_changed if its due moment moves or settles. */
static enum fault count_anew(struct recounting *r, const char *reference, const struct clock *clock,
                             bool paused_once, struct counted *ret_counted, bool *ret_changed)
{
    struct pause *pauses = NULL;
    size_t count = 0;
    *ret_changed = false;
    enum fault fault =
        paused_once ? clock_pauses(r->ctx, r->tx, clock, &pauses, &count) : FAULT_NONE;
    if (fault == FAULT_NONE) {
        fault = clock_count(r->ctx, r->asked->next, clock, pauses, count, ret_counted);
        if (fault == FAULT_CALENDAR_INVALID) {
            return cant_count(r->ctx, reference, clock->rule->code);
        }
    }
    if (fault == FAULT_NONE && ret_counted->last.due_ms != INT64_MAX) {
        *ret_changed = ret_counted->last.due_ms != clock->due_ms ||
                       ret_counted->last.provisional != clock->provisional;
    }
    return fault;
}

static void note_moved(struct recounting *r, int64_t matter, const char *reference,
                       const struct clock *clock, const struct counted *counted)
{
    *append(r) = (struct moved){.matter = matter,
                                .clock = clock->id,
                                .reference = arena_text(r->ctx->arena, reference),
                                .rule = clock->rule,
                                .obligor = arena_text(r->ctx->arena, clock->obligor),
                                .was_ms = clock->due_ms,
                                .due_ms = counted->last.due_ms,
                                .was_date = clock->due_date,
                                .due_date = counted->last.date,
                                .was_provisional = clock->provisional,
                                .provisional = counted->last.provisional};
}

/* ---- Looking ---- */

/* False if it is not counted in working days at all: until a day, or of an unknown edition. */
static bool read_clock(const struct recounting *r, const struct sql_rows *rows, struct clock *clock)
{
    const struct rulebook *book = office_edition(r->asked->office, sql_column_text(rows, 4));
    const struct rules_procedure *procedure =
        book == NULL ? NULL : rules_procedure(book, sql_column_text(rows, 3));
    const char *extension = sql_column_text(rows, 11);
    *clock = (struct clock){
        .id = sql_column_int(rows, 0),
        .rule = procedure == NULL ? NULL : rules_deadline(procedure, sql_column_text(rows, 5)),
        .obligor = sql_column_text(rows, 6),
        .from_ms = sql_column_int(rows, 8),
        .due_ms = sql_column_int(rows, 9),
        .due_date = (int32_t)sql_column_int(rows, 10),
        .provisional = sql_column_int(rows, 12) != 0};
    return clock->rule != NULL && span_parse(sql_column_text(rows, 7), &clock->within) &&
           (extension == NULL || span_parse(extension, &clock->extension));
}

static enum fault look_page(struct recounting *r, int64_t *last, bool *ret_more)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_query(
        r->tx, r->ctx,
        "SELECT d.id, d.matter, o.reference, o.procedure, o.edition, d.code, d.obligor, d.within,"
        " d.from_ms, d.due_ms, d.due_date, d.extension, d.provisional,"
        " CASE WHEN EXISTS (SELECT 1 FROM deadline_pause p WHERE p.region = d.region"
        " AND p.deadline = d.id) THEN 1 ELSE 0 END"
        " FROM deadline d JOIN matter o ON o.region = d.region AND o.id = d.matter"
        " WHERE d.region = $1 AND d.id > $2 AND d.ended_ms IS NULL AND d.paused_ms IS NULL"
        " ORDER BY d.id LIMIT $3",
        SQL_ARGS(sql_int(r->asked->office->region), sql_int(*last), sql_int(PAGE_ROWS)), &rows);
    int count = 0;
    while (fault == FAULT_NONE && sql_next(rows)) {
        struct clock clock;
        struct counted counted;
        bool changed = false;
        count++;
        *last = sql_column_int(rows, 0);
        if (read_clock(r, rows, &clock)) {
            r->asked->ret_open++;
            fault = count_anew(r, sql_column_text(rows, 2), &clock, sql_column_int(rows, 13) != 0,
                               &counted, &changed);
        }
        if (fault == FAULT_NONE && changed) {
            note_moved(r, sql_column_int(rows, 1), sql_column_text(rows, 2), &clock, &counted);
        }
    }
    *ret_more = count == PAGE_ROWS;
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

static int by_matter(const void *one, const void *two)
{
    const struct moved *a = one;
    const struct moved *b = two;
    int64_t x = a->matter != b->matter ? a->matter : a->clock;
    int64_t y = a->matter != b->matter ? b->matter : b->clock;
    return (x > y) - (x < y);
}

enum fault matter_recount_look(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct recount *asked = arg;
    struct recounting r = {.asked = asked, .ctx = ctx, .tx = tx};
    asked->ret_moved = NULL;
    asked->ret_count = 0;
    asked->ret_open = 0;
    int64_t last = 0;
    bool more = true;
    enum fault fault = FAULT_NONE;
    while (more && fault == FAULT_NONE) {
        fault = look_page(&r, &last, &more);
    }
    if (fault == FAULT_NONE && asked->ret_count > 0) {
        qsort(asked->ret_moved, asked->ret_count, sizeof *asked->ret_moved, by_matter);
    }
    return fault;
}

/* ---- Moving ---- */

static enum fault save_clock(struct recounting *r, const struct clock *clock)
{
    return sql_run(
        r->tx, r->ctx,
        "UPDATE deadline SET due_ms = $3, due_date = $4, provisional = $5, calendar = $6,"
        " first_due_date = $7, remind_ms = 0 WHERE region = $1 AND id = $2",
        SQL_ARGS(sql_int(r->asked->office->region), sql_int(clock->id), sql_int(clock->due_ms),
                 sql_int(clock->due_date), sql_int(clock->provisional ? 1 : 0),
                 sql_text(calendar_edition(r->asked->next)),
                 clock->extension.count == 0 ? sql_null() : sql_int(clock->first_due_date)),
        NULL);
}

static void note_event(struct performing *p, const struct clock *clock, int64_t was_ms)
{
    struct json_writer *json = &p->body.clocks_json;
    char id[ID_TEXT];
    id_format(clock->id, id);
    json_open(json);
    json_put_text(json, "id", id);
    json_put_text(json, "code", clock->rule->code);
    json_put_text(json, "change", was_ms == clock->due_ms ? "settled" : "moved");
    json_put_int(json, "due_ms", clock->due_ms);
    json_put_int(json, "was_ms", was_ms);
    json_close(json);
}

/* The handlers of every body that sees the matter. */
static enum fault tell(struct recounting *r, int64_t matter, const struct clock *clock,
                       int64_t was_ms)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault =
        sql_query(r->tx, r->ctx,
                  "SELECT org FROM matter_viewer WHERE region = $1 AND matter = $2 ORDER BY org",
                  SQL_ARGS(sql_int(r->asked->office->region), sql_int(matter)), &rows);
    while (fault == FAULT_NONE && sql_next(rows)) {
        struct message message = {
            .kind = MESSAGE_MOVED,
            .org = directory_org(r->asked->office->directory, sql_column_text(rows, 0)),
            .roles = 1u << ROLE_HANDLER,
            .matter = matter,
            .deadline = clock->id,
            .due_ms = clock->due_ms,
            .was_due_ms = was_ms};
        size_t told = 0;
        fault = message.org == NULL ? FAULT_NONE : message_tell(r->ctx, r->tx, &message, &told);
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

static enum fault move_clock(struct recounting *r, struct performing *p, struct clock *clock,
                             size_t *moved)
{
    struct counted counted;
    bool changed = false;
    if (clock->ended_ms != 0 || clock->paused_ms != 0 || clock->within.count == 0) {
        return FAULT_NONE;
    }
    enum fault fault = count_anew(r, p->matter->reference, clock, true, &counted, &changed);
    if (fault != FAULT_NONE || !changed) {
        return fault;
    }
    int64_t was_ms = clock->due_ms;
    note_moved(r, p->matter->id, p->matter->reference, clock, &counted);
    clock->due_ms = counted.last.due_ms;
    clock->due_date = counted.last.date;
    clock->first_due_date = counted.first.date;
    clock->provisional = counted.last.provisional;
    clock->calendar = calendar_edition(r->asked->next);
    note_event(p, clock, was_ms);
    *moved += 1;
    fault = save_clock(r, clock);
    return fault == FAULT_NONE && was_ms != clock->due_ms ? tell(r, p->matter->id, clock, was_ms)
                                                          : fault;
}

/* Everything of one matter, with its row locked: what another action did meanwhile is seen. */
static enum fault move_matter(struct recounting *r, int64_t id)
{
    struct rules_action action = {.code = event_code, .label = event_label, .by_system = true};
    struct performing p = {.office = r->asked->office,
                           .ctx = r->ctx,
                           .tx = r->tx,
                           .action = &action,
                           .happened_ms = r->ctx->now_ms};
    size_t moved = 0;
    enum fault fault = record_load(r->ctx, r->tx, r->asked->office, id, true, &p.matter);
    if (fault != FAULT_NONE) {
        return fault;
    }
    p.from = p.matter->state;
    p.parties_before = p.matter->parties;
    event_begin(&p);
    for (size_t i = 0; i < p.matter->clocks_count && fault == FAULT_NONE; i++) {
        fault = move_clock(r, &p, &p.matter->clocks[i], &moved);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    clocks_earliest(p.matter);
    fault = record_save(&p);
    /* Nothing left to move: the version was raised for the lock, so the event says that much. */
    return fault == FAULT_NONE ? record_event(&p) : fault;
}

static enum fault keep(struct ctx *ctx, struct store_tx *tx, const struct recount *asked)
{
    if (asked->text == NULL) {
        return FAULT_NONE;
    }
    return sql_run(tx, ctx,
                   "INSERT INTO calendar_edition (region, number, edition, loaded_ms, text)"
                   " SELECT CAST($1 AS BIGINT), coalesce(max(c.number), 0) + 1, CAST($2 AS TEXT),"
                   " CAST($3 AS BIGINT), CAST($4 AS TEXT) FROM calendar_edition c"
                   " WHERE c.region = $1",
                   SQL_ARGS(sql_int(asked->office->region), sql_text(calendar_edition(asked->next)),
                            sql_int(ctx->now_ms), sql_text(asked->text)),
                   NULL);
}

/* What did not move was counted with the new calendar too, and came out the same. */
static enum fault mark_rest(struct ctx *ctx, struct store_tx *tx, const struct recount *asked)
{
    return sql_run(
        tx, ctx,
        "UPDATE deadline SET calendar = $2 WHERE region = $1 AND ended_ms IS NULL"
        " AND paused_ms IS NULL AND calendar <> $2",
        SQL_ARGS(sql_int(asked->office->region), sql_text(calendar_edition(asked->next))), NULL);
}

enum fault matter_recount(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct recount *asked = arg;
    enum fault fault = keep(ctx, tx, asked);
    if (fault == FAULT_NONE) {
        fault = matter_recount_look(ctx, tx, asked);
    }
    /* What was found names the matters; what is moved is found again under each one's lock. */
    const struct moved *found = asked->ret_moved;
    size_t count = fault == FAULT_NONE ? asked->ret_count : 0;
    struct recounting r = {.asked = asked, .ctx = ctx, .tx = tx};
    asked->ret_moved = NULL;
    asked->ret_count = 0;
    for (size_t i = 0; i < count && fault == FAULT_NONE; i++) {
        if (i == 0 || found[i].matter != found[i - 1].matter) {
            fault = move_matter(&r, found[i].matter);
        }
    }
    return fault == FAULT_NONE ? mark_rest(ctx, tx, asked) : fault;
}
