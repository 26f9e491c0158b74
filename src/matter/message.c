#include "matter/message.h"

#include "base/id.h"
#include "calendar/date.h"
#include "store/query.h"

#include <assert.h>
#include <string.h>

enum { NEWS_ORGS = 100, SWEEP_ROWS = 1000 };
static const int64_t day_ms = 24LL * 3600 * 1000;

static const struct message_row {
    const char *code;
    struct label text;
} rows_of_kinds[] = {
#define MESSAGE(CODE, code, zh, en) {#code, {zh, en}},
#include "matter/tbl/message.h"
#undef MESSAGE
};

const char *message_code(enum message_kind kind)
{
    assert((size_t)kind < MESSAGES_COUNT);
    return rows_of_kinds[kind].code;
}

bool message_parse(const char *code, enum message_kind *ret_kind)
{
    for (unsigned i = 0; i < MESSAGES_COUNT; i++) {
        if (strcmp(rows_of_kinds[i].code, code) == 0) {
            *ret_kind = (enum message_kind)i;
            return true;
        }
    }
    return false;
}

/* ---- Telling ---- */

/* The accounts: in the body, with a role; and, of a matter, only if such an account sees it. */
static void find_accounts(struct ctx *ctx, struct query *query, const struct message *message)
{
    const char *comma = "";
    query_add(query, "SELECT a.id, CASE WHEN a.mail = 1 AND a.email IS NOT NULL"
                     " AND a.bounced_ms IS NULL THEN 1 ELSE 0 END FROM account a"
                     " WHERE a.region = ");
    query_value(query, sql_int(ctx->actor->region));
    query_add(query, " AND a.org = ");
    query_value(query, sql_text(message->org->code));
    query_add(query, " AND a.active = 1 AND EXISTS (SELECT 1 FROM account_role r"
                     " WHERE r.region = a.region AND r.account = a.id AND r.role IN (");
    for (unsigned role = 0; role < ROLES_COUNT; role++) {
        if ((message->roles & 1u << role) != 0) {
            query_add(query, comma);
            query_value(query, sql_text(role_code((enum role)role)));
            comma = ", ";
        }
    }
    query_add(query, "))");
    if (message->matter != 0) {
        struct actor *reader = arena_alloc(ctx->arena, sizeof *reader);
        *reader = (struct actor){.kind = ACTOR_ACCOUNT,
                                 .region = ctx->actor->region,
                                 .org = message->org,
                                 .roles = message->roles};
        query_add(query, " AND EXISTS (SELECT 1");
        people_visible_from(reader, query);
        query_add(query, " AND m.id = ");
        query_value(query, sql_int(message->matter));
        query_add(query, ")");
    }
    query_add(query, " ORDER BY a.id");
}

static struct sql_value int_or_null(int64_t value)
{
    return value == 0 ? sql_null() : sql_int(value);
}

static enum fault put(struct ctx *ctx, struct store_tx *tx, const struct message *message,
                      int64_t account, bool mailed)
{
    return sql_run(
        tx, ctx,
        "INSERT INTO message (region, id, account, kind, matter, deadline, about, due_ms,"
        " was_due_ms, created_ms, mail) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        SQL_ARGS(sql_int(ctx->actor->region), sql_int(id_make(ctx->now_ms)), sql_int(account),
                 sql_text(message_code(message->kind)), int_or_null(message->matter),
                 int_or_null(message->deadline), int_or_null(message->about),
                 int_or_null(message->due_ms), int_or_null(message->was_due_ms),
                 sql_int(ctx->now_ms), mailed ? sql_int(0) : sql_null()),
        NULL);
}

enum fault message_tell(struct ctx *ctx, struct store_tx *tx, const struct message *message,
                        size_t *ret_count)
{
    struct query query;
    query_init(&query, ctx->arena);
    find_accounts(ctx, &query, message);
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = query_run(&query, ctx, tx, &rows);
    *ret_count = 0;
    while (fault == FAULT_NONE && sql_next(rows)) {
        fault = put(ctx, tx, message, sql_column_int(rows, 0), sql_column_int(rows, 1) != 0);
        *ret_count += 1;
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

/* ---- The text ---- */

bool clock_ends_at_minute(const struct clock *clock)
{
    return clock->within.count > 0
               ? clock->within.unit == SPAN_HOUR
               : clock->rule->until != NULL && clock->rule->until->type == FACT_MINUTE;
}

const char *message_due(struct arena *arena, int64_t due_ms, bool minute)
{
    char text[MINUTE_TEXT];
    if (!minute) {
        date_format(date_of_ms(due_ms - 1), text);
        return arena_text(arena, text);
    }
    minute_format(due_ms, text);
    text[DATE_TEXT - 1] = ' ';
    return arena_text(arena, text);
}

static int32_t days_overdue(const struct office *office, const struct message_words *words)
{
    int32_t due = date_of_ms(words->due_ms - (words->minute ? 0 : 1));
    int32_t days = calendar_working_days(office->calendar, due, date_of_ms(words->created_ms));
    return days < 1 ? 1 : days;
}

static const char *word(struct arena *arena, const struct office *office,
                        const struct message_words *words, const char *name, enum lang lang)
{
    switch (name[0]) {
    case 'c': /* clock */
        return words->rule == NULL ? "?" : label_text(&words->rule->label, lang);
    case 'd': /* due, days */
        return name[1] == 'u' ? message_due(arena, words->due_ms, words->minute)
                              : arena_printf(arena, "%d", (int)days_overdue(office, words));
    case 'w': /* was */
        return message_due(arena, words->was_due_ms, words->minute);
    default: /* name */
        return words->name.zh == NULL ? "?" : label_text(&words->name, lang);
    }
}

static const char *fill(struct arena *arena, const struct office *office,
                        const struct message_words *words, enum lang lang)
{
    struct buffer text;
    buffer_init(&text, arena);
    for (const char *p = label_text(&rows_of_kinds[words->kind].text, lang); *p != 0;) {
        size_t plain = strcspn(p, "{");
        buffer_add(&text, p, plain);
        p += plain;
        if (*p == '{') {
            buffer_text(&text, word(arena, office, words, p + 1, lang));
            p += strcspn(p, "}") + 1;
        }
    }
    return text.data;
}

struct label message_text(struct arena *arena, const struct office *office,
                          const struct message_words *words)
{
    return (struct label){fill(arena, office, words, LANG_ZH), fill(arena, office, words, LANG_EN)};
}

/* ---- News and sweeping ---- */

static enum fault newest_message(struct ctx *ctx, struct store_tx *tx, struct message_news *news)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault =
        sql_one(tx, ctx, "SELECT coalesce(max(id), 1) FROM message WHERE region = $1",
                SQL_ARGS(sql_int(news->region)), &rows);
    news->ret_last = fault == FAULT_NONE ? sql_column_int(rows, 0) : 0;
    return fault;
}

enum fault message_news(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct message_news *news = arg;
    news->ret_count = 0;
    news->ret_last = news->after;
    news->ret_orgs = arena_array(ctx->arena, NEWS_ORGS, sizeof *news->ret_orgs);
    if (news->after == 0) {
        return newest_message(ctx, tx, news);
    }
    SCOPED(sql_rows) rows = NULL;
    enum fault fault =
        sql_query(tx, ctx,
                  "SELECT a.org, max(n.id) FROM message n JOIN account a ON a.region = n.region"
                  " AND a.id = n.account WHERE n.region = $1 AND n.id > $2 GROUP BY a.org",
                  SQL_ARGS(sql_int(news->region), sql_int(news->after)), &rows);
    while (fault == FAULT_NONE && sql_next(rows)) {
        int64_t newest = sql_column_int(rows, 1);
        news->ret_last = newest > news->ret_last ? newest : news->ret_last;
        if (news->ret_count < NEWS_ORGS) {
            news->ret_orgs[news->ret_count++] = arena_text(ctx->arena, sql_column_text(rows, 0));
        }
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

enum fault message_sweep(struct ctx *ctx, struct store_tx *tx)
{
    enum fault fault =
        sql_run(tx, ctx,
                "DELETE FROM message WHERE (region, id) IN (SELECT x.region, x.id FROM message x"
                " WHERE x.created_ms < $1 AND (x.read_ms < $1 OR x.created_ms < $2)"
                " ORDER BY x.created_ms LIMIT $3)",
                SQL_ARGS(sql_int(ctx->now_ms - 180 * day_ms), sql_int(ctx->now_ms - 400 * day_ms),
                         sql_int(SWEEP_ROWS)),
                NULL);
    if (fault == FAULT_NONE) {
        fault = sql_run(tx, ctx,
                        "DELETE FROM reminder WHERE (region, deadline, rung, day) IN (SELECT"
                        " x.region, x.deadline, x.rung, x.day FROM reminder x JOIN deadline d"
                        " ON d.region = x.region AND d.id = x.deadline WHERE x.sent_ms < $1"
                        " AND d.ended_ms IS NOT NULL ORDER BY x.sent_ms LIMIT $2)",
                        SQL_ARGS(sql_int(ctx->now_ms - 180 * day_ms), sql_int(SWEEP_ROWS)), NULL);
    }
    return fault == FAULT_NONE
               ? sql_run(tx, ctx,
                         "DELETE FROM mail WHERE (region, id) IN (SELECT x.region, x.id FROM mail x"
                         " WHERE x.created_ms < $1 ORDER BY x.created_ms LIMIT $2)",
                         SQL_ARGS(sql_int(ctx->now_ms - 180 * day_ms), sql_int(SWEEP_ROWS)), NULL)
               : fault;
}
