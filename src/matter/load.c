#include "base/id.h"
#include "base/limit.h"
#include "matter/record.h"

#include <assert.h>
#include <string.h>

#define MATTER_COLUMNS                                                                             \
    "id, reference, procedure, edition, state, holder, title, version, restricted, parent,"        \
    " created_ms, updated_ms, happened_ms, closed_ms, due_ms, words, self_filed"

static const char *kept(struct ctx *ctx, const struct sql_rows *rows, unsigned column)
{
    const char *text = sql_column_text(rows, column);
    return text == NULL ? NULL : arena_text(ctx->arena, text);
}

static enum fault unknown_word(struct ctx *ctx, const char *word)
{
    return ctx_fail(ctx, FAULT_INTERNAL, "The rulebook no longer knows '%s'.", "规则中已没有“%s”。",
                    word);
}

struct matter *record_new(struct ctx *ctx, const struct office *office,
                          const struct rules_procedure *procedure)
{
    struct matter *matter = arena_alloc(ctx->arena, sizeof *matter);
    matter->procedure = procedure;
    matter->edition = office_book_of(office, procedure)->edition;
    matter->restricted = procedure->restricted;
    matter->parties = arena_array(ctx->arena, procedure->parties_count, sizeof(struct org *));
    matter->members = arena_array(ctx->arena, procedure->parties_count, sizeof *matter->members);
    matter->facts = arena_array(ctx->arena, procedure->facts_count, sizeof *matter->facts);
    matter->words = "";
    return matter;
}

static enum fault read_row(struct ctx *ctx, const struct office *office,
                           const struct sql_rows *rows, struct matter **ret_matter)
{
    const char *code = sql_column_text(rows, 2);
    const struct rulebook *book = office_edition(office, sql_column_text(rows, 3));
    if (book == NULL) {
        return office_edition_unknown(ctx, sql_column_text(rows, 3));
    }
    const struct rules_procedure *procedure = rules_procedure(book, code);
    if (procedure == NULL) {
        return unknown_word(ctx, code);
    }
    struct matter *matter = record_new(ctx, office, procedure);
    matter->id = sql_column_int(rows, 0);
    matter->reference = kept(ctx, rows, 1);
    matter->edition = kept(ctx, rows, 3);
    matter->state = rules_state(procedure, sql_column_text(rows, 4));
    if (matter->state == NULL) {
        return unknown_word(ctx, sql_column_text(rows, 4));
    }
    matter->holder = kept(ctx, rows, 5);
    matter->title = kept(ctx, rows, 6);
    matter->version = sql_column_int(rows, 7);
    matter->restricted = sql_column_int(rows, 8) != 0;
    matter->parent = sql_column_int(rows, 9);
    matter->created_ms = sql_column_int(rows, 10);
    matter->updated_ms = sql_column_int(rows, 11);
    matter->happened_ms = sql_column_int(rows, 12);
    matter->closed_ms = sql_column_int(rows, 13);
    matter->due_ms = sql_column_int(rows, 14);
    matter->words = kept(ctx, rows, 15);
    matter->self_filed = sql_column_int(rows, 16) != 0;
    *ret_matter = matter;
    return FAULT_NONE;
}

static enum fault load_row(struct ctx *ctx, struct store_tx *tx, const struct office *office,
                           int64_t id, bool lock, struct matter **ret_matter)
{
    SCOPED(sql_rows) rows = NULL;
    /* Raising the version takes the row's lock on PostgreSQL: two actions on one matter queue up.
     */
    const char *statement = lock ? "UPDATE matter SET version = version + 1"
                                   " WHERE region = $1 AND id = $2 RETURNING " MATTER_COLUMNS
                                 : "SELECT " MATTER_COLUMNS
                                   " FROM matter WHERE region = $1 AND id = $2";
    enum fault fault =
        sql_one(tx, ctx, statement, SQL_ARGS(sql_int(office->region), sql_int(id)), &rows);
    return fault == FAULT_NONE ? read_row(ctx, office, rows, ret_matter) : fault;
}

static enum fault load_parties(struct ctx *ctx, struct store_tx *tx, const struct office *office,
                               struct matter *matter)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault =
        sql_query(tx, ctx, "SELECT party, org FROM matter_party WHERE region = $1 AND matter = $2",
                  SQL_ARGS(sql_int(office->region), sql_int(matter->id)), &rows);
    while (fault == FAULT_NONE && sql_next(rows)) {
        const struct rules_party *party = rules_party(matter->procedure, sql_column_text(rows, 0));
        if (party == NULL) {
            return unknown_word(ctx, sql_column_text(rows, 0));
        }
        matter->parties[party->index] = directory_org(office->directory, sql_column_text(rows, 1));
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

static bool has_many(const struct rules_procedure *procedure)
{
    for (size_t i = 0; i < procedure->parties_count; i++) {
        if (procedure->parties[i].many) {
            return true;
        }
    }
    return false;
}

static enum fault load_members(struct ctx *ctx, struct store_tx *tx, const struct office *office,
                               struct matter *matter)
{
    if (!has_many(matter->procedure)) {
        return FAULT_NONE;
    }
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_query(tx, ctx,
                                 "SELECT party, org FROM matter_member WHERE region = $1"
                                 " AND matter = $2 ORDER BY party, org",
                                 SQL_ARGS(sql_int(office->region), sql_int(matter->id)), &rows);
    while (fault == FAULT_NONE && sql_next(rows)) {
        const struct rules_party *party = rules_party(matter->procedure, sql_column_text(rows, 0));
        if (party == NULL) {
            return unknown_word(ctx, sql_column_text(rows, 0));
        }
        struct members *members = &matter->members[party->index];
        if (members->orgs == NULL) {
            members->orgs = arena_array(ctx->arena, LIMIT_BODIES, sizeof(struct org *));
        }
        if (members->count < LIMIT_BODIES) {
            members->orgs[members->count++] =
                directory_org(office->directory, sql_column_text(rows, 1));
        }
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

static enum fault load_facts(struct ctx *ctx, struct store_tx *tx, const struct office *office,
                             struct matter *matter)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_query(
        tx, ctx, "SELECT code, value, action, set_ms FROM fact WHERE region = $1 AND matter = $2",
        SQL_ARGS(sql_int(office->region), sql_int(matter->id)), &rows);
    while (fault == FAULT_NONE && sql_next(rows)) {
        const struct rules_fact *fact = rules_fact(matter->procedure, sql_column_text(rows, 0));
        if (fact == NULL) {
            return unknown_word(ctx, sql_column_text(rows, 0));
        }
        matter->facts[fact->index] = (struct fact_value){.set = true,
                                                         .value = kept(ctx, rows, 1),
                                                         .action = kept(ctx, rows, 2),
                                                         .set_ms = sql_column_int(rows, 3)};
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

static bool has_vault(const struct rules_procedure *procedure)
{
    for (size_t i = 0; i < procedure->facts_count; i++) {
        if (procedure->facts[i].secrecy != SECRECY_OPEN) {
            return true;
        }
    }
    return false;
}

static enum fault load_vault(struct ctx *ctx, struct store_tx *tx, const struct office *office,
                             struct matter *matter)
{
    if (!has_vault(matter->procedure)) {
        return FAULT_NONE;
    }
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_query(
        tx, ctx,
        "SELECT code, nonce, box, action, set_ms FROM vault WHERE region = $1 AND matter = $2",
        SQL_ARGS(sql_int(office->region), sql_int(matter->id)), &rows);
    while (fault == FAULT_NONE && sql_next(rows)) {
        const struct rules_fact *fact = rules_fact(matter->procedure, sql_column_text(rows, 0));
        if (fact == NULL) {
            return unknown_word(ctx, sql_column_text(rows, 0));
        }
        struct fact_value *value = &matter->facts[fact->index];
        size_t bytes = 0;
        const void *nonce = sql_column_blob(rows, 1, &bytes);
        value->nonce = arena_bytes(ctx->arena, nonce, bytes);
        const void *box = sql_column_blob(rows, 2, &bytes);
        value->box = arena_bytes(ctx->arena, box, bytes);
        value->box_bytes = bytes;
        value->set = true;
        value->hidden = true;
        value->action = kept(ctx, rows, 3);
        value->set_ms = sql_column_int(rows, 4);
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

static enum fault read_clock(struct ctx *ctx, const struct matter *matter,
                             const struct sql_rows *rows, struct clock *clock)
{
    clock->id = sql_column_int(rows, 0);
    clock->rule = rules_deadline(matter->procedure, sql_column_text(rows, 1));
    bool until = strcmp(sql_column_text(rows, 3), WITHIN_UNTIL) == 0;
    if (clock->rule == NULL || (!until && !span_parse(sql_column_text(rows, 3), &clock->within))) {
        return unknown_word(ctx, sql_column_text(rows, 1));
    }
    const char *extension = sql_column_text(rows, 12);
    if (extension != NULL && !span_parse(extension, &clock->extension)) {
        return unknown_word(ctx, extension);
    }
    clock->first_due_date = (int32_t)sql_column_int(rows, 13);
    clock->obligor = kept(ctx, rows, 2);
    clock->from_ms = sql_column_int(rows, 4);
    clock->due_ms = sql_column_int(rows, 5);
    clock->due_date = (int32_t)sql_column_int(rows, 6);
    clock->provisional = sql_column_int(rows, 7) != 0;
    clock->calendar = kept(ctx, rows, 8);
    clock->paused_ms = sql_column_int(rows, 9);
    clock->ended_ms = sql_column_int(rows, 10);
    clock->ended = kept(ctx, rows, 11);
    return FAULT_NONE;
}

static enum fault load_clocks(struct ctx *ctx, struct store_tx *tx, const struct office *office,
                              struct matter *matter)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_query(tx, ctx,
                                 "SELECT id, code, obligor, within, from_ms, due_ms, due_date,"
                                 " provisional, calendar, paused_ms, ended_ms, ended, extension,"
                                 " first_due_date FROM deadline"
                                 " WHERE region = $1 AND matter = $2 ORDER BY id",
                                 SQL_ARGS(sql_int(office->region), sql_int(matter->id)), &rows);
    size_t capacity = 0;
    while (fault == FAULT_NONE && sql_next(rows)) {
        if (matter->clocks_count == capacity) {
            capacity = capacity == 0 ? 8 : capacity * 2;
            struct clock *clocks = arena_array(ctx->arena, capacity, sizeof *clocks);
            if (matter->clocks_count > 0) {
                memcpy(clocks, matter->clocks, matter->clocks_count * sizeof *clocks);
            }
            matter->clocks = clocks;
        }
        fault = read_clock(ctx, matter, rows, &matter->clocks[matter->clocks_count++]);
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

enum fault record_load(struct ctx *ctx, struct store_tx *tx, const struct office *office,
                       int64_t id, bool lock, struct matter **ret_matter)
{
    struct matter *matter = NULL;
    enum fault fault = load_row(ctx, tx, office, id, lock, &matter);
    if (fault == FAULT_NONE) {
        fault = load_parties(ctx, tx, office, matter);
    }
    if (fault == FAULT_NONE) {
        fault = load_members(ctx, tx, office, matter);
    }
    if (fault == FAULT_NONE) {
        fault = load_facts(ctx, tx, office, matter);
    }
    if (fault == FAULT_NONE) {
        fault = load_vault(ctx, tx, office, matter);
    }
    if (fault == FAULT_NONE) {
        fault = load_clocks(ctx, tx, office, matter);
    }
    if (fault == FAULT_NONE) {
        *ret_matter = matter;
    }
    return fault;
}
