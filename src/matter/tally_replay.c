/*
 * A matter told again by its events alone, as far as the figures ask: who had which part, what the
 * open facts were, who owed which clock.
 */
#include "base/id.h"
#include "calendar/date.h"
#include "matter/tally_inner.h"

#include <jansson.h>
#include <string.h>

enum { MATTERS_PER_RESET = 64 };

struct owed {
    const char *clock; /* Id. */
    const char *obligor;
    struct owed *next;
};

struct replay {
    const struct office *office;
    struct arena *arena; /* Of the matters told since it was last emptied. */
    unsigned matters;
    int64_t matter;
    const struct rules_procedure *procedure; /* As the matter's own edition has it; may be NULL. */
    int64_t begun_ms;
    const char **parties; /* By index: code of the body. */
    const char **facts;   /* By index: open facts. */
    struct owed *owed;
    bool told; /* Its events say who had which part; those of release 0.1 do not. */
};

struct replay *replay_create(const struct office *office)
{
    struct arena *arena = arena_create();
    struct replay *replay = calloc(1, sizeof *replay);
    if (replay == NULL) {
        abort();
    }
    *replay = (struct replay){.office = office, .arena = arena};
    return replay;
}

void replay_destroy(struct replay *replay)
{
    if (replay != NULL) {
        arena_destroy(replay->arena);
        free(replay);
    }
}

static const char *party_of(const void *who, const char *code)
{
    const struct replay *replay = who;
    const struct rules_party *party =
        replay->procedure == NULL ? NULL : rules_party(replay->procedure, code);
    return party == NULL ? NULL : replay->parties[party->index];
}

static const char *fact_of(const void *who, const char *code)
{
    const struct replay *replay = who;
    const struct rules_fact *fact =
        replay->procedure == NULL ? NULL : rules_fact(replay->procedure, code);
    return fact == NULL ? NULL : replay->facts[fact->index];
}

static void begin_matter(struct replay *replay, const struct sql_rows *row)
{
    if (++replay->matters % MATTERS_PER_RESET == 0) {
        arena_reset(replay->arena);
    }
    const struct rulebook *book = office_edition(replay->office, sql_column_text(row, 11));
    replay->matter = sql_column_int(row, 0);
    replay->procedure = book == NULL ? NULL : rules_procedure(book, sql_column_text(row, 10));
    replay->begun_ms = sql_column_int(row, 4);
    replay->owed = NULL;
    replay->told = true;
    size_t parties = replay->procedure == NULL ? 0 : replay->procedure->parties_count;
    size_t facts = replay->procedure == NULL ? 0 : replay->procedure->facts_count;
    replay->parties = arena_array(replay->arena, parties + 1, sizeof *replay->parties);
    replay->facts = arena_array(replay->arena, facts + 1, sizeof *replay->facts);
}

static void take_facts(struct replay *replay, const json_t *facts)
{
    for (size_t i = 0; replay->procedure != NULL && i < replay->procedure->facts_count; i++) {
        const struct rules_fact *fact = &replay->procedure->facts[i];
        const json_t *value = json_object_get(facts, fact->code);
        if (value != NULL && fact->secrecy == SECRECY_OPEN) {
            replay->facts[i] =
                json_is_string(value) ? arena_text(replay->arena, json_string_value(value)) : NULL;
        }
    }
}

/* What is known of a matter whose events do not tell it. */
static enum fault read_parties(struct replay *replay, struct ctx *ctx, struct store_tx *tx)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault =
        sql_query(tx, ctx, "SELECT party, org FROM matter_party WHERE region = $1 AND matter = $2",
                  SQL_ARGS(sql_int(replay->office->region), sql_int(replay->matter)), &rows);
    while (fault == FAULT_NONE && sql_next(rows)) {
        const struct rules_party *party =
            replay->procedure == NULL ? NULL
                                      : rules_party(replay->procedure, sql_column_text(rows, 0));
        if (party != NULL) {
            replay->parties[party->index] = arena_text(replay->arena, sql_column_text(rows, 1));
        }
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

static enum fault take_parties(struct replay *replay, struct ctx *ctx, struct store_tx *tx,
                               const json_t *parties)
{
    if (parties == NULL) {
        bool first = replay->told;
        replay->told = false;
        return first ? read_parties(replay, ctx, tx) : FAULT_NONE;
    }
    for (size_t i = 0; replay->procedure != NULL && i < replay->procedure->parties_count; i++) {
        const char *org =
            json_string_value(json_object_get(parties, replay->procedure->parties[i].code));
        if (org != NULL) {
            replay->parties[i] = arena_text(replay->arena, org);
        }
    }
    return FAULT_NONE;
}

/* Who owes the clock: its opening said it; in release 0.1 only the clock's own row does. */
static enum fault obligor_of(struct replay *replay, struct ctx *ctx, struct store_tx *tx,
                             const json_t *item, const char **ret_obligor)
{
    const char *id = json_string_value(json_object_get(item, "id"));
    const char *said = json_string_value(json_object_get(item, "obligor"));
    if (id == NULL) {
        *ret_obligor = "";
        return FAULT_NONE;
    }
    for (const struct owed *owed = replay->owed; said == NULL && owed != NULL; owed = owed->next) {
        said = strcmp(owed->clock, id) == 0 ? owed->obligor : NULL;
    }
    int64_t number = 0;
    SCOPED(sql_rows) rows = NULL;
    if (said == NULL && id_parse(id, &number)) {
        enum fault fault =
            sql_query(tx, ctx, "SELECT obligor FROM deadline WHERE region = $1 AND id = $2",
                      SQL_ARGS(sql_int(replay->office->region), sql_int(number)), &rows);
        if (fault != FAULT_NONE) {
            return fault;
        }
        said = sql_next(rows) ? sql_column_text(rows, 0) : NULL;
    }
    struct owed *owed = arena_alloc(replay->arena, sizeof *owed);
    *owed = (struct owed){.clock = arena_text(replay->arena, id),
                          .obligor = arena_text(replay->arena, said == NULL ? "" : said),
                          .next = replay->owed};
    replay->owed = owed;
    *ret_obligor = owed->obligor;
    return FAULT_NONE;
}

static enum fault take_clocks(struct replay *replay, struct ctx *ctx, struct store_tx *tx,
                              const json_t *clocks, struct tally_change **ret_changes)
{
    enum fault fault = FAULT_NONE;
    *ret_changes = NULL;
    for (size_t i = 0; i < json_array_size(clocks) && fault == FAULT_NONE; i++) {
        const json_t *item = json_array_get(clocks, i);
        const char *code = json_string_value(json_object_get(item, "code"));
        const char *what = json_string_value(json_object_get(item, "change"));
        for (unsigned k = 0; k < CHANGES_COUNT && code != NULL && what != NULL; k++) {
            if (strcmp(clock_change_code((enum clock_change)k), what) != 0) {
                continue;
            }
            struct tally_change *change = arena_alloc(replay->arena, sizeof *change);
            *change = (struct tally_change){.deadline = arena_text(replay->arena, code),
                                            .change = (enum clock_change)k,
                                            .next = *ret_changes};
            fault = obligor_of(replay, ctx, tx, item, &change->obligor);
            *ret_changes = change;
        }
    }
    return fault;
}

static void add_body(struct replay *replay, const char *code, size_t bytes, const char **bodies,
                     size_t *count)
{
    const char *body = arena_bytes(replay->arena, code, bytes);
    const struct org *org = directory_org(replay->office->directory, body);
    bool counts = org != NULL && org->kind != ORG_PUBLIC;
    for (size_t i = 0; i < *count && counts; i++) {
        counts = strcmp(bodies[i], body) != 0;
    }
    if (counts) {
        bodies[(*count)++] = body;
    }
}

static size_t members_of(const struct replay *replay, const struct rules_fact *fact)
{
    const char *value = replay->facts[fact->index];
    size_t count = value == NULL || value[0] == 0 ? 0 : 1;
    for (const char *at = value; count > 0 && *at != 0; at++) {
        count += *at == ',' ? 1 : 0;
    }
    return fact->type == FACT_BODIES && fact->party != NULL ? count : 0;
}

/* Every body with a part, once, in the order of parts. */
static void all_bodies(struct replay *replay, struct tally_source *source)
{
    const struct rules_procedure *procedure = replay->procedure;
    size_t most = procedure->parties_count;
    for (size_t i = 0; i < procedure->facts_count; i++) {
        most += members_of(replay, &procedure->facts[i]);
    }
    source->bodies = arena_array(replay->arena, most + 1, sizeof *source->bodies);
    for (size_t i = 0; i < procedure->parties_count; i++) {
        const char *org = replay->parties[i];
        if (org != NULL) {
            add_body(replay, org, strlen(org), source->bodies, &source->bodies_count);
        }
        for (size_t k = 0; k < procedure->facts_count; k++) {
            const struct rules_fact *fact = &procedure->facts[k];
            const char *at = fact->party == &procedure->parties[i] && members_of(replay, fact) > 0
                                 ? replay->facts[k]
                                 : "";
            for (size_t bytes = strcspn(at, ","); bytes > 0; bytes = strcspn(at, ",")) {
                add_body(replay, at, bytes, source->bodies, &source->bodies_count);
                at += bytes + (at[bytes] == ',' ? 1 : 0);
            }
        }
    }
}

static const struct rules_state *state_of(const struct replay *replay, const char *code)
{
    return replay->procedure == NULL || code == NULL ? NULL : rules_state(replay->procedure, code);
}

enum fault replay_event(struct replay *replay, struct ctx *ctx, struct store_tx *tx,
                        const struct sql_rows *row, struct buffer *counts)
{
    if (sql_column_int(row, 0) != replay->matter) {
        begin_matter(replay, row);
    }
    int64_t recorded_ms = sql_column_int(row, 4);
    const struct rules_state *from = state_of(replay, sql_column_text(row, 7));
    const struct rules_state *to = state_of(replay, sql_column_text(row, 8));
    struct tally_source source = {
        .book = office_book(replay->office, recorded_ms),
        .procedure = sql_column_text(row, 10),
        .action = sql_column_text(row, 5),
        .actor = sql_column_text(row, 6),
        .starts = sql_column_null(row, 7),
        .closes = to != NULL && to->final && (from == NULL || !from->final),
        .days = date_of_ms(recorded_ms) - date_of_ms(replay->begun_ms),
        .holder =
            from == NULL || from->holder == NULL ? NULL : replay->parties[from->holder->index],
        .party = party_of,
        .fact = fact_of,
        .who = replay};
    json_t *body = json_loads(sql_column_text(row, 9), 0, NULL);
    struct tally_change *changes = NULL;
    take_facts(replay, json_object_get(body, "facts"));
    enum fault fault = take_parties(replay, ctx, tx, json_object_get(body, "parties"));
    if (fault == FAULT_NONE) {
        fault = take_clocks(replay, ctx, tx, json_object_get(body, "clocks"), &changes);
    }
    json_decref(body);
    source.changes = changes;
    if (source.closes && fault == FAULT_NONE) {
        all_bodies(replay, &source);
    }
    if (fault == FAULT_NONE) {
        tally_counts(&source, counts);
    }
    return fault;
}
