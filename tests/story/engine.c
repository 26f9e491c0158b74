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

enum { NAMES_MAX = 64 };

/* The story's own names for its matters. */
struct named {
    const char *name;
    int64_t id;
    char code[RECEIPT_CODE_TEXT];
};

struct running {
    struct ctx ctx; /* Of the whole story: its arena holds names. */
    struct workplace place;
    const char *data_dir;
    const struct story *story;
    const struct story_step *step;
    struct named names[NAMES_MAX];
    size_t names_count;
    unsigned wrong;
    struct refusals *refusals;
};

static void complain(struct running *r, const char *what, const char *expected, const char *found)
{
    r->wrong++;
    (void)printf("%s:%u: %s: expected %s, found %s\n", r->story->file, r->step->node->line, what,
                 expected == NULL ? "-" : expected, found == NULL ? "-" : found);
}

static struct named *find_name(struct running *r, const char *name)
{
    for (size_t i = 0; i < r->names_count; i++) {
        if (strcmp(r->names[i].name, name) == 0) {
            return &r->names[i];
        }
    }
    return NULL;
}

static struct named *add_name(struct running *r, const char *name, int64_t id)
{
    assert(r->names_count < NAMES_MAX);
    struct named *named = &r->names[r->names_count++];
    *named = (struct named){.name = name, .id = id};
    return named;
}

/* Who the step acts as. */
static struct actor *actor_of(struct running *r, struct ctx *ctx, int64_t matter)
{
    struct actor *actor = NULL;
    if (strcmp(r->step->as, "public") == 0 || strcmp(r->step->as, "code") == 0) {
        actor = arena_alloc(ctx->arena, sizeof *actor);
        *actor = (struct actor){
            .kind = ACTOR_CODE, .region = r->place.office.region, .name = "", .matter = matter};
        return actor;
    }
    if (workplace_actor(ctx, &r->place, r->step->as, &actor) != FAULT_NONE) {
        complain(r, "as", r->step->as, "no such account");
        return NULL;
    }
    return actor;
}

/* A file for each named material: its content is its name. */
static int64_t upload(struct running *r, struct ctx *ctx, const char *name)
{
    struct new_upload upload = {.region = r->place.office.region,
                                .name = name,
                                .media_type = "text/plain",
                                .bytes = (int64_t)strlen(name)};
    digest_of(name, strlen(name), &upload.digest);
    const char *path = arena_printf(ctx->arena, "%s/part", r->data_dir);
    enum fault fault = file_write(ctx, path, name, strlen(name), 0600);
    assert(fault == FAULT_NONE);
    fault = matter_file_keep(ctx, &r->place.office, path, &upload.digest);
    assert(fault == FAULT_NONE);
    fault = store_write(r->place.store, ctx, matter_upload_add, &upload);
    assert(fault == FAULT_NONE);
    return upload.ret_id;
}

struct looking {
    struct running *r;
    int64_t id;
    struct matter *matter;
    struct material *materials;
    size_t materials_count;
    uint64_t offers;
};

static enum fault look(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct looking *looking = arg;
    enum fault fault =
        matter_read(ctx, tx, &looking->r->place.office, looking->id, &looking->matter);
    if (fault == FAULT_NONE) {
        fault = matter_materials(ctx, tx, looking->matter, &looking->materials,
                                 &looking->materials_count);
    }
    return fault == FAULT_NONE ? matter_offers(ctx, tx, &looking->r->place.office, looking->matter,
                                               &looking->offers)
                               : fault;
}

/* "name=arrived,..." by file name into "id=arrived,...". */
static const char *ticks_by_id(struct running *r, struct ctx *ctx, int64_t matter,
                               const char *value)
{
    struct looking looking = {.r = r, .id = matter};
    struct buffer text;
    buffer_init(&text, ctx->arena);
    enum fault fault = store_read(r->place.store, ctx, look, &looking);
    assert(fault == FAULT_NONE);
    for (const char *p = value; *p != 0;) {
        size_t name = strcspn(p, "=");
        size_t length = strcspn(p, ",");
        for (size_t i = 0; i < looking.materials_count; i++) {
            char id[ID_TEXT];
            bool same = strlen(looking.materials[i].name) == name &&
                        strncmp(looking.materials[i].name, p, name) == 0;
            id_format(looking.materials[i].id, id);
            if (same) {
                buffer_printf(&text, "%s%s=%.*s", text.count == 0 ? "" : ",", id,
                              (int)(length - name - 1), p + name + 1);
            }
        }
        p += length + (p[length] == ',' ? 1 : 0);
    }
    return text.data;
}

static void fill_facts(struct running *r, struct ctx *ctx, struct act_call *call)
{
    const struct story_step *step = r->step;
    struct act_fact *facts = arena_array(ctx->arena, step->facts_count + 1, sizeof *facts);
    for (size_t i = 0; i < step->facts_count; i++) {
        const char *value = step->facts[i].value;
        if (strcmp(step->facts[i].key, "ticks") == 0) {
            value = ticks_by_id(r, ctx, call->input.matter, value);
        }
        facts[i] = (struct act_fact){.code = step->facts[i].key, .value = value};
    }
    call->input.facts = facts;
    call->input.facts_count = step->facts_count;
    int64_t *uploads = arena_array(ctx->arena, step->materials_count + 1, sizeof *uploads);
    for (size_t i = 0; i < step->materials_count; i++) {
        uploads[i] = upload(r, ctx, step->materials[i]);
    }
    call->input.uploads = uploads;
    call->input.uploads_count = step->materials_count;
}

static int64_t version_of(struct running *r, struct ctx *ctx, int64_t matter)
{
    struct looking looking = {.r = r, .id = matter};
    enum fault fault = store_read(r->place.store, ctx, look, &looking);
    ctx_clear(ctx);
    return fault == FAULT_NONE ? looking.matter->version : 0;
}

struct child {
    int64_t region, parent, id;
    const char *procedure;
    const char *org; /* NULL: any. */
};

static enum fault newest_child(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct child *child = arg;
    SCOPED(sql_rows) rows = NULL;
    const char *statement =
        child->org == NULL ? "SELECT id FROM matter WHERE region = $1 AND parent = $2"
                             " AND procedure = $3 ORDER BY id DESC LIMIT 1"
                           : "SELECT m.id FROM matter m JOIN matter_party p ON p.region = m.region"
                             " AND p.matter = m.id WHERE m.region = $1 AND m.parent = $2"
                             " AND m.procedure = $3 AND p.org = $4 ORDER BY m.id DESC LIMIT 1";
    struct sql_value args[] = {sql_int(child->region), sql_int(child->parent),
                               sql_text(child->procedure), sql_text(child->org)};
    enum fault fault = sql_one(tx, ctx, statement, args, child->org == NULL ? 3 : 4, &rows);
    child->id = fault == FAULT_NONE ? sql_column_int(rows, 0) : 0;
    return fault;
}

/* The procedure that the step's action opens, one alone or one for each body. */
static const char *opened_procedure(const struct running *r, bool each)
{
    const struct rules_procedure *procedure =
        rules_procedure(office_book(&r->place.office, r->step->at_ms), r->step->procedure);
    const struct rules_action *action = rules_action(procedure, r->step->action);
    for (size_t i = 0; i < action->effects_count; i++) {
        const struct rules_effect *effect = &action->effects[i];
        if (effect->kind == EFFECT_OPEN && (effect->each != NULL) == each) {
            return effect->procedure;
        }
    }
    return "none";
}

static void name_one(struct running *r, struct ctx *ctx, const char *name, struct child *child)
{
    if (store_read(r->place.store, ctx, newest_child, child) == FAULT_NONE) {
        (void)add_name(r, name, child->id);
    } else {
        complain(r, "child", name, "none was opened");
    }
}

static void name_children(struct running *r, struct ctx *ctx, int64_t parent)
{
    struct child child = {.region = r->place.office.region, .parent = parent};
    if (r->step->child != NULL) {
        child.procedure = opened_procedure(r, false);
        name_one(r, ctx, r->step->child, &child);
    }
    for (size_t i = 0; i < r->step->children_count; i++) {
        child.procedure = opened_procedure(r, true);
        child.org = r->step->children[i].value;
        name_one(r, ctx, r->step->children[i].key, &child);
    }
}

/* The program by itself: clocks that ran out, standing matters. */
static void run_system(struct running *r, struct ctx *ctx)
{
    struct actor system = {
        .kind = ACTOR_SYSTEM, .region = r->place.office.region, .login = "", .name = ""};
    struct ctx own = *ctx;
    own.actor = &system;
    if (strcmp(r->step->run, "expiry") == 0) {
        if (job_expire(&own, r->place.store, &r->place.office) != FAULT_NONE) {
            complain(r, "run", "NONE", own.note);
        }
        return;
    }
    struct standing standing = {.office = &r->place.office};
    enum fault fault = store_write(r->place.store, &own, matter_stand, &standing);
    if (fault != FAULT_NONE || standing.ret_opened == 0) {
        complain(r, "run", "a standing matter", fault_name(fault));
        return;
    }
    (void)add_name(r, r->step->matter, standing.ret_matter);
}

static void check_fault(struct running *r, struct ctx *ctx, enum fault fault)
{
    const char *expected = r->step->refused == NULL ? "NONE" : r->step->refused;
    if (strcmp(fault_name(fault), expected) == 0) {
        return;
    }
    const char *found = arena_printf(ctx->arena, "%s (%s)", fault_name(fault),
                                     ctx->note != NULL     ? ctx->note
                                     : ctx->fields != NULL ? ctx->fields->path
                                                           : "");
    complain(r, "fault", expected, found);
}

static void act(struct running *r, struct ctx *ctx, struct named *named)
{
    struct act_call call = {.office = &r->place.office};
    call.input.matter = named == NULL ? 0 : named->id;
    call.input.procedure = r->step->procedure;
    call.input.action = r->step->action;
    call.input.key = r->step->key;
    call.input.version = -1;
    memset(call.input.request, r->step->key == NULL ? 0 : 1, DIGEST_BYTES);
    if (named != NULL) {
        int64_t version = version_of(r, ctx, named->id);
        call.input.version = r->step->stale ? version - 1 : -1;
    }
    fill_facts(r, ctx, &call);
    enum fault fault = store_write(r->place.store, ctx, matter_act, &call);
    check_fault(r, ctx, fault);
    if (fault != FAULT_NONE) {
        refusals_add(r->refusals, ctx, fault, r->step->procedure, r->step->action);
        return;
    }
    if (named == NULL) {
        named = add_name(r, r->step->matter, call.ret_matter);
        memcpy(named->code, call.ret_code, sizeof named->code);
    }
    name_children(r, ctx, named->id);
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
    const struct story_expect *e = &r->step->expect;
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
    const struct story_expect *e = &r->step->expect;
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
    const struct story_expect *e = &r->step->expect;
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
    const struct story_expect *e = &r->step->expect;
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
    const struct story_expect *e = &r->step->expect;
    struct looking looking = {.r = r, .id = named->id};
    ctx_clear(ctx);
    enum fault fault = store_read(r->place.store, ctx, look, &looking);
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

static void run_step(struct running *r, const struct story_step *step)
{
    SCOPED_ARENA arena = arena_create();
    struct ctx ctx;
    ctx_init(&ctx, arena, step->at_ms);
    r->step = step;
    struct named *named = find_name(r, step->matter);
    ctx.actor = actor_of(r, &ctx, named == NULL ? 0 : named->id);
    if (ctx.actor == NULL) {
        return;
    }
    if (step->run != NULL) {
        run_system(r, &ctx);
        named = find_name(r, step->matter);
    } else if (step->action != NULL) {
        act(r, &ctx, named);
        named = find_name(r, step->matter);
    }
    if (named == NULL) {
        return;
    }
    /* After a start the maker holds its code. */
    if (ctx.actor->kind == ACTOR_CODE) {
        ctx.actor = actor_of(r, &ctx, named->id);
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
    r.data_dir = mkdtemp(folder);
    struct workplace_options options = {.data_dir = r.data_dir,
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
