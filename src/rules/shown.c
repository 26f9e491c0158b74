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

/* Terms that carry an article, and that some story chose: by vocabulary, in order. */
struct shown_terms {
    uint64_t used;
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
    struct shown *shown;           /* By place of the procedure. */
    struct shown_terms *terms;     /* By place of the vocabulary. */
    struct rules_stories *stories; /* NULL: which story shows what is not asked. */
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

/* A term that the effect itself sets in the other matter is used, too. */
static void mark_constants(struct showing *s, const struct rules_procedure *other,
                           const struct rules_effect *effect)
{
    for (size_t i = 0; i < effect->constants_count; i++) {
        const struct rules_fact *fact = rules_fact(other, effect->constants[i].to);
        const struct rules_vocabulary *v = fact == NULL ? NULL : fact->vocabulary;
        const char *code = effect->constants[i].from;
        const struct rules_term *term = v == NULL ? NULL : rules_term(v, code);
        if (term != NULL) {
            s->terms[v - s->book->vocabularies].used |= 1ull << (term - v->terms);
        }
    }
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
            mark_constants(s, whom->procedure, effect);
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

/* The first matter that the action opens, one alone or one for each body. */
static const struct rules_procedure *opened_by(const struct showing *s,
                                               const struct rules_action *action, bool each)
{
    for (size_t i = 0; i < action->effects_count; i++) {
        const struct rules_effect *effect = &action->effects[i];
        if (effect->kind == EFFECT_OPEN && (effect->each != NULL) == each) {
            return rules_procedure(s->book, effect->procedure);
        }
    }
    return NULL;
}

static void name_children(struct showing *s, const struct story_step *step, const struct told *told,
                          const struct rules_action *action)
{
    const struct rules_procedure *opened = opened_by(s, action, false);
    if (step->child != NULL && opened == NULL) {
        yaml_wrong(&s->report, step->node, "'%s' opens no matter to be called '%s'", action->code,
                   step->child);
    } else if (step->child != NULL) {
        (void)add_told(s, step->node, step->child, opened, told);
    }
    opened = opened_by(s, action, true);
    for (size_t i = 0; i < step->children_count; i++) {
        if (opened == NULL) {
            yaml_wrong(&s->report, step->node, "'%s' opens no matter for each body", action->code);
            return;
        }
        (void)add_told(s, step->node, step->children[i].key, opened, told);
    }
}

/* Terms with an article that the step chose. */
static void mark_terms(struct showing *s, const struct story_step *step,
                       const struct rules_procedure *procedure)
{
    for (size_t i = 0; i < step->facts_count; i++) {
        const struct rules_fact *fact = rules_fact(procedure, step->facts[i].key);
        const struct rules_vocabulary *v = fact == NULL ? NULL : fact->vocabulary;
        const char *padded = arena_printf(s->ctx->arena, ",%s,", step->facts[i].value);
        for (size_t k = 0; v != NULL && k < v->terms_count && k < 64; k++) {
            const char *wanted = arena_printf(s->ctx->arena, ",%s,", v->terms[k].code);
            if (strstr(padded, wanted) != NULL) {
                s->terms[v - s->book->vocabularies].used |= 1ull << k;
            }
        }
    }
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
        mark_terms(s, step, procedure);
        name_children(s, step, told, action);
    }
    return told;
}

/* What the program does when the clocks of a matter run out: it ends in the state expected. */
static void mark_expiry(struct showing *s, const struct story_step *step, const struct told *told)
{
    bool found = false;
    for (size_t i = 0; i < told->procedure->deadlines_count; i++) {
        const struct rules_action *action = told->procedure->deadlines[i].on_expiry;
        const char *state = step->expect.state;
        bool fits = action != NULL && state != NULL &&
                    (action->to == NULL || strcmp(action->to->code, state) == 0);
        if (fits) {
            found = true;
            mark_action(s, told, action);
        }
    }
    if (!found) {
        yaml_wrong(&s->report, step->node,
                   "'run: expiry' expects the state that a clock of '%s' leads to when it runs out",
                   told->procedure->code);
    }
}

static void mark_step(struct showing *s, const struct story_step *step)
{
    const struct told *told = find_told(s, step->matter);
    if (step->action != NULL) {
        told = mark_act(s, step, told);
    }
    if (told != NULL && step->run != NULL && strcmp(step->run, "expiry") == 0) {
        mark_expiry(s, step, told);
    }
    if (told != NULL) {
        mark_clocks(s, step, told);
    } else if (step->refused == NULL) {
        yaml_wrong(&s->report, step->node, "no step before this one made '%s'", step->matter);
    }
}

/* A term that carries an article, where a fact asks for it, must be chosen in some story. */
static void report_unshown_terms(struct showing *s, struct buffer *text)
{
    for (size_t i = 0; i < s->book->vocabularies_count; i++) {
        const struct rules_vocabulary *v = &s->book->vocabularies[i];
        for (size_t k = 0; k < v->terms_count && k < 64; k++) {
            if (v->terms[k].article != NULL && (s->terms[i].used & 1ull << k) == 0) {
                buffer_printf(text, "%s: no story chooses the term '%s' of article %s\n", v->code,
                              v->terms[k].code, v->terms[k].article);
            }
        }
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

static void note_rows(const char **first, size_t count, uint64_t shown, const char *name)
{
    for (size_t i = 0; i < count && i < 64; i++) {
        if (first[i] == NULL && (shown & 1ull << i) != 0) {
            first[i] = name;
        }
    }
}

/* What is shown now and was not before is shown by this story. */
static void note_story(struct showing *s, const char *name)
{
    for (size_t i = 0; s->stories != NULL && i < s->book->procedures_count; i++) {
        const struct rules_procedure *p = &s->book->procedures[i];
        note_rows(s->stories->procedures[i].actions, p->actions_count, s->shown[i].actions, name);
        note_rows(s->stories->procedures[i].deadlines, p->deadlines_count, s->shown[i].deadlines,
                  name);
    }
    for (size_t i = 0; s->stories != NULL && i < s->book->vocabularies_count; i++) {
        note_rows(s->stories->terms[i], s->book->vocabularies[i].terms_count, s->terms[i].used,
                  name);
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
        note_story(s, names[i]);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    for (size_t i = 0; i < s->report.count; i++) {
        buffer_printf(text, "%s\n", s->report.lines[i]);
    }
    report_unshown(s, text);
    report_unshown_terms(s, text);
    return text->count == 0 ? FAULT_NONE : FAULT_RULEBOOK_INVALID;
}

static struct showing begin_showing(struct ctx *ctx, const struct rulebook *book)
{
    struct showing s = {.ctx = ctx, .book = book};
    yaml_report_init(&s.report, ctx->arena);
    s.shown = arena_array(ctx->arena, book->procedures_count + 1, sizeof *s.shown);
    s.terms = arena_array(ctx->arena, book->vocabularies_count + 1, sizeof *s.terms);
    return s;
}

enum fault rules_stories(struct ctx *ctx, const char *folder, const struct rulebook *book,
                         struct rules_stories *ret_stories)
{
    struct showing showing = begin_showing(ctx, book);
    struct buffer text;
    buffer_init(&text, ctx->arena);
    struct rules_stories *r = ret_stories;
    r->procedures = arena_array(ctx->arena, book->procedures_count + 1, sizeof *r->procedures);
    r->terms = arena_array(ctx->arena, book->vocabularies_count + 1, sizeof *r->terms);
    for (size_t i = 0; i < book->procedures_count; i++) {
        const struct rules_procedure *p = &book->procedures[i];
        r->procedures[i].actions = arena_array(ctx->arena, p->actions_count + 1, sizeof(char *));
        r->procedures[i].deadlines =
            arena_array(ctx->arena, p->deadlines_count + 1, sizeof(char *));
    }
    for (size_t i = 0; i < book->vocabularies_count; i++) {
        r->terms[i] =
            arena_array(ctx->arena, book->vocabularies[i].terms_count + 1, sizeof(char *));
    }
    showing.stories = r;
    enum fault fault = check_stories(&showing, folder, &text);
    /* What the stories leave out is `rules check`'s business. */
    return fault == FAULT_RULEBOOK_INVALID ? FAULT_NONE : fault;
}

enum fault rules_check(struct ctx *ctx, const char *folder, struct buffer *report)
{
    struct rulebook *book = NULL;
    enum fault fault = rules_load(ctx, folder, &book);
    if (fault != FAULT_NONE) {
        buffer_printf(report, "%s\n", ctx->note == NULL ? "?" : ctx->note);
        return fault;
    }
    struct showing showing = begin_showing(ctx, book);
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
