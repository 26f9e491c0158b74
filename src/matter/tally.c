/* What an action counts for, noted in its own transaction: one row, shared with no other event. */
#include "calendar/date.h"
#include "matter/record.h"
#include "matter/tally_inner.h"

#include <string.h>

static const char *party_of(const void *who, const char *code)
{
    const struct performing *p = who;
    const struct rules_party *party = rules_party(p->matter->procedure, code);
    return party_org_code(p->matter, party);
}

static const char *fact_of(const void *who, const char *code)
{
    const struct performing *p = who;
    const struct rules_fact *fact = rules_fact(p->matter->procedure, code);
    return fact == NULL || fact->secrecy != SECRECY_OPEN ? NULL
                                                         : p->matter->facts[fact->index].value;
}

void tally_clock(struct performing *p, const struct clock *clock, const char *change)
{
    for (unsigned i = 0; i < CHANGES_COUNT; i++) {
        if (strcmp(clock_change_code((enum clock_change)i), change) == 0) {
            struct tally_change *changed = arena_alloc(p->ctx->arena, sizeof *changed);
            *changed = (struct tally_change){.deadline = clock->rule->code,
                                             .change = (enum clock_change)i,
                                             .obligor = clock->obligor,
                                             .next = p->clock_changes};
            p->clock_changes = changed;
        }
    }
}

bool tally_owes(const struct performing *p, const struct org *org)
{
    for (const struct tally_change *change = p->clock_changes; change != NULL && org != NULL;
         change = change->next) {
        if (change->change == CHANGE_OPENED && strcmp(change->obligor, org->code) == 0) {
            return true;
        }
    }
    return false;
}

static void add_body(const struct org *org, const char **bodies, size_t *count)
{
    bool counts = org != NULL && org->kind != ORG_PUBLIC;
    for (size_t i = 0; i < *count && counts; i++) {
        counts = strcmp(bodies[i], org->code) != 0;
    }
    if (counts) {
        bodies[(*count)++] = org->code;
    }
}

/* Every body with a part, once. */
static const char **all_bodies(const struct performing *p, size_t *ret_count)
{
    const struct matter *matter = p->matter;
    size_t most = matter->procedure->parties_count;
    for (size_t i = 0; i < matter->procedure->parties_count; i++) {
        most += matter->members == NULL ? 0 : matter->members[i].count;
    }
    const char **bodies = arena_array(p->ctx->arena, most + 1, sizeof *bodies);
    *ret_count = 0;
    for (size_t i = 0; i < matter->procedure->parties_count; i++) {
        add_body(matter->parties[i], bodies, ret_count);
        for (size_t k = 0; matter->members != NULL && k < matter->members[i].count; k++) {
            add_body(matter->members[i].orgs[k], bodies, ret_count);
        }
    }
    return bodies;
}

static const char *holder_before(const struct performing *p)
{
    if (p->from == NULL || p->from->holder == NULL) {
        return NULL;
    }
    const struct org *org = p->parties_before[p->from->holder->index];
    return org == NULL ? NULL : org->code;
}

enum fault tally_event(struct performing *p)
{
    const struct matter *matter = p->matter;
    int32_t day = date_of_ms(p->ctx->now_ms);
    const struct org *actor = p->ctx->actor->org;
    struct tally_source source = {.book = office_book(p->office, p->ctx->now_ms),
                                  .procedure = matter->procedure->code,
                                  .action = p->action->code,
                                  .starts = p->from == NULL,
                                  .closes =
                                      matter->state->final && (p->from == NULL || !p->from->final),
                                  .days = day - date_of_ms(matter->created_ms),
                                  .actor = actor == NULL ? NULL : actor->code,
                                  .holder = holder_before(p),
                                  .changes = p->clock_changes,
                                  .party = party_of,
                                  .fact = fact_of,
                                  .who = p};
    if (source.closes) {
        source.bodies = all_bodies(p, &source.bodies_count);
    }
    struct buffer counts;
    buffer_init(&counts, p->ctx->arena);
    tally_counts(&source, &counts);
    if (counts.count == 0) {
        return FAULT_NONE;
    }
    return sql_run(p->tx, p->ctx,
                   "INSERT INTO tally_entry (region, day, event, counts) VALUES ($1, $2, $3, $4)",
                   SQL_ARGS(sql_int(p->office->region), sql_int(day), sql_int(p->event),
                            sql_text(counts.data)),
                   NULL);
}
