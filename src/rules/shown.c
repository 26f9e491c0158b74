/* `rules check`: the rulebook and its stories together. A row that no story exercises is refused.
 */
#include "base/file.h"
#include "rules/inner.h"
#include "rules/story.h"

#include <string.h>

/* What the stories exercise of one procedure. */
struct shown {
    uint64_t actions, states, deadlines;
};

struct showing {
    struct ctx *ctx;
    struct yaml_report report;
    const struct rulebook *book;
    struct shown *shown; /* By place of the procedure. */
};

static void mark_action(struct showing *s, const struct rules_procedure *procedure,
                        const struct rules_action *action);

static void mark_effect(struct showing *s, const struct rules_procedure *procedure,
                        const struct rules_effect *effect)
{
    for (size_t i = 0; i < s->book->procedures_count; i++) {
        const struct rules_procedure *other = &s->book->procedures[i];
        bool named = effect->procedure != NULL && strcmp(effect->procedure, other->code) == 0;
        bool parent = effect->kind == EFFECT_ACT && effect->on_parent && other != procedure;
        if (!named && !parent) {
            continue;
        }
        const struct rules_action *action =
            effect->action == NULL ? NULL : rules_action(other, effect->action);
        if (action != NULL && (action->by_system || named)) {
            mark_action(s, other, action);
        }
    }
}

static void mark_action(struct showing *s, const struct rules_procedure *procedure,
                        const struct rules_action *action)
{
    struct shown *shown = &s->shown[procedure - s->book->procedures];
    if ((shown->actions & 1ull << action->index) != 0) {
        return;
    }
    shown->actions |= 1ull << action->index;
    if (action->to != NULL) {
        shown->states |= 1ull << action->to->index;
    }
    for (size_t i = 0; i < action->effects_count; i++) {
        mark_effect(s, procedure, &action->effects[i]);
    }
}

static void mark_clocks(struct showing *s, const struct story_step *step)
{
    for (size_t i = 0; i < step->expect.clocks_count; i++) {
        for (size_t k = 0; k < s->book->procedures_count; k++) {
            const struct rules_deadline *deadline =
                rules_deadline(&s->book->procedures[k], step->expect.clocks[i].key);
            if (deadline != NULL) {
                s->shown[k].deadlines |= 1ull << deadline->index;
            }
        }
    }
}

static void mark_step(struct showing *s, const struct story_step *step)
{
    mark_clocks(s, step);
    if (step->action == NULL) {
        return;
    }
    const struct rules_procedure *procedure = rules_procedure(s->book, step->procedure);
    const struct rules_action *action =
        procedure == NULL ? NULL : rules_action(procedure, step->action);
    if (action == NULL) {
        yaml_wrong(&s->report, step->node, "the rulebook has no '%s.%s'", step->procedure,
                   step->action);
    } else if (step->refused == NULL) {
        mark_action(s, procedure, action);
    }
}

static void report_unshown(struct showing *s, struct buffer *text)
{
    for (size_t i = 0; i < s->book->procedures_count; i++) {
        const struct rules_procedure *p = &s->book->procedures[i];
        for (size_t k = 0; k < p->actions_count; k++) {
            if ((s->shown[i].actions & 1ull << k) == 0) {
                buffer_printf(text, "%s: no story performs the action '%s'\n", p->code,
                              p->actions[k].code);
            }
        }
        for (size_t k = 0; k < p->states_count; k++) {
            if ((s->shown[i].states & 1ull << k) == 0) {
                buffer_printf(text, "%s: no story reaches the state '%s'\n", p->code,
                              p->states[k].code);
            }
        }
        for (size_t k = 0; k < p->deadlines_count; k++) {
            if ((s->shown[i].deadlines & 1ull << k) == 0) {
                buffer_printf(text, "%s: no story shows the clock '%s'\n", p->code,
                              p->deadlines[k].code);
            }
        }
    }
}

static enum fault check_stories(struct showing *s, const char *folder, struct buffer *text)
{
    char **names = NULL;
    size_t count = 0;
    const char *examples = arena_printf(s->ctx->arena, "%s/examples", folder);
    enum fault fault = file_list(s->ctx, examples, ".yaml", &names, &count);
    for (size_t i = 0; i < count && fault == FAULT_NONE; i++) {
        const char *path = arena_printf(s->ctx->arena, "%s/%s", examples, names[i]);
        const struct story *story = story_load(s->ctx, &s->report, path);
        for (size_t k = 0; story != NULL && k < story->steps_count; k++) {
            mark_step(s, &story->steps[k]);
        }
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    for (size_t i = 0; i < s->report.count; i++) {
        buffer_printf(text, "%s\n", s->report.lines[i]);
    }
    report_unshown(s, text);
    return text->count == 0 ? FAULT_NONE : FAULT_RULEBOOK_INVALID;
}

enum fault rules_check(struct ctx *ctx, const char *folder, struct buffer *report)
{
    struct rulebook *book = NULL;
    enum fault fault = rules_load(ctx, folder, &book);
    if (fault != FAULT_NONE) {
        buffer_printf(report, "%s\n", ctx->note == NULL ? "?" : ctx->note);
        return fault;
    }
    struct showing showing = {.ctx = ctx, .book = book};
    yaml_report_init(&showing.report, ctx->arena);
    showing.shown = arena_array(ctx->arena, book->procedures_count + 1, sizeof *showing.shown);
    fault = check_stories(&showing, folder, report);
    if (fault == FAULT_NONE) {
        size_t actions = 0;
        size_t clocks = 0;
        for (size_t i = 0; i < book->procedures_count; i++) {
            actions += book->procedures[i].actions_count;
            clocks += book->procedures[i].deadlines_count;
        }
        buffer_printf(report, "%s: %zu procedures, %zu actions, %zu clocks, edition %s: good\n",
                      book->code, book->procedures_count, actions, clocks, book->edition);
    }
    rules_destroy(book);
    return fault;
}
