/* What must hold after each step, whatever was done. */
#include "base/id.h"
#include "walk.h"

#include <jansson.h>
#include <string.h>

struct loading {
    struct walking *w;
    int64_t id;
    struct matter *matter;
};

static enum fault load(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct loading *loading = arg;
    return record_load(ctx, tx, &loading->w->place.office, loading->id, false, &loading->matter);
}

struct matter *walk_load(struct walking *w, struct ctx *ctx, int64_t id)
{
    struct loading loading = {.w = w, .id = id};
    enum fault fault = store_read(w->place.store, ctx, load, &loading);
    if (fault != FAULT_NONE) {
        walk_complain(w, "a matter can't be loaded: %s %s", fault_name(fault),
                      ctx->note == NULL ? "" : ctx->note);
        ctx_clear(ctx);
        return NULL;
    }
    return loading.matter;
}

/* ---- A holder and a clock ---- */

static void check_holder(struct walking *w, const struct matter *m)
{
    const struct rules_state *state = m->state;
    bool running = false;
    for (size_t i = 0; i < m->clocks_count; i++) {
        running = running || m->clocks[i].ended_ms == 0;
    }
    if (state->final) {
        if (m->holder != NULL || running || m->closed_ms == 0) {
            walk_complain(w, "%s ended in %s with holder %s%s", m->procedure->code, state->code,
                          m->holder == NULL ? "-" : m->holder, running ? " and a clock" : "");
        }
        return;
    }
    if (m->holder == NULL) {
        walk_complain(w, "%s: nobody holds the state %s", m->procedure->code, state->code);
    }
    if (!running && state->reason.zh == NULL) {
        walk_complain(w, "%s: no clock and no reason in the state %s", m->procedure->code,
                      state->code);
    }
}

/* ---- The events give the row ---- */

static bool same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static void compare_facts(struct walking *w, const struct matter *m, const struct folded *f)
{
    for (size_t i = 0; i < m->procedure->facts_count; i++) {
        const struct fact_value *row = &m->facts[i];
        const struct fact_value *told = &f->facts[i];
        if (row->set != told->set || !same_text(row->value, told->value)) {
            walk_complain(w, "%s.%s: the row says %s, the events %s", m->procedure->code,
                          m->procedure->facts[i].code, row->value == NULL ? "-" : row->value,
                          told->value == NULL ? "-" : told->value);
        }
    }
}

static void compare_clock(struct walking *w, const struct matter *m, const struct clock *row,
                          const struct clock *told)
{
    bool same = row->rule == told->rule && row->from_ms == told->from_ms &&
                row->due_ms == told->due_ms && row->due_date == told->due_date &&
                row->paused_ms == told->paused_ms && row->ended_ms == told->ended_ms &&
                same_text(row->ended, told->ended) && row->extension.count == told->extension.count;
    if (!same) {
        walk_complain(
            w, "%s: clock %s from %lld due %lld %s; the events say %s from %lld due %lld %s",
            m->procedure->code, row->rule->code, (long long)row->from_ms, (long long)row->due_ms,
            row->ended == NULL ? "open" : row->ended, told->rule->code, (long long)told->from_ms,
            (long long)told->due_ms, told->ended == NULL ? "open" : told->ended);
    }
}

static void compare(struct walking *w, const struct past *past, const struct matter *m,
                    const struct folded *f)
{
    const char *code = m->procedure->code;
    if (m->state != f->state || m->version != f->version) {
        walk_complain(w, "%s: state %s version %lld; the events say %s %lld", code, m->state->code,
                      (long long)m->version, f->state == NULL ? "-" : f->state->code,
                      (long long)f->version);
    }
    const char *holder = f->state == NULL ? NULL : past_party_org(past, f->state->holder);
    if (!same_text(m->holder, holder)) {
        walk_complain(w, "%s: holder %s, the events say %s", code,
                      m->holder == NULL ? "-" : m->holder, holder == NULL ? "-" : holder);
    }
    compare_facts(w, m, f);
    if (m->clocks_count != f->clocks_count) {
        walk_complain(w, "%s: %zu clocks, the events say %zu", code, m->clocks_count,
                      f->clocks_count);
        return;
    }
    for (size_t i = 0; i < m->clocks_count; i++) {
        compare_clock(w, m, &m->clocks[i], &f->clocks[i].clock);
    }
    for (size_t i = 0; i < past->events_count; i++) {
        if (f->refusals[i] != REFUSAL_NONE && past->events[i].version > 1) {
            walk_complain(w, "%s.%s happened, but folded again it is refused: %d", code,
                          past->events[i].action, (int)f->refusals[i]);
        }
    }
}

/* ---- Each event's facts are such as the rulebook wants them ---- */

static void check_facts(struct walking *w, struct ctx *ctx, const struct matter *m,
                        const struct past *past)
{
    for (size_t i = 0; i < past->events_count; i++) {
        const struct past_event *event = &past->events[i];
        for (size_t k = 0; k < event->facts_count; k++) {
            const struct past_fact *told = &event->facts[k];
            const struct rules_fact *fact = rules_fact(m->procedure, told->code);
            const char *canonical = NULL;
            bool open = fact != NULL && fact->secrecy == SECRECY_OPEN;
            bool good = fact != NULL && (open ? !told->hidden : told->value == NULL);
            if (good && told->value != NULL) {
                good = rules_fact_check(ctx, fact, "walk", told->value, &canonical) == FAULT_NONE &&
                       strcmp(canonical, told->value) == 0;
            }
            if (!good) {
                walk_complain(w, "%s.%s: the event's fact %s is wrong", m->procedure->code,
                              event->action, told->code);
                ctx_clear(ctx);
            }
        }
    }
}

/* ---- No clock ends twice ---- */

struct clock_story {
    struct walking *w;
    int64_t matter;
    json_t *ended, *opened; /* By the clock's id. */
};

static void tell_change(struct clock_story *story, const json_t *change)
{
    const char *id = json_string_value(json_object_get(change, "id"));
    const char *what = json_string_value(json_object_get(change, "change"));
    if (id == NULL || what == NULL) {
        walk_complain(story->w, "an event tells a clock's change without id");
        return;
    }
    bool ends =
        strcmp(what, "met") == 0 || strcmp(what, "late") == 0 || strcmp(what, "lifted") == 0;
    bool opens = strcmp(what, "opened") == 0;
    bool ended = json_object_get(story->ended, id) != NULL;
    bool opened = json_object_get(story->opened, id) != NULL;
    if (ended || (opens && opened) || (!opens && !opened)) {
        walk_complain(story->w, "clock %s: %s, though it had %s",
                      json_string_value(json_object_get(change, "code")), what,
                      ended    ? "ended"
                      : opened ? "begun"
                               : "not begun");
    }
    if (ends) {
        json_object_set_new(story->ended, id, json_true());
    }
    if (opens) {
        json_object_set_new(story->opened, id, json_true());
    }
}

static enum fault read_changes(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct clock_story *story = arg;
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_query(
        tx, ctx, "SELECT body FROM event WHERE region = $1 AND matter = $2 ORDER BY version",
        SQL_ARGS(sql_int(story->w->place.office.region), sql_int(story->matter)), &rows);
    while (fault == FAULT_NONE && sql_next(rows)) {
        json_t *body = json_loads(sql_column_text(rows, 0), JSON_REJECT_DUPLICATES, NULL);
        size_t i = 0;
        const json_t *change = NULL;
        json_array_foreach(json_object_get(body, "clocks"), i, change)
        {
            tell_change(story, change);
        }
        json_decref(body);
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

static void check_changes(struct walking *w, struct ctx *ctx, const struct matter *m)
{
    struct clock_story story = {
        .w = w, .matter = m->id, .ended = json_object(), .opened = json_object()};
    enum fault fault = store_read(w->place.store, ctx, read_changes, &story);
    if (fault != FAULT_NONE || json_object_size(story.opened) != m->clocks_count) {
        walk_complain(w, "%s: events opened %zu clocks, there are %zu", m->procedure->code,
                      json_object_size(story.opened), m->clocks_count);
    }
    json_decref(story.ended);
    json_decref(story.opened);
}

/* Whoever did it, effects included. */
static void count_performed(struct walking *w, const struct matter *m, const struct past *past,
                            int64_t checked)
{
    for (size_t i = 0; i < past->events_count; i++) {
        const struct rules_action *action = rules_action(m->procedure, past->events[i].action);
        if (past->events[i].version > checked && action != NULL) {
            (*walk_performed(w, m->procedure, action))++;
        }
    }
}

static void check_record(struct walking *w, struct ctx *ctx, const struct matter *m,
                         int64_t checked)
{
    struct past_reading reading = {
        .office = &w->place.office, .after = m->id - 1, .max = 1, .range = {INT64_MIN, INT64_MAX}};
    struct folded folded;
    enum fault fault = store_read(w->place.store, ctx, past_read, &reading);
    if (fault != FAULT_NONE || reading.ret_count != 1 || reading.ret_pasts[0].id != m->id) {
        walk_complain(w, "%s: the record can't be read", m->procedure->code);
        return;
    }
    check_facts(w, ctx, m, &reading.ret_pasts[0]);
    count_performed(w, m, &reading.ret_pasts[0], checked);
    fault = rehearse_fold(ctx, w->place.calendar, m->procedure, &reading.ret_pasts[0], &folded);
    if (fault != FAULT_NONE) {
        walk_complain(w, "%s: the record can't be folded", m->procedure->code);
        return;
    }
    compare(w, &reading.ret_pasts[0], m, &folded);
}

void walk_check(struct walking *w, struct ctx *ctx, const struct matter *m, int64_t checked)
{
    check_holder(w, m);
    check_changes(w, ctx, m);
    check_record(w, ctx, m, checked);
}

/* ---- A refusal leaves nothing ---- */

struct traces {
    struct walking *w;
    int64_t marker, rows;
};

static enum fault count_traces(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct traces *traces = arg;
    SCOPED(sql_rows) rows = NULL;
    enum fault fault =
        sql_one(tx, ctx,
                "SELECT (SELECT count(*) FROM event WHERE region = $1 AND id > $2)"
                " + (SELECT count(*) FROM matter WHERE region = $1 AND id > $2)"
                " + (SELECT count(*) FROM deadline WHERE region = $1 AND id > $2)"
                " + (SELECT count(*) FROM material WHERE region = $1 AND id > $2)",
                SQL_ARGS(sql_int(traces->w->place.office.region), sql_int(traces->marker)), &rows);
    traces->rows = fault == FAULT_NONE ? sql_column_int(rows, 0) : -1;
    return fault;
}

void walk_check_untouched(struct walking *w, struct ctx *ctx, int64_t marker, int64_t matter,
                          int64_t version)
{
    struct traces traces = {.w = w, .marker = marker};
    enum fault fault = store_read(w->place.store, ctx, count_traces, &traces);
    if (fault != FAULT_NONE || traces.rows != 0) {
        walk_complain(w, "a refusal left %lld rows", (long long)traces.rows);
    }
    const struct matter *m = matter == 0 ? NULL : walk_load(w, ctx, matter);
    if (m != NULL && m->version != version) {
        walk_complain(w, "a refusal changed the version from %lld to %lld", (long long)version,
                      (long long)m->version);
    }
}
