#include "refusals.h"

#include "base/arena.h"

#include <stdio.h>
#include <string.h>

struct seen {
    bool forbidden, state;
    bool **conditions; /* By the action's place, by the condition's. */
};

struct refusals {
    const struct rulebook *book;
    struct seen *procedures; /* By place. */
};

struct refusals *refusals_start(const struct rulebook *book)
{
    struct refusals *refusals = arena_alloc(book->arena, sizeof *refusals);
    refusals->book = book;
    refusals->procedures =
        arena_array(book->arena, book->procedures_count, sizeof *refusals->procedures);
    for (size_t i = 0; i < book->procedures_count; i++) {
        const struct rules_procedure *procedure = &book->procedures[i];
        struct seen *seen = &refusals->procedures[i];
        seen->conditions =
            arena_array(book->arena, procedure->actions_count, sizeof *seen->conditions);
        for (size_t k = 0; k < procedure->actions_count; k++) {
            size_t count = procedure->actions[k].when_count;
            seen->conditions[k] = arena_array(book->arena, count + 1, sizeof **seen->conditions);
        }
    }
    return refusals;
}

/* Conditions that are told in the same words are one to whoever is refused. */
static bool add_condition(struct refusals *refusals, const struct ctx *ctx,
                          const struct rules_procedure *procedure,
                          const struct rules_action *action)
{
    bool found = false;
    struct seen *seen = &refusals->procedures[procedure - refusals->book->procedures];
    for (size_t i = 0; i < action->when_count; i++) {
        const char *words = rules_condition_words(ctx->arena, &action->when[i], ctx->lang);
        bool told = ctx->note != NULL && strstr(ctx->note, words) != NULL;
        seen->conditions[action->index][i] |= told;
        found = found || told;
    }
    return found;
}

/* What refused may be a condition of the matter that the action would have opened. */
static bool add_opened(struct refusals *refusals, const struct ctx *ctx,
                       const struct rules_action *action)
{
    bool found = false;
    for (size_t i = 0; i < action->effects_count; i++) {
        const struct rules_effect *effect = &action->effects[i];
        if (effect->kind == EFFECT_OPEN) {
            const struct rules_procedure *opened =
                rules_procedure(refusals->book, effect->procedure);
            found =
                add_condition(refusals, ctx, opened, rules_action(opened, effect->action)) || found;
        }
    }
    return found;
}

void refusals_add(struct refusals *refusals, const struct ctx *ctx, enum fault fault,
                  const char *procedure_code, const char *action_code)
{
    const struct rules_procedure *procedure = rules_procedure(refusals->book, procedure_code);
    const struct rules_action *action =
        procedure == NULL ? NULL : rules_action(procedure, action_code);
    if (action == NULL) {
        return;
    }
    struct seen *seen = &refusals->procedures[procedure - refusals->book->procedures];
    seen->forbidden = seen->forbidden || fault == FAULT_FORBIDDEN || fault == FAULT_NOT_FOUND;
    if (fault == FAULT_RULE_REFUSED && !add_condition(refusals, ctx, procedure, action) &&
        !add_opened(refusals, ctx, action)) {
        seen->state = true;
    }
}

static unsigned missing(bool shown, const char *procedure, const char *what, const char *words)
{
    if (!shown) {
        (void)printf("no story shows refused: %s%s %s\n", procedure, what, words);
    }
    return shown ? 0 : 1;
}

unsigned refusals_missing(const struct refusals *refusals)
{
    unsigned wanted = 0;
    unsigned absent = 0;
    struct arena *arena = refusals->book->arena;
    for (size_t i = 0; i < refusals->book->procedures_count; i++) {
        const struct rules_procedure *procedure = &refusals->book->procedures[i];
        const struct seen *seen = &refusals->procedures[i];
        absent += missing(seen->forbidden, procedure->code, "", "to who may not");
        absent += missing(seen->state, procedure->code, "", "in another state");
        wanted += 2;
        for (size_t k = 0; k < procedure->actions_count; k++) {
            const struct rules_action *action = &procedure->actions[k];
            const char *name = arena_printf(arena, ".%s", action->code);
            for (size_t n = 0; n < action->when_count; n++) {
                const char *words = rules_condition_words(arena, &action->when[n], LANG_EN);
                absent += missing(seen->conditions[k][n], procedure->code, name, words);
                wanted++;
            }
        }
    }
    (void)printf("%u of %u refusals shown\n", wanted - absent, wanted);
    return absent;
}
