/*
 * Runs every story of a rulebook through the engine: story_engine sqlite::memory:|postgres
 * RULEBOOK_DIR [NAME]. Each story has its own database. Prints what was expected and what was
 * found; ends with the counts that the test script reads.
 */
#include "base/file.h"
#include "base/id.h"
#include "base/random.h"
#include "base/text.h"
#include "calendar/date.h"
#include "cli/cli.h"
#include "cli/office.h"
#include "job/job.h"
#include "play.h"
#include "recount.h"
#include "refusals.h"
#include "rules/story.h"
#include "set_papers.h"
#include "testdb.h"

#include <assert.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct running {
    struct ctx ctx; /* Of the whole story. */
    struct workplace place;
    const struct story *story;
    struct play play;
    unsigned wrong;
    struct refusals *refusals;
};

static void complain(struct running *r, const char *what, const char *expected, const char *found)
{
    r->wrong++;
    (void)printf("%s:%u: %s: expected %s, found %s\n", r->story->file, r->play.step->node->line,
                 what, expected == NULL ? "-" : expected, found == NULL ? "-" : found);
}

static void check_fault(struct running *r, struct ctx *ctx, enum fault fault)
{
    const struct story_step *step = r->play.step;
    const char *expected = step->refused == NULL ? "NONE" : step->refused;
    if (strcmp(fault_name(fault), expected) != 0) {
        const char *found = arena_printf(ctx->arena, "%s (%s)", fault_name(fault),
                                         ctx->note != NULL     ? ctx->note
                                         : ctx->fields != NULL ? ctx->fields->path
                                                               : "");
        complain(r, "fault", expected, found);
    }
    if (r->play.unopened != NULL) {
        complain(r, "child", r->play.unopened, "none was opened");
    }
    if (fault != FAULT_NONE && step->action != NULL) {
        refusals_add(r->refusals, ctx, fault, step->procedure, step->action);
    }
}

static const char *due_text(struct arena *arena, const struct clock *clock)
{
    char text[MINUTE_TEXT];
    bool minute = clock->rule->until != NULL && clock->rule->until->type == FACT_MINUTE;
    if (clock->within.unit == SPAN_HOUR || minute) {
        minute_format(clock->due_ms, text);
    } else {
        date_format(clock->due_date, text);
    }
    return arena_text(arena, text);
}

static const char *open_clocks(struct arena *arena, const struct matter *matter)
{
    struct buffer text;
    buffer_init(&text, arena);
    for (size_t i = 0; i < matter->clocks_count; i++) {
        if (matter->clocks[i].ended_ms == 0) {
            buffer_printf(&text, "%s: %s, ", matter->clocks[i].rule->code,
                          due_text(arena, &matter->clocks[i]));
        }
    }
    return text.data;
}

static void check_clocks(struct running *r, struct arena *arena, const struct matter *matter)
{
    const struct story_expect *e = &r->play.step->expect;
    size_t open = 0;
    size_t same = 0;
    for (size_t i = 0; i < matter->clocks_count; i++) {
        const struct clock *clock = &matter->clocks[i];
        open += clock->ended_ms == 0 ? 1 : 0;
        for (size_t k = 0; k < e->clocks_count && clock->ended_ms == 0; k++) {
            same += strcmp(e->clocks[k].key, clock->rule->code) == 0 &&
                            strcmp(e->clocks[k].value, due_text(arena, clock)) == 0
                        ? 1
                        : 0;
        }
    }
    if (e->clocks_given && (same != e->clocks_count || open != e->clocks_count)) {
        struct buffer wanted;
        buffer_init(&wanted, arena);
        for (size_t k = 0; k < e->clocks_count; k++) {
            buffer_printf(&wanted, "%s: %s, ", e->clocks[k].key, e->clocks[k].value);
        }
        complain(r, "open clocks", wanted.data, open_clocks(arena, matter));
    }
}

/* The light of the last clock with a code. */
static const char *light_of(struct running *r, const struct matter *matter, const char *code,
                            int64_t now_ms)
{
    const char *light = "none";
    for (size_t i = 0; i < matter->clocks_count; i++) {
        if (strcmp(matter->clocks[i].rule->code, code) == 0) {
            light = light_code(clock_light(&r->place.office, &matter->clocks[i], now_ms));
        }
    }
    return light;
}

static void check_pairs(struct running *r, struct ctx *ctx, const struct matter *matter)
{
    const struct story_expect *e = &r->play.step->expect;
    for (size_t i = 0; i < e->lights_count; i++) {
        const char *light = light_of(r, matter, e->lights[i].key, ctx->now_ms);
        if (strcmp(light, e->lights[i].value) != 0) {
            complain(r, e->lights[i].key, e->lights[i].value, light);
        }
    }
    for (size_t i = 0; i < e->ended_count; i++) {
        const char *light = light_of(r, matter, e->ended[i].key, ctx->now_ms);
        if (strcmp(light, e->ended[i].value) != 0) {
            complain(r, e->ended[i].key, e->ended[i].value, light);
        }
    }
    for (size_t i = 0; i < e->facts_count; i++) {
        const struct rules_fact *fact = rules_fact(matter->procedure, e->facts[i].key);
        const struct fact_value *value = fact == NULL ? NULL : &matter->facts[fact->index];
        const char *found = value == NULL || !value->set ? "none"
                            : value->hidden              ? "hidden"
                                                         : value->value;
        if (strcmp(found, e->facts[i].value) != 0) {
            complain(r, e->facts[i].key, e->facts[i].value, found);
        }
    }
}

static void check_offers(struct running *r, struct arena *arena, const struct looking *looking)
{
    const struct story_expect *e = &r->play.step->expect;
    if (!e->actions_given) {
        return;
    }
    struct buffer found;
    struct buffer wanted;
    buffer_init(&found, arena);
    buffer_init(&wanted, arena);
    for (size_t i = 0; i < looking->matter->procedure->actions_count; i++) {
        const char *code = looking->matter->procedure->actions[i].code;
        bool listed = false;
        for (size_t k = 0; k < e->actions_count; k++) {
            listed = listed || strcmp(e->actions[k], code) == 0;
        }
        if ((looking->offers & 1ull << i) != 0) {
            buffer_printf(&found, "%s ", code);
        }
        if (listed) {
            buffer_printf(&wanted, "%s ", code);
        }
    }
    if (strcmp(found.data, wanted.data) != 0) {
        complain(r, "actions", wanted.data, found.data);
    }
}

struct receipt_reading {
    const struct matter *matter;
    struct receipt receipt;
};

static enum fault read_receipt(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct receipt_reading *reading = arg;
    return matter_receipt(ctx, tx, reading->matter, &reading->receipt);
}

/* What the signed bytes say of a signer ("water 陈静") or of an item ("arrived"). */
static const char *receipt_says(struct arena *arena, const json_t *receipt, const char *key)
{
    const json_t *signer = json_object_get(receipt, key);
    size_t i = 0;
    const json_t *item = NULL;
    if (signer != NULL) {
        return arena_printf(arena, "%s %s", json_string_value(json_object_get(signer, "org")),
                            json_string_value(json_object_get(signer, "name")));
    }
    json_array_foreach(json_object_get(receipt, "items"), i, item)
    {
        if (strcmp(json_string_value(json_object_get(item, "name")), key) == 0) {
            return arena_text(arena, json_string_value(json_object_get(item, "tick")));
        }
    }
    return "not listed";
}

static void check_receipt(struct running *r, struct ctx *ctx, const struct matter *matter)
{
    const struct story_expect *e = &r->play.step->expect;
    struct receipt_reading reading = {.matter = matter};
    if (e->receipt_count == 0) {
        return;
    }
    enum fault fault = store_read(r->place.store, ctx, read_receipt, &reading);
    json_t *receipt =
        fault == FAULT_NONE ? json_loads(reading.receipt.text, JSON_REJECT_DUPLICATES, NULL) : NULL;
    for (size_t i = 0; i < e->receipt_count; i++) {
        const char *found =
            receipt == NULL ? "no receipt" : receipt_says(ctx->arena, receipt, e->receipt[i].key);
        if (strcmp(found, e->receipt[i].value) != 0) {
            complain(r, e->receipt[i].key, e->receipt[i].value, found);
        }
    }
    json_decref(receipt);
}

static void check(struct running *r, struct ctx *ctx, const struct named *named)
{
    const struct story_expect *e = &r->play.step->expect;
    struct looking looking = {.office = &r->place.office, .id = named->id};
    ctx_clear(ctx);
    enum fault fault = store_read(r->place.store, ctx, play_look, &looking);
    if (e->hidden != (fault == FAULT_NOT_FOUND)) {
        complain(r, "seen", e->hidden ? "hidden" : "visible", fault_name(fault));
        return;
    }
    if (fault != FAULT_NONE) {
        return;
    }
    if (e->state != NULL && strcmp(e->state, looking.matter->state->code) != 0) {
        complain(r, "state", e->state, looking.matter->state->code);
    }
    const char *holder = looking.matter->holder == NULL ? "none" : looking.matter->holder;
    if (e->holder != NULL && strcmp(e->holder, holder) != 0) {
        complain(r, "holder", e->holder, holder);
    }
    check_clocks(r, ctx->arena, looking.matter);
    check_pairs(r, ctx, looking.matter);
    check_offers(r, ctx->arena, &looking);
    check_receipt(r, ctx, looking.matter);
}

/* Whoever does something was offered it: pages have no other door. */
static void check_offered(struct running *r, struct ctx *ctx, const struct named *named)
{
    const struct story_step *step = r->play.step;
    struct looking looking = {.office = &r->place.office, .id = named->id};
    enum fault fault = store_read(r->place.store, ctx, play_look, &looking);
    const struct rules_action *action =
        fault == FAULT_NONE ? rules_action(looking.matter->procedure, step->action) : NULL;
    if (action == NULL || (looking.offers & 1ull << action->index) == 0) {
        complain(r, "offered", step->action, fault_name(fault));
    }
    ctx_clear(ctx);
}

static void run_step(struct running *r, const struct story_step *step)
{
    SCOPED_ARENA arena = arena_create();
    struct ctx ctx;
    ctx_init(&ctx, arena, step->at_ms);
    r->play.step = step;
    struct named *named = play_name(&r->play, step->matter);
    ctx.actor = play_actor(&r->play, &ctx, named == NULL ? 0 : named->id);
    if (ctx.actor == NULL) {
        complain(r, "as", step->as, "no such account");
        return;
    }
    /* The same again, with its key, is answered, not done. */
    if (named != NULL && step->run == NULL && step->action != NULL && step->refused == NULL &&
        step->key == NULL) {
        check_offered(r, &ctx, named);
    }
    if (step->run != NULL || step->action != NULL) {
        check_fault(r, &ctx, play_do(&r->play, &ctx));
        named = play_name(&r->play, step->matter);
    }
    if (named == NULL) {
        return;
    }
    /* After a start the maker holds its code. */
    if (ctx.actor->kind == ACTOR_CODE) {
        ctx.actor = play_actor(&r->play, &ctx, named->id);
    }
    check(r, &ctx, named);
}

/* What the story came to in figures, counted again from its events. */
static void check_figures(struct running *r)
{
    static const struct actor system = {.kind = ACTOR_SYSTEM, .name = "", .csrf = ""};
    struct actor actor = system;
    actor.region = r->place.office.region;
    r->ctx.actor = &actor;
    r->wrong +=
        (unsigned)recount_differences(&r->ctx, r->place.store, &r->place.office, r->story->file);
    r->ctx.actor = NULL;
}

static unsigned run_story(const char *which, const char *rulebook, const struct story *story,
                          struct refusals *refusals)
{
    SCOPED_ARENA arena = arena_create();
    struct running r = {.story = story, .refusals = refusals};
    ctx_init(&r.ctx, arena, story->steps[0].at_ms);
    char folder[] = "/tmp/liandong-story-XXXXXX";
    r.play.data_dir = mkdtemp(folder);
    r.play.place = &r.place;
    struct workplace_options options = {.data_dir = r.play.data_dir,
                                        .store_url = testdb_url(arena, which),
                                        .rulebook_dir = rulebook,
                                        .make = true};
    enum fault fault = workplace_open(&r.ctx, &options, &r.place);
    if (fault == FAULT_NONE) {
        const char *bodies = arena_printf(arena, "%s/demo/organisations.yaml", rulebook);
        fault = workplace_load_bodies(&r.ctx, &r.place, bodies, "story password", true);
    }
    if (fault != FAULT_NONE) {
        (void)printf("%s: %s\n", story->file, r.ctx.note);
        r.wrong++;
    }
    for (size_t i = 0; i < story->steps_count && fault == FAULT_NONE; i++) {
        run_step(&r, &story->steps[i]);
    }
    if (fault == FAULT_NONE) {
        check_figures(&r);
        int64_t end_ms = story->steps[story->steps_count - 1].at_ms;
        /* The typesetter doesn't know the database: once is enough. */
        bool here = strncmp(which, "sqlite", 6) == 0;
        r.wrong += here ? set_papers(&r.place, story->file, end_ms) : 0;
    }
    workplace_close(&r.place);
    char *command = arena_printf(arena, "rm -rf %s", folder);
    (void)!system(command);
    return r.wrong;
}

/* All stories of the rulebook, or those whose file has `only` in its name. */
static unsigned run_stories(struct ctx *ctx, const char *which, const char *rulebook,
                            const char *only, struct refusals *refusals, unsigned *ret_passed)
{
    struct yaml_report report;
    char **names = NULL;
    size_t count = 0;
    unsigned failed = 0;
    yaml_report_init(&report, ctx->arena);
    const char *folder = arena_printf(ctx->arena, "%s/examples", rulebook);
    enum fault fault = file_list(ctx, folder, ".yaml", &names, &count);
    assert(fault == FAULT_NONE);
    for (size_t i = 0; i < count; i++) {
        if (only != NULL && strstr(names[i], only) == NULL) {
            continue;
        }
        const char *path = arena_printf(ctx->arena, "%s/%s", folder, names[i]);
        const struct story *story = story_load(ctx, &report, path);
        bool good = story != NULL && run_story(which, rulebook, story, refusals) == 0;
        (void)printf("%s %s\n", good ? "ok  " : "FAIL", names[i]);
        *ret_passed += good ? 1 : 0;
        failed += good ? 0 : 1;
    }
    for (size_t i = 0; i < report.count; i++) {
        (void)puts(report.lines[i]);
    }
    return failed;
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        return 2;
    }
    random_start();
    SCOPED_ARENA arena = arena_create();
    struct ctx ctx;
    struct rulebook *book = NULL;
    ctx_init(&ctx, arena, 0);
    if (rules_load(&ctx, argv[2], &book) != FAULT_NONE) {
        (void)puts(ctx.note);
        return 1;
    }
    unsigned passed = 0;
    struct refusals *refusals = refusals_start(book);
    const char *only = argc > 3 ? argv[3] : NULL;
    unsigned failed = run_stories(&ctx, argv[1], argv[2], only, refusals, &passed);
    if (only == NULL) {
        failed += refusals_missing(refusals) == 0 ? 0 : 1;
    }
    rules_destroy(book);
    (void)printf("%u passed, %u failed\n", passed, failed);
    return failed == 0 && passed > 0 ? 0 : 1;
}
