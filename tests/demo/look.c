#include "look.h"

#include "base/credit_code.h"
#include "base/file.h"
#include "base/text.h"
#include "calendar/date.h"

#include <stdio.h>
#include <string.h>

enum { MATTERS_MIN = 300, MATTERS_MAX = 450, MINUTE_MS = 60 * 1000 };

static void complain(struct look *look, const char *what, const char *which, int64_t found)
{
    look->wrong++;
    (void)printf("wrong: %s: %s: %lld\n", what, which, (long long)found);
}

/* ---- States ---- */

/* The daily work is shown in each of its states; of the rest, whether there is any of it. */
static bool shown_in_each_state(const char *procedure)
{
    static const char *const daily[] = {"complaint", "report", "transfer", "case", "assistance"};
    for (size_t i = 0; i < sizeof daily / sizeof daily[0]; i++) {
        if (strcmp(daily[i], procedure) == 0) {
            return true;
        }
    }
    return false;
}

enum fault look_at_states(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct look *look = arg;
    const struct rulebook *book = look->place->book;
    enum fault fault = FAULT_NONE;
    look->matters = 0;
    for (size_t i = 0; i < book->procedures_count; i++) {
        const struct rules_procedure *procedure = &book->procedures[i];
        bool each = shown_in_each_state(procedure->code);
        int64_t before = look->matters;
        for (size_t k = 0; k < procedure->states_count && fault == FAULT_NONE; k++) {
            const char *state = procedure->states[k].code;
            SCOPED(sql_rows) rows = NULL;
            fault = sql_one(
                tx, ctx,
                "SELECT count(*) FROM matter WHERE region = $1 AND procedure = $2 AND state = $3",
                SQL_ARGS(sql_int(book->region), sql_text(procedure->code), sql_text(state)), &rows);
            int64_t count = fault == FAULT_NONE ? sql_column_int(rows, 0) : 0;
            look->matters += count;
            if (look->table) {
                (void)printf("%-12s %-16s %4lld\n", procedure->code, state, (long long)count);
            }
            if (count == 0 && each) {
                complain(look, "no matter in the state", state, 0);
            }
        }
        if (look->matters == before) {
            complain(look, "no matter of the procedure", procedure->code, 0);
        }
    }
    if (look->matters < MATTERS_MIN || look->matters > MATTERS_MAX) {
        complain(look, "matters", "all", look->matters);
    }
    return fault;
}

/* ---- Desks ---- */

/* The fewest and the most of each light: green, yellow, red, grey. */
struct desk {
    const char *org;
    unsigned least[4], most[4];
};

static const struct desk desks[] = {
    {"supervisor", {18, 6, 4, 1}, {34, 13, 7, 4}},
    {"water", {8, 2, 1, 1}, {34, 9, 5, 3}},
    {"housing", {8, 2, 1, 1}, {34, 9, 4, 3}},
    {"transport", {3, 0, 0, 0}, {24, 6, 2, 2}},
    {"finance", {2, 0, 0, 0}, {16, 5, 4, 2}},
    {"natural_resources", {2, 0, 0, 0}, {12, 5, 2, 1}},
    {"agriculture", {2, 0, 0, 0}, {14, 5, 3, 1}},
    {"state_assets", {1, 0, 0, 0}, {8, 3, 1, 1}},
    {"development", {0, 0, 1, 0}, {4, 2, 3, 1}},
    {"treasury", {3, 0, 0, 0}, {12, 4, 1, 1}},
    {"police", {0, 0, 0, 0}, {4, 3, 1, 0}},
    {"trading_centre", {1, 0, 0, 0}, {10, 4, 1, 0}},
};

static enum fault count_lights(struct ctx *ctx, struct store_tx *tx, struct look *look,
                               const char *org, unsigned ret_counts[4])
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault =
        sql_query(tx, ctx,
                  "SELECT due_ms, due_date, paused_ms FROM deadline"
                  " WHERE region = $1 AND obligor = $2 AND ended_ms IS NULL",
                  SQL_ARGS(sql_int(look->place->office.region), sql_text(org)), &rows);
    while (fault == FAULT_NONE && sql_next(rows)) {
        struct clock clock = {.due_ms = sql_column_int(rows, 0),
                              .due_date = (int32_t)sql_column_int(rows, 1),
                              .paused_ms = sql_column_int(rows, 2)};
        enum light light = clock_light(&look->place->office, &clock, look->now_ms);
        ret_counts[light - LIGHT_GREEN]++;
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

/* On a rest day the clocks that are due the working day after next are green already. */
static void check_desk(struct look *look, const struct desk *desk, const unsigned counts[4])
{
    bool rest = !calendar_is_working(look->place->calendar, date_of_ms(look->now_ms));
    for (unsigned k = 0; k < 4; k++) {
        unsigned least = rest && k == 1 ? desk->least[k] / 4 : desk->least[k];
        unsigned most = rest && k == 0 ? desk->most[0] + desk->most[1] : desk->most[k];
        if (counts[k] < least || counts[k] > most) {
            complain(look, desk->org, light_code((enum light)(LIGHT_GREEN + k)), counts[k]);
        }
    }
}

enum fault look_at_desks(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct look *look = arg;
    enum fault fault = FAULT_NONE;
    for (size_t i = 0; i < sizeof desks / sizeof desks[0] && fault == FAULT_NONE; i++) {
        unsigned counts[4] = {0};
        fault = count_lights(ctx, tx, look, desks[i].org, counts);
        if (look->table) {
            (void)printf("%-18s green %2u yellow %2u red %2u grey %2u\n", desks[i].org, counts[0],
                         counts[1], counts[2], counts[3]);
        }
        check_desk(look, &desks[i], counts);
    }
    return fault;
}

/* ---- Deeds ---- */

static bool in_office_hours(const struct look *look, int64_t time_ms)
{
    int32_t date = date_of_ms(time_ms);
    int64_t minute = (time_ms - date_start_ms(date)) / MINUTE_MS;
    bool morning = minute >= 8 * 60 + 30 && minute < 12 * 60;
    bool afternoon = minute >= 14 * 60 + 30 && minute < 17 * 60 + 30;
    return calendar_is_working(look->place->calendar, date) && (morning || afternoon);
}

enum fault look_at_deeds(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct look *look = arg;
    int64_t year_ago_ms = look->now_ms - 366LL * 24 * 60 * MINUTE_MS;
    int64_t last_ms = year_ago_ms;
    SCOPED(sql_rows) rows = NULL;
    enum fault fault =
        sql_query(tx, ctx, "SELECT recorded_ms, happened_ms, number FROM event ORDER BY id",
                  SQL_NO_ARGS, &rows);
    look->events = 0;
    look->unnumbered = 0;
    while (fault == FAULT_NONE && sql_next(rows)) {
        int64_t recorded_ms = sql_column_int(rows, 0);
        look->events++;
        if (recorded_ms < last_ms || recorded_ms > look->now_ms ||
            sql_column_int(rows, 1) > recorded_ms) {
            complain(look, "event", "out of time order", recorded_ms);
        }
        if (!in_office_hours(look, recorded_ms)) {
            complain(look, "event", "outside office hours", recorded_ms);
        }
        if (sql_column_null(rows, 2)) {
            look->unnumbered++;
        } else if (look->unnumbered == 0 && sql_column_int(rows, 2) != look->events) {
            complain(look, "event", "its number", sql_column_int(rows, 2));
        }
        last_ms = recorded_ms;
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

/* ---- Papers ---- */

static bool file_is_right(struct ctx *ctx, const struct look *look, const struct sql_rows *rows)
{
    const char *sha256 = sql_column_text(rows, 0);
    char found[2][DIGEST_HEX];
    struct digest digest;
    char *data = NULL;
    size_t count = 0;
    const char *path = matter_file_path(ctx->arena, &look->place->office, sha256);
    if (file_read(ctx, path, 1024 * 1024, &data, &count) != FAULT_NONE) {
        return false;
    }
    digest_of(data, count, &digest);
    text_hex(digest.sha256, DIGEST_BYTES, found[0]);
    text_hex(digest.sm3, DIGEST_BYTES, found[1]);
    bool kind = strcmp(sql_column_text(rows, 3), "text/plain") == 0 ? text_is_utf8(data, count)
                                                                    : text_starts(data, "%PDF-");
    return kind && count > 50 && (int64_t)count == sql_column_int(rows, 2) &&
           strcmp(found[0], sha256) == 0 && strcmp(found[1], sql_column_text(rows, 1)) == 0;
}

enum fault look_at_papers(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct look *look = arg;
    int64_t count = 0;
    SCOPED(sql_rows) rows = NULL;
    enum fault fault =
        sql_query(tx, ctx, "SELECT DISTINCT sha256, sm3, bytes, media_type FROM material",
                  SQL_NO_ARGS, &rows);
    for (; fault == FAULT_NONE && sql_next(rows); count++) {
        if (!file_is_right(ctx, look, rows)) {
            complain(look, "file", sql_column_text(rows, 0), 0);
        }
    }
    if (count < look->matters) {
        complain(look, "papers", "different ones", count);
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

/* ---- Trouble ---- */

static enum fault at_least(struct ctx *ctx, struct store_tx *tx, struct look *look,
                           const char *what, const char *statement, int64_t least)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_one(tx, ctx, statement, SQL_NO_ARGS, &rows);
    int64_t found = fault == FAULT_NONE ? sql_column_int(rows, 0) : 0;
    if (found < least) {
        complain(look, "too few", what, found);
    }
    return fault;
}

enum fault look_at_trouble(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct look *look = arg;
    static const struct {
        const char *what, *statement;
        int64_t least;
    } asked[] = {
        {"clocks met late", "SELECT count(*) FROM deadline WHERE ended = 'late'", 5},
        {"urging", "SELECT count(*) FROM event WHERE action = 'urge'", 5},
        {"missing materials", "SELECT count(*) FROM material WHERE tick = 'missing'", 3},
        {"pauses over", "SELECT count(*) FROM deadline_pause WHERE until_ms > 0", 2},
        {"pauses still open", "SELECT count(*) FROM deadline_pause WHERE until_ms = 0", 3},
        {"receipts", "SELECT count(*) FROM receipt", 30},
        {"extensions", "SELECT count(*) FROM event WHERE action = 'extend'", 2},
        {"plenaries held",
         "SELECT count(*) FROM matter WHERE procedure = 'conference_year' AND state = 'held'", 1},
        {"the next plenary's year",
         "SELECT count(*) FROM matter WHERE procedure = 'conference_year' AND state = 'due'", 1},
        {"operations under way",
         "SELECT count(*) FROM matter WHERE procedure = 'joint_operation' AND state = 'running'",
         1},
        {"draws published",
         "SELECT count(*) FROM matter WHERE procedure = 'draw' AND state = 'published'", 2},
        {"penalties published in time",
         "SELECT count(*) FROM deadline d JOIN matter m ON m.id = d.matter WHERE d.code = 'publish'"
         " AND m.procedure = 'publication' AND d.ended = 'met'",
         5},
        {"penalties not published in time",
         "SELECT count(*) FROM event e JOIN matter m ON m.id = e.matter WHERE e.action = 'urge'"
         " AND m.procedure = 'publication'",
         1},
        {"what lapsed by itself",
         "SELECT count(*) FROM matter WHERE state IN ('expired', 'lapsed') AND final = 1", 2},
        {"crimes handed to the police",
         "SELECT count(*) FROM matter WHERE procedure = 'crime_transfer'", 4},
        {"directives urged",
         "SELECT count(*) FROM event e JOIN matter m ON m.id = e.matter WHERE e.action = 'urge'"
         " AND m.procedure = 'directive'",
         1},
        {"unsealings", "SELECT count(*) FROM event WHERE action = 'unseal'", 1},
        {"closed in the last 31 days",
         "SELECT count(*) FROM matter WHERE closed_ms >"
         " (SELECT max(recorded_ms) FROM event) - 2678400000",
         8},
        {"closed more than half a year ago",
         "SELECT count(*) FROM matter WHERE closed_ms <"
         " (SELECT max(recorded_ms) FROM event) - 15811200000",
         20},
        {"anonymous reports",
         "SELECT count(*) FROM matter m WHERE procedure = 'report' AND NOT EXISTS"
         " (SELECT 1 FROM vault v WHERE v.region = m.region AND v.matter = m.id"
         " AND v.code = 'maker_name')",
         8},
    };
    enum fault fault = FAULT_NONE;
    for (size_t i = 0; i < sizeof asked / sizeof asked[0] && fault == FAULT_NONE; i++) {
        fault = at_least(ctx, tx, look, asked[i].what, asked[i].statement, asked[i].least);
    }
    return fault;
}

/* ---- Names ---- */

static enum fault look_at_texts(struct ctx *ctx, struct store_tx *tx, struct look *look)
{
    SCOPED(sql_rows) rows = NULL;
    int64_t codes = 0;
    enum fault fault = sql_query(tx, ctx, "SELECT code, value FROM fact", SQL_NO_ARGS, &rows);
    while (fault == FAULT_NONE && sql_next(rows)) {
        const char *value = sql_column_text(rows, 1);
        bool code = strcmp(sql_column_text(rows, 0), "respondent_code") == 0;
        codes += code ? 1 : 0;
        if (code && credit_code_check(value) != CREDIT_CODE_OK) {
            complain(look, "credit code", value, 0);
        }
        if (strpbrk(value, "{}?") != NULL) {
            complain(look, "unfinished text", value, 0);
        }
    }
    if (codes < 100) {
        complain(look, "too few", "credit codes", codes);
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

enum fault look_at_names(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct look *look = arg;
    static const char *const main_bodies[] = {"supervisor",     "housing",      "transport",
                                              "water",          "finance",      "natural_resources",
                                              "agriculture",    "state_assets", "development",
                                              "trading_centre", "treasury",     "police"};
    enum fault fault = look_at_texts(ctx, tx, look);
    for (size_t i = 0; i < sizeof main_bodies / sizeof main_bodies[0] && fault == FAULT_NONE; i++) {
        SCOPED(sql_rows) rows = NULL;
        fault = sql_one(tx, ctx, "SELECT count(*) FROM account WHERE org = $1",
                        SQL_ARGS(sql_text(main_bodies[i])), &rows);
        if (fault == FAULT_NONE && sql_column_int(rows, 0) != 3) {
            complain(look, "accounts", main_bodies[i], sql_column_int(rows, 0));
        }
    }
    return fault;
}

/* ---- All ---- */

/* Adds every row of a statement whose columns are all text or all numbers, as given by `kinds`
 * ("tin"). */
static enum fault add_rows(struct ctx *ctx, struct store_tx *tx, struct buffer *all,
                           const char *statement, const char *kinds)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_query(tx, ctx, statement, SQL_NO_ARGS, &rows);
    while (fault == FAULT_NONE && sql_next(rows)) {
        for (unsigned i = 0; kinds[i] != 0; i++) {
            if (kinds[i] == 'i') {
                buffer_printf(all, "%lld\t", (long long)sql_column_int(rows, i));
            } else {
                const char *text = sql_column_text(rows, i);
                buffer_printf(all, "%s\t", text == NULL ? "-" : text);
            }
        }
        buffer_char(all, '\n');
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

enum fault look_at_all(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct look *look = arg;
    /* A matter is named by its place in the order in which matters began. Ticks name ids. */
    static const char *const places =
        "WITH place AS (SELECT id, row_number() OVER (ORDER BY id) AS n FROM matter) ";
    static const struct {
        const char *statement, *kinds;
    } parts[] = {
        {"SELECT place.n, procedure, state, title, holder, created_ms, closed_ms, due_ms, version "
         "FROM matter"
         " JOIN place ON place.id = matter.id ORDER BY place.n",
         "ittttiiii"},
        {"SELECT place.n, code, value, action, set_ms FROM fact JOIN place ON place.id = "
         "fact.matter"
         " WHERE code <> 'ticks' ORDER BY place.n, code",
         "ittti"},
        {"SELECT place.n, version, action, org, recorded_ms, happened_ms FROM event"
         " JOIN place ON place.id = event.matter ORDER BY place.n, version",
         "iittii"},
        {"SELECT place.n, code, obligor, within, from_ms, due_ms, ended_ms, ended FROM deadline"
         " JOIN place ON place.id = deadline.matter ORDER BY place.n, deadline.id",
         "itttiiit"},
        {"SELECT place.n, name, sha256, sm3, org, tick FROM material"
         " JOIN place ON place.id = material.matter ORDER BY place.n, material.id",
         "ittttt"},
        {"SELECT place.n, party, org FROM matter_party JOIN place ON place.id = matter_party.matter"
         " ORDER BY place.n, party",
         "itt"},
        {"SELECT place.n, code, action, set_ms FROM vault JOIN place ON place.id = vault.matter"
         " ORDER BY place.n, code",
         "itti"},
    };
    struct buffer all;
    buffer_init(&all, ctx->arena);
    enum fault fault = FAULT_NONE;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0] && fault == FAULT_NONE; i++) {
        /* Statements are kept by address for as long as the store lives: these live in the test's
         * arena. */
        const char *statement = arena_printf(ctx->arena, "%s%s", places, parts[i].statement);
        fault = add_rows(ctx, tx, &all, statement, parts[i].kinds);
    }
    digest_sha256(all.data, all.count, look->digest);
    return fault;
}
