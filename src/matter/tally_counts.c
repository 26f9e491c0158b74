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
    return text[strcspn(text, ",;")] == 0;
}

static void put(struct buffer *counts, const char *measure, const char *body, const char *split,
                int64_t amount, int64_t days)
{
    if (writable(body) && writable(split)) {
        buffer_printf(counts, "%s,%s,%s,%lld,%lld;", measure, body, split, (long long)amount,
                      (long long)days);
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
    const char *split =
        measure->by == NULL ? NULL : source->fact(source->who, measure->by->code);
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

/* The next field; `end` is what must stand after it. */
static const char *field(struct arena *arena, const char **at, char end)
{
    size_t bytes = strcspn(*at, ",;");
    if ((*at)[bytes] != end) {
        return NULL;
    }
    const char *text = arena_bytes(arena, *at, bytes);
    *at += bytes + 1;
    return text;
}

bool tally_next(struct arena *arena, const char **counts, struct tally_row *ret_row)
{
    const char *at = *counts;
    const char *fields[5];
    if (*at == 0) {
        return false;
    }
    for (unsigned i = 0; i < 5; i++) {
        fields[i] = field(arena, &at, i == 4 ? ';' : ',');
        if (fields[i] == NULL) {
            return false;
        }
    }
    *ret_row = (struct tally_row){.measure = fields[0], .body = fields[1], .split = fields[2]};
    *counts = at;
    return text_to_int(fields[3], INT64_MIN, INT64_MAX, &ret_row->amount) &&
           text_to_int(fields[4], INT64_MIN, INT64_MAX, &ret_row->days);
}
