/* Which measures an event raises, for which body, and how that is written. */
#include "base/text.h"
#include "matter/tally_inner.h"

#include <assert.h>
#include <string.h>

struct place {
    const struct rules_procedure *procedure;
    const struct procedure_figures *figures;
};

static struct place place_of(const struct tally_source *source)
{
    const struct rules_procedure *procedure = rules_procedure(source->book, source->procedure);
    if (procedure == NULL || source->book->figures->procedures == NULL) {
        return (struct place){NULL, NULL};
    }
    size_t place = (size_t)(procedure - source->book->procedures);
    return (struct place){procedure, &source->book->figures->procedures[place]};
}

/* What would break the row apart can not stand in it; a body's code is letters and digits. */
static bool writable(const char *text)
{
    size_t length = strcspn(text, ",;");
    return text[length] == 0 && length <= TALLY_CODE_MAX;
}

static void put(struct buffer *counts, const char *measure, const char *body, const char *split,
                int64_t amount, int64_t days)
{
    static const char once[] = "1,0;";
    if (!writable(body) || !writable(split)) {
        return;
    }
    const char *const texts[] = {measure, body, split};
    for (unsigned i = 0; i < 3; i++) {
        buffer_text(counts, texts[i]);
        buffer_char(counts, ',');
    }
    if (amount == 1 && days == 0) {
        buffer_text(counts, once);
    } else {
        buffer_printf(counts, "%lld,%lld;", (long long)amount, (long long)days);
    }
}

static const char *body_of(const struct tally_source *source, const struct measure *measure,
                           const char *obligor)
{
    switch (measure->body) {
    case MEASURE_OF_ACTOR:
        return source->actor;
    case MEASURE_OF_HOLDER:
        return source->holder;
    case MEASURE_OF_OBLIGOR:
        return obligor;
    case MEASURE_OF_PARTY:
        return source->party(source->who, measure->party->code);
    case MEASURE_OF_FACT:
        return source->fact(source->who, measure->body_fact->code);
    }
    return NULL;
}

static void raise_one(const struct tally_source *source, const struct measure *measure,
                      const char *obligor, struct buffer *counts)
{
    const char *body = body_of(source, measure, obligor);
    if (body != NULL && strcmp(body, ORG_CODE_PUBLIC) == 0) {
        return; /* Nobody's performance is appraised but a body's. */
    }
    bool own = measure->body == MEASURE_OF_FACT && body != NULL && source->actor != NULL &&
               strcmp(body, source->actor) == 0;
    if (own) {
        return; /* What a body says of itself. */
    }
    const char *split = measure->by == NULL ? NULL : source->fact(source->who, measure->by->code);
    int64_t amount = 1;
    if (measure->sum != NULL) {
        const char *value = source->fact(source->who, measure->sum->code);
        if (value == NULL || !text_to_int(value, INT32_MIN, INT32_MAX, &amount)) {
            return;
        }
    }
    put(counts, measure->code, body == NULL ? "" : body, split == NULL ? "" : split, amount,
        measure->kind == MEASURE_CLOSED ? source->days : 0);
}

static void raise_list(const struct tally_source *source, const struct measure_list *list,
                       struct buffer *counts)
{
    for (size_t i = 0; i < list->count; i++) {
        raise_one(source, list->items[i], NULL, counts);
    }
}

static void raise_clock(const struct tally_source *source, struct place place,
                        const struct tally_change *change, struct buffer *counts)
{
    bool late = change->change == CHANGE_LATE;
    const struct rules_deadline *deadline =
        place.procedure == NULL ? NULL : rules_deadline(place.procedure, change->deadline);
    if (late && (deadline == NULL || deadline->strength != STRENGTH_TARGET)) {
        put(counts, TALLY_LATE, "", "", 1, 0);
    }
    if (deadline == NULL) {
        return;
    }
    const struct measure_list *list = &place.figures->deadlines[deadline->index];
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i]->change == change->change) {
            raise_one(source, list->items[i], change->obligor, counts);
        }
    }
}

static void raise_always(const struct tally_source *source, struct buffer *counts)
{
    if (source->starts) {
        put(counts, TALLY_STARTED, "", "", 1, 0);
    }
    if (!source->closes) {
        return;
    }
    put(counts, TALLY_CLOSED, "", "", 1, source->days);
    for (size_t i = 0; i < source->bodies_count; i++) {
        put(counts, TALLY_CLOSED, source->bodies[i], "", 1, source->days);
    }
}

void tally_counts(const struct tally_source *source, struct buffer *counts)
{
    struct place place = place_of(source);
    raise_always(source, counts);
    const struct rules_action *action =
        place.procedure == NULL ? NULL : rules_action(place.procedure, source->action);
    if (action != NULL) {
        raise_list(source, &place.figures->actions[action->index], counts);
    }
    if (place.figures != NULL && source->closes) {
        raise_list(source, &place.figures->closed, counts);
    }
    for (const struct tally_change *change = source->changes; change != NULL;
         change = change->next) {
        raise_clock(source, place, change, counts);
    }
}

bool tally_next(struct tally_scan *scan)
{
    const char *fields[5];
    size_t bytes = strcspn(scan->at, ";");
    if (scan->at[bytes] != ';' || bytes >= sizeof scan->text) {
        return false;
    }
    memcpy(scan->text, scan->at, bytes);
    scan->text[bytes] = 0;
    scan->at += bytes + 1;
    char *field = scan->text;
    for (unsigned i = 0; i < 5; i++) {
        size_t length = strcspn(field, ",");
        if ((field[length] == ',') != (i < 4)) {
            return false;
        }
        fields[i] = field;
        field[length] = 0;
        field += length + 1;
    }
    scan->row = (struct tally_row){.measure = fields[0], .body = fields[1], .split = fields[2]};
    return text_to_int(fields[3], INT64_MIN, INT64_MAX, &scan->row.amount) &&
           text_to_int(fields[4], INT64_MIN, INT64_MAX, &scan->row.days);
}
