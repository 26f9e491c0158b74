/* How a walk begins in the middle: what a story tells, up to some step, and then it goes on by
 * itself. So it also gets to what takes many bodies and many steps. */
#include "base/credit_code.h"
#include "base/file.h"
#include "play.h"
#include "walk.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { STORIES_MAX = 64 };

struct walk_stories {
    const struct story *stories[STORIES_MAX];
    size_t count;
};

struct walk_stories *walk_stories_load(struct ctx *ctx, const char *rulebook)
{
    struct walk_stories *loaded = arena_alloc(ctx->arena, sizeof *loaded);
    struct yaml_report report;
    char **names = NULL;
    yaml_report_init(&report, ctx->arena);
    const char *folder = arena_printf(ctx->arena, "%s/examples", rulebook);
    enum fault fault = file_list(ctx, folder, ".yaml", &names, &loaded->count);
    assert(fault == FAULT_NONE && loaded->count > 0 && loaded->count <= STORIES_MAX);
    for (size_t i = 0; i < loaded->count; i++) {
        const char *path = arena_printf(ctx->arena, "%s/%s", folder, names[i]);
        loaded->stories[i] = story_load(ctx, &report, path);
        assert(loaded->stories[i] != NULL);
    }
    return loaded;
}

const char *walk_credit_code(struct walking *w, struct arena *arena)
{
    static const char characters[] = "0123456789X";
    static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    char *code =
        arena_printf(arena, "91420000%08llu00", (unsigned long long)walk_below(w, 100000000));
    for (size_t i = 0; i < sizeof characters - 1; i++) {
        code[16] = characters[i];
        for (size_t k = 0; k < sizeof alphabet - 1; k++) {
            code[17] = alphabet[k];
            if (credit_code_check(code) == CREDIT_CODE_OK) {
                return code;
            }
        }
    }
    assert(false);
    return NULL;
}

/* Enterprises of one walk are not those of another: or a yearly limit would end all walks but the
 * first at the same place. */
struct enterprises {
    struct walking *w;
    struct play *play;
    const char *told[8], *entered[8];
    size_t count;
};

static const char *enter(void *arg, struct arena *arena, const struct story_pair *pair,
                         const char *value)
{
    struct enterprises *e = arg;
    const struct rules_procedure *procedure = rules_procedure(e->w->book, e->play->step->procedure);
    const struct rules_fact *fact = rules_fact(procedure, pair->key);
    (void)arena;
    if (fact == NULL || fact->type != FACT_CREDIT_CODE) {
        return value;
    }
    for (size_t i = 0; i < e->count; i++) {
        if (strcmp(e->told[i], value) == 0) {
            return e->entered[i];
        }
    }
    if (e->count == sizeof e->told / sizeof e->told[0]) {
        return value;
    }
    e->told[e->count] = value;
    e->entered[e->count] = walk_credit_code(e->w, e->w->arena);
    return e->entered[e->count++];
}

/* False when the story does not go on: other walks have been here before. */
static bool do_step(struct walking *w, struct play *play)
{
    SCOPED_ARENA arena = arena_create();
    struct ctx ctx;
    ctx_init(&ctx, arena, play->step->at_ms);
    const struct named *named = play_name(play, play->step->matter);
    ctx.actor = play_actor(play, &ctx, named == NULL ? 0 : named->id);
    bool done = ctx.actor != NULL && play_do(play, &ctx) == FAULT_NONE && play->unopened == NULL;
    w->now_ms = play->step->at_ms;
    w->acts += done ? 1 : 0;
    if (w->tracing) {
        (void)printf("  %s:%u: %s\n", play->step->node->file, play->step->node->line,
                     done ? "done" : "not done");
    }
    return done;
}

void walk_begin_told(struct walking *w)
{
    const struct walk_stories *stories = w->stories;
    const struct story *story = stories->stories[walk_below(w, stories->count)];
    size_t until = 1 + (size_t)walk_below(w, story->steps_count);
    struct play play = {.place = &w->place, .data_dir = w->folder, .keyless = true, .enter = enter};
    struct enterprises enterprises = {.w = w, .play = &play};
    bool goes_on = true;
    play.enter_arg = &enterprises;
    for (size_t i = 0; i < until && goes_on; i++) {
        play.step = &story->steps[i];
        bool acts = play.step->action != NULL || play.step->run != NULL;
        goes_on = !acts || play.step->refused != NULL || do_step(w, &play);
    }
    for (size_t i = 0; i < play.names_count; i++) {
        w->first = w->first == 0 ? play.names[i].id : w->first;
        walk_add(w, play.names[i].id);
    }
}
