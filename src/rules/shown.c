/* `rules check`: the rulebook and its stories together. A row that no story exercises is refused.
 */
#include "base/file.h"
#include "rules/inner.h"
#include "rules/story.h"

#include <string.h>

enum { TOLD_MAX = 64 };

/* What the stories exercise of one procedure. */
struct shown {
    uint64_t actions, states, deadlines;
};

/* A matter of the story being read: its name there, and what it is. */
struct told {
    const char *name;
    const struct rules_procedure *procedure;
    const struct told *parent; /* NULL: none. */
};

struct showing {
    struct ctx *ctx;
    struct yaml_report report;
    const struct rulebook *book;
    struct shown *shown; /* By place of the procedure. */
    struct told told[TOLD_MAX];
    size_t told_count;
};

static const struct told *find_told(const struct showing *s, const char *name)
{
    for (size_t i = 0; i < s->told_count; i++) {
        if (strcmp(s->told[i].name, name) == 0) {
            return &s->told[i];
        }
    }
    return NULL;
}

static const struct told *add_told(struct showing *s, const struct yaml_node *at, const char *name,
                                   const struct rules_procedure *procedure,
                                   const struct told *parent)
{
    if (s->told_count == TOLD_MAX) {
        yaml_wrong(&s->report, at, "a story names at most %d matters", TOLD_MAX);
        return NULL;
    }
    struct told *told = &s->told[s->told_count++];
    *told = (struct told){.name = name, .procedure = procedure, .parent = parent};
    return told;
}

static struct shown *shown_of(struct showing *s, const struct rules_procedure *procedure)
{
    return &s->shown[procedure - s->book->procedures];
}

static void mark_action(struct showing *s, const struct told *told,
                        const struct rules_action *action)
{
    struct shown *shown = shown_of(s, told->procedure);
    shown->actions |= 1ull << action->index;
    if (action->to != NULL) {
        shown->states |= 1ull << action->to->index;
    }
    for (size_t i = 0; i < action->effects_count; i++) {
        const struct rules_effect *effect = &action->effects[i];
        bool upwards = effect->kind == EFFECT_ACT && effect->on_parent;
        struct told other = {.procedure = effect->procedure == NULL
                                              ? NULL
                                              : rules_procedure(s->book, effect->procedure),
                             .parent = told};
        const struct told *whom = upwards ? told->parent : &other;
        const struct rules_action *done = whom == NULL || whom->procedure == NULL
                                              ? NULL
                                              : rules_action(whom->procedure, effect->action);
        if (done != NULL) {
            mark_action(s, whom, done);
        }
    }
}

static void mark_clocks(struct showing *s, const struct story_step *step, const struct told *told)
{
    for (size_t i = 0; i < step->expect.clocks_count; i++) {
        const struct rules_deadline *deadline =
            rules_deadline(told->procedure, step->expect.clocks[i].key);
        if (deadline == NULL) {
            yaml_wrong(&s->report, step->node, "'%s' has no clock '%s'", told->procedure->code,
                       step->expect.clocks[i].key);
        } else {
            shown_of(s, told->procedure)->deadlines |= 1ull << deadline->index;
        }
    }
}

static void name_child(struct showing *s, const struct story_step *step, const struct told *told,
                       const struct rules_action *action)
{
    for (size_t i = 0; i < action->effects_count; i++) {
        const struct rules_procedure *opened =
            action->effects[i].kind == EFFECT_OPEN
                ? rules_procedure(s->book, action->effects[i].procedure)
                : NULL;
        if (opened != NULL) {
            (void)add_told(s, step->node, step->child, opened, told);
            return;
        }
    }
    yaml_wrong(&s->report, step->node, "'%s' opens no matter to be called '%s'", action->code,
               step->child);
}

static const struct told *mark_act(struct showing *s, const struct story_step *step,
                                   const struct told *told)
{
    const struct rules_procedure *procedure = rules_procedure(s->book, step->procedure);
    const struct rules_action *action =
        procedure == NULL ? NULL : rules_action(procedure, step->action);
    if (action == NULL && step->refused == NULL) {
        yaml_wrong(&s->report, step->node, "the rulebook has no '%s.%s'", step->procedure,
                   step->action);
    }
    if (action == NULL || step->refused != NULL) {
        return told;
    }
    if (told == NULL) {
        told = add_told(s, step->node, step->matter, procedure, NULL);
    }
    if (told != NULL && told->procedure != procedure) {
        yaml_wrong(&s->report, step->node, "'%s' is a %s", step->matter, told->procedure->code);
    } else if (told != NULL) {
        mark_action(s, told, action);
        if (step->child != NULL) {
            name_child(s, step, told, action);
        }
    }
    return told;
}

static void mark_step(struct showing *s, const struct story_step *step)
{
    const struct told *told = find_told(s, step->matter);
    if (step->action != NULL) {
        told = mark_act(s, step, told);
    }
    if (told != NULL) {
        mark_clocks(s, step, told);
    } else if (step->refused == NULL) {
        yaml_wrong(&s->report, step->node, "no step before this one made '%s'", step->matter);
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
        s->told_count = 0;
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
