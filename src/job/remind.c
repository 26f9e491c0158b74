/*
 * Reminders and escalation. Each clock climbs a ladder, one rung at a time:
 *
 *   turns yellow -> its handlers       | overdue, each working day after red -> its handlers
 *   runs out     -> its handlers (red) | overdue n working days -> approver, head, supervisor
 *
 * The table `reminder` makes each rung happen once for a due day; `deadline.remind_ms` says when a
 * clock is worth looking at again, so a run reads only clocks for which something may be due.
 * Everything is derived from the clock and the moment: a run that was missed is made up for.
 */
#include "base/text.h"
#include "calendar/date.h"
#include "job/job.h"
#include "matter/message.h"
#include "store/query.h"

#include <string.h>

enum { BATCH_CLOCKS = 200, BATCHES_MAX = 50, LOOKS_AT_ONCE = 28, HOUR_MS = 3600 * 1000 };

enum occasion { ON_YELLOW, ON_RED, DAILY, WHEN_OVERDUE };

static const struct rung {
    enum message_kind kind;
    enum occasion occasion;
    const char *setting; /* WHEN_OVERDUE: since how many working days. */
    int64_t usual;
    enum role role;
    bool supervisor; /* Goes to the supervisor, not to the body that owes. */
    bool target;     /* Target clocks too: a goal of one's own alarms nobody above. */
} ladder[] = {
    {MESSAGE_YELLOW, ON_YELLOW, NULL, 0, ROLE_HANDLER, false, true},
    {MESSAGE_RED, ON_RED, NULL, 0, ROLE_HANDLER, false, true},
    {MESSAGE_DAILY, DAILY, NULL, 0, ROLE_HANDLER, false, false},
    {MESSAGE_APPROVER, WHEN_OVERDUE, "remind_approver_days", 2, ROLE_APPROVER, false, false},
    {MESSAGE_HEAD, WHEN_OVERDUE, "remind_head_days", 4, ROLE_HEAD, false, false},
    {MESSAGE_SUPERVISOR, WHEN_OVERDUE, "remind_supervisor_days", 6, ROLE_HANDLER, true, false},
};

/* What the ladder asks of one clock. */
struct owed {
    int64_t id, matter, due_ms;
    int32_t due_date;
    const struct org *obligor; /* NULL: nobody who could be told. */
    bool target, paused;
    int32_t red_day; /* When the red rung was sent; -1: not yet. */
    uint32_t sent;   /* Mask of kinds sent for this due day (daily: today). */
    int64_t look_ms; /* When to look again. */
    bool looked;     /* That is written. */
};

struct reminding {
    const struct office *office;
    int64_t overdue_days[sizeof ladder / sizeof ladder[0]];
    struct owed *batch; /* BATCH_CLOCKS at most. */
    size_t count;
};

static int64_t setting_of(const struct office *office, int64_t now_ms, const char *code,
                          int64_t usual)
{
    const struct rules_setting *setting = rules_setting(office_book(office, now_ms), code);
    int64_t value = usual;
    return setting != NULL && text_to_int(setting->value, 0, 1000, &value) ? value : usual;
}

static bool in_office_hours(const struct office *office, int64_t now_ms)
{
    int32_t today = date_of_ms(now_ms);
    int64_t into_ms = now_ms - date_start_ms(today);
    return calendar_is_working(office->calendar, today) &&
           into_ms >= setting_of(office, now_ms, "office_opens", 9) * HOUR_MS &&
           into_ms < setting_of(office, now_ms, "office_closes", 17) * HOUR_MS;
}

/* The first moment of the day on which the clock turns yellow. */
static int64_t yellow_from(const struct office *office, int32_t due_date)
{
    int32_t day = due_date;
    while (day > due_date - 400 && calendar_working_days(office->calendar, day - 1, due_date) <=
                                       (int32_t)office->yellow_days) {
        day--;
    }
    return date_start_ms(day);
}

static int64_t next_working_day(const struct office *office, int64_t now_ms)
{
    int32_t day = date_of_ms(now_ms) + 1;
    while (day < date_of_ms(now_ms) + 400 && !calendar_is_working(office->calendar, day)) {
        day++;
    }
    return date_start_ms(day);
}

/* When to look at the clock again, all that is due now being sent. */
static int64_t next_look(const struct office *office, const struct owed *owed, int64_t now_ms)
{
    int64_t yellow_ms = yellow_from(office, owed->due_date);
    if (owed->paused || owed->obligor == NULL) {
        return INT64_MAX; /* Resuming counts the due moment anew and sets this to 0. */
    }
    if (now_ms < yellow_ms) {
        return yellow_ms;
    }
    if (now_ms < owed->due_ms) {
        return owed->due_ms;
    }
    return owed->target ? INT64_MAX : next_working_day(office, now_ms);
}

static bool is_due(const struct reminding *r, size_t place, const struct owed *owed, int64_t now_ms)
{
    const struct rung *rung = &ladder[place];
    bool red = now_ms >= owed->due_ms;
    int32_t today = date_of_ms(now_ms);
    if (owed->paused || owed->obligor == NULL || (owed->target && !rung->target) ||
        (owed->sent & 1u << rung->kind) != 0) {
        return false;
    }
    switch (rung->occasion) {
    case ON_YELLOW:
        return !red && now_ms >= yellow_from(r->office, owed->due_date);
    case ON_RED:
        return red;
    case DAILY:
        return red && owed->red_day >= 0 && owed->red_day < today;
    default:
        return red && calendar_working_days(r->office->calendar, owed->due_date, today) >=
                          r->overdue_days[place];
    }
}

/* Takes the rung; false if it was taken before, by whomever. */
static enum fault take_rung(struct ctx *ctx, struct store_tx *tx, const struct owed *owed,
                            const struct rung *rung, bool *ret_taken)
{
    int64_t changed = 0;
    int32_t day = rung->occasion == DAILY ? date_of_ms(ctx->now_ms) : owed->due_date;
    enum fault fault =
        sql_run(tx, ctx,
                "INSERT INTO reminder (region, deadline, rung, day, sent_ms)"
                " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (region, deadline, rung, day) DO NOTHING",
                SQL_ARGS(sql_int(ctx->actor->region), sql_int(owed->id),
                         sql_text(message_code(rung->kind)), sql_int(day), sql_int(ctx->now_ms)),
                &changed);
    *ret_taken = changed == 1;
    return fault;
}

static enum fault tell(struct ctx *ctx, struct store_tx *tx, const struct reminding *r,
                       const struct owed *owed, const struct rung *rung)
{
    struct message message = {.kind = rung->kind,
                              .org = owed->obligor,
                              .roles = 1u << rung->role,
                              .matter = owed->matter,
                              .deadline = owed->id,
                              .due_ms = owed->due_ms};
    size_t told = 0;
    if (!rung->supervisor) {
        return message_tell(ctx, tx, &message, &told);
    }
    const struct directory *directory = r->office->directory;
    enum fault fault = FAULT_NONE;
    for (size_t i = 0; i < directory->orgs_count && fault == FAULT_NONE; i++) {
        message.org = &directory->orgs[i];
        if (message.org->kind == ORG_SUPERVISOR && message.org != owed->obligor) {
            fault = message_tell(ctx, tx, &message, &told);
        }
    }
    return fault;
}

static enum fault climb(struct ctx *ctx, struct store_tx *tx, const struct reminding *r,
                        const struct owed *owed)
{
    enum fault fault = FAULT_NONE;
    for (size_t i = 0; i < sizeof ladder / sizeof ladder[0] && fault == FAULT_NONE; i++) {
        bool taken = false;
        if (is_due(r, i, owed, ctx->now_ms)) {
            fault = take_rung(ctx, tx, owed, &ladder[i], &taken);
        }
        if (fault == FAULT_NONE && taken) {
            fault = tell(ctx, tx, r, owed, &ladder[i]);
        }
    }
    return fault;
}

/* Which rungs were sent: for this due day, and the daily one today. */
static enum fault read_sent(struct ctx *ctx, struct store_tx *tx, struct owed *owed)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault =
        sql_query(tx, ctx,
                  "SELECT rung, sent_ms FROM reminder WHERE region = $1 AND deadline = $2 AND"
                  " ((rung <> 'daily' AND day = $3) OR (rung = 'daily' AND day = $4))",
                  SQL_ARGS(sql_int(ctx->actor->region), sql_int(owed->id), sql_int(owed->due_date),
                           sql_int(date_of_ms(ctx->now_ms))),
                  &rows);
    owed->red_day = -1;
    while (fault == FAULT_NONE && sql_next(rows)) {
        enum message_kind kind;
        if (message_parse(sql_column_text(rows, 0), &kind)) {
            owed->sent |= 1u << kind;
            owed->red_day =
                kind == MESSAGE_RED ? date_of_ms(sql_column_int(rows, 1)) : owed->red_day;
        }
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

static struct owed owed_of(const struct reminding *r, const struct sql_rows *rows)
{
    const struct org *obligor = directory_org(r->office->directory, sql_column_text(rows, 2));
    bool tells = obligor != NULL && obligor->kind != ORG_PUBLIC;
    return (struct owed){.id = sql_column_int(rows, 0),
                         .matter = sql_column_int(rows, 1),
                         .obligor = tells ? obligor : NULL,
                         .target =
                             strcmp(sql_column_text(rows, 3), strength_code(STRENGTH_TARGET)) == 0,
                         .due_ms = sql_column_int(rows, 4),
                         .due_date = (int32_t)sql_column_int(rows, 5),
                         .paused = !sql_column_null(rows, 6)};
}

static enum fault read_batch(struct ctx *ctx, struct store_tx *tx, struct reminding *r)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_query(
        tx, ctx,
        "SELECT id, matter, obligor, strength, due_ms, due_date, paused_ms FROM deadline"
        " WHERE region = $1 AND remind_ms <= $2 AND ended_ms IS NULL"
        " ORDER BY remind_ms LIMIT $3",
        SQL_ARGS(sql_int(ctx->actor->region), sql_int(ctx->now_ms), sql_int(BATCH_CLOCKS)), &rows);
    r->count = 0;
    while (fault == FAULT_NONE && sql_next(rows)) {
        r->batch[r->count++] = owed_of(r, rows);
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

/*
 * Says when to look again. Clocks due at one moment go into one statement; the moment is asked once
 * more, so that a clock that another process moves meanwhile keeps its 0. (`ended_ms IS NULL` is
 * not asked: with it PostgreSQL, before it knows the table, reads every open clock by that index.)
 */
static enum fault set_looks(struct ctx *ctx, struct store_tx *tx, struct reminding *r, size_t first)
{
    struct owed *owed = r->batch;
    struct query query;
    const char *comma = "";
    unsigned count = 0;
    int64_t due_ms = owed[first].due_ms;
    int64_t look_ms = owed[first].look_ms;
    query_init(&query, ctx->arena);
    query_add(&query, "UPDATE deadline SET remind_ms = ");
    query_value(&query, sql_int(look_ms));
    query_add(&query, " WHERE region = ");
    query_value(&query, sql_int(ctx->actor->region));
    query_add(&query, " AND due_ms = ");
    query_value(&query, sql_int(due_ms));
    query_add(&query, " AND id IN (");
    for (size_t i = first; i < r->count && count < LOOKS_AT_ONCE; i++) {
        if (!owed[i].looked && owed[i].due_ms == due_ms && owed[i].look_ms == look_ms) {
            query_add(&query, comma);
            query_value(&query, sql_int(owed[i].id));
            comma = ", ";
            owed[i].looked = true;
            count++;
        }
    }
    query_add(&query, ")");
    return query_finish(&query, ctx, tx);
}

/* One batch: a write transaction. */
static enum fault remind_batch(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct reminding *r = arg;
    enum fault fault = read_batch(ctx, tx, r);
    for (size_t i = 0; i < r->count && fault == FAULT_NONE; i++) {
        struct owed *owed = &r->batch[i];
        /* A green clock was never told of, as it is due now. */
        bool green = ctx->now_ms < yellow_from(r->office, owed->due_date);
        fault = green ? FAULT_NONE : read_sent(ctx, tx, owed);
        fault = fault == FAULT_NONE ? climb(ctx, tx, r, owed) : fault;
        owed->look_ms = next_look(r->office, owed, ctx->now_ms);
    }
    for (size_t i = 0; i < r->count && fault == FAULT_NONE; i++) {
        fault = r->batch[i].looked ? FAULT_NONE : set_looks(ctx, tx, r, i);
    }
    return fault;
}

/* Is there anything to do? Asked before the writer is troubled. */
static enum fault find_work(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    bool *there = arg;
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_query(
        tx, ctx,
        "SELECT id FROM deadline WHERE region = $1 AND remind_ms <= $2 AND ended_ms IS NULL"
        " ORDER BY remind_ms LIMIT 1",
        SQL_ARGS(sql_int(ctx->actor->region), sql_int(ctx->now_ms)), &rows);
    *there = fault == FAULT_NONE && sql_next(rows);
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

enum fault job_remind(struct ctx *ctx, struct store *store, const struct office *office)
{
    const struct actor system = {
        .kind = ACTOR_SYSTEM, .region = office->region, .login = "system", .name = ""};
    struct reminding r = {.office = office};
    const struct actor *before = ctx->actor;
    enum fault fault = FAULT_NONE;
    if (!in_office_hours(office, ctx->now_ms)) {
        return FAULT_NONE;
    }
    for (size_t i = 0; i < sizeof ladder / sizeof ladder[0]; i++) {
        r.overdue_days[i] =
            ladder[i].setting == NULL
                ? 0
                : setting_of(office, ctx->now_ms, ladder[i].setting, ladder[i].usual);
    }
    r.batch = arena_array(ctx->arena, BATCH_CLOCKS, sizeof *r.batch);
    ctx->actor = &system;
    bool there = true;
    for (int i = 0; i < BATCHES_MAX && fault == FAULT_NONE && there; i++) {
        fault = store_read(store, ctx, find_work, &there);
        if (fault == FAULT_NONE && there) {
            fault = store_write(store, ctx, remind_batch, &r);
        }
    }
    ctx->actor = before;
    return fault;
}
